"""Why it exists: tiny videos with stated colours, clocks and rotations, encoded with PyAV where a test needs one."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

CLOCK = 90_000


def scene(index: int = 0, width: int = 160, height: int = 120) -> np.ndarray:
    """Smooth coloured picture with a bright square near the top left; RGB."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    picture = np.stack(
        [
            60 + 120 * x / width,
            200 - 130 * y / height,
            90 + 60 * np.sin(2 * np.pi * (x + y) / (width + height) + 0.1 * index),
        ],
        axis=-1,
    )
    picture[8:32, 8:32] = (240, 230, 40)
    return picture.round().astype(np.uint8)


def write(
    path: Path,
    pictures: Iterable[np.ndarray],
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    fps: int = 30,
    times_s: Iterable[float] | None = None,
    clockwise_deg: int = 0,
    colorspace: int = 5,
    color_range: int = 1,
    aspect: Fraction | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    pictures = list(pictures)
    times = list(times_s) if times_s is not None else [i / fps for i in range(len(pictures))]
    settings = {
        "libx264": {"crf": "4", "preset": "ultrafast"},
        "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:crf=8"},
    }
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=fps, options=options or settings.get(codec, {}))
        stream.height, stream.width = pictures[0].shape[:2] if pictures else (64, 64)
        stream.pix_fmt = pix_fmt
        stream.codec_context.time_base = Fraction(1, CLOCK)
        stream.codec_context.colorspace = colorspace
        stream.codec_context.color_range = color_range
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if clockwise_deg:
            stream.set_display_rotation(-clockwise_deg)
        for picture, time_s in zip(pictures, times, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame = frame.reformat(format=pix_fmt, dst_colorspace=colorspace, dst_color_range=color_range)
            frame.colorspace, frame.color_range = colorspace, color_range
            frame.pts, frame.time_base = round(time_s * CLOCK), Fraction(1, CLOCK)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def tone(path: Path) -> Path:
    """Sound without video."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=44_100)
        for i in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44_100, i * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
