"""Why it exists: the angle that a person sees drawn is the angle that was measured."""

from itertools import pairwise

import numpy as np
import pytest

from levelstride.measure.gait_side import measure_gait_side
from levelstride.motion.sagittal import hip_flexion, knee_flexion
from levelstride.report.keyframes import choose_key_frames, collect_key_frames, draw
from levelstride.report.skeleton import crop_to_person, key_frame_svg
from levelstride.report.wording import format_angle


def drawn_angle(angle):
    """Return the angle between the two drawn lines, degrees."""
    a, b = (np.subtract(p, angle.vertex) for p in (angle.reference, angle.limb))
    return np.degrees(np.arccos(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b)))


def test_two_moments_per_side_near_the_middle(gait, motion):
    requests = choose_key_frames(gait, motion, picture_width_px=1280)
    assert [(r.side, r.moment) for r in requests] == [
        ("left", "contact"),
        ("left", "late_stance"),
        ("right", "contact"),
        ("right", "late_stance"),
    ]
    assert [r.frame for r in requests if r.moment == "contact"] == [64, 96]
    for request in requests:
        assert request.time_s == pytest.approx(request.frame / 60)
        if request.moment == "late_stance":
            hip, _ = hip_flexion(motion, request.side, np.full(200, -1.0))
            assert hip[request.frame] == pytest.approx(hip.min(), abs=0.5)


def test_shown_angles_are_the_curves_values_and_are_drawn_as_large(gait, motion):
    facing = np.full(motion.sizes["time"], -1.0)
    for request in choose_key_frames(gait, motion):
        frame = draw(request, motion)
        svg = key_frame_svg(frame)
        assert [a.name for a in frame.angles] == ["hip_flexion_deg", "knee_flexion_deg"]
        for angle in frame.angles:
            curve = gait.curve(angle.name, request.side)
            start = 0 if request.side == "left" else 32
            stride, phase = divmod((request.frame - start) / 64, 1)
            at = np.interp(100 * phase, np.arange(101), curve.strides[int(stride) % curve.n])
            assert angle.value_deg == pytest.approx(at, abs=0.1)
            assert drawn_angle(angle) == pytest.approx(abs(angle.value_deg), abs=1e-6)
            assert f">{angle.label} {format_angle(angle.value_deg)}</text>" in svg
        hip, _ = hip_flexion(motion, request.side, facing)
        assert frame.angles[0].value_deg == hip[request.frame]
        assert frame.angles[1].value_deg == knee_flexion(motion, request.side, facing)[request.frame]


def test_the_picture_is_cropped_to_the_person(gait, motion):
    request = choose_key_frames(gait, motion)[0]
    image = np.zeros((720, 1280, 3), dtype=np.uint8)
    image[..., 0] = 255
    frame = draw(request, motion, image)
    crop = crop_to_person(frame)
    for x, y in frame.points.values():
        assert crop.left < x < crop.left + crop.width
        assert crop.top < y < crop.top + crop.height
    svg = key_frame_svg(frame)
    assert 'href="data:image/jpeg;base64,' in svg
    assert 'role="img"' in svg
    assert "left foot contact" in svg


def test_without_pictures_the_skeleton_stands_alone(analysis):
    frames = collect_key_frames(analysis)["gait_side"]
    assert len(frames) == 4
    for frame in frames:
        assert frame.image is None
        svg = key_frame_svg(frame)
        assert "<image" not in svg
        assert "kf-bone" in svg


def test_a_leg_that_was_not_seen_gives_no_key_frame(gait, motion):
    hidden = motion.copy(deep=True)
    hidden["position"].loc[{"keypoints": "right_knee"}] = np.nan
    assert {r.side for r in choose_key_frames(gait, hidden)} == {"left"}


def test_real_markers_show_the_measured_curve(data_dir):
    trial = data_dir / "gaitalytics" / "test_small.c3d"
    if not trial.is_file():
        pytest.skip(f"{trial} not found")
    markers = pytest.importorskip("validation.markers")
    camera = pytest.importorskip("validation.side_camera")
    measured = measure_gait_side(camera.film(markers.read_trial(trial), view="left", fps=60), px_per_m=350)
    gait = measured.result
    checked = 0
    for request in choose_key_frames(gait, measured.motion):
        contacts = [e.frame for e in gait.events if (e.kind, e.side) == ("contact", request.side)]
        spans = [s for s in pairwise(contacts) if s[0] <= request.frame <= s[1]]
        for angle in draw(request, measured.motion).angles:
            strides = np.array(gait.curve(angle.name, request.side).strides)
            for start, stop in spans:
                at = 100 * (request.frame - start) / (stop - start)
                read = [np.interp(at, np.arange(101), stride) for stride in strides]
                assert min(abs(np.array(read) - angle.value_deg)) < 0.3
                checked += 1
    assert checked >= 4
