"""Why it exists: ``levelstride findings`` - what the results say, how sure that is, and where one could begin."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from levelstride.cli.session import JournalOption, JsonOption, LanguageOption, Session, UnitsOption, open_session

if TYPE_CHECKING:
    from levelstride.cli.screen.talk import Talk
    from levelstride.screening.findings import Family, Finding

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
    from levelstride.cli.journal import take_measures
    from levelstride.cli.screen.talk import Talk

    with open_session(journal, create=bool(measures)) as session:
        for path in measures or []:
            take_measures(session, path)
        if as_json:
            typer.echo(json.dumps(findings_json(session, language, units), ensure_ascii=False, indent=2, default=str))
        else:
            print_findings(Talk(session.phrases(language, units)), session)


def print_findings(talk: "Talk", session: Session) -> None:
    """Print every finding, then the exercise families they point to - unless something stops the person."""
    from levelstride.screening.findings import find
    from levelstride.screening.safety import decide
    from levelstride.screening.sayings import say_finding

    phrases, now = talk.phrases, session.now()
    decision = decide(session.state, session.known, now)
    found = find(session.state, session.known, now.date())
    talk.title(phrases.heading("findings"))
    if not decision.may_start and decision.level != "incomplete":
        for says in dict.fromkeys(phrases.say(reason.says) for reason in decision.stops):
            talk.say(says, bold=True)
    if not found:
        talk.heading("findings_none")
        return
    for finding in sorted(found, key=lambda finding: _ORDER.index(finding.verdict)):
        said = say_finding(finding, phrases)
        talk.say()
        talk.say(f"{said.title}: {phrases.heading(f'verdict_{finding.verdict}').lower()}", bold=True)
        for line in said.lines:
            talk.say(line, indent="  ")
        if finding.verdict in ("outside", "uncertain") and finding.confidence != "none":
            talk.say(phrases.heading(f"trust_{finding.confidence}"), indent="  ")
    talk.say()
    talk.heading("margin_note")
    talk.heading("wellness_notice")
    _print_families(talk, session, found, may_start=decision.may_start)


def _print_families(talk: "Talk", session: Session, found: "tuple[Finding, ...]", *, may_start: bool) -> None:
    from levelstride.screening.findings import reported_families

    phrases = talk.phrases
    talk.title(phrases.heading("what_next"))
    if not may_start:
        talk.heading("families_waiting")
        return
    families = {family.case: family for finding in found for family in finding.families}
    reported = {family.case: family for family in reported_families(session.state, session.known)}
    for family in families.values():
        _print_family(talk, session, family)
    if not families:
        talk.heading("no_family")
    if reported:
        talk.title(phrases.heading("reported"))
    for family in reported.values():
        _print_family(talk, session, family)


def _print_family(talk: "Talk", session: Session, family: "Family") -> None:
    talk.say(talk.phrases.say(family.says), indent="  - ")
    for name in _fitting(session, family.first_block):
        talk.say(talk.phrases.say(session.known.exercises[name].name), indent="      ")


def _fitting(session: Session, exercises: tuple[str, ...]) -> Iterator[str]:
    """Give the exercises that the person's caution codes leave."""
    from levelstride.library.selection import apply_cautions
    from levelstride.screening.safety import caution_codes

    removed = apply_cautions(caution_codes(session.state, session.known), session.known).removed
    return (name for name in exercises if name not in removed and name in session.known.exercises)


def findings_json(session: Session, language: str | None, units: str | None) -> dict[str, Any]:
    """Return the findings as plain data, with the words a person reads."""
    from levelstride.screening.findings import find, without_families
    from levelstride.screening.safety import decide
    from levelstride.screening.sayings import say_finding

    phrases, now = session.phrases(language, units), session.now()
    decision = decide(session.state, session.known, now)
    found = find(session.state, session.known, now.date())
    if not decision.may_start:
        found = without_families(found)
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
        "points_to": [asdict(family) for family in finding.families],
        "not_measurable": None if finding.unmeasured is None else finding.unmeasured.model_dump(),
    }
