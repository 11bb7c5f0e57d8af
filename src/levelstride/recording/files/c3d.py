"""Why it exists: laboratories keep marker-based movement in C3D files; this reads one into points by our names.

The only reader of C3D in the project: analyses take the motion, validation takes the trial as truth.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import RecordingError
from levelstride.motion.dataset import FloatArray, make_motion, with_log
from levelstride.recording.files.hips import with_hips
from levelstride.recording.files.labels import NEEDED, match_markers
from levelstride.recording.files.result import Events, MotionFile, listed, no_events, refuse_short
from levelstride.recording.files.world import find_facing, to_world, upright_note

_TO_METRES = {"mm": 1e-3, "cm": 1e-2, "m": 1.0}
_BLOCK = 512
_INTEL, _MIPS = 84, 86
_MARK = 0x50
_MANY_FRAMES = 65535  # from here on the header's 16 bits cannot tell where the file ends
_EVENT_KINDS = {"foot strike": "contacts", "foot off": "toe_offs"}
_EVENT_CODES = {"HS": "contacts", "ON": "contacts", "IC": "contacts", "TO": "toe_offs", "OFF": "toe_offs"}
_EVENT_SIDES: Mapping[str, Side] = {"l": "left", "r": "right"}
_EXPORT_AGAIN = "Export it again from the laboratory's software."


@dataclass(frozen=True)
class MarkerTrial:
    """A marker-based movement.

    Attributes
    ----------
    points : dict of str to ndarray, shape (time, 3)
        Metres, laboratory frame; NaN where a marker was not seen.
    up, forward : ndarray, shape (3,)
        Unit vectors: vertical, and the direction the person faces while walking.
    contacts, toe_offs : dict of side to ndarray
        Seconds on the clock of ``time_s`` (which starts at zero), sorted.
    angles : dict of str to ndarray, shape (time, 3)
        Plug-in-Gait model angles, degrees, where the file holds them.
    labels_found : tuple of str
        Every point label of the file.
    labels_used : dict of str to tuple of str
    facing_source : str
        What told ``forward``, see :class:`levelstride.recording.files.world.Facing`.
    warnings : tuple of str
    """

    name: str
    rate_hz: float
    points: dict[str, FloatArray]
    up: FloatArray
    forward: FloatArray
    contacts: dict[Side, FloatArray]
    toe_offs: dict[Side, FloatArray]
    angles: dict[str, FloatArray] = field(default_factory=dict)
    labels_found: tuple[str, ...] = ()
    labels_used: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facing_source: str = "nothing"
    warnings: tuple[str, ...] = ()

    @property
    def time_s(self) -> FloatArray:
        """Time of each sample in seconds, from zero."""
        return np.arange(len(next(iter(self.points.values())))) / self.rate_hz


def read_c3d(path: Path) -> MotionFile:
    """Read a C3D file into a motion in the house's world frame.

    Raises
    ------
    RecordingError
        If the file is not a whole C3D file, has fewer than two samples, or lacks the points of a leg.
    """
    trial = read_trial(path)
    world = to_world(trial.points, trial.up, trial.forward)
    motion = make_motion(
        np.stack(list(world.values()), axis=2)[..., np.newaxis],
        keypoints=list(world),
        fps=trial.rate_hz,
        length_unit="m",
        source_software="C3D",
        source_file=str(path),
    )
    motion = with_log(
        motion,
        "read_c3d",
        labels={name: list(labels) for name, labels in trial.labels_used.items()},
        up=trial.up.tolist(),
        forward=trial.forward.round(9).tolist(),
        forward_from=trial.facing_source,
    )
    events: Events = {"contacts": trial.contacts, "toe_offs": trial.toe_offs}
    return MotionFile(
        motion=motion,
        kind="c3d",
        labels_found=trial.labels_found,
        labels_used=trial.labels_used,
        events=None if no_events(events) else events,
        angles_deg=trial.angles,
        warnings=trial.warnings,
    )


def read_trial(path: Path) -> MarkerTrial:
    """Read a C3D movement in the laboratory's own frame; triplets of exact zeros are missing samples.

    Raises
    ------
    RecordingError
        As :func:`read_c3d`.
    """
    c3d = _open(path)
    group = c3d["parameters"].get("POINT", {})
    data = np.asarray(c3d["data"]["points"], dtype=float)
    labels = [str(label) for key in _label_keys(group) for label in _values(group, key)][: data.shape[1]]
    refuse_short(path, data.shape[2])
    rate = float((_values(group, "RATE") or [0.0])[0])
    if not (np.isfinite(rate) and rate > 0):
        raise RecordingError(f"{path} states no frame rate.", _EXPORT_AGAIN)
    raw = np.transpose(data[:3], (1, 2, 0)).copy()
    raw[(raw == 0).all(axis=-1) | ~np.isfinite(raw).all(axis=-1)] = np.nan
    markers = dict(zip(labels, raw, strict=False))
    angles = {label.removesuffix("V"): at for label, at in markers.items() if "Angles" in label}
    computed = {str(label) for key in ("ANGLES", "FORCES", "MOMENTS", "POWERS") for label in _values(group, key)}
    matched = match_markers({label: at for label, at in markers.items() if label not in computed})
    scale, notes = _metres(path, group)
    matched = with_hips(replace(matched, points={name: at * scale for name, at in matched.points.items()}))
    if not matched.has_leg:
        raise RecordingError(f"{path} lacks the points of a leg; it holds: {listed(labels)}.", NEEDED)
    points = matched.points
    up, up_notes = _up(group)
    facing = find_facing(points, up)
    warnings = [*notes, *up_notes, *matched.warnings, *upright_note(points, up), *facing.warnings]
    forward = facing.forward
    if forward is None:
        forward = np.eye(3)[int(np.argmin(np.abs(up)))]
        warnings.append("No point tells where the person faces: X is an axis of the laboratory.")
    events, event_notes = _events(c3d, rate, data.shape[2])
    return MarkerTrial(
        name=path.stem,
        rate_hz=rate,
        points=points,
        up=up,
        forward=forward,
        contacts=events["contacts"],
        toe_offs=events["toe_offs"],
        angles=angles,
        labels_found=tuple(labels),
        labels_used=matched.used,
        facing_source=facing.source,
        warnings=tuple(warnings + event_notes),
    )


def _open(path: Path) -> Any:
    """Open with ezc3d, after checks that it does not make itself: it trusts what a broken header says."""
    import ezc3d  # a tenth of a second that runs without C3D files need not wait for

    _check_header(path)
    try:
        c3d = ezc3d.c3d(str(path))
        shape = np.shape(c3d["data"]["points"])
    except Exception as error:  # the library raises whatever its C++ side meets
        raise RecordingError(f"{path} is not a readable C3D file.", _EXPORT_AGAIN) from error
    if len(shape) != 3 or not shape[1]:
        raise RecordingError(f"{path} holds no markers.", "Give the file of the movement, with labelled markers.")
    return c3d


def _check_header(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_BLOCK)
            if not head:
                raise RecordingError(f"{path} is empty.", _EXPORT_AGAIN)
            if len(head) < _BLOCK or head[1] != _MARK or not head[0]:
                raise RecordingError(f"{path} is not a C3D file.", _EXPORT_AGAIN)
            file.seek((head[0] - 1) * _BLOCK)
            parameters = file.read(4)
            parameters += file.read(max(parameters[2] * _BLOCK - 4, 0)) if len(parameters) == 4 else b""
    except OSError as error:
        raise RecordingError(
            f"{path} may not be read ({error.strerror}).", "Change its permissions or copy it elsewhere."
        ) from error
    cut_off = RecordingError(f"{path} is cut off.", "Copy or export it again.")
    if len(parameters) < 4 or size < (head[0] - 1 + parameters[2]) * _BLOCK:
        raise cut_off
    if not _is_sound(parameters):
        raise RecordingError(f"{path} is damaged in its parameters.", "Copy or export it again.")
    if parameters[3] != _INTEL:  # numbers of old machines: the library is left to judge
        return
    n_points, n_analog, first, last = struct.unpack("<4H", head[2:10])
    start = struct.unpack("<H", head[16:18])[0]
    scale = struct.unpack("<f", head[12:16])[0]
    if last < first or last >= _MANY_FRAMES or start < 2:
        return
    per_value = 4 if scale < 0 else 2
    needed = (start - 1) * _BLOCK + (last - first + 1) * (4 * n_points + n_analog) * per_value
    if size < needed:
        raise cut_off


def _is_sound(section: bytes) -> bool:
    """Walk the parameter section: every record within it, of a known type, in a group that exists.

    A record: length of the name, number (negative: a group), name, distance to the next record, contents.
    """
    at = 4
    short = ">h" if section[3] == _MIPS else "<h"
    groups, members = set(), set()
    while True:
        if at + 2 > len(section):
            return False
        length, number = struct.unpack_from("<bb", section, at)
        if not length or not number:
            break
        start = at + 2 + abs(length)
        if start + 3 > len(section):
            return False
        distance = struct.unpack_from(short, section, start)[0]
        if number < 0:
            groups.add(-number)
            used = 3 + section[start + 2]
        else:
            members.add(number)
            size = _parameter_bytes(section, start + 2)
            if size is None or start + 2 + size >= len(section):
                return False
            used = 2 + size + 1 + section[start + 2 + size]
        if start + used > len(section) or distance < 0 or 0 < distance < used:
            return False
        if not distance:
            break
        at = start + distance
    return bool(members) and members <= groups


def _parameter_bytes(section: bytes, at: int) -> int | None:
    """Bytes from a parameter's type to the end of its values; None when they make no sense."""
    if at + 2 > len(section):
        return None
    kind, n_dimensions = struct.unpack_from("<bB", section, at)
    if kind not in (-1, 1, 2, 4) or n_dimensions > 7 or at + 2 + n_dimensions > len(section):
        return None
    return int(2 + n_dimensions + abs(kind) * math.prod(section[at + 2 : at + 2 + n_dimensions]))


def _label_keys(group: Any) -> list[str]:
    """``LABELS``, ``LABELS2``, ...: the format holds 255 labels per list."""
    return [key for key in ("LABELS", *(f"LABELS{i}" for i in range(2, 20))) if key in group]


def _values(group: Any, key: str) -> list[Any]:
    return list(group[key]["value"]) if key in group else []


def _metres(path: Path, group: Any) -> tuple[float, list[str]]:
    stated = [str(unit).strip().casefold() for unit in _values(group, "UNITS")]
    if not stated or not stated[0]:
        return 1e-3, ["The file names no length unit: millimetres were assumed."]
    if stated[0] not in _TO_METRES:
        raise RecordingError(f"{path} measures length in {stated[0]!r}.", "Export it in mm or m.")
    return _TO_METRES[stated[0]], []


def _up(group: Any) -> tuple[FloatArray, list[str]]:
    """Vertical axis as the file states it (``Y_SCREEN``: the laboratory axis that points up on a screen)."""
    up = np.zeros(3)
    stated = str((_values(group, "Y_SCREEN") or [""])[0]).strip().upper()
    if stated[-1:] in ("X", "Y", "Z"):
        up["XYZ".index(stated[-1])] = -1.0 if stated.startswith("-") else 1.0
        return up, []
    up[2] = 1.0
    return up, ["The file names no vertical axis: Z up was assumed."]


def _events(c3d: Any, rate: float, n_frames: int) -> tuple[dict[str, dict[Side, FloatArray]], list[str]]:
    found: dict[tuple[str, Side], list[float]] = {}
    unknown: set[str] = set()
    outside = 0
    group = c3d["parameters"].get("EVENT", {})
    start = float(c3d["header"]["points"]["first_frame"]) / rate
    times = _event_times(group)
    labels = _values(group, "LABELS") or [""] * len(times)
    contexts = _values(group, "CONTEXTS") or [""] * len(times)
    for label, context, time in zip(labels, contexts, times, strict=False):
        kind, side = _event(str(label).strip(), str(context).strip())
        at = float(time) - start
        if kind is None or side is None:
            unknown.add(str(label or context))
        elif not -1.0 / rate <= at <= n_frames / rate:
            outside += 1
        else:
            found.setdefault((kind, side), []).append(at)
    notes = [f"Events without a meaning here were left out: {listed(sorted(unknown))}."] if unknown else []
    if outside:
        notes.append(f"{outside} events lie outside the movement and were left out.")
    return {
        kind: {side: np.unique(np.round(found.get((kind, side), []), 3)) for side in SIDES}
        for kind in ("contacts", "toe_offs")
    }, notes


def _event_times(group: Any) -> FloatArray:
    """Seconds; the file holds (minutes, seconds) pairs, sometimes flattened."""
    if "TIMES" not in group:
        return np.zeros(0)
    pairs = np.asarray(group["TIMES"]["value"], dtype=float)
    if pairs.ndim == 1:
        pairs = pairs[: len(pairs) // 2 * 2].reshape(-1, 2).T
    return cast(FloatArray, 60.0 * pairs[0] + pairs[-1])


def _event(label: str, context: str) -> tuple[str | None, Side | None]:
    if label.casefold() in _EVENT_KINDS:
        return _EVENT_KINDS[label.casefold()], _EVENT_SIDES.get(context[:1].casefold())
    code = (label or context).upper()
    return _EVENT_CODES.get(code[1:]), _EVENT_SIDES.get(code[:1].casefold())
