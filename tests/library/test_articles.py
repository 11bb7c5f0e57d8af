"""Why it exists: what the source articles ask for is here - each exercise, dose, cue, fault, sign and habit."""

import re

import pytest

from levelstride.library.knowledge import Knowledge
from levelstride.library.translations import all_user_texts

# Every exercise that an article names, in the article's words, and where it is here.
NAMED = {
    "glute bridge": "glute_bridge",
    "single-leg bridge": "sl_bridge",
    "clamshell": "clamshell",
    "side-lying clam": "clamshell",
    "banded clamshell": "clamshell_band",
    "fire hydrant": "fire_hydrant",
    "monster walk forward": "monster_walk",
    "monster walk back": "monster_walk_back",
    "single-leg deadlift": "sl_rdl",
    "single-leg Romanian deadlift": "sl_rdl",
    "squat": "bw_squat",
    "lunge": "forward_lunge",
    "bridge, 5-s hold": "glute_bridge_hold",
    "monster walk, 2-s pause": "monster_walk_pause",
    "foam or disc variants": "sl_stance_foam",
    "push-off cue walk": "push_off_drill",
    "neutral-pelvis walk": "neutral_pelvis_walk",
    "short-stride walk": "short_contact",
    "feet-forward walk": "feet_forward_walk",
    "hip thrust": "hip_thrust_bw",
    "side-lying mini-bridge": "side_mini_bridge",
    "tall-heel bridge": "tall_heel_bridge",
    "stairs": "hill_stairs",
    "tempo hip hinge": "tempo_hinge",
    "side-lying gluteus medius work": "side_lying_abd",
    "hip turning drills": "hip_9090",
    "dynamic hamstring stretch": "hamstring_dynamic",
    "ankle dorsiflexion": "ankle_rock",
    "core endurance": "front_plank",
    "diaphragm breathing": "breathing_9090",
    "thoracic alignment": "thoracic_open_book",
    "standing kickback": "standing_kickback",
    "band around the thighs": "band_squat",
    "deadlift": "deadlift",
    "band walk": "lateral_band_walk",
    "single-leg stand": "sl_stance",
    "step-up": "step_up",
    "hip flexor stretch": "hip_flexor_stretch",
    "quadriceps stretch": "quad_stretch",
    "calf stretch": "calf_stretch",
    "foam rolling": "foam_roll_thigh",
    "walking": "easy_walk",
    "cycling": "bike_steady",
    "reverse lunge": "reverse_lunge",
    "single-leg squat": "sl_squat",
    "balance squat": "balance_squat",
    "lateral lunge": "lateral_lunge",
    "curtsy lunge": "curtsy_lunge",
    "resisted side step": "resisted_side_step",
    "band anchored at the knee": "band_er_split_squat",
    "low-impact hops": "hop_bilateral",
    "bounding": "bounding",
    "light reactive drills": "drop_land",
    "hip extensor stretch": "glute_stretch",
    "adductor release": "adductor_roll",
    "dynamic reaches": "lunge_reach",
    "bike": "bike_steady",
    "elliptical": "elliptical",
    "interval bursts": "bike_intervals",
    "step-down": "step_down_fwd",
    "desk break": "desk_break",
}


@pytest.mark.parametrize("words", NAMED)
def test_every_exercise_the_articles_name_is_here(words: str, known: Knowledge) -> None:
    assert NAMED[words] in known.exercises


def texts_of(part: str, name: str, known: Knowledge) -> str:
    return " ".join(text for place, text in all_user_texts(known) if place[:2] == (part, name)).lower()


@pytest.mark.requirement("R004")
def test_muscles_and_hip_actions_have_names(known: Knowledge) -> None:
    wanted = {"gmax", "gmed", "gmin", "tfl", "hamstrings", "erectors", "quads", "adductors", "calf", "core"}
    assert wanted <= set(known.vocabulary.muscles)
    actions = {action for exercise in known.exercises.values() for action in exercise.actions}
    assert {"extension", "abduction", "external_rotation", "internal_rotation"} <= actions


@pytest.mark.requirement("R001", "R047", "R083")
@pytest.mark.parametrize(
    ("requirement", "words"),
    [
        ("R001", ("walk", "glute", "step")),
        ("R009", ("sleepy", "weak evidence")),
        ("R047", ("bend", "lift", "not been shown")),
        ("R049", ("pelvis",)),
        ("R061", ("front of the hip", "stop")),
        ("R083", ("sit", "position")),
        ("R105", ("knee",)),
    ],
)
def test_what_the_articles_claim_is_explained_on_a_card(
    requirement: str, words: tuple[str, ...], known: Knowledge
) -> None:
    cards = [card for card in known.education.values() if requirement in card.requirements]
    text = " ".join(" ".join((card.title, *card.body, card.takeaway)) for card in cards).lower()
    for word in words:
        assert word in text, word
    assert all(source in known.sources for card in cards for source in card.sources)


@pytest.mark.requirement("R061")
def test_tight_hip_flexors_are_a_hypothesis(known: Knowledge) -> None:
    assert all(card.confidence == "disputed" for card in known.education.values() if "R061" in card.requirements)


@pytest.mark.requirement("R099")
def test_one_card_says_this_is_no_cure(known: Knowledge) -> None:
    cards = [name for name, card in known.education.items() if "R099" in card.requirements]
    assert any(
        re.search(r"not a cure|no cure", texts_of("education", name, known))
        and re.search(r"part of|general activity|being active|moving", texts_of("education", name, known))
        for name in cards
    )


@pytest.mark.requirement("R005", "R066")
def test_no_text_says_the_gluteus_drives_push_off(known: Knowledge) -> None:
    claim = re.compile(
        r"(glute|gluteus|seat|buttock)\w*[^.]{0,40}(push(es)? (you )?off|propel|drives? you)", re.IGNORECASE
    )
    assert [text for _, text in all_user_texts(known) if claim.search(text)] == []
    drill = texts_of("exercises", "push_off_drill", known)
    assert "push the ground" in drill or "push the floor" in drill
    assert any(card.confidence == "disputed" for card in known.education.values() if "R005" in card.requirements)


@pytest.mark.requirement("R020")
def test_the_bridge_is_set_up_as_asked(known: Knowledge) -> None:
    bridge = known.exercises["glute_bridge"]
    text = texts_of("exercises", "glute_bridge", known)
    assert bridge.position == "hook_lying"
    for word in ("bend your knees", "hip-width", "push the floor", "lift", "lower", "squeeze"):
        assert word in text, word


@pytest.mark.requirement("R021", "R025", "R064", "R126", "R135", "R093")
@pytest.mark.parametrize(
    ("preset", "sets", "amount"),
    [
        ("awareness", (1, 2), (15, 20)),
        ("first_load", (3, 3), (10, 12)),
        ("strength", (3, 3), (8, 12)),
        ("core_endurance", (3, 5), (10, 30)),
        ("short_isometrics", (1, 1), (5, 10)),
        ("rhythmic", (1, 2), (10, 20)),
        ("base_strength", (2, 3), (8, 15)),
        ("many_planes", (2, 3), (6, 10)),
    ],
)
def test_a_preset_keeps_its_figures(
    preset: str, sets: tuple[int, int], amount: tuple[int, int], known: Knowledge
) -> None:
    dose = known.doses[preset]
    assert ((dose.sets.low, dose.sets.high), (dose.amount.low, dose.amount.high)) == (sets, amount)


@pytest.mark.requirement("R021", "R025", "R064")
@pytest.mark.parametrize("name", ["glute_bridge", "clamshell"])
def test_bridge_and_clamshell_have_both_doses(name: str, known: Knowledge) -> None:
    doses = known.exercises[name].doses
    assert (doses["P1"].preset, doses["P2"].preset) == ("awareness", "first_load")
    assert (doses["P1"].amount.low, doses["P1"].amount.high, doses["P2"].sets.low) == (15, 20, 3)
    assert doses["P1"].per_side == (name == "clamshell")


@pytest.mark.requirement("R021", "R126")
def test_the_first_holds_are_short(known: Knowledge) -> None:
    hold = known.exercises["glute_bridge"].doses["P1"].hold_s
    assert hold is not None
    assert (hold.low, hold.high) == (2, 2)
    still = known.doses["short_isometrics"].hold_s
    assert still is not None
    assert (still.low, still.high) == (5, 10)


@pytest.mark.requirement("R026", "R027", "R044", "R109", "R114", "R116", "R139", "R076")
@pytest.mark.parametrize(
    ("name", "sets", "amount", "equipment"),
    [
        ("clamshell_band", (3, 3), (10, 15), "mini_band"),
        ("fire_hydrant", (2, 2), (12, 15), None),
        ("glute_bridge_hold", (2, 3), (8, 10), None),
        ("monster_walk_pause", (1, 3), (8, 12), "mini_band"),
        ("monster_walk", (1, 3), (10, 15), "mini_band"),
        ("monster_walk_back", (1, 3), (10, 15), "mini_band"),
        ("standing_kickback", (2, 2), (10, 15), "chair"),
        ("hip_hinge_drill", (2, 2), (8, 10), "dowel"),
        ("rdl", (3, 3), (8, 12), "dumbbells"),
        ("deadlift", (3, 3), (6, 10), "barbell"),
        ("hip_thrust_bw", (3, 3), (10, 15), "bench"),
        ("sl_stance", (3, 3), (20, 45), "support"),
        ("step_up", (3, 3), (8, 12), "step"),
        ("lateral_lunge", (3, 3), (8, 10), None),
        ("curtsy_lunge", (2, 3), (8, 10), None),
        ("resisted_side_step", (2, 3), (8, 12), "long_band"),
        ("band_er_split_squat", (2, 3), (8, 10), "long_band"),
        ("side_mini_bridge", (2, 3), (6, 10), None),
        ("tall_heel_bridge", (2, 3), (10, 12), "step"),
        ("sl_squat", (3, 3), (8, 12), None),
    ],
)
def test_an_exercise_keeps_dose_and_equipment(
    name: str, sets: tuple[int, int], amount: tuple[int, int], equipment: str | None, known: Knowledge
) -> None:
    exercise = known.exercises[name]
    dose = next(iter(exercise.doses.values()))
    assert ((dose.sets.low, dose.sets.high), (dose.amount.low, dose.amount.high)) == (sets, amount)
    needed = {thing for choices in exercise.equipment.needs for thing in choices}
    assert equipment in needed if equipment else not needed


@pytest.mark.requirement("R044")
def test_the_long_hold_and_the_wide_pause_are_timed(known: Knowledge) -> None:
    assert known.exercises["glute_bridge_hold"].tempo.pause_s == 5
    assert "two seconds" in known.exercises["monster_walk_pause"].tempo.says


@pytest.mark.requirement("R137")
def test_the_single_leg_squat_takes_three_seconds_down_and_two_up(known: Knowledge) -> None:
    tempo = known.exercises["sl_squat"].tempo
    assert (tempo.lower_s, tempo.pause_s, tempo.lift_s) == (3, 0, 2)


@pytest.mark.requirement("R137")
def test_the_single_leg_squat_names_its_tempo(known: Knowledge) -> None:
    name = known.exercises["sl_squat"].tempo.preset
    assert name == "3-0-2-0"
    preset = known.tempos[name]
    assert (preset.lower_s, preset.pause_s, preset.lift_s, preset.rest_s) == (3, 0, 2, 0)
    assert (preset.source, preset.validated) == ("article_e", False)


@pytest.mark.requirement("R137")
def test_an_exercise_moves_as_the_tempo_it_names(known: Knowledge) -> None:
    for name, preset in known.tempos.items():
        assert preset.name == name
    for exercise in known.exercises.values():
        if exercise.tempo.preset is not None:
            named = known.tempos[exercise.tempo.preset]
            own = (exercise.tempo.lower_s, exercise.tempo.pause_s, exercise.tempo.lift_s)
            assert own == (named.lower_s, named.pause_s, named.lift_s), exercise.id


@pytest.mark.requirement("R139")
def test_the_band_at_knee_height_is_anchored(known: Knowledge) -> None:
    exercise = known.exercises["band_er_split_squat"]
    assert ("anchor",) in exercise.equipment.needs
    assert "knee" in texts_of("exercises", "band_er_split_squat", known)
    assert "external_rotation" in exercise.actions


@pytest.mark.requirement("R113", "R129")
@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("bw_squat", "band_squat"),
        ("band_squat", "goblet_squat"),
        ("goblet_squat", "split_squat"),
        ("glute_bridge_band", "hip_thrust_bw"),
        ("glute_bridge", "hip_thrust_bw"),
        ("clamshell_band", "lateral_band_walk"),
        ("side_lying_abd", "lateral_band_walk"),
        ("sl_rdl", "sl_rdl_loaded"),
        ("glute_bridge", "marching_bridge"),
        ("marching_bridge", "sl_bridge"),
    ],
)
def test_the_ladder_has_the_steps_the_articles_ask_for(low: str, high: str, known: Knowledge) -> None:
    assert high in known.exercises[low].harder


@pytest.mark.requirement("R075")
def test_every_exercise_has_tempo_breathing_and_pelvis(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        assert all((exercise.tempo.says, exercise.breathing, exercise.pelvis)), exercise.id


@pytest.mark.requirement("R084")
def test_breathing_and_stacked_ribs_are_taught_and_breath_is_never_held(known: Knowledge) -> None:
    assert known.exercises["breathing_9090"].muscles.primary == ("core",)
    cues = [cue.text.lower() for group in known.cues.values() for cue in group.cues]
    assert any("rib" in cue for cue in cues)
    assert "Breathe all the time" in known.cautions["HTN"].on_page
    told = re.compile(r"hold (your|the) breath", re.IGNORECASE)
    for place, text in all_user_texts(known):
        for found in told.finditer(text):
            before = text[max(0, found.start() - 25) : found.start()].lower()
            assert re.search(r"not|never|don't|no |without|if you|you ", before), (place, text)


@pytest.mark.requirement("R077", "R087", "R102")
def test_hip_drive_cues_are_there_with_their_reason(known: Knowledge) -> None:
    cues = {cue.text.lower(): cue for group in known.cues.values() for cue in group.cues}
    for words in ("hips drive, knees follow", "drive with the hips"):
        assert words in cues
        assert "hip_drive" in cues[words].tags
    assert any("pelvis" in words and "level" in words for words in cues)
    assert any("knee" in words and "toe" in words for words in cues)
    assert all(cue.why for cue in cues.values())
    assert all(cue.text in known.translations["es"] for cue in cues.values())


@pytest.mark.requirement("R067")
def test_the_brace_is_light(known: Knowledge) -> None:
    rule = known.rules["light_brace"]
    assert any(figure.value == (10.0, 20.0) for figure in rule.figures.values())
    assert "breath" in " ".join(rule.plain).lower()


@pytest.mark.requirement("R069")
def test_shorter_steps_keep_the_trailing_leg(known: Knowledge) -> None:
    for name in ("cadence_metronome", "short_contact"):
        assert "SHORT_TRAIL" in {fault.id for fault in known.exercises[name].faults}
        assert "speed" in texts_of("exercises", name, known)
    figures = known.rules["cadence_practice"].figures
    assert {5.0, 10.0} <= {figure.value for figure in figures.values()}


@pytest.mark.requirement("R068", "R071")
@pytest.mark.parametrize(
    ("test", "measures"),
    [
        ("overstride", {"shank_angle_at_contact_deg", "foot_to_pelvis_at_contact_pct"}),
        ("trailing_limb", {"trailing_limb_angle_deg", "peak_hip_extension_deg"}),
    ],
)
def test_reach_and_trail_are_measured_and_described(test: str, measures: set[str], known: Knowledge) -> None:
    from levelstride.library.loader import measure_library

    assert measures <= set(measure_library().measures)
    assert known.tests[test].kind == "gait_measure"


@pytest.mark.requirement("R060")
def test_hip_extension_and_standing_tilt_are_told_apart(known: Knowledge) -> None:
    thomas, tilt = known.tests["thomas"], known.tests["posture_tilt"]
    assert thomas.domain == "mobility"
    assert tilt.domain == "posture"
    assert "pelvis" in texts_of("tests", "thomas", known) or "low back" in texts_of("tests", "thomas", known)


@pytest.mark.requirement("R049")
def test_standing_posture_is_described_without_a_limit(known: Knowledge) -> None:
    assert {rule.compare for rule in known.tests["posture_tilt"].finding_rules} == {"trend_only"}


@pytest.mark.requirement("R048")
@pytest.mark.parametrize(
    "claim",
    [
        "Your pain resolves entirely.",
        "This cures knee pain.",
        "It treats patellofemoral pain.",
        "Your gluteus medius is weak.",
        "Your glutes are inhibited.",
        "It prevents injury.",
        "You have arthritis.",
        "You are safe.",
        "It is safe for you.",
        "It stops knee pain for good.",
        "Stronger hips reduce injuries.",
        "This protects against falls.",
        "Trendelenburg positive.",
        "Your glutes are asleep.",
        "Push through the pain.",
    ],
)
def test_a_forbidden_claim_is_caught(claim: str, known: Knowledge) -> None:
    from levelstride.library.checks.words import text_problems

    assert list(text_problems(claim, known, "exercises/glute_bridge", "en"))


@pytest.mark.parametrize(
    "claim", ["Tienes artritis.", "Tus glúteos no se activan.", "Esto cura el dolor.", "Glúteo medio débil."]
)
def test_a_forbidden_claim_is_caught_in_spanish(claim: str, known: Knowledge) -> None:
    from levelstride.library.checks.words import text_problems

    assert list(text_problems(claim, known, "exercises/glute_bridge", "es"))


@pytest.mark.parametrize(
    "innocent",
    [
        "Walk on a treadmill.",
        "Stop if you feel sharp pain.",
        "Use a retreat path.",
        "Keep your heel heavy.",
        "Stop before pain.",
    ],
)
def test_an_innocent_sentence_passes(innocent: str, known: Knowledge) -> None:
    from levelstride.library.checks.words import text_problems

    assert list(text_problems(innocent, known, "exercises/glute_bridge", "en")) == []


@pytest.mark.requirement("R097")
@pytest.mark.parametrize(
    ("finding", "exercises"),
    [
        ("pelvi", {"wall_press", "side_lying_abd", "pelvis_march"}),
        ("knee", {"clamshell_band", "lateral_band_walk"}),
        ("hip_ext", {"hip_flexor_stretch", "tempo_hinge"}),
        ("ankle", {"calf_stretch", "ankle_rock"}),
        ("balance", {"tandem_stance", "sl_stance"}),
        ("sit", {"desk_break"}),
    ],
)
def test_a_finding_leads_to_its_exercises(finding: str, exercises: set[str], known: Knowledge) -> None:
    cases = known.rules["finding_to_exercise"].cases
    fitting = [case for case in cases if finding in case.id or finding in case.when.lower()]
    assert any(exercises <= {*case.first_block, *case.next_block} for case in fitting)


@pytest.mark.requirement("R097")
def test_knee_in_leads_to_side_lying_work(known: Knowledge) -> None:
    cases = [case for case in known.rules["finding_to_exercise"].cases if "knee" in case.id or "valgus" in case.id]
    named = {name for case in cases for name in (*case.first_block, *case.next_block)}
    assert {"clamshell", "side_lying_abd"} & named


@pytest.mark.requirement("R108")
def test_the_first_phase_is_control_before_load(known: Knowledge) -> None:
    first = [exercise for exercise in known.exercises.values() if exercise.kind == "activation"]
    assert len(first) >= 25
    assert all("P1" in exercise.doses for exercise in first)
    assert known.rules["phases"].figures["p1_rpe"].value == (2.0, 4.0)


@pytest.mark.requirement("R134")
def test_the_order_of_change_is_whole(known: Knowledge) -> None:
    rule = known.rules["progression_order"]
    text = " ".join(rule.lists["order_of_change"])
    for word in ("quality", "hold", "tempo", "rep", "set", "load", "support", "range", "surface", "complex", "speed"):
        assert word in text.lower(), word


@pytest.mark.requirement("R147")
def test_soreness_has_a_table(known: Knowledge) -> None:
    assert len(known.rules["soreness"].cases) >= 5


# ------------------------------------------------------------------------------------------- signs, faults, habits


@pytest.mark.parametrize(
    "sign",
    ["low_back", "knee", "drop", "feel", "tight", "balance", "foot"],
)
def test_every_sign_is_listed_in_the_rule_about_signs(sign: str, known: Knowledge) -> None:
    rule = known.rules["screening_signs"]
    assert any(sign in listed for listed in rule.lists["signs"])


@pytest.mark.parametrize(
    "fault",
    [
        *("RUSH", "NO_PAUSE", "LUMB_ARCH_BRIDGE", "HAM_DOM", "HIP_SAG", "PELV_LEVEL_BRIDGE", "ROLL_BACK", "FEET_APART"),
        *("BAND_SLACK", "KNEE_VALGUS", "LEG_LINE", "HIP_OPEN", "PELV_DROP", "OVERSTRIDE", "TOE_OUT", "SHORT_TRAIL"),
        *("KNEE_DOMINANT", "HIPS_FWD", "TRUNK_LEAN_LAT", "STIFF_LAND", "BREATH_HOLD", "TOO_HARD"),
    ],
)
def test_every_fault_has_a_name_a_rule_and_a_cue(fault: str, known: Knowledge) -> None:
    assert known.faults[fault].validated is False
    answered = {name for group in known.cues.values() for cue in group.cues for name in cue.faults}
    shown = {entry.id for exercise in known.exercises.values() for entry in exercise.faults}
    assert fault in answered | shown


@pytest.mark.parametrize(
    ("exercise", "faults"),
    [
        ("glute_bridge", {"LUMB_ARCH_BRIDGE", "HAM_DOM", "HIP_SAG"}),
        ("sl_bridge", {"PELV_LEVEL_BRIDGE"}),
        ("clamshell", {"ROLL_BACK", "FEET_APART"}),
        ("monster_walk", {"BAND_SLACK", "KNEE_VALGUS"}),
        ("sl_rdl", {"LEG_LINE", "HIP_OPEN"}),
        ("bw_squat", {"KNEE_VALGUS", "KNEE_DOMINANT"}),
        ("lateral_step_down", {"PELV_DROP", "KNEE_VALGUS"}),
        ("push_off_drill", {"SHORT_TRAIL"}),
    ],
)
def test_an_exercise_names_the_faults_the_articles_warn_of(exercise: str, faults: set[str], known: Knowledge) -> None:
    assert faults <= {fault.id for fault in known.exercises[exercise].faults}


@pytest.mark.parametrize(
    "rule",
    [
        *("session_shape", "sitting_breaks", "check_in", "onboarding_ramp", "less_equipment", "plan_personas"),
        *("feedback_awkward", "missed_sessions", "graded_walking", "conditioning_order", "retest", "first_weeks"),
    ],
)
def test_every_habit_has_a_rule(rule: str, known: Knowledge) -> None:
    assert rule in known.rules


def test_nothing_points_to_a_file_that_is_not_here(known: Knowledge) -> None:
    """Sources are named by their own keys; no letter or number of a working paper is left in any text."""
    left = re.compile(r"\bS\d{1,2}\b|\bC-[a-z]{1,2}\b|\w+\.csv\b|\bREADME\b|\bseeds?\b|\b00[0-4]\b")
    lines = known.model_dump_json(exclude={"translations"}).split('"')
    told = [line for line in lines if left.search(line) and not line.startswith(("doi:", "http", "PMID"))]
    assert told == []
