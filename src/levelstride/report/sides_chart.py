"""Why it exists: left against right at a glance, with the width of the error, so that noise does not look like a side.

One drawing per measure, all on the same scale of degrees around zero; see :mod:`levelstride.report.charts` for colours.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

from levelstride.library.loader import measure_spec
from levelstride.measure.results import GaitResult, Measure
from levelstride.report.charts import COLOURS, GRID, INK, ZERO, clean_svg
from levelstride.report.differences import BOUND, differences
from levelstride.report.wording import NOT_MEASURABLE, format_measure

_WIDTH, _HEIGHT = 240, 78
_SHAPES = {"left": "circle", "right": "diamond"}
_HIP_LINE = (
    "Hip point of the swinging leg in mid-stance, against quiet standing. The bars are wide because the points of the"
    " pose model show only part of what the pelvis does."
)
#: Measure -> what lies below and above zero, and what else to say.
_ENDS: dict[str, tuple[str, str, str]] = {
    "trunk_lean_deg": ("← away", "towards the standing leg →", "Of the trunk, in mid-stance of each leg."),
    "hip_line_change_deg": ("← higher", "lower →", _HIP_LINE),
    "contralateral_pelvic_drop_deg": ("← higher", "lower →", "Swinging side of the pelvis, in mid-stance."),
    "knee_frontal_projection_deg": ("← outwards", "inwards →", "As it looks in the picture, in mid-stance."),
}


@dataclass(frozen=True)
class SidesChart:
    """One measure of both sides, drawn."""

    name: str
    title: str
    explained: str
    svg: str
    alternative: str


def sides_charts(gait: GaitResult) -> list[SidesChart]:
    """Draw every frontal angle of which at least one side was measured."""
    shown = {name: sorted((m for m in gait.measures if m.name == name), key=lambda m: m.side) for name in _ENDS}
    shown = {name: sides for name, sides in shown.items() if any(m.value is not None for m in sides)}
    reach = [abs(m.value or 0.0) + BOUND * (m.standard_error or 0.0) for measures in shown.values() for m in measures]
    limit = 5.0 * math.ceil(max([10.0, *reach]) / 5)
    told = {d.name: d.text for d in differences(gait)}
    return [_chart(name, measures, limit, told.get(name, "")) for name, measures in shown.items()]


def _chart(name: str, measures: list[Measure], limit: float, told: str) -> SidesChart:
    import vl_convert

    title = measure_spec(name).label
    values = [f"{m.side} {format_measure(m)}" for m in measures]
    below, above, explained = _ENDS[name]
    alternative = f"{title}: {', '.join(values)}. {told}".strip()
    svg = vl_convert.vegalite_to_svg(_layers(measures, limit, below, above).to_json())
    return SidesChart(name, title, explained, clean_svg(svg, name, alternative), alternative)


def _layers(measures: list[Measure], limit: float, below: str, above: str) -> Any:
    import altair as alt

    sides = ["Left", "Right"]
    step = 5.0 * math.ceil(limit / 20)
    ticks = [step * i for i in range(-int((limit - 1) // step), int((limit - 1) // step) + 1)]
    x = alt.X(
        "x:Q",
        title=None,
        scale=alt.Scale(domain=[-limit, limit], nice=False),
        axis=alt.Axis(values=ticks, labelExpr="replace(datum.label, '-', '−') + '°'"),
    )
    y = alt.Y("side:N", title=None, scale=alt.Scale(domain=sides, padding=0.7), axis=alt.Axis(grid=False))

    def data(rows: list[dict[str, Any]]) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=rows))

    layers: list[Any] = [data([{"x": 0}]).mark_rule(color=ZERO, strokeWidth=1.4).encode(x=x)]
    for measure in measures:
        if measure.value is None or measure.standard_error is None:
            none = data([{"side": measure.side.capitalize(), "x": -limit, "text": NOT_MEASURABLE}])
            layers.append(none.mark_text(align="left", dx=4, color=INK, fontSize=12.5).encode(x=x, y=y, text="text:N"))
            continue
        value, error = measure.value, measure.standard_error
        row = {"side": measure.side.capitalize(), "x": value}
        colour = COLOURS[measure.side]
        for times, width in ((BOUND, 2.0), (1.0, 6.0)):
            bar = data([{**row, "x": value - times * error, "x2": value + times * error}])
            opacity = 0.45 if times == 1.0 else 1.0
            layers.append(bar.mark_rule(color=colour, strokeWidth=width, opacity=opacity).encode(x=x, x2="x2:Q", y=y))
        dot = data([row]).mark_point(color=colour, filled=True, opacity=1, size=110, shape=_SHAPES[measure.side])
        layers.append(dot.encode(x=x, y=y))
    ends: tuple[tuple[str, float, Literal["left", "right"]], ...] = ((below, -limit, "left"), (above, limit, "right"))
    for text, at, align in ends:
        word = alt.Chart(alt.InlineData(values=[{"x": at, "text": text}])).mark_text(
            align=align, y=-12, baseline="middle", color=INK, fontSize=12.5
        )
        layers.append(word.encode(x=x, text="text:N"))
    return alt.layer(*layers, width=_WIDTH, height=_HEIGHT).configure(
        aria=False,
        background="transparent",
        font="system-ui, sans-serif",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK, labelFontSize=12.5, gridColor=GRID, domain=False, ticks=False, labelPadding=6
        ),
    )
