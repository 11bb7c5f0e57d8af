"""Why it exists: docs/validity.md says how right every measure is, from files that commands wrote, misses included.

``python scripts/validity_page.py`` writes the page from validation/results/*.json; ``--check`` fails when the page does
not match those files and the present code.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.pages import write_or_check  # noqa: E402 - scripts and validation are not installed
from validation.keep import code_hash  # noqa: E402
from validation.score import GROUPS, NEVER, Figures, Row, figures, group_of, verdicts  # noqa: E402

from levelstride.library.loader import measure_library  # noqa: E402
from levelstride.library.schema.measures import MeasureSpec  # noqa: E402

PAGE = ROOT / "docs" / "validity.md"
RESULTS = ROOT / "validation" / "results"
STALE = " (*stale*)"
SOURCES = {"mannequin": "Mannequins", "markers": "Markers"}

INTRO = """# How right it is

<!-- Written by `python scripts/validity_page.py` from validation/results/. Do not edit by hand. -->

Two kinds of truth. **Mannequins**: rendered people whose every joint is known, filmed by a virtual phone, seen by the
pose model and measured as any video is: the whole chain, on walks that no constant was set on. **Markers**: real walks
whose joint centres a laboratory measured, put in front of a virtual camera with noise on every point: the geometry and
the events on real movement, without pictures and without a pose model.

What this does not show: mannequins are one rig with one skeleton in painted tights, not people; what the pose model
does on real skin, clothes, light and unusual walks is not in these figures. Video of real people from behind or in
front with a known truth is missing altogether. The marker walks are few (five people), most of them shorter than the
ten steps a side that frontal measures ask for. So these errors are a lower bound for what a phone in a corridor gives.

A row of the data is one measure of one side of one walk. A refused row counts as a miss in *coverage* and in every
"within" share; bias, slope and RMSE exist only for stated values, so the share refused stands beside them. *Coverage*:
share of rows in which value ± 1.96 standard errors holds the truth (95 % is right; more means errors stated too
large). *z²*: mean square of error over standard error (1 is right; below 1, too large). *Slope*: of the estimate on
the truth, - where the truth hardly varies. A section marked *stale* was computed by other code than the present one.
"""

NO_TRUTH = "no truth yet: no recording holds a known value of it"
NOT_RUN = "no truth yet: the mannequins have not been run"

Content = dict[str, Any]


def read_results(prefix: str = "") -> dict[str, Content]:
    """Return the result files that exist, by source."""
    files = {source: RESULTS / f"{prefix}{source}.json" for source in SOURCES}
    return {source: json.loads(f.read_text(encoding="utf-8")) for source, f in files.items() if f.is_file()}


def page(results: dict[str, Content]) -> str:
    """Return the whole page as Markdown."""
    rows = all_rows(results)
    parts = [INTRO, "\n## Targets\n\n", _origins(results), targets_table(rows)]
    for task_name, task in measure_library().tasks.items():
        parts.append(f"\n## {task.label}\n\nmodule: {module_of(task_name)}\n\n{_origins(results)}")
        parts.append(measures_table(task_name, rows, ran="mannequin" in results))
    parts.append(_never(rows))
    for source in results:
        parts.append(_breakdown(source, results))
    if "controls" in results.get("markers", {}):
        parts.append(_controls(results["markers"]))
    return "".join(parts)


def all_rows(results: dict[str, Content]) -> list[Row]:
    """Return the rows of every source."""
    return [
        {"source": "markers" if source == "markers" else "mannequins", **row}
        for source, content in results.items()
        for row in content["rows"]
    ]


def module_of(task: str) -> str:
    """Return the module that computes the measures of a task."""
    return f"levelstride.measure.{task}"


def is_stale(content: Content) -> bool:
    """Whether the code that a result covers has changed since."""
    return bool(content["code_sha256"] != code_hash(*content.get("covers", ())))


def _origins(results: dict[str, Content]) -> str:
    lines = []
    for source, label in SOURCES.items():
        if source not in results:
            lines.append(f"- {label}: not yet run (`python -m validation`)\n")
            continue
        content = results[source]
        cases = len({row["case"] for row in content["rows"]})
        stale = STALE if is_stale(content) else ""
        lines.append(f"- {label}: `{content['command']}`, {cases} walks, {len(content['rows'])} rows{stale}\n")
    return "".join(lines) + "\n"


def targets_table(rows: Sequence[Row]) -> str:
    """Return the promises and what became of them."""
    known = measure_library().measures
    lines = ["| target | truth | found | rows | |\n|---|---|---|---|---|\n"]
    for v in verdicts([r for r in rows if r["name"] in known]):
        verdict = "met" if v.met else "**missed**"
        lines.append(f"| {v.target.label} | {v.group} | {v.found} | {v.n} | {verdict} |\n")
    return "".join(lines)


HEAD = (
    "| measure | truth | n | refused | bias | slope | RMSE | coverage | z² |\n|---|---|---|---|---|---|---|---|---|\n"
)


def measures_table(task_name: str, rows: Sequence[Row], *, ran: bool) -> str:
    """Return one line per measure of a task and kind of truth."""
    sideways = {"left", "right"} & set(measure_library().tasks[task_name].views)
    lines = [HEAD]
    for name, spec in measure_library().measures.items():
        if task_name not in spec.tasks:
            continue
        own = [r for r in rows if r["name"] == name and bool(sideways) == (r["view"] in ("left", "right"))]
        groups = [(g, [r for r in own if group_of(r) == g]) for g in GROUPS]
        found = [_line(name, spec, g.split(",")[0], figures(chosen)) for g, chosen in groups if chosen]
        why = NO_TRUTH if ran else NOT_RUN
        lines += found or [f"| {spec.label} `{name}` | {why} | | | | | | | |\n"]
    return "".join(lines)


def _line(name: str, spec: MeasureSpec, truth: str, f: Figures) -> str:
    if not f.n:
        return f"| {spec.label} `{name}` | {truth} | never from video ({f.never} refused) | | | | | | |\n"

    def number(value: float | None, sign: str = "") -> str:
        return "-" if value is None else f"{value:{sign}.{spec.decimals + 1}f}"

    rmse = number(f.rmse) + (f" ({f.relative_rmse:.1%})" if f.relative_rmse is not None else "")
    codes = ", ".join(f"{code} {count}" for code, count in f.refused.items())
    refused = f"{f.refused_share:.0%}" + (f" ({codes})" if codes else "")
    slope = "-" if f.slope is None else f"{f.slope:.2f}"
    coverage = "-" if f.coverage is None else f"{f.coverage:.0%} of {f.with_error}"
    z = "-" if f.mean_square_z is None else f"{f.mean_square_z:.2f}"
    unit = f"{number(f.bias, '+')} {spec.unit}" if f.bias is not None else "-"
    return f"| {spec.label} `{name}` | {truth} | {f.n} | {refused} | {unit} | {slope} | {rmse} | {coverage} | {z} |\n"


def _never(rows: Sequence[Row]) -> str:
    names = sorted({r["name"] for r in rows if r["refused"] in NEVER})
    if not names:
        return ""
    labels = " and ".join(measure_library().measures[n].label.lower() for n in names)
    return (
        f"\nNever stated from a video, and therefore in none of the figures: {labels}. A marker recording that holds"
        " the pelvis gives the pelvic drop.\n"
    )


PARTS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("camera off the line", lambda r: "below 10°" if abs(r["azimuth_deg"]) < 10 else "10° and more"),
    ("camera's roll", lambda r: "stated" if r["roll_stated"] else "not stated"),
    ("body", lambda r: str(r["body"])),
)
SHOWN = ("trunk_lean_deg", "knee_frontal_projection_deg", "hip_line_change_deg", "hip_line_deg")


def _breakdown(source: str, results: dict[str, Content]) -> str:
    """Return the frontal angles by how and who was filmed."""
    rows = [r for r in results[source]["rows"] if r["view"] in ("back", "front") and r["name"] in SHOWN]
    if not rows:
        return ""
    content = results[source]
    stale = STALE if is_stale(content) else ""
    names = [n for n in SHOWN if any(r["name"] == n for r in rows)]
    titles = {n: s.label for n, s in measure_library().measures.items()}
    titles["hip_line_deg"] = "Hip line of the true joint centres (geometry, not a measure)"
    parts = [
        f"\n## Frontal angles by how they were filmed: {SOURCES[source].lower()}{stale}\n\n`{content['command']}`\n"
    ]
    parts.append("\nBias / RMSE in degrees (rows, of these refused).\n\n")
    parts.append("| | | " + " | ".join(titles[n] for n in names) + " |\n|---|---|" + "---|" * len(names) + "\n")
    for label, part in PARTS:
        for value in sorted({part(r) for r in rows}, key=lambda v: (v != "below 10°", v)):
            cells = [_cell(r for r in rows if r["name"] == n and part(r) == value) for n in names]
            parts.append(f"| {label} | {value} | " + " | ".join(cells) + " |\n")
    return "".join(parts)


def _cell(rows: Iterable[Row]) -> str:
    f = figures(rows)
    if not f.n:
        return "-"
    refused = sum(f.refused.values())
    if f.bias is None or f.rmse is None:
        return f"- ({f.n}, {refused})"
    return f"{f.bias:+.1f} / {f.rmse:.1f} ({f.n}, {refused})"


def _controls(content: Content) -> str:
    """Return what must hold for any walk, and how well it does."""
    found = content["controls"]
    stale = STALE if is_stale(content) else ""
    square, off = (found["obliquity_rmse_deg"][k] for k in ("square", "15 degrees off"))
    verdict = "met" if square <= 0.7 else "**missed**"
    lines = [f"\n## Controls on real walks{stale}\n\n`{content['command']}`\n\n"]
    lines.append(
        f"- Hip line of the true joint centres in the picture against their obliquity in space, mid-stance: RMSE"
        f" {square:.2f}° square to the walk (target 0.7°, {verdict}); {off:.2f}° with the camera 15° off the line.\n"
    )
    titles = {n: s.label.lower() for n, s in measure_library().measures.items()} | {"hip_line_deg": "hip line"}
    pairs = ", ".join(f"{titles[n]} {v:.1f}°" for n, v in found["front_back_deg"].items())
    lines.append(f"- The same walk from in front and from behind: at most this far apart, noise included: {pairs}.\n")
    for key, words in (("roll_slope", "not corrected, should be 1"), ("roll_slope_stated", "stated, should be 0")):
        slopes = "; ".join(f"{line} {low:.2f} to {high:.2f}" for line, (low, high) in found[key].items())
        lines.append(f"- Turn of a line in the picture per degree of camera roll ({words}): {slopes}.\n")
    lines += [f"- Left out: {file}: {why}.\n" for file, why in content.get("left_out", {}).items()]
    return "".join(lines)


if __name__ == "__main__":
    write_or_check(PAGE, page(read_results()), script="scripts/validity_page.py")
