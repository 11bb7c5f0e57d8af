"""Why it exists: of all people in the picture one is measured, by a rule that anybody can check.

Rule: *walking evidence* = seconds in view x trunk length (px) x (horizontal travel + leg swing, both in trunk
lengths). Who walks through the picture beats who stands in it, near beats far, long in view beats short. Ties go to
the leftmost. The caller may name another person by number: people are numbered by where they are first seen, from
left to right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from levelstride.errors import InputError
from levelstride.recording.pose.track import ANKLES, HIPS, Track, torso_length

_MIN_VIEW_S = 0.5
# What flickers is nobody: share of frames in view between first and last sight.
_MIN_SHARE = 0.5
_SWING_QUANTILES = (0.1, 0.9)
_TRAVEL_QUANTILES = (0.02, 0.98)


@dataclass(frozen=True)
class Person:
    """One person seen in a recording.

    Attributes
    ----------
    number : int
        1 = first seen furthest left.
    first_s, last_s : float
        First and last sight, s from the start of the recording, real time.
    seen_s : float
        Time in view, s, real time.
    x_px, y_px : float
        Middle of the hips at first sight, display pixels.
    trunk_px : float
        Median distance between shoulders and hips, px.
    evidence : float
        Walking evidence, see the module.
    is_subject : bool
    """

    number: int
    first_s: float
    last_s: float
    seen_s: float
    x_px: float
    y_px: float
    trunk_px: float
    evidence: float
    is_subject: bool = False


def walking_evidence(track: Track, dt_s: float) -> float:
    """Return the walking evidence of a track, see the module; ``dt_s`` = seconds between frames."""
    points = track.points_px.astype(float)
    trunk = float(np.median(torso_length(points)))
    if not trunk > 0:
        return 0.0
    hips_x = points[:, HIPS, 0].mean(axis=1)
    apart = points[:, ANKLES[0], 0] - points[:, ANKLES[1], 0]
    low, high = np.quantile(apart, _SWING_QUANTILES)
    left, right = np.quantile(hips_x, _TRAVEL_QUANTILES)
    travel = float(right - left) / trunk
    return track.n_seen * dt_s * trunk * (travel + float(high - low) / trunk)


def list_people(
    tracks: Sequence[Track], dt_s: float, start_s: float = 0.0, person: int | None = None
) -> tuple[list[Person], list[Track]]:
    """List and number the people who were in view for at least half a second, and mark the subject.

    Who is missing in more than half of the frames between first and last sight is a flicker, not a person.

    Parameters
    ----------
    tracks : sequence of Track
    dt_s : float
        Seconds between frames, real time.
    start_s : float
        Time of the first frame, s.
    person : int, optional
        Number of the subject; default by rule.

    Returns
    -------
    people : list of Person
    tracks : list of Track
        In the same order. Both are empty when nobody was seen long enough.

    Raises
    ------
    InputError
        If there is no person with that number.
    """
    kept = [track for track in tracks if track.n_seen * dt_s >= _MIN_VIEW_S and _share_seen(track) >= _MIN_SHARE]
    kept.sort(key=lambda track: (float(_first_hips(track)[0]), int(track.frames[0])))
    evidence = [walking_evidence(track, dt_s) for track in kept]
    if person is not None and kept and not 1 <= person <= len(kept):
        numbers = ", ".join(str(i + 1) for i in range(len(kept)))
        raise InputError(f"There is no person {person} in this recording.", f"People seen: {numbers}.")
    chosen = (person - 1) if person is not None else max(range(len(kept)), key=lambda i: (evidence[i], -i), default=-1)
    people = []
    for i, track in enumerate(kept):
        x, y = _first_hips(track)
        people.append(
            Person(
                number=i + 1,
                first_s=start_s + float(track.frames[0]) * dt_s,
                last_s=start_s + float(track.frames[-1]) * dt_s,
                seen_s=track.n_seen * dt_s,
                x_px=float(x),
                y_px=float(y),
                trunk_px=float(np.median(torso_length(track.points_px))),
                evidence=evidence[i],
                is_subject=i == chosen,
            )
        )
    return people, kept


def _share_seen(track: Track) -> float:
    return track.n_seen / float(track.frames[-1] - track.frames[0] + 1)


def _first_hips(track: Track) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(track.points_px[0, HIPS].mean(axis=0))
