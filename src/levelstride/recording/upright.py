"""Why it exists: a phone that lost its rotation mark shows people lying or upside down; nothing measured then is true.

The recording is refused with the turn that would put people on their feet.
"""

from contextlib import closing

import numpy as np
import numpy.typing as npt

from levelstride.errors import RecordingError
from levelstride.recording.frames import Frame, read_frames
from levelstride.recording.picture import Picture
from levelstride.recording.pose.detector import PersonDetector
from levelstride.recording.pose.landmarks import LandmarkNet
from levelstride.recording.pose.track import trunk_direction_deg
from levelstride.recording.pose.tracker import MIN_PRESENCE
from levelstride.recording.video import VideoInfo, probe

Array = npt.NDArray[np.float64]

_MOSTLY = 0.6
_TILTED_FROM_DEG = 60.0
_N_SAMPLES = 6


def needed_turn(points: Array) -> int:
    """Return the clockwise turn that would put a person upright: 0, 90, 180 or 270 degrees.

    Parameters
    ----------
    points : ndarray, shape (frames, 33, 2)
        BlazePose order, display pixels, NaN = not seen.

    Returns
    -------
    int
        0 unless the trunk points away from upright in most frames.
    """
    angles = trunk_direction_deg(points)
    angles = angles[np.isfinite(angles)]
    if not angles.size or np.mean(np.abs(angles) > _TILTED_FROM_DEG) < _MOSTLY:
        return 0
    quarter = np.round(angles / 90).astype(int) % 4
    return int(-90 * np.bincount(quarter, minlength=4)[1:].argmax() - 90) % 360


def refuse_turned(points: Array, info: VideoInfo, rotate_deg: int) -> None:
    """Raise when the subject is not upright in most frames.

    Raises
    ------
    RecordingError
        Naming the turn to ask for.
    """
    turn = needed_turn(points)
    if turn:
        raise _refusal(info, (rotate_deg + turn) % 360)


def turn_that_shows_people(info: VideoInfo, rotate_deg: int) -> int | None:
    """Look at a few frames turned by a quarter, half and three quarters.

    Returns
    -------
    int or None
        The whole clockwise turn that shows upright people in most of them; None when no turn does.
    """
    turns = [(rotate_deg + turn) % 360 for turn in (90, 270, 180)]
    pictures = [probe(info.path, rotate_deg=turn).picture for turn in turns]
    wanted = set(np.linspace(0, max(info.n_frames - 1, 1), _N_SAMPLES + 2)[1:-1].astype(int).tolist())
    detector, net = PersonDetector(), LandmarkNet("lite")
    score = np.zeros(len(turns))
    with closing(read_frames(info.path)) as frames:
        for frame in frames:
            if frame.index in wanted:
                score += [_upright(frame, picture, detector, net) for picture in pictures]
    best = int(score.argmax())
    return turns[best] if score[best] >= 0.5 * _N_SAMPLES else None


def refuse_if_turned_helps(info: VideoInfo, rotate_deg: int) -> None:
    """Raise when turning the picture would show people.

    Raises
    ------
    RecordingError
    """
    turn = turn_that_shows_people(info, rotate_deg)
    if turn is not None:
        raise _refusal(info, turn)


def _upright(frame: Frame, picture: Picture, detector: PersonDetector, net: LandmarkNet) -> bool:
    for detection in detector.find(frame, picture):
        body = net.look(frame, picture, detection.window)
        tilt = float(trunk_direction_deg(body.points_px))
        if body.presence >= MIN_PRESENCE and abs(tilt) < _TILTED_FROM_DEG:
            return True
    return False


def _refusal(info: VideoInfo, turn: int) -> RecordingError:
    fix = f"Turn it upright with --rotate {turn}." if turn else "Leave out --rotate."
    return RecordingError(f"{info.path} shows people lying on their side or upside down.", fix)
