"""Why it exists: docs/performance.md shows only figures that a command wrote, and says when the code has moved on.

``python scripts/performance_page.py`` writes the page from benchmarks/results/*.json; ``--check`` fails when the page
does not match those files and the present code.
"""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.results_file import RESULTS, code_hash  # noqa: E402 - the benchmarks folder is not installed
from scripts.pages import write_or_check  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"

INTRO = """# How fast it is

<!-- Written by `python scripts/performance_page.py` from benchmarks/results/. Do not edit by hand. -->

Ratios against a peer or a floor in the same run; absolute speeds depend on the machine and on what else it does. A
figure marked *stale* was measured on other code than the present one.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    known: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    parts = [INTRO]
    for name, figures in known.items():
        stale = "" if figures["code_sha256"] == code_hash(name) else " (*stale*)"
        parts.append(f"\n## {TITLES.get(name, name)}{stale}\n\n`{figures['command']}`\n\n{_body(figures)}")
        versions = ", ".join(f"{k} {v}" for k, v in figures["versions"].items() if v)
        parts.append(f"\n{figures['n_cores']} cores; {versions}.\n")
    return "".join(parts)


TITLES = {
    "speed_full_1080p": "Pose loop against plain MediaPipe and against the floor, full model, 1080p",
    "memory": "Memory over a long video",
    "startup": "Start-up",
    "library": "Opening the knowledge library",
    "journal": "Folding three years of journal, 20,000 entries",
}


def _body(figures: dict[str, Any]) -> str:
    if "ratios" in figures:
        rows = ["| loop | frames/s (median of runs) |\n|---|---|\n"]
        for loop, found in figures["frames_per_s"].items():
            rows.append(f"| {loop} | {statistics.median(found):.0f} |\n")
        rows.append("\n| ratio | measured | target |\n|---|---|---|\n")
        for ratio, value in figures["ratios"].items():
            target = figures["targets"][ratio]
            verdict = "met" if value >= target else "**missed**"
            rows.append(f"| {ratio.replace('_', ' ')} | {value:.2f} | {target:g}, {verdict} |\n")
        return "".join(rows)
    if "growth" in figures:
        first, last = figures["one_minute_mb"], figures["end_mb"]
        return (
            f"{figures['minutes']:g} minutes, {figures['n_frames']} frames, two passes with the lite model: peak"
            f" {first:.0f} MB after one minute of video, {last:.0f} MB at the end: x {figures['growth']:.3f}"
            " (target below 1.1).\n"
        )
    floor = figures.get("floor", "a bare start")
    rows = [f"| command | median ms | times {floor} | target ms |\n|---|---|---|---|\n"]
    for command, found in figures["commands"].items():
        target = found["target_ms"] or "-"
        rows.append(f"| {command} | {found['median_ms']:.0f} | {found['ratio']:.1f} | {target} |\n")
    return "".join(rows)


if __name__ == "__main__":
    write_or_check(PAGE, page(), script="scripts/performance_page.py")
