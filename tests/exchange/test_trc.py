"""Why it exists: what is written as TRC must be what is read back, gaps included, by us and by OpenSim's rules."""

import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from levelstride.errors import InputError
from levelstride.exchange import write_trc
from levelstride.motion.dataset import make_motion, point
from levelstride.recording.files import read_motion_file
from levelstride.recording.files.trc import read_trc_table
from recording.files.builders import walking_points


def spatial(position, names, fps=100.0):
    return make_motion(position.transpose(0, 2, 1)[..., None], keypoints=names, fps=fps, length_unit="m")


def assert_same(written: xr.Dataset, read: xr.Dataset, tolerance_m=1e-6) -> None:
    assert read.fps == pytest.approx(written.fps)
    assert read.sizes["time"] == written.sizes["time"]
    for name in written.keypoints.values:
        before, after = point(written, name), point(read, name)
        assert (np.isnan(before) == np.isnan(after)).all()
        if np.isfinite(before).any():
            assert np.nanmax(np.abs(before - after)) < tolerance_m


@pytest.mark.parametrize(
    "file",
    ["btk/PiG_Motion-FlatFoot-Full.c3d", "btk/PlugInC3D.c3d", "gaitalytics/test_small.c3d",
     "gaitkit/figshare_pd_SUB01_off_walk_12b.c3d", "gaitkit/fukuchi_WBDS19walkT01.c3d",
     "opencap/session03284efb_walk.trc"],
)  # fmt: skip
def test_real_motions_come_back(data_dir, tmp_path, file):
    motion = read_motion_file(data_dir / file).motion
    write_trc(motion, tmp_path / "a.trc")
    assert_same(motion, read_motion_file(tmp_path / "a.trc").motion)


labels = st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,14}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    names=st.lists(labels, min_size=1, max_size=6, unique=True),
    n=st.integers(2, 9),
    fps=st.sampled_from([25.0, 29.97, 30.0, 59.94, 100.0, 240.0]),
)
def test_any_numbers_labels_and_gaps_come_back(tmp_path_factory, data, names, n, fps):
    shape = (n, len(names), 3)
    position = data.draw(arrays(float, shape, elements=st.floats(-20, 20, width=32)))
    position[data.draw(arrays(bool, shape[:2]))] = np.nan
    path = tmp_path_factory.mktemp("trc") / "a.trc"
    seen = np.isfinite(position).all(axis=2).any(axis=0)
    motion = spatial(position, names, fps)
    if not seen.any():
        with pytest.raises(InputError, match="Nothing was seen"):
            write_trc(motion, path)
        return
    write_trc(motion, path)
    table = read_trc_table(path)
    assert table.labels == tuple(np.array(names)[seen])
    assert table.rate_hz == pytest.approx(fps)
    assert table.time_s == pytest.approx(np.arange(n) / fps, abs=1e-7)
    assert (np.isnan(table.position_m) == np.isnan(position[:, seen])).all()
    assert np.nan_to_num(table.position_m) == pytest.approx(np.nan_to_num(position[:, seen]), abs=1e-6)
    assert table.warnings == ()


def test_layout_is_the_formats(tmp_path):
    position = np.array([[[1.0, 2.0, 3.0], [np.nan] * 3], [[1.5, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    write_trc(spatial(position, ["left_hip", "right_hip"], 50.0), tmp_path / "a.trc")
    lines = (tmp_path / "a.trc").read_text().split("\n")
    assert lines[0].split("\t")[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    assert (header["DataRate"], header["NumFrames"], header["NumMarkers"], header["Units"]) == ("50", "2", "2", "mm")
    assert lines[3].split("\t")[::3][:1] == ["Frame#"]
    assert lines[4].split("\t") == ["", "", "X1", "Y1", "Z1", "X2", "Y2", "Z2"]
    assert lines[5] == ""
    first = ["1", "0.00000000", "1000.000000", "2000.000000", "3000.000000", "", "", ""]
    assert lines[6].split("\t") == [*first, ""]  # one more, because OpenSim drops the last
    assert len(lines[7].split("\t")) == 8


@pytest.mark.parametrize("view", ["left", "right"])
def test_a_side_view_becomes_a_plane(tmp_path, view):
    points = walking_points(n=120)
    px_per_m, sign = 350.0, 1.0 if view == "right" else -1.0
    scale = [sign * px_per_m, -px_per_m]
    picture = np.stack([[960.0, 900.0] + scale * at[:, :2] for at in points.values()], axis=2)
    picture[30:40, :, 3] = np.nan
    motion = make_motion(picture[..., None], keypoints=list(points), fps=60, view=view)
    write_trc(motion, tmp_path / "a.trc", px_per_m=px_per_m)
    found = read_motion_file(tmp_path / "a.trc")
    lowest = min(at[:, 1].min() for at in points.values())
    for i, (name, at) in enumerate(points.items()):
        read = point(found.motion, name)
        assert (np.isnan(read[:, 0]) == np.isnan(picture[:, 0, i])).all()
        seen = np.isfinite(read[:, 0])
        assert read[seen, 0] == pytest.approx(at[seen, 0], abs=1e-6)  # walks along +X, whatever the camera's side
        assert read[seen, 1] == pytest.approx(at[seen, 1] - lowest, abs=1e-6)
        assert read[seen, 2] == pytest.approx(0.0, abs=1e-9)
    assert any("one plane" in w for w in found.warnings)


def test_refusals(tmp_path):
    flat = make_motion(np.ones((3, 2, 1, 1)), keypoints=["left_hip"], fps=30, view="left")
    for scale in (None, 0.0, float("nan")):
        with pytest.raises(InputError, match="without a scale"):
            write_trc(flat, tmp_path / "a.trc", px_per_m=scale)
    for view in ("front", "unknown"):
        with pytest.raises(InputError, match="view"):
            write_trc(flat.assign_attrs(view=view), tmp_path / "a.trc", px_per_m=300)
    deep = make_motion(np.ones((3, 3, 1, 1)), keypoints=["left_hip"], fps=30)
    with pytest.raises(InputError, match="in pixels"):
        write_trc(deep, tmp_path / "a.trc")
    with pytest.raises(InputError, match="cannot be written"):
        write_trc(deep.assign_attrs(length_unit="m"), tmp_path / "none" / "a.trc")
    assert json.loads(deep.attrs["log"]) == []
