"""Why it exists: protects how a journal is read as sessions and bouts - whose set, whose pain, whose morning it was."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import CheckIn, Incident, Pain, Retraction, Session, SetDone, Walk
from levelstride.journal.state import fold
from levelstride.programme.history import days_between, is_usual, read_history
from tests.programme.bouts import MONDAY, asked, at, entry, fell, history, hurt, morning, only, sets, trained

CLAM = "clamshell"
BRIDGE = "glute_bridge"


def one_set(day: int = 0, hour: int = 8, minute: int = 0, **told):
    return entry(SetDone(**{"exercise": BRIDGE, **told}), at(day, hour, minute))


# --------------------------------------------------------------------------------------------------------- sessions


def test_sets_without_a_session_belong_to_the_session_of_their_day():
    found = history([one_set(0, 8, reps=10), one_set(0, 19, reps=8), one_set(1, 8, reps=6)])
    assert [(one.session, one.bouts[0].amounts) for one in found.sessions] == [
        ("2026-05-04", (10, 8)),
        ("2026-05-05", (6,)),
    ]


def test_sets_with_a_session_belong_to_it_also_past_midnight():
    found = history([one_set(0, 23, 58, reps=10, session="late"), one_set(1, 0, 3, reps=9, session="late")])
    done = only(found)
    assert (done.session, done.bouts[0].amounts, done.day) == ("late", (10, 9), MONDAY)


def test_a_session_gone_on_with_on_another_day_counts_on_both_days():
    first, later = one_set(0, 8, reps=10, session="a"), one_set(2, 8, reps=9, session="a")
    found = history([first, later, one_set(2, 8, 5, reps=7, session="a")])
    assert [(one.day, [bout.amounts for bout in one.bouts]) for one in found.sessions] == [
        (MONDAY, [(10,)]),
        (MONDAY + timedelta(days=2), [(9, 7)]),
    ]
    assert len({one.session for one in found.sessions}) == 2


def test_a_session_gone_on_with_in_the_evening_is_one():
    done = only(history([one_set(0, 7, reps=10, session="a"), one_set(0, 19, reps=9, session="a")]))
    assert (done.session, done.bouts[0].amounts) == ("a", (10, 9))


@pytest.mark.parametrize("what", ["pain", "fall", "end"])
def test_what_is_told_of_a_session_gone_on_with_belongs_to_the_day_it_was_told(what):
    logged = [one_set(0, 8, reps=10, session="a"), one_set(2, 8, exercise=CLAM, side="left", reps=9, session="a")]
    told = {
        "pain": hurt(2, CLAM, 7.0, "hip_side", "left", session="a"),
        "fall": entry(Incident(what="near_fall", exercise=CLAM, session="a"), at(2, 9)),
        "end": entry(Session(session="a", event="ended", rpe=6.0), at(2, 9)),
    }[what]
    first, second = history(logged, [told]).sessions
    (bout,) = second.bouts
    assert (first.bouts[0].pain, first.bouts[0].fell, first.rpe) == (None, False, None)
    assert (bout.pain, bout.fell, second.rpe) == {
        "pain": (7.0, False, None),
        "fall": (None, True, None),
        "end": (None, False, 6.0),
    }[what]


def test_each_set_belongs_to_its_own_local_day():
    found = history([one_set(0, 23, 59, reps=10), one_set(1, 0, 1, reps=9)])
    assert [one.day for one in found.sessions] == [MONDAY, MONDAY + timedelta(days=1)]


def test_sessions_and_bouts_stand_in_the_order_they_were_done():
    found = history(sets(3, CLAM, (9,), "left"), sets(0, BRIDGE, (8,)), sets(0, CLAM, (7,), "right", when=at(0, 9)))
    assert [(one.day, [bout.exercise for bout in one.bouts]) for one in found.sessions] == [
        (MONDAY, [BRIDGE, CLAM]),
        (MONDAY + timedelta(days=3), [CLAM]),
    ]
    assert list(found.bouts) == [(BRIDGE, None), (CLAM, "right"), (CLAM, "left")]
    assert found.last_day == MONDAY + timedelta(days=3)
    assert [one.day for one in found.since(MONDAY + timedelta(days=1))] == [found.last_day]
    assert set(found.by_session) == {"2026-05-04", "2026-05-07"}


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), cut=st.integers(0, 40))
def test_the_order_in_which_a_journal_is_taken_in_does_not_matter(seed, cut):
    entries = [
        *trained(0, CLAM, (15, 14, 13), "left", session="a"),
        *sets(0, CLAM, (12, 11), "right", session="a", pain=2.0),
        *trained(2, BRIDGE, (18, 17)),
        hurt(0, CLAM, 3.0, "hip_side", "left", session="a"),
        fell(2, BRIDGE),
    ]
    shuffled = list(entries)
    random.Random(seed).shuffle(shuffled)
    halves = [*shuffled[cut:], *shuffled[: cut + 5]]  # two halves that overlap
    assert read_history(fold(halves)) == read_history(fold(entries))


def test_what_is_said_of_a_session_is_kept_and_one_without_sets_is_none():
    said = [
        entry(Session(session="a", event="started"), at(0, 8)),
        entry(Session(session="a", event="left", minutes=10), at(0, 8, 15)),
        entry(Session(session="a", event="ended", minutes=25, rpe=6, confidence=8), at(0, 9)),
        entry(Session(session="b", event="ended"), at(1, 9)),
    ]
    done = only(history(said, sets(0, BRIDGE, (10,), session="a", when=at(0, 8, 10))))
    assert (done.rpe, done.confidence, done.minutes, done.ended, done.left) == (6, 8, 25, True, True)
    assert done.at == at(0, 8)


def test_only_what_happened_until_then_counts():
    logged = [*trained(0, BRIDGE, (10, 9)), *trained(2, BRIDGE, (12,)), entry(Walk(duration_s=600), at(2))]
    early = history(logged, until=at(0, 8, 1))
    assert only(early).bouts[0].amounts == (10,)
    assert only(early).morning is None
    assert early.walks == ()
    assert len(history(logged, until=at(3)).walks) == 1


# ---------------------------------------------------------------------------------------------- sets that do not count


def test_a_set_that_was_left_out_does_not_count():
    done = only(history(sets(0, BRIDGE, (10, 9)), [one_set(0, 8, 30, skipped=True, reps=15, pain=7, rpe=10)]))
    assert (done.bouts[0].amounts, done.bouts[0].pain, done.bouts[0].rpe) == ((10, 9), None, None)
    assert history([one_set(0, skipped=True)]).sessions == ()


def test_a_set_that_was_taken_back_does_not_count_until_that_is_taken_back_too():
    logged = sets(0, BRIDGE, (10, 9))
    back = entry(Retraction(target=logged[1].id), at(0, 9))
    assert only(history(logged, [back])).bouts[0].amounts == (10,)
    again = entry(Retraction(target=back.id), at(0, 10))
    assert only(history(logged, [back, again])).bouts[0].amounts == (10, 9)


def test_a_set_written_anew_counts_once():
    first = one_set(0, reps=10)
    anew = one_set(0, reps=10, pain=2.0)
    done = only(history([first, entry(Retraction(target=first.id), at(0, 9)), anew]))
    assert (done.bouts[0].amounts, done.bouts[0].pain, done.bouts[0].entries) == ((10,), 2.0, (anew.id,))


# ---------------------------------------------------------------------------------------------------------- one bout


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ({"reps": 12}, 12),
        ({"reps": 8, "hold_s": 5.0}, 8),
        ({"reps": 1, "hold_s": 25.0}, 25),
        ({"hold_s": 25.0}, 25),
        ({"distance_m": 30.0}, 30),
        ({"reps": 0}, 0),
        ({}, 0),
    ],
)
def test_repetitions_seconds_or_metres_are_counted(told, amount):
    assert only(history([one_set(**told)])).bouts[0].amounts == (amount,)


def test_one_held_repetition_of_a_move_that_counts_repetitions_is_one():
    done = only(history([one_set(exercise="wall_press", side="left", reps=1, hold_s=20.0)]))
    assert done.bouts[0].amounts == (20,)
    assert done.bouts[0].in_repetitions().amounts == (1,)


@pytest.mark.parametrize(
    ("counted", "quality"),
    [
        ([(10, 10), (10, 7)], 85.0),
        ([(12, 6), (8, 8)], 70.0),
        ([(10, 14)], 100.0),  # no more clean ones than there were
        ([(10, 0)], 0.0),
        ([(10, None)], None),
        ([(0, 0)], None),
        ([(None, 5)], None),
    ],
)
def test_quality_is_the_share_of_clean_repetitions_over_all_sets(counted, quality):
    logged = [one_set(minute=n, reps=reps, clean_reps=clean) for n, (reps, clean) in enumerate(counted)]
    assert only(history(logged)).bouts[0].quality == quality


def test_of_effort_and_pain_the_highest_counts_and_of_the_rest_the_last():
    logged = [
        one_set(
            minute=1, reps=10, rpe=8.0, rir=1.0, pain=3.0, load_kg=10.0, band="2", hold_s=5.0, feel=2.0, awkward=7.0
        ),
        one_set(
            minute=2, reps=10, rpe=6.0, rir=4.0, pain=1.0, load_kg=8.0, band="1", hold_s=4.0, feel=6.0, awkward=1.0
        ),
        one_set(minute=3, reps=10, rir=2.0),
    ]
    bout = only(history(logged)).bouts[0]
    assert (bout.rpe, bout.rir, bout.pain) == (8.0, 2.0, 3.0)
    assert (bout.load_kg, bout.band, bout.hold_s, bout.feel, bout.awkward) == (8.0, 1, 4.0, 6.0, 1.0)
    assert bout.entries == tuple(one.id for one in logged)


@pytest.mark.parametrize(
    ("told", "level"), [("1", 1), ("5", 5), ("0", None), ("6", None), ("red", None), ("2.5", None), (None, None)]
)
def test_only_the_five_levels_of_a_band_are_read(told, level):
    assert only(history([one_set(reps=10, band=told)])).bouts[0].band == level


# ------------------------------------------------------------------------------------------------------- whose pain


def pains(*told):
    logged = [*sets(0, CLAM, (10,), "left"), *sets(0, CLAM, (10,), "right"), *sets(0, BRIDGE, (10,))]
    return {(bout.exercise, bout.side): bout for bout in only(history(logged, told)).bouts}


def test_pain_on_the_left_is_not_pain_on_the_right():
    found = pains(hurt(0, CLAM, 4.0, "hip_side", "left"))
    assert {key: bout.pain for key, bout in found.items()} == {
        (CLAM, "left"): 4.0,
        (CLAM, "right"): None,
        (BRIDGE, None): None,
    }
    assert found[CLAM, "left"].places == {"hip_side"}
    assert found[CLAM, "right"].places == frozenset()


def test_pain_without_a_side_counts_on_both_and_in_a_move_without_sides_any_side_counts():
    found = pains(hurt(0, CLAM, 4.0, "groin"), hurt(0, BRIDGE, 3.0, "knee", "right"))
    assert [found[key].pain for key in ((CLAM, "left"), (CLAM, "right"), (BRIDGE, None))] == [4.0, 4.0, 3.0]


def test_pain_told_beside_the_sets_makes_a_bout_worse_never_better():
    logged = sets(0, CLAM, (10,), "left", pain=5.0)
    assert only(history(logged, [hurt(0, CLAM, 2.0, "knee", "left")])).bouts[0].pain == 5.0


@pytest.mark.parametrize("told", [{"quality": "sharp"}, {"quality": "catching"}, {"gives_way": True}])
def test_sharp_pain_and_giving_way_are_kept(told):
    found = pains(hurt(0, CLAM, 1.0, "knee", "left", **told))
    assert (found[CLAM, "left"].sharp, found[CLAM, "right"].sharp) == (True, False)


def test_pain_at_another_time_is_not_pain_of_the_move():
    now = entry(Pain(place="knee", score=6.0, when="now", exercise=CLAM), at(0, 8, 20))
    assert all(bout.pain is None for bout in pains(now).values())


def test_a_fall_in_a_move_counts_for_this_move_on_both_sides_and_that_session():
    found = pains(fell(0, CLAM))
    assert [found[key].fell for key in ((CLAM, "left"), (CLAM, "right"), (BRIDGE, None))] == [True, True, False]
    later = history(sets(0, CLAM, (10,), "left"), sets(1, CLAM, (10,), "left"), [fell(1, CLAM)])
    assert [bout.fell for bout in later.bouts[CLAM, "left"]] == [False, True]


def test_pain_during_a_move_belongs_to_the_session_of_its_day_that_has_the_move():
    logged = sets(0, CLAM, (10,), "left", session="2026-05-04-standalone", pain=0.0)
    assert only(history(logged, [hurt(0, CLAM, 7.0, "knee", "left")])).bouts[0].pain == 7.0


def test_a_fall_belongs_to_the_session_of_its_day_that_has_the_move():
    logged = sets(0, CLAM, (10,), "left", session="2026-05-04-standalone")
    assert only(history(logged, [fell(0, CLAM)])).bouts[0].fell


# -------------------------------------------------------------------------------------------------- the morning after


def test_a_morning_belongs_to_every_session_of_the_last_earlier_day_and_to_no_other():
    logged = [
        *sets(0, BRIDGE, (10,), session="monday"),
        *sets(1, BRIDGE, (10,), session="early", when=at(1, 7, 30)),
        *sets(1, CLAM, (10,), "left", session="late", when=at(1, 19)),
        *sets(2, BRIDGE, (10,), session="same", when=at(2, 6)),
    ]
    found = history(logged, [morning(1, usual=False, score=4.0)]).by_session
    assert {name: one.morning is not None for name, one in found.items()} == {
        "monday": False,
        "early": True,
        "late": True,
        "same": False,
    }
    told = found["early"].morning
    assert told == found["late"].morning
    assert told is not None
    assert (told.usual, told.worst, told.exercises) == (False, 4.0, frozenset())


def test_a_morning_told_days_later_belongs_to_the_last_session_before_it():
    found = history(sets(0, BRIDGE, (10,)), sets(2, BRIDGE, (10,)), [morning(4)])
    assert [one.morning is not None for one in found.sessions] == [False, True]


def test_without_a_word_there_is_no_morning():
    assert only(history(sets(0, BRIDGE, (10,)))).morning is None


@pytest.mark.parametrize(
    ("usual", "score", "good"),
    [(True, 4.0, True), (False, 0.0, False), (None, 0.0, True), (None, 0.5, False)],
)
def test_only_the_usual_or_no_pain_at_all_is_a_good_morning(usual, score, good):
    told = morning(0, usual=usual, score=score)
    assert isinstance(told.body, Pain)
    assert is_usual(told.body) is good
    done = only(history(sets(0, BRIDGE, (10,)), [told]))
    assert done.morning is not None
    assert done.morning.usual is good


def test_a_bad_morning_names_its_moves_only_when_all_its_answers_do():
    logged = sets(0, BRIDGE, (10,))
    bad = [morning(0, False, 3.0, exercise=BRIDGE), morning(0, False, 4.0)]
    named, mixed = (only(history(logged, some)).morning for some in (bad[:1], bad))
    assert named is not None
    assert mixed is not None
    assert (named.exercises, mixed.exercises, mixed.worst) == (frozenset({BRIDGE}), frozenset(), 4.0)


# ------------------------------------------------------------------------------------------------------ the check-in


def test_the_last_check_in_of_the_day_before_the_first_set_counts():
    logged = sets(0, BRIDGE, (10,))
    early = entry(CheckIn(sleep_hours=4.0), at(0, 6))
    late = entry(CheckIn(sleep_hours=9.0), at(0, 12))
    done = only(history(logged, [early, asked(0, sleep_hours=7.0), late]))
    assert done.check_in is not None
    assert done.check_in.sleep_hours == 7.0
    assert done.check_in_entry is not None
    assert only(history(logged, [asked(-1)])).check_in is None
    assert only(history(logged, [late])).check_in is None


def test_a_check_in_right_after_the_start_of_a_session_counts():
    begun = entry(Session(session="a", event="started"), at(0, 7, 45))
    done = only(history([begun, asked(0)], sets(0, BRIDGE, (10,), session="a")))
    assert done.check_in is not None


def test_days_are_counted_by_the_calendar():
    assert days_between(date(2028, 2, 28), date(2028, 3, 1)) == 2
    assert days_between(MONDAY, MONDAY) == 0
