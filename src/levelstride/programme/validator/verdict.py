"""Why it exists: what the second opinion on a programme says, and the sheet it is written on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from levelstride.journal.bodies import Side
from levelstride.programme.model import Why


@dataclass(frozen=True)
class Violation:
    """A rule that is broken, and where; ``text`` is for developers.

    ``rule`` and ``case`` as in the library's rules; besides them ``cautions`` with a code, ``limits`` with a limit, and
    ``programme`` for what a programme is by itself (days, sides, dose, effort, counts, minutes).
    """

    rule: str
    case: str
    session: str | None
    exercise: str | None
    side: Side | None
    text: str


@dataclass(frozen=True)
class Verdict:
    """Rules that are broken, and what the person should be told although nothing is broken."""

    violations: tuple[Violation, ...]
    notices: tuple[Why, ...]


@dataclass
class Sheet:
    """Where the checks write; each finding stands once."""

    violations: dict[Violation, None] = field(default_factory=dict)
    notices: dict[tuple[str, str], Why] = field(default_factory=dict)

    def broken(
        self,
        rule: str,
        case: str,
        text: str,
        *,
        session: str | None = None,
        exercise: str | None = None,
        side: Side | None = None,
    ) -> None:
        """Write down a rule that is broken."""
        self.violations[Violation(rule, case, session, exercise, side, text)] = None

    def at(
        self, session: str, exercise: str | None = None, side: Side | None = None
    ) -> Callable[[str, str, str], None]:
        """Return a pen for one place: it takes rule, case and text."""

        def say(rule: str, case: str, text: str) -> None:
            self.broken(rule, case, text, session=session, exercise=exercise, side=side)

        return say

    def notice(self, why: Why) -> None:
        """Write down what the person should be told."""
        self.notices.setdefault((why.rule, why.case), why)

    def verdict(self) -> Verdict:
        """Return what was written."""
        return Verdict(tuple(self.violations), tuple(self.notices.values()))
