"""Why it exists: one file that a person can open anywhere, read on a phone, print and keep: ``report.html``.

Everything is inside it; it loads nothing, runs no script, and says so in its content security policy.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from levelstride.report import method_text, sections, wording
from levelstride.report.files import MeasuresFile

if TYPE_CHECKING:
    import xarray as xr

    from levelstride.report.keyframes import KeyFrame

TIPS = (
    "Put the phone at hip height on something firm, square to the walkway, level.",
    "Keep the whole body in the picture, head to feet, with some floor below the feet.",
    "Film at 60 frames per second or more, in good light.",
    "Walk past several times, in both directions: more steps make every error smaller.",
    "Wear close-fitting clothes and shoes that stand out from the floor.",
    "Have only one person in the picture.",
)


def render_page(
    content: MeasuresFile,
    motion: "xr.Dataset",
    key_frames: "Sequence[KeyFrame]" = (),
    *,
    units: wording.Units = "metric",
) -> str:
    """Return the whole report as one HTML document.

    Parameters
    ----------
    content : MeasuresFile
        What ``measures.json`` holds.
    motion : xarray.Dataset
        Cleaned motion; its log is told in words.
    key_frames : sequence of KeyFrame
        Shown in order; none is fine.
    units : {"metric", "imperial"}
        With ``imperial``, lengths and speeds carry a second value in inches or miles per hour.
    """
    import jinja2

    from levelstride.report.charts import curve_charts
    from levelstride.report.skeleton import key_frame_svg

    style = files("levelstride.report").joinpath("style.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    gait, context = content.result, content.context
    return environment.get_template("report.html.j2").render(
        title=f"Walking, seen from {wording.seen_from(gait, view=context.view)}",
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        content=content,
        summary=wording.summarise_walk(gait, view=context.view),
        plus_minus=wording.PLUS_MINUS,
        no_diagnosis=wording.NO_DIAGNOSIS,
        headlines=sections.headlines(gait, units=units),
        groups=sections.groups(gait, units=units),
        limb_words=sections.limb_words(gait),
        qualities=sections.quality_legend(gait),
        charts=curve_charts(gait),
        key_frames=[(frame, key_frame_svg(frame)) for frame in key_frames if frame.points],
        missing=sections.missing(gait),
        remarks=[*gait.notes, *content.video.warnings],
        tips=TIPS,
        facts=method_text.facts(content),
        processing=method_text.processing(motion),
    )


def _template(name: str) -> str:
    return files("levelstride.report").joinpath("templates", name).read_text(encoding="utf-8")
