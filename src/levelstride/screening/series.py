"""Why it exists: the results of one test on one side over time, wherever they come from - by hand or from a recording.

A measure of a recording joins the functional test that names it (``from_recording``); measures that no test names keep
their own name. The ratings of a person's own activities are read from the answers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from levelstride.journal.bodies import Measured, Side, Unmeasured
from levelstride.journal.state import Logged, State
from levelstride.library.knowledge import Knowledge
from levelstride.library.loader import measure_library
from levelstride.library.schema.tests import FunctionalTest
from levelstride.screening.protocols import SQRT_2

Better = Literal["higher", "lower", "neither"]
#: From this many activities on their mean says more than one of them.
LEAST_FOR_MEAN = 3
Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Subject:
    """What a series is about; ``test`` is None for a measure of a recording that no test names.

    ``size_only``: a recording gives the size with a sign for the side, and only the size is used. ``decimals`` to show,
    where the measure library says so.
    """

    id: str
    name: str
    unit: str
    better: Better
    test: FunctionalTest | None
    activity: str | None = None
    size_only: bool = False
    decimals: int | None = None


@dataclass(frozen=True)
class Point:
    """One result: value and error (one standard deviation) in the subject's unit; ``days`` of which it is the mean."""

    value: float
    standard_error: float
    error_source: str | None
    at: datetime
    entry: str
    conditions: dict[str, str]
    method: Literal["hand", "recording"]
    view: str | None
    device: str | None
    model: str | None
    quality: str | None
    days: int = 1


@dataclass(frozen=True)
class Series:
    """Results of one subject on one side, oldest first; ``unmeasured`` = the last try, when it gave no value."""

    subject: Subject
    side: Side | None
    points: tuple[Point, ...]
    unmeasured: Unmeasured | None = None


def all_series(state: State, known: Knowledge) -> tuple[Series, ...]:
    """Return every series of the journal: tests in the library's order, then other measures, then own activities."""
    by_measure = {test.from_recording.measure: test for test in known.tests.values() if test.from_recording is not None}
    found: dict[tuple[str, Side | None], list[tuple[Logged[Measured], float]]] = {}
    subjects: dict[str, Subject] = {}
    for logged in state.measures:
        placed = _place(logged.body, known, by_measure)
        if placed is not None:
            subject, factor = placed
            subjects[subject.id] = subject
            found.setdefault((subject.id, logged.body.side), []).append((logged, factor))
    order = {name: number for number, name in enumerate(known.tests)}
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), key[0], key[1] or ""))
    series = tuple(_series(subjects[key[0]], key[1], found[key]) for key in keys)
    return (*series, *_activities(state, known))


def _place(body: Measured, known: Knowledge, by_measure: dict[str, FunctionalTest]) -> tuple[Subject, float] | None:
    test = known.tests.get(body.test)
    if test is not None:
        return Subject(test.id, test.name, test.measure.unit, test.measure.better, test), 1.0
    test = by_measure.get(body.measure)
    if test is not None and test.from_recording is not None:
        source = test.from_recording
        return Subject(
            test.id, test.name, test.measure.unit, test.measure.better, test, None, source.size_only
        ), source.factor
    spec = measure_library().measures.get(body.measure)
    if spec is None:
        return None
    name = f"{body.test}/{body.measure}"  # from the side and from behind are two things
    return Subject(name, spec.label, body.unit, "neither", None, decimals=spec.decimals), 1.0


def _series(subject: Subject, side: Side | None, found: Iterable[tuple[Logged[Measured], float]]) -> Series:
    points: list[Point] = []
    unmeasured: Unmeasured | None = None
    for logged, factor in found:
        body, origin = logged.body, logged.body.origin
        # a recording that gave nothing does not hide what a stopwatch gave, nor the other way round
        if body.not_measurable is None:
            unmeasured = None
        elif not points or points[-1].method == origin.method:
            unmeasured = body.not_measurable
        if body.value is None or body.standard_error is None:
            continue
        value = body.value * factor
        points.append(
            Point(
                abs(value) if subject.size_only and origin.method == "recording" else value,
                body.standard_error * abs(factor),
                body.error_source,
                logged.at,
                logged.id,
                body.conditions,
                origin.method,
                origin.view,
                origin.device,
                origin.model,
                body.quality,
            )
        )
    return Series(subject, side, tuple(points), unmeasured)


def _activities(state: State, known: Knowledge) -> Iterator[Series]:
    """Give the person's own activities: each one, and their mean on days on which all of them were rated."""
    test = known.tests["psfs"]
    assert test.change.mdc is not None
    mean_error = test.change.mdc.value / (Z_95 * SQRT_2)
    names = state.value("activities/names")
    names = names if isinstance(names, tuple) else ()
    days: dict[str, dict[str, Point]] = {}
    for name in names:
        points = []
        for given in state.answers.get((f"activities/score/{name}", None), ()):
            if isinstance(given.value, float | int):
                points.append(_rating(float(given.value), _single_error(test), given.at, given.id))
                days.setdefault(given.at.date().isoformat(), {})[name] = points[-1]
        if points:
            yield Series(Subject(f"psfs/{name}", test.name, "points", "higher", test, name), None, tuple(points))
    complete = [day for day in days.values() if len(day) == len(names)]
    if len(names) < LEAST_FOR_MEAN:
        return
    means = tuple(
        _rating(
            sum(point.value for point in day.values()) / len(day),
            mean_error,
            max(point.at for point in day.values()),
            max(point.entry for point in day.values()),
            {"activities": " | ".join(sorted(day))},
        )
        for day in complete
    )
    if means:
        yield Series(Subject("psfs", test.name, "points", "higher", test), None, means)


def _single_error(test: FunctionalTest) -> float:
    assert test.change.single is not None
    return test.change.single.value / (Z_95 * SQRT_2)


def _rating(value: float, error: float, at: datetime, entry: str, conditions: dict[str, str] | None = None) -> Point:
    return Point(value, error, "published", at, entry, conditions or {}, "hand", None, None, None, None)
