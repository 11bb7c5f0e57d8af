"""Why it exists: what was done - sessions and the bouts in them - read from the journal in the order it happened.

A *bout* is one exercise on one side in one session. Sets without a session belong to the session of their day.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from levelstride.journal.bodies import CheckIn, Pain, Session, SetDone, Side, Soreness, Walk
from levelstride.journal.state import Logged, State
from levelstride.programme.model import is_extra

N = TypeVar("N", int, float)
_Key = tuple[tuple[int, ...], tuple[int, ...], frozenset[str], str]
_KEEP = 5000
#: Sets of one session further apart than this belong to two goes.
_SAME_GO = timedelta(hours=10)

#: Kinds of pain that are red at any number (rule ``pain_colours``, case ``red_sharp``).
SHARP = frozenset({"sharp", "catching", "gives_way"})


@dataclass(frozen=True, slots=True)
class Bout:
    """One exercise on one side in one session.

    Attributes
    ----------
    amounts : tuple of float
        Per set what was counted: repetitions (steps, breaths, landings), else seconds held, else metres.
    hold_s, load_kg, band : float, float, int or None
        As in the last set that states them.
    quality : float or None
        Share of clean repetitions in percent; None when nobody counted them.
    faults : tuple of (str, float)
        Share of the repetitions in which a fault was seen, in percent, by its id.
    rpe, rir : float or None
        Highest effort of the sets; repetitions in reserve of the last set, None when not told.
    single : bool
        Every set was one long hold; ``amounts`` are its seconds.
    pain, places : float or None, frozenset of str
        Highest pain during it, None when nobody said; the places that were named with it.
    """

    exercise: str
    side: Side | None
    session: str
    at: datetime
    amounts: tuple[float, ...]
    hold_s: float | None = None
    load_kg: float | None = None
    band: int | None = None
    quality: float | None = None
    rpe: float | None = None
    rir: float | None = None
    pain: float | None = None
    sharp: bool = False
    places: frozenset[str] = frozenset()
    fell: bool = False
    feel: float | None = None
    awkward: float | None = None
    single: bool = False
    faults: tuple[tuple[str, float], ...] = ()
    entries: tuple[str, ...] = ()

    def in_repetitions(self) -> "Bout":
        """Return the bout of a move that counts repetitions: one that was held is one, not its seconds."""
        return replace(self, amounts=(1.0,) * len(self.amounts)) if self.single else self

    @property
    def day(self) -> date:
        """Return the person's own day."""
        return self.at.date()


@dataclass(frozen=True)
class Morning:
    """The answer on the morning after a session: whether pain was back to usual, and where it was not."""

    at: datetime
    usual: bool
    worst: float
    exercises: frozenset[str]
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """One session that was at least begun.

    ``bouts`` in the order they were done; ``check_in`` is the last one of the same day before or during it;
    ``morning`` None = nobody has said how the next morning was.
    """

    session: str
    at: datetime
    bouts: tuple[Bout, ...]
    rpe: float | None = None
    confidence: float | None = None
    minutes: float | None = None
    ended: bool = False
    left: bool = False
    check_in: CheckIn | None = None
    check_in_entry: str | None = None
    morning: Morning | None = None

    @property
    def day(self) -> date:
        """Return the person's own day."""
        return self.at.date()

    @property
    def pain(self) -> float | None:
        """Return the highest pain during it; None when nobody said for any of its bouts."""
        return max((bout.pain for bout in self.bouts if bout.pain is not None), default=None)


@dataclass(frozen=True)
class History:
    """Everything done until now, oldest first."""

    sessions: tuple[Done, ...]
    walks: tuple[Logged[Walk], ...] = ()
    soreness: tuple[Logged[Soreness], ...] = ()
    pain: tuple[Logged[Pain], ...] = ()
    check_ins: tuple[Logged[CheckIn], ...] = ()

    @cached_property
    def bouts(self) -> Mapping[tuple[str, Side | None], tuple[Bout, ...]]:
        """Return the bouts of each exercise and side, oldest first."""
        found: dict[tuple[str, Side | None], list[Bout]] = {}
        for session in self.sessions:
            for bout in session.bouts:
                found.setdefault((bout.exercise, bout.side), []).append(bout)
        return {key: tuple(bouts) for key, bouts in found.items()}

    @cached_property
    def by_session(self) -> Mapping[str, Done]:
        """Return each session by its id."""
        return {session.session: session for session in self.sessions}

    @property
    def last_day(self) -> date | None:
        """Return the day of the last session, small extras left out; None when there was none."""
        return next((one.day for one in reversed(self.sessions) if not is_extra(one.session)), None)

    def since(self, day: date) -> tuple[Done, ...]:
        """Return the sessions from a day on."""
        return tuple(session for session in self.sessions if session.day >= day)


def read_history(state: State, until: datetime | None = None) -> History:
    """Return what was done, up to and including ``until`` (aware; None = everything)."""

    def past(logged: Iterable[Logged[Any]]) -> tuple[Logged[Any], ...]:
        return tuple(one for one in logged if until is None or one.at <= until)

    sets, pain, check_ins = past(state.sets), past(state.pain), past(state.check_ins)
    drafts = _drafts(sets, past(state.sessions))
    for one in past(state.incidents):
        if one.body.exercise is not None:
            name = _session_of(drafts, one.body.session, one.body.exercise, one.at)
            _touch(drafts, name, one.at).fell.add(one.body.exercise)
    by_session: dict[str, list[Logged[Pain]]] = {}
    for one in pain:
        if one.body.when == "during" and one.body.exercise is not None:
            name = _session_of(drafts, one.body.session, one.body.exercise, one.at)
            by_session.setdefault(name, []).append(one)
    ordered = sorted((draft for draft in drafts.values() if draft.sets), key=lambda draft: (draft.at, draft.session))
    mornings = _mornings([draft.at for draft in ordered], pain)
    found = []
    for number, draft in enumerate(ordered):
        check_in = _check_in(draft.sets[0].at, check_ins)
        found.append(
            Done(
                session=draft.session,
                at=draft.at,
                bouts=_bouts(draft, by_session.get(draft.session, [])),
                rpe=draft.rpe,
                confidence=draft.confidence,
                minutes=draft.minutes,
                ended=draft.ended,
                left=draft.left,
                check_in=None if check_in is None else check_in.body,
                check_in_entry=None if check_in is None else check_in.id,
                morning=mornings.get(number),
            )
        )
    return History(tuple(found), past(state.walks), past(state.soreness), pain, check_ins)


_Kept = tuple[tuple[Logged[SetDone], ...], tuple[Logged[Pain], ...], tuple[Bout, ...]]
_KEPT: dict[_Key, _Kept] = {}


@dataclass
class _Draft:
    session: str
    at: datetime
    sets: list[Logged[SetDone]] = field(default_factory=list)
    fell: set[str] = field(default_factory=set)
    rpe: float | None = None
    confidence: float | None = None
    minutes: float | None = None
    ended: bool = False
    left: bool = False


def _touch(drafts: dict[str, _Draft], session: str, at: datetime) -> _Draft:
    draft = drafts.get(session)
    if draft is None:
        draft = drafts[session] = _Draft(session, at)
    elif at < draft.at:
        draft.at = at
    return draft


def _drafts(sets: Iterable[Logged[SetDone]], events: Iterable[Logged[Session]]) -> dict[str, _Draft]:
    drafts: dict[str, _Draft] = {}
    for one in sets:
        if not one.body.skipped:
            name = one.body.session or one.at.date().isoformat()
            before = drafts.get(name)
            if (
                before is not None
                and before.sets
                and one.at - before.sets[-1].at > _SAME_GO
                and one.at.date() != before.sets[-1].at.date()
            ):
                name = f"{name} {one.at.date().isoformat()}"  # gone on with on another day
            _touch(drafts, name, one.at).sets.append(one)
    for event in events:
        later = f"{event.body.session} {event.at.date().isoformat()}"
        draft = _touch(drafts, later if later in drafts else event.body.session, event.at)
        draft.ended |= event.body.event == "ended"
        draft.left |= event.body.event == "left"
        draft.rpe = event.body.rpe if event.body.rpe is not None else draft.rpe
        draft.confidence = event.body.confidence if event.body.confidence is not None else draft.confidence
        draft.minutes = event.body.minutes if event.body.minutes is not None else draft.minutes
    return drafts


def _session_of(drafts: Mapping[str, _Draft], told: str | None, exercise: str, at: datetime) -> str:
    """Return the session that a word about a move belongs to: the one told, else the last of its day with the move."""
    if told is not None:
        later = f"{told} {at.date().isoformat()}"
        return later if later in drafts else told
    day = [
        draft
        for draft in drafts.values()
        if any(one.body.exercise == exercise and one.at.date() == at.date() for one in draft.sets)
    ]
    return max(day, key=lambda draft: (draft.at, draft.session)).session if day else at.date().isoformat()


def _bouts(draft: _Draft, pain: list[Logged[Pain]]) -> tuple[Bout, ...]:
    """Return the bouts of a session; one that was read before is not read again, entries never change."""
    key = (tuple(map(id, draft.sets)), tuple(map(id, pain)), frozenset(draft.fell), draft.session)
    kept = _KEPT.get(key)
    if kept is None:
        if len(_KEPT) >= _KEEP:
            _KEPT.clear()
        # the entries are kept with what was read, so that nothing else can ever have their address
        kept = _KEPT[key] = (tuple(draft.sets), tuple(pain), _read_bouts(draft, pain))
    return kept[2]


def _read_bouts(draft: _Draft, pain: list[Logged[Pain]]) -> tuple[Bout, ...]:
    groups: dict[tuple[str, Side | None], list[Logged[SetDone]]] = {}
    for one in draft.sets:
        groups.setdefault((one.body.exercise, one.body.side), []).append(one)
    return tuple(
        _bout(
            draft,
            exercise,
            side,
            sets,
            [one for one in pain if one.body.exercise == exercise and _same_side(one.body.side, side)],
        )
        for (exercise, side), sets in groups.items()
    )


def _same_side(told: Side | None, side: Side | None) -> bool:
    """Say whether pain belongs to a bout: without a side on either of them it does."""
    return told is None or side is None or told == side


def _bout(
    draft: _Draft, exercise: str, side: Side | None, sets: list[Logged[SetDone]], pain: list[Logged[Pain]]
) -> Bout:
    bodies = [one.body for one in sets]
    scores = [body.pain for body in bodies if body.pain is not None] + [one.body.score for one in pain]
    kinds = {body.pain_kind for body in bodies} | {one.body.quality for one in pain}
    counted = [body for body in bodies if body.clean_reps is not None and body.reps]
    last = bodies[-1]
    return Bout(
        exercise=exercise,
        side=side,
        session=draft.session,
        at=sets[0].at,
        amounts=tuple(_amount(body) for body in bodies),
        hold_s=_last(body.hold_s for body in bodies),
        load_kg=_last(body.load_kg for body in bodies),
        band=_last(_band(body.band) for body in bodies),
        quality=_quality(counted),
        rpe=max((body.rpe for body in bodies if body.rpe is not None), default=None),
        rir=last.rir,
        pain=max(scores, default=None),
        sharp=bool(kinds & SHARP) or any(one.body.gives_way for one in pain),
        fell=exercise in draft.fell,
        feel=_last(body.feel for body in bodies),
        awkward=_last(body.awkward for body in bodies),
        single=all(body.hold_s is not None and body.reps == 1 for body in bodies),
        places=frozenset(one.body.place for one in pain),
        faults=_faults(bodies),
        entries=(*(one.id for one in sets), *(one.id for one in pain)),
    )


def _quality(counted: list[SetDone]) -> float | None:
    done = sum(body.reps or 0 for body in counted)
    clean = sum(min(body.clean_reps or 0, body.reps or 0) for body in counted)
    return 100 * clean / done if done else None


def _faults(bodies: list[SetDone]) -> tuple[tuple[str, float], ...]:
    """Return the share of each fault in the repetitions of the sets in which somebody watched."""
    watched = [body for body in bodies if body.faults and body.reps]
    done = sum(body.reps or 0 for body in watched)
    names = sorted({name for body in watched for name in body.faults})
    return tuple(
        (name, 100 * sum(min(body.faults.get(name, 0), body.reps or 0) for body in watched) / done) for name in names
    )


def _amount(body: SetDone) -> float:
    if body.hold_s is not None and body.reps in (None, 1):
        return body.hold_s  # one long hold: its seconds are what counts
    if body.reps is not None:
        return body.reps
    return body.distance_m or 0.0


def _band(given: str | None) -> int | None:
    return int(given) if given is not None and given.isdecimal() and 1 <= int(given) <= 5 else None


def _last(values: Iterable[N | None]) -> N | None:
    found: N | None = None
    for value in values:
        found = value if value is not None else found
    return found


def _check_in(at: datetime, check_ins: tuple[Logged[CheckIn], ...]) -> Logged[CheckIn] | None:
    """Return the check-in that belongs to a session: what was told on its day before its first set."""
    told = [one for one in check_ins if one.at <= at and one.at.date() == at.date()]
    return replace(told[-1], body=merged(one.body for one in told)) if told else None


def told(state: State) -> tuple[tuple[Logged[Any], ...], ...]:
    """Return what was logged and can change a plan, kind by kind; answers and profile stand beside it."""
    return (
        state.clearances,
        state.measures,
        state.sets,
        state.sessions,
        state.check_ins,
        state.pain,
        state.soreness,
        state.walks,
        state.incidents,
        state.overrides,
    )


def merged(check_ins: Iterable[CheckIn]) -> CheckIn:
    """Return the check-ins of a day as one: an answer stands until the same question is answered again."""
    found: dict[str, object] = {}
    for one in check_ins:
        found |= {name: value for name, value in one.model_dump().items() if value is not None}
    return CheckIn.model_validate(found)


def is_answered(check_in: CheckIn) -> bool:
    """Say whether sleep and stress are told, on which raising anything rests (rule ``check_in``)."""
    slept = check_in.sleep_hours is not None or check_in.sleep_quality is not None
    return slept and check_in.stress is not None


def _mornings(starts: list[datetime], pain: Iterable[Logged[Pain]]) -> dict[int, Morning]:
    """Return, for the number of each session, what was said about the morning after it.

    An answer belongs to the last session that began on an earlier day (or before it, at night).
    """
    found: dict[int, list[Logged[Pain]]] = {}
    for one in pain:
        if one.body.when == "next_morning":
            number = bisect_left(starts, one.at) - 1
            while number >= 0 and starts[number].date() >= one.at.date():
                number -= 1
            day = starts[number].date() if number >= 0 else None
            while number >= 0 and starts[number].date() == day:  # every session of that day
                found.setdefault(number, []).append(one)
                number -= 1
    return {number: _morning(answers) for number, answers in found.items()}


def _morning(answers: list[Logged[Pain]]) -> Morning:
    up = [one for one in answers if not is_usual(one.body)]
    named = [one.body.exercise for one in up if one.body.exercise is not None]
    return Morning(
        at=answers[-1].at,
        usual=not up,
        worst=max(one.body.score for one in answers),
        # one bad answer that names no move may mean any of them
        exercises=frozenset(named) if len(named) == len(up) else frozenset(),
        entries=tuple(one.id for one in answers),
    )


def is_usual(pain: Pain) -> bool:
    """Say whether pain in the morning is what the person is used to; without that answer only none at all is."""
    return pain.back_to_usual if pain.back_to_usual is not None else pain.score == 0


def days_between(earlier: date, later: date) -> int:
    """Return the whole days from one day to another."""
    return (later - earlier) // timedelta(days=1)
