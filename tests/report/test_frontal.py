"""Why it exists: from behind and in front little can be said for sure; the report says that much and no more."""

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from levelstride.analysis import Examination
from levelstride.errors import InputError
from levelstride.library.loader import measure_spec, task_spec
from levelstride.motion import frontal
from levelstride.recording.files import MotionFile
from levelstride.report import wording
from levelstride.report.differences import BOUND, differences
from levelstride.report.keyframes import collect_key_frames
from levelstride.report.overlay import write_overlay
from levelstride.report.page import TIPS
from levelstride.report.sections import missing
from levelstride.report.sides_chart import sides_charts
from levelstride.report.skeleton import key_frame_svg
from tests.report.test_page import Reader, page_of


@pytest.fixture(scope="module")
def page(mixed):
    return page_of(mixed, collect_key_frames(mixed))


@pytest.fixture(scope="module")
def words(page):
    return " ".join(Reader(page).text.split())


def with_values(gait, name, left, right, **changes):
    """Return a result in which both sides of one measure have these values."""
    values = {"left": left, "right": right}
    measures = tuple(
        m.model_copy(update={"value": values[m.side], **changes}) if m.name == name else m for m in gait.measures
    )
    return gait.model_copy(update={"measures": measures})


def told(gait, name):
    return next(d for d in differences(gait) if d.name == name)


class TestDifferences:
    def test_a_lean_of_six_degrees_on_one_leg_is_told(self, corridor):
        found = told(corridor.gait, "trunk_lean_deg")
        assert found.is_clear
        assert found.value == pytest.approx(6, abs=1.5)
        assert re.match(r"Trunk lean: standing on the left leg, the trunk leans [\d.]+ ± [\d.]+° further", found.text)
        assert "further towards that leg than standing on the right" in found.text

    def test_small_differences_are_none(self, corridor):
        for name in ("knee_frontal_projection_deg", "step_time_s"):
            found = told(corridor.gait, name)
            assert not found.is_clear
            assert "no clear difference between the sides" in found.text
        shown = wording.format_measure(corridor.gait.get("step_time_s", "left"))
        assert f"(left {shown}, right" in told(corridor.gait, "step_time_s").text

    @pytest.mark.parametrize("sign", [1, -1])
    def test_the_bound_is_196_errors_of_the_difference(self, corridor, sign):
        gait = corridor.gait
        name = "knee_frontal_projection_deg"
        left, right = (gait.get(name, side) for side in ("left", "right"))
        error = np.hypot(left.standard_error, right.standard_error)
        for factor, clear in ((0.99, False), (1.01, True)):
            found = told(with_values(gait, name, sign * factor * BOUND * error, 0.0), name)
            assert found.error == pytest.approx(error)
            assert found.is_clear == clear
        assert f"the {'left' if sign > 0 else 'right'} knee is seen" in found.text

    def test_a_tilted_vertical_counts_twice(self, corridor):
        """What leans the vertical to one side raises one leg's value and lowers the other's."""
        gait = corridor.gait
        left, right = (gait.get("trunk_lean_deg", side) for side in ("left", "right"))
        model = measure_spec("trunk_lean_deg").instrument_error.frontal
        vertical = task_spec("gait_frontal").value("gates", "balance_deg")
        sampling = left.sampling_error**2 + right.sampling_error**2
        expected = np.sqrt(sampling + 2 * model**2 + (2 * vertical) ** 2)
        assert told(gait, "trunk_lean_deg").error == pytest.approx(expected, rel=1e-6)
        assert expected > np.hypot(left.standard_error, right.standard_error)

    def test_one_side_alone_is_not_compared(self, corridor):
        measures = tuple(m for m in corridor.gait.measures if (m.name, m.side) != ("trunk_lean_deg", "right"))
        names = [d.name for d in differences(corridor.gait.model_copy(update={"measures": measures}))]
        assert "trunk_lean_deg" not in names
        assert "step_time_s" in names

    def test_the_side_view_compares_step_times(self, gait):
        assert [d.name for d in differences(gait)] == ["step_time_s"]


class TestCharts:
    def test_one_scale_around_zero_for_all(self, corridor):
        charts = sides_charts(corridor.gait)
        assert [c.name for c in charts] == [
            "trunk_lean_deg",
            "hip_line_change_deg",
            "knee_frontal_projection_deg",
        ]
        ticks = [tuple(re.findall(r">(−?\d+°)</text>", c.svg)) for c in charts]
        assert len(set(ticks)) == 1
        assert "0°" in ticks[0]
        assert "towards the standing leg →" in charts[0].svg
        assert "← away" in charts[0].svg
        assert "show only part of what the pelvis does" in charts[1].explained

    def test_the_alternative_says_it_all(self, corridor):
        trunk = sides_charts(corridor.gait)[0]
        for side in ("left", "right"):
            assert f"{side} {wording.format_measure(corridor.gait.get('trunk_lean_deg', side))}" in trunk.alternative
        assert told(corridor.gait, "trunk_lean_deg").text in trunk.alternative

    def test_a_side_that_was_refused_says_so(self, corridor):
        assert corridor.gait.get("hip_line_change_deg", "left").not_measurable.code == "trunk_leans"
        hips = sides_charts(corridor.gait)[1]
        assert "not measurable" in hips.svg
        assert "Change of the hip line: left not measurable, right " in hips.alternative
        assert "not measurable" not in sides_charts(corridor.gait)[0].svg

    def test_what_was_not_measured_is_not_drawn(self, corridor):
        none = tuple(m for m in corridor.gait.measures if m.value is None)
        assert sides_charts(corridor.gait.model_copy(update={"measures": none})) == []


class TestPage:
    def test_a_part_for_each_view(self, page, words, mixed):
        reader = Reader(page)
        levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))
        ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        assert {"gait-side", "gait-frontal", "gait-frontal-missing"} <= set(ids)
        for attrs in reader.find("a"):
            assert attrs["href"].lstrip("#") in ids
        for attrs in reader.find("svg"):
            assert attrs.get("aria-hidden") == "true" or (attrs.get("role") == "img" and attrs.get("aria-label"))
        assert "Walking, seen from the side, from behind and in front" in words
        assert "seen from behind and in front (found from the picture, 93% of the frames agree); 4 passes" in words
        for gait in mixed.results:
            for measure in gait.measures:
                assert measure.value is None or wording.format_measure(measure) in words.replace(" °", "°")

    def test_what_is_said_of_the_hips(self, words):
        assert wording.HIP_LINE_CAUTION in words
        assert "Change of the hip line" in words
        claims = words.replace(wording.HIP_LINE_CAUTION, "").replace("Pelvic drop of the swinging side", "")
        assert "drop" not in re.sub(r"state how far it drops", "", claims).lower()

    def test_three_ways_to_the_pelvic_drop(self, words, corridor):
        (way,) = [m for m in missing(corridor.gait) if m.ways]
        assert [item[0] for item in way.items] == ["Pelvic drop of the swinging side"]
        assert way.ways == (
            "stickers on the bony points of the pelvis",
            "a phone strapped to the sacrum",
            "a marker recording (C3D) that has the pelvis",
        )
        for text in (way.fix, *way.ways):
            assert text in words

    def test_tips_of_both_views(self, words):
        for tip in (*TIPS["gait_side"], *TIPS["gait_frontal"]):
            assert tip in words

    def test_differences_stand_at_a_glance(self, words, corridor):
        for found in differences(corridor.gait):
            assert found.text in words

    def test_words_that_are_never_used(self, words):
        careful = words.replace(wording.NO_DIAGNOSIS, "").lower()
        for word in (
            "diagnos",
            "abnormal",
            "weak",
            "asleep",
            "inhibit",
            "gluteus",
            "trendelenburg",
            "instab",
            "patient",
        ):
            assert word not in careful, word

    def test_one_view_has_no_parts(self, corridor):
        page = page_of(Examination.of([corridor]))
        assert "<h1>Walking, seen from behind and in front</h1>" in page
        assert 'class="task"' not in page


class TestKeyFrames:
    def test_a_mid_stance_for_each_side_and_view(self, corridor):
        frames = collect_key_frames(corridor)["gait_frontal"]
        assert [f.request.title for f in frames] == [
            "Left mid-stance, from behind",
            "Right mid-stance, from behind",
            "Left mid-stance, from the front",
            "Right mid-stance, from the front",
        ]
        for frame in frames:
            assert [line.kind for line in frame.lines] == ["plumb", "level", "hips"]
            away = np.full(corridor.motion.sizes["time"], float(frame.request.facing))
            (knee,) = frame.angles  # the trunk's lean is drawn, but not read off a picture whose roll is not known
            assert (
                knee.value_deg
                == frontal.knee_projection(corridor.motion, frame.request.side, away)[frame.request.frame]
            )
            svg = key_frame_svg(frame)
            assert "kf-hips" in svg
            assert "kf-plumb" in svg
            assert f">{knee.text}</text>" in svg

    def test_they_are_moments_on_one_leg(self, corridor):
        for frame in collect_key_frames(corridor)["gait_frontal"]:
            heights = {s: frame.points[f"{s}_ankle"][1] for s in ("left", "right")}
            assert max(heights, key=lambda s: heights[s]) == frame.request.side  # the other foot is off the ground

    def test_the_trunk_is_read_where_the_roll_is_known(self, corridor):
        level = replace(corridor, context=corridor.context.model_copy(update={"camera_roll_deg": 0.0}))
        frames = collect_key_frames(level)["gait_frontal"]
        for frame in frames:
            trunk = next(a for a in frame.angles if a.name == "trunk_lean_deg")
            assert trunk.text.startswith("trunk ")
            if frame.request.side == "left":
                assert trunk.value_deg == pytest.approx(6, abs=2)
                assert trunk.text.endswith("to the left")


def test_a_motion_file_has_no_overlay(analysis, tmp_path):
    file = MotionFile(analysis.motion, "c3d", (), {})
    with pytest.raises(InputError, match="no pictures"):
        write_overlay(replace(analysis, recording=file), tmp_path / "o.mp4")
    assert list(tmp_path.iterdir()) == []
