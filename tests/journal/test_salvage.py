"""Why it exists: a journal that was cut anywhere gives back what lay before the cut, and says what was lost."""

import os
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from levelstride.errors import InputError
from levelstride.journal import salvage, store
from levelstride.journal.bodies import CheckIn
from levelstride.journal.entry import new_entry
from levelstride.journal.salvage import is_damaged, rescue
from levelstride.journal.store import SqliteStore

COUNT = 300
PAGE = 4096
START = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
WORDS = ("Knie", "müde", "歩く", "stairs", "Ρόδος", "🦵", "slept", "čtvrtek", "left", "ok")


def some_entry(number):
    words = random.Random(number)
    note = " ".join(words.choice(WORDS) + str(words.randrange(1000)) for _ in range(2 + number % 25))
    if number % 15 == 7:
        note = "".join(words.choices("abcdefghijklmnopqrstuvwxyzäöüß ", k=9000))
    id = UUID(int=(0x019_0000_0000_7000_8000_0000_0000_0000 | number << 80))
    body = CheckIn(sleep_hours=float(number % 12), note=note)
    return new_entry(body, at=START + timedelta(hours=number), zone="Europe/Prague", id=id)


ENTRIES = tuple(some_entry(number) for number in range(COUNT))
LINES = [entry.line for entry in ENTRIES]


def add_in_parts(journal, entries, size=30):
    for first in range(0, len(entries), size):
        journal.add(entries[first : first + size])


def lines(journal):
    return [entry.line for entry in journal.entries()]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the bytes of a closed journal."""
    path = tmp_path_factory.mktemp("whole") / "journal.db"
    with SqliteStore(path) as journal:
        add_in_parts(journal, ENTRIES)
    assert not path.with_name("journal.db-wal").exists()
    content = path.read_bytes()
    assert content[16:18] == PAGE.to_bytes(2, "big")
    return content


@pytest.fixture(scope="module")
def ends(whole):
    """Return for each line where its last byte lies in the file, found without any knowledge of cells."""
    found = []
    for line in LINES:
        content = line.encode()
        at = whole.find(content)
        if at >= 0:
            found.append(at + len(content))
            continue
        # Spread over pages: pieces of it lie whole in one of them, and 128 bytes more hold what lies between pieces.
        pieces = [content[i : i + 40] for i in (*range(0, len(content) - 40, 61), len(content) - 40)]
        places = [whole.find(piece) for piece in pieces]
        assert sum(place < 0 for place in places) <= 3
        found.append(max(places) + 40 + 128)
    assert sum(len(line.encode()) > PAGE for line in LINES) == COUNT // 15
    return found


def cuts(size):
    places = {0, 1, 15, 16, 50, 71, 72, 99, 100, 101, size - 1, *range(PAGE, size, PAGE)}
    places.update(random.Random(5).sample(range(size), 150))
    return sorted(places)


def check_cut(folder, content, ends, *, again):
    cut = len(content)
    path = folder / "journal.db"
    path.write_bytes(content)
    with SqliteStore(path) as journal:
        found, damage = lines(journal), journal.damage
        assert damage is not None, cut
        present = set(found)
        assert len(present) == len(found) == damage.recovered, cut
        assert found == [line for line in LINES if line in present], cut  # nothing false, and in order
        surely = {line for line, end in zip(LINES, ends, strict=True) if end <= cut}
        assert surely <= present, (cut, len(surely - present))
        assert damage.kept == folder / "journal.db.damaged-1"
        assert damage.kept.read_bytes() == content, cut
        if cut >= 3 * PAGE:  # the third page holds the table sqlite_sequence
            assert damage.lost == COUNT - len(found), cut
        else:
            assert damage.lost in (None, COUNT - len(found)), cut
        assert str(damage.kept) in damage.says
        assert str(damage.recovered) in damage.says
        if again:
            journal.add([some_entry(COUNT)])
    if again:
        with SqliteStore(path) as journal:
            assert journal.damage is None
            assert lines(journal) == [*found, some_entry(COUNT).line]
    assert sorted(p.name for p in folder.iterdir()) == ["journal.db", "journal.db.damaged-1"], cut
    return len(found)


def test_a_file_cut_anywhere_gives_what_lay_before_the_cut(whole, ends, tmp_path):
    counts = []
    for cut in cuts(len(whole)):
        folder = tmp_path / str(cut)
        folder.mkdir()
        counts.append(check_cut(folder, whole[:cut], ends, again=cut % 3 == 0 or cut < 200))
        shutil.rmtree(folder)
    assert counts[0] == 0
    assert counts[-1] >= COUNT - 30


def test_no_way_of_saying_how_many_there_were(tmp_path):
    path = tmp_path / "journal.db"
    path.touch()
    with SqliteStore(path) as journal:
        assert journal.entries() == ()
        assert journal.damage.lost is None
        assert journal.damage.recovered == 0
        assert "how many are lost is not known" in journal.damage.says


def test_a_whole_file_is_not_damaged(whole, tmp_path):
    path = tmp_path / "journal.db"
    assert not is_damaged(path)
    path.write_bytes(whole)
    assert not is_damaged(path)
    with SqliteStore(path) as journal:
        assert journal.damage is None
        assert lines(journal) == LINES
    assert list(tmp_path.iterdir()) == [path]


def another_programs_file(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, id TEXT, digest BLOB, line TEXT)")
        connection.executemany("INSERT INTO entry (line) VALUES (?)", [("x" * 500,)] * 50)
        connection.commit()
    return path.read_bytes()


@pytest.mark.parametrize("kept", [1.0, 0.5, 0.51])
def test_another_programs_file_stays_as_it_is(tmp_path, kept):
    path = tmp_path / "journal.db"
    content = another_programs_file(path)
    content = content[: int(kept * len(content))]
    path.write_bytes(content)
    with pytest.raises(InputError):
        SqliteStore(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("size", [5, 60, 99, 4096, 10_000])
def test_a_text_stays_as_it_is(tmp_path, size):
    path = tmp_path / "journal.db"
    content = bytes(random.Random(size).choices(b"abcdefghijklmnopqrstuvwxyz \n", k=size))
    path.write_bytes(content)
    with pytest.raises(InputError):
        SqliteStore(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def flipped(content, seed):
    dice = random.Random(seed)
    content = bytearray(content)
    for _ in range(dice.choice((1, 8, 60))):
        content[dice.randrange(len(content) // 8, len(content) * 7 // 8)] ^= 1 << dice.randrange(8)
    return bytes(content)


@pytest.mark.parametrize("seed", range(20))
def test_changed_bytes_give_no_false_entry(whole, tmp_path, seed):
    content = flipped(whole, seed)
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    try:
        with SqliteStore(path) as journal:
            journal.entries()
    except InputError:
        pass
    path.write_bytes(content)
    damage = rescue(path, into=store._create)
    assert damage.kept.read_bytes() == content
    with SqliteStore(path) as journal:
        found = lines(journal)
        assert journal.damage is None
    assert set(found) <= set(LINES)
    assert len(found) == damage.recovered


@pytest.mark.parametrize("seed", range(20))
def test_any_bytes_at_all_are_no_reason_to_fail(whole, tmp_path, seed):
    dice = random.Random(seed)
    content = bytearray(whole)
    for _ in range(20):  # whole stretches, the header and the beginnings of pages among them
        at = dice.choice((dice.randrange(len(content)), dice.randrange(len(content) // PAGE) * PAGE))
        content[at : at + 50] = dice.choice((dice.randbytes(50), b"\xff" * 50, b"\x0d" * 50))
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    path.with_name("journal.db-wal").write_bytes(dice.randbytes(5000))
    rescue(path, into=store._create)
    with SqliteStore(path) as journal:
        assert set(lines(journal)) <= set(LINES)


# ------------------------------------------------------------------------------------------------- beside its log


def copied(path, folder):
    """Copy a journal that is open, as a kill would leave it."""
    folder.mkdir()
    for ending in ("", "-wal"):
        shutil.copy(path.with_name(path.name + ending), folder / (path.name + ending))
    return folder / path.name


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Return a journal whose second half is only in the log."""
    folder = tmp_path_factory.mktemp("killed")
    path = folder / "journal.db"
    with SqliteStore(path) as journal:
        add_in_parts(journal, ENTRIES[:150])
    with SqliteStore(path) as journal:
        journal._connection.execute("PRAGMA wal_autocheckpoint=0")
        add_in_parts(journal, ENTRIES[150:])
        return copied(path, folder / "copy")


def test_a_killed_writers_file_is_not_damaged(killed, tmp_path):
    path = copied(killed, tmp_path / "copy")
    assert not is_damaged(path)
    with SqliteStore(path) as journal:
        assert journal.damage is None
        assert lines(journal) == LINES


def test_a_new_journal_whose_entries_are_all_in_the_log_is_not_damaged(tmp_path):
    path = tmp_path / "journal.db"
    with SqliteStore(path) as journal:
        add_in_parts(journal, ENTRIES[:10])
        copy = copied(path, tmp_path / "copy")
    with SqliteStore(copy) as journal:
        assert journal.damage is None
        assert lines(journal) == LINES[:10]


@pytest.mark.parametrize("pages", [49, 60, 75, 89])
def test_a_checkpoint_that_was_killed_is_not_damage(killed, whole, tmp_path, pages):
    path = copied(killed, tmp_path / "copy")
    with closing(sqlite3.connect(copied(killed, tmp_path / "done"))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    done = (tmp_path / "done" / "journal.db").read_bytes()
    assert path.stat().st_size < pages * PAGE < len(done)
    path.write_bytes(done[: pages * PAGE + 100])  # the first page says already how many there will be
    with SqliteStore(path) as journal:
        assert journal.damage is None
        assert lines(journal) == LINES


@pytest.mark.parametrize("cut", [0, 1, 50, 99, 100, 511, 512, 600, 4096, 5000, 8 * 4096, 20 * 4096 + 9])
def test_a_cut_file_beside_its_log(killed, tmp_path, cut):
    path = copied(killed, tmp_path / "copy")
    whole_half = path.read_bytes()
    log = path.with_name("journal.db-wal").read_bytes()
    os.truncate(path, cut)
    with SqliteStore(path) as journal:
        found, damage = lines(journal), journal.damage
    assert damage is not None
    assert damage.kept.read_bytes() == whole_half[:cut]
    assert damage.kept.with_name(damage.kept.name + "-wal").read_bytes() == log
    assert set(found) <= set(LINES)
    assert set(LINES[151:]) <= set(found)  # all that the log holds, and what lay before the cut
    assert {line for line in LINES if line.encode() in whole_half[:cut]} <= set(found)
    assert damage.lost == COUNT - len(found)
    with SqliteStore(path) as journal:
        assert journal.damage is None
        assert lines(journal) == found


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.99])
def test_a_cut_log_is_no_damage_of_the_file(killed, tmp_path, share):
    path = copied(killed, tmp_path / "copy")
    log = path.with_name("journal.db-wal")
    os.truncate(log, int(share * log.stat().st_size))
    with SqliteStore(path) as journal:
        assert journal.damage is None
        found = lines(journal)
    assert found == LINES[: len(found)]
    assert len(found) >= 150


@pytest.mark.parametrize("log", [b"", b"no log"])
@pytest.mark.parametrize("cut", [16 * PAGE, 16 * PAGE + 1, -1])
def test_a_cut_file_beside_an_empty_log(whole, tmp_path, cut, log):
    path = tmp_path / "journal.db"
    path.write_bytes(whole[:cut])
    path.with_name("journal.db-wal").write_bytes(log)
    with SqliteStore(path) as journal:
        assert journal.damage is not None
        assert {line for line in LINES if line.encode() in whole[:cut]} <= set(lines(journal))


def test_what_no_commit_followed_is_not_taken_from_the_log(killed, tmp_path):
    path = copied(killed, tmp_path / "copy")
    log = path.with_name("journal.db-wal")
    frame = 24 + PAGE
    content = log.read_bytes()
    starts = range(32, len(content), frame)
    commits = [at for at in starts if content[at + 4 : at + 8] != bytes(4)]
    os.truncate(log, commits[-1])  # the last transaction has no commit any more
    with SqliteStore(copied(path, tmp_path / "by_sqlite")) as journal:
        expected = lines(journal)
    assert len(expected) < COUNT
    rescue(path, into=store._create)
    with SqliteStore(path) as journal:
        assert lines(journal) == expected


# ------------------------------------------------------------------------------------------------- setting aside


def test_a_file_set_aside_earlier_is_never_overwritten(whole, tmp_path):
    path = tmp_path / "journal.db"
    (tmp_path / "journal.db.damaged-1").write_bytes(b"first")
    (tmp_path / "journal.db.damaged-2-wal").write_bytes(b"second")
    path.write_bytes(whole[: 20 * PAGE])
    with SqliteStore(path) as journal:
        assert journal.damage.kept == tmp_path / "journal.db.damaged-3"
    assert (tmp_path / "journal.db.damaged-1").read_bytes() == b"first"
    assert (tmp_path / "journal.db.damaged-2-wal").read_bytes() == b"second"


def test_a_full_disk_leaves_the_damaged_file_where_it_is(whole, tmp_path):
    path = tmp_path / "journal.db"
    path.write_bytes(whole[: 20 * PAGE])

    def into(new: Path, rows):
        new.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        rescue(path, into=into)
    assert path.read_bytes() == whole[: 20 * PAGE]
    assert list(tmp_path.iterdir()) == [path]
    assert is_damaged(path)


def test_a_rescue_that_was_interrupted_is_taken_up_again(killed, tmp_path, monkeypatch):
    path = copied(killed, tmp_path / "copy")
    os.truncate(path, 20 * PAGE)

    def killed_here(self, target):
        if self.name == "journal.db":
            raise KeyboardInterrupt
        return self.rename(target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed_here)
        with pytest.raises(KeyboardInterrupt):
            rescue(path, into=store._create)
    assert is_damaged(path)
    with SqliteStore(path) as journal:
        assert journal.damage.kept == tmp_path / "copy" / "journal.db.damaged-1"
        assert set(LINES[151:]) <= set(lines(journal))
    assert not (tmp_path / "copy" / "journal.db.damaged-2").exists()


def test_a_disk_without_second_names_for_files(whole, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "journal.db"
    path.write_bytes(whole[: 20 * PAGE])
    with SqliteStore(path) as journal:
        assert journal.damage.kept.read_bytes() == whole[: 20 * PAGE]
        assert journal.damage.recovered == len(journal.entries())


def test_two_programs_do_not_rescue_the_same_file(whole, tmp_path):
    path = tmp_path / "journal.db"
    path.write_bytes(whole[: 20 * PAGE])

    def into(new, rows):
        with pytest.raises(InputError, match="being rescued by another program"):
            SqliteStore(path)
        store._create(new, rows)

    assert rescue(path, into=into).kept.name == "journal.db.damaged-1"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["journal.db", "journal.db.damaged-1"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_to_the_journal_stays_a_link(whole, tmp_path):
    real = tmp_path / "elsewhere" / "real.db"
    real.parent.mkdir()
    real.write_bytes(whole[: 20 * PAGE])
    path = tmp_path / "journal.db"
    path.symlink_to(real)
    with SqliteStore(path) as journal:
        assert journal.damage.kept == real.with_name("real.db.damaged-1")
        assert journal.damage.recovered > 0
    assert path.is_symlink()


@pytest.mark.parametrize(("recovered", "lost", "said"), [
    (1, 1, "1 entry was read from it into a new file, at least 1 is lost"),
    (2, 3, "2 entries were read from it into a new file, at least 3 are lost"),
    (0, 0, "0 entries were read from it into a new file, none is known to be lost"),
])  # fmt: skip
def test_what_it_says(recovered, lost, said):
    says = salvage._sentence(Path("journal.db"), Path("journal.db.damaged-1"), recovered, lost)
    assert said in says
    assert says.endswith("kept as journal.db.damaged-1.")
