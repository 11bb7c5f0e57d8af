"""Why it exists: one drawing shows which exercise leads to which, from easy (below) to hard (above)."""

from collections.abc import Collection
from html import escape

from levelstride.library.knowledge import Knowledge
from levelstride.library.translations import Speaker

_COLUMN_PX, _ROW_PX = 190, 84
_BOX_PX = (172, 48)
_MARGIN_PX = 24
_SCALE_PX = 34
_LINE = 24  # characters of a name per line

_STYLE = """
text{font:13px system-ui,sans-serif;fill:#1d2731}
.box{fill:#fff;stroke:#0d6b5e;stroke-width:1.5}
.here{fill:#e4f1ee;stroke-width:3}
.edge{fill:none;stroke:#8896a3;stroke-width:1.5}
.tip{fill:#8896a3}
.level{fill:#51606d;font-size:12px}
.row{stroke:#d8dfe2}
@media (prefers-color-scheme:dark){
text{fill:#e9eef1}.box{fill:#1b242b;stroke:#6fd3c0}.here{fill:#17332f}.level{fill:#a9b7c1}.row{stroke:#33414b}
}
"""


def steps_up(known: Knowledge) -> dict[str, tuple[str, ...]]:
    """Return, for every exercise, the exercises one step up: those it names, and those that name it as easier."""
    up: dict[str, dict[str, None]] = {name: {} for name in known.exercises}
    for name, exercise in known.exercises.items():
        up[name].update(dict.fromkeys(exercise.harder))
        for other in exercise.easier:
            up[other][name] = None
    return {name: tuple(others) for name, others in up.items()}


def family(name: str, known: Knowledge, *, reach: int = 2) -> set[str]:
    """Return the exercises at most ``reach`` steps below or above one exercise, itself among them.

    Raises
    ------
    KeyError
        If there is no such exercise.
    """
    up = steps_up(known)
    down: dict[str, list[str]] = {other: [] for other in up}
    for low, highs in up.items():
        for high in highs:
            down[high].append(low)
    found = {known.exercises[name].id}
    for ways in (up, down):
        edge = {name}
        for _ in range(reach):
            edge = {other for one in edge for other in ways[one]}
            found |= edge
    return found


def ladder_svg(
    known: Knowledge,
    names: Collection[str] | None = None,
    *,
    here: str = "",
    language: str = "en",
    in_page: bool = False,
    linked: bool = True,
) -> str:
    """Return the ladder of some exercises (all of them when none is named) as an SVG drawing.

    Rows are difficulty, 1 at the bottom; ``here`` is set off. With ``linked`` each box leads to the exercise's page
    beside the drawing. With ``in_page`` the colours come from the page's style sheet.
    """
    speaker = Speaker(known, language)
    chosen = [name for name in known.exercises if names is None or name in names]
    up = {low: [high for high in highs if high in chosen] for low, highs in steps_up(known).items() if low in chosen}
    levels = sorted({known.exercises[name].difficulty for name in chosen})
    rows = {level: [name for name in chosen if known.exercises[name].difficulty == level] for level in levels}
    places = _places(rows, up)
    width = _MARGIN_PX * 2 + _SCALE_PX + _COLUMN_PX * max(len(row) for row in rows.values())
    height = _MARGIN_PX * 2 + _ROW_PX * len(levels)

    def corner(name: str) -> tuple[float, float]:
        column, row = places[name]
        return (
            _MARGIN_PX + _SCALE_PX + column * _COLUMN_PX,
            _MARGIN_PX + (len(levels) - 1 - row) * _ROW_PX + (_ROW_PX - _BOX_PX[1]) / 2,
        )

    title = speaker.heading("ladder")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' class="ladder" role="group" aria-label="{escape(title)}">{"" if in_page else f"<style>{_STYLE}</style>"}'
    ]
    for index, level in enumerate(levels):
        y = _MARGIN_PX + (len(levels) - index) * _ROW_PX
        parts.append(f'<line class="row" x1="{_MARGIN_PX}" x2="{width - _MARGIN_PX}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="level" x="{_MARGIN_PX}" y="{y - _ROW_PX / 2 + 4}">{level}</text>')
    for low, highs in up.items():
        for high in highs:
            parts.append(_edge(corner(low), corner(high)))
    for name in chosen:
        parts.append(
            _box(name, speaker.say(known.exercises[name].name), corner(name), here=name == here, linked=linked)
        )
    parts.append("</svg>")
    return "\n".join(parts)


def _places(rows: dict[int, list[str]], up: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Order each row so that boxes stand near what leads to them, which keeps the lines short."""
    places: dict[str, tuple[int, int]] = {}
    for row, names in enumerate(rows.values()):

        def wish(name: str) -> float:
            below = [places[low][0] for low, highs in up.items() if name in highs and low in places]
            return sum(below) / len(below) if below else float(len(places))

        for column, name in enumerate(sorted(names, key=wish) if row else names):
            places[name] = (column, row)
    return places


def _edge(low: tuple[float, float], high: tuple[float, float]) -> str:
    x1, y1 = low[0] + _BOX_PX[0] / 2, low[1]
    x2, y2 = high[0] + _BOX_PX[0] / 2, high[1] + _BOX_PX[1]
    if y1 <= y2:  # the same row: from side to side
        right = high[0] > low[0]
        x1, y1 = low[0] + (_BOX_PX[0] if right else 0), low[1] + _BOX_PX[1] / 2
        x2, y2 = high[0] + (0 if right else _BOX_PX[0]), high[1] + _BOX_PX[1] / 2
        return f'<path class="edge" d="M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"/>'
    middle = (y1 + y2) / 2
    tip = f"M{x2 - 4:.0f} {y2 + 7:.0f}L{x2:.0f} {y2:.0f}L{x2 + 4:.0f} {y2 + 7:.0f}Z"
    curve = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2 + 6:.0f}"
    return f'<path class="edge" d="{curve}"/><path class="tip" d="{tip}"/>'


def _box(name: str, label: str, corner: tuple[float, float], *, here: bool, linked: bool) -> str:
    x, y = corner
    lines = _wrap(label)
    first = y + _BOX_PX[1] / 2 + 4.5 - 8 * (len(lines) - 1)
    words = "".join(
        f'<text x="{x + _BOX_PX[0] / 2:.0f}" y="{first + 16 * index:.1f}" text-anchor="middle">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
    kind = "box here" if here else "box"
    box = f'<rect class="{kind}" x="{x:.0f}" y="{y:.1f}" width="{_BOX_PX[0]}" height="{_BOX_PX[1]}" rx="10"/>'
    inside = f"<title>{escape(label)}</title>{box}{words}"
    return f'<a href="{escape(name)}.html">{inside}</a>' if linked else f"<g>{inside}</g>"


def _wrap(label: str) -> list[str]:
    lines = [""]
    for word in label.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= _LINE or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > 2:
        lines = [lines[0], lines[1][: _LINE - 1].rstrip(" ,") + "…"]
    return lines
