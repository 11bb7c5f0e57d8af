"""The whole way from a real video to a motion, on short cuts of one clip (skipped where the clip is absent)."""

import json

import av
import cv2
import numpy as np
import pytest

from levelstride.anatomy.keypoints import BLAZEPOSE_33
from levelstride.errors import InputError, NotMeasurableError, RecordingError
from levelstride.motion.dataset import read_log
from levelstride.recording.context import make_context
from levelstride.recording.read import read_video
from levelstride.recording.stills import grab_frames

from . import movies

HIP, KNEE = "left_hip", "left_knee"
WIDTH = 640


@pytest.fixture(scope="module")
def clip(data_dir):
    """The walker in the lower right of the picture, 2 s, small; RGB pictures."""
    path = data_dir / "sports2d" / "demo.mp4"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    pictures = []
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index >= 130:
                break
            if index >= 70:
                pictures.append(frame.reformat(width=WIDTH, height=360, format="rgb24").to_ndarray())
    return pictures


@pytest.fixture(scope="module")
def walk(clip, tmp_path_factory):
    return movies.write(tmp_path_factory.mktemp("walk") / "walk.mp4", clip, colorspace=1)


@pytest.fixture(scope="module")
def fast(walk):
    return read_video(walk, make_context(view="left"), mode="fast", model="lite")


def x_of(recording, name=HIP):
    return recording.motion.position.sel(keypoints=name, space="x").values[:, 0]


def y_of(recording, name=HIP):
    return recording.motion.position.sel(keypoints=name, space="y").values[:, 0]


def test_motion_is_as_promised(fast):
    motion = fast.motion
    assert motion.keypoints.values.tolist() == list(BLAZEPOSE_33)
    assert motion.individuals.values.tolist() == ["subject"]
    assert (motion.attrs["view"], motion.attrs["length_unit"]) == ("left", "px")
    assert motion.attrs["fps"] == pytest.approx(30)
    assert motion.sizes["time"] == 60 == len(fast.frame_times_s)
    assert json.loads(motion.attrs["log"])[0]["operation"] == "read_video"
    seen = motion.position.values
    assert np.nanmin(seen) >= -0.5
    assert np.nanmax(seen[:, 0]) <= WIDTH - 0.5
    assert 0 <= motion.confidence.values.min() <= motion.confidence.values.max() <= 1


def test_walker_is_the_subject_among_others(fast):
    assert fast.subject.x_px > 300
    assert fast.subject.y_px > 200
    x = x_of(fast)
    assert np.isfinite(x).mean() > 0.9
    assert np.nanmedian(np.diff(x)) < -2
    assert np.nanmean(y_of(fast, KNEE) - y_of(fast)) > 20


def test_measuring_agrees_with_the_fast_pass_and_reports_progress(walk, fast):
    said = []
    recording = read_video(walk, model="lite", on_progress=lambda *report: said.append(report))
    both = np.isfinite(x_of(recording)) & np.isfinite(x_of(fast))
    assert both.sum() > 50
    assert np.abs(x_of(recording) - x_of(fast))[both].mean() < 2.5
    assert {stage for stage, _, _ in said} == {"find people", "measure"}
    assert said[-1] == ("measure", 60, 60)
    assert read_log(recording.motion)[0]["model"] == "lite"


def test_unknown_person_is_refused_with_the_list(walk):
    with pytest.raises(InputError, match=r"no person 7 .*People seen: 1"):
        read_video(walk, mode="fast", model="lite", person=7)


@pytest.mark.parametrize(("quarter_turns", "needed"), [(1, 90), (2, 180), (3, 270)])
def test_turned_recording_is_refused_with_the_turn_that_helps(clip, tmp_path, quarter_turns, needed):
    pictures = [np.ascontiguousarray(np.rot90(picture, quarter_turns)) for picture in clip[:36]]
    path = movies.write(tmp_path / "turned.mp4", pictures)
    with pytest.raises(RecordingError, match=f"--rotate {needed}"):
        read_video(path, mode="fast", model="lite")
    recording = read_video(path, make_context(rotate_deg=needed), mode="fast", model="lite")
    assert (recording.video.width_px, recording.video.height_px) == (WIDTH, 360)
    assert np.nanmedian(np.diff(x_of(recording))) < -2


def test_rotation_stored_in_the_file_is_followed(clip, tmp_path, fast):
    pictures = [np.ascontiguousarray(np.rot90(picture, 1)) for picture in clip]
    path = movies.write(tmp_path / "phone.mp4", pictures, clockwise_deg=90, colorspace=1)
    recording = read_video(path, mode="fast", model="lite")
    assert recording.video.rotation_deg == 90
    both = np.isfinite(x_of(recording)) & np.isfinite(x_of(fast))
    assert np.abs(x_of(recording) - x_of(fast))[both].mean() < 2


def test_mirrored_recording_gives_the_same_motion_with_the_same_sides(clip, tmp_path, fast):
    path = movies.write(tmp_path / "selfie.mp4", [np.ascontiguousarray(picture[:, ::-1]) for picture in clip])
    recording = read_video(path, make_context(mirrored=True), mode="fast", model="lite")
    assert "unmirror" in [entry["operation"] for entry in read_log(recording.motion)]
    both = np.isfinite(x_of(recording)) & np.isfinite(x_of(fast))
    assert np.abs(x_of(recording) - x_of(fast))[both].mean() < 4


def test_slow_motion_is_told_in_real_time(walk):
    recording = read_video(walk, make_context(capture_fps=120), mode="fast", model="lite", min_seen_s=0.3)
    assert recording.motion.attrs["fps"] == pytest.approx(120)
    assert recording.video.duration_s == pytest.approx(59 / 120)


def test_variable_frame_rate_is_evened_out_with_a_warning(clip, tmp_path, fast):
    rng = np.random.default_rng(3)
    keep = np.sort(rng.choice(60, 52, replace=False))
    times = keep / 30 + rng.uniform(-0.008, 0.008, len(keep))
    times -= times.min()
    path = movies.write(tmp_path / "vfr.mp4", [clip[i] for i in keep], times_s=times, colorspace=1)
    recording = read_video(path, mode="fast", model="lite")
    assert recording.video.variable_frame_rate
    assert any("varies" in warning for warning in recording.warnings)
    x = x_of(recording)
    at = recording.motion.time.values + keep[0] / 30
    reference = np.interp(at, np.arange(60) / 30, x_of(fast))
    both = np.isfinite(x) & np.isfinite(reference)
    assert both.sum() > 35
    assert np.abs(x - reference)[both].mean() < 4


def test_ten_bit_hevc_gives_the_same_motion(clip, tmp_path, fast):
    path = movies.write(tmp_path / "hdr.mp4", clip[:40], codec="libx265", pix_fmt="yuv420p10le", colorspace=1)
    recording = read_video(path, mode="fast", model="lite")
    both = np.isfinite(x_of(recording)) & np.isfinite(x_of(fast)[:40])
    assert np.abs(x_of(recording) - x_of(fast)[:40])[both].mean() < 2


def test_nobody_visible_says_how_to_film(tmp_path):
    path = movies.write(tmp_path / "empty.mp4", [movies.scene(i, 320, 240) for i in range(40)])
    with pytest.raises(NotMeasurableError, match="Nobody is in view") as refusal:
        read_video(path, mode="fast", model="lite")
    assert "whole body" in refusal.value.fix


def test_people_who_cross_stay_themselves(clip, tmp_path):
    """The walker and her mirror image, same clothes, pass each other; the nearer one hides the other."""
    path = movies.write(tmp_path / "cross.mp4", crossing(clip))
    recording = read_video(path, mode="fast", model="lite", min_seen_s=0.5)
    for person in recording.people:
        if person.y_px < 200 or person.seen_s < 1:
            continue
        x = x_of(read_video(path, mode="fast", model="lite", person=person.number, min_seen_s=0.5))
        seen = np.flatnonzero(np.isfinite(x))
        steps = np.diff(x[seen]) / np.diff(seen)
        assert (np.sign(steps[np.abs(steps) > 1.5]) == np.sign(np.median(steps))).mean() > 0.97
        assert np.abs(steps).max() < 12


def crossing(pictures):
    """Paste the moving walker, mirrored, in front of herself."""
    background = np.median(pictures[::4], axis=0).astype(np.uint8)
    made = []
    for picture in pictures:
        moving = (np.abs(picture.astype(int) - background).max(axis=2) > 28).astype(np.uint8)
        moving[:155] = 0
        moving = cv2.morphologyEx(moving, cv2.MORPH_CLOSE, np.ones((7, 7)))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(moving)
        walker = labels == 1 + stats[1:, 4].argmax()
        scene = picture.copy()
        # Her path lies right of the middle; shifted, the two paths cross within the cut.
        image = np.roll(picture[:, ::-1], 220, axis=1)
        scene[np.roll(walker[:, ::-1], 220, axis=1)] = image[np.roll(walker[:, ::-1], 220, axis=1)]
        made.append(scene)
    return made


# ----------------------------------------------------------------------------------------------- pictures


def test_stills_are_the_frames_asked_for_and_fit_the_numbers(clip, walk):
    one, other, again = grab_frames(walk, [40, 3, 40])
    assert np.abs(one.astype(int) - clip[40]).mean() < 4
    assert np.abs(other.astype(int) - clip[3]).mean() < 4
    assert (one == again).all()
    small = grab_frames(walk, [3], make_context(mirrored=True), max_side_px=320)[0]
    assert small.shape == (180, 320, 3)
    assert np.abs(small.astype(int) - cv2.resize(clip[3], (320, 180), interpolation=cv2.INTER_AREA)[:, ::-1]).mean() < 6
    with pytest.raises(RecordingError, match="no frame 900"):
        grab_frames(walk, [900])
