"""Small lives, written by hand: each shows one way in which a rule was once missed in a random life."""

from datetime import timedelta

import pytest

from levelstride.journal.bodies import (
    CheckIn,
    Override,
    Soreness,
)
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.programme.history import read_history
from levelstride.programme.model import Move, Programme
from tests.programme.invariants import RULES, Small, of, trained
from tests.programme.lives import all_moves
from tests.screening.support import KNOWN


class TestSmallLives:
    """Each shows one way in which a rule was once missed in a random life."""

    def test_after_red_pain_only_the_sets_that_were_done_count(self):
        life_ = Small()
        life_.fine_on(0)
        programme = life_.week()
        first = trained(programme)[0]
        name = next(move.exercise for move in first.moves if move.block == "activation" and move.sets == 2)
        sides = tuple(dose.side for dose in next(move for move in first.moves if move.exercise == name).doses)
        life_.did(name, 0, sides=sides, session=first.id, pain=7.0)
        life_.diary.write(SessionEvent(session=first.id, event="ended"), 0, 700)
        later = next(one for one in trained(programme) if (one.day - first.day).days >= 3)
        day = (later.day - first.day).days
        life_.fine_on(1, day)
        moves = of(life_.today(programme, day).sessions, name)
        assert moves
        assert all(move.sets == 1 for move in moves)

    @pytest.mark.parametrize("spoilt", ["hard", "poor day"])
    def test_a_hard_time_or_a_poor_day_raises_nothing_next_time(self, spoilt: str):
        life_ = Small(phase="P2")
        life_.fine_on(-3)
        if spoilt == "poor day":
            life_.diary.write(CheckIn(sleep_hours=4.0, sleep_quality=8.0, stress=1.0), -3, 480)
        effort = {"rpe": 9.0, "rir": 1.0} if spoilt == "hard" else {}
        life_.did("clamshell", -3, sides=("left", "right"), **effort)
        life_.fine_on(-2, 0)
        moves = of(life_.week().sessions, "clamshell")
        assert all(move.sets == 1 for move in moves if move.block == "strength")

    def test_hard_work_of_yesterday_counts_when_nobody_wrote_down_the_effort(self):
        life_ = Small(phase="P2", days=3)
        life_.fine_on(0)
        programme = life_.week()
        first, second, *_ = trained(programme)
        hard = {move.exercise: move for move in first.moves if move.hard}
        for name, move in hard.items():
            sides = tuple(dose.side for dose in move.doses)
            life_.did(name, 0, sides=sides, sets=2, session=first.id, rpe=None, rir=None)
        life_.diary.write(SessionEvent(session=first.id, event="ended"), 0, 900)
        tomorrow = first.day + timedelta(days=1)
        wish = Override(by="user", action="move", target=second.id, value=tomorrow.isoformat())
        life_.diary.write(wish, 0, 1000)
        life_.fine_on(1)
        worked = {muscle for name in hard for muscle in KNOWN.exercises[name].muscles.primary}
        for move in all_moves(life_.today(programme, 1).sessions):
            assert not (move.hard and worked & set(KNOWN.exercises[move.exercise].muscles.primary)), move.exercise

    def test_a_session_that_goes_on_two_days_later_is_work_of_both_days(self):
        life_ = Small()
        life_.did("glute_bridge", 0, session="one")
        life_.did("sit_to_stand", 2, session="one")
        past = read_history(life_.diary.state)
        days = {bout.exercise: bout.day for done in past.sessions for bout in done.bouts}
        assert days["sit_to_stand"] == life_.diary.starts_on + timedelta(days=2)
        assert {done.day for done in past.since(life_.diary.starts_on + timedelta(days=1))}

    def test_a_swap_reaches_no_move_of_a_later_phase(self):
        life_ = Small()
        life_.fine_on(0)
        programme = life_.week()
        assert programme.phase == "P1"
        for number, move in enumerate(trained(programme)[0].moves):
            wish = Override(by="user", action="swap", target=move.exercise, value="tempo_hinge")
            life_.diary.write(wish, 0, 430 + number)
        assert "P1" not in KNOWN.exercises["tempo_hinge"].doses
        assert not of(life_.today(programme, 0).sessions, "tempo_hinge")

    def test_a_swap_never_puts_equipment_into_the_version_without_any(self):
        life_ = Small(equipment=("long_band", "anchor"), phase="P2")
        life_.fine_on(0)
        programme = life_.week()
        for number, move in enumerate(trained(programme)[0].moves):
            wish = Override(by="user", action="swap", target=move.exercise, value="pallof_press")
            life_.diary.write(wish, 0, 430 + number)
        for session in life_.today(programme, 0).sessions:
            assert "pallof_press" not in {move.exercise for move in session.bare}

    def test_without_the_weight_of_last_time_no_weight_is_asked_for(self):
        life_ = Small(phase="P4", equipment=("dumbbells",))
        order = {"by": "practitioner", "reason": "seen"}
        life_.diary.write(Override(action="pin", target="split_squat", **order), -3, 420)
        life_.diary.write(Override(action="dose", target="split_squat", value={"load_kg": 5.0}, **order), -3, 421)
        life_.fine_on(-3)
        life_.did("split_squat", -3, sides=("left", "right"), sets=2, load_kg=5.0)
        life_.fine_on(-2, 0)
        assert any(dose.load_kg for move in of(life_.week().sessions, "split_squat") for dose in move.doses)
        life_.diary.write(Override(by="user", action="without", target="dumbbells"), 0, 410)
        moves = of(life_.week().sessions, "split_squat")
        assert moves
        assert not any(dose.load_kg for move in moves for dose in move.doses)

    def test_a_weight_that_somebody_took_before_the_move_was_clean_is_not_asked_for_again(self):
        name = "split_squat"
        life_ = Small(phase="P4", equipment=("dumbbells",))
        life_.diary.write(Override(by="practitioner", action="pin", target=name, reason="seen"), -3, 420)
        life_.fine_on(-3)
        life_.did(name, -3, sides=("left", "right"), sets=2, load_kg=20.0, clean_reps=8, feel=3.0)
        life_.fine_on(-2, 0)
        moves = of(life_.week().sessions, name)
        assert moves
        assert not any(dose.load_kg for move in moves for dose in move.doses)

    def test_a_harder_move_with_a_weight_waits_for_two_clean_sessions(self):
        life_ = Small(phase="P4", equipment=("dumbbells",))
        life_.fine_on(-3)
        life_.did("tempo_hinge", -3, sets=3, reps=20, clean_reps=20, feel=9.0)
        life_.fine_on(-2, 0)
        assert not of(life_.week().sessions, "rdl")

    @pytest.mark.parametrize("action", ["hold", "stays"])
    def test_sore_muscles_hold_the_level_of_easy_practice_too(self, action: str):
        life_ = Small()
        life_.fine_on(0)
        programme = life_.week()
        first = trained(programme)[0]
        for move in first.moves:
            if move.block == "activation" and move.counts == "repetitions":
                sides = tuple(dose.side for dose in move.doses)
                amount = move.doses[0].amount
                told = {"reps": amount, "clean_reps": amount, "sets": move.sets}
                life_.did(move.exercise, 0, sides=sides, session=first.id, **told)
        life_.diary.write(SessionEvent(session=first.id, event="ended"), 0, 900)
        later = trained(programme)[1]
        day = (later.day - first.day).days
        life_.fine_on(1, day)
        eases, hours = (None, 1.0) if action == "hold" else (False, 30.0)
        sore = Soreness(place="thigh", score=5.0, hours_since=hours, eases_in_warm_up=eases)
        life_.diary.write(sore, day, 475)
        before = {(move.exercise, dose.side): dose.amount for move in all_moves([first]) for dose in move.doses}
        for move in all_moves(life_.today(programme, day).sessions):
            for dose in move.doses:
                assert dose.amount <= before.get((move.exercise, dose.side), 99), move.exercise

    def test_a_move_done_on_one_side_alone_is_open_on_whichever_side_it_was(self):
        found = []
        for side in ("left", "right"):
            life_ = Small(phase="P2", setting="home", minutes=45)
            life_.fine_on(-3)
            for name in ("sl_squat_box", "lateral_step_down", "sl_rdl_supported"):
                life_.did(name, -3, sides=(side,), sets=2)
            life_.fine_on(-2, 0)
            found.append([(one.day, [move.exercise for move in one.moves]) for one in life_.week().sessions])
        assert found[0] == found[1]


class TestHops:
    """The last phase: soft landings are few, rare, framed, and shut by pain and by some answers."""

    def lived(self, *, minutes: int = 30, pain: float = 0.0, **person) -> Programme:
        life_ = Small(phase="P5", minutes=minutes, days=3, options=(("hops", True),), **person)
        for day in (-6, -4, -2):
            life_.fine_on(day)
            for name in ("step_down_fwd", "step_up"):
                life_.did(name, day, sides=("left", "right"), sets=2, pain=pain)
        life_.fine_on(-1, 0)
        return life_.week()

    @staticmethod
    def hops(programme: Programme) -> list[Move]:
        moves = (move for one in programme.sessions for move in one.moves)
        return [move for move in moves if KNOWN.exercises[move.exercise].kind == "plyometric"]

    def test_come_when_nothing_is_against_them(self):
        assert self.hops(self.lived())

    def test_come_in_two_sessions_a_week_at_most_beside_the_strength_of_the_phase_before(self):
        programme = self.lived()
        most = RULES.wholes("phases", "p5_sessions")[1]
        with_hops = [one for one in programme.sessions if self.hops(programme.model_copy(update={"sessions": (one,)}))]
        assert 1 <= len(with_hops) <= most
        assert len(trained(programme)) <= RULES.wholes("phases", "p4_sessions")[1]

    @pytest.mark.parametrize("minutes", [12, 15, 20])
    def test_fit_into_the_minutes_of_the_person(self, minutes: int):
        assert all(one.minutes <= minutes for one in trained(self.lived(minutes=minutes)))

    def test_stay_away_while_the_last_week_hurt(self):
        assert not self.hops(self.lived(pain=2.0))

    def test_stay_away_once_an_answer_excludes_them(self):
        assert not self.hops(self.lived(heart=True))

    def test_come_once_in_a_session_and_within_the_landings_of_the_week(self):
        programme = self.lived()
        for one in programme.sessions:
            assert len(self.hops(programme.model_copy(update={"sessions": (one,)}))) <= 1
        landings = sum(dose.sets * dose.amount for move in self.hops(programme) for dose in move.doses)
        assert landings <= RULES.wholes("plyometric_gate", "contacts_start")[1]

    def test_come_only_with_a_warm_up_and_a_wind_down(self):
        life_ = Small(phase="P5", options=(("hops", True),))
        lists = KNOWN.rules["week_plan"].lists
        for number, name in enumerate(lists["cool_down_moves"]):
            life_.diary.write(Override(by="user", action="skip", target=name), -1, 900 + number)
        for day in (-6, -4, -2):
            life_.fine_on(day)
            life_.did("step_up", day, sides=("left", "right"), sets=2)
        life_.fine_on(-1, 0)
        for one in life_.week().sessions:
            blocks = {move.block for move in one.moves}
            if any(KNOWN.exercises[move.exercise].kind == "plyometric" for move in one.moves):
                assert {"prep", "cool_down"} <= blocks
