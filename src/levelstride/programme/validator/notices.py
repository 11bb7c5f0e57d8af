"""Why it exists: what a sound week may still lack - a plane, a squat or a hinge, more load over the weeks."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from levelstride.library.schema.exercises import Exercise
from levelstride.programme.model import WEEK, Move, Programme, Session
from levelstride.programme.validator.moves import WORK_BLOCKS
from levelstride.programme.validator.person import Person
from levelstride.programme.validator.reading import Key, Reading, band, morning_is_up
from levelstride.programme.validator.verdict import Sheet
from levelstride.programme.validator.volume import last_of_each_week
from levelstride.programme.validator.week import MAIN

STRENGTH_PHASES = frozenset({"P2", "P3", "P4"})
#: Kinds whose load or repetitions should rise over the weeks.
LIFTS = frozenset({"strength", "functional", "multiplanar"})
#: What a hinge asks of the body, besides straightening the hip.
HINGES = frozenset({"loaded_hinge", "long_hamstring"})
HIP = frozenset({"gmax", "hamstrings"})


def add_notices(sheet: Sheet, programme: Programme, before: tuple[Programme, ...], person: Person) -> None:
    """Write what the person should be told although no rule is broken."""
    main = [session for session in programme.sessions if session.kind in MAIN]
    if not main:
        return
    exercises = tuple(_work(main, person))
    planes = {plane for exercise in exercises for plane in exercise.plane}
    if any(plane not in planes for plane in person.known.rules["weekly_volume"].lists["required_planes"]):
        sheet.notice(person.rules.why("weekly_volume", "plane_missing"))
    if programme.phase not in STRENGTH_PHASES:
        return
    fewest = person.rules.whole("squat_and_hinge", "per_week_each")
    for is_kind in (is_squat, is_hinge):
        if sum(map(is_kind, exercises)) < fewest and _is_possible(is_kind, person):
            sheet.notice(person.rules.why("squat_and_hinge", "one_missing"))
    if _is_flat(programme, before, person):
        sheet.notice(person.rules.why("weekly_volume", "no_rise"))


def is_squat(exercise: Exercise) -> bool:
    """Say whether an exercise is led by the knee: the front of the thigh straightens the leg."""
    return exercise.kind in LIFTS and "extension" in exercise.actions and "quads" in exercise.muscles.primary


def is_hinge(exercise: Exercise) -> bool:
    """Say whether an exercise is led by the hip: it bends there with a long back of the thigh."""
    led = "extension" in exercise.actions and bool(HIP & set(exercise.muscles.primary))
    return exercise.kind in LIFTS and led and bool(HINGES & set(exercise.demands))


def _is_possible(is_kind: Callable[[Exercise], bool], person: Person) -> bool:
    return any(is_kind(exercise) and person.clash(exercise) is None for exercise in person.known.exercises.values())


def _work(sessions: list[Session], person: Person) -> Iterator[Exercise]:
    for session in sessions:
        for move in session.moves:
            exercise = person.known.exercises.get(move.exercise)
            if exercise is not None and move.block in WORK_BLOCKS:
                yield exercise


def _is_flat(programme: Programme, before: tuple[Programme, ...], person: Person) -> bool:
    """Say whether neither load nor repetitions rose in any main lift over the window, without a reason to wait."""
    start = programme.starts_on - timedelta(days=WEEK * person.rules.whole("weekly_volume", "overload_window"))
    weeks = [week for week in last_of_each_week(before, programme) if week.starts_on > start - timedelta(days=WEEK)]
    if not weeks or weeks[0].starts_on > start or programme.easy_week:
        return False
    if any(week.easy_week or week.phase not in STRENGTH_PHASES for week in weeks):
        return False
    reading = Reading(person, programme.starts_on)
    if _hurt(reading, start):
        return False
    lifts = _lifts(reading, start)
    return bool(lifts) and not any(rises for rises in lifts.values()) and not _plans_more(programme, reading, lifts)


def _hurt(reading: Reading, start: date) -> bool:
    """Say whether pain above green was told of since a day."""
    told = reading.recent
    if any(one.at.date() >= start and band(one.body.score, False, reading.person) != "green" for one in told.pain):
        return True
    return any(
        band(bout.pain or 0.0, bout.sharp or bout.fell, reading.person) != "green" or morning_is_up(bout, done)
        for done in told.since(start)
        for bout in done.bouts
    )


def _lifts(reading: Reading, start: date) -> dict[Key, bool]:
    """Return, for each main lift done in more than one week since a day, whether anything rose above the first bout."""
    exercises = reading.person.known.exercises
    found: dict[Key, bool] = {}
    for (name, side), bouts in reading.recent.bouts.items():
        kept = [bout for bout in bouts if bout.day >= start]
        if not kept or name not in exercises or exercises[name].kind not in LIFTS:
            continue
        first, later = kept[0], kept[1:]
        if (kept[-1].day - first.day).days >= WEEK:
            found[name, side] = any(
                (bout.load_kg or 0) > (first.load_kg or 0)
                or (bout.band or 0) > (first.band or 0)
                or max(bout.amounts) > max(first.amounts)
                for bout in later
            )
        elif any(_is_harder(name, other, reading) for other, _ in found):
            found[name, side] = True
    return found


def _is_harder(name: str, other: str, reading: Reading) -> bool:
    """Say whether a move stands above another one on its ladder: a step that load and repetitions do not show."""
    return name in reading.person.known.exercises[other].harder


def _plans_more(programme: Programme, reading: Reading, lifts: dict[Key, bool]) -> bool:
    """Say whether this week raises load or repetitions of a main lift."""
    for session in programme.sessions:
        for move in session.moves:
            for dose in move.doses:
                key: Key = (move.exercise, dose.side)
                if key in lifts and _is_more(move, key, reading):
                    return True
    return False


def _is_more(move: Move, key: Key, reading: Reading) -> bool:
    last = reading.recent.bouts[key][-1]
    dose = next(dose for dose in move.doses if dose.side == key[1])
    return (
        (dose.load_kg or 0) > (last.load_kg or 0)
        or (dose.band or 0) > (last.band or 0)
        or dose.amount > max(last.amounts)
    )
