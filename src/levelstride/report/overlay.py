"""Why it exists: seeing the skeleton walk along with the person is the quickest way to trust, or doubt, a measurement.

The source video again, upright, un-mirrored and level as the motion sees it, with skeleton, reference lines, foot
events and a timeline. Frames stream through; nothing grows with the length of the video, and no half a file is left.
"""

import contextlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
from av.bitstream import BitStreamFilterContext

from levelstride.errors import InputError, RecordingError
from levelstride.recording.colour import BT709, yuv_to_rgb
from levelstride.recording.corrections import view_to_display
from levelstride.recording.frames import read_frames
from levelstride.recording.pose.crop import sample
from levelstride.recording.read import Recording
from levelstride.recording.video import probe
from levelstride.report.overlay_canvas import Array, Image, Layout
from levelstride.report.overlay_drawing import Painter

if TYPE_CHECKING:
    from levelstride.analysis import Analysis

OnProgress = Callable[[str, int, int | None], None]

STAGE = "overlay"
_SMALLEST_PX = 160
_CLOCK = 90_000
_REPORT_EVERY = 5
_LIMITED_RANGE = 1


def write_overlay(
    analysis: "Analysis", path: Path, *, on_progress: OnProgress | None = None, longest_side_px: int = 960
) -> Path:
    """Write the recording as an H.264 video with the cleaned skeleton and the events drawn in.

    The picture is the corrected one (rotation, mirroring and camera roll undone) with a timeline strip below it. It
    plays at the pace of the file; the times shown are real time. Where no walk was measured it is darker and has no
    skeleton.

    Parameters
    ----------
    analysis : Analysis
        Of a video file that is still where it was.
    path : Path
        The ``.mp4`` to write; an earlier one is replaced, and is kept when anything fails.
    on_progress : callable, optional
        Called with ``"overlay"``, frames done and frames in all.
    longest_side_px : int
        Limit of the longer side, strip included; smaller pictures are not enlarged.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    InputError
        If the recording is no video, or ``path`` cannot be written or is the recording itself.
    RecordingError
        If the recording cannot be read again or has changed since it was measured.
    """
    path = Path(path)
    recording = analysis.recording
    if not isinstance(recording, Recording):
        raise InputError(f"{analysis.provenance.source_file} has no pictures to draw on.", "An overlay needs a video.")
    source = recording.video.path
    _check_paths(source, path)
    if longest_side_px < _SMALLEST_PX:
        raise InputError(f"An overlay {longest_side_px} px long is too small.", f"Use {_SMALLEST_PX} px or more.")
    times = recording.frame_times_s
    video = probe(source, rotate_deg=recording.context.rotate_deg or 0)
    pace = (recording.context.capture_fps or video.fps) / video.fps if video.fps else 1.0
    painter = Painter.of(analysis, Layout.of(video.width_px, video.height_px, longest_side_px), float(np.max(times)))
    to_stored = video.picture.to_stored @ view_to_display(video.picture, recording.context) @ painter.layout.enlarge
    n_done = 0
    with _temporary(path) as part, _Encoder(part, path, painter.layout.size_px, recording.video.fps / pace) as encoder:
        with closing(read_frames(source)) as decoded:
            for frame in decoded:
                if frame.index >= len(times):
                    raise _changed(source)
                picture = sample(frame, to_stored, painter.layout.picture_px, beyond="black", smooth=True)
                time_s = float(times[frame.index])
                encoder.add(painter.paint(picture, time_s), time_s * pace)
                n_done += 1
                if on_progress and n_done % _REPORT_EVERY == 0:
                    on_progress(STAGE, n_done, len(times))
        if n_done != len(times):
            raise _changed(source)
    if on_progress:
        on_progress(STAGE, n_done, n_done)
    return path


def _check_paths(source: Path, path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder.", "Name the .mp4 file to write.")
    if not path.absolute().parent.is_dir():
        raise InputError(f"{path.parent} does not exist.", "Make that folder first.")
    if path.exists() and source.exists() and path.samefile(source):
        raise InputError(f"{path} is the recording itself.", "Write the overlay to another file.")


def _changed(source: Path) -> RecordingError:
    return RecordingError(f"{source} has changed since it was measured.", "Measure it again.")


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """Give a name beside the wanted one; rename at the end, or take the file away again whatever happened."""
    part = path.with_name(f".levelstride-{uuid.uuid4().hex}.part")
    try:
        yield part
        with _writing(path):
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, av.FFmpegError) as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise InputError(
            f"{path} cannot be written ({reason}).", "Choose another place, or make room there."
        ) from error


class _Encoder:
    """H.264 in MP4, BT.709, each frame with its own time; says nothing about who made it, with what, or when."""

    def __init__(self, part: Path, path: Path, size_px: tuple[int, int], fps: float) -> None:
        rate = Fraction(fps).limit_denominator(1001) if fps > 0 else Fraction(30)
        self._path, self._last = path, -1
        with _writing(path):
            options = {"movflags": "+faststart", "fflags": "+bitexact"}
            self._container = av.open(str(part), "w", format="mp4", options=options)
            stream: Any = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "26", "preset": "veryfast", "g": str(max(1, round(fps))), "flags": "+bitexact"}
        stream.codec_context.time_base = Fraction(1, _CLOCK)
        for name in ("colorspace", "color_primaries", "color_trc", "color_range"):
            setattr(stream.codec_context, name, BT709 if name != "color_range" else _LIMITED_RANGE)
        self._stream = stream
        # The encoder's own remark names its version and the number of processors.
        self._plain = BitStreamFilterContext("filter_units=remove_types=6", in_stream=stream)

    def add(self, image: Image, time_s: float) -> None:
        """Encode one RGB picture shown from ``time_s`` on; a time that does not rise is moved by one tick."""
        frame = av.VideoFrame.from_ndarray(_to_yuv420(image), format="yuv420p")
        frame.pts = self._last = max(self._last + 1, round(time_s * _CLOCK))
        frame.time_base = Fraction(1, _CLOCK)
        self._mux(frame)

    def __enter__(self) -> "_Encoder":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            with contextlib.suppress(OSError, av.FFmpegError):
                self._container.close()
            return
        try:
            self._mux(None)
        finally:
            with _writing(self._path):
                self._container.close()

    def _mux(self, frame: av.VideoFrame | None) -> None:
        with _writing(self._path):
            for packet in self._stream.encode(frame):
                self._container.mux(self._plain.filter(packet))
            if frame is None:
                self._container.mux(self._plain.filter(None))


def _to_yuv420(image: Image) -> Image:
    """Turn RGB into BT.709 planes, limited range, one below the other as FFmpeg wants them."""
    y, u, v = cv2.split(cv2.transform(image, _TO_YUV))
    half = image.shape[1] // 2, image.shape[0] // 2
    u, v = (cv2.resize(plane, half, interpolation=cv2.INTER_AREA) for plane in (u, v))
    return np.concatenate([y.ravel(), u.ravel(), v.ravel()]).reshape(-1, image.shape[1])


def _rgb_to_yuv() -> Array:
    to_rgb = yuv_to_rgb(BT709, False)
    back = np.linalg.inv(to_rgb[:, :3])
    return np.column_stack([back, -back @ to_rgb[:, 3]])


_TO_YUV = _rgb_to_yuv()
