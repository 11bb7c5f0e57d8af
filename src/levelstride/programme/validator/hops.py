"""Why it exists: jumps and landings have a gate of their own, checked for each session and for the week."""

from collections.abc import Iterable
from datetime import date

from levelstride.programme.model import Move, PhaseName, Programme, Session
from levelstride.programme.validator.moves import ORDER, versions
from levelstride.programme.validator.person import Person, rank
from levelstride.programme.validator.verdict import Sheet
from levelstride.screening.answers import last_yes
from levelstride.screening.person import age_on

#: What a clinician's agreement may name besides the code itself.
AGREEMENTS = ("impact", "plyometric_gate", "plyometric_gate/ask_clinician")
FRAME = ("prep", "cool_down")
LAST: PhaseName = ORDER[-1]


def lands(move: Move, person: Person) -> bool:
    """Say whether a move holds jumps or landings."""
    exercise = person.known.exercises.get(move.exercise)
    return exercise is not None and (exercise.kind == "plyometric" or "impact" in exercise.demands)


def has_hops(session: Session, person: Person) -> bool:
    """Say whether any version of a session holds jumps or landings."""
    return any(lands(move, person) for _, moves in versions(session) for move in moves)


def check_hops(sheet: Sheet, session: Session, programme: Programme, person: Person) -> None:
    """Check a session that holds hops: the gate, and the warm-up and wind-down around them."""
    if not has_hops(session, person):
        return
    for case, text in _shut(programme, session.day, person):
        sheet.broken("plyometric_gate", case, text, session=session.id)
    for version, moves in versions(session):
        blocks = [move.block for move in moves]
        hops = [number for number, move in enumerate(moves) if lands(move, person)]
        if not hops:
            continue
        missing = [block for block in FRAME if block not in blocks]
        if missing:
            text = f"{version}: hops without {' and '.join(missing)}"
            sheet.broken("plyometric_gate", "no_frame", text, session=session.id)
        elif "prep" not in blocks[: hops[0]] or "cool_down" not in blocks[hops[-1] :]:
            text = f"{version}: hops before the warm-up or after the wind-down"
            sheet.broken("plyometric_gate", "no_frame", text, session=session.id)


def check_hop_week(sheet: Sheet, programme: Programme, before: tuple[Programme, ...], person: Person) -> None:
    """Check how often hops come in the week, how many landings there are, and that the gate had time to open."""
    rules = person.rules
    with_hops = [session for session in programme.sessions if has_hops(session, person)]
    if not with_hops:
        return
    most = rules.whole("plyometric_gate", "per_week_max")
    if len(with_hops) > most:
        sheet.broken("plyometric_gate", "closed", f"hops in {len(with_hops)} sessions, {most} at most")
    now = contacts(with_hops, person)
    last = next((found for week in reversed(before) if (found := contacts(week.sessions, person)) > 0), 0)
    step = 100 + rules.whole("plyometric_gate", "contacts_step")
    allowed = max(rules.wholes("plyometric_gate", "contacts_start")[1], last * step // 100)
    if now > allowed:
        sheet.broken("plyometric_gate", "open", f"{now} landings in the week, {allowed} at most")
    steady = {week.starts_on for week in before if rank(week.phase) >= rank("P4")}
    weeks = rules.whole("plyometric_gate", "weeks_steady")
    if before and len(steady) < weeks and person.gate_order(LAST, programme.starts_on) != "open":
        sheet.broken("plyometric_gate", "closed", f"{len(steady)} weeks in P4 or later, {weeks} are needed")


def contacts(sessions: Iterable[Session], person: Person) -> int:
    """Return the landings of a week, both sides counted, in the version with the most."""
    return sum(
        max(
            (
                sum(
                    dose.sets * max(dose.amount, dose.top)
                    for move in moves
                    if lands(move, person)
                    for dose in move.doses
                )
                for _, moves in versions(session)
            ),
            default=0,
        )
        for session in sessions
    )


def _shut(programme: Programme, day: date, person: Person) -> Iterable[tuple[str, str]]:
    """Give every reason why the gate is shut; a practitioner's order opens none of those that health answers shut."""
    rules, state = person.rules, person.state
    gate = person.known.rules["plyometric_gate"]
    if programme.phase != LAST:
        yield "closed", f"hops in {programme.phase}"
    order = person.gate_order(LAST, day)
    if order == "closed" or (order != "open" and not person.asked_for("hops", day)):
        yield "closed", "nobody asked for hops, or a practitioner shut the gate"
    found = [code for code in gate.lists["excluded_codes"] if code in person.cautions]
    if found:
        yield "excluded", f"code {', '.join(found)}"
    age = age_on(state, day)
    if age is None or age.low < rules.number("plyometric_gate", "age_min"):
        yield "excluded", "age unknown or too young"
    if last_yes(state, "red_flags/groin_load") is not None or _groin_hurts(day, person):
        yield "excluded", "pain in the groin on loading"
    covered = {name for one in state.clearances for name in one.body.covers}
    for code in gate.lists["clinician_codes"]:
        if code in person.cautions and not (person.agreed(code) or covered & set(AGREEMENTS)):
            yield "ask_clinician", f"code {code} without an agreement"
    worst = _worst(day, person)
    if worst is not None and worst > rules.number("plyometric_gate", "pain_max"):
        yield "closed", f"pain {worst:g} in the last week"


def _groin_hurts(day: date, person: Person) -> bool:
    days = person.rules.whole("plyometric_gate", "weeks_steady") * 7
    return any(
        one.body.place == "groin"
        and one.body.score > 0
        and one.body.when in ("during", "after", "next_morning")
        and 0 <= (day - one.at.date()).days <= days
        for one in person.state.pain
    )


def _worst(day: date, person: Person) -> float | None:
    """Return the highest pain told of during exercise in the week before a day; None when nobody said."""
    days = person.rules.whole("pain_colours", "reds_window")
    scores = [
        one.body.pain
        for one in person.state.sets
        if one.body.pain is not None and 0 <= (day - one.at.date()).days <= days
    ]
    scores += [
        one.body.score
        for one in person.state.pain
        if one.body.when == "during" and 0 <= (day - one.at.date()).days <= days
    ]
    return max(scores, default=None)
