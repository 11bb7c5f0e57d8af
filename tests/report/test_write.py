"""Why it exists: a report folder is complete or absent, and nobody's files are ever lost."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from levelstride.errors import InputError
from levelstride.motion.dataset import load_motion
from levelstride.report import write
from levelstride.report.files import measures_file
from levelstride.report.write import FILES, check_folder, is_our_name, write_report


@pytest.fixture(autouse=True)
def _quick_page(monkeypatch):
    monkeypatch.setattr(write, "render_page", lambda *_, **__: "<!doctype html>new")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_writes_all_files_and_makes_parents(analysis, tmp_path):
    page = write_report(analysis, tmp_path / "a" / "b" / "report", key_frames={})
    assert page == tmp_path / "a" / "b" / "report" / "report.html"
    assert names(page.parent) == sorted(FILES)
    assert names(tmp_path / "a" / "b") == ["report"]
    motion = load_motion(page.parent / "motion.nc")
    np.testing.assert_array_equal(motion.position.values, analysis.motion.position.values)


def test_an_earlier_report_is_replaced_and_other_files_stay(analysis, tmp_path):
    folder = tmp_path / "out"
    write_report(analysis, folder, key_frames={})
    (folder / "report.html").write_text("old")
    (folder / "notes.txt").write_text("mine")
    write_report(analysis, folder, key_frames={})
    assert (folder / "report.html").read_text().endswith("new")
    assert (folder / "notes.txt").read_text() == "mine"
    assert names(folder) == sorted([*FILES, "notes.txt"])


def test_a_report_of_an_earlier_version_is_ours(analysis, tmp_path):
    (tmp_path / "measures.json").write_text('{"schema": "levelstride.measures/0"}')
    write_report(analysis, tmp_path, key_frames={})
    assert names(tmp_path) == sorted(FILES)


def test_an_empty_folder_is_used(analysis, tmp_path):
    write_report(analysis, tmp_path, key_frames={})
    assert names(tmp_path) == sorted(FILES)


@pytest.mark.parametrize("content", [{"thesis.docx": "x"}, {"measures.json": '{"schema": "other/1"}'}])
def test_a_foreign_folder_is_refused_and_untouched(analysis, tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="--out"):
        write_report(analysis, tmp_path, key_frames={})
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == content


def test_overwrite_uses_a_foreign_folder_and_keeps_its_files(analysis, tmp_path):
    (tmp_path / "thesis.docx").write_text("x")
    write_report(analysis, tmp_path, key_frames={}, overwrite=True)
    assert names(tmp_path) == sorted([*FILES, "thesis.docx"])


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, OSError(28, "No space left on device")])
@pytest.mark.parametrize("broken", ["measures_csv", "save_motion", "render_page", "_move_into_place"])
def test_a_failure_leaves_nothing(analysis, tmp_path, monkeypatch, failure, broken):
    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(write, broken, fail)
    expected = InputError if isinstance(failure, OSError) else failure
    with pytest.raises(expected):
        write_report(analysis, tmp_path / "deep" / "out", key_frames={})
    assert names(tmp_path) == []


@pytest.mark.parametrize("at", range(2 * len(FILES)))
def test_an_interrupt_while_replacing_leaves_the_earlier_report(analysis, examination, tmp_path, monkeypatch, at):
    folder = tmp_path / "out"
    folder.mkdir()
    earlier = {"report.html": "old page", "measures.json": measures_file(examination).to_json(), "measures.csv": "old"}
    for name, text in earlier.items():
        (folder / name).write_text(text)
    rename, calls = Path.rename, []

    def interrupted(self, target):
        calls.append(self)
        if len(calls) == at + 1:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    if at + 1 <= len(FILES) + len(earlier):
        with pytest.raises(KeyboardInterrupt):
            write_report(analysis, folder, key_frames={})
        assert {p.name: p.read_text() for p in folder.iterdir()} == earlier
    else:
        write_report(analysis, folder, key_frames={})
        assert names(folder) == sorted(FILES)


def test_a_file_in_the_way(analysis, tmp_path):
    (tmp_path / "out").write_text("x")
    for folder in (tmp_path / "out", tmp_path / "out" / "deeper"):
        with pytest.raises(InputError, match="is a file") as raised:
            write_report(analysis, folder, key_frames={})
        assert "\n" not in str(raised.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="not writable"):
        check_folder(tmp_path / "out")


def test_a_folder_the_system_refuses(analysis, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(InputError, match="Permission denied") as raised:
        write_report(analysis, tmp_path / "out", key_frames={})
    assert "--out" in raised.value.fix
    assert names(tmp_path) == []


def test_json_is_whole_numbers_and_all(analysis, tmp_path):
    write_report(analysis, tmp_path / "out", key_frames={})
    content = json.loads((tmp_path / "out" / "measures.json").read_text(encoding="utf-8"))
    assert len(content["results"][0]["measures"]) == len(analysis.gait.measures)


def test_several_recordings_are_numbered_and_stale_ones_go(analysis, mixed, tmp_path):
    folder = tmp_path / "out"
    write_report(mixed, folder, key_frames={}, extra={"overlay-2.mp4": lambda path: path.write_text("film")})
    assert names(folder) == [
        "measures.csv",
        "measures.json",
        "motion-1.nc",
        "motion-2.nc",
        "overlay-2.mp4",
        "report.html",
    ]
    write_report(analysis, folder, key_frames={})
    assert names(folder) == sorted(FILES)


def test_in_a_foreign_folder_only_names_written_are_replaced(analysis, tmp_path):
    (tmp_path / "motion-7.nc").write_text("somebody's")
    (tmp_path / "motion.nc").write_text("old")
    write_report(analysis, tmp_path, key_frames={}, overwrite=True)
    assert (tmp_path / "motion-7.nc").read_text() == "somebody's"
    assert names(tmp_path) == sorted([*FILES, "motion-7.nc"])


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("overlay.mp4", True), ("overlay-12.mp4", True), ("motion-2.trc", True), ("angles-1.mot", True),
        ("measures-2.json", False), ("motion.mp4", False), ("overlay-.mp4", False), ("report.html.bak", False),
        ("../motion.nc", False),
    ],
)  # fmt: skip
def test_our_names(name, ours):
    assert is_our_name(name) == ours


def test_other_files_of_other_names_are_a_mistake(analysis, tmp_path):
    with pytest.raises(ValueError, match="thesis"):
        write_report(analysis, tmp_path / "out", key_frames={}, extra={"thesis.pdf": lambda path: None})
    assert names(tmp_path) == []


@pytest.mark.parametrize("failure", [KeyboardInterrupt, InputError("No room.", "Make some.")])
def test_an_extra_file_that_fails_leaves_nothing(analysis, tmp_path, failure):
    def fail(path):
        path.write_text("half")
        raise failure

    with pytest.raises(failure if isinstance(failure, type) else InputError):
        write_report(analysis, tmp_path / "out", key_frames={}, extra={"overlay.mp4": fail})
    assert names(tmp_path) == []
