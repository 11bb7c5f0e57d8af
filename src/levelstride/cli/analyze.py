"""Why it exists: ``levelstride analyze walk.mp4``: progress while it works, then a table, then where the report is.

Thin: it reads options, calls analysis, report and exchange, and gives the report what it writes beside itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from levelstride.cli.errors import stop_if_asked
from levelstride.cli.lengths import parse_height_m

if TYPE_CHECKING:
    import xarray as xr
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from levelstride.analysis import Analysis, Examination
    from levelstride.motion.dataset import FloatArray

OnProgress = Callable[[str, int, int | None], None]


class Model(StrEnum):
    """Pose models, best first."""

    heavy = "heavy"
    full = "full"
    lite = "lite"


class Units(StrEnum):
    """What lengths are shown in; files are always metric."""

    metric = "metric"
    imperial = "imperial"


def analyze(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Videos of one person walking, filmed from the side, from behind or in front; or motion files"
            " (C3D, TRC, MOT, landmarks). Several are measured together.",
            show_default=False,
        ),
    ],
    view: Annotated[
        str,
        typer.Option(help="What the camera sees of the person: left, right, back, front, or auto (found and stated)."),
    ] = "auto",
    height: Annotated[
        str | None, typer.Option(help="The person's height: 1.72 (metres), 172cm or 5'8\". Gives lengths and speed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the results.  [default: <first file>-levelstride]")
    ] = None,
    person: Annotated[
        int | None, typer.Option(min=1, help="Which person to measure, when several are seen (numbers are printed).")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="A quicker look with larger errors.")] = False,
    model: Annotated[
        Model | None, typer.Option(help="Pose model.  [default: heavy, or full with --fast]", show_default=False)
    ] = None,
    mirrored: Annotated[
        bool | None, typer.Option("--mirrored/--not-mirrored", help="The recording shows a mirror image (selfie).")
    ] = None,
    capture_fps: Annotated[
        float | None, typer.Option(help="Slow motion: frames per second at which it was filmed, e.g. 240.")
    ] = None,
    rotate: Annotated[int | None, typer.Option(help="Turn the picture clockwise by 0, 90, 180 or 270 degrees.")] = None,
    roll: Annotated[
        float | None, typer.Option(help="Roll of the camera in degrees, clockwise positive, when you know it.")
    ] = None,
    treadmill: Annotated[
        bool | None, typer.Option("--treadmill/--over-ground", help="What is walked on.  [default: found]")
    ] = None,
    footwear: Annotated[
        str | None,
        typer.Option(help="What was worn: barefoot, trainers, ... kept with the result.", show_default=False),
    ] = None,
    walking_aid: Annotated[
        str | None, typer.Option(help="What was held: none, one_stick, frame, ...", show_default=False)
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="Which phone or camera, in your words; results of two are not compared.")
    ] = None,
    surface: Annotated[
        str | None, typer.Option(help="What was walked on: indoor_floor, grass, ...", show_default=False)
    ] = None,
    px_per_m: Annotated[
        float | None, typer.Option(help="Known scale on the walking line, pixels per metre.", show_default=False)
    ] = None,
    units: Annotated[Units, typer.Option(help="Units on the screen and in the report.")] = Units.metric,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Show frames of the video (in the report, and as overlay).")
    ] = True,
    overlay: Annotated[
        bool, typer.Option("--overlay/--no-overlay", help="Write the video again with what was seen drawn in.")
    ] = True,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write into a folder that holds other files, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of a table.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
) -> None:
    """Measure a walk and write a report.

    Film from the side, the phone level at hip height and square to the path. Or film from behind and in front, the
    phone level at the end of a corridor: stand still for two seconds, walk away, turn, stand still for two seconds
    and walk back. The whole body stays in the picture, at 60 frames per second if you can. Nothing leaves this
    computer.

    Several files are measured together, those of one view as one walk with more steps. Options hold for all of them;
    what differs between files goes into NAME.levelstride.json beside each, for example {"view": "back"}; an option
    wins over it.

    Examples: levelstride analyze walk.mp4 --height 1.72

    levelstride analyze side.mp4 corridor-1.mp4 corridor-2.mp4 --height 1.72
    """
    height_m = parse_height_m(height)
    _refuse_twice(recordings)
    folder = out if out is not None else Path(f"{recordings[0].stem}-levelstride")
    from levelstride.report.write import check_folder

    check_folder(folder, overwrite=overwrite)  # before minutes of work, not after
    from levelstride.analysis import examine
    from levelstride.report.keyframes import collect_key_frames
    from levelstride.report.write import write_report

    with _progress(len(recordings), show=not (quiet or as_json)) as progress:
        result = examine(
            recordings,
            on_recording=progress.begin,
            view=view,
            height_m=height_m,
            px_per_m=px_per_m,
            camera_roll_deg=roll,
            mirrored=mirrored,
            capture_fps=capture_fps,
            rotate_deg=rotate,
            treadmill=treadmill,
            footwear=footwear,
            walking_aid=walking_aid,
            surface=surface,
            device=device,
            person=person,
            fast=fast,
            model=model.value if model else None,
            on_progress=progress,
        )
        progress.end()
        progress("Writing the report", 0, None)
        frames = collect_key_frames(result, pictures=pictures)
        extra = {**_exports(result), **(_overlays(result, progress) if overlay and pictures else {})}
        report = write_report(result, folder, key_frames=frames, extra=extra, overwrite=overwrite, units=units.value)
    if as_json:
        typer.echo(json.dumps(json.loads((folder / "measures.json").read_text(encoding="utf-8")), indent=2))
    elif not quiet:
        from levelstride.cli.table import print_result

        print_result(result, report, units.value)


def _refuse_twice(recordings: Sequence[Path]) -> None:
    """Refuse a file named twice: its steps would count double."""
    from levelstride.errors import InputError

    seen: set[Path] = set()
    for path in recordings:
        if path.resolve() in seen:
            raise InputError(f"{path} is named twice.", "Name every recording once.")
        seen.add(path.resolve())


def _overlays(result: "Examination", on_progress: OnProgress) -> Mapping[str, Callable[[Path], object]]:
    """Return what writes an overlay for each video."""
    from levelstride.recording.read import Recording
    from levelstride.report.overlay import write_overlay
    from levelstride.report.write import file_name

    videos = [a for a in result.analyses if isinstance(a.recording, Recording)]

    def writer(analysis: "Analysis", name: str) -> Callable[[Path], object]:
        return lambda path: write_overlay(
            analysis, path, on_progress=lambda _, done, total: on_progress(f"Drawing {name}", done, total)
        )

    names = [file_name("overlay.mp4", number, len(videos)) for number in range(len(videos))]
    return {name: writer(analysis, name) for analysis, name in zip(videos, names, strict=True)}


def _exports(result: "Examination") -> Mapping[str, Callable[[Path], object]]:
    """Return what writes marker positions and joint angles, for the recordings that have them."""
    from levelstride.exchange import write_mot, write_trc
    from levelstride.report.write import file_name

    def trc(motion: "xr.Dataset", scale: float | None) -> Callable[[Path], object]:
        return lambda path: write_trc(motion, path, px_per_m=scale)

    def mot(motion: "xr.Dataset", angles: "Mapping[str, FloatArray]") -> Callable[[Path], object]:
        return lambda path: write_mot(motion.time.values, angles, path)

    found: dict[str, Callable[[Path], object]] = {}
    for number, analysis in enumerate(result.analyses):
        names = [file_name(name, number, len(result.analyses)) for name in ("motion.trc", "angles.mot")]
        in_space = analysis.recording.motion.sizes["space"] == 3
        motion = analysis.recording.motion if in_space else analysis.motion
        scale = None if in_space else _scale(analysis)
        if in_space or scale is not None:
            found[names[0]] = trc(motion, scale)
        angles = _angles(analysis, motion)
        if angles:
            found[names[1]] = mot(motion, angles)
    return found


def _scale(analysis: "Analysis") -> float | None:
    """Pixels per metre of a side view, the middle of the walk; None without a scale or from another side."""
    import numpy as np

    from levelstride.library.loader import task_spec
    from levelstride.measure import gait_side
    from levelstride.motion.scale import scale_from_height

    context = analysis.context
    if context.view not in ("left", "right") or analysis.gait.scale_method is None:
        return None
    if context.px_per_m is not None:
        return context.px_per_m
    if context.height_m is None:
        return None
    figures = task_spec(gait_side.TASK).numbers("scale")
    errors = {"full": figures.pop("relative_error_full"), "legs": figures.pop("relative_error_legs")}
    scale = scale_from_height(analysis.motion, context.height_m, figures, errors=errors)
    return None if scale is None else float(np.nanmedian(scale.px_per_m))


def _angles(analysis: "Analysis", motion: "xr.Dataset") -> "Mapping[str, FloatArray]":
    """Joint angles by OpenSim's names; empty where the view shows none, or no moment shows all of them."""
    import numpy as np

    from levelstride.errors import InputError
    from levelstride.exchange import opensim_coordinates

    facing = None
    if motion.sizes["space"] == 2:
        if analysis.context.view not in ("left", "right"):
            return {}
        times = motion.time.values
        facing = np.full(len(times), 1.0 if analysis.context.view == "right" else -1.0)
        for walk in analysis.gait.walks:  # passes in the other direction
            facing[(times >= walk.start_s) & (times <= walk.stop_s)] = 1.0 if walk.facing == "right" else -1.0
    try:
        angles = opensim_coordinates(motion, facing=facing)
    except InputError:
        return {}
    complete = np.isfinite(np.stack(list(angles.values()))).all(axis=0)
    return angles if complete.any() else {}


class _Bars:
    """One bar per recording and stage."""

    def __init__(self, bars: "RichProgress | None", count: int) -> None:
        self._bars, self._count, self._of = bars, count, ""
        self._tasks: dict[str, TaskID] = {}

    def begin(self, number: int, path: Path) -> None:
        """Say which recording comes now."""
        self._of = f"{path.name} ({number + 1} of {self._count}): " if self._count > 1 else ""

    def end(self) -> None:
        """Say that all recordings are read."""
        self._of = ""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        stop_if_asked()
        if self._bars is None:
            return
        name = f"{self._of}{stage}"
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(name, total=total)
        self._bars.update(self._tasks[name], completed=done, total=total)


@contextmanager
def _progress(count: int, *, show: bool) -> Iterator[_Bars]:
    """Show one bar per stage on standard error, so that standard output stays clean."""
    if not show:
        yield _Bars(None, count)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} frames"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        yield _Bars(bars, count)
