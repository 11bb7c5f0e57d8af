"""Why it exists: ``levelstride simulate`` gives the same tables for the same seed, as a page and as data."""

import json
from pathlib import Path

from typer.testing import CliRunner

from levelstride.cli.app import app
from levelstride.programme.simulation.table import METRICS, MODEL_NOTE

SMALL = ["--people", "2", "--weeks", "2", "--grid", "0", "--workers", "1"]


def told(*arguments: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["simulate", *SMALL, *map(str, arguments)])
    assert done.exit_code == status, done.output
    return done.stdout


def test_the_page_says_that_it_is_a_model_and_is_the_same_again(tmp_path: Path) -> None:
    page = told("--seed", 3)
    assert MODEL_NOTE in page
    assert page == told("--seed", 3)
    assert page != told("--seed", 4)
    told("--seed", 3, "--out", tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page


def test_the_data_compare_with_every_other_plan(tmp_path: Path) -> None:
    found = json.loads(told("--json"))
    assert (found["people"], found["weeks"], found["violations"], found["failures"]) == (2, 2, 0, 0)
    assert len({(one["plan"], one["filter"]) for one in found["against"]}) == 9
    for one in found["against"]:
        assert set(one["differences"]) == {metric for metric, _, _ in METRICS}


def test_a_file_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    told("--out", tmp_path / "no" / "page.md", status=2)
