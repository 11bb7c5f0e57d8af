"""Why it exists: the result on the terminal: a table a person can read, and what to do about what is missing."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from levelstride.analysis import Analysis, Examination
from levelstride.library.loader import measure_spec
from levelstride.measure.results import GaitResult, Measure, MeasureSide
from levelstride.recording.pose.subject import Person
from levelstride.recording.read import Recording
from levelstride.report.differences import differences
from levelstride.report.wording import (
    HIP_LINE_CAUTION,
    NO_DIAGNOSIS,
    PLUS_MINUS,
    Units,
    format_measure,
    summarise_walk,
    task_heading,
)


def print_result(result: Examination, report: Path, units: Units) -> None:
    """Print people, measures with errors, refusals with their remedies, and the report's path."""
    console = Console(highlight=False)
    for analysis in result.analyses:
        _print_people(console, analysis, named=len(result.analyses) > 1)
    for gait in result.results:
        _print_task(console, result, gait, units)
    console.print(PLUS_MINUS, style="dim")
    for analysis in result.analyses:
        of = f"{analysis.provenance.source_file}: " if len(result.analyses) > 1 else ""
        for note in _warnings(analysis):
            console.print(f"[bold]Note:[/bold] {escape(of + note)}")
    console.print(NO_DIAGNOSIS, style="dim")
    console.print(f"\nReport: {report}", soft_wrap=True, markup=False)


def _print_task(console: Console, result: Examination, gait: GaitResult, units: Units) -> None:
    concerned = [a for a in result.analyses if any(m.result.task == gait.task for m in a.measurements)]
    in_space = all(a.recording.motion.sizes["space"] == 3 for a in concerned)
    console.print(summarise_walk(gait, view=concerned[0].context.view, in_space=in_space), style="bold")
    console.print(_table(gait, units, in_space=in_space))
    for difference in differences(gait):
        console.print(difference.text, markup=False)
    if not in_space and any(m.name == "hip_line_change_deg" and m.value is not None for m in gait.measures):
        console.print(HIP_LINE_CAUTION)
    for reason, names in _reasons(gait).items():
        console.print(f"[bold]Not measurable:[/bold] {', '.join(names)}: {escape(reason)}")
    for note in gait.notes:
        console.print(f"[bold]Note:[/bold] {escape(note)}")
    console.print()


def _warnings(analysis: Analysis) -> list[str]:
    found = []
    if analysis.view_certainty is not None:
        others = [view for view in ("left", "right", "back", "front") if view != analysis.context.view]
        found.append(
            f"The view was found from the picture: {analysis.context.view}"
            f" ({analysis.view_certainty:.0%} of the frames agree). If that is wrong, state it: --view {others[0]},"
            f" {others[1]} or {others[2]}."
        )
    return [*found, *analysis.recording.warnings]


def _print_people(console: Console, analysis: Analysis, *, named: bool) -> None:
    people = analysis.recording.people if isinstance(analysis.recording, Recording) else ()
    if len(people) > 1:
        chosen = next((p.number for p in people if p.is_subject), None)
        of = f"{analysis.provenance.source_file}: " if named else ""
        console.print(f"{of}{len(people)} people seen; measured person {chosen} (choose another with --person):")
        for person in people:
            mark = "->" if person.is_subject else "  "
            console.print(f" {mark} person {person.number}: {_describe(person)}", highlight=False)


def _describe(person: Person) -> str:
    return (
        f"in view {person.first_s:.1f}-{person.last_s:.1f} s, first seen at"
        f" x {person.x_px:.0f}, y {person.y_px:.0f} px, trunk {person.trunk_px:.0f} px tall"
    )


def _table(gait: GaitResult, units: Units, *, in_space: bool) -> Table:
    table = Table(title=task_heading(gait), title_justify="left")
    table.add_column("measure")
    for side in ("left", "right"):
        limb = "" if in_space or not gait.walks else _limb(gait, "left" if side == "left" else "right")
        table.add_column(f"{side}{limb}", justify="right")
    table.add_column("n", justify="right")
    table.add_column("seen", justify="left")
    names = list(dict.fromkeys(m.name for m in gait.measures))
    for name in names:
        rows: dict[MeasureSide, Measure] = {m.side: m for m in gait.measures if m.name == name}
        measured = [m for m in rows.values() if m.value is not None]
        if not measured:
            continue
        n = " / ".join(str(m.n) for m in rows.values())
        quality = " / ".join(dict.fromkeys(m.quality or "-" for m in rows.values()))
        label = measure_spec(name).label
        if "both" in rows:
            table.add_row(label, format_measure(rows["both"], units=units), "", n, quality)
        else:
            table.add_row(
                label,
                format_measure(rows["left"], units=units),
                format_measure(rows["right"], units=units),
                n,
                quality,
            )
    return table


def _limb(gait: GaitResult, side: MeasureSide) -> str:
    limbs = {m.limb for m in gait.measures if m.side == side}
    return " (far)" if limbs == {"far"} else " (near)" if limbs == {"near"} else ""


def _reasons(gait: GaitResult) -> dict[str, list[str]]:
    """Return what is not measurable by reason and remedy; a side is named where only that one is missing."""
    sides: dict[tuple[str, str], list[str]] = {}
    for measure in gait.measures:
        if measure.not_measurable is not None:
            reason = f"{measure.not_measurable.text}. {measure.not_measurable.fix}"
            sides.setdefault((reason, measure_spec(measure.name).label), []).append(measure.side)
    found: dict[str, list[str]] = {}
    for (reason, label), missing in sides.items():
        alone = len(missing) == 1 and missing[0] != "both"
        found.setdefault(reason, []).append(f"{label}, {missing[0]}" if alone else label)
    return found
