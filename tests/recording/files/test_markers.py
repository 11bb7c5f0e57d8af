"""Why it exists: C3D and TRC files must come out in the house's frame, in metres, with nothing assumed silently."""

import numpy as np
import pytest
import xarray as xr

from levelstride.errors import RecordingError
from levelstride.motion.dataset import point, read_log
from levelstride.recording.files import is_motion_file, read_motion_file
from recording.files.builders import pig_markers, to_laboratory, walking_points, write_c3d, write_trc_text

REAL = {
    "btk/PiG_Motion-FlatFoot-Full.c3d": (100.0, 3.6, {"left_psis", "left_shoulder", "left_wrist", "c7"}),
    "btk/PiG_Motion3_noFF.c3d": (100.0, 3.6, {"left_psis", "right_psis"}),
    "btk/PlugInC3D.c3d": (60.0, 3.3, {"left_asis", "right_shoulder", "sacrum"}),
    "gaitalytics/test_small.c3d": (100.0, 3.6, {"left_asis", "sacrum", "left_elbow"}),
    "gaitkit/figshare_pd_SUB01_off_walk_12b.c3d": (150.0, 2.6, {"left_psis", "left_small_toe", "right_elbow"}),
    "gaitkit/fukuchi_WBDS19walkT01.c3d": (150.0, -0.3, {"left_psis", "right_small_toe"}),
    "opencap/session03284efb_walk.trc": (60.0, 5.3, {"left_psis", "right_shoulder", "c7", "neck"}),
}


def path_of(motion: xr.Dataset, name: str) -> np.ndarray:
    at = point(motion, name)
    return at[np.isfinite(at).all(axis=1)]


@pytest.mark.parametrize("file", REAL)
def test_real_files_stand_in_the_house_frame(data_dir, file):
    rate, walked, names = REAL[file]
    found = read_motion_file(data_dir / file)
    motion = found.motion
    assert is_motion_file(data_dir / file)
    assert motion.attrs["length_unit"] == "m"
    assert motion.fps == rate
    legs = {f"{s}_{p}" for s in ("left", "right") for p in ("hip", "knee", "ankle", "heel", "big_toe", "asis")}
    assert legs | names <= set(motion.keypoints.values)
    hip, knee = path_of(motion, "left_hip"), path_of(motion, "left_knee")
    assert hip[-1, 0] - hip[0, 0] > walked  # forward is +X
    assert abs(hip[-1, 2] - hip[0, 2]) < 0.1
    assert 0.6 < np.median(hip[:, 1]) < 1.2
    assert 0.3 < np.median(knee[:, 1]) < 0.6
    across = np.nanmean(point(motion, "right_hip") - point(motion, "left_hip"), axis=0)
    assert across[2] > 0.1  # right is +Z
    foot = np.nanmean(point(motion, "left_big_toe") - point(motion, "left_heel"), axis=0)
    assert foot[0] > 0.08


@pytest.mark.parametrize("file", [file for file in REAL if file.endswith(".c3d")])
def test_events_come_on_the_motions_clock(data_dir, file):
    found = read_motion_file(data_dir / file)
    for kind in ("contacts", "toe_offs"):
        for side in ("left", "right"):
            times = found.events[kind][side]
            assert len(times) >= 2
            assert (np.diff(times) > 0).all()
            assert times[0] >= 0
            assert times[-1] <= found.motion.time.values[-1] + 0.02
    for t in found.events["contacts"]["left"]:  # the left heel is low when it lands
        i = min(round(t * found.motion.fps), found.motion.sizes["time"] - 1)
        heel = point(found.motion, "left_heel")[:, 1]
        assert heel[i] < np.nanmin(heel) + 0.25 * np.ptp(heel[np.isfinite(heel)])


def test_stand_ins_are_said(data_dir):
    text = " ".join(read_motion_file(data_dir / "gaitkit/fukuchi_WBDS19walkT01.c3d").warnings)
    assert "trochanter" in text
    assert "outside the knee" in text
    assert read_motion_file(data_dir / "btk/PiG_Motion3_noFF.c3d").warnings == ()
    assert "_study" in " ".join(read_motion_file(data_dir / "opencap/session03284efb_walk.trc").warnings)


def test_plug_in_gait_angles_come_along(data_dir):
    for file in ("btk/PiG_Motion3_noFF.c3d", "gaitalytics/test_small.c3d"):
        found = read_motion_file(data_dir / file)
        assert found.angles_deg["LPelvisAngles"].shape == (found.motion.sizes["time"], 3)


# A laboratory's axes in the world: rows are its x, y, z. All right-handed.
LABS = {
    "+Z": [[1, 0, 0], [0, 0, -1], [0, 1, 0]],
    "+Y": [[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
    "-Z": [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
    "+X": [[0, 1, 0], [0, 0, 1], [1, 0, 0]],
}


@pytest.mark.parametrize("up", LABS)
@pytest.mark.parametrize("units", ["mm", "m"])
def test_any_laboratory_gives_the_same_motion(tmp_path, up, units):
    points = walking_points()
    file = write_c3d(tmp_path / "a.c3d", to_laboratory(pig_markers(points), LABS[up]), up=up, units=units)
    found = read_motion_file(file)
    for name in found.labels_used:
        assert np.abs(point(found.motion, name) - points[name]).max() < 1e-5  # floats of 32 bits
    assert found.warnings == ()


def test_turned_over_ground_backwards_and_on_the_spot(tmp_path):
    points = walking_points(n=120)
    turn = np.array([[0.6, 0, 0.8], [0, 1, 0], [-0.8, 0, 0.6]])
    there = {label: at @ turn.T for label, at in pig_markers(points).items()}
    found = read_motion_file(write_trc_text(tmp_path / "turned.trc", there))
    assert np.abs(point(found.motion, "left_knee") - points["left_knee"]).max() < 2e-6
    assert read_log(found.motion)[-1]["forward_from"] == "path"

    back = walking_points(n=120, speed=-1.2)
    found = read_motion_file(write_trc_text(tmp_path / "back.trc", pig_markers(back)))
    assert np.abs(point(found.motion, "left_knee") - back["left_knee"]).max() < 2e-6
    assert any("backwards" in w for w in found.warnings)

    still = walking_points(n=120, speed=0.0)
    found = read_motion_file(write_trc_text(tmp_path / "still.trc", pig_markers(still)))
    assert np.abs(point(found.motion, "left_knee") - still["left_knee"]).max() < 2e-6
    assert read_log(found.motion)[-1]["forward_from"] == "feet"


def test_missing_is_nan_and_never_seen_is_left_out(tmp_path):
    markers = pig_markers(walking_points())
    markers["LHEE"] = markers["LHEE"].copy()
    markers["LHEE"][10:20] = np.nan
    markers["RTOE"] = np.full_like(markers["RTOE"], np.nan)
    for file in (
        write_c3d(tmp_path / "a.c3d", to_laboratory(markers, LABS["+Z"])),
        write_trc_text(tmp_path / "a.trc", markers),
    ):
        found = read_motion_file(file)
        heel = point(found.motion, "left_heel")
        assert np.isnan(heel[10:20]).all()
        assert np.isfinite(np.delete(heel, slice(10, 20), axis=0)).all()
        assert "right_big_toe" not in found.motion.keypoints.values
        assert any("RTOE" in w for w in found.warnings)


def test_events_minutes_codes_and_strangers(tmp_path):
    events = [
        ("Foot Strike", "Left", 61.5),
        ("RTO", "", 61.25),
        ("", "RHS", 61.0),
        ("Foot Strike", "Right", 70.0),
        ("Jump", "General", 61.1),
    ]
    markers = to_laboratory(pig_markers(walking_points(n=90)), LABS["+Z"])
    found = read_motion_file(write_c3d(tmp_path / "a.c3d", markers, first_frame=3630, events=events))
    assert found.events["contacts"]["left"] == pytest.approx([1.0])
    assert found.events["contacts"]["right"] == pytest.approx([0.5])
    assert found.events["toe_offs"]["right"] == pytest.approx([0.75])
    text = " ".join(found.warnings)
    assert "Jump" in text
    assert "1 events lie outside" in text


def test_without_events_unit_axis_everything_is_said(tmp_path):
    markers = to_laboratory(pig_markers(walking_points()), LABS["+Z"])
    found = read_motion_file(write_c3d(tmp_path / "a.c3d", markers, up=None))
    assert found.events is None
    assert any("Z up was assumed" in w for w in found.warnings)
    with pytest.raises(RecordingError, match="measures length in 'furlong'"):
        read_motion_file(write_c3d(tmp_path / "b.c3d", markers, units="furlong"))


def test_labels_with_subject_and_other_case(tmp_path):
    markers = {f"Anna:{label.lower()}": at for label, at in pig_markers(walking_points()).items()}
    found = read_motion_file(write_c3d(tmp_path / "a.c3d", to_laboratory(markers, LABS["+Z"])))
    assert found.labels_used["left_hip"] == ("Anna:lfep",)


def test_pose2sim_and_planar_names(tmp_path):
    points = walking_points(n=120)
    names = {
        "RHip": "right_hip", "RKnee": "right_knee", "RAnkle": "right_ankle", "RBigToe": "right_big_toe",
        "RHeel": "right_heel", "LHip": "left_hip", "LKnee": "left_knee", "LAnkle": "left_ankle", "Neck": "neck",
    }  # fmt: skip
    flat = {label: points[name] * [-1.0, 1.0, 0.0] for label, name in names.items()}  # walks left, as Sports2D sees it
    found = read_motion_file(write_trc_text(tmp_path / "a.trc", flat))
    assert set(names.values()) <= set(found.motion.keypoints.values)
    knee = point(found.motion, "right_knee")
    assert np.abs(knee[:, :2] - points["right_knee"][:, :2]).max() < 2e-6
    assert any("one plane" in w for w in found.warnings)


def test_lying_or_a_wrong_axis_is_said(tmp_path):
    markers = to_laboratory(pig_markers(walking_points()), LABS["+Z"])
    found = read_motion_file(write_c3d(tmp_path / "a.c3d", markers, up="+Y"))
    assert any("vertical axis" in w for w in found.warnings)


def test_turning_round_is_said(tmp_path):
    points = walking_points(n=120, speed=0.0)
    angle = np.linspace(0, np.pi, 120)
    turn = np.zeros((120, 3, 3))
    turn[:, 0, 0] = turn[:, 2, 2] = np.cos(angle)
    turn[:, 0, 2], turn[:, 2, 0], turn[:, 1, 1] = np.sin(angle), -np.sin(angle), 1.0
    markers = {label: np.einsum("tij,tj->ti", turn, at) for label, at in pig_markers(points).items()}
    found = read_motion_file(write_trc_text(tmp_path / "a.trc", markers))
    assert any("turns by" in w for w in found.warnings)


def test_rows_left_out_become_missing_samples(tmp_path):
    markers = pig_markers(walking_points(n=60))
    rows = [i for i in range(60) if not 20 <= i < 25]
    found = read_motion_file(write_trc_text(tmp_path / "a.trc", markers, rows=rows))
    assert found.motion.sizes["time"] == 60
    assert np.isnan(point(found.motion, "left_hip")[20:25]).all()
    assert any("5 samples are absent" in w for w in found.warnings)


def test_a_wrong_data_rate_is_said(tmp_path):
    markers = pig_markers(walking_points(n=60))
    file = write_trc_text(tmp_path / "a.trc", markers)
    file.write_text(file.read_text().replace("60.0\t60.0", "30.0\t30.0", 1))
    found = read_motion_file(file)
    assert found.motion.fps == 60.0
    assert any("30 samples a second" in w for w in found.warnings)


# ---------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("suffix", [".c3d", ".trc"])
@pytest.mark.parametrize("kept", [0.0, 0.001, 0.3, 0.7, 0.89])
def test_cut_off_files_are_refused(tmp_path, suffix, kept):
    markers = pig_markers(walking_points(n=100))
    path = tmp_path / f"a{suffix}"
    if suffix == ".c3d":
        write_c3d(path, to_laboratory(markers, LABS["+Z"]))
    else:
        write_trc_text(path, markers)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(RecordingError) as refused:
        read_motion_file(path)
    one_line(refused.value, path)


@pytest.mark.parametrize("suffix", [".c3d", ".trc", ".mot", ".nc", ".json", ".csv", ".sto"])
@pytest.mark.parametrize(
    "content", [b"", b"\0" * 4000, b"hello\n" * 300, bytes(range(256)) * 8, b"\x02\x50" + b"\0" * 2000]
)
def test_garbage_is_refused(tmp_path, suffix, content):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    with pytest.raises(RecordingError) as refused:
        read_motion_file(path)
    one_line(refused.value, path)


@pytest.mark.parametrize("n", [0, 1])
def test_no_or_one_frame_is_refused(tmp_path, n):
    markers = {label: at[:n] for label, at in pig_markers(walking_points()).items()}
    with pytest.raises(RecordingError, match="sample|markers|readable"):
        read_motion_file(write_trc_text(tmp_path / "a.trc", markers))
    if n:
        with pytest.raises(RecordingError, match="one sample only"):
            read_motion_file(write_c3d(tmp_path / "a.c3d", to_laboratory(markers, LABS["+Z"])))


def test_without_a_leg_the_labels_are_listed(tmp_path):
    points = walking_points()
    markers = {"BOX1": points["left_hip"], "BOX2": points["left_knee"]}
    for file in (write_c3d(tmp_path / "a.c3d", markers), write_trc_text(tmp_path / "a.trc", markers)):
        with pytest.raises(RecordingError, match="BOX1, BOX2") as refused:
            read_motion_file(file)
        assert "LFEP" in refused.value.fix
    nowhere = {label: np.full_like(at, np.nan) for label, at in pig_markers(points).items()}
    with pytest.raises(RecordingError, match="lacks the points of a leg"):
        read_motion_file(write_c3d(tmp_path / "n.c3d", nowhere))


def test_no_such_file_and_other_endings(tmp_path):
    with pytest.raises(RecordingError, match="does not exist"):
        read_motion_file(tmp_path / "none.c3d")
    other = tmp_path / "walk.mp4"
    other.write_bytes(b"abc")
    assert not is_motion_file(other)
    with pytest.raises(RecordingError, match="by its ending"):
        read_motion_file(other)
    with pytest.raises(RecordingError, match="folder without"):
        read_motion_file(tmp_path / ".." / tmp_path.name)


def one_line(error: RecordingError, path) -> None:
    assert "\n" not in error.problem + error.fix
    assert str(path) in error.problem
    assert error.fix
