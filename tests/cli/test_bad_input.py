"""Why it exists: a recording that goes wrong ends in one clear line, a non-zero status, nothing half-written."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from levelstride import analyze
from levelstride.cli.app import app
from levelstride.errors import NotMeasurableError, RecordingError
from levelstride.report.files import read_measures
from tests.support.clips import read_pictures, write_tone, write_video

FAST = ["--fast"]


def run(*arguments: object, cwd: Path) -> Result:
    """Run the command in this process, in a folder."""
    with contextlib.chdir(cwd):
        return CliRunner().invoke(app, [*map(str, arguments)])


def refused(tmp_path: Path, *arguments: object, status: int, says: str, does: str) -> None:
    before = sorted(p.name for p in tmp_path.iterdir())
    done = run("analyze", *arguments, cwd=tmp_path)
    lines = done.stderr.strip().splitlines()
    assert done.exit_code == status, done.output
    assert lines[-1].startswith("Error: "), done.stderr
    assert "Traceback" not in done.stderr
    assert says.lower() in lines[-1].lower()
    assert does.lower() in lines[-1].lower()
    assert done.stdout == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == before, "something was written"


@pytest.fixture(scope="session")
def walk(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the walking part of the reference clip at half size."""
    path = tmp_path_factory.mktemp("walk") / "walk.mp4"
    return write_video(path, read_pictures(data_dir / "sports2d" / "demo.mp4", start=40, stop=200))


@pytest.fixture
def empty_street(tmp_path: Path) -> Path:
    grey = np.full((240, 320, 3), 128, dtype=np.uint8)
    return write_video(tmp_path / "street.mp4", [grey] * 60)


class TestFiles:
    def test_missing(self, tmp_path: Path) -> None:
        refused(tmp_path, "walk.mp4", "--view", "left", status=3, says="walk.mp4", does="check")

    def test_a_folder(self, tmp_path: Path) -> None:
        refused(tmp_path, tmp_path, "--view", "left", status=3, says="folder", does="video")

    def test_not_a_video(self, tmp_path: Path) -> None:
        (tmp_path / "notes.mp4").write_text("this is no video\n" * 100)
        refused(tmp_path, "notes.mp4", "--view", "left", status=3, says="notes.mp4", does="video")

    def test_empty(self, tmp_path: Path) -> None:
        (tmp_path / "empty.mp4").touch()
        refused(tmp_path, "empty.mp4", "--view", "left", status=3, says="empty.mp4", does="copy")

    def test_audio_only(self, tmp_path: Path) -> None:
        refused(tmp_path, write_tone(tmp_path / "talk.m4a"), "--view", "left", status=3, says="no video", does="video")

    def test_truncated(self, tmp_path: Path, walk: Path) -> None:
        (tmp_path / "cut.mp4").write_bytes(walk.read_bytes()[: walk.stat().st_size // 2])
        refused(tmp_path, "cut.mp4", "--view", "left", status=3, says="cut", does="again")

    def test_one_frame(self, tmp_path: Path, walk: Path) -> None:
        one = write_video(tmp_path / "one.mp4", list(read_pictures(walk, stop=1)))
        refused(tmp_path, one, "--view", "left", status=3, says="one frame", does="video")

    def test_eight_frames_per_second(self, tmp_path: Path, walk: Path) -> None:
        slow = write_video(tmp_path / "slow.mp4", read_pictures(walk, step=4), fps=8)
        refused(tmp_path, slow, "--view", "left", *FAST, status=3, says="8", does="30")


class TestContent:
    def test_nobody(self, tmp_path: Path, empty_street: Path) -> None:
        refused(tmp_path, empty_street, "--view", "left", *FAST, status=4, says="nobody", does="film")

    def test_two_steps(self, tmp_path: Path, walk: Path) -> None:
        short = write_video(tmp_path / "short.mp4", list(read_pictures(walk, start=10, stop=50)))
        refused(tmp_path, short, "--view", "left", *FAST, status=4, says="step", does="longer")

    def test_leaves_the_frame_after_two_steps(self, tmp_path: Path, walk: Path) -> None:
        leaves = write_video(
            tmp_path / "leaves.mp4", read_pictures(walk), change=lambda picture: picture[:, 470:].copy()
        )
        refused(tmp_path, leaves, "--view", "left", *FAST, status=4, says="step", does="whole body")

    def test_upside_down_names_the_turn(self, tmp_path: Path, walk: Path) -> None:
        upside_down = write_video(tmp_path / "down.mp4", read_pictures(walk), change=lambda p: p[::-1, ::-1].copy())
        refused(tmp_path, upside_down, "--view", "left", *FAST, status=3, says="upside", does="--rotate 180")

    def test_two_people_crossing_are_told_apart_or_refused(self, tmp_path: Path, walk: Path) -> None:
        """The walker meets her own mirror image; whatever is reported must still be true."""
        crossing = write_video(
            tmp_path / "crossing.mp4",
            read_pictures(walk),
            change=lambda p: np.minimum(p, p[:, ::-1]),
        )
        try:
            result = analyze(crossing, view="left", fast=True)
        except NotMeasurableError:
            return
        assert result.gait.get("cadence_spm").value == pytest.approx(98, abs=5)


class TestOptions:
    def test_height_with_a_slipped_point(self, tmp_path: Path) -> None:
        refused(tmp_path, "x.mp4", "--height", "17.2", "--view", "left", status=2, says="17.2", does="1.72")

    def test_unknown_view(self, tmp_path: Path) -> None:
        refused(tmp_path, "x.mp4", "--view", "above", status=2, says="above", does="left")

    def test_the_same_file_twice(self, tmp_path: Path) -> None:
        refused(tmp_path, "x.mp4", "./x.mp4", status=2, says="twice", does="once")

    def test_a_view_that_the_walk_contradicts(self, tmp_path: Path, walk: Path) -> None:
        refused(tmp_path, walk, "--view", "front", *FAST, status=4, says="from behind or in front", does="phone")

    def test_wrong_side(self, tmp_path: Path, walk: Path) -> None:
        refused(tmp_path, walk, "--view", "right", *FAST, status=4, says="left side", does="--mirrored")

    def test_folder_not_writable(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        refused(tmp_path, "x.mp4", "--view", "left", "--out", "file/here", status=2, says="file", does="--out")

    def test_folder_of_somebody_else(self, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.txt").write_text("precious")
        refused(tmp_path, "x.mp4", "--view", "left", "--out", "mine", status=2, says="mine", does="--out")


class TestStillMeasured:
    """Odd but honest recordings give the same answer as the plain one."""

    def cadence(self, video: Path, **options: object) -> float:
        value = analyze(video, view="left", fast=True, **options).gait.get("cadence_spm").value
        assert value is not None
        return value

    def test_variable_frame_rate(self, tmp_path: Path, walk: Path) -> None:
        keep = np.random.default_rng(3).random(160) > 0.12
        pictures = (p for p, k in zip(read_pictures(walk), keep, strict=True) if k)
        odd = write_video(tmp_path / "vfr.mp4", pictures, times_s=np.flatnonzero(keep) / 30)
        assert self.cadence(odd) == pytest.approx(98, abs=4)

    def test_ten_bit_hevc(self, tmp_path: Path, walk: Path) -> None:
        ten = write_video(tmp_path / "ten.mp4", read_pictures(walk), codec="libx265", pix_fmt="yuv420p10le")
        assert self.cadence(ten) == pytest.approx(98, abs=4)

    def test_upside_down_with_the_turn_given(self, tmp_path: Path, walk: Path) -> None:
        down = write_video(tmp_path / "down.mp4", read_pictures(walk), change=lambda p: p[::-1, ::-1].copy())
        assert self.cadence(down, rotate_deg=180) == pytest.approx(98, abs=4)

    def test_mirrored(self, tmp_path: Path, walk: Path) -> None:
        selfie = write_video(tmp_path / "selfie.mp4", read_pictures(walk), change=lambda p: p[:, ::-1].copy())
        assert self.cadence(selfie, mirrored=True) == pytest.approx(98, abs=4)

    def test_slow_motion_is_refused_until_named(self, tmp_path: Path, walk: Path) -> None:
        slow = write_video(tmp_path / "slow.mp4", read_pictures(walk), fps=30, times_s=np.arange(160) / 7.5)
        with pytest.raises(RecordingError, match="--capture-fps"):
            analyze(slow, view="left", fast=True)
        assert self.cadence(slow, capture_fps=30) == pytest.approx(98, abs=4)

    def test_sidecar(self, tmp_path: Path, walk: Path) -> None:
        (tmp_path / "walk.mp4").write_bytes(walk.read_bytes())
        (tmp_path / "walk.levelstride.json").write_text('{"view": "left", "height_m": 1.65}')
        done = subprocess.run(
            [sys.executable, "-m", "levelstride", "analyze", "walk.mp4", "--out", "out", "--quiet", *FAST],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
        result = read_measures(tmp_path / "out" / "measures.json").result("gait_side")
        assert 0.5 < result.get("step_length_m", "left").value < 0.85


def test_ctrl_c_in_the_middle(tmp_path: Path, data_dir: Path) -> None:
    video = data_dir / "sports2d" / "demo.mp4"
    process = subprocess.Popen(
        [sys.executable, "-m", "levelstride", "analyze", str(video), "--view", "left", "--out", "out"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COLUMNS": "80"},
    )
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.strip().splitlines()[-1] == "Stopped. Nothing was written."
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
