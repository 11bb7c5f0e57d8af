"""Why it exists: what is asked again, when, and what is not."""

from datetime import timedelta

import pytest

from levelstride.journal.bodies import AnswerValue
from levelstride.journal.state import fold
from levelstride.screening.questions import (
    SAFETY_SECTIONS,
    Anew,
    Item,
    Page,
    count_signs,
    next_page,
    pages,
)
from levelstride.screening.safety import decide
from tests.screening.question_walks import DAY, SECTIONS, aged, ids, paths, saying_yes, walk
from tests.screening.support import (
    DAILY,
    KNOWN,
    NOW,
    said,
    taken_back,
)


def is_a_fact(page: Page) -> bool:
    """Say whether the page fills the profile: such facts stand until they are changed."""
    return all(item.fills is not None for item in page.items)


# ------------------------------------------------------------------------------------------------ asked again


def test_what_was_skipped_is_not_asked_again(walks):
    seen, written = walks["40, no to everything"]
    optional = {item.path for page in seen for item in page.items if item.optional}
    assert {"intake/norm_sex", "intake/walk_speed", "intake/goals", "activities/names"} <= optional
    state = fold(written)
    assert all(state.value(path) is None and state.latest(path) is not None for path in optional - {"intake/height"})
    assert next_page(state, KNOWN, NOW + timedelta(hours=1)) is None


def test_what_must_be_answered_is_asked_again_when_it_was_skipped(walks):
    _, written = walks["40, no to everything"]
    state = fold([*written, said("intake/pregnant", None, NOW + timedelta(minutes=1))])
    page = next_page(state, KNOWN, NOW + timedelta(minutes=2))
    assert page is not None
    assert paths([page]) == ["intake/pregnant"]


def test_taking_an_answer_back_opens_its_page_again(walks):
    _, written = walks["40, no to everything"]
    entry = next(one for one in written if "conditions" in one.line and one.kind == "answers")
    page = next_page(fold([*written, taken_back(entry)]), KNOWN, NOW)
    assert page is not None
    assert page.id == "conditions/conditions"


@pytest.mark.requirement("R054")
def test_feeling_unwell_and_pain_at_rest_are_asked_every_day(walks):
    _, written = walks["40, no to everything"]
    late = NOW.replace(hour=23, minute=59)
    assert next_page(fold(written), KNOWN, late) is None
    for days in (1, 2, 100):
        again, after = walk(aged(40), written, NOW + DAY * days)
        assert paths(again) == list(DAILY)
        assert next_page(fold(after), KNOWN, NOW + DAY * days + timedelta(hours=1)) is None
    midnight = NOW.replace(hour=0, minute=0) + DAY
    assert paths(walk(aged(40), written, midnight)[0]) == list(DAILY)
    for path in DAILY:
        given = said(path, 2.0 if path == "intake/rest_pain" else True, NOW + DAY)
        assert paths(walk(aged(40), [*written, given], NOW + DAY)[0]) == [one for one in DAILY if one != path]


def test_a_day_answered_by_a_clock_that_was_ahead_is_asked_once_and_not_for_ever(walks):
    _, written = walks["40, no to everything"]
    ahead = [said(path, value, NOW + 3 * DAY) for path, value in zip(DAILY, (False, 0.0), strict=True)]
    again, _ = walk(aged(40), [*written, *ahead], NOW + DAY)
    assert paths(again) == list(DAILY)


@pytest.mark.requirement("R054")
@pytest.mark.parametrize("value", [True, "not_sure"])
def test_a_change_of_health_asks_again_about_safety_and_what_hurts_and_nothing_else(walks, value):
    seen, written = walks["40, yes to everything"]
    changed = said("intake/health_changed", value, NOW + timedelta(hours=1))
    again, after = walk(aged(40, saying_yes), [*written, changed], NOW + DAY)
    complaints = ("body_map", "signs")
    asked = [page for page in seen if page.section in (*SAFETY_SECTIONS, *complaints) and not is_a_fact(page)]
    safety = [page for page in asked if page.section in SAFETY_SECTIONS]
    assert [page.id for page in again if page.section in SAFETY_SECTIONS] == ids(safety)
    assert list(dict.fromkeys(ids(again))) == list(dict.fromkeys(ids(asked)))
    items = sorted((item.path, str(item.side)) for page in asked for item in page.items)
    assert sorted((item.path, str(item.side)) for page in again for item in page.items) == items
    sections = {"about_you", "warning_signs", "hard_limits", "health", "today", "conditions", *complaints}
    assert {page.section for page in again} == sections
    assert [path for page in again if page.section == "about_you" for path in paths([page])] == ["intake/pregnant"]
    assert decide(fold(after), KNOWN, NOW + DAY).missing == ()


def test_after_a_change_of_health_who_has_no_complaint_left_is_asked_no_detail(walks):
    _, written = walks["40, yes to everything"]
    changed = said("intake/health_changed", True, NOW + timedelta(hours=1))
    again, after = walk(aged(40), [*written, changed], NOW + DAY)
    assert [page.id for page in again if page.section in ("body_map", "signs")] == ["body_map", "signs"]
    assert count_signs(fold(after), KNOWN) == 0
    assert next_page(fold(after), KNOWN, NOW + DAY + timedelta(hours=1)) is None


@pytest.mark.requirement("R002", "R054")
def test_a_warning_sign_on_the_body_map_that_came_with_a_change_of_health_stops():
    steady, shaky = (aged(40, places=("groin",), side="left", gives_way=value) for value in (False, True))
    _, written = walk(steady)
    assert decide(fold(written), KNOWN, NOW).level == "green"
    changed = said("intake/health_changed", True, NOW + timedelta(hours=1))
    _, after = walk(shaky, [*written, changed], NOW + timedelta(hours=2))
    assert [one.case for one in decide(fold(after), KNOWN, NOW + timedelta(hours=2)).stops] == ["hip_gives_way"]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_is_asked_anew_whole_and_once(walks, section):
    _, written = walks["40, yes to everything"]
    later = NOW + timedelta(hours=1)
    state = fold(written)
    assert next_page(state, KNOWN, later) is None
    again, after = walk(aged(40, saying_yes), written, later, Anew(section, later))
    whole = [page for page in pages(state, KNOWN, later) if page.section == section]
    assert {page.section for page in again} == {section}
    assert ids(again) == ids(whole)
    assert [paths([page]) for page in again] == [paths([page]) for page in whole]
    assert next_page(fold(after), KNOWN, later + timedelta(minutes=1), Anew(section, later)) is None
    assert next_page(fold(written), KNOWN, later, Anew(section, NOW)) is None


def test_a_section_asked_anew_takes_the_new_answer(walks):
    _, written = walks["40, no to everything"]
    later = NOW + timedelta(hours=1)
    person = aged(40, places=("knee",), side="right", severity=7.0, units="imperial", height=1.8)
    _, after = walk(person, written, later, Anew("body_map", later))
    assert fold(after).value("body_map/knee/severity", "right") == 7.0
    assert next_page(fold(written), KNOWN, later, Anew("about_you", later)) is not None
    _, after = walk(person, written, later, Anew("about_you", later))
    assert (fold(after).fact("units"), fold(after).fact("height_m")) == ("imperial", 1.8)


def test_a_section_asked_anew_leaves_a_stop_as_it_is(walks):
    _, written = walks["40, no to everything"]
    later = NOW + timedelta(hours=1)
    stop = said("red_flags/ca_month", True, NOW + timedelta(minutes=5))
    again, after = walk(aged(40), [*written, stop], later, Anew("warning_signs", later))
    assert "red_flags/ca_month" in paths(again)
    assert [one.case for one in decide(fold(after), KNOWN, later).stops] == ["ca_month"]


YES_NO_ASKED = ["red_flags/ce_legs", "exclusions/joint_infection", "readiness/medicines", "intake/daily_tasks"]


@pytest.mark.parametrize("path", YES_NO_ASKED)
def test_what_is_missing_for_want_of_a_yes_or_no_is_asked_again(walks, path):
    _, written = walks["40, no to everything"]
    later = NOW + timedelta(minutes=2)
    broken = [*written, said(path, "yes", NOW + timedelta(minutes=1))]
    assert decide(fold(broken), KNOWN, later).missing == (path,)
    again, after = walk(aged(40), broken, later)
    assert path in paths(again)
    assert decide(fold(after), KNOWN, later).missing == ()


def test_no_change_of_health_asks_nothing(walks):
    _, written = walks["40, no to everything"]
    same = said("intake/health_changed", False, NOW + timedelta(hours=1))
    assert next_page(fold([*written, same]), KNOWN, NOW + timedelta(hours=2)) is None


@pytest.mark.requirement("R054")
def test_after_a_year_the_safety_questions_are_asked_again(walks):
    seen, written = walks["40, no to everything"]
    later = NOW + 367 * DAY
    again, _ = walk(aged(41), written, later)
    safety = {page.id for page in seen if page.section in SAFETY_SECTIONS and not is_a_fact(page)}
    assert "about_you/pregnant" in safety
    assert set(ids(again)) == safety
    assert paths(walk(aged(40), written, NOW + 364 * DAY)[0]) == list(DAILY)


def test_a_birthday_opens_the_questions_of_the_new_age():
    _, written = walk(aged(45))
    again, _ = walk(aged(45), written, NOW.replace(year=NOW.year + 1) - DAY)
    opened = ["intake/hard_effort_used", "intake/hard_effort_planned"]
    assert paths(again) == ["intake/unwell_today", *opened, "intake/rest_pain"]


def test_activities_are_rated_anew_after_14_days(walks):
    names = ("stairs", "garden")
    rate = aged(40, names=names)

    def person(item: Item) -> AnswerValue:
        return names if item.path == "activities/names" else 4.0 if "/score/" in item.path else rate(item)

    seen, written = walk(person)
    assert paths(seen)[-2:] == ["activities/score/stairs", "activities/score/garden"]
    almost = NOW + 14 * DAY - timedelta(seconds=1)
    assert paths(walk(person, written, almost)[0]) == list(DAILY)
    again, after = walk(person, written, NOW + 14 * DAY)
    assert paths(again) == [*DAILY, "activities/score/stairs", "activities/score/garden"]
    assert next_page(fold(after), KNOWN, NOW + 14 * DAY + timedelta(hours=1)) is None
    assert len(fold(after).answers["activities/score/stairs", None]) == 2
    # Those rated later are asked later.
    late = said("activities/score/stairs", 5.0, NOW + 3 * DAY)
    assert paths(walk(person, [*written, late], NOW + 14 * DAY)[0]) == [*DAILY, "activities/score/garden"]
