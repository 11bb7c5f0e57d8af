"""Why it exists: what is typed after ``levelstride log`` is kept exactly, and a slip changes nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from levelstride.cli.app import app
from levelstride.journal.bodies import Override
from levelstride.journal.state import State, fold
from levelstride.journal.store import SqliteStore
from levelstride.library.loader import knowledge
from levelstride.programme.choices import read_choices
from levelstride.programme.rulebook import Rulebook
from tests.cli.screen_driver import Clock, texts, unfinished

SAYS = texts()
RULES = Rulebook(knowledge())


@pytest.fixture(autouse=True)
def _the_clock_stands(clock: Clock) -> None:
    """Every test here writes at noon of one day."""


def run(path: Path, *arguments: object, status: int = 0, answer: str | None = None) -> str:
    done = CliRunner().invoke(app, ["log", *map(str, arguments), "--journal", str(path)], input=answer)
    assert done.exit_code == status, done.output
    assert not unfinished(done.output)
    return done.output


def refused(path: Path, *arguments: object) -> str:
    done = CliRunner().invoke(app, ["log", *map(str, arguments), "--journal", str(path)])
    assert done.exit_code == 2, done.output
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Error: ")
    return done.stderr


def state(path: Path) -> State:
    with SqliteStore(path) as store:
        return fold(store.entries())


def test_a_set_is_kept_as_it_was_typed(journal: Path) -> None:
    told = run(
        journal, "set", "clamshell_band", "--side", "left", "--reps", 12, "--clean", 11, "--load", "5kg", "--band", 2,
        "--rpe", 6, "--rir", 3, "--pain", 1,
    )  # fmt: skip
    assert "Written down:" in told
    assert "left: 12 repetitions, with 5 kg, band level 2 of 5" in " ".join(told.split())
    (one,) = state(journal).sets
    kept = one.body.model_dump(exclude_none=True, exclude_defaults=True)
    assert kept == {
        "exercise": "clamshell_band",
        "side": "left",
        "reps": 12,
        "clean_reps": 11,
        "load_kg": 5.0,
        "band": "2",
        "rpe": 6.0,
        "rir": 3.0,
        "pain": 1.0,
    }


@pytest.mark.requirement("R138")
def test_a_fault_is_kept_with_the_repetitions_it_was_seen_in(journal: Path) -> None:
    run(journal, "set", "goblet_squat", "--reps", 10, "--fault", "trunk_lean_lat=4", "--fault", "PELV_DROP=0")
    (one,) = state(journal).sets
    assert one.body.faults == {"TRUNK_LEAN_LAT": 4, "PELV_DROP": 0}


def test_both_sides_are_two_sets_of_one_moment(journal: Path) -> None:
    run(journal, "set", "Clamshell", "--side", "both", "--reps", 15)
    left, right = state(journal).sets
    assert (left.body.side, right.body.side) == ("left", "right")
    assert left.at == right.at


@pytest.mark.parametrize(
    ("typed", "kg"), [("5kg", 5.0), ("5", 5.0), ("2,5 kg", 2.5), ("11lb", 4.9895), ("10 lbs", 4.5359)]
)
def test_loads_in_kilograms_and_pounds(journal: Path, typed: str, kg: float) -> None:
    run(journal, "set", "goblet_squat", "--reps", 8, "--load", typed)
    assert state(journal).sets[0].body.load_kg == pytest.approx(kg, abs=1e-4)


def test_a_bare_load_is_in_the_units_of_the_person(journal: Path) -> None:
    run(journal, "set", "goblet_squat", "--reps", 8, "--load", "10", "--units", "imperial")
    assert state(journal).sets[0].body.load_kg == pytest.approx(4.5359, abs=1e-4)


def test_a_walk_with_time_and_distance(journal: Path) -> None:
    assert "Walk: 25 min, 2 km" in run(journal, "walk", "25", "--pain", 1, "--rpe", 3, "--distance", "2km")
    assert "Walk: 60 min, 1.50 mi" in run(journal, "walk", "1h", "--distance", "1.5mi", "--units", "imperial")
    one, other = (walk.body for walk in state(journal).walks)
    assert (one.duration_s, one.distance_m, one.worst_pain, one.rpe) == (1500, 2000, 1, 3)
    assert (other.duration_s, other.distance_m) == (3600, pytest.approx(2414.016, abs=0.001))


def test_pain_of_the_next_morning(journal: Path) -> None:
    run(journal, "pain", "knee", 3, "--side", "right", "--when", "next_morning", "--not-usual", "--kind", "sharp")
    (one,) = state(journal).pain
    kept = (one.body.place, one.body.side, one.body.score, one.body.when, one.body.back_to_usual, one.body.quality)
    assert kept == ("knee", "right", 3, "next_morning", False, "sharp")


def test_soreness_and_how_the_day_is(journal: Path) -> None:
    run(journal, "sore", "buttock", 4, "--side", "both", "--hours", 36, "--eases")
    run(journal, "checkin", "--sleep", 7, "--stress", 3, "--well")
    now = state(journal)
    assert [(one.body.side, one.body.score, one.body.eases_in_warm_up) for one in now.soreness] == [
        ("left", 4, True),
        ("right", 4, True),
    ]
    (day,) = now.check_ins
    assert (day.body.sleep_hours, day.body.stress, day.body.unwell) == (7, 3, False)


def test_something_of_an_earlier_hour_is_kept_at_its_hour(journal: Path, clock: Clock) -> None:
    run(journal, "walk", "20", "--at", "2026-09-13T18:30")
    (one,) = state(journal).walks
    assert one.at.replace(tzinfo=None) == datetime(2026, 9, 13, 18, 30)
    assert "lies in the future" in refused(journal, "walk", "20", "--at", "2026-09-15T18:30")


# ------------------------------------------------------------------------------------------------- slips


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("set", "clamshel", "--reps", "5"), "clamshell"),
        (("set", "clamshell", "--reps", "5"), "--side left"),
        (("set", "goblet_squat", "--side", "left", "--reps", "5"), "Leave out --side"),
        (("set", "goblet_squat"), "--reps, --hold or --distance"),
        (("set", "goblet_squat", "--reps", "5", "--clean", "6"), "6 clean of 5"),
        (("set", "goblet_squat", "--reps", "5", "--fault", "trunk_lean_lat"), "TRUNK_LEAN_LAT=3"),
        (("set", "goblet_squat", "--reps", "5", "--fault", "TRUNK_LEAN_LAT=6"), "6 of 5"),
        (("set", "goblet_squat", "--reps", "5", "--fault", "TRUNK_LEEN=2"), "TRUNK_LEAN_LAT"),
        (("set", "goblet_squat", "--reps", "5", "--load", "heavy"), "5kg or 11lb"),
        (("set", "goblet_squat", "--reps", "5", "--load", "-5kg"), "5kg or 11lb"),
        (("set", "goblet_squat", "--reps", "5", "--pain", "11"), "pain: 11"),
        (("set", "goblet_squat", "--reps", "5", "--kind", "shrap"), "sharp"),
        (("done",), "levelstride log set"),
        (("walk", "a while"), "25 or 25min"),
        (("walk", "20", "--distance", "2"), "2km, 1.5mi or 800m"),
        (("pain", "kneee", "3", "--side", "left"), "knee"),
        (("pain", "knee", "3"), "--side left"),
        (("pain", "low_back", "12"), "score: 12"),
        (("pain", "low_back", "3", "--usual"), "--when next_morning"),
        (("pain", "low_back", "3", "--when", "tonight"), "next_morning"),
        (("sore", "low_back", "3", "--side", "left"), "Leave out --side"),
        (("checkin",), "Nothing was told"),
        (("checkin", "--sleep", "25"), "sleep hours: 25"),
        (("wish", "sawp", "clamshell", "glute_bridge"), "swap"),
        (("wish", "swap", "clamshell"), "Name the other exercise"),
        (("wish", "without", "mini-bend"), "mini_band"),
        (("wish", "choose", "hopps"), "hops"),
        (("wish", "choose", "hops", "perhaps"), "yes or no"),
        (("wish", "choose", "persona", "astronaut"), "office"),
        (("wish", "choose", "p1_mode"), "Say which one: isometric, short_hold, rhythmic, or none."),
        (("wish", "choose", "p1_mode", "dancing"), "Use one of: isometric, none, rhythmic, short_hold."),
        (("wish", "choose", "event", "Camino"), "Name 2026-10-31"),
        (("wish", "choose", "days", "mon,someday"), "mon,wed,fri"),
        (("coach", "pin", "clamshell"), "needs a reason"),
        (("coach", "pin", "clamshell", "--reason", " "), "needs a reason"),
        (("coach", "dose", "clamshell", "--reason", "stiff"), "--sets, --amount"),
        (("coach", "dose", "clamshell", "--sets", "2", "--reason", "stiff"), "--side left"),
        (("coach", "dose", "goblet_squat", "--load", "1000000kg", "--reason", "x"), "200 kg"),
        (("coach", "dose", "goblet_squat", "--load", "450lb", "--reason", "x"), "200 kg"),
        (("coach", "gate", "P3", "--reason", "steady"), "open or closed"),
        (("coach", "gate", "P9", "open", "--reason", "steady"), "P1"),
        (("coach", "forbid", "clamshell", "--sets", "2", "--reason", "sore"), "belong to dose"),
    ],
)
def test_a_slip_is_told_in_one_line_and_leaves_nothing(journal: Path, arguments: tuple[str, ...], says: str) -> None:
    assert says in refused(journal, *arguments)
    assert not journal.exists()


# ------------------------------------------------------------------------------------------------- choices


def overrides(path: Path) -> list[Override]:
    return [one.body for one in state(path).overrides]


@pytest.mark.parametrize(
    ("arguments", "target", "value"),
    [
        (("swap", "clamshell", "Glute bridge"), "clamshell", "glute_bridge"),
        (("skip", "clamshell"), "clamshell", None),
        (("without", "mini_band"), "mini_band", None),
        (("choose", "hops"), "hops", True),
        (("choose", "hops", "no"), "hops", False),
        (("choose", "twice_daily", "yes"), "twice_daily", True),
        (("choose", "pre_run"), "pre_run", True),
        (("choose", "warmup_insert", "yes"), "warmup_insert", True),
        (("choose", "desk_break", "no"), "desk_break", False),
        (("choose", "persona", "office"), "persona", "office"),
        (("choose", "warm_up_minutes", "10"), "warm_up_minutes", 10.0),
        (("choose", "p1_mode", "isometric"), "p1_mode", "isometric"),
        (("choose", "p1_mode", "Short hold"), "p1_mode", "short_hold"),
        (("choose", "p1_mode", "none"), "p1_mode", None),
        (("choose", "days", "fri,mon,Wednesday"), "days", [0, 2, 4]),
        (("choose", "days", "0 2 4"), "days", [0, 2, 4]),
        (("choose", "event", "Long walk 2026-10-31"), "event", {"name": "Long walk", "day": "2026-10-31"}),
        (("choose", "event", '{"name": "Walk", "day": "2026-10-31"}'), "event", {"name": "Walk", "day": "2026-10-31"}),
    ],
)
def test_a_wish_is_kept_in_the_words_of_the_planner(
    journal: Path, clock: Clock, arguments: tuple[str, ...], target: str, value: object
) -> None:
    told = run(journal, "wish", *arguments)
    assert (SAYS["plan_again_hint"] in " ".join(told.split())) is (arguments[0] != "without")
    (one,) = overrides(journal)
    assert (one.by, one.action, one.target, one.value) == ("user", arguments[0], target, value)
    assert read_choices(state(journal), RULES, clock.at + timedelta(minutes=1)).notices == ()


def test_what_is_missing_is_missing_until_midnight(journal: Path, clock: Clock) -> None:
    run(journal, "wish", "without", "mini_band")
    run(journal, "wish", "without", "long_band", "--until", "2026-09-20")
    now = state(journal)
    today, later = (read_choices(now, RULES, clock.at + timedelta(days=days)) for days in (0.1, 1))
    assert set(today.without) == {"mini_band", "long_band"}
    assert set(later.without) == {"long_band"}
    last = read_choices(now, RULES, datetime(2026, 9, 20, 23, 59).astimezone())
    over = read_choices(now, RULES, datetime(2026, 9, 21, 0, 0).astimezone())
    assert (set(last.without), set(over.without)) == ({"long_band"}, set())


def test_a_wish_for_a_day_that_is_over_is_refused(journal: Path) -> None:
    assert "is over" in refused(journal, "wish", "skip", "clamshell", "--until", "2026-09-13")


@pytest.mark.requirement("R153")
def test_a_coach_decides_with_a_reason(journal: Path, clock: Clock) -> None:
    run(journal, "coach", "pin", "clamshell", "--reason", "steady start")
    run(journal, "coach", "forbid", "copenhagen_short", "--reason", "sore inner thigh")
    run(journal, "coach", "gate", "P3", "closed", "--reason", "after the holiday")
    dose = ("--sets", 2, "--amount", 8, "--load", "11lb", "--reason", "new shoes")
    run(journal, "coach", "dose", "clamshell", "--side", "both", *dose)
    assert {one.by for one in overrides(journal)} == {"practitioner"}
    assert all(one.reason for one in overrides(journal))
    found = read_choices(state(journal), RULES, clock.at + timedelta(minutes=1))
    assert (set(found.pinned), set(found.forbidden), found.notices) == ({"clamshell"}, {"copenhagen_short"}, ())
    assert found.gates["P3"].value == "closed"
    assert set(found.doses) == {("clamshell", "left"), ("clamshell", "right")}
    assert found.doses["clamshell", "left"][0].level == {"sets": 2, "amount": 8, "load_kg": pytest.approx(4.9895)}


# ------------------------------------------------------------------------------------------------- undo


def test_the_last_step_is_taken_back_with_both_sides(journal: Path) -> None:
    run(journal, "walk", "20")
    run(journal, "set", "clamshell", "--side", "both", "--reps", 15)
    assert "Clamshell, left" in run(journal, "undo", "--yes")
    now = state(journal)
    assert (len(now.sets), len(now.walks)) == (0, 1)
    run(journal, "undo", "--yes")
    assert len(state(journal).walks) == 0
    assert SAYS["nothing_to_take_back"] in run(journal, "undo", "--yes")


def test_undo_asks_and_takes_no_for_an_answer(journal: Path) -> None:
    run(journal, "walk", "20")
    assert SAYS["plan_not_undone"] in run(journal, "undo", answer="n\n")
    assert len(state(journal).walks) == 1
    run(journal, "undo", answer="y\n")
    assert len(state(journal).walks) == 0


def test_undo_never_takes_back_an_answer_about_health(answered: Path) -> None:
    before = state(answered)
    assert SAYS["nothing_to_take_back"] in run(answered, "undo", "--yes")
    assert state(answered).answers == before.answers


def test_strong_pain_that_stops_the_person_is_told_at_once(answered: Path) -> None:
    told = " ".join(run(answered, "pain", "low_back", 9).split())
    assert "Pain, Low back: 9 of 10" in told
    assert SAYS["stop_title"] in told


@pytest.mark.parametrize(
    ("arguments", "case"),
    [
        (("set", "glute_bridge", "--reps", 8, "--pain", 6), "red_high"),
        (("set", "glute_bridge", "--reps", 8, "--pain", 1, "--kind", "sharp"), "red_sharp"),
        (("walk", 20, "--pain", 7), "red_high"),
        (("pain", "knee", 2, "--side", "left", "--when", "during", "--gives-way"), "red_sharp"),
        (("set", "glute_bridge", "--reps", 8, "--pain", 2), None),
        (("walk", 20), None),
    ],
)
def test_red_pain_during_a_move_is_answered_at_once(
    journal: Path, arguments: tuple[object, ...], case: str | None
) -> None:
    told = " ".join(run(journal, *arguments).split())
    reds = {one.id: one.says or "" for one in knowledge().rules["pain_colours"].cases if one.level == "red"}
    assert {name for name, says in reds.items() if says in told} == ({case} if case else set())


def test_the_words_are_spanish_to_who_speaks_it(journal: Path) -> None:
    told = run(journal, "pain", "knee", 3, "--side", "left", "--language", "es")
    assert texts("es")["left"].lower() in told
