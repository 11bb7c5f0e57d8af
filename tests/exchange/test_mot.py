"""Why it exists: joint angles must leave with OpenSim's names and signs, and come back the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelstride.errors import InputError
from levelstride.exchange import opensim_coordinates, write_mot
from levelstride.motion.dataset import make_motion
from levelstride.recording.files import read_motion_file
from levelstride.recording.files.mot import pose_generic_body, read_storage

LEG = ("hip_flexion", "hip_adduction", "knee_angle", "ankle_angle")


def moving(n=50, tilt=0.0):
    """A walk-like set of coordinates, without turns about a limb's length."""
    phase = np.linspace(0, 4 * np.pi, n)
    found = {
        "pelvis_tilt": np.full(n, tilt),
        "pelvis_list": 4 * np.sin(phase),
        "pelvis_rotation": 6 * np.cos(phase),
        "pelvis_tx": np.linspace(0, 2, n),
        "pelvis_ty": 0.95 + 0.02 * np.sin(2 * phase),
        "pelvis_tz": 0.03 * np.sin(phase),
        "lumbar_extension": -5 + 2 * np.sin(phase),
        "lumbar_bending": 3 * np.sin(phase),
        "lumbar_rotation": 5 * np.cos(phase),
    }
    for s, shift in (("r", 0.0), ("l", np.pi)):
        found |= {
            f"hip_flexion_{s}": 10 + 20 * np.cos(phase + shift),
            f"hip_adduction_{s}": 5 * np.sin(phase + shift),
            f"knee_angle_{s}": 30 - 25 * np.cos(2 * phase + shift),
            f"ankle_angle_{s}": 10 * np.sin(phase + shift),
        }
    return found


def as_motion(points, **attrs):
    position = np.stack(list(points.values()), axis=2)[..., None]
    return make_motion(position, keypoints=list(points), fps=100, **{"length_unit": "m", **attrs})


def test_angles_of_a_driven_body_come_out_as_they_went_in():
    angles = moving()
    points = pose_generic_body(angles, 1.75)
    # the generic body's spines slope and its shoulders lie under its neck: level them for an exact comparison
    found = opensim_coordinates(as_motion({k: v for k, v in points.items() if not k.endswith("psis")}))
    for name in ("pelvis_list", "pelvis_rotation", *(f"{c}_{s}" for s in "rl" for c in LEG)):
        assert found[name] == pytest.approx(angles[name], abs=1e-6), name
    for name in ("pelvis_tx", "pelvis_ty", "pelvis_tz"):
        assert found[name] == pytest.approx(angles[name], abs=1e-9), name
    assert "pelvis_tilt" not in found
    for name in ("lumbar_extension", "lumbar_bending"):  # the line from the hips bends less than the joint above them
        assert np.corrcoef(found[name], angles[name])[0, 1] > 0.97
        assert np.sign(np.ptp(found[name])) == 1


def test_pelvic_tilt_where_the_spines_were_seen():
    upright = opensim_coordinates(as_motion(pose_generic_body(moving(tilt=0.0), 1.75)))
    tilted = opensim_coordinates(as_motion(pose_generic_body(moving(tilt=12.0), 1.75)))
    assert np.mean(tilted["pelvis_tilt"] - upright["pelvis_tilt"]) == pytest.approx(12.0, abs=0.01)
    assert np.mean(tilted["hip_flexion_r"] - upright["hip_flexion_r"]) == pytest.approx(0.0, abs=0.01)


def test_laboratory_angles(data_dir):
    """Plug-in-Gait's own list, tilt and hip angles from the same markers."""
    found = read_motion_file(data_dir / "btk/PiG_Motion-FlatFoot-Full.c3d")
    ours = opensim_coordinates(found.motion)
    for name, label, column, sign, most in (
        ("pelvis_tilt", "LPelvisAngles", 0, -1, 0.1),
        ("pelvis_list", "LPelvisAngles", 1, 1, 0.2),
        ("hip_flexion_r", "RHipAngles", 0, 1, 0.1),
        ("hip_adduction_l", "LHipAngles", 1, 1, 0.1),
        # the knee bends about an axis of markers there, here in the plane of hip, knee and ankle
        ("knee_angle_r", "RKneeAngles", 0, 1, 3.0),
        ("knee_angle_l", "LKneeAngles", 0, 1, 3.0),
    ):
        difference = ours[name] - sign * found.angles_deg[label][:, column]
        assert np.nanmax(np.abs(difference)) < most, name


@pytest.mark.parametrize("view", ["left", "right"])
def test_side_view_signs_do_not_depend_on_the_camera(view):
    n = 30
    angles = {name: np.zeros(n) for name in moving(n)} | {"pelvis_ty": np.full(n, 0.95)}
    angles |= {"hip_flexion_r": np.full(n, 25.0), "knee_angle_r": np.full(n, 40.0), "ankle_angle_r": np.full(n, 8.0)}
    angles["lumbar_extension"] = np.full(n, -10.0)
    points = pose_generic_body(angles, 1.75)
    sign = 1.0 if view == "right" else -1.0
    picture = {
        name: np.stack([500 + sign * 300 * at[:, 0], 800 - 300 * at[:, 1]], axis=1) for name, at in points.items()
    }
    found = opensim_coordinates(as_motion(picture, length_unit="px", view=view))
    for name in ("hip_flexion_r", "knee_angle_r", "ankle_angle_r", "hip_flexion_l", "knee_angle_l"):
        assert found[name] == pytest.approx(angles[name], abs=1e-6), name
    assert found["lumbar_extension"][0] == pytest.approx(-10.0, abs=4.0)  # hip to shoulder bends less than the joint
    assert not {"pelvis_list", "pelvis_tilt", "pelvis_tx", "hip_adduction_r"} & found.keys()
    turned = opensim_coordinates(as_motion(picture, length_unit="px"), facing=np.full(n, sign))
    assert turned["knee_angle_r"] == pytest.approx(found["knee_angle_r"])


columns = st.from_regex(r"[a-z][a-z_]{0,20}(_r|_l)?", fullmatch=True).filter(lambda name: name != "time")


@settings(max_examples=60, deadline=None)
@given(data=st.data(), names=st.lists(columns, min_size=1, max_size=6, unique=True), n=st.integers(1, 9))
def test_any_table_comes_back(tmp_path_factory, data, names, n):
    values = data.draw(arrays(float, (n, len(names)), elements=st.floats(-360, 360)))
    values[data.draw(arrays(bool, values.shape))] = np.nan
    path = tmp_path_factory.mktemp("mot") / "a.mot"
    whole = np.isfinite(values).all(axis=1)
    table_in = dict(zip(names, values.T, strict=True))
    if not whole.any():
        with pytest.raises(InputError, match="No moment has all"):
            write_mot(np.arange(n) / 100, table_in, path)
        return
    assert write_mot(np.arange(n) / 100, table_in, path) == whole.sum()
    table = read_storage(path)
    assert list(table.columns) == names
    assert table.in_degrees is True
    assert table.time_s == pytest.approx(np.arange(n)[whole] / 100)
    back = np.stack(list(table.columns.values()), axis=1)
    assert back == pytest.approx(values[whole], abs=1e-8)


def test_through_the_door(tmp_path):
    angles = moving()
    write_mot(np.arange(50) / 100, angles, tmp_path / "a.mot")
    found = read_motion_file(tmp_path / "a.mot")
    assert found.motion.fps == 100.0
    for name, curve in found.angles_deg.items():
        assert curve == pytest.approx(angles[name], abs=1e-8)


def test_gaps_come_back_as_missing_samples(tmp_path):
    angles = moving()
    angles["knee_angle_r"][10:15] = np.nan
    write_mot(np.arange(50) / 100, angles, tmp_path / "a.mot")
    found = read_motion_file(tmp_path / "a.mot")
    assert found.motion.sizes["time"] == 50
    assert np.isnan(found.motion.position.values[10:15]).all()
    assert np.isfinite(np.delete(found.angles_deg["knee_angle_r"], slice(10, 15))).all()


def test_refusals(tmp_path):
    path, t, curve = tmp_path / "a.mot", np.arange(3) / 10, np.zeros(3)
    for times, curves, message in (
        (t, {}, "no joint angles"),
        (t[:0], {"a": t[:0]}, "no joint angles"),
        (t[::-1], {"a": curve}, "must rise"),
        (t, {"a": curve[:2]}, "2 values for 3 times"),
        (t, {"two words": curve}, "cannot name a column"),
        (t, {"time": curve}, "cannot name a column"),
        (t, {"": curve}, "cannot name a column"),
    ):
        with pytest.raises(InputError, match=message):
            write_mot(times, curves, path)
    assert not path.exists()
    with pytest.raises(InputError, match="cannot be written"):
        write_mot(t, {"a": curve}, tmp_path / "none" / "a.mot")
    front = make_motion(np.ones((3, 2, 1, 1)), keypoints=["left_hip"], fps=30, view="front")
    with pytest.raises(InputError, match="side view"):
        opensim_coordinates(front)
    for size in (2, 3):
        poor = make_motion(np.ones((3, size, 1, 1)), keypoints=["left_hip"], fps=30, view="left")
        with pytest.raises(InputError, match="no joint angle"):
            opensim_coordinates(poor)
