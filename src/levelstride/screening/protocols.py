"""Why it exists: from tries with a stopwatch, a tape or one's own eyes to one result with its error.

The protocol - steps, tries, best or mean, what spoils a try, the usual spread from day to day - stands in the test's
file of the library. What does not count becomes *not measurable* with the reason, never a number.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from levelstride.journal.bodies import Measured, Origin, Side, Unmeasured
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.tests import Condition, Entry, FunctionalTest

SQRT_2 = math.sqrt(2)


#: A clock stopped this much late after the full time still means the full time; more is a typing error.
LATE_STOP = 1.1
#: Under this name the pain during a test (0-10) is kept with the conditions.
PAIN_DURING = "pain_during"


class UnusableError(ValueError):
    """A number or answer that cannot be a result; ``code`` = kind, range, whole, option."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Offer:
    """A test for this person.

    ``cautions`` are the person's codes that the test names: it is done only after reading what they say. ``left_out``
    says why it is not offered at all.
    """

    test: FunctionalTest
    cautions: tuple[str, ...]
    left_out: Literal["balance", "helper"] | None = None


def within(offered: Sequence[Offer], minutes: float) -> tuple[Offer, ...]:
    """Return the first tests that fit into a time, at least one; a shorter one further down may fill the rest."""
    chosen: list[Offer] = []
    left = minutes
    for offer in offered:
        if offer.test.minutes <= left:
            chosen.append(offer)
            left -= offer.test.minutes
    return tuple(chosen) or tuple(offered[:1])


def offers(tests: Sequence[str], codes: Sequence[str], known: Knowledge, *, helper: bool = True) -> tuple[Offer, ...]:
    """Return the tests that can be done by hand, each with the person's caution codes that it names.

    ``helper``: somebody stands by. Without one a test that needs one is left out; with poor balance (``BAL``) so is
    one that is done standing without a hand on support.
    """
    found = (known.tests[name] for name in tests)
    return tuple(
        Offer(test, tuple(code for code in codes if code in test.cautions), _left_out(test, codes, helper=helper))
        for test in found
        if test.entry is not None
    )


def _left_out(test: FunctionalTest, codes: Sequence[str], *, helper: bool) -> Literal["balance", "helper"] | None:
    if test.hands_free and "BAL" in codes:
        return "balance"
    return "helper" if test.needs_helper and not helper else None


def sides_of(test: FunctionalTest) -> tuple[Side | None, ...]:
    """Return the sides a test is done on."""
    return ("left", "right") if test.measure.sided else (None,)


def read_try(test: FunctionalTest, given: float, conditions: Mapping[str, str]) -> float:
    """Return the value of one try in the unit of the measure.

    Parameters
    ----------
    given : float
        What was read, in ``entry.unit``: for a course the time in s.

    Raises
    ------
    UnusableError
        If it is outside what is possible, or no whole number where one is needed.
    """
    entry = _entry(test)
    if entry.cap is not None and entry.cap < given <= LATE_STOP * entry.cap:
        given = entry.cap
    if not math.isfinite(given) or not entry.low <= given <= entry.high:
        raise UnusableError("range")
    if entry.whole and given != int(given):
        raise UnusableError("whole")
    if entry.kind == "speed":
        distance = entry.distances_m.get(conditions.get("course", ""))
        if distance is None:
            raise UnusableError("option")
        given = distance / given
    if entry.most is not None and given > entry.most:
        raise UnusableError("range")
    return given


def score(test: FunctionalTest, answers: Mapping[str, str]) -> float:
    """Return the points of a score sheet: their sum or the largest, as the test says.

    Raises
    ------
    UnusableError
        If a line is not answered, or with something that is no option.
    """
    entry = _entry(test)
    points = []
    for item in entry.items:
        if answers.get(item.id) not in item.points:
            raise UnusableError("option")
        points.append(item.points[answers[item.id]])
    return max(points) if entry.total == "worst" else sum(points)


def spoiled(test: FunctionalTest, conditions: Mapping[str, str]) -> Condition | None:
    """Return the condition that makes a result void; None when it counts."""
    return next((condition for condition in test.conditions if conditions.get(condition.id) in condition.spoils), None)


def result(
    test: FunctionalTest,
    side: Side | None,
    tries: Sequence[float],
    conditions: Mapping[str, str],
    *,
    origin: Origin,
    note: str | None = None,
) -> Measured:
    """Return the result of one side: best or mean of the counted tries, with its error, or why there is none.

    The error is the usual spread from day to day that the library gives for the test (one standard deviation), or the
    error of the mean of the tries where that is larger.

    Parameters
    ----------
    tries : sequence of float
        Counted tries in the unit of the measure, in order; empty when none counted.
    conditions : mapping
        Answers to the conditions of the test, and to the lines of its score sheet under :func:`item_key`.
    """
    measure = test.measure
    frame = {
        "test": test.id,
        "measure": measure.name,
        "side": side,
        "unit": measure.unit,
        "conditions": {name: conditions[name] for name in _kept(test) if name in conditions},
        "origin": origin,
        "note": note,
    }
    void = spoiled(test, conditions)
    if void is not None:
        return Measured(not_measurable=Unmeasured(code=f"spoiled_{void.id}", text=void.because or ""), **frame)
    if not tries:
        return Measured(not_measurable=Unmeasured(code="no_try", text="No try counted."), **frame)
    assert test.error is not None, test.id
    if measure.summary == "best":
        value = min(tries) if measure.better == "lower" else max(tries)
    else:
        value = sum(tries) / len(tries)
    sd = _sd(tries)
    error, source = test.error.at(value), "published" if test.error.source != "product_default" else "product_default"
    if measure.summary == "mean" and sd is not None and sd / math.sqrt(len(tries)) > error:
        error, source = sd / math.sqrt(len(tries)), "own_tries"
    return Measured(
        value=value, standard_error=error, error_source=source, n=len(tries), sd=sd, trials=tuple(tries), **frame
    )


def item_key(item: str) -> str:
    """Return the name under which the answer to a line of a score sheet is kept with the conditions."""
    return f"item_{item}"


def _kept(test: FunctionalTest) -> list[str]:
    items = test.entry.items if test.entry is not None else ()
    return [*(condition.id for condition in test.conditions), *(item_key(item.id) for item in items), PAIN_DURING]


def _sd(tries: Sequence[float]) -> float | None:
    if len(tries) < 2:
        return None
    mean = sum(tries) / len(tries)
    return math.sqrt(sum((one - mean) ** 2 for one in tries) / (len(tries) - 1))


def _entry(test: FunctionalTest) -> Entry:
    if test.entry is None:
        raise ValueError(f"{test.id} cannot be entered by hand")
    return test.entry
