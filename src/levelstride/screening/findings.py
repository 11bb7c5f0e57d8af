"""Why it exists: compares each result with what the library says about it, and never claims more than its error allows.

A rule's limit divides the results. With the error of the result (normal, one standard deviation) the probability that
the true value lies beyond the limit follows; the finding is *outside* only when that probability reaches
``finding_sure`` (limits.yaml), which is the same as: the limit lies outside the interval of 19 in 20. Between the two
it is *uncertain*. A difference between the sides must clear its own error as well as its limit.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import NormalDist
from typing import Literal

from levelstride.journal.bodies import Side, Unmeasured
from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.rules import Case
from levelstride.library.schema.tests import FindingRule, FunctionalTest
from levelstride.screening.change import differences
from levelstride.screening.norms import Norm, applies, find_norm
from levelstride.screening.person import Age, NormSex, age_on, norm_sexes
from levelstride.screening.protocols import item_key
from levelstride.screening.series import Z_95, Point, Series, Subject, all_series

Verdict = Literal["outside", "uncertain", "within", "described", "not_measurable"]
_BY_STRENGTH: tuple[Verdict, ...] = ("outside", "uncertain", "within")


@dataclass(frozen=True)
class Assessment:
    """One rule applied to one result.

    ``value``, ``margin`` (1.96 standard deviations), ``limit`` and ``other`` are in the subject's unit; for a gap
    ``value`` is this side, ``other`` the other side, ``gap`` their distance and ``margin`` the error of the gap.
    ``probability`` that the true value lies beyond the limit.
    """

    rule: FindingRule
    verdict: Verdict
    probability: float
    value: float
    margin: float
    limit: float
    other: float | None = None
    gap: float | None = None
    norm: Norm | None = None

    @property
    def clear(self) -> bool:
        """Say whether this says anything: a gap between the sides does only when it is larger than its error."""
        return self.gap is None or self.gap > self.margin


@dataclass(frozen=True)
class Family:
    """Exercises that a finding points to, from the rule ``finding_to_exercise``."""

    case: str
    says: str
    first_block: tuple[str, ...]
    next_block: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What one result of one side says.

    ``assessments``: every rule that applies, those that another one replaced left out. ``verdict`` = the strongest of
    them; *described* when no rule with a limit applies. ``confidence``: how far the limit can be trusted for this use.
    """

    subject: Subject
    side: Side | None
    point: Point | None
    previous: Point | None
    other: Point | None
    verdict: Verdict
    assessments: tuple[Assessment, ...]
    norm: Norm | None
    confidence: Literal["medium", "low", "none"]
    families: tuple[Family, ...]
    unmeasured: Unmeasured | None = None

    @property
    def margin(self) -> float | None:
        """Return 1.96 standard deviations of the result; None without a result."""
        return None if self.point is None else Z_95 * self.point.standard_error


def find(state: State, known: Knowledge, today: date) -> tuple[Finding, ...]:
    """Return what every latest result says, tests in the library's order."""
    age, sexes = age_on(state, today), norm_sexes(state)
    found = all_series(state, known)
    by_side = {(series.subject.id, series.side): series for series in found}
    return tuple(
        _finding(series, by_side.get((series.subject.id, _opposite(series.side))), known, age, sexes)
        for series in found
    )


def assess_value(
    rule: FindingRule, value: float, standard_error: float, limit: float, sure: float
) -> tuple[Verdict, float]:
    """Return the verdict for one value against one limit, and the probability that the true value lies beyond it."""
    beyond = NormalDist(value, standard_error).cdf(limit)
    probability = beyond if rule.op == "below" else 1 - beyond
    if probability >= sure:
        return "outside", probability
    return ("within" if probability <= 1 - sure else "uncertain"), probability


def _finding(
    series: Series, opposite: Series | None, known: Knowledge, age: Age | None, sexes: tuple[NormSex, ...]
) -> Finding:
    subject, test = series.subject, series.subject.test
    if series.unmeasured is not None or not series.points:
        return Finding(
            subject, series.side, None, None, None, "not_measurable", (), None, "none", (), series.unmeasured
        )
    point = current(series, known)
    days = timedelta(days=known.limits["baseline_days"].number() if point.days > 1 else 0)
    earlier = [one for one in series.points if one.at < point.at - days and not differences(subject, one, point)]
    previous = earlier[0] if earlier else None
    other = _comparable_side(point, opposite, test, known)
    assessments: tuple[Assessment, ...] = ()
    norm = None
    if test is not None and subject.activity is None:
        sure = known.limits["finding_sure"].number()
        assessments = _not_replaced(tuple(_assess(test, series.side, point, other, age, sexes, sure)))
        norm = find_norm(test, _shown_norms(test), age, sexes)
    verdict = _strongest(assessments)
    fired = [one.rule for one in assessments if one.verdict == "outside"]
    scored = _scored_lines(test, point) if fired else ()
    return Finding(
        subject=subject,
        side=series.side,
        point=point,
        previous=previous,
        other=other,
        verdict=verdict,
        assessments=assessments,
        norm=norm,
        confidence=_confidence(assessments, point),
        families=_families((*(name for rule in fired for name in rule.points_to), *scored), known),
    )


def _assess(
    test: FunctionalTest,
    side: Side | None,
    point: Point,
    other: Point | None,
    age: Age | None,
    sexes: tuple[NormSex, ...],
    sure: float,
) -> Iterator[Assessment]:
    for rule in test.finding_rules:
        if not applies(rule, age, point.conditions):
            continue
        norm = find_norm(test, rule.norms, age, sexes)
        if rule.compare in ("value", "faulty_reps") and rule.limit is not None:
            yield _against(rule, point, rule.limit, sure, norm)
        elif rule.compare in ("share_of_norm", "norm") and norm is not None:
            share = 1.0 if rule.limit is None else rule.limit / 100
            # without a stated sex the limit that is harder to cross counts
            limit = share * (norm.lowest if rule.op == "below" else norm.highest)
            yield _against(rule, point, limit, sure, norm)
        elif rule.compare in ("side_gap", "side_gap_percent") and other is not None:
            gap = _gap(rule, test, side, point, other, sure)
            if gap is not None:
                yield gap


def _against(rule: FindingRule, point: Point, limit: float, sure: float, norm: Norm | None) -> Assessment:
    verdict, probability = assess_value(rule, point.value, point.standard_error, limit, sure)
    if rule.as_said:
        verdict, probability = _as_said(rule, point.value, limit)
    return Assessment(rule, verdict, probability, point.value, Z_95 * point.standard_error, limit, norm=norm)


def _as_said(rule: FindingRule, value: float, limit: float) -> tuple[Verdict, float]:
    """Take a statement of pain as it was made: nobody's pain is within its error."""
    beyond = {"below": value < limit, "above": value > limit, "at_least": value >= limit}[rule.op or "at_least"]
    return ("outside", 1.0) if beyond else ("within", 0.0)


def _gap(
    rule: FindingRule, test: FunctionalTest, side: Side | None, point: Point, other: Point, sure: float
) -> Assessment | None:
    """Compare this side with the other; only the side with the less good result (the larger, if neither) is named."""
    further = other.value - point.value if test.measure.better == "higher" else point.value - other.value
    if further < 0 or (further == 0 and side == "right"):
        return None
    gap = abs(point.value - other.value)
    cap = test.entry.cap if test.entry is not None else None
    # a test that ended at its full time was at least that good: its own error cannot make the gap smaller
    error = point.standard_error if other.value == cap else math.hypot(point.standard_error, other.standard_error)
    assert rule.limit is not None
    percent = rule.compare == "side_gap_percent"
    limit = rule.limit / 100 * max(abs(point.value), abs(other.value)) if percent else rule.limit
    verdict, probability = assess_value(rule, gap, error, limit, sure)
    return Assessment(rule, verdict, probability, point.value, Z_95 * error, limit, other.value, gap)


def current(series: Series, known: Knowledge) -> Point:
    """Return the result that counts today: of the results got in one way, the mean of the last days.

    The way with the most days counts, so that one test done differently (in shoes) does not replace two done alike;
    where two ways have as many days, the later one. Days within ``baseline_days`` of the last are one starting value.
    Its error is the usual one, or the person's own spread where larger, over the square root of the days; what a
    recording's instrument adds does not shrink.
    """
    groups: list[list[Point]] = []
    for point in series.points:
        group = next((group for group in groups if not differences(series.subject, group[-1], point)), None)
        if group is None:
            groups.append([point])
        else:
            group.append(point)
    stale = series.points[-1].at - timedelta(days=known.limits["current_days"].number())
    fresh = [group for group in groups if group[-1].at >= stale]
    alike = max(fresh, key=lambda group: (len({point.at.date() for point in group}), group[-1].at))
    last = alike[-1]
    window = timedelta(days=known.limits["baseline_days"].number())
    by_day = {point.at.date(): point for point in alike if last.at - point.at <= window}
    days = list(by_day.values())
    if len(days) < 2 or last.method == "recording" or not _is_poolable(series.subject):
        return last
    mean = sum(point.value for point in days) / len(days)
    spread = math.sqrt(sum((point.value - mean) ** 2 for point in days) / (len(days) - 1))
    error = max(last.standard_error, spread) / math.sqrt(len(days))
    return replace(last, value=mean, standard_error=error, days=len(days))


def _is_poolable(subject: Subject) -> bool:
    """Say whether days may be averaged: not what a person says, nor sheets whose lines may differ from day to day."""
    test = subject.test
    if test is None or test.kind == "self_report" or subject.activity is not None:
        return False
    return test.entry is None or test.entry.kind != "items"


def _comparable_side(
    point: Point, opposite: Series | None, test: FunctionalTest | None, known: Knowledge
) -> Point | None:
    """Return the other side's result when it was got in the same way; None otherwise."""
    if opposite is None or not opposite.points or opposite.unmeasured is not None:
        return None
    other = current(opposite, known)
    if abs(other.at - point.at) > timedelta(days=known.limits["current_days"].number()):
        return None
    return None if differences(opposite.subject, point, other) else other


def _not_replaced(assessments: tuple[Assessment, ...]) -> tuple[Assessment, ...]:
    gone = {name for one in assessments if one.verdict == "outside" for name in one.rule.replaces}
    return tuple(one for one in assessments if one.rule.id not in gone)


def _strongest(assessments: tuple[Assessment, ...]) -> Verdict:
    """Return the strongest verdict.

    A gap between the sides within its own error says nothing, and neither does a rule that only informs.
    """
    found = {one.verdict for one in assessments if one.clear and not one.rule.informs}
    return next((kind for kind in _BY_STRENGTH if kind in found), "described")


def _shown_norms(test: FunctionalTest) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for rule in test.finding_rules for name in rule.norms))


def _confidence(assessments: tuple[Assessment, ...], point: Point) -> Literal["medium", "low", "none"]:
    """Never high: no limit of the library has been tested for this use."""
    if not assessments:
        return "none"
    published = all(one.rule.basis == "published" for one in assessments)
    return "medium" if published and point.error_source in ("published", "recording", "own_spread") else "low"


def _scored_lines(test: FunctionalTest | None, point: Point) -> tuple[str, ...]:
    """Return the cases that the lines of a score sheet with points lead to."""
    if test is None or test.entry is None:
        return ()
    # a sheet that counts how often counts only what was seen as often as the limit says
    limits = [rule.limit for rule in test.finding_rules if rule.compare == "faulty_reps" and rule.limit is not None]
    least = min(limits, default=1) if test.entry.total == "worst" else 1
    return tuple(
        name
        for item in test.entry.items
        if item.points.get(point.conditions.get(item_key(item.id), ""), 0) >= least
        for name in item.points_to
    )


def _families(wanted: Iterable[str], known: Knowledge) -> tuple[Family, ...]:
    cases: dict[str, Case] = {case.id: case for case in known.rules["finding_to_exercise"].cases}
    return tuple(
        Family(name, cases[name].says or "", cases[name].first_block, cases[name].next_block)
        for name in dict.fromkeys(wanted)
    )


def without_families(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings without exercises: what is shown while something stops the person."""
    return tuple(replace(finding, families=()) for finding in findings)


def _opposite(side: Side | None) -> Side | None:
    if side is None:
        return None
    return "right" if side == "left" else "left"


def reported_families(state: State, known: Knowledge) -> tuple[Family, ...]:
    """Return the exercises that answers point to, without any test: long sitting, where a squat is felt."""
    wanted = []
    longest = state.value("intake/sitting_longest")
    usual = known.rules["sitting_breaks"].figures["prompt_every"].number()
    if isinstance(longest, int | float) and longest > usual:
        wanted.append("long_sitting")
    sign = "signs/glute_feel_squat_lunge"
    if state.value(sign) is True and state.value(f"{sign}/led_by") == "back_thigh":
        wanted.append("hamstring_led_bridge")
    return _families(wanted, known)
