"""Why it exists: ``levelstride screen --why`` - what was decided so far, and the answers it rests on."""

import json
from dataclasses import asdict
from datetime import datetime

import typer

from levelstride.cli.screen.stopping import question_text
from levelstride.cli.session import Session
from levelstride.cli.talk import Talk
from levelstride.screening.questions import battery, count_signs, progress
from levelstride.screening.safety import decide
from levelstride.screening.writing import open_tests


def print_json(session: Session, outcome: str | None) -> None:
    """Print the decision and everything behind it; ``outcome`` of a sitting, None without one."""
    typer.echo(json.dumps(state_json(session, outcome), ensure_ascii=False, indent=2, default=str))


def explain(session: Session, language: str | None, units: str | None, *, as_json: bool) -> None:
    """Print every reason and every caution code, each with the answers behind it."""
    if as_json:
        print_json(session, None)
        return
    talk = Talk(session.phrases(language, units))
    decision = decide(session.state, session.known, session.now())
    talk.title(talk.phrases.heading("why_title"))
    for lifted in decision.lifted:
        for because in lifted.because:
            asked, day = question_text(talk, because) or because.question, lifted.given_on.isoformat()
            who = talk.phrases.heading(f"cleared_{lifted.given_by}").lower()
            talk.say(f"{asked} {talk.phrases.heading('lifted_line', name=who, date=day)}", indent="  - ")
    # while something stops, what would follow without it is no advice
    for reason in decision.reasons if decision.may_start else decision.stops:
        talk.say(f"{talk.phrases.say(reason.says)} [{reason.rule}: {reason.case}]", indent="  - ")
        for because in reason.because:
            when = because.at.date().isoformat() if isinstance(because.at, datetime) else ""
            talk.say(f"{question_text(talk, because) or because.question} ({when})", indent="      ")
    for code, because_of in decision.cautions.items():
        talk.say(f"{talk.phrases.say(session.known.cautions[code].name)} [{code}]", indent="  - ")
        for because in because_of:
            talk.say(question_text(talk, because) or because.question, indent="      ")


def state_json(session: Session, outcome: str | None) -> dict[str, object]:
    """Return the decision and everything behind it."""
    now = session.now()
    decision = decide(session.state, session.known, now)
    done, total = progress(session.state, session.known, now)
    level, _ = battery(session.state, session.known)
    offered = open_tests(session.state, session.known, now) if decision.may_start else ()
    return {
        "outcome": outcome,
        "level": decision.level,
        "may_start": decision.may_start,
        "actions": sorted(decision.actions),
        "reasons": [asdict(reason) for reason in decision.reasons],
        "cautions": {code: [asdict(one) for one in why] for code, why in decision.cautions.items()},
        "missing": list(decision.missing),
        "pages": {"done": done, "of": total},
        "signs": count_signs(session.state, session.known),
        "tests": {"level": level, "offered": [offer.test.id for offer in offered]},
    }
