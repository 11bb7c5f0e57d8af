"""Why it exists: the kept copy makes the library quick and must never be old, broken, or in the way."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from levelstride.library import loader
from levelstride.library.knowledge import Knowledge


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEVELSTRIDE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(loader, "knowledge", loader.knowledge.__wrapped__)
    return tmp_path / "cache"


def test_the_kept_copy_is_the_library(kept: Path, known: Knowledge) -> None:
    first = loader.knowledge()
    (copy,) = kept.glob("library-*/*.kept")
    assert loader.knowledge() == first == known
    assert copy.exists()


def test_an_edit_is_seen_at_once(kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "library"
    shutil.copytree(loader.LIBRARY, root)
    monkeypatch.setattr(loader, "LIBRARY", root)
    monkeypatch.setattr(loader.library_files, "__defaults__", (root,))
    before = loader.knowledge().exercises["glute_bridge"].difficulty
    path = root / "exercises" / "glute_bridge.yaml"
    text = path.read_text(encoding="utf-8").replace(f"difficulty: {before}\n", f"difficulty: {before + 1}\n")
    path.write_text(text, encoding="utf-8")
    assert loader.knowledge().exercises["glute_bridge"].difficulty == before + 1
    assert len(list(kept.glob("library-*/*.kept"))) == 1, "the older copy is dropped"


class Trap:
    """What a harmful copy would hold: code that runs while it is read."""

    def __reduce__(self) -> tuple:
        return (os.putenv, ("LEVELSTRIDE_TRAP", "sprung"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\x80\x05", pickle.dumps({"exercises": {}}), pickle.dumps(Trap()), pickle.dumps(Path("x"))],
    ids=["empty", "text", "cut off", "plain data", "harmful", "foreign class"],
)
def test_a_broken_copy_is_refused_and_made_again(kept: Path, content: bytes, known: Knowledge) -> None:
    from levelstride.library.kept import load_kept

    loader.knowledge()
    (copy,) = kept.glob("library-*/*.kept")
    copy.write_bytes(content)
    assert load_kept(copy) is None
    assert loader.knowledge() == known
    assert load_kept(copy) == known


def test_a_copy_cut_at_any_place_is_refused(kept: Path) -> None:
    from levelstride.library.kept import load_kept

    loader.knowledge()
    (copy,) = kept.glob("library-*/*.kept")
    whole = copy.read_bytes()
    for share in range(20):
        copy.write_bytes(whole[: len(whole) * share // 20])
        assert load_kept(copy) is None


def test_without_a_place_for_the_copy_the_library_still_opens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    code = "from levelstride.library.loader import knowledge; print(len(knowledge().exercises))"
    environment = {**os.environ, "LEVELSTRIDE_CACHE": str(tmp_path / "file")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 118


def test_a_broken_library_is_refused_with_the_way_to_find_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from yaml import YAMLError

    from levelstride.cli.library import read_whole_library
    from levelstride.errors import InputError

    def broken() -> Knowledge:
        raise YAMLError("bad")

    monkeypatch.setattr(loader, "knowledge", broken)
    with pytest.raises(InputError, match="levelstride library check"):
        read_whole_library()


def test_a_file_with_its_time_set_back_is_read_again(
    kept: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shutil

    root = tmp_path / "library"
    shutil.copytree(loader.LIBRARY, root)
    monkeypatch.setattr(loader, "LIBRARY", root)
    monkeypatch.setattr(loader.library_files, "__defaults__", (root,))
    path = root / "exercises" / "glute_bridge.yaml"
    before, status = loader.knowledge().exercises["glute_bridge"].difficulty, path.stat()
    text = path.read_text(encoding="utf-8").replace(f"difficulty: {before}\n", f"difficulty: {before + 1}\n")
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert loader.knowledge().exercises["glute_bridge"].difficulty == before + 1


def test_other_files_in_the_folder_are_left_alone(kept: Path) -> None:
    kept.mkdir(parents=True)
    (kept / "library-mine.kept").write_text("{}", encoding="utf-8")
    loader.knowledge()
    assert (kept / "library-mine.kept").exists()
