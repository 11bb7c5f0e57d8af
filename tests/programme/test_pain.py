"""Why it exists: pain overrides everything - each colour at its mark, the morning after, rests, trends."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Body, CheckIn, Incident, Pain, SetDone, Soreness, Walk
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import fold
from levelstride.library.loader import knowledge
from levelstride.programme.history import Bout, Done, History, Morning, read_history
from levelstride.programme.pain import COLOURS, MoveColour, PainView, bout_colour, by_day, read_pain, week_trend, worst
from levelstride.programme.rulebook import Rulebook

RULES = Rulebook(knowledge())
HOME = timezone(timedelta(hours=2))
MONDAY = datetime(2026, 5, 4, 18, 0, tzinfo=HOME)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MORNING = timedelta(hours=14)  # from the evening of a session to eight the next morning


def entry(body: Body, at: datetime) -> Entry:
    return new_entry(body, at=at, zone="Europe/Prague")


def done(exercise: str = "clamshell", at: datetime = MONDAY, side: Any = "left", **kept: Any) -> Entry:
    kept.setdefault("pain", 0.0)
    return entry(SetDone(exercise=exercise, side=side, reps=10, clean_reps=10, **kept), at)


def morning(at: datetime = MONDAY, usual: bool | None = True, score: float = 0.0, exercise: str | None = None) -> Entry:
    """Make the answer on the morning after ``at``."""
    body = Pain(place="hip", score=score, when="next_morning", back_to_usual=usual, exercise=exercise)
    return entry(body, at + MORNING)


def pain(score: float, at: datetime = MONDAY, when: Any = "now", **kept: Any) -> Entry:
    return entry(Pain(place="knee", score=score, when=when, **kept), at)


def walk(worst_pain: float | None, at: datetime = MONDAY) -> Entry:
    return entry(Walk(duration_s=900.0, worst_pain=worst_pain), at)


def view(*entries: Entry, now: datetime = MONDAY + HOUR) -> PainView:
    state = fold(entries)
    return read_pain(read_history(state, now), state, RULES, now)


def move(*entries: Entry, now: datetime = MONDAY + HOUR, exercise: str = "clamshell", side: Any = "left") -> MoveColour:
    return view(*entries, now=now).moves[exercise, side]


def cases(found: Any) -> list[str]:
    return [f"{why.rule}.{why.case}" for why in getattr(found, "why", found)]


def green_day(at: datetime) -> list[Entry]:
    return [done(at=at), morning(at)]


def one_bout(at: datetime = MONDAY, answer: bool | None = None, **kept: Any) -> tuple[Bout, Done]:
    """Return a bout and its session; ``answer`` = whether the next morning was usual, None = not said."""
    bout = Bout("clamshell", "left", "s", at, (10.0,), **kept)
    said = None if answer is None else Morning(at + MORNING, answer, 0.0 if answer else 3.0, frozenset(), ("m",))
    return bout, Done("s", at, (bout,), morning=said)


# ------------------------------------------------------------------------------------------------------ one bout


@pytest.mark.requirement("R057")
@pytest.mark.parametrize(
    ("score", "colour", "case"),
    [
        (0, "green", "green"),
        (2, "green", "green"),
        (2.1, "amber", "amber"),
        (2.5, "amber", "amber"),
        (3, "amber", "amber"),
        (5, "amber", "amber"),
        (5.1, "red", "red_high"),
        (10, "red", "red_high"),
    ],
)
def test_the_number_decides_the_colour(score, colour, case):
    bout, session = one_bout(pain=score, answer=True)
    found = bout_colour(bout, session, RULES, MONDAY + DAY)
    assert (found.colour, cases(found)) == (colour, [f"pain_colours.{case}"])


@pytest.mark.requirement("R155")
@pytest.mark.parametrize("score", [None, 0.0, 1.0, 9.0])
@pytest.mark.parametrize("kind", ["sharp", "catching", "gives_way"])
def test_sharp_pain_is_red_at_any_number(kind, score):
    found = move(done(pain=score, pain_kind=kind))
    assert (found.colour, cases(found)) == ("red", ["pain_colours.red_sharp"])


def test_an_ache_is_judged_by_its_number():
    assert move(done(pain=1.0, pain_kind="ache")).colour == "green"


def test_a_fall_in_a_move_is_red():
    bout, session = one_bout(pain=0.0, answer=True, fell=True)
    found = bout_colour(bout, session, RULES, MONDAY + DAY)
    assert (found.colour, cases(found)) == ("red", ["stop_signs.fall_ok"])


def test_the_same_day_is_judged_by_the_number_alone_and_an_unanswered_morning_holds():
    bout, session = one_bout(pain=0.0)
    assert bout_colour(bout, session, RULES, MONDAY + 5 * HOUR).colour == "green"
    later = bout_colour(bout, session, RULES, MONDAY + 6 * HOUR)  # midnight
    assert (later.colour, cases(later)) == ("amber", ["next_morning.no_answer"])
    assert bout_colour(bout, session, RULES, MONDAY + 90 * DAY).colour == "amber"


@pytest.mark.parametrize("score", [None, 0.0, 2.0, 4.0])
def test_a_morning_above_usual_is_red(score):
    bout, session = one_bout(pain=score, answer=False)
    found = bout_colour(bout, session, RULES, MONDAY + MORNING)
    assert (found.colour, cases(found)) == ("red", ["pain_colours.red_morning"])


def test_reasons_name_the_entries_they_rest_on():
    bad = pain(6.0, when="during", exercise="clamshell", side="left")
    set_done = done(pain=1.0)
    found = move(set_done, bad)
    assert found.why[0].entries == (set_done.id, bad.id)


@settings(max_examples=200)
@given(
    score=st.none() | st.floats(0, 10),
    more=st.floats(0, 10),
    marks=st.tuples(st.booleans(), st.booleans()),
    answer=st.sampled_from([None, True, False]),
    days=st.integers(0, 4),
)
def test_more_pain_or_a_sharp_mark_never_lowers_the_colour_of_a_bout(score, more, marks, answer, days):
    now = MONDAY + days * DAY
    sharp, fell = marks
    bout, session = one_bout(pain=score, sharp=sharp, fell=fell, answer=answer)
    before = COLOURS.index(bout_colour(bout, session, RULES, now).colour)
    raised = None if score is None else min(10.0, score + more)
    for changes in ({"pain": raised}, {"sharp": True}, {"fell": True}):
        after, its = one_bout(**{"pain": score, "sharp": sharp, "fell": fell, "answer": answer, **changes})
        assert COLOURS.index(bout_colour(after, its, RULES, now).colour) >= before


@given(score=st.none() | st.floats(0, 10), answer=st.sampled_from([None, True, False]), days=st.integers(0, 40))
def test_a_missing_answer_is_never_green(score, answer, days):
    bout, session = one_bout(pain=score, answer=answer)
    found = bout_colour(bout, session, RULES, MONDAY + days * DAY)
    if score is None or (answer is None and days > 0):
        assert found.colour != "green"
    assert found.why


def test_worst_is_the_highest_colour():
    assert (worst("green", "red", "amber"), worst("black", "red"), worst()) == ("red", "black", "green")


# ------------------------------------------------------------------------------------------------- the morning after


def test_a_morning_names_the_moves_it_is_about():
    entries = [done(), done("bridge", side=None, pain=2.0), morning(usual=False, score=3.0, exercise="bridge")]
    found = view(*entries, now=MONDAY + MORNING).moves
    assert (found["bridge", None].colour, found["clamshell", "left"].colour) == ("red", "green")


def test_a_morning_without_a_name_is_about_what_hurt_or_was_not_rated():
    entries = [done(), done("bridge", side=None, pain=1.0), done("squat", side=None, pain=None)]
    found = view(*entries, morning(usual=False, score=3.0), now=MONDAY + MORNING).moves
    colours = {key[0]: one.colour for key, one in found.items()}
    assert colours == {"bridge": "red", "squat": "red", "clamshell": "green"}


def test_a_morning_without_a_name_is_about_everything_when_nothing_hurt():
    found = view(done(), done("bridge", side=None), morning(usual=False, score=3.0), now=MONDAY + MORNING).moves
    assert {one.colour for one in found.values()} == {"red"}


def test_a_named_move_that_was_not_done_that_day_is_red_all_the_same():
    entries = [*green_day(MONDAY), done("bridge", MONDAY + DAY), morning(MONDAY + DAY, False, 4.0, "clamshell")]
    found = view(*entries, now=MONDAY + DAY + MORNING).moves
    assert found["clamshell", "left"].colour == "red"
    assert found["clamshell", "left"].rest_until == date(2026, 5, 9)


@pytest.mark.parametrize(("sore", "colour"), [(True, "green"), (False, "red")])
def test_sore_muscles_without_pain_are_not_pain(sore, colour):
    extra = [entry(Soreness(place="buttock", score=4.0), MONDAY + MORNING)] if sore else []
    assert move(done(), morning(usual=False, score=0.0), *extra, now=MONDAY + MORNING).colour == colour


def test_sore_muscles_do_not_explain_pain():
    sore = entry(Soreness(place="buttock", score=4.0), MONDAY + MORNING)
    assert move(done(), morning(usual=False, score=1.0), sore, now=MONDAY + MORNING).colour == "red"


def test_two_sessions_of_one_day_share_the_morning():
    entries = [done(session="a"), done("bridge", MONDAY + HOUR, session="b", pain=0.0)]
    usual = view(*entries, morning(), now=MONDAY + MORNING).moves
    assert {one.colour for one in usual.values()} == {"green"}
    bad = view(*entries, morning(usual=False, score=2.0, exercise="clamshell"), now=MONDAY + MORNING).moves
    assert (bad["clamshell", "left"].colour, bad["bridge", "left"].colour) == ("red", "green")


def test_of_several_mornings_of_one_day_the_stricter_counts():
    bout, session = one_bout(pain=1.0, answer=True)
    _, other = one_bout(pain=0.0, answer=False)
    (found,) = by_day(History((session, other)))
    assert found.morning is not None
    assert (found.morning.usual, found.morning.exercises, len(found.bouts)) == (False, frozenset(), 2)
    assert bout_colour(bout, found, RULES, MONDAY + DAY).colour == "red"


# -------------------------------------------------------------------------------------------------------------- rest


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 5, 4, 18, tzinfo=HOME), date(2026, 5, 7)),
        (datetime(2026, 1, 30, 18, tzinfo=HOME), date(2026, 2, 2)),
        (datetime(2028, 2, 27, 18, tzinfo=HOME), date(2028, 3, 1)),  # with a 29 February
        (datetime(2027, 2, 27, 18, tzinfo=HOME), date(2027, 3, 2)),
        (datetime(2026, 12, 30, 18, tzinfo=HOME), date(2027, 1, 2)),
    ],
)
def test_a_red_move_rests_for_two_whole_days_and_comes_back_amber(at, until):
    entries = [done(at=at, pain=6.0), morning(at)]
    last_day = datetime(until.year, until.month, until.day, 20, tzinfo=HOME) - DAY
    assert (move(*entries, now=last_day).colour, move(*entries, now=last_day).rest_until) == ("red", until)
    after = move(*entries, now=last_day + DAY)
    assert (after.colour, after.rest_until, cases(after)) == ("amber", until, ["pain_colours.red_high"])
    assert move(*entries, now=last_day + 60 * DAY).colour == "amber"
    assert move(*entries, *green_day(last_day + DAY), now=last_day + 2 * DAY).colour == "green"


def test_the_rest_ends_later_when_the_morning_was_bad_too():
    found = move(done(pain=6.0), morning(usual=False, score=6.0), now=MONDAY + MORNING)
    assert (found.rest_until, cases(found)) == (
        date(2026, 5, 8),
        ["pain_colours.red_high", "pain_colours.red_morning"],
    )


def test_doing_a_resting_move_without_pain_does_not_end_its_rest():
    found = move(done(pain=6.0), *green_day(MONDAY + DAY), now=MONDAY + 2 * DAY)
    assert (found.colour, found.rest_until) == ("red", date(2026, 5, 7))
    assert move(done(pain=6.0), *green_day(MONDAY + DAY), now=MONDAY + 3 * DAY).colour == "green"


def test_the_day_is_that_of_the_place_where_it_was_said():
    late = datetime(2026, 5, 4, 23, 30, tzinfo=timezone(timedelta(hours=10)))  # 13:30 UTC
    early = datetime(2026, 5, 5, 0, 30, tzinfo=timezone(timedelta(hours=14)))  # 10:30 UTC, the next day there
    assert move(done(at=late, pain=7.0), now=late + HOUR).rest_until == date(2026, 5, 7)
    assert move(done(at=early, pain=7.0), now=early + HOUR).rest_until == date(2026, 5, 8)
    same_day = datetime(2026, 5, 4, 8, tzinfo=UTC)  # earlier by the clock on the wall, later in truth
    bout, session = one_bout(datetime(2026, 5, 4, 20, tzinfo=timezone(timedelta(hours=13))), pain=0.0)
    assert bout_colour(bout, session, RULES, same_day).colour == "green"


def test_left_and_right_are_judged_apart():
    found = view(done(pain=6.0), done(side="right")).moves
    assert (found["clamshell", "left"].colour, found["clamshell", "right"].colour) == ("red", "green")


# ------------------------------------------------------------------------------ what is said outside a set that counts


@pytest.mark.parametrize(
    "extra",
    [
        pain(7.0, when="during", exercise="clamshell", side="left"),
        pain(1.0, when="during", exercise="clamshell", side="left", quality="sharp"),
        pain(6.0, when="after", exercise="clamshell"),
        pain(0.0, when="after", exercise="clamshell", gives_way=True),
        done(pain=8.0, skipped=True),
        done(pain=None, pain_kind="catching", skipped=True),
        entry(Incident(what="near_fall", exercise="clamshell", level="step_down"), MONDAY),
    ],
)
def test_what_is_said_of_a_move_counts_also_without_a_set(extra):
    assert move(extra).colour == "red"
    assert move(done(), extra).colour == "red"


def test_pain_on_one_side_counts_for_a_move_of_both():
    found = view(done("bridge", side=None), pain(7.0, when="during", exercise="bridge", side="left"))
    assert found.moves["bridge", None].colour == "red"


@pytest.mark.parametrize("side", ["left", "right"])
def test_without_a_side_both_are_meant_also_one_that_was_never_done(side):
    said = pain(7.0, when="after", exercise="clamshell")
    assert move(said, side=side).colour == "red"
    assert move(done(side="left"), said, side=side).colour == "red"


def test_a_side_that_was_named_leaves_the_other_alone():
    said = pain(7.0, when="after", exercise="clamshell", side="right")
    found = view(done(side="left"), done(side="right"), said).moves
    assert (found["clamshell", "left"].colour, found["clamshell", "right"].colour) == ("green", "red")


def test_a_word_that_all_is_well_does_not_make_a_set_better():
    assert move(done(pain=4.0), pain(0.0, MONDAY + HOUR, "after", exercise="clamshell")).colour == "amber"


def test_what_was_said_before_the_last_time_is_over_when_it_was_not_red():
    said = pain(4.0, when="after", exercise="clamshell")
    assert move(done(), said, morning(), now=MONDAY + DAY).colour == "amber"
    assert move(done(), said, morning(), *green_day(MONDAY + DAY), now=MONDAY + 2 * DAY).colour == "green"


def test_what_has_not_happened_yet_says_nothing():
    skipped = done(at=MONDAY + DAY, pain=8.0, skipped=True)
    event = entry(Incident(what="near_fall", exercise="clamshell", level="step_down"), MONDAY + DAY)
    assert move(done(), skipped, event).colour == "green"


# ---------------------------------------------------------------------------------------------------------- the person


def test_before_anything_is_done_nothing_is_green():
    found = view()
    assert (found.colour, found.walk.colour, found.why, found.walk.why) == ("amber", "amber", (), ())
    assert (found.flare, found.stop, found.refer, found.unwell) == (None, (), (), ())


@pytest.mark.parametrize(("score", "colour"), [(2.0, "green"), (2.5, "amber"), (5.0, "amber"), (5.1, "red")])
@pytest.mark.parametrize("when", ["now", "at_rest"])
def test_pain_of_today_counts_for_the_person_on_this_day_only(when, score, colour):
    entries = [*green_day(MONDAY), pain(score, MONDAY + DAY, when)]
    assert view(*entries, now=MONDAY + DAY + HOUR).colour == colour
    assert view(*entries, now=MONDAY + 2 * DAY).colour == "green"


def test_the_last_session_counts_for_the_person_and_an_older_one_for_its_move():
    entries = [done("bridge", pain=4.0), morning(), *green_day(MONDAY + DAY)]
    found = view(*entries, now=MONDAY + 2 * DAY)
    assert (found.colour, found.moves["bridge", "left"].colour) == ("green", "amber")


@pytest.mark.requirement("R138")
@pytest.mark.parametrize(
    ("before", "lately", "colour"),
    [
        (1.0, 2.0, "green"),  # a rise that stays green
        (2.0, 2.5, "red"),
        (3.0, 3.0, "green"),
        (4.0, 3.0, "green"),
        (3.0, 3.1, "red"),
        (None, 5.0, "green"),
    ],
)
def test_pain_that_rises_from_week_to_week_is_red(before, lately, colour):
    now = MONDAY + 14 * DAY
    old = [] if before is None else [pain(before, now - 10 * DAY, "after")]
    entries = [*old, pain(lately, now - 2 * DAY, "after"), *green_day(now - DAY)]
    found = view(*entries, now=now)
    assert found.colour == colour
    assert ("pain_colours.red_trend" in cases(found)) == (colour == "red")


def test_a_rise_is_red_for_its_rest_then_amber_until_the_week_is_over():
    entries = [*green_day(MONDAY), pain(3.0, MONDAY, "after"), pain(4.0, MONDAY + 7 * DAY, "after")]
    entries += green_day(MONDAY + 7 * DAY)
    colours = [view(*entries, now=MONDAY + day * DAY).colour for day in range(8, 15)]
    assert colours == ["red", "red", *["amber"] * 5]


def test_the_trend_takes_seven_days_before_today_and_seven_before_those():
    now, today = MONDAY, MONDAY.date()
    scores = {0: 9.0, 1: 1.0, 7: 2.0, 8: 3.0, 14: 4.0, 15: 8.0}
    for source in (pain, lambda score, at: walk(score, at), lambda score, at: done(at=at, pain=score)):
        state = fold([source(score, now - back * DAY) for back, score in scores.items()])
        assert week_trend(read_history(state), today) == (2.0, 4.0)
    assert week_trend(History(()), today) == (None, None)


@settings(max_examples=60, deadline=None)
@given(
    scores=st.lists(st.none() | st.integers(0, 20).map(lambda n: n / 2), min_size=2, max_size=4),
    which=st.integers(0, 3),
    more=st.floats(0.5, 10),
    sharp=st.booleans(),
)
def test_more_pain_in_the_last_session_never_makes_the_person_or_a_move_better(scores, which, more, sharp):
    names = ("clamshell", "bridge", "squat", "side_plank")
    which %= len(scores)
    raised = list(scores)
    raised[which] = more if scores[which] is None else min(10.0, scores[which] + more)

    def seen(values, kind):
        rows = [(names[n], value, kind if n == which else None) for n, value in enumerate(values)]
        sets = [done(name, pain=value, pain_kind=of_kind) for name, value, of_kind in rows]
        return view(*sets, morning(), now=MONDAY + DAY)

    first, second = seen(scores, None), seen(raised, "sharp" if sharp else None)
    if scores[which] is not None or sharp:
        assert COLOURS.index(second.colour) >= COLOURS.index(first.colour)
        for key, one in first.moves.items():
            assert COLOURS.index(second.moves[key].colour) >= COLOURS.index(one.colour)


@settings(max_examples=40, deadline=None)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_entries_does_not_matter(order):
    entries = [
        *green_day(MONDAY),
        done("bridge", MONDAY + DAY, pain=6.0),
        done("bridge", MONDAY + DAY + HOUR, side="right", pain=None),
        walk(3.0, MONDAY + 2 * DAY),
        pain(4.0, MONDAY + 2 * DAY, "at_rest"),
        done("squat", MONDAY + 3 * DAY, skipped=True, pain=7.0),
        entry(CheckIn(soreness=3.0), MONDAY + 3 * DAY),
        entry(Soreness(place="buttock", score=2.0), MONDAY + 3 * DAY),
    ]
    expected = view(*entries, now=MONDAY + 4 * DAY)
    mixed = list(entries)
    order.shuffle(mixed)
    found = view(*mixed, *entries[:2], now=MONDAY + 4 * DAY)
    assert found == expected
    assert list(found.moves) == list(expected.moves)
