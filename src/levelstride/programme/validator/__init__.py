"""Why it exists: a second opinion on a programme, from the rules and the journal alone.

Nothing of how a programme is made is imported here: a mistake there cannot hide here. It runs after every planned
week, before every session and in the simulation.
"""

from datetime import datetime

from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.programme.model import Programme, Session
from levelstride.programme.validator.hops import check_hop_week, check_hops
from levelstride.programme.validator.notices import add_notices
from levelstride.programme.validator.person import Person
from levelstride.programme.validator.today import check_today
from levelstride.programme.validator.verdict import Sheet, Verdict, Violation
from levelstride.programme.validator.volume import check_gaps, check_ramp
from levelstride.programme.validator.week import check_start, check_week
from levelstride.screening.decision import Decision

__all__ = ["Verdict", "Violation", "validate", "validate_session"]


def validate(
    programme: Programme,
    state: State,
    known: Knowledge,
    *,
    before: tuple[Programme, ...] = (),
    decision: Decision,
) -> Verdict:
    """Return the rules that a week breaks; ``before`` holds all earlier programmes, oldest first."""
    sheet, person = Sheet(), Person(state, known, decision)
    earlier = tuple(week for week in before if week.starts_on < programme.starts_on)
    check_start(sheet, person, programme.sessions)
    check_week(sheet, programme, earlier, person)
    for session in programme.sessions:
        check_hops(sheet, session, programme, person)
    check_hop_week(sheet, programme, earlier, person)
    check_gaps(sheet, programme, earlier, person)
    check_ramp(sheet, programme, earlier, person)
    add_notices(sheet, programme, earlier, person)
    return sheet.verdict()


def validate_session(
    session: Session,
    programme: Programme,
    state: State,
    known: Knowledge,
    *,
    now: datetime,
    decision: Decision,
) -> Verdict:
    """Return the rules that a session breaks as it is about to be done now (aware, in the person's time zone)."""
    sheet = Sheet()
    check_today(sheet, session, programme, Person(state, known, decision), now)
    return sheet.verdict()
