"""Why it exists: what several tests of writing share."""

from datetime import datetime, timedelta
from typing import Any

from levelstride.journal.bodies import Measured, Origin, Side, Unmeasured
from levelstride.journal.entry import Entry, new_entry
from tests.screening.support import (
    KNOWN,
    NOW,
    ZONE,
)

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TODAY = NOW.date()


def measured(test: str, at: datetime = NOW, side: Side | None = None, value: float | None = 5.0, **kept: Any) -> Entry:
    """Make an entry of one result by hand; without a value one that does not count."""
    measure = KNOWN.tests[test].measure
    counts: dict[str, Any] = {"value": value, "standard_error": 1.0}
    if value is None:
        counts = {"not_measurable": Unmeasured(code="no_try", text="No try counted.")}
    origin = Origin(method=kept.pop("method", "hand"))
    body = Measured(test=test, measure=measure.name, side=side, unit=measure.unit, origin=origin, **counts, **kept)
    return new_entry(body, at=at, zone=ZONE)
