"""Why it exists: shows that a week keeps every hard rule, is always the same, and says how good it is known to be."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.programme import week
from levelstride.programme.week import Filled, Option, Problem, Weights, fill_week

WEIGHTS = Weights(plane=100, muscle=20, pattern=15, set=3, finding=30, gate=90, fill=14, overdone=10)
MUSCLES = ("gmax", "gmed", "quads", "calf")
PLANES = ("sagittal", "frontal", "transverse")


def option(name: str = "a", **changes: Any) -> Option:
    frame: dict[str, Any] = {
        "name": name,
        "least": 2,
        "most": 3,
        "seconds": 240,
        "each": 90,
        "muscles": ("gmax",),
        "hard": True,
        "planes": ("sagittal",),
        "one_leg": False,
        "aside": False,
        "trunk": False,
        "pattern": "",
        "points": 0,
        "times": 3,
    }
    return Option(**{**frame, **changes})


def problem(*options: Option, **changes: Any) -> Problem:
    frame: dict[str, Any] = {
        "options": options,
        "repeats": (2, 1),
        "seconds": (1500, 1500),
        "moves": (2, 4),
        "caps": (),
        "aims": (),
        "one_leg_least": 0,
        "planes": PLANES,
        "muscles": MUSCLES,
        "patterns": ("squat", "hinge"),
        "groups": (),
        "gate": (),
        "side_moves": 1,
        "close": (),
        "blocked": (),
        "weights": WEIGHTS,
    }
    return Problem(**{**frame, **changes})


def chosen(filled: Filled) -> list[set[str]]:
    return [{name for name, _ in session} for session in filled.sessions]


@st.composite
def weeks(draw: st.DrawFn) -> Problem:
    names = [f"m{number:02}" for number in range(draw(st.integers(1, 12)))]
    options = tuple(
        option(
            name,
            least=(least := draw(st.integers(1, 2))),
            most=least + draw(st.integers(0, 2)),
            seconds=draw(st.integers(60, 500)),
            each=draw(st.integers(30, 150)),
            muscles=(draw(st.sampled_from(MUSCLES)),),
            hard=draw(st.booleans()),
            planes=(draw(st.sampled_from(PLANES)),),
            one_leg=draw(st.booleans()),
            aside=draw(st.booleans()),
            trunk=draw(st.booleans()),
            pattern=draw(st.sampled_from(("", "squat", "hinge"))),
            points=draw(st.integers(0, 60)),
            times=draw(st.integers(1, 3)),
            pinned=draw(st.integers(0, 9)) == 0,
            clashes=tuple(draw(st.sets(st.sampled_from(names), max_size=2)) - {name}),
        )
        for name in names
    )
    return problem(
        *options,
        repeats=draw(st.sampled_from([(1,), (1, 1), (2, 1)])),
        seconds=(draw(st.integers(300, 2400)),) * 2,
        caps=tuple((muscle, draw(st.integers(0, 10))) for muscle in MUSCLES),
        aims=(("gmax", 6),),
        one_leg_least=draw(st.integers(0, 1)),
        close=draw(st.sampled_from([(), ((0, 1),)])),
        blocked=tuple((muscle, 0) for muscle in draw(st.sets(st.sampled_from(MUSCLES), max_size=2))),
    )


@pytest.mark.requirement("R148", "R089")
@given(weeks())
@settings(max_examples=60, deadline=None)
def test_no_week_breaks_a_hard_rule(asked: Problem) -> None:
    asked = replace(
        asked,
        seconds=asked.seconds[: len(asked.repeats)],
        close=asked.close if len(asked.repeats) > 1 else (),
    )
    filled = fill_week(asked)
    by_name = {one.name: one for one in asked.options}
    sets, times = Counter[str](), Counter[str]()
    hard_of: list[set[str]] = []
    assert len(filled.sessions) == len(asked.repeats)
    for place, session in enumerate(filled.sessions):
        moves = [(by_name[name], count) for name, count in session]
        assert len(moves) <= asked.moves[1]
        assert all(one.least <= count <= one.most for one, count in moves)
        assert sum(one.seconds + (count - one.least) * one.each for one, count in moves) <= asked.seconds[place]
        assert sum(one.aside for one, _ in moves) <= asked.side_moves
        assert sum(one.trunk for one, _ in moves) <= asked.side_moves
        if asked.one_leg_least and moves:
            assert any(one.one_leg for one, _ in moves)
        hard_of.append({muscle for one, _ in moves if one.hard for muscle in one.muscles})
        assert not {(muscle, place) for muscle in hard_of[-1]} & set(asked.blocked)
        for one, count in moves:
            times[one.name] += asked.repeats[place]
            if one.hard:
                for muscle in one.muscles:
                    sets[muscle] += asked.repeats[place] * count
    assert all(count <= by_name[name].times for name, count in times.items())
    assert all(sets[muscle] <= most for muscle, most in asked.caps)
    assert all(not hard_of[one] & hard_of[two] for one, two in asked.close)
    for name in times:  # two of one ladder never share a week, whichever of the two names the other
        assert not set(by_name[name].clashes) & {other for other in times if other < name}


@given(weeks(), st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_candidates_changes_nothing(asked: Problem, chance: Any) -> None:
    asked = replace(asked, repeats=(1, 1), seconds=(1500, 1500))
    shuffled = list(asked.options)
    chance.shuffle(shuffled)
    first = fill_week(asked)
    week._solve.cache_clear()
    assert fill_week(replace(asked, options=tuple(shuffled))) == first


def test_a_small_week_is_the_best_of_all_weeks() -> None:
    """Every way of filling one session of two moves is tried."""
    options = (
        option("a", points=30, seconds=300, most=2),
        option("b", points=0, seconds=300, most=2, planes=("frontal",), muscles=("gmed",)),
        option("c", points=50, seconds=300, most=2, planes=("sagittal",), muscles=("gmax",)),
        option("d", points=5, seconds=300, most=2, planes=("transverse",), muscles=("calf",), pattern="hinge"),
    )
    asked = problem(*options, repeats=(1,), seconds=(600,), patterns=("hinge",))

    def worth(pair: tuple[Option, ...]) -> int:
        points = sum(one.points + WEIGHTS.fill - WEIGHTS.overdone for one in pair)
        points += WEIGHTS.plane * len({plane for one in pair for plane in one.planes})
        points += WEIGHTS.muscle * len({muscle for one in pair for muscle in one.muscles})
        return points + WEIGHTS.pattern * any(one.pattern == "hinge" for one in pair)

    best = max(combinations(options, 2), key=worth)
    filled = fill_week(asked)
    assert (filled.optimal, filled.gap, filled.too_few) == (True, 0.0, 0)
    assert chosen(filled) == [{one.name for one in best}]
    assert filled.missing_planes == ("frontal",)


def test_a_session_is_filled_before_it_is_made_nice() -> None:
    rich, plain = (
        option("rich", points=500, seconds=600, most=2),
        [option(f"p{n}", seconds=300, most=2) for n in range(2)],
    )
    filled = fill_week(problem(rich, *plain, repeats=(1,), seconds=(600,)))
    assert chosen(filled) == [{"p0", "p1"}]


def test_too_little_time_leaves_moves_out_and_says_how_many() -> None:
    options = [option(f"p{n}", seconds=300, most=2) for n in range(4)]
    assert fill_week(problem(*options, repeats=(1,), seconds=(599,))).too_few == 1
    assert fill_week(problem(*options, repeats=(1,), seconds=(299,))).too_few == 2
    assert fill_week(problem(*options, repeats=(1,), seconds=(600,))).too_few == 0


def test_nothing_to_choose_from_is_an_empty_week() -> None:
    filled = fill_week(problem())
    assert filled.sessions == ((), ())
    assert filled.too_few == 4
    assert filled.missing_planes == PLANES


@pytest.mark.requirement("R153")
def test_a_pinned_move_goes_before_everything_but_the_hard_rules() -> None:
    pinned = option("pinned", pinned=True, seconds=300, most=2)
    rich = [option(f"r{n}", points=200, seconds=300, most=2, planes=(PLANES[n],)) for n in range(3)]
    asked = problem(pinned, *rich, repeats=(1,), seconds=(600,))
    assert "pinned" in chosen(fill_week(asked))[0]
    assert "pinned" not in chosen(fill_week(replace(asked, blocked=(("gmax", 0),))))[0]


def test_one_of_a_ladder_is_enough_for_a_week() -> None:
    low, high = option("low", points=50, clashes=("high",)), option("high", points=60, clashes=("low",))
    names = set().union(*chosen(fill_week(problem(low, high, option("x"), option("y")))))
    assert "high" in names
    assert "low" not in names


@pytest.mark.requirement("R097")
def test_a_finding_is_answered_by_one_of_its_moves() -> None:
    others = [option(f"o{n}", points=5) for n in range(4)]
    wished = [option("w1"), option("w2")]
    filled = fill_week(problem(*others, *wished, repeats=(1,), moves=(2, 2), groups=(("w1", "w2"),)))
    assert len(chosen(filled)[0] & {"w1", "w2"}) == 1


def large() -> Problem:
    chance = Random(3)
    options = [
        option(
            f"m{number:02}",
            points=chance.randint(0, 60),
            least=1,
            most=4,
            seconds=chance.randint(150, 400),
            each=chance.randint(40, 130),
            muscles=tuple(chance.sample(MUSCLES, 2)),
            planes=(chance.choice(PLANES),),
            one_leg=chance.random() < 0.4,
            clashes=tuple(f"m{chance.randint(0, 39):02}" for _ in range(2)),
        )
        for number in range(40)
    ]
    sets = tuple((muscle, 11) for muscle in MUSCLES)
    return problem(*options, repeats=(2, 2), caps=sets, aims=sets, one_leg_least=1, moves=(3, 5))


def test_a_week_that_was_not_proven_says_how_far_it_may_be_from_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """With less and less time to think, the solver stops before its proof."""
    found = []
    for limit in (0.003, 0.004, 0.006, week.LIMIT):
        monkeypatch.setattr(week, "LIMIT", limit)
        week._solve.cache_clear()
        found.append(fill_week(large()))
    week._solve.cache_clear()
    assert [one.optimal for one in found] == [one.gap == 0 for one in found]
    assert not found[0].optimal
    assert 0 < found[0].gap < 1
    assert (found[-1].optimal, found[-1].too_few) == (True, 0)
