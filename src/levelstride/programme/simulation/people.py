"""Why it exists: draws virtual people and what happens to them - the same person and the same days for every plan.

Each trait has a random stream of its own, so that a changed assumption moves one trait and leaves the others alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from levelstride.journal.bodies import Side
from levelstride.programme.simulation.parameters import Parameters, PlaceRow

SIDES: tuple[Side, Side] = ("left", "right")
#: Weekdays (0 = Monday) by how many a person has: spread over the week.
_SPREAD = {2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 5), 5: (0, 1, 2, 4, 5)}
_MOST_CODES = 3
_OLD = 65


@dataclass(frozen=True)
class Complaint:
    """The place that hurts, or that can begin to; ``tolerance`` = the load of a day that it takes at the start.

    ``side`` None = in the middle; ``severity`` 0 = does not hurt at the start.
    """

    place: str
    side: Side | None
    severity: float
    tolerance: float
    walking: bool


@dataclass(frozen=True)
class Writing:
    """What the person writes down: probabilities that something is missing, and habits."""

    effort: float
    clean: float
    pain: float
    morning: float
    check_in: float
    effort_bias: float
    pain_kept_back: float
    clean_flattered: float


@dataclass(frozen=True)
class Person:
    """One virtual person, as on the first day.

    ``training``: 0 untrained, 1 some, 2 trained. ``strength`` per muscle group and side, 1 = an untrained adult of 40.
    ``response`` = factor on what training gives; ``clean`` = what is added to the share of clean repetitions.
    """

    seed: int
    number: int
    age: int
    sex: Literal["female", "male"]
    codes: tuple[str, ...]
    setting: str
    equipment: tuple[str, ...]
    kg_most: float
    minutes: int
    weekdays: tuple[int, ...]
    walk_minutes: int
    training: int
    strength: Mapping[tuple[str, Side], float]
    response: float
    clean: float
    complaint: Complaint
    adherence: float
    sleep: float
    writing: Writing

    @property
    def old(self) -> bool:
        """Say whether gains and losses are those of older people."""
        return self.age >= _OLD


@dataclass(frozen=True)
class Days:
    """What happens on each day whatever the plan; ``will`` and ``walks`` are even draws from 0 to 1."""

    sleep: NDArray[np.float64]
    stressed: NDArray[np.bool_]
    ill: NDArray[np.bool_]
    away: NDArray[np.bool_]
    will: NDArray[np.float64]
    walks: NDArray[np.float64]
    flares: NDArray[np.bool_]
    strength: NDArray[np.float64]


def stream(seed: int, number: int, *what: str | int) -> np.random.Generator:
    """Return the random numbers for one purpose of one person."""
    parts = [crc32(part.encode()) if isinstance(part, str) else part for part in what]
    return np.random.default_rng([seed, number, *parts])


def draw_person(seed: int, number: int, parameters: Parameters) -> Person:
    """Return person ``number``: always the same for the same seed and assumptions."""

    def rng(trait: str) -> np.random.Generator:
        return stream(seed, number, trait)

    low, high = parameters.span("age")
    age = int(rng("age").integers(round(low), round(high) + 1))
    sex: Literal["female", "male"] = "female" if rng("sex").random() < parameters.number("women") else "male"
    codes = _codes(rng("codes"), age, sex, parameters)
    setting, equipment = _setting(rng("setting"), parameters)
    training = _training(rng("training"), parameters)
    complaint = _complaint(rng("complaint"), codes, parameters)
    days = round(_within(rng("days"), (parameters.span("days_per_week")[0] - 0.5, _high(parameters) + 0.5)))
    return Person(
        seed=seed,
        number=number,
        age=age,
        sex=sex,
        codes=codes,
        setting=setting,
        equipment=equipment,
        kg_most=parameters.number("kg_gym") if setting == "gym" else round(_of(rng("kg"), parameters, "kg_home")),
        minutes=5 * round(_of(rng("minutes"), parameters, "minutes_per_session") / 5),
        weekdays=_SPREAD[min(max(days, min(_SPREAD)), max(_SPREAD))],
        walk_minutes=round(_of(rng("walk"), parameters, "walk_minutes")),
        training=training,
        strength=_strength(rng("strength"), age, training, complaint, parameters),
        response=float(np.exp(rng("response").normal(0, parameters.number("gain_person_sd")))),
        clean=float(rng("clean").normal(0, parameters.number("clean_person_sd"))),
        complaint=complaint,
        adherence=float(rng("adherence").beta(*parameters.span("adherence"))),
        sleep=_of(rng("sleep"), parameters, "sleep"),
        writing=_writing(rng("writing"), parameters),
    )


def draw_days(person: Person, days: int, parameters: Parameters) -> Days:
    """Return what happens to a person on each of so many days; a longer life begins with the same days."""

    def rng(what: str) -> np.random.Generator:
        return stream(person.seed, person.number, "days", what)

    def daily(name: str) -> float:
        return parameters.number(name) / 7

    return Days(
        sleep=rng("sleep").normal(person.sleep, parameters.number("sleep_sd"), days).clip(2, 12),
        stressed=rng("stress").random(days) < parameters.number("stress_days"),
        ill=_spells(rng("ill"), days, daily("ill_weeks"), (3, 8)),
        away=_spells(rng("away"), days, daily("away_weeks"), (7, 15)),
        will=rng("will").random(days),
        walks=rng("walks").random(days),
        flares=rng("flares").random(days) < daily("flare_random"),
        strength=rng("form").normal(0, parameters.number("day_sd"), days),
    )


def _spells(rng: np.random.Generator, days: int, chance: float, length: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the days of spells that begin by chance; ``length`` = days, the second not included."""
    found = np.zeros(days, dtype=np.bool_)
    draws = rng.random((days, 2))  # two per day, drawn or not: a longer life begins with the same days
    for day in np.flatnonzero(draws[:, 0] < chance):
        found[day : day + length[0] + int(draws[day, 1] * (length[1] - length[0]))] = True
    return found


def _within(rng: np.random.Generator, span: tuple[float, float]) -> float:
    return float(span[0] + (span[1] - span[0]) * rng.random())


def _of(rng: np.random.Generator, parameters: Parameters, name: str) -> float:
    return _within(rng, parameters.span(name))


def _high(parameters: Parameters) -> float:
    return parameters.span("days_per_week")[1]


def _codes(rng: np.random.Generator, age: int, sex: str, parameters: Parameters) -> tuple[str, ...]:
    column = 0 if age < 40 else 1 if age < _OLD else 2
    draws = rng.random(len(parameters.cautions.shares))
    found = []
    for (code, shares), draw in zip(parameters.cautions.shares.items(), draws, strict=True):
        possible = code != "PREG" or (sex == "female" and age <= 42)
        if possible and draw < shares[column]:
            found.append((draw / shares[column], code))
    return tuple(sorted(code for _, code in sorted(found)[:_MOST_CODES]))


def _setting(rng: np.random.Generator, parameters: Parameters) -> tuple[str, tuple[str, ...]]:
    rows = parameters.settings.rows
    weights = np.array([row.weight for row in rows.values()])
    name = list(rows)[_pick(rng, weights)]
    things = sorted({thing for row in rows.values() for thing in row.things})
    draws = dict(zip(things, rng.random(len(things)), strict=True))
    return name, tuple(thing for thing in things if draws[thing] < rows[name].things.get(thing, 0))


def _pick(rng: np.random.Generator, weights: NDArray[np.float64]) -> int:
    return int(np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(), side="right"))


def _training(rng: np.random.Generator, parameters: Parameters) -> int:
    untrained = parameters.number("training_untrained")
    return _pick(rng, np.array([untrained, (1 - untrained) * 2 / 3, (1 - untrained) / 3]))


def _complaint(rng: np.random.Generator, codes: tuple[str, ...], parameters: Parameters) -> Complaint:
    places = parameters.places.rows
    named = [name for name, row in places.items() if set(row.codes) & set(codes)]
    weights = np.array([_weight(row, name, named) for name, row in places.items()])
    place = list(places)[_pick(rng, weights)]
    draws = rng.random(5)
    hurts = draws[0] < parameters.number("complaint")
    mild, strong = parameters.span("complaint_severity")
    least, most = parameters.span("tolerance")
    tolerance = least + (most - least) * draws[2]
    return Complaint(
        place=place,
        side=None if place == "low_back" else SIDES[int(draws[3] < 0.5)],
        severity=mild + (strong - mild) * float(draws[1]) if hurts else 0.0,
        tolerance=float(tolerance) * (1 if hurts else parameters.number("tolerance_sound")),
        walking=bool(draws[4] < places[place].walking),
    )


def _weight(row: PlaceRow, name: str, named: list[str]) -> float:
    return row.weight if not named or name in named else 0.0


def _strength(
    rng: np.random.Generator, age: int, training: int, complaint: Complaint, parameters: Parameters
) -> dict[tuple[str, Side], float]:
    years = max(0.0, age - parameters.number("strength_age_from"))
    level = parameters.numbers("strength_trained")[training] * (1 - parameters.number("strength_age_loss")) ** years
    whole = level * float(np.exp(rng.normal(0, parameters.number("strength_sd"))))
    sore = parameters.places.rows[complaint.place].muscles if complaint.severity > 0 else ()
    found: dict[tuple[str, Side], float] = {}
    for group in parameters.groups:
        of_group = whole * float(np.exp(rng.normal(0, parameters.number("strength_group_sd"))))
        for side in SIDES:
            of_side = of_group * float(np.exp(rng.normal(0, parameters.number("strength_side_sd"))))
            hurts = group in sore and complaint.side in (None, side)
            found[group, side] = of_side * (parameters.number("strength_complaint") if hurts else 1)
    return found


def _writing(rng: np.random.Generator, parameters: Parameters) -> Writing:
    factor = parameters.number("missing_all") * float(np.exp(rng.normal(0, parameters.number("missing_person_sd"))))

    def missing(what: str) -> float:
        return min(0.95, factor * parameters.number(f"missing_{what}"))

    return Writing(
        effort=missing("effort"),
        clean=missing("clean"),
        pain=missing("pain"),
        morning=missing("morning"),
        check_in=missing("check_in"),
        effort_bias=float(rng.normal(0, parameters.number("effort_bias_sd"))),
        pain_kept_back=1.0 if rng.random() < parameters.number("pain_kept_back") else 0.0,
        clean_flattered=float(2 * parameters.number("clean_flattered") * rng.random()),
    )
