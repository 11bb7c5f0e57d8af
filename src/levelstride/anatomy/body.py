"""Why it exists: one skeleton in space: clinical joint angles in, segment orientations and joint positions out.

World frame as in OpenSim: X forward, Y up, Z to the person's right, metres. Neutral: standing upright, legs straight
and vertical, arms hanging, facing X. A segment's orientation is the rotation matrix that turns it from neutral.

Signs (degrees): pelvic list > 0 = right side down; pelvic and trunk turn > 0 = to the left (right side forward);
forward lean and anterior tilt > 0 = forward; hip flexion, adduction, internal rotation > 0; knee flexion > 0; knee
abduction (valgus) > 0; ankle dorsiflexion > 0. Both legs read alike: the left one is mirrored.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from levelstride.anatomy.keypoints import Side

FloatArray = npt.NDArray[np.float64]

#: segment -> (segment it hangs on, point about which it turns); parents first
SEGMENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pelvis": ("", "hip"),
        "trunk": ("pelvis", "lumbar"),
        "head": ("trunk", "neck"),
        **{
            f"{side}_{segment}": (f"{side}_{parent}" if sided else parent, f"{side}_{joint}")
            for side in ("left", "right")
            for segment, parent, sided, joint in (
                ("upper_arm", "trunk", False, "shoulder"),
                ("forearm", "upper_arm", True, "elbow"),
                ("thigh", "pelvis", False, "hip"),
                ("shank", "thigh", True, "knee"),
                ("foot", "shank", True, "ankle"),
            )
        },
    }
)

#: point -> segment that carries it; ``hip`` is the middle of both hips, the origin of the pelvis
POINTS: Mapping[str, str] = MappingProxyType(
    {
        "hip": "pelvis",
        "lumbar": "pelvis",
        "neck": "trunk",
        "nose": "head",
        "head": "head",
        **{
            f"{side}_{point}": segment if segment in ("pelvis", "trunk", "head") else f"{side}_{segment}"
            for side in ("left", "right")
            for point, segment in (
                ("hip", "pelvis"),
                ("asis", "pelvis"),
                ("psis", "pelvis"),
                ("shoulder", "trunk"),
                ("ear", "head"),
                ("elbow", "upper_arm"),
                ("wrist", "forearm"),
                ("knee", "thigh"),
                ("ankle", "shank"),
                ("heel", "foot"),
                ("big_toe", "foot"),
            )
        },
    }
)


def turn(axis: str, angle_deg: FloatArray | float) -> FloatArray:
    """Return right-handed rotation matrices about a world axis.

    Parameters
    ----------
    axis : {"x", "y", "z"}
        x: right side down; y: turn to the left; z: forward end up.
    angle_deg : ndarray, shape (...)

    Returns
    -------
    ndarray, shape (..., 3, 3)
    """
    angle = np.radians(np.asarray(angle_deg, dtype=float))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.zeros((*angle.shape, 3, 3))
    matrix[..., range(3), range(3)] = 1.0
    matrix[..., first, first] = matrix[..., second, second] = np.cos(angle)
    matrix[..., second, first] = np.sin(angle)
    matrix[..., first, second] = -np.sin(angle)
    return matrix


def pelvis_orientation(
    list_deg: FloatArray | float, anterior_tilt_deg: FloatArray | float, turn_deg: FloatArray | float
) -> FloatArray:
    """Orientation of the pelvis: turn, then list, then tilt (the sequence reads obliquity against the horizontal).

    Parameters
    ----------
    list_deg : > 0 right side down
    anterior_tilt_deg : > 0 top forward
    turn_deg : > 0 to the left, right side forward

    Returns
    -------
    ndarray, shape (..., 3, 3)
    """
    return turn("y", turn_deg) @ turn("x", list_deg) @ turn("z", -np.asarray(anterior_tilt_deg, dtype=float))


def trunk_orientation(
    right_lean_deg: FloatArray | float, forward_lean_deg: FloatArray | float, turn_deg: FloatArray | float
) -> FloatArray:
    """Orientation of the trunk in the world; right lean > 0 = shoulders to the right."""
    return pelvis_orientation(right_lean_deg, forward_lean_deg, turn_deg)


def thigh_orientation(
    pelvis: FloatArray,
    side: Side,
    flexion_deg: FloatArray | float,
    adduction_deg: FloatArray | float = 0.0,
    internal_rotation_deg: FloatArray | float = 0.0,
) -> FloatArray:
    """Orientation of the thigh from the hip's angles: flexion, then adduction, then rotation (as in OpenSim)."""
    mirror = 1.0 if side == "right" else -1.0
    return np.asarray(
        pelvis
        @ turn("z", flexion_deg)
        @ turn("x", mirror * np.asarray(adduction_deg, dtype=float))
        @ turn("y", mirror * np.asarray(internal_rotation_deg, dtype=float))
    )


def shank_orientation(
    thigh: FloatArray, side: Side, flexion_deg: FloatArray | float, abduction_deg: FloatArray | float = 0.0
) -> FloatArray:
    """Orientation of the shank from the knee's angles."""
    mirror = 1.0 if side == "right" else -1.0
    return np.asarray(
        thigh
        @ turn("z", -np.asarray(flexion_deg, dtype=float))
        @ turn("x", -mirror * np.asarray(abduction_deg, dtype=float))
    )


def place(
    neutral: Mapping[str, FloatArray], orientation: Mapping[str, FloatArray], root: FloatArray
) -> dict[str, FloatArray]:
    """Place every point of a body.

    Parameters
    ----------
    neutral : mapping of str to ndarray, shape (3,)
        Points of the neutral body, metres; must hold every joint that a given segment turns about.
    orientation : mapping of str to ndarray, shape (time, 3, 3)
        By segment; a segment left out keeps its parent's orientation.
    root : ndarray, shape (time, 3)
        Position of ``hip`` (the middle of both hips), metres.

    Returns
    -------
    dict of str to ndarray, shape (time, 3)
        All points of ``neutral``.
    """
    complete = complete_orientation(orientation)
    origins = segment_origins(neutral, complete, root)
    placed = {}
    for name, at in neutral.items():
        segment = POINTS[name]
        joint = SEGMENTS[segment][1]
        placed[name] = origins[segment] + np.einsum("tij,j->ti", complete[segment], at - neutral[joint])
    return placed


def complete_orientation(orientation: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """Fill in segments left out with their parents' orientation."""
    complete: dict[str, FloatArray] = {}
    for segment, (parent, _) in SEGMENTS.items():
        complete[segment] = orientation[segment] if segment in orientation else complete[parent]
    return complete


def segment_origins(
    neutral: Mapping[str, FloatArray], orientation: Mapping[str, FloatArray], root: FloatArray
) -> dict[str, FloatArray]:
    """Return where each segment's own joint is, by segment; ``orientation`` must be complete."""
    origins: dict[str, FloatArray] = {"pelvis": np.asarray(root, dtype=float)}
    for segment, (parent, joint) in SEGMENTS.items():
        if parent and joint in neutral:
            from_parent = neutral[joint] - neutral[SEGMENTS[parent][1]]
            origins[segment] = origins[parent] + np.einsum("tij,j->ti", orientation[parent], from_parent)
    return origins


def generic_body(height_m: float) -> dict[str, FloatArray]:
    """Return the neutral points of an average build (segment shares of Winter 2009; widths and pelvis approximate)."""
    h = height_m
    hip, knee, ankle = 0.530 * h, 0.285 * h, 0.039 * h
    points = {
        "hip": (0.0, hip, 0.0),
        "lumbar": (-0.02 * h, hip + 0.06 * h, 0.0),
        "neck": (0.0, 0.818 * h + 0.03 * h, 0.0),
        "nose": (0.06 * h, 0.925 * h, 0.0),
        "head": (0.0, h, 0.0),
    }
    for side, z in (("left", -1.0), ("right", 1.0)):
        points |= {
            f"{side}_hip": (0.0, hip, z * 0.0475 * h),
            f"{side}_asis": (0.045 * h, hip + 0.045 * h, z * 0.07 * h),
            f"{side}_psis": (-0.055 * h, hip + 0.05 * h, z * 0.025 * h),
            f"{side}_shoulder": (0.0, 0.818 * h, z * 0.105 * h),
            f"{side}_ear": (0.0, 0.925 * h, z * 0.045 * h),
            f"{side}_elbow": (0.0, 0.63 * h, z * 0.115 * h),
            f"{side}_wrist": (0.01 * h, 0.485 * h, z * 0.115 * h),
            f"{side}_knee": (0.0, knee, z * 0.0475 * h),
            f"{side}_ankle": (0.0, ankle, z * 0.0475 * h),
            f"{side}_heel": (-0.03 * h, 0.01 * h, z * 0.0475 * h),
            f"{side}_big_toe": (0.11 * h, 0.01 * h, z * 0.0475 * h),
        }
    return {name: np.array(at, dtype=float) for name, at in points.items()}
