"""Why it exists: the pages come in order, ask everyone what concerns them, end, and ask again what no longer holds."""

from datetime import timedelta

import pytest

from levelstride.journal.state import fold
from levelstride.screening.questions import (
    SAFETY_SECTIONS,
    count_signs,
    next_page,
    pages,
    session_flags,
)
from levelstride.screening.safety import decide
from tests.screening.question_walks import PEOPLE, SECTIONS, SIGNS, aged, ids, paths, walk
from tests.screening.support import (
    EXCLUSIONS,
    FLAGS,
    KNOWN,
    NOW,
    PREGNANCY_SIGNS,
    TOPICS,
    said,
)

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
