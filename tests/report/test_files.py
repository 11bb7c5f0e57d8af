"""Why it exists: ``measures.json`` and ``measures.csv`` are promises to other programs."""

import csv
import io
import json
from dataclasses import replace

import pytest

from levelstride.analysis import Examination
from levelstride.errors import InputError
from levelstride.measure.results import SCHEMA
from levelstride.recording.files import MotionFile
from levelstride.report.files import CSV_COLUMNS, measures_csv, measures_file, read_measures


def test_json_round_trip(examination, tmp_path):
    written = measures_file(examination)
    (tmp_path / "measures.json").write_text(written.to_json(), encoding="utf-8")
    assert read_measures(tmp_path / "measures.json") == written
    assert read_measures(tmp_path) == written
    content = json.loads((tmp_path / "measures.json").read_text(encoding="utf-8"))
    assert list(content) == ["schema", "provenance", "recordings", "results"]
    assert content["schema"] == SCHEMA == "levelstride.measures/2"
    assert list(content["provenance"]) == ["software", "software_version", "python_version", "created"]
    (recording,) = content["recordings"]
    assert list(recording) == [
        "file", "sha256", "model", "mode", "context", "view_certainty", "video", "kind", "warnings",
    ]  # fmt: skip
    assert recording["video"]["person_measured"] == 2
    assert recording["video"]["people_seen"] == 2
    assert recording["kind"] == "video"
    assert recording["warnings"] == ["People came so close that identity was unclear."]
    assert [r["task"] for r in content["results"]] == ["gait_side"]


def test_two_views_are_two_results_of_two_recordings(mixed, tmp_path):
    written = measures_file(mixed)
    (tmp_path / "measures.json").write_text(written.to_json(), encoding="utf-8")
    found = read_measures(tmp_path)
    assert [r.context.view for r in found.recordings] == ["left", "back"]
    assert [r.view_certainty for r in found.recordings] == [None, 0.93]
    assert [r.task for r in found.results] == ["gait_side", "gait_frontal"]
    assert {w.recording for w in found.result("gait_frontal").walks} == {1}
    with pytest.raises(KeyError):
        found.result("gait_moon")


def test_a_motion_file_has_no_video(analysis):
    motion = MotionFile(analysis.motion, "landmarks", (), {}, warnings=("Assumed.",))
    (recording,) = measures_file(Examination.of([replace(analysis, recording=motion)])).recordings
    assert (recording.video, recording.kind, recording.warnings) == (None, "landmarks", ("Assumed.",))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not readable JSON"),
        ("[]", "schema None"),
        ('{"schema": "levelstride.measures/99"}', "levelstride.measures/99"),
        ('{"schema": "levelstride.measures/1"}', "measures/1' .another version wrote it."),
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
    rows = list(csv.DictReader(io.StringIO(measures_csv([gait]))))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(r["name"], r["side"]) for r in rows] == [(m.name, m.side) for m in gait.measures]
    for row, measure in zip(rows, gait.measures, strict=True):
        assert (row["schema"], row["task"]) == (SCHEMA, "gait_side")
        if measure.value is None:
            assert (row["value"], row["standard_error"], row["quality"]) == ("", "", "")
            assert row["not_measurable_code"] == measure.not_measurable.code
            assert (row["reason"], row["fix"]) == (measure.not_measurable.text, measure.not_measurable.fix)
        else:
            assert float(row["value"]) == measure.value
            assert float(row["standard_error"]) == measure.standard_error
            assert row["fix"] == ""


def test_csv_of_two_views_says_which(mixed):
    rows = list(csv.DictReader(io.StringIO(measures_csv(mixed.results))))
    assert {r["task"] for r in rows} == {"gait_side", "gait_frontal"}
    lean = next(r for r in rows if (r["name"], r["side"]) == ("trunk_lean_deg", "left"))
    assert (lean["task"], lean["limb"]) == ("gait_frontal", "frontal")
