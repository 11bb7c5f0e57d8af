"""Why it exists: the shape of a week - its days, how many sessions, how long they are, what each one must hold."""

from collections import Counter
from datetime import timedelta
from itertools import groupby
from math import ceil

from levelstride.programme.model import WEEK, Move, Programme, Session
from levelstride.programme.validator.moves import WORK_BLOCKS, check_session_moves, versions
from levelstride.programme.validator.person import Person, rank
from levelstride.programme.validator.reading import Reading
from levelstride.programme.validator.verdict import Sheet

#: Sessions that a week counts: those with strength work of their own.
MAIN = frozenset({"standalone", "walk_event"})
#: Easy sessions that may come a second time on one day.
REPEATED = frozenset({"daily_activation", "minimum"})
#: Small extras that nobody has to do, each with the case of ``session_shape`` that describes it.
ASKED = {"pre_run": "pre_run", "warmup_insert": "warmup_insert", "desk_break": "micro"}
MINUTE = 60
#: Phases in which each session has a move on one leg.
ONE_LEG = frozenset({"P3", "P4"})


def check_week(sheet: Sheet, programme: Programme, before: tuple[Programme, ...], person: Person) -> None:
    """Check everything about a week that one session alone does not show."""
    _check_days(sheet, programme, person)
    _check_count(sheet, programme, person)
    _check_twice(sheet, programme, person)
    _check_phase(sheet, programme, before, person)
    check_event(sheet, programme.sessions, programme, person)
    _check_breaks(sheet, programme, person)
    for session in programme.sessions:
        check_session_moves(sheet, session, programme, person, today=False)
        _check_length(sheet, session, programme, person)
        check_blocks(sheet, session, person)
        check_extra(sheet, session, person)
        _check_versions(sheet, session, person)
        _check_one_leg(sheet, session, programme, person)


def check_start(sheet: Sheet, person: Person, sessions: tuple[Session, ...]) -> None:
    """Check that nothing is planned while something stops the person."""
    stops = [(reason.rule, reason.case) for reason in person.decision.stops]
    for code in person.cautions:
        if person.known.cautions[code].action == "clearance" and not person.agreed(code):
            stops.append(("cautions", code))
    if not stops and not person.decision.may_start:
        stops.append(("phases", "not_clear"))
    for rule, case in dict.fromkeys(stops) if sessions else ():
        sheet.broken(rule, case, f"{len(sessions)} sessions while nothing may start")


def _check_days(sheet: Sheet, programme: Programme, person: Person) -> None:
    end = programme.starts_on + timedelta(days=WEEK)
    for session in programme.sessions:
        if not programme.starts_on <= session.day < end:
            sheet.broken("programme", "days", f"{session.day} is not in the week", session=session.id)
    for name, times in Counter(session.id for session in programme.sessions).items():
        if times > 1:
            sheet.broken("programme", "days", f"{times} sessions have one id", session=name)


def _row(programme: Programme, person: Person) -> dict[str, object]:
    table = person.known.rules["phases"].tables["phases"]
    return next(row for row in table if row["id"] == programme.phase)


def _check_count(sheet: Sheet, programme: Programme, person: Person) -> None:
    row = _row(programme, person)
    main = [session for session in programme.sessions if session.kind in MAIN]
    # P5 adds hops to the strength sessions of P4; how many may hold hops is checked with the hops
    name = "p4_sessions" if programme.phase == "P5" else str(row["sessions"])
    most = person.rules.wholes("phases", name)[1]
    if len(main) > most:
        sheet.broken("phases", "stay", f"{len(main)} sessions in the week, {most} at most")
    if "moves" not in row:
        return
    fewest, most = person.rules.wholes("phases", str(row["moves"]))
    for session in main:
        for version, moves in versions(session):
            count = len([move for move in moves if move.block in WORK_BLOCKS])
            limit = min(most, person.rules.wholes("week_plan", "short_moves")[1]) if version == "short" else most
            if count > limit:
                sheet.broken("phases", "stay", f"{version}: {count} moves, {limit} at most", session=session.id)
            elif count < fewest and version == "moves":
                sheet.notice(person.rules.why("week_plan", "moves_short"))


def _check_twice(sheet: Sheet, programme: Programme, person: Person) -> None:
    rules = person.rules
    ordered = sorted(programme.sessions, key=lambda session: (session.day, session.id))
    for day, group in groupby(ordered, key=lambda session: session.day):
        sessions = list(group)
        main = [session for session in sessions if session.kind in MAIN]
        if len(main) > 1:
            sheet.broken("twice_daily", "too_hard", f"{len(main)} full sessions on {day}", session=main[1].id)
        again = [session for session in sessions if session.kind in REPEATED]
        if len(again) + len(main) > rules.whole("twice_daily", "times_max"):
            sheet.broken("twice_daily", "enough", f"{len(again) + len(main)} sessions on {day}", session=again[-1].id)
        if len(again) < 2:
            continue
        if not person.asked_for("twice_daily", day):
            sheet.broken("twice_daily", "allowed", f"twice on {day}, and nobody asked", session=again[-1].id)
        if not Reading(person, programme.starts_on).is_green():
            sheet.broken("twice_daily", "not_green", f"twice on {day} while pain is not green", session=again[-1].id)


def check_blocks(sheet: Sheet, session: Session, person: Person) -> None:
    """Check that a short session of its own kind stays easy, and holds only the blocks of that kind."""
    rows = {row["id"]: row for row in person.known.rules["session_shape"].tables["session_types"]}
    if session.kind in MAIN or session.kind not in rows:
        return
    easy = person.rules.number("weekly_volume", "daily_rpe_max")
    for version, moves in versions(session):
        for move in moves:
            if move.block not in rows[session.kind]["blocks"]:
                text = f"{version}: {session.kind} holds no block {move.block}"
                sheet.broken("session_shape", "full", text, session=session.id, exercise=move.exercise)
            if move.rpe[1] > easy or move.hard:
                text = f"{version}: effort up to {move.rpe[1]} in {session.kind}"
                sheet.broken("weekly_volume", "daily_ok", text, session=session.id, exercise=move.exercise)


def check_extra(sheet: Sheet, session: Session, person: Person) -> None:
    """Check the small extras: by choice, short, with no walk but that of a break, and no run where impact is closed."""
    if session.kind not in ASKED:
        return
    if not session.optional:
        sheet.broken("session_shape", ASKED[session.kind], f"{session.kind} is not optional", session=session.id)
    closed = person.closed.get("impact")
    if session.kind == "pre_run" and closed is not None:
        sheet.broken(closed.rule, closed.case, "a warm-up for a run while impact is closed", session=session.id)
    for version, moves in versions(session):
        for move in moves:
            sets = max(dose.sets for dose in move.doses)
            exercise = person.known.exercises.get(move.exercise)
            if sets > 1 or (exercise is not None and "impact" in exercise.demands):
                text = f"{version}: {sets} sets, or impact, in {session.kind}"
                sheet.broken("session_shape", ASKED[session.kind], text, session=session.id, exercise=move.exercise)
    walk = session.walk
    if walk is None:
        return
    low, high = person.rules.pair("sitting_breaks", "walk")
    if session.kind != "desk_break" or session.moves:
        sheet.broken("session_shape", ASKED[session.kind], f"a walk in {session.kind}", session=session.id)
    elif walk.effort != "easy" or walk.drill is not None or not low <= walk.minutes <= high:
        text = f"{walk.minutes} min, {walk.effort}, as a break from sitting"
        sheet.broken("sitting_breaks", "pain", text, session=session.id)


def _check_length(sheet: Sheet, session: Session, programme: Programme, person: Person) -> None:
    if session.kind == "tests":
        return
    rules = person.rules
    seconds = _seconds(session.moves)
    if abs(session.minutes * MINUTE - seconds) > MINUTE:
        text = f"{session.minutes} min stated, {seconds / MINUTE:.1f} min of moves"
        sheet.broken("programme", "minutes", text, session=session.id)
    planned = ceil(max(seconds, _seconds(session.bare)) / MINUTE)
    named = any("minutes" in one.wish for one in programme.relaxed)
    allowed = person.minutes if person.minutes is not None else rules.number("week_plan", "usual_minutes")
    if max(session.minutes, planned) > allowed and not named:
        text = f"{max(session.minutes, planned)} min, the person has {allowed:g}"
        sheet.broken("week_plan", "time_short", text, session=session.id)
    rows = {row["id"]: row for row in person.known.rules["session_shape"].tables["session_types"]}
    length = rows.get(session.kind, {}).get("length")
    if length is None:
        return
    value = person.known.rules["session_shape"].figures[length].value
    most = max(value) if isinstance(value, tuple) else value
    if isinstance(most, int | float) and session.minutes > most:
        text = f"{session.minutes} min, a {session.kind} has {most:g} at most"
        sheet.broken("session_shape", "full", text, session=session.id)


def _check_versions(sheet: Sheet, session: Session, person: Person) -> None:
    """Check that a session has a version of ten minutes or less, and one without equipment."""
    if session.kind not in MAIN or not session.moves:
        return
    rules = person.rules
    limit = rules.number("session_shape", "short_plan")
    if not session.short:
        sheet.broken("less_equipment", "short", "no short version", session=session.id)
    elif _seconds(session.short) > limit * MINUTE:
        text = f"the short version lasts {_seconds(session.short) / MINUTE:.1f} min"
        sheet.broken("less_equipment", "short", text, session=session.id)
    most = rules.whole("week_plan", "short_sets")
    for move in session.short:
        ordered = any(person.dose_order(move.exercise, dose.side, session.day) for dose in move.doses)
        if move.block in WORK_BLOCKS and move.sets > most and not ordered:
            text = f"{move.sets} sets in the short version"
            sheet.broken("less_equipment", "short", text, session=session.id, exercise=move.exercise)
    if not session.bare:
        sheet.broken("less_equipment", "missing_item", "no version without equipment", session=session.id)


def _check_one_leg(sheet: Sheet, session: Session, programme: Programme, person: Person) -> None:
    if session.kind not in MAIN or programme.phase not in ONE_LEG:
        return
    fewest = person.rules.whole("phases", "p3_unilateral_min")
    for version, moves in versions(session):
        if any(move.block == "strength" for move in moves) and _one_leg(moves, person) < fewest:
            sheet.broken("week_plan", "one_leg", f"{version}: no move on one leg", session=session.id)


def _one_leg(moves: tuple[Move, ...], person: Person) -> int:
    exercises = (person.known.exercises.get(move.exercise) for move in moves if move.block in WORK_BLOCKS)
    return sum(exercise is not None and exercise.laterality == "unilateral" for exercise in exercises)


def _check_phase(sheet: Sheet, programme: Programme, before: tuple[Programme, ...], person: Person) -> None:
    """Check that phases open one at a time, and that no practitioner closed this one."""
    day = programme.starts_on
    order = person.gate_order(programme.phase, day)
    if order == "closed":
        sheet.broken("own_choices", "gate_set", f"a practitioner closed {programme.phase}")
    if order == "open":
        return
    if not before:
        if programme.week == 1 and rank(programme.phase) > rank("P1"):
            sheet.broken("phases", "stay", f"the first week is in {programme.phase}")
        return
    last = before[-1].phase
    if rank(programme.phase) > rank(last) + 1:
        sheet.broken("phases", "stay", f"from {last} to {programme.phase} in one week")


def check_event(sheet: Sheet, sessions: tuple[Session, ...], programme: Programme, person: Person) -> None:
    """Check that the days before an event, and the day itself, hold no hard sets."""
    days = {programme.event.day if programme.event is not None else None, person.event_day} - {None}
    before = person.rules.whole("event_plan", "rest_before")
    for session in sessions:
        hard = any(move.hard for _, moves in versions(session) for move in moves)
        for day in days:
            if hard and day is not None and 0 <= (day - session.day).days <= before:
                text = f"hard sets on {session.day}, the day is {day}"
                sheet.broken("event_plan", "event_week", text, session=session.id)


def _check_breaks(sheet: Sheet, programme: Programme, person: Person) -> None:
    breaks, rules = programme.breaks, person.rules
    if breaks is None:
        return
    low, high = rules.pair("sitting_breaks", "user_range")
    if not low <= breaks.every_min <= high:
        sheet.broken("sitting_breaks", "prompt", f"a break every {breaks.every_min} min")
    for name, value in (("walk", breaks.walk_min), ("chair_stands", breaks.chair_stands)):
        low, high = rules.pair("sitting_breaks", name)
        if not low <= value[0] <= value[1] <= high:
            sheet.broken("sitting_breaks", "prompt", f"{name} {value[0]}-{value[1]}")


def _seconds(moves: tuple[Move, ...]) -> int:
    return sum(move.seconds for move in moves)
