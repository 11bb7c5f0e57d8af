"""Decoding of what the networks answer, without running them."""

import numpy as np
import pytest

from levelstride.recording.picture import make_picture
from levelstride.recording.pose.detector import PersonDetector, anchors, decode
from levelstride.recording.pose.landmarks import LandmarkNet, refine

from .test_geometry import frame_of


class Answering:
    """A network that always gives the same answer."""

    def __init__(self, *answer):
        self.answer = answer
        self.seen = []

    def run(self, picture):
        self.seen.append(picture)
        return self.answer


def raw_answer(people):
    raw = np.zeros((1, 2254, 12), dtype=np.float32)
    logits = np.full((1, 2254, 1), -20, dtype=np.float32)
    for index, score, hips, body in people:
        at = anchors()[index] * 224
        raw[0, index, :4] = (0, 0, 40, 40)
        raw[0, index, 4:6] = np.array(hips) - at
        raw[0, index, 6:8] = np.array(body) - at
        logits[0, index, 0] = np.log(score / (1 - score))
    return raw, logits


def test_anchors_cover_the_picture_layer_by_layer():
    found = anchors()
    assert found.shape == (2254, 2)
    np.testing.assert_allclose(found[0], (4 / 224, 4 / 224))
    np.testing.assert_allclose(found[1], found[0])
    np.testing.assert_allclose(found[2], (12 / 224, 4 / 224))
    np.testing.assert_allclose(found[2 * 28 * 28], (8 / 224, 8 / 224))
    np.testing.assert_allclose(found[-1], (1 - 16 / 224, 1 - 16 / 224))


def test_overlapping_candidates_become_one_weighted_by_score():
    first, second, far = 1000, 1001, 20
    raw, logits = raw_answer([(first, 0.9, (100, 120), (100, 60)), (second, 0.6, (104, 120), (104, 60)),
                              (far, 0.7, (50, 50), (50, 30))])  # fmt: skip
    found = decode(raw[0], logits[0, :, 0], anchors())
    assert [round(score, 3) for score, _ in found] == [0.9, 0.7]
    assert found[0][1][2][0] * 224 == pytest.approx((0.9 * 100 + 0.6 * 104) / 1.5, abs=1e-3)


def test_weak_candidates_are_nobody():
    raw, logits = raw_answer([(1000, 0.49, (100, 120), (100, 60))])
    assert decode(raw[0], logits[0, :, 0], anchors()) == []


def test_detection_lands_in_display_pixels():
    raw, logits = raw_answer([(1000, 0.9, (112, 112), (112, 72))])
    network = Answering(raw, logits)
    found = PersonDetector(network).find(frame_of(np.zeros((360, 640), np.uint8)), make_picture(640, 360))
    np.testing.assert_allclose(found[0].hips_px, (320, 180), atol=1e-3)
    assert found[0].window.size_px == pytest.approx(2 * 1.25 * 40 * 640 / 224, rel=1e-4)
    assert found[0].window.angle_rad == pytest.approx(0, abs=1e-6)
    assert network.seen[0].min() == pytest.approx(-1)


def test_refinement_moves_to_the_middle_of_a_sure_heatmap_only():
    heat = np.full((64, 64, 3), -20.0, dtype=np.float32)
    heat[21, 31, 0] = heat[21, 32, 0] = 20.0
    heat[40, 40, 1] = -0.1
    points = np.array([[30.4, 20.3], [40.2, 40.7], [80.0, 3.0]]) / 64
    moved = refine(points, heat) * 64
    np.testing.assert_allclose(moved[0], (31.5, 21.0), atol=1e-4)
    np.testing.assert_allclose(moved[1:], points[1:] * 64)


def test_landmarks_land_in_display_pixels_with_their_certainty():
    coarse = np.zeros((39, 5), dtype=np.float32)
    coarse[:, :2] = (128, 64)
    coarse[:, 3:5] = (0, 50)
    coarse[33, :2], coarse[34, :2] = (128, 160), (128, 60)
    network = Answering(coarse.reshape(1, 195), np.array([[0.8]], np.float32))
    window = (
        PersonDetector(Answering(*raw_answer([(1000, 0.9, (112, 112), (112, 72))])))
        .find(frame_of(np.zeros((360, 640), np.uint8)), make_picture(640, 360))[0]
        .window
    )
    seen = LandmarkNet("lite", network).look(frame_of(np.zeros((360, 640), np.uint8)), make_picture(640, 360), window)
    np.testing.assert_allclose(seen.points_px[5], (window.x_px, window.y_px - window.size_px / 4), atol=1e-3)
    assert seen.confidence[5] == pytest.approx(0.5)
    assert seen.presence == pytest.approx(0.8)
    assert seen.next_window.y_px == pytest.approx(window.y_px + window.size_px / 8, abs=1e-3)
    assert seen.next_window.size_px == pytest.approx(2 * 1.25 * window.size_px * 100 / 256, rel=1e-4)
    assert network.seen[0].shape == (256, 256, 3)
