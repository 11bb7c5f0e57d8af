"""Why it exists: the easy parts around the main moves - getting ready, easy practice, stretching, winding down.

They are chosen by plain order, not by the solver: gentle doses, never hard, and dropped first when time is short.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from levelstride.journal.bodies import Side
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.candidates import is_possible, last_week, resting
from levelstride.programme.context import Context
from levelstride.programme.model import WEEK, Block, Move, PhaseName, Why
from levelstride.programme.moves import Ask, make_move
from levelstride.programme.traits import Traits
from levelstride.screening.change import compare_points
from levelstride.screening.person import age_on
from levelstride.screening.series import all_series

#: From how many minutes on a session has room for a part: getting ready, winding down, one easy move and stretches.
ROOM = (11, 16, 26)
BLOCKS = ("prep", "activation", "mobility", "cool_down")


@dataclass(frozen=True)
class Around:
    """The easy moves around the main part of every session of the week."""

    prep: tuple[Move, ...] = ()
    activation: tuple[Move, ...] = ()
    mobility: tuple[Move, ...] = ()
    cool_down: tuple[Move, ...] = ()

    @property
    def seconds(self) -> int:
        """Return the time they take."""
        return sum(move.seconds for move in (*self.prep, *self.activation, *self.mobility, *self.cool_down))


@dataclass
class _Taken:
    names: set[str] = field(default_factory=set)


def find_around(
    context: Context, phase: PhaseName, minutes: int, *, framed: bool = False, without: Iterable[str] = ()
) -> Around:
    """Return the easy parts of a session of ``minutes``; ``framed`` keeps prep and cool-down at any length.

    ``without``: main moves of the week, which are no warm-up beside themselves.
    """
    taken = _Taken(set(without))
    practice = _practice_names(context, phase)
    wide = framed or minutes >= ROOM[0]
    first = phase == "P1"  # its sessions begin with breathing at any length (R128)
    traits = context.traits
    needed = needs_balance(traits)
    easy = 1 if needed or (not first and minutes >= ROOM[2]) else 0
    activation = _take(context, phase, "activation", practice, easy, taken)
    stretches = _stretches(context)
    mobility = _take(context, phase, "mobility", stretches, 2 if minutes >= ROOM[2] else min(1, len(stretches)), taken)
    lists = context.known.rules["week_plan"].lists
    order = lists["first_moves" if phase == "P1" else "prep_moves"]
    calm = [(name, context.rules.why("week_plan", "warm_up")) for name in order]
    prep = _take(context, phase, "prep", calm, 1 if wide or first else 0, taken)
    wished = {name for name, _ in stretches}
    end = [
        (name, context.rules.why("week_plan", "cool_down"))
        for name in (*lists["cool_down_moves"], *lists["prep_moves"])
        if context.known.exercises[name].tempo.rhythm != "hold" or name in wished
    ]
    cool = _take(context, phase, "cool_down", end, 1 if framed or minutes >= ROOM[1] else 0, taken)
    return Around(prep, activation, mobility if minutes >= ROOM[0] else (), cool)


def warm_up_moves(context: Context, phase: PhaseName, *, prep: bool) -> tuple[Move, ...]:
    """Return all easy moves that may get a person ready, the preferred ones first, for a warm-up or easy practice."""
    taken = _Taken()
    names = context.known.rules["week_plan"].lists["prep_moves"]
    calm = [(name, context.rules.why("week_plan", "warm_up")) for name in names]
    ready = _take(context, phase, "prep", calm, len(calm), taken) if prep else ()
    practice = _practice_names(context, phase)
    return (*ready, *_take(context, phase, "activation", practice, len(practice), taken))


def easy_moves(context: Context, phase: PhaseName, block: Block, names: Sequence[tuple[str, Why]]) -> tuple[Move, ...]:
    """Return the gentle moves of a list that are open to the person, in its order."""
    return _take(context, phase, block, names, len(names), _Taken())


def shortened(around: Around, budget: int, needed: int, *, framed: bool = False) -> Around:
    """Return the easy parts cut until ``needed`` seconds are left of ``budget`` for the main moves."""
    # balance practice is the last to go
    easy = any(move.why and move.why[0].case == "balance" for move in around.activation)
    order = ("mobility", "cool_down", "prep", "activation") if easy else ("mobility", "activation", "cool_down", "prep")
    for cut in order:
        if budget - around.seconds >= needed:
            break
        if (framed and cut in ("cool_down", "prep")) or (easy and cut == "activation"):
            continue
        kept = {name: getattr(around, name) for name in BLOCKS}
        around = Around(**{**kept, cut: ()})
    return around


def _take(
    context: Context,
    phase: PhaseName,
    block: Block,
    names: Iterable[tuple[str, Why]],
    count: int,
    taken: _Taken,
) -> tuple[Move, ...]:
    found: list[Move] = []
    for name, why in names:
        if len(found) >= count:
            break
        exercise = context.known.exercises[name]
        if name in taken.names or not is_possible(context, exercise) or resting(context, name):
            continue
        if (
            context.frame(exercise, next(iter(exercise.doses.values()))).needs_load is not None
            and block != "activation"
        ):
            continue
        move = make_move(context, exercise, Ask(block, phase, gentle=True, why=(why,)))
        if move is not None:
            found.append(move)
            taken.names.add(name)
    return tuple(found)


def needs_balance(traits: Traits) -> bool:
    """Say whether every session holds a balance move."""
    return traits.steady or traits.points_to("poor_balance") or "better_balance" in traits.goals


def balance_move(context: Context) -> str | None:
    """Return the hardest balance move that is possible and earned; the easiest possible one is always earned."""
    names = context.known.rules["week_plan"].lists["balance_moves"]
    possible = [name for name in names if is_possible(context, context.known.exercises[name])]
    days = context.rules.whole("week_plan", "balance_days")
    for place, name in enumerate(possible):
        if place == len(possible) - 1 or context.clean_sessions(possible[place + 1]) >= days:
            return name
    return None


def _practice_names(context: Context, phase: PhaseName) -> Sequence[tuple[str, Why]]:
    """Return easy moves for the block before the main part: findings, balance, then last week's, then the easiest."""
    rules, known = context.rules, context.known
    entry = rules.whole("week_plan", "entry_p1")
    names: dict[str, Why] = {}

    def add(exercise: Exercise, why: Why, *, plus: int = 0) -> None:
        met = any(key[0] == exercise.id for key in context.history.bouts)
        loaded = context.frame(exercise, next(iter(exercise.doses.values()))).needs_load is not None
        if (
            exercise.kind in ("activation", "balance")
            and "P1" in exercise.doses
            and (met or (exercise.difficulty <= entry + plus and not loaded))
        ):
            names.setdefault(exercise.id, why)

    if needs_balance(context.traits):
        name = balance_move(context)
        if name is not None:
            names[name] = rules.why("week_plan", "balance")
    for pointed in context.traits.pointed:
        for name in pointed.family.first_block:
            if name in known.rules["week_plan"].lists["breaks_only"]:
                continue
            add(known.exercises[name], rules.why("finding_to_exercise", pointed.family.case, *pointed.entries), plus=1)
    kept = last_week(context.last)
    rest = sorted(known.exercises.values(), key=lambda one: (one.id not in kept, one.difficulty, one.id))
    for exercise in rest:
        at_desk = exercise.id in known.rules["week_plan"].lists["breaks_only"]
        if exercise.kind == "activation" and {"gmax", "gmed"} & set(exercise.muscles.primary) and not at_desk:
            add(exercise, rules.why("week_plan", "kept" if exercise.id in kept else "warm_up"))
    return tuple(names.items())


def _idle_families(context: Context) -> set[tuple[str, Side | None]]:
    """Return the families, by side, whose result has not changed beyond its error in weeks of stretching (X15)."""
    age = age_on(context.state, context.today)
    weeks = context.rules.number("stretching", "retest_weeks")
    found: set[tuple[str, Side | None]] = set()
    for series in all_series(context.state, context.known):
        if len(series.points) < 2:
            continue
        last, now = series.points[-2], series.points[-1]
        change = compare_points(series, last, now, context.known, age)
        stuck = change.verdict == "no_detectable_change" and change.days >= weeks * WEEK
        if stuck and last.at.date() >= context.started_on - timedelta(days=WEEK):
            found.update(
                (family.case, series.side)
                for finding in context.findings
                if finding.subject.id == series.subject.id and finding.side == series.side
                for family in finding.families
            )
    return found


def _stretches(context: Context) -> Sequence[tuple[str, Why]]:
    """Return stretches for a measured limit, or because the person wishes them (rule ``stretching``)."""
    rules, known = context.rules, context.known
    names: dict[str, Why] = {}
    codes = context.traits.codes
    careful = any(code in codes for code in known.rules["stretching"].lists["caution_codes"])
    idle = _idle_families(context)
    for pointed in context.traits.pointed:
        if (pointed.family.case, pointed.side) in idle:
            continue
        for name in pointed.family.first_block:
            exercise = known.exercises[name]
            long = "end_range_stretch" in exercise.demands
            if exercise.kind == "mobility" and not (careful and long):
                names.setdefault(name, rules.why("stretching", "limit", *pointed.entries))
    wish = context.choices.options.get("stretching")
    if wish is not None and wish.value is True and not careful:
        for name in ("calf_stretch", "quad_stretch", "glute_stretch"):
            names.setdefault(name, rules.why("stretching", "wish", wish.entry))
    return tuple(names.items())
