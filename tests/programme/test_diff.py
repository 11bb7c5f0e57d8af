"""Why it exists: what changed between two weeks is told completely, on the right side, and in words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.library.loader import knowledge
from levelstride.library.translations import LANGUAGES
from levelstride.programme.diff import Change, diff
from levelstride.programme.diff_sayings import change_lines
from levelstride.programme.model import Dose, Programme
from levelstride.screening.sayings import Phrases
from tests.programme.weeks import MONDAY, NEXT, bridge, move, session, walk, week

KNOWN = knowledge()
TUESDAY = MONDAY + timedelta(days=1)


def told(before: Programme, now: Programme, language: str = "en", units: str = "metric") -> list[str]:
    phrases = Phrases(KNOWN, language, units)  # type: ignore[arg-type]
    return [line.text for line in change_lines(diff(before, now), phrases, now.sessions)]


def sided(left: int, right: int, **fields: object) -> Dose | tuple[Dose, ...]:
    return tuple(
        Dose.model_validate({"side": side, "sets": sets, "amount": 15, "top": 15, **fields})
        for side, sets in (("left", left), ("right", right))
    )


def changes(before: Programme, now: Programme) -> set[tuple[str, str, str | None, str | None]]:
    return {(one.kind, one.what, one.exercise, one.side) for one in diff(before, now)}


def test_the_same_week_is_nothing_but_kept() -> None:
    one = week(session(MONDAY, move(), bridge()), walk(TUESDAY))
    assert changes(one, one) == {("kept", "move", "clamshell", None), ("kept", "move", "glute_bridge", None)}
    assert told(one, one) == ["Nothing is different.", "As before: Clamshell; Glute bridge"]


def test_a_change_on_one_side_is_told_on_that_side_only() -> None:
    before = week(session(MONDAY, move("clamshell", *sided(2, 2))))
    now = week(session(NEXT, move("clamshell", *sided(2, 3))), starts_on=NEXT)
    found = [one for one in diff(before, now) if one.exercise == "clamshell"]
    assert set(found) == {
        Change("more", "sets", "clamshell", "right", 2, 3),
        Change("kept", "move", "clamshell", "left"),
    }
    assert "Clamshell, right: 3 sets, before 2 sets" in told(before, now)


def test_a_change_on_both_sides_is_told_once() -> None:
    before = week(session(MONDAY, move("clamshell", *sided(2, 2))))
    now = week(session(NEXT, move("clamshell", *sided(3, 3))), starts_on=NEXT)
    assert diff(before, now) == (Change("more", "sets", "clamshell", None, 2, 3),)


def test_what_came_and_what_went() -> None:
    before = week(session(MONDAY, move()))
    now = week(session(NEXT, bridge()), starts_on=NEXT, phase="P3")
    assert changes(before, now) == {
        ("phase", "phase", None, None),
        ("added", "move", "glute_bridge", None),
        ("gone", "move", "clamshell", None),
    }
    assert told(before, now) == [
        "Phase: One-leg control, before Base strength",
        "New: Glute bridge",
        "No longer: Clamshell",
    ]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ({"amount": 10}, {"amount": 12}, "Glute bridge: 12 repetitions, before 10 repetitions"),
        ({"sets": 3}, {"sets": 1}, "Glute bridge: 1 set, before 3 sets"),
        ({"load_kg": 5}, {"load_kg": 7.5}, "Glute bridge: with 7.5 kg, before with 5 kg"),
        ({}, {"load_kg": 5}, "Glute bridge: with 5 kg, before no weight"),
        ({"band": 3}, {"band": 2}, "Glute bridge: band level 2 of 5, before band level 3 of 5"),
        ({"band": 1}, {}, "Glute bridge: no band, before band level 1 of 5"),
        ({"hold_s": 2}, {"hold_s": 5}, "Glute bridge: each held for 5 s, before each held for 2 s"),
        ({}, {"counts": "seconds"}, "Glute bridge: seconds, before repetitions"),
    ],
)
def test_each_part_of_a_dose_has_its_words(before: dict, now: dict, expected: str) -> None:
    lines = told(week(session(MONDAY, bridge(**before))), week(session(NEXT, bridge(**now)), starts_on=NEXT))
    assert lines == [expected]


def test_loads_are_told_in_pounds_to_who_uses_them() -> None:
    before, now = week(session(MONDAY, bridge(load_kg=5))), week(session(MONDAY, bridge(load_kg=10)))
    assert told(before, now, units="imperial") == ["Glute bridge: with 22 lb, before with 11 lb"]


def test_less_is_not_called_more() -> None:
    before, now = week(session(MONDAY, bridge(3, 12))), week(session(MONDAY, bridge(2, 10)))
    assert {one.kind for one in diff(before, now)} == {"less"}


def test_a_moved_session_keeps_its_name_and_changes_its_day() -> None:
    before = week(session(MONDAY, move()))
    now = week(session(TUESDAY, move(), first=MONDAY))
    assert [one for one in diff(before, now) if one.kind == "moved"] == [
        Change("moved", "day", before=MONDAY, now=TUESDAY, session="2026-09-14-standalone")
    ]
    assert "Session: Tue, Sep 15, before Mon, Sep 14" in told(before, now)


def test_the_week_as_a_whole_is_compared() -> None:
    before = week(session(MONDAY, move()), session(TUESDAY, move()), walk(MONDAY, 20), walk(TUESDAY, 20))
    now = week(session(MONDAY, move()), walk(MONDAY, 25), walk(TUESDAY, 25), easy_week=True)
    assert told(before, now) == [
        "This is an easier week on purpose.",
        "Sessions in the week: 1, before 2",
        "Walking in the week: 50 min, before 40 min",
        "Clamshell: once a week, before 2 times a week",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_change(language: str) -> None:
    before = week(session(MONDAY, bridge(load_kg=5, band=1, hold_s=2), move()), walk(TUESDAY))
    now = week(session(TUESDAY, bridge(2, 12), move("side_lying_abd"), first=MONDAY), phase="P3", easy_week=True)
    lines = told(before, now, language)
    assert len(lines) == len([one for one in diff(before, now) if one.kind != "kept"])
    assert not [line for line in lines if "{" in line or not line.strip()]


doses = st.builds(
    lambda left, right, amount, load: (
        Dose(side="left", sets=left, amount=amount, top=amount, load_kg=load),
        Dose(side="right", sets=right, amount=amount, top=amount, load_kg=load),
    ),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(5, 20),
    st.sampled_from([None, 2.5, 5.0]),
)
weeks = st.lists(st.tuples(st.sampled_from(["clamshell", "side_lying_abd", "fire_hydrant"]), doses), max_size=3).map(
    lambda moves: week(session(MONDAY, *(move(name, *given) for name, given in dict(moves).items())))
)


@given(weeks, weeks)
def test_there_and_back_mirror_each_other(one: Programme, other: Programme) -> None:
    mirror = {"more": "less", "less": "more", "added": "gone", "gone": "added"}
    there = {(mirror.get(c.kind, c.kind), c.what, c.exercise, c.side, c.now, c.before) for c in diff(one, other)}
    back = {(c.kind, c.what, c.exercise, c.side, c.before, c.now) for c in diff(other, one)}
    assert there == back


@given(weeks, weeks)
def test_every_move_of_both_weeks_is_accounted_for(one: Programme, other: Programme) -> None:
    named = {change.exercise for change in diff(one, other) if change.exercise is not None}
    assert named == {m.exercise for programme in (one, other) for s in programme.sessions for m in s.moves}
