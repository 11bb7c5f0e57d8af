"""Why it exists: the result on the terminal: a table a person can read, and what to do about what is missing."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from levelstride.analysis import Analysis
from levelstride.library.loader import measure_spec
from levelstride.measure.results import Measure, MeasureSide
from levelstride.recording.pose.subject import Person
from levelstride.report.wording import NO_DIAGNOSIS, PLUS_MINUS, Units, format_measure, summarise_walk


def print_result(result: Analysis, report: Path, units: Units) -> None:
    """Print people, measures with errors, refusals with their remedies, and the report's path."""
    console = Console(highlight=False)
    _print_people(console, result)
    console.print(summarise_walk(result.gait, view=result.context.view), style="bold")
    console.print(_table(result, units))
    console.print(PLUS_MINUS, style="dim")
    for reason, names in _reasons(result).items():
        console.print(f"[bold]Not measurable:[/bold] {', '.join(names)}: {reason}")
    for note in (*result.gait.notes, *result.recording.warnings):
        console.print(f"[bold]Note:[/bold] {note}")
    console.print(NO_DIAGNOSIS, style="dim")
    console.print(f"\nReport: {report}", soft_wrap=True)


def _print_people(console: Console, result: Analysis) -> None:
    people = result.recording.people
    if len(people) > 1:
        chosen = next((p.number for p in people if p.is_subject), None)
        console.print(f"{len(people)} people seen; measured person {chosen} (choose another with --person):")
        for person in people:
            mark = "->" if person.is_subject else "  "
            console.print(f" {mark} person {person.number}: {_describe(person)}", highlight=False)


def _describe(person: Person) -> str:
    return (
        f"in view {person.first_s:.1f}-{person.last_s:.1f} s, first seen at"
        f" x {person.x_px:.0f}, y {person.y_px:.0f} px, trunk {person.trunk_px:.0f} px tall"
    )


def _table(result: Analysis, units: Units) -> Table:
    table = Table(title="Measured in this video", title_justify="left")
    table.add_column("measure")
    for side in ("left", "right"):
        limb = "" if len(result.gait.walks) == 0 else _limb(result, "left" if side == "left" else "right")
        table.add_column(f"{side}{limb}", justify="right")
    table.add_column("n", justify="right")
    table.add_column("seen", justify="left")
    names = list(dict.fromkeys(m.name for m in result.gait.measures))
    for name in names:
        rows: dict[MeasureSide, Measure] = {m.side: m for m in result.gait.measures if m.name == name}
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


def _limb(result: Analysis, side: MeasureSide) -> str:
    limbs = {m.limb for m in result.gait.measures if m.side == side}
    return " (far)" if limbs == {"far"} else " (near)" if limbs == {"near"} else ""


def _reasons(result: Analysis) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for measure in result.gait.measures:
        if measure.not_measurable is not None:
            reason = f"{measure.not_measurable.text}. {measure.not_measurable.fix}"
            name = measure_spec(measure.name).label + ("" if measure.side == "both" else f", {measure.side}")
            found.setdefault(reason, []).append(name)
    return found
