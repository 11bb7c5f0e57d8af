"""Why it exists: several recordings of the same walk are one measurement with more steps, not several results.

Steps are pooled before they are averaged, so that two passes with six steps each count as twelve; what more recordings
do not remove (instrument, scale) stays in the error.
"""

from collections.abc import Sequence

import numpy as np

from levelstride.measure.gait_rows import in_library_order
from levelstride.measure.gait_side import GaitMeasurement
from levelstride.measure.results import Curve, GaitResult, Limb, MeasureSide
from levelstride.measure.statistics import Readings, pool, summarise


def pool_results(measurements: Sequence[GaitMeasurement], recordings: Sequence[int]) -> GaitResult:
    """Pool measurements of one task.

    Parameters
    ----------
    measurements : sequence of GaitMeasurement
        At least one, all of one task.
    recordings : sequence of int
        Which recording each came from; kept with events and walks.

    Returns
    -------
    GaitResult

    Raises
    ------
    ValueError
        If the tasks differ.
    """
    tasks = {m.result.task for m in measurements}
    if len(tasks) != 1:
        raise ValueError(f"Expected measurements of one task, but got {sorted(tasks)}")
    if len(measurements) == 1 and recordings[0] == 0:
        return measurements[0].result
    rows: dict[tuple[str, MeasureSide], list[Readings]] = {}
    for measurement in measurements:
        for readings in measurement.readings:
            rows.setdefault((readings.name, readings.side), []).append(readings)
    results = [m.result for m in measurements]
    surfaces = {r.surface for r in results}
    methods = [r.scale_method for r in results if r.scale_method]
    numbered = list(zip(recordings, results, strict=True))
    return GaitResult(
        task=results[0].task,
        measures=tuple(in_library_order([summarise(pool(found)) for found in rows.values()])),
        curves=tuple(_pool_curves([c for r in results for c in r.curves])),
        events=tuple(e.model_copy(update={"recording": n}) for n, r in numbered for e in r.events),
        walks=tuple(w.model_copy(update={"recording": n}) for n, r in numbered for w in r.walks),
        surface=results[0].surface if len(surfaces) == 1 else "not known",
        scale_method="; ".join(dict.fromkeys(methods)) or None,
        notes=tuple(dict.fromkeys(note for r in results for note in r.notes)),
    )


def _pool_curves(curves: Sequence[Curve]) -> list[Curve]:
    groups: dict[tuple[str, MeasureSide], list[Curve]] = {}
    for curve in curves:
        groups.setdefault((curve.name, curve.side), []).append(curve)
    pooled = []
    for found in groups.values():
        strides = tuple(s for c in found for s in c.strides)
        rows = np.array(strides)
        limbs: set[Limb] = {c.limb for c in found}
        offs = [(c.toe_off_pct, c.n) for c in found if c.toe_off_pct is not None]
        spread = rows.std(axis=0, ddof=1) if len(rows) > 1 else np.zeros(rows.shape[1])
        pooled.append(
            found[0].model_copy(
                update={
                    "limb": found[0].limb if len(limbs) == 1 else "mixed",
                    "n": len(rows),
                    "mean": tuple(np.round(rows.mean(axis=0), 3).tolist()),
                    "sd": tuple(np.round(spread, 3).tolist()),
                    "standard_error": max(c.standard_error for c in found),
                    "strides": strides,
                    "toe_off_pct": round(sum(p * n for p, n in offs) / sum(n for _, n in offs), 2) if offs else None,
                    "method": "; ".join(dict.fromkeys(c.method for c in found if c.method)),
                }
            )
        )
    return pooled
