"""Why it exists: the figures that claims rest on are themselves checked, above all that refusals never flatter."""

import numpy as np
import pytest
from validation.score import NEVER, TARGETS, code_of, figures, group_of, is_ratio, verdicts, within

from levelstride.library.loader import measure_library


def row(value, true, se=1.0, *, name="trunk_lean_deg", refused="", view="back", **more):
    return {
        "case": "c",
        "view": view,
        "name": name,
        "side": "left",
        "value": value,
        "se": se,
        "true": true,
        "n": 12,
    } | {
        "refused": refused,
        **more,
    }


def missing(code="too_few", **more):
    return row(None, 1.0, None, refused=code, **more)


class TestFigures:
    def test_of_known_errors(self):
        f = figures([row(t + e, t) for t, e in [(0.0, 1.0), (2.0, -1.0), (4.0, 1.0), (6.0, 3.0)]])
        assert (f.n, f.stated, f.never, f.refused) == (4, 4, 0, {})
        assert f.bias == pytest.approx(1.0)
        assert f.rmse == pytest.approx(np.sqrt(3.0))
        assert f.mean_square_z == pytest.approx(3.0)
        assert f.coverage == pytest.approx(0.75)
        assert f.slope == pytest.approx(1.4)
        assert f.relative_rmse is None

    def test_a_refusal_is_a_miss_of_coverage(self):
        f = figures([row(1.0, 1.0), row(1.0, 1.0), missing(), missing("hidden")])
        assert f.coverage == pytest.approx(0.5)
        assert f.with_error == 4
        assert f.refused == {"too_few": 1, "hidden": 1}
        assert f.refused_share == pytest.approx(0.5)
        assert f.rmse == 0.0

    def test_nothing_but_refusals_covers_nothing(self):
        f = figures([missing(), missing()])
        assert (f.coverage, f.rmse, f.bias) == (0.0, None, None)

    @pytest.mark.parametrize("code", NEVER)
    def test_refusals_by_design_stand_apart(self, code):
        f = figures([row(1.0, 1.0), missing(code)])
        assert (f.n, f.never, f.refused, f.coverage) == (1, 1, {}, 1.0)

    def test_values_without_error_are_in_no_coverage(self):
        f = figures([row(2.0, 1.0, None), row(1.0, 1.0, 0.5)])
        assert (f.coverage, f.with_error) == (1.0, 1)
        assert f.rmse == pytest.approx(np.sqrt(0.5))
        assert figures([row(2.0, 1.0, None)]).coverage is None

    def test_no_slope_where_the_truth_hardly_varies(self):
        assert figures([row(v, 100.0, name="cadence_spm") for v in (99, 100, 101, 102)]).slope is None
        assert figures([row(1.0, 1.0), row(2.0, 2.0)]).slope is None

    def test_relative_error_of_lengths(self):
        f = figures([row(0.66, 0.6, 0.02, name="step_length_m"), row(0.54, 0.6, 0.02, name="step_length_m")])
        assert f.relative_rmse == pytest.approx(0.1)
        assert not is_ratio("trunk_lean_deg")
        assert not is_ratio("step_width_m")

    def test_nothing(self):
        assert figures([]).n == 0


def test_within_counts_refusals_as_misses():
    rows = [row(100.9, 100.0), row(101.1, 100.0), missing(), missing(NEVER[0])]
    assert within(rows, 0.01, relative=True) == (1, 3)
    assert within(rows, 2.0, relative=False) == (2, 3)


def test_groups():
    assert group_of(row(1, 1)) == "mannequins, behind or in front"
    assert group_of(row(1, 1, view="left")) == "mannequins, side"
    assert group_of(row(1, 1, view="right", source="markers")) == "markers, side"
    assert group_of(row(1, 1, view="front", source="markers")) == "markers, behind or in front"


def test_a_refused_recording_has_a_short_code():
    assert code_of("Only 3 steps in a row could be seen; at least 4 are needed.") == "recording refused"
    assert code_of("too_few") == "too_few"


class TestVerdicts:
    def verdict(self, rows, label):
        return next(v for v in verdicts(rows) if v.target.label.startswith(label))

    def test_met(self):
        rows = [row(1.0, 1.0 + e, 1.0) for e in np.linspace(-2.05, 2.05, 40)]
        assert self.verdict(rows, "Trunk lean").met
        assert self.verdict(rows, "95 %").met
        assert self.verdict(rows, "At most 5 %").met

    def test_a_small_error_does_not_hide_refusals(self):
        rows = [row(1.0, 1.0)] * 9 + [missing()]
        lean = self.verdict(rows, "Trunk lean")
        assert (lean.met, lean.n) == (False, 10)
        assert "10% refused" in lean.found
        assert not self.verdict(rows, "At most 5 %").met

    def test_every_walk_means_every_walk(self):
        good = [row(100.5, 100.0, name="cadence_spm")] * 30
        assert self.verdict(good, "Cadence").met
        assert not self.verdict([*good, row(102.0, 100.0, name="cadence_spm")], "Cadence").met
        assert not self.verdict([*good, missing(name="cadence_spm")], "Cadence").met

    def test_step_width_may_be_refused_but_not_wrong(self):
        assert self.verdict([missing(name="step_width_m")], "Step width").met
        assert not self.verdict([row(0.15, 0.10, name="step_width_m"), missing(name="step_width_m")], "Step width").met

    def test_errors_too_large_miss_the_coverage(self):
        assert not self.verdict([row(1.0, 1.0)] * 100, "95 %").met

    def test_targets_without_rows_are_not_judged(self):
        assert verdicts([]) == []
        assert {t.name for t in TARGETS if t.name} <= set(measure_library().measures)
