"""Why it exists: no measure without a page that says how right it is, and no page that differs from its results."""

import importlib
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import levelstride.measure
from levelstride.library.loader import measure_library

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("validity_page", ROOT / "scripts" / "validity_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """Sections of docs/validity.md by title."""
    parts = re.split(r"^## ", (ROOT / "docs" / "validity.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.split("\n", 1)[0]: part for part in parts[1:]}


def entries() -> list[tuple[str, str]]:
    """(task label, measure) of each entry of docs/methods.md."""
    found, task = [], ""
    for line in (ROOT / "docs" / "methods.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            task = line[3:]
        elif match := re.fullmatch(r"### .* `(\w+)`", line):
            found.append((task, match[1]))
    return found


def modules(section: str) -> list[str]:
    return re.findall(r"^module: ([\w.]+)$", section, flags=re.MULTILINE)


def test_every_entry_of_the_methods_has_one_module_and_a_row(sections: dict[str, str]) -> None:
    assert len(entries()) == len(set(entries())) > 20
    for task, name in entries():
        (module,) = modules(sections[task])
        assert importlib.import_module(module).TASK in measure_library().measures[name].tasks
        assert f"`{name}` |" in sections[task], (task, name)


def test_every_measure_of_the_library_has_a_row(sections: dict[str, str]) -> None:
    for task_name, task in measure_library().tasks.items():
        for name, spec in measure_library().measures.items():
            if task_name in spec.tasks:
                assert f"| {spec.label} `{name}` |" in sections[task.label]


def test_every_task_module_has_a_section(sections: dict[str, str]) -> None:
    folder = Path(levelstride.measure.__file__).parent
    shown = [m for section in sections.values() for m in modules(section)]
    assert len(shown) == len(set(shown))
    for file in folder.glob("*.py"):
        module = f"levelstride.measure.{file.stem}"
        if re.search(r"^def measure_", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert module in shown


def test_the_page_is_up_to_date(script) -> None:
    """But for the marks of what is stale: those come and go with every change of the code; ``make lint`` sees them."""
    wanted = script.page(script.read_results())
    assert script.PAGE.read_text(encoding="utf-8").replace(script.STALE, "") == wanted.replace(script.STALE, "")


def test_results_of_other_code_are_marked(script) -> None:
    content = {"command": "x", "code_sha256": "0", "covers": ["measures"], "rows": []}
    assert script.is_stale(content)
    assert script.STALE in script.page({"mannequin": content})
    fresh = content | {"code_sha256": script.code_hash("measures")}
    assert script.STALE not in script.page({"mannequin": fresh}).split("## Targets")[1]


def test_without_any_results_the_page_says_so(script) -> None:
    text = script.page({})
    assert "not yet run" in text
    assert text.count("no truth yet") == sum(len(s.tasks) for s in measure_library().measures.values())


def test_misses_are_shown(script) -> None:
    rows = [
        {"case": "a", "view": "back", "name": "cadence_spm", "side": "both", "value": 120.0, "se": 1.0, "true": 100.0}
        | {"n": 20, "refused": "", "azimuth_deg": 0.0, "roll_stated": True, "body": "b"}
    ]
    text = script.page({"mannequin": {"command": "x", "code_sha256": "0", "rows": rows}})
    assert "**missed**" in text


def test_results_are_kept_with_their_command() -> None:
    for file in (ROOT / "validation" / "results").glob("[!q]*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        assert content["command"].startswith("python -m validation")
        assert len(content["code_sha256"]) == 64
        assert content["rows"]


@pytest.mark.parametrize("name", ["methods", "performance", "validity"])
def test_an_unknown_option_writes_nothing(name: str) -> None:
    page = ROOT / "docs" / f"{name}.md"
    before = page.read_bytes()
    done = subprocess.run([sys.executable, ROOT / "scripts" / f"{name}_page.py", "--chek"], capture_output=True)
    assert done.returncode == 2
    assert page.read_bytes() == before
