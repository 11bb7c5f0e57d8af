"""Why it exists: what must hold for every exercise and every caution code, whoever adds the next one."""

import re
from graphlib import TopologicalSorter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelstride.library.checks.documents import read_document
from levelstride.library.knowledge import Knowledge
from levelstride.library.loader import LIBRARY, read_library
from levelstride.library.quality import computed_quality, tier
from levelstride.library.sayings import activity_groups, activity_words, cautions_on_page, dose_words
from levelstride.library.schema.exercises import Dose, MuscleActivity
from levelstride.library.selection import apply_cautions, find_exercises, needs_nothing
from levelstride.library.translations import Speaker
from levelstride.report.library.ladder import family, steps_up

KNOWN = read_library(LIBRARY)
CODES = sorted(KNOWN.cautions)


def test_the_numbers_the_library_promises(known: Knowledge) -> None:
    assert len(known.exercises) >= 118
    assert len(known.tests) >= 33
    assert len(known.faults) == 51
    assert len(known.cautions) == 17
    assert sorted(known.requirements) == [f"R{number:03d}" for number in range(1, 159)]
    assert sorted(known.contradictions) == [f"X{number:02d}" for number in range(1, 22)]
    rows = sum(len(exercise.evidence) for exercise in known.exercises.values()) + len(known.demand.rows)
    assert rows == 184
    figures = sum(len(test.published) for test in known.tests.values()) + len(known.camera_error.rows)
    assert figures == 152


def test_the_ladders_lead_up(known: Knowledge) -> None:
    up = steps_up(known)
    order = list(TopologicalSorter({name: set(highs) for name, highs in up.items()}).static_order())
    assert len(order) == len(known.exercises)


def test_every_exercise_stands_on_a_ladder(known: Knowledge) -> None:
    up = steps_up(known)
    stepped = {high for highs in up.values() for high in highs}
    alone = [name for name, highs in up.items() if not highs and name not in stepped]
    assert alone == []


def test_every_activation_exercise_can_be_done_with_nothing(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        if exercise.kind == "activation" and not needs_nothing(exercise, known):
            variant = known.exercises[str(exercise.no_equipment_variant)]
            assert needs_nothing(variant, known), exercise.id


def test_status_and_source_of_every_figure_are_kept(known: Knowledge) -> None:
    rows = [row for exercise in known.exercises.values() for row in exercise.evidence] + list(known.demand.rows)
    assert sum(row.status == "memory" for row in rows) == 76
    assert sum(row.status != "memory" for row in rows) == 108
    norms = [row for test in known.tests.values() for row in test.published]
    assert all(row.source in known.sources for row in norms)
    assert {row.status for row in norms} == {"verified", "secondary", "memory"}


def test_nothing_claims_a_clinician_has_read_it(known: Knowledge) -> None:
    for part in (known.exercises, known.tests, known.rules, known.cues, known.education):
        for entry in part.values():  # type: ignore[attr-defined]
            assert entry.review.clinician is None


# ------------------------------------------------------------------------------------------------ cautions

# By hand, from the evidence on each condition; the library's own lists (must_remove) hold more.
MUST_REMOVE = {
    "HIP_OA": {"hop_sl", "back_squat", "hip_9090"},
    "FAI": {"hip_9090", "back_squat", "curtsy_lunge"},
    "DYSPLASIA": {"couch_stretch", "hip_flexor_stretch", "hip_airplane", "quad_stretch"},
    "THR": {
        "curtsy_lunge",
        "crossover_step_up",
        "reverse_clam",
        "glute_stretch",
        "hop_bilateral",
        "thoracic_open_book",
    },
    "LB_FLEX": {"curl_up", "deadlift", "rdl", "back_squat"},
    "LB_EXT": {"prone_hip_ext", "couch_stretch"},
    "PFP": {"back_squat", "sl_squat", "drop_land", "forward_lunge"},
    "GTPS": {"glute_stretch", "curtsy_lunge", "side_plank", "pelvic_drop", "side_lying_abd", "adductor_rockback"},
    "PREG": {"hop_bilateral", "sl_stance_foam", "sl_stance", "glute_bridge", "prone_hip_ext", "front_plank"},
    "OSTEO": {"curl_up", "hop_sl", "lunge_reach", "deadlift", "sl_rdl_loaded"},
    "BAL": {"sl_stance_foam", "sl_stance_ec", "sl_rdl", "bounding", "uneven_walk", "step_down_fwd"},
    "HTN": {"wall_sit", "back_squat", "bike_intervals", "side_plank", "front_plank", "suitcase_carry"},
    "KNEE_OA": {"back_squat", "drop_land", "curtsy_lunge", "lateral_lunge"},
    "WRIST": {"bird_dog", "fire_hydrant", "quad_hip_ext", "adductor_rockback", "side_plank"},
    "ANKLE": {"sl_stance_foam", "uneven_walk", "hop_sl", "walking_lunge"},
    "HAM": {"hamstring_dynamic", "bounding", "deadlift", "rdl", "tempo_hinge"},
    "SURG": {"adductor_roll", "hop_bilateral", "deadlift", "curl_up", "sl_squat"},
}


@pytest.mark.requirement("R132")
@pytest.mark.parametrize("code", CODES)
def test_every_code_removes_what_it_must(code: str, known: Knowledge) -> None:
    assert code in MUST_REMOVE, "a new code needs its row here"
    assert MUST_REMOVE[code] <= set(apply_cautions([code], known).removed)


def test_codes_that_need_a_clinician_say_so(known: Knowledge) -> None:
    assert set(apply_cautions(CODES, known).clearance) == {"THR", "PREG", "HTN", "SURG"}


@given(codes=st.sets(st.sampled_from(CODES)), cleared=st.sets(st.sampled_from(CODES)))
def test_nothing_is_offered_before_a_clinician_agreed(codes: set[str], cleared: set[str]) -> None:
    waiting = set(apply_cautions(sorted(codes), KNOWN).clearance) - cleared
    assert bool(find_exercises(KNOWN, cautions=sorted(codes), cleared=sorted(cleared))) == (not waiting)


@pytest.mark.requirement("R096")
@given(first=st.sets(st.sampled_from(CODES)), second=st.sets(st.sampled_from(CODES)))
def test_another_code_never_gives_an_exercise_back(first: set[str], second: set[str]) -> None:
    alone, both = apply_cautions(sorted(first), KNOWN), apply_cautions(sorted(first | second), KNOWN)
    assert set(alone.removed) <= set(both.removed)
    assert set(both.free) <= set(alone.free)


@given(codes=st.sets(st.sampled_from(CODES)))
def test_what_a_code_removes_is_never_found(codes: set[str]) -> None:
    sorted_out = apply_cautions(sorted(codes), KNOWN)
    for exercise in find_exercises(KNOWN, cautions=sorted(codes), cleared=sorted(codes)):
        assert not {d for d in exercise.demands for code in codes if d in KNOWN.cautions[code].removes}
        assert exercise.id not in sorted_out.removed
    everything = {*sorted_out.free, *sorted_out.changed, *sorted_out.removed}
    assert everything == set(KNOWN.exercises)


@pytest.mark.parametrize("code", CODES)
def test_something_is_left_to_do_for_every_code(code: str, known: Knowledge) -> None:
    left = find_exercises(known, phase="P1", equipment=[], cautions=[code], cleared=[code])
    assert len(left) >= 5
    sides = {action for exercise in left for action in exercise.actions}
    assert {"abduction", "extension"} <= sides


def test_any_two_codes_leave_something(known: Knowledge) -> None:
    for pair in combinations(CODES, 2):
        assert len(find_exercises(known, equipment=[], cautions=pair, cleared=pair)) >= 10, pair


def test_an_unknown_code_is_refused(known: Knowledge) -> None:
    with pytest.raises(KeyError):
        apply_cautions(["NONSENSE"], known)


@pytest.mark.requirement("R045")
def test_soft_surfaces_jumps_and_closed_eyes_are_marked(known: Knowledge) -> None:
    """A demand that is forgotten would let an exercise through, so words in the texts are held against the marks."""
    for exercise in known.exercises.values():
        said = " ".join([*exercise.setup, *exercise.steps]).lower()
        if re.search(r"\bclose your eyes|eyes closed\b", said) and "breath" not in exercise.id:
            assert "eyes_closed" in exercise.demands, exercise.id
        if re.search(r"\b(hop|jump|bound)\b", said) and exercise.kind == "plyometric":
            assert "impact" in exercise.demands, exercise.id
        if re.search(r"\b(foam pad|disc)\b", said):
            assert "unstable_surface" in exercise.demands, exercise.id
        if exercise.position in ("hook_lying", "supine"):
            assert "lies_on_back" in exercise.demands, exercise.id
        if exercise.position == "prone":
            assert "lies_on_belly" in exercise.demands, exercise.id
        if exercise.position == "hands_and_knees":
            assert "hands_bear_weight" in exercise.demands, exercise.id
        if exercise.position == "side_plank":
            assert "lies_on_working_side" in exercise.demands, exercise.id


def test_every_plyometric_exercise_waits_for_its_phase(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        assert (exercise.kind == "plyometric") == ("P5" in exercise.doses), exercise.id


@pytest.mark.requirement("R018")
def test_every_phase_has_enough_that_needs_nothing(known: Knowledge) -> None:
    for phase in ("P1", "P2", "P3", "P4", "maintenance"):
        left = find_exercises(known, phase=phase, equipment=[])
        assert len(left) >= 8, phase
        planes = {plane for exercise in left for plane in exercise.plane}
        assert {"sagittal", "frontal"} <= planes, phase


# ------------------------------------------------------------------------------------------------ searching


def test_filters_narrow_and_keep_order(known: Knowledge) -> None:
    everything = find_exercises(known)
    assert len(everything) == len(known.exercises)
    assert [e.difficulty for e in everything] == sorted(e.difficulty for e in everything)
    lying = find_exercises(known, position="hook_lying", phase="P1", muscle="gmax", equipment=[])
    assert {"glute_bridge", "glute_bridge_hold"} <= {exercise.id for exercise in lying}
    assert "glute_bridge_band" not in {exercise.id for exercise in lying}
    assert "glute_bridge_band" in {exercise.id for exercise in find_exercises(known, equipment=["mini_band"])}


def test_a_family_holds_its_neighbours(known: Knowledge) -> None:
    assert {"pelvic_tilt", "glute_set", "marching_bridge"} <= family("glute_bridge", known, reach=1)
    with pytest.raises(KeyError):
        family("nothing", known)


# ------------------------------------------------------------------------------------------------ words and figures


def test_a_mean_never_stands_beside_a_peak(known: Knowledge) -> None:
    thrust = activity_groups(known.exercises["hip_thrust_load"].evidence)
    assert {row.value for row in thrust["%MVIC", "mean"]} == {69.5, 86.8, 40.8, 99.5}
    assert {row.value for row in thrust["%MVIC", "peak"]} == {172.0, 216.0}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"value": 81, "sd": 42, "unit": "%MVIC"}, "81 ± 42"),
        ({"value": [42, 81], "unit": "%MVIC"}, "42–81"),
        ({"above": 40, "unit": "%MVIC"}, "> 40"),
        ({"text": "mostly quiet", "unit": "words"}, "mostly quiet"),
    ],
)
def test_a_laboratory_figure_in_words(row: dict, words: str) -> None:
    full = {"muscle": "gmed", "statistic": "mean", "described_as": "x", "source": "y", "status": "memory", **row}
    assert activity_words(MuscleActivity.model_validate(full)) == words


def test_a_dose_in_words(known: Knowledge) -> None:
    dose = Dose.model_validate(
        {
            "sets": [2, 3],
            "amount": 8,
            "counts": "repetitions",
            "per_side": True,
            "hold_s": 2,
            "source": "x",
            "status": "memory",
        }
    )
    assert dose_words(dose, Speaker(known)) == "2–3 rounds of 8 repetitions, each side, hold 2 s"
    assert "repeticiones" in dose_words(dose, Speaker(known, "es"))


def test_the_quality_record_is_worked_out_not_claimed(known: Knowledge) -> None:
    bridge = known.exercises["glute_bridge"]
    assert computed_quality(bridge, known)["clinician_review"] == "todo"
    assert tier(bridge, known) == "silver"
    worse = bridge.model_copy(update={"quality": {**bridge.quality, "spanish": "todo"}})
    assert tier(worse, known) == "bronze"


@given(st.text(max_size=200))
def test_any_text_is_told_about_and_never_crashes_the_check(text: str) -> None:
    document = read_document("exercises/anything.yaml", text)
    assert document.content is None
    assert document.problems


_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def test_the_seconds_in_the_steps_are_those_of_the_tempo(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        tempo = exercise.tempo
        if tempo.rhythm != "counted":
            continue
        text = " ".join(exercise.steps).lower()
        said = re.findall(r"(\w+) seconds?\b", text) + re.findall(r"count(?:ing)? (?:to )?(\w+)", text)
        seconds = {_COUNTS[word] for word in said if word in _COUNTS}
        assert seconds <= {tempo.lower_s, tempo.pause_s, tempo.lift_s}, exercise.id
        spoken = {_COUNTS[word] for word in re.findall(r"\w+", tempo.says.lower()) if word in _COUNTS}
        assert spoken == {s for s in (tempo.lower_s, tempo.pause_s, tempo.lift_s) if s}, exercise.id


def test_lowering_is_never_quicker_than_lifting(known: Knowledge) -> None:
    for exercise in known.exercises.values():
        tempo = exercise.tempo
        if tempo.rhythm == "counted":
            assert tempo.lower_s is not None
            assert tempo.lift_s is not None
            assert tempo.lower_s >= tempo.lift_s, exercise.id


def test_a_page_never_advises_those_who_must_leave_it_out(known: Knowledge) -> None:
    speaker = Speaker(known)
    for exercise in known.exercises.values():
        groups = cautions_on_page(exercise, speaker)
        names = [name for found in groups.values() for name, _ in found]
        assert len(names) == len(set(names)), exercise.id
        for code, caution in known.cautions.items():
            gone = exercise.id in apply_cautions([code], known).removed
            assert gone == (caution.name in [name for name, _ in groups.get("leave_out", [])]), (exercise.id, code)
            if not gone and caution.action == "clearance":
                assert (caution.name, caution.on_page) in groups["ask_first"]
            elif not gone and code in exercise.cautions:
                assert (caution.name, caution.on_page) in groups["do_differently"]
