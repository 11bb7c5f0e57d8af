"""Why it exists: reports show key frames; a second, light pass fetches just those, drawn as the motion sees them."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt

from levelstride.errors import RecordingError
from levelstride.recording.context import RecordingContext
from levelstride.recording.corrections import view_to_display
from levelstride.recording.frames import read_frames
from levelstride.recording.pose.crop import sample
from levelstride.recording.video import probe

Image = npt.NDArray[np.uint8]


def grab_frames(
    path: str | Path,
    frames: Sequence[int],
    context: RecordingContext | None = None,
    *,
    max_side_px: int | None = None,
) -> list[Image]:
    """Fetch single frames as pictures.

    Positions of a motion fit these pictures, also when the recording was turned, mirrored or rolled; when made
    smaller, multiply positions by ``image.shape[1] / recording.video.width_px``.

    Parameters
    ----------
    path : str or Path
    frames : sequence of int
        Indices of decoded frames, in any order, see :meth:`levelstride.recording.read.Recording.frame_at`.
    context : RecordingContext, optional
        As given when the recording was read.
    max_side_px : int, optional
        Shrink so that no side is longer.

    Returns
    -------
    list of ndarray, shape (height, width, 3)
        RGB, uint8, in the order asked.

    Raises
    ------
    RecordingError
        If the file cannot be read or has no such frame.
    """
    context = context or RecordingContext()
    info = probe(path, rotate_deg=context.rotate_deg or 0)
    picture = info.picture
    shrink = min(1.0, (max_side_px or np.inf) / max(picture.width_px, picture.height_px))
    size = (max(1, round(picture.width_px * shrink)), max(1, round(picture.height_px * shrink)))
    x, y = picture.width_px / size[0], picture.height_px / size[1]
    enlarge = np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]])
    to_stored = picture.to_stored @ view_to_display(picture, context) @ enlarge
    wanted, found = set(frames), dict[int, Image]()
    with closing(read_frames(info.path)) as decoded:
        for frame in decoded:
            if frame.index in wanted:
                found[frame.index] = sample(frame, to_stored, size, beyond="black", smooth=True)
            if len(found) == len(wanted):
                break
    missing = sorted(wanted - set(found))
    if missing:
        raise RecordingError(f"{path} has no frame {missing[0]}.", "Ask for frames of the same recording.")
    return [found[index] for index in frames]
