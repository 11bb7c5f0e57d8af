"""Why it exists: ``measures.json`` and ``measures.csv`` are promises to other programs."""

import csv
import io
import json

import pytest

from levelstride.errors import InputError
from levelstride.measure.results import SCHEMA
from levelstride.report.files import CSV_COLUMNS, measures_csv, measures_file, read_measures


def test_json_round_trip(analysis, tmp_path):
    written = measures_file(analysis)
    (tmp_path / "measures.json").write_text(written.to_json(), encoding="utf-8")
    assert read_measures(tmp_path / "measures.json") == written
    assert read_measures(tmp_path) == written
    content = json.loads((tmp_path / "measures.json").read_text(encoding="utf-8"))
    assert list(content) == ["schema", "provenance", "context", "video", "result"]
    assert content["schema"] == SCHEMA
    assert content["video"]["person_measured"] == 2
    assert content["video"]["people_seen"] == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not readable JSON"),
        ("[]", "schema None"),
        ('{"schema": "levelstride.measures/99"}', "levelstride.measures/99"),
        (f'{{"schema": "{SCHEMA}"}}', "provenance"),
    ],
)
def test_another_file_is_refused_in_one_line(tmp_path, text, problem):
    (tmp_path / "measures.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=problem) as raised:
        read_measures(tmp_path)
    assert "\n" not in str(raised.value)
    assert raised.value.fix


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_measures(tmp_path)


def test_csv_has_one_row_per_measure_and_side(gait):
    rows = list(csv.DictReader(io.StringIO(measures_csv(gait))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(r["name"], r["side"]) for r in rows] == [(m.name, m.side) for m in gait.measures]
    for row, measure in zip(rows, gait.measures, strict=True):
        assert row["schema"] == SCHEMA
        if measure.value is None:
            assert (row["value"], row["standard_error"], row["quality"]) == ("", "", "")
            assert row["not_measurable_code"] == measure.not_measurable.code
            assert (row["reason"], row["fix"]) == (measure.not_measurable.text, measure.not_measurable.fix)
        else:
            assert float(row["value"]) == measure.value
            assert float(row["standard_error"]) == measure.standard_error
            assert row["fix"] == ""
