"""Why it exists: the library answers in the terminal, in two languages, as text and JSON, and names a slip."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from levelstride.cli.app import app
from levelstride.library.loader import LIBRARY

run = CliRunner().invoke


def output(*arguments: str, status: int = 0) -> str:
    found = run(app, ["library", *arguments])
    assert found.exit_code == status, found.output
    return found.output


def test_list_shows_what_fits() -> None:
    told = output("list", "--phase", "P1", "--muscle", "gmed", "--equipment", "none")
    assert "clamshell" in told
    assert "clamshell_band" not in told
    assert "Not yet reviewed by a clinician." in told


def test_list_leaves_out_what_a_caution_removes_and_marks_what_it_changes() -> None:
    told = json.loads(output("list", "--caution", "gtps", "--caution", "GTPS", "--json"))
    ids = {row["id"]: row for row in told["exercises"]}
    assert "curtsy_lunge" not in ids
    assert told["removed"]["curtsy_lunge"]["GTPS"]
    assert ids["standing_hip_abd"]["changed_for"] == ["GTPS"]
    assert json.loads(output("list", "--caution", "THR", "--json"))["needs_clearance"] == ["THR"]
    assert "Ask your surgeon first" in output("list", "--caution", "THR")
    assert "cirujano" in output("list", "--caution", "THR", "--language", "es")


def test_an_empty_list_says_so() -> None:
    assert "Nothing fits" in output("list", "--phase", "P5", "--muscle", "grip")


@pytest.mark.parametrize("name", ["glute_bridge", "sls_eo", "pain_colours", "red_flags", "THR", "KNEE_VALGUS", "fall"])
def test_show_tells_any_entry(name: str) -> None:
    told = output("show", name)
    assert len(told.splitlines()) >= 4
    assert "not a diagnosis" in told


def test_show_speaks_spanish_and_says_nobody_checked_it() -> None:
    told = output("show", "glute_bridge", "--language", "es")
    assert "Paso a paso" in told
    assert "Step by step" not in told
    assert "traducción" in told.lower()


def test_show_gives_json() -> None:
    assert json.loads(output("show", "glute_bridge", "--json"))["doses"]["P1"]["amount"] == {"low": 15, "high": 20}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "glute_brige"), "Did you mean glute_bridge"),
        (("show", "zzzz"), "See: levelstride library list"),
        (("why", "R999"), "nothing named 'R999'"),
        (("list", "--phase", "P9"), "No phase 'P9'"),
        (("list", "--muscle", "gmeds"), "did you mean gmed"),
        (("list", "--caution", "KNEE"), "No caution code 'KNEE'"),
        (("list", "--equipment", "trampoline"), "No equipment 'trampoline'"),
        (("show", "glute_bridge", "--language", "xx"), "No language 'xx'"),
        (("graph", "nothing"), "No exercise 'nothing'"),
        (("check", "/nowhere"), "is not a folder"),
        (("show", "R039"), "levelstride library why R039"),
        (("show", "glute_bridge", "--json", "-l", "fr"), "No language 'fr'"),
        (("translations", "en"), "No language to translate to 'en'"),
        (("requirements", "--tests", "/nowhere"), "There are no tests in"),
    ],
)
def test_a_slip_is_answered_in_one_line(arguments: tuple[str, ...], message: str) -> None:
    told = output(*arguments, status=2)
    assert message in told
    assert len(told.strip().splitlines()) == 1


def test_why_tells_what_stands_behind_a_requirement() -> None:
    told = output("why", "R039")
    assert "R039" in told
    assert "faults/RUSH" in told
    assert "still missing" in told
    assert "X16" in output("why", "X16")
    assert "figure" in output("why", "pain_colours")
    assert json.loads(output("why", "r020", "--json"))["id"] == "R020"


def test_check_passes_on_what_is_shipped_and_names_what_is_wrong(tmp_path: Path) -> None:
    assert "The library is sound." in output("check")
    (tmp_path / "cautions.yaml").write_text("BAL: {nme: x}\n", encoding="utf-8")
    told = output("check", str(tmp_path), status=1)
    assert "cautions.yaml:1: expected the key" in told
    assert json.loads(output("check", str(tmp_path), "--json", status=1))


def test_graph_draws_a_ladder(tmp_path: Path) -> None:
    import xml.etree.ElementTree as ET

    out = tmp_path / "deep" / "ladder.svg"
    output("graph", "glute_bridge", "--out", str(out))
    drawing = ET.parse(out).getroot()
    boxes = drawing.findall(".//{http://www.w3.org/2000/svg}rect")
    assert len(boxes) >= 6
    output("graph", "--out", str(out))
    assert len(ET.parse(out).getroot().findall(".//{http://www.w3.org/2000/svg}rect")) >= 118


def test_graph_of_one_kind_is_smaller(tmp_path: Path) -> None:
    output("graph", "--kind", "plyometric", "--out", str(tmp_path / "jumps.svg"))
    drawing = (tmp_path / "jumps.svg").read_text(encoding="utf-8")
    assert drawing.count("<rect") == 5
    assert "href" not in drawing


def test_export_is_whole_and_fits_its_schema(tmp_path: Path) -> None:
    output("export", "--out", str(tmp_path))
    content = json.loads((tmp_path / "library.json").read_text(encoding="utf-8"))
    schema = json.loads((tmp_path / "library.schema.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == set(content)
    from levelstride.library.knowledge import Knowledge

    assert len(Knowledge.model_validate(content).exercises) == len(content["exercises"])


def test_export_to_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "cannot be written" in output("export", "--out", str(tmp_path / "file"), status=2)


def test_translations_gives_the_file_to_a_translator(tmp_path: Path) -> None:
    assert 'msgid "Step by step"' in output("translations", "es")
    output("translations", "es", "--out", str(tmp_path / "es.po"))
    assert (tmp_path / "es.po").read_text(encoding="utf-8") == (LIBRARY / "translations/es.po").read_text(
        encoding="utf-8"
    )


def test_requirements_lists_what_is_open() -> None:
    told = output("requirements", "--open")
    assert "R034" in told
    assert "R020" not in told
    states = json.loads(output("requirements", "--json"))
    assert len(states) == 158
    assert states["R020"]["state"] == "closed"
    assert any("test_the_bridge_is_set_up_as_asked" in test for test in states["R020"]["tests"])


def test_why_names_the_sources_of_an_exercise_and_a_test() -> None:
    assert "laboratory, double-limb bridge, gmed, range_over_studies" in output("why", "glute_bridge")
    assert "Source article A" in output("why", "glute_bridge")
    assert "springer" in output("why", "sls_eo").lower()


def test_a_console_that_knows_few_signs_still_gets_the_text() -> None:
    import os
    import subprocess
    import sys

    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(
        [sys.executable, "-m", "levelstride", "library", "show", "glute_bridge"],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"Glute bridge" in done.stdout
