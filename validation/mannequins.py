"""Why it exists: runs cases from description to scored rows: film, look, measure, compare with the exact truth.

``python -m validation.mannequins`` scores the tuning cases; the unseen ones are for ``python -m validation``.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any

import numpy as np
import xarray as xr

from levelstride.analysis import measure_motion
from levelstride.errors import LevelstrideError
from levelstride.mannequin.truth import truth_of
from levelstride.recording.context import make_context
from levelstride.recording.corrections import correct
from levelstride.recording.picture import Picture
from validation.cases import Case, tuning
from validation.keep import landmarks
from validation.score import figures, group_of

#: What no video may state: refused by design, not by this recording.
_NEVER = ("contralateral_pelvic_drop_deg", "foot_progression_deg")

Row = dict[str, Any]


def measure_case(case: Case) -> list[Row]:
    """Return one row per measure and side: value, standard error, truth; or the code of the refusal."""
    performance = case.clip.perform()
    truth = truth_of(performance)
    context = make_context(
        view=case.clip.filming.view, height_m=case.clip.dressed_body().stature_m, camera_roll_deg=case.roll_deg
    )
    about = {
        "case": case.name,
        "view": case.clip.filming.view,
        "azimuth_deg": round(case.clip.filming.azimuth_deg, 1),
        "roll_deg": round(case.clip.filming.roll_deg, 1),
        "roll_stated": case.roll_stated,
        "body": case.clip.body,
    }
    try:
        result = measure_motion(_levelled(landmarks(case), context), context).result
    except LevelstrideError as error:
        names = _expected(case)
        return [
            {**about, "name": n, "side": s, "value": None, "se": None, "true": t, "n": 0, "refused": error.problem}
            for (n, s), t in truth.items()
            if n in names
        ]
    return [
        {
            **about,
            "name": m.name,
            "side": m.side,
            "value": m.value,
            "se": m.standard_error,
            "true": truth[m.name, m.side],
            "n": m.n,
            "refused": m.not_measurable.code if m.not_measurable else "",
        }
        for m in result.measures
        if (m.name, m.side) in truth
    ]


def _levelled(motion: xr.Dataset, context: Any) -> xr.Dataset:
    """Apply what was stated about view and roll, as reading the video would have done."""
    width, height = motion.attrs["picture_size_px"]
    points = motion.position.values[..., 0].transpose(0, 2, 1)
    picture = Picture(int(width), int(height), np.eye(3), 0)
    points, confidence = correct(points, motion.confidence.values[..., 0], picture, context)
    changed = motion.copy(deep=True)
    changed["position"] = (motion.position.dims, points.transpose(0, 2, 1)[..., None])
    changed["confidence"] = (motion.confidence.dims, np.asarray(confidence)[..., None])
    return changed.assign_attrs(view=context.view)


def _expected(case: Case) -> set[str]:
    from levelstride.library.loader import measure_library

    task = "gait_frontal" if case.kind == "frontal" else "gait_side"
    return {name for name, spec in measure_library().measures.items() if task in spec.tasks and name not in _NEVER}


def run(cases: Sequence[Case], *, workers: int = 2) -> Iterator[tuple[Case, list[Row]]]:
    """Measure cases side by side, each as it is done."""
    with ProcessPoolExecutor(workers) as pool:
        jobs = {pool.submit(measure_case, case): case for case in cases}
        for job in as_completed(jobs):
            yield jobs[job], job.result()


def main() -> None:
    """Score the tuning cases on the terminal: the place to look while constants are set."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--frontal", type=int, default=14, help="walks from behind and in front")
    parser.add_argument("--side", type=int, default=6, help="walks from the side")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    cases = [*tuning("frontal", options.frontal), *tuning("side", options.side)]
    rows: list[Row] = []
    start = time.monotonic()
    for done, (case, found) in enumerate(run(cases, workers=options.workers), 1):
        rows += found
        print(f"{done}/{len(cases)} {case.name} ({time.monotonic() - start:.0f} s)", file=sys.stderr, flush=True)
    by_measure: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_measure.setdefault((row["name"], group_of(row)), []).append(row)
    for (name, group), found in by_measure.items():
        print(f"{name:32} {group:22} {figures(found)}")


if __name__ == "__main__":
    main()
