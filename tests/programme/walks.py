"""Why it exists: walks that were planned and walks that were done, for tests of the walking plan."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from levelstride.journal.bodies import Walk
from levelstride.journal.state import Logged, State
from levelstride.library.loader import knowledge
from levelstride.programme.history import History
from levelstride.programme.model import Session, WalkPart, Why
from levelstride.programme.pain import Colour, MoveColour, PainView
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.soreness import Sore
from levelstride.programme.walking import WalkWeek, plan_walks

KNOWN = knowledge()
RULES = Rulebook(KNOWN)
MONDAY = date(2026, 3, 2)
ZONE = timezone(timedelta(hours=1))


def week_days(start: date = MONDAY, count: int = 7) -> tuple[date, ...]:
    return tuple(start + timedelta(days=number) for number in range(count))


def walked(
    day: date, minutes: float | None = 20, pain: float | None = 1, rpe: float | None = 2, zone: Any = ZONE
) -> Logged[Walk]:
    at = datetime.combine(day, time(9), zone)
    body = Walk(duration_s=None if minutes is None else 60 * minutes, worst_pain=pain, rpe=rpe)
    return Logged(f"walk-{day}-{minutes}-{pain}", at, "Europe/Prague", body)


def feels(
    walk: Colour = "green",
    person: Colour = "green",
    *,
    rest_until: date | None = None,
    why: tuple[Why, ...] = (),
    **fields: Any,
) -> PainView:
    frame: dict[str, Any] = {
        "colour": person,
        "moves": {},
        "walk": MoveColour(walk, why, rest_until),
        "flare": None,
        "soreness": Sore("none", None, ()),
        "stop": (),
        "refer": (),
        "unwell": (),
    }
    return PainView(**{**frame, **fields})


def planned(*minutes: int, efforts: tuple[str, ...] = (), case: str = "more_time") -> tuple[Session, ...]:
    """Return the walks of the week before MONDAY."""
    days = week_days(MONDAY - timedelta(days=7))
    return tuple(
        Session(
            id=f"{day}-walk",
            day=day,
            kind="walk",
            minutes=0,
            walk=WalkPart(
                minutes=length,
                effort=efforts[number] if efforts else "easy",  # type: ignore[arg-type]
                why=(RULES.why("graded_walking", case),),
            ),
        )
        for number, (day, length) in enumerate(zip(days, minutes, strict=False))
    )


def done(*minutes: float | None, **fields: Any) -> tuple[Logged[Walk], ...]:
    """Return walks of the week before MONDAY, one each day."""
    days = week_days(MONDAY - timedelta(days=7))
    return tuple(walked(day, length, **fields) for day, length in zip(days, minutes, strict=False))


def plan(
    walks: tuple[Logged[Walk], ...] = (),
    pain: PainView | None = None,
    *,
    state: State | None = None,
    sets: History | None = None,
    **fields: Any,
) -> WalkWeek:
    frame: dict[str, Any] = {
        "starts_on": MONDAY,
        "days": week_days(),
        "phase": "P2",
        "drills": (),
        "previous": (),
        "support": False,
        "may_be_hard": True,
        "easy_week": False,
    }
    history = replace(sets or History(()), walks=walks)
    return plan_walks(history, state or State(), pain or feels(), RULES, **{**frame, **fields})


def lengths(week: WalkWeek) -> list[int]:
    return [part.minutes for _, part in week.walks]


def efforts(week: WalkWeek) -> list[str]:
    return [part.effort for _, part in week.walks]


def case_of(week: WalkWeek) -> str:
    (case,) = {part.why[0].case for _, part in week.walks}
    return case
