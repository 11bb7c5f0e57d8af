"""Why it exists: says whether a later result differs from an earlier one by more than error - or cannot be compared.

The minimal detectable change used is the largest of the published one, that of the two measurements' own errors
(1.96 x the error of their difference), and the person's own spread between days (1.96 x sqrt 2 x SD). A change is
called real only when it is larger and when a publication or the person's own days stand behind that figure; where only
the error of the measurements does, the size is shown and no verdict given. Results of one day are never compared.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from levelstride.journal.bodies import Side
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.tests import FindingRule, FunctionalTest
from levelstride.screening.norms import applies
from levelstride.screening.person import Age
from levelstride.screening.protocols import SQRT_2
from levelstride.screening.series import Z_95, Point, Series, Subject

Verdict = Literal["real_change", "no_detectable_change", "error_not_known", "not_comparable"]
Source = Literal["published", "measurement", "own_days", "assumed"]

#: What must agree, besides the conditions of the test, and the word for it (a heading of the library).
_FRAME = ("method", "view", "device", "model")
#: Conditions of a recording that must agree when both recordings state them.
_RECORDED = ("footwear", "walking_aid", "surface", "treadmill", "picture")


@dataclass(frozen=True)
class Difference:
    """Something that was not alike: ``what`` names it, with both answers (None = not stated)."""

    what: str
    before: str | None
    now: str | None


@dataclass(frozen=True)
class DetectableChange:
    """The minimal detectable change used, its source, and every candidate, in the subject's unit."""

    value: float
    source: Source
    candidates: dict[Source, float]

    @property
    def grounded(self) -> bool:
        """Say whether a publication or the person's own days stand behind the figure.

        The errors of the two measurements alone do not: how far a person varies from day to day is not in them.
        """
        return any(name in ("published", "own_days") for name in self.candidates)


@dataclass(frozen=True)
class Change:
    """A later result against an earlier one; ``change`` = now minus before.

    ``direction``: whether the change is for the better, the worse or neither, by the test's file; None when there is
    no real change. ``rules`` are the finding rules about change that fire.
    """

    subject: Subject
    side: Side | None
    before: Point
    now: Point
    change: float
    verdict: Verdict
    mdc: DetectableChange | None
    differences: tuple[Difference, ...]
    direction: Literal["better", "worse", "neither"] | None
    rules: tuple[FindingRule, ...]
    days: int
    too_soon: bool

    @property
    def out_of_reach(self) -> bool:
        """Say whether no gain from the earlier result on could be as large as the minimal detectable change."""
        test = self.subject.test
        entry = test.entry if test is not None else None
        if self.mdc is None or entry is None or entry.kind == "speed":
            return False
        if self.subject.better == "lower":
            return self.before.value - entry.low <= self.mdc.value
        best = entry.cap if entry.cap is not None else entry.high
        return self.subject.better == "higher" and best - self.before.value <= self.mdc.value


def compare(series: Series, known: Knowledge, age: Age | None, *, with_first: bool = True) -> Change | None:
    """Compare the last result with the first (or the one before); None when there are fewer than two.

    With the first: the first result that was got in the same way as the last, where there is one.
    """
    if not series.points:
        return None
    now = series.points[-1]
    earlier = [point for point in series.points if point.at.date() < now.at.date()]
    if not earlier:
        return None
    alike = [point for point in earlier if not differences(series.subject, point, now)]
    pool = alike or earlier
    return compare_points(series, pool[0] if with_first else pool[-1], now, known, age)


def compare_points(series: Series, before: Point, now: Point, known: Knowledge, age: Age | None) -> Change:
    """Compare two results of one series."""
    subject = series.subject
    unlike = differences(subject, before, now)
    change = now.value - before.value
    days = (now.at.date() - before.at.date()).days
    too_soon = 0 < days < 7 * known.rules["retest"].figures["sooner_min"].number()
    frame = {
        "subject": subject,
        "side": series.side,
        "before": before,
        "now": now,
        "change": change,
        "days": days,
        "too_soon": too_soon,
    }
    if unlike:
        return Change(verdict="not_comparable", mdc=None, differences=unlike, direction=None, rules=(), **frame)  # type: ignore[arg-type]
    mdc = detectable_change(series, before, now, known)
    if not mdc.grounded:
        verdict: Verdict = "error_not_known"
    else:
        # a change as large as the figure is not beyond it, whatever the last digit of a float says
        verdict = "real_change" if abs(change) > mdc.value * (1 + 1e-9) else "no_detectable_change"
    real = verdict == "real_change"
    rules = tuple(_change_rules(subject.test, change, before, now, age)) if real and subject.activity is None else ()
    direction = _direction(subject, change) if real else None
    return Change(verdict=verdict, mdc=mdc, differences=(), direction=direction, rules=rules, **frame)  # type: ignore[arg-type]


def differences(subject: Subject, before: Point, now: Point) -> tuple[Difference, ...]:
    """Return what was not alike in how two results were got."""
    found = [
        Difference(name, getattr(before, name), getattr(now, name))
        for name in _FRAME
        if _unlike(name, getattr(before, name), getattr(now, name))
    ]
    if subject.test is not None and "hand" in (before.method, now.method):
        names: Sequence[str] = [condition.id for condition in subject.test.conditions if condition.compared]
        names = [*names, "activities"]
        strict = True
    else:
        names, strict = _RECORDED, False
    for name in names:
        one, two = before.conditions.get(name), now.conditions.get(name)
        if one != two and (strict or (one is not None and two is not None)):
            found.append(Difference(name, one, two))
    return tuple(found)


def _unlike(name: str, one: str | None, two: str | None) -> bool:
    if name == "device":  # rarely stated; the picture's size and rate stand in for it
        return one is not None and two is not None and one != two
    return one != two


def detectable_change(series: Series, before: Point, now: Point, known: Knowledge) -> DetectableChange:
    """Return the minimal detectable change between two comparable results."""
    test = series.subject.test
    candidates: dict[Source, float] = {}
    own_error = Z_95 * math.hypot(before.standard_error, now.standard_error)
    measured = {before.error_source, now.error_source} <= {"published", "recording"}
    candidates["measurement" if measured else "assumed"] = own_error
    mdc = test.change.mdc if test is not None else None
    if test is not None and series.subject.activity is not None:
        mdc = test.change.single
    if mdc is not None:
        candidates["published"] = mdc.value
    spread = own_spread(series, now, known)
    if spread is not None:
        candidates["own_days"] = Z_95 * SQRT_2 * spread
    source = max(candidates, key=lambda name: candidates[name])
    return DetectableChange(candidates[source], source, candidates)


def own_spread(series: Series, like: Point, known: Knowledge) -> float | None:
    """Return the person's own spread between days (SD), from the first days of testing; None with one day only.

    Days: comparable results of different days within ``baseline_days`` of the first (limits.yaml). Few days say little,
    so the usual error of the test counts as ``own_spread_weight`` further degrees of freedom.
    """
    window = timedelta(days=known.limits["baseline_days"].number())
    weight = known.limits["own_spread_weight"].number()
    points = [point for point in series.points if not differences(series.subject, point, like)]
    first = [point for point in points if point.at - points[0].at <= window]
    days: dict[str, list[float]] = {}
    for point in first:
        days.setdefault(point.at.date().isoformat(), []).append(point.value)
    means = [sum(values) / len(values) for values in days.values()]
    # a result of the days that show the spread is no change: none of them may be called one
    values = [point.value for point in first]
    least = (max(values) - min(values)) / (Z_95 * SQRT_2) if like in first else 0.0
    if len(means) < 2:
        return None
    middle = sum(means) / len(means)
    squares = sum((mean - middle) ** 2 for mean in means)
    return max(least, math.sqrt((weight * points[0].standard_error ** 2 + squares) / (weight + len(means) - 1)))


def _change_rules(
    test: FunctionalTest | None, change: float, before: Point, now: Point, age: Age | None
) -> Iterator[FindingRule]:
    for rule in test.finding_rules if test is not None else ():
        if rule.compare != "change" or rule.limit is None or not applies(rule, age, now.conditions):
            continue
        if rule.unit == "%" and before.value == 0:
            continue
        size = 100 * change / abs(before.value) if rule.unit == "%" else change
        beyond = {"below": size < rule.limit, "above": size > rule.limit, "at_least": size >= rule.limit}
        if rule.op is not None and beyond[rule.op]:
            yield rule


def _direction(subject: Subject, change: float) -> Literal["better", "worse", "neither"]:
    if subject.better == "neither":
        return "neither"
    return "better" if (change > 0) == (subject.better == "higher") else "worse"
