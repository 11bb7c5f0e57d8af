"""Why it exists: shows that walking rises slowly over half a year of anything, and reaches its aim when all is well."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import Pain
from levelstride.journal.state import Logged, State
from levelstride.programme.history import read_history
from levelstride.programme.model import PHASES, Session, WalkPart
from levelstride.programme.pain import PainView, read_pain
from levelstride.programme.walking import EFFORTS, WalkWeek
from tests.programme.walks import MONDAY, RULES, ZONE, case_of, done, lengths, plan, planned, walked, week_days

PAINS = st.sampled_from([None, 0.0, 1.0, 2.0, 2.0, 3.0, 5.0, 5.5, 8.0])
LENGTHS = st.sampled_from([None, 0.5, 0.9, 1.0, 1.0, 1.0, 1.5])
WEEKS = st.lists(
    st.tuples(
        st.lists(st.tuples(PAINS, LENGTHS, st.booleans()), max_size=5),
        st.booleans(),  # easy week
        st.integers(0, 7),  # free days
    ),
    min_size=26,
    max_size=26,
)

STARTS = st.sampled_from([(), planned(6, 6, 6), planned(24, 24, 24, 24), planned(*[30] * 5, efforts=("brisk",) * 5)])


@settings(max_examples=60, deadline=None)
@given(WEEKS, STARTS, st.sampled_from(PHASES), st.booleans(), st.booleans())
def test_half_a_year_of_any_walking_rises_slowly_and_changes_one_thing_at_a_time(
    weeks: list[tuple[list[tuple[float | None, float | None, bool]], bool, int]],
    begin: tuple[Session, ...],
    phase: Any,
    support: bool,
    may_be_hard: bool,
) -> None:
    state, previous, start = State(), begin, MONDAY
    for told, easy_week, free in weeks:
        now = datetime.combine(start, time(6), ZONE)
        history = read_history(state, now)
        pain = read_pain(history, state, RULES, now)
        week = plan(
            history.walks, pain, state=state, previous=previous, starts_on=start, days=week_days(start, free),
            phase=phase, support=support, may_be_hard=may_be_hard, easy_week=easy_week,
        )  # fmt: skip
        check_step(previous, week, pain)
        state, previous = _live(state, week, told, start), _sessions(week)
        start += timedelta(days=7)


def check_step(previous: tuple[Session, ...], week: WalkWeek, pain: PainView) -> None:
    before = [session.walk for session in previous if session.walk is not None]
    assert week.minutes == sum(lengths(week))
    if not before or not week.walks or case_of(week) in ("set_baseline", "no_baseline"):
        return
    minutes = [part.minutes for part in before]
    longer = max(lengths(week)) > max(minutes)
    more = len(week.walks) > len(before)
    faster = EFFORTS.index(week.effort) > max(EFFORTS.index(part.effort) for part in before)
    assert longer + more + faster <= 1
    assert week.minutes <= sum(minutes) + max(sum(minutes) // 10, max(minutes), len(minutes))
    if longer:
        assert max(lengths(week)) <= max(minutes) + max(1, max(minutes) // 10)
    if case_of(week) in ("amber", "red"):
        assert week.minutes <= sum(minutes)
        assert week.effort == "easy"
    if pain.walk.colour != "green":
        assert not longer
        assert not more
        assert not faster
        assert all(part.drill is None for _, part in week.walks)


def _live(state: State, week: WalkWeek, told: list[tuple[float | None, float | None, bool]], start: date) -> State:
    """Walk as planned, or shorter, longer, in pain, without a word."""
    walks, mornings = [], []
    planned_walks = week.walks or ((start, WalkPart(minutes=10)),)
    for (day, part), (pain, share, answers) in zip(planned_walks, told, strict=False):
        walks.append(walked(day, None if share is None else part.minutes * share, pain))
        if answers:
            at = datetime.combine(day + timedelta(days=1), time(5), ZONE)
            body = Pain(place="hip", score=0, when="next_morning", back_to_usual=True)
            mornings.append(Logged(f"morning-{day}", at, "Europe/Prague", body))
    return replace(state, walks=(*state.walks, *walks), pain=(*state.pain, *mornings))


def _sessions(week: WalkWeek) -> tuple[Session, ...]:
    return tuple(
        Session(id=f"{day}-walk", day=day, kind="walk", minutes=0, walk=part) for day, part in week.walks
    )  # fmt: skip


def test_a_patient_walker_reaches_the_target_and_then_the_hills() -> None:
    """Walks as planned without pain: from the start to five times half an hour, then faster."""
    state, previous, start = State(walks=done(12, 12)), (), MONDAY
    seen = []
    for _ in range(26):
        now = datetime.combine(start, time(6), ZONE)
        history = read_history(state, now)
        week = plan(
            history.walks, read_pain(history, state, RULES, now), state=state, previous=previous, starts_on=start,
            days=week_days(start), phase="P4",
        )  # fmt: skip
        seen.append((max(lengths(week)), len(week.walks), week.effort))
        state, previous = _live(state, week, [(0, 1.0, True)] * 7, start), _sessions(week)
        start += timedelta(days=7)
    assert seen[0] == (9, 3, "easy")
    assert seen[-1] == (30, 5, "intervals")
    assert list(dict.fromkeys(effort for _, _, effort in seen)) == list(EFFORTS)
