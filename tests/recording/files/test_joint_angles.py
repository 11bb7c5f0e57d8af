"""Why it exists: OpenSim's angles must come through the generic body unchanged, sign for sign."""

import csv

import numpy as np
import pytest

from levelstride.errors import RecordingError
from levelstride.motion.dataset import point, read_log
from levelstride.recording.context import RecordingContext
from levelstride.recording.files import read_motion_file
from levelstride.recording.files.mot import read_storage
from recording.files.builders import write_mot_text


def obliquity(right, left):
    line = right - left
    return np.degrees(np.arcsin(line[:, 1] / np.linalg.norm(line, axis=1)))


def bend(hip, knee, ankle):
    thigh, shank = knee - hip, ankle - knee
    cosine = np.sum(thigh * shank, axis=1) / np.linalg.norm(thigh, axis=1) / np.linalg.norm(shank, axis=1)
    return np.degrees(np.arccos(cosine))


def flat_columns(n=40, **given):
    names = ["pelvis_tilt", "pelvis_list", "pelvis_rotation", "pelvis_tx", "pelvis_ty", "pelvis_tz"]
    names += [
        f"{c}_{s}" for s in "rl" for c in ("hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle")
    ]
    names += ["lumbar_extension", "lumbar_bending", "lumbar_rotation"]
    columns = {name: np.zeros(n) for name in names}
    columns["pelvis_ty"] += 0.95
    return columns | {name: np.full(n, float(value)) for name, value in given.items()}


def test_real_walk_against_opensims_own_joint_centres(data_dir):
    """Joint centres computed by OpenSim from the same file: obliquity within 0.2 degrees, knees as well."""
    found = read_motion_file(data_dir / "opencap/walking1_videoAndMocap.mot", RecordingContext(height_m=1.8))
    with (data_dir / "opencap/DERIVED_walking1_jointcentres.csv").open() as file:
        rows = list(csv.DictReader(file))

    def truth(name):
        return np.array([[float(row[f"{name}_{axis}"]) for axis in "xyz"] for row in rows])

    ours = {name: point(found.motion, name) for name in found.motion.keypoints.values}
    difference = obliquity(ours["right_hip"], ours["left_hip"]) - obliquity(truth("hip_r"), truth("hip_l"))
    assert np.abs(difference).max() < 0.02
    angles = read_storage(data_dir / "opencap/walking1_videoAndMocap.mot").columns
    for side, s in (("left", "l"), ("right", "r")):
        knee = bend(ours[f"{side}_hip"], ours[f"{side}_knee"], ours[f"{side}_ankle"])
        assert np.abs(knee - angles[f"knee_angle_{s}"]).max() < 0.01
        model = bend(truth(f"hip_{s}"), truth(f"knee_{s}"), truth(f"ankle_{s}"))
        assert np.abs(knee - model).max() < 0.75  # the model's thigh is not a straight line
        assert np.std(knee - model) < 0.4
    trunk = ours["neck"] - ours["lumbar"]
    model = (truth("shoulder_r") + truth("shoulder_l")) / 2 - truth("back")
    for axis in (0, 2):  # forward and sideways lean follow each other
        ours_deg = np.degrees(np.arctan2(trunk[:, axis], trunk[:, 1]))
        turned = np.radians(read_log(found.motion)[-1]["turned_deg"])
        c, s_ = np.cos(turned), np.sin(turned)
        lab = np.stack([c * model[:, 0] + s_ * model[:, 2], model[:, 1], -s_ * model[:, 0] + c * model[:, 2]], axis=1)
        model_deg = np.degrees(np.arctan2(lab[:, axis], lab[:, 1]))
        assert np.std(ours_deg - model_deg) < 0.35
    assert found.angles_deg["pelvis_list"] == pytest.approx(angles["pelvis_list"])


def test_log_and_warnings_name_the_generic_body(data_dir):
    found = read_motion_file(data_dir / "opencap/session03284efb_walk.mot")
    entry = read_log(found.motion)[-1]
    assert (entry["operation"], entry["positions"], entry["height_m"]) == ("read_mot", "generic body", 1.70)
    text = " ".join(found.warnings)
    assert "generic body" in text
    assert "No height was stated" in text
    assert found.motion.fps == 60.0


@pytest.mark.parametrize(
    ("given", "name", "axis", "sign"),
    [
        ({"pelvis_list": 8}, "right_hip", 1, -1),  # right side down
        ({"knee_angle_r": 40}, "right_ankle", 0, -1),  # shank goes back
        ({"hip_flexion_l": 30}, "left_knee", 0, 1),
        ({"hip_adduction_r": 10}, "right_knee", 2, -1),  # towards the middle
        ({"hip_adduction_l": 10}, "left_knee", 2, 1),
        ({"ankle_angle_r": 15}, "right_big_toe", 1, 1),
        ({"lumbar_extension": 20}, "neck", 0, -1),
        ({"lumbar_bending": 20}, "neck", 2, 1),  # to the right
        ({"pelvis_tilt": 12}, "left_psis", 1, -1),  # backward: back down
    ],
)
def test_signs(tmp_path, given, name, axis, sign):
    # feet point ahead in both: the pelvis' turn is excluded here, because X follows the person
    neutral = read_motion_file(write_mot_text(tmp_path / "a.mot", flat_columns()))
    moved = read_motion_file(write_mot_text(tmp_path / "b.mot", flat_columns(**given)))
    change = point(moved.motion, name) - point(neutral.motion, name)
    assert sign * change[0, axis] > 0.01


def test_knees_counted_negative_are_turned_round_and_said(tmp_path):
    found = read_motion_file(write_mot_text(tmp_path / "a.mot", flat_columns(knee_angle_r=-50, knee_angle_l=-10)))
    motion = found.motion
    knee = bend(*(point(motion, f"right_{p}") for p in ("hip", "knee", "ankle")))
    assert knee == pytest.approx(50.0)
    assert point(motion, "right_ankle")[0, 0] < point(motion, "right_knee")[0, 0]
    assert any("counts flexion negative" in w for w in found.warnings)


def test_radians_unstated_degrees_and_missing_columns(tmp_path):
    found = read_motion_file(write_mot_text(tmp_path / "a.mot", flat_columns(knee_angle_r=1.0), degrees="no"))
    assert found.angles_deg["knee_angle_r"][0] == pytest.approx(np.degrees(1.0))
    few = {name: flat_columns()[name] for name in ("hip_flexion_r", "knee_angle_r")}
    found = read_motion_file(write_mot_text(tmp_path / "b.mot", few, degrees=None))
    text = " ".join(found.warnings)
    assert "degrees were assumed" in text
    assert "pelvis_list" in text
    assert "no pelvis translation" in text
    assert "left_knee" not in found.motion.keypoints.values
    assert "right_heel" not in found.motion.keypoints.values


def test_state_paths_of_newer_opensim(tmp_path):
    columns = {f"/jointset/any/{name}/value": curve for name, curve in flat_columns(knee_angle_r=30).items()}
    path = write_mot_text(tmp_path / "a.sto", columns)
    found = read_motion_file(path)
    assert found.labels_used["knee_angle_r"] == ("/jointset/any/knee_angle_r/value",)


def test_refusals(tmp_path):
    with pytest.raises(RecordingError, match="no leg's joint angles.*ground_force_vx"):
        read_motion_file(write_mot_text(tmp_path / "a.mot", {"ground_force_vx": np.zeros(5)}))
    path = write_mot_text(tmp_path / "b.mot", flat_columns())
    whole = path.read_text()
    path.write_text(whole[: len(whole) // 2])
    with pytest.raises(RecordingError, match="damaged|cut off"):
        read_motion_file(path)
    path.write_text(whole.replace("endheader", ""))
    with pytest.raises(RecordingError, match="endheader"):
        read_motion_file(path)
    with pytest.raises(RecordingError, match="one sample only"):
        read_motion_file(write_mot_text(tmp_path / "c.mot", flat_columns(n=1)))
