"""Why it exists: a report can be looked at in seconds, without a video and without a pose model.

``python scripts/example_report.py DIR`` writes a report of made-up walks, one seen from the side and one from behind
and in front; ``DIR --side`` or ``--frontal`` only one of them. The README's picture is cut from the report of
``make demo``.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import xarray as xr
from tests.support.walker import Walker

from levelstride.analysis import Analysis, Examination, Provenance, measure_motion
from levelstride.anatomy.body import generic_body
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.motion.camera import Camera
from levelstride.recording.context import RecordingContext
from levelstride.recording.picture import make_picture
from levelstride.recording.pose.subject import Person
from levelstride.recording.read import Recording
from levelstride.recording.video import VideoInfo
from levelstride.report.write import write_report

FPS, HEIGHT_M = 60.0, 1.72


def side_walk() -> Analysis:
    """Measure a made-up walk seen from the left."""
    walker = Walker(height_m=HEIGHT_M, step_time_s=(0.53, 0.56), step_length_m=(0.66, 0.63), n_steps=12)
    motion = walker.film(fps=FPS, noise_px=1.5, px_per_m=240.0)
    context = RecordingContext(view="left", height_m=HEIGHT_M, camera_roll_deg=0.0)
    return analysis_of(motion, context, name="side.mp4", size_px=(1920, 1080))


def corridor_walk() -> Analysis:
    """Measure a made-up walk away from the camera and back, leaning over one leg."""
    parameters = GaitParameters(
        steps=16,
        passes=4,
        stand_before_s=2.5,
        stand_after_s=2.5,
        trunk_lean_deg=(6.0, 0.0),
        knee_valgus_deg=(1.0, 4.0),
    )
    performance = walk(generic_body(HEIGHT_M), parameters, fps=FPS)
    middle = performance.points["left_hip"].mean(axis=0)
    camera = Camera.around(np.array([middle[0], 0.9, 0.0]), view="back", distance_m=8.0)
    motion = performance.seen_by(camera, view="back", noise_px=0.7)
    context = RecordingContext(view="back", height_m=HEIGHT_M)
    return analysis_of(motion, context, name="corridor.mp4", size_px=camera.size_px, certainty=0.93)


def analysis_of(
    motion: xr.Dataset,
    context: RecordingContext,
    *,
    name: str,
    size_px: tuple[int, int],
    certainty: float | None = None,
) -> Analysis:
    """Measure a motion as if it came from a video that is not there."""
    n = motion.sizes["time"]
    video = VideoInfo(
        path=Path("made-up") / name,
        codec="none",
        pixel_format="none",
        width_px=size_px[0],
        height_px=size_px[1],
        rotation_deg=0,
        fps=FPS,
        duration_s=n / FPS,
        n_frames=n,
        picture=make_picture(*size_px),
    )
    person = Person(1, 0.0, n / FPS, n / FPS, 960.0, 500.0, 120.0, 1.0, is_subject=True)
    recording = Recording(motion, context, video, (person,), np.arange(n) / FPS, ())
    provenance = Provenance(
        software_version="0.1.0",
        python_version="3.11",
        created=datetime(2026, 11, 21, tzinfo=UTC),
        source_file=f"made-up {name}",
        source_sha256="0" * 64,
        model="none",
        mode="measure",
    )
    return Analysis((measure_motion(motion, context),), recording, context, provenance, certainty)


def main() -> None:
    """Measure the made-up walks and write their report."""
    parser = argparse.ArgumentParser(description="Write a report of made-up walks.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--side", action="store_true", help="only the walk seen from the side")
    parser.add_argument("--frontal", action="store_true", help="only the walk seen from behind and in front")
    chosen = parser.parse_args()
    makers = [side_walk] * (not chosen.frontal) + [corridor_walk] * (not chosen.side)
    write_report(Examination.of([make() for make in makers]), chosen.folder, overwrite=True)


if __name__ == "__main__":
    main()
