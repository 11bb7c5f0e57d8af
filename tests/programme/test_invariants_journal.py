"""What a journal always gives back: the same programme in any order, mirrored, merged, and by the wishes in it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from levelstride.journal.bodies import (
    Issued,
    Override,
)
from levelstride.journal.entry import read_entry
from levelstride.journal.merge import merge
from levelstride.journal.state import fold
from levelstride.programme import history, week
from levelstride.programme.context import programmes
from levelstride.programme.model import read_programme
from levelstride.programme.plan import open_week
from levelstride.screening.decision import Permit
from levelstride.screening.safety import decide
from tests.programme.invariants import (
    ALL,
    FEW,
    LIVES,
    SOME,
    closed,
    digest,
    drawn,
    is_skip,
    is_swap,
    plain,
    swapped,
    week_of,
    with_choice,
)
from tests.programme.lives import Life, again, all_moves, day_again, life, until
from tests.programme.somebody import CONDITIONS, Diary, arrive, draw_person
from tests.screening.support import KNOWN


class TestTheSameJournal:
    @SOME
    @given(LIVES)
    def test_mirrored_gives_the_mirrored_programme(self, lived: Life):
        assume(lived.weeks)
        one = lived.weeks[-1]
        told = until(lived, one.now)
        mirror = again(one, [swapped(entry) for entry in told])
        assert plain(mirror, swap=True) == plain(again(one, told))

    @FEW
    @given(LIVES)
    def test_gives_the_same_programme_again(self, lived: Life):
        for one in lived.weeks:
            week._solve.cache_clear()
            history._KEPT.clear()
            assert again(one, until(lived, one.now)) == one.programme

    def test_gives_the_same_in_another_process_with_other_hashes(self):
        numbers = (1, 2)
        code = f"from tests.programme.invariants import digest; print(digest({numbers!r}))"
        for seed in ("4242",):
            done = subprocess.run(
                [sys.executable, "-c", code],
                env={**os.environ, "PYTHONHASHSEED": seed},
                cwd=Path(__file__).parents[2],
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.strip() == digest(numbers), seed

    @SOME
    @given(LIVES, st.randoms(use_true_random=False))
    def test_in_any_order_twice_or_merged_from_halves_gives_the_same(self, lived: Life, r: Random):
        assume(lived.weeks)
        one = lived.weeks[-1]
        told = until(lived, one.now)
        mixed = [*told, *r.sample(told, len(told) // 2)]
        r.shuffle(mixed)
        halves = merge(told[::2], [read_entry(entry.line) for entry in told[1::2]], told[: len(told) // 2])
        assert again(one, mixed) == one.programme
        assert again(one, halves) == one.programme
        if one.days:
            day = one.days[-1]
            shuffled = [entry for entry in lived.entries if entry.at <= day.now]
            r.shuffle(shuffled)
            assert day_again(one, day, shuffled) == day.plan

    @ALL
    @given(LIVES)
    def test_keeps_each_issued_week_whatever_comes_later(self, lived: Life):
        state = fold(lived.entries)
        for one in lived.weeks:
            for number in range(7):
                assert open_week(state, one.programme.starts_on + timedelta(days=number)) == one.programme

    @ALL
    @given(LIVES)
    def test_gives_back_each_programme_that_was_written_into_it(self, lived: Life):
        written = [read_entry(entry.line) for entry in lived.entries if isinstance(entry.body, Issued)]
        kept = {one.starts_on: one for one in programmes(fold(written))}
        for one in lived.weeks:
            assert kept[one.programme.starts_on] == one.programme
            assert read_programme(json.loads(json.dumps(one.programme.content()))) == one.programme


class TestChoices:
    @SOME
    @given(LIVES, st.data())
    def test_what_a_practitioner_forbids_with_a_reason_is_gone_everywhere(self, lived: Life, data):
        assume(lived.weeks)
        one = lived.weeks[-1]
        names = sorted({move.exercise for move in all_moves(one.programme.sessions)})
        assume(names)
        name = data.draw(st.sampled_from(names))
        order = Override(by="practitioner", action="forbid", target=name, reason="seen in an assessment")
        told = with_choice(one, until(lived, one.now), order)
        assert name not in {move.exercise for move in all_moves(again(one, told).sessions)}
        for day in one.days:
            past = [*with_choice(one, [], order), *(entry for entry in lived.entries if entry.at <= day.now)]
            assert name not in {move.exercise for move in all_moves(day_again(one, day, past).sessions)}

    @SOME
    @given(st.integers(0, 10**6), st.sampled_from(sorted(CONDITIONS)), st.data())
    def test_what_a_practitioner_pins_never_beats_a_caution(self, number: int, option: str, data):
        person = replace(draw_person(Random(number)), conditions=(option,))
        against = closed(CONDITIONS[option])
        name = data.draw(st.sampled_from([n for n, e in KNOWN.exercises.items() if against & set(e.demands)]))
        diary = Diary()
        arrive(diary, person)
        diary.write(Override(by="practitioner", action="pin", target=name, reason="wanted"), -1, 1300)
        decision = decide(diary.state, KNOWN, diary.at(0))
        assume(decision.may_start)
        programme = week_of(Permit(decision), diary, 0)
        assert name not in {move.exercise for move in all_moves(programme.sessions)}

    @pytest.mark.parametrize(
        ("action", "target", "value"),
        [
            ("pin", "side_plank", None),
            ("forbid", "clamshell", None),
            ("forbid", "step_up", None),
            ("dose", "glute_bridge", {"sets": 5.0, "amount": 30.0}),
            ("gate", "P4", "open"),
            ("gate", "P2", "closed"),
        ],
    )
    @pytest.mark.parametrize("reason", [None, "", "  "])
    def test_what_a_practitioner_orders_without_a_reason_changes_nothing(self, action, target, value, reason):
        for number in (0, 2, 4):
            lived = life(number)
            one = lived.weeks[0]
            order = Override(by="practitioner", action=action, target=target, value=value, reason=reason)
            told = until(lived, one.now)
            base, programme = again(one, told), again(one, with_choice(one, told, order))
            assert programme.sessions == base.sessions
            assert programme.phase == base.phase
            said = {(why.rule, why.case) for why in programme.notices}
            assert ("own_choices", "no_reason") in said

    @SOME
    @given(LIVES, st.data())
    def test_a_swap_to_what_health_answers_rule_out_is_refused_and_told(self, lived: Life, data):
        against = closed(lived.person.codes)
        removed = [name for name, exercise in KNOWN.exercises.items() if against & set(exercise.demands)]
        days = [(one, day) for one, day in lived.days if any(session.moves for session in day.plan.sessions)]
        assume(removed and days)
        one, day = drawn(data, days)
        moves = sorted({move.exercise for session in day.plan.sessions for move in session.moves})
        swap = Override(
            by="user",
            action="swap",
            target=data.draw(st.sampled_from(moves)),
            value=data.draw(st.sampled_from(removed)),
        )
        told = [entry for entry in lived.entries if entry.at <= day.now and not is_swap(entry)]
        coming = {move.exercise for session in one.programme.sessions for move in session.moves}
        assume(swap.target in coming and swap.target not in {entry.body.target for entry in told if is_skip(entry)})
        diary = Diary((day.now - timedelta(days=1)).date(), first=10**6)
        today = day_again(one, day, [*told, diary.write(swap, 1, 450)])
        assert swap.value not in {move.exercise for move in all_moves(today.sessions)}
        assert ("own_choices", "not_safe") in {(why.rule, why.case) for why in today.notices}
