"""Why it exists: what goes beyond one set - walks, flare-ups, sore muscles, unwell days, stops - is not forgotten."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from levelstride.journal.bodies import Answer, Answers, CheckIn, Clearance, Incident, Session, Soreness
from levelstride.journal.entry import Entry
from levelstride.journal.state import fold
from levelstride.programme.history import read_history
from levelstride.programme.soreness import Sore, read_soreness
from tests.programme.test_pain import (
    DAY,
    HOUR,
    MONDAY,
    MORNING,
    RULES,
    cases,
    done,
    entry,
    green_day,
    morning,
    view,
    walk,
)

SIGNS = tuple(flag.id for flag in RULES.known.rules["red_flags"].flags if flag.group == "in_session")


def sore(score: float = 4.0, at: datetime = MONDAY, place: str = "buttock", **kept: Any) -> Entry:
    return entry(Soreness(place=place, score=score, **kept), at)


def checked(at: datetime = MONDAY, **kept: Any) -> Entry:
    return entry(CheckIn(**kept), at)


def asks(*entries: Entry, now: datetime) -> Sore:
    return read_soreness(read_history(fold(entries), now), RULES, now)


def left(case: str, at: datetime = MONDAY) -> Entry:
    return entry(Session(session="s", event="left", note=f"stop:{case}"), at)


def event(level: str | None, what: Any = "fall", at: datetime = MONDAY) -> Entry:
    return entry(Incident(what=what, level=level), at)


def cleared(*covers: str, at: datetime) -> Entry:
    return entry(Clearance(covers=covers, given_by="Dr Test", given_on=at.date()), at)


def signs(at: datetime, value: Any = False, names: tuple[str, ...] = SIGNS) -> Entry:
    return entry(Answers(given=tuple(Answer(question=f"red_flags/{name}", value=value) for name in names)), at)


# ------------------------------------------------------------------------------------------------------------- walking


@pytest.mark.parametrize(
    ("score", "colour"), [(0.0, "green"), (2.0, "green"), (2.5, "amber"), (5.0, "amber"), (5.1, "red"), (None, "amber")]
)
def test_a_walk_has_the_colour_of_its_worst_pain(score, colour):
    assert view(walk(score)).walk.colour == colour


def test_the_morning_after_a_walk_counts():
    day = MONDAY + DAY
    assert cases(view(walk(0.0), now=day).walk) == ["next_morning.no_answer"]
    assert view(walk(0.0), morning(), now=day).walk.colour == "green"
    bad = view(walk(0.0), morning(usual=False, score=2.0), now=day)
    assert (bad.walk.colour, bad.walk.rest_until, bad.colour) == ("red", date(2026, 5, 8), "red")
    sore = entry(Soreness(place="calf", score=3.0), MONDAY + MORNING)
    assert view(walk(0.0), morning(usual=False, score=0.0), sore, now=day).walk.colour == "green"


def test_the_morning_after_another_day_says_nothing_about_the_walk():
    entries = [walk(0.0), done(at=MONDAY + DAY), morning(MONDAY + DAY, usual=False, score=4.0)]
    assert cases(view(*entries, now=MONDAY + 2 * DAY).walk) == ["next_morning.no_answer"]


def test_a_morning_before_the_walk_or_about_a_move_does_not_answer_for_it():
    for said in (morning(MONDAY - DAY), morning(exercise="clamshell")):
        assert cases(view(walk(0.0), said, now=MONDAY + DAY).walk) == ["next_morning.no_answer"]


def test_a_morning_that_names_a_move_is_not_about_the_walk_of_that_day():
    entries = [walk(0.0), done()]
    named = view(*entries, morning(usual=False, score=3.0, exercise="clamshell"), now=MONDAY + DAY)
    assert (named.walk.colour, named.moves["clamshell", "left"].colour) == ("green", "red")
    assert view(*entries, morning(usual=False, score=3.0), now=MONDAY + DAY).walk.colour == "red"


def test_a_red_walk_rests_and_a_green_one_after_the_rest_ends_it():
    entries = [walk(6.0), morning()]
    assert [view(*entries, now=MONDAY + day * DAY).walk.colour for day in (1, 2, 3)] == ["red", "red", "amber"]
    too_soon = [walk(0.0, MONDAY + DAY), morning(MONDAY + DAY)]
    assert view(*entries, *too_soon, now=MONDAY + 2 * DAY).walk.colour == "red"
    later = [walk(0.0, MONDAY + 3 * DAY), morning(MONDAY + 3 * DAY)]
    assert view(*entries, *later, now=MONDAY + 4 * DAY).walk.colour == "green"


# --------------------------------------------------------------------------------------------- flare-ups and referrals


@pytest.mark.requirement("R057")
def test_a_flare_up_halves_first_then_waits_then_steps_back_and_ends():
    entries = [done(pain=6.0), morning()]
    for day in (3, 5, 7, 9):
        entries += green_day(MONDAY + day * DAY)
    found = {}
    for day in range(11):
        flare = view(*entries, now=MONDAY + day * DAY).flare
        found[day] = None if flare is None else (flare.day, flare.part, flare.steps_back_allowed, cases(flare)[0][9:])
    assert found == {
        **{day: (day, "first", 0, "start") for day in range(3)},
        **{day: (day, "wait", 0, "wait") for day in (3, 4, 5)},
        6: (6, "back", 1, "back"),
        7: (7, "back", 1, "back"),
        8: (8, "wait", 1, "wait"),
        9: (9, "wait", 1, "wait"),
        10: None,
    }


def test_only_green_days_with_their_morning_count_towards_the_end():
    entries = [done(pain=6.0), morning()]
    unanswered = [done(at=MONDAY + day * DAY) for day in (3, 5, 7, 9)]
    flare = view(*entries, *unanswered, now=MONDAY + 10 * DAY).flare
    assert flare is not None
    assert (flare.part, flare.steps_back_allowed) == ("wait", 0)


def test_several_sessions_of_a_day_count_as_one():
    entries = [done(pain=6.0), morning()]
    entries += [done(at=MONDAY + 3 * DAY + n * HOUR, session=str(n)) for n in range(4)] + [morning(MONDAY + 3 * DAY)]
    flare = view(*entries, now=MONDAY + 4 * DAY).flare
    assert flare is not None
    assert (flare.part, flare.steps_back_allowed) == ("wait", 0)


def test_a_red_day_within_a_flare_up_starts_its_first_days_anew():
    entries = [done(pain=6.0), morning(), *green_day(MONDAY + 3 * DAY), *green_day(MONDAY + 4 * DAY)]
    entries += [done(at=MONDAY + 8 * DAY, pain=6.0), morning(MONDAY + 8 * DAY)]
    flare = view(*entries, now=MONDAY + 9 * DAY).flare
    assert flare is not None
    assert (flare.since, flare.day, flare.part, flare.steps_back_allowed) == (MONDAY.date(), 9, "first", 0)
    later = view(*entries, now=MONDAY + 11 * DAY).flare
    assert later is not None
    assert (later.part, later.steps_back_allowed) == ("wait", 0)


@pytest.mark.parametrize(("apart", "refers"), [(0, False), (1, True), (6, True), (7, False)])
def test_a_second_red_day_within_a_week_suggests_a_clinician(apart, refers):
    later = MONDAY + apart * DAY
    found = view(done(pain=6.0), done("bridge", later, pain=8.0), now=later + HOUR)
    assert ("pain_colours.red_again" in cases(found.refer)) == refers


def test_a_red_day_and_its_bad_morning_are_one_red():
    found = view(done(pain=6.0), morning(usual=False, score=6.0), now=MONDAY + DAY)
    assert found.refer == ()
    one_morning = [done(), walk(0.0, MONDAY + DAY), morning(MONDAY + DAY, usual=False, score=3.0)]
    assert view(*one_morning, now=MONDAY + 2 * DAY).refer == ()


@pytest.mark.parametrize(("day", "refers"), [(13, False), (14, True)])
def test_a_flare_up_that_is_no_better_after_two_weeks_suggests_a_clinician(day, refers):
    found = view(done(pain=6.0), morning(), *green_day(MONDAY + 5 * DAY), now=MONDAY + day * DAY)
    assert ("flare_up.no_better" in cases(found.refer)) == refers


def test_a_flare_up_that_gets_better_refers_nobody():
    entries = [done(pain=6.0), morning(), *green_day(MONDAY + 5 * DAY), *green_day(MONDAY + 7 * DAY)]
    assert view(*entries, now=MONDAY + 20 * DAY).refer == ()


@pytest.mark.parametrize(("gap", "refers"), [(20, True), (21, False)])
def test_the_third_flare_up_in_six_weeks_suggests_a_clinician(gap, refers):
    entries = []
    for number in range(3):
        start = MONDAY + number * gap * DAY
        entries += [done(at=start, pain=6.0), morning(start)]
        for day in (3, 5, 7, 9):
            entries += green_day(start + day * DAY)
    found = view(*entries, now=MONDAY + 2 * gap * DAY + HOUR)
    assert ("flare_up.often" in cases(found.refer)) == refers


# -------------------------------------------------------------------------------------------------------- sore muscles


@pytest.mark.requirement("R147")
@pytest.mark.parametrize(
    ("kept", "action", "case", "until"),
    [
        ({"hours_since": 73.0}, "step_down", "soreness.too_long", date(2026, 5, 7)),
        ({"hours_since": 73.0, "eases_in_warm_up": True}, "step_down", "soreness.too_long", date(2026, 5, 7)),
        ({"hours_since": 72.0}, "repeat", "soreness.after", date(2026, 5, 6)),
        ({"hours_since": 1.5}, "repeat", "soreness.after", date(2026, 5, 6)),
        ({"hours_since": 1.0}, "hold", "check_in.sore", None),
        ({"eases_in_warm_up": False}, "step_down", "soreness.stays", date(2026, 5, 8)),
        ({"eases_in_warm_up": True}, "repeat", "soreness.goes", None),
        ({}, "repeat", "soreness.after", date(2026, 5, 6)),
    ],
)
def test_the_table_of_soreness(kept, action, case, until):
    at = MONDAY + DAY
    found = asks(done(), sore(at=at, **kept), now=at + HOUR)
    assert (found.action, cases(found), found.rest_until) == (action, [case], until)


def test_no_soreness_asks_for_nothing():
    assert asks(done(), now=MONDAY + DAY) == Sore("none", None, (RULES.why("soreness", "none"),))
    assert asks(now=MONDAY).action == "none"
    assert asks(done(), checked(soreness=0.0), sore(0.0), now=MONDAY + DAY).action == "none"


def test_what_says_sore_is_named():
    said = sore(at=MONDAY + DAY, hours_since=30.0)
    assert asks(said, now=MONDAY + DAY).why[0].entries == (said.id,)


@pytest.mark.parametrize(("hours", "action"), [(72, "repeat"), (73, "step_down")])
def test_without_hours_the_time_since_the_last_session_counts(hours, action):
    at = MONDAY + hours * HOUR
    assert asks(done(), checked(at, soreness=3.0), now=at).action == action


def test_soreness_right_after_the_session_rests_the_next_day():
    at = MONDAY + 2 * HOUR
    found = asks(done(), sore(at=at), now=at)
    assert (found.action, found.rest_until) == ("repeat", date(2026, 5, 6))


def test_a_later_zero_ends_it_at_its_place_and_a_check_in_ends_all():
    at = MONDAY + DAY
    two = [sore(at=at, hours_since=24.0), sore(at=at, place="calf", hours_since=80.0)]
    assert asks(*two, now=at).action == "step_down"
    assert asks(*two, sore(0.0, at + HOUR, "calf"), now=at + HOUR).action == "repeat"
    assert asks(*two, checked(at + HOUR, soreness=0.0), now=at + HOUR).action == "none"
    assert asks(*two, sore(0.0, at - HOUR, "calf"), now=at + HOUR).action == "step_down"


def test_a_report_stands_until_the_step_was_done_again_after_its_rest():
    said = [done(), sore(at=MONDAY + DAY, hours_since=24.0)]
    assert asks(*said, now=MONDAY + 5 * DAY).action == "repeat"
    too_soon = done(at=MONDAY + DAY + HOUR)
    assert asks(*said, too_soon, now=MONDAY + 5 * DAY).action == "repeat"
    again = done(at=MONDAY + 2 * DAY)
    assert asks(*said, again, now=MONDAY + 2 * DAY + HOUR).action == "repeat"
    assert asks(*said, again, now=MONDAY + 3 * DAY).action == "none"


def test_the_warm_up_says_more_than_the_check_in_before_it():
    at = MONDAY + DAY
    begun = [done(), checked(at, soreness=3.0), sore(at=at + HOUR, eases_in_warm_up=True)]
    assert cases(asks(*begun, now=at + HOUR)) == ["soreness.goes"]
    assert cases(asks(*begun[:2], sore(at=at + HOUR, eases_in_warm_up=False), now=at + HOUR)) == ["soreness.stays"]


def test_rest_crosses_the_end_of_a_month():
    at = datetime(2028, 2, 28, 9, tzinfo=MONDAY.tzinfo)
    assert asks(sore(at=at, eases_in_warm_up=False), now=at).rest_until == date(2028, 3, 2)


def test_what_is_said_later_does_not_count_yet():
    assert asks(sore(at=MONDAY + DAY), now=MONDAY).action == "none"


def test_soreness_is_part_of_what_pain_allows():
    assert view(*green_day(MONDAY), sore(at=MONDAY + DAY), now=MONDAY + DAY).soreness.action == "repeat"


# -------------------------------------------------------------------------------------------------------------- unwell


def test_an_unwell_day_has_no_session_until_a_check_in_says_no():
    unwell = checked(unwell=True)
    assert cases(view(unwell).unwell) == ["check_in.unwell"]
    assert view(unwell).unwell[0].entries == (unwell.id,)
    assert view(unwell, checked(MONDAY + HOUR, unwell=False), now=MONDAY + 2 * HOUR).unwell == ()
    assert cases(view(unwell, checked(MONDAY + HOUR, sleep_hours=8.0), now=MONDAY + 2 * HOUR).unwell) != []
    assert view(checked(MONDAY - HOUR, unwell=False), unwell).unwell != ()
    assert view(unwell, now=MONDAY + DAY).unwell == ()


def test_a_no_from_the_future_says_nothing_yet_but_a_yes_does():
    assert view(checked(unwell=True), checked(MONDAY + DAY, unwell=False), now=MONDAY).unwell != ()
    assert view(checked(MONDAY + DAY, unwell=True), now=MONDAY).unwell != ()


def test_a_session_left_feeling_unwell_is_the_last_of_the_day():
    assert cases(view(left("unwell")).unwell) == ["stop_signs.unwell"]
    assert view(left("unwell"), checked(MONDAY + HOUR, unwell=False), now=MONDAY + 2 * HOUR).unwell == ()
    assert view(left("unwell"), now=MONDAY + DAY).unwell == ()
    assert view(left("sharp_joint")).unwell == ()


# --------------------------------------------------------------------------------------------------------------- stops


@pytest.mark.requirement("R155")
@pytest.mark.parametrize("case", [case.id for case in RULES.known.rules["stop_signs"].cases])
def test_a_session_left_because_of_a_sign_stays_closed_or_sends_on_as_the_sign_says(case):
    found = view(*green_day(MONDAY - DAY), left(case), now=MONDAY + 40 * DAY)
    level = RULES.case("stop_signs", case).level
    stops = level in ("emergency", "same_day")
    assert cases(found.stop) == ([f"stop_signs.{case}"] if stops else [])
    assert (found.colour == "black") == stops
    assert (f"stop_signs.{case}" in cases(found.refer)) == (level == "before_start")


def test_a_sign_unknown_here_stops():
    assert cases(view(left("a newer sign")).stop) == ["pain_colours.black"]


def test_a_session_left_for_another_reason_stops_nothing():
    entries = [
        entry(Session(session="s", event="left", note="no time"), MONDAY),
        entry(Session(session="s", event="ended", note="stop:faint"), MONDAY),
    ]
    assert view(*entries).stop == ()


@pytest.mark.parametrize(
    ("level", "what", "stop", "refer"),
    [
        ("emergency", "fall", ["stop_signs.fall_cannot_stand"], []),
        ("same_day", "fall", ["stop_signs.fall_hurt"], []),
        ("before_start", "fall", [], ["stop_signs.fall_ok"]),
        (None, "fall", [], ["stop_signs.fall_ok"]),
        ("emergency", "adverse_event", ["pain_colours.black"], []),
        ("same_day", "near_fall", ["pain_colours.black"], []),
        ("step_down", "near_fall", [], []),
        (None, "near_fall", [], []),
    ],
)
def test_an_event_stops_or_sends_on_by_its_level(level, what, stop, refer):
    found = view(event(level, what))
    assert (cases(found.stop), cases(found.refer)) == (stop, refer)


@pytest.mark.parametrize(
    ("covers", "lifts"),
    [
        ("stop_signs/faint", True),
        (f"red_flags/{SIGNS[0]}", True),
        ("stop_signs/chest_pain", False),
        ("PREG", False),
    ],
)
def test_an_agreement_lifts_the_stop_it_is_about(covers, lifts):
    later = cleared(covers, at=MONDAY + HOUR)
    assert (view(left("faint"), later, now=MONDAY + DAY).stop == ()) == lifts
    assert view(left("faint"), cleared(covers, at=MONDAY - HOUR), now=MONDAY + DAY).stop != ()
    assert view(left("faint"), later, now=MONDAY + HOUR / 2).stop != ()


def test_the_signs_answered_anew_hand_over_to_the_screening():
    later = MONDAY + HOUR
    assert view(left("faint"), signs(later), now=later).stop == ()
    assert view(left("faint"), signs(later, True), now=later).stop == ()  # the screening stops by this yes
    assert view(left("faint"), signs(later, names=SIGNS[1:]), now=later).stop != ()
    assert view(left("faint"), signs(later, None), now=later).stop != ()
    assert view(left("faint"), signs(MONDAY - HOUR), now=later).stop != ()


@pytest.mark.parametrize(("hours", "stops"), [(23.9, True), (24, False)])
def test_for_a_day_answers_do_not_lift_an_event(hours, stops):
    now = MONDAY + timedelta(hours=hours)
    assert (view(event("emergency"), signs(MONDAY + HOUR), now=now).stop != ()) == stops
    assert view(event("emergency"), now=MONDAY + 30 * DAY).stop != ()
    assert view(event("emergency"), cleared("events/fall", at=MONDAY + HOUR), now=MONDAY + 2 * HOUR).stop == ()


@pytest.mark.requirement("R147")
@pytest.mark.parametrize(("score", "action"), [(1.0, "none"), (2.0, "none"), (3.0, "repeat")])
def test_a_little_soreness_in_the_check_in_holds_nothing(score, action):
    told = [*green_day(MONDAY), checked(MONDAY + DAY, soreness=score)]
    assert asks(*told, now=MONDAY + DAY + HOUR).action == action


def test_soreness_that_stays_through_the_warm_up_counts_however_mild_it_is():
    told = [*green_day(MONDAY), sore(1.0, MONDAY + DAY, eases_in_warm_up=False)]
    assert asks(*told, now=MONDAY + DAY + HOUR).action == "step_down"
