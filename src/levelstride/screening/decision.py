"""Why it exists: what a safety decision is - its level, its reasons, and the one key that opens a programme."""

from dataclasses import dataclass
from datetime import date, datetime

from levelstride.errors import LevelstrideError

#: Most urgent first.
LEVELS = (
    "emergency",
    "same_day",
    "before_start",
    "block",
    "clinician_only",
    "hold",
    "rescreen",
    "incomplete",
    "limit",
    "caution",
    "green",
)
#: Levels at which nothing starts.
STOPS = frozenset(LEVELS[: LEVELS.index("limit")])


@dataclass(frozen=True)
class Because:
    """One answer or fact a decision rests on; ``entry`` = its id in the journal."""

    question: str
    answer: object
    at: datetime | None
    entry: str | None


@dataclass(frozen=True)
class Reason:
    """One case of a rule that holds.

    ``rule`` and ``case`` name it in the library; ``says`` are its words in English, to be translated by a Speaker;
    ``clears`` is what a clinician's agreement must cover, None when an agreement does not lift it.
    """

    rule: str
    case: str
    level: str
    says: str
    actions: tuple[str, ...]
    because: tuple[Because, ...]
    clears: str | None = None


@dataclass(frozen=True)
class Lifted:
    """A stop that a clinician's agreement lifted: what was answered, who agreed, on which day."""

    because: tuple[Because, ...]
    given_by: str
    given_on: date


@dataclass(frozen=True)
class Decision:
    """Whether a person may start today, and everything it rests on.

    ``level`` is the most urgent of ``reasons``; ``cautions`` gives each caution code with what set it; ``missing`` are
    the questions of the safety part that have no valid answer; ``lifted`` the stops that a clinician's agreement
    lifted.
    """

    level: str
    reasons: tuple[Reason, ...]
    cautions: dict[str, tuple[Because, ...]]
    missing: tuple[str, ...]
    lifted: tuple[Lifted, ...] = ()

    @property
    def may_start(self) -> bool:
        """Say whether nothing stops the person."""
        return self.level not in STOPS

    @property
    def stops(self) -> tuple[Reason, ...]:
        """Return the reasons that stop, most urgent first."""
        return tuple(reason for reason in self.reasons if reason.level in STOPS)

    @property
    def actions(self) -> frozenset[str]:
        """Return what the product must do."""
        return frozenset(action for reason in self.reasons for action in reason.actions)


class StoppedError(LevelstrideError):
    """Something must be settled before a plan is made."""

    exit_code = 5

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        says = " ".join(dict.fromkeys(reason.says for reason in decision.stops))
        super().__init__(says, "Run: levelstride screen")


@dataclass(frozen=True)
class Permit:
    """The only key to a programme, for the planner to ask for: it cannot be made while anything stops the person.

    Raises
    ------
    StoppedError
        If the decision stops the person.
    """

    decision: Decision

    def __post_init__(self) -> None:
        if not self.decision.may_start:
            raise StoppedError(self.decision)
