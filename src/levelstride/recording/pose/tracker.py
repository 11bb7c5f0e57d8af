"""Why it exists: follow up to N people through a streaming video, each through their own window, without mixing them.

Each frame: every person's window is predicted and looked through; bodies claimed twice are settled; now and then,
and whenever somebody is lost, the detector looks for people nobody follows. Unclear identity leaves a gap.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from levelstride.recording.frames import Frame
from levelstride.recording.picture import Picture
from levelstride.recording.pose.crop import Window, whole_picture
from levelstride.recording.pose.detector import PersonDetector
from levelstride.recording.pose.identity import SAME_BODY, Candidate, Meetings, match, owner, plausible, same_body
from levelstride.recording.pose.landmarks import Landmarks
from levelstride.recording.pose.looks import looks_of
from levelstride.recording.pose.pool import NetPool
from levelstride.recording.pose.track import Track, body_gap, middle_of_hips, trunk_direction_deg

Array = npt.NDArray[np.float64]

_log = logging.getLogger(__name__)

MIN_PRESENCE = 0.5
_FORGET_AFTER_S = 2.0
# How often to look for people who are missing, s; how far around their expected place, in window edges.
_MISSING_S = 0.1
_AROUND = 1.5
# Frames whose windows are predicted at once; the same on every machine, so that results are.
_FRAMES_AHEAD = 4
# A trunk further from upright than this is looked at again through an upright window, degrees.
_TURNED_OVER_DEG = 120.0
# From this ratio of sides on, people are too small in the detector's letterboxed view: look at squares as well.
_WIDE = 1.25


class Tracker:
    """Follow people frame by frame.

    Parameters
    ----------
    net : NetPool
    detector : PersonDetector
    picture : Picture
    fps : float
        Frames per second as played, Hz.
    max_people : int
        People followed at the same time.
    detect_every_s : float
        How often to look for newcomers, s.
    """

    def __init__(
        self,
        net: NetPool,
        detector: PersonDetector,
        picture: Picture,
        *,
        fps: float,
        max_people: int = 4,
        detect_every_s: float = 0.5,
    ) -> None:
        self._net, self._detector, self._picture = net, detector, picture
        self._dt_s = 1 / fps
        self._max_people = max_people
        self._every = max(1, round(detect_every_s * fps))
        self._every_when_missing = max(1, min(self._every, round(_MISSING_S * fps)))
        self._areas = search_areas(picture)
        self._last_search = -self._every
        self._meetings = Meetings(self._dt_s)
        self._ahead: dict[tuple[int, int], Landmarks] = {}
        #: Every track ever started, also those ended.
        self.tracks: list[Track] = []
        #: What happened to identities: (frame, one line).
        self.events: list[tuple[int, str]] = []

    @property
    def lookahead(self) -> int:
        """How many frames to take in at once: several while one person is followed, else one, to settle who is who."""
        return 1 if sum(not track.ended for track in self.tracks) > 1 else _FRAMES_AHEAD

    def steps(self, frames: Sequence[Frame]) -> None:
        """Take in the next few frames, looking at everybody in all of them side by side.

        Windows are predicted from the last frame before; a person found or lost among these frames is looked at again.
        """
        before = frames[0].index - 1
        followed = [track for track in self.tracks if not track.ended and track.last_frame == before]
        jobs = [(track, frame) for frame in frames for track in followed]
        bodies = self._net.look_all([(frame, track.predicted_window(frame.index)) for track, frame in jobs])
        self._ahead = {(track.number, frame.index): body for (track, frame), body in zip(jobs, bodies, strict=True)}
        for frame in frames:
            self.step(frame)
        self._ahead = {}

    def step(self, frame: Frame) -> None:
        """Take in the next frame."""
        now = frame.index
        alive = [track for track in self.tracks if not track.ended]
        followed = [track for track in alive if track.last_frame == now - 1]
        seen = self._look(frame, followed)
        looks = self._looks(frame, seen)
        for one, other in same_body(seen):
            if one in seen and other in seen:
                keeps = owner(one, other, (seen[one], looks.get(one)), now, self._dt_s)
                for track in (one, other):
                    if track is not keeps:
                        del seen[track]
        for track, body in seen.items():
            track.see(now, body, looks.get(track))
        self._drop_strangers(alive, now)
        areas = self._areas_due(now)
        if areas:
            self._search(frame, list(seen.values()), areas)
        for one, other, verdict in self._meetings.update([t for t in self.tracks if not t.ended], now):
            self._tell(now, f"people {one.number + 1} and {other.number + 1} met: identity {verdict}")

    def _look(self, frame: Frame, followed: Sequence[Track]) -> dict[Track, Landmarks]:
        seen: dict[Track, Landmarks] = {}
        for track in followed:
            body = self._ahead.get((track.number, frame.index))
            if body is None or body.presence < MIN_PRESENCE:
                body = self._net.look(frame, track.predicted_window(frame.index))
            body = self._on_feet(frame, body, track.predicted_window(frame.index))
            if body.presence >= MIN_PRESENCE and plausible(track, body, frame.index):
                seen[track] = body
        return seen

    def _on_feet(self, frame: Frame, body: Landmarks, window: Window) -> Landmarks:
        """Ask the detector about somebody seen upside down.

        A window that is turned over once shows the net a person standing on the head, who keeps the next window turned.
        """
        if body.presence < MIN_PRESENCE or abs(float(trunk_direction_deg(body.points_px))) < _TURNED_OVER_DEG:
            return body
        around = replace(window, size_px=_AROUND * window.size_px, angle_rad=0.0)
        for detection in self._detector.find(frame, self._picture, around):
            # turned over, hips and shoulders change places: anywhere in the window is the same person
            aside = np.hypot(detection.hips_px[0] - window.x_px, detection.hips_px[1] - window.y_px)
            if aside < 0.5 * window.size_px and np.cos(detection.window.angle_rad) > 0.5:
                again = self._net.look(frame, detection.window)
                if again.presence >= MIN_PRESENCE:
                    return again
        return body

    def _looks(self, frame: Frame, seen: dict[Track, Landmarks]) -> dict[Track, Array | None]:
        if self._max_people == 1:
            return {}
        return {track: looks_of(frame, self._picture, body) for track, body in seen.items()}

    def _drop_strangers(self, alive: Sequence[Track], now: int) -> None:
        for track in alive:
            if (now - track.last_frame) * self._dt_s > _FORGET_AFTER_S:
                track.ended = True

    def _areas_due(self, now: int) -> list[Window]:
        """Return where to look for people in this frame; mostly nowhere."""
        alive = [track for track in self.tracks if not track.ended]
        n_followed = sum(track.last_frame == now for track in alive)
        if n_followed >= self._max_people:
            return []
        if now - self._last_search >= (self._every if n_followed else self._every_when_missing):
            self._last_search = now
            return self._areas
        # Those lost a moment ago are looked for where they should be.
        return [
            replace(track.predicted_window(now), size_px=_AROUND * track.window.size_px, angle_rad=0.0)
            for track in alive
            if track.last_frame < now and (now - track.last_frame - 1) % self._every_when_missing == 0
        ]

    def _search(self, frame: Frame, known: list[Landmarks], areas: Sequence[Window]) -> None:
        now = frame.index
        found: list[Candidate] = []
        for detection in (one for area in areas for one in self._detector.find(frame, self._picture, area)):
            if any(_inside(detection.hips_px, body) for body in known):
                continue
            body = self._on_feet(frame, self._net.look(frame, detection.window), detection.window)
            if body.presence < MIN_PRESENCE or any(body_gap(body, other) < 2 * SAME_BODY for other in known):
                continue
            known.append(body)
            found.append(Candidate(body, looks_of(frame, self._picture, body)))
        lost = [track for track in self.tracks if not track.ended and track.last_frame < now]
        matched, unclear = match(lost, found, now, self._dt_s)
        for i, candidate in enumerate(found):
            track = matched.get(i)
            if track is None:
                n_followed = sum(not track.ended and track.last_frame == now for track in self.tracks)
                if i in unclear or n_followed >= self._max_people:
                    continue
                hips, window = middle_of_hips(candidate.seen), candidate.seen.next_window
                track = Track(len(self.tracks), hips, window, last_frame=now)
                self.tracks.append(track)
            track.see(now, candidate.seen, candidate.looks)

    def _tell(self, frame: int, event: str) -> None:
        _log.info("frame %d: %s", frame, event)
        self.events.append((frame, event))


def search_areas(picture: Picture) -> list[Window]:
    """Return the squares in which people are looked for in turn: the whole picture, then overlapping parts of it."""
    long_px, short_px = max(picture.width_px, picture.height_px), min(picture.width_px, picture.height_px)
    areas = [whole_picture(picture)]
    if long_px < _WIDE * short_px:
        return areas
    n_parts = int(-(-2 * long_px // short_px)) - 1
    step = (long_px - short_px) / (n_parts - 1)
    for i in range(n_parts):
        along, across = short_px / 2 + i * step, short_px / 2
        x, y = (along, across) if picture.width_px >= picture.height_px else (across, along)
        areas.append(Window(x, y, float(short_px)))
    return areas


def _inside(hips_px: Array, body: Landmarks) -> bool:
    """Whether a detection is most likely the given body: its hips lie on that body's hips."""
    distance = float(np.hypot(*(middle_of_hips(body) - hips_px)))
    return distance < SAME_BODY * body.next_window.size_px
