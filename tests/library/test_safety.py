"""Why it exists: the words and lists that keep a person from harm are whole, plain and in the safer order."""

import re

import pytest
from textstat import textstat

from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise
from levelstride.library.translations import user_texts

# Every row of the red-flag table: group, words that must be asked about, the least urgent level a yes may have.
ROWS = {
    "cauda_equina": (("numb", "urine", "stool", "sex"), "emergency"),
    "spine_fracture": (("fall", "bone", "shape"), "same_day"),
    "infection": (("fever", "inject", "joint"), "emergency"),
    "cancer": (("cancer", "weight", "night", "month"), "before_start"),
    "hip_fracture": (("stand", "leg"), "emergency"),
    "femoral_neck_stress": (("groin", "trained"), "same_day"),
    "child_hip": (("limp", "knee"), "emergency"),
    "leg_vein": (("swollen", "clot"), "emergency"),
    "heart_brain": (("chest", "face", "headache"), "emergency"),
    "blood_flow": (("calves", "cold", "tearing"), "same_day"),
    "nerve": (("strength", "foot", "numb"), "same_day"),
    "hip_joint": (("stuck", "weight", "give way"), "before_start"),
    "pregnancy": (("bleed", "fluid", "breath"), "same_day"),
    "in_session": (("chest", "faint", "breath", "numb", "swell", "fall"), "before_start"),
}


def rank(level: str, known: Knowledge) -> int:
    return known.rules["red_flags"].levels[level].order


@pytest.mark.parametrize("group", ROWS)
def test_every_row_of_the_red_flags_is_asked(group: str, known: Knowledge) -> None:
    words, least = ROWS[group]
    flags = [flag for flag in known.rules["red_flags"].flags if flag.group == group]
    asked = " ".join(flag.asks for flag in flags).lower()
    for word in words:
        assert word in asked, word
    assert all(rank(flag.level, known) <= rank(least, known) for flag in flags)


def test_no_red_flag_stands_outside_the_table(known: Knowledge) -> None:
    assert {flag.group for flag in known.rules["red_flags"].flags} == set(ROWS)
    assert all("?" in flag.asks for flag in known.rules["red_flags"].flags)


def test_the_most_urgent_answer_decides(known: Knowledge) -> None:
    rule = known.rules["red_flags"]
    assert rule.combine == "highest"
    assert sorted(rule.levels, key=lambda level: rule.levels[level].order) == ["emergency", "same_day", "before_start"]
    assert all("lock_programme" in level.actions for level in rule.levels.values())


def test_each_level_says_whom_to_call(known: Knowledge) -> None:
    call = {
        "emergency": r"emergency|ambulance",
        "same_day": r"today|emergency",
        "before_start": r"clinician|doctor|see|talk",
    }
    for flag in known.rules["red_flags"].flags:
        assert re.search(call[flag.level], flag.says, re.IGNORECASE), flag.id


def test_emergency_words_are_short_and_the_same_in_both_languages(known: Knowledge) -> None:
    spanish = known.translations["es"]
    for flag in known.rules["red_flags"].flags:
        if flag.level == "emergency":
            assert len(flag.says.split()) <= 24, flag.id
            assert re.search(r"emergencia|urgencia|ambulancia", spanish[flag.says], re.IGNORECASE), flag.id
    grade = textstat.flesch_kincaid_grade(" ".join(flag.asks for flag in known.rules["red_flags"].flags))
    assert grade <= 6.0


def test_a_childs_hip_has_its_ages(known: Knowledge) -> None:
    flags = [flag for flag in known.rules["red_flags"].flags if flag.group == "child_hip"]
    assert flags
    assert {flag.ages for flag in flags} == {(8, 15)}


def test_ages_below_18_are_closed_or_limited(known: Knowledge) -> None:
    rule = known.rules["age_limits"]
    assert {name: rule.figures[name].value for name in ("self_use", "guardian_min", "guardian_max")} == {
        "self_use": 18.0,
        "guardian_min": 16.0,
        "guardian_max": 17.0,
    }
    (teen,) = [case for case in rule.cases if case.id == "teen"]
    assert {"block_impact", "block_heavy_load"} <= set(teen.actions)
    (child,) = [case for case in rule.cases if case.id == "child"]
    assert "lock_programme" in child.actions
    assert len(rule.exclusions) >= 6


def test_readiness_asks_seven_topics_in_its_own_words(known: Knowledge) -> None:
    rule = known.rules["readiness"]
    assert len(rule.topics) == 7
    text = " ".join(topic.asks for topic in rule.topics).lower()
    for word in ("heart", "chest pain", "dizz", "illness", "medicine", "joint", "medical"):
        assert word in text, word
    whens = " ".join(case.when + case.id for case in rule.cases).lower()
    for word in ("unwell", "pregnan", "45", "70", "12"):
        assert word in whens or any(str(figure.value).startswith(word) for figure in rule.figures.values()), word


def test_stop_signs_name_every_sign_of_a_session(known: Knowledge) -> None:
    rule = known.rules["stop_signs"]
    whens = " ".join(case.when for case in rule.cases).lower()
    for word in ("chest pain", "faint", "breathless", "numbness", "joint", "swell", "fall"):
        assert word in whens, word
    levels = {case.id: case.level for case in rule.cases}
    assert levels["chest_pain"] == levels["passed_out"] == "emergency"
    assert all("stop_session" in case.actions or "stop_exercise" in case.actions for case in rule.cases)


@pytest.mark.parametrize("event", ["fall", "near_fall", "adverse_event"])
def test_a_fall_or_a_mishap_can_be_logged_and_sends_on(event: str, known: Knowledge) -> None:
    entry = known.events[event]
    assert len(entry.asks) >= 3
    assert {"same_day", "before_start"} <= set(entry.levels)
    if event != "near_fall":
        assert "emergency number" in entry.levels["emergency"]


def needs(exercise: Exercise, thing: str) -> bool:
    return any(thing in choices for choices in exercise.equipment.needs)


def said(exercise: Exercise) -> str:
    return " ".join([*exercise.setup, *exercise.steps, *exercise.safety]).lower()


def test_every_anchored_band_is_tested_before_it_is_pulled(known: Knowledge) -> None:
    anchored = [exercise for exercise in known.exercises.values() if needs(exercise, "anchor")]
    assert len(anchored) >= 3
    for exercise in anchored:
        text = said(exercise)
        assert re.search(r"anchor|heavy|locked|fasten", text), exercise.id
        assert re.search(r"test|pull|check", text), exercise.id


def test_everything_on_one_leg_or_a_step_names_a_support(known: Knowledge) -> None:
    support = re.compile(r"support|wall|chair|counter|rail|hold on|someone|table|worktop|sofa|bench|poles?")
    for exercise in known.exercises.values():
        alone = "one_leg_unsupported" in exercise.demands or exercise.position == "on_step"
        if alone or exercise.kind == "balance":
            assert support.search(said(exercise)), exercise.id


def test_every_jump_says_how_to_land_and_where(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        if "impact" in exercise.demands:
            text = said(exercise) + " ".join(exercise.cues.external).lower()
            assert re.search(r"soft|quiet", text), exercise.id
            assert re.search(r"flat|floor|surface|shoes|ground|mat", text), exercise.id


def test_every_exercise_says_when_to_stop(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        assert re.search(r"pain|pinch|dizz|chest|sore", exercise.stop_if.lower()), exercise.id


def test_texts_hold_for_both_sides_and_for_a_mirror(known: Knowledge) -> None:
    side = re.compile(r"\b(left|right)\b(?! (away|on|through|number|height|length|amount|size|angle))", re.IGNORECASE)
    told = [
        (exercise.id, text)
        for exercise in known.exercises.values()
        for _, text in user_texts(exercise)
        if side.search(text) and not re.search(r"left and right|right and left|left or right", text, re.IGNORECASE)
    ]
    assert told == []


def test_the_pain_scale_and_the_persons_own_scale_know_their_change(known: Knowledge) -> None:
    own, pain = known.tests["psfs"].change, known.tests["pain_now"].change
    assert own.mdc is not None
    assert (own.mdc.value, own.mdc.status) == (2.0, "memory")
    change = pain.mdc or pain.small
    assert change is not None
    assert (change.value, change.status) == (2.0, "memory")


def test_a_rounded_back_and_a_lost_balance_are_spoken_about_first(known: Knowledge) -> None:
    assert {known.faults[name].risk for name in ("LUMB_ROUND", "WOBBLE", "STIFF_LAND", "PAIN_RANGE")} == {3}
    order = list(known.rules["one_cue"].lists["fault_order"])
    assert order[0] == "pain_or_stop_sign"
    assert order.index("fall_risk") < order.index("tempo")


def test_load_rises_in_small_steps(known: Knowledge) -> None:
    steps = [figure.value for figure in known.rules["progression_order"].figures.values()]
    assert (2.0, 10.0) in steps
    volume = [figure.value for figure in known.rules["weekly_volume"].figures.values()]
    assert 20.0 in volume
    walking = [figure.value for figure in known.rules["graded_walking"].figures.values()]
    assert 10.0 in walking


def test_no_forbidden_claim_stands_in_the_rest_of_the_product(known: Knowledge) -> None:
    """What reports, screens and refusals say is written in code and templates; the same list holds there.

    Left out: the maker of test recordings, which speaks to developers, and the words for a file that is damaged.
    """
    import ast
    from pathlib import Path

    from levelstride.library.checks.words import text_problems

    root = Path(__file__).resolve().parents[2]
    said = {path: [path.read_text(encoding="utf-8")] for path in (root / "src").rglob("*.j2")}
    for room in ("report", "cli", "measure", "recording", "exchange"):
        for path in (root / "src" / "levelstride" / room).rglob("*.py"):
            strings = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
            said[path] = [text for text in strings if isinstance(text, str)]
    found = [
        (path.name, problem)
        for path, texts in said.items()
        for text in texts
        for problem in text_problems(text, known, "code", "en")
        if "Say instead" in problem and path.name != "mannequin.py" and " " in text and "damaged" not in problem
    ]
    assert found == []
