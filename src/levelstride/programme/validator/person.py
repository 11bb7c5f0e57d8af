"""Why it exists: what the second opinion knows about the person - codes, equipment, wishes, a practitioner's orders.

Read from the journal and the library alone; nothing of how the programme was made comes in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from levelstride.journal.bodies import Override, Side
from levelstride.journal.state import Logged, State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.model import PHASES, PhaseName
from levelstride.programme.rulebook import Rulebook
from levelstride.screening.answers import caution_codes
from levelstride.screening.decision import Because, Decision

#: What an action of a safety decision closes.
CLOSES = {"block_impact": "impact", "block_heavy_load": "heavy_load", "block_vigorous": "high_effort"}


@dataclass(frozen=True)
class Closed:
    """Why a demand is closed to this person."""

    rule: str
    case: str


class Person:
    """The person as the journal tells, asked by the checks."""

    def __init__(self, state: State, known: Knowledge, decision: Decision) -> None:
        self.state = state
        self.known = known
        self.decision = decision
        self.rules = Rulebook(known)

    @cached_property
    def cautions(self) -> Mapping[str, tuple[Because, ...]]:
        """Return the caution codes: those of the answers and those of the decision."""
        own = caution_codes(self.state, self.known)
        return {**self.decision.cautions, **own}

    @cached_property
    def closed(self) -> Mapping[str, Closed]:
        """Return the demands that this person must not meet."""
        found: dict[str, Closed] = {}
        for code in self.cautions:
            for demand in self.known.cautions[code].removes:
                found.setdefault(demand, Closed("cautions", code))
        for reason in self.decision.reasons:
            for action in reason.actions:
                if action in CLOSES:
                    found.setdefault(CLOSES[action], Closed(reason.rule, reason.case))
        return found

    def clash(self, exercise: Exercise) -> tuple[str, Closed] | None:
        """Return the first demand of an exercise that is closed to this person."""
        words = self.known.vocabulary
        demands = (
            *exercise.demands,
            *words.positions[exercise.position].demands,
            *words.kinds[exercise.kind].demands,
        )
        return next(((demand, self.closed[demand]) for demand in demands if demand in self.closed), None)

    def agreed(self, code: str) -> bool:
        """Say whether a clinician agreed to a caution code after the last answer that set it."""
        said = [because.at for because in self.cautions.get(code, ()) if because.at is not None]
        return any(code in one.body.covers and (not said or one.at > max(said)) for one in self.state.clearances)

    def has(self, day: date) -> frozenset[str]:
        """Return the equipment that can be used on a day, without what stands in every home."""
        answer = self.state.value("intake/equipment")
        owned = set(answer) if isinstance(answer, tuple) else set()
        return frozenset(owned - {one.body.target for one in self._in_force("without", day)})

    def lacks(self, day: date) -> frozenset[str]:
        """Return what the person said to be without on a day; a household item can be among it."""
        return frozenset(one.body.target for one in self._in_force("without", day))

    @cached_property
    def minutes(self) -> float | None:
        """Return how long a session may last; None when nobody asked."""
        answer = self.state.value("intake/minutes_per_session")
        return float(answer) if isinstance(answer, int | float) and not isinstance(answer, bool) else None

    def orders(self, action: str, day: date) -> Iterator[Override]:
        """Give a practitioner's orders that hold on a day, oldest first; one without a reason does not hold."""
        return (
            one.body
            for one in self._in_force(action, day)
            if one.body.by == "practitioner" and (one.body.reason or "").strip()
        )

    def forbidden(self, exercise: str, side: Side | None, day: date) -> bool:
        """Say whether a practitioner left out this exercise; without a side the order holds for both."""
        return any(
            order.target == exercise and (order.side is None or side is None or order.side == side)
            for order in self.orders("forbid", day)
        )

    def dose_order(self, exercise: str, side: Side | None, day: date) -> Mapping[str, Any]:
        """Return the dose that a practitioner set for an exercise; empty when nobody did."""
        found: Mapping[str, Any] = {}
        for order in self.orders("dose", day):
            fits = order.target == exercise and (order.side is None or order.side == side)
            if fits and isinstance(order.value, dict):
                found = order.value
        return found

    def gate_order(self, phase: PhaseName, day: date) -> str | None:
        """Return ``open`` or ``closed`` when a practitioner set the gate of a phase."""
        said = [order.value for order in self.orders("gate", day) if order.target == phase]
        return str(said[-1]) if said else None

    def asked_for(self, option: str, day: date) -> bool:
        """Say whether an option of the programme was chosen, and not given up since."""
        found = [
            one.body.value
            for one in self._in_force("choose", day)
            if one.body.target == option and (one.body.by == "user" or (one.body.reason or "").strip())
        ]
        return bool(found) and found[-1] is not False

    @cached_property
    def event_day(self) -> date | None:
        """Return the day that the person last said to train for, whatever the programme says of it."""
        said = [one.body for one in self.state.overrides if one.body.action == "choose" and one.body.target == "event"]
        value = said[-1].value if said else None
        day = value.get("day") if isinstance(value, dict) else None
        try:
            return date.fromisoformat(day) if isinstance(day, str) else None
        except ValueError:
            return None

    def _in_force(self, action: str, day: date) -> Iterator[Logged[Override]]:
        for one in self.state.overrides:
            until = one.body.until
            if one.body.action == action and one.at.date() <= day and (until is None or day <= until.date()):
                yield one


def rank(phase: PhaseName) -> int:
    """Return the place of a phase in the order; ``maintenance`` stands beside P4."""
    return PHASES.index("P4" if phase == "maintenance" else phase)
