"""Why it exists: ``levelstride library show glute_bridge``: everything the product knows, readable from a terminal.

Thin: it reads options, asks the library, prints. Exit status 1 of ``check`` = problems found.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.errors import in_one_line
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.library.knowledge import Knowledge

library_app = typer.Typer(
    no_args_is_help=True,
    help="What the product knows: exercises, tests, rules, cues and cards, each figure with its source.",
    short_help="Exercises, tests and rules, with their sources.",
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_Language = Annotated[str, typer.Option("--language", "-l", help="Language of the texts: en or es.")]
_Out = Annotated[Path, typer.Option("--out", "-o", help="Where to write.", show_default=True)]


def read_whole_library() -> "Knowledge":
    """Return the library, or refuse in one line when a file of it is broken."""
    from pydantic import ValidationError
    from yaml import YAMLError

    from levelstride.library.loader import knowledge

    try:
        return knowledge()
    except (ValidationError, YAMLError, UnicodeDecodeError):
        raise InputError("The library has a file that breaks its contract.", "Run: levelstride library check") from None


def _check_language(language: str) -> str:
    from levelstride.library.translations import LANGUAGES

    if language not in LANGUAGES:
        raise InputError(f"No language {language!r}.", f"Use one of: {', '.join(LANGUAGES)}.")
    return language


def _one_of(given: str | None, allowed: Any, what: str) -> str | None:
    """Return the value when it is known; otherwise say which are."""
    if given is None or given in allowed:
        return given
    raise InputError(f"No {what} {given!r}{_similar(given, allowed)}.", f"Use one of: {', '.join(allowed)}.")


def _similar(given: str, allowed: Any) -> str:
    import difflib

    close = difflib.get_close_matches(given, list(allowed), n=3)
    return f" (did you mean {' or '.join(close)}?)" if close else ""


@library_app.command("list")
@in_one_line
def list_entries(
    phase: Annotated[str | None, typer.Option(help="P1, P2, P3, P4, P5 or maintenance.")] = None,
    kind: Annotated[str | None, typer.Option(help="For example activation, strength, mobility.")] = None,
    position: Annotated[str | None, typer.Option(help="For example hook_lying, standing.")] = None,
    equipment: Annotated[
        str | None, typer.Option(help="What there is, with commas; 'none' = only what every home has.")
    ] = None,
    muscle: Annotated[str | None, typer.Option(help="A muscle that works, for example gmed.")] = None,
    caution: Annotated[
        list[str] | None, typer.Option(help="Leave out what this caution code removes; may be given again.")
    ] = None,
    language: _Language = "en",
    as_json: _Json = False,
) -> None:
    """List the exercises that fit, easiest first."""
    from levelstride.library.selection import apply_cautions, find_exercises
    from levelstride.library.translations import Speaker

    known = read_whole_library()
    words = known.vocabulary
    phases = {name.casefold(): name for name in words.phases if name != "P0"}
    phase = phases.get(phase.casefold(), phase) if phase else None
    _one_of(phase, phases.values(), "phase")
    _one_of(kind, words.kinds, "kind")
    _one_of(position, words.positions, "position")
    _one_of(muscle, words.muscles, "muscle")
    codes = list(dict.fromkeys(str(_one_of(code.upper(), known.cautions, "caution code")) for code in caution or []))
    things = None
    if equipment is not None:
        named = [thing.strip() for thing in equipment.split(",") if thing.strip() not in ("", "none")]
        things = [str(_one_of(thing, words.equipment, "equipment")) for thing in named]
    found = find_exercises(
        known, phase=phase, kind=kind, position=position, equipment=things, muscle=muscle, cautions=codes, cleared=codes
    )
    speaker = Speaker(known, _check_language(language))
    sorted_out = apply_cautions(codes, known)
    if as_json:
        rows = [
            {
                "id": exercise.id,
                "name": speaker.say(exercise.name),
                "kind": exercise.kind,
                "difficulty": exercise.difficulty,
                "phases": list(exercise.doses),
                "changed_for": list(sorted_out.changed.get(exercise.id, ())),
            }
            for exercise in found
        ]
        told = {"needs_clearance": list(sorted_out.clearance), "exercises": rows, "removed": sorted_out.removed}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for code in sorted_out.clearance:
        typer.echo(f"{speaker.say(known.cautions[code].name)}: {speaker.say(known.cautions[code].on_page)}")
    if not found:
        typer.echo(speaker.heading("nothing_found"))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for column in ("id", speaker.heading("exercises"), speaker.heading("difficulty"), speaker.heading("phase")):
        table.add_column(column)
    for exercise in found:
        changed = " *" if exercise.id in sorted_out.changed else ""
        name = speaker.say(exercise.name) + changed
        table.add_row(exercise.id, name, str(exercise.difficulty), " ".join(exercise.doses))
    Console().print(table)
    if sorted_out.changed:
        advice = " ".join(speaker.say(known.cautions[code].on_page) for code in codes)
        typer.echo(f"* {speaker.heading('do_differently')}: {advice}")
    typer.echo(f"{len(found)} / {len(known.exercises)}. {speaker.heading('not_reviewed')}")


@library_app.command("show")
@in_one_line
def show(
    name: Annotated[str, typer.Argument(help="An exercise, test, rule, card, cue group or caution code.")],
    language: _Language = "en",
    as_json: _Json = False,
) -> None:
    """Show one entry of the library, as a person reads it."""
    from levelstride.cli.library_text import entry_text, find_entry
    from levelstride.library.translations import Speaker

    known, language = read_whole_library(), _check_language(language)
    part, entry = find_entry(name, known)
    if as_json:
        typer.echo(json.dumps({"part": part, **entry.model_dump(mode="json")}, ensure_ascii=False, indent=2))
        return
    typer.echo(entry_text(part, name, entry, Speaker(known, language)))


@library_app.command("why")
@in_one_line
def why(
    name: Annotated[str, typer.Argument(help="R001-R158, X01-X21, H01..., or any entry of the library.")],
    as_json: _Json = False,
) -> None:
    """Say where something comes from: what was asked, what the product does, on which sources."""
    from levelstride.cli.library_text import why_text
    from levelstride.library.promises import promise

    known = read_whole_library()
    if as_json:
        typer.echo(json.dumps(promise(name, known), ensure_ascii=False, indent=2))
        return
    typer.echo(why_text(name, known))


@library_app.command("check")
@in_one_line
def check(
    folder: Annotated[Path | None, typer.Argument(help="A library folder; the installed one when left out.")] = None,
    as_json: _Json = False,
) -> None:
    """Check every file of the library: form, links, ladders, doses, claims, translations."""
    from levelstride.library.checks.run import check_folder
    from levelstride.library.loader import LIBRARY

    if folder is not None and not folder.is_dir():
        raise InputError(f"{folder} is not a folder.", "Name the folder that holds exercises/ and sources.yaml.")
    problems = check_folder(folder or LIBRARY)
    if as_json:
        rows = [{"file": found.file, "line": found.line, "expected": found.expected} for found in problems]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for found in problems:
            typer.echo(str(found))
        typer.echo("The library is sound." if not problems else f"{len(problems)} problems.")
    if problems:
        raise typer.Exit(1)


@library_app.command("graph")
@in_one_line
def graph(
    around: Annotated[str | None, typer.Argument(help="An exercise; its ladder two steps down and up.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only one kind of exercise, for example strength.")] = None,
    out: _Out = Path("ladder.svg"),
    language: _Language = "en",
) -> None:
    """Draw which exercise leads to which, as an SVG file."""
    from levelstride.report.library.ladder import family, ladder_svg

    known = read_whole_library()
    _one_of(around, known.exercises, "exercise")
    _one_of(kind, known.vocabulary.kinds, "kind")
    names = family(around, known) if around else set(known.exercises)
    names = {name for name in names if name == around or kind in (None, known.exercises[name].kind)}
    _write(out, ladder_svg(known, names, here=around or "", language=_check_language(language), linked=False))
    typer.echo(f"Wrote {out}")


@library_app.command("export")
@in_one_line
def export(out: _Out = Path("levelstride-library")) -> None:
    """Write the whole library as one JSON file, with its JSON Schema beside it."""
    from levelstride.library.knowledge import Knowledge

    known = read_whole_library()
    _write(out / "library.json", known.model_dump_json(indent=1) + "\n")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Knowledge.model_json_schema(mode="serialization"),
    }
    _write(out / "library.schema.json", json.dumps(schema, indent=1) + "\n")
    typer.echo(f"Wrote {out / 'library.json'} and {out / 'library.schema.json'}")


@library_app.command("pages")
@in_one_line
def pages(out: _Out = Path("out/library")) -> None:
    """Write the library as pages for a browser, in every language."""
    from levelstride.cli.progress import counted
    from levelstride.report.library.pages import write_pages

    known = read_whole_library()
    try:
        with counted("Writing pages") as told:
            number = write_pages(out, known, told)
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}).", "Choose another folder with --out.") from None
    typer.echo(f"Wrote {number} pages. Open {out / 'en' / 'index.html'}")


@library_app.command("requirements")
@in_one_line
def requirements(
    only_open: Annotated[bool, typer.Option("--open", help="Only those not closed yet.")] = False,
    tests: Annotated[Path, typer.Option(help="The folder with the tests that show them.")] = Path("tests"),
    as_json: _Json = False,
) -> None:
    """List the requirements: closed, partly, or open."""
    from levelstride.library.promises import requirement_states

    known = read_whole_library()
    states = requirement_states(known, tests)
    wanted = {name: state for name, state in states.items() if not (only_open and state.state == "closed")}
    if as_json:
        typer.echo(json.dumps({name: state.as_dict() for name, state in wanted.items()}, indent=2))
        return
    for name, state in wanted.items():
        missing = f" - missing: {state.missing}" if state.missing else ""
        typer.echo(f"{name} {state.state:6s} {known.requirements[name].product}{missing}")
    counts = {kind: sum(state.state == kind for state in states.values()) for kind in ("closed", "partly", "open")}
    typer.echo(", ".join(f"{number} {kind}" for kind, number in counts.items()) + f" of {len(states)}")


@library_app.command("translations")
@in_one_line
def translations(
    language: Annotated[str, typer.Argument(help="The language to translate to, for example es.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write; - = the terminal.")] = Path("-"),
) -> None:
    """Write the gettext file of a language: every text, translated where it already was."""
    from levelstride.library.translations import LANGUAGES, write_catalogue

    known = read_whole_library()
    _one_of(language, [code for code in LANGUAGES if code != "en"], "language to translate to")
    text = write_catalogue(language, known, known.translations.get(language, {}))
    if str(out) == "-":
        typer.echo(text, nl=False)
    else:
        _write(out, text)
        typer.echo(f"Wrote {out}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).", "Choose another place with --out.") from None
