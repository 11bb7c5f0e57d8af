"""Why it exists: the main job on a real video with several people, held against contacts read by eye."""

from pathlib import Path

import numpy as np
import pytest

from levelstride import Analysis, analyze

BY_EYE = [62, 80, 98, 116, 135, 154, 173]


@pytest.fixture(scope="module")
def demo(data_dir: Path) -> Analysis:
    return analyze(data_dir / "sports2d" / "demo.mp4", view="left", height_m=1.65)


def test_the_walker_is_found_among_several_people(demo: Analysis) -> None:
    people = demo.recording.people
    assert len(people) >= 2
    subject = demo.recording.subject
    assert subject.x_px > 1000  # comes in from the right; the other person stands on the left
    hips = demo.motion.position.sel(keypoints="left_hip", space="x").values[:, 0]
    seen = hips[np.isfinite(hips)]
    assert seen[0] - seen[-1] > 800  # and walks to the left


def test_contacts_match_one_to_one(demo: Analysis) -> None:
    found = np.array([e.frame for e in demo.gait.events if e.kind == "contact"])
    matched = {eye: found[np.abs(found - eye) <= 3] for eye in BY_EYE}
    assert sum(len(m) == 1 for m in matched.values()) >= 6
    assert all(len(m) <= 1 for m in matched.values())
    inside = found[(found > BY_EYE[0] - 3) & (found < BY_EYE[-1] + 3)]
    assert len(inside) == sum(len(m) for m in matched.values()), "an extra contact"


def test_cadence_and_step_length(demo: Analysis) -> None:
    cadence = demo.gait.get("cadence_spm")
    assert cadence.value == pytest.approx(97, abs=4)
    steps = [demo.gait.get("step_length_m", side) for side in ("left", "right")]
    assert 0.55 <= np.mean([s.value for s in steps]) <= 0.80
    assert all(s.standard_error > 0.02 for s in steps)
    assert demo.gait.get("step_length_m", "right").limb == "far"


def test_every_operation_is_logged(demo: Analysis) -> None:
    from levelstride.motion.dataset import read_log

    names = [entry["operation"] for entry in read_log(demo.motion)]
    assert names == ["read_video", "drop_unseen", "repair_sides", "drop_outliers", "fill_gaps", "butterworth"]
