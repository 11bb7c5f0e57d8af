"""Why it exists: when a week stays short of what its phase asks for, says which single wish would help most."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from levelstride.programme.days import spread_days
from levelstride.programme.model import Relaxation
from levelstride.programme.week import Filled

if TYPE_CHECKING:
    from levelstride.programme.plan import Week

#: Things tried, one after the other, when too few moves are left.
_EQUIPMENT = ("mini_band", "dumbbells", "step", "long_band")
_MINUTES_STEP, _MINUTES_MOST = 5, 60


def find_relaxations(week: "Week", filled: Filled, least: int) -> list[Relaxation]:
    """Return the smallest change of each wish that alone makes the week whole; says so when none does."""
    found = list(_days(week, least))
    if filled.too_few:
        moves = list(_moves(week, filled))
        found += moves or [Relaxation(wish="none", says="relax_none")]
    return found


def _days(week: "Week", least: int) -> Iterator[Relaxation]:
    traits = week.context.traits
    if len(week.dates) >= least:
        return
    if traits.days < least:
        yield Relaxation(wish="days", says="relax_days", values={"value": str(least)})
    if len(spread_days(week.starts_on, least, range(7), ())) > len(week.dates) and len(traits.weekdays) < least:
        yield Relaxation(wish="weekdays", says="relax_weekdays")


def _moves(week: "Week", filled: Filled) -> Iterator[Relaxation]:
    traits = week.context.traits
    start = traits.minutes - traits.minutes % _MINUTES_STEP + _MINUTES_STEP
    for minutes in range(start, _MINUTES_MOST + 1, _MINUTES_STEP):
        if _better(week.with_traits(minutes=minutes), filled):
            yield Relaxation(wish="minutes", says="relax_minutes", values={"value": str(minutes)})
            break
    for thing in _EQUIPMENT:
        if thing not in traits.equipment and _better(week.with_traits(equipment=traits.equipment | {thing}), filled):
            label = week.context.known.vocabulary.equipment[thing].label
            yield Relaxation(wish="equipment", says="relax_equipment", values={"name": label})
            break
    if traits.setting in week.context.known.rules["week_plan"].lists["upright_settings"] and _better(
        week.with_traits(setting="home"), filled
    ):
        yield Relaxation(wish="setting", says="relax_place")
    if week.context.choices.skipped and _better(week.without_skips(), filled):
        yield Relaxation(wish="choices", says="relax_choices")


def _better(week: "Week", than: Filled) -> bool:
    return week.fill().too_few < than.too_few and week.fill().too_few == 0
