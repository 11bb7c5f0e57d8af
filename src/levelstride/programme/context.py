"""Why it exists: everything a week or a day is decided from, read once from the journal and shared by all deciders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from pydantic import ValidationError

from levelstride.journal.bodies import Issued, Side
from levelstride.journal.state import Logged, State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Dose as LibraryDose
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.choices import Choices, read_choices
from levelstride.programme.history import Bout, History, days_between, read_history
from levelstride.programme.levels import Frame, frame
from levelstride.programme.model import WEEK, Programme, is_extra, read_programme
from levelstride.programme.pain import PainView, read_pain
from levelstride.programme.phases import Colours, Past, usual_gap
from levelstride.programme.progression import Person, Standing, find_gaps, standing
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.traits import Traits, read_traits
from levelstride.screening.decision import Permit
from levelstride.screening.findings import Finding

_READ: dict[int, tuple[Issued, Programme | None]] = {}
_KEEP = 2000
_RECENT = 6
#: Days that the colours of pain look back: longer than any window of their rules.
_LATELY = 84


@dataclass(frozen=True)
class Context:
    """What is known at ``now``; ``before`` = the programmes of earlier weeks, oldest first, the last issued of each."""

    state: State
    known: Knowledge
    rules: Rulebook
    now: datetime
    history: History
    pain: PainView
    choices: Choices
    traits: Traits
    colours: Colours
    before: tuple[Programme, ...]
    findings: tuple[Finding, ...] = ()
    without: frozenset[str] = frozenset()
    _standings: dict[tuple[str, Side | None, Frame], Standing] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the person's own day."""
        return self.now.date()

    @property
    def last(self) -> Programme | None:
        """Return the programme of the last earlier week."""
        return self.before[-1] if self.before else None

    @cached_property
    def started_on(self) -> date:
        """Return the first day of the first programme; today when there was none."""
        return self.before[0].starts_on if self.before else self.today

    @cached_property
    def past(self) -> Past:
        """Return what the gates read."""
        return Past(
            self.history, self.state, self.pain, self.traits, self.choices, self.rules, self.today, self.colours
        )

    @cached_property
    def person(self) -> Person:
        """Return what the replay of levels must know."""
        sessions = self.last.sessions_per_week() if self.last is not None else self.traits.days
        days = sorted({one.day for one in self.history.sessions if not is_extra(one.session)})
        gaps, away = find_gaps(days, self.today, usual_gap(sessions), self.rules, older=self.traits.older)
        return Person(self.started_on, gaps, away)

    @cached_property
    def planned_sets(self) -> Mapping[tuple[str, str], int]:
        """Return the sets planned for each session and exercise of the last weeks."""
        recent = programmes(self.state)[-_RECENT:]
        return {
            (session.id, move.exercise): move.sets
            for programme in recent
            for session in programme.sessions
            for move in session.moves
        }

    @cached_property
    def entry_plus(self) -> int:
        """Return how many steps harder a person may begin, by a result that clears each figure with its error."""
        value = self.known.rules["week_plan"].figures["entry_plus"].value
        found: dict[Side | None, float] = {}
        for finding in self.findings:
            if finding.subject.id == "sl_bridge_reps" and finding.point is not None:
                found[finding.side] = finding.point.value - (finding.margin or 0)
        most = self.rules.number("pain_colours", "amber_min")
        if self.traits.worst > most or self.traits.steady or "left" not in found or "right" not in found:
            return 0
        return sum(min(found.values()) >= figure for figure in value) if isinstance(value, tuple) else 0

    def week_of(self, day: date) -> int:
        """Return the number of a day's week; 1 = the first."""
        return max(0, days_between(self.started_on, day)) // WEEK + 1

    def frame(self, exercise: Exercise, dose: LibraryDose) -> Frame:
        """Return what an exercise may be given, with what the person has today."""
        return frame(exercise, dose, self.traits.equipment - self.without, self.rules)

    def sides(self, of: Frame) -> tuple[Side | None, ...]:
        """Return the sides of a move."""
        return ("left", "right") if of.per_side else (None,)

    def standing(self, exercise: Exercise, side: Side | None, of: Frame) -> Standing:
        """Return where an exercise stands on one side; worked out once."""
        key = (exercise.id, side, of)
        found = self._standings.get(key)
        if found is None:
            found = self._standings[key] = self._standing(exercise, side, of)
        return found

    def _standing(self, exercise: Exercise, side: Side | None, of: Frame) -> Standing:
        bouts = self.history.bouts.get((exercise.id, side), ())
        set_levels = (*self.choices.doses.get((exercise.id, side), ()),)
        if side is not None:
            set_levels = (*self.choices.doses.get((exercise.id, None), ()), *set_levels)
        return standing(
            exercise,
            of,
            bouts,
            self.history.by_session,
            self.rules,
            self.person,
            self.now,
            self.colours.full,
            set_levels=set_levels,
            load_open_before=self.load_open(exercise),
            planned=self._planned,
            soreness_back=self._soreness_back(bouts),
        )

    def _planned(self, bout: Bout) -> int:
        return self.planned_sets.get((bout.session, bout.exercise), 0)

    def _soreness_back(self, bouts: Sequence[Bout]) -> int:
        """Return the steps down that sore muscles ask for on the moves of the last session."""
        if self.pain.soreness.action != "step_down" or not bouts:
            return 0
        last = self.history.sessions[-1].day
        return self.rules.whole("soreness", "steps_back") if bouts[-1].day == last else 0

    def load_open(self, exercise: Exercise) -> bool:
        """Say whether gate G1 was passed with an easier move of the ladder."""
        wanted = self.rules.whole("first_weeks", "g1_form_sessions")
        return any(self.clean_sessions(easier) >= wanted for easier in exercise.easier)

    def clean_sessions(self, exercise: str) -> int:
        """Return how often a move was done cleanly without pain; the side with fewer counts."""
        return self._clean.get(exercise, 0)

    @cached_property
    def _clean(self) -> Mapping[str, int]:
        least = self.rules.number("progression_order", "up_quality")
        found: dict[str, int] = {}
        for (name, _), bouts in self.history.bouts.items():
            clean = sum(
                bout.quality is not None and bout.quality >= least and self.colours.of(bout) == "green"
                for bout in bouts
            )
            found[name] = min(found.get(name, clean), clean)
        return found


def read_context(
    permit: Permit,
    state: State,
    findings: tuple[Finding, ...],
    known: Knowledge,
    now: datetime,
    *,
    starts_on: date,
    choices_at: datetime | None = None,
) -> Context:
    """Return what the journal says at ``now`` (aware, in the person's zone).

    ``starts_on``: programmes of weeks before it count as earlier; ``choices_at``: the moment whose choices count.
    """
    rules = rulebook(known)
    history = read_history(state, now)
    choices = read_choices(state, rules, choices_at or now)
    traits = read_traits(state, findings, permit.decision, choices, rules, now.date())
    return Context(
        state=state,
        known=known,
        rules=rules,
        now=now,
        history=history,
        pain=read_pain(_lately(history, now), state, rules, now),
        choices=choices,
        traits=traits,
        colours=Colours(history, rules, now),
        before=tuple(one for one in programmes(state) if one.starts_on < starts_on),
        findings=findings,
        without=frozenset(choices.without),
    )


def _lately(history: History, now: datetime) -> History:
    """Return the history that colours of today can rest on: older reds, flares and walks count no more."""
    since = now - timedelta(days=_LATELY)
    if not history.sessions or history.sessions[0].at >= since:
        return history
    return replace(
        history,
        sessions=tuple(one for one in history.sessions if one.at >= since),
        walks=tuple(one for one in history.walks if one.at >= since),
        pain=tuple(one for one in history.pain if one.at >= since),
        soreness=tuple(one for one in history.soreness if one.at >= since),
    )


_RULEBOOKS: dict[int, Rulebook] = {}


def rulebook(known: Knowledge) -> Rulebook:
    """Return the rulebook of a library; one per library, because its figures are read often."""
    found = _RULEBOOKS.get(id(known))
    if found is None or found.known is not known:
        found = _RULEBOOKS[id(known)] = Rulebook(known)
    return found


def programmes(state: State) -> tuple[Programme, ...]:
    """Return the issued programmes that count: the last one of each start that can be read here, oldest first."""
    latest = {one.body.starts_on: found for one in state.programmes if (found := _read(one)) is not None}
    return tuple(latest[day] for day in sorted(latest))


def _read(one: Logged[Issued]) -> Programme | None:
    """Return a programme, read once (the body is kept, so that its address stays); None = of a newer version."""
    kept = _READ.get(id(one.body))
    if kept is None:
        if len(_READ) >= _KEEP:
            _READ.clear()
        try:
            found = read_programme(one.body.content)
        except ValidationError:
            found = None
        kept = _READ[id(one.body)] = (one.body, found)
    return kept[1]


def end_of_week(starts_on: date, now: datetime) -> datetime:
    """Return the last moment of the week from ``starts_on``, in the zone of ``now``."""
    return datetime.combine(starts_on + timedelta(days=WEEK - 1), time(23, 59, 59), tzinfo=now.tzinfo)
