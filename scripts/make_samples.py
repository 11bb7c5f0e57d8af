"""Why it exists: the sample recordings in ``samples/`` are made by this command, so anybody can make or change them.

``python scripts/make_samples.py`` renders two walks of one mannequin (from behind, and from the side) with their truth.
The person drops the pelvis 8 degrees on the left side while standing on the right leg.
"""

import sys
from pathlib import Path

from levelstride.mannequin.clip import Clip, Filming, make_clip
from levelstride.mannequin.gait import GaitParameters
from levelstride.mannequin.scene import Look

SAMPLES = Path(__file__).resolve().parents[1] / "samples"

_LOOK = Look(noise_sigma=0.8)
_GAIT = {
    "cadence_spm": 104.0,
    "step_length_m": (0.58, 0.58),
    "pelvic_drop_deg": (4.0, 8.0),
    "trunk_lean_deg": (0.5, 1.5),
    "knee_valgus_deg": (0.0, 4.0),
}

CLIPS = {
    "from-behind": Clip(
        gait=GaitParameters(**_GAIT, steps=13, passes=2, stand_before_s=2.0, stand_after_s=1.5),  # type: ignore[arg-type]
        filming=Filming(view="back", distance_m=2.4, crf=30),
        look=_LOOK,
    ),
    "from-the-side": Clip(
        gait=GaitParameters(**_GAIT, steps=11, stand_before_s=0.4),  # type: ignore[arg-type]
        filming=Filming(view="left", distance_m=4.7, size_px=(1280, 720), crf=30),
        look=_LOOK,
    ),
}


def main() -> None:
    """Render every sample."""
    SAMPLES.mkdir(exist_ok=True)
    for name, clip in CLIPS.items():
        path = make_clip(clip, SAMPLES / f"{name}.mp4")
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")
    total = sum(file.stat().st_size for file in SAMPLES.glob("*.mp4"))
    if total > 500_000:
        sys.exit(f"The samples take {total / 1000:.0f} kB together; 500 is the limit.")


if __name__ == "__main__":
    main()
