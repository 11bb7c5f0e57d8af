"""Why it exists: whatever the format, a motion file comes back as one thing: the motion and what was assumed.

Also holds the few refusals that every reader of this package shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import xarray as xr

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import RecordingError
from levelstride.motion.dataset import FloatArray

Kind = Literal["c3d", "trc", "mot", "landmarks", "motion"]
Events = Mapping[str, Mapping[Side, FloatArray]]


@dataclass(frozen=True)
class MotionFile:
    """A file as a motion.

    Attributes
    ----------
    motion : xarray.Dataset
        One individual. 3D: world frame (X where the person faces or walks, Y up, Z right), m. 2D: image frame
        (x right, y down), px. NaN = missing. The clock starts at zero.
    kind : {"c3d", "trc", "mot", "landmarks", "motion"}
    labels_found : tuple of str
        Every label of the file, in its order.
    labels_used : mapping of str to tuple of str
        Point of the motion -> the labels it comes from; two labels mean their middle.
    events : mapping or None
        ``{"contacts": {"left": times, "right": times}, "toe_offs": {...}}``, s on the motion's clock, as marked in
        the file; None where the file marks none.
    angles_deg : mapping of str to ndarray
        Joint angles that the file itself holds: Plug-in-Gait ``(time, 3)`` by label, OpenSim ``(time,)`` by
        coordinate; NaN = missing.
    warnings : tuple of str
        One line for everything that was assumed.
    """

    motion: xr.Dataset
    kind: Kind
    labels_found: tuple[str, ...]
    labels_used: Mapping[str, tuple[str, ...]]
    events: Events | None = None
    angles_deg: Mapping[str, FloatArray] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """Return a file as text.

    Raises
    ------
    RecordingError
        If it cannot be read, is empty or is not text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RecordingError(
            f"{path} is not text, though its name says so.", "Export the file again, or correct its ending."
        ) from error
    except OSError as error:
        raise RecordingError(
            f"{path} may not be read ({error.strerror}).", "Change its permissions or copy it elsewhere."
        ) from error
    if "\0" in text:
        raise RecordingError(
            f"{path} is not text, though its name says so.", "Export the file again, or correct its ending."
        )
    if not text.strip():
        raise RecordingError(f"{path} is empty.", "Export the file again.")
    return text


def refuse_short(path: Path, n_frames: int) -> None:
    """Refuse what cannot move: fewer than two samples.

    Raises
    ------
    RecordingError
        If there are fewer than two.
    """
    if n_frames < 2:
        held = "one sample only" if n_frames else "no sample"
        raise RecordingError(f"{path} holds {held}.", "Give the file of a movement, not of a single pose.")


def even_times(path: Path, time_s: FloatArray, rate_hz: float | None) -> tuple[npt.NDArray[np.int_], float, list[str]]:
    """Put samples on an even clock: row -> index of its sample.

    Parameters
    ----------
    time_s : ndarray, shape (rows,)
        As written in the file, s.
    rate_hz : float or None
        Rate that the file states, Hz.

    Returns
    -------
    index : ndarray of int, shape (rows,)
        Sample of each row, from zero, rising; a missing row leaves its sample out.
    rate_hz : float
    warnings : list of str

    Raises
    ------
    RecordingError
        If time stands still, runs backwards or is too uneven.
    """
    steps = np.diff(time_s)
    if not np.isfinite(time_s).all() or (steps <= 0).any():
        raise RecordingError(f"{path} has times that do not rise.", "Export the file again with one row per sample.")
    warnings: list[str] = []
    measured = 1.0 / float(np.median(steps))
    if rate_hz is None or not np.isfinite(rate_hz) or rate_hz <= 0:
        rate = measured
    elif abs(rate_hz - measured) > 0.01 * measured:
        warnings.append(f"The file states {rate_hz:g} samples a second, its times say {measured:.5g}: the times count.")
        rate = measured
    else:
        rate = rate_hz
    index = np.concatenate([[0.0], np.cumsum(np.round(steps * rate))])
    fitted = float(index[-1] / (time_s[-1] - time_s[0]))
    if abs(fitted - rate) > 5e-4 * rate or rate_hz is None:
        rate = fitted
    if abs(rate - round(rate, 2)) < 1e-4 * rate:  # times are written rounded
        rate = round(rate, 2)
    if np.abs((time_s - time_s[0]) * rate - index).max() > 0.25 or (np.diff(index) < 1).any():
        raise RecordingError(
            f"{path} has uneven times ({steps.min():.4g} to {steps.max():.4g} s apart).",
            "Export it at a steady rate.",
        )
    missing = int(index[-1]) + 1 - len(index)
    if missing > 10 * len(index):
        raise RecordingError(f"{path} has gaps far longer than what it holds.", "Export one movement per file.")
    if missing:
        warnings.append(f"{missing} samples are absent from the file and count as missing.")
    return index.astype(int), rate, warnings


def no_events(events: Events) -> bool:
    """Whether not a single event is marked."""
    return not any(len(events[kind][side]) for kind in events for side in SIDES)


def listed(labels: Sequence[str], most: int = 24) -> str:
    """Return labels for a message: the first ones, then how many more."""
    shown = ", ".join(labels[:most]) or "none"
    return shown if len(labels) <= most else f"{shown} and {len(labels) - most} more"
