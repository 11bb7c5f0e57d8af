"""Why it exists: a session's script lasts what was planned, breathes with the effort and asks what the plan needs."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.coaching.script import Script, lines, lowers_first, position, script, versions
from levelstride.library.loader import knowledge
from levelstride.programme.model import Dose, Move, Session, WalkPart
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.timing import move_seconds, own_tempo, set_seconds
from levelstride.screening.sayings import Phrases

KNOWN = knowledge()
RULES = Rulebook(KNOWN)
ALL = [(name, phase) for name, exercise in sorted(KNOWN.exercises.items()) for phase in exercise.doses]
COUNTED = [name for name, exercise in sorted(KNOWN.exercises.items()) if exercise.tempo.rhythm == "counted"]
#: Moves whose repetition begins on the way down, by the plain words of their steps.
DOWN_FIRST = {
    "b_stance_rdl",
    "back_squat",
    "balance_squat",
    "band_er_split_squat",
    "band_pull_through",
    "band_squat",
    "box_squat",
    "bulgarian_split_squat",
    "bw_squat",
    "curtsy_lunge",
    "forward_lunge",
    "goblet_squat",
    "hip_hinge_drill",
    "lateral_lunge",
    "lateral_step_down",
    "pelvic_drop",
    "rdl",
    "reverse_lunge",
    "sl_rdl",
    "sl_rdl_loaded",
    "sl_rdl_supported",
    "sl_squat",
    "sl_squat_box",
    "split_squat",
    "step_down_fwd",
    "tempo_hinge",
    "transverse_lunge",
    "walking_lunge",
}


def move_of(name: str, phase: str | None = None, **changes) -> Move:
    exercise = KNOWN.exercises[name]
    dose = exercise.doses[phase] if phase is not None else next(iter(exercise.doses.values()))
    sides = ("left", "right") if dose.per_side else (None,)
    hold = None if dose.hold_s is None else round(dose.hold_s.low)
    doses = tuple(
        Dose(
            side=side,
            sets=round(dose.sets.low),
            amount=round(dose.amount.low),
            top=round(dose.amount.high),
            hold_s=hold,
        )
        for side in sides
    )
    given = {
        "exercise": name,
        "block": "strength",
        "counts": dose.counts,
        "doses": doses,
        "rpe": (2, 4),
        "rest_s": 45,
        "tempo": own_tempo(exercise),
        **changes,
    }
    move = Move(seconds=0, **given)
    seconds = move_seconds(exercise, move.doses, move.counts, move.rest_s, move.tempo, RULES)
    return move.model_copy(update={"seconds": seconds})


def session_of(*moves: Move, **changes) -> Session:
    minutes = math.ceil(sum(move.seconds for move in moves) / 60)
    given = {"id": "2026-09-14-standalone", "day": date(2026, 9, 14), "kind": "standalone", "minutes": minutes}
    return Session(**{**given, "moves": moves, **changes})


def play(*moves: Move, **changes) -> Script:
    return script(session_of(*moves, **changes), KNOWN, RULES)


def kinds(played: Script) -> list[str]:
    return [step.kind for step in played.steps]


# --------------------------------------------------------------------------------------------------------- times


def test_a_script_lasts_what_the_session_says_for_every_move_of_the_library() -> None:
    for name, phase in ALL:
        session = session_of(move_of(name, phase))
        assert 0 <= session.minutes * 60 - script(session, KNOWN, RULES).seconds < 60, name


@given(st.lists(st.sampled_from(ALL), min_size=1, max_size=9), st.integers(0, 120))
def test_a_script_of_many_moves_lasts_what_the_session_says(chosen: list[tuple[str, str]], rest_s: int) -> None:
    session = session_of(*(move_of(name, phase, rest_s=rest_s) for name, phase in chosen))
    assert abs(script(session, KNOWN, RULES).seconds - session.minutes * 60) < 60 + len(chosen)


def test_a_set_lasts_its_tempo_its_hold_or_its_seconds() -> None:
    def seconds(name: str, dose: Dose, counts: str, tempo=None) -> float:
        return set_seconds(KNOWN.exercises[name], dose, counts, tempo, RULES)

    ten = Dose(sets=1, amount=10, top=12)
    assert seconds("bw_squat", ten, "repetitions") == 10 * (3 + 0 + 2)
    assert seconds("bw_squat", ten, "repetitions", (4, 1, 2)) == 70
    assert seconds("sl_stance", Dose(sets=1, amount=30, top=45), "seconds") == 30
    assert seconds("easy_walk", Dose(sets=1, amount=5, top=5), "minutes") == 300
    each = RULES.number("week_plan", "repetition")
    assert seconds("hip_9090", ten, "repetitions") == 10 * each
    assert seconds("glute_set", Dose(sets=1, amount=8, top=8, hold_s=5), "repetitions") == 8 * (each + 5)
    held = Dose(sets=1, amount=10, top=10, hold_s=2)
    assert seconds("glute_bridge", held, "repetitions") == 10 * (2 + 2 + 2)  # the hold is the pause, not on top of it
    assert seconds("lateral_band_walk", ten, "steps") == 10 * RULES.number("week_plan", "step_pace")


def test_sides_take_turns_and_a_side_with_more_sets_does_the_last_ones_alone() -> None:
    doses = (Dose(side="right", sets=3, amount=5, top=5), Dose(side="left", sets=2, amount=5, top=5))
    move = move_of("clamshell", doses=doses)
    played = play(move)
    work = [(step.side, step.set_number, step.of_sets) for step in played.steps if step.kind == "work"]
    assert work == [("right", 1, 3), ("left", 1, 2), ("right", 2, 3), ("left", 2, 2), ("right", 3, 3)]
    assert kinds(played).count("rest") == 2
    assert kinds(played).count("side_switch") == 2
    assert move.seconds == 30 + 5 * 30 + 2 * 15 + 2 * 45


def test_seeking_lands_in_the_step_that_runs_then() -> None:
    played = play(move_of("bw_squat"), walk=WalkPart(minutes=10))
    found = position(played, 31.0)
    assert (played.steps[found.step].kind, found.offset_s) == ("work", 1.0)
    assert played.steps[position(played, 0).step].kind == "set_up"
    assert played.steps[position(played, played.seconds + 1).step].kind == "walk"
    assert played.steps[position(played, 1e9).step].kind == "end"
    with pytest.raises(ValueError, match="from 0 on"):
        position(played, -0.1)


@given(st.floats(0, 2000))
def test_seeking_and_adding_up_agree(at_s: float) -> None:
    played = play(move_of("clamshell"), move_of("sl_stance"))
    found = position(played, at_s)
    before = sum(step.seconds or 0 for step in played.steps[: found.step])
    if at_s < played.seconds:
        assert before + found.offset_s == pytest.approx(at_s)
        assert 0 <= found.offset_s < (played.steps[found.step].seconds or 0)


# -------------------------------------------------------------------------------------------------- beats, breath


@pytest.mark.requirement("R085")
@pytest.mark.parametrize("name", COUNTED)
def test_the_breath_goes_out_on_the_effort_and_in_on_the_way_back(name: str) -> None:
    work = next(step for step in play(move_of(name)).steps if step.kind == "work")
    times = {what: [beat.at_s for beat in work.beats if beat.what == what] for what in ("lift", "lower", "rep")}
    out = [beat.at_s for beat in work.beats if beat.what == "breathe_out"]
    back = [beat.at_s for beat in work.beats if beat.what == "breathe_in"]
    assert work.dose is not None
    assert len(times["lift"]) == len(times["lower"]) == len(times["rep"]) == work.dose.amount
    if name == "step_tap":  # the library lets the breath run as it likes
        assert not out + back
    else:
        assert out == times["lift"]
        assert back == times["lower"]
    first = "lower" if name in DOWN_FIRST else "lift"
    assert times[first] == times["rep"]
    assert work.beats[-1] == (work.seconds, "stop")


def test_a_repetition_begins_where_the_steps_say_it_begins() -> None:
    assert {name for name in COUNTED if lowers_first(KNOWN.exercises[name])} == DOWN_FIRST


def test_the_parts_of_a_repetition_last_what_the_tempo_says() -> None:
    work = next(step for step in play(move_of("side_lying_abd", tempo=(3, 1, 2))).steps if step.kind == "work")
    first = [(beat.at_s, beat.what) for beat in work.beats if beat.at_s < 6]
    assert first == [
        (0, "rep"),
        (0, "lift"),
        (0, "breathe_out"),
        (2, "pause"),
        (3, "lower"),
        (3, "breathe_in"),
    ]


def test_own_pace_has_no_beats_and_waits_for_the_person() -> None:
    for name in ("lateral_band_walk", "hip_9090", "suitcase_carry", "breathing_9090"):
        work = next(step for step in play(move_of(name)).steps if step.kind == "work")
        assert (work.paced, work.beats) == (False, ()), name


# --------------------------------------------------------------------------------------------- cues and questions


@pytest.mark.requirement("R154")
def test_a_set_gives_one_hint_as_often_as_the_plan_says() -> None:
    def work(every: int | None, name: str = "bw_squat"):
        doses = (Dose(sets=1, amount=10, top=10),)
        move = move_of(name, doses=doses, cue=KNOWN.exercises[name].cues.external[0], cue_every=every)
        return next(step for step in play(move).steps if step.kind == "work")

    assert work(1).cue_at == tuple(range(1, 11))
    assert work(2).cue_at == (1, 3, 5, 7, 9)
    assert work(4).cue_at == (1, 5, 9)
    assert (work(0).cue_at, work(0).cue_after) == ((), True)
    assert (work(None).cue, work(None).cue_at, work(None).cue_after) == (None, (), False)
    assert work(1, "easy_walk").cue_at == (1,)  # minutes have no repetitions
    assert isinstance(work(1).cue, str)  # one, never a list


def test_effort_reserve_and_feel_are_asked_where_the_plan_needs_them() -> None:
    def asks(**changes) -> tuple[str, ...]:
        return next(s for s in play(move_of("bw_squat", **changes)).steps if s.kind == "ask").asks

    assert asks(rir=(2, 3)) == ("reps", "clean_reps", "effort", "pain", "rir", "awkward")
    assert "rir" not in asks()
    assert asks(choose_load=True)[0] == "load"
    assert "feel" in asks(block="activation")
    assert asks(block="prep") == ("pain", "awkward")
    hold = next(s for s in play(move_of("sl_stance")).steps if s.kind == "ask").asks
    assert hold[:2] == ("seconds_held", "clean_hold")


def test_every_move_is_asked_about_pain_and_the_session_at_its_end() -> None:
    played = play(move_of("bw_squat"), move_of("clamshell", block="mobility"))
    asked = [step.asks for step in played.steps if step.kind == "ask" and step.exercise is not None]
    assert len(asked) == 2
    assert all("pain" in asks for asks in asked)
    assert played.steps[-2].asks == ("session_rpe", "feel_after")


# ------------------------------------------------------------------------------------------------ safety and order


@pytest.mark.requirement("R155")
def test_the_stop_list_comes_right_before_the_first_hard_block() -> None:
    moves = (move_of("clamshell", block="activation"), move_of("bw_squat", hard=True), move_of("rdl", hard=True))
    played = play(*moves)
    stop = next(n for n, step in enumerate(played.steps) if KNOWN.rules["stop_signs"].plain[1] in step.says)
    assert kinds(played)[stop] == "prompt"
    assert (played.steps[stop + 1].kind, played.steps[stop + 1].block) == ("block", "strength")
    assert sum(KNOWN.rules["stop_signs"].plain[1] in step.says for step in played.steps) == 1
    assert "Call your local emergency number now." in played.steps[stop].says[-1]


@pytest.mark.requirement("R155")
def test_the_stop_list_comes_first_where_nothing_is_hard() -> None:
    played = play(move_of("clamshell"), move_of("bw_squat"))
    assert KNOWN.rules["stop_signs"].plain[1] in played.steps[0].says


def test_each_set_up_says_when_to_stop() -> None:
    for name, phase in ALL:
        set_up = next(step for step in play(move_of(name, phase)).steps if step.kind == "set_up")
        assert set_up.says[-1] == KNOWN.exercises[name].stop_if


def test_cautions_come_before_everything_else() -> None:
    text = KNOWN.cautions["BAL"].on_page
    assert script(session_of(move_of("sl_stance")), KNOWN, RULES, cautions=(text,)).steps[0].says == (text,)


def test_soreness_is_asked_once_after_the_warm_up() -> None:
    moves = (move_of("clamshell", block="prep"), move_of("bw_squat", block="prep"), move_of("rdl"), move_of("bw_squat"))
    played = play(*moves)
    eases = [n for n, step in enumerate(played.steps) if step.asks == ("eases",)]
    assert len(eases) == 1
    assert played.steps[eases[0] + 1].block == "strength"


def test_a_walk_comes_last_but_between_practice_and_strength_on_the_day_of_an_event() -> None:
    moves = (move_of("clamshell", block="activation"), move_of("bw_squat"))
    walk = WalkPart(minutes=20)
    usual, event = play(*moves, walk=walk), play(*moves, walk=walk, kind="walk_event")
    assert kinds(usual)[-3:] == ["walk", "ask", "end"]
    at = kinds(event).index("walk")
    assert [s.block for s in event.steps[:at] if s.kind == "block"] == ["activation"]
    assert [s.block for s in event.steps[at:] if s.kind == "block"] == ["strength"]
    assert usual.seconds == event.seconds == play(*moves).seconds  # the walk is not in the planned length


def test_versions_are_those_the_session_has() -> None:
    session = session_of(move_of("bw_squat"), short=(move_of("clamshell"),))
    assert versions(session) == ("full", "short")
    assert {step.exercise for step in script(session, KNOWN, RULES, version="short").steps} == {None, "clamshell"}
    with pytest.raises(ValueError, match="bare"):
        script(session, KNOWN, RULES, version="bare")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_printed_session_names_moves_doses_and_when_to_stop(language: str) -> None:
    phrases = Phrases(KNOWN, language)
    cue = KNOWN.exercises["clamshell"].cues.external[0]
    move = move_of("clamshell", block="activation", cue=cue, cue_every=1)
    printed = "\n".join(lines(play(move, walk=WalkPart(minutes=20)), phrases))
    exercise = KNOWN.exercises["clamshell"]
    for text in (exercise.name, exercise.stop_if, exercise.tempo.says, cue):
        assert phrases.say(text) in printed
    assert "{" not in printed
    assert "20" in printed
