"""Why it exists: an export says all it holds; cut or broken, it gives back the rest and says what is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.errors import InputError
from levelstride.journal.entry import read_entry
from levelstride.journal.lines import read_lines, read_lines_file, write_lines
from levelstride.journal.merge import merge
from tests.journal.support import check_ins, content, entries, exported, line_of, newer_lines

TWELVE = check_ins(12)
HEADER = b'{"levelstride_journal": "levelstride.journal/1", "entries": 12}'


def lines(journal):
    return [entry.line for entry in journal]


def broken(found):
    return [(refused.line, refused.code) for refused in found.refused]


# ------------------------------------------------------------------------------------------------- there and back


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, max_size=6), st.lists(newer_lines(), max_size=3))
def test_an_export_gives_back_the_same_set(known, newer):
    journal = merge(known, [read_entry(line_of(fields)) for fields, _ in newer])
    found = read_lines(exported(journal))
    assert lines(found.entries) == lines(journal)
    assert (found.refused, found.stated, found.cut, found.lost) == ((), len(journal), False, 0)
    assert exported(found.entries) == exported(journal)


def test_an_export_of_nothing_is_one_line():
    assert list(write_lines([])) == ['{"levelstride_journal": "levelstride.journal/1", "entries": 0}\n']
    found = read_lines(exported([]))
    assert (found.entries, found.refused, found.stated, found.cut, found.lost) == ((), (), 0, False, 0)


def test_each_entry_is_one_line():
    whole = exported(TWELVE)
    assert whole.split(b"\n")[0] == HEADER
    assert whole.decode().split("\n")[1:-1] == lines(TWELVE)
    assert whole.endswith(b"}\n")
    assert any(byte > 127 for byte in whole)


def test_a_generator_can_be_exported():
    assert exported(entry for entry in TWELVE) == exported(TWELVE)


# ------------------------------------------------------------------------------------------------- cut anywhere


def test_a_file_cut_at_any_byte_gives_back_what_lies_before_the_cut():
    whole = exported(TWELVE)
    ends = [end for end in range(len(whole)) if whole[end : end + 1] == b"\n"]
    assert ends[0] == len(HEADER)
    for at in range(len(whole) + 1):
        found = read_lines(whole[:at])
        ended = [end for end in ends if end <= at]
        complete = max(0, len(ended) - 1)
        assert lines(found.entries) == lines(TWELVE[:complete])
        assert found.stated == (12 if ended else None)
        assert found.lost == (12 - complete if ended else None)
        assert found.cut == (at > 0 and whole[at - 1 : at] != b"\n")
        unfinished = at > (ended[-1] + 1 if ended else 0)
        assert broken(found) == ([(len(ended) + 1, "cut")] if unfinished else [])
    assert found.lost == 0


def test_without_its_first_line_nobody_knows_what_is_lost():
    whole = exported(TWELVE)[len(HEADER) + 1 :]
    assert read_lines(whole).entries == tuple(TWELVE)
    for at in (len(whole), len(whole) // 2):
        found = read_lines(whole[:at])
        assert (found.stated, found.lost) == (None, None)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_hole_of_zeros_costs_only_the_lines_it_touches(size):
    whole = exported(TWELVE)
    start = whole.index(b"\n", 600) + 20
    found = read_lines(whole[:start] + b"\0" * size + whole[start + size :])
    assert len(found.refused) == 1
    assert found.refused[0].code in ("not_json", "not_text")
    assert len(found.entries) == 11
    assert set(found.entries) < set(TWELVE)
    assert found.lost == 0


# ------------------------------------------------------------------------------------------------- broken lines

BROKEN = {
    "no JSON": (b"{oops}", "not_json"),
    "not UTF-8": (b'{"id": "\xff\xfe"}', "not_text"),
    "UTF-16": ("{}".encode("utf-16"), "not_text"),
    "half a line": (line_of(content()).encode()[:60], "not_json"),
    "two in one": (line_of(content()).encode() * 2, "not_json"),
    "another object": (b'{"levelstride": 1}', "incomplete"),
    "a list": (b"[1, 2]", "not_an_object"),
    "wrong body": (line_of(content({"sleep_hours": 25})).encode(), "bad_body"),
    "naive": (line_of(content(at="2026-05-01T08:30")).encode(), "no_time"),
    "year 1": (line_of(content(at="0001-01-01T00:00+02:00")).encode(), "no_time"),
    "no id": (line_of(content(id="7")).encode(), "no_id"),
    "NaN": (line_of(content()).replace("7.5", "NaN").encode(), "not_json"),
    "beyond floats": (line_of(content()).replace("7.5", "1e999").encode(), "not_json"),
    "half a character": (line_of(content(newer="x")).replace('"x"', '"\\udead"').encode(), "not_json"),
    "too long": (b" x" * 600_000, "too_long"),
    "deep": (b'{"a":' + b"[" * 100_000, "not_json"),
}


@pytest.mark.parametrize(("line", "code"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("place", [1, 5, 12])
def test_a_broken_line_loses_only_itself(line, code, place):
    pieces = exported(TWELVE).split(b"\n")
    pieces[place] = line
    found = read_lines(b"\n".join(pieces))
    assert broken(found) == [(place + 1, code)]
    assert "\n" not in found.refused[0].problem
    assert found.entries == (*TWELVE[: place - 1], *TWELVE[place:])
    assert (found.stated, found.lost, found.cut) == (12, 0, False)


def test_a_broken_line_and_a_cut_are_told_apart():
    pieces = exported(TWELVE).split(b"\n")
    pieces[3] = b"{oops}"
    found = read_lines(b"\n".join(pieces[:9]) + b"\n" + pieces[9][:30])
    assert broken(found) == [(4, "not_json"), (10, "cut")]
    assert found.entries == (*TWELVE[:2], *TWELVE[3:8])
    assert (found.cut, found.lost) == (True, 4)


HEADERS = {
    "of a list": b'{"levelstride_journal": "levelstride.journal/1", "entries": [12]}',
    "negative": b'{"levelstride_journal": "levelstride.journal/1", "entries": -1}',
    "without a count": b'{"levelstride_journal": "levelstride.journal/1"}',
    "broken": b'{"levelstride_journal": "levelstride.journal/1", "entr',
    "a list": b'["levelstride_journal"]',
    "deep": b'{"levelstride_journal": ' + b"[" * 100_000,
    "deep and whole": b'{"levelstride_journal": ' + b"[" * 5000 + b"]" * 5000 + b"}",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS)
def test_a_first_line_that_says_nothing_costs_no_entry(header):
    found = read_lines(header + exported(TWELVE)[len(HEADER) :])
    assert found.entries == tuple(TWELVE)
    assert [refused.line for refused in found.refused] == [1]
    assert (found.stated, found.lost) == (None, None)


# ------------------------------------------------------------------------------------------------- other hands


@pytest.mark.parametrize(
    "spell",
    [
        lambda whole: b"\xef\xbb\xbf" + whole,
        lambda whole: whole.replace(b"\n", b"\r\n"),
        lambda whole: b"\xef\xbb\xbf" + whole.replace(b"\n", b"\r\n"),
        lambda whole: whole.replace(b"\n", b"\n\n"),
        lambda whole: whole.replace(b"\n", b"  \n\t\n"),
        lambda whole: whole + b"\n\n \n",
        lambda whole: whole.rstrip(b"\n"),
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "empty lines", "blanks", "empty end", "no last line end"],
)
def test_an_editor_does_no_harm(spell):
    found = read_lines(spell(exported(TWELVE)))
    assert lines(found.entries) == lines(TWELVE)
    assert (found.refused, found.stated, found.lost) == ((), 12, 0)


def test_line_numbers_count_empty_lines():
    found = read_lines(b"\n\n{oops}\n\n{}\n")
    assert broken(found) == [(3, "not_json"), (5, "incomplete")]


def test_two_exports_one_behind_the_other_are_read():
    found = read_lines(exported(TWELVE[:6]) + exported(TWELVE[6:]))
    assert found.entries == tuple(TWELVE)
    assert [refused.line for refused in found.refused] == [8]
    assert found.lost == 0


def test_a_line_given_twice_is_read_twice_and_merges_to_one():
    found = read_lines(exported([*TWELVE, *TWELVE]))
    assert len(found.entries) == 24
    assert merge(found.entries) == merge(TWELVE)


@pytest.mark.parametrize("content", [b"", b"\n", b"\r\n", b" \n\n"])
def test_an_empty_file_holds_nothing_and_promises_nothing(content):
    found = read_lines(content)
    assert (found.entries, found.refused, found.stated, found.lost) == ((), (), None, None)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_it_fall_over(content):
    last = TWELVE[-1].line
    found = read_lines(content + b"\n" + last.encode())
    assert found.entries[-1].line == last
    assert len(found.entries) + len(found.refused) <= content.count(b"\n") + 2


# ------------------------------------------------------------------------------------------------- files


def test_a_file_is_read(tmp_path):
    path = tmp_path / "deník 🦵.jsonl"
    path.write_bytes(exported(TWELVE))
    assert read_lines_file(path).entries == tuple(TWELVE)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name):
    with pytest.raises(InputError) as caught:
        read_lines_file(tmp_path / name)
    assert str(tmp_path / name) in caught.value.problem
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2
