"""Why it exists: what the invariants share - how lives are compared, mirrored, made worse and made by hand."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from levelstride.journal.bodies import (
    Answers,
    CheckIn,
    Issued,
    Override,
    Pain,
    SetDone,
    Side,
    Walk,
)
from levelstride.journal.entry import Entry
from levelstride.journal.state import fold
from levelstride.programme.context import read_context, rulebook
from levelstride.programme.day import Day, day_plan
from levelstride.programme.history import Bout, Done, read_history
from levelstride.programme.model import Dose, Move, Programme, Session
from levelstride.programme.plan import issue, plan
from levelstride.screening.decision import Permit
from levelstride.screening.findings import find
from levelstride.screening.safety import decide
from tests.programme.lives import (
    OneDay,
    OneWeek,
    all_moves,
    changed,
    life,
    other_side,
    versions,
)
from tests.programme.somebody import Diary, Somebody, arrive, earlier
from tests.screening.support import KNOWN

RULES = rulebook(KNOWN)


#: Lives that the invariants look at; a larger number searches longer.
POOL = int(os.environ.get("LEVELSTRIDE_LIVES", "10"))


LIVES = st.integers(0, POOL - 1).map(life)


ALL = settings(max_examples=POOL, deadline=None)


SOME = settings(max_examples=max(6, POOL // 2), deadline=None)


FEW = settings(max_examples=4, deadline=None)


GREEN = RULES.number("pain_colours", "green_max")


MAIN = ("standalone", "walk_event")


def closed(codes) -> set[str]:
    """Return the demands that caution codes close."""
    return {demand for code in codes for demand in KNOWN.cautions[code].removes}


def hard_sets(programme: Programme) -> Counter[str]:
    """Return the hard sets of each muscle in a week."""
    found: Counter[str] = Counter()
    for session in programme.sessions:
        for move in session.moves if not session.optional else ():
            for muscle in KNOWN.exercises[move.exercise].muscles.primary if move.hard else ():
                found[muscle] += move.sets
    return found


def last_done(day: OneDay) -> Iterator[tuple[Session, str, Move, Dose, Bout, Done]]:
    """Give each dose of a day with the last bout of its exercise and side; a practitioner's doses left out."""
    past = read_history(day.state, day.now)
    by_hand = {one.body.target for one in day.state.overrides if one.body.action == "dose"}
    for session in day.plan.sessions:
        for version, moves in versions(session):
            for move in moves:
                for dose in move.doses if move.exercise not in by_hand else ():
                    bouts = past.bouts.get((move.exercise, dose.side), ())
                    if bouts:
                        yield session, version, move, dose, bouts[-1], past.by_session[bouts[-1].session]


def above(move: Move, dose: Dose, bout: Bout, weeks: tuple[Programme, ...]) -> list[str]:
    """Return in what a dose is above a bout; fewer sets done than planned are no level of their own."""
    sets = max(len(bout.amounts), *(planned_sets(one, bout, dose.side) for one in weeks), 0)
    needs_band = any("mini_band" in choices or "long_band" in choices for choices in needs(move))
    band = bout.band or (1 if needs_band else 0)
    found = {
        "load": (dose.load_kg or 0) > (bout.load_kg or 0),
        "band": (dose.band or 0) > band,
        "amount": dose.amount > max(1, *bout.amounts),
        "hold": dose.hold_s is not None and bout.hold_s is not None and dose.hold_s > max(1, bout.hold_s),
        "sets": dose.sets > sets,
    }
    return [name for name, risen in found.items() if risen]


def needs(move: Move) -> tuple[tuple[str, ...], ...]:
    return KNOWN.exercises[move.exercise].equipment.needs


def planned_sets(programme: Programme, bout: Bout, side: Side | None) -> int:
    return max(
        (
            dose.sets
            for session in programme.sessions
            for move in session.moves
            for dose in move.doses
            if session.id == bout.session and move.exercise == bout.exercise and dose.side == side
        ),
        default=0,
    )


def poor(check_in: CheckIn) -> bool:
    return (
        (check_in.sleep_hours or 9) < RULES.number("check_in", "sleep_short")
        or (check_in.sleep_quality if check_in.sleep_quality is not None else 9)
        <= RULES.number("check_in", "sleep_quality_low")
        or (check_in.stress or 0) >= RULES.number("check_in", "stress_high")
    )


#: What about the last time, or about today, holds a level.
HOLDS = {
    "pain above green": lambda bout, done, told: (bout.pain or 0) > GREEN or bout.sharp,
    "no check-in today": lambda bout, done, told: not told,
    "a poor check-in today": lambda bout, done, told: bool(told) and poor(told[-1]),
    "no effort written down": lambda bout, done, told: bout.rpe is None and bout.rir is None,
    "nobody counted clean repetitions": lambda bout, done, told: bout.quality is None,
    "no pain written down": lambda bout, done, told: bout.pain is None,
    "no word about the next morning": lambda bout, done, told: done.morning is None,
}


def week_of(permit: Permit, diary: Diary, day: int) -> Programme:
    state, now = diary.state, diary.at(day, 7 * 60)
    return plan(permit, state, find(state, KNOWN, now.date()), KNOWN, now)


def issue_of(programme: Programme) -> Issued:
    return issue(programme)


def doses_of(day: Day) -> dict[tuple[str, str, str, Side | None], Dose]:
    """Return every dose of a day by session, version, exercise and side."""
    return {
        (session.id, version, move.exercise, dose.side): dose
        for session in day.sessions
        for version, moves in versions(session)
        for move in moves
        for dose in move.doses
    }


def no_more(one: OneWeek, base: Day, worse: Day) -> None:
    """Check that nothing in a day is above the other day, and that no work came in besides what the week planned."""
    usual, given_ = doses_of(base), doses_of(worse)
    # in pain a break from sitting turns into a few easy steps, and into nothing else
    steps = {one.id for one in worse.sessions if one.kind == "desk_break" and not one.moves}
    assert {session.id for session in worse.sessions} - steps <= {session.id for session in base.sessions}
    due = {(session.id, move.exercise) for session in one.programme.sessions for move in all_moves([session])}
    for key, dose in given_.items():
        before = usual.get(key)
        if before is None:  # there was no time for it
            assert (key[0], key[2]) in due, key
            continue
        for name in ("sets", "amount", "hold_s", "band", "load_kg"):
            assert (getattr(dose, name) or 0) <= (getattr(before, name) or 0), (key, name, before, dose)
    for session in worse.sessions:
        if session.id in steps:
            assert session.walk is not None
            assert session.walk.minutes <= 3
            continue
        other = next(one for one in base.sessions if one.id == session.id)
        # of the moves that the other day had time for
        hard = [move for move in session.moves if move.hard and move.exercise in {one.exercise for one in other.moves}]
        assert sum(move.sets for move in hard) <= sum(move.sets for move in other.moves if move.hard)
        assert session.walk is None or (other.walk is not None and session.walk.minutes <= other.walk.minutes)


def hurting_more(entry: Entry, more: float) -> Entry:
    """Return an entry in which every pain number is higher."""
    body = entry.body
    if isinstance(body, SetDone) and body.pain is not None:
        return changed(entry, pain=min(10.0, body.pain + more))
    if isinstance(body, Pain):
        return changed(entry, score=min(10.0, body.score + more))
    if isinstance(body, Walk) and body.worst_pain is not None:
        return changed(entry, worst_pain=min(10.0, body.worst_pain + more))
    return entry


def without_awkward(entry: Entry) -> Entry:
    """Leave out that a move felt awkward: in pain the pain rule takes its place (rule feedback_awkward)."""
    return changed(entry, awkward=None) if isinstance(entry.body, SetDone) and entry.body.awkward else entry


def context_of(one: OneWeek, entries: list[Entry]):
    """Return what the planner reads for a week."""
    state = fold(entries)
    permit = Permit(decide(state, KNOWN, one.now))
    return read_context(permit, state, (), KNOWN, one.now, starts_on=one.programme.starts_on)


def swapped(entry: Entry) -> Entry:
    """Return an entry with left and right swapped."""
    body = entry.body
    if isinstance(body, Answers):
        return changed(entry, given=[{**one.model_dump(), "side": other_side(one.side)} for one in body.given])
    if isinstance(body, Issued):
        return changed(entry, content=json.loads(_swap_text(json.dumps(body.content))))
    if getattr(body, "side", None) is not None:
        return changed(entry, side=other_side(body.side))
    return entry


def _swap_text(text: str) -> str:
    for name in ('"{}"', '"gate_clean_{}"', '"gate_ups_{}"'):
        left, right = name.format("left"), name.format("right")
        text = text.replace(left, "\0").replace(right, left).replace("\0", right)
    return text


def plain(programme: Programme, *, swap: bool = False) -> object:
    """Return a programme without what reasons rest on, in which the order of sides does not matter."""
    text = json.dumps(programme.model_dump(mode="json"))
    return _sorted(json.loads(_swap_text(text) if swap else text))


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: sorted((_sorted(one) for one in inner), key=json.dumps)
            if key in ("doses", "why", "notices", "needs")
            else _sorted(inner)
            for key, inner in value.items()
            if key != "entries"
        }
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def digest(numbers: tuple[int, ...]) -> str:
    """Return everything that the planner made in some lives, as one text."""
    found = []
    for number in numbers:
        lived = life(number)
        found += [one.programme.model_dump_json() for one in lived.weeks]
        found += [session.model_dump_json() for _, day in lived.days for session in day.plan.sessions]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def drawn(data, of_them):
    """Return one of some things, drawn by its number: a life fills pages when it is shown."""
    return of_them[data.draw(st.integers(0, len(of_them) - 1))]


def with_choice(one: OneWeek, told: list[Entry], *bodies: Override) -> list[Entry]:
    """Return the entries with overrides written on the evening before a week."""
    diary = Diary((one.now - timedelta(days=1)).date(), first=10**6)
    return [*told, *(diary.write(body, 0, 1300 + number) for number, body in enumerate(bodies))]


def is_swap(entry: Entry) -> bool:
    return isinstance(entry.body, Override) and entry.body.action == "swap"


def is_skip(entry: Entry) -> bool:
    return isinstance(entry.body, Override) and entry.body.action == "skip"


class Small:
    """A person with one week planned and one thing done, written by hand."""

    FINE = CheckIn(sleep_hours=8.0, sleep_quality=8.0, stress=1.0)

    def __init__(self, **person) -> None:
        self.diary, self.person = Diary(), Somebody(**{"minutes": 30, **person})
        arrive(self.diary, self.person)
        for programme in earlier(self.person, self.diary.starts_on):
            self.diary.write(issue_of(programme), (programme.starts_on - self.diary.starts_on).days, 420)

    def did(self, exercise: str, day: int, *, sets: int = 1, sides: tuple[Side | None, ...] = (None,), **told) -> None:
        """Write sets that went well, except for what is told."""
        count = sum(isinstance(one.body, SetDone) for one in self.diary.entries)
        fine = {"reps": 12, "clean_reps": 12, "rpe": 3.0, "rir": 5.0, "pain": 0.0, "feel": 4.0}
        for number in range(sets):
            for side in sides:
                count += 1
                self.diary.write(
                    SetDone(exercise=exercise, side=side, number=number + 1, **{**fine, **told}), day, 540 + count
                )

    def fine_on(self, *days: int) -> None:
        """Write a good morning and a good check-in on some days."""
        for day in days:
            usual = Pain(place="hip_side", score=0.0, when="next_morning", back_to_usual=True)
            self.diary.write(usual, day, 400)
            self.diary.write(self.FINE, day, 470)

    def week(self, day: int = 0) -> Programme:
        """Plan the week of a day and write it down."""
        programme = week_of(Permit(decide(self.diary.state, KNOWN, self.diary.at(day))), self.diary, day)
        self.diary.write(issue_of(programme), day, 425)
        return programme

    def today(self, programme: Programme, day: int) -> Day:
        """Return what is offered on a day."""
        state, now = self.diary.state, self.diary.at(day, 480)
        return day_plan(Permit(decide(state, KNOWN, now)), programme, state, KNOWN, now)


def of(sessions, name: str) -> list[Move]:
    return [move for move in all_moves(sessions) if move.exercise == name]


def trained(programme: Programme) -> list[Session]:
    return [one for one in programme.sessions if one.kind in MAIN]
