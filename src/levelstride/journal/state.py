"""Why it exists: the present state - profile, answers, measures, logs - as a pure function of the set of entries.

The order in which entries arrive does not matter: they are folded by when they happened, then by id. What was taken
back does not count; what cannot be read here is counted as unread, never dropped.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from levelstride.journal.bodies import (
    Answers,
    AnswerValue,
    Body,
    CheckIn,
    Clearance,
    Incident,
    Issued,
    Measured,
    Override,
    Pain,
    Profile,
    Retraction,
    Session,
    SetDone,
    Side,
    Soreness,
    Walk,
)
from levelstride.journal.entry import Entry

B = TypeVar("B", bound=Body)
_PROFILE_FIELDS = tuple(name for name in Profile.model_fields if name != "cleared")


@dataclass(frozen=True, slots=True)
class Logged(Generic[B]):
    """What happened, when, and in which entry."""

    id: str
    at: datetime
    zone: str
    body: B


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given."""

    value: AnswerValue
    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of the profile, and the entry it comes from."""

    value: Any
    at: datetime
    id: str


@dataclass(frozen=True)
class State:
    """Everything the journal says today.

    ``answers[question, side]`` holds every answer ever given to a question, in time order. ``entries`` counts all
    entries, ``retracted`` those taken back; ``unread`` are kinds and versions this program does not know.
    """

    profile: Mapping[str, Fact] = field(default_factory=dict)
    answers: Mapping[tuple[str, Side | None], tuple[Given, ...]] = field(default_factory=dict)
    clearances: tuple[Logged[Clearance], ...] = ()
    measures: tuple[Logged[Measured], ...] = ()
    sets: tuple[Logged[SetDone], ...] = ()
    sessions: tuple[Logged[Session], ...] = ()
    check_ins: tuple[Logged[CheckIn], ...] = ()
    pain: tuple[Logged[Pain], ...] = ()
    soreness: tuple[Logged[Soreness], ...] = ()
    walks: tuple[Logged[Walk], ...] = ()
    incidents: tuple[Logged[Incident], ...] = ()
    overrides: tuple[Logged[Override], ...] = ()
    programmes: tuple[Logged[Issued], ...] = ()
    retracted: frozenset[str] = frozenset()
    unread: tuple[Entry, ...] = ()
    entries: int = 0

    def fact(self, name: str) -> Any:
        """Return a field of the profile; None when nobody gave it."""
        found = self.profile.get(name)
        return None if found is None else found.value

    def latest(self, question: str, side: Side | None = None) -> Given | None:
        """Return the last answer to a question; None when it was never answered."""
        found = self.answers.get((question, side))
        return found[-1] if found else None

    def value(self, question: str, side: Side | None = None) -> AnswerValue:
        """Return the value of the last answer; None when there is none."""
        found = self.latest(question, side)
        return None if found is None else found.value


_LISTS: dict[type[Body], str] = {
    Clearance: "clearances",
    Measured: "measures",
    SetDone: "sets",
    Session: "sessions",
    CheckIn: "check_ins",
    Pain: "pain",
    Soreness: "soreness",
    Walk: "walks",
    Incident: "incidents",
    Override: "overrides",
    Issued: "programmes",
}


def fold(entries: Iterable[Entry]) -> State:
    """Return the state of a journal; the same for every order and every repetition of its entries."""
    kept = _one_per_id(entries)
    retracted = _retracted(kept)
    profile: dict[str, Fact] = {}
    answers: dict[tuple[str, Side | None], list[Given]] = {}
    lists: dict[str, list[Logged[Any]]] = {name: [] for name in _LISTS.values()}
    unread: list[Entry] = []
    for entry in _in_time_order(kept.values()):
        body = entry.body
        if entry.id in retracted or isinstance(body, Retraction):
            continue
        if body is None:
            unread.append(entry)
        elif isinstance(body, Answers):
            for answer in body.given:
                given = Given(answer.value, entry.at, entry.id)
                answers.setdefault((answer.question, answer.side), []).append(given)
        elif isinstance(body, Profile):
            for name in body.cleared:
                profile.pop(name, None)
            for name in _PROFILE_FIELDS:
                value = getattr(body, name)
                if value is not None:
                    profile[name] = Fact(value, entry.at, entry.id)
        else:
            lists[_LISTS[type(body)]].append(Logged(entry.id, entry.at, entry.zone, body))
    return State(
        profile=profile,
        answers={key: tuple(given) for key, given in answers.items()},
        retracted=frozenset(retracted),
        unread=tuple(unread),
        entries=len(kept),
        **{name: tuple(found) for name, found in lists.items()},
    )


def _one_per_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    kept: dict[str, Entry] = {}
    for entry in entries:
        other = kept.get(entry.id)
        if other is None or entry.line < other.line:
            kept[entry.id] = entry
    return kept


def _in_time_order(entries: Iterable[Entry]) -> Iterator[Entry]:
    keyed = sorted((entry.at.timestamp(), entry.id, entry) for entry in entries)  # ids differ: entries never compared
    return (entry for _, _, entry in keyed)


def _retracted(kept: Mapping[str, Entry]) -> set[str]:
    """Return the ids taken back; a retraction can itself be taken back, by one with a later id."""
    found: set[str] = set()
    retractions = [entry for entry in kept.values() if isinstance(entry.body, Retraction)]
    for entry in sorted(retractions, key=lambda entry: entry.id, reverse=True):
        assert isinstance(entry.body, Retraction)
        target = kept.get(entry.body.target)
        if entry.id in found or target is None:
            continue
        if not isinstance(target.body, Retraction) or target.id < entry.id:
            found.add(target.id)
    return found
