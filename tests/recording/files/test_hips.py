"""Why it exists: predicted hip centres must lie where the laboratory's own model puts them, and be called predicted."""

import numpy as np
import pytest

from levelstride.motion.dataset import point
from levelstride.recording.files import read_motion_file
from levelstride.recording.files.hips import predicted_hips
from recording.files.builders import to_laboratory, walking_points, write_c3d, write_trc_text

MARKERS = {"ASI": "asis", "PSI": "psis", "KNE": "knee", "ANK": "ankle", "HEE": "heel", "TOE": "big_toe"}


def only_markers():
    points = walking_points()
    return points, {f"{s[0].upper()}{m}": points[f"{s}_{p}"] for s in ("left", "right") for m, p in MARKERS.items()}


@pytest.mark.parametrize(
    "file", ["btk/PiG_Motion-FlatFoot-Full.c3d", "btk/PiG_Motion3_noFF.c3d", "gaitalytics/test_small.c3d"]
)
def test_against_the_laboratorys_own_centres(data_dir, file):
    """Plug-in-Gait predicts by another formula: agreement within 35 mm."""
    motion = read_motion_file(data_dir / file).motion
    points = {name: point(motion, name) for name in ("left_asis", "right_asis")}
    if "sacrum" in motion.keypoints.values:
        behind = point(motion, "sacrum")
    else:
        behind = (point(motion, "left_psis") + point(motion, "right_psis")) / 2
    hips = predicted_hips(points, behind)
    for name, at in hips.items():
        distance = np.linalg.norm(at - point(motion, name), axis=1)
        assert np.nanmax(distance) < 0.035, name
    ours = hips["right_hip"] - hips["left_hip"]
    theirs = point(motion, "right_hip") - point(motion, "left_hip")
    angle = [np.degrees(np.arcsin(line[:, 1] / np.linalg.norm(line, axis=1))) for line in (ours, theirs)]
    assert np.nanmax(np.abs(angle[0] - angle[1])) < 0.5  # the same obliquity: both hang on the same markers


def test_formula(tmp_path):
    """A pelvis 240 mm wide and 150 mm deep."""
    at = {"left_asis": np.array([[0.0, 1.0, -0.12]]), "right_asis": np.array([[0.0, 1.0, 0.12]])}
    hips = predicted_hips(at, np.array([[-0.15, 1.0, 0.0]]))
    assert hips["right_hip"][0] == pytest.approx([-0.0459, 1.0 - 0.0829, 0.0865])
    assert hips["left_hip"][0] == pytest.approx([-0.0459, 1.0 - 0.0829, -0.0865])


@pytest.mark.parametrize("suffix", [".c3d", ".trc"])
def test_a_file_of_markers_alone_loads_and_says_so(tmp_path, suffix):
    points, markers = only_markers()
    path = tmp_path / f"a{suffix}"
    if suffix == ".c3d":
        write_c3d(path, to_laboratory(markers, [[1, 0, 0], [0, 0, -1], [0, 1, 0]]))
    else:
        write_trc_text(path, markers)
    found = read_motion_file(path)
    assert any("Harrington" in w for w in found.warnings)
    assert found.labels_used["left_hip"] == ("LASI", "RASI", "LPSI", "RPSI")
    hip = point(found.motion, "right_hip")
    assert (hip[:, 1] < points["right_asis"][:, 1]).all()
    assert hip[0, 2] > 0.05
