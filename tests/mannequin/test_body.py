"""Why it exists: a picture may serve as truth only if skin and joints move as one, down to the pelvis's surface."""

import hashlib

import numpy as np
import pytest

from levelstride.anatomy.body import (
    POINTS,
    SEGMENTS,
    pelvis_orientation,
    place,
    shank_orientation,
    thigh_orientation,
    trunk_orientation,
    turn,
)
from levelstride.errors import InputError, LevelstrideError
from levelstride.mannequin.body import _BODIES, BODY_NAMES, LABELS, Body, dress, load_body, read_manifest, unpack
from levelstride.mannequin.skin import half_way, helper_weights, skin, skin_frames

SIZE_LIMIT_BYTES = 3_000_000
#: Points whose vertex no neighbouring segment pulls.
RIGID = ["nose", "head", *(f"{side}_{name}" for side in ("left", "right") for name in ("ear", "heel", "big_toe"))]
UPRIGHT = np.eye(3)
MIRROR = np.array([1.0, 1.0, -1.0])

bodies = pytest.mark.parametrize("body", [load_body(name) for name in BODY_NAMES], ids=BODY_NAMES)


def still(count: int, **moved: np.ndarray) -> dict[str, np.ndarray]:
    upright = np.broadcast_to(UPRIGHT, (count, 3, 3))
    return {segment: np.broadcast_to(moved.get(segment, upright), (count, 3, 3)) for segment in SEGMENTS}


def stride() -> dict[str, np.ndarray]:
    pelvis = pelvis_orientation(np.array([4.0]), 8.0, 8.0)
    trunk = trunk_orientation(np.array([2.0]), 4.0, -6.0)
    thighs = {
        "right_thigh": thigh_orientation(pelvis, "right", 32.0, 4.0, 3.0),
        "left_thigh": thigh_orientation(pelvis, "left", -12.0, 0.0, -5.0),
    }
    shanks = {
        "right_shank": shank_orientation(thighs["right_thigh"], "right", 6.0, 2.0),
        "left_shank": shank_orientation(thighs["left_thigh"], "left", 45.0),
    }
    foot = shanks["left_shank"] @ turn("z", -15.0)
    arms = {"left_upper_arm": trunk @ turn("z", 25.0), "right_upper_arm": trunk @ turn("z", -25.0)}
    return {"pelvis": pelvis, "trunk": trunk, **thighs, **shanks, "left_foot": foot, **arms}


# ------------------------------------------------------------------------------------------------- files


def test_files_match_the_manifest_and_stay_small() -> None:
    listed = read_manifest()["files"]
    present = {path.name: path.read_bytes() for path in _BODIES.iterdir()}
    assert set(present) == {*listed, "manifest.json", "NOTICE"}
    assert {name: hashlib.sha256(present[name]).hexdigest() for name in listed} == {
        name: facts["sha256"] for name, facts in listed.items()
    }
    assert all(len(present[name]) == facts["bytes"] for name, facts in listed.items())
    assert sum(map(len, present.values())) <= SIZE_LIMIT_BYTES
    assert {f"{name}.npz" for name in BODY_NAMES} | {"topology.npz"} == set(listed)


def test_a_changed_file_is_refused() -> None:
    with pytest.raises(LevelstrideError, match=r"man_heavy\.npz is not the one in the manifest"):
        unpack("man_heavy.npz", b"something else", read_manifest()["files"]["man_heavy.npz"]["sha256"])


def test_an_unknown_body_is_refused() -> None:
    with pytest.raises(InputError, match="no body called 'child'"):
        load_body("child")


# ------------------------------------------------------------------------------------------------- neutral


@bodies
def test_a_body_stands_in_the_neutral_of_the_contract(body: Body) -> None:
    joints = body.joints
    assert set(joints) == set(POINTS)
    assert body.stature_m == pytest.approx(read_manifest()["files"][f"{body.name}.npz"]["stature_m"], abs=1e-3)
    assert 1.55 < body.stature_m < 1.90
    assert body.vertices[:, 1].min() == pytest.approx(0.0, abs=1e-4)
    assert joints["hip"][[0, 2]] == pytest.approx([0.0, 0.0], abs=1e-4)
    for name, at in joints.items():
        twin = name.replace("left_", "right_")
        if name.startswith("left_"):
            assert at == pytest.approx(joints[twin] * MIRROR, abs=1e-4), name
            assert joints[twin][2] > 0.0, name
        elif "_" not in name:
            assert at[2] == pytest.approx(0.0, abs=1e-4), name
    hip, knee, ankle = (joints[f"right_{joint}"] for joint in ("hip", "knee", "ankle"))
    assert [hip[0], hip[2]] == pytest.approx([knee[0], knee[2]], abs=2e-4)
    assert [hip[0], hip[2]] == pytest.approx([ankle[0], ankle[2]], abs=2e-4)
    toe, heel = joints["right_big_toe"], joints["right_heel"]
    assert abs(np.degrees(np.arctan2(toe[2] - heel[2], toe[0] - heel[0]))) < 0.5
    assert 0.0 < heel[1] < 0.04
    assert 0.0 < toe[1] < 0.04
    # proportions of adults (shares of stature): thigh, shank, hip centres apart
    assert 0.20 < (hip[1] - knee[1]) / body.stature_m < 0.27
    assert 0.21 < (knee[1] - ankle[1]) / body.stature_m < 0.27
    assert 0.09 < 2.0 * hip[2] / body.stature_m < 0.13


@bodies
def test_the_skin_is_closed_and_symmetric(body: Body) -> None:
    assert body.vertices[body.mirror] == pytest.approx(body.vertices * MIRROR, abs=1e-9)
    edges = np.concatenate([body.faces[:, [0, 1]], body.faces[:, [1, 2]], body.faces[:, [2, 0]]])
    assert len({(int(a), int(b)) for a, b in edges}) == len(edges)
    assert {(int(a), int(b)) for a, b in edges} == {(int(b), int(a)) for a, b in edges}
    a, b, c = (body.vertices[body.faces[:, corner]] for corner in range(3))
    volume_m3 = float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)
    assert 0.045 < volume_m3 < 0.140  # positive: faces look outwards


@bodies
def test_weights_sum_to_one_with_at_most_four_influences(body: Body) -> None:
    assert body.weights.shape == (len(body.vertices), len(SEGMENTS))
    assert body.weights.sum(1) == pytest.approx(1.0, abs=1e-12)
    assert body.weights.min() >= 0.0
    assert (body.weights > 0.0).sum(1).max() <= 4
    with_helpers = helper_weights(body.weights)
    assert with_helpers.sum(1) == pytest.approx(1.0, abs=1e-12)
    assert with_helpers.min() >= -1e-12


@bodies
def test_neutral_orientations_give_the_neutral_skin(body: Body) -> None:
    posed = skin(body, still(2), np.tile(body.joints["hip"], (2, 1)))
    assert posed.shape == (2, len(body.vertices), 3)
    assert posed.dtype == np.float32
    assert np.abs(posed - body.vertices).max() < 1e-5


# ------------------------------------------------------------------------------------------------- surface


@bodies
@pytest.mark.parametrize(("landmark", "worst_deg"), [("iliac_crest", 1.0), ("asis", 1.0), ("psis", 1.0)])
def test_the_pelvis_is_seen_to_drop_as_far_as_it_drops(body: Body, landmark: str, worst_deg: float) -> None:
    list_deg = np.arange(-15.0, 16.0, 2.5)
    orientation = still(len(list_deg), pelvis=pelvis_orientation(list_deg, 0.0, 0.0))
    posed = skin(body, orientation, np.tile(body.joints["hip"], (len(list_deg), 1)))
    across = posed[:, body.landmarks[f"right_{landmark}"]] - posed[:, body.landmarks[f"left_{landmark}"]]
    seen_deg = np.degrees(np.arctan2(-across[:, 1], across[:, 2]))
    assert 0.9 < np.polyfit(list_deg, seen_deg, 1)[0] < 1.1
    assert np.abs(seen_deg - list_deg).max() < worst_deg


@bodies
def test_the_trunk_does_not_drag_the_pelvis_along(body: Body) -> None:
    lean_deg = np.array([-15.0, 0.0, 15.0])
    orientation = still(3, trunk=trunk_orientation(lean_deg, 0.0, 0.0))
    posed = skin(body, orientation, np.tile(body.joints["hip"], (3, 1)))
    for landmark in ("iliac_crest", "asis", "psis"):
        across = posed[:, body.landmarks[f"right_{landmark}"]] - posed[:, body.landmarks[f"left_{landmark}"]]
        assert np.abs(np.degrees(np.arctan2(-across[:, 1], across[:, 2]))).max() < 1.5


@bodies
def test_surface_landmarks_lie_where_the_joints_say(body: Body) -> None:
    for name in [*RIGID, "left_asis", "right_psis"]:
        assert body.vertices[body.landmarks[name]] == pytest.approx(body.joints[name], abs=1e-9), name
    pelvis = body.joints["hip"]
    asis, psis, crest = (
        body.vertices[body.landmarks[f"right_{name}"]] - pelvis for name in ("asis", "psis", "iliac_crest")
    )
    assert asis[0] > 0.05
    assert psis[0] < -0.05
    assert crest[1] > asis[1]
    assert crest[2] > asis[2] > psis[2] > 0.0


# ------------------------------------------------------------------------------------------------- movement


@bodies
def test_skin_and_skeleton_agree_in_mid_stride(body: Body) -> None:
    root = np.array([[1.2, 0.9, -0.3]])
    orientation = stride()
    placed = place(body.joints, orientation, root)
    posed = skin(body, orientation, root)
    for name in RIGID:
        assert np.linalg.norm(posed[0, body.landmarks[name]] - placed[name][0]) < 1e-3, name
    for name in ("left_asis", "right_asis", "left_psis", "right_psis"):
        assert np.linalg.norm(posed[0, body.landmarks[name]] - placed[name][0]) < 5e-3, name


@bodies
def test_knees_and_hips_keep_their_thickness(body: Body) -> None:
    thigh = thigh_orientation(UPRIGHT[None], "right", 60.0)
    shank = shank_orientation(thigh, "right", 90.0)
    orientation = {"pelvis": UPRIGHT[None], "right_thigh": thigh, "right_shank": shank}
    posed = skin(body, orientation, body.joints["hip"][None])[0]
    a, b, c = (body.faces[:, corner] for corner in range(3))

    def volume(at: np.ndarray) -> float:
        return float(np.einsum("ij,ij->", at[a], np.cross(at[b], at[c])) / 6.0)

    assert volume(posed.astype(float)) == pytest.approx(volume(body.vertices), rel=0.03)
    placed = place(body.joints, orientation, body.joints["hip"][None])["right_knee"][0]
    at_knee = np.abs(body.weights[:, list(SEGMENTS).index("right_shank")] - 0.5) < 0.15
    distance = np.linalg.norm(posed[at_knee] - placed, axis=1)
    assert distance.min() > 0.5 * np.linalg.norm(body.vertices[at_knee] - body.joints["right_knee"], axis=1).min()


def test_half_way_lies_in_the_middle() -> None:
    first, second = turn("x", np.array([10.0, -30.0])), turn("x", np.array([50.0, 90.0]))
    assert half_way(first, second) == pytest.approx(turn("x", np.array([30.0, 30.0])), abs=1e-12)


def test_frames_come_one_by_one() -> None:
    body = load_body("woman_slim")
    orientation = {"pelvis": pelvis_orientation(np.array([0.0, 5.0, 10.0]), 0.0, 0.0)}
    root = np.tile(body.joints["hip"], (3, 1))
    frames = skin_frames(body, orientation, root)
    assert np.stack(list(frames)) == pytest.approx(skin(body, orientation, root))
    assert skin(body, {"pelvis": np.empty((0, 3, 3))}, np.empty((0, 3))).shape == (0, len(body.vertices), 3)


# ------------------------------------------------------------------------------------------------- sizes, clothes


def test_a_scaled_body_keeps_its_build() -> None:
    body = load_body("man_average")
    small = body.scaled(1.60)
    factor = 1.60 / body.stature_m
    assert small.stature_m == 1.60
    assert small.vertices[:, 1].max() == pytest.approx(1.60)
    assert small.joints["left_knee"] == pytest.approx(body.joints["left_knee"] * factor)
    posed = skin(small, still(1), small.joints["hip"][None])
    assert np.abs(posed - small.vertices).max() < 1e-5
    with pytest.raises(InputError, match="No body is 17 m tall"):
        body.scaled(17.0)


def test_clothes() -> None:
    body = load_body("woman_full")
    assert LABELS == ("skin", "hair", "top", "trousers", "shoes")
    assert set(np.unique(body.labels)) == set(range(len(LABELS)))
    height = body.vertices[:, 1] / body.stature_m

    def worn(dressed: Body, label: str) -> np.ndarray:
        return np.asarray(dressed.labels == LABELS.index(label))

    assert height[worn(body, "shoes")].max() < 0.08
    assert height[worn(body, "hair")].min() > 0.85
    assert height[worn(body, "trousers")].min() < 0.08
    shorts = body.dressed(trousers=False)
    knee = body.joints["right_knee"][1] / body.stature_m
    assert knee < height[worn(shorts, "trousers")].min() < knee + 0.06
    assert height[worn(shorts, "trousers")].max() == height[worn(body, "trousers")].max()
    long_sleeves = body.dressed(sleeves=True)
    assert worn(long_sleeves, "top").sum() > worn(body, "top").sum()
    assert (long_sleeves.labels == dress(body.zones, body.zone_names, sleeves=True)).all()
    assert (body.labels == body.labels[body.mirror]).all()
