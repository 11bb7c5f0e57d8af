"""Why it exists: a motion in space seen square must keep its lengths, and show each side where a camera would."""

import numpy as np
import pytest

from levelstride.motion.camera import Camera
from levelstride.motion.dataset import make_motion, point, read_log
from levelstride.motion.planes import PX_PER_M, seen_square


def in_space(**points):
    position = np.stack([np.tile(np.asarray(at, dtype=float), (3, 1)) for at in points.values()], axis=-1)[..., None]
    return make_motion(position, keypoints=list(points), fps=100.0, length_unit="m", source_software="test")


@pytest.mark.parametrize("view", ["left", "right", "back", "front"])
def test_it_is_a_camera_infinitely_far_away(view):
    points = {"left_hip": (0.2, 0.9, -0.1), "right_knee": (0.35, 0.5, 0.12)}
    seen = seen_square(in_space(**points), view)
    far = Camera.around(np.array([0.0, 0.0, 0.0]), view=view, distance_m=1e6, height_m=0.0, size_px=(2, 2))
    for name, at in points.items():
        expected = (far.project(np.array(at)) - 1.0) * 1e6 / far.focal_px
        assert point(seen, name)[0] / PX_PER_M == pytest.approx(expected, abs=1e-4)
    assert seen.attrs["view"] == view
    assert seen.attrs["fps"] == 100.0


@pytest.mark.parametrize("view", ["left", "right"])
def test_lengths_forward_and_up_are_kept_from_the_side(view):
    seen = seen_square(in_space(left_hip=(0.0, 1.0, 0.0), left_ankle=(0.3, 0.6, 0.7)), view)
    line = point(seen, "left_ankle")[0] - point(seen, "left_hip")[0]
    assert np.linalg.norm(line) == pytest.approx(0.5 * PX_PER_M)
    assert line[0] == pytest.approx((0.3 if view == "right" else -0.3) * PX_PER_M)
    assert line[1] == pytest.approx(0.4 * PX_PER_M), "the picture's y goes down"


def test_what_is_missing_stays_missing_and_is_doubted():
    motion = in_space(left_hip=(0.0, 1.0, 0.0), left_knee=(0.0, 0.5, 0.0))
    motion.position.values[1, :, 0] = np.nan
    seen = seen_square(motion, "back")
    assert np.isnan(point(seen, "left_hip")[1]).all()
    assert seen.confidence.values[:, 0, 0].tolist() == [1.0, 0.0, 1.0]
    assert seen.confidence.values[:, 1, 0].tolist() == [1.0, 1.0, 1.0]


def test_the_log_says_where_it_comes_from():
    entries = read_log(seen_square(in_space(nose=(0, 1, 0)), "front"))
    assert entries[-1]["operation"] == "seen_square"
    assert entries[-1]["view"] == "front"


def test_a_picture_is_refused():
    flat = make_motion(np.zeros((3, 2, 1, 1)), keypoints=["nose"], fps=30.0)
    with pytest.raises(ValueError, match="three dimensions, but got 2"):
        seen_square(flat, "left")
