"""Why it exists: joint-angle curves over the gait cycle as drawings that need no script and follow light and dark.

Altair describes, vl-convert draws SVG. The colours below are those of the light page; the style sheet replaces each
of them by a variable through attribute selectors, so a chart also stands alone.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from levelstride.measure.results import Curve, GaitResult
from levelstride.report.wording import format_angle

if TYPE_CHECKING:
    import altair as alt

LEFT = "#0b62a4"
RIGHT = "#c4500a"
INK = "#33414e"
GRID = "#dfe5ea"
ZERO = "#8896a3"
DASH = (7, 4)
_WIDTH, _HEIGHT = 330, 230
_MAX_STRIDES = 15
_WORDS: dict[str, Any] = {"align": "left", "dx": 5, "color": INK, "fontSize": 12}
COLOURS = {"left": LEFT, "right": RIGHT}


@dataclass(frozen=True)
class CurveSpec:
    """How one curve is titled, and what up and down mean."""

    title: str
    above: str
    below: str
    explained: str


CURVES: dict[str, CurveSpec] = {
    "hip_flexion_deg": CurveSpec(
        "Hip flexion", "thigh in front ↑", "thigh behind ↓", "Angle between thigh and trunk; below zero is extension."
    ),
    "knee_flexion_deg": CurveSpec(
        "Knee flexion", "bent ↑", "", "Angle between thigh and shank; zero is a straight knee."
    ),
    "trunk_forward_lean_deg": CurveSpec(
        "Trunk forward lean", "forward ↑", "backward ↓", "Angle of the trunk from the vertical."
    ),
}


@dataclass(frozen=True)
class Chart:
    """One drawn chart with its words.

    Attributes
    ----------
    svg : str
        Inline SVG without identifiers shared with other charts.
    alternative : str
        What the chart shows, for those who do not see it.
    curves : tuple of Curve
        What it was drawn from, left before right.
    """

    name: str
    title: str
    explained: str
    svg: str
    alternative: str
    curves: tuple[Curve, ...]


def curve_charts(gait: GaitResult) -> list[Chart]:
    """Draw every curve of a result that the report knows, in reading order."""
    charts = []
    for name in CURVES:
        curves = tuple(c for side in ("left", "right") for c in gait.curves if (c.name, c.side) == (name, side))
        if curves:
            charts.append(curve_chart(name, curves))
    return charts


def curve_chart(name: str, curves: tuple[Curve, ...]) -> Chart:
    """Draw one angle: mean, ±1 SD band and single strides of each side, toe-off and the zero line.

    Parameters
    ----------
    name : str
        A key of :data:`CURVES`.
    curves : tuple of Curve
        One or two sides of that angle.
    """
    import vl_convert

    spec = CURVES[name]
    alternative = describe(spec, curves)
    drawn = vl_convert.vegalite_to_svg(_layers(spec, curves).to_json())
    return Chart(name, spec.title, spec.explained, clean_svg(drawn, name, alternative), alternative, curves)


def describe(spec: CurveSpec, curves: tuple[Curve, ...]) -> str:
    """Say what a chart shows: range, where its ends lie, toe-off."""
    parts = []
    for curve in curves:
        top, low = max(curve.mean), min(curve.mean)
        toe_off = "" if curve.toe_off_pct is None else f", toe-off at {curve.toe_off_pct:.0f} %"
        parts.append(
            f"{curve.side} mean of {curve.n} stride{'' if curve.n == 1 else 's'} from {format_angle(low)}"
            f" (at {curve.mean.index(low)} % of the gait cycle) to {format_angle(top)} (at {curve.mean.index(top)} %)"
            f"{toe_off}"
        )
    return f"{spec.title} over the gait cycle: {'; '.join(parts)}."


def _layers(spec: CurveSpec, curves: tuple[Curve, ...]) -> "alt.LayerChart":
    import altair as alt

    low, high = _range(spec, curves)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    x = alt.X(
        "x:Q",
        title="% of the gait cycle",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )
    y = alt.Y(
        "y:Q", title=None, scale=scale, axis=alt.Axis(tickCount=6, labelExpr="replace(datum.label, '-', '−') + '°'")
    )

    def data(rows: list[dict[str, Any]]) -> alt.Chart:
        return alt.Chart(alt.InlineData(values=rows))

    layers: list[Any] = []
    if low < 0 < high:
        layers.append(data([{"y": 0}]).mark_rule(color=ZERO, strokeWidth=1.2).encode(y=y))
    for curve in curves:
        colour = COLOURS[curve.side]
        band = [
            {"x": i, "y": round(m - s, 2), "y2": round(m + s, 2)}
            for i, (m, s) in enumerate(zip(curve.mean, curve.sd, strict=True))
        ]
        layers.append(data(band).mark_area(color=colour, opacity=0.16).encode(x=x, y=y, y2="y2:Q"))
    for curve in curves:
        step = max(1, -(-len(curve.strides) // _MAX_STRIDES))
        thin = [
            {"x": i, "y": v, "stride": number}
            for number, stride in enumerate(curve.strides[::step])
            for i, v in enumerate(stride)
            if i % 2 == 0
        ]
        line = data(thin).mark_line(color=COLOURS[curve.side], strokeWidth=0.8, opacity=0.4)
        layers.append(line.encode(x=x, y=y, detail="stride:N"))
    for curve in curves:
        mean = [{"x": i, "y": round(v, 2)} for i, v in enumerate(curve.mean)]
        dash = list(DASH) if curve.side == "right" else [1, 0]
        layers.append(
            data(mean).mark_line(color=COLOURS[curve.side], strokeWidth=2.6, strokeDash=dash).encode(x=x, y=y)
        )
    layers.extend(_toe_off_layers(curves, x, y, low, high))
    above = data([{"x": 0, "y": high, "text": spec.above}])
    layers.append(above.mark_text(baseline="top", dy=4, **_WORDS).encode(x=x, y=y, text="text:N"))
    if spec.below and low < 0:
        below = data([{"x": 0, "y": low, "text": spec.below}])
        layers.append(below.mark_text(baseline="bottom", dy=-4, **_WORDS).encode(x=x, y=y, text="text:N"))
    chart: alt.LayerChart = alt.layer(*layers, width=_WIDTH, height=_HEIGHT).configure(
        aria=False,
        background="transparent",
        font="system-ui, sans-serif",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=12.5,
            titleFontSize=12.5,
            titleFontWeight="normal",
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelPadding=6,
            titlePadding=8,
        ),
    )
    return chart


def _toe_off_layers(curves: tuple[Curve, ...], x: Any, y: Any, low: float, high: float) -> list[Any]:
    import altair as alt

    found = sorted((c.toe_off_pct, c.side) for c in curves if c.toe_off_pct is not None)
    layers: list[Any] = []
    for at, side in found:
        rule = alt.Chart(alt.InlineData(values=[{"x": at, "y": low, "y2": high}])).mark_rule(
            color=COLOURS[side], strokeWidth=1.3, strokeDash=list(DASH) if side == "right" else [1, 0], opacity=0.8
        )
        layers.append(rule.encode(x=x, y=y, y2="y2:Q"))
    if found:
        word = alt.Chart(alt.InlineData(values=[{"x": found[-1][0], "y": high, "text": "toe-off"}])).mark_text(
            baseline="top", dy=4, **_WORDS
        )
        layers.append(word.encode(x=x, y=y, text="text:N"))
    return layers


def _range(spec: CurveSpec, curves: tuple[Curve, ...]) -> tuple[float, float]:
    """Limits of the vertical axis: everything drawn and zero, at least 30° in all, with room for words on both ends."""
    values = [v for c in curves for stride in (c.mean, *c.strides) for v in stride]
    values += [m + sign * s for c in curves for m, s in zip(c.mean, c.sd, strict=True) for sign in (1, -1)]
    low, high = min(0.0, *values), max(0.0, *values)
    spare = max(0.0, 30.0 - (high - low)) / 2
    low, high = low - spare if low < 0 else low, high + spare
    room = 0.13 * (high - low)
    return 5 * ((low - (room if low < 0 and spec.below else 0)) // 5), -5 * (-(high + room) // 5)


def clean_svg(svg: str, name: str, alternative: str) -> str:
    """Give the drawing one accessible name, identifiers of its own, and a size that follows the page."""
    svg = re.sub(r"<\?xml[^>]*>|<!DOCTYPE[^>]*>", "", svg).strip()
    svg = re.sub(r' (role|aria-[a-z]+|xmlns:xlink|style)="[^"]*"', "", svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = svg.replace("url(#", f"url(#{name}-")
    head, rest = svg.split(">", 1)
    head = re.sub(r' (width|height|class)="[^"]*"', "", head)
    return f'{head} class="chart" role="img" aria-label="{escape(alternative)}">{rest}'
