"""Why it exists: what people chose by hand - the person and a physio or coach - read from the journal's overrides.

A choice goes before what the planner prefers, never before a rule that protects. A practitioner's choice without a
reason waits (rule ``roles``, case ``override_no_reason``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from pydantic import JsonValue

from levelstride.journal.bodies import Override, Side
from levelstride.journal.state import Logged, State
from levelstride.library.schema.base import Figure
from levelstride.programme.levels import P1_MODES
from levelstride.programme.model import PHASES, PhaseName, Why
from levelstride.programme.progression import SetLevel
from levelstride.programme.rulebook import Rulebook

#: What may be chosen with ``choose``.
OPTIONS = (
    "hops",
    "maintenance",
    "twice_daily",
    "ramp",
    "easy_week",
    "no_easy_week",
    "persona",
    "event",
    "start_without_tests",
    "warm_up_minutes",
    "pre_run",
    "warmup_insert",
    "desk_break",
    "stretching",
    "days",
    "p1_mode",
)
USER_ACTIONS = ("swap", "skip", "move", "without", "choose")
COACH_ACTIONS = ("pin", "forbid", "dose", "gate")
BAND_LEVELS = 5
_DOSE = ("sets", "amount", "load_kg", "band", "hold_s")


@dataclass(frozen=True)
class Chosen:
    """One choice in force: its value and the entry it stands in."""

    value: JsonValue
    entry: str
    at: datetime


@dataclass(frozen=True)
class Choices:
    """All choices in force at one moment, the last one for each target.

    ``skipped`` names exercises and sessions; ``gates`` gives ``open`` or ``closed`` for a phase.
    """

    swaps: Mapping[str, Chosen] = field(default_factory=dict)
    skipped: Mapping[str, Chosen] = field(default_factory=dict)
    moved: Mapping[str, Chosen] = field(default_factory=dict)
    without: Mapping[str, Chosen] = field(default_factory=dict)
    options: Mapping[str, Chosen] = field(default_factory=dict)
    pinned: Mapping[str, Chosen] = field(default_factory=dict)
    forbidden: Mapping[str, Chosen] = field(default_factory=dict)
    gates: Mapping[PhaseName, Chosen] = field(default_factory=dict)
    doses: Mapping[tuple[str, Side | None], tuple[SetLevel, ...]] = field(default_factory=dict)
    notices: tuple[Why, ...] = ()

    def option(self, name: str) -> JsonValue:
        """Return what was chosen for an option; None when nothing was."""
        found = self.options.get(name)
        return None if found is None else found.value

    def is_on(self, name: str) -> bool:
        """Say whether an option was switched on."""
        return self.option(name) is True

    def moved_to(self, session: str) -> date | None:
        """Return the day a session was moved to."""
        found = self.moved.get(session)
        return None if found is None else date.fromisoformat(str(found.value))


def read_choices(state: State, rules: Rulebook, at: datetime) -> Choices:
    """Return what is in force at a moment (aware)."""
    kinds: dict[str, dict[str, Chosen]] = {name: {} for name in (*USER_ACTIONS, *COACH_ACTIONS)}
    doses: dict[tuple[str, Side | None], list[SetLevel]] = {}
    notices: list[Why] = []
    for one in _in_force(state.overrides, at):
        body = one.body
        problem = _problem(body, rules)
        if problem is not None:
            notices.append(rules.why("own_choices", problem, one.id))
        elif body.action == "dose":
            doses.setdefault((body.target, body.side), []).append(_level(one))
        else:
            kinds[body.action][body.target] = Chosen(body.value, one.id, one.at)
    return Choices(
        swaps=kinds["swap"],
        skipped=kinds["skip"],
        moved=kinds["move"],
        without=kinds["without"],
        options=kinds["choose"],
        pinned=kinds["pin"],
        forbidden=kinds["forbid"],
        gates={cast(PhaseName, name): chosen for name, chosen in kinds["gate"].items()},
        doses={key: tuple(found) for key, found in doses.items()},
        notices=tuple(notices),
    )


def _in_force(overrides: Iterable[Logged[Override]], at: datetime) -> Iterable[Logged[Override]]:
    return (one for one in overrides if one.at <= at and (one.body.until is None or at < one.body.until))


def _problem(body: Override, rules: Rulebook) -> str | None:
    """Return the case that says why a choice cannot be read; None when it can."""
    known = rules.known
    coach = body.action in COACH_ACTIONS
    if coach != (body.by == "practitioner") or body.action not in (*USER_ACTIONS, *COACH_ACTIONS):
        return "unknown"
    if coach and not (body.reason or "").strip():
        return "no_reason"
    if body.action in ("pin", "forbid", "dose", "swap") and body.target not in known.exercises:
        return "unknown"
    if body.action == "swap" and body.value not in known.exercises:
        return "unknown"
    if body.action == "without" and body.target not in known.vocabulary.equipment:
        return "unknown"
    if body.action == "choose" and not _is_option(body):
        return "unknown"
    if body.action == "gate" and (body.target not in PHASES or body.value not in ("open", "closed")):
        return "unknown"
    if body.action == "move" and not _is_day(body.value):
        return "unknown"
    if body.action == "dose" and not is_dose(body.value, known.limits):
        return "unknown"
    return None


def _is_option(body: Override) -> bool:
    value = body.value
    if body.target == "event":
        return value is None or (isinstance(value, dict) and _is_day(value.get("day")))
    if body.target == "persona":
        return value is None or isinstance(value, str)
    if body.target == "p1_mode":
        return value is None or value in P1_MODES
    if body.target == "warm_up_minutes":
        return value is None or (type(value) in (int, float) and cast(float, value) > 0)
    if body.target == "days":
        return value is None or (isinstance(value, list) and all(type(day) is int and 0 <= day <= 6 for day in value))
    return body.target in OPTIONS and (value is None or isinstance(value, bool))


def _is_day(value: JsonValue) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def is_dose(value: JsonValue, limits: Mapping[str, Figure]) -> bool:
    """Say whether a value can be a practitioner's dose: known parts, each within what no dose may exceed."""
    if not isinstance(value, dict) or not value or not set(value) <= set(_DOSE):
        return False
    return all(_is_figure(name, one, limits) for name, one in value.items())


def _is_figure(name: str, value: JsonValue, limits: Mapping[str, Figure]) -> bool:
    if type(value) not in (int, float):
        return False
    number = cast(float, value)
    if name == "load_kg":
        return 0 < number <= limits["most_load"].number()
    most = {"sets": "most_sets", "amount": "most_repetitions", "hold_s": "most_seconds"}
    highest = BAND_LEVELS if name == "band" else limits[most[name]].number()
    return number == int(number) and 1 <= number <= highest


def _level(one: Logged[Override]) -> SetLevel:
    value = cast(dict[str, float], one.body.value)
    return SetLevel(one.at, {name: float(value[name]) for name in _DOSE if name in value}, one.id)
