"""Why it exists: what the planner knows about the person - time, place, equipment, health answers, goals, findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from levelstride.journal.bodies import Side
from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise
from levelstride.library.selection import apply_cautions
from levelstride.programme.choices import Choices
from levelstride.programme.rulebook import Rulebook
from levelstride.screening.decision import Decision
from levelstride.screening.findings import Family, Finding, reported_families
from levelstride.screening.person import age_on

#: Actions of a safety decision that close exercises, and the demand they close.
BLOCKS = {"block_impact": "impact", "block_heavy_load": "heavy_load", "block_vigorous": "high_effort"}


@dataclass(frozen=True)
class Pointed:
    """Exercises that a finding or an answer points to, and the entries it rests on."""

    family: Family
    side: Side | None
    entries: tuple[str, ...]


@dataclass(frozen=True)
class Traits:
    """The person, as far as the programme needs.

    Attributes
    ----------
    minutes, days : int
        Wished length of a session, and sessions per week.
    weekdays : tuple of int
        Days that may be used, 0 = Monday.
    older : bool
        Above the age of the rule ``missed_sessions``.
    codes : mapping
        Caution codes with the entries that set them.
    removed, changed : mapping
        Exercises left out, with the codes or actions that do it; exercises that carry advice of a code.
    hurts, worst : bool, float
        Some place was marked with trouble or pain; how bad it was at its worst, 0-10.
    impact_closed : bool
        A health answer or the safety decision closes everything with impact, running included.
    stays_lying : bool
        On the floor or bed only lying moves are given: getting down to hands, knees or a plank is not asked for.
    """

    minutes: int
    days: int
    weekdays: tuple[int, ...]
    best_time: str
    equipment: frozenset[str]
    setting: str
    goals: tuple[str, ...]
    older: bool
    age_low: int | None
    codes: Mapping[str, tuple[str, ...]]
    cleared: frozenset[str]
    removed: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[str, ...]]
    hurts: bool
    worst: float
    stays_lying: bool
    sits_long: bool
    impact_closed: bool
    persona: str | None
    pointed: tuple[Pointed, ...]

    @property
    def supported(self) -> bool:
        """Say whether everything on one leg and all walking practice needs support (poor balance)."""
        return "BAL" in self.codes or "PREG" in self.codes

    @property
    def steady(self) -> bool:
        """Say whether more time in a phase and balance practice are due: age, poor balance, brittle bones."""
        return self.older or "BAL" in self.codes or "OSTEO" in self.codes

    def points_to(self, case: str) -> bool:
        """Say whether a finding leads to a case of ``finding_to_exercise``."""
        return any(one.family.case == case for one in self.pointed)

    def has(self, exercise: Exercise, known: Knowledge, without: frozenset[str] = frozenset()) -> bool:
        """Say whether the person has what an exercise needs."""
        things = known.vocabulary.equipment
        return all(
            any((thing in self.equipment or things[thing].household) and thing not in without for thing in choices)
            for choices in exercise.equipment.needs
        )


def read_traits(
    state: State,
    findings: Sequence[Finding],
    decision: Decision,
    choices: Choices,
    rules: Rulebook,
    today: date,
) -> Traits:
    """Return what the journal says about the person on a day."""
    known = rules.known
    age = age_on(state, today)
    codes = {code: tuple(one.entry for one in because if one.entry) for code, because in decision.cautions.items()}
    sorted_out = apply_cautions(codes, known)
    removed = {name: tuple(against) for name, against in sorted_out.removed.items()}
    for action, demand in BLOCKS.items():
        if action in decision.actions:
            for name, exercise in known.exercises.items():
                if demand in exercise.demands:
                    removed[name] = (*removed.get(name, ()), action)
    equipment = state.value("intake/equipment")
    goals = state.value("intake/goals")
    days = choices.option("days")
    persona = choices.option("persona")
    older = rules.number("missed_sessions", "older_age")
    return Traits(
        minutes=_whole(state.value("intake/minutes_per_session"), rules.whole("week_plan", "usual_minutes")),
        days=_whole(state.value("intake/days_per_week"), rules.whole("week_plan", "usual_days")),
        weekdays=tuple(sorted(set(days))) if isinstance(days, list) and days else tuple(range(7)),  # type: ignore[arg-type]
        best_time=str(state.value("intake/best_time") or "any"),
        equipment=frozenset(equipment) if isinstance(equipment, tuple) else frozenset(),
        setting=str(state.value("intake/setting") or "home"),
        goals=goals if isinstance(goals, tuple) else (),
        older=age is None or age.high > older,
        age_low=None if age is None else age.low,
        codes=codes,
        cleared=frozenset(cover for one in state.clearances for cover in one.body.covers),
        removed=removed,
        changed=sorted_out.changed,
        hurts=_worst(state) > 0,
        worst=_worst(state),
        stays_lying=(age is None or age.high >= rules.whole("week_plan", "floor_age"))
        or all(code in codes for code in known.rules["week_plan"].lists["steady_codes"]),
        sits_long=any(one.case == "long_sitting" for one in reported_families(state, known)),
        impact_closed="block_impact" in decision.actions
        or any("impact" in known.cautions[code].removes for code in codes),
        persona=persona if isinstance(persona, str) else None,
        pointed=_pointed(state, findings, known),
    )


def _whole(given: object, otherwise: int) -> int:
    return int(given) if isinstance(given, int | float) and not isinstance(given, bool) and given > 0 else otherwise


def _worst(state: State) -> float:
    """Return the strongest trouble or pain of the body map."""
    asked = [key for key in state.answers if key[0].startswith("body_map/") and key[0].endswith("/severity")]
    values = (state.value(question, side) for question, side in asked)
    return max((float(value) for value in values if isinstance(value, int | float)), default=0.0)


def _pointed(state: State, findings: Sequence[Finding], known: Knowledge) -> tuple[Pointed, ...]:
    found: dict[tuple[str, Side | None], Pointed] = {}
    for finding in findings:
        for family in finding.families:
            key = (family.case, finding.side)
            entries = (*(found[key].entries if key in found else ()), *_entry(finding))
            found[key] = Pointed(family, finding.side, tuple(dict.fromkeys(entries)))
    for family in reported_families(state, known):
        found.setdefault((family.case, None), Pointed(family, None, _said_in(state, family.case)))
    return tuple(found.values())


def _entry(finding: Finding) -> tuple[str, ...]:
    return () if finding.point is None else (finding.point.entry,)


def _said_in(state: State, case: str) -> tuple[str, ...]:
    question = "intake/sitting_longest" if case == "long_sitting" else "signs/glute_feel_squat_lunge/led_by"
    given = state.latest(question)
    return () if given is None else (given.id,)
