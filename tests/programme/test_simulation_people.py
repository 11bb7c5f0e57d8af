"""The virtual people: drawn once and for all, sourced, and answering to training in the directions people do."""

import dataclasses
import itertools
from uuid import RFC_4122, UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.library.loader import knowledge
from levelstride.programme.simulation.body import Body, Task
from levelstride.programme.simulation.diary import Diary, moment
from levelstride.programme.simulation.life import STARTS_ON, live
from levelstride.programme.simulation.parameters import base_parameters
from levelstride.programme.simulation.people import SIDES, Person, draw_days, draw_person, stream
from levelstride.programme.simulation.policies import Ours, policies
from levelstride.screening.safety import decide

SEED = 7


@pytest.fixture(scope="module")
def known():
    return knowledge()


@pytest.fixture(scope="module")
def assumed():
    return base_parameters()


def person(number=0, **changes) -> Person:
    return dataclasses.replace(draw_person(SEED, number, base_parameters()), **changes)


def complaint(**changes):
    return dataclasses.replace(person().complaint, **changes)


def body(**changes) -> Body:
    return Body(person(**changes), knowledge(), base_parameters())


class TestAssumptions:
    def test_each_names_a_source_of_the_library(self, known, assumed):
        tables = (assumed.cautions, assumed.places, assumed.settings)
        for one in (*assumed.values.values(), *tables):
            assert one.source in known.sources
            assert one.note

    def test_nothing_recalled_poses_as_seen(self, known, assumed):
        for name, one in assumed.values.items():
            if one.status in ("verified", "secondary"):
                assert one.source != "product_default", name
                assert known.sources[one.source].status in ("verified", "secondary"), name

    def test_tables_use_the_words_of_the_library(self, known, assumed):
        assert set(assumed.cautions.shares) == set(known.cautions)
        for row in assumed.places.rows.values():
            assert set(row.codes) <= set(known.cautions)
            assert set(row.demands) <= set(known.vocabulary.demands)
            assert set(row.muscles) <= set(assumed.groups)
        assert set(assumed.places.rows) <= set(known.intake.places)
        for muscles in assumed.groups.values():
            assert set(muscles) <= set(known.vocabulary.muscles)
        for setting in assumed.settings.rows.values():
            assert set(setting.things) <= set(known.vocabulary.equipment)

    def test_the_grid_moves_one_assumption_at_a_time(self, assumed):
        grid = list(assumed.grid())
        assert len(grid) >= 10
        for name, end, changed in grid:
            assert changed.values[name].value == getattr(assumed.values[name], end)
            differs = [other for other in assumed.values if changed.values[other] != assumed.values[other]]
            assert differs == [name]


class TestPeople:
    def test_same_seed_and_number_give_the_same_person_and_days(self, assumed):
        for number in range(20):
            one, again = (draw_person(SEED, number, assumed) for _ in range(2))
            assert one == again
            first, second = (draw_days(one, 60, assumed) for _ in range(2))
            for field in dataclasses.fields(first):
                assert np.array_equal(getattr(first, field.name), getattr(second, field.name))
        assert draw_person(SEED, 0, assumed) != draw_person(SEED + 1, 0, assumed)

    def test_a_longer_life_begins_with_the_same_days(self, assumed):
        someone = draw_person(SEED, 3, assumed)
        short, long = draw_days(someone, 50, assumed), draw_days(someone, 200, assumed)
        for field in dataclasses.fields(short):
            assert np.array_equal(getattr(short, field.name), getattr(long, field.name)[:50]), field.name

    def test_a_changed_assumption_leaves_the_other_traits_alone(self, assumed):
        for number in range(20):
            one = draw_person(SEED, number, assumed)
            other = draw_person(SEED, number, assumed.changed("adherence", (9.0, 1.5)))
            assert dataclasses.replace(other, adherence=one.adherence) == one

    def test_people_lie_within_what_the_product_accepts(self, known, assumed):
        people = [draw_person(SEED, number, assumed) for number in range(300)]
        for one in people:
            assert 18 <= one.age <= 85
            assert 5 <= one.minutes <= 60
            assert 1 <= len(one.weekdays) <= 7
            assert set(one.codes) <= set(known.cautions)
            assert set(one.equipment) <= set(known.vocabulary.equipment)
            assert "PREG" not in one.codes or one.sex == "female"
            assert 0 <= one.complaint.severity <= 5
            assert one.complaint.tolerance > 0
        assert {one.training for one in people} == {0, 1, 2}
        assert {code for one in people for code in one.codes} == set(known.cautions)
        hurting = [one for one in people if one.complaint.severity > 0]
        assert 0.5 < len(hurting) / len(people) < 0.8

    def test_left_and_right_differ(self):
        strength = person().strength
        assert strength["gmed", "left"] != strength["gmed", "right"]


class TestSets:
    @given(st.integers(1, 30), st.integers(0, 60))
    def test_more_weight_leaves_fewer_repetitions(self, kg, more):
        one = body()
        light = one.reps_possible(Task("goblet_squat", None, 1, 10, load_kg=kg))
        assert one.reps_possible(Task("goblet_squat", None, 1, 10, load_kg=kg + more)) <= light

    def test_a_cap_on_effort_ends_the_set_earlier(self):
        task = Task("split_squat", "left", 1, 40)
        free = np.mean([body().perform(task, 1, stream(1, n))[0].amount for n in range(60)])
        capped = [body().perform(dataclasses.replace(task, cap=5), 1, stream(1, n))[0] for n in range(60)]
        assert np.mean([one.amount for one in capped]) < free - 3
        assert np.mean([one.effort for one in capped]) < 7

    def test_what_is_too_heavy_gives_one_set_of_nothing(self):
        (only,) = body().perform(Task("goblet_squat", None, 3, 10, load_kg=500), 1, stream(1, 1))
        assert (only.amount, only.clean, only.effort) == (0, 0, 10)

    def test_a_set_of_one_side_works_that_side_alone(self):
        one = body()
        one.perform(Task("split_squat", "left", 3, 12), 1, stream(1, 1))
        assert one.week_sets["quads", "left"] > 0
        assert one.week_sets["quads", "right"] == 0

    def test_practice_makes_cleaner(self):
        def clean(practised):
            count = 0
            for n in range(60):
                one = body(clean=0.0, strength=dict.fromkeys(person().strength, 1.3))
                one.practice = practised
                count += one.perform(Task("sl_rdl", "left", 1, 5), 1, stream(1, n))[0].clean
            return count

        assert clean({}) < clean({"sl_rdl_supported": 100.0}) < clean({"sl_rdl": 200.0})

    def test_numbers_written_down_stay_on_their_scales(self):
        one = body()
        for n in range(80):
            for result in one.perform(Task("sl_squat", "right", 2, 12), 1, stream(4, n)):
                assert 0 <= result.clean <= result.amount <= 12
                assert 1 <= result.said_effort <= 10
                assert 0 <= result.said_reserve <= 10
                assert 0 <= result.pain <= 10

    def test_a_chosen_weight_fits_the_set_within_the_error_of_guesses(self, known, assumed):
        strong = dict.fromkeys(person().strength, 1.3)
        one = body(strength=strong, kg_most=60)
        task = Task("goblet_squat", None, 3, 10)
        left = [one.reps_possible(one.choose_load(task, 2.5, stream(5, n))) - 10 for n in range(200)]
        assert abs(np.median(left) - 2.5) < 1.5
        assert 1.5 < np.std(left) < 5
        assert one.choose_load(Task("bw_squat", None, 3, 10), 2.5, stream(5, 1)).load_kg is None

    def test_band_levels_are_those_of_the_library(self):
        for n in range(40):
            level = body().choose_load(Task("clamshell_band", "left", 3, 12), 2.5, stream(6, n)).band
            assert level in (1, 2, 3, 4, 5)


class TestTraining:
    def weeks(self, sets, weeks=20, **changes):
        one = body(complaint=complaint(severity=0.0, tolerance=1e6), **changes)
        for _ in range(weeks):
            one.week_sets = dict.fromkeys(one.week_sets, float(sets))
            one.week_end()
        return one.gained()

    def test_more_good_sets_gain_more_but_less_and_less(self):
        gains = [self.weeks(sets, training=0) for sets in (3, 6, 10, 20)]
        assert gains == sorted(gains)
        assert gains[1] - gains[0] > gains[3] - gains[2]
        assert gains[3] - gains[2] < 0.15 * gains[2]

    def test_nobody_gains_more_than_there_is_room_for(self, assumed):
        for training, room in enumerate(assumed.numbers("gain_room")):
            assert self.weeks(30, weeks=500, training=training, response=2.0) <= 100 * room + 1e-6

    def test_strength_falls_after_weeks_without_and_faster_in_the_old(self):
        assert self.weeks(0, weeks=2, age=40) == pytest.approx(0)
        young, old = self.weeks(0, weeks=8, age=40), self.weeks(0, weeks=8, age=75)
        assert old < young < 0
        assert self.weeks(0, weeks=300, age=75) == pytest.approx(-10)

    def test_easy_sets_far_from_the_end_count_little(self):
        easy, hard = body(), body()
        easy.perform(Task("glute_bridge", None, 3, 5), 1, stream(1, 1))
        hard.perform(Task("glute_bridge", None, 3, 60), 1, stream(1, 1))
        assert easy.week_sets["gmax", "left"] < 0.2 * hard.week_sets["gmax", "left"]


class TestPain:
    def worse_mornings(self, load, **changes):
        count = 0
        for n in range(300):
            one = body(complaint=complaint(place="knee", side=None, severity=3.0, tolerance=5.0, **changes))
            one.load_today = load
            count += one.night(stream(8, n), flares=False).above > 0
        return count

    def test_more_load_means_more_bad_mornings(self):
        counts = [self.worse_mornings(load) for load in (0, 2, 4, 5, 6, 8)]
        assert counts == sorted(counts)
        assert counts[0] == 0
        assert counts[1] < 15
        assert 100 < counts[3] < 200
        assert counts[-1] > 280

    def test_a_flare_up_without_reason_comes_without_load(self):
        morning = body().night(stream(9, 1), flares=True)
        assert morning.flared
        assert morning.above >= 2

    def test_pain_rises_with_the_severity_and_the_load(self):
        def pain(severity, load):
            total = 0
            for n in range(60):
                one = body(complaint=complaint(place="knee", side=None, severity=severity, tolerance=4.0))
                one.load_today = load
                total += one.perform(Task("bw_squat", None, 1, 10), 1, stream(10, n))[0].pain
            return total

        assert pain(0.0, 0.0) < pain(3.0, 0.0) < pain(3.0, 4.0)

    def test_the_other_leg_does_not_hurt(self):
        one = body(complaint=complaint(place="knee", side="left", severity=5.0, tolerance=1.0))
        results = [one.perform(Task("split_squat", "right", 1, 10), 1, stream(11, n))[0] for n in range(40)]
        assert {result.pain for result in results} == {0}
        assert one.load_today == 0

    def test_a_move_that_hurts_too_much_ends_there(self):
        one = body(complaint=complaint(place="knee", side=None, severity=5.0, tolerance=2.0))
        one.load_today = 9.0
        assert len(one.perform(Task("bw_squat", None, 3, 10), 1, stream(12, 1))) == 1

    def test_tolerance_grows_with_load_that_is_borne_and_stays_above_its_floor(self, assumed):
        borne = body(complaint=complaint(severity=1.0, tolerance=5.0))
        for n in range(10):
            borne.load_today = 2.5
            borne.night(stream(13, n), flares=False)
            borne.week_end()
        assert borne.tolerance > 5
        over = body(complaint=complaint(severity=1.0, tolerance=5.0))
        for n in range(100):
            over.load_today = 50.0
            over.night(stream(14, n), flares=False)
        assert over.tolerance == pytest.approx(assumed.number("tolerance_least") * 5)
        assert over.flare <= assumed.number("flare_most")


def test_every_move_of_the_library_can_be_performed(known):
    one = body()
    for name, exercise in known.exercises.items():
        dose = next(iter(exercise.doses.values()))
        for side in SIDES if dose.per_side else (None,):
            task = Task(name, side, 1, dose.amount.low, dose.counts, dose.hold_s.low if dose.hold_s else None)
            assert len(one.perform(task, 1.0, stream(15, 1))) == 1, name


class TestJournal:
    def test_everybody_may_start_with_exactly_their_caution_codes(self, known, assumed):
        for number in range(150):
            someone = draw_person(SEED, number, assumed)
            decision = decide(Diary(someone, known, STARTS_ON).state(), known, moment(STARTS_ON, 8))
            assert decision.may_start, (someone, decision.stops)
            assert set(decision.cautions) == set(someone.codes)

    def test_an_illness_stops_until_it_is_over(self, known, assumed):
        diary = Diary(draw_person(SEED, 1, assumed), known, STARTS_ON)
        diary.answer("intake/unwell_today", True, moment(STARTS_ON, 7))
        assert not decide(diary.state(), known, moment(STARTS_ON, 8)).may_start
        diary.answer("intake/unwell_today", False, moment(STARTS_ON, 9))
        assert decide(diary.state(), known, moment(STARTS_ON, 10)).may_start

    def test_entries_stand_in_time_order_and_a_read_state_never_changes(self, known, assumed):
        diary = Diary(draw_person(SEED, 1, assumed), known, STARTS_ON)
        before = diary.state()
        assert diary.state() is before
        diary.test("sl_bridge_reps", "left", 12.0, moment(STARTS_ON, 8))
        assert len(diary.state().measures) == len(before.measures) + 1

    def test_ids_are_uuids_of_version_7_that_sort_by_time_and_no_two_lives_share(self, known, assumed):
        seen = set()
        other = assumed.changed("gain_week", 0.01)
        for number, parameters, one in itertools.product(range(4), (assumed, other), policies()):
            life = f"{one.name} {one.filtered} {parameters.digest}"
            diary = Diary(draw_person(SEED, number, assumed), known, STARTS_ON, life)
            for hour in range(300):
                diary.test("sl_bridge_reps", "left", 12.0, moment(STARTS_ON, hour))
            ids = [one.id for one in diary.state().measures]
            assert ids == sorted(ids)
            everything = {*ids, *(given.id for found in diary.state().answers.values() for given in found)}
            assert len(everything) > 350
            assert not everything & seen
            seen |= everything
            assert all(str(UUID(one)) == one and UUID(one).version == 7 for one in everything)
            assert all(UUID(one).variant == RFC_4122 for one in everything)


def test_our_plan_is_lived_and_checked_the_same_way_twice(known, assumed):
    someone = draw_person(SEED, 5, assumed)
    first, again = (live(someone, Ours(), known, assumed, weeks=3) for _ in range(2))
    assert first.failed is None
    assert first.done > 0
    assert first.opened["P1"] == 1
    assert first == again
