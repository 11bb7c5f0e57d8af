"""Why it exists: says what a simulation found - first as plain data, then as tables made from nothing but these data.

The data are what a results file keeps, so that a page can be written again without living anything again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from math import isnan
from typing import Any

import numpy as np

from levelstride.programme.simulation.filters import Basic, Complete, Protective
from levelstride.programme.simulation.table import (
    BESIDE,
    METRICS,
    MODEL_NOTE,
    OURS,
    Difference,
    Results,
    Run,
    Way,
    compare,
    count_violations,
    losses,
    median,
)

FILTERS = (Basic.name, Protective.name, Complete.name)
FILTER_NOTE = (
    "Every plain plan was lived three times. Under the *basic* filter it gets what any careful person would give it: "
    "moves that health answers or missing equipment rule out are never done, nothing is done on a day on which the "
    "health questions say stop, and a move with strong or sharp pain rests for two days. Under the *protective* "
    "filter it gets, with the same figures of the same rules, what protects in our own plan: lower effort in the "
    "first weeks and never more than 8 of 10 after them, no weight before a move was done well twice, a slow rise of "
    "the hard sets per muscle and week up to ten, two days between hard sets for one muscle, no rise after amber or "
    "unknown pain, a rest and a step back after red, steps back after missed weeks, and less on a poor day. It does "
    "not get our choice of moves, phases, halved days in a flare-up, rest for sore muscles, nor our own rule for when"
    " to rise. Under the *complete* filter it gets besides what the independent check asks of every rise in our own "
    "plan, so that none counts as a broken rule: clean repetitions and effort were told and were fine, muscles are "
    "not sore; an empty last set or lost form leads one step back; the effort cap of pregnancy holds. The comparison "
    "with the basic filter shows what safety and planning do together, the one with the complete filter what the "
    "planning adds to the same safety; the protective one lies between. It was the only one besides basic until our "
    "plan was compared under it and lost to double progression; the complete one came after that, because a rise that"
    " our own plan may not make was still open to the others. All are simulations, not trials."
)
_SHOWN = 10
_PHASES = ("P2", "P3", "P4")


def summary(results: Results) -> dict[str, Any]:
    """Return everything that the page tells, as plain data."""
    base = results.base
    return {
        "seed": results.seed,
        "people": results.people,
        "grid_people": results.grid_people,
        "weeks": results.weeks,
        "violations": len(results.violations),
        "violations_by_case": dict(count_violations(results).most_common()),
        "violations_shown": list(results.violations[:_SHOWN]),
        "failures": len(results.failures),
        "failures_shown": list(results.failures[:_SHOWN]),
        "plans": [_plan(base, way) for way in (OURS, *base.others)],
        "against": [_against(base, way) for way in base.others],
        "phases": {phase: _opened(base, phase) for phase in _PHASES},
        "grid": [
            {"label": run.label, **_named(way), **_differences(run, way, ("gained", "flares"))}
            for run in results.runs
            for way in run.others
        ],
        "losses": losses(results),
    }


def markdown(found: Mapping[str, Any]) -> str:
    """Return the page of a :func:`summary`: medians, differences within people, the grid, and every loss."""
    lines = [
        MODEL_NOTE,
        "",
        FILTER_NOTE,
        "",
        f"{found['people']} people, {found['weeks']} weeks, seed {found['seed']}; "
        f"grid of assumptions with {found['grid_people']} of them.",
        "",
        f"Rules broken by our plan: **{found['violations']}**. Lives our planner could not finish: "
        f"**{found['failures']}**.",
        "",
        *_problems(found),
        "## Each plan: median with the interval of 19 in 20, and mean",
        "",
        *_medians(found),
        "",
        "## Ours less the other, within each person: mean with its interval, share of people better and worse",
        "",
        *_compared(found),
        "",
        "## When our plan opens a phase",
        "",
        *_phases(found),
        "",
        "## Under other assumptions: mean difference in strength gained and flare-ups",
        "",
        *_grid(found),
        "",
        "## Where another plan does better",
        "",
        *_losses(found),
        "",
    ]
    return "\n".join(lines)


# -------------------------------------------------------------------------------------------------------- data


def _named(way: Way) -> dict[str, str]:
    return {"plan": way[0], "filter": way[1]}


def _plan(run: Run, way: Way) -> dict[str, Any]:
    outcomes = run.of(way).values()
    values: dict[str, Any] = {}
    for metric in (*(metric for metric, _, _ in METRICS), *(metric for metric, _ in BESIDE)):
        given = [float(getattr(one, metric)) for one in outcomes]
        middle, low, high = median(given)
        mean = float(np.mean(given)) if given else float("nan")
        values[metric] = None if isnan(middle) else {"median": middle, "low": low, "high": high, "mean": mean}
    return {**_named(way), "people": len(outcomes), "values": values}


def _against(run: Run, way: Way) -> dict[str, Any]:
    return {**_named(way), "differences": _differences(run, way, tuple(metric for metric, _, _ in METRICS))}


def _differences(run: Run, way: Way, metrics: tuple[str, ...]) -> dict[str, Any]:
    pairs = {metric: compare(run, way, metric) for metric in metrics}
    return {metric: None if pair is None else asdict(pair) for metric, pair in pairs.items()}


def _opened(run: Run, phase: str) -> dict[str, Any]:
    ours = run.of()
    weeks = [float(one.opened[phase]) for one in ours.values() if phase in one.opened]
    return {"people": len(weeks), "of": len(ours), "median_week": median(weeks)[0] if weeks else None}


# -------------------------------------------------------------------------------------------------------- text


def _problems(found: Mapping[str, Any]) -> Iterator[str]:
    for title, lines in (
        ("Rules broken, by rule and case", [f"{name}: {count}" for name, count in found["violations_by_case"].items()]),
        (f"Rules broken, the first {_SHOWN}", found["violations_shown"]),
        (f"Lives not finished, the first {_SHOWN}", found["failures_shown"]),
    ):
        if lines:
            yield f"{title}:"
            yield ""
            yield from (f"- {line}" for line in lines)
            yield ""


def _medians(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| | " + " | ".join(_title(one) for one in found["plans"]) + " |"
    yield "|---" * (len(found["plans"]) + 1) + "|"
    yield "| People | " + " | ".join(str(one["people"]) for one in found["plans"]) + " |"
    for metric, title in (*((metric, title) for metric, title, _ in METRICS), *BESIDE):
        cells = [_median(one["values"][metric]) for one in found["plans"]]
        yield f"| {title} | " + " | ".join(cells) + " |"


def _title(one: Mapping[str, Any]) -> str:
    return str(one["plan"]) if one["plan"] == OURS[0] else f"{one['plan']}, {one['filter']} filter"


def _median(value: Mapping[str, float] | None) -> str:
    if value is None:
        return "-"
    return f"{value['median']:.1f} ({value['low']:.1f} to {value['high']:.1f}), mean {value['mean']:.2f}"


def _compared(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| What | Against | " + " | ".join(f"{name} filter" for name in FILTERS) + " |"
    yield "|---|---" + "|---" * len(FILTERS) + "|"
    by_way = {(one["plan"], one["filter"]): one["differences"] for one in found["against"]}
    for metric, title, more in METRICS:
        for plan in dict.fromkeys(plan for plan, _ in by_way):
            cells = [_verdict(by_way.get((plan, name), {}).get(metric), more) for name in FILTERS]
            yield f"| {title} | {plan} | " + " | ".join(cells) + " |"


def _verdict(given: Mapping[str, Any] | None, more: bool) -> str:
    if given is None:
        return "-"
    difference = Difference(**given)
    mark = "**worse**" if difference.lost(more) else "better" if difference.won(more) else "no clear difference"
    return f"{mark}: {_signed(given)}; {difference.better:.0%} / {difference.worse:.0%}"


def _phases(found: Mapping[str, Any]) -> Iterator[str]:
    for phase, one in found["phases"].items():
        middle = "never" if one["median_week"] is None else f"median week {one['median_week']:.0f}"
        yield f"- {phase}: {one['people']} of {one['of']} people, {middle}"


def _grid(found: Mapping[str, Any]) -> Iterator[str]:
    heads = [f"{what}, {name}" for what in ("gained", "flare-ups") for name in FILTERS]
    yield "| Assumption | Against | " + " | ".join(heads) + " |"
    yield "|---|---" + "|---" * len(heads) + "|"
    cells = {(one["label"], one["plan"], one["filter"]): one for one in found["grid"]}
    for label, plan in dict.fromkeys((label, plan) for label, plan, _ in cells):
        row = [
            _signed(cells.get((label, plan, name), {}).get(metric))
            for metric in ("gained", "flares")
            for name in FILTERS
        ]
        yield f"| {label} | {plan} | " + " | ".join(row) + " |"


def _signed(given: Mapping[str, Any] | None) -> str:
    return "-" if given is None else f"{given['mean']:+.2f} ({given['mean_low']:+.2f} to {given['mean_high']:+.2f})"


def _losses(found: Mapping[str, Any]) -> Iterator[str]:
    if all(one["differences"][METRICS[0][0]] is None for one in found["against"]):
        yield "- Not known: there is nobody to compare."
        return
    yield from (f"- {line}" for line in found["losses"])
    if not found["losses"]:
        yield "- Nowhere beyond the interval of the mean."
