"""Motions in space, files that are not pictures, and recordings that do not belong together."""

from dataclasses import replace

import numpy as np
import pytest

from levelstride.analysis import Examination, analyze, examine
from levelstride.errors import InputError
from levelstride.exchange.trc import write_trc
from levelstride.mannequin.body import load_body
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.mannequin.truth import truth_of
from levelstride.motion.camera import Camera
from levelstride.motion.dataset import make_motion, save_motion

BODY = load_body("man_average")


def in_space(performance, source="C3D"):
    names = [n for n in performance.points if n not in ("lumbar", "head", "neck")]
    position = np.stack([performance.points[n] for n in names], axis=-1)
    return make_motion(
        position[..., None],
        keypoints=names,
        fps=performance.fps,
        length_unit="m",
        source_software=source,
    )


def there_and_back(**gait):
    return walk(BODY.joints, GaitParameters(**{"steps": 13, "passes": 2, "stand_before_s": 2.0, **gait}), fps=60)


def seen(tmp_path, name, performance=None, **camera):
    performance = performance or there_and_back()
    at = Camera.around(np.array([0.0, 1.0, 0.0]), view="back", distance_m=2.6, size_px=(1080, 1920), **camera)
    path = tmp_path / name
    save_motion(performance.seen_by(at, view="back"), path)
    return path


def test_a_walk_there_and_back_in_space_keeps_its_sides(tmp_path):
    from levelstride.analysis import _measure_space

    performance = there_and_back(pelvic_drop_deg=(0.0, 8.0), knee_valgus_deg=(8.0, 0.0), trunk_lean_deg=(0.0, 2.5))
    truth = truth_of(performance)
    frontal = _measure_space(in_space(performance))[1].result
    assert {w.facing for w in frontal.walks} == {"away", "towards"}
    for name in ("contralateral_pelvic_drop_deg", "knee_frontal_projection_deg", "trunk_lean_deg"):
        for side in ("left", "right"):
            assert frontal.get(name, side).value == pytest.approx(truth[name, side], abs=1.0), (name, side)


@pytest.mark.parametrize("source", ["TRC", "OpenSim"])
def test_the_pelvis_of_points_that_may_come_from_a_pose_model_is_not_stated(source):
    from levelstride.analysis import _measure_space

    frontal = _measure_space(in_space(there_and_back(), source))[1].result
    drop = frontal.get("contralateral_pelvic_drop_deg", "right")
    assert drop.value is None
    assert drop.not_measurable.code == "pelvis_not_seen"


def test_a_planar_motion_says_nothing_about_the_frontal_plane(tmp_path):
    performance = walk(BODY.joints, GaitParameters(steps=11), fps=60)
    at = Camera.around(np.array([3.0, 1.0, 0.0]), view="right", distance_m=5.0, size_px=(1920, 1080))
    path = tmp_path / "flat.trc"
    write_trc(performance.seen_by(at, view="right"), path, px_per_m=at.focal_px / 5.0)
    found = analyze(path)
    assert [m.result.task for m in found.measurements] == ["gait_side"]
    assert any("one plane" in note for note in found.gait.notes)


@pytest.mark.parametrize("stated", [{"camera_roll_deg": 4.0}, {"mirrored": True}, {"capture_fps": 120.0}])
def test_what_was_done_to_a_picture_cannot_be_done_to_a_motion(tmp_path, stated):
    path = seen(tmp_path, "walk.nc")
    with pytest.raises(InputError, match="cannot be applied"):
        analyze(path, height_m=1.77, **stated)


def test_recordings_of_one_person_have_one_height(tmp_path):
    first, second = (analyze(seen(tmp_path, f"{n}.nc", roll_deg=n), view="back", height_m=1.77) for n in (0, 1))
    assert len(Examination.of([first, second]).analyses) == 2
    taller = replace(second, context=second.context.model_copy(update={"height_m": 1.9}))
    with pytest.raises(InputError, match="one person has one height"):
        Examination.of([first, taller])


def test_the_same_recording_does_not_count_twice(tmp_path):
    first = seen(tmp_path, "a.nc")
    second = tmp_path / "b.nc"
    second.write_bytes(first.read_bytes())
    with pytest.raises(InputError, match="same recording"):
        examine([first, second], view="back", height_m=1.77)


def test_one_bad_file_does_not_take_the_others_with_it(tmp_path):
    bad = tmp_path / "bad.nc"
    bad.write_bytes(b"nothing")
    found = examine([seen(tmp_path, "a.nc"), bad], view="back", height_m=1.77)
    assert len(found.analyses) == 1
    assert "bad.nc" in found.left_out[0]
    assert found.left_out[0] in found.results[0].notes
    with pytest.raises(InputError.__mro__[1]):
        examine([bad])


def test_looking_up_from_beside_is_not_taken_for_a_lean(tmp_path):
    """A stated roll is no vertical away from the middle of a picture of a phone that looks up."""
    performance = there_and_back(trunk_lean_deg=(1.0, 1.0), passes=4)
    at = Camera.around(np.array([0.0, 1.5, 0.0]), view="back", distance_m=2.6, azimuth_deg=20.0, size_px=(1080, 1920))
    path = tmp_path / "up.nc"
    save_motion(performance.seen_by(at, view="back"), path)
    found = analyze(path, height_m=1.77)
    for side in ("left", "right"):
        lean = found.gait.get("trunk_lean_deg", side)
        assert abs(lean.value - 1.0) < 1.96 * lean.standard_error, side
