"""Why it exists: what a safety filter remembers of a virtual person - each move on each side, from the journal alone.

The colours are those of the rule ``pain_colours``: what nobody said is amber. A bout is judged on a later day, when the
morning after it could be told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Literal

from levelstride.journal.bodies import Pain, SetDone
from levelstride.journal.state import State
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.history import SHARP, days_between, is_usual
from levelstride.programme.model import WEEK, Session
from levelstride.programme.progression import missed_case
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.simulation.scene import Key

Colour = Literal["green", "amber", "red"]
_HOURS = 24
#: More than any number of steps: the move starts again.
_RESTART = 99


@dataclass
class Told:
    """One bout as it was written down; ``poor`` = done on a day that freezes (a poor answer, sore muscles)."""

    key: Key
    session: str
    day: date
    pain: float | None
    sharp: bool
    quality: float | None
    amount: float
    sets: int
    load_kg: float | None
    band: int | None
    poor: bool
    rpe: float | None = None
    rir: float | None = None

    def is_easy(self, rules: Rulebook) -> bool | None:
        """Say whether it left what a rise asks for (rule ``progression_order``); None when nobody told the effort."""
        if self.rpe is None and self.rir is None:
            return None
        left = self.rir is not None and self.rir >= rules.number("progression_order", "up_rir_min")
        return left or (self.rpe is not None and self.rpe <= rules.number("progression_order", "up_rpe_max"))


@dataclass
class Track:
    """One move on one side.

    ``back`` = steps below ``base``, the bout in which the first of them was taken; ``green`` = green bouts in a row
    since the last step; ``clean`` = clean and painless bouts; ``gap_steps`` = steps taken back for the days missed
    since the last bout.
    """

    last: Told
    colour: Colour = "amber"
    rest_until: date | None = None
    base: Told | None = None
    back: int = 0
    green: int = 0
    clean: int = 0
    held: bool = False
    gap_steps: int = 0
    poor_form: int = 0

    def step_back(self, steps: int = 1) -> None:
        """Go back below what was done last, or further below what was done when it first went back."""
        self.base = self.base or self.last
        self.back, self.green = self.back + steps, 0


@dataclass
class Ledger:
    """All moves of one person.

    ``complete``: what the independent check asks before a rise holds too - clean repetitions and effort told and fine;
    lost form and an empty last set lead one step back.
    """

    rules: Rulebook
    older: bool = False
    complete: bool = False
    tracks: dict[Key, Track] = field(default_factory=dict)
    waiting: list[Told] = field(default_factory=list)
    restarts: set[Key] = field(default_factory=set)
    easy_until: date | None = None

    def note(self, session: Session, sets: Iterable[SetDone], today: date, *, poor: bool) -> None:
        """Keep the bouts of a session until the morning after."""
        groups: dict[Key, list[SetDone]] = {}
        for one in sets:
            groups.setdefault((one.exercise, one.side), []).append(one)
        self.waiting += [_read(key, session.id, today, done, poor=poor) for key, done in groups.items()]

    def judge(self, state: State, today: date) -> None:
        """Judge the bouts of earlier days, then the days missed since."""
        for session in dict.fromkeys(one.session for one in self.waiting if one.day < today):
            bouts = [one for one in self.waiting if one.session == session]
            morning = _morning(state, session, bouts[0].day)
            for one in bouts:
                self._judge(one, bouts, morning)
        self.waiting = [one for one in self.waiting if one.day >= today]
        for key, track in self.tracks.items():
            self._missed(key, track, today)

    def ladder_clean(self, exercise: Exercise) -> int:
        """Return the clean bouts of a move or of an easier one of its ladder; of the sides the lower number counts."""
        clean = {key: track.clean for key, track in self.tracks.items()}
        return max(
            clean.get((name, None), min(clean.get((name, "left"), 0), clean.get((name, "right"), 0)))
            for name in ladder(exercise, self.rules)
        )

    @property
    def colour(self) -> Colour:
        """Return the worst colour of the last day; amber when nothing was done."""
        last = max((track.last.day for track in self.tracks.values()), default=None)
        colours = {track.colour for track in self.tracks.values() if track.last.day == last}
        return "red" if "red" in colours else "green" if colours == {"green"} else "amber"

    def _judge(self, one: Told, bouts: Sequence[Told], morning: tuple[Pain, date] | None) -> None:
        rules = self.rules
        track = self.tracks.setdefault(one.key, Track(one))
        track.last, track.gap_steps = one, 0
        track.colour, told_on = self._colour(one, bouts, morning)
        clean = one.quality is not None and one.quality >= rules.number("first_weeks", "g1_quality")
        track.held = track.colour != "green" or one.poor
        if track.colour == "red":
            track.rest_until = told_on + timedelta(days=1 + rest_days(rules))
            track.step_back()
        elif track.colour == "amber":
            track.green = 0
        else:
            track.clean += clean
            track.green += 1
            if track.back and track.green >= rules.whole("progression_order", "up_sessions"):
                track.back, track.green = track.back - 1, 0
                track.base = track.base if track.back else None
        if self.complete and track.colour != "red":
            self._hold_more(track, one)

    def _hold_more(self, track: Track, one: Told) -> None:
        rules, order = self.rules, "progression_order"
        clean = one.quality is not None and one.quality >= rules.number(order, "up_quality")
        track.held = track.held or not clean or not one.is_easy(rules)
        if one.quality is not None:
            track.poor_form = track.poor_form + 1 if one.quality < rules.number(order, "down_quality") else 0
        empty = one.rir is not None and one.rir <= rules.number(order, "down_rir")
        if empty or track.poor_form >= rules.whole(order, "down_sessions"):
            track.poor_form = 0
            track.step_back()

    def _colour(self, one: Told, bouts: Sequence[Told], morning: tuple[Pain, date] | None) -> tuple[Colour, date]:
        if is_red(one.pain, one.sharp, self.rules):
            return "red", one.day
        if morning is not None and not is_usual(morning[0]):
            painful = any(bout.pain for bout in bouts)
            if not painful or one.pain is None or one.pain > 0:
                return "red", morning[1]
        known = one.pain is not None and morning is not None
        quiet = (one.pain or 0) <= self.rules.number("pain_colours", "green_max")
        return ("green" if known and quiet else "amber"), one.day

    def _missed(self, key: Key, track: Track, today: date) -> None:
        """Answer the days since the last bout, as the rule ``missed_sessions`` does for one move."""
        days = days_between(track.last.day, today) - WEEK
        case = missed_case(days, self.rules, older=self.older) if days > 0 else "days_1_3"
        if case == "days_1_3":
            return
        track.held, track.green = True, 0
        if case == "over_28":
            if track.gap_steps < _RESTART:
                self.restarts.add(key)
                track.back, track.base, track.gap_steps = 0, None, _RESTART
            return
        steps = {"days_8_14": 1, "days_15_28": 2}.get(case, 0)
        if steps > track.gap_steps:
            track.step_back(steps - track.gap_steps)
            track.gap_steps = steps
            if case == "days_15_28":
                self.easy_until = today + timedelta(days=WEEK * self.rules.whole("missed_sessions", "easy_weeks"))


def _read(key: Key, session: str, day: date, done: Sequence[SetDone], *, poor: bool) -> Told:
    counted = [(one.clean_reps, one.reps) for one in done if one.clean_reps is not None and one.reps]
    reps = sum(reps for _, reps in counted)
    held = [one.hold_s if one.hold_s is not None and one.reps in (None, 1) else float(one.reps or 0) for one in done]
    return Told(
        key=key,
        session=session,
        day=day,
        pain=max((one.pain for one in done if one.pain is not None), default=None),
        sharp=any(one.pain_kind in SHARP for one in done),
        quality=100 * sum(min(clean, all_) for clean, all_ in counted) / reps if reps else None,
        amount=max(held),
        sets=len(done),
        load_kg=next((one.load_kg for one in reversed(done) if one.load_kg), None),
        band=next((int(one.band) for one in reversed(done) if one.band is not None), None),
        poor=poor,
        rpe=max((one.rpe for one in done if one.rpe is not None), default=None),
        rir=done[-1].rir,
    )


def _morning(state: State, session: str, day: date) -> tuple[Pain, date] | None:
    for one in reversed(state.pain):
        if one.at.date() <= day:
            return None
        if one.body.when == "next_morning" and one.body.session == session:
            return one.body, one.at.date()
    return None


def is_red(pain: float | None, sharp: bool, rules: Rulebook) -> bool:
    """Say whether pain during a move is red."""
    return sharp or (pain or 0) > rules.number("pain_colours", "amber_max")


def rest_days(rules: Rulebook) -> int:
    """Return how many days a red move rests."""
    return ceil(rules.pair("pain_colours", "rest_red")[1] / _HOURS)


def ladder(exercise: Exercise, rules: Rulebook) -> tuple[str, ...]:
    """Return an exercise and every easier one below it, the nearest first."""
    found = [exercise.id]
    for name in found:
        easier = rules.known.exercises[name].easier
        found += [one for one in easier if one in rules.known.exercises and one not in found]
    return tuple(found)
