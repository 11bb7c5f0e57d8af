"""Why it exists: the journal goes out whole, comes in once, is looked after, and is erased only when asked for."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from levelstride.cli.app import app
from levelstride.journal.bodies import CheckIn, Retraction
from levelstride.journal.entry import Entry, new_entry, read_entry
from levelstride.journal.state import fold
from levelstride.journal.store import SqliteStore
from tests.cli.screen_driver import Clock, write_measures
from tests.journal.support import NOON, check_ins, content, exported, id_at, line_of, made, twin_of
from tests.screening.results import born, by_hand

pytestmark = pytest.mark.usefixtures("clock")

ENTRIES = (born(40), *(by_hand("sts5", 10 + day, 1.5, day=day) for day in range(8)))
NEWER = read_entry(line_of(content({"mood": "good"}, id=str(id_at(99)), kind="mood", version=3)))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return keep(tmp_path / "mine.db", *ENTRIES)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Return a place where no journal is yet."""
    return tmp_path / "other.db"


def keep(path: Path, *entries: Entry) -> Path:
    with SqliteStore(path) as store:
        store.add(entries)
    return path


def lines(path: Path) -> list[str]:
    with SqliteStore(path) as store:
        return [entry.line for entry in store.entries()]


def run(*arguments: object, status: int = 0, typed: str | None = None) -> Result:
    done = CliRunner().invoke(app, ["journal", *map(str, arguments)], input=typed)
    assert done.exit_code == status, done.output
    assert "Traceback" not in done.output
    assert "Something went wrong" not in done.output
    return done


def refused(*arguments: object) -> str:
    """Run a command that cannot be done; returns its one line."""
    done = run(*arguments, status=2)
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


# ------------------------------------------------------------------------------------------------- out


def test_an_export_is_the_same_in_a_file_and_on_standard_output(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "export.jsonl"
    told = run("export", out, "--journal", mine).stdout
    assert told == f"{len(ENTRIES)} entries written to {out}.\n"
    text = out.read_text(encoding="utf-8")
    assert text == run("export", "--journal", mine).stdout
    header, *rest = text.splitlines()
    assert json.loads(header) == {"levelstride_journal": "levelstride.journal/1", "entries": len(ENTRIES)}
    assert sorted(rest) == sorted(entry.line for entry in ENTRIES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.jsonl", "mine.db"]


def test_an_export_overwrites_only_when_told_to(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "export.jsonl"
    out.write_text("a diary", encoding="utf-8")
    assert "--force" in refused("export", out, "--journal", mine)
    assert out.read_text(encoding="utf-8") == "a diary"
    told = json.loads(run("export", out, "--journal", mine, "--force", "--json").stdout)
    assert told == {"file": str(out), "entries": len(ENTRIES)}
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1 + len(ENTRIES)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm"])
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_an_export_never_overwrites_the_journal(mine: Path, ending: str, force: tuple[str, ...]) -> None:
    own = mine.parent / "." / f"{mine.name}{ending}"
    assert "is the journal itself" in refused("export", own, "--journal", mine, *force)
    link = mine.with_name("link.jsonl")
    link.symlink_to(mine)
    assert "is the journal itself" in refused("export", link, "--journal", mine, *force)
    assert len(lines(mine)) == len(ENTRIES)


def test_json_about_an_export_needs_a_file(mine: Path) -> None:
    assert "Name a file" in refused("export", "--journal", mine, "--json")


def test_an_export_that_cannot_be_written_leaves_nothing(mine: Path, tmp_path: Path) -> None:
    assert "cannot be written" in refused("export", tmp_path / "no" / "export.jsonl", "--journal", mine)
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "cannot be written" in refused("export", folder, "--journal", mine, "--force")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "mine.db"]


@pytest.mark.parametrize("command", ["export", "check", "erase"])
def test_without_a_journal_one_line_says_so(command: str, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVELSTRIDE_JOURNAL", str(other))
    assert f"There is no journal at {other}" in refused(command)
    assert not other.exists()


# ------------------------------------------------------------------------------------------------- in


def test_an_export_comes_in_once(mine: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(mine, NEWER, ENTRIES[1], twin_of(ENTRIES[1]))
    run("export", tmp_path / "export.jsonl", "--journal", mine)
    monkeypatch.setenv("LEVELSTRIDE_JOURNAL", str(other))
    first = run("import", tmp_path / "export.jsonl").stdout
    assert first == f"{tmp_path / 'export.jsonl'}: {len(ENTRIES) + 2} new entries, 0 already there.\n"
    assert sorted(lines(other)) == sorted(lines(mine))  # what a newer version wrote, and twins, to the last byte
    second = run("import", tmp_path / "export.jsonl").stdout
    assert f"0 new entries, {len(ENTRIES) + 2} already there." in second
    assert len(lines(other)) == len(ENTRIES) + 2


def test_a_cut_export_gives_what_lies_before_the_cut(other: Path, tmp_path: Path) -> None:
    whole = exported(ENTRIES)
    at = whole.index(ENTRIES[6].line.encode()) + 40
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(whole[:at])
    done = run("import", cut, "--journal", other, status=3)
    assert "6 new entries" in done.stdout
    assert f"The file was cut: {len(ENTRIES) - 6} entries at its end are lost." in done.stdout
    assert lines(other) == [entry.line for entry in ENTRIES[:6]]
    told = json.loads(run("import", cut, "--journal", other, "--json", status=3).stdout)["files"]
    assert [(one["new"], one["lost"], one["cut"]) for one in told] == [(0, len(ENTRIES) - 6, True)]
    cut.write_bytes(whole[: whole.index(ENTRIES[4].line.encode())])  # between two lines
    assert f"{len(ENTRIES) - 4} entries" in run("import", cut, "--journal", other, status=3).stdout
    cut.write_bytes(whole[:-1])  # only the last line end is missing
    assert "lost" not in run("import", cut, "--journal", other).stdout
    assert len(lines(other)) == len(ENTRIES)


def test_a_cut_export_without_its_first_line_says_that_nobody_knows(other: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(exported(ENTRIES).split(b"\n", 1)[1][:-20])
    assert "an unknown number of entries" in run("import", cut, "--journal", other, status=3).stdout
    assert len(lines(other)) == len(ENTRIES) - 1


def test_a_broken_line_is_named_and_the_rest_taken_in(other: Path, tmp_path: Path) -> None:
    pieces = exported(ENTRIES).decode().splitlines()
    pieces[3] = pieces[3].replace('"standard_error":1.5', '"standard_error":-1.5')
    pieces[6] = pieces[6][:30] + "}"
    broken = tmp_path / "broken.jsonl"
    broken.write_text("\n".join(pieces) + "\n", encoding="utf-8")
    told = run("import", broken, "--journal", other, status=3).stdout
    assert f"{len(ENTRIES) - 2} new entries" in told
    assert [line.split(":")[0] for line in told.splitlines()[1:]] == ["  line 4 left out", "  line 7 left out"]
    refusals = json.loads(run("import", broken, "--journal", other, "--json", status=3).stdout)["files"][0]["refused"]
    assert [(one["line"], one["code"]) for one in refusals] == [(4, "bad_body"), (7, "not_json")]
    assert len(lines(other)) == len(ENTRIES) - 2


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("poem.txt", "Roses are red\nviolets are blue\n", "is no export of a journal. Name a file that"),
        ("measures.json", "{}", "is no export of a journal. Name a file that"),
        ("noise.bin", "\x00\x01{\x02\n" * 2000 + "\x03", "is no export of a journal. Name a file that"),
        ("walk.txt", '{"schema": "levelstride.measures/1", ', "is not readable JSON"),
        ("old.db", "SQLite format 3\0" + "\x01" * 4080, "is no export of a journal. It is a database: export it"),
        ("gone.jsonl", None, "cannot be read"),
    ],
)
def test_what_is_no_export_is_refused_in_one_line(mine: Path, name: str, text: str | None, says: str) -> None:
    path = mine.with_name(name)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert says in refused("import", path, "--journal", mine)
    assert len(lines(mine)) == len(ENTRIES)
    assert says in refused("import", path, "--journal", mine.with_name("other.db"))
    assert not mine.with_name("other.db").exists()


def test_another_journal_itself_is_no_export(mine: Path, other: Path) -> None:
    assert "It is a database: export it where it was written" in refused("import", mine, "--journal", other)
    assert not other.exists()
    assert len(lines(mine)) == len(ENTRIES)


@pytest.mark.parametrize("folder", [False, True])
def test_measures_of_a_recording_come_in_once(other: Path, tmp_path: Path, folder: bool) -> None:
    report = tmp_path / "report"
    report.mkdir()
    path = write_measures(report / "measures.json", cadence_spm=112.0, step_time_asymmetry_pct=None)
    path = report if folder else path
    assert "2 new entries, 0 already there" in run("import", path, "--journal", other).stdout
    assert "0 new entries, 2 already there" in run("import", path, "--journal", other).stdout
    with SqliteStore(other) as store:
        assert {entry.at.date().isoformat() for entry in store.entries()} == {"2026-08-01"}
    assert "2 new" in run("import", path, "--journal", other, "--on", "2026-05-02").stdout  # walked on another day
    assert len(lines(other)) == 6  # two results, two on the other day, and what takes back the first two
    assert days(other) == ["2026-05-02"] * 2
    assert "0 new" in run("import", path, "--journal", other, "--on", "2026-05-02").stdout
    assert len(lines(other)) == 6


def days(path: Path) -> list[str]:
    """Return the day of each result that counts."""
    with SqliteStore(path) as store:
        return [one.at.date().isoformat() for one in fold(store.entries()).measures]


def test_the_day_of_a_recording_can_be_put_back(other: Path, tmp_path: Path) -> None:
    path = write_measures(tmp_path / "measures.json", cadence_spm=112.0)
    for day in ("2026-05-02", "2026-05-03", "2026-05-02"):
        run("import", path, "--journal", other, "--on", day)
        assert days(other) == [day]


def test_a_recording_that_is_measured_again_replaces_its_first_measures(other: Path, tmp_path: Path) -> None:
    path = write_measures(tmp_path / "measures.json", cadence_spm=112.0)
    run("import", path, "--journal", other)
    write_measures(path, cadence_spm=113.0)  # the same recording: the same sha256
    assert "1 new entries, 0 already there" in run("import", path, "--journal", other).stdout
    with SqliteStore(other) as store:
        (kept,) = fold(store.entries()).measures
        taken = [one.body.reason for one in store.entries() if isinstance(one.body, Retraction)]
    assert kept.body.value == 113.0
    assert taken == ["the same recording was taken in again"]


def test_measures_are_known_by_what_they_hold_not_by_their_name(other: Path, tmp_path: Path) -> None:
    path = write_measures(tmp_path / "monday.txt", cadence_spm=112.0)
    assert "1 new entries, 0 already there" in run("import", path, "--journal", other).stdout
    named = tmp_path / "my-measures.json"
    named.write_bytes(exported(ENTRIES))
    assert f"{len(ENTRIES)} new entries" in run("import", named, "--journal", other).stdout


def test_a_recording_of_the_future_is_refused(mine: Path, tmp_path: Path, clock: Clock) -> None:
    path = write_measures(tmp_path / "measures.json", cadence_spm=112.0)
    day = (clock.at + timedelta(days=2)).date().isoformat()
    assert f"{day} lies in the future" in refused("import", path, "--journal", mine, "--on", day)
    assert len(lines(mine)) == len(ENTRIES)
    run("import", path, "--journal", mine, "--on", clock.at.date().isoformat())
    assert len(lines(mine)) == len(ENTRIES) + 1
    assert run("import", path, "--journal", mine, "--on", "yesterday", status=2).stdout == ""


# ------------------------------------------------------------------------------------------------- looking after


def test_a_sound_journal_is_called_sound(mine: Path) -> None:
    told = run("check", "--journal", mine).stdout
    assert told.splitlines() == [
        f"{len(ENTRIES)} entries, 2026-05-04 to 2026-05-11.",
        f"  measure: {len(ENTRIES) - 1}",
        "  profile: 1",
        "The journal is sound.",
    ]
    found = json.loads(run("check", "--journal", mine, "--json").stdout)
    assert (found["entries"], found["kinds"]["measure"], found["problems"]) == (len(ENTRIES), len(ENTRIES) - 1, [])


def test_an_empty_journal_is_sound(tmp_path: Path) -> None:
    assert run("check", "--journal", keep(tmp_path / "empty.db")).stdout.startswith("0 entries, - to -.")


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ([twin_of(ENTRIES[2])], f"the id {ENTRIES[2].id} stands for several entries"),
        ([made(Retraction(target=str(id_at(77)), reason="taken back"), number=5)], str(id_at(77))),
        ([NEWER], "1 entries are of a newer version (mood 3); they are kept"),
        ([made(CheckIn(note="x"), NOON + timedelta(days=9999), number=6)], "lies in the future (2053-"),
    ],
    ids=["twins", "retraction of nothing", "newer", "future"],
)
def test_what_is_odd_is_named_and_kept(mine: Path, odd: list[Entry], says: str) -> None:
    keep(mine, *odd)
    before = lines(mine)
    told = run("check", "--journal", mine, status=1).stdout
    assert [line for line in told.splitlines() if line.startswith("Odd: ")] == [
        line for line in told.splitlines() if says in line
    ]
    assert told.count("Odd: ") == 1
    assert "sound" not in told
    found = json.loads(run("check", "--journal", mine, "--json", status=1).stdout)
    assert len(found["problems"]) == 1
    assert says in found["problems"][0]
    assert lines(mine) == before


def test_what_was_taken_back_is_counted_and_not_odd(mine: Path) -> None:
    back = new_entry(Retraction(target=ENTRIES[3].id, reason="taken back"), at=NOON + timedelta(days=30), zone="UTC")
    keep(mine, back)
    found = json.loads(run("check", "--journal", mine, "--json").stdout)
    assert (found["retracted"], found["kinds"]["retraction"], found["problems"]) == (1, 1, [])


def test_a_damaged_journal_is_told_and_still_works(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", *check_ins(300))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    done = run("export", "--journal", path)
    aside = path.with_name("mine.db.damaged-1")
    assert f"The journal {path} was cut or damaged" in done.stderr
    assert str(aside) in done.stderr
    assert aside.read_bytes() == whole[: len(whole) * 2 // 3]
    kept = done.stdout.removesuffix("\n").split("\n")[1:]
    assert 100 < len(kept) < 300
    assert set(kept) <= {entry.line for entry in check_ins(300)}
    again = run("check", "--journal", path)  # the new file is sound
    assert again.stderr == ""
    assert again.stdout.startswith(f"{len(kept)} entries, ")
    told = run("erase", "--yes", "--journal", path).stdout
    assert told.splitlines() == [f"{path} is erased.", f"Still there, from an earlier rescue: {aside}"]


def test_a_check_says_that_the_file_was_damaged(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", *check_ins(300))
    path.write_bytes(path.read_bytes()[: 20 * 4096])
    done = run("check", "--journal", path, "--json", status=1)
    assert "was cut or damaged" in json.loads(done.stdout)["problems"][0]
    assert "was cut or damaged" in done.stderr


# ------------------------------------------------------------------------------------------------- erasing


def test_erasing_asks_first(mine: Path) -> None:
    told = run("erase", "--journal", mine, typed="n\n", status=1).stdout
    assert f"Erase {mine} with {len(ENTRIES)} entries for good?" in told
    assert "Nothing was erased." in told
    assert len(lines(mine)) == len(ENTRIES)
    assert "is erased" in run("erase", "--journal", mine, typed="y\n").stdout
    assert not mine.exists()


def test_erasing_tells_json(mine: Path) -> None:
    aside = mine.with_name("mine.db.damaged-1")
    aside.write_bytes(b"old")
    told = json.loads(run("erase", "--yes", "--json", "--journal", mine).stdout)
    assert told == {"erased": str(mine), "entries": len(ENTRIES), "still_there": [str(aside)]}
    assert not mine.exists()


def test_no_answer_erases_nothing(mine: Path) -> None:
    run("erase", "--journal", mine, typed="", status=1)
    assert len(lines(mine)) == len(ENTRIES)


def test_erasing_takes_the_files_beside_it_too(mine: Path) -> None:
    export = mine.with_name("export.jsonl")
    run("export", export, "--journal", mine)
    beside = [mine.with_name(mine.name + ending) for ending in ("-wal", "-shm")]
    with SqliteStore(mine) as store:  # open elsewhere: its log is there
        store.add(check_ins(3))
        assert all(path.exists() for path in beside)
        run("erase", "--yes", "--journal", mine)
        assert not [path for path in (mine, *beside) if path.exists()]
    assert export.exists()


def test_erasing_a_link_erases_what_it_leads_to(mine: Path) -> None:
    link = mine.with_name("link.db")
    link.symlink_to(mine)
    run("erase", "--yes", "--journal", link)
    assert not mine.exists()
    assert not link.is_symlink()


@pytest.mark.parametrize("command", ["check", "export", "import", "erase"])
@pytest.mark.parametrize("kind", ["database", "text", "folder"])
def test_another_programs_file_stays_as_it_is(tmp_path: Path, command: str, kind: str) -> None:
    path = tmp_path / "photos.db"
    if kind == "database":
        with sqlite3.connect(path) as photos:
            photos.execute("CREATE TABLE photo (name TEXT)")
            photos.execute("INSERT INTO photo VALUES ('summer')")
        photos.close()
    elif kind == "text":
        path.write_text("Dear diary, " * 400, encoding="utf-8")
    else:
        path.mkdir()
    (tmp_path / "export.jsonl").write_bytes(exported(ENTRIES))
    before = None if kind == "folder" else path.read_bytes()
    more = {"erase": ["--yes"], "import": [tmp_path / "export.jsonl"]}.get(command, [])
    line = refused(command, *more, "--journal", path)
    assert str(path) in line
    assert before is None or path.read_bytes() == before
    assert sorted(found.name for found in tmp_path.iterdir()) == ["export.jsonl", "photos.db"]
