"""Why it exists: shows that a persona changes order and length of what is done, and never how hard it is."""

import pytest

from levelstride.programme.model import Programme, Session
from levelstride.programme.volume import of_programme
from tests.programme.people import KNOWN, RULES, Life, cases, lived, main, names, person, training

PERSONAS = KNOWN.rules["plan_personas"].lists["personas"]


def with_persona(name: str | None, *, weeks: int = 3, **wishes: float) -> tuple[Life, Programme]:
    life, _ = lived(weeks, **wishes)
    if name is not None:
        life.choose("persona", name, day=7 * weeks - 1)
    return life, life.plan(7 * weeks)


def kinds(week: Programme) -> list[str]:
    return [one.kind for one in week.sessions]


@pytest.mark.requirement("R051", "R052", "R101", "R107")
@pytest.mark.parametrize("name", PERSONAS)
def test_a_persona_changes_nothing_about_load_gates_and_rest(name: str) -> None:
    _, plain = with_persona(None)
    _, own = with_persona(name)
    assert own.phase == plain.phase
    assert of_programme(own, RULES) == of_programme(plain, RULES)
    assert [main(one) for one in training(own)] == [main(one) for one in training(plain)]


@pytest.mark.requirement("R051")
@pytest.mark.parametrize("weeks", [0, 3, 5])
def test_a_very_inactive_person_gets_tiny_sessions_and_breaks(weeks: int) -> None:
    _, week = with_persona("sedentary", weeks=weeks)
    tiny = [one for one in week.sessions if one.kind == "micro"]
    assert tiny
    least, most = RULES.pair("plan_personas", "micro_session")
    for one in tiny:
        assert one.optional
        assert least <= one.minutes
        assert sum(move.seconds for move in one.moves) <= 60 * most
        assert all(not move.hard and move.sets == 1 for move in one.moves)
        assert ("plan_personas", "sedentary") in cases(one.why)
    assert week.breaks is not None


@pytest.mark.requirement("R052")
def test_who_prepares_for_a_walk_does_easy_practice_then_the_walk_then_strength() -> None:
    _, week = with_persona("walk_event")
    joined = [one for one in week.sessions if one.kind == "walk_event"]
    assert joined
    assert all(one.walk is not None for one in joined)


@pytest.mark.requirement("R052")
def test_a_walk_on_a_day_of_strength_stands_between_easy_practice_and_strength() -> None:
    life, _ = lived(3, minutes=40)
    life.choose("persona", "walk_event", day=20)
    life.choose("days", [0, 2, 4], day=20)
    week = life.plan(21)
    joined = [one for one in week.sessions if one.kind == "walk_event"]
    assert len(joined) == 3
    for one in joined:
        assert one.walk is not None
        assert ("session_shape", "walk_event") in cases(one.why)
        blocks = [move.block for move in one.moves]
        assert blocks.index("activation") < blocks.index("strength")
    assert "walk" not in kinds(week)


@pytest.mark.requirement("R030")
@pytest.mark.parametrize("name", ["hiker", "recreational", "desk_athlete"])
def test_who_walks_gets_a_warm_up_right_before(name: str) -> None:
    _, week = with_persona(name)
    walks = [one for one in week.sessions if one.kind == "walk"]
    assert walks
    for walk in walks:
        (warm_up,) = [one for one in week.sessions if one.day == walk.day and one.kind == "pre_walk"]
        assert warm_up.before_walk
        assert week.sessions.index(warm_up) < week.sessions.index(walk)
        assert {move.block for move in warm_up.moves} <= {"prep", "activation"}
        assert all(not move.hard for move in warm_up.moves)
        assert ("session_shape", "pre_walk") in cases(warm_up.why)
        assert {KNOWN.exercises[move.exercise].tempo.rhythm for move in warm_up.moves}.isdisjoint({"hold"})


def test_nobody_else_gets_a_warm_up_before_walks_unless_they_choose_its_length() -> None:
    life, week = with_persona(None)
    assert "pre_walk" not in kinds(week)
    life.choose("warm_up_minutes", 10, day=20)
    assert "pre_walk" in kinds(life.plan(21))


def warm_up(minutes: float) -> int:
    life, _ = lived(3)
    life.choose("warm_up_minutes", minutes, day=20)
    return max(sum(move.seconds for move in one.moves) for one in life.plan(21).sessions if one.kind == "pre_walk")


@pytest.mark.requirement("R031")
@pytest.mark.parametrize(("minutes", "most"), [(5, 5), (10, 10), (15, 15), (12, 10), (3, 5)])
def test_a_warm_up_never_takes_longer_than_was_chosen(minutes: float, most: int) -> None:
    assert 0 < warm_up(minutes) <= 60 * most


@pytest.mark.requirement("R031")
def test_a_warm_up_of_five_ten_or_fifteen_minutes_takes_about_that_long() -> None:
    for minutes in (5, 10, 15):
        assert warm_up(minutes) >= 60 * 0.7 * minutes


@pytest.mark.requirement("R003")
@pytest.mark.parametrize("name", ["office", "desk_athlete"])
def test_who_sits_at_work_gets_easy_practice_on_the_other_days(name: str) -> None:
    _, week = with_persona(name)
    strong = {one.day for one in training(week)}
    extra = [one for one in week.sessions if one.kind == "daily_activation"]
    assert {one.day for one in extra}.isdisjoint(strong)
    assert len({one.day for one in extra} | strong) == 7
    assert all(one.optional and one.minutes <= 5 and not one.hard for one in extra)


def test_no_persona_is_a_plain_week() -> None:
    _, week = with_persona(None)
    assert set(kinds(week)) == {"standalone", "walk"}
    assert week.breaks is None


@pytest.mark.parametrize("name", PERSONAS)
def test_easy_extras_never_hold_what_a_health_answer_removes(name: str) -> None:
    life, _ = with_persona(name)
    life.codes = ("LB_EXT", "GTPS", "HIP_OA", "BAL")
    week = life.plan(21)
    removed = set(life.context(21).traits.removed)
    extras: list[Session] = [one for one in week.sessions if one.kind != "standalone"]
    assert not removed & {move for one in extras for move in names(one.moves)}


def test_a_persona_may_be_taken_back() -> None:
    life = person()
    life.choose("persona", "sedentary")
    life.choose("persona", None, hour=9)
    assert set(kinds(life.plan())) == {"standalone", "walk"}
