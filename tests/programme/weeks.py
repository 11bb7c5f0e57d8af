"""Why it exists: small programmes written by hand, for tests of words, differences and the calendar."""

from datetime import date

from levelstride.programme.model import Dose, Move, Programme, Session, WalkPart

MONDAY = date(2026, 9, 14)
NEXT = date(2026, 9, 21)


def move(exercise: str = "clamshell", *doses: Dose, **fields: object) -> Move:
    """Return a move; without doses two sets of 15 on each side."""
    given = doses or tuple(Dose(side=side, sets=2, amount=15, top=15) for side in ("left", "right"))
    frame: dict[str, object] = {
        "exercise": exercise,
        "block": "activation",
        "counts": "repetitions",
        "doses": given,
        "rpe": (3, 4),
        "rest_s": 45,
        "seconds": 240,
    }
    return Move.model_validate({**frame, **fields})


def bridge(sets: int = 3, amount: int = 10, **fields: object) -> Move:
    """Return a move without sides."""
    dose = {"sets": sets, "amount": amount, "top": amount}
    given = Dose.model_validate({**dose, **{name: fields.pop(name) for name in tuple(fields) if name in _DOSE}})
    return move("glute_bridge", given, **{"block": "strength", **fields})


_DOSE = ("top", "hold_s", "band", "load_kg")


def session(day: date, *moves: Move, kind: str = "standalone", first: date | None = None, **fields: object) -> Session:
    """Return a session; ``first`` = the day it was first planned for."""
    minutes = -(-sum(one.seconds for one in moves) // 60)
    frame = {"id": f"{(first or day).isoformat()}-{kind}", "day": day, "kind": kind, "minutes": minutes, "moves": moves}
    return Session.model_validate({**frame, **fields})


def walk(day: date, minutes: int = 20, **fields: object) -> Session:
    """Return a walk."""
    return session(day, kind="walk", walk=WalkPart.model_validate({"minutes": minutes, **fields}))


def week(*sessions: Session, starts_on: date = MONDAY, **fields: object) -> Programme:
    """Return a programme of one week."""
    frame: dict[str, object] = {
        "id": f"p-{starts_on.isoformat()}",
        "starts_on": starts_on,
        "week": 3,
        "phase": "P2",
        "phase_since": starts_on,
        "sessions": sessions,
        "planner_version": "1",
        "library_version": "1",
        "input_hash": "0",
        "seed": 1,
    }
    return Programme.model_validate({**frame, **fields})
