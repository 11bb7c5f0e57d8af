"""Why it exists: what is about to be done today may never be more than pain, the day and the journal allow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from levelstride.journal.bodies import Side
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.history import Bout, Done
from levelstride.programme.model import Dose, Move, Programme, Session
from levelstride.programme.validator.hops import check_hops
from levelstride.programme.validator.moves import WORK_BLOCKS, check_session_moves, clean_sessions, versions
from levelstride.programme.validator.person import Person
from levelstride.programme.validator.reading import Reading, colour_of, morning_is_up
from levelstride.programme.validator.verdict import Sheet
from levelstride.programme.validator.volume import gap_days, hard_done, muscles_of
from levelstride.programme.validator.week import check_blocks, check_event, check_extra, check_start

URGENT = frozenset({"emergency", "same_day"})
STOPPED = "stop:"
#: Smallest difference of a load that is one, in kg.
NOTHING = 1e-6


@dataclass(frozen=True)
class Last:
    """The level of an exercise on one side as it was last done; None = nobody wrote it down."""

    bout: Bout
    done: Done
    amount: float | None
    sets: int
    load_kg: float | None
    band: int | None
    hold_s: float | None


def check_today(sheet: Sheet, session: Session, programme: Programme, person: Person, now: datetime) -> None:
    """Check a session as it is about to be done, in all its versions."""
    if not session.moves and session.walk is None:
        return
    reading = Reading(person, now.date(), now)
    check_start(sheet, person, (session,))
    for rule, case, text in _stops(person, reading, now):
        sheet.broken(rule, case, text, session=session.id)
    check_session_moves(sheet, session, programme, person, today=True)
    check_blocks(sheet, session, person)
    check_extra(sheet, session, person)
    check_event(sheet, (session,), programme, person)
    check_hops(sheet, session, programme, person)
    _check_hard(sheet, session, programme, person, reading)
    for version, moves in versions(session):
        for move in moves:
            if move.exercise in person.known.exercises:
                _check_left_out(sheet, move, session, person, now)
                for dose in move.doses:
                    _check_dose(sheet, move, dose, session, programme, reading, version)


def _stops(person: Person, reading: Reading, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Give what stops everything until a clinician agreed or the person is well again."""
    if reading.unwell:
        yield "check_in", "unwell", "the person feels unwell today"
    state = person.state
    agreed = max((one.at for one in state.clearances), default=None)

    def is_open(at: datetime) -> bool:
        return at <= now and (agreed is None or agreed < at)

    for one in state.incidents:
        body = one.body
        if is_open(one.at) and (body.level in URGENT or (body.what == "fall" and body.level == "before_start")):
            yield "stop_signs", "fall_hurt", f"{body.what} of {one.at.date()}, level {body.level}, nobody agreed since"
    cases = {case.id: case for case in person.known.rules["stop_signs"].cases}
    for event in state.sessions:
        note = event.body.note or ""
        if event.body.event != "left" or not note.startswith(STOPPED) or not is_open(event.at):
            continue
        case = cases.get(note.removeprefix(STOPPED).strip())
        if case is None or case.level in URGENT:
            name = "unwell" if case is None else case.id
            yield "stop_signs", name, f"stopped on {event.at.date()}, nobody agreed since"


def _check_hard(sheet: Sheet, session: Session, programme: Programme, person: Person, reading: Reading) -> None:
    """Check hard moves against hard work of the days before, against pain right now and against sore muscles."""
    gap = timedelta(days=gap_days(person))
    since, until = reading.today - gap + timedelta(days=1), reading.today + timedelta(days=1)
    worked = list(hard_done(since, until, (programme,), person, but=session.id))
    red, sore = reading.now_colour == "red", reading.sore() == "rest"
    for version, moves in versions(session):
        for move in moves:
            if not move.hard:
                continue
            say = sheet.at(session.id, move.exercise)
            if red:
                say("pain_colours", "red_high", f"{version}: hard work while pain is red")
            if sore:
                say("soreness", "stays", f"{version}: hard work while soreness stays")
            for day, muscles in sorted(worked, key=lambda pair: pair[0]):
                both = sorted(muscles & set(muscles_of(move, person)))
                if both:
                    text = f"{version}: {', '.join(both)} worked hard on {day}"
                    say("weekly_volume", "gap_short", text)


def _check_left_out(sheet: Sheet, move: Move, session: Session, person: Person, now: datetime) -> None:
    for one in person.state.incidents:
        here = one.body.what == "adverse_event" and one.body.exercise == move.exercise and one.at <= now
        if here and one.body.level == "before_start" and not any(c.at > one.at for c in person.state.clearances):
            text = f"something went wrong in it on {one.at.date()}, nobody agreed since"
            sheet.broken("stop_signs", "fall_ok", text, session=session.id, exercise=move.exercise)


def _check_dose(
    sheet: Sheet, move: Move, dose: Dose, session: Session, programme: Programme, reading: Reading, version: str
) -> None:
    person = reading.person
    order = person.dose_order(move.exercise, dose.side, session.day)
    say = sheet.at(session.id, move.exercise, dose.side)
    bouts = reading.bouts(move.exercise, dose.side)
    if bouts and _rests(*bouts[-1], reading):
        text = f"{version}: red on {bouts[-1][0].day}, its rest is not over"
        say("pain_colours", "red_high", text)
    if move.block not in WORK_BLOCKS:
        return
    before = [pair for pair in bouts if pair[1].session != session.id]
    asks_load = dose.load_kg is not None or dose.band is not None or move.choose_load
    if asks_load and not {"load_kg", "band"} & set(order) and not _may_load(move, dose, before, person):
        say("first_weeks", "g1_closed", f"{version}: load before the move was done well")
    _check_lower_sets(sheet, move, dose, session, programme, reading, version)
    if not before:
        return
    last = _last_level(before, move, dose, programme, reading)
    risen = dict(_risen(dose, move, last, person))
    told = reading.colour(last.bout, last.done) in ("amber", "red") or reading.now_colour != "green"
    own = {name: text for name, text in risen.items() if told or name not in order}
    held = _holds(last, reading)
    if held is not None and own:
        text = f"{version}: {', '.join(own.values())}, though the level holds"
        say(*held, text)
    if len(own) > person.rules.whole("progression_order", "changes_per_session"):
        text = f"{version}: more than one step at once: {', '.join(own.values())}"
        say("progression_order", "step_up", text)
    for text in _too_far(dose, last, own, person):
        say("progression_order", "step_up", f"{version}: {text}")


def _rests(bout: Bout, done: Done, reading: Reading) -> bool:
    """Say whether the rest after a red bout is still running: two days from it, or from the morning that told."""
    if colour_of(bout, done, reading.person, reading.today) != "red":
        return False
    rest = timedelta(hours=reading.rules.pair("pain_colours", "rest_red")[1])
    if done.morning is not None and morning_is_up(bout, done):
        return reading.today < done.morning.at.date() + rest
    return reading.now is not None and reading.now < bout.at + rest


def _may_load(move: Move, dose: Dose, before: list[tuple[Bout, Done]], person: Person) -> bool:
    """Say whether gate G1 is open: two clean sessions of the move or of an easier one of its ladder, or a good feel.

    The ladder counts because some moves cannot be done without a band or a weight at all.
    """
    rules = person.rules
    quality = rules.number("first_weeks", "g1_quality")
    names = frozenset(_ladder(person.known.exercises[move.exercise], person))
    if clean_sessions(person, names, dose.side, quality) >= rules.whole("first_weeks", "g1_form_sessions"):
        return True
    if not before:
        return False
    last = before[-1][0]
    good = last.feel is not None and last.feel >= rules.number("first_weeks", "g1_feel")
    return good and last.quality is not None and last.quality >= quality


def _ladder(exercise: Exercise, person: Person) -> Iterator[str]:
    """Give an exercise and every easier one below it."""
    seen, todo = {exercise.id}, [exercise]
    while todo:
        one = todo.pop()
        yield one.id
        for name in one.easier:
            if name in person.known.exercises and name not in seen:
                seen.add(name)
                todo.append(person.known.exercises[name])


def _check_lower_sets(
    sheet: Sheet, move: Move, dose: Dose, session: Session, programme: Programme, reading: Reading, version: str
) -> None:
    """Check that a hard day takes a set off what was planned."""
    rules = reading.rules
    if version != "moves" or reading.poor_answers < rules.whole("check_in", "lower_signs"):
        return
    for planned in programme.sessions:
        for one in planned.moves if planned.id == session.id else ():
            sets = next((d.sets for d in one.doses if one.exercise == move.exercise and d.side == dose.side), None)
            if sets is not None and dose.sets > max(1, sets - rules.whole("check_in", "lower_sets")):
                text = f"{dose.sets} sets on a hard day, {sets} were planned"
                sheet.broken("check_in", "two_poor", text, session=session.id, exercise=move.exercise, side=dose.side)


def _last_level(bouts: list[tuple[Bout, Done]], move: Move, dose: Dose, programme: Programme, reading: Reading) -> Last:
    """Return the level of the last bout; what it does not state is taken from the one before it.

    Sets are those that were planned for it when fewer were done: who ran out of time or chose the short version still
    stands at the full number. After a red bout only what was done counts.
    """
    bout, done = bouts[-1]
    sets, amount = len(bout.amounts), max(bout.amounts)
    if reading.colour(bout, done) != "red":
        if sets < dose.sets:
            sets = max(sets, _planned_sets(bout, dose.side, programme, reading.person))
        doses = reading.person.known.exercises[move.exercise].doses.values()
        least = min((one.amount.low for one in doses if one.counts == move.counts), default=0)
        amount = max(amount, least) if amount else amount
    stated = [one for one, _ in reversed(bouts)]
    return Last(
        bout=bout,
        done=done,
        amount=amount or None,
        sets=sets,
        load_kg=next((one.load_kg for one in stated if one.load_kg is not None), None),
        band=next((one.band for one in stated if one.band is not None), None),
        hold_s=next((one.hold_s for one in stated if one.hold_s is not None), None),
    )


def _planned_sets(bout: Bout, side: Side | None, programme: Programme, person: Person) -> int:
    """Return the sets that were planned for a bout by the programme its session belongs to; 0 when there is none."""
    issued = (one.body.content for one in reversed(person.state.programmes))
    for content in (programme.content(), *issued):
        sessions: Any = content.get("sessions", ())
        for session in sessions:
            if session["id"] == bout.session:
                moves = [move for move in session.get("moves", ()) if move["exercise"] == bout.exercise]
                doses = [dose for move in moves for dose in move["doses"] if dose.get("side") == side]
                return max((dose["sets"] for dose in doses), default=0)
    return 0


def _risen(dose: Dose, move: Move, last: Last, person: Person) -> Iterator[tuple[str, str]]:
    """Give each thing that is above the last bout, with a text; fewer repetitions rise nothing."""
    if move.choose_load and last.load_kg and dose.load_kg is None and dose.band is None:
        yield "load_kg", f"a load to be chosen anew, {last.load_kg} kg before"
    if dose.load_kg is not None and (last.load_kg is None or dose.load_kg > last.load_kg + NOTHING):
        yield "load_kg", f"load {last.load_kg} -> {dose.load_kg} kg"
    if dose.band is not None and dose.band > _band_before(move, last, person):
        yield "band", f"band {last.band} -> {dose.band}"
    if last.amount is not None and move.counts != "minutes" and dose.amount > last.amount:
        yield "amount", f"{move.counts} {last.amount:g} -> {dose.amount}"
    if dose.hold_s is not None and last.hold_s is not None and dose.hold_s > last.hold_s:
        yield "hold_s", f"hold {last.hold_s:g} -> {dose.hold_s} s"
    if dose.sets > last.sets:
        yield "sets", f"sets {last.sets} -> {dose.sets}"


def _band_before(move: Move, last: Last, person: Person) -> int:
    """Return the level of band done before: none is below the lightest, unless the move needs a band at all."""
    if last.band is not None:
        return last.band
    lightest = person.rules.wholes("progression_order", "band_levels")[0]
    things = person.known.vocabulary.equipment
    needs = person.known.exercises[move.exercise].equipment.needs
    needed = any(not any(things[thing].household for thing in choices) for choices in needs)
    return lightest if needed else lightest - 1


def _holds(last: Last, reading: Reading) -> tuple[str, str] | None:
    """Return the rule and case that hold the level; None when a step up is open."""
    rules, bout = reading.rules, last.bout
    colour = reading.colour(bout, last.done)
    if colour in ("amber", "red"):
        return "progression_order", "pain_red" if colour == "red" else "amber"
    if reading.now_colour != "green" or reading.rising:
        return "pain_colours", "red_trend" if reading.now_colour == "green" else "amber"
    if reading.poor_answers:
        return "progression_order", "poor_day"
    if reading.sore() != "none":
        return "soreness", "goes"
    if reading.days_missed >= rules.pair("missed_sessions", "one_back")[0]:
        return "missed_sessions", "days_8_14"
    if colour == "unknown" or bout.quality is None or (bout.rpe is None and bout.rir is None):
        return "progression_order", "no_answer"
    if not reading.is_asked:
        return "progression_order", "no_answer"
    easy = (bout.rir is not None and bout.rir >= rules.number("progression_order", "up_rir_min")) or (
        bout.rpe is not None and bout.rpe <= rules.number("progression_order", "up_rpe_max")
    )
    if bout.quality < rules.number("progression_order", "up_quality") or not easy:
        return "progression_order", "hard"
    return None


def _too_far(dose: Dose, last: Last, risen: Mapping[str, Any], person: Person) -> Iterator[str]:
    """Give steps that are larger than a step may be."""
    rules = person.rules
    if "load_kg" in risen and dose.load_kg is not None and last.load_kg is not None:
        share = 1 + rules.pair("progression_order", "load_step")[1] / 100
        most = max(last.load_kg * share, last.load_kg + rules.number("progression_order", "load_round"))
        if dose.load_kg > most + NOTHING:
            yield f"load {last.load_kg} -> {dose.load_kg} kg, {most:.2f} at most"
    if "band" in risen and dose.band is not None:
        before = last.band if last.band is not None else rules.wholes("progression_order", "band_levels")[0] - 1
        if dose.band > before + rules.whole("progression_order", "band_step"):
            yield f"band {last.band} -> {dose.band}"
