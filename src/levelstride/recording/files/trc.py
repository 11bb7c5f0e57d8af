"""Why it exists: OpenSim, OpenCap, Pose2Sim and Sports2D exchange marker positions as TRC tables.

Y is up by OpenSim's convention; which way the person faces is not, so the points are turned until they face X.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from levelstride.errors import RecordingError
from levelstride.motion.dataset import FloatArray, make_motion, with_log
from levelstride.recording.files.hips import with_hips
from levelstride.recording.files.labels import NEEDED, match_markers
from levelstride.recording.files.result import MotionFile, even_times, listed, read_text, refuse_short
from levelstride.recording.files.world import find_facing, to_world, upright_note

_TO_METRES = {"mm": 1e-3, "cm": 1e-2, "m": 1.0}
_UP = np.array([0.0, 1.0, 0.0])
_EXPORT_AGAIN = "Export it again; a TRC file names its DataRate, Units and markers in five lines at its top."


@dataclass(frozen=True)
class TrcTable:
    """A TRC file as it stands.

    Attributes
    ----------
    labels : tuple of str
    position_m : ndarray, shape (time, markers, 3)
        Metres, axes of the file; NaN where a cell is empty.
    time_s : ndarray, shape (time,)
        As written, s.
    rate_hz : float
    warnings : tuple of str
    """

    labels: tuple[str, ...]
    position_m: FloatArray
    time_s: FloatArray
    rate_hz: float
    warnings: tuple[str, ...]


def read_trc(path: Path) -> MotionFile:
    """Read a TRC file into a motion in the house's world frame.

    Raises
    ------
    RecordingError
        If the table is damaged, has fewer than two rows, uneven times, or lacks the points of a leg.
    """
    table = read_trc_table(path)
    refuse_short(path, len(table.time_s))
    index, rate, notes = even_times(path, table.time_s, table.rate_hz)
    even = np.full((index[-1] + 1, *table.position_m.shape[1:]), np.nan)
    even[index] = table.position_m
    matched = with_hips(match_markers({label: even[:, i] for i, label in enumerate(table.labels)}))
    if not matched.has_leg:
        raise RecordingError(f"{path} lacks the points of a leg; it holds: {listed(table.labels)}.", NEEDED)
    points = matched.points
    facing = find_facing(points, _UP)
    warnings = [*table.warnings, *notes, *matched.warnings, *upright_note(points, _UP), *facing.warnings]
    if facing.forward is None:
        warnings.append("No point tells where the person faces: X is the file's own.")
    forward = np.array([1.0, 0.0, 0.0]) if facing.forward is None else facing.forward
    world = to_world(points, _UP, forward)
    motion = make_motion(
        np.stack(list(world.values()), axis=2)[..., np.newaxis],
        keypoints=list(world),
        fps=rate,
        length_unit="m",
        source_software="TRC",
        source_file=str(path),
    )
    motion = with_log(
        motion,
        "read_trc",
        labels={name: list(labels) for name, labels in matched.used.items()},
        start_s=float(table.time_s[0]),
        turned_deg=round(float(np.degrees(np.arctan2(forward[2], forward[0]))), 6),
        forward_from=facing.source,
    )
    return MotionFile(
        motion=motion, kind="trc", labels_found=table.labels, labels_used=matched.used, warnings=tuple(warnings)
    )


def read_trc_table(path: Path) -> TrcTable:
    """Read the numbers of a TRC file without interpreting its labels.

    Raises
    ------
    RecordingError
        If the header or a row is not as the format has it.
    """
    lines = read_text(path).splitlines()
    if len(lines) < 5 or not lines[0].strip().lower().startswith("pathfiletype"):
        raise RecordingError(f"{path} is not a TRC file.", _EXPORT_AGAIN)
    keys, stated_values = ([cell.strip() for cell in line.split("\t")] for line in lines[1:3])
    header = dict(zip(keys, stated_values, strict=False))
    warnings: list[str] = []
    labels = [label.strip() for label in lines[3].split("\t")[2::3]]
    while labels and not labels[-1]:
        labels.pop()
    if not labels or not all(labels) or len(set(labels)) < len(labels):
        raise RecordingError(f"{path} does not name each of its markers once.", _EXPORT_AGAIN)
    unit = header.get("Units", "").casefold()
    if unit not in _TO_METRES:
        raise RecordingError(f"{path} states the length unit {unit!r}.", "Write mm or m under Units in its third line.")
    rows = []
    for number, line in enumerate(lines[5:], start=6):
        if line.strip():
            rows.append(_row(path, number, line, len(labels)))
    values = np.array(rows).reshape(len(rows), 2 + 3 * len(labels))
    stated = _number(header.get("NumFrames", ""))
    if np.isfinite(stated) and len(rows) < stated:
        if len(rows) < 0.9 * stated:
            raise RecordingError(f"{path} is cut off: {len(rows)} of {stated:.0f} frames.", "Copy or export it again.")
        warnings.append(f"The file announces {stated:.0f} frames and holds {len(rows)}.")
    positions = values[:, 2:].reshape(len(rows), len(labels), 3) * _TO_METRES[unit]
    positions[~np.isfinite(positions).all(axis=-1)] = np.nan
    return TrcTable(
        labels=tuple(labels),
        position_m=positions,
        time_s=values[:, 1],
        rate_hz=_number(header.get("DataRate", "")),
        warnings=tuple(warnings),
    )


def _row(path: Path, number: int, line: str, n_labels: int) -> FloatArray:
    """One row; cells left empty, at the end too, are missing."""
    cells = line.split("\t")
    width = 2 + 3 * n_labels
    cells = (cells + [""] * width)[: max(width, len(cells))]
    values = np.array([_number(cell) if cell.strip() else np.nan for cell in cells[:width]])
    wrong = next((c for c, v in zip(cells, values, strict=False) if c.strip() and np.isnan(v) and not _is_nan(c)), None)
    if wrong is not None or any(c.strip() for c in cells[width:]) or np.isnan(values[1]):
        shown = repr(wrong[:20]) if wrong is not None else "cells that do not fit the header"
        raise RecordingError(f"{path} has {shown} in line {number}.", "Copy or export it again.")
    return values


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _is_nan(text: str) -> bool:
    return text.strip().casefold() in ("nan", "-nan", "na", "none", "null")
