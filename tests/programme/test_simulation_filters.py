"""The safety filters hold over whole lives: what the plain plans may do is what the rules of the product allow."""

import dataclasses
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from levelstride.journal.bodies import CheckIn, Pain, SetDone
from levelstride.library.loader import knowledge
from levelstride.library.selection import apply_cautions
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.simulation.baselines import ConfiguredProgression, DoubleProgression, Plain, apart, raised
from levelstride.programme.simulation.body import load_kind
from levelstride.programme.simulation.diary import Diary, moment
from levelstride.programme.simulation.filters import Basic, Complete, Protective, lower
from levelstride.programme.simulation.ledger import ladder
from levelstride.programme.simulation.life import STARTS_ON, live
from levelstride.programme.simulation.parameters import base_parameters
from levelstride.programme.simulation.people import draw_person
from levelstride.programme.simulation.scene import Scene
from levelstride.programme.volume import hard_sets
from levelstride.screening.safety import decide

SEED = 7
PLAIN = (Plain, DoubleProgression, ConfiguredProgression)
FILTERS = (Basic, Protective, Complete)
PEOPLE = (0, 3, 5, 8, 11, 14)


@pytest.fixture(scope="module")
def known():
    return knowledge()


@pytest.fixture(scope="module")
def assumed():
    return base_parameters()


class Watched:
    """A plain plan whose sessions and sets are kept as they were given and told."""

    def __init__(self, plan):
        self.plan, self.name, self.filtered = plan, plan.name, plan.filtered
        self.given, self.told_sets, self.mornings = [], [], {}

    def __getattr__(self, name):
        return getattr(self.plan, name)

    def day(self, scene):
        for one in scene.state.pain:
            if one.body.when == "next_morning":
                self.mornings[one.body.session] = one.body.back_to_usual
        found = self.plan.day(scene)
        self.given.extend((scene.today, session) for session in found)
        return found

    def told(self, session, sets, today):
        self.told_sets.append((today, session, tuple(sets)))
        self.plan.told(session, sets, today)


@pytest.fixture(scope="module")
def lives(known, assumed):
    """Give half a year of some people under every plain plan with the protective filter."""
    found = []
    for number in PEOPLE:
        for kind in PLAIN:
            watched = Watched(kind(Protective()))
            live(draw_person(SEED, number, assumed), watched, known, assumed)
            found.append(watched)
    return found


def week_of(day):
    return (day - STARTS_ON).days // 7


def bouts(life):
    """Give each session, in order, with its sets by move and side, and the doses that were given."""
    for today, session, sets in life.told_sets:
        doses = {(move.exercise, dose.side): (move, dose) for move in session.moves for dose in move.doses}
        found = {}
        for one in sets:
            found.setdefault((one.exercise, one.side), []).append(one)
        yield today, session, found, doses


class TestProtectiveOverHalfAYear:
    def test_people_train_under_it_and_go_on_to_more(self, lives):
        assert all(len(life.told_sets) > 5 for life in lives)
        loads = [
            dose.load_kg or 0 for life in lives for _, one in life.given for move in one.moves for dose in move.doses
        ]
        assert max(loads) > 0

    def test_no_week_holds_more_hard_sets_per_muscle_than_the_rule_allows(self, lives, known):
        rules = Rulebook(known)
        most, first = rules.whole("weekly_volume", "hard_sets_target"), rules.whole("week_plan", "hard_start")
        reached = 0
        for life in lives:
            weeks = {}
            for day, session in life.given:
                weeks.setdefault(week_of(day), Counter()).update(hard_sets(session.moves, rules))
            assert max(weeks.get(0, Counter()).values(), default=0) <= first
            assert all(sets <= most for week in weeks.values() for sets in week.values())
            reached = max([reached, *(sets for week in weeks.values() for sets in week.values())])
        assert reached == most

    def test_planned_hard_sets_rise_by_a_fifth_at_most(self, lives, known):
        first = Rulebook(known).whole("week_plan", "hard_start")
        for life in lives:
            for number, week in enumerate(life.plan.filter.weeks):
                before = life.plan.filter.weeks[max(0, number - 3) : number]
                for muscle, sets in week.items():
                    highest = max((one[muscle] for one in before), default=0)
                    assert sets <= max(first, highest * 1.2 + 1e-9)

    def test_effort_stays_within_the_first_weeks_and_the_strength_phase(self, lives, known):
        rules = Rulebook(known)
        for life in lives:
            for day, session in life.given:
                novice = week_of(day) < rules.whole("first_weeks", "novice_weeks")
                cap = rules.pair("first_weeks", "rpe_cap")[1] if novice else rules.pair("phases", "p3_rpe")[1]
                assert all(move.rpe[1] <= cap for move in session.moves)

    def test_no_load_before_two_clean_sessions_of_the_move_or_an_easier_one(self, lives, known):
        rules, loaded = Rulebook(known), 0
        for life in lives:
            clean = Counter()
            for _, session, sets, _ in bouts(life):
                for move in session.moves:
                    if move.choose_load or any(dose.load_kg or dose.band for dose in move.doses):
                        loaded += 1
                        names = ladder(known.exercises[move.exercise], rules)
                        both = [min(clean[name, "left"], clean[name, "right"]) for name in names]
                        assert max([*both, *(clean[name, None] for name in names)]) >= 2, move.exercise
                for key, one in sets.items():
                    counted = [each for each in one if each.clean_reps is not None and each.reps]
                    share = sum(each.clean_reps for each in counted) / max(1, sum(each.reps for each in counted))
                    quiet = max((each.pain for each in one if each.pain is not None), default=9) <= 2
                    clean[key] += share >= 0.85 and quiet
        assert loaded > 50

    def test_two_days_lie_between_hard_sets_of_one_muscle(self, lives, known):
        rules = Rulebook(known)
        for life in lives:
            last = {}
            for day, session in life.given:
                done = any(one is session for _, one, sets in life.told_sets if sets)
                for muscle in hard_sets(session.moves, rules):
                    assert muscle not in last or (day - last[muscle]).days >= 2
                    if done:
                        last[muscle] = day

    def test_nothing_rises_after_amber_red_or_an_answer_that_is_missing(self, lives):
        held = 0
        for life in lives:
            last = {}
            for _, session, sets, doses in bouts(life):
                for key, (move, dose) in doses.items():
                    if key not in last or colour(*last[key], life.mornings) == "green":
                        continue
                    held += 1
                    before = last[key][0]
                    done = max(one.hold_s if move.counts == "seconds" else one.reps for one in before)
                    assert dose.top <= max(1, done)
                    loads = [one.load_kg for one in before if one.load_kg]
                    assert not loads or (dose.load_kg or 0) <= loads[-1]
                    bands = [int(one.band) for one in before if one.band]
                    assert not bands or (dose.band or 0) <= bands[-1]
                last.update({key: (one, session.id) for key, one in sets.items()})
        assert held > 100

    def test_a_red_move_rests_for_two_days_and_comes_back_lower_or_at_the_least_dose(self, lives, known):
        seen = lower_again = 0
        for life in lives:
            for today, session, sets, doses in bouts(life):
                for key, one in sets.items():
                    if colour(one, session.id, life.mornings) != "red":
                        continue
                    later = (pair for pair in life.given if pair[0] > today and key in doses_of(pair[1]))
                    day, again = next(later, (None, None))
                    if day is not None and (day - today).days < 20:  # later it may have started again
                        seen += 1
                        assert (day - today).days > 2
                        was = doses[key][1].model_copy(update={"top": max(1, max_done(one))})
                        assert work(doses_of(again)[key], one) <= work(was, one)
                        library = known.exercises[key[0]].doses.values()
                        room = was.load_kg is None and was.top > min(dose.amount.low for dose in library)
                        assert not room or work(doses_of(again)[key], one) < work(was, one)
                        lower_again += room
        assert seen > 3
        assert lower_again > 3


def colour(sets, session, mornings):
    """Return the colour of a bout as told: of itself, and of the morning when the bout was painful."""
    pains = [one.pain for one in sets if one.pain is not None]
    if any(pain > 5 for pain in pains) or any(one.pain_kind == "sharp" for one in sets):
        return "red"
    if session in mornings and not mornings[session] and (not pains or max(pains) > 0):
        return "red"
    return "amber" if not pains or max(pains) > 2 or session not in mornings else "green"


def max_done(sets):
    return max(int(one.hold_s) if one.hold_s is not None and one.reps in (None, 1) else one.reps for one in sets)


def work(dose, told):
    loads = [one.load_kg for one in told if one.load_kg]
    return dose.top * (1 + (dose.load_kg or (loads[-1] if loads else 0)) + (dose.band or 0))


def scene(diary, known, someone, days, hour=18.0):
    now = moment(STARTS_ON + timedelta(days=days), hour)
    return Scene(someone, known, diary, now, decide(diary.state(), known, now), week=days // 7)


def trained(name, side=None, *, reps=10, pain=0.0, clean=None, **more):
    told = {"reps": reps, "clean_reps": reps if clean is None else clean, "pain": pain, "rpe": 5.0, **more}
    return SetDone(exercise=name, side=side, **told)


class Led:
    """One person led by hand, day by day, on every weekday."""

    def __init__(self, plan, known, assumed, weekdays=(0, 2, 4), **changes):
        changes = {"codes": (), "equipment": ("dumbbells", "mini_band"), "age": 40, **changes}
        self.someone = dataclasses.replace(draw_person(SEED, 2, assumed), weekdays=weekdays, **changes)
        self.known, self.plan = known, plan
        self.diary = Diary(self.someone, known, STARTS_ON)

    def day(self, days, *, check_in=True, **answers):
        at = scene(self.diary, self.known, self.someone, days)
        if check_in:
            body = CheckIn(**{"sleep_hours": 8.0, "sleep_quality": 8.0, "stress": 2.0, **answers})
            self.diary.write(body, at.now - timedelta(hours=1))
        if self.plan.due(at.today):
            self.plan.week(at)
        found = self.plan.day(scene(self.diary, self.known, self.someone, days))
        return found[0] if found else None

    def do(self, session, days, *, usual=True, **how):
        """Do everything of a session as planned, and tell the next morning."""
        sets = []
        for move in session.moves:
            load = (
                how.get("load_kg", 8.0) if move.choose_load and load_kind(self.known.exercises[move.exercise]) else None
            )
            for dose in move.doses:
                for _ in range(dose.sets):
                    held = {"hold_s": float(dose.top)} if move.counts == "seconds" else {}
                    reps = 1 if held else dose.amount if how.get("just") else dose.top
                    more = {
                        "load_kg": dose.load_kg or load,
                        "pain": how.get("pain", 0.0),
                        **held,
                        **how.get("sets", {}),
                    }
                    sets.append(trained(move.exercise, dose.side, reps=reps, **more))
        at = moment(STARTS_ON + timedelta(days=days), 19)
        for one in sets:
            self.diary.write(one, at)
        self.plan.told(session, sets, at.date())
        if usual is not None:
            body = Pain(
                place="knee", score=0.0 if usual else 4.0, when="next_morning", session=session.id, back_to_usual=usual
            )
            self.diary.write(body, moment(STARTS_ON + timedelta(days=days + 1), 7))
        return sets


def doses_of(session):
    return {(move.exercise, dose.side): dose for move in session.moves for dose in move.doses}


class TestProtectiveDayByDay:
    def led(self, known, assumed, **changes):
        return Led(DoubleProgression(Protective()), known, assumed, **changes)

    def test_loads_are_replaced_by_easier_moves_until_those_went_well_twice(self, known, assumed):
        led = self.led(known, assumed)
        first = led.day(0)
        assert all(load_kind(known.exercises[move.exercise]) is None for move in first.moves)
        assert "bw_squat" in [move.exercise for move in first.moves]
        led.do(first, 0)
        led.do(led.day(2), 2)
        assert "goblet_squat" in [move.exercise for move in led.day(4).moves]

    def test_unwell_means_no_session_and_two_poor_answers_one_set_less(self, known, assumed):
        led = self.led(known, assumed)
        assert led.day(0, unwell=True) is None
        usual = {move.exercise: move.sets for move in led.day(2).moves}
        poor = {move.exercise: move.sets for move in led.day(2, sleep_hours=4.0, stress=9.0).moves}
        assert all(poor[name] == max(1, sets - 1) for name, sets in usual.items() if name in poor)
        assert sum(poor.values()) < sum(usual.values())

    def test_a_good_bout_lets_it_rise_and_a_missing_answer_does_not(self, known, assumed):
        def amount(usual, **how):
            led = self.led(known, assumed)
            session = led.day(0)
            led.do(session, 0, usual=usual, **how)
            return {key: dose.amount for key, dose in doses_of(led.day(2)).items()}, session

        risen, session = amount(True)
        names = [key for key in doses_of(session) if key in risen]
        first = {key: dose.amount for key, dose in doses_of(session).items()}
        own = [key for key in names if key[0] == "split_squat"]
        assert own
        assert all(risen[key] == first[key] + 1 for key in own)
        for held, _ in (amount(None), amount(True, pain=3.0), amount(True, pain=None)):
            assert all(held[key] <= first[key] for key in own if key in held)

    def test_what_went_well_on_a_poor_day_does_not_rise(self, known, assumed):
        def risen(**answers):
            led = self.led(known, assumed)
            session = led.day(0, **answers)
            led.do(session, 0)
            return doses_of(led.day(2))["split_squat", "left"].amount

        assert risen(stress=9.0) == DoubleProgression.reps[0]
        assert risen() == DoubleProgression.reps[0] + 1

    def test_the_weekly_sets_rise_only_after_a_green_day(self, known, assumed):
        def caps(pain):
            led = self.led(known, assumed)
            for day in (0, 2, 4):
                led.do(led.day(day), day, pain=pain)
            led.day(7)
            return led.plan.filter.weeks[1]

        green, amber = caps(0.0), caps(3.0)
        assert max(amber.values()) == Rulebook(known).whole("week_plan", "hard_start")
        assert max(green.values()) > max(amber.values())

    def test_a_worse_morning_rests_two_days_and_then_comes_back_one_step_lower(self, known, assumed):
        led = self.led(known, assumed)
        session = led.day(0)
        led.do(session, 0, usual=False)
        assert led.day(2) is None
        after, before = doses_of(led.day(4)), doses_of(session)
        both = [key for key in after if key in before]
        assert both
        assert all(after[key].top < before[key].top or after[key].sets < before[key].sets for key in both)

    def test_missed_weeks_go_one_step_two_steps_and_back_to_the_start(self, known, assumed):
        def top(days):
            led = self.led(known, assumed)
            for day in (0, 2, 4, 7):
                session = led.day(day)
                led.do(session, day, just=True)
            after = led.day(7 + days)
            key = ("split_squat", "left")
            return doses_of(session)[key], doses_of(after)[key], {move.rpe[1] for move in after.moves}

        before, after, _ = top(7)
        assert (before.amount, after.amount) == (11, 12)
        before, after, _ = top(7 + 4)  # the same once more
        assert after.top == before.amount
        before, after, _ = top(7 + 9)  # one step of two repetitions
        assert after.top == before.amount - 2
        before, after, caps = top(7 + 18)  # two steps, then the least; easy effort
        assert after.top == 8
        assert caps == {6}
        _, after, _ = top(7 + 35)
        assert after.amount == DoubleProgression.reps[0]

    def test_the_day_after_hard_work_the_same_muscles_rest(self, known, assumed):
        led = self.led(known, assumed)
        led.plan.week(scene(led.diary, known, led.someone, 0))
        session = led.day(0)
        led.do(session, 0)
        keeper = led.plan.filter
        keeper.spare = Counter(dict.fromkeys(known.vocabulary.muscles, 20))  # nothing is short but the days between
        for days, comes in ((1, False), (2, True)):
            at = scene(led.diary, known, led.someone, days)
            keeper.look(at)
            assert (keeper.day(session.model_copy(update={"day": at.today}), at) is not None) is comes

    def test_going_back_never_falls_below_the_least_dose(self, known, assumed):
        dose = doses_of(self.led(known, assumed).day(0))["split_squat", "left"]
        for _ in range(20):
            dose = lower(dose, Rulebook(known), least=8)
        assert (dose.sets, dose.amount, dose.top) == (1, 8, 8)


class TestCompleteDayByDay:
    """What the independent check asks of a rise in our own plan is asked of the others too."""

    @pytest.mark.parametrize(
        ("how", "rises"),
        [
            ({}, True),
            ({"rpe": None}, False),
            ({"rpe": 9.0}, False),
            ({"clean_reps": None}, False),
            ({"clean_reps": 6}, False),
        ],
    )
    def test_a_rise_needs_effort_and_clean_repetitions_told_and_fine(self, how, rises, known, assumed):
        def amount(keeper):
            led = Led(DoubleProgression(keeper), known, assumed)
            led.do(led.day(0), 0, sets=how)
            return doses_of(led.day(2))["split_squat", "left"].amount

        first = DoubleProgression.reps[0]
        assert (amount(Complete()) > first) is rises
        assert amount(Protective()) > first

    def test_sore_muscles_hold_and_a_little_soreness_does_not(self, known, assumed):
        def amount(**answers):
            led = Led(DoubleProgression(Complete()), known, assumed)
            led.do(led.day(0), 0)
            return doses_of(led.day(2, **answers))["split_squat", "left"].top

        assert amount(soreness=1.0) >= amount(soreness=5.0)

    def test_an_empty_last_set_leads_one_step_back(self, known, assumed):
        led = Led(DoubleProgression(Complete()), known, assumed)
        led.do(led.day(0), 0, sets={"rir": 0.0, "rpe": 10.0})
        assert led.plan.filter.ledger.tracks == {}
        led.day(2)
        assert all(track.back == 1 for track in led.plan.filter.ledger.tracks.values())

    def test_pregnancy_caps_the_effort(self, known, assumed):
        led = Led(DoubleProgression(Complete()), known, assumed, codes=("PREG",))
        cap = known.rules["week_plan"].figures["gentle_rpe"].value
        assert all(move.rpe[1] <= cap for move in led.day(0).moves)


class TestBasic:
    def test_a_move_that_hurt_too_much_rests_for_two_days_and_nothing_else_changes(self, known, assumed):
        led = Led(Plain(), known, assumed)
        session = led.day(0)
        name = session.moves[0].exercise
        led.plan.told(session, [trained(name, pain=6.0)], STARTS_ON)
        assert name not in [move.exercise for move in led.day(2).moves]
        assert [move.exercise for move in led.day(2).moves] == [move.exercise for move in session.moves[1:]]
        assert doses_of(led.day(4)) == doses_of(session)

    def test_nothing_while_the_screening_stops(self, known, assumed):
        for keeper in (Basic(), Protective()):
            led = Led(Plain(keeper), known, assumed)
            session = led.day(0)
            led.diary.answer("intake/unwell_today", True, moment(STARTS_ON, 20))
            at = scene(led.diary, known, led.someone, 0, 21.0)
            assert not at.decision.may_start
            assert keeper.day(session, at) is None


class TestPlainPlans:
    @pytest.mark.parametrize("keeper", FILTERS)
    @pytest.mark.parametrize("policy", PLAIN)
    def test_the_same_life_twice(self, policy, keeper, known, assumed):
        someone = draw_person(SEED, 4, assumed)
        first, again = (live(someone, policy(keeper()), known, assumed, weeks=6) for _ in range(2))
        assert first == again
        assert first.filtered == keeper.name

    @pytest.mark.parametrize("keeper", FILTERS)
    def test_nothing_that_cautions_or_equipment_rule_out(self, keeper, known, assumed):
        for number in range(25):
            someone = draw_person(SEED, number, assumed)
            watched = Watched(DoubleProgression(keeper()))
            live(someone, watched, known, assumed, weeks=8)
            removed = apply_cautions(someone.codes, known).removed
            for name in {move.exercise for _, session in watched.given for move in session.moves}:
                assert name not in removed
                for choices in known.exercises[name].equipment.needs:
                    assert any(
                        thing in someone.equipment or known.vocabulary.equipment[thing].household for thing in choices
                    )

    def test_their_days_lie_as_far_apart_as_the_week_allows(self):
        assert apart((0, 1, 3, 5), 3) == (0, 3, 5)
        assert apart((0, 1, 2, 4, 5), 3) == (0, 2, 4)
        assert apart((0, 3), 3) == (0, 3)
        assert apart((2,), 3) == (2,)

    def test_weights_rise_by_the_percent_or_the_smallest_step(self):
        assert raised(4, 5) == 4.5
        assert raised(20, 5) == 21.0
        assert raised(60, 2.5) == 61.5

    def test_double_progression_gains_more_than_a_fixed_plan(self, known, assumed):
        people = [draw_person(SEED, number, assumed) for number in range(20)]
        fixed, double = (
            np.mean([live(someone, policy(), known, assumed).gained for someone in people])
            for policy in (Plain, DoubleProgression)
        )
        assert double > fixed
