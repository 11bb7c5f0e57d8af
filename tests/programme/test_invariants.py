"""What is never offered to anybody, and what one more bad word never brings, in random lives."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from levelstride.journal.bodies import (
    Answer,
    Answers,
    CheckIn,
    Clearance,
    Incident,
    Pain,
    SetDone,
    Soreness,
)
from levelstride.journal.state import fold
from levelstride.programme.day import day_plan
from levelstride.programme.model import Dose
from levelstride.programme.moves import UPRIGHT
from levelstride.screening.decision import Permit, StoppedError
from levelstride.screening.safety import decide
from tests.programme.invariants import (
    ALL,
    FEW,
    HOLDS,
    LIVES,
    SOME,
    above,
    closed,
    context_of,
    drawn,
    hurting_more,
    issue_of,
    last_done,
    no_more,
    poor,
    week_of,
    without_awkward,
)
from tests.programme.lives import Life, again, all_moves, day_again, live, planned, until
from tests.programme.somebody import CONDITIONS, NEEDS_AGREEMENT, Diary, Somebody, Temper, arrive, draw_person
from tests.screening.support import EXCLUSIONS, FLAGS, KNOWN


class TestWhatIsNeverOffered:
    @ALL
    @given(LIVES)
    def test_an_exercise_that_a_caution_code_removes(self, lived: Life):
        against = closed(lived.person.codes)
        for session in planned(lived):
            names = [move.exercise for move in all_moves([session])]
            names += [session.walk.drill] if session.walk is not None and session.walk.drill else []
            for name in names:
                assert not against & set(KNOWN.exercises[name].demands), (session.id, name)

    @FEW
    @given(st.integers(0, 10**6), st.sampled_from([f"red_flags/{flag}" for flag in FLAGS]), st.booleans())
    def test_a_plan_past_an_open_warning_sign(self, number: int, sign: str, sure: bool):
        diary = Diary()
        arrive(diary, draw_person(Random(number)))
        diary.write(Answers(given=(Answer(question=sign, value=True if sure else "not_sure"),)), -1, 700)
        with pytest.raises(StoppedError):
            Permit(decide(diary.state, KNOWN, diary.at(0)))

    @FEW
    @given(st.integers(0, 10**6), st.sampled_from(EXCLUSIONS))
    def test_a_plan_past_a_hard_limit(self, number: int, name: str):
        diary = Diary()
        arrive(diary, draw_person(Random(number)))
        diary.write(Answers(given=(Answer(question=f"exclusions/{name}", value=True),)), -1, 700)
        with pytest.raises(StoppedError):
            Permit(decide(diary.state, KNOWN, diary.at(0)))

    @pytest.mark.parametrize("code", NEEDS_AGREEMENT)
    def test_a_plan_before_a_clinician_agreed_to_a_code_that_needs_it(self, code: str):
        options = {"PREG": {"pregnant": True}, "HTN": {"heart": True}}
        fields = options.get(code) or {"conditions": tuple(name for name, sets in CONDITIONS.items() if code in sets)}
        for agreed in (False, True):
            diary = Diary()
            arrive(diary, Somebody(agreed=agreed, **fields))
            decision = decide(diary.state, KNOWN, diary.at(0))
            assert code in decision.cautions
            assert decision.may_start == agreed

    @pytest.mark.requirement("R132")
    @SOME
    @given(st.integers(0, 10**6))
    def test_an_unstable_surface_or_work_without_support_where_balance_is_poor(self, number: int):
        r = Random(number)
        person = draw_person(r)
        lived = live(replace(person, fell="once", options=()), Temper(), r, weeks=1)
        for move in all_moves(planned(lived)):
            assert move.support is (KNOWN.exercises[move.exercise].position in UPRIGHT), move.exercise
            assert not {"unstable_surface", "one_leg_unsupported"} & set(KNOWN.exercises[move.exercise].demands)

    @pytest.mark.requirement("R140")
    @ALL
    @given(LIVES)
    def test_hops_before_their_phase_or_with_a_code_that_excludes_them(self, lived: Life):
        shut = set(KNOWN.rules["plyometric_gate"].lists["excluded_codes"]) & set(lived.person.codes)
        for one in lived.weeks:
            sessions = [*one.programme.sessions, *(session for day in one.days for session in day.plan.sessions)]
            for move in all_moves(sessions):
                exercise = KNOWN.exercises[move.exercise]
                if exercise.kind == "plyometric" or "impact" in exercise.demands:
                    assert one.programme.phase == "P5", move.exercise
                    assert not shut, move.exercise

    @ALL
    @given(LIVES)
    def test_two_things_harder_at_once_for_one_exercise_and_side(self, lived: Life):
        for one, day in lived.days:
            for session, version, move, dose, bout, _ in last_done(day):
                found = above(move, dose, bout, (*one.before, one.programme))
                assert len(found) <= 1, (session.id, version, move.exercise, dose, bout.amounts, found)

    @pytest.mark.parametrize("what", HOLDS)
    @SOME
    @given(lived=LIVES)
    def test_more_than_last_time(self, what: str, lived: Life):
        for one, day in lived.days:
            told = [one.body for one in day.state.check_ins if one.at.date() == day.now.date() and one.at <= day.now]
            for session, version, move, dose, bout, done in last_done(day):
                if done.check_in is not None and poor(done.check_in):
                    continue  # what a poor day leaves open: test_small_lives
                if HOLDS[what](bout, done, told):
                    found = above(move, dose, bout, (*one.before, one.programme))
                    assert not found, (session.id, version, move.exercise, dose, bout, found)


class TestOneGoodTimeRises:
    """The invariants above would also hold for a planner that never raises anything: it does."""

    MOVE = "glute_bridge"

    def dose(self, **spoilt) -> tuple[Dose, Dose]:
        """Return the dose of the first week, and that after one session in which one thing was not as it should be."""
        diary, person = Diary(), Somebody(minutes=30)
        morning, check_in = spoilt.pop("morning", True), spoilt.pop("check_in", True)
        told = {"rpe": 3.0, "rir": 4.0, "pain": 0.0, "clean_reps": 15} | spoilt
        arrive(diary, person)
        permit = Permit(decide(diary.state, KNOWN, diary.at(0)))
        first = week_of(permit, diary, 0)
        diary.write(issue_of(first), 0, 430)
        asked = next(move for move in all_moves(first.sessions) if move.exercise == self.MOVE).doses[0]
        fine = CheckIn(sleep_hours=8.0, sleep_quality=8.0, stress=1.0)
        diary.write(fine, 0, 470)
        session = next(one for one in first.sessions if one.moves)
        for number in range(asked.sets):
            body = SetDone(exercise=self.MOVE, session=session.id, reps=asked.amount, number=number + 1, **told)
            diary.write(body, 0, 480 + number)
        if morning:
            diary.write(Pain(place="hip_side", score=0.0, when="next_morning", back_to_usual=True), 1, 400)
        if check_in:
            diary.write(fine, 2, 470)
        state, now = diary.state, diary.at(2)
        today = day_plan(Permit(decide(state, KNOWN, now)), first, state, KNOWN, now)
        again_ = next(move for move in all_moves(today.sessions) if move.exercise == self.MOVE).doses[0]
        return asked, again_

    def test_a_clean_easy_session_without_pain_aims_higher(self):
        before, after = self.dose()
        assert after.amount > before.amount

    @pytest.mark.parametrize(
        "spoilt",
        [
            {"pain": 3.0},
            {"pain": None},
            {"rpe": None, "rir": None},
            {"clean_reps": None},
            {"clean_reps": 8},
            {"morning": False},
            {"check_in": False},
            {"pain_kind": "sharp"},
        ],
        ids=str,
    )
    def test_the_same_session_with_one_thing_missing_or_bad_does_not(self, spoilt):
        try:
            before, after = self.dose(**spoilt)
        except StopIteration:
            return  # it rests
        assert (after.amount, after.sets, after.band, after.load_kg) <= (before.amount, before.sets, None, None) or (
            after.amount <= before.amount and after.sets <= before.sets and not after.band and not after.load_kg
        )


class TestOneMoreBadWord:
    @SOME
    @given(LIVES, st.data())
    def test_more_pain_from_some_day_on_never_raises_a_dose_of_the_day(self, lived: Life, data):
        days = list(lived.days)
        assume(days)
        one, day = drawn(data, days)
        since = day.now - timedelta(days=data.draw(st.integers(0, 20)))
        more = data.draw(st.sampled_from([0.5, 1.0, 3.0]))
        told = [without_awkward(entry) for entry in lived.entries if entry.at <= day.now]
        worse = [hurting_more(entry, more) if entry.at >= since else entry for entry in told]
        assume(decide(fold(worse), KNOWN, day.now).may_start)  # else nothing is done at all
        no_more(one, day_again(one, day, told), day_again(one, day, worse))

    @pytest.mark.parametrize("what", ["fall", "near_fall", "unwell", "red now", "red in a move", "sore"])
    @FEW
    @given(lived=LIVES, data=st.data())
    def test_a_fall_being_unwell_or_red_pain_never_adds_work(self, what: str, lived: Life, data):
        days = [(one, day) for one, day in lived.days if day.plan.sessions]
        assume(days)
        one, day = drawn(data, days)
        moves = sorted({move.exercise for session in day.plan.sessions for move in session.moves}) or ["clamshell"]
        name = data.draw(st.sampled_from(moves))
        body = {
            "fall": Incident(what="fall", level="step_down", exercise=name),
            "near_fall": Incident(what="near_fall", exercise=name),
            "unwell": CheckIn(unwell=True),
            "red now": Pain(place="knee", score=5.0, quality="sharp", when="now"),
            "red in a move": Pain(place="knee", score=7.0, when="during", exercise=name),
            "sore": Soreness(place="thigh", score=6.0, hours_since=80.0, eases_in_warm_up=False),
        }[what]
        told = [entry for entry in lived.entries if entry.at <= day.now]
        diary = Diary((day.now - timedelta(days=1)).date(), first=10**6)
        worse = [*told, diary.write(body, 1, 7 * 60 + 30)]
        assert decide(fold(worse), KNOWN, day.now).may_start
        no_more(one, day_again(one, day, told), day_again(one, day, worse))

    @SOME
    @given(LIVES, st.sampled_from(sorted(CONDITIONS)))
    def test_one_more_caution_code_opens_nothing_and_brings_nothing_it_removes(self, lived: Life, option: str):
        assume(lived.weeks and option not in lived.person.conditions)
        one = lived.weeks[-1]
        told = until(lived, one.now)
        diary = Diary((one.now - timedelta(days=1)).date(), first=10**6)
        conditions = (*lived.person.conditions, option)
        answer = Answers(given=(Answer(question="intake/conditions", value=conditions),))
        covers = (*lived.person.codes, *CONDITIONS[option])
        agreed = Clearance(covers=covers, given_by="Dr Test", given_on=one.now.date())
        worse = [*told, diary.write(answer, 0, 1300), diary.write(agreed, 0, 1310)]
        programme = again(one, worse)
        against = closed(CONDITIONS[option])
        base, other = context_of(one, told), context_of(one, worse)
        for move in all_moves(programme.sessions):
            assert not against & set(KNOWN.exercises[move.exercise].demands), move.exercise
            assert move.exercise not in base.traits.removed
        assert set(base.traits.removed) <= set(other.traits.removed)
