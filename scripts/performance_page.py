"""Why it exists: docs/performance.md shows only figures that a command wrote, and says when the code has moved on.

``python scripts/performance_page.py`` writes the page from benchmarks/results/*.json; ``--check`` fails when the page
does not match those files and the present code.
"""

import statistics
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.results_file import code_hash, read  # noqa: E402 - the benchmarks folder is not installed
from scripts.pages import write_or_check  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"

INTRO = """# How fast it is

<!-- Written by `python scripts/performance_page.py` from benchmarks/results/. Do not edit by hand. -->

Ratios against a peer or a floor in the same run; absolute speeds depend on the machine and on what else it does. A
figure marked *stale* was measured on other code than the present one.
"""


def page() -> str:
    """Return the whole page as Markdown."""
    known: dict[str, Any] = {**read(), **read("plan")}
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
    "plan": "Planning a week",
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
    if "weeks" in figures:
        return _planning(figures)
    floor = figures.get("floor", "a bare start")
    rows = [f"| command | median ms | times {floor} | target ms |\n|---|---|---|---|\n"]
    for command, found in figures["commands"].items():
        target = found["target_ms"] or "-"
        rows.append(f"| {command} | {found['median_ms']:.0f} | {found['ratio']:.1f} | {target} |\n")
    return "".join(rows)


def _planning(figures: dict[str, Any]) -> str:
    rows = [
        f"{figures['weeks']} weeks of {figures['people']} virtual people who trained for {figures['history_weeks']}"
        " weeks or more, the whole library, nothing kept from an earlier plan in the same process; a year of"
        f" journal has {figures['entries']} entries. Proven to be the best week: {figures['optimal_share']:.1%} of"
        f" them; largest gap to the bound: {figures['largest_gap']:.1%}.\n\n"
        f"| step | median ms | p99 ms | times {figures['floor']} |\n|---|---|---|---|\n"
    ]
    for command, found in figures["commands"].items():
        p99 = "-" if found["p99_ms"] is None else f"{found['p99_ms']:.0f}"
        rows.append(f"| {command} | {found['median_ms']:.0f} | {p99} | {found['ratio']:.1f} |\n")
    return "".join(rows)


if __name__ == "__main__":
    write_or_check(PAGE, page(), script="scripts/performance_page.py")
