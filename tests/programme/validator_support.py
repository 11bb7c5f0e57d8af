"""Why it exists: weeks made by hand that keep every rule, and a person to go with them, for the validator's tests."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from itertools import count
from typing import Any

from levelstride.journal.bodies import Override, SetDone
from levelstride.journal.state import Fact, Given, Logged, State
from levelstride.library.loader import knowledge
from levelstride.programme.model import Dose, Move, Programme, Session
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.validator import Verdict, validate
from levelstride.screening.decision import Because, Decision, Reason

KNOWN = knowledge()
RULES = Rulebook(KNOWN)
MONDAY = date(2026, 6, 1)
ZONE = timezone(timedelta(hours=2))
NOW = datetime(2026, 6, 1, 10, tzinfo=ZONE)
LONG_AGO = NOW - timedelta(days=200)
DAY = timedelta(days=1)
NUMBERS = count(1)  # an id stands for one entry and never for another
GREEN = Decision("green", (), {}, ())
BOTH = ("left", "right")
EASY = RULES.number("weekly_volume", "daily_rpe_max")


# ------------------------------------------------------------------------------------------------ made by hand


def effort_of(name: str, phase: str) -> tuple[int, int]:
    dose = KNOWN.exercises[name].doses[phase]
    span = dose.rpe or (KNOWN.doses[dose.preset].rpe if dose.preset else None)
    if span is not None:
        return span.low, span.high
    return RULES.wholes("phases", f"{phase.lower()}_rpe")


def a_move(name: str, block: str = "strength", phase: str = "P2", **changes: Any) -> Move:
    given_dose = KNOWN.exercises[name].doses[phase]
    level = {
        "sets": changes.pop("sets", given_dose.sets.low),
        "amount": changes.pop("amount", given_dose.amount.low),
        "hold_s": changes.pop("hold_s", given_dose.hold_s.low if given_dose.hold_s else None),
        "load_kg": changes.pop("load_kg", None),
        "band": changes.pop("band", None),
    }
    level["top"] = changes.pop("top", max(level["amount"], given_dose.amount.low))
    sides = changes.pop("sides", BOTH if given_dose.per_side else (None,))
    rpe = changes.pop("rpe", effort_of(name, phase))
    fields: dict[str, Any] = {
        "exercise": name,
        "block": block,
        "counts": given_dose.counts,
        "doses": tuple(Dose(side=side, **level) for side in sides),
        "rpe": rpe,
        "rest_s": 60,
        "seconds": 120,
        "hard": rpe[1] > EASY,
        **changes,
    }
    return Move(**fields)


def a_session(day: date, *moves: Move, kind: str = "standalone", **changes: Any) -> Session:
    minutes = sum(move.seconds for move in moves) // 60
    fields: dict[str, Any] = {
        "id": f"{day}-{kind}",
        "day": day,
        "kind": kind,
        "minutes": minutes,
        "moves": moves,
        "short": short_of(moves) if kind == "standalone" else (),
        "bare": moves if kind == "standalone" else (),
        **changes,
    }
    return Session(**fields)


def short_of(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    kept = [move for move in moves if move.block == "strength" and move.exercise != "hop_bilateral"][:2]
    return tuple(with_doses(move, sets=min(2, move.sets)) for move in kept) or (
        a_move("clamshell", "activation", "P1"),
    )


def with_doses(move: Move, **changes: Any) -> Move:
    return move.model_copy(update={"doses": tuple(dose.model_copy(update=changes) for dose in move.doses)})


def p2_moves() -> tuple[Move, ...]:
    return (
        a_move("ankle_rock", "prep"),
        a_move("clamshell", "activation", "P1"),
        a_move("bw_squat"),
        a_move("tempo_hinge"),
        a_move("side_lying_adduction"),
    )


def p3_moves() -> tuple[Move, ...]:
    return (
        a_move("clamshell", "activation", "P1"),
        a_move("reverse_lunge", phase="P3"),
        a_move("bw_squat"),
        a_move("tempo_hinge"),
    )


def hop_moves(**changes: Any) -> tuple[Move, ...]:
    return (
        a_move("ankle_rock", "prep", "P1"),
        a_move("hop_bilateral", phase="P5", **changes),
        a_move("breathing_hooklying", "cool_down", "P1"),
    )


def a_week(starts_on: date = MONDAY, phase: str = "P2", **changes: Any) -> Programme:
    moves = {"P2": p2_moves, "P3": p3_moves, "P4": p3_moves, "P5": hop_moves}[phase]()
    fields: dict[str, Any] = {
        "id": f"week-{starts_on}",
        "starts_on": starts_on,
        "week": 6,
        "phase": phase,
        "phase_since": starts_on - 14 * DAY,
        "sessions": (a_session(starts_on, *moves), a_session(starts_on + 3 * DAY, *moves)),
        "planner_version": "1",
        "library_version": "1",
        "input_hash": "0",
        "seed": 0,
        **changes,
    }
    return Programme(**fields)


def logged(body: Any, at: datetime = LONG_AGO) -> Logged[Any]:
    return Logged(f"e{next(NUMBERS)}", at, "Europe/Prague", body)


def answered(**answers: Any) -> dict[Any, Any]:
    return {(f"intake/{name}", None): (Given(value, LONG_AGO, f"a-{name}"),) for name, value in answers.items()}


def a_person(**answers: Any) -> State:
    told = {"minutes_per_session": 30.0, "equipment": ("mini_band", "dumbbells"), **answers}
    return State(profile={"birth_year": Fact(1980, LONG_AGO, "p")}, answers=answered(**told))


def an_order(
    action: str, target: str, value: Any = None, *, by: str = "practitioner", reason: Any = "seen", **more: Any
):
    return logged(Override(by=by, action=action, target=target, value=value, reason=reason, **more))


@dataclass(frozen=True)
class World:
    """A week with all that is known when it is checked."""

    programme: Programme = field(default_factory=a_week)
    state: State = field(default_factory=a_person)
    before: tuple[Programme, ...] = field(default_factory=lambda: (a_week(MONDAY - 7 * DAY),))
    decision: Decision = GREEN

    def verdict(self) -> Verdict:
        return validate(self.programme, self.state, KNOWN, before=self.before, decision=self.decision)

    def broken(self) -> set[tuple[str, str]]:
        return {(one.rule, one.case) for one in self.verdict().violations}

    def told(self) -> set[tuple[str, str]]:
        return {(one.rule, one.case) for one in self.verdict().notices}

    def week(self, **changes: Any) -> "World":
        return replace(self, programme=self.programme.model_copy(update=changes))

    def first(self, **changes: Any) -> "World":
        head, *rest = self.programme.sessions
        return self.week(sessions=(head.model_copy(update=changes), *rest))

    def person(self, **changes: Any) -> "World":
        return replace(self, state=replace(self.state, **changes))

    def says(self, **answers: Any) -> "World":
        return self.person(answers={**self.state.answers, **answered(**answers)})

    def swap(self, name: str, *moves: Move, version: str = "moves") -> "World":
        """Put moves in the place of one in the first session; its other versions stay sound."""
        head = self.programme.sessions[0]
        old = getattr(head, version)
        new = tuple(one for move in old for one in (moves if move.exercise == name else (move,)))
        changes: dict[str, Any] = {version: new}
        if version == "moves":
            changes["minutes"] = sum(move.seconds for move in new) // 60
        return self.first(**changes)


WEEK = World()
ONE_LEG = World(a_week(phase="P3"), before=(a_week(MONDAY - 7 * DAY, "P3"),))
HOPS = World(
    a_week(phase="P5", sessions=(a_session(MONDAY, *hop_moves()),)),
    replace(a_person(), overrides=(an_order("choose", "hops", True, by="user", reason=None),)),
    tuple(a_week(MONDAY - weeks * 7 * DAY, "P4") for weeks in (4, 3, 2, 1)),
)
SQUAT = a_move("bw_squat")


Change = Callable[[World], World]


def reason(rule: str, case: str, level: str, *actions: str) -> Reason:
    return Reason(rule, case, level, "words", actions, ())


def decided(level: str, *reasons: Reason, **cautions: Any) -> Decision:
    return Decision(level, reasons, cautions, ())


def caution(code: str) -> Decision:
    return decided("caution", **{code: (Because("intake/conditions", True, LONG_AGO, "a"),)})


def hard_day(day: date, *moves: Move) -> Session:
    return a_session(day, *moves, id=f"{day}-x")


SPLIT = a_move("split_squat")
CLAM = a_move("clamshell", "activation", "P1")


def easy_extra(move: Move, **changes: Any) -> Session:
    return a_session(MONDAY + DAY, move, kind="daily_activation", **changes)


def hopping(world: World, *, sets: int, amount: int, times: int) -> World:
    days = [MONDAY + 2 * n * DAY for n in range(times)]
    return world.week(sessions=tuple(a_session(day, *hop_moves(sets=sets, amount=amount)) for day in days))


def did(
    name: str,
    *,
    back: int,
    side: Any = None,
    rpe: float | None = 6.0,
    pain: float | None = 0.0,
    reps: int = 8,
    number: int = 0,
    hour: int = 10,
    **more: Any,
) -> Logged[SetDone]:
    at = NOW - back * DAY + timedelta(hours=hour - 10, minutes=number)
    body = {"clean_reps": reps, "session": f"done-{back}", **more}
    done = SetDone(exercise=name, side=side, reps=reps, rpe=rpe, pain=pain, **body)
    return Logged(f"s{next(NUMBERS)}", at, "Europe/Prague", done)


def apart(move: Move, left: int, right: int) -> Move:
    doses = tuple(dose.model_copy(update={"sets": n}) for dose, n in zip(move.doses, (left, right), strict=True))
    return move.model_copy(update={"doses": doses})
