"""Why it exists: every test over time in one picture, with its error, so that change and noise can be told apart.

One panel per test. Filled points can be compared with the last result, hollow ones were got in another way; inside the
band around the first comparable result no change can be told from error. See :mod:`levelstride.report.charts` for how
drawings are made; this one is also a file of its own, so it brings its own dark colours.
"""

import json
import math
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from levelstride.report.charts import COLOURS, GRID, INK
from levelstride.screening.change import DetectableChange, detectable_change, differences
from levelstride.screening.sayings import IMPERIAL, Phrases
from levelstride.screening.series import Z_95, Point, Series

if TYPE_CHECKING:
    import altair as alt

_PAPER = "#ffffff"
_TEXT = "#1d2731"
_WIDTH, _HEIGHT = 296, 130
_AXIS = 46
_FONT = 13
_LETTER = 7.2
_LINE = 18
_TITLE = 40
_TITLE_LINES = 3
_WIDE = 1.5
_SHAPES = {"left": "circle", "right": "diamond", None: "square"}
_CROWDED = 12
_DASH = [5, 4]
#: Light colour -> token of the page, and what it is by night where there is no page around.
_NIGHT = {
    _PAPER: ("card", "#1b242b"),
    _TEXT: ("ink", "#e9eef1"),
    INK: ("soft", "#a9b7c1"),
    GRID: ("line", "#33414b"),
    COLOURS["left"]: ("left", "#6cb8f5"),
    COLOURS["right"]: ("right", "#ffa163"),
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Drawn:
    """One result as it is drawn: ``x`` in days, the rest in the person's units."""

    x: float
    y: float
    margin: float
    alike: bool
    point: Point


@dataclass(frozen=True)
class _Line:
    """One side of a panel; ``band`` = first comparable value and how much more or less is no detectable change."""

    series: Series
    drawn: tuple[_Drawn, ...]
    band: tuple[float, DetectableChange, float] | None

    @property
    def colour(self) -> str:
        return COLOURS[self.series.side] if self.series.side else INK

    @property
    def mark(self) -> str:
        """Name of its marks in the drawing."""
        return self.series.side or "result"


def history_svg(series: Sequence[Series], phrases: Phrases) -> str:
    """Draw results over time: one panel per test, both sides in one, with errors and the smallest change that counts.

    Parameters
    ----------
    series : sequence of Series
        Drawn in this order; those without a result are left out.
    phrases : Phrases
        Language and units.

    Raises
    ------
    ValueError
        If there is no result at all.
    """
    import vl_convert

    panels: dict[str, list[_Line]] = {}
    for one in series:
        if one.points:
            panels.setdefault(one.subject.id, []).append(_line(one, phrases))
    if not panels:
        raise ValueError("expected at least one result")
    lines = [line for panel in panels.values() for line in panel]
    drawn = vl_convert.vegalite_to_svg(_picture(list(panels.values()), phrases).to_json())
    return _finish(drawn, phrases.heading("compare"), "\n".join(_told(line, phrases) for line in lines))


def _line(series: Series, phrases: Phrases) -> _Line:
    subject, last = series.subject, series.points[-1]
    factor = _factor(subject.unit, phrases)
    drawn = tuple(
        _Drawn(
            _day(point.at),
            point.value * factor,
            Z_95 * point.standard_error * factor,
            not differences(subject, point, last),
            point,
        )
        for point in series.points
    )
    alike = [one for one in drawn if one.alike]
    band = None
    if len(alike) > 1:
        least = detectable_change(series, alike[0].point, last, phrases.known)
        band = (alike[0].y, least, least.value * factor)
    return _Line(series, drawn, band)


def _factor(unit: str, phrases: Phrases) -> float:
    """Return what turns a value into the person's units."""
    return IMPERIAL[unit][1] if phrases.units == "imperial" and unit in IMPERIAL else 1.0


def _unit(unit: str, phrases: Phrases) -> str:
    """Return the word of the unit shown; none for degrees, which stand at each number."""
    if phrases.units == "imperial" and unit in IMPERIAL:
        unit = IMPERIAL[unit][0]
    return "" if unit == "deg" else phrases.unit(unit)


def _day(at: datetime) -> float:
    """Return the person's own calendar day and hour as days; no time zone of this machine comes in."""
    return at.toordinal() + (at.hour * 60 + at.minute) / 1440


def _told(line: _Line, phrases: Phrases) -> str:
    """Return every result of a line in words, for those who do not see the drawing."""
    unit = line.series.subject.unit
    results = []
    for one in line.drawn:
        value = phrases.amount(one.point.value, unit)
        error = phrases.amount(Z_95 * one.point.standard_error, unit)
        unlike = "" if one.alike else f" ({phrases.heading('change_not_comparable')})"
        results.append(f"{one.point.at.date().isoformat()} {value} ± {error}{unlike}")
    return f"{phrases.subject(line.series.subject, line.series.side)}: {'; '.join(results)}."


def _picture(panels: list[list[_Line]], phrases: Phrases) -> Any:
    import altair as alt

    days = [one.x for panel in panels for line in panel for one in line.drawn]
    first, last = min(days), max(days)
    dates = _date_ticks(first, last, phrases.language)
    spare = 0.13 * (last - first) if len(dates) > 1 else 3.0
    span = (first - spare, last + spare)
    rows = [_key(panels, phrases), *(_panel(panel, span, dates, phrases) for panel in panels)]
    padding = {"left": 12, "right": 16, "top": 14, "bottom": 12}
    return alt.vconcat(*rows, spacing=26, padding=padding).configure(
        aria=False,
        background=_PAPER,
        font="system-ui, sans-serif",
        view=alt.ViewConfig(stroke=None),
        title=alt.TitleConfig(anchor="start", frame="group", dx=4 - _AXIS, color=_TEXT, fontWeight=600, lineHeight=20),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=_FONT,
            titleFontSize=_FONT,
            titleFontWeight="normal",
            gridColor=GRID,
            domain=False,
            ticks=False,
            labelPadding=6,
        ),
    )


def _data(rows: list[dict[str, Any]], name: str | None = None) -> Any:
    import altair as alt

    chart = alt.Chart(alt.InlineData(values=rows))
    return chart if name is None else chart.properties(name=name)


def _panel(lines: list[_Line], span: tuple[float, float], dates: dict[float, str], phrases: Phrases) -> Any:
    import altair as alt

    subject = lines[0].series.subject
    ticks, low, high = _value_ticks(lines)
    sign = "°" if subject.unit == "deg" else ""
    decimals = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))
    words = {tick: phrases.number(tick, decimals) + sign for tick in ticks}
    x = alt.X("x:Q", title=None, scale=_scale(span), axis=_axis(dates, grid=False, labelPadding=10))
    y = alt.Y("y:Q", title=None, scale=_scale((low, high)), axis=_axis(words, minExtent=_AXIS - 4, maxExtent=_AXIS))
    layers: list[Any] = []
    for line in lines:
        layers.extend(_band(line, span, x, y))
    for place, line in enumerate(lines):
        layers.extend(_results(line, 9.0 * (place - (len(lines) - 1) / 2), x, y))
    layers.extend(_above(lines, _unit(subject.unit, phrases), phrases))
    title = alt.TitleParams(_wrapped(phrases.subject(subject, None)), fontSize=15, offset=8)
    return alt.layer(*layers, width=_WIDTH, height=_HEIGHT, title=title)


def _scale(domain: tuple[float, float]) -> "alt.Scale":
    import altair as alt

    return alt.Scale(domain=list(domain), nice=False, zero=False)


def _axis(words: dict[float, str], **more: Any) -> "alt.Axis":
    """Make an axis with these ticks and no others, each with its own word."""
    import altair as alt

    word = f"{json.dumps(list(words.values()))}[indexof({json.dumps(list(words))}, datum.value)]"
    return alt.Axis(values=list(words), labelExpr=word, labelOverlap=False, labelFlush=False, **more)


def _band(line: _Line, span: tuple[float, float], x: Any, y: Any) -> Iterator[Any]:
    if line.band is None:
        return
    middle, least, size = line.band
    low, high = middle - size, middle + size
    name = f"band_{line.mark}"
    if least.grounded:
        row = {"x": span[0], "x2": span[1], "y": low, "y2": high}
        area = _data([row], name).mark_rect(fill=line.colour, fillOpacity=0.1, stroke=line.colour, strokeOpacity=0.4)
        yield area.encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    else:
        rows = [{"x": span[0], "x2": span[1], "y": at} for at in (low, high)]
        edges = _data(rows, name).mark_rule(color=line.colour, strokeDash=_DASH, opacity=0.5)
        yield edges.encode(x=x, x2="x2:Q", y=y)


def _results(line: _Line, shift: float, x: Any, y: Any) -> Iterator[Any]:
    """Give error bars, the line through what can be compared, and the points."""
    crowded = len(line.drawn) > _CROWDED
    shift = shift / 2 if crowded else shift
    shape = _SHAPES[line.series.side]
    rows = [{"x": one.x, "y": one.y} for one in line.drawn if one.alike]
    path = _data(rows).mark_line(color=line.colour, strokeWidth=1.4, opacity=0.5, xOffset=shift)
    yield path.encode(x=x, y=y)
    rows = [{"x": one.x, "y": one.y - one.margin, "y2": one.y + one.margin} for one in line.drawn]
    bars = _data(rows, f"bars_{line.mark}").mark_rule(
        color=line.colour, strokeWidth=1.0 if crowded else 1.6, opacity=0.45 if crowded else 0.65, xOffset=shift
    )
    yield bars.encode(x=x, y=y, y2="y2:Q")
    size = 34 if crowded else 80
    for alike, name in ((False, "unlike"), (True, "alike")):
        rows = [{"x": one.x, "y": one.y} for one in line.drawn if one.alike is alike]
        if rows:
            yield (
                _data(rows, f"{name}_{line.mark}")
                .mark_point(**_point(shape, line.colour, hollow=not alike), size=size, xOffset=shift)
                .encode(x=x, y=y)
            )


def _point(shape: str, colour: str, *, hollow: bool) -> dict[str, Any]:
    return {"shape": shape, "fill": _PAPER if hollow else colour, "stroke": colour, "strokeWidth": 1.8, "opacity": 1}


def _above(lines: list[_Line], unit: str, phrases: Phrases) -> Iterator[Any]:
    """Give the row between title and panel: unit on the left, sides on the right."""
    if unit:
        yield _word(unit, -_AXIS + 4, -16, "unit")
    right = float(_WIDTH)
    for line in reversed([line for line in lines if line.series.side]):
        word = phrases.side(line.series.side)
        right -= _LETTER * len(word)
        yield _word(word, right, -16, f"side_{line.mark}")
        point = _point(_SHAPES[line.series.side], line.colour, hollow=False)
        yield _at(right - 11, -16).mark_point(**point, size=70)
        right -= 34


def _at(x: float, y: float, name: str | None = None, **fields: Any) -> Any:
    """Give a mark its place in pixels of the panel."""
    import altair as alt

    return _data([fields], name).encode(x=alt.value(x), y=alt.value(y))


def _word(text: str, x: float, y: float, name: str | None = None) -> Any:
    chart = _at(x, y, name, text=_legal(text))
    return chart.mark_text(align="left", baseline="middle", color=INK, fontSize=_FONT).encode(text="text:N")


def _key(panels: list[list[_Line]], phrases: Phrases) -> Any:
    """Draw the heading and what bars, bands and hollow points mean; only what occurs."""
    import altair as alt

    lines = [line for panel in panels for line in panel]
    bands = [line.band[1].grounded for line in lines if line.band is not None]
    said = [("bar", phrases.heading("margin_note"))]
    said += [("band", phrases.heading("change_no_detectable"))] if any(bands) else []
    said += [("edges", phrases.heading("change_not_known"))] if not all(bands) else []
    unlike = any(not one.alike for line in lines for one in line.drawn)
    said += [("hollow", phrases.heading("change_not_comparable"))] if unlike else []
    layers: list[Any] = []
    y, left = 8.0, -_AXIS + 4.0
    for sign, text in said:
        layers.extend(_sign(sign, left, y))
        for row in textwrap.wrap(text, int((_WIDTH + _AXIS - 34) / _LETTER * 1.12)):
            layers.append(_word(row, left + 32, y))
            y += _LINE
        y += 5
    title = alt.TitleParams(_wrapped(phrases.heading("compare")), fontSize=19, lineHeight=24, offset=10)
    return alt.layer(*layers, width=_WIDTH, height=y - 10, title=title)


def _sign(sign: str, left: float, y: float) -> Iterator[Any]:
    import altair as alt

    middle = left + 10
    if sign == "bar":
        yield _at(middle, y - 9).mark_rule(color=INK, strokeWidth=1.6, opacity=0.65).encode(y2=alt.value(y + 9))
    if sign in ("bar", "hollow"):
        yield _at(middle, y).mark_point(**_point("square", INK, hollow=sign == "hollow"), size=70)
    if sign == "band":
        box = _at(left, y - 7).mark_rect(color=INK, opacity=0.16)
        yield box.encode(x2=alt.value(left + 20), y2=alt.value(y + 7))
    for at in (y - 6, y + 6) if sign == "edges" else ():
        yield _at(left, at).mark_rule(color=INK, strokeDash=_DASH, opacity=0.7).encode(x2=alt.value(left + 20))


def _value_ticks(lines: list[_Line]) -> tuple[list[float], float, float]:
    """Return at most seven round values, and the ends of an axis that holds all bars and bands."""
    ends = [one.y + sign * one.margin for line in lines for one in line.drawn for sign in (-1, 1)]
    ends += [line.band[0] + sign * line.band[2] for line in lines if line.band is not None for sign in (-1, 1)]
    low, high = min(ends), max(ends)
    span = (high - low) or abs(high) or 1.0
    low, high = low - 0.05 * span, high + 0.05 * span
    rough = (high - low) / 6
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(step * scale for step in (1, 2, 5, 10) if step * scale >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step), math.floor(high / step)
    if last == first:
        first, last = math.floor(low / step), math.ceil(high / step)
        low, high = first * step, last * step
    digits = 1 - math.floor(math.log10(step))
    return [round(step * number, digits) for number in range(first, last + 1)], low, high


def _date_ticks(first: float, last: float, language: str) -> dict[float, str]:
    """Return the dates of the axis: the first and the last day, and one between; one alone when all is of one day."""
    from babel.dates import format_date

    found: dict[float, str] = {}
    for at in (first, last, (first + last) / 2):
        word = format_date(date.fromordinal(int(at)), "medium", locale=language)
        if word not in found.values():
            found[at] = word
    return found


def _wrapped(text: str) -> list[str]:
    rows = textwrap.wrap(_legal(text), _TITLE, max_lines=_TITLE_LINES, placeholder=" …")
    return rows or [""]


def _legal(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _NOT_XML.sub("", text)


def _finish(svg: str, title: str, told: str) -> str:
    """Give the drawing a name, a description, and the colours of the night; only its tags are looked at."""
    svg = re.sub(r"<\?xml[^>]*>|<!DOCTYPE[^>]*>", "", svg).strip()
    svg = re.sub(r"<[^>]+>", lambda tag: re.sub(r' (role|aria-[a-z]+|style|xmlns:xlink)="[^"]*"', "", tag[0]), svg)
    head, rest = svg.split(">", 1)
    head = re.sub(r' class="[^"]*"', "", head) + ' class="chart history" role="img"'
    name = f"<title>{escape(_legal(title), quote=False)}</title>"
    return f"{head}>{name}<desc>{escape(_legal(told), quote=False)}</desc><style>{_style(head)}</style>{rest}\n"


def _style(head: str) -> str:
    """Give the colours of the night, and a larger drawing where it is a page of its own on a wide screen."""
    rules = "".join(
        f'.history [{what}="{colour}"]{{{what}:var(--{token},{night})}}'
        for colour, (token, night) in _NIGHT.items()
        for what in ("fill", "stroke")
    )
    sizes = re.findall(r' (width|height)="(\d+)"', head)
    wide = ";".join(f"{name}:{round(_WIDE * int(size))}px" for name, size in sizes)
    return f"@media (prefers-color-scheme:dark){{{rules}}}@media (min-width:800px){{:root.history{{{wide}}}}}"
