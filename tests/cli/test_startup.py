"""Why it exists: importing the package must stay light; the times themselves live in benchmarks/startup.py."""

import subprocess
import sys

HEAVY = ("numpy", "scipy", "xarray", "pandas", "pydantic", "cv2", "av", "altair", "ai_edge_litert", "vl_convert")


def imported_by(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_import_levelstride_pulls_in_nothing_heavy() -> None:
    assert not imported_by("import levelstride") & set(HEAVY)


def test_the_command_line_pulls_in_nothing_heavy_for_help() -> None:
    assert not imported_by("import levelstride.cli") & set(HEAVY)


def test_every_public_name_is_there() -> None:
    import levelstride

    for name in levelstride.__all__:
        assert getattr(levelstride, name) is not None
    assert levelstride.__version__
