"""Why it exists: ``levelstride findings`` - what the results say, how sure that is, and where one could begin."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.session import (
    JournalOption,
    JsonOption,
    LanguageOption,
    Session,
    UnitsOption,
    check_words,
    open_session,
)

if TYPE_CHECKING:
    from levelstride.cli.talk import Talk
    from levelstride.screening.findings import Family, Finding
    from levelstride.screening.sayings import Phrases

MeasuresOption = Annotated[
    list[Path] | None,
    typer.Option("--measures", help="First take in a measures.json (or report folder) of levelstride analyze."),
]


_ORDER = ("outside", "uncertain", "within", "described", "not_measurable")


def findings(
    journal: JournalOption = None,
    measures: MeasuresOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what the latest results show: against published figures for age and sex, and left against right.

    A result counts as past a mark only when the mark lies outside its error.
    """
    from levelstride.cli.take_in import take_measures
    from levelstride.cli.talk import Talk
    from levelstride.report.files import read_measures

    check_words(language, units)
    files = [read_measures(path) for path in measures or []]
    with open_session(journal, create=bool(measures)) as session:
        for file in files:
            take_measures(session, file)
        if as_json:
            typer.echo(json.dumps(findings_json(session, language, units), ensure_ascii=False, indent=2, default=str))
        else:
            print_findings(Talk(session.phrases(language, units)), session)


def print_findings(talk: "Talk", session: Session) -> None:
    """Print every finding, then the exercise families they point to - unless something stops the person."""
    from levelstride.cli.screen.stopping import tell_stop
    from levelstride.screening.findings import find
    from levelstride.screening.safety import decide

    phrases, now = talk.phrases, session.now()
    decision = decide(session.state, session.known, now)
    if decision.level == "emergency":
        tell_stop(talk, decision)
        talk.heading("results_kept")
        return
    found = find(session.state, session.known, now.date())
    talk.title(phrases.heading("findings"))
    if not decision.may_start and decision.level != "incomplete":
        for says in dict.fromkeys(phrases.say(reason.says) for reason in decision.stops):
            talk.say(says, bold=True)
    if not found:
        talk.heading("findings_none")
        return
    talk.heading("margin_note")
    talk.heading("trust_note")
    tested = next((finding.subject.test for finding in found if finding.subject.test is not None), None)
    if tested is not None:
        talk.say(f"{phrases.heading('read_mark')} levelstride library show {tested.id}")
    for finding in sorted(found, key=lambda finding: _ORDER.index(finding.verdict)):
        if finding.verdict != "described":
            _print_finding(talk, session, finding)
    _print_described(talk, session, [finding for finding in found if finding.verdict == "described"])
    _print_families(talk, session, found, may_start=decision.may_start)
    talk.say()
    talk.heading("wellness_notice")


def _print_finding(talk: "Talk", session: Session, finding: "Finding") -> None:
    from levelstride.screening.sayings import say_finding

    phrases = talk.phrases
    said = say_finding(finding, phrases)
    talk.say()
    verdict = phrases.heading(f"verdict_{finding.verdict}").lower()
    talk.say(f"{said.title}{_dated(finding, session)}: {verdict}", bold=True)
    for line in said.lines:
        talk.say(line, indent="  ")
    if finding.verdict in ("outside", "uncertain") and finding.confidence != "none":
        talk.say(phrases.heading(f"trust_{finding.confidence}"), indent="  ")


def _print_described(talk: "Talk", session: Session, found: "list[Finding]") -> None:
    """Print what nothing compares with as one block: the person's own starting points."""
    from levelstride.screening.sayings import say_finding

    if not found:
        return
    talk.title(talk.phrases.heading("verdict_described"))
    talk.heading("described_note")
    for finding in found:
        said = say_finding(finding, talk.phrases)
        talk.say(f"{said.title}{_dated(finding, session)}: {' '.join(said.lines)}", indent="  - ")


def _dated(finding: "Finding", session: Session) -> str:
    """Return the day of a result that is not of today, in brackets."""
    point = finding.point
    return "" if point is None or point.at.date() == session.now().date() else f" ({point.at.date().isoformat()})"


def _print_families(talk: "Talk", session: Session, found: "tuple[Finding, ...]", *, may_start: bool) -> None:
    from levelstride.screening.findings import reported_families

    phrases = talk.phrases
    talk.title(phrases.heading("what_next"))
    if not may_start:
        talk.heading("families_waiting")
        return
    shown: set[str] = set()
    pointing = [finding for finding in found if finding.families]
    for finding in pointing:
        for family in finding.families:
            _print_family(talk, session, family, phrases.subject(finding.subject, finding.side), shown)
    if not pointing:
        talk.heading("no_family")
    reported = reported_families(session.state, session.known)
    pain = _long_pain(session, phrases)
    if reported or pain:
        talk.title(phrases.heading("reported"))
    for family in reported:
        _print_family(talk, session, family, "", shown)
    for place in pain:
        talk.say(place, indent="  - ")
    if pain:
        talk.heading("show_long_pain")
    if shown:
        talk.say(f"{phrases.heading('read_exercise')} levelstride library show {sorted(shown)[0]}")


def _long_pain(session: Session, phrases: "Phrases") -> list[str]:
    """Return the marked places that have hurt for long, or much."""
    from levelstride.screening.questions import marked_places

    limits = session.known.limits
    found = []
    for place in marked_places(session.state, session.known):
        strong = place.severity is not None and place.severity >= limits["strong_pain"].number()
        if place.long or strong:
            side = f", {phrases.side(place.side).lower()}" if place.side else ""
            worst = "" if place.severity is None else f": {phrases.number(place.severity, 0)}/10"
            found.append(f"{phrases.say(place.label)}{side}{worst}")
    return found


def _print_family(talk: "Talk", session: Session, family: "Family", title: str, shown: set[str]) -> None:
    phrases = talk.phrases
    talk.say(f"{title}: {phrases.say(family.says)}" if title else phrases.say(family.says), indent="  - ")
    for name in _fitting(session, family.first_block):
        if name not in shown:
            talk.say(f"{phrases.say(session.known.exercises[name].name)} [{name}]", indent="      ")
        shown.add(name)


def _fitting(session: Session, exercises: tuple[str, ...]) -> Iterator[str]:
    """Give the exercises that the person's caution codes and equipment leave."""
    from levelstride.library.selection import find_exercises
    from levelstride.screening.answers import caution_codes

    known = session.known
    codes = tuple(caution_codes(session.state, known))
    things = session.state.value("intake/equipment")
    have = things if isinstance(things, tuple) else ()
    allowed = {one.id for one in find_exercises(known, equipment=have, cautions=codes, cleared=codes)}
    return (name for name in exercises if name in allowed)


def findings_json(session: Session, language: str | None, units: str | None) -> dict[str, Any]:
    """Return the findings as plain data, with the words a person reads."""
    from levelstride.screening.findings import find, without_families
    from levelstride.screening.safety import decide
    from levelstride.screening.sayings import say_finding

    phrases, now = session.phrases(language, units), session.now()
    decision = decide(session.state, session.known, now)
    found = find(session.state, session.known, now.date())
    if not decision.may_start:
        found = () if decision.level == "emergency" else without_families(found)
    return {
        "level": decision.level,
        "may_start": decision.may_start,
        "findings": [{**_plain(finding), "says": list(say_finding(finding, phrases).lines)} for finding in found],
    }


def _plain(finding: "Finding") -> dict[str, Any]:
    point = finding.point
    return {
        "test": finding.subject.id,
        "name": finding.subject.name,
        "side": finding.side,
        "verdict": finding.verdict,
        "confidence": finding.confidence,
        "value": None if point is None else point.value,
        "unit": finding.subject.unit,
        "standard_error": None if point is None else point.standard_error,
        "margin_95": finding.margin,
        "at": None if point is None else point.at.isoformat(),
        "entry": None if point is None else point.entry,
        "norm": None if finding.norm is None else asdict(finding.norm),
        "rules": [
            {
                "id": one.rule.id,
                "verdict": one.verdict,
                "probability": one.probability,
                "limit": one.limit,
                "gap": one.gap,
                "basis": one.rule.basis,
                "validated": one.rule.validated,
                "source": one.rule.source,
            }
            for one in finding.assessments
        ],
        "may_tell": None if finding.subject.test is None else finding.subject.test.may_tell,
        "cannot_tell": None if finding.subject.test is None else finding.subject.test.cannot_tell,
        "points_to": [asdict(family) for family in finding.families],
        "not_measurable": None if finding.unmeasured is None else finding.unmeasured.model_dump(),
    }
