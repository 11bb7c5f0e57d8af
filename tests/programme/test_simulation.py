"""Half a year of many virtual people under our plan: the independent validator finds nothing, no life breaks off."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from levelstride.library.loader import knowledge
from levelstride.programme.simulation.life import Outcome, live_number
from levelstride.programme.simulation.parameters import base_parameters
from levelstride.programme.simulation.policies import Ours

SEED = 1
BLOCK = 10


def lived(number: int) -> Outcome:
    """Return half a year of one person under our plan, every week and every day checked."""
    return live_number(SEED, number, Ours(), knowledge(), base_parameters())


def assert_safe(outcome: Outcome) -> None:
    assert outcome.failed is None, (outcome.number, outcome.failed)
    assert outcome.violations == (), (outcome.number, outcome.violations)


@pytest.mark.parametrize("block", range(10))
def test_a_hundred_people_for_half_a_year_without_a_broken_rule(block: int) -> None:
    outcomes = [lived(number) for number in range(block * BLOCK, (block + 1) * BLOCK)]
    for outcome in outcomes:
        assert_safe(outcome)
    assert sum(outcome.done > 0 for outcome in outcomes) >= BLOCK - 1
    assert sum("P2" in outcome.opened for outcome in outcomes) >= BLOCK / 2


@pytest.mark.slow
def test_a_thousand_people_for_half_a_year_without_a_broken_rule() -> None:
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for outcome in pool.map(lived, range(1000), chunksize=10):
            assert_safe(outcome)
