"""Why it exists: builds journals with results - by hand, from a recording, from ratings - for tests."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone

from levelstride.journal.bodies import Answer, Answers, AnswerValue, Measured, Origin, Profile, Side, Unmeasured
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import State, fold
from levelstride.library.loader import knowledge
from levelstride.library.schema.tests import FindingRule, FunctionalTest
from levelstride.screening.findings import Assessment, Finding, find
from levelstride.screening.series import Point, Series, Subject, all_series

KNOWN = knowledge()
ZONE = "Europe/Prague"
#: Day 0 of every story.
BEGIN = datetime(2026, 5, 4, 9, 0, tzinfo=timezone(timedelta(hours=2)))
TODAY = date(2026, 9, 1)
BY_HAND = Origin(method="hand")


def on_day(days: float) -> datetime:
    """Return a moment so many days after the first."""
    return BEGIN + timedelta(days=days)


def born(age: int, sex: str | None = None, *, month: int | None = 1) -> Entry:
    """Make an entry of somebody born so many years before TODAY; in January, the age is certain."""
    return new_entry(Profile(birth_year=TODAY.year - age, birth_month=month, norm_sex=sex), at=BEGIN, zone=ZONE)  # type: ignore[arg-type]


def by_hand(
    test: str,
    value: float,
    error: float,
    *,
    side: Side | None = None,
    day: float = 0,
    conditions: Mapping[str, str] | None = None,
    source: str | None = "published",
) -> Entry:
    """Make an entry of one result by hand."""
    measure = KNOWN.tests[test].measure
    body = Measured(
        test=test,
        measure=measure.name,
        side=side,
        value=value,
        unit=measure.unit,
        standard_error=error,
        error_source=source,
        n=1,
        conditions=dict(conditions or {}),
        origin=BY_HAND,
    )
    return new_entry(body, at=on_day(day), zone=ZONE)


def recorded(
    measure: str,
    value: float,
    error: float,
    *,
    unit: str,
    side: Side | None = None,
    day: float = 0,
    task: str = "gait_side",
    view: str | None = "right",
    device: str | None = None,
    model: str | None = "pose-1",
    conditions: Mapping[str, str] | None = None,
    source: str = "recording",
) -> Entry:
    """Make an entry of one measure of a recording."""
    body = Measured(
        test=task,
        measure=measure,
        side=side,
        value=value,
        unit=unit,
        standard_error=error,
        error_source=source,
        n=12,
        quality="good",
        conditions=dict(conditions or {}),
        origin=Origin(method="recording", view=view, device=device, model=model),
    )
    return new_entry(body, at=on_day(day), zone=ZONE)


def not_measured(test: str, code: str, text: str, *, side: Side | None = None, day: float = 0, fix: str = "") -> Entry:
    """Make an entry of a try that gave no value."""
    measure = KNOWN.tests[test].measure
    body = Measured(
        test=test,
        measure=measure.name,
        side=side,
        unit=measure.unit,
        not_measurable=Unmeasured(code=code, text=text, fix=fix),
        origin=BY_HAND,
    )
    return new_entry(body, at=on_day(day), zone=ZONE)


def not_recorded(measure: str, *, unit: str, side: Side | None = None, day: float = 0) -> Entry:
    """Make an entry of a recording that gave no value."""
    body = Measured(
        test="gait_side",
        measure=measure,
        side=side,
        unit=unit,
        not_measurable=Unmeasured(code="too_few", text="seen 3 times, at least 6 needed", fix="Film more steps."),
        origin=Origin(method="recording", view="right", model="pose-1"),
    )
    return new_entry(body, at=on_day(day), zone=ZONE)


def kept(body: Measured, *, day: float = 0) -> Entry:
    """Make an entry of a result that a protocol gave."""
    return new_entry(body, at=on_day(day), zone=ZONE)


def answer(question: str, value: AnswerValue, *, day: float = 0) -> Entry:
    """Make an entry of one answer."""
    return new_entry(Answers(given=(Answer(question=question, value=value),)), at=on_day(day), zone=ZONE)


def rated(scores: Mapping[str, float], *, day: float = 0) -> Entry:
    """Make an entry that rates the person's own activities."""
    given = tuple(Answer(question=f"activities/score/{name}", value=value) for name, value in scores.items())
    return new_entry(Answers(given=given), at=on_day(day), zone=ZONE)


def state_of(*entries: Entry) -> State:
    """Return the state of these entries."""
    return fold(entries)


def found(*entries: Entry) -> dict[tuple[str, Side | None], Finding]:
    """Return the findings by subject and side."""
    return {(one.subject.id, one.side): one for one in find(fold(entries), KNOWN, TODAY)}


def series_of(*entries: Entry) -> dict[tuple[str, Side | None], Series]:
    """Return the series by subject and side."""
    return {(one.subject.id, one.side): one for one in all_series(fold(entries), KNOWN)}


def only_series(*entries: Entry) -> Series:
    """Return the one series of these entries."""
    (series,) = all_series(fold(entries), KNOWN)
    return series


def rule_of(test: str, rule: str) -> FindingRule:
    """Return a finding rule by its name."""
    return next(one for one in KNOWN.tests[test].finding_rules if one.id == rule)


def assessed(finding: Finding, rule: str) -> Assessment | None:
    """Return what one rule says in a finding; None where it did not apply or was replaced."""
    return next((one for one in finding.assessments if one.rule.id == rule), None)


def by_points(test: str, *points: Point) -> Series:
    """Return a series of a test from points, on the left where the test has sides."""
    return Series(subject_of(KNOWN.tests[test]), "left" if KNOWN.tests[test].measure.sided else None, points)


def subject_of(test: FunctionalTest) -> Subject:
    """Return the subject of a test's results."""
    return Subject(test.id, test.name, test.measure.unit, test.measure.better, test)


def point(value: float, error: float, *, day: float = 0, source: str | None = "published", **fields: object) -> Point:
    """Return a result by hand that no journal holds; ``fields`` replace its parts."""
    frame: dict[str, object] = {
        "conditions": {},
        "method": "hand",
        "view": None,
        "device": None,
        "model": None,
        "quality": None,
    }
    at = on_day(day)
    return Point(value, error, source, at, f"{at.timestamp():020.3f}", **{**frame, **fields})  # type: ignore[arg-type]
