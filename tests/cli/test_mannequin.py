"""Why it exists: the command that makes recordings must make what it was told, or say in one line why not."""

import contextlib
import inspect
import json
import subprocess
import sys
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner, Result

from levelstride.cli import mannequin as command
from levelstride.cli.app import app
from levelstride.mannequin.body import BODY_NAMES
from levelstride.mannequin.clip import Clip, Filming
from levelstride.mannequin.gait import GaitParameters
from levelstride.recording.context import read_context

TINY = ["--size", "90x160", "--fps", "10", "--quality", "34"]
SHORT = [*TINY, "--steps", "4", "--cadence", "150", "--stand", "0.2"]


def _lacks_drawing() -> str:
    try:
        import moderngl

        moderngl.create_context(standalone=True, backend="egl", libgl="libEGL.so.1", libegl="libEGL.so.1").release()
    except Exception as problem:
        return f"cannot draw: moderngl or OpenGL through EGL is missing ({problem})"
    return ""


LACKS_DRAWING = _lacks_drawing()
draws = pytest.mark.skipif(bool(LACKS_DRAWING), reason=LACKS_DRAWING)


def run(cwd: Path, *arguments: object) -> Result:
    """Run the command in this process, in a folder."""
    with contextlib.chdir(cwd):
        return CliRunner().invoke(app, ["mannequin", *map(str, arguments)])


def truth(path: Path) -> dict[tuple[str, str], float]:
    return {(row["name"], row["side"]): row["value"] for row in json.loads(path.read_text())["truth"]}


@draws
class TestWalk:
    def test_the_documented_line(self, tmp_path: Path) -> None:
        done = run(tmp_path, "walk", "--drop-right", 8, "--view", "back", "out.mp4", *SHORT)
        assert done.exit_code == 0, done.output
        assert sorted(p.name for p in tmp_path.iterdir()) == ["out.levelstride.json", "out.mp4", "out.truth.json"]
        values = truth(tmp_path / "out.truth.json")
        assert values["contralateral_pelvic_drop_deg", "right"] == pytest.approx(8, abs=0.2)
        assert values["contralateral_pelvic_drop_deg", "left"] == pytest.approx(4, abs=0.2)
        assert "Pelvic drop of the swinging side" in done.stdout
        for file in ("out.mp4", "out.truth.json", "out.levelstride.json"):
            assert file in done.stdout
        assert "levelstride analyze out.mp4" in done.stdout
        with av.open(str(tmp_path / "out.mp4")) as film:
            stream = film.streams.video[0]
            assert (stream.width, stream.height) == (90, 160)

    def test_every_option_arrives_in_the_truth(self, tmp_path: Path) -> None:
        done = run(
            tmp_path, "walk", "w.mp4", *SHORT, "--view", "left", "--drop-left", 1, "--lean-left", 5, "--lean-right", -2,
            "--valgus-left", 3, "--valgus-right", 6, "--toe-out-left", 0, "--toe-out-right", 15, "--speed", 1.25,
            "--step-width", 0.15, "--asymmetry", 10, "--passes", 2, "--body", "man_average", "--height", "5'11\"",
            "--azimuth", 5, "--roll", 2, "--distance", 6, "--camera-height", 1.2, "--seed", 7, "--shorts", "--sleeves",
            "--treadmill", "--quiet",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        assert done.output == ""
        clip = json.loads((tmp_path / "w.truth.json").read_text())["clip"]
        gait, filming = clip["gait"], clip["filming"]
        assert gait["step_length_m"] == [pytest.approx(0.5), pytest.approx(0.5)]
        assert gait["pelvic_drop_deg"] == [1, 4]
        assert gait["trunk_lean_deg"] == [5, -2]
        assert gait["knee_valgus_deg"] == [3, 6]
        assert gait["toe_out_deg"] == [0, 15]
        assert (gait["step_width_m"], gait["step_time_asymmetry_pct"], gait["passes"]) == (0.15, 10, 2)
        assert gait["treadmill"] is True
        assert (filming["view"], filming["azimuth_deg"], filming["roll_deg"]) == ("left", 5, 2)
        assert (filming["distance_m"], filming["camera_height_m"], filming["fps"]) == (6, 1.2, 10)
        assert (filming["size_px"], filming["crf"]) == ([90, 160], 34)
        assert (clip["body"], clip["height_m"]) == ("man_average", pytest.approx(1.8034))
        assert (clip["trousers"], clip["sleeves"], clip["look"]["seed"]) == (False, True, 7)
        context = read_context(tmp_path / "w.mp4")
        assert context.view == "left"
        assert context.height_m == pytest.approx(1.803)

    def test_it_replaces_only_when_told(self, tmp_path: Path) -> None:
        (tmp_path / "out.truth.json").write_text("precious")
        refusal = run(tmp_path, "walk", "out.mp4", *SHORT)
        assert refusal.exit_code == 2
        assert "out.truth.json is already there" in refusal.stderr
        assert "--overwrite" in refusal.stderr
        assert [p.read_text() for p in tmp_path.iterdir()] == ["precious"]
        assert run(tmp_path, "walk", "out.mp4", *SHORT, "--overwrite", "-q").exit_code == 0
        assert len(list(tmp_path.iterdir())) == 3


@draws
class TestStand:
    def test_on_one_leg(self, tmp_path: Path) -> None:
        done = run(tmp_path, "stand", "--leg", "left", "--drop", 10, "--valgus", 14, "--seconds", 0.4, "s.mp4", *TINY)
        assert done.exit_code == 0, done.output
        values = truth(tmp_path / "s.truth.json")
        assert values["contralateral_pelvic_drop_deg", "left"] == pytest.approx(10, abs=0.5)
        assert values["knee_frontal_projection_deg", "left"] == pytest.approx(14, abs=0.5)
        assert "analyze" not in done.stdout

    def test_on_both(self, tmp_path: Path) -> None:
        done = run(tmp_path, "stand", "--leg", "both", "--seconds", 1, "s.mp4", *TINY)
        assert done.exit_code == 0, done.output
        with av.open(str(tmp_path / "s.mp4")) as film:
            assert sum(1 for _ in film.decode(video=0)) == 10


@pytest.mark.parametrize(
    ("arguments", "says", "does"),
    [
        (["walk", "out.avi"], ".mp4", "out.mp4"),
        (["walk", "nowhere/out.mp4"], "nowhere", "make it"),
        (["walk", "out.mp4", "--speed", 1.2, "--step-length", 0.6], "both given", "give one"),
        (["walk", "out.mp4", "--speed", 4.0], "step_length_m", "0.95"),
        (["walk", "out.mp4", "--drop-left", 60], "pelvic_drop_deg", "-15 to 20"),
        (["walk", "out.mp4", "--cadence", 0], "cadence", "110"),
        (["walk", "out.mp4", "--size", "big"], "big", "720x1280"),
        (["walk", "out.mp4", "--size", "721x1280"], "721", "even"),
        (["walk", "out.mp4", "--height", "17.2"], "17.2", "2.5"),
        (["stand", "out.mp4", "--leg", "both", "--drop", 8], "one leg", "--leg left"),
        (["stand", "out.mp4", "--valgus", 14, "--knee", 5], "14", "17"),
        (["stand", "out.mp4", "--leg", "both", "--seconds", 0], "0 seconds", "0.2"),
    ],
)
def test_what_cannot_be_made_is_refused_in_one_line(tmp_path: Path, arguments: list, says: str, does: str) -> None:
    done = run(tmp_path, *arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert says in last
    assert does.lower() in last.lower()
    assert list(tmp_path.iterdir()) == []


def test_without_the_drawing_package_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moderngl", None)
    done = run(tmp_path, "walk", "out.mp4", *SHORT)
    assert done.exit_code == 2
    assert 'pip install "moderngl>=5.12"' in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


class TestHelp:
    def test_it_names_every_option_and_body(self, tmp_path: Path) -> None:
        text = run(tmp_path, "walk", "--help").stdout
        for name in inspect.signature(command.walk).parameters:
            assert name == "out" or f"--{name.replace('_', '-')}" in text, name
        assert "|".join(BODY_NAMES) in text

    def test_its_defaults_are_those_of_the_walk(self) -> None:
        given = {n: p.default for n, p in inspect.signature(command.walk).parameters.items()}
        gait, filming, clip = GaitParameters(), Filming(), Clip()
        for pair in ("drop", "lean", "valgus", "toe_out"):
            field = {"drop": "pelvic_drop_deg", "lean": "trunk_lean_deg", "valgus": "knee_valgus_deg"}.get(
                pair, "toe_out_deg"
            )
            assert (given[f"{pair}_left"], given[f"{pair}_right"]) == getattr(gait, field)
        assert given["cadence"] == gait.cadence_spm
        assert (given["step_width"], given["asymmetry"]) == (gait.step_width_m, gait.step_time_asymmetry_pct)
        assert (given["steps"], given["passes"], given["treadmill"]) == (gait.steps, gait.passes, gait.treadmill)
        assert (given["azimuth"], given["roll"]) == (filming.azimuth_deg, filming.roll_deg)
        assert (given["fps"], given["quality"], given["view"]) == (filming.fps, filming.crf, filming.view)
        assert given["camera_height"] == filming.camera_height_m
        assert (given["body"], given["trousers"], given["sleeves"]) == (clip.body, clip.trousers, clip.sleeves)
        assert tuple(command.BodyName) == BODY_NAMES

    def test_it_opens_without_anything_heavy(self) -> None:
        code = "import levelstride.cli.app, sys; print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        heavy = {"numpy", "scipy", "moderngl", "av", "cv2", "rich.progress", "levelstride.mannequin.gait"}
        assert not heavy & set(done.stdout.split())
