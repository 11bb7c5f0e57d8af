"""Why it exists: docs/methods.md says exactly what the library says; it is written from it and checked against it.

``python scripts/methods_page.py`` writes the page; ``--check`` fails when the page is out of date.
"""

import sys
from pathlib import Path

from levelstride.library.loader import measure_library
from levelstride.library.schema.base import Source
from levelstride.library.schema.measures import MeasureLibrary, MeasureSpec, TaskFigure

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.pages import write_or_check  # noqa: E402 - the scripts folder is not installed

PAGE = ROOT / "docs" / "methods.md"

INTRO = """# How each measure is defined

<!-- Written by `python scripts/methods_page.py` from src/levelstride/library/measures.yaml. Do not edit by hand. -->

Angles are in degrees; flexion is positive; both legs read anatomically, whichever side the camera stands on. Lengths
are in metres along the walking direction. Every value carries a standard error: the root of the sampling variance of
its mean (which shrinks with more steps) and the instrument variance (which does not). Lengths also carry the error of
the scale. With few steps the person's own spread is pooled with the typical spread listed here, at a weight of three
steps. The leg further from the camera has the larger instrument error.

Status of a figure: *verified* = seen at its source; *secondary* = seen as quoted elsewhere; *memory* = recalled and
not yet seen; *product default* = our own choice, no published value; *measured* = from our own comparison.

"""


def page() -> str:
    """Return the whole page as Markdown."""
    library = measure_library()
    parts = [INTRO]
    for task_name, task in library.tasks.items():
        parts.append(f"## {task.label}\n\nViews: {', '.join(task.views)}.\n\n")
        for name, spec in library.measures.items():
            if task_name in spec.tasks:
                parts.append(_measure(name, spec, library.sources))
        for title, group in (
            ("Processing", task.processing),
            ("Events", task.events),
            ("Gates: when nothing is stated", task.gates),
            ("Feet on the ground", task.placement),
            ("Scale from height", task.scale),
        ):
            parts.append(_figures(title, group, library.sources))
    parts.append("## Sources\n\n| id | source | identifier | status |\n|---|---|---|---|\n")
    used = _used(library)
    for source_id, source in library.sources.items():
        if source_id not in used:
            continue
        parts.append(f"| {source_id} | {source.citation} | {source.identifier or '-'} | {_status(source)} |\n")
    return "".join(parts)


def _used(library: MeasureLibrary) -> set[str]:
    """Return the sources that measures and thresholds point to; the others belong to the rest of the library."""
    used: set[str] = set()
    for spec in library.measures.values():
        used |= {*spec.sources, spec.instrument_error.source, spec.typical_sd.source}
    for task in library.tasks.values():
        for group in (task.processing, task.events, task.gates, task.placement, task.scale):
            used |= {figure.source for figure in group.values()}
    return used


def _measure(name: str, spec: MeasureSpec, sources: dict[str, Source]) -> str:
    error = spec.instrument_error
    note = f" ({error.note})" if error.note else ""
    ways = {"near leg": error.near, "far leg": error.far, "from behind or in front": error.frontal}
    errors = ", ".join(f"{way} {value:g}" for way, value in ways.items() if value is not None) or "never stated: none,"
    lines = [
        f"### {spec.label} `{name}`\n",
        spec.definition,
        "",
        f"- Unit: {spec.unit}; side: {', '.join(spec.sides)}{'; needs a scale' if spec.needs_scale else ''}",
    ]
    if spec.sign:
        lines.append(f"- Sign: {spec.sign}")
    lines += [
        f"- Method: {spec.method}",
        f"- Stated from {spec.min_n}, good from {spec.good_n}",
        f"- Instrument error: {errors} {spec.unit} [{error.source}, {_status(sources[error.source])}]{note}",
        f"- Typical step-to-step spread: {spec.typical_sd.value:g} {spec.unit}"
        f" [{spec.typical_sd.source}, {_status(sources[spec.typical_sd.source])}]",
        f"- Sources: {', '.join(f'{s} ({_status(sources[s])})' for s in spec.sources)}",
        "",
        "",
    ]
    return "\n".join(lines)


def _figures(title: str, group: dict[str, TaskFigure], sources: dict[str, Source]) -> str:
    rows = [f"### {title}\n\n| setting | value | unit | source | note |\n|---|---|---|---|---|\n"]
    for name, figure in group.items():
        status = _status(sources[figure.source])
        origin = status if figure.source == "product_default" else f"{figure.source}, {status}"
        rows.append(f"| `{name}` | {figure.value:g} | {figure.unit} | {origin} | {figure.note or ''} |\n")
    return "".join(rows) + "\n"


def _status(source: Source) -> str:
    return source.status.replace("_", " ")


if __name__ == "__main__":
    write_or_check(PAGE, page(), script="scripts/methods_page.py")
