"""Why it exists: ``levelstride analyze walk.mp4``: progress while it works, then a table, then where the report is."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from levelstride.cli.lengths import parse_height_m

if TYPE_CHECKING:
    from levelstride.analysis import Analysis


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
    video: Annotated[Path, typer.Argument(help="A video of a person walking past, filmed from the side.")],
    view: Annotated[
        str | None, typer.Option(help="The side of the person that the camera sees: left or right.")
    ] = None,
    height: Annotated[
        str | None, typer.Option(help="The person's height: 1.72 (metres), 172cm or 5'8\". Gives lengths and speed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for the results.  [default: <video>-levelstride]")
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
    px_per_m: Annotated[
        float | None, typer.Option(help="Known scale on the walking line, pixels per metre.", show_default=False)
    ] = None,
    units: Annotated[Units, typer.Option(help="Units on the screen and in the report.")] = Units.metric,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Show frames of the video in the report.")
    ] = True,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write into a folder that holds other files, too.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON instead of a table.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")] = False,
) -> None:
    """Measure a walk in a video and write a report.

    Film from the side, the phone level at hip height and square to the path, the whole body in the picture,
    at 60 frames per second if you can. Nothing leaves this computer.

    Example: levelstride analyze walk.mp4 --view left --height 1.72
    """
    height_m = parse_height_m(height)
    folder = out if out is not None else Path(f"{video.stem}-levelstride")
    from levelstride.report.write import check_folder

    check_folder(folder, overwrite=overwrite)  # before minutes of work, not after
    from levelstride.analysis import analyze as run
    from levelstride.report.keyframes import collect_key_frames
    from levelstride.report.write import write_report

    with _progress(show=not (quiet or as_json)) as on_progress:
        result = run(
            video,
            view=view,
            height_m=height_m,
            px_per_m=px_per_m,
            camera_roll_deg=roll,
            mirrored=mirrored,
            capture_fps=capture_fps,
            rotate_deg=rotate,
            treadmill=treadmill,
            person=person,
            fast=fast,
            model=model.value if model else None,
            on_progress=on_progress,
        )
        on_progress("Writing the report", 0, None)
        frames = collect_key_frames(result, pictures=pictures)
        report = write_report(result, folder, key_frames=frames, overwrite=overwrite, units=units.value)
    if as_json:
        typer.echo(json.dumps(json.loads((folder / "measures.json").read_text(encoding="utf-8")), indent=2))
    elif not quiet:
        _show(result, report, units)


def _show(result: "Analysis", report: Path, units: Units) -> None:
    from levelstride.cli.table import print_result

    print_result(result, report, units.value)


@contextmanager
def _progress(*, show: bool) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show one bar per stage on standard error, so that standard output stays clean."""
    if not show:
        yield lambda stage, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} frames"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def update(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield update
