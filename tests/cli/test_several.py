"""Why it exists: several recordings of one person, from any view and in any format, are measured together."""

import contextlib
import json
import re
from pathlib import Path

import av
import numpy as np
import pytest
from scripts import example_report
from typer.testing import CliRunner, Result

from levelstride.cli.app import app
from levelstride.motion.dataset import load_motion, save_motion
from levelstride.recording.files import read_motion_file
from levelstride.report.files import MeasuresFile, read_measures
from tests.support.clips import read_pictures, write_video


def run(*arguments: object, cwd: Path) -> Result:
    with contextlib.chdir(cwd):
        return CliRunner().invoke(app, ["analyze", *map(str, arguments)])


def measured(folder: Path, *arguments: object) -> MeasuresFile:
    done = run(*arguments, "--out", "out", "--quiet", cwd=folder)
    assert done.exit_code == 0, done.stderr
    return read_measures(folder / "out")


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a walk from the side and one from behind and in front, as points of a picture."""
    folder = tmp_path_factory.mktemp("walks")
    save_motion(example_report.side_walk().recording.motion, folder / "side.nc")
    save_motion(example_report.corridor_walk().recording.motion, folder / "corridor.nc")
    (folder / "corridor.levelstride.json").write_text('{"view": "back"}')
    return folder


@pytest.fixture
def folder(walks: Path, tmp_path: Path) -> Path:
    for file in walks.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_two_views_give_two_results_and_two_parts(folder: Path) -> None:
    found = measured(folder, "side.nc", "corridor.nc", "--height", "1.72")
    assert [r.task for r in found.results] == ["gait_side", "gait_frontal"]
    assert [r.file for r in found.recordings] == ["side.nc", "corridor.nc"]
    assert found.recordings[0].view_certainty == pytest.approx(1.0, abs=0.05)  # found: --view auto is the default
    assert found.recordings[1].view_certainty is None  # stated beside the file
    assert names(folder / "out") == [
        "angles-1.mot", "measures.csv", "measures.json", "motion-1.nc", "motion-1.trc", "motion-2.nc", "report.html",
    ]  # fmt: skip
    page = (folder / "out" / "report.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 class="task-title"[^>]*>([^<]+)</h2>', page) == [
        "Walking, seen from the side",
        "Walking, seen from behind and in front",
    ]
    assert "motion-2.nc" in page


def test_recordings_of_one_view_are_pooled(folder: Path) -> None:
    again = load_motion(folder / "side.nc")
    save_motion(again.assign_attrs(source_file="again"), folder / "again.nc")  # the same walk in another file
    alone = measured(folder, "side.nc", "--height", "1.72").result("gait_side")
    both = measured(folder, "side.nc", "again.nc", "--height", "1.72").result("gait_side")
    for name in ("step_time_s", "peak_knee_flexion_swing_deg"):
        one, two = alone.get(name, "left"), both.get(name, "left")
        assert two.n == 2 * one.n
        assert two.value == pytest.approx(one.value)
        assert two.sampling_error < one.sampling_error
        assert two.instrument_error == pytest.approx(one.instrument_error)
    assert {w.recording for w in both.walks} == {0, 1}


def test_a_report_with_fewer_recordings_takes_the_others_files_away(folder: Path) -> None:
    measured(folder, "side.nc", "corridor.nc", "--height", "1.72")
    (folder / "out" / "notes.txt").write_text("mine")
    measured(folder, "corridor.nc")
    assert names(folder / "out") == ["measures.csv", "measures.json", "motion.nc", "notes.txt", "report.html"]


def test_exports_come_back_as_they_went(folder: Path) -> None:
    measured(folder, "side.nc", "--height", "1.72")
    motion = load_motion(folder / "out" / "motion.nc")
    markers = read_motion_file(folder / "out" / "motion.trc").motion
    thigh, shank = (
        np.linalg.norm(np.diff(markers.position.sel(keypoints=list(pair)).values[..., 0], axis=2), axis=1)
        for pair in (("left_hip", "left_knee"), ("left_knee", "left_ankle"))
    )
    assert np.nanmedian(thigh + shank) == pytest.approx(0.49 * 1.72, rel=0.05)
    angles = read_motion_file(folder / "out" / "angles.mot")
    assert len(angles.angles_deg["knee_angle_l"]) <= motion.sizes["time"]
    knee = measured(folder, "side.nc").result("gait_side").get("peak_knee_flexion_swing_deg", "left").value
    assert np.nanmax(angles.angles_deg["knee_angle_l"]) == pytest.approx(knee, abs=8)


def test_a_marker_file_gives_both_planes(data_dir: Path, tmp_path: Path) -> None:
    trial = data_dir / "gaitkit" / "fukuchi_WBDS19walkT01.c3d"
    if not trial.is_file():
        pytest.skip(f"{trial} not found")
    found = measured(tmp_path, trial)
    assert [r.task for r in found.results] == ["gait_side", "gait_frontal"]
    assert (found.recordings[0].kind, found.recordings[0].video) == ("c3d", None)
    assert names(tmp_path / "out") == [
        "angles.mot", "measures.csv", "measures.json", "motion.nc", "motion.trc", "report.html",
    ]  # fmt: skip
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "points in space" in page
    assert "hip points of the pose model show" not in page


def test_a_view_that_cannot_be_told_is_one_line_and_leaves_the_others(folder: Path) -> None:
    motion = load_motion(folder / "corridor.nc")
    narrow = motion.copy(deep=True)
    middle = narrow.position.values[:, 0].mean(axis=1, keepdims=True)
    narrow.position.values[:, 0] = middle + 0.05 * (narrow.position.values[:, 0] - middle)
    save_motion(narrow, folder / "narrow.nc")
    before = names(folder)
    done = run("narrow.nc", "--out", "out", cwd=folder)
    lines = done.stderr.strip().splitlines()
    assert done.exit_code == 2
    assert len(lines) == 1
    assert lines[0].startswith("Error: The view could not be found")
    assert "--view left" in lines[0]
    assert names(folder) == before
    both = run("narrow.nc", "side.nc", "--height", "1.72", "--out", "out", cwd=folder)
    assert both.exit_code == 0
    assert "Left out: narrow.nc: The view could not be found" in " ".join(both.stdout.split())


def test_the_screen_says_what_was_found(folder: Path) -> None:
    done = run("side.nc", "corridor.nc", "--height", "1.72", "--out", "out", cwd=folder)
    assert done.exit_code == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Walking, seen from the side" in text
    assert "Walking, seen from behind and in front" in text
    assert "side.nc: The view was found from the picture: left" in text
    assert "no clear difference between the sides" in text
    assert "show only part of what the pelvis does" in text
    assert "Not measurable: Pelvic drop of the swinging side: the hip points" in text


def test_json_on_the_screen_is_the_file(folder: Path) -> None:
    done = run("corridor.nc", "--out", "out", "--json", cwd=folder)
    assert json.loads(done.stdout) == json.loads((folder / "out" / "measures.json").read_text(encoding="utf-8"))


def test_a_video_has_its_overlay(data_dir: Path, tmp_path: Path) -> None:
    clip = data_dir / "sports2d" / "demo.mp4"
    write_video(tmp_path / "walk.mp4", read_pictures(clip, start=40, stop=200))
    done = run("walk.mp4", "--fast", "--quiet", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    folder = tmp_path / "walk-levelstride"
    assert names(folder) == ["angles.mot", "measures.csv", "measures.json", "motion.nc", "overlay.mp4", "report.html"]
    assert read_measures(folder).recordings[0].context.view == "left"
    with av.open(str(folder / "overlay.mp4")) as container:
        assert sum(1 for _ in container.decode(video=0)) == 160
    done = run("walk.mp4", "--fast", "--quiet", "--no-overlay", cwd=tmp_path)
    assert "overlay.mp4" not in names(folder)
