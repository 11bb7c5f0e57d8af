"""Why it exists: the present state follows from what happened and when, never from what arrived when."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal import bodies as b
from levelstride.journal.entry import read_entry
from levelstride.journal.state import State, fold
from tests.journal.support import BODIES, NOON, content, entries, id_at, line_of, made

HOUR = timedelta(hours=1)


def answer(question, value=None, side=None):
    return b.Answer(question=question, value=value, side=side)


def answered(*given, at=NOON, number):
    return made(b.Answers(given=given), at, number=number)


def back(target, *, number, at=NOON):
    return made(b.Retraction(target=str(id_at(target))), at, number=number)


def pain(score, at=NOON, *, number, side=None, zone="UTC"):
    return made(b.Pain(place="knee", score=score, when="now", side=side), at, number=number, zone=zone)


def test_an_empty_journal_is_an_empty_state():
    state = fold([])
    assert state == State()
    assert (state.fact("height_m"), state.latest("goal"), state.value("goal")) == (None, None, None)


# ------------------------------------------------------------------------------------------------- answers


def test_the_latest_answer_wins_by_time_not_by_arrival_or_id():
    late = answered(answer("goal", "late"), at=NOON + HOUR, number=1)
    early = answered(answer("goal", "early"), at=NOON - HOUR, number=3)
    middle = answered(answer("goal", "middle"), number=2)
    for order in itertools.permutations([late, early, middle]):
        state = fold(order)
        assert state.value("goal") == "late"
        assert state.latest("goal").id == late.id
        assert state.latest("goal").at == NOON + HOUR
        assert [given.value for given in state.answers["goal", None]] == ["early", "middle", "late"]


def test_the_time_that_counts_is_that_of_the_world_not_of_the_wall_clock():
    # 23:30 in Prague is before 18:00 in New York of the same day.
    prague = answered(
        answer("goal", "Prague"), at=datetime(2026, 5, 1, 23, 30, tzinfo=ZoneInfo("Europe/Prague")), number=2
    )
    york = answered(
        answer("goal", "New York"), at=datetime(2026, 5, 1, 18, tzinfo=ZoneInfo("America/New_York")), number=1
    )
    assert fold([prague, york]).value("goal") == fold([york, prague]).value("goal") == "New York"


def test_the_hour_that_comes_twice_is_in_order():
    zone = ZoneInfo("Europe/Prague")
    first = pain(1, datetime(2026, 10, 25, 2, 50, tzinfo=zone, fold=0), number=2)
    second = pain(2, datetime(2026, 10, 25, 2, 10, tzinfo=zone, fold=1), number=1)
    assert [log.body.score for log in fold([second, first]).pain] == [1, 2]


def test_at_the_same_time_the_later_id_wins():
    one = answered(answer("goal", "one"), number=1)
    two = answered(answer("goal", "two"), at=NOON.astimezone(ZoneInfo("Asia/Kathmandu")), number=2)
    assert fold([two, one]).value("goal") == fold([one, two]).value("goal") == "two"


def test_one_page_can_answer_twice_and_the_last_counts():
    assert fold([answered(answer("goal", "a"), answer("goal", "b"), number=1)]).value("goal") == "b"


def test_not_answered_on_purpose_replaces_an_answer():
    state = fold([answered(answer("goal", "walk"), number=1), answered(answer("goal"), at=NOON + HOUR, number=2)])
    assert state.value("goal") is None
    assert state.latest("goal").id == str(id_at(2))
    assert [given.value for given in state.answers["goal", None]] == ["walk", None]


@pytest.mark.parametrize("value", [True, False, 0.0, 3.5, "", "left", ("a", "b"), ()])
def test_an_answer_keeps_its_value_and_its_type(value):
    found = fold([answered(answer("q", value), number=1)]).value("q")
    assert found == value
    assert type(found) is type(value)


def test_left_answers_never_show_up_as_right():
    state = fold(
        [
            answered(answer("drop", 1.0, "left"), answer("drop", 2.0, "right"), number=1),
            answered(answer("drop", 3.0, "left"), at=NOON + HOUR, number=2),
            answered(answer("drop", 4.0), at=NOON + 2 * HOUR, number=3),
        ]
    )
    assert (state.value("drop", "left"), state.value("drop", "right"), state.value("drop")) == (3.0, 2.0, 4.0)
    only_left = fold([answered(answer("drop", 1.0, "left"), number=1)])
    assert (only_left.value("drop", "right"), only_left.value("drop")) == (None, None)


_sided = st.lists(st.tuples(st.sampled_from(["left", "right", None]), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(_sided, st.data())
def test_sides_are_kept_apart_in_every_list(sides, data):
    journal = []
    for number, (side, as_answer) in enumerate(sides):
        # The value says what its side is.
        value = {"left": 1.0, "right": 2.0, None: 3.0}[side]
        at = NOON + number * HOUR
        if as_answer:
            journal.append(answered(answer("q", value, side), at=at, number=number))
        else:
            journal.append(pain(value, at, number=number, side=side))
            journal.append(made(b.SetDone(exercise="e", side=side, load_kg=value), at, number=100 + number))
    state = fold(data.draw(st.permutations(journal)))
    for side, value in (("left", 1.0), ("right", 2.0), (None, 3.0)):
        assert {given.value for given in state.answers.get(("q", side), ())} <= {value}
        assert {log.body.score for log in state.pain if log.body.side == side} <= {value}
        assert {log.body.load_kg for log in state.sets if log.body.side == side} <= {value}
    assert sum(map(len, state.answers.values())) + len(state.pain) == len(sides)


# ------------------------------------------------------------------------------------------------- profile


def test_each_field_of_the_profile_stands_until_it_is_given_anew():
    journal = [
        made(b.Profile(height_m=1.7, language="cs"), NOON, number=1),
        made(b.Profile(language="en", birth_year=1980), NOON + HOUR, number=2),
        made(b.Profile(height_m=1.69), NOON - HOUR, number=3),
    ]
    for order in itertools.permutations(journal):
        state = fold(order)
        assert {name: fact.value for name, fact in state.profile.items()} == {
            "height_m": 1.7,
            "language": "en",
            "birth_year": 1980,
        }
        assert (state.profile["height_m"].id, state.profile["height_m"].at) == (str(id_at(1)), NOON)
        assert (state.profile["language"].id, state.profile["language"].at) == (str(id_at(2)), NOON + HOUR)
        assert state.fact("birth_month") is None


def test_no_is_an_answer_of_the_profile():
    state = fold([made(b.Profile(guardian_agrees=True), number=1), made(b.Profile(guardian_agrees=False), number=2)])
    assert state.fact("guardian_agrees") is False


@pytest.mark.parametrize(
    ("cleared_at", "expected"),
    [(NOON - HOUR, 1.7), (NOON + HOUR, None)],
    ids=["before it was given", "after it was given"],
)
def test_cleared_removes_what_was_given_before(cleared_at, expected):
    given = made(b.Profile(height_m=1.7, language="cs"), NOON, number=1)
    cleared = made(b.Profile(cleared=("height_m", "shoe_of_a_newer_version")), cleared_at, number=2)
    for order in ([given, cleared], [cleared, given]):
        state = fold(order)
        assert (state.fact("height_m"), state.fact("language")) == (expected, "cs")
        assert ("height_m" in state.profile) == (expected is not None)


def test_cleared_and_given_anew_in_one_entry_is_given():
    first = made(b.Profile(height_m=1.7), number=1)
    second = made(b.Profile(cleared=("height_m",), height_m=1.8), number=2)
    assert fold([first, second]).fact("height_m") == 1.8


def test_a_retracted_clearing_brings_the_field_back():
    journal = [made(b.Profile(height_m=1.7), number=1), made(b.Profile(cleared=("height_m",)), number=2)]
    assert fold(journal).fact("height_m") is None
    assert fold([*journal, back(2, number=3)]).fact("height_m") == 1.7


# ------------------------------------------------------------------------------------------------- taking back

RETRACTIONS = {
    # name: retractions as (its number, the number it targets); does entry 1 count?
    "none": ([], True),
    "taken back": ([(2, 1)], False),
    "taken back twice": ([(2, 1), (3, 1)], False),
    "restored": ([(2, 1), (3, 2)], True),
    "taken back again": ([(2, 1), (3, 2), (4, 1)], False),
    "its restoring taken back": ([(2, 1), (3, 2), (4, 3)], False),
    "four deep": ([(2, 1), (3, 2), (4, 3), (5, 4)], True),
    "one of two restored": ([(2, 1), (3, 1), (4, 2)], False),
    "nothing there to take back": ([(2, 9)], True),
    "takes back itself": ([(2, 2)], True),
    "takes back itself and the entry": ([(2, 1), (3, 3)], False),
    "an earlier id cannot undo a later retraction": ([(3, 1), (2, 3)], False),
    "two that name each other": ([(2, 3), (3, 2)], True),
    "an earlier id can take back an entry": ([(0, 1)], False),
}


@pytest.mark.parametrize(("retractions", "counts"), RETRACTIONS.values(), ids=RETRACTIONS)
def test_what_is_taken_back_does_not_count(retractions, counts):
    journal = [answered(answer("goal", "walk"), number=1), *(back(target, number=n) for n, target in retractions)]
    for order in itertools.permutations(journal):
        state = fold(order)
        assert state.value("goal") == ("walk" if counts else None)
        assert (str(id_at(1)) in state.retracted) == (not counts)
        assert state.entries == 1 + len(retractions)
        assert state.unread == ()


def test_taking_back_the_latest_brings_the_one_before_it():
    journal = [
        answered(answer("goal", "walk"), number=1),
        answered(answer("goal", "run"), at=NOON + HOUR, number=2),
        back(2, number=3, at=NOON + 2 * HOUR),
    ]
    state = fold(journal)
    assert state.value("goal") == "walk"
    assert len(state.answers["goal", None]) == 1
    assert state.retracted == {str(id_at(2))}


def test_the_time_of_a_retraction_does_not_matter():
    # A clock that was set back between writing and undoing.
    assert fold([pain(3, NOON, number=1), back(1, number=2, at=NOON - 24 * HOUR)]).pain == ()


def test_a_retraction_that_arrives_first_waits_for_its_target():
    undone = back(1, number=2)
    assert fold([undone]).retracted == frozenset()
    assert fold([undone, pain(3, number=1)]).pain == ()


@pytest.mark.parametrize("kind", sorted(set(BODIES) - {"retraction"}))
def test_every_kind_can_be_taken_back(kind):
    @settings(max_examples=3, deadline=None)
    @given(BODIES[kind])
    def check(body):
        state = fold([made(body, number=1), back(1, number=2)])
        assert state == State(retracted=frozenset({str(id_at(1))}), entries=2)

    check()


# ------------------------------------------------------------------------------------------------- lists

SET = b.SetDone(exercise="glute_bridge", side="left", reps=12, load_kg=5)
ORIGIN = b.Origin(method="hand")
MEASURE = b.Measured(test="sls_eo", measure="time", side="left", value=31.2, unit="s", standard_error=2, origin=ORIGIN)
LISTS = {
    "clearances": b.Clearance(covers=("heart",), given_by="GP", given_on="2026-04-01"),
    "measures": MEASURE,
    "sets": SET,
    "sessions": b.Session(session="s1", event="ended", feel_after=7),
    "check_ins": b.CheckIn(sleep_hours=7),
    "pain": b.Pain(place="knee", side="right", score=3, when="after"),
    "soreness": b.Soreness(place="calf", score=2),
    "walks": b.Walk(
        duration_s=1800, time_to_symptom_s=600, distance_to_symptom_m=700, footwear="boots", surface="forest"
    ),
    "incidents": b.Incident(what="near_fall"),
    "overrides": b.Override(by="practitioner", action="skip", target="glute_bridge", reason="sore"),
    "programmes": b.Issued(
        programme="p",
        planner_version="1",
        library_version="1",
        input_hash="h",
        seed=1,
        starts_on="2026-05-04",
        content={},
    ),
}


def test_every_kind_has_its_place():
    homes = {type(body) for body in LISTS.values()} | {b.Profile, b.Answers, b.Retraction}
    assert homes == set(b.KINDS.values())
    assert set(BODIES) == set(b.KINDS)


@pytest.mark.requirement("R034", "R146", "R158")
@pytest.mark.parametrize(("name", "body"), LISTS.items(), ids=LISTS)
def test_a_list_is_in_order_of_time_and_whole(name, body):
    late = made(body, NOON + HOUR, number=1, zone="Europe/Prague")
    early = made(body, NOON - HOUR, number=3)
    middle = made(body, NOON, number=2)
    for order in itertools.permutations([late, early, middle]):
        state = fold(order)
        found = getattr(state, name)
        assert [log.id for log in found] == [early.id, middle.id, late.id]
        assert [log.at for log in found] == [NOON - HOUR, NOON, NOON + HOUR]
        assert found[2].zone == "Europe/Prague"
        assert all(log.body == body for log in found)
        others = {other: getattr(state, other) for other in LISTS if other != name}
        assert all(log == () for log in others.values())


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Prague", datetime(2026, 5, 1, 22, 30, tzinfo=UTC), "2026-05-02"),
        ("America/New_York", datetime(2026, 5, 2, 2, 30, tzinfo=UTC), "2026-05-01"),
        ("Pacific/Apia", datetime(2026, 5, 1, 12, 0, tzinfo=UTC), "2026-05-02"),
        ("Asia/Kathmandu", datetime(2026, 5, 1, 18, 14, tzinfo=UTC), "2026-05-01"),
        ("Asia/Kathmandu", datetime(2026, 5, 1, 18, 15, tzinfo=UTC), "2026-05-02"),
        # The nights in which the clocks of Prague change; and one minute before midnight in winter and in summer.
        ("Europe/Prague", datetime(2026, 3, 28, 23, 0, tzinfo=UTC), "2026-03-29"),
        ("Europe/Prague", datetime(2026, 3, 29, 21, 59, tzinfo=UTC), "2026-03-29"),
        ("Europe/Prague", datetime(2026, 3, 29, 22, 0, tzinfo=UTC), "2026-03-30"),
        ("Europe/Prague", datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "2026-10-25"),
        ("Europe/Prague", datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "2026-10-26"),
    ],
)
def test_the_day_is_that_of_the_person(zone, at, day):
    entry = pain(3, at.astimezone(ZoneInfo(zone)), number=1, zone=zone)
    again = read_entry(entry.line)
    (logged,) = fold([again]).pain
    assert logged.at.date().isoformat() == entry.at.date().isoformat() == day
    assert logged.at == at
    assert logged.zone == zone


# ------------------------------------------------------------------------------------------------- unread


def unread_lines():
    return [
        read_entry(line_of(content(id=str(id_at(1)), kind="dream", body={"of": "stairs"}))),
        read_entry(line_of(content(id=str(id_at(2)), kind="pain", version=2, body={"where": "knee"}))),
    ]


def test_what_cannot_be_read_is_counted_and_kept():
    dream, newer = unread_lines()
    readable = read_entry(line_of(content(id=str(id_at(3)), version=2, body={"sleep_hours": 5, "dreams": 3})))
    state = fold([readable, newer, dream])
    assert state.unread == (dream, newer)
    assert state.entries == 3
    assert [log.body.sleep_hours for log in state.check_ins] == [5]
    assert state.pain == ()


def test_what_cannot_be_read_can_be_taken_back():
    dream, newer = unread_lines()
    state = fold([dream, newer, back(1, number=5)])
    assert state.unread == (newer,)
    assert state.retracted == {dream.id}


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=8))
def test_every_entry_is_found_in_the_state_or_was_taken_back(journal):
    kept = {}
    for entry in journal:
        kept[entry.id] = min(kept.get(entry.id, entry), entry, key=lambda same: same.line)
    state = fold(journal)
    in_lists = {log.id for name in LISTS for log in getattr(state, name)}
    in_answers = {given.id for given_all in state.answers.values() for given in given_all}
    expected = {
        entry.id for entry in kept.values() if not isinstance(entry.body, b.Profile | b.Retraction)
    } - state.retracted
    assert in_lists | in_answers == expected
    assert state.entries == len(kept)
    assert state.retracted <= set(kept)
