"""Why it exists: a store that is killed at any moment loses nothing that was acknowledged."""

import contextlib
import os
import random
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from levelstride.journal.store import SqliteStore
from tests.journal.store_cases import in_child, lines, needs_fork, read_again
from tests.journal.support import check_ins

KILLS = 100


# ------------------------------------------------------------------------------------------------- killed


def add_until_killed(path, ids_to, entries, most):
    """Add entries in batches of 1 to ``most``, and write each id when ``add`` has said that it is kept."""
    random.seed(entries[0].id)
    with SqliteStore(path) as journal:
        assert journal.damage is None
        while entries:
            size = random.randint(1, most)
            batch, entries = entries[:size], entries[size:]
            receipts = journal.add(batch)
            assert {receipt.outcome for receipt in receipts} == {"accepted"}
            os.write(ids_to, "".join(receipt.id + "\n" for receipt in receipts).encode())
            time.sleep(random.uniform(0, 0.001))
        time.sleep(60)


def killed_while_adding(path, entries, most, after_s):
    """Return the ids that a child was told are kept, before it was killed ``after_s`` after the first."""
    ids_from, ids_to = os.pipe()
    child = in_child(lambda: add_until_killed(path, ids_to, entries, most))
    os.close(ids_to)
    said = os.read(ids_from, 4096)
    time.sleep(after_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while piece := os.read(ids_from, 65536):
        said += piece
    os.close(ids_from)
    assert os.WIFSIGNALED(status)
    assert said.endswith(b"\n")
    return said.decode().split()


@needs_fork
def test_what_was_acknowledged_survives_every_kill(path):
    moments = random.Random(2026)
    told = []
    handed_in = {}
    in_middle = 0
    pool = 150
    for kill in range(KILLS):
        entries = check_ins(pool, first=1 + kill * pool)
        handed_in |= {entry.id: entry.line for entry in entries}
        most = 1 if kill % 2 else 5
        ids = killed_while_adding(path, entries, most, moments.uniform(0.001, 0.04))
        told += ids
        in_middle += len(ids) < pool
        with SqliteStore(path) as journal:
            assert journal.damage is None
            found = journal.entries()
        ids_found = [entry.id for entry in found]
        assert len(ids_found) == len(set(ids_found))
        # Of the batch in hand when it was killed, all or nothing may be there, unacknowledged; and the order is kept.
        acknowledged = set(told)
        assert [id for id in ids_found if id in acknowledged] == told
        assert len(told) <= len(ids_found) <= len(told) + 5 * (kill + 1)
        assert all(entry.line == handed_in[entry.id] for entry in found)
    assert len(told) >= KILLS
    assert in_middle >= KILLS // 2  # most were killed while they were adding
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


class Doomed(sqlite3.Connection):
    """A connection that dies with its program before a certain statement, or right after the last."""

    left = 0

    def execute(self, *given):
        self.die()
        done = super().execute(*given)
        if given[0] == "COMMIT":
            self.die()
        return done

    @classmethod
    def die(cls):
        if cls.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        cls.left -= 1


def open_and_die(path, statements):
    """Open a new journal and die after some of its statements."""
    usual = sqlite3.connect
    Doomed.left = statements
    sqlite3.connect = lambda *given, **named: usual(*given, **named, factory=Doomed)
    SqliteStore(path)
    os.kill(os.getpid(), signal.SIGKILL)


@needs_fork
@pytest.mark.parametrize("statements", range(18))
def test_a_journal_whose_making_was_killed_can_be_used(path, statements):
    child = in_child(lambda: open_and_die(path, statements))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    entries = check_ins(5)
    with SqliteStore(path) as journal:
        assert journal.entries() == ()
        assert not (journal.damage and journal.damage.recovered)
        assert {receipt.outcome for receipt in journal.add(entries)} == {"accepted"}
    assert lines(read_again(path)) == lines(entries)


@needs_fork
def test_a_journal_killed_at_any_moment_of_its_making_can_be_used(tmp_path):
    moments = random.Random(7)
    for number in range(10):
        path = tmp_path / f"{number}.db"
        ready_from, ready_to = os.pipe()
        entries = check_ins(200)

        def make(path=path, ready_to=ready_to, entries=entries):
            os.write(ready_to, b"\n")
            add_until_killed(path, ready_to, entries, 1)

        child = in_child(make)
        os.close(ready_to)
        os.read(ready_from, 1)
        time.sleep(moments.uniform(0, 0.012))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = os.read(ready_from, 65536).decode().split()
        os.close(ready_from)
        with SqliteStore(path) as journal:
            found = [entry.id for entry in journal.entries()]
            assert found[: len(told)] == told
            assert len(found) <= len(told) + 1
            more = check_ins(2, first=900)
            assert {receipt.outcome for receipt in journal.add(more)} == {"accepted"}
        assert [entry.id for entry in read_again(path)] == [*found, *(entry.id for entry in more)]


def test_a_store_left_without_closing_loses_nothing(path):
    entries = check_ins(20)
    with contextlib.closing(SqliteStore(path)) as left:
        left.add(entries)
        # The log still stands beside the file, as after a crash.
        assert path.with_name("journal.db-wal").stat().st_size > 0
        assert lines(read_again(path)) == lines(entries)
        left.add(check_ins(1, first=99))
    assert len(read_again(path)) == 21
