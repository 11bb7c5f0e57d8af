"""Why it exists: how a number was got, in sentences a person can read; nothing that was done to the data stays hidden.

Sentences exist for every operation this project logs; an unknown one is shown with its parameters as they are.
"""

from collections.abc import Callable
from typing import Any

import xarray as xr

from levelstride.measure.results import GaitResult
from levelstride.motion.dataset import read_log
from levelstride.report.files import Making, MeasuresFile, RecordingFacts
from levelstride.report.wording import view_words

Fact = tuple[str, str]
_SURFACES = {
    "over ground": "Over ground: the standing foot stays in place in the picture.",
    "treadmill or moving camera": "Treadmill or moving camera: the standing foot moves in the picture.",
}
_KINDS = {
    "c3d": "Markers of a laboratory (C3D)",
    "trc": "Marker positions (TRC)",
    "mot": "Joint angles of OpenSim, put onto an average build",
    "landmarks": "Landmarks found by another program",
    "motion": "A motion written by this program",
}


def recording_facts(content: MeasuresFile, number: int) -> list[Fact]:
    """Return term and description of everything that identifies one recording and how it was read.

    Parameters
    ----------
    number : int
        Of the recording, from 0.
    """
    recording = content.recordings[number]
    video, context = recording.video, recording.context
    results = [r for r in content.results if any(w.recording == number for w in r.walks)]
    found = [("File", f"{recording.file} (SHA-256 {recording.sha256[:12]}…)")]
    if video is None:
        found.append(("Kind", _KINDS.get(recording.kind, recording.kind)))
    else:
        found += [
            ("Picture", _picture(recording)),
            ("Length", f"{video.duration_s:.1f} s, {video.n_frames} frames"),
            ("People seen", _people(recording)),
            ("Camera", _camera(recording)),
        ]
    found.append(("Walks", "; ".join(dict.fromkeys(line for r in results for line in _walks(r, number)))))
    if context.treadmill is not None:
        found.append(("Stated", "treadmill" if context.treadmill else "no treadmill"))
    worn = {"Footwear": context.footwear, "Walking aid": context.walking_aid, "Walked on": context.surface}
    found += [(name, word.replace("_", " ")) for name, word in worn.items() if word is not None]
    found.append(("Surface", " ".join(dict.fromkeys(_SURFACES[r.surface] for r in results if r.surface in _SURFACES))))
    found.append(("Scale", _scale(recording, results)))
    if video is not None:
        found.append(("Pose model", f"BlazePose {recording.model}, {recording.mode} mode"))
    return [fact for fact in found if fact[1]]


def software(making: Making) -> str:
    """Say which software made the report, and when."""
    return (
        f"{making.software} {making.software_version}, Python {making.python_version},"
        f" {making.created:%Y-%m-%d %H:%M} UTC"
    )


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


def _picture(recording: RecordingFacts) -> str:
    video, context = recording.video, recording.context
    if video is None:
        return ""
    rate = f"{video.fps:.4g} frames per second"
    if context.capture_fps is not None:
        rate += " of real time (slow motion, stated)"
    text = f"{video.width_px} × {video.height_px} px, {rate}"
    if video.variable_frame_rate:
        text += ", uneven (each frame's own time was used)"
    if video.n_dropped:
        text += f", {video.n_dropped} frame{'' if video.n_dropped == 1 else 's'} missing"
    return text + (f", {video.codec.upper()}" if video.codec else "")


def _people(recording: RecordingFacts) -> str:
    video = recording.video
    if video is None:
        return ""
    measured = "" if video.person_measured is None else f"; person {video.person_measured} was measured"
    return f"{video.people_seen}{measured}"


def _camera(recording: RecordingFacts) -> str:
    context = recording.context
    roll = "tilt not stated" if context.camera_roll_deg is None else f"tilt {context.camera_roll_deg:g}° (stated)"
    mirrored = ", mirrored picture (stated)" if context.mirrored else ""
    return f"{view_words(context.view, recording.view_certainty)}, {roll}{mirrored}"


def _walks(result: GaitResult, number: int) -> list[str]:
    ways = {
        "left": "to the left in the picture",
        "right": "to the right in the picture",
        "away": "away from the camera",
        "towards": "towards the camera",
    }
    return [
        f"{w.start_s:.1f}–{w.stop_s:.1f} s, {w.steps} steps, {ways[w.facing]}"
        for w in result.walks
        if w.recording == number
    ]


def _scale(recording: RecordingFacts, results: list[GaitResult]) -> str:
    height = recording.context.height_m
    methods = dict.fromkeys(r.scale_method for r in results if r.scale_method)
    if not methods:
        return "none: no height was given, so there are no lengths and no speed"
    return "; ".join(methods) + ("" if height is None else f" (height {height:g} m, stated)")


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


def _labels(e: dict[str, Any]) -> str:
    count = int(e["frames_exchanged"])
    if count == 0:
        return "Left and right were checked in every frame; none was exchanged."
    return (
        f"Back and front had been mixed up in {count} frame{'' if count == 1 else 's'}; left and right were put back."
    )


_SQUARE = {"right": "from the right", "left": "from the left", "back": "from behind", "front": "from the front"}
_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "read_video": _read,
    "resample": _resample,
    "slow_motion": lambda e: f"Slow motion at {e['capture_fps']:g} frames per second was brought to real time.",
    "unmirror": lambda e: "The mirrored picture was turned back.",
    "level": lambda e: f"The picture was turned level; the camera had been tilted by {e['camera_roll_deg']:g}°.",
    "drop_unseen": _unseen,
    "repair_sides": _sides,
    "repair_labels": _labels,
    "seen_square": lambda e: f"Points in space were looked at square {_SQUARE[e['view']]}, without perspective.",
    "first_individual": lambda e: "The file held several people; the first was taken.",
    "drop_outliers": _outliers,
    "fill_gaps": _gaps,
    "butterworth": _butterworth,
}
