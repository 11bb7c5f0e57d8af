"""Why it exists: everything synthetic is seen through this camera; its signs must be those of a phone on a stand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.motion.camera import Camera

AT = np.array([1.0, 1.0, 0.5])
UP = np.array([0.0, 0.5, 0.0])
VIEWS = ["back", "front", "left", "right"]
#: Where the camera stands and what lies to the right in its picture, for a person who faces X.
STANDS = {"back": (-1, 0, 0), "front": (1, 0, 0), "right": (0, 0, 1), "left": (0, 0, -1)}
RIGHTWARDS = {"back": (0, 0, 1), "front": (0, 0, -1), "right": (1, 0, 0), "left": (-1, 0, 0)}


def around(view="back", **changes):
    return Camera.around(AT, view=view, distance_m=3.0, **changes)


@pytest.mark.parametrize("view", VIEWS)
class TestViews:
    def test_place(self, view):
        assert around(view).position == pytest.approx(AT + 3.0 * np.array(STANDS[view]))

    def test_known_points(self, view):
        camera = around(view, size_px=(720, 1280))
        assert camera.focal_px == pytest.approx(960)
        assert camera.project(AT) == pytest.approx([360, 640])
        assert camera.project(AT + 0.3 * np.array(RIGHTWARDS[view])) == pytest.approx([360 + 96, 640])
        assert camera.project(AT + UP) == pytest.approx([360, 640 - 160])
        assert camera.depth(AT) == pytest.approx(3.0)

    def test_a_clockwise_camera_shows_the_world_turned_anticlockwise(self, view):
        camera = around(view, roll_deg=10.0)
        up = camera.project(AT + UP) - camera.project(AT)
        assert up == pytest.approx(160 * np.array([-np.sin(np.radians(10)), -np.cos(np.radians(10))]))


@pytest.mark.parametrize(("view", "direction"), [("back", (0, 1)), ("right", (1, 0)), ("front", (0, -1))])
def test_azimuth_goes_anticlockwise_seen_from_above(view, direction):
    moved = around(view, azimuth_deg=20.0).position - around(view).position
    assert moved[[0, 2]] @ np.array(direction) == pytest.approx(3.0 * np.sin(np.radians(20)))
    assert np.linalg.norm((around(view, azimuth_deg=20.0).position - AT)[[0, 2]]) == pytest.approx(3.0)


def test_points_behind_the_camera_are_not_seen():
    camera = around("back")
    behind = camera.position - [1.0, 0.0, 0.0]
    assert np.isnan(camera.project(behind)).all()
    assert camera.depth(behind) == pytest.approx(-1.0)


def test_shapes_are_kept():
    camera = around("left")
    assert camera.project(np.zeros((4, 5, 3))).shape == (4, 5, 2)
    assert camera.depth(np.zeros((4, 5, 3))).shape == (4, 5)


@settings(max_examples=40, deadline=None)
@given(
    view=st.sampled_from(VIEWS),
    azimuth=st.floats(-40, 40),
    roll=st.floats(-30, 30),
    height=st.floats(0.3, 2.0),
    offset=st.tuples(*[st.floats(-0.8, 0.8)] * 3),
)
def test_what_is_seen_comes_from_where_it_is(view, azimuth, roll, height, offset):
    camera = around(view, azimuth_deg=azimuth, roll_deg=roll, height_m=height)
    axes = camera.axes
    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)
    at = AT + np.array(offset)
    across = (camera.project(at) - np.array(camera.size_px) / 2) / camera.focal_px
    depth = camera.depth(at)
    rebuilt = camera.position + depth * (axes[2] + across @ axes[:2])
    assert rebuilt == pytest.approx(at, abs=1e-9)
    if roll == 0:
        assert axes[0, 1] == pytest.approx(0, abs=1e-12), "the horizon is level"
