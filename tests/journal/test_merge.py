"""Why it exists: two journals become one without losing anything, whatever arrives first."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal.bodies import CheckIn
from levelstride.journal.merge import merge, twins
from levelstride.journal.state import fold
from tests.journal.support import NOON, check_ins, entries, made, twin_of

journals = st.lists(entries, max_size=5)
some = settings(max_examples=60, deadline=None)


def lines(journal):
    return [entry.line for entry in journal]


@some
@given(journals, journals, journals)
def test_the_union_does_not_depend_on_order_or_repetition(a, b, c):
    whole = merge(a, b, c)
    assert lines(whole) == lines(merge(c, b, a)) == lines(merge(b, c, a))
    assert lines(whole) == lines(merge(merge(a, b), c)) == lines(merge(a, merge(b, c)))
    assert lines(whole) == lines(merge(whole, whole)) == lines(merge(whole, a)) == lines(merge(a, a, b, c, b))


@some
@given(journals, journals)
def test_the_union_holds_every_line_once_and_nothing_else(a, b):
    whole = lines(merge(a, b))
    assert set(whole) == {*lines(a), *lines(b)}
    assert len(whole) == len(set(whole))


@some
@given(journals, st.data())
def test_the_order_of_arrival_does_not_change_the_state(a, data):
    doubled = data.draw(st.permutations([*a, *a[:2]]))
    assert fold(doubled) == fold(a) == fold(merge(a))


def test_the_union_of_nothing_is_nothing():
    assert merge() == merge([], ()) == ()
    assert twins([]) == {}


def test_the_union_is_in_order_of_id():
    later, earlier, middle = (made(CheckIn(), number=number) for number in (3, 1, 2))
    assert merge([later], [earlier, middle]) == (earlier, middle, later)


def test_the_same_entry_twice_is_no_twin():
    entry = check_ins(1)[0]
    assert merge([entry], [entry]) == (entry,)
    assert twins([entry, entry]) == {}


@pytest.mark.parametrize("count", [2, 3])
def test_twins_are_both_kept_and_named(count):
    entry, *others = check_ins(4)
    texts = [entry, *(twin_of(entry, f"hand {number}") for number in range(count - 1))]
    expected = tuple(sorted(texts, key=lambda twin: twin.line))
    for order in itertools.permutations(texts):
        whole = merge(others, order)
        assert len(whole) == 3 + count
        assert twins(whole) == {entry.id: expected}
        assert lines(twins(whole)[entry.id]) == lines(expected)


def test_the_state_takes_the_first_twin_by_text_in_every_order():
    high = made(CheckIn(sleep_hours=9), NOON, number=1)
    low = made(CheckIn(sleep_hours=4), NOON, number=1)
    between = made(CheckIn(sleep_hours=6), NOON, number=2)
    for order in itertools.permutations([high, low, between, high]):
        state = fold(order)
        assert [log.body.sleep_hours for log in state.check_ins] == [4, 6]
        assert state.entries == 2
