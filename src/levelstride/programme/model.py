"""Why it exists: what a programme is - one week of sessions, every move with its dose and its reason.

A programme covers the seven days from ``starts_on`` and is kept in the journal as it was issued. ``Move.doses`` hold
one dose per side for one-sided moves (``left`` and ``right`` may differ) and one dose with side None for all others.
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from levelstride.journal.bodies import Side
from levelstride.library.schema.exercises import Counted

PhaseName = Literal["P0", "P1", "P2", "P3", "P4", "P5", "maintenance"]
Block = Literal["prep", "activation", "strength", "mobility", "cool_down"]
SessionKind = Literal[
    "tests",
    "standalone",
    "pre_walk",
    "pre_run",
    "daily_activation",
    "minimum",
    "micro",
    "desk_break",
    "warmup_insert",
    "walk_event",
    "walk",
]
Effort = Literal["easy", "brisk", "hills", "intervals"]

#: Optional extras that are no training session, whatever is done in them.
EXTRAS: frozenset[SessionKind] = frozenset({"pre_run", "desk_break", "warmup_insert"})
#: Order of the phases; ``maintenance`` stands beside P4 and P5, not above them.
PHASES: tuple[PhaseName, ...] = ("P0", "P1", "P2", "P3", "P4", "P5", "maintenance")
#: Days of one programme.
WEEK = 7


class Frozen(BaseModel):
    """What all parts of a programme share."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Why(Frozen):
    """One reason: the case of a rule that held, and the journal entries it rests on.

    The words stand in the library (``rules[rule].cases[case].says``); ``values`` fill its placeholders.
    """

    rule: str
    case: str
    entries: tuple[str, ...] = ()
    values: dict[str, str] = Field(default={})


class Dose(Frozen):
    """How much on one side: ``sets`` of ``amount`` (up to ``top`` when it goes well), held ``hold_s`` each.

    ``band`` is a level 1-5, 1 the lightest; ``load_kg`` in kg. None of both = body weight, or a load to be chosen
    (``Move.choose_load``).
    """

    side: Side | None = None
    sets: int = Field(ge=1)
    amount: int = Field(ge=1)
    top: int = Field(ge=1)
    hold_s: int | None = Field(default=None, ge=1)
    band: int | None = Field(default=None, ge=1, le=5)
    load_kg: float | None = Field(default=None, gt=0)


class Move(Frozen):
    """One exercise of one session.

    ``hard``: the effort is above what may be done every day; only these count as hard sets. ``rpe`` and ``rir`` are
    ranges (effort 0-10, repetitions in reserve). ``tempo`` = seconds down, pause, up. ``seconds`` = time with rests.
    ``cue_every``: 1 = each repetition, 2 = every second, 4 = now and then, 0 = a summary after the set, None = no cue.
    """

    exercise: str
    block: Block
    counts: Counted
    doses: tuple[Dose, ...] = Field(min_length=1)
    rpe: tuple[int, int]
    rir: tuple[int, int] | None = None
    rest_s: int = Field(ge=0)
    tempo: tuple[float, float, float] | None = None
    support: bool = False
    choose_load: bool = False
    hard: bool = False
    seconds: int = Field(ge=0)
    cue: str | None = None
    cue_every: int | None = None
    why: tuple[Why, ...] = ()

    @property
    def sets(self) -> int:
        """Return the sets of the side with the most."""
        return max(dose.sets for dose in self.doses)


class WalkPart(Frozen):
    """One walk: ``minutes`` in all, ``effort``, and at most one thing to practise for ``drill_minutes`` of it.

    ``practice`` is the number of the cued practice (1 = the first); ``cue_every`` as in a move.
    """

    minutes: int = Field(ge=1)
    effort: Effort = "easy"
    drill: str | None = None
    drill_minutes: int = 0
    practice: int | None = None
    cue: str | None = None
    cue_every: int | None = None
    support: bool = False
    why: tuple[Why, ...] = ()


class Session(Frozen):
    """What is done in one go.

    Attributes
    ----------
    id : str
        ``<day first planned>-<kind>``; stays when the session moves to another day.
    minutes : int
        Planned length of ``moves``, rounded up; the walk is not in it.
    short, bare : tuple of Move
        The version of ten minutes or less, and the one that needs no equipment.
    before_walk : bool
        Done right before the walk of the same day.
    tests : tuple of str
        Tests to do in it (kind ``tests``).
    """

    id: str
    day: date
    kind: SessionKind
    minutes: int = Field(ge=0)
    moves: tuple[Move, ...] = ()
    short: tuple[Move, ...] = ()
    bare: tuple[Move, ...] = ()
    walk: WalkPart | None = None
    before_walk: bool = False
    optional: bool = False
    tests: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()

    @property
    def extra(self) -> bool:
        """Say whether it is a small extra, which counts as no session."""
        return self.kind in EXTRAS

    @property
    def hard(self) -> bool:
        """Say whether it holds a hard set."""
        return any(move.hard for move in self.moves)


def is_extra(session: str) -> bool:
    """Say whether the id of a session, ``<day>-<kind>``, is that of a small extra."""
    return any(session.endswith(f"-{kind}") for kind in EXTRAS)


class Need(Frozen):
    """One thing a gate asks for: ``key`` names it in the headings, ``have`` and ``want`` as text, whether it is met."""

    key: str
    have: str
    want: str
    met: bool


class Stage(Frozen):
    """One phase as the person sees it."""

    phase: PhaseName
    state: Literal["done", "now", "later", "closed"]
    gate: str = ""
    needs: tuple[Need, ...] = ()
    why: tuple[Why, ...] = ()


class Retest(Frozen):
    """Tests to do again on a day: ``short`` = feel, balance and video; ``full`` = the whole first round."""

    day: date
    extent: Literal["short", "full"]
    tests: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()


class Breaks(Frozen):
    """Breaks in long sitting: every ``every_min`` minutes, ``walk_min`` of walking and some chair stands."""

    every_min: int
    walk_min: tuple[int, int]
    chair_stands: tuple[int, int]
    walk_only: bool = False
    why: tuple[Why, ...] = ()


class Event(Frozen):
    """A day the person trains for, and which part of the way there this week is."""

    name: str
    day: date
    part: Literal["build", "taper", "event_week", "recover", "too_close"]
    why: tuple[Why, ...] = ()


class Relaxation(Frozen):
    """The smallest change of one wish that makes the week possible."""

    wish: str
    says: str
    values: dict[str, str] = Field(default={})


class Programme(Frozen):
    """One week.

    Attributes
    ----------
    week : int
        1 = the first week of the programme.
    phase_since : date
        Start of the first week in this phase.
    easy_week : bool
        A deload, a flare-up or the week before an event: fewer sets on purpose.
    relaxed : tuple of Relaxation
        Wishes that could not be met, each with the smallest change that made the week possible.
    optimal, gap : bool, float
        Whether the solver proved that no better week exists; else how far from the bound (0.05 = 5 %).
    """

    id: str
    starts_on: date
    week: int = Field(ge=1)
    phase: PhaseName
    phase_since: date
    easy_week: bool = False
    sessions: tuple[Session, ...] = ()
    stages: tuple[Stage, ...] = ()
    retests: tuple[Retest, ...] = ()
    breaks: Breaks | None = None
    event: Event | None = None
    relaxed: tuple[Relaxation, ...] = ()
    notices: tuple[Why, ...] = ()
    optimal: bool = True
    gap: float = 0.0
    planner_version: str
    library_version: str
    input_hash: str
    seed: int

    def sessions_per_week(self) -> int:
        """Return how many planned days hold a session that is no optional extra."""
        return len({one.day for one in self.sessions if one.moves and not one.optional})

    def content(self) -> dict[str, Any]:
        """Return the programme as the body of a journal entry holds it."""
        return self.model_dump(mode="json", exclude_defaults=True)


def read_programme(content: dict[str, Any]) -> Programme:
    """Return a programme from the content of a journal entry.

    Raises
    ------
    pydantic.ValidationError
        If it was written by a newer version in a way that cannot be read.
    """
    return Programme.model_validate(content)
