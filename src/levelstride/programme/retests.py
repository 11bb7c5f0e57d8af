"""Why it exists: says when which tests are done again, and notices results that stayed the same.

Rules ``retest`` and ``plateau``. A result stayed the same when neither of the last re-tests differs from the result
before them by more than the minimal detectable change; where that is not known, nothing is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from levelstride.journal.bodies import Side
from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.tests import FunctionalTest
from levelstride.programme.model import WEEK, Programme, Retest, Why
from levelstride.programme.rulebook import Rulebook
from levelstride.screening.change import compare_points, differences
from levelstride.screening.person import Age, age_on
from levelstride.screening.questions import battery
from levelstride.screening.series import Point, Series, all_series
from levelstride.screening.writing import offers_for

Action = Literal["technique", "swap", "raise", "ease", "stay"]
#: The short check besides the film of walking: how the buttocks feel, and balance.
_SHORT = ("glute_feel", "sls_eo")
#: The person's own activities.
_OWN_LIST = "psfs"


@dataclass(frozen=True)
class Plateau:
    """A result that stayed the same over the last re-tests, and what to do about it."""

    subject: str
    side: Side | None
    action: Action
    why: Why


# ------------------------------------------------------------------------------------------------ dates


def retests(
    state: State, known: Knowledge, rules: Rulebook, *, started_on: date, starts_on: date
) -> tuple[Retest, ...]:
    """Return the re-tests that are due in the seven days from ``starts_on``.

    A test that was done less than ``sooner_min`` weeks before is left out, and so is what the person must not do.

    Parameters
    ----------
    started_on : date
        First day of the first programme; the weeks are counted from it.
    """
    found = []
    for week, case in _due_weeks(rules, (starts_on - started_on).days // WEEK + 1):
        day = started_on + timedelta(weeks=week)
        if not starts_on <= day < starts_on + timedelta(days=WEEK):
            continue
        short = case == "week_2"
        wanted = _short_tests(state, known) if short else _full_tests(state, known, day)
        tests = _not_too_soon(_allowed(wanted, state, known, day), state, known, rules, day)
        if tests:
            why = (rules.why("retest", case),)
            found.append(Retest(day=day, extent="short" if short else "full", tests=tests, why=why))
    return tuple(found)


def clip_tests(state: State, known: Knowledge) -> tuple[str, ...]:
    """Return the tests that one film of walking gives: those the person has been filmed for, else all."""
    given = [
        test.id for test in known.tests.values() if test.kind == "gait_measure" and test.from_recording is not None
    ]
    seen = {
        series.subject.id
        for series in all_series(state, known)
        if any(point.method == "recording" for point in series.points)
    }
    return tuple(name for name in given if name in seen) or tuple(given)


def _due_weeks(rules: Rulebook, until: int) -> Iterable[tuple[int, str]]:
    """Give the weeks of re-tests up to a week, each with its case."""
    first, second, third = (rules.whole("retest", name) for name in ("first", "second", "third"))
    yield first, "week_2"
    yield from ((week, "week_4_6") for week in (second, third))
    every, _ = rules.wholes("retest", "later")
    yield from ((week, "regular") for week in range(third + every, until + 1, every))


def _short_tests(state: State, known: Knowledge) -> tuple[str, ...]:
    return (*_SHORT, *clip_tests(state, known))


def _full_tests(state: State, known: Knowledge, day: date) -> tuple[str, ...]:
    """Return what the person has results for, else the tests offered at the start; a film of walking is part of it."""
    done = {series.subject.id.partition("/")[0] for series in all_series(state, known)} & set(known.tests)
    by_hand = {name for name in done if known.tests[name].kind != "gait_measure"} - {_OWN_LIST}
    wanted = set(by_hand) if by_hand else set(battery(state, known, day)[1])
    own = state.value("activities/names")
    wanted |= {_OWN_LIST} if isinstance(own, tuple) and own else set()
    wanted |= set(clip_tests(state, known))
    return tuple(name for name in known.tests if name in wanted)


def _allowed(tests: Iterable[str], state: State, known: Knowledge, day: date) -> tuple[str, ...]:
    """Leave out what is for a clinic only, and what poor balance or a missing helper rules out."""
    at_home = [name for name in tests if "home" in known.tests[name].places]
    out = {offer.test.id for offer in offers_for(state, known, day, at_home) if offer.left_out is not None}
    return tuple(name for name in at_home if name not in out)


def _not_too_soon(tests: Iterable[str], state: State, known: Knowledge, rules: Rulebook, day: date) -> tuple[str, ...]:
    soonest = day - timedelta(weeks=rules.number("retest", "sooner_min"))
    recent = {
        series.subject.id
        for series in all_series(state, known)
        if any(soonest < point.at.date() < day for point in series.points)
    }
    return tuple(name for name in tests if name not in recent)


# ------------------------------------------------------------------------------------------------ plateaus


def plateaus(
    state: State,
    known: Knowledge,
    rules: Rulebook,
    *,
    programmes: tuple[Programme, ...],
    pain_green: bool,
    effort: float | None,
) -> tuple[Plateau, ...]:
    """Return the results that stayed the same, each with the next step of the rule; none while the level is kept.

    Parameters
    ----------
    programmes : tuple of Programme
        Earlier programmes, oldest first; their notices say what was tried since the result before the re-tests.
    effort : float or None
        Usual effort of the last sessions (0-10); None when nobody said.
    """
    if programmes and programmes[-1].phase == "maintenance":  # there a result that stays is the aim
        return ()
    found = []
    for series in all_series(state, known):
        if not _can_rise(series.subject.test) or series.subject.activity is not None:
            continue
        run = _retest_run(series, rules)
        if run is None or not _is_flat(series, run, known, age_on(state, run[-1].at.date())):
            continue
        taken = _taken(series, run[0].at.date(), programmes)
        action = _next_action(taken, run[-1].at.date(), rules, pain_green=pain_green, effort=effort)
        if action is not None:
            found.append(_plateau(series, action, run, rules))
    return tuple(found)


def _plateau(series: Series, action: Action, run: tuple[Point, ...], rules: Rulebook) -> Plateau:
    why = rules.why(
        "plateau", action, *(point.entry for point in run), subject=series.subject.id, side=series.side or ""
    )
    return Plateau(series.subject.id, series.side, action, why)


def _can_rise(test: FunctionalTest | None) -> bool:
    """Say whether training is meant to move it: what a person rates, and what is neither good nor bad, is not."""
    return test is not None and test.measure.better != "neither" and test.kind != "self_report"


def _retest_run(series: Series, rules: Rulebook) -> tuple[Point, ...] | None:
    """Return the result before the last re-tests and these, oldest first; None when there are too few.

    Results closer together than ``sooner_min`` are one round, of which the last counts.
    """
    if not series.points:
        return None
    apart = timedelta(weeks=rules.number("retest", "sooner_min"))
    last = series.points[-1]
    run = [last]
    for point in reversed(series.points):
        alike = not differences(series.subject, point, last)
        if alike and run[-1].at.date() - point.at.date() >= apart:
            run.append(point)
        if len(run) > rules.whole("plateau", "retests"):
            return tuple(reversed(run))
    return None


def _is_flat(series: Series, run: tuple[Point, ...], known: Knowledge, age: Age | None) -> bool:
    changes = [compare_points(series, run[0], point, known, age) for point in run[1:]]
    return all(change.verdict == "no_detectable_change" and not change.out_of_reach for change in changes)


def _taken(series: Series, since: date, programmes: Iterable[Programme]) -> dict[str, list[date]]:
    """Return the weeks of each action that was taken for a result since a day."""
    key = (series.subject.id, series.side or "")
    taken: dict[str, list[date]] = {}
    for programme in programmes:
        if programme.starts_on <= since:
            continue
        for why in programme.notices:
            if why.rule == "plateau" and (why.values.get("subject"), why.values.get("side", "")) == key:
                taken.setdefault(why.case, []).append(programme.starts_on)
    return taken


def _next_action(
    taken: dict[str, list[date]], tested: date, rules: Rulebook, *, pain_green: bool, effort: float | None
) -> Action | None:
    """Return the next step; after the last of them nothing more until there is a new result."""
    if len(set(taken.get("technique", ()))) < rules.number("plateau", "technique_weeks"):
        return "technique"
    if not taken.get("swap"):
        return "swap"
    if any(day > tested for case in ("raise", "ease", "stay") for day in taken.get(case, ())):
        return None
    if effort is not None and effort < rules.number("plateau", "raise_below_rpe") and pain_green:
        return "raise"
    if effort is not None and effort > rules.number("plateau", "deload_above_rpe"):
        return "ease"
    return "stay"
