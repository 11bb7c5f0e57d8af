"""Why it exists: writes the journal of a virtual person - the health answers at the start, then what they tell.

The state is built directly, in time order, so that half a year costs milliseconds instead of folding every entry anew.
"""

from datetime import date, datetime, timedelta, timezone
from hashlib import blake2b
from typing import Any

from levelstride.journal.bodies import (
    AnswerValue,
    Body,
    CheckIn,
    Clearance,
    Issued,
    Measured,
    Origin,
    Pain,
    Session,
    SetDone,
    Side,
    Walk,
)
from levelstride.journal.state import Fact, Given, Logged, State
from levelstride.library.knowledge import Knowledge
from levelstride.programme.simulation.people import SIDES, Person
from levelstride.screening.person import age_on
from levelstride.screening.protocols import result
from levelstride.screening.safety import exclusions_asked, flags_asked

ZONE = "Europe/Berlin"
_OFFSET = timezone(timedelta(hours=1))
#: Bits of an id that name the life.
_OF_LIFE = (1 << 54) - 1
_LISTS: dict[type[Body], str] = {
    Clearance: "clearances",
    Issued: "programmes",
    Measured: "measures",
    SetDone: "sets",
    Session: "sessions",
    CheckIn: "check_ins",
    Pain: "pain",
    Walk: "walks",
}
#: Rest pain above this stops the start (rule ``screening_signs``); who has more is not in this simulation.
_REST_PAIN = 3.0
_BY_ANSWER = {"HTN": "readiness/heart_pressure"}


def moment(day: date, hour: float) -> datetime:
    """Return a moment of a day, in the one time zone of the simulation."""
    return datetime(day.year, day.month, day.day, tzinfo=_OFFSET) + timedelta(hours=hour)


class Diary:
    """The journal of one person, written in time order."""

    def __init__(self, person: Person, known: Knowledge, starts_on: date, life: str = "") -> None:
        """Begin a journal; ``life`` tells apart the lives of one person, so that no two share an id."""
        self.person = person
        digest = blake2b(f"{person.seed} {person.number} {life}".encode(), digest_size=7).hexdigest()
        self._life = int(digest, 16) & _OF_LIFE
        self.known = known
        self.entries = 0
        self.profile: dict[str, Fact] = {}
        self.answers: dict[tuple[str, Side | None], tuple[Given, ...]] = {}
        self.lists: dict[str, list[Logged[Any]]] = {name: [] for name in _LISTS.values()}
        self._frozen: State | None = None
        self._tuples: dict[str, Any] = {}
        self._sit_down(moment(starts_on - timedelta(days=1), 10))

    def write(self, body: Body, at: datetime) -> str:
        """Add an entry and return its id."""
        name = _LISTS[type(body)]
        entry = self._id(at)
        self.lists[name].append(Logged(entry, at, ZONE, body))
        self._tuples.pop(name, None)
        return entry

    def answer(self, question: str, value: AnswerValue, at: datetime, side: Side | None = None) -> None:
        """Add an answer."""
        given = Given(value, at, self._id(at))
        self.answers[question, side] = (*self.answers.get((question, side), ()), given)
        self._tuples.pop("answers", None)

    def state(self) -> State:
        """Return what the journal says now; the same object until something is added."""
        if self._frozen is None or self._frozen.entries != self.entries:
            for name, found in self.lists.items():
                if name not in self._tuples:
                    self._tuples[name] = tuple(found)
            if "answers" not in self._tuples:
                self._tuples["answers"] = dict(self.answers)
            self._frozen = State(profile=self.profile, entries=self.entries, **self._tuples)
        return self._frozen

    def test(self, name: str, side: Side | None, value: float, at: datetime) -> None:
        """Write down the result of a test by hand."""
        origin = Origin(method="hand")
        self.write(result(self.known.tests[name], side, (value,), {}, origin=origin), at)

    def _id(self, at: datetime) -> str:
        """Return a UUID of version 7: when it was written, the number of the entry, then the life it belongs to."""
        self.entries += 1
        when, count = f"{int(at.timestamp() * 1000):012x}", self.entries
        end = f"{2 << 62 | (count & 0xFF) << 54 | self._life:016x}"
        return f"{when[:8]}-{when[8:]}-7{count >> 8:03x}-{end[:4]}-{end[4:]}"

    # ------------------------------------------------------------------------------------------ the first answers

    def _sit_down(self, at: datetime) -> None:
        person = self.person
        for name, value in (
            ("birth_year", at.year - person.age - 1),
            ("birth_month", 12),
            ("norm_sex", person.sex),
            ("language", "en"),
        ):
            self.profile[name] = Fact(value, at, self._id(at))
        for question, given in self._about().items():
            self.answer(f"intake/{question}", given, at)
        self._body_map(at)
        for sign in self.known.intake.signs:
            self.answer(f"signs/{sign}", False, at)
        self._safety(at)
        covers = (*person.codes, "readiness/age_70", "readiness/age_45_vigorous")
        given_on = at.date()
        self.write(Clearance(covers=covers, given_by="Clinician", given_on=given_on), at + timedelta(hours=1))

    def _about(self) -> dict[str, AnswerValue]:
        person, codes = self.person, set(self.person.codes)
        conditions = self._conditions()
        return {
            "pregnant": "pregnant" if "PREG" in codes else "no",
            "unwell_today": False,
            "active_now": person.walk_minutes >= 20,
            "hard_effort_used": person.training > 0,
            "hard_effort_planned": False,
            "daily_tasks": False,
            "rest_pain": min(_REST_PAIN, round(person.complaint.severity / 2)),
            "conditions": tuple(option for option, sets in conditions.items() if codes & set(sets)),
            "fell_lately": "no",
            "sitting_hours": 6.0,
            "sitting_longest": 60.0,
            "walks_now": float(person.walk_minutes),
            "goals": ("stronger_hips", "walk_longer"),
            "days_per_week": float(len(person.weekdays)),
            "minutes_per_session": float(person.minutes),
            "best_time": "evening",
            "equipment": person.equipment,
            "setting": person.setting,
            "help_at_hand": False,
        }

    def _conditions(self) -> dict[str, tuple[str, ...]]:
        questions = (one for section in self.known.intake.sections for one in section.questions)
        return next(dict(one.sets) for one in questions if one.id == "conditions")

    def _body_map(self, at: datetime) -> None:
        complaint = self.person.complaint
        if complaint.severity == 0:
            self.answer("body_map/places", (), at)
            return
        path = f"body_map/{complaint.place}"
        self.answer("body_map/places", (complaint.place,), at)
        if complaint.side is not None:
            self.answer(f"{path}/side", complaint.side, at)
        brought_on = ("walking",) if complaint.walking else ("stairs",)
        details: dict[str, AnswerValue] = {
            "severity": float(round(complaint.severity)),
            "duration": "weeks_6_12",
            "brought_on": brought_on,
            "eases_standing": False,
            "gives_way": False,
            "kind": "dull",
        }
        for name, value in details.items():
            self.answer(f"{path}/{name}", value, at, complaint.side)

    def _safety(self, at: datetime) -> None:
        state = self.state()
        age = age_on(state, at.date())
        assert age is not None
        for flag in flags_asked(self.known, age, state):
            self.answer(f"red_flags/{flag.id}", False, at)
        for exclusion in exclusions_asked(self.known, state):
            self.answer(f"exclusions/{exclusion.id}", False, at)
        for topic in self.known.rules["readiness"].topics:
            path = f"readiness/{topic.id}"
            yes = any(_BY_ANSWER.get(code) == path for code in self.person.codes)
            self.answer(path, yes, at)
            for number in range(len(topic.follow_up) if yes else 0):
                self.answer(f"{path}/{number}", False, at)


def both_sides(sided: bool) -> tuple[Side | None, ...]:
    """Return the sides on which something is done."""
    return SIDES if sided else (None,)
