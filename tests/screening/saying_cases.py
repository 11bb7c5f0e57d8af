"""Why it exists: a broad grid of findings and changes to put into words."""

from collections.abc import Iterator
from functools import cache

from levelstride.journal.entry import Entry
from levelstride.screening.change import Change, compare
from levelstride.screening.findings import Finding
from levelstride.screening.protocols import PAIN_DURING, result
from levelstride.screening.sayings import Phrases, Said
from tests.screening.change_cases import COMPARED, RECORDED, THREE
from tests.screening.finding_cases import GAPS, MARKS, NORMS, STATEMENTS, STEPS, TRENDS, side_for
from tests.screening.results import (
    BY_HAND,
    KNOWN,
    answer,
    born,
    by_hand,
    by_points,
    found,
    kept,
    not_measured,
    only_series,
    point,
    rated,
    recorded,
    series_of,
)

LANGUAGES = ("en", "es")
UNITS = ("metric", "imperial")
VOICES = [(language, units) for language in LANGUAGES for units in UNITS]
phrases = cache(lambda language, units: Phrases(KNOWN, language, units))
EN = phrases("en", "metric")


@cache
def all_findings() -> tuple[tuple[str, Finding], ...]:
    """Return a finding for every rule of the library in each verdict, with its name."""
    return tuple(_findings())


def _findings() -> Iterator[tuple[str, Finding]]:
    for mark in MARKS:
        side = side_for(mark.test)
        for age in dict.fromkeys([mark.age, 30, 70]):
            who = [] if age is None else [born(age, "prefer_not")]
            for value in mark.values:
                entry = by_hand(mark.test, value, mark.error, side=side, conditions=mark.conditions)
                yield mark.rule, found(*who, entry)[mark.test, side]
    for statement in STATEMENTS:
        for value in statement.said:
            yield statement.rule, found(by_hand(statement.test, value, 0.7))[statement.test, None]
    for test, rule, age, sex, limit, beyond in NORMS:
        side = side_for(test)
        for errors in (6, 1, -6):
            yield rule, found(born(age, sex), by_hand(test, limit + beyond * errors * 0.1, 0.1, side=side))[test, side]
    for gap in GAPS:
        sign = -1 if KNOWN.tests[gap.test].measure.better == "higher" else 1
        # half of the limit: where that is much, larger than its error and surely below the mark
        for size in (*gap.gaps, gap.limit / 2):
            left = by_hand(gap.test, gap.better + sign * size, gap.errors[0], side="left", conditions=gap.conditions)
            right = by_hand(gap.test, gap.better, gap.errors[1], side="right", conditions=gap.conditions)
            yield from ((gap.rule, one) for one in found(left, right).values())
    for test in TRENDS:
        side = side_for(test)
        yield TRENDS[test], found(by_hand(test, 3.5, 0.5, side=side))[test, side]
        before, now = by_hand(test, 3.5, 0.5, side=side), by_hand(test, 7.5, 0.5, side=side, day=30)
        yield TRENDS[test], found(before, now)[test, side]
    for test in KNOWN.tests.values():
        side = side_for(test.id)
        days = [by_hand(test.id, value, 0.5, side=side, day=value) for value in (3, 5)]
        yield f"{test.id}_days", found(*days)[test.id, side]
        hurt = by_hand(test.id, 4, 0.5, side=side, conditions={PAIN_DURING: "3"})
        yield f"{test.id}_hurt", found(hurt)[test.id, side]
        if test.entry is not None and test.entry.cap is not None:
            full = found(by_hand(test.id, test.entry.cap, 5, side=side), by_hand(test.id, 9, 2, side="right"))
            yield from ((f"{test.id}_full", one) for one in full.values())
    for test in KNOWN.tests.values():
        for condition in test.conditions:
            for spoiling in condition.spoils:
                side = side_for(test.id)
                body = result(test, side, [5.0], {condition.id: spoiling}, origin=BY_HAND)
                yield f"{test.id}_{condition.id}", found(kept(body))[test.id, side]
    for names in (("Stairs",), THREE):
        for name, one in found(answer("activities/names", names), rated(dict.fromkeys(names, 3))).items():
            yield name[0], one
    own = [answer("activities/names", THREE), *(rated(dict.fromkeys(THREE, n), day=30 * n) for n in (3, 5))]
    for name, one in found(*own).items():
        yield f"{name[0]}_later", one
    for code in ("no_try", "stopped"):
        entry = not_measured("sls_eo", code, "A text that is kept, not shown.", side="left")
        yield code, found(entry)["sls_eo", "left"]


@cache
def all_changes() -> tuple[tuple[str, Change], ...]:
    """Return a change for every rule about change and every verdict, with its name."""
    return tuple(_changes())


def _changes() -> Iterator[tuple[str, Change]]:
    for step in STEPS:
        side = side_for(step.test)
        for value in step.after:
            for error, source in ((0.01, "published"), (50, "published"), (0.5, "product_default")):
                for days in (3, 28):
                    entries = (
                        by_hand(step.test, step.before, error, side=side, source=source),
                        by_hand(step.test, value, error, side=side, day=days, source=source),
                    )
                    yield step.rule, _compared(*entries)
                    if days == 28:  # the same on a second first day: the own days are known
                        again = by_hand(step.test, step.before, error, side=side, day=3, source=source)
                        yield step.rule, _compared(entries[0], again, entries[1])
    for test, names in COMPARED.items():
        for name, (one, two) in names.items():
            before, now = point(1, 0.1, conditions={name: one}), point(9, 0.1, day=28, conditions={name: two})
            change = compare(by_points(test, before, now), KNOWN, None)
            assert change is not None
            yield f"{test}_{name}", change
    for name, (one, two) in RECORDED.items():
        entries = (
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", conditions={name: one}),
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", conditions={name: two}, day=28),
        )
        yield name, _compared(*entries)
    for name, frame in (
        ("view", {"view": "left"}),
        ("device", {"device": "phone B"}),
        ("model", {"model": "pose-2"}),
    ):
        entries = (
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", device="phone A"),
            recorded("trailing_limb_angle_deg", 9, 0.1, unit="deg", side="left", day=28, **frame),
        )
        yield name, _compared(*entries)
    yield "method", _compared(by_hand("walk10", 1, 0.1), recorded("walking_speed_mps", 1, 0.1, unit="m/s", day=28))
    own = [by_hand("sls_eo", value, 2, side="left", day=day, source="product_default") for value, day in OWN_DAYS]
    yield "own_days", _compared(*own)
    for test, value in OUT_OF_REACH.items():
        side = side_for(test)
        yield f"{test}_reach", _compared(by_hand(test, value, 5, side=side), by_hand(test, 9, 2, side=side, day=30))
    for names in (("Stairs",), THREE):
        first, later = (rated(dict.fromkeys(names, value), day=day) for value, day in ((3, 0), (9, 30)))
        for name, series in series_of(answer("activities/names", names), first, later).items():
            change = compare(series, KNOWN, None)
            assert change is not None
            yield name[0], change


OWN_DAYS = ((10, 0), (14, 7), (40, 60))
#: A first result from which no gain could be told from error.
OUT_OF_REACH = {"sls_eo": 45, "wblt": 20, "sts5": 3, "lateral_step_down_q": 0}


def _compared(*entries: Entry) -> Change:
    change = compare(only_series(*entries), KNOWN, None)
    assert change is not None
    return change


def told(said: Said) -> str:
    return " ".join(said.lines)
