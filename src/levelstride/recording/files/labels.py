"""Why it exists: laboratories and programs name the same body points differently; here they meet our names.

Marker sets: Plug-in-Gait (with its joint-centre outputs), Helen Hayes and IOR/Leardini sets, OpenCap's LaiUhlrich
markers, OpenPose and HALPE names of Pose2Sim and Sports2D. Image landmarks: every table of ``anatomy.keypoints``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from levelstride.anatomy.body import POINTS
from levelstride.anatomy.keypoints import ALIASES, SIDES
from levelstride.motion.dataset import FloatArray

# {S} L or R; {o} L or r (OpenCap); {w} left or right. The first group seen at least once wins; two labels = middle.
_SIDED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "hip": (
        ("{S}FEP",), ("V_{S}.Hip_JC",), ("{S}HJC_study",), ("{S}HJC",), ("{S}Hip",), ("{w}_hip",), ("{S}.GTR",),
        ("{S}GTR",),
    ),
    "knee": (
        ("{S}FEO",), ("V_{S}.Knee_JC_Dynamic",), ("V_{S}.Knee_JC_Static",), ("{S}KJC",),
        ("{o}_knee_study", "{o}_mknee_study"), ("{S}.Knee", "{S}.Knee.Medial"), ("{S}KNE", "{S}KNM"), ("{S}Knee",),
        ("{w}_knee",), ("{S}.Knee",), ("{S}KNE",), ("{o}_knee_study",),
    ),
    "ankle": (
        ("{S}TIO",), ("V_{S}.Ankle_JC_Dynamic",), ("V_{S}.Ankle_JC",), ("{S}AJC",),
        ("{o}_ankle_study", "{o}_mankle_study"), ("{S}.Ankle", "{S}.Ankle.Medial"), ("{S}ANK", "{S}MED"),
        ("{S}ANK", "{S}MMA"), ("{S}Ankle",), ("{w}_ankle",), ("{S}.Ankle",), ("{S}ANK",), ("{o}_ankle_study",),
    ),
    "heel": (("{S}HEE",), ("{S}.Heel",), ("{o}_calc_study",), ("{S}Heel",), ("{w}_heel",), ("{S}CAL",)),
    "big_toe": (
        ("{S}TOE",), ("{S}.MT2",), ("{S}.MT1", "{S}.MT5"), ("{o}_toe_study",), ("{S}BigToe",), ("{w}_big_toe",),
        ("{w}_foot_index",), ("{S}MT2",), ("{S}MT1", "{S}MT5"),
    ),
    "small_toe": (("{o}_5meta_study",), ("{S}SmallToe",), ("{w}_small_toe",), ("{S}.MT5",), ("{S}MT5",)),
    "asis": (("{S}ASI",), ("{S}.ASIS",), ("{o}.ASIS_study",), ("{S}ASIS",), ("{w}_asis",)),
    "psis": (("{S}PSI",), ("{S}.PSIS",), ("{o}.PSIS_study",), ("{S}PSIS",), ("{w}_psis",)),
    "shoulder": (
        ("{S}SHO",), ("{o}_shoulder_study",), ("{S}ACR",), ("{S}Shoulder",), ("{w}_shoulder",), ("{S}CLA",),
    ),
    "elbow": (
        ("{o}_lelbow_study", "{o}_melbow_study"), ("{S}EL", "{S}EM"), ("{S}Elbow",), ("{w}_elbow",), ("{S}ELB",),
    ),
    "wrist": (
        ("{o}_lwrist_study", "{o}_mwrist_study"), ("{S}WRA", "{S}WRB"), ("{S}WL", "{S}WM"), ("{S}Wrist",),
        ("{w}_wrist",),
    ),
    "ear": (("{S}Ear",), ("{w}_ear",)),
    "eye": (("{S}Eye",), ("{w}_eye",)),
}  # fmt: skip
_MIDDLE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "hip": (("PELO",), ("V_Mid_Hip",), ("midHip",), ("MidHip",), ("CHip",), ("Hip",)),
    "neck": (("Neck",),),
    "head": (("Head",),),
    "nose": (("Nose",),),
    "c7": (("C7",), ("C7_study",)),
    "t10": (("T10",),),
    "clavicle": (("CLAV",),),
    "sternum": (("STRN",),),
    "sacrum": (("SACR",), ("SACRUM",)),
    "lumbar": (("lumbar",),),
}

#: label -> what it only stands in for
_STAND_IN = {
    "GTR": "the greater trochanter stands in for the hip's centre",
    "KNE": "the marker outside the knee stands in for its centre",
    ".Knee": "the marker outside the knee stands in for its centre",
    "ANK": "the marker outside the ankle stands in for its centre",
    ".Ankle": "the marker outside the ankle stands in for its centre",
}
_OWN = {name for table in ALIASES.values() for name in table.values()} | {*POINTS, *_MIDDLE}
#: Points without which no leg can be followed.
LEG = ("hip", "knee", "ankle")
NEEDED = (
    "Needed are hip, knee and ankle of one side, under the names of Plug-in-Gait (LFEP, LFEO, LTIO, or LKNE, LANK), "
    "OpenCap (LHJC_study, L_knee_study), OpenPose (LHip, LKnee, LAnkle) or left_hip, left_knee, left_ankle; "
    "in place of the hips the pelvis in front and behind (LASI, RASI, LPSI, RPSI or SACR)."
)


@dataclass(frozen=True)
class Matched:
    """Markers under our names.

    Attributes
    ----------
    points : dict of str to ndarray, shape (time, 3)
        In the units and axes of the file.
    used : dict of str to tuple of str
    warnings : list of str
    """

    points: dict[str, FloatArray]
    used: dict[str, tuple[str, ...]]
    warnings: list[str]

    @property
    def has_leg(self) -> bool:
        """Whether hip, knee and ankle of one side were found."""
        return any(all(f"{side}_{part}" in self.points for part in LEG) for side in SIDES)


def match_markers(markers: Mapping[str, FloatArray]) -> Matched:
    """Find our points among labelled markers; letter case and a ``subject:`` in front do not matter.

    Parameters
    ----------
    markers : mapping of str to ndarray, shape (time, 3)
        NaN = missing.
    """
    by_key: dict[str, str] = {}
    for label in markers:
        by_key.setdefault(_key(label), label)
    exact = {label.rsplit(":", 1)[-1].strip(): label for label in markers}
    segments = {"LCLO", "RCLO"} & exact.keys()  # then LCLA is an axis of a segment, not the shoulder's marker
    points: dict[str, FloatArray] = {}
    used: dict[str, tuple[str, ...]] = {}
    never: dict[str, list[str]] = {}
    for name, groups in _wanted():
        for group in groups:
            if segments and group[0] in ("LCLA", "RCLA"):
                continue
            labels = tuple(exact.get(g, by_key.get(_key(g), "")) for g in group)
            if not all(labels):
                continue
            if not all(np.isfinite(markers[label]).all(axis=1).any() for label in labels):
                never.setdefault(name, []).extend(labels)
                continue
            points[name] = np.asarray(np.mean([markers[label] for label in labels], axis=0))
            used[name] = labels
            break
    for label in markers:  # our own names, as our own exports write them
        name = _key(label)
        if name in _OWN and name not in points and np.isfinite(markers[label]).all(axis=1).any():
            points[name] = markers[label]
            used[name] = (label,)
    lost = [label for name in never if name not in points for label in never[name]]
    return Matched(points, used, _notes(points, used, lost))


def _wanted() -> list[tuple[str, tuple[tuple[str, ...], ...]]]:
    sided = []
    for side, upper, opencap in (("left", "L", "L"), ("right", "R", "r")):
        for part, groups in _SIDED.items():
            filled = tuple(tuple(g.format(S=upper, o=opencap, w=side) for g in group) for group in groups)
            sided.append((f"{side}_{part}", filled))
    return [*sided, *_MIDDLE.items()]


def _notes(points: Mapping[str, FloatArray], used: Mapping[str, tuple[str, ...]], never: Sequence[str]) -> list[str]:
    notes = []
    for part in LEG:
        said = set()
        for side in SIDES:
            labels = used.get(f"{side}_{part}", ())
            said |= {why for end, why in _STAND_IN.items() if len(labels) == 1 and labels[0].endswith(end)}
        notes += [why[0].upper() + why[1:] + "." for why in sorted(said)]
    if never:
        notes.append(f"Never seen, and so left out: {', '.join(sorted(set(never)))}.")
    if any(label.endswith("_study") for labels in used.values() for label in labels):
        notes.append("Labels ending in _study are OpenCap's: a network estimated them, no marker was worn.")
    if points and all(np.ptp(at[np.isfinite(at).all(axis=1)][:, 2]) < 1e-9 for at in points.values()):
        notes.append("All points lie in one plane: nothing sideways was measured.")
    return notes


def _key(label: str) -> str:
    return label.rsplit(":", 1)[-1].strip().casefold()


# --------------------------------------------------------------------------------------------- image landmarks

#: OpenPose COCO-18 order, in this project's names.
_OPENPOSE_18 = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist",
    "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye",
    "right_ear", "left_ear",
)  # fmt: skip
#: Number of points per person -> convention and order.
BY_COUNT: Mapping[int, tuple[str, tuple[str, ...]]] = {
    17: ("COCO-17", tuple(ALIASES["coco_17"].values())),
    18: ("OpenPose COCO-18", _OPENPOSE_18),
    25: ("OpenPose BODY-25", tuple(ALIASES["openpose_25"].values())),
    26: ("HALPE-26", tuple(ALIASES["halpe_26"].values())),
    33: ("BlazePose-33", tuple(ALIASES["blazepose_33"].values())),
}
_IMAGE_NAMES = {
    re.sub("[^a-z0-9]", "", label.casefold()): name
    for convention in ("openpose_25", "halpe_26", "blazepose_33")
    for label, name in [*ALIASES[convention].items(), *((n, n) for n in ALIASES[convention].values())]
}


def image_name(label: str) -> str | None:
    """Return our name of an image landmark (``RShoulder``, ``Left_foot_index``, ``left_hip``), None when unknown."""
    return _IMAGE_NAMES.get(re.sub("[^a-z0-9]", "", label.casefold()))
