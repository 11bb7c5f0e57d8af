"""Why it exists: an answer fits its question or is refused with the reason."""

import pytest

from levelstride.journal.state import fold
from levelstride.screening.questions import (
    Item,
    check_answer,
    next_page,
)
from tests.screening.support import (
    KNOWN,
    NOW,
    facts,
    said,
)

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
