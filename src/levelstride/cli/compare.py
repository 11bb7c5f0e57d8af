"""Why it exists: ``levelstride compare`` - did a result really change since the first time, and how sure is that."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.findings import MeasuresOption
from levelstride.cli.session import JournalOption, JsonOption, LanguageOption, UnitsOption, check_words, open_session
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.cli.talk import Talk
    from levelstride.screening.change import Change
    from levelstride.screening.decision import Decision
    from levelstride.screening.sayings import Phrases
    from levelstride.screening.series import Point, Series


def compare(
    journal: JournalOption = None,
    measures: MeasuresOption = None,
    test: Annotated[str | None, typer.Option("--test", help="Only this test, or this measure of a recording.")] = None,
    previous: Annotated[
        bool, typer.Option("--previous", help="Against the time before instead of the first time.")
    ] = False,
    chart: Annotated[Path | None, typer.Option("--chart", help="Also write the history as a picture (.svg).")] = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say for each test whether the last result really differs from an earlier one.

    Real change: larger than error. No detectable change: within it. Not comparable: done differently.
    """
    from levelstride.cli.take_in import take_measures
    from levelstride.cli.talk import Talk
    from levelstride.report.files import read_measures
    from levelstride.screening.change import compare as compare_series
    from levelstride.screening.person import age_on
    from levelstride.screening.safety import decide
    from levelstride.screening.sayings import say_change
    from levelstride.screening.series import all_series

    check_words(language, units)
    files = [read_measures(path) for path in measures or []]
    with open_session(journal, create=bool(measures)) as session:
        phrases = session.phrases(language, units)
        for file in files:
            take_measures(session, file)
        decision = decide(session.state, session.known, session.now())
        if decision.level == "emergency":
            _withhold(Talk(phrases), decision, as_json=as_json)
            return
        series = [one for one in all_series(session.state, session.known) if test in (None, one.subject.id)]
        if test is not None and not series:
            raise InputError(f"The journal has no result of {test!r}.", "Run: levelstride findings --json")
        age = age_on(session.state, session.now().date())
        pairs = [(one, compare_series(one, session.known, age, with_first=not previous)) for one in series]
        found = [(one, change) for one, change in pairs if change is not None]
        if chart is not None:
            _write_chart(chart, found, phrases)
        if as_json:
            told = {"changes": [_plain(change, phrases) for _, change in found]}
            typer.echo(json.dumps(told, ensure_ascii=False, indent=2, default=str))
            return
        talk = Talk(phrases)
        talk.title(phrases.heading("compare"))
        if not found:
            talk.heading("compare_none")
        same = [] if test else [change for _, change in found if change.verdict == "no_detectable_change"]
        for one, change in found:
            if change in same:
                continue
            said = say_change(change, phrases)
            talk.say()
            talk.say(f"{said.title}: {phrases.heading(_VERDICTS[change.verdict]).lower()}", bold=True)
            for line in said.lines:
                talk.say(line, indent="  ")
            for line in text_chart(one, phrases):
                typer.echo(line)
        if same:
            names = "; ".join(phrases.subject(change.subject, change.side) for change in same)
            talk.say()
            talk.heading("compare_same", name=names)
        if len(found) > len(same):
            talk.say()
            talk.heading("chart_note")


_VERDICTS = {
    "real_change": "change_real",
    "no_detectable_change": "change_no_detectable",
    "error_not_known": "change_not_known",
    "not_comparable": "change_not_comparable",
}
_BAR = 30


def text_chart(series: "Series", phrases: "Phrases") -> list[str]:
    """Return the history as lines of text: date, the error as a line with the value on it, the value."""
    from levelstride.screening.series import Z_95

    lows = [point.value - Z_95 * point.standard_error for point in series.points]
    highs = [point.value + Z_95 * point.standard_error for point in series.points]
    low, high = min(lows), max(highs)
    span = (high - low) or 1.0

    def place(value: float) -> int:
        return round((value - low) / span * (_BAR - 1))

    lines = []
    for point, begin, end in zip(series.points, lows, highs, strict=True):
        bar = [" "] * _BAR
        for at in range(place(begin), place(end) + 1):
            bar[at] = "-"
        bar[place(point.value)] = "o"
        value = phrases.amount(point.value, series.subject.unit, decimals=series.subject.decimals)
        lines.append(f"    {point.at.date().isoformat()} |{''.join(bar)}| {value}")
    return lines


def _write_chart(path: Path, found: "list[tuple[Series, Change]]", phrases: "Phrases") -> None:
    from levelstride.report.history import history_svg

    if path.suffix.lower() != ".svg":
        raise InputError(f"{path} does not end in .svg.", "Name the picture history.svg, for example.")
    if not found:
        raise InputError(phrases.heading("compare_none"), "Leave out --chart.")
    try:
        path.write_text(history_svg([series for series, _ in found], phrases), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).", "Name another place.") from error


def _withhold(talk: "Talk", decision: "Decision", *, as_json: bool) -> None:
    """In an emergency show what to do, and no results."""
    from levelstride.cli.screen.stopping import tell_stop

    if as_json:
        typer.echo(json.dumps({"level": decision.level, "changes": []}, indent=2))
        return
    tell_stop(talk, decision)
    talk.heading("results_kept")


def _point(point: "Point") -> dict[str, Any]:
    from levelstride.screening.series import Z_95

    return {
        "value": point.value,
        "standard_error": point.standard_error,
        "margin_95": Z_95 * point.standard_error,
        "at": point.at.isoformat(),
        "entry": point.entry,
    }


def _plain(change: "Change", phrases: "Phrases") -> dict[str, Any]:
    from levelstride.screening.sayings import say_change

    return {
        "test": change.subject.id,
        "name": change.subject.activity or change.subject.name,
        "side": change.side,
        "unit": change.subject.unit,
        "before": _point(change.before),
        "now": _point(change.now),
        "change": change.change,
        "verdict": change.verdict,
        "direction": change.direction,
        "mdc": None
        if change.mdc is None
        else {"value": change.mdc.value, "source": change.mdc.source, "candidates": change.mdc.candidates},
        "unlike": [{"what": one.what, "before": one.before, "now": one.now} for one in change.differences],
        "rules": [rule.id for rule in change.rules],
        "too_soon": change.too_soon,
        "says": list(say_change(change, phrases).lines),
    }
