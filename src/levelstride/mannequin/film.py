"""Why it exists: a drawn walk must reach the reader as a phone's would: an H.264 file, and each time the same bytes."""

import os
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from levelstride.errors import InputError

_NOISE_BEYOND = 64  # the noise picture is larger than the frame by this much, px, and is shifted for every frame


def write_clip(
    path: str | Path,
    frames: Iterable[npt.NDArray[np.uint8]],
    fps: float,
    *,
    crf: int = 28,
    preset: str = "medium",
    noise_sigma: float = 0.0,
    seed: int = 0,
) -> Path:
    """Write pictures as a video (H.264 in MP4, 4:2:0).

    The same pictures give the same bytes on the same machine. The file appears under its name only when complete.

    Parameters
    ----------
    path : str or Path
        Should end in ``.mp4``; overwritten when it exists.
    frames : iterable of ndarray, shape (height, width, 3)
        RGB, uint8, all of one size, both sides even.
    fps : float
        Frames per second.
    crf : int
        Quality of x264: 18 = fine, 28 = small.
    preset : str
        Of x264.
    noise_sigma : float
        Standard deviation of the added noise, levels of 255; a share of it is common to the three colours.
    seed : int
        Of the noise.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If there is no frame, a frame has another size or type, or the folder cannot be written.
    """
    path = Path(path)
    if not np.isfinite(fps) or fps <= 0:
        raise InputError(f"A video cannot have {fps} frames per second.", "Give a positive number, such as 30.")
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _encode(partial, frames, fps, {"crf": str(crf), "preset": preset, "x264-params": "mbtree=0"}, noise_sigma, seed)
        partial.replace(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as problem:
        raise InputError(
            f"{path} cannot be written ({problem.strerror}).", "Name a file in an existing folder that can be written."
        ) from problem
    finally:
        partial.unlink(missing_ok=True)
    return path


def _encode(
    path: Path,
    frames: Iterable[npt.NDArray[np.uint8]],
    fps: float,
    options: dict[str, str],
    noise_sigma: float,
    seed: int,
) -> None:
    # "bitexact" keeps the library's version out of the file; the number of threads changes the bits; and x264's
    # "mbtree" does not give the same bits twice.
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as container:
        stream = None
        noise: _Noise | None = None
        shape: tuple[int, ...] = ()
        for index, picture in enumerate(frames):
            if stream is None:
                shape = picture.shape
                _check_size(shape)
                rate = Fraction(fps).limit_denominator(1001)
                stream = container.add_stream("libx264", rate=rate, options=options)
                stream.height, stream.width = shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.codec_context.thread_count = 2
                stream.codec_context.flags |= int(av.codec.context.Flags.bitexact)
                stream.codec_context.time_base = 1 / rate
                noise = _Noise(shape, noise_sigma, seed) if noise_sigma > 0 else None
            if picture.shape != shape or picture.dtype != np.uint8:
                raise InputError(
                    f"Frame {index} is {picture.dtype} of shape {picture.shape}, the first one uint8 of {shape}.",
                    "Give all frames in one size, as uint8.",
                )
            picture = noise.on(picture) if noise is not None else np.ascontiguousarray(picture)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, 1 / rate
            container.mux(stream.encode(frame))
        if stream is None:
            raise InputError("There is no frame to write.", "Give at least one frame.")
        container.mux(stream.encode())


def _check_size(shape: tuple[int, ...]) -> None:
    if len(shape) != 3 or shape[2] != 3 or shape[0] % 2 or shape[1] % 2 or not shape[0] * shape[1]:
        raise InputError(
            f"Frames of shape {shape} cannot be written.", "Give (height, width, 3) with an even height and width."
        )


class _Noise:
    """One picture of noise, shifted and turned at random for every frame: drawing it afresh would cost 20 ms."""

    def __init__(self, shape: tuple[int, ...], sigma: float, seed: int) -> None:
        self._rng = np.random.default_rng([seed, 3])
        self._shape = shape
        size = (shape[0] + _NOISE_BEYOND, shape[1] + _NOISE_BEYOND)
        grey = self._rng.normal(0.0, sigma * 0.8, (*size, 1))
        colour = self._rng.normal(0.0, sigma * 0.6, (*size, 3))
        self._noise = np.clip(np.rint(grey + colour), -127, 127).astype(np.int16)

    def on(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        y, x = self._rng.integers(0, _NOISE_BEYOND + 1, 2)
        noise = self._noise[y : y + self._shape[0], x : x + self._shape[1]]
        if self._rng.integers(2):
            noise = noise[::-1]
        if self._rng.integers(2):
            noise = noise[:, ::-1]
        return np.asarray(cv2.add(picture, np.ascontiguousarray(noise), dtype=cv2.CV_8U), dtype=np.uint8)
