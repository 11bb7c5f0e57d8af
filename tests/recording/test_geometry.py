"""Windows, crops and corrections: what goes in comes back, at the right place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.anatomy.keypoints import BLAZEPOSE_33
from levelstride.recording.context import RecordingContext
from levelstride.recording.corrections import correct, view_to_display
from levelstride.recording.frames import Frame
from levelstride.recording.picture import make_picture, quarter_turn, turn_of
from levelstride.recording.pose.crop import Window, apply, cut, cut_rgb8, to_display
from levelstride.recording.pose.detector import window_from


def frame_of(luma):
    """A frame whose three colours are its luma."""
    chroma = np.full((luma.shape[0] // 2, luma.shape[1] // 2), 128, dtype=np.uint8)
    to_rgb = np.zeros((3, 4))
    to_rgb[:, 0] = 1
    return Frame(0, 0.0, (luma, chroma, chroma), to_rgb, chroma_left=True)


windows = st.builds(
    Window,
    x_px=st.floats(-500, 2500),
    y_px=st.floats(-500, 1500),
    size_px=st.floats(5, 3000),
    angle_rad=st.floats(-np.pi, np.pi),
)


@given(windows, st.floats(0, 256), st.floats(0, 256))
def test_window_map_is_undone_by_its_inverse(window, x, y):
    point = np.array([[x, y]])
    there = to_display(window, 256)
    np.testing.assert_allclose(apply(np.linalg.inv(there), apply(there, point)), point, atol=1e-6)
    np.testing.assert_allclose(apply(there, np.array([[128.0, 128.0]]))[0], [window.x_px, window.y_px], atol=1e-6)


@given(windows)
def test_window_follows_its_own_hips_and_body_points(window):
    hips = np.array([window.x_px, window.y_px])
    half = window.size_px / 2 / 1.25
    body = hips + half * np.array([np.sin(window.angle_rad), -np.cos(window.angle_rad)])
    found = window_from(hips, body)
    assert found.size_px == pytest.approx(window.size_px, rel=1e-6)
    assert np.cos(found.angle_rad - window.angle_rad) == pytest.approx(1, abs=1e-9)


@given(
    st.sampled_from([0, 90, 180, 270]),
    st.sampled_from([0, 90, 180, 270]),
    st.floats(0.5, 2.0),
    st.integers(2, 400),
    st.integers(2, 400),
)
def test_displayed_corners_lie_on_stored_corners(file_deg, asked_deg, aspect, width, height):
    picture = make_picture(width, height, turn=quarter_turn(file_deg), pixel_aspect=aspect, rotate_deg=asked_deg)
    corners = np.array([[-0.5, -0.5], [picture.width_px - 0.5, picture.height_px - 0.5]])
    stored = apply(picture.to_stored, corners)
    np.testing.assert_allclose(np.sort(stored, axis=0), [[-0.5, -0.5], [width - 0.5, height - 0.5]], atol=1e-6)


def test_display_matrix_of_a_mirrored_file_is_kept():
    flip = turn_of([-65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30])
    assert flip == ((-1, 0), (0, 1))
    picture = make_picture(100, 50, turn=flip)
    np.testing.assert_allclose(apply(picture.to_stored, np.array([[0.0, 0.0]])), [[99, 0]])


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("angle_rad", [0.0, 0.7])
@pytest.mark.parametrize("smooth", [False, True])
def test_a_bright_dot_is_found_where_it_is(clockwise_deg, angle_rad, smooth):
    luma = np.zeros((360, 640), dtype=np.uint8)
    luma[198:203, 298:303] = 255
    picture = make_picture(640, 360, turn=quarter_turn(clockwise_deg))
    dot = apply(np.linalg.inv(picture.to_stored), np.array([[300.0, 200.0]]))[0]
    window = Window(float(dot[0]) + 30, float(dot[1]) - 20, 512, angle_rad)
    crop = cut(frame_of(luma), picture, window, 256, beyond="black", smooth=smooth)[..., 0]
    assert crop.max() <= 1.0
    y, x = np.mgrid[0:256, 0:256]
    middle = np.array([[(crop * x).sum(), (crop * y).sum()]]) / crop.sum()
    found = apply(to_display(window, 256), middle)[0]
    np.testing.assert_allclose(found, dot, atol=0.6)


def test_beyond_the_picture_is_black_or_the_edge():
    luma = np.full((100, 100), 200, dtype=np.uint8)
    window = Window(0, 50, 100)
    black = cut_rgb8(frame_of(luma), make_picture(100, 100), window, 64, beyond="black")
    edge = cut_rgb8(frame_of(luma), make_picture(100, 100), window, 64, beyond="edge")
    assert black[32, 2].max() == 0
    assert (edge == 200).all()


def test_shrinking_averages_a_fine_pattern():
    luma = np.zeros((400, 400), dtype=np.uint8)
    luma[::2, ::2] = luma[1::2, 1::2] = 200
    crop = cut_rgb8(frame_of(luma), make_picture(400, 400), Window(200, 200, 400), 100, beyond="edge", smooth=True)
    assert np.abs(crop.astype(int) - 100).max() <= 1


def points_at(x, y):
    return np.full((1, 33, 2), (x, y), dtype=float), np.ones((1, 33))


def test_mirrored_recording_is_turned_back_with_its_sides():
    points, confidence = points_at(0, 5)
    left, right = BLAZEPOSE_33.index("left_knee"), BLAZEPOSE_33.index("right_knee")
    points[0, left] = (10, 20)
    confidence[0, left] = 0.25
    seen, sure = correct(points, confidence, make_picture(101, 60), RecordingContext(mirrored=True))
    np.testing.assert_allclose(seen[0, right], (90, 20))
    assert sure[0, right] == 0.25
    np.testing.assert_allclose(seen[0, left], (100, 5))


def test_camera_turned_clockwise_shows_verticals_leaning_left_and_is_levelled():
    roll = np.radians(10)
    picture = make_picture(201, 101)
    # The world's up, as a camera turned clockwise by 10 degrees sees it: leaning to the left.
    points, confidence = points_at(100, 50)
    points[0, 0] = (100 - 40 * np.sin(roll), 50 - 40 * np.cos(roll))
    seen, _ = correct(points, confidence, picture, RecordingContext(camera_roll_deg=10))
    np.testing.assert_allclose(seen[0, 0], (100, 10), atol=1e-9)
    np.testing.assert_allclose(seen[0, 1], (100, 50), atol=1e-9)


@given(st.booleans(), st.floats(-45, 45), st.floats(0, 200), st.floats(0, 100))
def test_drawings_fit_corrected_numbers(mirrored, roll, x, y):
    picture, context = make_picture(201, 101), RecordingContext(mirrored=mirrored, camera_roll_deg=roll)
    points, confidence = points_at(x, y)
    seen, _ = correct(points, confidence, picture, context)
    np.testing.assert_allclose(apply(view_to_display(picture, context), seen), points, atol=1e-8)
