"""Why it exists: random people, what they tell at the start, and the journal they write it into."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from levelstride.journal.bodies import (
    Answer,
    Answers,
    AnswerValue,
    Body,
    Clearance,
    Origin,
    Override,
    Profile,
    Side,
)
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import State, fold
from levelstride.programme.choices import OPTIONS
from levelstride.programme.levels import P1_MODES
from levelstride.programme.model import PHASES, WEEK, PhaseName, Programme
from levelstride.screening.protocols import result
from tests.screening.support import KNOWN, PREGNANT, calm, harmless

SIDES: tuple[Side, ...] = ("left", "right")
ZONE = "Europe/Prague"
#: First days of lives: an ordinary week, both nights on which clocks change, the turn of a year, a leap day.
STARTS = (date(2026, 5, 14), date(2026, 10, 19), date(2027, 3, 22), date(2026, 12, 28), date(2028, 2, 21))
CONDITIONS = next(
    dict(one.sets) for section in KNOWN.intake.sections for one in section.questions if one.id == "conditions"
)
EQUIPMENT = tuple(name for name, thing in KNOWN.vocabulary.equipment.items() if not thing.household)
GOALS = ("stairs", "walk_longer", "better_balance", "stronger_hips", "back_to_sport", "sit_easier")
PLACES = ("hip_side", "groin", "knee", "low_back")
#: Codes with which nobody is in the phase of hops.
NO_HOPS = frozenset(KNOWN.rules["plyometric_gate"].lists["excluded_codes"])
#: Tests by hand, each with a good and a poor result.
TESTS = {
    "thomas": (12.0, -15.0),
    "sls_eo": (40.0, 2.0),
    "sts5": (9.0, 20.0),
    "trendelenburg_seen": (0.0, 2.0),
    "wblt": (11.0, 5.0),
    "sl_bridge_reps": (30.0, 8.0),
}
NEEDS_AGREEMENT = tuple(code for code, caution in KNOWN.cautions.items() if caution.action == "clearance")


@dataclass(frozen=True)
class Somebody:
    """One person as they fill in the intake; ``phase`` = where they stood when they came, None = new."""

    age: int = 40
    conditions: tuple[str, ...] = ()
    pregnant: bool = False
    heart: bool = False
    fell: str = "no"
    agreed: bool = True
    equipment: tuple[str, ...] = ("mini_band", "dumbbells")
    minutes: int = 25
    days: int = 3
    setting: str = "home"
    goals: tuple[str, ...] = ("stairs",)
    places: tuple[tuple[str, Side | None, float], ...] = ()
    tests: tuple[tuple[str, Side | None, float], ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    phase: PhaseName | None = None
    walks_now: float = 20.0
    sitting: float = 60.0

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the caution codes that the answers set."""
        found = [code for option in self.conditions for code in CONDITIONS[option]]
        found += ["PREG"] if self.pregnant else []
        found += ["HTN"] if self.heart else []
        found += ["BAL"] if self.fell != "no" else []
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Temper:
    """How a person writes down and does: shares from 0 to 1, and how much it hurts (0 never .. 3 often)."""

    honest: float = 1.0
    faithful: float = 1.0
    clean: float = 0.95
    effort: int = 5
    hurts: int = 0
    rested: float = 0.9
    meddles: float = 0.3


@dataclass
class Diary:
    """A journal being written. Ids rise with the order of writing, so that a life is the same in every run."""

    starts_on: date = STARTS[0]
    zone: str = ZONE
    entries: list[Entry] = field(default_factory=list)
    first: int = 0

    def at(self, day: int, minute: float = 8 * 60) -> datetime:
        """Return a moment on the wall clock of the place."""
        hours, rest = divmod(minute, 60)
        wall = time(int(hours), int(rest), int(rest % 1 * 60))
        return datetime.combine(self.starts_on + timedelta(days=day), wall, tzinfo=ZoneInfo(self.zone))

    def write(self, body: Body, day: int, minute: float = 8 * 60) -> Entry:
        """Write an entry."""
        number = self.first + len(self.entries) + 1
        entry = new_entry(body, at=self.at(day, minute), zone=self.zone, id=UUID(int=number))
        self.entries.append(entry)
        return entry

    @property
    def state(self) -> State:
        """Return what the journal says."""
        return fold(self.entries)


def draw_person(r: Random, *, stops: bool = False) -> Somebody:
    """Return a random person; with ``stops`` some lack a clinician's agreement that they need."""
    age = r.choice((18, 25, 33, 45, 52, 64, 66, 71, 83))
    conditions = tuple(sorted(r.sample(sorted(CONDITIONS), r.choice((0, 0, 0, 1, 1, 2)))))
    places = tuple(
        (place, r.choice((*SIDES, None)), float(r.choice((1, 2, 3, 5))))
        for place in r.sample(PLACES, r.choice((0, 0, 1, 2)))
    )
    phase: PhaseName | None = r.choice((None, "P1", "P2", "P2", "P3", "P3", "P4", "P5", "maintenance"))
    found = Somebody(
        age=age,
        conditions=conditions,
        pregnant=age < 50 and r.random() < 0.08,
        heart=r.random() < 0.08,
        fell=r.choice(("no", "no", "no", "no", "once")),
        agreed=not stops or r.random() < 0.5,
        equipment=tuple(sorted(r.sample(EQUIPMENT, r.choice((0, 1, 2, 5, len(EQUIPMENT)))))),
        minutes=r.choice((5, 8, 10, 12, 15, 20, 25, 30, 45, 60)),
        days=r.randint(1, 7),
        setting=r.choice(("home", "home", "gym", "office", "outdoors", "mixed")),
        goals=tuple(r.sample(GOALS, r.randint(0, 3))),
        places=places,
        tests=tuple(_draw_tests(r)),
        options=tuple(_draw_options(r, phase)),
        phase=phase,
        walks_now=float(r.choice((0, 5, 10, 20, 40))),
        sitting=float(r.choice((20, 60, 150))),
    )
    return replace(found, phase="P4") if phase == "P5" and NO_HOPS & set(found.codes) else found


def _draw_tests(r: Random) -> Iterator[tuple[str, Side | None, float]]:
    for name in r.sample(sorted(TESTS), r.randint(0, 4)):
        good, poor = TESTS[name]
        for side in SIDES if KNOWN.tests[name].measure.sided else (None,):
            yield name, side, r.choice((good, poor))


def _draw_options(r: Random, phase: PhaseName | None) -> Iterator[tuple[str, Any]]:
    if phase == "P5":
        yield "hops", True
    for name in r.sample(OPTIONS, r.choice((0, 0, 1, 2))):
        if name == "p1_mode":
            value: Any = r.choice(P1_MODES)
        elif name in ("event", "days", "persona", "warm_up_minutes"):
            personas = [case.id for case in KNOWN.rules["plan_personas"].cases]
            value = {
                "event": {"name": "walk", "day": (STARTS[0] + timedelta(days=r.randint(0, 80))).isoformat()},
                "days": sorted(r.sample(range(7), r.randint(1, 6))),
                "persona": r.choice(personas),
                "warm_up_minutes": float(r.choice((3, 5, 10, 15))),
            }[name]
        else:
            value = True
        yield name, value


def draw_temper(r: Random) -> Temper:
    """Return a random way of doing and writing down."""
    return Temper(
        honest=r.choice((1.0, 1.0, 0.95, 0.8, 0.5)),
        faithful=r.choice((1.0, 1.0, 0.8, 0.5)),
        clean=r.choice((1.0, 0.95, 0.9, 0.75)),
        effort=r.choice((3, 4, 5, 6, 8)),
        hurts=r.choice((0, 0, 1, 2, 3)),
        rested=r.choice((1.0, 0.9, 0.6)),
        meddles=r.choice((0.0, 0.3, 0.8)),
    )


def intake(person: Somebody) -> dict[tuple[str, Side | None], AnswerValue]:
    """Return all answers that a person gives before the start."""
    answers: dict[tuple[str, Side | None], AnswerValue] = {
        (question, None): value
        for question, value in {
            **harmless(person.age),
            **(PREGNANT if person.pregnant else {}),
            **(calm("heart_pressure") if person.heart else {}),
            "intake/conditions": person.conditions,
            "intake/fell_lately": person.fell,
            "intake/minutes_per_session": float(person.minutes),
            "intake/days_per_week": float(person.days),
            "intake/equipment": person.equipment,
            "intake/setting": person.setting,
            "intake/goals": person.goals,
            "intake/walks_now": person.walks_now,
            "intake/sitting_longest": person.sitting,
            "body_map/places": tuple(place for place, _, _ in person.places),
        }.items()
    }
    for place, side, severity in person.places:
        answers[f"body_map/{place}/severity", side] = severity
    return answers


def arrive(diary: Diary, person: Somebody) -> None:
    """Write what a person tells before the first week, the agreement they bring and the tests they did."""
    born = diary.starts_on.year - person.age
    diary.write(Profile(birth_year=born, birth_month=1), -1, 600)
    given = tuple(Answer(question=path, side=side, value=value) for (path, side), value in intake(person).items())
    diary.write(Answers(given=given), -1, 601)
    if person.agreed:
        covers = (*person.codes, "readiness/age_70", "readiness/age_45_vigorous", "readiness/heart_pressure")
        diary.write(Clearance(covers=covers, given_by="Dr Test", given_on=diary.starts_on), -1, 602)
    for number, (test, side, value) in enumerate(person.tests):
        measured = result(KNOWN.tests[test], side, (value,), {}, origin=Origin(method="hand"))
        diary.write(measured, -1, 610 + number)
    options = dict(person.options)
    if not person.tests and person.phase is None:
        options["start_without_tests"] = True
    for number, (target, chosen) in enumerate(options.items()):
        diary.write(Override(by="user", action="choose", target=target, value=chosen), -1, 630 + number)


def earlier(person: Somebody, starts_on: date) -> tuple[Programme, ...]:
    """Return the weeks that a person had elsewhere: known by their phase alone."""
    if person.phase is None:
        return ()
    count = 5 if PHASES.index(person.phase) >= PHASES.index("P4") else 3
    phases: list[PhaseName] = [person.phase] * count
    if person.phase == "P5":
        phases = ["P4"] * (count - 1) + ["P5"]
    first = starts_on - timedelta(days=WEEK * count)
    since = {phase: first + timedelta(days=WEEK * phases.index(phase)) for phase in phases}
    return tuple(
        Programme(
            id=f"before-{number}",
            starts_on=first + timedelta(days=WEEK * number),
            week=number + 1,
            phase=phase,
            phase_since=since[phase],
            planner_version="0",
            library_version="0",
            input_hash=f"before-{number}",
            seed=1,
        )
        for number, phase in enumerate(phases)
    )
