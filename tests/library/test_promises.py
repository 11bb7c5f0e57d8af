"""Why it exists: a closed requirement has a test that exists, a hazard's guard is a real test, the pages keep up."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from levelstride.errors import InputError
from levelstride.library.knowledge import Knowledge
from levelstride.library.promises import implemented_in, marked_tests, promise, requirement_states

ROOT = Path(__file__).resolve().parents[2]


def test_every_mark_names_a_requirement(known: Knowledge) -> None:
    assert set(marked_tests(ROOT / "tests")) <= set(known.requirements)


def test_what_is_said_to_be_whole_is_shown_by_a_test(known: Knowledge) -> None:
    states = requirement_states(known, ROOT / "tests")
    unshown = [name for name, state in states.items() if not state.missing and state.state != "closed"]
    assert unshown == []
    assert sum(state.state == "closed" for state in states.values()) >= 35


def test_what_is_open_says_what_is_missing(known: Knowledge) -> None:
    for name, state in requirement_states(known, ROOT / "tests").items():
        assert state.state == "closed" or state.missing, name


def test_every_guard_of_a_hazard_is_a_test_that_exists(known: Knowledge) -> None:
    for name, hazard in known.hazards.items():
        for guard in hazard.guards:
            file, _, test = guard.partition("::")
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            assert test in names, (name, guard)


def test_the_serious_hazards_of_what_is_built_are_guarded(known: Knowledge) -> None:
    guarded = [name for name, hazard in known.hazards.items() if hazard.guards]
    assert len(guarded) >= 15
    for name, hazard in known.hazards.items():
        assert hazard.guards or hazard.missing, name


def test_marks_are_found_without_running_anything(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_x.py").write_text(
        "import pytest, nothing_like_this\n"
        "@pytest.mark.requirement('R001', 'R002')\n@pytest.mark.slow\ndef test_a(): pass\n"
        "@pytest.mark.parametrize('x', [1])\ndef test_b(x): pass\n",
        encoding="utf-8",
    )
    assert marked_tests(folder) == {"R001": ["tests/test_x.py::test_a"], "R002": ["tests/test_x.py::test_a"]}
    with pytest.raises(InputError, match="no tests"):
        marked_tests(tmp_path / "nowhere")
    (folder / "test_y.py").write_text("def broken(:\n", encoding="utf-8")
    with pytest.raises(InputError, match="not Python"):
        marked_tests(folder)


def test_a_contradiction_knows_who_settles_it(known: Knowledge) -> None:
    assert "rules/pain_colours" in promise("X16", known)["settled_by"]
    assert "exercises/glute_bridge" in implemented_in("R020", known)


@pytest.mark.parametrize("script", ["requirements_page.py", "hazards_page.py"])
def test_the_pages_are_up_to_date(script: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_parts_are_the_fields() -> None:
    from levelstride.library.knowledge import FILES, FOLDERS

    assert {*FILES, *FOLDERS, "translations"} == set(Knowledge.model_fields)


def test_the_readme_counts_what_is_there(known: Knowledge) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{len(known.exercises)} exercises, {len(known.tests)} tests" in readme


def test_every_heading_is_used_and_there(known: Knowledge) -> None:
    import re

    files = [path for ending in ("py", "j2") for path in (ROOT / "src" / "levelstride").rglob(f"*.{ending}")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    asked = set(re.findall(r"""heading\(["'](\w+)["'][,)]""", code))
    assert asked <= set(known.headings)
    confidence, counted = "supported|plausible|disputed|convention", "metres|minutes|breaths|contacts|reaches|bouts"
    of_screen = "verdict_|trust_|mdc_|unlike_|change_|stop_choice_|cleared_|unmeasured_|left_out_|unit_points_one"
    by_value = re.compile(f"status_|level_|{confidence}|{counted}|seconds|repetitions|{of_screen}")
    unused = [h for h in known.headings if not by_value.match(h) and f'"{h}"' not in code and f"'{h}'" not in code]
    assert unused == []
