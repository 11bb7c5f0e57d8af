"""Why it exists: may this move be in a programme of this person, and in this dose - one move at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from levelstride.journal.bodies import Side
from levelstride.library.schema.base import Span
from levelstride.library.schema.exercises import Dose as LibraryDose
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.history import SHARP
from levelstride.programme.model import PHASES, Block, Dose, Move, PhaseName, Programme, Session
from levelstride.programme.validator.person import Person, rank
from levelstride.programme.validator.verdict import Sheet

Version = Literal["moves", "short", "bare"]
VERSIONS: tuple[Version, ...] = ("moves", "short", "bare")
#: Phases with an order of their own; ``maintenance`` stands beside them.
ORDER = PHASES[1:6]
#: Kinds that may keep the dose of an earlier phase.
CARRIED = frozenset({"strength", "functional", "core"})
#: Blocks that may hold a first-control dose in any later phase.
EASY_BLOCKS = frozenset({"prep", "activation", "mobility", "cool_down"})
#: Blocks whose moves are practised and counted.
WORK_BLOCKS = frozenset({"activation", "strength"})

#: Sets by which the two sides of a move may differ.
SETS_APART = 1


@dataclass(frozen=True)
class Place:
    """Where a move stands. ``today``: in what is about to be done, where easier moves may stand for planned ones."""

    session: Session
    version: Version
    programme: Programme
    today: bool = False

    @property
    def label(self) -> str:
        """Return the place in words for developers."""
        return f"{self.session.day} {self.session.kind} {self.version}"


def versions(session: Session) -> Iterator[tuple[Version, tuple[Move, ...]]]:
    """Give the versions of a session that hold moves."""
    for version, moves in zip(VERSIONS, (session.moves, session.short, session.bare), strict=True):
        if moves:
            yield version, moves


def check_session_moves(sheet: Sheet, session: Session, programme: Programme, person: Person, *, today: bool) -> None:
    """Check every move of every version of a session, and the moves that its walk is made of."""
    for version, moves in versions(session):
        place = Place(session, version, programme, today)
        for move in moves:
            _check_move(sheet, move, place, person)
    _check_walk(sheet, session, programme, person)


def _check_move(sheet: Sheet, move: Move, place: Place, person: Person) -> None:
    exercise = person.known.exercises.get(move.exercise)
    if exercise is None:
        _say(sheet, "own_choices", "unknown", "no such exercise in the library", move, place)
        return
    check_demands(sheet, exercise, place.session.id, person, place.label)
    _check_orders(sheet, move, place, person)
    _check_equipment(sheet, move, exercise, place, person)
    _check_effort(sheet, move, place, person)
    _check_cue(sheet, move, exercise, place, person)
    doses = tuple(allowed_doses(exercise, move.block, place))
    if not doses:
        text = f"{exercise.kind} has no dose that {place.programme.phase} may hold in block {move.block}"
        _say(sheet, "phases", "stay", text, move, place)
        return
    _check_sides(sheet, move, doses, place, person)
    _check_doses(sheet, move, exercise, doses, place, person)
    _check_declared_effort(sheet, move, doses, place, person)


def check_demands(sheet: Sheet, exercise: Exercise, session: str, person: Person, label: str) -> None:
    """Check that nothing of an exercise is closed by a health answer or by the safety decision."""
    clash = person.clash(exercise)
    if clash is not None:
        demand, closed = clash
        text = f"{label}: demand {demand} is closed"
        sheet.broken(closed.rule, closed.case, text, session=session, exercise=exercise.id)


def _check_orders(sheet: Sheet, move: Move, place: Place, person: Person) -> None:
    day = place.session.day
    for dose in move.doses:
        if person.forbidden(move.exercise, dose.side, day):
            _say(sheet, "own_choices", "forbidden", "a practitioner left it out", move, place, dose.side)
    orders = {"pinned": "pin", "dose_set": "dose"}
    for why in move.why:
        action = orders.get(why.case) if why.rule == "own_choices" else None
        if action and not any(order.target == move.exercise for order in person.orders(action, day)):
            _say(sheet, "own_choices", "no_reason", f"{why.case}: no order with a reason stands", move, place)


def _check_equipment(sheet: Sheet, move: Move, exercise: Exercise, place: Place, person: Person) -> None:
    things, day = person.known.vocabulary.equipment, place.session.day
    bare = place.version == "bare"
    owned: frozenset[str] = frozenset() if bare else person.has(day)
    lacks = person.lacks(day)

    def at_hand(thing: str) -> bool:
        return thing not in lacks and (thing in owned or things[thing].household)

    for choices in exercise.equipment.needs:
        if not any(at_hand(thing) for thing in choices):
            _say(sheet, "less_equipment", "missing_item", f"needs one of {', '.join(choices)}", move, place)
    weighs = move.choose_load or any(dose.load_kg is not None or dose.band is not None for dose in move.doses)
    named = (*(thing for choices in exercise.equipment.needs for thing in choices), *exercise.equipment.optional)
    if weighs and not any(thing in owned for thing in named if not things[thing].household and thing not in lacks):
        _say(sheet, "less_equipment", "missing_item", "a load or band without anything to load with", move, place)


def _check_effort(sheet: Sheet, move: Move, place: Place, person: Person) -> None:
    rules = person.rules
    low, high = move.rpe
    if low > high or (move.rir is not None and move.rir[0] > move.rir[1]):
        _say(sheet, "weekly_volume", "daily_ok", "a range with its ends the wrong way round", move, place)
    if move.hard != (high > rules.number("weekly_volume", "daily_rpe_max")):
        _say(sheet, "weekly_volume", "daily_ok", f"hard is {move.hard} at effort up to {high}", move, place)
    if move.rir is not None and move.rir[0] <= rules.number("progression_order", "down_rir"):
        _say(sheet, "first_weeks", "to_failure", "sets would go to failure", move, place)
    if place.programme.week > rules.whole("first_weeks", "novice_weeks"):
        return
    if high > rules.pair("first_weeks", "rpe_cap")[1]:
        _say(sheet, "first_weeks", "over_cap", f"effort up to {high} in week {place.programme.week}", move, place)
    if move.rir is not None and move.rir[0] < rules.pair("first_weeks", "rir_first")[0]:
        _say(sheet, "first_weeks", "to_failure", f"only {move.rir[0]} repetitions in reserve", move, place)


def allowed_doses(exercise: Exercise, block: Block, place: Place) -> Iterator[tuple[PhaseName, LibraryDose]]:
    """Give the doses of an exercise that the phase may hold in a block.

    Where an easier move stands for another one (without equipment, or after pain today) a first-control dose is as
    good in the strength block: it asks for less.
    """
    phase = place.programme.phase
    if phase == "maintenance" and exercise.kind != "plyometric":
        yield from exercise.doses.items()
        return
    eased = block in EASY_BLOCKS or place.version == "bare" or place.today
    for name, dose in exercise.doses.items():
        earlier = name in ORDER and phase in ORDER and ORDER.index(name) < ORDER.index(phase)
        if name == phase or (earlier and (exercise.kind in CARRIED or (eased and name == ORDER[0]))):
            yield name, dose


def _check_sides(
    sheet: Sheet, move: Move, doses: tuple[tuple[PhaseName, LibraryDose], ...], place: Place, person: Person
) -> None:
    sides = [dose.side for dose in move.doses]
    if len(set(sides)) != len(sides):
        _say(sheet, "programme", "sides", "one side stands twice", move, place)
    if not any(dose.per_side for _, dose in doses):
        if sides != [None]:
            _say(sheet, "programme", "sides", "a move for both legs at once has a dose per side", move, place)
        return
    if None in sides:
        _say(sheet, "programme", "sides", "a one-sided move has a dose without a side", move, place)
        return
    for side in ("left", "right"):
        if side not in sides and not _side_is_sore(person, move.exercise, side, place):
            _say(sheet, "programme", "sides", "this side is missing, and no pain took it out", move, place, side)
    sets = [dose.sets for dose in move.doses]
    ordered = any("sets" in person.dose_order(move.exercise, side, place.session.day) for side in sides)
    if max(sets) - min(sets) > SETS_APART and not ordered:
        _say(sheet, "programme", "sides", f"sets of the sides differ by {max(sets) - min(sets)}", move, place)


def _side_is_sore(person: Person, exercise: str, side: Side, place: Place) -> bool:
    """Say whether pain may have taken a side out: told of in the last days, or in the last bout of the move there."""
    rules, day = person.rules, place.session.day
    most, days = rules.number("pain_colours", "green_max"), rules.whole("pain_colours", "reds_window")
    for one in person.state.pain:
        here = one.body.side in (side, None) and 0 <= (day - one.at.date()).days <= days
        if here and (one.body.score > most or one.body.quality in SHARP or one.body.back_to_usual is False):
            return True
    last = [one.body for one in person.state.sets if one.body.exercise == exercise and one.body.side == side][-1:]
    return any((one.pain or 0) > most or one.pain_kind in SHARP for one in last)


def _check_doses(
    sheet: Sheet,
    move: Move,
    exercise: Exercise,
    doses: tuple[tuple[PhaseName, LibraryDose], ...],
    place: Place,
    person: Person,
) -> None:
    fitting = [dose for _, dose in doses if dose.counts == move.counts]
    if not fitting:
        _say(sheet, "programme", "counts", f"counts {move.counts}, the library does not", move, place)
        return
    for dose in move.doses:
        _check_most(sheet, move, dose, place, person)
        order = person.dose_order(move.exercise, dose.side, place.session.day)
        if not any(_fits(dose, one, exercise, order, person) for one in fitting):
            ranges = "; ".join(f"{one.sets} x {one.amount}" for one in fitting)
            text = f"{dose.sets} x {dose.amount}-{dose.top} (hold {dose.hold_s}) is outside {ranges}"
            _say(sheet, "programme", "dose", text, move, place, dose.side)


def _fits(dose: Dose, given: LibraryDose, exercise: Exercise, order: object, person: Person) -> bool:
    ordered = order if isinstance(order, dict) else {}
    preset = person.known.doses[given.preset] if given.preset is not None else None
    holds = [span.high for span in (given.hold_s, preset.hold_s if preset else None) if span is not None]
    hold = max(holds, default=round(exercise.tempo.pause_s or 0))
    if given.counts == "seconds":
        hold = max(hold, given.amount.high)
    extra = person.known.rules["progression_order"].figures["up_extra_reps"].number()
    return (
        dose.sets <= max(given.sets.high, _whole(ordered.get("sets")))
        and dose.amount <= max(given.amount.high, _whole(ordered.get("amount")))
        # the last set may go on until the two-for-two rule is met
        and dose.amount <= dose.top <= max(given.amount.high, _whole(ordered.get("amount"))) + extra
        and (dose.hold_s or 0) <= max(hold, _whole(ordered.get("hold_s")))
    )


def _check_most(sheet: Sheet, move: Move, dose: Dose, place: Place, person: Person) -> None:
    limits = person.known.limits
    asked = {f"most_{move.counts}": max(dose.amount, dose.top), "most_sets": dose.sets, "most_seconds": dose.hold_s}
    for name, value in asked.items():
        if value is not None and value > limits[name].number():
            _say(sheet, "limits", name, f"{value} is more than any dose may be", move, place, dose.side)


def _check_declared_effort(
    sheet: Sheet, move: Move, doses: tuple[tuple[PhaseName, LibraryDose], ...], place: Place, person: Person
) -> None:
    """Check the effort against the library: never above it, and never called easy to escape the rules on hard sets."""
    spans = [span for name, dose in doses for span in _efforts(name, dose, person)]
    if not spans:
        return
    programme = place.programme
    if move.rpe[1] > max(span.high for span in spans):
        text = f"effort up to {move.rpe[1]}, the library allows {max(span.high for span in spans)}"
        _say(sheet, "programme", "effort", text, move, place)
    eased = place.today or programme.easy_week or programme.week <= person.rules.whole("first_weeks", "novice_weeks")
    least = min(span.low for span in spans)
    if not eased and not move.hard and least > person.rules.number("weekly_volume", "daily_rpe_max"):
        _say(sheet, "programme", "effort", f"called easy, but its effort starts at {least}", move, place)


def _efforts(phase: PhaseName, dose: LibraryDose, person: Person) -> Iterator[Span]:
    if dose.rpe is not None:
        yield dose.rpe
    elif dose.preset is not None and (span := person.known.doses[dose.preset].rpe) is not None:
        yield span
    row = next(row for row in person.known.rules["phases"].tables["phases"] if row["id"] == phase)
    if dose.rpe is None and "rpe" in row:
        low, high = person.rules.wholes("phases", row["rpe"])
        yield Span(low=low, high=high)


def _check_cue(sheet: Sheet, move: Move, exercise: Exercise, place: Place, person: Person) -> None:
    if move.cue is None or move.cue not in exercise.cues.internal:
        return
    rules = person.rules
    most = rules.pair("cue_fading", "internal_sessions")[1]
    clean = clean_sessions(person, {exercise.id}, None, rules.number("cue_fading", "back_quality"))
    if clean >= most and exercise.kind != "activation":
        _say(sheet, "cue_fading", "half", f"a cue about the body after {clean} clean sessions", move, place)


def clean_sessions(person: Person, exercises: frozenset[str] | set[str], side: Side | None, quality: float) -> int:
    """Return in how many sessions these exercises were done cleanly; without a side, on either."""
    done: dict[tuple[str, str], list[int]] = {}
    for one in person.state.sets:
        body = one.body
        fits = body.exercise in exercises and not body.skipped and (side is None or body.side in (side, None))
        if fits and body.reps and body.clean_reps is not None:
            key = (body.exercise, body.session or one.at.date().isoformat())
            counted = done.setdefault(key, [0, 0])
            counted[0] += min(body.clean_reps, body.reps)
            counted[1] += body.reps
    return len({session for (_, session), (clean, reps) in done.items() if 100 * clean >= quality * reps})


def _check_walk(sheet: Sheet, session: Session, programme: Programme, person: Person) -> None:
    walk = session.walk
    if walk is None:
        return
    kinds = {"easy": "easy_walk", "brisk": "brisk_walk", "hills": "hill_stairs", "intervals": "walk_intervals"}
    for name in (kinds[walk.effort], *((walk.drill,) if walk.drill is not None else ())):
        exercise = person.known.exercises.get(name)
        if exercise is None:
            sheet.broken("own_choices", "unknown", "no such exercise", session=session.id, exercise=name)
            continue
        check_demands(sheet, exercise, session.id, person, f"{session.day} walk")
        if person.forbidden(name, None, session.day):
            sheet.broken("own_choices", "forbidden", "left out of the walk", session=session.id, exercise=name)
        if min(map(rank, exercise.doses)) > max(rank(programme.phase), rank(ORDER[0])):
            text = f"walk {walk.effort}: {name} opens later than {programme.phase}"
            sheet.broken("phases", "stay", text, session=session.id, exercise=name)
    if walk.drill_minutes > walk.minutes:
        sheet.broken("programme", "minutes", "more practice than walk", session=session.id, exercise=walk.drill)


def _whole(value: object) -> int:
    return round(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _say(sheet: Sheet, rule: str, case: str, text: str, move: Move, place: Place, side: Side | None = None) -> None:
    sheet.broken(rule, case, f"{place.label}: {text}", session=place.session.id, exercise=move.exercise, side=side)
