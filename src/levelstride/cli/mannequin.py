"""Why it exists: ``levelstride mannequin walk --drop-right 8 --view back out.mp4``: a recording whose truth is known.

Thin: it reads options, has the clip made, and shows the true values and where the files are.
"""

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.analyze import _progress
from levelstride.cli.errors import in_one_line
from levelstride.cli.lengths import parse_height_m

if TYPE_CHECKING:
    from levelstride.mannequin.clip import Filming
    from levelstride.mannequin.scene import Look

mannequin_app = typer.Typer(
    no_args_is_help=True,
    help="Make a synthetic recording: a drawn person who walks or stands exactly as asked, with the truth beside it.",
    short_help="Make a recording whose truth is known.",
)


class View(StrEnum):
    """What the camera sees of the person."""

    back = "back"
    front = "front"
    left = "left"
    right = "right"


class BodyName(StrEnum):
    """The people there are, from the smallest to the tallest."""

    woman_full = "woman_full"
    woman_slim = "woman_slim"
    man_average = "man_average"
    man_heavy = "man_heavy"


class Leg(StrEnum):
    """What is stood on."""

    left = "left"
    right = "right"
    both = "both"


_Out = Annotated[
    Path,
    typer.Argument(
        metavar="OUT.mp4",
        help="The video; OUT.truth.json (true values) and OUT.levelstride.json (view and height) come beside it.",
        show_default=False,
    ),
]
_View = Annotated[View, typer.Option(help="What the camera sees of the person at first.")]
_Body = Annotated[BodyName, typer.Option(help="Who is filmed.")]
_Height = Annotated[
    str | None,
    typer.Option(help="Another stature for this build: 1.72 (metres), 172cm or 5'8\".", show_default=False),
]
_Trousers = Annotated[bool, typer.Option("--trousers/--shorts", help="Legs covered to the ankle or to the knee.")]
_Sleeves = Annotated[bool, typer.Option("--sleeves/--short-sleeves", help="Arms covered to the wrist or not.")]
_Seed = Annotated[
    int | None,
    typer.Option(min=0, help="Draw clothes, room, light and noise at random from this number.", show_default=False),
]
_Distance = Annotated[
    float | None,
    typer.Option(
        min=1.0,
        max=30.0,
        help="Nearest distance of the camera, metres.  [default: 2.4 from behind or in front, else as far as needed]",
        show_default=False,
    ),
]
_CameraHeight = Annotated[float, typer.Option(min=0.1, max=3.0, help="Of the lens above the floor, metres.")]
_Azimuth = Annotated[
    float, typer.Option(min=-45.0, max=45.0, help="Camera off the exact view, degrees, anticlockwise from above.")
]
_Roll = Annotated[float, typer.Option(min=-45.0, max=45.0, help="Camera turned clockwise, degrees.")]
_Size = Annotated[
    str | None,
    typer.Option(
        help="Width x height, px.  [default: 720x1280; 1280x720 for a walk seen from the side]", show_default=False
    ),
]
_Fps = Annotated[float, typer.Option(min=10.0, max=240.0, help="Frames per second.")]
_Quality = Annotated[int, typer.Option(min=0, max=45, help="Compression (crf): 18 = fine, 28 = small, 34 = poor.")]
_Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no table.")]


def walk(
    out: _Out,
    view: _View = View.back,
    drop_left: Annotated[
        float, typer.Option(help="Pelvic drop while the left leg stands, degrees; > 0: the right side is lower.")
    ] = 4.0,
    drop_right: Annotated[
        float, typer.Option(help="Pelvic drop while the right leg stands; > 0: the left side is lower.")
    ] = 4.0,
    lean_left: Annotated[
        float, typer.Option(help="Trunk lean while the left leg stands, degrees; > 0: towards that leg.")
    ] = 1.0,
    lean_right: Annotated[float, typer.Option(help="The same while the right leg stands.")] = 1.0,
    valgus_left: Annotated[
        float, typer.Option(help="Frontal knee angle while the left leg stands, degrees; > 0: knee inwards.")
    ] = 0.0,
    valgus_right: Annotated[float, typer.Option(help="The same while the right leg stands.")] = 0.0,
    toe_out_left: Annotated[float, typer.Option(help="Direction of the left foot, degrees; > 0: outwards.")] = 7.0,
    toe_out_right: Annotated[float, typer.Option(help="The same of the right foot.")] = 7.0,
    cadence: Annotated[float, typer.Option(help="Steps per minute.")] = 110.0,
    step_length: Annotated[
        float | None, typer.Option(help="Metres; or give --speed.  [default: 0.65]", show_default=False)
    ] = None,
    speed: Annotated[
        float | None, typer.Option(help="Metres per second, instead of --step-length.", show_default=False)
    ] = None,
    step_width: Annotated[float, typer.Option(help="Between the lines on which the ankles stand, metres.")] = 0.10,
    asymmetry: Annotated[
        float, typer.Option(help="Step-time asymmetry, per cent; > 0: the left step takes longer.")
    ] = 0.0,
    steps: Annotated[int, typer.Option(help="Per pass, first and last half step included.")] = 12,
    passes: Annotated[int, typer.Option(help="1 = one way, 2 = there and back, and so on.")] = 1,
    stand: Annotated[float, typer.Option(help="Quiet standing before and after, seconds.")] = 2.0,
    treadmill: Annotated[bool, typer.Option("--treadmill", help="Walk in place, the ground moves.")] = False,
    body: _Body = BodyName.woman_slim,
    height: _Height = None,
    trousers: _Trousers = True,
    sleeves: _Sleeves = False,
    seed: _Seed = None,
    distance: _Distance = None,
    camera_height: _CameraHeight = 1.0,
    azimuth: _Azimuth = 0.0,
    roll: _Roll = 0.0,
    size: _Size = None,
    fps: _Fps = 30.0,
    quality: _Quality = 26,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
) -> None:
    """Film a walk.

    Examples: levelstride mannequin walk --drop-right 8 --view back out.mp4

    levelstride mannequin walk --passes 2 --lean-left 6 --body man_average --seed 7 corridor.mp4

    levelstride mannequin walk --view left --speed 1.2 side.mp4
    """
    from levelstride.errors import InputError

    height_m = parse_height_m(height)
    _check_out(out, overwrite=overwrite)
    if speed is not None and step_length is not None:
        raise InputError("Speed and step length were both given.", "Give one: cadence and one of them fix the other.")
    if not cadence > 0:
        raise InputError(f"A cadence of {cadence:g} is no walk.", "Give steps per minute, for example 110.")
    length = 60 * speed / cadence if speed is not None else 0.65 if step_length is None else step_length

    from levelstride.mannequin.clip import Clip, make_clip, truth_document
    from levelstride.mannequin.gait import GaitParameters

    gait = GaitParameters(
        cadence_spm=cadence,
        step_length_m=(length, length),
        step_time_asymmetry_pct=asymmetry,
        step_width_m=step_width,
        pelvic_drop_deg=(drop_left, drop_right),
        trunk_lean_deg=(lean_left, lean_right),
        knee_valgus_deg=(valgus_left, valgus_right),
        toe_out_deg=(toe_out_left, toe_out_right),
        steps=steps,
        passes=passes,
        stand_before_s=stand,
        stand_after_s=stand,
        treadmill=treadmill,
    )
    way_m = 1.0 if treadmill else 1.0 + steps * length
    filming = _filming(view, size, distance, way_m, camera_height, azimuth, roll, fps, quality)
    clip = Clip(gait, filming, _look(seed), body.value, height_m, trousers, sleeves)
    with _progress(1, show=not quiet) as progress:
        make_clip(clip, out, on_frame=lambda done, total: progress("Drawing", done, total))
    if not quiet:
        _print_truth(truth_document(clip, clip.perform()), out, "True values of the walk")
        typer.echo(f"\nMeasure it: levelstride analyze {out}")


def stand(
    out: _Out,
    leg: Annotated[Leg, typer.Option(help="What is stood on.")] = Leg.right,
    view: _View = View.back,
    drop: Annotated[
        float | None, typer.Option(help="Pelvic drop, degrees; > 0: the free side is lower.  [default: 4]")
    ] = None,
    lean: Annotated[
        float | None, typer.Option(help="Trunk lean, degrees; > 0: towards the standing leg.  [default: 1]")
    ] = None,
    valgus: Annotated[
        float | None, typer.Option(help="Frontal knee angle, degrees; > 0: knee inwards.  [default: 0]")
    ] = None,
    knee: Annotated[
        float | None, typer.Option(help="Bend of the standing knee, degrees.  [default: 15, or what --valgus needs]")
    ] = None,
    seconds: Annotated[float, typer.Option(help="How long the stance is held.")] = 5.0,
    body: _Body = BodyName.woman_slim,
    height: _Height = None,
    trousers: _Trousers = True,
    sleeves: _Sleeves = False,
    seed: _Seed = None,
    distance: _Distance = None,
    camera_height: _CameraHeight = 1.0,
    azimuth: _Azimuth = 0.0,
    roll: _Roll = 0.0,
    size: _Size = None,
    fps: _Fps = 30.0,
    quality: _Quality = 26,
    overwrite: _Overwrite = False,
    quiet: _Quiet = False,
) -> None:
    """Film standing: on one leg, or quietly on both.

    Examples: levelstride mannequin stand --leg left --drop 10 --view front stance.mp4

    levelstride mannequin stand --leg both --seconds 10 quiet.mp4
    """
    from levelstride.errors import InputError

    height_m = parse_height_m(height)
    _check_out(out, overwrite=overwrite)
    asked = {
        "pelvic_drop_deg": drop,
        "trunk_lean_deg": lean,
        "knee_valgus_deg": valgus,
        "knee_flexion_deg": max(15.0, 1.25 * abs(valgus)) if knee is None and valgus is not None else knee,
    }
    given: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if leg == Leg.both and given:
        raise InputError(
            "Drop, lean, valgus and knee belong to standing on one leg.", "Leave them out, or say --leg left or right."
        )

    from levelstride.mannequin.stand_clip import StandClip, make_stand_clip, stand_truth_document
    from levelstride.mannequin.standing import StanceParameters

    stance = None
    if leg != Leg.both:
        stance = StanceParameters(side="left" if leg == Leg.left else "right", hold_s=seconds, **given)
    clip = StandClip(
        filming=_filming(view, size or "720x1280", distance, 1.0, camera_height, azimuth, roll, fps, quality),
        look=_look(seed),
        body=body.value,
        height_m=height_m,
        trousers=trousers,
        sleeves=sleeves,
        stance=stance,
        quiet_s=seconds,
    )
    with _progress(1, show=not quiet) as progress:
        make_stand_clip(clip, out, on_frame=lambda done, total: progress("Drawing", done, total))
    if not quiet:
        _print_truth(stand_truth_document(clip, clip.perform()), out, "True values while standing")


mannequin_app.command("walk")(in_one_line(walk))
mannequin_app.command("stand")(in_one_line(stand))


def _files(out: Path) -> tuple[Path, Path, Path]:
    return out, out.with_suffix(".truth.json"), out.with_suffix(".levelstride.json")


def _check_out(out: Path, *, overwrite: bool) -> None:
    """Refuse before minutes of drawing, not after."""
    from levelstride.errors import InputError

    if out.suffix.lower() != ".mp4":
        raise InputError(f"{out} does not end in .mp4.", f"Name the video, for example {out.stem or 'walk'}.mp4.")
    if not out.parent.is_dir():
        raise InputError(f"The folder {out.parent} does not exist.", "Make it first, or name another.")
    for file in _files(out):
        if file.is_dir():
            raise InputError(f"{file} is a folder.", "Give the video another name.")
        if file.exists() and not overwrite:
            raise InputError(f"{file} is already there.", "Give another name, or --overwrite.")


def _look(seed: int | None) -> "Look":
    from levelstride.mannequin.scene import Look

    return Look() if seed is None else Look.random(seed)


def _filming(
    view: View,
    size: str | None,
    distance_m: float | None,
    way_m: float,
    camera_height_m: float,
    azimuth_deg: float,
    roll_deg: float,
    fps: float,
    crf: int,
) -> "Filming":
    from levelstride.mannequin.clip import Filming

    sideways = view in (View.left, View.right)
    size_px = _parse_size(size or ("1280x720" if sideways else "720x1280"))
    if distance_m is None:
        # the way fills the width of a phone's picture, and the body its height
        longer, (width, height) = 0.75 * max(size_px), size_px
        needed = max(way_m * longer / width, 2.2 * longer / height)
        distance_m = max(2.4, round(needed, 1)) if sideways else 2.4
    return Filming(
        view=view.value,
        distance_m=distance_m,
        camera_height_m=camera_height_m,
        azimuth_deg=azimuth_deg,
        roll_deg=roll_deg,
        size_px=size_px,
        fps=fps,
        crf=crf,
    )


def _parse_size(text: str) -> tuple[int, int]:
    """Read ``720x1280`` as width and height, px."""
    from levelstride.errors import InputError

    found = re.fullmatch(r"(\d{2,4})\s*[x×]\s*(\d{2,4})", text.strip().lower())
    if found is None:
        raise InputError(f"Size {text!r} is not understood.", "Give width x height in pixels, for example 720x1280.")
    width, height = int(found[1]), int(found[2])
    if width % 2 or height % 2 or min(width, height) < 64 or max(width, height) > 4096:
        raise InputError(f"A video cannot be {width} x {height} pixels.", "Give even numbers from 64 to 4096.")
    return width, height


def _print_truth(document: dict[str, Any], out: Path, title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    from levelstride.library.loader import measure_spec

    console = Console(highlight=False)
    table = Table(title=title, title_justify="left")
    table.add_column("measure")
    table.add_column("left", justify="right")
    table.add_column("right", justify="right")
    table.add_column("unit")
    rows: dict[str, dict[str, float]] = {}
    for entry in document["truth"]:
        rows.setdefault(entry["name"], {})[entry["side"]] = entry["value"]
    for name, sides in rows.items():
        spec = measure_spec(name)
        shown = {side: f"{round(value, spec.decimals) + 0.0:.{spec.decimals}f}" for side, value in sides.items()}
        table.add_row(spec.label, shown.get("both", shown.get("left", "")), shown.get("right", ""), spec.unit)
    console.print(table)
    video, truth, stated = _files(out)
    for what, file in (("Video", video), ("Truth", truth), ("View and height", stated)):
        console.print(f"{what}: {file}", soft_wrap=True, markup=False)
