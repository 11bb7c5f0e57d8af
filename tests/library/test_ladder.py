"""Why it exists: each step of a ladder says what makes it harder, and says no more than the exercises do."""

from itertools import pairwise
from typing import get_args

import pytest

from levelstride.library.knowledge import Knowledge
from levelstride.library.ladder import BANDS, WEIGHTS, harder_by, load_of
from levelstride.library.sayings import harder_words
from levelstride.library.schema.exercises import HarderBy
from levelstride.library.translations import Speaker
from levelstride.report.library.ladder import ladder_svg, steps_up

#: The kinds of load, in the order in which a ladder should bring them.
ORDER = ("band", "weight", "one_leg")


def by(low: str, high: str, known: Knowledge) -> tuple[str, ...]:
    return harder_by(known.exercises[low], known.exercises[high])


@pytest.mark.requirement("R113")
@pytest.mark.parametrize(
    "rungs",
    [
        ("glute_bridge", "glute_bridge_band", "hip_thrust_bw", "hip_thrust_load", "sl_hip_thrust"),
        ("hip_hinge_drill", "band_pull_through", "rdl", "b_stance_rdl"),
        ("bw_squat", "band_squat", "goblet_squat", "split_squat"),
    ],
    ids=["bridge", "hinge", "squat"],
)
def test_a_ladder_brings_the_band_then_the_weight_then_one_leg(rungs: tuple[str, ...], known: Knowledge) -> None:
    up = steps_up(known)
    assert all(high in up[low] for low, high in pairwise(rungs))
    loads = [kind for low, high in pairwise(rungs) for kind in by(low, high, known) if kind in ORDER]
    assert loads == list(ORDER)


@pytest.mark.requirement("R113")
def test_every_step_of_every_ladder_says_what_makes_it_harder(known: Knowledge) -> None:
    steps = [(low, high) for low, highs in steps_up(known).items() for high in highs]
    assert len(steps) > 100
    for low, high in steps:
        found = by(low, high, known)
        assert found, (low, high)
        assert len(set(found)) == len(found), (low, high)
        assert ("move" in found) == (found == ("move",)), (low, high)


@pytest.mark.requirement("R113")
def test_a_kind_of_load_is_named_only_where_it_comes_new(known: Knowledge) -> None:
    for low, highs in steps_up(known).items():
        for high in highs:
            found, easier, harder = by(low, high, known), known.exercises[low], known.exercises[high]
            things = {thing for choices in harder.equipment.needs for thing in choices}
            before = {thing for choices in easier.equipment.needs for thing in choices}
            if "band" in found:
                assert things & set(BANDS), (low, high)
                assert not before & set(BANDS), (low, high)
            if "weight" in found:
                assert things & set(WEIGHTS), (low, high)
                assert load_of(easier) != "weight" or "heavy_load" in harder.demands, (low, high)
            if "one_leg" in found or "one_side" in found:
                assert (easier.laterality, harder.laterality) == ("bilateral", "unilateral"), (low, high)


@pytest.mark.parametrize(
    ("low", "high", "kinds"),
    [
        ("sl_rdl", "sl_rdl_loaded", ("weight", "effort")),
        ("rdl", "deadlift", ("weight", "range")),
        ("clamshell", "clamshell_band", ("band",)),
        ("heel_raise", "heel_raise_sl", ("one_leg",)),
        ("glute_set", "standing_knee_lift", ("one_side",)),
        ("glute_bridge", "glute_bridge_hold", ("hold",)),
        ("sl_stance", "sl_stance_ec", ("balance",)),
        ("hip_hinge_drill", "tempo_hinge", ("range", "hold", "tempo")),
        ("brisk_walk", "hill_stairs", ("effort",)),
        ("sl_squat", "hop_sl", ("impact",)),
        ("lateral_band_walk", "monster_walk", ("direction",)),
        ("split_squat", "reverse_lunge", ("position",)),
        ("standing_hip_abd", "lateral_band_walk", ("band", "support")),
        ("sl_bridge", "sl_bridge", ("move",)),
    ],
)
def test_what_makes_a_step_harder(low: str, high: str, kinds: tuple[str, ...], known: Knowledge) -> None:
    assert by(low, high, known) == kinds


def test_every_kind_has_a_word(known: Knowledge) -> None:
    assert set(known.vocabulary.harder_by) == set(get_args(HarderBy))


@pytest.mark.requirement("R113")
@pytest.mark.parametrize(("language", "words"), [("en", "with more weight"), ("es", "con más peso")])
def test_the_drawing_says_it_of_each_line(language: str, words: str, known: Knowledge) -> None:
    drawn = ladder_svg(known, {"sl_rdl", "sl_rdl_loaded"}, language=language)
    assert drawn.count('data-harder-by="weight effort"') == 1
    said = harder_words(known.exercises["sl_rdl"], known.exercises["sl_rdl_loaded"], Speaker(known, language))
    assert said.startswith(words)
    assert f": {said}</title>" in drawn
