"""Why it exists: people who answer the whole intake, and what several tests of questions share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from levelstride.journal.bodies import AnswerValue
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import fold
from levelstride.screening.questions import (
    Anew,
    Item,
    Page,
    next_page,
    progress,
)
from levelstride.screening.writing import page_bodies
from tests.screening.support import (
    KNOWN,
    NOW,
    ZONE,
)

DAY = timedelta(days=1)
SECTIONS = [section.id for section in KNOWN.intake.sections]
SIGNS = tuple(KNOWN.intake.signs)
PLACES = KNOWN.intake.places
Person = Callable[[Item], AnswerValue]


def saying_no(item: Item) -> AnswerValue:
    """Answer as somebody whom nothing troubles, and who skips what may be skipped."""
    if item.optional:
        return None
    plain: dict[str, AnswerValue] = {"yes_no": False, "several": (), "rating": 0.0, "text": "nothing", "lines": ()}
    if item.kind == "one":
        return "no" if "no" in item.options else next(iter(item.options))
    return plain.get(item.kind, item.low)


def saying_yes(item: Item) -> AnswerValue:
    """Answer as somebody who has everything, everywhere, on both sides."""
    if item.path == "intake/pregnant":
        return "pregnant"
    if item.kind == "one":
        return "both" if "both" in item.options else next(reversed(item.options))
    if item.kind == "lines":
        return ("stairs", "garden")
    wide: dict[str, AnswerValue] = {
        "yes_no": True,
        "several": tuple(item.options),
        "rating": 10.0,
        "text": "no bend over 90",
    }
    return wide.get(item.kind, item.high)


def aged(age: int, person: Person = saying_no, month: str = "jan", **changes: Any) -> Person:
    """Answer as ``person`` of an age; ``changes`` by the last part of a question's path."""
    fixed = {"birth_year": float(NOW.year - age), "birth_month": month, "height": 1.7, **changes}

    def answers(item: Item) -> AnswerValue:
        name = item.path.rsplit("/", 1)[1]
        return (
            fixed[name] if name in fixed and item.path.startswith(("intake/", "body_map/", "signs/")) else person(item)
        )

    return answers


def walk(
    person: Person, entries: list[Entry] | None = None, now: datetime = NOW, anew: Anew | None = None
) -> tuple[list[Page], list[Entry]]:
    """Answer page after page until none is left; no question comes twice."""
    written, seen = list(entries or ()), []
    asked: set[tuple[str, str | None]] = set()
    while (page := next_page(fold(written), KNOWN, now, anew)) is not None:
        assert page.items
        items = {(item.path, item.side) for item in page.items}
        assert len(items) == len(page.items)
        assert not items & asked, f"asked twice on {page.id}: {items & asked}"
        asked |= items
        seen.append(page)
        values = {(item.path, item.side): person(item) for item in page.items}
        written += [new_entry(body, at=now, zone=ZONE) for body in page_bodies(page, values)]
    done, total = progress(fold(written), KNOWN, now)
    assert done == total >= len({page.id for page in seen})
    return seen, written


def paths(seen: list[Page]) -> list[str]:
    return [item.path for page in seen for item in page.items]


def ids(seen: list[Page]) -> list[str]:
    return [page.id for page in seen]


PEOPLE = {
    "40, no to everything": aged(40),
    "40, yes to everything": aged(40, saying_yes),
    "15": aged(15),
    "15, turning 16 this month": aged(16, month="may"),
    "16": aged(16),
    "16, yes to everything": aged(16, saying_yes),
    "15, pregnant": aged(15, pregnant="pregnant"),
    "40, birth not long ago": aged(40, pregnant="birth_recent"),
    "75": aged(75),
    "75, yes to everything": aged(75, saying_yes),
    "8": aged(8),
    "5": aged(5),
}


#: How long ago trouble began.
SPANS = ("under_2_weeks", "weeks_2_6", "weeks_6_12", "months_3_12", "years_1_5", "over_5_years")
