"""Why it exists: shows that a drill is practised eight times, with fewer hints, only where it belongs into a walk."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from levelstride.journal.bodies import Measured, Origin, SetDone
from levelstride.journal.entry import new_entry
from levelstride.journal.state import Logged, State, fold
from levelstride.programme.history import read_history
from levelstride.programme.walking import WalkWeek
from tests.programme.walks import KNOWN, MONDAY, ZONE, done, plan, planned

EASY_FOR_ALL = "neutral_pelvis_walk"


def practised(
    drill: str, count: int, *, last: date = MONDAY - timedelta(days=1), awkward: float | None = None
) -> State:
    """Return the state after practices on as many days, the last of them on ``last``."""
    return fold(
        new_entry(
            SetDone(exercise=drill, session=f"{day}-walk", hold_s=300, awkward=awkward, number=number),
            at=datetime.combine(day, time(9, number), ZONE),
            zone="Europe/Prague",
        )
        for day in (last - timedelta(days=back) for back in range(count))
        for number in (1, 2)
    )


def practice_week(drill: str | None = None, count: int = 0, minutes: int = 30, **fields: Any) -> WalkWeek:
    name = drill or EASY_FOR_ALL
    state = practised(name, count, awkward=fields.pop("awkward", None))
    frame = {"previous": planned(minutes, minutes, minutes), "drills": () if drill is None else (drill,)}
    return plan(
        done(minutes), state=state, sets=read_history(state), easy_week=True, **{**frame, **fields}
    )  # fmt: skip


def practices(week: WalkWeek) -> list[tuple[int | None, int, int | None]]:
    return [(part.practice, part.drill_minutes, part.cue_every) for _, part in week.walks if part.drill is not None]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, [(1, 5, 1), (2, 6, 1), (3, 7, 1)]),
        (3, [(4, 9, 1), (5, 10, 2), (6, 12, 2)]),
        (5, [(6, 12, 2), (7, 13, 4), (8, 15, 0)]),
        (7, [(8, 15, 0)]),
    ],
)
def test_eight_practices_grow_longer_with_fewer_hints(
    count: int, expected: list[tuple[int | None, int, int | None]]
) -> None:
    week = practice_week("push_off_drill", count)
    assert practices(week) == expected
    assert week.practice_done == count
    cue = KNOWN.exercises["push_off_drill"].cues.external[0]
    assert {part.cue for _, part in week.walks if part.practice} == {cue}


@pytest.mark.parametrize(("minutes", "longest"), [(9, None), (10, 5), (14, 7), (30, 15)])
def test_a_practice_takes_no_more_than_half_of_the_walk(minutes: int, longest: int | None) -> None:
    found = practices(practice_week("push_off_drill", 5, minutes))
    assert max((length for _, length, _ in found), default=None) == longest


def test_no_week_holds_more_than_four_practices() -> None:
    week = practice_week("push_off_drill", 0, previous=planned(*[30] * 5))
    assert [number for number, _, _ in practices(week)] == [1, 2, 3, 4]


def test_without_a_finding_only_a_drill_for_everybody_is_offered() -> None:
    drills = {part.drill for _, part in practice_week(None, 0).walks}
    assert drills == {EASY_FOR_ALL}
    exercise = KNOWN.exercises[EASY_FOR_ALL]
    assert (exercise.cautions, exercise.demands, exercise.equipment.needs) == ((), (), ())


def test_after_eight_practices_a_film_is_asked_for_and_the_next_drill_begins() -> None:
    week = practice_week("push_off_drill", 8, drills=("push_off_drill", "short_contact"))
    assert {part.drill for _, part in week.walks} == {"short_contact"}
    assert [why.case for why in week.notices] == ["done"]
    assert len(week.notices[0].entries) == 2


def test_the_film_is_asked_for_until_there_is_one() -> None:
    state = practised("push_off_drill", 8)
    for day, notices in ((MONDAY - timedelta(days=3), ["done"]), (MONDAY, [])):
        film = Logged(
            "film",
            datetime.combine(day, time(12), ZONE),
            "Europe/Prague",
            Measured(
                test="gait_side",
                measure="cadence_spm",
                value=110,
                unit="steps/min",
                standard_error=2,
                origin=Origin(method="recording"),
            ),
        )
        with_film = replace(state, measures=(film,))
        week = plan(
            done(30),
            state=with_film,
            sets=read_history(state),
            previous=planned(30, 30, 30),
            drills=("push_off_drill",),
        )
        assert [why.case for why in week.notices] == notices


def test_when_every_drill_is_done_walks_are_just_walks() -> None:
    week = practice_week(EASY_FOR_ALL, 8)
    assert practices(week) == []


@pytest.mark.parametrize(
    ("drill", "fields"),
    [
        ("pelvis_march", {}),  # done at a wall
        ("suitcase_carry", {"phase": "P3"}),  # a loaded move with sides
        ("uneven_walk", {"phase": "P1"}),  # no dose in this phase
        ("uneven_walk", {"phase": "P3", "support": True}),
        ("clamshell", {}),  # no drill
    ],
)
def test_what_does_not_belong_into_a_walk_is_not_practised_there(drill: str, fields: dict[str, Any]) -> None:
    assert {part.drill for _, part in practice_week(drill, 0, **fields).walks} == {EASY_FOR_ALL}


def test_uneven_ground_is_for_who_stands_safely() -> None:
    assert {part.drill for _, part in practice_week("uneven_walk", 0, phase="P3").walks} == {"uneven_walk"}


@pytest.mark.parametrize("drill", ["cadence_metronome", "short_contact"])
def test_bringing_the_foot_closer_keeps_speed_and_the_leg_behind(drill: str) -> None:
    week = practice_week(drill, 0)
    cases = [(why.rule, why.case) for why in week.walks[0][1].why]
    assert ("gait_practice", "both_metrics") in cases
    assert (("cadence_practice", "first") in cases) == (drill == "cadence_metronome")


@pytest.mark.parametrize(("awkward", "case"), [(None, "first"), (4.9, "first"), (5.0, "uneasy")])
def test_a_beat_that_felt_odd_is_taken_back(awkward: float | None, case: str) -> None:
    week = practice_week("cadence_metronome", 2, awkward=awkward)
    (why,) = (why for why in week.walks[0][1].why if why.rule == "cadence_practice")
    assert (why.case, bool(why.entries)) == (case, case == "uneasy")


def test_poor_balance_is_practised_beside_a_rail() -> None:
    week = practice_week("short_contact", 0, support=True)
    for _, part in week.walks:
        assert part.support
        assert "balance" in [why.case for why in part.why if why.rule == "gait_practice"]


def test_skipped_sets_are_no_practice() -> None:
    entry = new_entry(
        SetDone(exercise="push_off_drill", skipped=True),
        at=datetime.combine(MONDAY, time(8), ZONE),
        zone="Europe/Prague",
    )
    state = fold([entry])
    week = plan(done(30), sets=read_history(state), previous=planned(30, 30, 30), drills=("push_off_drill",))
    assert week.practice_done == 0
