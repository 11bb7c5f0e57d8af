"""Why it exists: what a way of planning may see of a person, and what every way of planning must be able to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from levelstride.journal.bodies import SetDone, Side
from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.programme.model import Session
from levelstride.programme.simulation.diary import Diary
from levelstride.programme.simulation.people import Person
from levelstride.screening.decision import Decision
from levelstride.screening.findings import Finding

Key = tuple[str, Side | None]


@dataclass
class Scene:
    """What a policy may see on a day: the person's wishes and journal, never the body."""

    person: Person
    known: Knowledge
    diary: Diary
    now: datetime
    decision: Decision
    findings: tuple[Finding, ...] = ()
    week: int = 0

    @property
    def state(self) -> State:
        """Return the journal."""
        return self.diary.state()

    @property
    def today(self) -> date:
        """Return the day."""
        return self.now.date()


class Policy(Protocol):
    """One way of planning; ``filtered`` names the safety filter it is lived under."""

    name: str

    @property
    def filtered(self) -> str:
        """Return the name of the safety filter."""
        ...

    def due(self, today: date) -> bool:
        """Say whether a new week must be planned."""
        ...

    def week(self, scene: Scene) -> list[Session]:
        """Return the sessions of the week that begins today."""
        ...

    def planned_on(self, today: date) -> tuple[Session, ...]:
        """Return what the week as planned holds for a day."""
        ...

    def day(self, scene: Scene) -> list[Session]:
        """Return what is to be done today, after what is known by now."""
        ...

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Take note of what was written down of a session."""
        ...
