"""Why it exists: the ways of planning that are compared - ours, and the plain ones under each safety filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from levelstride.journal.bodies import SetDone
from levelstride.programme.model import WEEK, Programme, Session
from levelstride.programme.simulation.baselines import ConfiguredProgression, DoubleProgression, Plain
from levelstride.programme.simulation.filters import Basic, Complete, Protective
from levelstride.programme.simulation.scene import Policy, Scene
from levelstride.screening.decision import Permit

__all__ = ["ConfiguredProgression", "DoubleProgression", "Issue", "Ours", "Plain", "Policy", "Scene", "policies"]


@dataclass(frozen=True)
class Issue:
    """What our own planner gave and is checked for: a week, or a session of a day."""

    programme: Programme
    session: Session | None = None


class Ours:
    """The programme of the product; its safety is its own."""

    name = "levelstride"
    filtered = "own"

    def __init__(self) -> None:
        self.programmes: list[Programme] = []
        self.issued: list[Issue] = []

    def due(self, today: date) -> bool:
        """Say whether the last week is over."""
        return not self.programmes or today >= self.programmes[-1].starts_on + timedelta(days=WEEK)

    def week(self, scene: Scene) -> list[Session]:
        """Plan a week and keep it in the journal."""
        from levelstride.programme.plan import issue, plan  # the solver, which only this policy needs

        programme = plan(Permit(scene.decision), scene.state, scene.findings, scene.known, scene.now)
        self.programmes.append(programme)
        self.issued.append(Issue(programme))
        scene.diary.write(issue(programme), scene.now)
        return list(programme.sessions)

    def planned_on(self, today: date) -> tuple[Session, ...]:
        """Return the sessions of the issued week that stand on a day."""
        sessions = self.programmes[-1].sessions if self.programmes else ()
        return tuple(session for session in sessions if session.day == today)

    def day(self, scene: Scene) -> list[Session]:
        """Return today's sessions, after pain, readiness and level."""
        from levelstride.programme.day import day_plan

        if not self.programmes:
            return []
        today = day_plan(Permit(scene.decision), self.programmes[-1], scene.state, scene.known, scene.now)
        self.issued.extend(Issue(self.programmes[-1], session) for session in today.sessions)
        return [session for session in today.sessions if not session.extra]  # virtual people leave extras out

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Do nothing: the journal says it all."""


def policies() -> tuple[Policy, ...]:
    """Return every policy anew: ours first, then the plain ones under each safety filter."""
    plain = (Plain, DoubleProgression, ConfiguredProgression)
    return (Ours(), *(kind(keeper()) for keeper in (Basic, Protective, Complete) for kind in plain))
