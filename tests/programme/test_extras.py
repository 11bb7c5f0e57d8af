"""Why it exists: shows that the small extras stay small - optional, easy, known moves, and never training."""

from typing import Any

import pytest

from levelstride.journal.bodies import Pain
from levelstride.programme.model import EXTRAS, Programme, Session, WalkPart, read_programme
from levelstride.programme.phases import gate_needs, trained_weeks
from levelstride.programme.plan import issue
from levelstride.programme.sayings import programme_lines
from levelstride.programme.volume import of_programme
from levelstride.screening.sayings import Phrases
from tests.programme.people import KNOWN, RULES, Life, cases, issued, lived, names, on, person, training
from tests.programme.validator_support import DAY, MONDAY, SQUAT, WEEK, World, a_move, a_session
from tests.programme.weeks import move, session, walk, week

SPORT = {"goals": ("back_to_sport",)}
IMPACT = tuple(code for code, one in KNOWN.cautions.items() if "impact" in one.removes and one.action == "modify")


def chose(*options: str, weeks: int = 3, value: Any = True, **wishes: Any) -> tuple[Life, Programme]:
    life, _ = lived(weeks, **wishes)
    for option in options:
        life.choose(option, value, day=7 * weeks - 1)
    return life, life.plan(7 * weeks)


def of_kind(programme: Programme, kind: str) -> list[Session]:
    return [one for one in programme.sessions if one.kind == kind]


def without_extras(programme: Programme) -> list[Session]:
    return [one for one in programme.sessions if not one.extra]


ALL = ("pre_run", "warmup_insert", "desk_break")


# --------------------------------------------------------------------------------------------------- before a run


@pytest.mark.requirement("R019")
@pytest.mark.parametrize("weeks", [0, 1, 3, 8])
def test_who_wants_back_to_a_sport_may_warm_up_before_a_run(weeks: int) -> None:
    life, programme = chose(weeks=weeks, **SPORT)
    found = of_kind(programme, "pre_run")
    assert found
    known = {name for one in without_extras(programme) for name in names(one.moves)}
    known |= {name for name, _ in life.context(7 * weeks).history.bouts}
    goals = life.state.latest("intake/goals")
    assert goals is not None
    low, high = RULES.wholes("session_shape", "pre_walk_default")
    for one in found:
        assert one.id == f"{one.day.isoformat()}-pre_run"
        assert one.optional
        assert not one.hard
        assert low <= one.minutes <= high
        assert all(not move.hard and move.sets == 1 and move.rpe[1] <= 4 for move in one.moves)
        assert {move.block for move in one.moves} <= {"prep", "activation"}
        assert set(names(one.moves)) <= known
        assert [why.entries for why in one.why if why.case == "pre_run"] == [(goals.id,)]
    assert {one.day for one in found}.isdisjoint(one.day for one in training(programme))
    assert life.problems(programme) == []


@pytest.mark.requirement("R019")
def test_a_warm_up_before_a_run_is_there_by_choice_and_goes_by_choice() -> None:
    assert of_kind(chose()[1], "pre_run") == []
    assert of_kind(chose("pre_run")[1], "pre_run")
    assert of_kind(chose("pre_run", value=False, **SPORT)[1], "pre_run") == []


@pytest.mark.requirement("R019")
@pytest.mark.parametrize("code", IMPACT)
def test_no_run_is_prepared_where_a_health_answer_closes_impact(code: str) -> None:
    life, _ = lived(3, **SPORT)
    life.codes = (code,)
    assert of_kind(life.plan(21), "pre_run") == []
    life.choose("pre_run", day=20)
    programme = life.plan(21)
    assert of_kind(programme, "pre_run") == []
    assert ("session_shape", "no_run") in cases(programme.notices)


@pytest.mark.requirement("R019")
def test_no_run_is_prepared_where_the_safety_decision_blocks_impact() -> None:
    life, _ = lived(3, **SPORT)
    life.actions = ("block_impact",)
    assert of_kind(life.plan(21), "pre_run") == []


@pytest.mark.requirement("R019")
def test_a_warm_up_before_a_run_falls_away_on_the_day_when_impact_closes_or_pain_is_red() -> None:
    life, programme = chose("pre_run")
    one = of_kind(programme, "pre_run")[0]
    day = (one.day - on(0)).days
    assert one.id in {found.id for found in life.today(programme, day).sessions}
    closed = life.copy(codes=("KNEE_OA",)).today(programme, day)
    assert one.id not in {found.id for found in closed.sessions}
    assert ("session_shape", "no_run") in cases(closed.notices)
    life.log(Pain(place="knee_front", score=7.0, when="now"), day, 7.8)
    assert one.id not in {found.id for found in life.today(programme, day).sessions}


@pytest.mark.requirement("R019")
@pytest.mark.parametrize(("minutes", "most"), [(5, 5), (10, 10)])
def test_a_chosen_length_holds_before_a_run_too(minutes: int, most: int) -> None:
    life, _ = lived(3, **SPORT)
    life.choose("warm_up_minutes", minutes, day=20)
    assert 0 < max(one.minutes for one in of_kind(life.plan(21), "pre_run")) <= most


# ------------------------------------------------------------------------------------- before a sport; at the desk


@pytest.mark.requirement("R079")
@pytest.mark.parametrize("weeks", [0, 3, 8])
def test_a_warm_up_insert_stands_before_a_sport_or_the_walk(weeks: int) -> None:
    life, programme = chose("warmup_insert", weeks=weeks)
    found = of_kind(programme, "warmup_insert")
    assert found
    low, high = RULES.wholes("session_shape", "warmup_insert")
    walks = {one.day: one for one in programme.sessions if one.kind == "walk"}
    for one in found:
        assert one.id == f"{one.day.isoformat()}-warmup_insert"
        assert one.optional
        assert low <= one.minutes <= high
        assert all(not move.hard and move.sets == 1 and move.block == "activation" for move in one.moves)
        assert one.before_walk == (one.day in walks)
        assert ("session_shape", "warmup_insert") in cases(one.why)
        if one.before_walk:
            assert programme.sessions.index(one) == programme.sessions.index(walks[one.day]) - 1
    assert walks.keys() <= {one.day for one in found}
    assert life.problems(programme) == []


@pytest.mark.requirement("R079")
def test_one_warm_up_a_day_is_enough() -> None:
    for options, wishes in ((("pre_run", "warmup_insert"), {}), (("warmup_insert",), SPORT), ((), SPORT)):
        life, _ = lived(3, **wishes)
        life.choose("persona", "recreational", day=20)
        for option in options:
            life.choose(option, day=20)
        programme = life.plan(21)
        days = [one.day for one in programme.sessions if one.kind in ("pre_walk", "warmup_insert")]
        days += [one.day for one in of_kind(programme, "pre_run") if one.day in days]
        runs = {one.day for one in of_kind(programme, "pre_run")}
        assert runs.isdisjoint(one.day for one in of_kind(programme, "warmup_insert"))
        assert len([day for day in days if day not in runs]) == len({day for day in days if day not in runs})


@pytest.mark.requirement("R079")
@pytest.mark.parametrize("weeks", [0, 3])
@pytest.mark.parametrize("persona", ["sedentary", "office", "desk_athlete"])
def test_who_sits_much_has_one_break_a_day_as_a_session(persona: str, weeks: int) -> None:
    life, _ = lived(weeks)
    life.choose("persona", persona, day=7 * weeks - 1)
    programme = life.plan(7 * weeks)
    found = of_kind(programme, "desk_break")
    assert len({one.day for one in found}) == len(found) == 7
    low, high = RULES.wholes("session_shape", "desk_break")
    for one in found:
        assert one.id == f"{one.day.isoformat()}-desk_break"
        assert one.optional
        assert low <= one.minutes <= high
        assert names(one.moves) == ["desk_break"]
        assert not one.hard
        assert {("session_shape", "micro"), ("plan_personas", persona)} <= cases(one.why)
    assert life.problems(programme) == []


@pytest.mark.requirement("R079")
def test_breaks_can_be_asked_for_and_turned_off() -> None:
    assert of_kind(chose()[1], "desk_break") == []
    _, asked = chose("desk_break")
    assert of_kind(asked, "desk_break")
    assert asked.breaks is not None
    _, off = chose("desk_break", value=False, sitting_longest=120.0)
    assert of_kind(off, "desk_break") == []
    assert off.breaks is None


@pytest.mark.requirement("R079")
def test_where_standing_up_is_closed_another_move_takes_its_place() -> None:
    life = person()
    life.choose("desk_break")
    life.coach("forbid", "desk_break")
    assert {name for one in of_kind(life.plan(), "desk_break") for name in names(one.moves)} == {"sit_to_stand"}


@pytest.mark.requirement("R079")
def test_a_break_is_a_short_walk_and_nothing_else_while_something_hurts() -> None:
    life = person()
    life.choose("desk_break")
    life.in_phase("P1")
    life.did(6, "glute_bridge", pain=4.0)
    programme = life.plan(7)
    found = of_kind(programme, "desk_break")
    low, high = RULES.wholes("sitting_breaks", "walk")
    assert found
    for one in found:
        assert one.moves == ()
        assert one.walk is not None
        assert low <= one.walk.minutes <= high
        assert (one.walk.effort, one.walk.drill) == ("easy", None)
        assert ("sitting_breaks", "pain") in cases(one.why)
    assert life.problems(programme) == []


@pytest.mark.requirement("R079")
def test_a_break_with_moves_becomes_a_walk_on_a_day_that_hurts() -> None:
    life, programme = chose("desk_break")
    life.issued(programme, 21, 9)
    life.did(21, "glute_bridge", pain=4.0)
    (found,) = [one for one in life.today(programme, 22).sessions if one.kind == "desk_break"]
    assert found.moves == ()
    assert found.walk is not None
    assert ("sitting_breaks", "pain") in cases(found.why)
    assert life.faults(programme, found, 22) == []


# ------------------------------------------------------------------------------------------------ no training


@pytest.mark.requirement("R019", "R079")
@pytest.mark.parametrize("weeks", [0, 3, 5])
def test_extras_leave_the_rest_of_the_week_as_it_is(weeks: int) -> None:
    _, plain = chose(weeks=weeks)
    life, own = chose(*ALL, weeks=weeks)
    assert {one.kind for one in own.sessions if one.extra} >= {"pre_run", "desk_break"}
    assert without_extras(own) == list(plain.sessions)
    assert own.phase == plain.phase
    assert of_programme(own, RULES) == of_programme(plain, RULES)
    assert own.sessions_per_week() == plain.sessions_per_week()
    assert life.problems(own) == []


@pytest.mark.requirement("R079")
def test_the_walks_of_the_next_week_do_not_follow_from_a_break() -> None:
    life, programme = chose()
    short = Session(
        id=f"{on(21).isoformat()}-desk_break", day=on(21), kind="desk_break", minutes=0, walk=WalkPart(minutes=3)
    )
    found = []
    for sessions in (programme.sessions, (*programme.sessions, short)):
        after = life.copy()
        after.issued(programme.model_copy(update={"sessions": sessions}), 21, 6.5)
        after.follow(programme)
        week_after = [one.walk for one in after.plan(28).sessions if one.kind == "walk"]
        found.append([(one.minutes, one.effort, one.drill) for one in week_after if one is not None])
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.requirement("R079")
@pytest.mark.parametrize("kind", sorted(EXTRAS))
def test_no_gate_and_no_gap_counts_an_extra(kind: str) -> None:
    def told(ending: str) -> Life:
        life = person()
        life.in_phase("P1")
        for day in range(0, 14, 2):
            life.did(day, "glute_bridge", session=f"{on(day).isoformat()}-{ending}")
        return life

    def sessions(life: Life) -> str:
        (need,) = [one for one in gate_needs(life.context(14).past, "P1", on(0)) if one.key == "gate_sessions"]
        return need.have

    assert (sessions(told("standalone")), sessions(told(kind))) == ("7", "0")
    assert trained_weeks(told("standalone").context(14).past, on(0)) == 2
    assert trained_weeks(told(kind).context(14).past, on(0)) == 0
    assert told(kind).context(14).history.last_day is None
    assert told(kind).context(14).person.gaps == ()


@pytest.mark.requirement("R079")
def test_today_holds_the_break_of_the_day_and_it_never_climbs() -> None:
    life, programme = chose("desk_break", weeks=8)
    for day in range(56, 63):
        (found,) = [one for one in life.today(programme, day).sessions if one.kind == "desk_break"]
        assert names(found.moves) == ["desk_break"]
        assert found.minutes <= 3
        assert life.faults(programme, found, day) == []


@pytest.mark.requirement("R019", "R079")
def test_the_week_in_words_names_the_extras() -> None:
    _, programme = chose(*ALL)
    for language, said in (
        ("en", ("Warm-up before your run", "Break from sitting", "Only if you like.")),
        ("es", ("Calentamiento antes de correr", "Pausa para levantarte de la silla", "Solo si quieres.")),
    ):
        text = "\n".join(line.text for line in programme_lines(programme, Phrases(KNOWN, language), why=True))
        assert all(words in text for words in said)


# ------------------------------------------------------------------------------------------- kept and read again


@pytest.mark.requirement("R019", "R079")
def test_the_same_journal_gives_the_same_extras_and_the_same_fingerprint() -> None:
    life, first = chose(*ALL)
    again = life.copy().plan(21)
    assert again == first
    assert again.input_hash == first.input_hash
    plain = lived(3)[0].plan(21)
    assert plain.input_hash == lived(3)[0].plan(21).input_hash != first.input_hash


@pytest.mark.requirement("R019", "R079")
def test_extras_are_read_back_as_they_were_issued() -> None:
    _, programme = chose(*ALL)
    assert read_programme(issue(programme).content) == programme


@pytest.mark.requirement("R019", "R079")
def test_a_week_of_an_older_journal_is_still_read_and_followed() -> None:
    """A week as it was kept before there were extras: breaks are times only."""
    life, made = issued(3)
    breaks = {"every_min": 30, "walk_min": [1, 3], "chair_stands": [5, 10]}
    content = {**issue(made).content, "breaks": breaks}
    older = read_programme(content)
    assert older.breaks is not None
    assert not any(one.extra for one in older.sessions)
    life.choose("desk_break", day=21)
    assert life.today(older, 21).sessions
    assert life.problems(older) == []


# ------------------------------------------------------------------------------------------- the second opinion


def extra(kind: str, *moves: Any, **changes: Any) -> World:
    fields = {"kind": kind, "optional": True, "id": f"{MONDAY + DAY}-{kind}", "short": (), "bare": (), **changes}
    minutes = -(-sum(one.seconds for one in moves) // 60)
    one = a_session(MONDAY + DAY, *moves).model_copy(update={"minutes": minutes, **fields})
    return WEEK.week(sessions=(*WEEK.programme.sessions, one))


EASY = a_move("clamshell", "activation", "P1", sets=1).model_copy(update={"seconds": 60})
STAND = a_move("desk_break", "activation", "P1", sets=1).model_copy(update={"seconds": 60})
CASES = {"pre_run": "pre_run", "warmup_insert": "warmup_insert", "desk_break": "micro"}


@pytest.mark.requirement("R019", "R079")
@pytest.mark.parametrize("kind", sorted(EXTRAS))
def test_the_second_opinion_accepts_an_easy_extra(kind: str) -> None:
    assert extra(kind, STAND if kind == "desk_break" else EASY).verdict().violations == ()


@pytest.mark.requirement("R019", "R079")
@pytest.mark.parametrize("kind", sorted(EXTRAS))
def test_the_second_opinion_refuses_what_no_extra_may_be(kind: str) -> None:
    own = ("session_shape", CASES[kind])
    hard = extra(kind, SQUAT.model_copy(update={"block": "activation"}))
    assert ("weekly_volume", "daily_ok") in hard.broken()
    called_hard = extra(kind, EASY.model_copy(update={"hard": True}))
    assert ("weekly_volume", "daily_ok") in called_hard.broken()
    assert ("session_shape", "full") in extra(kind, SQUAT).broken()
    assert own in extra(kind, EASY, optional=False).broken()
    assert own in extra(kind, a_move("clamshell", "activation", "P1", sets=2)).broken()
    long = EASY.model_copy(update={"seconds": 20 * 60})
    assert ("session_shape", "full") in extra(kind, long).broken()


@pytest.mark.requirement("R019")
def test_the_second_opinion_refuses_a_run_where_impact_is_closed() -> None:
    world = extra("pre_run", EASY)
    assert ("cautions", "KNEE_OA") not in world.broken()
    closed = world.says(conditions=("knee_oa",))
    assert {rule for rule, _ in closed.broken()} == {"cautions"}


@pytest.mark.requirement("R079")
@pytest.mark.parametrize(
    ("kind", "part", "fine"),
    [
        ("desk_break", {"minutes": 3}, True),
        ("desk_break", {"minutes": 4}, False),
        ("desk_break", {"minutes": 2, "effort": "brisk"}, False),
        ("warmup_insert", {"minutes": 2}, False),
        ("pre_run", {"minutes": 2}, False),
    ],
)
def test_the_second_opinion_lets_only_a_break_be_a_short_easy_walk(kind: str, part: Any, fine: bool) -> None:
    world = extra(kind, walk=WalkPart(**part))
    assert (world.verdict().violations == ()) is fine


def test_what_the_main_part_holds_is_no_extra() -> None:
    programme = week(session(MONDAY, move(), kind="desk_break"), walk(MONDAY))
    assert [one.extra for one in programme.sessions] == [True, False]
