"""Why it exists: decides the next level of one exercise on one side, by replaying every bout of it in order.

Each bout is judged by the rule ``progression_order`` (first case that fits); pain, falls, lost form and missed weeks
come before any rise, and what is not known never raises a level. At most one thing changes from bout to bout.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal

from levelstride.library.schema.exercises import Exercise
from levelstride.programme.history import Bout, Done, days_between
from levelstride.programme.levels import (
    Frame,
    Level,
    Wants,
    aim_up,
    into,
    start,
    step_down,
    step_up,
)
from levelstride.programme.model import WEEK, Why
from levelstride.programme.pain import MoveColour
from levelstride.programme.rulebook import Rulebook

#: Places of pain that name no place.
NOT_TOLD = frozenset({"not_said", "unknown", "other"})
Change = Literal["start", "up", "hold", "down"]


@dataclass(frozen=True)
class SetLevel:
    """A practitioner's own dose: from ``at`` on the replay goes on from it."""

    at: datetime
    level: Mapping[str, float]
    entry: str


@dataclass(frozen=True)
class Person:
    """What the replay must know of the person.

    ``started_on`` = the first day of the programme, for the first weeks; ``gaps`` = days on which a session followed
    after missed days, each with the case of the rule ``missed_sessions``; ``away`` = the case that holds today.
    """

    started_on: date
    gaps: tuple[tuple[date, str], ...] = ()
    away: str = "days_1_3"


@dataclass(frozen=True)
class Standing:
    """Where one exercise stands on one side today.

    Attributes
    ----------
    held : bool
        Nothing may be above what was done last (pain, an easier step, something missing).
    calm : bool
        It is held only because effort or clean repetitions were not written down; pain and the morning were fine.
    clean : int
        Sessions in which it was done cleanly and without pain.
    last : Bout or None
        The last bout; None when it was never done.
    wants : str or None
        ``harder`` or ``easier``: another exercise of the ladder is due; ``swap``: another one for the same goal.
    cap_rpe : int or None
        Highest effort for now, after weeks away.
    """

    level: Level
    change: Change
    why: Why
    clean: int = 0
    last: Bout | None = None
    colour: MoveColour | None = None
    held: bool = False
    calm: bool = False
    wants: Wants | None = None
    show_again: bool = False
    support: bool = False
    cap_rpe: int | None = None


@dataclass(frozen=True)
class _Figures:
    """The figures of the replay, read once: it runs over every bout of a year."""

    up_quality: float
    up_rir: float
    up_rpe: float
    up_sessions: int
    easy_below: float
    easy_reserve: float
    hold_quality: float
    hold_rpe: float
    down_quality: float
    down_sessions: int
    down_rir: float
    knee_pain: float
    trunk_lean: float
    novice_weeks: int
    novice_rpe: float
    g1_feel: float
    g1_sessions: int
    awkward_from: float
    tries: int
    restart_after: int


@cache
def _figures(rules: Rulebook) -> _Figures:
    order, first = "progression_order", "first_weeks"
    return _Figures(
        up_quality=rules.number(order, "up_quality"),
        up_rir=rules.number(order, "up_rir_min"),
        up_rpe=rules.number(order, "up_rpe_max"),
        up_sessions=rules.whole(order, "up_sessions"),
        easy_below=rules.number(order, "easy_below"),
        easy_reserve=rules.number(order, "easy_reserve"),
        hold_quality=rules.number("clean_repetition", "quality_good"),
        hold_rpe=rules.pair(order, "hold_rpe")[0],
        down_quality=rules.number(order, "down_quality"),
        down_sessions=rules.whole(order, "down_sessions"),
        down_rir=rules.number(order, "down_rir"),
        knee_pain=rules.number(order, "regress_knee_pain"),
        trunk_lean=rules.number(order, "regress_trunk_lean"),
        novice_weeks=rules.whole(first, "novice_weeks"),
        novice_rpe=rules.pair(first, "rpe_cap")[1],
        g1_feel=rules.number(first, "g1_feel"),
        g1_sessions=rules.whole(first, "g1_form_sessions"),
        awkward_from=rules.number("feedback_awkward", "awkward_from"),
        tries=rules.whole("feedback_awkward", "tries"),
        restart_after=rules.whole("missed_sessions", "restart_after"),
    )


def standing(
    exercise: Exercise,
    of: Frame,
    bouts: Sequence[Bout],
    sessions: Mapping[str, Done],
    rules: Rulebook,
    person: Person,
    now: datetime,
    colour_of: Callable[[Bout], MoveColour],
    *,
    set_levels: Sequence[SetLevel] = (),
    load_open_before: bool = False,
    planned: Callable[[Bout], int] = lambda _: 0,
    soreness_back: int = 0,
) -> Standing:
    """Return where an exercise stands on one side, from all its bouts (oldest first) until ``now``.

    ``load_open_before``: gate G1 was passed with an easier move of the ladder; ``planned`` gives the sets planned for
    a bout, 0 when nobody planned it; ``soreness_back`` = steps down that sore muscles ask for today.
    """
    figures = _figures(rules)
    found = Standing(start(of), "start", rules.why("week_plan", "entry"))
    run = _Run(of, rules, figures, person, load_open_before, planned)
    waiting = sorted(set_levels, key=lambda one: (one.at, one.entry))
    for bout in bouts:
        while waiting and waiting[0].at <= bout.at:
            found = _set(found, waiting.pop(0), rules)
            run.least = min(of.least, found.level.amount)
        found = run.after_gap(found, bout.day)
        counted = bout if of.timed else bout.in_repetitions()
        found = run.judge(found, counted, sessions[bout.session], colour_of(bout))
    for one in waiting:
        if one.at <= now:
            found = _set(found, one, rules)
    found = run.after_gap(found, now.date(), now=True)
    if run.easy_until is not None and now.date() < run.easy_until:
        found = replace(found, cap_rpe=rules.whole("missed_sessions", "easy_rpe"))
    for _ in range(soreness_back):
        found = run.down(found, found.why, found.last)
    return found if set_levels else replace(found, level=into(found.level, of))


def _set(found: Standing, one: SetLevel, rules: Rulebook) -> Standing:
    level = found.level
    given = one.level
    level = replace(
        level,
        sets=int(given.get("sets", level.sets)),
        amount=int(given.get("amount", level.amount)),
        hold_s=int(given["hold_s"]) if "hold_s" in given else level.hold_s,
        band=int(given["band"]) if "band" in given else level.band,
        load_kg=given.get("load_kg", level.load_kg),
    )
    if "band" in one.level or "load_kg" in one.level:
        level = replace(level, loaded=True)
    return replace(found, level=level, change="start", why=rules.why("own_choices", "dose_set", one.entry), held=False)


#: Cases of the rule ``missed_sessions``, from no break to the longest.
MISSED = ("days_1_3", "days_4_7", "days_8_14", "days_15_28", "over_28")


def missed_case(days: int, rules: Rulebook, *, older: bool) -> str:
    """Return the case of the rule ``missed_sessions`` for a number of missed days (0 = none missed)."""
    if days <= 0:
        return MISSED[0]
    lasts = [rules.pair("missed_sessions", name)[1] for name in ("go_on", "repeat", "one_back", "two_back")]
    place = sum(days > last for last in lasts)
    return MISSED[min(place + older, len(MISSED) - 1)]


def find_gaps(
    days: Sequence[date], today: date, usual_gap: int, rules: Rulebook, *, older: bool
) -> tuple[tuple[tuple[date, str], ...], str]:
    """Return the breaks between session days (oldest first) that were longer than usual, and the case of today."""
    found = []
    for before, after in pairwise(days):
        case = missed_case(days_between(before, after) - usual_gap, rules, older=older)
        if case != MISSED[0]:
            found.append((after, case))
    away = missed_case(days_between(days[-1], today) - usual_gap, rules, older=older) if days else MISSED[0]
    return tuple(found), away


class _Run:
    """One replay; holds what the judging of a bout needs of the bouts before it."""

    def __init__(
        self,
        of: Frame,
        rules: Rulebook,
        figures: _Figures,
        person: Person,
        load_open_before: bool,
        planned: Callable[[Bout], int],
    ) -> None:
        self.of, self.rules, self.f, self.person = of, rules, figures, person
        self.load_open_before, self.planned = load_open_before, planned
        self.ready = 0  # sessions in a row that allow a step up
        self.poor = 0  # sessions in a row with lost form
        self.awkward = 0
        self.before: Bout | None = None
        self.least = of.least  # a practitioner's dose may lie below it
        self.easy_until: date | None = None

    def after_gap(self, found: Standing, today: date, *, now: bool = False) -> Standing:
        """Return the standing after the days since the last bout: missed sessions count, another move does not."""
        before = self.before
        if before is None:
            return found
        cases = [case for day, case in self.person.gaps if before.day < day <= today]
        if now:
            cases.append(self.person.away)
        case = max(cases, key=MISSED.index, default="days_1_3")
        if case == "days_1_3" and days_between(before.day, today) > self.f.restart_after:
            case = "days_4_7"  # left out for long while others were done: once more as it was
        if case == "days_1_3":
            return found
        self.ready = 0
        why = self.rules.why("missed_sessions", case, *before.entries[-1:])
        if case == "days_4_7":
            return replace(found, change="hold", why=why, held=True, calm=False)
        if case == "over_28":
            self.before = None
            kept = replace(found, level=start(self.of), change="down", why=why, held=True, calm=False, wants=None)
            return replace(kept, show_again=False, cap_rpe=None)
        steps = 2 if case == "days_15_28" else 1
        for _ in range(steps):
            found = self.down(found, why, before, wants=False)
        if case == "days_15_28":
            self.easy_until = today + timedelta(weeks=self.rules.whole("missed_sessions", "easy_weeks"))
        return found

    def down(self, found: Standing, why: Why, bout: Bout | None, *, wants: bool = True) -> Standing:
        """Return the standing one step lower; at the lowest level an easier move is asked for."""
        self.ready = 0
        lower = step_down(found.level, self.of, self.rules)
        asks: Wants | None = ("easier" if wants else found.wants) if lower is None else None
        return replace(found, level=lower or found.level, change="down", why=why, held=True, wants=asks, last=bout)

    def judge(self, found: Standing, bout: Bout, done: Done, colour: MoveColour) -> Standing:
        """Return the standing after a bout: the first case of ``progression_order`` that fits."""
        f, rules = self.f, self.rules
        quality, pain = bout.quality, bout.pain
        effort_known = bout.rir is not None or bout.rpe is not None
        easy = (bout.rir is not None and bout.rir >= f.up_rir) or (bout.rpe is not None and bout.rpe <= f.up_rpe)
        known = None not in (quality, pain) and effort_known and colour.colour == "green"
        clean = quality is not None and quality >= f.up_quality and colour.colour == "green"
        spared = easy and pain is not None and colour.colour == "green"
        rising = self.before is not None and self.before.pain is not None and (pain or 0) > self.before.pain
        base = replace(
            found,
            level=_as_done(found.level, bout, self.of, least=self.least if spared else None),
            last=bout,
            colour=colour,
            clean=found.clean + clean,
            held=False,
            calm=False,
            wants="harder" if found.wants == "harder" else None,  # outgrown until it proves hard
            show_again=False,
            support=found.support or bout.fell,
        )
        self.before = bout
        if quality is not None:  # what nobody counted is neither good nor poor form
            self.poor = self.poor + 1 if quality < f.down_quality else 0
        top = self.of.top(rules)
        good = clean and known and easy and not poor_answers(done, rules)
        waits = spared and _waits(base.level, bout)
        silent = None in (quality, pain) or not effort_known or done.morning is None
        hurts = pain is not None and colour.colour != "green" and pain > rules.number("pain_colours", "green_max")
        if good and bout.amounts[-1] >= top:
            self.ready += not waits
        elif hurts or (not silent and not poor_answers(done, rules)):
            self.ready = 0  # what was not told, and a poor day, neither count nor break the row

        def why(case: str) -> Why:
            return rules.why("progression_order", case, *bout.entries[-3:])

        if bout.fell:  # red as well; its own words tell more
            return self.down(base, why("fall"), bout)
        if colour.colour in ("red", "black"):
            return self.down(base, why("pain_red"), bout)
        if self.poor >= f.down_sessions:
            self.poor = 0
            return self.down(base, why("form_lost"), bout)
        if bout.rir is not None and bout.rir <= f.down_rir:
            return self.down(base, why("empty"), bout)
        if self._leans(bout):
            return self.down(base, why("knee_or_trunk"), bout)
        if self._is_knee(bout) and pain is not None and pain > f.knee_pain and rising:
            return self.down(base, why("knee_or_trunk"), bout)
        if bout.awkward is not None and bout.awkward >= f.awkward_from:
            return self._awkward(base, bout, colour)
        week = days_between(self.person.started_on, bout.day) // WEEK + 1
        if week <= f.novice_weeks and bout.rpe is not None and bout.rpe > f.novice_rpe:
            return self.down(base, rules.why("first_weeks", "over_cap", *bout.entries[-1:]), bout, wants=False)
        if colour.colour == "amber":
            no_answer = pain is None or done.morning is None
            return replace(base, change="hold", why=why("no_answer" if no_answer else "amber"), held=True)
        if quality is None or not effort_known:
            return replace(base, change="hold", why=why("no_answer"), held=True, calm=True)
        if quality < f.hold_quality or not easy or (bout.rpe is not None and bout.rpe >= f.hold_rpe):
            return replace(base, change="hold", why=why("hard"), held=True, wants=None)
        if poor_answers(done, rules):
            return replace(base, change="hold", why=why("poor_day"), held=True, calm=True)
        if done.morning is None:  # the evening of the session: wait for the morning
            return replace(base, change="hold", why=why("no_answer"), held=True, calm=True)
        if waits:
            return replace(base, change="up", why=why("step_up"))
        if self._too_easy(base, bout, week, clean=clean):
            return self._up(base, bout, why, case="too_easy")
        if self.ready >= f.up_sessions:
            return self._up(base, bout, why)
        least = max(base.level.amount, min(self.of.amount[0], found.level.amount))
        enough = len(bout.amounts) >= (self.planned(bout) or min(self.of.sets[0], found.level.sets))
        reached = enough and all(amount >= least for amount in bout.amounts)
        if reached and base.level.amount < self.of.amount[1]:
            far = bout.rpe is not None and bout.rpe < self.of.rpe[0]  # easier than the move is meant to be
            aim = replace(base.level, amount=self.of.amount[1]) if far else aim_up(base.level, self.of, rules)
            return replace(base, level=aim, change="up", why=why("aim_up"))
        return replace(base, change="hold", why=why("stay"))

    def _too_easy(self, base: Standing, bout: Bout, week: int, *, clean: bool) -> bool:
        """Say whether one session is enough for a step: the move asks far too little."""
        far = bout.rpe is not None and bout.rpe <= self.of.rpe[0] - self.f.easy_below
        far = far or (bout.rir is not None and bout.rir >= self.f.easy_reserve)
        full = all(amount >= base.level.amount for amount in bout.amounts) and bout.amounts[-1] >= self.of.amount[1]
        return clean and far and full and week > self.f.novice_weeks

    def _up(self, base: Standing, bout: Bout, why: Callable[[str], Why], case: str = "step_up") -> Standing:
        self.ready = 0
        easy = case == "too_easy" or (bout.rpe is not None and bout.rpe < self.of.rpe[0])
        higher = step_up(base.level, self.of, self.rules, load_open=self._load_open(base, bout), easy=easy)
        if higher is None and self._waits_for_load(base, bout):
            closed = self.rules.why("first_weeks", "g1_closed", *bout.entries[-1:])
            return replace(base, change="hold", why=closed)
        if higher is None:
            return replace(base, change="hold", why=why("top"), wants="harder")
        return replace(base, level=higher, change="up", why=why(case))

    def _waits_for_load(self, base: Standing, bout: Bout) -> bool:
        """Say whether only gate G1 keeps a load away."""
        return (
            not self._load_open(base, bout)
            and step_up(base.level, self.of, self.rules, load_open=True, easy=True) is not None
        )

    def _load_open(self, base: Standing, bout: Bout) -> bool:
        """Say whether gate G1 is passed: clean sessions, or feel with a clean last one (rule ``first_weeks``)."""
        felt = bout.feel is not None and bout.feel >= self.f.g1_feel and (bout.quality or 0) >= self.f.up_quality
        return base.clean >= self.f.g1_sessions or felt or self.load_open_before

    def _awkward(self, base: Standing, bout: Bout, colour: MoveColour) -> Standing:
        """Regress and show again before replacing (R053)."""
        if colour.colour != "green" and bout.pain is not None and bout.pain > 0:
            return replace(
                base, change="hold", why=self.rules.why("feedback_awkward", "pain", *bout.entries[-1:]), held=True
            )
        self.awkward += 1
        if self.awkward > self.f.tries:
            why = self.rules.why("feedback_awkward", "swap", *bout.entries[-1:])
            return replace(base, change="hold", why=why, held=True, wants="swap")
        why = self.rules.why("feedback_awkward", "first_time", *bout.entries[-1:])
        return replace(self.down(base, why, bout), show_again=True)

    def _leans(self, bout: Bout) -> bool:
        """Say whether the trunk was seen to lean in too many repetitions (R138)."""
        lean = self.rules.known.rules["trunk_rule"].lists["lean_faults"]
        return any(name in lean and share > self.f.trunk_lean for name, share in bout.faults)

    def _is_knee(self, bout: Bout) -> bool:
        told = bout.places - NOT_TOLD
        return "knee" in told or (self.of.knee and not told)


def _as_done(level: Level, bout: Bout, of: Frame, *, least: int | None) -> Level:
    """Return the level lowered to what was really done, where that was less.

    ``least`` is given where it was easy and did not hurt. Then who did less was asked for less (a poor day, a flare-up,
    no time), or chose to: the level that was earned stays, and is that amount at least.
    """
    if level.loaded and level.band is None and level.load_kg is None and bout.load_kg:
        level = replace(level, load_kg=bout.load_kg)  # the weight that was to be chosen
    if least is not None:
        return replace(level, amount=max(level.amount, least))
    done = max(bout.amounts, default=0.0)
    amount = min(level.amount, max(1, math.floor(done)))
    if level.load_kg is not None and bout.load_kg is not None and bout.load_kg < level.load_kg:
        level = replace(level, load_kg=bout.load_kg) if bout.load_kg > 0 else replace(level, load_kg=None, loaded=False)
    if level.band is not None and (bout.band or 0) < level.band:
        band = bout.band or (1 if of.needs_load == "band" else None)
        level = replace(level, band=band, loaded=band is not None)
    hold = level.hold_s
    if hold is not None and bout.hold_s is not None and bout.hold_s < hold:
        hold = max(1, math.floor(bout.hold_s))
    return replace(level, amount=amount, hold_s=hold)


def _waits(level: Level, bout: Bout) -> bool:
    """Say whether a level that was earned has not been done yet: its load or its hold."""
    heavier = (level.band or 0) > (bout.band or 0) or (level.load_kg or 0) > (bout.load_kg or 0)
    heavier = heavier or (level.loaded and level.band is None and level.load_kg is None)
    longer = level.hold_s is not None and bout.hold_s is not None and level.hold_s > bout.hold_s
    return heavier or longer


def poor_answers(done: Done, rules: Rulebook) -> int:
    """Return how many answers of the check-in are poor (rule ``check_in``)."""
    given = done.check_in
    if given is None:
        return 0
    number = rules.number
    return (
        (given.sleep_hours is not None and given.sleep_hours < number("check_in", "sleep_short"))
        + (given.sleep_quality is not None and given.sleep_quality <= number("check_in", "sleep_quality_low"))
        + (given.stress is not None and given.stress >= number("check_in", "stress_high"))
    )
