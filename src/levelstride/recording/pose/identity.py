"""Why it exists: who is who, decided from numbers alone, so that it can be tested without pictures.

Two cues: people move on evenly, and they keep their clothes on. When the cues do not clearly prefer one answer,
the answer is None: a gap in the recording is better than a leg of somebody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from levelstride.recording.pose.crop import Window
from levelstride.recording.pose.landmarks import Landmarks
from levelstride.recording.pose.looks import looks_distance
from levelstride.recording.pose.track import Track, body_gap, hips_distance, middle_of_hips

Array = npt.NDArray[np.float64]

# All distances in window edges; the window is about 1.3 body heights.
SAME_BODY = 0.06
_MAX_JUMP = 0.12
_MAX_RESIZE = 1.6
_PLACE_SPREAD = 0.04
_PLACE_SPREAD_PER_S = 0.25
_SPEED_SPREAD_PER_S = 0.25
_MAX_COST = 6.0
_MARGIN = 1.5
_MEET_FROM, _MEET_UNTIL, _TOUCH = 0.25, 0.32, 0.05


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body seen by the detector that no track explains yet."""

    seen: Landmarks
    looks: Array | None


def plausible(track: Track, seen: Landmarks, frame: int) -> bool:
    """Whether a body may be this track's next sight: near its prediction and of similar size."""
    size = track.window.size_px
    jump = float(np.hypot(*(middle_of_hips(seen) - track.predicted_hips(frame)))) / size
    resize = max(seen.next_window.size_px / size, size / max(seen.next_window.size_px, 1e-9))
    return jump <= _MAX_JUMP * max(1, frame - track.last_frame) ** 0.5 and resize <= _MAX_RESIZE


def cost(track: Track, seen: Landmarks, looks: Array | None, frame: int, dt_s: float) -> float:
    """Return how badly a body fits a track: 0 = perfectly, about 1 to 2 = ordinary, above 6 = no fit.

    Parameters
    ----------
    track : Track
    seen : Landmarks
    looks : ndarray or None
        Appearance of the body.
    frame : int
    dt_s : float
        Seconds between frames.
    """
    away_s = max(frame - track.last_frame, 1) * dt_s
    size = track.window.size_px
    place = float(np.hypot(*(middle_of_hips(seen) - track.predicted_hips(frame)))) / size
    resize = abs(float(np.log(max(seen.next_window.size_px, 1e-9) / size))) / 0.3
    return place / (_PLACE_SPREAD + _PLACE_SPREAD_PER_S * away_s) + resize + looks_distance(track.looks, looks)


def same_body(seen: Mapping[Track, Landmarks]) -> list[tuple[Track, Track]]:
    """Return the pairs of tracks that look at one body."""
    tracks = list(seen)
    return [
        (one, other)
        for i, one in enumerate(tracks)
        for other in tracks[i + 1 :]
        if body_gap(seen[one], seen[other]) < SAME_BODY
    ]


def owner(one: Track, other: Track, body: tuple[Landmarks, Array | None], frame: int, dt_s: float) -> Track | None:
    """Return the track to which a body clearly belongs, None when that is unclear."""
    costs = [cost(track, body[0], body[1], frame, dt_s) for track in (one, other)]
    if abs(costs[0] - costs[1]) < _MARGIN:
        return None
    return one if costs[0] < costs[1] else other


def match(
    lost: Sequence[Track], found: Sequence[Candidate], frame: int, dt_s: float
) -> tuple[dict[int, Track], set[int]]:
    """Match reappeared bodies with lost tracks, one to one, only where the choice is clear.

    Returns
    -------
    matched : dict of int to Track
        Index into ``found`` -> its track.
    unclear : set of int
        Indices of bodies that could be one of the lost, nobody can say which: to be left alone for now.
    """
    if not lost or not found:
        return {}, set()
    costs = np.array([[cost(track, body.seen, body.looks, frame, dt_s) for body in found] for track in lost])
    rows, columns = linear_sum_assignment(np.minimum(costs, 10 * _MAX_COST))
    matched: dict[int, Track] = {}
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        best = float(costs[row, column])
        rivals = np.concatenate([np.delete(costs[row], column), np.delete(costs[:, column], row)])
        if best <= _MAX_COST and (not rivals.size or rivals.min() - best >= _MARGIN):
            matched[column] = lost[row]
    fits = np.flatnonzero(costs.min(axis=0) <= _MAX_COST).tolist()
    return matched, set(fits) - set(matched)


@dataclass(eq=False)
class Meeting:
    """Two people close to each other: what they were like before, so that a mix-up shows afterwards."""

    one: Track
    other: Track
    before: tuple[tuple[Array | None, Array], tuple[Array | None, Array]]
    places: tuple[tuple[Array, Window, int], tuple[Array, Window, int]]
    touched_from: int | None = None
    touched_until: int = 0
    apart: int = 0


class Meetings:
    """Watch every pair of people who come close, and settle who is who when they part.

    Parameters
    ----------
    dt_s : float
        Seconds between frames.
    """

    def __init__(self, dt_s: float) -> None:
        self._dt_s = dt_s
        self._open: dict[frozenset[int], Meeting] = {}
        self._settle_frames = max(3, round(0.2 / dt_s))

    def update(self, tracks: Sequence[Track], frame: int) -> list[tuple[Track, Track, str]]:
        """Look at all pairs after a frame.

        Parameters
        ----------
        tracks : sequence of Track
            Those not ended.
        frame : int

        Returns
        -------
        list of (Track, Track, str)
            Pairs with a verdict: ``"swapped"`` (exchanged back, their time in touch forgotten), ``"unclear"`` (both
            ended where they touched) or ``"lost"`` (one slid onto the other's body: both are set back to where they
            touched, to be recognised anew). Pairs that stayed themselves are not listed.
        """
        verdicts: list[tuple[Track, Track, str]] = []
        for i, one in enumerate(tracks):
            for other in tracks[i + 1 :]:
                pair = frozenset((one.number, other.number))
                distance = hips_distance(one, other, frame)
                both_seen = one.last_frame == frame and other.last_frame == frame
                meeting = self._open.get(pair)
                if meeting is None:
                    both_known = min(one.n_seen, other.n_seen) >= self._settle_frames
                    if both_known and both_seen and distance < _MEET_FROM:
                        before = (_state(one), _state(other))
                        self._open[pair] = Meeting(one, other, before, (_place(one), _place(other)))
                    continue
                if distance < _TOUCH or not both_seen:
                    meeting.touched_from = frame if meeting.touched_from is None else meeting.touched_from
                    meeting.touched_until = frame
                if meeting.touched_from is None:
                    meeting.places = (_place(one), _place(other))
                elif not both_seen and self._slid(meeting, frame):
                    del self._open[pair]
                    verdicts.append((one, other, "lost"))
                    continue
                meeting.apart = meeting.apart + 1 if both_seen and distance > _MEET_UNTIL else 0
                if meeting.apart >= self._settle_frames:
                    del self._open[pair]
                    verdict = self._settle(meeting)
                    if verdict:
                        verdicts.append((one, other, verdict))
        alive = {track.number for track in tracks}
        for pair in [pair for pair in self._open if not pair <= alive]:
            del self._open[pair]
        return verdicts

    def _slid(self, meeting: Meeting, frame: int) -> bool:
        """Set both back when the only one still seen moves and looks like the other did."""
        tracks = (meeting.one, meeting.other)
        visible = [i for i in (0, 1) if tracks[i].last_frame == frame]
        if len(visible) != 1 or meeting.touched_from is None:
            return False
        i = visible[0]
        scale = self._speed_scale(meeting)
        now = _recent(tracks[i])
        if _difference(meeting.before[1 - i], now, scale) + _MARGIN > _difference(meeting.before[i], now, scale):
            return False
        for track, (_, velocity), (hips, window, last) in zip(tracks, meeting.before, meeting.places, strict=True):
            track.forget(meeting.touched_from)
            track.hips_px, track.window, track.last_frame, track.velocity_px = hips, window, last, velocity.copy()
            track.recent_looks = track.looks
        return True

    def _speed_scale(self, meeting: Meeting) -> float:
        size = max(meeting.one.window.size_px, meeting.other.window.size_px)
        return _SPEED_SPREAD_PER_S * size * self._dt_s

    def _settle(self, meeting: Meeting) -> str:
        if meeting.touched_from is None:
            return ""
        after = (_recent(meeting.one), _recent(meeting.other))
        scale = self._speed_scale(meeting)
        kept = sum(_difference(b, a, scale) for b, a in zip(meeting.before, after, strict=True))
        swapped = sum(_difference(b, a, scale) for b, a in zip(meeting.before, after[::-1], strict=True))
        if kept + _MARGIN <= swapped:
            return ""
        if swapped + _MARGIN <= kept:
            meeting.one.swap_since(meeting.other, meeting.touched_until + 1)
            for track in (meeting.one, meeting.other):
                track.forget(meeting.touched_from, meeting.touched_until + 1)
            return "swapped"
        for track in (meeting.one, meeting.other):
            track.forget(meeting.touched_from, None)
            track.ended = True
        return "unclear"


def _state(track: Track) -> tuple[Array | None, Array]:
    return track.looks, track.velocity_px.copy()


def _place(track: Track) -> tuple[Array, Window, int]:
    return track.hips_px, track.window, track.last_frame


def _recent(track: Track) -> tuple[Array | None, Array]:
    return track.recent_looks, track.velocity_px.copy()


def _difference(before: tuple[Array | None, Array], after: tuple[Array | None, Array], scale: float) -> float:
    return looks_distance(before[0], after[0]) + float(np.hypot(*(before[1] - after[1])) / scale)
