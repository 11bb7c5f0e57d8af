"""Why it exists: every way in which a file can fail to be a recording is told in one line, before any work starts.

PyAV (FFmpeg) reads the file; sizes, rotation and stated frame counts come from here, real timestamps from `frames`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.sidedata.sidedata import SideData
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from levelstride.errors import RecordingError
from levelstride.recording.picture import UPRIGHT, Picture, make_picture, turn_of

_FILM_AGAIN = "Copy the file again from the phone or camera, or film again."
_MP4_MARKS = (b"ftyp", b"moov", b"mdat", b"wide", b"free")


@dataclass(frozen=True)
class VideoInfo:
    """What a file says about its video.

    Attributes
    ----------
    path : Path
    codec, pixel_format : str
        FFmpeg names.
    width_px, height_px : int
        Size of the displayed picture (after rotation, square pixels).
    rotation_deg : int
        Clockwise turn from the stored to the displayed picture, degrees.
    fps : float
        Frames per second. As stated by the file until decoded, then as measured, in real time.
    duration_s : float
        Stated until decoded, then from first to last frame, in real time.
    n_frames : int
        Stated (0 = unknown) until decoded, then the frames really decoded.
    variable_frame_rate : bool
        Known after decoding only.
    n_dropped : int
        Frames missing from an even spacing; known after decoding only.
    picture : Picture
        Map between displayed and stored pixels.
    """

    path: Path
    codec: str
    pixel_format: str
    width_px: int
    height_px: int
    rotation_deg: int
    fps: float
    duration_s: float
    n_frames: int
    picture: Picture
    variable_frame_rate: bool = False
    n_dropped: int = 0


def probe(path: str | Path, *, rotate_deg: int = 0) -> VideoInfo:
    """Read what a file says about itself and decode its first two frames.

    Parameters
    ----------
    path : str or Path
    rotate_deg : int
        Clockwise turn to add to the picture as players show it: 0, 90, 180 or 270.

    Returns
    -------
    VideoInfo

    Raises
    ------
    RecordingError
        If the file is missing, a folder, not a video, audio only, empty, cut off or a single picture.
    """
    path = Path(path)
    with open_video(path) as (container, stream):
        first = list(islice(_decodable(container, stream), 2))
        if not first:
            raise RecordingError(f"{path} holds no decodable frame.", _FILM_AGAIN)
        if len(first) == 1:
            raise RecordingError(f"{path} holds one frame only.", "Give a video of the movement, not a picture.")
        picture = picture_of(first[0], stream, rotate_deg=rotate_deg)
        fps = float(stream.average_rate or stream.guessed_rate or 0)
        return VideoInfo(
            path=path,
            codec=stream.codec_context.name,
            pixel_format=first[0].format.name,
            width_px=picture.width_px,
            height_px=picture.height_px,
            rotation_deg=picture.rotation_deg,
            fps=fps,
            duration_s=_duration_s(container, stream),
            n_frames=_stated_frames(container, stream, fps),
            picture=picture,
        )


@contextmanager
def open_video(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a file and its video stream; close both whatever happens.

    Raises
    ------
    RecordingError
        If the file is missing, a folder, unreadable, not a video, or audio only.
    """
    if path.is_dir():
        raise RecordingError(f"{path} is a folder.", "Give one video file inside it.")
    if not path.exists():
        raise RecordingError(f"{path} does not exist.", "Check the name and the folder.")
    try:
        container = av.open(str(path))
    except PermissionError as error:
        raise RecordingError(f"{path} may not be read.", "Change its permissions or copy it elsewhere.") from error
    except (av.FFmpegError, OSError) as error:
        raise _not_openable(path) from error
    with container:
        stream = _video_stream(container)
        if stream is None:
            kind = "sound but no video" if container.streams.audio else "no video"
            raise RecordingError(f"{path} holds {kind}.", "Give the video file of the recording.")
        yield container, stream


def picture_of(frame: VideoFrame, stream: VideoStream, *, rotate_deg: int = 0) -> Picture:
    """Return the map between displayed and stored pixels of one decoded frame."""
    turn = UPRIGHT
    for item in cast(Iterable[SideData], frame.side_data):
        if item.type == SideDataType.DISPLAYMATRIX:
            turn = turn_of(np.frombuffer(bytes(item)[:36], dtype=np.int32).tolist())
    aspect = stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio
    pixel_aspect = float(aspect) if aspect else 1.0
    return make_picture(frame.width, frame.height, turn=turn, pixel_aspect=pixel_aspect, rotate_deg=rotate_deg)


def check_complete(info: VideoInfo, n_decoded: int, n_damaged: int, last_s: float) -> None:
    """Refuse a recording of which more than a tenth is missing or damaged.

    Parameters
    ----------
    info : VideoInfo
        As probed.
    n_decoded, n_damaged : int
        Frames decoded; packets or frames that could not be.
    last_s : float
        Stated time from the first to the end of the last decoded frame, s.

    Raises
    ------
    RecordingError
    """
    if n_decoded < 2:
        raise RecordingError(f"{info.path} holds {n_decoded} decodable frame(s).", _FILM_AGAIN)
    short = info.duration_s > 0 and last_s < 0.9 * info.duration_s
    if info.n_frames and n_decoded < 0.9 * info.n_frames and short:
        raise RecordingError(f"{info.path} is cut off: {n_decoded} of {info.n_frames} frames can be read.", _FILM_AGAIN)
    if n_damaged > 0.1 * (n_decoded + n_damaged):
        raise RecordingError(f"{info.path} is damaged: {n_damaged} frames cannot be read.", _FILM_AGAIN)


def _video_stream(container: InputContainer) -> VideoStream | None:
    for stream in container.streams.video:
        if not stream.disposition & stream.disposition.attached_pic:
            return stream
    return None


def _decodable(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else 0.0


def _stated_frames(container: InputContainer, stream: VideoStream, fps: float) -> int:
    by_time = round(_duration_s(container, stream) * fps)
    counts = [count for count in (stream.frames, by_time) if count > 0]
    return min(counts, default=0)


def _not_openable(path: Path) -> RecordingError:
    with path.open("rb") as file:
        start = file.read(16)
    if not start:
        return RecordingError(f"{path} is empty.", _FILM_AGAIN)
    if start[4:8] in _MP4_MARKS:
        return RecordingError(f"{path} is cut off: the recording was never finished.", _FILM_AGAIN)
    return RecordingError(f"{path} is not a video.", "Give a video file, for example .mp4, .mov, .webm or .mkv.")
