"""Why it exists: one drawing shows which exercise leads to which, from easy (below) to hard (above)."""

from collections.abc import Collection, Iterable
from html import escape
from itertools import pairwise

from levelstride.library import sayings
from levelstride.library.knowledge import Knowledge
from levelstride.library.ladder import harder_by
from levelstride.library.translations import Speaker

_COLUMN_PX, _ROW_PX = 190, 84
_BOX_PX = (172, 48)
_MARGIN_PX = 24
_SCALE_PX = 34
_LINE = 24  # characters of a name per line
_SWEEPS = 6

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
    beside the drawing. Each line says what makes the step harder. With ``in_page`` the colours come from the page's
    style sheet.
    """
    speaker = Speaker(known, language)
    chosen = [name for name in known.exercises if names is None or name in names]
    up = {low: [high for high in highs if high in chosen] for low, highs in steps_up(known).items() if low in chosen}
    levels = sorted({known.exercises[name].difficulty for name in chosen})
    rows = {name: levels.index(known.exercises[name].difficulty) for name in chosen}
    columns, runs = _columns(rows, up)
    width = _MARGIN_PX * 2 + _SCALE_PX + _COLUMN_PX * (1 + max(columns.values(), default=0))
    height = _MARGIN_PX * 2 + _ROW_PX * len(levels)

    def corner(spot: Spot, row: int) -> tuple[float, float]:
        return (
            _MARGIN_PX + _SCALE_PX + columns[spot] * _COLUMN_PX,
            _MARGIN_PX + (len(levels) - 1 - row) * _ROW_PX + (_ROW_PX - _BOX_PX[1]) / 2,
        )

    title = speaker.heading("ladder")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' class="ladder" role="img" aria-label="{escape(title)}">{"" if in_page else f"<style>{_STYLE}</style>"}'
    ]
    for row, level in enumerate(levels):
        y = _MARGIN_PX + (len(levels) - row) * _ROW_PX
        parts.append(f'<line class="row" x1="{_MARGIN_PX}" x2="{width - _MARGIN_PX}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="level" x="{_MARGIN_PX}" y="{y - _ROW_PX / 2 + 4}">{level}</text>')
    for run in runs:
        line = _edge([corner(spot, rows[spot] if isinstance(spot, str) else spot[2]) for spot in run])
        parts.append(_step(str(run[0]), str(run[-1]), line, speaker))
    for name in chosen:
        label = speaker.say(known.exercises[name].name)
        parts.append(_box(name, label, corner(name, rows[name]), here=name == here, linked=linked))
    parts.append("</svg>")
    return "\n".join(parts)


#: A place in the drawing: an exercise, or where the line from one to another passes a row between them.
Spot = str | tuple[str, str, int]


def _columns(rows: dict[str, int], up: dict[str, list[str]]) -> tuple[dict[Spot, int], list[list[Spot]]]:
    """Return the column of every spot, and each line as the spots it passes.

    Families that no line joins stand side by side; within one, each row is ordered by where its lines come from.
    """
    runs: list[list[Spot]] = [
        [low, *((low, high, row) for row in range(rows[low] + 1, rows[high])), high]
        for low, highs in up.items()
        for high in highs
    ]
    joined: dict[Spot, list[Spot]] = {name: [] for name in rows}
    for run in runs:
        for one, other in pairwise(run):
            joined.setdefault(one, []).append(other)
            joined.setdefault(other, []).append(one)
    columns: dict[Spot, int] = {}
    free = 0
    for name in rows:
        if name in columns:
            continue
        ordered = _ordered(_reached(name, joined), joined, rows)
        columns |= {spot: free + place for row in ordered for place, spot in enumerate(row)}
        free += max(len(row) for row in ordered)
    return columns, runs


def _reached(start: Spot, joined: dict[Spot, list[Spot]]) -> dict[Spot, None]:
    found: dict[Spot, None] = {start: None}
    waiting = [start]
    while waiting:
        for other in joined[waiting.pop()]:
            if other not in found:
                found[other] = None
                waiting.append(other)
    return found


def _ordered(spots: Iterable[Spot], joined: dict[Spot, list[Spot]], rows: dict[str, int]) -> list[list[Spot]]:
    """Return the rows of one family, ordered so that lines stay short (barycentres, a few sweeps)."""
    by_row: dict[int, list[Spot]] = {}
    for spot in spots:
        by_row.setdefault(rows[spot] if isinstance(spot, str) else spot[2], []).append(spot)
    places = {spot: float(place) for row in by_row.values() for place, spot in enumerate(row)}
    for sweep in range(_SWEEPS):
        for row in sorted(by_row, reverse=bool(sweep % 2)):
            wishes = {
                spot: sum(places[one] for one in joined[spot]) / max(len(joined[spot]), 1) for spot in by_row[row]
            }
            by_row[row].sort(key=lambda spot, wishes=wishes: wishes[spot])  # type: ignore[misc]
            places |= {spot: float(place) for place, spot in enumerate(by_row[row])}
    return [by_row[row] for row in sorted(by_row)]


def _edge(corners: list[tuple[float, float]]) -> str:
    """Return one line with its tip; through the middles of the rows it passes."""
    half = _BOX_PX[0] / 2
    (x, y), (x_end, y_end) = corners[0], corners[-1]
    if y == y_end:  # the same difficulty: an arc over the row
        top, bow = y, _ROW_PX / 4
        return f'<path class="edge" d="M{x + half:.0f} {top:.0f}q{(x_end - x) / 2:.0f} -{bow:.0f} {x_end - x:.0f} 0"/>'
    path, at_x, at_y = f"M{x + half:.0f} {y:.0f}", x + half, y
    for next_x, next_y in corners[1:]:
        last = (next_x, next_y) == corners[-1]
        to_x, to_y = next_x + half, next_y + _BOX_PX[1] + (6 if last else 0)
        middle = (at_y + to_y) / 2
        path += f"C{at_x:.0f} {middle:.0f} {to_x:.0f} {middle:.0f} {to_x:.0f} {to_y:.0f}"
        if not last:
            path += f"V{next_y:.0f}"
        at_x, at_y = to_x, next_y
    x_tip, y_tip = x_end + half, y_end + _BOX_PX[1]
    tip = f"M{x_tip - 4:.0f} {y_tip + 7:.0f}L{x_tip:.0f} {y_tip:.0f}L{x_tip + 4:.0f} {y_tip + 7:.0f}Z"
    return f'<path class="edge" d="{path}"/><path class="tip" d="{tip}"/>'


def _step(low: str, high: str, line: str, speaker: Speaker) -> str:
    """Return one line of the drawing with what makes the step harder: as data, and in words for who points at it."""
    easier, harder = speaker.known.exercises[low], speaker.known.exercises[high]
    words = f"{speaker.say(easier.name)} → {speaker.say(harder.name)}: {sayings.harder_words(easier, harder, speaker)}"
    return f'<g data-harder-by="{" ".join(harder_by(easier, harder))}"><title>{escape(words)}</title>{line}</g>'


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
