"""Why it exists: one file that a person can open anywhere, read on a phone, print and keep: ``report.html``.

Everything is inside it; it loads nothing, runs no script, and says so in its content security policy.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as package_files
from typing import TYPE_CHECKING

from levelstride.measure.results import GaitResult
from levelstride.motion.dataset import read_log
from levelstride.report import method_text, sections, wording
from levelstride.report.differences import differences
from levelstride.report.files import MeasuresFile

if TYPE_CHECKING:
    import xarray as xr

    from levelstride.report.charts import Chart
    from levelstride.report.keyframes import KeyFrame
    from levelstride.report.sides_chart import SidesChart

TIPS: dict[str, tuple[str, ...]] = {
    "gait_side": (
        "Put the phone at hip height on something firm, square to the walkway, level.",
        "Keep the whole body in the picture, head to feet, with some floor below the feet.",
        "Film at 60 frames per second or more, in good light.",
        "Walk past several times, in both directions: more steps make every error smaller.",
        "Wear close-fitting clothes and shoes that stand out from the floor.",
        "Have only one person in the picture.",
    ),
    "gait_frontal": (
        "Put the phone at hip height at the end of a corridor, in its middle, level; it must not move.",
        "Stand still for two seconds facing away from the phone, then walk straight away from it. At the far end turn,"
        " stand still for two seconds facing it, and walk back.",
        "Keep the whole body in the picture, head to feet; the walk may fill it only at the near end.",
        "Walk there and back at least twice: from ten steps on each leg the angles are stated, and twenty are better.",
        "Put the phone level, and the walkway in the middle of the picture.",
        "Wear close-fitting clothes, in good light; have only one person in the picture.",
    ),
}
_SPACE_TIPS = (
    "Have the pelvis marked with four points (front and back spines) and record a few seconds of quiet standing.",
    "Record at least ten steps on each leg; several trials can be measured together.",
)


@dataclass(frozen=True)
class TaskPart:
    """Everything the page shows of one task."""

    key: str
    heading: str
    gait: GaitResult
    summary: str
    in_space: bool
    headlines: list[sections.Row]
    differences: list[str]
    caution: str
    groups: list[sections.Group]
    limb_words: dict[str, str]
    qualities: list[tuple[str, str]]
    charts: "list[Chart]"
    sides: "list[SidesChart]"
    key_frames: "list[tuple[KeyFrame, str]]"
    missing: list[sections.Missing]
    notes: tuple[str, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True)
class RecordingPart:
    """What the page shows of one recording."""

    file: str
    seen: str
    passes: int
    steps: int
    warnings: tuple[str, ...]
    facts: list[method_text.Fact]
    processing: list[tuple[str, list[str]]]


def render_page(
    content: MeasuresFile,
    motions: "Sequence[Mapping[str, xr.Dataset]]",
    key_frames: "Mapping[str, Sequence[KeyFrame]] | None" = None,
    *,
    units: wording.Units = "metric",
    files: Sequence[str] = ("measures.csv", "measures.json", "motion.nc"),
) -> str:
    """Return the whole report as one HTML document.

    Parameters
    ----------
    content : MeasuresFile
        What ``measures.json`` holds.
    motions : sequence of mapping of task to xarray.Dataset
        Per recording its cleaned motions; their logs are told in words.
    key_frames : mapping of task to sequence of KeyFrame, optional
        Shown in order; none is fine.
    units : {"metric", "imperial"}
        With ``imperial``, lengths and speeds carry a second value in inches or miles per hour.
    files : sequence of str
        Names of the files beside the page.
    """
    import jinja2

    style = package_files("levelstride.report").joinpath("style.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tasks = [
        _task_part(content, gait, motions, (key_frames or {}).get(gait.task, ()), units) for gait in content.results
    ]
    several = len(content.recordings) > 1
    if len(tasks) == 1:
        only = tasks[0]
        seen = wording.seen_from(only.gait, view=content.recordings[0].context.view)
        title = only.heading if only.in_space or seen == "both sides" else f"Walking, seen from {seen}"
    else:
        others = [wording.seen_from(task.gait) for task in tasks[1:]]
        title = f"Walking, seen from the side{',' if ' and ' in others[0] else ' and'} from {others[0]}"
    return environment.get_template("report.html.j2").render(
        title=title,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        created=content.provenance.created,
        names=", ".join(recording.file for recording in content.recordings),
        tasks=tasks,
        recordings=[_recording_part(content, number, motions[number]) for number in range(len(content.recordings))],
        several=several,
        plus_minus=wording.PLUS_MINUS,
        no_diagnosis=wording.NO_DIAGNOSIS,
        software=method_text.software(content.provenance),
        files=files,
    )


def _task_part(
    content: MeasuresFile,
    gait: GaitResult,
    motions: "Sequence[Mapping[str, xr.Dataset]]",
    key_frames: "Sequence[KeyFrame]",
    units: wording.Units,
) -> TaskPart:
    from levelstride.report.charts import curve_charts
    from levelstride.report.sides_chart import sides_charts
    from levelstride.report.skeleton import key_frame_svg

    own = [found[gait.task] for found in motions if gait.task in found]
    in_space = bool(own) and all(_in_space(motion) for motion in own)
    view = content.recordings[gait.walks[0].recording if gait.walks else 0].context.view
    hip_line = [m for m in gait.measures if m.name == "hip_line_change_deg" and m.value is not None]
    return TaskPart(
        key=gait.task.replace("_", "-"),
        heading=wording.task_heading(gait),
        gait=gait,
        summary=wording.summarise_walk(gait, view=view, in_space=in_space),
        in_space=in_space,
        headlines=sections.headlines(gait, units=units),
        differences=[found.text for found in differences(gait)],
        caution=wording.HIP_LINE_CAUTION if hip_line and not in_space else "",
        groups=sections.groups(gait, units=units),
        limb_words=sections.limb_words(gait, in_space=in_space),
        qualities=sections.quality_legend(gait),
        charts=curve_charts(gait),
        sides=sides_charts(gait),
        key_frames=[(frame, key_frame_svg(frame)) for frame in key_frames if frame.points],
        missing=sections.missing(gait),
        notes=gait.notes,
        tips=_SPACE_TIPS if in_space else TIPS.get(gait.task, ()),
    )


def _recording_part(content: MeasuresFile, number: int, motions: "Mapping[str, xr.Dataset]") -> RecordingPart:
    recording = content.recordings[number]
    results = [r for r in content.results if any(w.recording == number for w in r.walks)]
    walks = [w for w in results[0].walks if w.recording == number] if results else []
    in_space = any(_in_space(motion) for motion in motions.values())
    return RecordingPart(
        file=recording.file,
        seen="points in space"
        if in_space
        else wording.view_words(recording.context.view, recording.view_certainty, {w.camera_sees for w in walks}),
        passes=len(walks),
        steps=sum(w.steps for w in walks),
        warnings=recording.warnings,
        facts=method_text.recording_facts(content, number),
        processing=[
            (wording.task_heading(r) if len(motions) > 1 else "", method_text.processing(motions[r.task]))
            for r in results
            if r.task in motions and read_log(motions[r.task])
        ],
    )


def _in_space(motion: "xr.Dataset") -> bool:
    return any(entry.get("operation") == "seen_square" for entry in read_log(motion))


def _template(name: str) -> str:
    return package_files("levelstride.report").joinpath("templates", name).read_text(encoding="utf-8")
