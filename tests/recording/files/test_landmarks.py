"""Why it exists: landmarks of other estimators must land on the right names, in pixels, on a stated clock."""

import json

import numpy as np
import pytest

from levelstride.anatomy.keypoints import ALIASES, BLAZEPOSE_33
from levelstride.errors import RecordingError
from levelstride.motion.dataset import make_motion, point, save_motion
from levelstride.recording.context import RecordingContext
from levelstride.recording.files import is_motion_file, read_motion_file

AT_30 = RecordingContext(capture_fps=30, view="left")
SIZE = (1920, 1080)


def positions(n=10, k=33):
    rng = np.random.default_rng(3)
    return rng.uniform(100, 900, (n, k, 2)).round(3)


def dump(path, content):
    path.write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("file", "n_points", "n_frames"),
    [("G3-BP-CTK-P1T1-Unknown-C-0", 33, 196), ("G3-OP-CTK-P1T1-Unknown-C-0", 18, 197),
     ("G3-AP-RTK-P1T1-Unknown-C-0", 17, 194), ("G3-BP-RTK-P1T1-Unknown-C-0", 33, 194)],
)  # fmt: skip
def test_real_landmark_files(data_dir, file, n_points, n_frames):
    path = data_dir / f"keraal/{file}.json"
    assert is_motion_file(path)
    found = read_motion_file(path, AT_30, picture_size_px=(960, 540))
    motion = found.motion
    assert (motion.sizes["time"], motion.sizes["keypoints"]) == (n_frames, n_points)
    assert (motion.attrs["length_unit"], motion.fps) == ("px", 30.0)
    nose, hip, ankle = (np.nanmedian(point(motion, n), axis=0) for n in ("nose", "left_hip", "left_ankle"))
    assert nose[1] < hip[1] < ankle[1] < 540
    assert np.nanmedian(point(motion, "left_hip")[:, 0]) > np.nanmedian(
        point(motion, "right_hip")[:, 0]
    )  # seen from front
    assert any("960 x 540" in w for w in found.warnings)
    first = json.loads(path.read_text())["positions"]["1.0" if "BP" in file or "OP" in file else "0"]
    wanted = first["Nose"] if "Nose" in first else first["0"]
    assert point(motion, "nose")[0] == pytest.approx([wanted[0] * 960, wanted[1] * 540])


def test_what_is_left_open_must_be_stated(data_dir):
    path = data_dir / "keraal/G3-BP-CTK-P1T1-Unknown-C-0.json"
    with pytest.raises(RecordingError, match="how many frames per second") as refused:
        read_motion_file(path, picture_size_px=SIZE)
    assert "capture_fps" in refused.value.fix
    with pytest.raises(RecordingError, match="unknown size") as refused:
        read_motion_file(path, AT_30)
    assert "width and height" in refused.value.fix


@pytest.mark.parametrize(
    "wrap", [lambda p: p, lambda p: {"landmarks": p}, lambda p: {"pose_landmarks": [p]}, lambda p: [p]]
)
@pytest.mark.parametrize("normalised", [True, False])
def test_mediapipe_frames(tmp_path, wrap, normalised):
    at = positions()
    given = at / SIZE if normalised else at
    frames = [wrap([{"x": x, "y": y, "z": 0.1, "visibility": 0.9} for x, y in frame]) for frame in given.tolist()]
    frames[4] = None
    frames[5] = []
    path = dump(tmp_path / "a.json", {"fps": 25, "width": SIZE[0], "height": SIZE[1], "frames": frames})
    assert is_motion_file(path)
    motion = read_motion_file(path).motion
    assert motion.fps == 25.0
    assert list(motion.keypoints.values) == list(BLAZEPOSE_33)
    seen = np.delete(np.arange(10), [4, 5])
    assert motion.position.values[seen, :, :, 0].transpose(0, 2, 1) == pytest.approx(at[seen])
    assert np.isnan(motion.position.values[4:6]).all()
    assert motion.confidence.values[0, 0, 0] == pytest.approx(0.9)


@pytest.mark.parametrize(("n_points", "convention"), [(25, "openpose_25"), (17, "coco_17"), (18, None)])
def test_openpose_folder_and_list(tmp_path, n_points, convention):
    at = positions(6, n_points)
    frames = []
    for i, frame in enumerate(at):
        flat = np.column_stack([frame, np.full(n_points, 0.8)])
        flat[3] = 0.0  # not found
        people = [{"pose_keypoints_2d": flat.ravel().tolist()}] * (2 if i == 2 else 1)
        frames.append({"version": 1.3, "people": [] if i == 5 else people})
    for i, frame in enumerate(frames):
        dump(tmp_path / f"walk_{i:012d}_keypoints.json", frame)
    listed = dump(tmp_path.parent / f"{tmp_path.name}.json", frames)
    assert is_motion_file(tmp_path)
    for path in (tmp_path, listed):
        found = read_motion_file(path, AT_30)
        names = list(found.motion.keypoints.values)
        if convention:
            wanted = list(ALIASES[convention].values())
            assert names == [name for i, name in enumerate(wanted) if i != 3]
        assert len(names) == n_points - 1
        assert point(found.motion, names[0])[:5] == pytest.approx(at[:5, 0])
        assert np.isnan(point(found.motion, names[0])[5]).all()
        assert found.motion.confidence.values[0, 0, 0] == pytest.approx(0.8)
        assert any("1 frames hold several people" in w for w in found.warnings)


def test_csv_with_times_frames_or_a_stated_rate(tmp_path):
    at = positions(8, 3)
    names = ["left_hip", "LKnee", "left ankle"]
    columns = ",".join(f"{n}_x,{n}_y,{n}_z,{n}_visibility" for n in names)
    body = [",".join(f"{x},{y},0,0.7" for x, y in frame) for frame in at.tolist()]
    timed = tmp_path / "t.csv"
    timed.write_text(f"time_s,{columns}\n" + "\n".join(f"{i / 50:.4f},{row}" for i, row in enumerate(body)) + "\n")
    found = read_motion_file(timed)
    assert is_motion_file(timed)
    assert found.motion.fps == 50.0
    assert list(found.motion.keypoints.values) == ["left_hip", "left_knee", "left_ankle"]
    assert found.motion.position.values[:, :, :, 0].transpose(0, 2, 1) == pytest.approx(at)
    assert found.motion.confidence.values == pytest.approx(0.7)

    numbered = tmp_path / "f.csv"
    numbers = [0, 1, 2, 3, 6, 7, 8, 9]
    numbered.write_text(f"frame,{columns}\n" + "\n".join(f"{i},{r}" for i, r in zip(numbers, body, strict=True)) + "\n")
    with pytest.raises(RecordingError, match="how many frames per second"):
        read_motion_file(numbered)
    found = read_motion_file(numbered, AT_30)
    assert found.motion.sizes["time"] == 10
    assert np.isnan(found.motion.position.values[4:6]).all()
    assert any("2 samples are absent" in w for w in found.warnings)


def test_empty_cells_are_missing_and_words_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    head = "time_s,left_hip_x,left_hip_y,left_knee_x,left_knee_y,left_ankle_x,left_ankle_y\n"
    path.write_text(head + "0,10,20,,,30,40\n0.1,10,20,5,5,30,40\n0.2,10,20,5,5,30\n")
    motion = read_motion_file(path).motion
    assert np.isnan(point(motion, "left_knee")[0]).all()
    assert np.isnan(point(motion, "left_ankle")[2]).all()
    path.write_text(head + "0,10,20,oops,2,30,40\n0.1,10,20,5,5,30,40\n")
    with pytest.raises(RecordingError, match="'oops'.*line 2"):
        read_motion_file(path)
    path.write_text(head + "0.1,10,20,5,5,30,40\n0.1,10,20,5,5,30,40\n")
    with pytest.raises(RecordingError, match="do not rise"):
        read_motion_file(path)
    path.write_text("label,speed_x,speed_y\na,1,2\n")
    assert not is_motion_file(path)
    with pytest.raises(RecordingError, match="no columns of known landmarks.*speed_x"):
        read_motion_file(path)


def test_what_was_stated_about_the_camera_is_undone(tmp_path):
    at = positions(4)
    frames = [[[x, y] for x, y in frame] for frame in at.tolist()]
    path = dump(tmp_path / "a.json", {"fps": 30, "picture_size_px": list(SIZE), "frames": frames})
    motion = read_motion_file(path, RecordingContext(mirrored=True)).motion
    left = at[:, BLAZEPOSE_33.index("right_knee")]
    assert point(motion, "left_knee") == pytest.approx(np.stack([1919 - left[:, 0], left[:, 1]], axis=1))
    leg = {"left_hip": [5, 6], "left_knee": [5, 7], "left_ankle": [5, 8]}
    one_leg = {"fps": 30, "width": 1920, "height": 1080, "frames": [leg] * 3}
    found = read_motion_file(dump(tmp_path / "c.json", one_leg), RecordingContext(mirrored=True))
    assert found.labels_used["right_knee"] == ("left_knee",)
    rolled = read_motion_file(path, RecordingContext(camera_roll_deg=5)).motion
    line = point(rolled, "left_knee") - point(rolled, "left_hip")
    before = at[:, BLAZEPOSE_33.index("left_knee")] - at[:, BLAZEPOSE_33.index("left_hip")]
    turned = np.degrees(np.arctan2(line[:, 1], line[:, 0]) - np.arctan2(before[:, 1], before[:, 0]))
    assert (turned + 180) % 360 - 180 == pytest.approx(5.0)
    with pytest.raises(RecordingError, match="quarter turns"):
        read_motion_file(path, RecordingContext(rotate_deg=90))
    bare = dump(tmp_path / "b.json", {"fps": 30, "frames": frames})
    with pytest.raises(RecordingError, match="how large the picture"):
        read_motion_file(bare, RecordingContext(mirrored=True))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([[{"x": 1, "y": 2}] * 7] * 3, "7 points"),
        ([{"people": 3}] * 2, "known shape"),
        ([{"people": [{"pose_keypoints_2d": [1, 2]}]}] * 2, "known shape"),
        ([[{"x": "a", "y": 2}] * 33] * 3, "known shape"),
        ([3, 4], "known shape"),
        ([{"left_hip": [10**400, 2]}] * 3, "known shape"),
        ({"positions": {"inf": {}, "nan": {}}}, "not a table"),
        ({"view": "left"}, "not a table"),
        ({"positions": {"a": {}, "b": {}}}, "not a table"),
        ([], "no sample"),
        ([[[5, 6]] * 33], "one sample only"),
        ([{"Bogus": [1, 2]}] * 3, "Bogus"),
        ([None, None], "no landmarks|no point"),
        ("text", "not a table"),
        (None, "not a table"),
    ],
)
def test_json_refusals(tmp_path, content, message):
    with pytest.raises(RecordingError, match=message) as refused:
        read_motion_file(dump(tmp_path / "a.json", content), AT_30)
    assert "\n" not in str(refused.value)


def test_half_a_json_and_other_json(tmp_path):
    path = dump(tmp_path / "a.json", [[{"x": 1.0, "y": 2.0}] * 33] * 3)
    path.write_text(path.read_text()[:-5])
    with pytest.raises(RecordingError, match="not whole JSON"):
        read_motion_file(path, AT_30)
    assert not is_motion_file(dump(tmp_path / "walk.levelstride.json", {"view": "left"}))
    assert not is_motion_file(dump(tmp_path / "settings.json", {"colour": "blue"}))


def test_own_motion_comes_back(tmp_path):
    motion = make_motion(positions(5).transpose(0, 2, 1)[..., None], keypoints=BLAZEPOSE_33, fps=30, view="right")
    save_motion(motion, tmp_path / "motion.nc")
    assert is_motion_file(tmp_path / "motion.nc")
    found = read_motion_file(tmp_path / "motion.nc")
    assert found.motion.identical(motion)
    (tmp_path / "cut.nc").write_bytes((tmp_path / "motion.nc").read_bytes()[:3000])
    with pytest.raises(RecordingError, match="not a motion that this program wrote"):
        read_motion_file(tmp_path / "cut.nc")
    motion.drop_vars("confidence").to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    with pytest.raises(RecordingError, match="not a motion that this program wrote"):
        read_motion_file(tmp_path / "b.nc")
