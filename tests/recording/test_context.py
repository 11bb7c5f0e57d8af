"""What the caller states about a recording, and how impossible statements are refused."""

import json

import pytest

from levelstride.errors import InputError
from levelstride.recording.context import make_context, read_context, sidecar_path


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"height_m": 17.2}, "Did you mean 1.72?"),
        ({"height_m": 172}, "Did you mean 1.72?"),
        ({"height_m": 0.3}, "between 0.5 and 2.5 m"),
        ({"height_m": float("nan")}, "between 0.5 and 2.5 m"),
        ({"height_m": "tall"}, "for example 1.72"),
        ({"view": "behind"}, "front, back, left, right, unknown"),
        ({"rotate_deg": 45}, "0, 90, 180 or 270"),
        ({"capture_fps": 0}, "for example 120"),
        ({"px_per_m": -3}, "above 0"),
        ({"camera_roll_deg": 90}, "-45 and 45"),
        ({"hight": 1.7}, "height_m"),
        ({"footwear": "clogs"}, "barefoot"),
        ({"walking_aid": "stick"}, "one_stick"),
        ({"surface": "moon"}, "indoor_floor"),
        ({"surface": "grass", "treadmill": True}, "contradict"),
    ],
)
def test_impossible_statement_is_refused_in_one_line(stated, says):
    with pytest.raises(InputError) as refusal:
        make_context(**stated)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_nothing_stated_means_unknown():
    context = make_context()
    assert (context.view, context.height_m, context.mirrored, context.capture_fps) == ("unknown", None, False, None)


def test_sidecar_is_read_and_explicit_arguments_win(tmp_path):
    video = tmp_path / "walk.mp4"
    sidecar_path(video).write_text(json.dumps({"view": "left", "height_m": 1.8, "mirrored": True}))
    context = read_context(video, height_m=1.65, view=None)
    assert (context.view, context.height_m, context.mirrored) == ("left", 1.65, True)
    assert sidecar_path(video).name == "walk.levelstride.json"
    assert read_context(video, mirrored=False).mirrored is False


def test_explicit_argument_repairs_a_wrong_sidecar(tmp_path):
    video = tmp_path / "walk.mp4"
    sidecar_path(video).write_text('{"height_m": 17.2}')
    assert read_context(video, height_m=1.72).height_m == 1.72


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{view: left}", "not readable JSON"),
        ("[1]", "not an object"),
        ('{"vieww": "left"}', "Unknown key 'vieww'"),
        ('{"view": "side"}', "left"),
        ("\x80", "not readable JSON"),
    ],
)
def test_broken_sidecar_names_itself(tmp_path, content, says):
    video = tmp_path / "walk.mp4"
    sidecar_path(video).write_bytes(content.encode("latin-1"))
    with pytest.raises(InputError) as refusal:
        read_context(video)
    assert says in str(refusal.value)
    assert "walk.levelstride.json" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_what_was_worn_held_and_walked_on_is_kept(tmp_path):
    (tmp_path / "walk.levelstride.json").write_text(
        json.dumps({"footwear": "trainers", "walking_aid": "one_stick", "surface": "treadmill"}), encoding="utf-8"
    )
    context = read_context(tmp_path / "walk.mp4", footwear="barefoot")
    assert (context.footwear, context.walking_aid, context.surface) == ("barefoot", "one_stick", "treadmill")
    assert context.treadmill is True, "a treadmill is a surface that moves"
