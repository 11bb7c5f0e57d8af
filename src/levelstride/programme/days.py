"""Why it exists: chooses the days of a week - spread out, near to last week's, on days the person can use."""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import combinations, pairwise

from levelstride.programme.model import WEEK


def spread_days(
    starts_on: date, count: int, weekdays: Collection[int], last_week: Collection[int], busy: Collection[int] = ()
) -> tuple[int, ...]:
    """Return ``count`` day numbers (0 = ``starts_on``) or as many as there are, in order.

    Parameters
    ----------
    weekdays
        Days that may be used, 0 = Monday.
    last_week
        Weekdays used last week; a habit is kept where it costs no rest.
    busy
        Day numbers before the week (negative) with hard work.
    """
    free = [day for day in range(WEEK) if (starts_on + timedelta(days=day)).weekday() in weekdays]
    count = min(count, len(free))
    if count == 0:
        return ()
    habits = {day for day in free if (starts_on + timedelta(days=day)).weekday() in last_week}

    def cost(days: tuple[int, ...]) -> tuple[int, int, int, tuple[int, ...]]:
        taken = sorted((*busy, *days))
        gaps = [later - earlier for earlier, later in pairwise(taken) if later >= 0]
        close = sum(gap < 2 for gap in gaps)
        uneven = sum((gap * count - WEEK) ** 2 for gap in gaps)
        return close, len(set(days) - habits) if habits else 0, uneven, days

    return min(combinations(free, count), key=cost)
