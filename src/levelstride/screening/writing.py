"""Why it exists: what goes into the journal when a page is answered, when a clinician agreed, when a step is undone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from levelstride.journal.bodies import (
    Answer,
    Answers,
    AnswerValue,
    Body,
    Clearance,
    Incident,
    Measured,
    Pain,
    Profile,
    Retraction,
)
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import State, fold
from levelstride.library.knowledge import Knowledge
from levelstride.screening.answers import caution_codes
from levelstride.screening.decision import Decision, Reason
from levelstride.screening.protocols import Offer, offers, sides_of
from levelstride.screening.questions import Item, Page, battery, check_answer

_UNDONE = (Profile, Answers, Measured, Clearance, Incident, Pain)


def page_bodies(page: Page, values: Mapping[tuple[str, str | None], AnswerValue]) -> tuple[Body, ...]:
    """Return what to write down for an answered page.

    Parameters
    ----------
    values : mapping
        The answer of each item, by path and side; None = skipped.

    Raises
    ------
    ValueError
        If an answer does not fit its item (see ``check_answer``).
    KeyError
        If an item has no answer.
    """
    facts: dict[str, Any] = {}
    given: list[Answer] = []
    for item in page.items:
        value = check_answer(item, values[item.path, item.side])
        if item.fills is not None and value is not None:
            facts[item.fills] = _fact(item, value)
        else:
            given.append(Answer(question=item.path, value=value, side=item.side))
    bodies: list[Body] = []
    if facts:
        bodies.append(Profile.model_validate(facts))
    if given:
        bodies.append(Answers(given=tuple(given)))
    return tuple(bodies)


def _fact(item: Item, value: AnswerValue) -> object:
    if item.fills == "birth_month":
        return list(item.options).index(str(value)) + 1
    if item.fills == "birth_year":
        return int(value)  # type: ignore[arg-type]
    return value is True if item.kind == "yes_no" else value


def entries_of(bodies: Iterable[Body], *, at: datetime, zone: str) -> tuple[Entry, ...]:
    """Make one entry of each body, all of one moment: an undo takes them back together."""
    return tuple(new_entry(body, at=at, zone=zone) for body in bodies)


def clearance_body(
    reasons: Sequence[Reason], *, given_by: str, given_on: date, note: str | None = None
) -> Clearance | None:
    """Return the agreement of a clinician to these reasons; None when an agreement lifts none of them.

    Raises
    ------
    ValueError
        If the agreement is older than an answer it is about: nobody can have agreed to what was not known yet.
    """
    covers = tuple(dict.fromkeys(reason.clears for reason in reasons if reason.clears is not None))
    liftable = [reason for reason in reasons if reason.clears is not None]
    said = [because.at.date() for reason in liftable for because in reason.because if because.at is not None]
    if said and given_on < max(said):
        raise ValueError("too_early")
    return Clearance(covers=covers, given_by=given_by, given_on=given_on, note=note) if covers else None


def mistaken(decision: Decision, entries: Sequence[Entry] = ()) -> tuple[Retraction, ...]:
    """Return what takes back the answers behind the stops, for a person who chose a wrong answer.

    Of ``entries``, an incident that was written down at the same moment as such an answer goes with it.
    """
    reasons = [
        reason for reason in decision.stops if reason.case != "unread"
    ]  # nobody's mistake: only not readable here
    behind = dict.fromkeys(
        because.entry for reason in reasons for because in reason.because if because.entry is not None
    )
    moments = {entry.at for entry in entries if entry.id in behind}
    incidents = [entry.id for entry in entries if isinstance(entry.body, Incident) and entry.at in moments]
    return tuple(Retraction(target=entry, reason="answered by mistake") for entry in (*behind, *incidents))


def undo(entries: Sequence[Entry], since: datetime | None = None) -> tuple[Retraction, ...]:
    """Return what takes back the last step (every entry of its moment); empty when there is none.

    ``entries`` in the order in which they were added; ``since``: steps before it are not touched.
    """
    gone = fold(entries).retracted
    steps = [entry for entry in entries if isinstance(entry.body, _UNDONE) and entry.id not in gone]
    steps = [entry for entry in steps if not _is_setting(entry)]
    changed = [number for number, entry in enumerate(steps) if _is_change_of_health(entry)]
    if changed:  # it is asked once, when a person comes back: nothing on this side of it may take it away
        steps = steps[changed[-1] + 1 :]
    if since is not None:
        steps = [entry for entry in steps if entry.at >= since]
    if not steps:
        return ()
    last = steps[-1].at
    return tuple(Retraction(target=entry.id, reason="taken back") for entry in steps if entry.at == last)


def _is_setting(entry: Entry) -> bool:
    body = entry.body
    return isinstance(body, Profile) and body.model_fields_set <= {"language"}


def _is_change_of_health(entry: Entry) -> bool:
    body = entry.body
    return isinstance(body, Answers) and any(one.question == "intake/health_changed" for one in body.given)


def open_tests(state: State, known: Knowledge, now: datetime, *, begin: datetime | None = None) -> tuple[Offer, ...]:
    """Return the tests of the person's battery that have neither a result nor a skip in this round.

    A round lasts ``screen_days`` (limits.yaml); a person who tests again names its ``begin``.
    """
    if begin is None:
        first = now - timedelta(days=known.limits["screen_days"].number())
        begin = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(
        offer
        for offer in offers_for(state, known, now.date())
        if offer.left_out is None and not is_settled(offer, state, begin)
    )


def offers_for(state: State, known: Knowledge, today: date, tests: Sequence[str] | None = None) -> tuple[Offer, ...]:
    """Return every test of the person's battery (or those named), those that are left out with the reason."""
    if tests is None:
        _, tests = battery(state, known, today)
    helper = state.value("intake/help_at_hand") is True
    return offers(tests, tuple(caution_codes(state, known)), known, helper=helper)


def done_tests(state: State, *, before: date) -> frozenset[str]:
    """Return the tests that have a result by hand from a day before ``before``."""
    by_hand = (one for one in state.measures if one.body.origin.method == "hand" and one.body.value is not None)
    return frozenset(one.body.test for one in by_hand if one.at.date() < before)


def is_settled(offer: Offer, state: State, begin: datetime) -> bool:
    """Say whether a test has a result on each side, or was left out, since ``begin``."""
    skipped = state.latest(f"tests/{offer.test.id}")
    if skipped is not None and skipped.value is not None and skipped.at >= begin:
        return True
    done = {one.body.side for one in state.measures if one.body.test == offer.test.id and one.at >= begin}
    return set(sides_of(offer.test)) <= done


def skipped_test(test: str, why: str) -> Answers:
    """Return the note that a test was left out, and why (``skipped``, ``caution``, ``stopped``)."""
    return Answers(given=(Answer(question=f"tests/{test}", value=why),))
