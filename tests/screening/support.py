"""Why it exists: builds what a person told the journal - a harmless intake, with single answers changed - for tests.

Nothing here decides: the expected levels and words stand in the tests themselves.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from levelstride.journal.bodies import Answer, Answers, AnswerValue, Clearance, Pain, Profile, Retraction, Side
from levelstride.journal.entry import Entry, new_entry, read_entry
from levelstride.journal.state import State, fold
from levelstride.library.loader import knowledge

KNOWN = knowledge()
ZONE = "Europe/Prague"
NOW = datetime(2026, 5, 14, 9, 30, tzinfo=timezone(timedelta(hours=2)))
#: When the intake was answered, unless a test says otherwise.
ANSWERED = NOW - timedelta(hours=1)
#: As a value: this question was never asked.
LEFT_OUT: Any = object()

Changes = Mapping[str, Any]

FLAGS = {flag.id: flag for flag in KNOWN.rules["red_flags"].flags}
EXCLUSIONS = tuple(exclusion.id for exclusion in KNOWN.rules["age_limits"].exclusions)
TOPICS = {topic.id: topic for topic in KNOWN.rules["readiness"].topics}
CHILD = (8, 15)
HARD_EFFORT_FROM = 46
PREGNANCY_TO = 60
#: What only a person who is pregnant is asked, answered with no.
PREGNANCY_SIGNS: dict[str, AnswerValue] = {
    **{f"red_flags/{flag.id}": False for flag in FLAGS.values() if flag.group == "pregnancy"},
    "exclusions/complicated_pregnancy": False,
}
#: A pregnancy without trouble.
PREGNANT: dict[str, AnswerValue] = {"intake/pregnant": "pregnant", **PREGNANCY_SIGNS}
#: What is asked every day, and never too old to count.
DAILY = ("intake/unwell_today", "intake/rest_pain")
NOT_BEFORE = ("in_session", "child_hip", "pregnancy")


def harmless(age: int = 40) -> dict[str, AnswerValue]:
    """Return every answer that is asked for before the start, none of which stops or changes anything."""
    before = {f"red_flags/{flag.id}": False for flag in FLAGS.values() if flag.group not in NOT_BEFORE}
    child = {f"red_flags/{flag.id}": False for flag in FLAGS.values() if flag.group == "child_hip"}
    effort = {"intake/hard_effort_used": True, "intake/hard_effort_planned": False}
    return {
        **before,
        **(child if CHILD[0] <= age <= CHILD[1] else {}),
        **{f"exclusions/{name}": False for name in EXCLUSIONS if name != "complicated_pregnancy"},
        **{f"readiness/{name}": False for name in TOPICS},
        "intake/unwell_today": False,
        **({"intake/pregnant": "no"} if age <= PREGNANCY_TO else {}),
        "intake/active_now": True,
        **(effort if age >= HARD_EFFORT_FROM else {}),
        "intake/daily_tasks": False,
        "intake/rest_pain": 0.0,
        "intake/conditions": (),
        "intake/fell_lately": "no",
    }


def calm(topic: str) -> dict[str, AnswerValue]:
    """Return a yes to a readiness topic with no to all that is asked further."""
    follow_ups = {f"readiness/{topic}/{number}": False for number in range(len(TOPICS[topic].follow_up))}
    return {f"readiness/{topic}": True, **follow_ups}


def follow_up(topic: str, number: int, value: AnswerValue = True) -> dict[str, AnswerValue]:
    """Return a yes to a readiness topic and to one of its follow-ups."""
    return {**calm(topic), f"readiness/{topic}/{number}": value}


def said(question: str, value: AnswerValue, at: datetime = ANSWERED, side: Side | None = None) -> Entry:
    """Make an entry with one answer."""
    return new_entry(Answers(given=(Answer(question=question, value=value, side=side),)), at=at, zone=ZONE)


def agreed(*covers: str, at: datetime = NOW) -> Entry:
    """Make an entry of a clinician's agreement to questions or caution codes."""
    return new_entry(Clearance(covers=covers, given_by="Dr Test", given_on=date(2026, 5, 1)), at=at, zone=ZONE)


def taken_back(entry: Entry, at: datetime = NOW) -> Entry:
    """Make an entry that takes another one back."""
    return new_entry(Retraction(target=entry.id), at=at, zone=ZONE)


def hurts(score: float, at: datetime = NOW, place: str = "knee", when: Any = "now") -> Entry:
    """Make an entry of pain at a place."""
    return new_entry(Pain(place=place, side="left", score=score, when=when), at=at, zone=ZONE)


def stopped_test(test: str = "sts5", at: datetime = NOW, why: str = "stopped") -> Entry:
    """Make an entry of a test that was left out or stopped."""
    return said(f"tests/{test}", why, at)


def unreadable(kind: str, at: datetime = NOW) -> Entry:
    """Make an entry of a newer version, in a shape that this program cannot read."""
    content = json.loads(new_entry(Answers(given=(Answer(question="a"),)), at=at, zone=ZONE).line)
    wrong = {key: [{"another": "shape"}] for key in ("given", "target", "what", "birth_year", "duration_s")}
    entry = read_entry(json.dumps(content | {"kind": kind, "version": 2, "body": wrong}))
    assert entry.body is None, kind
    return entry


def facts(at: datetime = ANSWERED, **fields: Any) -> Entry:
    """Make an entry with facts about the person."""
    return new_entry(Profile(**fields), at=at, zone=ZONE)


def person(age: int, at: datetime = ANSWERED, **fields: Any) -> Entry:
    """Make an entry of somebody whose age in years is certain all through May: born in January."""
    return facts(at, **{"birth_year": NOW.year - age, "birth_month": 1, **fields})


def intake(changes: Changes | None = None, *, age: int = 40, at: datetime = ANSWERED, **fields: Any) -> list[Entry]:
    """Return a complete harmless intake, in which ``changes`` (path -> value, or LEFT_OUT) replace or add answers."""
    answers = {**harmless(age), **(changes or {})}
    given = tuple(Answer(question=path, value=value) for path, value in answers.items() if value is not LEFT_OUT)
    return [person(age, at, **fields), new_entry(Answers(given=given), at=at, zone=ZONE)]


def answered(*later: Entry, changes: Changes | None = None, age: int = 40, at: datetime = ANSWERED, **f: Any) -> State:
    """Return the state after an intake and whatever happened besides."""
    return fold([*intake(changes, age=age, at=at, **f), *later])
