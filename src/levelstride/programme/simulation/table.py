"""Why it exists: lets many virtual people live under every policy and compares them - with what is lost, not only won.

Each plain plan is lived under the basic and under the protective safety filter, ours once, with its own safety. Each
person lives the same days under every policy, so differences are taken within a person. An interval is the one of
19 in 20: of a median by order statistics, of a mean difference by its standard error. Nothing is left out: a life that
the planner could not finish counts as failed and is shown.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from math import floor, sqrt
from multiprocessing import get_context

import numpy as np

from levelstride.library.loader import knowledge
from levelstride.programme.simulation.life import Outcome, live
from levelstride.programme.simulation.parameters import Parameters, base_parameters
from levelstride.programme.simulation.people import draw_person
from levelstride.programme.simulation.policies import Ours, policies

OURS = (Ours.name, Ours.filtered)
_Z = 1.96
#: What is compared: the field, what to call it, and whether more is better.
METRICS: tuple[tuple[str, str, bool], ...] = (
    ("gained", "Strength gained, %", True),
    ("flares", "Flare-ups", False),
    ("red_days", "Red days", False),
    ("idle_weeks", "Weeks without a session", False),
    ("severity", "Pain at the end, 0-10", False),
)
#: What is told beside: more of it is neither better nor worse, and our plan offers shorter sessions more often.
BESIDE: tuple[tuple[str, str], ...] = (
    ("offered", "Sessions offered"),
    ("done", "Sessions done"),
    ("hard_sets", "Hard sets a week, each side counted"),
    ("effort", "Effort of hard sets as it was, 0-10"),
    ("told_effort", "Effort of hard sets as it was told, 0-10"),
)
Way = tuple[str, str]
"""A policy, and the safety filter it was lived under."""
MODEL_NOTE = (
    "This is a model. The people, their bodies and their habits are assumptions, each written down with its source in "
    "`parameters.yaml`; most are our own choice. The table shows how the plans behave under these assumptions. It is "
    "no evidence about what a real person gains."
)


@dataclass(frozen=True)
class Run:
    """All lives under one set of assumptions; ``changed`` and ``end`` name the one that differs from the base."""

    changed: str | None
    end: str | None
    outcomes: tuple[Outcome, ...]

    @property
    def label(self) -> str:
        """Return what to call it."""
        return "base" if self.changed is None else f"{self.changed}: {self.end}"

    def of(self, way: Way = OURS) -> dict[int, Outcome]:
        """Return the outcomes of one way by person, without lives that failed."""
        return {one.number: one for one in self.outcomes if (one.policy, one.filtered) == way and one.failed is None}

    @property
    def others(self) -> tuple[Way, ...]:
        """Return all ways but ours."""
        return tuple(way for way in dict.fromkeys((one.policy, one.filtered) for one in self.outcomes) if way != OURS)


@dataclass(frozen=True)
class Results:
    """What a simulation found."""

    seed: int
    people: int
    grid_people: int
    weeks: int
    runs: tuple[Run, ...]

    @property
    def base(self) -> Run:
        """Return the run with all assumptions as they stand."""
        return self.runs[0]

    @property
    def violations(self) -> tuple[str, ...]:
        """Return every rule broken by our policy, with the person, over all runs."""
        return tuple(
            f"{run.label} person {one.number}: {text}"
            for run in self.runs
            for one in run.outcomes
            for text in one.violations
        )

    @property
    def failures(self) -> tuple[str, ...]:
        """Return every life the planner could not finish, over all runs."""
        return tuple(
            f"{run.label} person {one.number}: {one.failed}" for run in self.runs for one in run.outcomes if one.failed
        )


@dataclass(frozen=True)
class Difference:
    """Ours less another policy, within each person: mean and median with their intervals, and how many did better."""

    people: int
    mean: float
    mean_low: float
    mean_high: float
    median: float
    median_low: float
    median_high: float
    better: float
    worse: float

    def lost(self, more_is_better: bool) -> bool:
        """Say whether the other policy did better, beyond the interval of the mean."""
        return self.mean_high < 0 if more_is_better else self.mean_low > 0

    def won(self, more_is_better: bool) -> bool:
        """Say whether ours did better, beyond the interval of the mean."""
        return self.mean_low > 0 if more_is_better else self.mean_high < 0


def simulate(
    people: int = 1000,
    weeks: int = 26,
    seed: int = 1,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    *,
    grid_people: int = 100,
) -> Results:
    """Return how ``people`` fare under every policy, and the first ``grid_people`` of them under the whole grid.

    ``progress`` is called with lives done and lives in all. The result does not depend on ``workers``.
    """
    parts: list[tuple[str | None, str | None]] = [(None, None)]
    if grid_people:
        parts += [(name, end) for name, end, _ in base_parameters().grid()]
    jobs = [
        (seed, number, weeks, name, end)
        for name, end in parts
        for number in range(people if name is None else min(people, grid_people))
    ]
    found: dict[tuple[str | None, str | None], list[Outcome]] = {part: [] for part in parts}
    for count, (job, outcomes) in enumerate(zip(jobs, _lives(jobs, workers), strict=True)):
        found[job[3], job[4]].extend(outcomes)
        if progress is not None:
            progress(count + 1, len(jobs))
    runs = tuple(Run(name, end, tuple(outcomes)) for (name, end), outcomes in found.items())
    return Results(seed, people, min(people, grid_people), weeks, runs)


_Job = tuple[int, int, int, str | None, str | None]


def _lives(jobs: Sequence[_Job], workers: int) -> Iterator[tuple[Outcome, ...]]:
    if workers <= 1:
        yield from map(_live_all, jobs)
        return
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_live_all, jobs, chunksize=4)


def _live_all(job: _Job) -> tuple[Outcome, ...]:
    seed, number, weeks, name, end = job
    assumed = _assumed(name, end)
    person = draw_person(seed, number, assumed)
    return tuple(live(person, policy, knowledge(), assumed, weeks=weeks) for policy in policies())


def _assumed(name: str | None, end: str | None) -> Parameters:
    base = base_parameters()
    if name is None:
        return base
    value = base.values[name].low if end == "low" else base.values[name].high
    assert value is not None, name
    return base.changed(name, value)


# -------------------------------------------------------------------------------------------------- comparison


def median(values: Iterable[float]) -> tuple[float, float, float]:
    """Return the median with its interval of 19 in 20 by order statistics; not a number without values."""
    ordered = np.sort(np.array(list(values), dtype=float))
    count = len(ordered)
    if count == 0:
        return float("nan"), float("nan"), float("nan")
    low = max(0, floor(count / 2 - _Z * sqrt(count) / 2))
    return float(np.median(ordered)), float(ordered[low]), float(ordered[count - 1 - low])


def compare(run: Run, other: Way, metric: str, only: tuple[str, str] | None = None) -> Difference | None:
    """Return ours less another way; ``only`` = a trait and its value. None with fewer than two people."""
    ours, theirs = run.of(), run.of(other)
    both = [
        number
        for number in sorted(ours)
        if number in theirs and (only is None or ours[number].traits.get(only[0]) == only[1])
    ]
    if len(both) < 2:
        return None
    values = np.array([getattr(ours[number], metric) - getattr(theirs[number], metric) for number in both], dtype=float)
    spread = _Z * float(values.std(ddof=1)) / sqrt(len(values))
    mean, more = float(values.mean()), next(more for name, _, more in METRICS if name == metric)
    sign = 1 if more else -1
    return Difference(
        len(both), mean, mean - spread, mean + spread, *median(values),
        float((sign * values > 0).mean()), float((sign * values < 0).mean()),
    )  # fmt: skip


def losses(results: Results) -> list[str]:
    """Return, in words, each comparison that another way wins: overall, in a part of the people, in the grid.

    One line per group of people and what is compared, with every way that wins it.
    """
    found = []
    for run in results.runs:
        found += [f"{run.label}, all people: {text}" for text in _lost(run)]
    base = results.base
    for trait, value in sorted({item for one in base.of().values() for item in one.traits.items()}):
        count = sum(one.traits.get(trait) == value for one in base.of().values())
        found += [f"base, {value} ({count} people): {text}" for text in _lost(base, (trait, value))]
    return found


def _lost(run: Run, only: tuple[str, str] | None = None) -> Iterator[str]:
    for metric, title, more in METRICS:
        pairs = [(other, compare(run, other, metric, only)) for other in run.others]
        texts: dict[str, list[str]] = {}
        for (policy, filtered), difference in pairs:
            if difference is not None and difference.lost(more):
                texts.setdefault(filtered, []).append(f"{policy} {signed(difference)}")
        if texts:
            parts = (f"better under the {filtered} filter: {', '.join(won)}" for filtered, won in texts.items())
            yield f"{title} - {'; '.join(parts)}"


def signed(difference: Difference) -> str:
    """Return a mean difference with its interval."""
    return f"{difference.mean:+.2f} ({difference.mean_low:+.2f} to {difference.mean_high:+.2f})"


def count_violations(results: Results) -> Counter[str]:
    """Return how often each rule and case was broken by our plan."""
    return Counter(text.partition(" ")[0] for run in results.runs for one in run.outcomes for text in one.violations)
