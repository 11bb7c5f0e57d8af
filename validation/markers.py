"""Why it exists: real marker-based gait is the known truth that camera measures are held against.

Reads the C3D files of the shared recordings (Plug-in-Gait joint centres, Helen-Hayes-like treadmill and Parkinson
sets) into one structure: points in metres by this project's names, gait events, and joint angles where present.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

#: name of this project -> candidates; a tuple inside is averaged (e.g. medial and lateral, or the two shoulders' side)
_POINTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "hip": (("{S}FEP",), ("V_{s}.Hip_JC",), ("{s}.GTR",)),
    "knee": (("{S}FEO",), ("V_{s}.Knee_JC_Dynamic",), ("{s}.Knee",)),
    "ankle": (("{S}TIO",), ("V_{s}.Ankle_JC_Dynamic",), ("{s}.Ankle",)),
    "heel": (("{S}HEE",), ("{s}.Heel",)),
    "big_toe": (("{S}TOE",), ("{s}.MT2",), ("{s}.MT1", "{s}.MT5")),
    "shoulder": (("{S}SHO",), ("{S}CLA",)),
}
_EVENT_KINDS = {"Foot Strike": "contact", "Foot Off": "toe_off"}


@dataclass(frozen=True)
class MarkerTrial:
    """A marker-based walk.

    Attributes
    ----------
    points : dict of str to ndarray, shape (time, 3)
        Metres, laboratory frame; NaN where a marker was not seen.
    up, forward : ndarray, shape (3,)
        Unit vectors: vertical, and the direction the person faces while walking.
    contacts, toe_offs : dict of side to ndarray
        Seconds on the clock of ``time_s`` (which starts at zero), sorted.
    angles : dict of str to ndarray, shape (time, 3)
        Plug-in-Gait model angles, degrees, where the file holds them.
    """

    name: str
    rate_hz: float
    points: dict[str, FloatArray]
    up: FloatArray
    forward: FloatArray
    contacts: dict[str, FloatArray]
    toe_offs: dict[str, FloatArray]
    angles: dict[str, FloatArray] = field(default_factory=dict)

    @property
    def time_s(self) -> FloatArray:
        """Time of each sample in seconds, from zero."""
        return np.arange(len(next(iter(self.points.values())))) / self.rate_hz


def read_trial(path: Path) -> MarkerTrial:
    """Read a C3D walk; triplets of exact zeros are missing samples."""
    c3d = ezc3d.c3d(str(path))
    parameters = c3d["parameters"]
    labels = _values(parameters["POINT"], "LABELS") + _values(parameters["POINT"], "LABELS2")
    raw = np.transpose(np.asarray(c3d["data"]["points"][:3], dtype=float), (1, 2, 0)).copy()
    raw[(raw == 0).all(axis=-1)] = np.nan
    markers = dict(zip(labels, raw, strict=False))
    to_metres = {"mm": 1e-3, "m": 1.0}[_values(parameters["POINT"], "UNITS")[0]]
    points: dict[str, FloatArray] = {}
    for side, upper in (("left", "L"), ("right", "R")):
        for name, candidates in _POINTS.items():
            for group in candidates:
                wanted = [g.format(S=upper, s=upper) for g in group]
                if all(w in markers and np.isfinite(markers[w]).any() for w in wanted):
                    points[f"{side}_{name}"] = np.mean([markers[w] for w in wanted], axis=0) * to_metres
                    break
    up = np.zeros(3)
    up["XYZ".index(_values(parameters["POINT"], "Y_SCREEN")[0][-1])] = 1.0
    angles = {k.removesuffix("V"): v for k, v in markers.items() if "Angles" in k}
    contacts, toe_offs = _events(c3d)
    return MarkerTrial(
        name=path.stem,
        rate_hz=float(parameters["POINT"]["RATE"]["value"][0]),
        points=points,
        up=up,
        forward=_forward(points, up),
        contacts=contacts,
        toe_offs=toe_offs,
        angles=angles,
    )


def _values(group: Any, key: str) -> list[Any]:
    return list(group[key]["value"]) if key in group else []


def _forward(points: dict[str, FloatArray], up: FloatArray) -> FloatArray:
    """Heel-to-toe direction, averaged: right on a treadmill as well as over ground."""
    foot = sum(np.nanmean(points[f"{s}_big_toe"] - points[f"{s}_heel"], axis=0) for s in ("left", "right"))
    flat = np.asarray(foot) - up * (np.asarray(foot) @ up)
    if np.ptp(points["left_hip"] @ flat / np.linalg.norm(flat)) > 1.0:  # over ground: the path is the direction
        middle = (points["left_hip"] + points["right_hip"]) / 2
        seen = np.flatnonzero(np.isfinite(middle).all(axis=1))
        path = middle[seen[-1]] - middle[seen[0]]
        flat = path - up * (path @ up)
    return np.asarray(flat / np.linalg.norm(flat))


def _events(c3d: Any) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    found: dict[tuple[str, str], list[float]] = {}
    if "EVENT" in c3d["parameters"]:
        group = c3d["parameters"]["EVENT"]
        rate = float(c3d["parameters"]["POINT"]["RATE"]["value"][0])
        start = float(c3d["header"]["points"]["first_frame"]) / rate
        labels = _values(group, "LABELS")
        times = np.asarray(group["TIMES"]["value"], dtype=float)  # (minutes, seconds) pairs, sometimes flattened
        times = times.reshape(-1, 2)[:, 1] if times.ndim == 1 else times[-1]
        contexts = _values(group, "CONTEXTS") or [""] * len(labels)
        for label, context, time in zip(labels, contexts, times, strict=False):
            if label in _EVENT_KINDS:
                side, kind = context.lower(), _EVENT_KINDS[label]
            else:
                code = label or context
                side = {"L": "left", "R": "right"}[code[0]]
                kind = {"HS": "contact", "ON": "contact", "TO": "toe_off", "OFF": "toe_off"}[code[1:]]
            found.setdefault((kind, side), []).append(float(time) - start)
    both = ("left", "right")
    return (
        {s: np.unique(np.round(found.get(("contact", s), []), 3)) for s in both},
        {s: np.unique(np.round(found.get(("toe_off", s), []), 3)) for s in both},
    )
