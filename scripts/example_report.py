"""Why it exists: the picture of a report in the README shows a made-up walk, not a person.

``python scripts/example_report.py DIR`` writes a report of the formula-made walker of the tests; the README's picture
is a screenshot of it (``chromium --headless --screenshot=docs/images/report.png --window-size=1100,1900 ...``).
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from tests.support.walker import Walker

from levelstride.analysis import Analysis, Provenance
from levelstride.measure.gait_side import measure_gait_side
from levelstride.recording.context import RecordingContext
from levelstride.recording.picture import make_picture
from levelstride.recording.pose.subject import Person
from levelstride.recording.read import Recording
from levelstride.recording.video import VideoInfo
from levelstride.report.write import write_report

FPS, HEIGHT_M = 60.0, 1.72


def main() -> None:
    """Measure the made-up walk and write its report."""
    walker = Walker(height_m=HEIGHT_M, step_time_s=(0.53, 0.56), step_length_m=(0.66, 0.63), n_steps=12)
    motion = walker.film(fps=FPS, noise_px=1.5, px_per_m=240.0)
    measured = measure_gait_side(motion, height_m=HEIGHT_M, roll_known=True)
    n = motion.sizes["time"]
    video = VideoInfo(
        path=Path("made-up-walk.mp4"),
        codec="none",
        pixel_format="none",
        width_px=1920,
        height_px=1080,
        rotation_deg=0,
        fps=FPS,
        duration_s=n / FPS,
        n_frames=n,
        picture=make_picture(1920, 1080),
    )
    person = Person(1, 0.0, n / FPS, n / FPS, 960.0, 500.0, 120.0, 1.0, is_subject=True)
    context = RecordingContext(view="left", height_m=HEIGHT_M, camera_roll_deg=0.0)
    recording = Recording(motion, context, video, (person,), np.arange(n) / FPS, ())
    provenance = Provenance(
        software_version="0.1.0",
        python_version="3.11",
        created=datetime(2026, 11, 21, tzinfo=UTC),
        source_file="a made-up walk",
        source_sha256="0" * 64,
        model="none",
        mode="measure",
    )
    folder = Path(sys.argv[1])
    write_report(Analysis(measured.result, measured.motion, recording, provenance), folder, overwrite=True)


if __name__ == "__main__":
    main()
