"""Why it exists: many marker sets hold the pelvis' spines but no hip joint centre, which no marker can sit on.

The centres are then predicted from the width and depth of the pelvis, by the regression of Harrington et al. 2007
(J Biomech 40:595-602) on magnetic resonance images of adults and children.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from levelstride.motion.dataset import FloatArray
from levelstride.recording.files.labels import Matched

_SPINES = ("left_asis", "right_asis")


def with_hips(matched: Matched) -> Matched:
    """Add hip joint centres where both are absent and the pelvis is marked in front and behind.

    Parameters
    ----------
    matched : Matched
        Points in metres, any axes.
    """
    points = matched.points
    behind = ("left_psis", "right_psis") if {"left_psis", "right_psis"} <= points.keys() else ("sacrum",)
    absent = not {"left_hip", "right_hip"} & points.keys()
    if not absent or not {*_SPINES, *behind} <= points.keys():
        return matched
    hips = predicted_hips(points, np.mean([points[name] for name in behind], axis=0))
    if not np.isfinite(hips["left_hip"]).any():
        return matched
    source = tuple(label for name in (*_SPINES, *behind) for label in matched.used[name])
    return replace(
        matched,
        points=points | hips,
        used=matched.used | dict.fromkeys(hips, source),
        warnings=[*matched.warnings, "Hip centres were predicted from the pelvis' size (Harrington et al. 2007)."],
    )


def predicted_hips(points: Mapping[str, FloatArray], behind: FloatArray) -> dict[str, FloatArray]:
    """Predict both hip joint centres.

    Parameters
    ----------
    points : mapping of str to ndarray, shape (time, 3)
        ``left_asis`` and ``right_asis``, m.
    behind : ndarray, shape (time, 3)
        Midpoint of the posterior spines, or the sacral marker, m.

    Returns
    -------
    dict of str to ndarray, shape (time, 3)
    """
    front = (points["left_asis"] + points["right_asis"]) / 2
    across = points["right_asis"] - points["left_asis"]
    along = front - behind
    width, depth = (_median(np.linalg.norm(line, axis=1)) for line in (across, along))
    right = across / np.linalg.norm(across, axis=1, keepdims=True)
    ahead = along - right * np.sum(along * right, axis=1, keepdims=True)
    ahead = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.cross(right, ahead)
    middle = front - (0.24 * depth + 0.0099) * ahead - (0.30 * width + 0.0109) * up
    aside = (0.33 * width + 0.0073) * right
    return {"left_hip": middle - aside, "right_hip": middle + aside}


def _median(values: FloatArray) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if seen.size else float("nan")
