"""Why it exists: nobody gets past a stop. Every row of the red-flag and readiness tables is one case here.

The tables restate, symptom by symptom, what was found in the literature; the levels and words are written out here and
not read from the library, so that a change there must be made here too. What a clinician's agreement lifts, what a
later no does not lift, and what random answers can never do stand below the tables."""

from typing import Any

import pytest

from levelstride.journal.state import fold
from levelstride.screening.decision import LEVELS, STOPS, Decision, Permit, StoppedError
from levelstride.screening.safety import decide
from tests.screening.safety_cases import (
    IDLE,
    IN_SESSION,
    NOT_DECIDED,
    ROW_LEVELS,
    ROWS,
    SHOWS,
    SYMPTOMS,
    may_have_a_permit,
    names,
)
from tests.screening.support import (
    EXCLUSIONS,
    FLAGS,
    HARD_EFFORT_FROM,
    KNOWN,
    NOW,
    PREGNANT,
    TOPICS,
    answered,
    facts,
    harmless,
    said,
)

# --------------------------------------------------------------------------------------------------- the case table


@pytest.mark.requirement("R054", "R155")
@pytest.mark.parametrize("value", [True, "not_sure"], ids=["yes", "not-sure"])
@pytest.mark.parametrize(
    ("row", "symptom", "flag", "level", "words"),
    [pytest.param(*case, id=f"{case[0]}-{case[1]}-{case[3]}") for case in [*SYMPTOMS, *IN_SESSION]],
)
def test_a_warning_sign_stops(row, symptom, flag, level, words, value):
    age = 12 if row == "child_hip" else 40
    fields = {"clinician_linked": True} if age < 16 else {}
    asked = PREGNANT if row == "pregnancy" else {}
    decision = decide(answered(changes={**asked, f"red_flags/{flag}": value}, age=age, **fields), KNOWN, NOW)

    assert FLAGS[flag].group == row
    assert (decision.level, decision.may_start) == (level, False)
    (reason,) = (reason for reason in decision.reasons if reason.rule == "red_flags")
    assert (reason.case, reason.level) == (flag, level)
    assert [word for word in words if word not in reason.says] == []
    assert [(why.question, why.answer) for why in reason.because] == [(f"red_flags/{flag}", value)]
    assert {"lock_programme", SHOWS[level]} <= set(reason.actions)
    assert ("stop_session" in reason.actions) == (level != "before_start")
    with pytest.raises(StoppedError) as stopped:
        Permit(decision)
    assert reason.says in str(stopped.value)
    assert stopped.value.exit_code == 5


@pytest.mark.requirement("R054", "R096")
@pytest.mark.parametrize("row", [pytest.param(row, id=row.name.replace(" ", "-")) for row in ROWS])
def test_a_row_of_the_readiness_table(row):
    state = answered(*row.later, changes=row.changes, age=row.age, at=row.at, **row.facts)
    decision = decide(state, KNOWN, row.now)

    assert (decision.level, decision.may_start) == (row.level, row.may_start)
    assert names(decision.stops) == tuple(sorted(row.stops))
    assert tuple(sorted(decision.cautions)) == tuple(sorted(row.codes))
    assert set(row.does) <= decision.actions
    assert row.words in " ".join(reason.says for reason in decision.reasons)
    assert may_have_a_permit(decision) == row.may_start
    if row.case is not None:
        assert row.case in held(decision)


def held(decision: Decision) -> set[str]:
    """Return the cases of the library behind the reasons; an exclusion and a topic stand for the case they share."""
    found = set()
    for reason in decision.reasons:
        if reason.rule == "age_limits" and reason.case in EXCLUSIONS:
            found.add("age_limits/exclusion")
        elif reason.rule == "readiness" and reason.case in TOPICS:
            found.add("readiness/any_follow_up_yes")
        else:
            found.add(f"{reason.rule}/{reason.case}")
    return found


# ------------------------------------------------------------------------------- nothing of the library lacks a case


def test_every_warning_sign_has_a_case():
    assert {case[2] for case in [*SYMPTOMS, *IN_SESSION]} == set(FLAGS)


@pytest.mark.parametrize("row", ROW_LEVELS)
def test_a_row_uses_the_levels_it_names(row):
    assert {case[3] for case in SYMPTOMS if case[0] == row} == ROW_LEVELS[row]


def test_thirteen_rows_are_covered():
    assert {case[0] for case in SYMPTOMS} == set(ROW_LEVELS)
    assert len(ROW_LEVELS) == 13


def test_every_exclusion_has_a_case():
    assert {row.name.removeprefix("exclusion ") for row in ROWS if row.case == "age_limits/exclusion"} == set(
        EXCLUSIONS
    )
    assert len(EXCLUSIONS) == 6


def test_every_topic_and_every_follow_up_has_a_case():
    found = {row.name for row in ROWS}
    assert len(TOPICS) == 7
    for name, topic in TOPICS.items():
        assert f"{name} yes, all follow-ups no" in found
        assert {f"{name}, follow-up {number} yes" for number in range(len(topic.follow_up))} <= found
        assert f"{name}, follow-up {len(topic.follow_up)} yes" not in found


def test_every_option_that_sets_a_caution_has_a_case():
    given = {(path, option) for row in ROWS for path, value in row.changes.items() for option in options_of(value)}
    for section in KNOWN.intake.sections:
        for question in section.questions:
            assert {(f"intake/{question.id}", option) for option in question.sets} <= given, question.id
    assert {code for row in ROWS for code in row.codes} == set(KNOWN.cautions)


def options_of(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("rule", ["readiness", "age_limits", "screening_signs"])
def test_every_case_of_a_rule_is_decided_here_or_elsewhere_on_purpose(rule):
    shown = {row.case for row in ROWS if row.case is not None}
    cases = {f"{rule}/{case.id}" for case in KNOWN.rules[rule].cases}
    left = {name for name in NOT_DECIDED if name.startswith(f"{rule}/")}
    assert {case for case in shown if case.startswith(f"{rule}/")} | left == cases
    assert shown.isdisjoint(left)


def test_the_levels_of_the_cases_stop_or_do_not_stop():
    used = {row.level for row in ROWS} | {case[3] for case in SYMPTOMS}
    assert used == set(LEVELS) - {"incomplete"}
    assert set(LEVELS) - STOPS == {"limit", "caution", "green"}


# --------------------------------------------------------------------------------------------------------- ages


@pytest.mark.parametrize(
    ("born", "level"),
    [
        ({"birth_year": 2008, "birth_month": 4}, "green"),
        ({"birth_year": 2008, "birth_month": 5}, "limit"),
        ({"birth_year": 2008, "birth_month": 6}, "limit"),
        ({"birth_year": 2008}, "limit"),
        ({"birth_year": 2007}, "green"),
        ({"birth_year": 2010, "birth_month": 4}, "limit"),
        ({"birth_year": 2010, "birth_month": 5}, "block"),
        ({"birth_year": 2010}, "block"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else value,
)
def test_an_uncertain_birthday_counts_as_the_younger_age(born, level):
    child = {f"red_flags/{flag.id}": False for flag in FLAGS.values() if flag.group == "child_hip"}
    entries = [said(path, value) for path, value in {**harmless(), **child}.items()]
    state = fold([facts(guardian_agrees=True, **born), *entries])
    assert decide(state, KNOWN, NOW).level == level


@pytest.mark.parametrize(("month", "level"), [(4, "before_start"), (5, "before_start"), (6, "green")])
def test_an_uncertain_seventieth_birthday_counts_as_the_older_age(month, level):
    changes = {**harmless(HARD_EFFORT_FROM), **IDLE}
    state = fold([facts(birth_year=1956, birth_month=month), *(said(path, value) for path, value in changes.items())])
    assert decide(state, KNOWN, NOW).level == level


def test_without_a_year_of_birth_nothing_starts():
    state = fold([said(path, value) for path, value in harmless().items()])
    decision = decide(state, KNOWN, NOW)
    assert (decision.level, decision.missing) == ("incomplete", ("profile/birth_year",))
    assert not may_have_a_permit(decision)
