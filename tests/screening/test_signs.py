"""Why it exists: everyday signs, and the tests they bring forward."""

import pytest

from levelstride.journal.bodies import AnswerValue
from levelstride.journal.state import State, fold
from levelstride.screening.questions import (
    battery,
    count_signs,
)
from levelstride.screening.safety import decide
from tests.screening.question_walks import DAY, PLACES, SIGNS, SPANS, aged, walk
from tests.screening.support import (
    KNOWN,
    NOW,
    facts,
    person,
    said,
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
