"""Why it exists: short videos for tests, written with PyAV: cut from a real recording, or plain pictures."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]


def read_pictures(
    path: Path, *, start: int = 0, stop: int | None = None, step: int = 1, width: int = 884
) -> Iterator[Picture]:
    """Yield RGB frames of a video, scaled to a width."""
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if stop is not None and index >= stop:
                return
            if index >= start and (index - start) % step == 0:
                height = round(frame.height * width / frame.width / 2) * 2
                yield frame.reformat(width=width, height=height, format="rgb24").to_ndarray()


def write_video(
    path: Path,
    pictures: Iterable[Picture],
    *,
    fps: float = 30.0,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    times_s: Iterable[float] | None = None,
    options: dict[str, str] | None = None,
    change: Callable[[Picture], Picture] = lambda p: p,
) -> Path:
    """Encode pictures; ``times_s`` gives each its own time stamp."""
    default = {"preset": "ultrafast", "crf": "20"}
    if codec == "libx265":
        default["x265-params"] = "log-level=none"
    times = iter(times_s) if times_s is not None else None
    with av.open(str(path), "w") as container:
        stream = None
        for index, picture in enumerate(pictures):
            picture = np.ascontiguousarray(change(picture))
            if stream is None:
                stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1000))
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = pix_fmt
                stream.options = options or default
                stream.codec_context.time_base = Fraction(1, 3000)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base = Fraction(1, 3000)
            frame.pts = round((next(times) if times is not None else index / fps) * 3000)
            container.mux(stream.encode(frame))
        if stream is not None:
            container.mux(stream.encode())
    return path


def write_tone(path: Path, *, seconds: float = 2.0) -> Path:
    """Write a file with sound and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100, layout="mono")
        samples = (0.1 * np.sin(np.arange(int(44100 * seconds)) * 0.06)).astype(np.float32)
        for start in range(0, len(samples) - 1023, 1024):
            frame = av.AudioFrame.from_ndarray(samples[None, start : start + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
