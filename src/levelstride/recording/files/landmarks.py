"""Why it exists: other pose estimators have already looked at many videos; their landmarks need no second look.

JSON and CSV tables of one person's image landmarks become a 2D motion in pixels. What the table leaves open (frame
rate, picture size) must be stated; nothing is guessed from the numbers but whether they are fractions or pixels.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from levelstride.anatomy.keypoints import other_side
from levelstride.errors import RecordingError
from levelstride.motion.dataset import FloatArray, make_motion, with_log
from levelstride.recording.context import RecordingContext
from levelstride.recording.corrections import view_to_display
from levelstride.recording.files.labels import BY_COUNT, image_name
from levelstride.recording.files.result import MotionFile, even_times, listed, read_text, refuse_short
from levelstride.recording.picture import Picture

_LEAST_POINTS = 3
_FRACTION_LIMIT = 3.0  # fractions stray beyond the picture, but not by two more pictures
_LISTS = ("frames", "landmarks", "positions", "data", "results")
_POINTS = ("landmarks", "pose_landmarks", "poseLandmarks", "image_landmarks", "keypoints", "pose")
_VISIBILITY = ("visibility", "confidence", "score", "likelihood", "v", "c")
_STATE_FPS = "State how many frames per second the camera took, for example capture_fps: 30 (--capture-fps 30)."
_STATE_SIZE = "State the size of the picture in pixels (width and height), in the file or when reading it."
_SHAPE = (
    "Give a list of frames with 33 points {x, y, visibility} each, OpenPose's 'people', "
    "or a CSV with columns left_knee_x, left_knee_y, ..."
)

Point = tuple[float, float, float]


@dataclass
class _Table:
    """Frames as read, before units and rate are settled: names, x, y, visibility."""

    frames: list[dict[str, Point]]
    labels: dict[str, str] = field(default_factory=dict)
    fps: float | None = None
    picture_px: tuple[int, int] | None = None
    time_s: FloatArray | None = None
    frame_numbers: list[int] | None = None
    notes: list[str] = field(default_factory=list)
    crowded: int = 0


def read_landmarks(path: Path, context: RecordingContext, picture_size_px: tuple[int, int] | None) -> MotionFile:
    """Read a table of image landmarks into a 2D motion in pixels.

    Parameters
    ----------
    path : Path
        ``.json``, ``.csv`` or a folder of OpenPose's ``*_keypoints.json``.
    context : RecordingContext
        ``capture_fps`` gives the rate where the file holds none; mirroring and camera roll are undone.
    picture_size_px : (int, int) or None
        Width, height; wins over the file's own. Needed where coordinates are fractions of the picture.

    Raises
    ------
    RecordingError
        If the table is damaged, holds fewer than two frames or three known points, or leaves open what is needed.
    """
    if path.is_dir():
        table = _read_folder(path)
    elif path.suffix.casefold() == ".csv":
        table = _read_csv(path)
    else:
        table = _read_json(path)
    refuse_short(path, len(table.frames))
    names = [name for name in table.labels if any(name in frame for frame in table.frames)]
    if len(names) < _LEAST_POINTS:
        raise RecordingError(
            f"{path} holds no landmarks by known names; it holds: {listed(list(table.labels))}.", _SHAPE
        )
    values = np.full((len(table.frames), len(names), 3), np.nan)
    for i, frame in enumerate(table.frames):
        for k, name in enumerate(names):
            if name in frame:
                values[i, k] = frame[name]
    values, fps = _on_clock(path, values, table, context)
    points, visibility = values[..., :2], values[..., 2]
    points[~np.isfinite(points).all(axis=-1)] = np.nan
    if not np.isfinite(points).any():
        raise RecordingError(f"{path} holds no point that was seen.", "Give the landmarks of a person in view.")
    size = picture_size_px or table.picture_px
    if np.nanmax(np.abs(points)) < _FRACTION_LIMIT:
        if size is None:
            raise RecordingError(f"{path} gives fractions of a picture of unknown size.", _STATE_SIZE)
        table.notes.append(f"Coordinates were taken as fractions of a picture of {size[0]} x {size[1]} pixels.")
        points = points * np.array(size, dtype=float)
    if not np.isfinite(visibility).any():
        table.notes.append("The file says nothing about how sure each point is.")
    if table.crowded:
        table.notes.append(f"{table.crowded} frames hold several people: the first of each frame was taken.")
    labels = [table.labels[name] for name in names]
    points, names = _corrected(path, points, names, size, context)
    used = dict(zip(names, labels, strict=True))
    motion = make_motion(
        points.transpose(0, 2, 1)[..., np.newaxis],
        visibility[..., np.newaxis],
        keypoints=names,
        fps=fps,
        view=context.view,
        source_software="landmarks",
        source_file=str(path),
        picture_size_px=size,
    )
    motion = with_log(motion, "read_landmarks", labels=used, capture_fps=context.capture_fps)
    for wanted, step, stated in (
        (context.mirrored, "unmirror", {}),
        (bool(context.camera_roll_deg), "level", {"camera_roll_deg": context.camera_roll_deg}),
    ):
        if wanted:
            motion = with_log(motion, step, **stated)
    return MotionFile(
        motion=motion,
        kind="landmarks",
        labels_found=tuple(table.labels.values()),
        labels_used={name: (label,) for name, label in used.items()},
        warnings=tuple(table.notes),
    )


# -------------------------------------------------------------------------------------------------- reading


def _read_json(path: Path) -> _Table:
    found = _parse(path)
    table = _Table(frames=[])
    frames: Any = found
    if isinstance(found, dict):
        table.fps = _positive(found.get("fps", found.get("frame_rate")))
        table.picture_px = _size(found)
        frames = next((found[key] for key in _LISTS if key in found), found if "people" in found else None)
        if isinstance(frames, dict) and "people" in frames:
            frames = [frames]
        elif isinstance(frames, dict):
            frames = _numbered(path, frames, table)
    if not isinstance(frames, list):
        raise RecordingError(f"{path} is JSON, but not a table of landmarks.", _SHAPE)
    for number, frame in enumerate(frames, start=1):
        table.frames.append(_frame(path, number, frame, table))
    return table


def _read_folder(path: Path) -> _Table:
    files = sorted(path.glob("*_keypoints.json")) or sorted(path.glob("*.json"))
    if not files:
        raise RecordingError(
            f"{path} is a folder without landmark files.", "Give OpenPose's folder of *_keypoints.json."
        )
    table = _Table(frames=[])
    for number, file in enumerate(files, start=1):
        table.frames.append(_frame(file, number, _parse(file), table))
    table.notes.append(f"{len(files)} files of the folder were taken as successive frames, in order of their names.")
    return table


def _parse(path: Path) -> Any:
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise RecordingError(f"{path} is not whole JSON ({reason}).", "Copy or export it again.") from error


def _numbered(path: Path, frames: Mapping[str, Any], table: _Table) -> list[Any]:
    """Frames under their numbers (``{"1.0": {...}, "2.0": ...}``), in order."""
    try:
        order = sorted((float(key), key) for key in frames)
        table.frame_numbers = [round(number) for number, _ in order]
    except (ValueError, OverflowError) as error:
        raise RecordingError(f"{path} is JSON, but not a table of landmarks.", _SHAPE) from error
    return [frames[key] for _, key in order]


def _frame(path: Path, number: int, frame: Any, table: _Table) -> dict[str, Point]:
    """Return one frame's points, whatever of the known shapes it has."""
    broken = RecordingError(f"{path} has no landmarks of a known shape in frame {number}.", _SHAPE)
    if isinstance(frame, dict) and "people" in frame:
        people = frame["people"]
        if not isinstance(people, list):
            raise broken
        table.crowded += len(people) > 1
        frame = people[0] if people else None
        if isinstance(frame, dict):
            flat = frame.get("pose_keypoints_2d", frame.get("pose_keypoints"))
            if not isinstance(flat, list) or len(flat) % 3:
                raise broken
            frame = [flat[i : i + 3] for i in range(0, len(flat), 3)] or None
    elif isinstance(frame, dict):
        inner = next((frame[key] for key in _POINTS if key in frame), frame)
        frame = inner
    if isinstance(frame, list) and len(frame) == 1 and isinstance(frame[0], list) and len(frame[0]) in BY_COUNT:
        frame = frame[0]  # MediaPipe lists people; here is one
    if not frame:
        return {}
    if isinstance(frame, dict):
        if len(frame) in BY_COUNT and all(key.isdigit() for key in frame):
            frame = [frame[key] for key in sorted(frame, key=int)]
        else:
            return _named(frame, table, broken)
    if not isinstance(frame, list):
        raise broken
    if len(frame) not in BY_COUNT:
        raise RecordingError(
            f"{path} has {len(frame)} points in frame {number}.", f"Known are {sorted(BY_COUNT)} points."
        )
    convention, names = BY_COUNT[len(frame)]
    note = f"Points without names were taken in the order of {convention}."
    if note not in table.notes:
        table.notes.append(note)
    points = {}
    for i, (name, value) in enumerate(zip(names, frame, strict=True)):
        table.labels.setdefault(name, str(i))
        if (point := _point(value, broken)) is not None:
            points[name] = point
    return points


def _named(frame: Mapping[str, Any], table: _Table, broken: RecordingError) -> dict[str, Point]:
    points = {}
    for label, value in frame.items():
        name = image_name(str(label))
        if name is None:
            table.labels.setdefault(str(label), str(label))
            continue
        table.labels.setdefault(name, str(label))
        if (point := _point(value, broken)) is not None:
            points[name] = point
    return points


def _point(value: Any, broken: RecordingError) -> Point | None:
    """Return x, y, visibility; None when the estimator gives nothing (null, or OpenPose's exact zeros)."""
    if value is None:
        return None
    try:
        if isinstance(value, dict):
            seen = next((value[key] for key in _VISIBILITY if value.get(key) is not None), np.nan)
            x, y, sure = float(value["x"]), float(value["y"]), float(seen)
        else:
            numbers = [np.nan if v is None else float(v) for v in value]
            x, y = numbers[0], numbers[1]
            sure = numbers[3] if len(numbers) >= 4 else np.nan
            if len(numbers) == 3 and 0 <= numbers[2] <= 1 and (x > _FRACTION_LIMIT or numbers == [0.0, 0.0, 0.0]):
                sure = numbers[2]  # OpenPose: x, y, confidence; with fractions the third number is depth
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise broken from error
    if x == 0 and y == 0:
        return None
    return x, y, sure


def _read_csv(path: Path) -> _Table:
    try:
        rows = list(csv.reader(read_text(path).splitlines()))
    except csv.Error as error:
        raise RecordingError(f"{path} is not a table ({error}).", "Export it again.") from error
    header = [cell.strip() for cell in rows[0]]
    lower = [cell.casefold() for cell in header]
    table = _Table(frames=[])
    columns: dict[str, dict[str, int]] = {}
    for i, cell in enumerate(lower):
        base, _, what = cell.rpartition("_")
        if base and what == "x" and f"{base}_y" in lower:
            name = image_name(base) or base
            table.labels.setdefault(name, header[i][:-2])
            if image_name(base):
                seen = next((lower.index(f"{base}_{v}") for v in _VISIBILITY if f"{base}_{v}" in lower), -1)
                columns.setdefault(name, {"x": i, "y": lower.index(f"{base}_y"), "v": seen})
    if len(columns) < _LEAST_POINTS:
        raise RecordingError(f"{path} has no columns of known landmarks; it has: {listed(header)}.", _SHAPE)
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]

    def column(i: int) -> FloatArray:
        return np.array([_cell(path, number, row, i) for number, row in body])

    data = {name: np.stack([column(at[key]) for key in ("x", "y", "v")], axis=1) for name, at in columns.items()}
    table.frames = [
        {
            name: (float(v[i, 0]), float(v[i, 1]), float(v[i, 2]))
            for name, v in data.items()
            if np.isfinite(v[i, :2]).all()
        }
        for i in range(len(body))
    ]
    clock = next((lower.index(name) for name in ("time_s", "time", "t_s", "timestamp_s") if name in lower), None)
    if clock is not None:
        table.time_s = column(clock)
        if lower[clock] == "time":
            table.notes.append("The column 'time' was taken as seconds.")
    elif "frame" in lower:
        numbers = column(lower.index("frame"))
        if not np.isfinite(numbers).all() or (numbers != np.round(numbers)).any():
            raise RecordingError(f"{path} has frame numbers that are not whole.", "Number the frames 0, 1, 2, ...")
        table.frame_numbers = numbers.astype(int).tolist()
    return table


def _cell(path: Path, number: int, row: Sequence[str], i: int) -> float:
    if i < 0 or i >= len(row) or not row[i].strip():
        return float("nan")
    try:
        return float(row[i])
    except ValueError as error:
        shown = repr(row[i][:20])
        raise RecordingError(
            f"{path} has {shown} where a number belongs, line {number}.", "Correct that line."
        ) from error


# ------------------------------------------------------------------------------------------ clock and picture


def _on_clock(path: Path, values: FloatArray, table: _Table, context: RecordingContext) -> tuple[FloatArray, float]:
    """Put the rows on an even clock; rows that are absent become missing samples."""
    fps = context.capture_fps or table.fps
    if context.capture_fps and table.fps and abs(context.capture_fps - table.fps) > 0.01 * table.fps:
        table.notes.append(f"The file states {table.fps:g} frames per second; the stated {fps:g} count.")
    if table.time_s is not None:
        index, rate, notes = even_times(path, table.time_s, None)
        table.notes += notes
        if fps and abs(fps - rate) > 0.01 * rate:
            table.notes.append(f"The file's times say {rate:.5g} frames per second; the stated {fps:g} count.")
            rate = fps
    else:
        if fps is None:
            raise RecordingError(f"{path} does not say how many frames per second it has.", _STATE_FPS)
        numbers = table.frame_numbers or list(range(len(values)))
        index, rate, notes = even_times(path, np.array(numbers) / fps, fps)
        table.notes += notes
    even = np.full((index[-1] + 1, *values.shape[1:]), np.nan)
    even[index] = values
    return even, rate


def _corrected(
    path: Path, points: FloatArray, names: list[str], size: tuple[int, int] | None, context: RecordingContext
) -> tuple[FloatArray, list[str]]:
    """Undo what was stated about the camera."""
    if context.rotate_deg:
        raise RecordingError(
            f"{path} holds landmarks, which cannot be turned by quarter turns.",
            "Find the landmarks in the upright video.",
        )
    if not context.mirrored and not context.camera_roll_deg:
        return points, names
    if size is None:
        raise RecordingError(f"{path} does not say how large the picture is; mirroring and roll need it.", _STATE_SIZE)
    to_view = np.linalg.inv(view_to_display(Picture(*size, to_stored=np.eye(3), rotation_deg=0), context))
    names = [other_side(name) for name in names] if context.mirrored else names
    return points @ to_view[:2, :2].T + to_view[:2, 2], names


def _positive(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _size(found: Mapping[str, Any]) -> tuple[int, int] | None:
    for key in ("picture_size_px", "image_size", "size", "resolution"):
        value = found.get(key)
        if isinstance(value, list) and len(value) == 2 and all(_positive(v) for v in value):
            return int(value[0]), int(value[1])
    for width, height in (("width", "height"), ("image_width", "image_height"), ("width_px", "height_px")):
        if _positive(found.get(width)) and _positive(found.get(height)):
            return int(found[width]), int(found[height])
    return None
