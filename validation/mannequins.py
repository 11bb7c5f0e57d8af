"""Why it exists: runs cases from description to scored rows: film, look, measure, compare with the exact truth.

``python -m validation.mannequins --set unseen --frontal 24 --side 12`` writes ``validation/results/mannequin.json``.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from levelstride.analysis import measure_motion
from levelstride.errors import LevelstrideError
from levelstride.mannequin.truth import truth_of
from levelstride.recording.context import make_context
from levelstride.recording.corrections import correct
from levelstride.recording.picture import Picture
from validation.cases import Case, tuning, unseen
from validation.keep import ROOT, code_hash, landmarks

RESULTS = ROOT / "validation" / "results" / "mannequin.json"

Row = dict[str, Any]


def measure_case(case: Case) -> list[Row]:
    """Return one row per measure and side: value, standard error, truth; or the code of the refusal."""
    motion = landmarks(case)
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
        result = measure_motion(_levelled(motion, context), context).result
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
    return {name for name, spec in measure_library().measures.items() if task in spec.tasks}


def run(cases: Sequence[Case], *, workers: int = 2) -> Iterator[tuple[Case, list[Row]]]:
    """Measure cases side by side, each as it is done."""
    with ProcessPoolExecutor(workers) as pool:
        jobs = {pool.submit(measure_case, case): case for case in cases}
        for job in as_completed(jobs):
            yield jobs[job], job.result()


def main() -> None:
    """Run a set and write its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=("tuning", "unseen"), default="unseen")
    parser.add_argument("--frontal", type=int, default=24, help="walks from behind and in front")
    parser.add_argument("--side", type=int, default=12, help="walks from the side")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    choose = unseen if options.set == "unseen" else tuning
    cases = [*choose("frontal", options.frontal), *choose("side", options.side)]
    rows: list[Row] = []
    start = time.monotonic()
    for done, (case, found) in enumerate(run(cases, workers=options.workers), 1):
        rows += found
        print(f"{done}/{len(cases)} {case.name} ({time.monotonic() - start:.0f} s)", file=sys.stderr, flush=True)
    order = {case.name: number for number, case in enumerate(cases)}
    rows.sort(key=lambda row: order[row["case"]])
    options.out.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "command": f"python -m validation.mannequins --set {options.set} --frontal {options.frontal}"
        f" --side {options.side}",
        "code_sha256": code_hash(),
        "rows": [{k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()} for row in rows],
    }
    options.out.write_text(json.dumps(content, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
