"""Why it exists: the pages come in order, ask everyone what concerns them, end, and ask again what no longer holds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from levelstride.journal.bodies import AnswerValue
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import State, fold
from levelstride.screening.questions import (
    SAFETY_SECTIONS,
    Anew,
    Item,
    Page,
    battery,
    check_answer,
    count_signs,
    next_page,
    pages,
    progress,
    session_flags,
)
from levelstride.screening.safety import decide
from levelstride.screening.writing import page_bodies
from tests.screening.support import (
    DAILY,
    EXCLUSIONS,
    FLAGS,
    KNOWN,
    NOW,
    PREGNANCY_SIGNS,
    TOPICS,
    ZONE,
    facts,
    person,
    said,
    taken_back,
)

DAY = timedelta(days=1)
SECTIONS = [section.id for section in KNOWN.intake.sections]
SIGNS = tuple(KNOWN.intake.signs)
PLACES = KNOWN.intake.places
Person = Callable[[Item], AnswerValue]


def saying_no(item: Item) -> AnswerValue:
    """Answer as somebody whom nothing troubles, and who skips what may be skipped."""
    if item.optional:
        return None
    plain: dict[str, AnswerValue] = {"yes_no": False, "several": (), "rating": 0.0, "text": "nothing", "lines": ()}
    if item.kind == "one":
        return "no" if "no" in item.options else next(iter(item.options))
    return plain.get(item.kind, item.low)


def saying_yes(item: Item) -> AnswerValue:
    """Answer as somebody who has everything, everywhere, on both sides."""
    if item.path == "intake/pregnant":
        return "pregnant"
    if item.kind == "one":
        return "both" if "both" in item.options else next(reversed(item.options))
    if item.kind == "lines":
        return ("stairs", "garden")
    wide: dict[str, AnswerValue] = {
        "yes_no": True,
        "several": tuple(item.options),
        "rating": 10.0,
        "text": "no bend over 90",
    }
    return wide.get(item.kind, item.high)


def aged(age: int, person: Person = saying_no, month: str = "jan", **changes: Any) -> Person:
    """Answer as ``person`` of an age; ``changes`` by the last part of a question's path."""
    fixed = {"birth_year": float(NOW.year - age), "birth_month": month, "height": 1.7, **changes}

    def answers(item: Item) -> AnswerValue:
        name = item.path.rsplit("/", 1)[1]
        return (
            fixed[name] if name in fixed and item.path.startswith(("intake/", "body_map/", "signs/")) else person(item)
        )

    return answers


def walk(
    person: Person, entries: list[Entry] | None = None, now: datetime = NOW, anew: Anew | None = None
) -> tuple[list[Page], list[Entry]]:
    """Answer page after page until none is left; no question comes twice."""
    written, seen = list(entries or ()), []
    asked: set[tuple[str, str | None]] = set()
    while (page := next_page(fold(written), KNOWN, now, anew)) is not None:
        assert page.items
        items = {(item.path, item.side) for item in page.items}
        assert len(items) == len(page.items)
        assert not items & asked, f"asked twice on {page.id}: {items & asked}"
        asked |= items
        seen.append(page)
        values = {(item.path, item.side): person(item) for item in page.items}
        written += [new_entry(body, at=now, zone=ZONE) for body in page_bodies(page, values)]
    done, total = progress(fold(written), KNOWN, now)
    assert done == total >= len({page.id for page in seen})
    return seen, written


def paths(seen: list[Page]) -> list[str]:
    return [item.path for page in seen for item in page.items]


def ids(seen: list[Page]) -> list[str]:
    return [page.id for page in seen]


def is_a_fact(page: Page) -> bool:
    """Say whether the page fills the profile: such facts stand until they are changed."""
    return all(item.fills is not None for item in page.items)


PEOPLE = {
    "40, no to everything": aged(40),
    "40, yes to everything": aged(40, saying_yes),
    "15": aged(15),
    "15, turning 16 this month": aged(16, month="may"),
    "16": aged(16),
    "16, yes to everything": aged(16, saying_yes),
    "15, pregnant": aged(15, pregnant="pregnant"),
    "40, birth not long ago": aged(40, pregnant="birth_recent"),
    "75": aged(75),
    "75, yes to everything": aged(75, saying_yes),
    "8": aged(8),
    "5": aged(5),
}


@pytest.fixture(scope="module")
def walks() -> dict[str, tuple[list[Page], list[Entry]]]:
    return {name: walk(person) for name, person in PEOPLE.items()}


# ------------------------------------------------------------------------------------------------------ walking through


@pytest.mark.parametrize("name", PEOPLE)
def test_every_walk_ends_with_all_safety_questions_answered(walks, name):
    seen, written = walks[name]
    state = fold(written)
    assert decide(state, KNOWN, NOW).missing == ()
    order = [SECTIONS.index(page.section) for page in seen]
    assert order == sorted(order)
    assert {page.section for page in seen} == set(SECTIONS)
    assert [page.safety for page in seen] == [page.section in SAFETY_SECTIONS for page in seen]
    again = {page.id for page in seen if ids(seen).count(page.id) > 1}
    assert {page.section for page in seen if page.id in again} <= {"body_map"}
    assert all(ids(seen).count(page_id) == 2 for page_id in again)


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_is_asked_twice(walks, name):
    keys = [(item.path, item.side) for page in walks[name][0] for item in page.items]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("40, no to everything", "green"),
        ("40, yes to everything", "emergency"),
        ("15", "block"),
        ("15, pregnant", "before_start"),
        ("40, birth not long ago", "before_start"),
        ("16", "block"),
        ("16, yes to everything", "emergency"),
        ("75", "before_start"),
    ],
)
def test_the_walk_leads_to_a_decision(walks, name, level):
    decision = decide(fold(walks[name][1]), KNOWN, NOW)
    assert decision.level == level


def test_a_person_without_trouble_is_asked_little(walks):
    seen, written = walks["40, no to everything"]
    asked = paths(seen)
    assert not [page for page in ids(seen) if page.endswith("/more")]
    assert [path for path in asked if path.startswith("body_map/")] == ["body_map/places"]
    assert [path for path in asked if path.startswith("signs/")] == [f"signs/{name}" for name in SIGNS]
    assert [path for path in asked if path.startswith("activities/")] == ["activities/names"]
    for name in ("hard_effort_used", "hard_effort_planned", "guardian_agrees", "clinician_linked", "surgeon_limits"):
        assert f"intake/{name}" not in asked
    assert not [path for path in asked if path.startswith(("red_flags/child_", "red_flags/sess_", "red_flags/preg_"))]
    assert "exclusions/complicated_pregnancy" not in asked
    assert decide(fold(written), KNOWN, NOW).cautions == {}


def test_a_person_with_everything_is_asked_all_that_follows(walks):
    seen, written = walks["40, yes to everything"]
    found = ids(seen)
    for name, topic in TOPICS.items():
        assert f"health/{name}/more" in found
        assert found.index(f"health/{name}/more") == found.index(f"health/{name}") + 1
        page = seen[found.index(f"health/{name}/more")]
        assert paths([page]) == [f"readiness/{name}/{number}" for number in range(len(topic.follow_up))]
    assert "intake/surgeon_limits" in paths(seen)
    assert set(PREGNANCY_SIGNS) <= set(paths(seen))
    assert [page for page in found if page.startswith("signs/")] == [f"signs/{name}" for name in SIGNS]
    assert [page for page in found if page.startswith("activities/")] == ["activities/stairs", "activities/garden"]
    assert count_signs(fold(written), KNOWN) == 7
    assert set(decide(fold(written), KNOWN, NOW).cautions) == set(KNOWN.cautions)


def test_before_the_age_is_known_only_facts_about_the_person_are_asked():
    assert {page.section for page in pages(fold([]), KNOWN, NOW)} == {"about_you"}
    first = next_page(fold([]), KNOWN, NOW)
    assert first is not None
    assert (first.section, first.safety) == ("about_you", True)


def test_a_page_shows_only_its_open_questions_but_a_list_is_shown_whole():
    page = next(page for page in walk(aged(40))[0] if page.id == "warning_signs/cauda_equina")
    about = [entry for entry in walk(aged(40))[1] if entry.kind == "profile"]
    about += [said("intake/norm_sex", None, NOW), said("intake/pregnant", "no", NOW)]
    state = fold([*about, said("red_flags/ce_saddle", False, NOW), said("red_flags/ce_urine", False, NOW)])
    assert next_page(state, KNOWN, NOW) == page
    topic = {f"readiness/{name}": False for name in TOPICS} | {
        "readiness/medicines": True,
        "readiness/medicines/1": False,
    }
    safety = {f"red_flags/{name}": False for name in FLAGS} | {
        f"exclusions/{one.id}": False for one in KNOWN.rules["age_limits"].exclusions
    }
    state = fold([*about, *(said(path, value, NOW) for path, value in (safety | topic).items())])
    open_page = next_page(state, KNOWN, NOW)
    assert open_page is not None
    assert (open_page.id, paths([open_page])) == (
        "health/medicines/more",
        ["readiness/medicines/0", "readiness/medicines/2"],
    )


# ------------------------------------------------------------------------------------------------ who is asked what


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(
    ("name", "guardian", "clinician", "child_hip"),
    [
        ("40, no to everything", False, False, False),
        ("16", True, False, False),
        ("15, turning 16 this month", True, True, True),
        ("15", False, True, True),
        ("8", False, True, True),
        ("5", False, True, False),
    ],
)
def test_the_young_are_asked_who_is_with_them(walks, name, guardian, clinician, child_hip):
    asked = paths(walks[name][0])
    assert ("intake/guardian_agrees" in asked) == guardian
    assert ("intake/clinician_linked" in asked) == clinician
    assert ("red_flags/child_limp" in asked) == child_hip


@pytest.mark.requirement("R054")
@pytest.mark.parametrize(("age", "asked"), [(44, False), (45, False), (46, True), (75, True)])
def test_hard_effort_is_asked_over_45(age, asked):
    found = paths(walk(aged(age))[0])
    assert ("intake/hard_effort_used" in found) == asked
    assert ("intake/hard_effort_planned" in found) == asked


@pytest.mark.requirement("R096")
@pytest.mark.parametrize(
    ("conditions", "asked"),
    [((), False), (("fai",), False), (("thr",), True), (("surg",), True), (("bal", "surg"), True)],
)
def test_the_surgeons_limits_are_asked_only_after_an_operation(conditions, asked):
    found = paths(walk(aged(40, conditions=conditions))[0])
    assert ("intake/surgeon_limits" in found) == asked


@pytest.mark.parametrize(
    ("name", "not_asked", "count"),
    [
        ("15, pregnant", set(), 13),
        ("15", {"pregnancy"}, 12),
        ("40, no to everything", {"pregnancy", "child_hip"}, 11),
        ("40, birth not long ago", {"pregnancy", "child_hip"}, 11),
        ("40, yes to everything", {"child_hip"}, 12),
        ("75, yes to everything", {"pregnancy", "child_hip"}, 11),
    ],
)
def test_warning_signs_are_grouped(walks, name, not_asked, count):
    seen = [page for page in walks[name][0] if page.section == "warning_signs"]
    left_out = {"in_session", *not_asked}
    groups = list(dict.fromkeys(flag.group for flag in FLAGS.values() if flag.group not in left_out))
    assert ids(seen) == [f"warning_signs/{group}" for group in groups]
    assert len(seen) == count
    for page, group in zip(seen, groups, strict=True):
        assert page.layout == "any_of"
        assert paths([page]) == [f"red_flags/{flag.id}" for flag in FLAGS.values() if flag.group == group]
        assert page.title == KNOWN.intake.group_titles[group]
    assert [page.id for page in walks[name][0] if page.layout == "any_of"] == [*ids(seen), "hard_limits", "signs"]
    limits = next(page for page in walks[name][0] if page.id == "hard_limits")
    asked = [name for name in EXCLUSIONS if "pregnancy" not in not_asked or name != "complicated_pregnancy"]
    assert paths([limits]) == [f"exclusions/{name}" for name in asked]


@pytest.mark.requirement("R096")
@pytest.mark.parametrize(("age", "month", "asked"), [(60, "jan", True), (61, "may", True), (61, "jan", False)])
def test_pregnancy_is_asked_once_before_the_warning_signs_up_to_60(age, month, asked):
    found = paths(walk(aged(age, month=month))[0])
    assert found.count("intake/pregnant") == asked
    if asked:
        assert found.index("intake/pregnant") < found.index("red_flags/ce_saddle")
    texts = [option for section in KNOWN.intake.sections for q in section.questions for option in q.options.values()]
    assert [text for text in texts if "pregnant" in text.lower()] == ["I am pregnant"]


def test_becoming_pregnant_opens_its_signs_and_nothing_else(walks):
    _, written = walks["40, no to everything"]
    later = NOW + timedelta(minutes=1)
    again, after = walk(aged(40), [*written, said("intake/pregnant", "pregnant", later)], later)
    # The hard limits are one list, shown whole.
    assert ids(again) == ["warning_signs/pregnancy", "hard_limits"]
    assert set(PREGNANCY_SIGNS) <= set(paths(again))
    assert decide(fold(after), KNOWN, later).missing == ()


@pytest.mark.requirement("R155")
def test_a_stopped_session_asks_the_signs_of_a_session():
    page = session_flags(KNOWN)
    assert (page.layout, page.safety) == ("any_of", True)
    assert paths([page]) == [f"red_flags/{flag.id}" for flag in FLAGS.values() if flag.group == "in_session"]
    assert len(page.items) == 11


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


# ------------------------------------------------------------------------------------------------ places and sides


@pytest.mark.requirement("R002")
def test_the_body_map_covers_back_hip_knee_and_ankle_and_asks_what_gives_way(walks):
    seen, _ = walks["40, yes to everything"]
    marked = next(page.items[0] for page in seen if page.id == "body_map")
    assert {"low_back", "hip_side", "groin", "buttock", "knee", "ankle"} <= set(marked.options)
    for place in marked.options:
        sides = ("left", "right") if PLACES[place].sided else (None,)
        found = [item for page in seen for item in page.items if item.path == f"body_map/{place}/gives_way"]
        assert [item.side for item in found] == list(sides)
        for name in ("severity", "duration", "brought_on", "eases_standing", "gives_way"):
            asked = [item for page in seen for item in page.items if item.path == f"body_map/{place}/{name}"]
            assert [(item.side, item.optional, item.about) for item in asked] == [
                (side, False, PLACES[place].label) for side in sides
            ]
    severity = next(item for page in seen for item in page.items if item.path == "body_map/ankle/severity")
    assert severity.kind == "rating"
    assert "may be linked" in marked.asks
    assert "caused by" not in marked.asks
    assert not PLACES["low_back"].sided


@pytest.mark.requirement("R002")
@pytest.mark.parametrize(
    ("answer", "sides"), [("left", ["left"]), ("right", ["right"]), ("both", ["left", "right"])], ids=lambda v: str(v)
)
def test_a_side_is_kept_with_every_answer_about_a_place(answer, sides):
    seen, written = walk(aged(40, places=("knee",), side=answer, severity=7.0))
    state = fold(written)
    expected = ["body_map", "body_map/knee/side", *(f"body_map/knee/{side}" for side in sides)]
    assert [page for page in ids(seen) if page.startswith("body_map")] == expected
    for side in ("left", "right", None):
        given = state.latest("body_map/knee/severity", side)
        assert (None if given is None else given.value) == (7.0 if side in sides else None)
    assert state.value("body_map/knee/side") == answer


#: What brings it on -> what the page of the place asks when it comes back.
OPENED = [
    ((), []),
    (("sitting", "stairs", "other"), []),
    (("running",), ["onset_distance_m", "onset_minutes"]),
    (("walking",), ["onset_distance_m", "onset_minutes", "eases_standing"]),
    (("sitting", "walking", "running"), ["onset_distance_m", "onset_minutes", "eases_standing"]),
]


@pytest.mark.requirement("R002", "R158")
@pytest.mark.parametrize("place", ["knee", "low_back"])
@pytest.mark.parametrize(("brought_on", "opened"), OPENED, ids=lambda v: "-".join(v) or "nothing")
def test_what_brings_it_on_opens_when_it_starts_on_the_same_page(place, brought_on, opened):
    answers = aged(40, places=(place,), side="both", brought_on=brought_on, onset_distance_m=400.0)
    seen, written = walk(answers)
    sides = ("left", "right") if PLACES[place].sided else (None,)
    for side in sides:
        found = [page for page in seen if page.id == f"body_map/{place}/{side or 'middle'}"]
        first, *back = [[item.path.rsplit("/", 1)[1] for item in page.items] for page in found]
        assert first == ["severity", "duration", "brought_on", "gives_way", "kind"]
        assert back == ([opened] if opened else [])
        assert {item.side for page in found for item in page.items} == {side}
        assert found[0].title == found[-1].title
        distance = fold(written).value(f"body_map/{place}/onset_distance_m", side)
        assert distance == (400.0 if opened else None)


@pytest.mark.requirement("R002", "R158")
def test_a_place_asks_how_long_and_what_brings_it_on(walks):
    items = {item.path: item for page in walks["40, yes to everything"][0] for item in page.items}
    for place in PLACES:
        since, why = items[f"body_map/{place}/duration"], items[f"body_map/{place}/brought_on"]
        assert (since.kind, tuple(since.options), since.optional) == ("one", SPANS, False)
        assert (why.kind, why.none_of_these, why.optional) == ("several", "Nothing special", False)
        distance, minutes = items[f"body_map/{place}/onset_distance_m"], items[f"body_map/{place}/onset_minutes"]
        assert [(item.unit, item.optional) for item in (distance, minutes)] == [("m", True), ("min", True)]
    assert not [path for path in items if path.endswith("duration_weeks")]


def test_a_change_of_mind_about_what_brings_it_on_asks_only_what_it_opens():
    _, written = walk(aged(40, places=("knee",), side="both", brought_on=("running",)))
    later = NOW + timedelta(minutes=1)
    again, _ = walk(aged(40), [*written, said("body_map/knee/brought_on", ("walking",), later, "right")], later)
    assert [(page.id, paths([page])) for page in again] == [("body_map/knee/right", ["body_map/knee/eases_standing"])]


def test_the_side_that_walking_brings_on_is_the_only_one_asked_further():
    def uneven(item: Item) -> AnswerValue:
        if item.path == "body_map/shin_calf/brought_on":
            return ("walking",) if item.side == "right" else ("stairs",)
        if item.path == "body_map/shin_calf/eases_standing":
            return True
        return aged(40, places=("shin_calf",), side="both")(item)

    seen, written = walk(uneven)
    eases = [(item.path, item.side) for page in seen for item in page.items if item.path.endswith("eases_standing")]
    assert eases == [("body_map/shin_calf/eases_standing", "right")]
    assert [reason.case for reason in decide(fold(written), KNOWN, NOW).stops] == ["calf_walk"]


def test_a_place_in_the_middle_has_no_side():
    seen, written = walk(aged(40, places=("low_back",), severity=4.0))
    assert "body_map/low_back/middle" in ids(seen)
    assert "body_map/low_back/side" not in paths(seen)
    assert fold(written).value("body_map/low_back/severity") == 4.0


def test_a_change_of_mind_about_the_side_asks_only_the_new_side():
    _, written = walk(aged(40, places=("knee",), side="left"))
    later = NOW + timedelta(minutes=1)
    again, _ = walk(aged(40), [*written, said("body_map/knee/side", "both", later)], later)
    assert ids(again) == ["body_map/knee/right"]


def test_the_answers_of_two_sides_stay_apart():
    def uneven(item: Item) -> AnswerValue:
        if item.path == "body_map/ankle/severity":
            return 8.0 if item.side == "left" else 2.0
        if item.path == "body_map/ankle/gives_way":
            return item.side == "right"
        return aged(40, places=("ankle",), side="both")(item)

    state = fold(walk(uneven)[1])
    assert (state.value("body_map/ankle/severity", "left"), state.value("body_map/ankle/severity", "right")) == (8, 2)
    assert (state.value("body_map/ankle/gives_way", "left"), state.value("body_map/ankle/gives_way", "right")) == (
        False,
        True,
    )


# ------------------------------------------------------------------------------------------------ signs and battery


def with_signs(count: int, value: AnswerValue = True) -> State:
    return fold([said(f"signs/{name}", value if number < count else False) for number, name in enumerate(SIGNS)])


@pytest.mark.requirement("R017")
@pytest.mark.parametrize("value", [True, "not_sure"])
@pytest.mark.parametrize(
    ("count", "level"),
    [
        (0, "maintenance"),
        (1, "short_plan"),
        (2, "short_plan"),
        (3, "full_plan"),
        (4, "full_plan"),
        (7, "full_plan"),
    ],
)
def test_the_number_of_signs_chooses_the_tests(count, level, value):
    state = with_signs(count, value)
    assert count_signs(state, KNOWN) == count
    found, tests = battery(state, KNOWN)
    named = {test for name in SIGNS[:count] for test in KNOWN.intake.signs[name].tests}
    assert (found, set(tests)) == (level, {*KNOWN.intake.batteries[level], *named})
    assert len(set(tests)) == len(tests)


@pytest.mark.requirement("R017")
def test_the_limit_of_three_is_told_as_our_own():
    rule = KNOWN.rules["screening_signs"]
    limit = rule.figures["full_plan"]
    assert (limit.number(), limit.source, limit.validated) == (3.0, "product_default", False)
    assert "has not been tested" in " ".join(rule.plain)
    says = next(section.says for section in KNOWN.intake.sections if section.id == "signs")
    assert says is not None
    assert "has not been tested" in says
    sizes = [len(KNOWN.intake.batteries[name]) for name in ("maintenance", "short_plan", "full_plan")]
    assert sizes == sorted(set(sizes))


def test_no_answer_about_signs_counts_as_none():
    assert battery(fold([]), KNOWN) == ("maintenance", ("walk10", "sls_eo", "sts5", "chair30"))
    taken = fold([said(f"signs/{name}", True, NOW) for name in SIGNS] + [said(f"signs/{SIGNS[0]}", False, NOW + DAY)])
    assert count_signs(taken, KNOWN) == 6


def naming(*signs: str, places: tuple[str, ...] = (), age: int = 40, both: bool = False) -> State:
    """Return the state of somebody who named these signs and marked these places."""
    marked = [said("body_map/places", places), *(said(f"body_map/{one}/side", "both") for one in places if both)]
    return fold([person(age), *(said(f"signs/{name}", name in signs) for name in SIGNS), *marked])


#: Signs, marked places, age -> level, and the tests in the order in which they are offered.
BATTERIES = [
    pytest.param((), (), 40, "maintenance", "walk10 sls_eo sts5", id="nothing"),
    pytest.param((), (), 59, "maintenance", "walk10 sls_eo sts5", id="59"),
    pytest.param((), (), 60, "maintenance", "walk10 sls_eo chair30", id="60"),
    pytest.param((), ("upper_back",), 40, "maintenance", "walk10 sls_eo sts5", id="a-place-no-test-looks-at"),
    pytest.param((), ("knee",), 40, "maintenance", "wblt sts5 lateral_step_down_q walk10 sls_eo", id="knee"),
    pytest.param((), ("knee",), 75, "maintenance", "wblt lateral_step_down_q chair30 walk10 sls_eo", id="knee-75"),
    pytest.param((), ("groin",), 40, "maintenance", "thomas sl_squat_quality walk10 sls_eo sts5", id="groin"),
    pytest.param((), ("ankle", "foot"), 40, "maintenance", "wblt sls_eo walk10 sts5", id="wblt-named-twice"),
    pytest.param(
        ("low_back_after_walk",),
        ("low_back", "buttock"),
        40,
        "short_plan",
        "sl_bridge_reps side_bridge trendelenburg_seen sts5 walk6min walk10 wblt sls_eo lateral_step_down_q",
        id="back-three-times-side-twice",
    ),
    pytest.param(
        ("single_leg_balance_poor", "persistent_tightness", "glute_feel_squat_lunge"),
        (),
        40,
        "full_plan",
        "wblt thomas sls_eo sl_bridge_reps walk10 trendelenburg_seen sts5 lateral_step_down_q sl_squat_quality "
        "side_lying_abd_hold side_bridge walk6min",
        id="three-signs",
    ),
]


@pytest.mark.requirement("R017")
@pytest.mark.parametrize(("signs", "places", "age", "level", "tests"), BATTERIES)
def test_tests_that_look_at_what_was_named_come_first(signs, places, age, level, tests):
    for both in (False, True):
        state = naming(*signs, places=places, age=age, both=both)
        found = battery(state, KNOWN, NOW.date())
        assert (found[0], " ".join(found[1])) == (level, tests)
    assert set(found[1]) <= set(battery(state, KNOWN)[1])


@pytest.mark.parametrize("level", ["maintenance", "short_plan", "full_plan"])
def test_pain_right_now_is_no_test_of_a_battery(level):
    assert "pain_now" not in KNOWN.intake.batteries[level]
    looked_at = [*KNOWN.intake.signs.values(), *KNOWN.intake.places.values()]
    assert "pain_now" not in {test for one in looked_at for test in one.tests}


@pytest.mark.parametrize(
    ("year", "month", "chair"),
    [(1966, 4, "chair30"), (1966, 5, "sts5"), (1966, 6, "sts5"), (1966, None, "sts5"), (1965, None, "chair30")],
)
def test_everybody_is_offered_exactly_one_chair_test(year, month, chair):
    born = facts(birth_year=year, birth_month=month)
    for count in (0, 1, 7):
        signs = [said(f"signs/{name}", number < count) for number, name in enumerate(SIGNS)]
        tests = battery(fold([born, *signs]), KNOWN, NOW.date())[1]
        assert [test for test in tests if test in ("chair30", "sts5")] == [chair]


@pytest.mark.parametrize("age", [40, 75])
def test_every_test_that_looks_at_something_named_is_offered(age):
    every = {test for tests in KNOWN.intake.batteries.values() for test in tests}
    for name, sign in KNOWN.intake.signs.items():
        assert sign.tests, name
        assert set(sign.tests) <= every
        assert set(sign.tests) <= set(battery(naming(name), KNOWN)[1])
    for name, place in PLACES.items():
        assert set(place.tests) <= every
        assert set(place.tests) <= set(battery(naming(places=(name,)), KNOWN)[1])
        of_age = battery(naming(places=(name,), age=age), KNOWN, NOW.date())[1]
        assert {"sts5", "chair30"} - set(of_age) == {"chair30" if age < 60 else "sts5"}


#: How long ago trouble began.
SPANS = ("under_2_weeks", "weeks_2_6", "weeks_6_12", "months_3_12", "years_1_5", "over_5_years")
#: Sign -> what its requirement asks for beside side, onset, duration and severity: question, kind, options or unit.
DETAILS = [
    pytest.param("low_back_after_walk", "onset_distance_m", "number", "m", (), id="R010"),
    pytest.param("knee_pain_volume", "onset_minutes", "number", "min", (), id="R011"),
    pytest.param("hip_drop_single_leg", "seen_how", "one", None, ("felt", "mirror", "video"), id="R012"),
    pytest.param("glute_feel_squat_lunge", "feel", "rating", None, (), id="R013"),
    pytest.param("persistent_tightness", "site", "several", None, ("front_of_hip", "back_of_thigh"), id="R014"),
    pytest.param("single_leg_balance_poor", "self_rating", "rating", None, (), id="R015"),
    pytest.param("foot_collapse_or_knee_in_walk", "which", "several", None, ("foot_in", "knee_in"), id="R016"),
]


@pytest.mark.requirement("R010", "R011", "R012", "R013", "R014", "R015", "R016")
@pytest.mark.parametrize(("sign", "detail", "kind", "unit", "options"), DETAILS)
def test_a_sign_asks_its_side_onset_duration_and_severity(walks, sign, detail, kind, unit, options):
    seen, written = walks["40, yes to everything"]
    asked = {item.path: item for page in seen if page.id == f"signs/{sign}" for item in page.items}
    own = asked[f"signs/{sign}/{detail}"]
    assert (own.kind, own.unit) == (kind, unit)
    assert set(options) <= set(own.options)
    assert set(asked[f"signs/{sign}/side"].options) == {"left", "right", "both"}
    severity, since = asked[f"signs/{sign}/severity"], asked[f"signs/{sign}/duration"]
    assert (severity.kind, since.kind, tuple(since.options)) == ("rating", "one", SPANS)
    assert (severity.optional, since.optional) == (False, False)
    assert fold(written).value(f"signs/{sign}") is True
    one = fold([said(f"signs/{name}", name == sign) for name in SIGNS])
    level, tests = battery(one, KNOWN)
    assert level == "short_plan"
    looks = KNOWN.intake.signs[sign].tests
    assert set(tests[: len(looks)]) == set(looks)


@pytest.mark.requirement("R012")
def test_the_side_of_a_hip_drop_is_the_leg_stood_on(walks):
    items = {item.path: item for page in walks["40, yes to everything"][0] for item in page.items}
    asks = {name: items[f"signs/{name}/side"].asks for name in SIGNS}
    drop = asks.pop("hip_drop_single_leg")
    assert drop == "On which leg do you stand when it lowers?"
    assert set(asks.values()) == {KNOWN.intake.which_side.asks}
    assert drop not in asks.values()


def test_the_walk_over_ten_metres_asks_only_what_can_be_typed_in():
    walk10 = KNOWN.tests["walk10"]
    assert not [line for line in (*walk10.steps, *walk10.scoring, *walk10.safety) if "fast" in line.lower()]


@pytest.mark.requirement("R015")
@pytest.mark.parametrize("level", ["maintenance", "short_plan", "full_plan"])
def test_a_wobbly_stand_is_also_timed(level):
    assert "sls_eo" in KNOWN.intake.batteries[level]
    assert KNOWN.tests["sls_eo"].measure.unit == "s"


@pytest.mark.parametrize("name", ["40, no to everything", "40, yes to everything"])
@pytest.mark.requirement("R009")
def test_sitting_is_asked_by_day_and_in_one_go(walks, name):
    items = {item.path: item for page in walks[name][0] for item in page.items}
    hours, longest = items["intake/sitting_hours"], items["intake/sitting_longest"]
    assert [(item.kind, item.unit, item.optional) for item in (hours, longest)] == [
        ("number", "h", False),
        ("number", "min", False),
    ]
    assert not [item for item in items.values() if "amnesia" in item.asks.lower() or "sleepy" in item.asks.lower()]


@pytest.mark.requirement("R054")
def test_pain_and_trouble_with_daily_tasks_are_asked_of_everyone(walks):
    for seen, _ in walks.values():
        items = {item.path: item for page in seen for item in page.items}
        assert items["intake/rest_pain"].kind == "rating"
        assert items["intake/daily_tasks"].kind == "yes_no"
        assert items["intake/unwell_today"].kind == "yes_no"


@pytest.mark.requirement("R096")
def test_anatomy_and_past_injuries_are_asked_and_set_their_codes(walks):
    for name, (seen, _) in walks.items():
        items = {item.path: item for page in seen for item in page.items}
        assert {"dysplasia", "fai", "thr", "surg"} <= set(items["intake/conditions"].options)
        assert items["intake/conditions"].options.keys().isdisjoint({"preg", "htn"})
        assert "loose" in items["intake/conditions"].options["dysplasia"]
        assert ("intake/pregnant" in items) == (not name.startswith("75"))
        if "intake/pregnant" in items:
            assert tuple(items["intake/pregnant"].options) == ("no", "pregnant", "birth_recent")
    for name in ("dysplasia", "fai", "thr", "surg"):
        decision = decide(fold(walk(aged(40, conditions=(name,)))[1]), KNOWN, NOW)
        assert set(decision.cautions) == {name.upper()}
        assert KNOWN.cautions[name.upper()].removes


# ------------------------------------------------------------------------------------------------ one answer

YES_NO = Item("a", "?", "yes_no")
ONE = Item("a", "?", "one", options={"x": "X", "y": "Y"})
SEVERAL = Item("a", "?", "several", options={"x": "X", "y": "Y"})
NUMBER = Item("a", "?", "number", unit="h", low=0, high=18)
PART = Item("a", "?", "number", unit="m", low=0.9, high=2.3, whole=False)
RATING = Item("a", "?", "rating")
TEXT = Item("a", "?", "text")
LINES = Item("a", "?", "lines", high=5)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (YES_NO, True),
        (YES_NO, False),
        (YES_NO, "not_sure"),
        (ONE, "y"),
        (SEVERAL, ()),
        (SEVERAL, ("x",)),
        (SEVERAL, ("x", "y")),
        (NUMBER, 0),
        (NUMBER, 18.0),
        (PART, 0.9),
        (PART, 1.755),
        (RATING, 0),
        (RATING, 10.0),
        (TEXT, "none"),
        (LINES, ("stairs",)),
        (LINES, ("a", "b", "c", "d", "e")),
    ],
)
def test_a_fitting_answer_is_taken_as_it_is(item, value):
    assert check_answer(item, value) == value


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        (YES_NO, "yes", "kind"),
        (YES_NO, 1.0, "kind"),
        (YES_NO, 0, "kind"),
        (YES_NO, ("x",), "kind"),
        (ONE, "z", "option"),
        (ONE, True, "option"),
        (ONE, ("x",), "option"),
        (ONE, "", "option"),
        (SEVERAL, ("x", "z"), "option"),
        (SEVERAL, "x", "option"),
        (SEVERAL, False, "option"),
        (NUMBER, "5", "kind"),
        (NUMBER, True, "kind"),
        (NUMBER, (5.0,), "kind"),
        (NUMBER, -1, "range"),
        (NUMBER, 18.5, "range"),
        (NUMBER, 1.5, "whole"),
        (NUMBER, float("nan"), "range"),
        (NUMBER, float("inf"), "range"),
        (PART, 0.89, "range"),
        (PART, 2.31, "range"),
        (RATING, -0.5, "range"),
        (RATING, 11, "range"),
        (RATING, False, "kind"),
        (RATING, "not_sure", "kind"),
        (RATING, 4.5, "whole"),
        (RATING, float("nan"), "range"),
        (TEXT, "", "kind"),
        (TEXT, "  ", "kind"),
        (TEXT, 3.0, "kind"),
        (LINES, "stairs", "kind"),
        (LINES, ("stairs", " "), "kind"),
        (LINES, ("a", "b", "c", "d", "e", "f"), "too_many"),
        *((item, None, "required") for item in (YES_NO, ONE, SEVERAL, NUMBER, PART, RATING, TEXT, LINES)),
    ],
)
def test_a_wrong_answer_is_refused_with_its_code(item, value, code):
    with pytest.raises(ValueError) as refused:
        check_answer(item, value)
    assert str(refused.value) == code


@pytest.mark.parametrize("kind", ["yes_no", "number", "rating", "text", "lines"])
def test_an_optional_question_may_be_skipped(kind):
    assert check_answer(Item("a", "?", kind, optional=True, low=0, high=1), None) is None


def test_safety_questions_cannot_be_skipped(walks):
    for seen, _ in walks.values():
        items = [item for page in seen if page.safety for item in page.items if item.optional]
        assert {item.path for item in items} <= {"intake/norm_sex", "intake/height", "intake/surgeon_limits"}


def test_facts_about_the_person_are_asked_once():
    asked_facts = [facts(units="metric", birth_year=1986, birth_month=1, norm_sex="prefer_not", height_m=1.7)]
    state = fold(asked_facts)
    page = next_page(state, KNOWN, NOW)
    assert page is not None
    assert page.id == "about_you/pregnant"
    state = fold([*asked_facts, said("intake/pregnant", "no", NOW)])
    page = next_page(state, KNOWN, NOW)
    assert page is not None
    assert page.section == "warning_signs"
