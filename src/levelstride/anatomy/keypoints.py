"""Why it exists: one vocabulary of body points for the whole project.

Names follow HALPE-26 (Fang et al. 2022, AlphaPose) extended losslessly with the points other models add.
Alias tables map each foreign convention onto these names one to one, so a round trip loses nothing.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

Side = Literal["left", "right"]
"""The person's own side, never the picture's."""

SIDES: tuple[Side, Side] = ("left", "right")

#: MediaPipe / BlazePose landmark order, in this project's names.
BLAZEPOSE_33: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_big_toe",
    "right_big_toe",
)

#: HALPE-26 order (https://github.com/Fang-Haoshu/Halpe-FullBody), in this project's names.
HALPE_26: tuple[str, ...] = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "head",
    "neck",
    "hip",
    "left_big_toe",
    "right_big_toe",
    "left_small_toe",
    "right_small_toe",
    "left_heel",
    "right_heel",
)

#: COCO-17 order: the first seventeen points of HALPE-26.
COCO_17: tuple[str, ...] = HALPE_26[:17]

#: OpenPose BODY_25 order, in this project's names.
OPENPOSE_25: tuple[str, ...] = (
    "nose",
    "neck",
    "right_shoulder",
    "right_elbow",
    "right_wrist",
    "left_shoulder",
    "left_elbow",
    "left_wrist",
    "hip",
    "right_hip",
    "right_knee",
    "right_ankle",
    "left_hip",
    "left_knee",
    "left_ankle",
    "right_eye",
    "left_eye",
    "right_ear",
    "left_ear",
    "left_big_toe",
    "left_small_toe",
    "left_heel",
    "right_big_toe",
    "right_small_toe",
    "right_heel",
)

_OPENPOSE_LABELS: tuple[str, ...] = (
    "Nose", "Neck", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist", "MidHip",
    "RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle", "REye", "LEye", "REar", "LEar",
    "LBigToe", "LSmallToe", "LHeel", "RBigToe", "RSmallToe", "RHeel",
)  # fmt: skip

_BLAZEPOSE_LABELS: tuple[str, ...] = tuple(
    "left_foot_index" if n == "left_big_toe" else "right_foot_index" if n == "right_big_toe" else n
    for n in BLAZEPOSE_33
)

#: Plug-in-Gait outputs and markers. Joint centres are the proximal/distal origins of the segments:
#: ``LFEP`` hip, ``LFEO`` knee, ``LTIO`` ankle, ``PELO`` pelvis origin.
_PLUG_IN_GAIT: dict[str, str] = {
    "PELO": "hip",
    "LFEP": "left_hip",
    "RFEP": "right_hip",
    "LFEO": "left_knee",
    "RFEO": "right_knee",
    "LTIO": "left_ankle",
    "RTIO": "right_ankle",
    "LHEE": "left_heel",
    "RHEE": "right_heel",
    "LTOE": "left_big_toe",
    "RTOE": "right_big_toe",
    "LSHO": "left_shoulder",
    "RSHO": "right_shoulder",
}


def _table(labels: Sequence[str], names: Sequence[str]) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(labels, names, strict=True)))


#: Foreign label -> name of this project, one to one in every table.
ALIASES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "blazepose_33": _table(_BLAZEPOSE_LABELS, BLAZEPOSE_33),
        "coco_17": _table(COCO_17, COCO_17),
        "halpe_26": _table(HALPE_26, HALPE_26),
        "openpose_25": _table(_OPENPOSE_LABELS, OPENPOSE_25),
        "plug_in_gait": MappingProxyType(_PLUG_IN_GAIT),
    }
)


def to_names(labels: Sequence[str], convention: str) -> list[str]:
    """Translate foreign labels into this project's names.

    Parameters
    ----------
    labels : sequence of str
        Labels in the foreign convention.
    convention : str
        A key of :data:`ALIASES`.

    Returns
    -------
    list of str
        Same length and order as ``labels``.

    Raises
    ------
    ValueError
        If the convention or a label is unknown.
    """
    table = _known(convention)
    unknown = [label for label in labels if label not in table]
    if unknown:
        raise ValueError(f"Expected {convention} labels, but got {unknown}")
    return [table[label] for label in labels]


def from_names(names: Sequence[str], convention: str) -> list[str]:
    """Translate this project's names into a foreign convention; the inverse of :func:`to_names`."""
    inverse = {name: label for label, name in _known(convention).items()}
    unknown = [name for name in names if name not in inverse]
    if unknown:
        raise ValueError(f"Expected names that exist in {convention}, but got {unknown}")
    return [inverse[name] for name in names]


def other_side(name: str) -> str:
    """Return the same point on the other side of the body (``left_knee`` -> ``right_knee``)."""
    swap = {"left": "right", "right": "left"}
    return "_".join(swap.get(part, part) for part in name.split("_"))


def _known(convention: str) -> Mapping[str, str]:
    if convention not in ALIASES:
        raise ValueError(f"Expected one of {sorted(ALIASES)}, but got {convention!r}")
    return ALIASES[convention]
