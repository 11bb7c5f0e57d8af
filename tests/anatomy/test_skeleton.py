"""Why it exists: forward and inverse kinematics of the leg undo each other, and angles read back as they were set."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.anatomy.skeleton import SegmentLengths, leg, leg_angles_reaching, point_along
from levelstride.motion import sagittal
from levelstride.motion.dataset import make_motion

LENGTHS = SegmentLengths.of_height(1.7)


@given(hip=st.floats(-40, 70), knee=st.floats(1, 120), lean=st.floats(-20, 30))
def test_set_angles_are_measured_again_from_either_side(hip: float, knee: float, lean: float) -> None:
    origin, trunk = np.zeros((1, 2)), np.array([lean])
    knee_point, ankle = leg(origin, trunk, np.array([hip]), np.array([knee]), LENGTHS)
    shoulder = point_along(origin, -trunk, -LENGTHS.trunk)
    for facing in (1.0, -1.0):
        points = [p * [facing, -1.0] for p in (origin, knee_point, ankle, shoulder)]
        motion = make_motion(
            np.stack(points, axis=-1)[..., None],
            keypoints=["left_hip", "left_knee", "left_ankle", "left_shoulder"],
            fps=30,
        )
        sign = np.array([facing])
        assert sagittal.trunk_forward_lean(motion, sign)[0] == pytest.approx(lean, abs=1e-6)
        assert sagittal.hip_flexion(motion, "left", sign)[0][0] == pytest.approx(hip, abs=1e-6)
        assert sagittal.knee_flexion(motion, "left", sign)[0] % 360 == pytest.approx(knee, abs=1e-6)


@given(x=st.floats(-0.4, 0.4), y=st.floats(-0.72, -0.4))
def test_reaching_puts_the_ankle_there(x: float, y: float) -> None:
    hip, wanted = np.zeros((1, 2)), np.array([[x, y]])
    thigh, knee_flexion = leg_angles_reaching(hip, wanted, LENGTHS)
    assert knee_flexion[0] >= 0
    _, ankle = leg(hip, np.zeros(1), thigh, knee_flexion, LENGTHS)
    np.testing.assert_allclose(ankle, wanted, atol=1e-9)


def test_out_of_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="reach"):
        leg_angles_reaching(np.zeros((1, 2)), np.array([[0.0, -1.5]]), LENGTHS)
