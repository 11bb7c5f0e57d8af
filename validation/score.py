"""Why it exists: scored rows become figures in one way, and a measure that was refused can never look accurate.

Definitions. A *row* is one measure of one side of one walk whose truth is known. It is *stated* (has a value) or
*refused* (has a code).

- Refusals by design (what no video may ever state, see :data:`NEVER`) are counted apart and enter nothing else.
- *Bias*, *slope*, *RMSE* and *mean squared z* can only be had from stated rows; the share refused stands beside them.
- *Coverage* and *share within* a limit are of all rows: a refused row is a miss. Values without a standard error
  (below the gate, geometry only) enter neither coverage nor z; where nothing else is known there is no coverage.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Row = dict[str, Any]
Group = Literal["mannequins, side", "mannequins, behind or in front", "markers, side", "markers, behind or in front"]

GROUPS: tuple[Group, ...] = (
    "mannequins, side",
    "mannequins, behind or in front",
    "markers, side",
    "markers, behind or in front",
)

#: Codes of what is refused from every video, on purpose.
NEVER = ("pelvis_not_seen", "feet_end_on")

_Z = 1.96
_RATIO_UNITS = ("_s", "_m", "_spm", "_mps")
_LEAST_FOR_SLOPE = 4


@dataclass(frozen=True)
class Figures:
    """Figures of one measure in one group of views.

    Attributes
    ----------
    n, stated : int
        Rows (refusals by design left out), and those with a value.
    never : int
        Refused by design.
    refused : dict of str to int
        By code.
    bias, rmse : float or None
        Of the stated values, in the measure's unit.
    relative_rmse : float or None
        RMSE of value / truth - 1, for lengths, times, rates and speeds.
    slope : float or None
        Of the estimate on the truth (least squares), None when there are few rows or the truth hardly varies.
    coverage : float or None
        Share of rows whose value +- 1.96 SE holds the truth; refused = miss.
    with_error : int
        Rows that coverage is a share of.
    mean_square_z : float or None
        1 when the standard errors are right.
    """

    n: int
    stated: int
    never: int
    refused: dict[str, int]
    bias: float | None = None
    rmse: float | None = None
    relative_rmse: float | None = None
    slope: float | None = None
    coverage: float | None = None
    with_error: int = 0
    mean_square_z: float | None = None

    @property
    def refused_share(self) -> float:
        """Refused rows as a share of all that may be stated."""
        return sum(self.refused.values()) / self.n if self.n else 0.0


def group_of(row: Row) -> Group:
    """Return the group of views that a row belongs to."""
    sideways = row["view"] in ("left", "right")
    if row.get("source", "mannequins") == "markers":
        return "markers, side" if sideways else "markers, behind or in front"
    return "mannequins, side" if sideways else "mannequins, behind or in front"


def is_ratio(name: str) -> bool:
    """Whether a relative error makes sense: the unit has a true zero that no walk comes near."""
    return name.endswith(_RATIO_UNITS) and name != "step_width_m" and "foot_to_pelvis" not in name


def figures(rows: Iterable[Row]) -> Figures:
    """Score rows of one measure (or of several: then only counts, coverage and z make sense)."""
    every = list(rows)
    possible = [r for r in every if r["refused"] not in NEVER]
    stated = [r for r in possible if r["value"] is not None]
    refused = Counter(code_of(r["refused"]) for r in possible if r["value"] is None)
    base = Figures(len(possible), len(stated), len(every) - len(possible), dict(refused.most_common()))
    if not stated:
        return base if not refused else _with(base, coverage=0.0, with_error=len(possible))
    value, true = (np.array([float(r[k]) for r in stated]) for k in ("value", "true"))
    error = value - true
    with_error = [r for r in stated if r["se"] is not None]
    z = np.array([(r["value"] - r["true"]) / r["se"] for r in with_error])
    asked = len(with_error) + sum(refused.values())
    names = {r["name"] for r in stated}
    ratio = all(is_ratio(n) for n in names) and bool((true != 0).all())
    return _with(
        base,
        bias=float(error.mean()),
        rmse=float(np.sqrt((error**2).mean())),
        relative_rmse=float(np.sqrt(((value / true - 1) ** 2).mean())) if ratio else None,
        slope=_slope(true, value),
        coverage=float((np.abs(z) <= _Z).sum() / asked) if with_error else None,
        with_error=asked if with_error else 0,
        mean_square_z=float((z**2).mean()) if with_error else None,
    )


def code_of(refused: str) -> str:
    """Return a short code: measures are refused with one, whole recordings with a sentence."""
    return refused if " " not in refused else "recording refused"


def _with(base: Figures, **found: Any) -> Figures:
    return Figures(**{**base.__dict__, **found})


def _slope(true: np.ndarray[Any, Any], value: np.ndarray[Any, Any]) -> float | None:
    """Least squares; None when there are few rows or the truth hardly varies."""
    if len(true) < _LEAST_FOR_SLOPE or float(np.std(true)) < 1e-6 + 0.02 * abs(float(np.mean(true))):
        return None
    return float(np.polyfit(true, value, 1)[0])


def within(rows: Iterable[Row], limit: float, *, relative: bool) -> tuple[int, int]:
    """Return (rows within a limit of the truth, rows); refused rows are not within."""
    possible = [r for r in rows if r["refused"] not in NEVER]
    hits = 0
    for row in possible:
        if row["value"] is not None:
            scale = abs(row["true"]) if relative else 1.0
            hits += abs(row["value"] - row["true"]) <= limit * scale
    return hits, len(possible)


@dataclass(frozen=True)
class Target:
    """What was promised before it was measured.

    Attributes
    ----------
    kind : {"every", "rmse", "rmse_or_refused", "coverage", "refused"}
        ``every``: each row within ``limit`` (relative), refused = miss. ``rmse``: of the stated values at most
        ``limit``, and at most 5 % refused. ``rmse_or_refused``: of the stated values at most ``limit``, however many
        are refused. ``coverage``: between ``limit`` and ``upper``. ``refused``: share at most ``limit``.
    """

    label: str
    name: str | None
    groups: tuple[Group, ...]
    kind: Literal["every", "rmse", "rmse_or_refused", "coverage", "refused"]
    limit: float
    upper: float = 1.0


_SIDE: Group = "mannequins, side"
_FRONTAL: Group = "mannequins, behind or in front"
_MARKERS_SIDE: Group = "markers, side"
_MARKERS_FRONTAL: Group = "markers, behind or in front"
MOST_REFUSED = 0.05

#: Refusals of marker recordings have no target: most of them are shorter than the protocol asks for.
TARGETS = (
    Target(
        "Cadence within 1 %, every walk",
        "cadence_spm",
        (_FRONTAL, _SIDE, _MARKERS_SIDE, _MARKERS_FRONTAL),
        "every",
        0.01,
    ),
    Target("Trunk lean to the side, RMSE at most 1.5°", "trunk_lean_deg", (_FRONTAL, _MARKERS_FRONTAL), "rmse", 1.5),
    Target(
        "Knee angle in the frontal plane, RMSE at most 4°",
        "knee_frontal_projection_deg",
        (_FRONTAL, _MARKERS_FRONTAL),
        "rmse",
        4.0,
    ),
    Target("Step length within 5 %, every leg", "step_length_m", (_SIDE, _MARKERS_SIDE), "every", 0.05),
    Target(
        "Step width, RMSE at most 2 cm or not measurable",
        "step_width_m",
        (_FRONTAL, _MARKERS_FRONTAL),
        "rmse_or_refused",
        0.02,
    ),
    Target(
        "95 % intervals hold the truth in 90 to 98 %", None, (_FRONTAL, _SIDE, _MARKERS_SIDE), "coverage", 0.9, 0.98
    ),
    Target("At most 5 % refused within the protocol", None, (_FRONTAL, _SIDE), "refused", MOST_REFUSED),
)


@dataclass(frozen=True)
class Verdict:
    """A target in one group: what was found, over how many rows, and whether it was met."""

    target: Target
    group: Group
    found: str
    n: int
    met: bool


def verdicts(rows: Sequence[Row]) -> list[Verdict]:
    """Judge every target in every group that has rows; the rows are measures of the library, nothing else."""
    found = []
    for target in TARGETS:
        for group in target.groups:
            chosen = [r for r in rows if group_of(r) == group and target.name in (None, r["name"])]
            chosen = [r for r in chosen if r["refused"] not in NEVER]
            if chosen:
                found.append(_judge(target, group, chosen))
    return found


def _judge(target: Target, group: Group, rows: list[Row]) -> Verdict:
    f = figures(rows)
    aside = f"{f.refused_share:.0%} refused"
    below = sum(bool(r.get("note")) for r in rows)
    if below:  # what the product would refuse, scored for the geometry alone
        aside += f"; {below} of {len(rows)} below the gate of ten steps a side: geometry only, the product refuses them"
    if target.kind == "every":
        hits, n = within(rows, target.limit, relative=True)
        relative = "-" if f.relative_rmse is None else f"{f.relative_rmse:.1%}"
        return Verdict(target, group, f"{hits} of {n} ({hits / n:.0%}); RMSE {relative}, {aside}", n, hits == n)
    if target.kind == "coverage":
        if f.coverage is None:
            return Verdict(target, group, "no value with an error", f.n, False)
        met = target.limit <= f.coverage <= target.upper
        return Verdict(target, group, f"{f.coverage:.1%} (refused = miss, {aside})", f.with_error, met)
    if target.kind == "refused":
        return Verdict(target, group, f"{f.refused_share:.1%}", f.n, f.refused_share <= target.limit)
    if f.rmse is None:
        return Verdict(target, group, f"nothing stated, {aside}", f.n, target.kind == "rmse_or_refused")
    unit = "°" if str(target.name).endswith("_deg") else " m"
    shown = f"{f.rmse:.2f}{unit}" if unit == "°" else f"{f.rmse:.3f}{unit}"
    met = f.rmse <= target.limit and (target.kind == "rmse_or_refused" or f.refused_share <= MOST_REFUSED)
    return Verdict(target, group, f"{shown}, {aside}", f.n, met)
