"""Why it exists: decoding runs beside the pose model, in its own thread, and hands over planes, not pictures.

Promises: true timestamps, memory that does not grow with the length of the video, and a thread that always ends.
"""

import queue
import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane

from levelstride.recording.colour import BT709, Matrix, colour_code, yuv_to_rgb
from levelstride.recording.video import open_video

Plane = npt.NDArray[np.uint8]

_QUEUE_FRAMES = 4
_POLL_S = 0.1
_PLANAR = {"yuv420p", "yuv422p", "yuv444p", "yuv440p"}
_PLANAR_FULL = {"yuvj420p", "yuvj422p", "yuvj444p", "yuvj440p"}
_FULL_RANGE = 2
_LIMITED_RANGE = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """One stored frame as views on the decoder's memory.

    Attributes
    ----------
    index : int
        Position in decoding order of display, from 0.
    time_s : float
        Stated time, s; NaN when the file states none.
    planes : tuple of ndarray
        Y, U, V, uint8; chroma may be smaller than luma.
    to_rgb : ndarray, shape (3, 4)
        Map from ``(y, u, v, 1)`` to ``(r, g, b)``, scale 0 to 255.
    chroma_left : bool
        True when chroma samples sit on the left luma sample (MPEG), False when in the middle (JPEG).
    """

    index: int
    time_s: float
    planes: tuple[Plane, Plane, Plane]
    to_rgb: Matrix
    chroma_left: bool


@dataclass(slots=True)
class DecodeCount:
    """How decoding went; filled while frames are read."""

    n_decoded: int = 0
    n_damaged: int = 0


#: Pictures up to full HD are decoded by one thread.
_ONE_THREAD_PX = 1920 * 1088


def read_frames(path: Path, count: DecodeCount | None = None) -> Generator[Frame, None, None]:
    """Yield the frames of a video in display order, decoded ahead in another thread.

    Close the generator (``contextlib.closing``) when leaving early; its thread then ends at once.

    Parameters
    ----------
    path : Path
    count : DecodeCount, optional
        Updated as frames arrive.

    Yields
    ------
    Frame

    Raises
    ------
    RecordingError
        As :func:`levelstride.recording.video.open_video`.
    """
    count = count if count is not None else DecodeCount()
    ready: queue.Queue[Frame | BaseException | None] = queue.Queue(maxsize=_QUEUE_FRAMES)
    stop = threading.Event()
    thread = threading.Thread(
        target=_decode_into, args=(path, ready, stop, count), name=f"decode {path.name}", daemon=True
    )
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
            del item
    finally:
        stop.set()
        _drain(ready)
        thread.join()


def _decode_into(
    path: Path, ready: "queue.Queue[Frame | BaseException | None]", stop: threading.Event, count: DecodeCount
) -> None:
    last: BaseException | None = None
    try:
        for frame in _decode(path, stop, count):
            if not _put(ready, frame, stop):
                return
    except BaseException as error:  # handed to the reader, which raises it
        last = error
    if last is not None:
        _put(ready, last, stop)
    _put(ready, None, stop)


def _put(
    ready: "queue.Queue[Frame | BaseException | None]", item: Frame | BaseException | None, stop: threading.Event
) -> bool:
    while not stop.is_set():
        try:
            ready.put(item, timeout=_POLL_S)
        except queue.Full:
            continue
        return True
    return False


def _drain(ready: "queue.Queue[Frame | BaseException | None]") -> None:
    while True:
        try:
            ready.get_nowait()
        except queue.Empty:
            return


def _decode(path: Path, stop: threading.Event, count: DecodeCount) -> Iterator[Frame]:
    with open_video(path) as (container, stream):
        # Splitting the work costs a sixth more processor time: worth it only where one thread would hold up the net.
        stream.thread_type = "AUTO" if stream.width * stream.height > _ONE_THREAD_PX else "NONE"
        for packet in container.demux(stream):
            if stop.is_set():
                return
            try:
                frames = packet.decode()
            except av.FFmpegError:
                count.n_damaged += 1
                continue
            for frame in frames:
                if frame.is_corrupt:
                    count.n_damaged += 1
                    continue
                count.n_decoded += 1
                yield as_planes(frame, count.n_decoded - 1)


def as_planes(frame: VideoFrame, index: int) -> Frame:
    """View a decoded frame as 8-bit Y, U, V planes, converting only formats that are not planar 8-bit YUV."""
    name = frame.format.name
    time_s = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else float("nan")
    full = frame.color_range == _FULL_RANGE or name in _PLANAR_FULL
    code = colour_code(int(frame.colorspace), frame.height)
    if name == "gray":
        luma = _plane(frame.planes[0])
        neutral = np.full(((frame.height + 1) // 2, (frame.width + 1) // 2), 128, dtype=np.uint8)
        return Frame(index, time_s, (luma, neutral, neutral), yuv_to_rgb(code, full), chroma_left=not full)
    if name not in _PLANAR | _PLANAR_FULL:
        if frame.format.is_rgb or name.startswith(("rgb", "bgr", "gbr", "pal", "argb", "abgr")):
            frame = frame.reformat(format="yuv444p", dst_colorspace=BT709, dst_color_range=_LIMITED_RANGE)
            code, full = BT709, False
        else:
            frame = frame.reformat(format="yuv420p")
            full = frame.color_range == _FULL_RANGE
    y, u, v = (_plane(plane) for plane in frame.planes[:3])
    return Frame(index, time_s, (y, u, v), yuv_to_rgb(code, full), chroma_left=not full)


def _plane(plane: VideoPlane) -> Plane:
    rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
    return np.asarray(rows[: plane.height, : plane.width])
