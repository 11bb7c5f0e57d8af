"""Why it exists: how a number was got, in sentences a person can read; nothing that was done to the data stays hidden.

Sentences exist for every operation this project logs; an unknown one is shown with its parameters as they are.
"""

from collections.abc import Callable
from typing import Any

import xarray as xr

from levelstride.motion.dataset import read_log
from levelstride.report.files import MeasuresFile

Fact = tuple[str, str]
_SURFACES = {
    "over ground": "Over ground: the standing foot stays in place in the picture.",
    "treadmill or moving camera": "Treadmill or moving camera: the standing foot moves in the picture.",
}


def facts(content: MeasuresFile) -> list[Fact]:
    """Return term and description of everything that identifies the recording and its processing."""
    video, context, provenance, result = content.video, content.context, content.provenance, content.result
    found = [
        ("Video", f"{provenance.source_file} (SHA-256 {provenance.source_sha256[:12]}…)"),
        ("Picture", _picture(content)),
        ("Length", f"{video.duration_s:.1f} s, {video.n_frames} frames"),
        ("People seen", _people(content)),
        ("Camera", _camera(content)),
        ("Walks", "; ".join(_walks(content))),
        ("Surface", _SURFACES[result.surface]),
        ("Scale", _scale(content)),
        ("Pose model", f"BlazePose {provenance.model}, {provenance.mode} mode"),
        (
            "Software",
            f"{provenance.software} {provenance.software_version}, Python {provenance.python_version},"
            f" {provenance.created:%Y-%m-%d %H:%M} UTC",
        ),
    ]
    if context.treadmill is not None:
        found.insert(7, ("Stated", "treadmill" if context.treadmill else "no treadmill"))
    return [fact for fact in found if fact[1]]


def processing(motion: xr.Dataset) -> list[str]:
    """Return one sentence per operation in the motion's log, oldest first."""
    return [sentence(entry) for entry in read_log(motion)]


def sentence(entry: dict[str, Any]) -> str:
    """Say one log entry in words; an unknown operation by its name and parameters."""
    write = _SENTENCES.get(str(entry.get("operation")))
    if write is not None:
        try:
            return write(entry)
        except (KeyError, TypeError, ValueError):
            pass
    parameters = ", ".join(f"{name} {value}" for name, value in entry.items() if name != "operation")
    name = str(entry.get("operation", "operation")).replace("_", " ").capitalize()
    return f"{name}{f' ({parameters})' if parameters else ''}."


def _picture(content: MeasuresFile) -> str:
    video, context = content.video, content.context
    rate = f"{video.fps:.4g} frames per second"
    if context.capture_fps is not None:
        rate += " of real time (slow motion, stated)"
    text = f"{video.width_px} × {video.height_px} px, {rate}"
    if video.variable_frame_rate:
        text += ", uneven (each frame's own time was used)"
    if video.n_dropped:
        text += f", {video.n_dropped} frame{'' if video.n_dropped == 1 else 's'} missing"
    return text + (f", {video.codec.upper()}" if video.codec else "")


def _people(content: MeasuresFile) -> str:
    video = content.video
    measured = "" if video.person_measured is None else f"; person {video.person_measured} was measured"
    return f"{video.people_seen}{measured}"


def _camera(content: MeasuresFile) -> str:
    context = content.context
    roll = "tilt not stated" if context.camera_roll_deg is None else f"tilt {context.camera_roll_deg:g}° (stated)"
    mirrored = ", mirrored picture (stated)" if context.mirrored else ""
    view = "side not stated" if context.view == "unknown" else f"sees the person from the {context.view} (stated)"
    return f"{view}, {roll}{mirrored}"


def _walks(content: MeasuresFile) -> list[str]:
    return [
        f"{w.start_s:.1f}–{w.stop_s:.1f} s, {w.steps} steps, to the {w.facing} in the picture"
        for w in content.result.walks
    ]


def _scale(content: MeasuresFile) -> str:
    height = content.context.height_m
    if content.result.scale_method is None:
        return "none: no height was given, so there are no lengths and no speed"
    return content.result.scale_method + ("" if height is None else f" (height {height:g} m, stated)")


def _unseen(e: dict[str, Any]) -> str:
    return (
        f"Points of which the model was less than {e['min_confidence']:.0%} sure were left out:"
        f" {e['share_dropped']:.1%} of all."
    )


def _sides(e: dict[str, Any]) -> str:
    count = int(e["frames_swapped"])
    if count == 0:
        return "Left and right leg were checked in every frame; none was exchanged."
    return (
        f"Left and right leg had been exchanged in {count} frame{'' if count == 1 else 's'}"
        f" ({e['share_swapped']:.1%}); they were put back."
    )


def _outliers(e: dict[str, Any]) -> str:
    return f"{_count(e['values_dropped'], 'sudden jump')} left out, against the median over {e['window_s']:g} s."


def _gaps(e: dict[str, Any]) -> str:
    return f"{_count(e['values_filled'], 'missing value')} filled in gaps up to {e['max_gap_s']:g} s, no longer ones."


def _butterworth(e: dict[str, Any]) -> str:
    return f"Smoothed by a zero-lag Butterworth filter of order {e['order']} at {e['cutoff_hz']:g} Hz."


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{' was' if number == 1 else 's were'}"


def _read(e: dict[str, Any]) -> str:
    passes = "one pass through the video" if e["mode"] == "fast" else "two passes, the second on one person alone"
    return f"Points were seen by the {e['model']} model in {passes}."


def _resample(e: dict[str, Any]) -> str:
    return f"Frames came unevenly; positions were brought to {e['fps']:.4g} per second by their true times."


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "read_video": _read,
    "resample": _resample,
    "slow_motion": lambda e: f"Slow motion at {e['capture_fps']:g} frames per second was brought to real time.",
    "unmirror": lambda e: "The mirrored picture was turned back.",
    "level": lambda e: f"The picture was turned level; the camera had been tilted by {e['camera_roll_deg']:g}°.",
    "drop_unseen": _unseen,
    "repair_sides": _sides,
    "drop_outliers": _outliers,
    "fill_gaps": _gaps,
    "butterworth": _butterworth,
}
