"""The bounds asked for, on the committed scores of unseen walks: met ones stay met, missed ones are named."""

import json
from pathlib import Path

from validation.score import TARGETS, verdicts

RESULTS = Path(__file__).resolve().parents[2] / "validation" / "results" / "mannequin.json"

#: (target, walks): kept as strict as asked, and not met on the present scores.
MISSED = {
    ("Cadence within 1 %, every walk", "mannequins, behind or in front"),
    ("Cadence within 1 %, every walk", "mannequins, side"),
    ("95 % intervals hold the truth in 90 to 98 %", "mannequins, side"),
}


def test_the_bounds_are_those_asked_for():
    asked = {
        "cadence_spm": 0.01,
        "trunk_lean_deg": 1.5,
        "knee_frontal_projection_deg": 4.0,
        "step_length_m": 0.05,
        "step_width_m": 0.02,
    }
    assert {t.name: t.limit for t in TARGETS if t.name} == asked
    assert [(t.limit, t.upper) for t in TARGETS if t.kind == "coverage"] == [(0.90, 0.98)]
    assert [t.limit for t in TARGETS if t.kind == "refused"] == [0.05]


def test_exactly_the_named_targets_are_missed():
    rows = json.loads(RESULTS.read_text(encoding="utf-8"))["rows"]
    missed = {(v.target.label, v.group) for v in verdicts(rows) if not v.met}
    assert missed == MISSED
