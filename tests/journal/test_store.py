"""Why it exists: what the store has taken, it gives back - killed, locked, full or shared - and never half of it."""

import os
import random
import resource
import sqlite3
import time
from contextlib import closing

import pytest

from levelstride.errors import InputError
from levelstride.journal import store
from levelstride.journal.bodies import CheckIn, Pain
from levelstride.journal.entry import read_entry
from levelstride.journal.store import APPLICATION_ID, LAYOUT, Receipt, SqliteStore
from tests.journal.store_cases import in_child, lines, needs_fork, read_again
from tests.journal.support import NOON, WORDS, check_ins, content, line_of, made, twin_of

not_as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="rights do not bind the superuser; run as another user"
)


def refused(path, action):
    with pytest.raises(InputError) as caught:
        action()
    assert "\n" not in str(caught.value)
    assert str(path) in caught.value.problem
    assert caught.value.fix
    return caught.value.problem


# ------------------------------------------------------------------------------------------------- adding


def test_a_new_journal_is_empty_and_has_its_mark(path):
    with SqliteStore(path.parent / "new" / "folder" / "journal.db") as journal:
        assert journal.entries() == ()
        assert journal.damage is None
    with closing(sqlite3.connect(path.parent / "new" / "folder" / "journal.db")) as file:
        assert file.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert file.execute("PRAGMA user_version").fetchone() == (LAYOUT,)
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert read_again(path.parent / "new" / "folder" / "journal.db") == ()


def test_what_is_added_twice_is_known(path):
    first, second, third = check_ins(3)
    with SqliteStore(path) as journal:
        assert journal.add([first, second]) == (Receipt(first.id, "accepted"), Receipt(second.id, "accepted"))
        assert journal.add([first, second]) == (Receipt(first.id, "known"), Receipt(second.id, "known"))
        assert journal.add([third, first]) == (Receipt(third.id, "accepted"), Receipt(first.id, "known"))
        assert lines(journal.entries()) == lines([first, second, third])
    with SqliteStore(path) as journal:
        assert {receipt.outcome for receipt in journal.add([first, second, third])} == {"known"}
    assert lines(read_again(path)) == lines([first, second, third])


def test_what_is_added_twice_at_once_is_known_the_second_time(path):
    (entry,) = check_ins(1)
    with SqliteStore(path) as journal:
        assert [receipt.outcome for receipt in journal.add([entry, entry])] == ["accepted", "known"]
        assert journal.entries() == (entry,)


def test_what_was_known_does_not_count_as_lost_later(path):
    # A merge hands in what is there already, again and again.
    entries = check_ins(50)
    with SqliteStore(path) as journal:
        for _ in range(4):
            journal.add(entries)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with SqliteStore(path) as journal:
        assert journal.damage is not None
        assert set(journal.entries()) <= set(entries)
        assert journal.damage.lost == 50 - len(journal.entries())


def test_twins_are_both_accepted(path):
    (entry,) = check_ins(1)
    other = twin_of(entry)
    with SqliteStore(path) as journal:
        receipts = journal.add([entry, other, other])
        assert [receipt.outcome for receipt in receipts] == ["accepted", "accepted", "known"]
        assert {receipt.id for receipt in receipts} == {entry.id}
    assert lines(read_again(path)) == lines([entry, other])


def test_adding_nothing_is_nothing(path):
    with SqliteStore(path) as journal:
        assert journal.add([]) == journal.add(iter(())) == ()
        assert journal.entries() == ()


class OopsError(Exception):
    pass


def failing(entries):
    yield from entries
    raise OopsError


def test_when_something_fails_none_is_kept(path):
    first, second, third, fourth = check_ins(4)
    with SqliteStore(path) as journal:
        journal.add([first])
        with pytest.raises(OopsError):
            journal.add(failing([second, third]))
        assert journal.entries() == (first,)
        assert [receipt.outcome for receipt in journal.add([fourth, second])] == ["accepted", "accepted"]
    assert lines(read_again(path)) == lines([first, fourth, second])


def test_when_the_file_refuses_one_none_is_kept(path):
    first, second, third = check_ins(3)
    with SqliteStore(path) as journal:
        journal.add([first])
        with closing(sqlite3.connect(path)) as other:
            other.execute(
                "CREATE TRIGGER no BEFORE INSERT ON entry"
                f" WHEN new.id = '{third.id}' BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
            refused(path, lambda: journal.add([second, third]))
            assert journal.entries() == (first,)
            other.execute("DROP TRIGGER no")
        journal.add([second, third])
        assert journal.entries() == (first, second, third)


def test_a_full_disk_is_told_and_nothing_is_kept(path):
    before, after = check_ins(300)[:10], check_ins(5, first=1000)
    big = [made(CheckIn(note="x" * 9000), NOON, number=2000 + number) for number in range(200)]
    with SqliteStore(path) as journal:
        journal.add(before)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, hard))
        try:
            refused(path, lambda: journal.add(big))
            assert journal.entries() == tuple(before)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert {receipt.outcome for receipt in journal.add(after)} == {"accepted"}
        assert {receipt.outcome for receipt in journal.add(big)} == {"accepted"}
    assert lines(read_again(path)) == lines([*before, *after, *big])


def test_a_thousand_entries_are_kept_in_order(path):
    entries = check_ins(1000)
    random.Random(5).shuffle(entries)
    with SqliteStore(path) as journal:
        assert len(journal.add(entries)) == 1000
        assert lines(journal.entries()) == lines(entries)
    assert lines(read_again(path)) == lines(entries)


def test_every_script_is_kept(path):
    entries = [made(CheckIn(note=word * 3), number=number) for number, word in enumerate(WORDS)]
    place = path.parent / "Žluťoučký 🦵" / "ジャーナル.db"
    with SqliteStore(place) as journal:
        journal.add(entries)
    again = read_again(place)
    assert lines(again) == lines(entries)
    assert [entry.body.note for entry in again] == [word * 3 for word in WORDS]


def test_what_cannot_be_read_here_is_kept(path):
    newer = [
        read_entry(line_of(content(kind="dream", body={"of": ["stairs", None]}))),
        read_entry(line_of(content(version=7, body="another shape"))),
    ]
    with SqliteStore(path) as journal:
        journal.add(newer)
    again = read_again(path)
    assert lines(again) == lines(newer)
    assert [entry.body for entry in again] == [None, None]


def test_an_entry_comes_back_as_it_went_in(path):
    entry = made(Pain(place="knee", side="left", score=3.5, when="after"), number=1, zone="Europe/Prague")
    with SqliteStore(path) as journal:
        journal.add([entry])
    (again,) = read_again(path)
    assert (again.id, again.kind, again.version) == (entry.id, entry.kind, entry.version)
    assert (again.at, again.zone, again.body) == (entry.at, entry.zone, entry.body)


# ------------------------------------------------------------------------------------------------- refusing


def test_another_programs_database_is_left_alone(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE photo (name TEXT)")
        other.commit()
    before = path.read_bytes()
    assert "another program" in refused(path, lambda: SqliteStore(path))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["my diary\n", "my diary\n" * 500, "SQLite format 4" * 300])
def test_a_file_that_is_no_database_is_left_alone(path, text):
    path.write_text(text)
    refused(path, lambda: SqliteStore(path))
    assert path.read_text() == text
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_is_no_journal(path):
    path.mkdir()
    refused(path, lambda: SqliteStore(path))
    assert path.is_dir()


def test_a_folder_below_a_file_is_told(path):
    path.write_text("x")
    refused(path, lambda: SqliteStore(path / "journal.db"))


def test_a_newer_layout_is_left_alone(path):
    with SqliteStore(path) as journal:
        journal.add(check_ins(3))
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version={LAYOUT + 1}")
    before = path.read_bytes()
    problem = refused(path, lambda: SqliteStore(path))
    assert f"layout {LAYOUT + 1}" in problem
    assert path.read_bytes() == before


@not_as_root
def test_a_folder_nobody_may_write_is_told(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        refused(folder / "journal.db", lambda: SqliteStore(folder / "journal.db"))
        refused(folder / "new", lambda: SqliteStore(folder / "new" / "journal.db"))
    finally:
        folder.chmod(0o700)


@not_as_root
@pytest.mark.parametrize("mode", [0o400, 0o000])
def test_a_file_nobody_may_write_is_told(path, mode):
    with SqliteStore(path) as journal:
        journal.add(check_ins(3))
    path.chmod(mode)

    def use():
        with SqliteStore(path) as journal:
            journal.add(check_ins(1, first=9))

    refused(path, use)
    path.chmod(0o600)
    assert lines(read_again(path)) == lines(check_ins(3))


@pytest.mark.parametrize("line", ["no json", "{}", "[]", '{"id": "x"}', ""])
def test_a_row_that_another_program_changed_is_told_and_the_others_are_kept(path, line):
    entries = check_ins(3)
    with SqliteStore(path) as journal:
        journal.add(entries)
        with closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE entry SET line = ? WHERE seq = 2", (line,))
            other.commit()
        assert journal.entries() == (entries[0], entries[2])
        assert (journal.damage.recovered, journal.damage.lost) == (2, 1)
        assert journal.damage.kept.is_file()
        assert "\n" not in journal.damage.says
        assert journal.add([entries[1]]) == (Receipt(entries[1].id, "accepted"),)
    assert set(read_again(path)) == set(entries)


# ------------------------------------------------------------------------------------------------- sharing


def test_another_writer_is_waited_for_and_then_told(path, monkeypatch):
    monkeypatch.setattr(store, "_BUSY_S", 0.1)
    first, second = check_ins(2)
    with SqliteStore(path) as journal, closing(sqlite3.connect(path, isolation_level=None)) as other:
        journal.add([first])
        other.execute("BEGIN IMMEDIATE")
        start = time.perf_counter()
        assert "being written by another program" in refused(path, lambda: journal.add([second]))
        assert time.perf_counter() - start >= 0.09
        assert journal.entries() == (first,)  # a writer does not keep anybody from reading
        assert read_again(path) == (first,)
        other.execute("ROLLBACK")
        assert journal.add([second]) == (Receipt(second.id, "accepted"),)
    assert lines(read_again(path)) == lines([first, second])


def test_two_write_in_turn_and_both_read_all(path):
    entries = check_ins(40)
    with SqliteStore(path) as one, SqliteStore(path) as two:
        for number, entry in enumerate(entries):
            writer, reader = (one, two) if number % 2 else (two, one)
            assert writer.add([entry]) == (Receipt(entry.id, "accepted"),)
            assert reader.add([entry]) == (Receipt(entry.id, "known"),)
        assert lines(one.entries()) == lines(two.entries()) == lines(entries)
    assert lines(read_again(path)) == lines(entries)


@needs_fork
def test_two_programs_write_at_once_and_nothing_is_lost(path):
    with SqliteStore(path):
        pass

    def write(first):
        with SqliteStore(path) as journal:
            for entry in check_ins(60, first):
                journal.add([entry])

    children = [in_child(lambda first=first: write(first)) for first in (1, 101, 201)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    found = read_again(path)
    assert len(found) == 180
    for first in (1, 101, 201):
        mine = check_ins(60, first)
        assert [entry for entry in found if entry in set(mine)] == mine


def test_a_rescue_does_not_lose_what_another_store_adds(path):
    entries = check_ins(4)
    with SqliteStore(path) as one, SqliteStore(path) as two:
        one.add(entries[:3])
        with closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE entry SET line = 'x' WHERE seq = 2")
            other.commit()
        one.entries()
        try:
            outcomes = [receipt.outcome for receipt in two.add([entries[3]])]
        except InputError:
            outcomes = []  # refused is right too: nothing was promised
    with SqliteStore(path) as journal:
        assert (entries[3] in journal.entries()) == (outcomes == ["accepted"])


def test_an_entry_that_is_added_while_another_reads_is_no_damage(path):
    first, *others = check_ins(10)
    with SqliteStore(path) as reader, SqliteStore(path) as writer:
        writer.add([first])

        def write_in_between(_):
            if others:
                writer.add([others.pop()])

        reader._connection.set_trace_callback(write_in_between)
        found = [reader.entries() for _ in range(4)]
        reader._connection.set_trace_callback(None)
        assert reader.damage is None
        assert all(first in entries for entries in found)
        assert lines(reader.entries()) == lines(writer.entries())


@needs_fork
def test_reading_while_another_program_writes_is_no_damage(path):
    with SqliteStore(path):
        pass

    def write():
        with SqliteStore(path) as journal:
            for entry in check_ins(150):
                journal.add([entry])

    child = in_child(write)
    sizes = []
    with SqliteStore(path) as journal:
        while not os.waitpid(child, os.WNOHANG)[0]:
            sizes.append(len(journal.entries()))
            assert journal.damage is None
        assert lines(journal.entries()) == lines(check_ins(150))
    assert sizes == sorted(sizes)
    assert len(set(sizes)) > 3


@needs_fork
def test_two_programs_create_the_same_journal_at_once(tmp_path):
    for number in range(20):
        path = tmp_path / f"{number}.db"
        ready, start = os.pipe()

        def write(first, path=path, ready=ready, start=start):
            os.close(start)
            os.read(ready, 1)  # ends when the parent lets go: both begin at once
            with SqliteStore(path) as journal:
                assert journal.damage is None
                journal.add(check_ins(2, first))

        children = [in_child(lambda first=first: write(first)) for first in (1, 101)]
        os.close(ready)
        os.close(start)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0], number
        assert set(read_again(path)) == {*check_ins(2, 1), *check_ins(2, 101)}
    assert len(list(tmp_path.iterdir())) == 20
