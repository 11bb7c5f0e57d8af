"""The comparison of plans: within people, losses told, both safety filters side by side - on made-up outcomes."""

import dataclasses
import json

import pytest
from benchmarks.results_file import code_hash
from scripts import programme_evidence_page

from levelstride.programme.simulation.life import Outcome
from levelstride.programme.simulation.page import FILTER_NOTE, markdown, summary
from levelstride.programme.simulation.parameters import base_parameters
from levelstride.programme.simulation.table import (
    METRICS,
    MODEL_NOTE,
    OURS,
    Results,
    Run,
    compare,
    count_violations,
    losses,
    median,
    simulate,
)

BASIC, PROTECTIVE = ("fixed", "basic"), ("fixed", "protective")
PAIN = {"pain": "pain at the start"}


def outcomes(way, gained, **more):
    return [
        Outcome(way[0], number, filtered=way[1], gained=value, traits=PAIN if number % 2 else {}, **more)
        for number, value in enumerate(gained)
    ]


def results(ours, basic, protective=None, **more):
    lived = [*outcomes(OURS, ours, **more), *outcomes(BASIC, basic), *outcomes(PROTECTIVE, protective or basic)]
    return Results(1, len(ours), 0, 26, (Run(None, None, tuple(lived)),))


def test_differences_are_taken_within_people():
    found = compare(results([1.0, 11.0, 21.0], [0.0, 10.0, 20.0]).base, BASIC, "gained")
    assert (found.people, found.mean, found.mean_low, found.mean_high) == pytest.approx((3, 1, 1, 1))
    assert (found.better, found.worse) == (1.0, 0.0)
    assert found.won(True)
    assert not found.lost(True)


def test_fewer_is_better_where_it_hurts():
    base = results([0.0] * 4, [0.0] * 4, flares=3).base
    found = compare(base, BASIC, "flares")
    assert (found.mean, found.worse) == (3, 1.0)
    assert found.lost(False)


def test_each_filter_is_compared_on_its_own():
    told = results([5.0, 6.5, 8.0], [7.0, 8.0, 10.0], [1.0, 2.0, 3.0])
    lost = losses(told)
    assert any("Strength gained, % - better under the basic filter: fixed -" in line for line in lost)
    assert not any("protective" in line for line in lost)
    page = markdown(summary(told))
    row = next(line for line in page.splitlines() if line.startswith("| Strength gained, % | fixed |"))
    basic, protective = row.split("|")[3:5]
    assert "**worse**" in basic
    assert "better" in protective
    assert "worse" not in protective


def test_a_loss_in_a_part_of_the_people_is_told_with_its_size():
    ours = [10.0, 1.0, 10.0, 2.0, 10.0, 1.5]
    told = losses(results(ours, [2.0, 3.0, 2.0, 4.0, 2.0, 3.5]))
    assert any(line.startswith("base, pain at the start (3 people): Strength gained") for line in told)
    assert not any("all people" in line for line in told)


def test_no_loss_is_said_only_where_somebody_was_compared():
    assert "Nowhere beyond the interval" in markdown(summary(results([5.0, 6.5, 8.0], [1.0, 2.0, 3.0])))
    assert "Not known" in markdown(summary(results([5.0], [1.0])))


def test_a_life_that_failed_is_counted_and_compared_with_nobody():
    told = results([1.0, 2.0, 3.0], [0.0, 0.0, 0.0])
    broken = dataclasses.replace(told.base.outcomes[0], failed="2025-01-06: solver")
    told = Results(1, 3, 0, 26, (Run(None, None, (broken, *told.base.outcomes[1:])),))
    assert compare(told.base, BASIC, "gained").people == 2
    assert len(told.failures) == 1
    assert "solver" in markdown(summary(told))


def test_broken_rules_are_counted_by_case_and_shown():
    told = results([1.0, 2.0], [1.0, 2.0], violations=("weekly_volume.too_fast (week): much", "a.b (day): more"))
    assert count_violations(told)["weekly_volume.too_fast"] == 2
    page = markdown(summary(told))
    assert "Rules broken by our plan: **4**" in page
    assert "weekly_volume.too_fast: 2" in page


def test_the_page_says_what_it_is_and_comes_from_plain_data_alone():
    found = summary(results([1.0, 2.0, 4.0], [3.0, 1.0, 2.0]))
    kept = json.loads(json.dumps(found))
    assert markdown(kept) == markdown(found)
    assert MODEL_NOTE in markdown(found)
    assert FILTER_NOTE in markdown(found)
    for _, title, _ in METRICS:
        assert f"| {title} | fixed |" in markdown(found)


def test_the_grid_stands_beside_the_base():
    told = results([1.0, 2.0, 3.0], [0.0, 1.0, 2.5])
    other = Run("gain_week", "low", told.base.outcomes)
    told = Results(1, 3, 3, 26, (told.base, other))
    assert "| gain_week: low | fixed | +0.83" in markdown(summary(told))


def test_the_interval_of_a_median_holds_the_middle():
    middle, low, high = median(range(101))
    assert middle == 50
    assert low < 45 < 55 < high
    assert median([3.0]) == (3.0, 3.0, 3.0)


@pytest.mark.slow
def test_the_result_does_not_depend_on_the_number_of_workers():
    one, two = (simulate(people=3, weeks=2, seed=7, workers=workers, grid_people=1) for workers in (1, 2))
    assert one == two
    assert len(one.runs) == 1 + len(list(base_parameters().grid()))
    assert len(one.base.outcomes) == 3 * 7


def test_the_evidence_page_shows_what_is_kept_and_says_when_the_code_has_moved_on():
    found = summary(results([5.0, 6.5, 8.0], [7.0, 8.0, 10.0]))
    kept = {"command": "python -m benchmarks.simulation", "versions": {"python": "3"}, **found}
    fresh = programme_evidence_page.page({"simulation": {**kept, "code_sha256": code_hash("simulation")}})
    stale = programme_evidence_page.page({"simulation": {**kept, "code_sha256": "other"}})
    assert "stale" not in fresh
    assert "stale" in stale
    assert "better under the basic filter: fixed" in fresh
    assert "`python -m benchmarks.simulation`" in fresh
    assert "Not yet run" in programme_evidence_page.page({})
