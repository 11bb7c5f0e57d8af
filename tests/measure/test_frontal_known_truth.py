"""Why it exists: from behind and in front the same walk must give the same values, sides and signs, near a known truth.

Real walks (joint centres of laboratories) and mannequins, both seen by a virtual camera without pictures, so what is
judged is the way from points to measures.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from validation.real_walks import SIZE_PX, WALKS, Setting, film_frontal, frontal_rows, load, roll_slopes, unrolled

from levelstride.anatomy.keypoints import BLAZEPOSE_33, SIDES, other_side
from levelstride.mannequin.clip import Clip, Filming
from levelstride.mannequin.gait import GaitParameters
from levelstride.mannequin.performance import Performance
from levelstride.mannequin.truth import truth_of
from levelstride.measure.gait_frontal import measure_gait_frontal
from levelstride.measure.results import GaitResult
from levelstride.motion.dataset import make_motion
from levelstride.recording.context import make_context
from levelstride.recording.corrections import correct
from levelstride.recording.picture import Picture

ANGLES = ("trunk_lean_deg", "knee_frontal_projection_deg", "hip_line_change_deg")


@cache
def rows(folder: Path) -> list[dict]:
    return [row for n, walk in enumerate(WALKS) for row in frontal_rows(folder, walk, seed=100 * n)]


def chosen(folder: Path, name: str, *, square: bool | None = None) -> list[dict]:
    found = [r for r in rows(folder) if r["name"] == name]
    return [r for r in found if square is None or square == (r["azimuth_deg"] == 0)]


def rmse(found: list[dict]) -> float:
    assert all(r["value"] is not None for r in found)
    return float(np.sqrt(np.mean([(r["value"] - r["true"]) ** 2 for r in found])))


class TestRealWalks:
    def test_hip_line_is_the_obliquity_in_space(self, data_dir: Path) -> None:
        square = chosen(data_dir, "hip_line_deg", square=True)
        assert {r["case"] for r in square} == {Path(w.file).stem for w in WALKS}
        assert rmse(square) <= 0.7
        assert rmse(chosen(data_dir, "hip_line_deg", square=False)) <= 1.0  # the camera 15 degrees off the line

    def test_trunk_lean(self, data_dir: Path) -> None:
        assert rmse(chosen(data_dir, "trunk_lean_deg")) <= 0.6

    def test_knee(self, data_dir: Path) -> None:
        assert rmse(chosen(data_dir, "knee_frontal_projection_deg", square=True)) <= 1.0
        # a bent knee seen from 15 degrees off looks turned in or out
        assert rmse(chosen(data_dir, "knee_frontal_projection_deg", square=False)) <= 3.0

    def test_step_width(self, data_dir: Path) -> None:
        found = chosen(data_dir, "step_width_m")
        assert len(found) >= 28
        assert rmse(found) <= 0.02

    @pytest.mark.parametrize(
        ("name", "limit"),
        [("hip_line_deg", 1.0), ("trunk_lean_deg", 0.5), ("knee_frontal_projection_deg", 1.2)],
    )
    def test_front_and_back_agree(self, data_dir: Path, name: str, limit: float) -> None:
        plain = [r for r in chosen(data_dir, name, square=True) if r["roll_deg"] == 0]
        by_view = {v: {(r["case"], r["side"]): r["value"] for r in plain if r["view"] == v} for v in ("back", "front")}
        assert by_view["back"].keys() == by_view["front"].keys()
        for key, value in by_view["back"].items():
            other = by_view["front"][key]
            assert abs(value - other) <= limit
            if min(abs(value), abs(other)) > limit:
                assert np.sign(value) == np.sign(other)

    def test_the_pelvis_and_the_feet_are_always_refused(self, data_dir: Path) -> None:
        for name in ("contralateral_pelvic_drop_deg", "foot_progression_deg"):
            found = chosen(data_dir, name)
            assert found
            assert all(r["value"] is None for r in found)

    @pytest.mark.parametrize("walk", WALKS, ids=lambda w: Path(w.file).stem)
    def test_lines_turn_with_the_camera_and_not_when_its_roll_is_stated(self, data_dir: Path, walk) -> None:
        for slope in roll_slopes(data_dir, walk, stated=False).values():
            assert slope == pytest.approx(1.0, abs=0.05)
        for slope in roll_slopes(data_dir, walk, stated=True).values():
            assert slope == pytest.approx(0.0, abs=0.05)

    def test_an_unstated_roll_hardly_moves_the_trunk_lean(self, data_dir: Path) -> None:
        rolled = [r for r in chosen(data_dir, "trunk_lean_deg") if not r["roll_stated"]]
        assert {r["roll_deg"] for r in rolled} == {-4.0, 4.0}
        assert max(abs(r["value"] - r["true"]) for r in rolled) <= 1.5

    def test_same_noise_same_points(self, data_dir: Path) -> None:
        trial, points = load(data_dir, WALKS[0])
        once, again = (film_frontal(points, trial.rate_hz, Setting("front"), seed=3) for _ in range(2))
        assert np.array_equal(once.position.values, again.position.values)


UNEVEN = GaitParameters(
    cadence_spm=108.0,
    step_length_m=(0.60, 0.60),
    step_width_m=0.12,
    pelvic_drop_deg=(2.0, 6.0),
    trunk_lean_deg=(-1.0, 2.5),
    knee_valgus_deg=(7.0, -2.0),
    steps=14,
    passes=2,
    stand_before_s=1.6,
    stand_after_s=1.6,
)


@cache
def performed() -> Performance:
    return Clip(gait=UNEVEN).perform()


def seen(view: str, *, noise_px: float = 0.0, azimuth_deg: float = 0.0, roll_deg: float = 0.0) -> xr.Dataset:
    filming = Filming(view=view, azimuth_deg=azimuth_deg, roll_deg=roll_deg, size_px=SIZE_PX)
    return performed().seen_by(filming.camera_for(performed()), view=view, noise_px=noise_px)


@cache
def measured(view: str, noise_px: float = 0.0, azimuth_deg: float = 0.0) -> GaitResult:
    motion = seen(view, noise_px=noise_px, azimuth_deg=azimuth_deg)
    height = Clip(gait=UNEVEN).dressed_body().stature_m
    return measure_gait_frontal(motion, height_m=height, roll_known=True).result


@pytest.mark.parametrize("view", ["back", "front"])
@pytest.mark.parametrize("noise_px", [0.0, 1.0])
class TestMannequins:
    def test_angles(self, view: str, noise_px: float) -> None:
        truth = truth_of(performed())
        for name in ANGLES:
            for side in SIDES:
                measure = measured(view, noise_px).get(name, side)
                limit = {"trunk_lean_deg": 0.5, "knee_frontal_projection_deg": 1.5, "hip_line_change_deg": 1.0}[name]
                assert measure.value == pytest.approx(truth[name, side], abs=limit), (name, side)

    def test_cadence_and_step_width(self, view: str, noise_px: float) -> None:
        truth = truth_of(performed())
        cadence = measured(view, noise_px).get("cadence_spm")
        assert cadence.value == pytest.approx(truth["cadence_spm", "both"], rel=0.01)
        assert measured(view, noise_px).get("step_width_m").value == pytest.approx(
            truth["step_width_m", "both"], abs=0.02
        )


@pytest.mark.parametrize("name", ANGLES)
@pytest.mark.parametrize("side", SIDES)
def test_mannequins_from_front_and_back_agree(name: str, side: str) -> None:
    back, front = (measured(view).get(name, side).value for view in ("back", "front"))
    assert back == pytest.approx(front, abs=0.7)


def mirrored(motion: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """What a pose model says of a selfie video: the picture reversed, and so the names; BlazePose order."""
    width = motion.attrs["picture_size_px"][0]
    names = [str(n) for n in motion.keypoints.values]
    points = np.full((motion.sizes["time"], 33, 2), np.nan)
    confidence = np.zeros(points.shape[:2])
    for at, name in enumerate(BLAZEPOSE_33):
        if other_side(name) in names:
            where = names.index(other_side(name))
            points[:, at] = motion.position.values[:, :, where, 0]
            confidence[:, at] = motion.confidence.values[:, where, 0]
    points[..., 0] = width - 1 - points[..., 0]
    return points, confidence


@pytest.mark.parametrize("view", ["back", "front"])
def test_a_mirrored_recording_that_is_stated_gives_the_identical_result(view: str) -> None:
    motion = seen(view, noise_px=1.0)
    picture = Picture(*SIZE_PX, np.eye(3), 0)
    points, confidence = correct(*mirrored(motion), picture, make_context(view=view, mirrored=True))
    names = [n for n in BLAZEPOSE_33 if n in motion.keypoints.values]
    kept = [BLAZEPOSE_33.index(n) for n in names]
    back = make_motion(
        points[:, kept].transpose(0, 2, 1)[..., None],
        confidence[:, kept][..., None],
        keypoints=names,
        fps=float(motion.fps),
        view=view,
        source_software=motion.attrs["source_software"],
        picture_size_px=SIZE_PX,
    )
    plain, turned = (measure_gait_frontal(m, height_m=1.7, roll_known=True).result for m in (motion, back))
    compared = 0
    for a in plain.measures:
        b = turned.get(a.name, a.side)
        assert (a.value is None) == (b.value is None)
        if a.value is not None:
            assert b.value == pytest.approx(a.value, abs=1e-6), a.name
            compared += 1
    assert compared >= 10


def test_a_mirrored_recording_that_is_not_stated_changes_the_side() -> None:
    """The reason why it has to be stated: everything is seen, with left and right exchanged."""
    motion = seen("back")
    names = [str(n) for n in motion.keypoints.values]
    order = [names.index(other_side(n)) if other_side(n) in names else i for i, n in enumerate(names)]
    position = motion.position.values[:, :, order].copy()
    position[:, 0] = SIZE_PX[0] - 1 - position[:, 0]
    other = motion.copy()
    other["position"] = (motion.position.dims, position)
    plain, turned = (measure_gait_frontal(m, height_m=1.7, roll_known=True).result for m in (motion, other))
    for name in ("trunk_lean_deg", "knee_frontal_projection_deg"):
        for side in SIDES:
            assert turned.get(name, other_side(side)).value == pytest.approx(plain.get(name, side).value, abs=0.05)


@pytest.mark.parametrize("view", ["back", "front"])
def test_roll_of_the_camera_over_a_mannequin(view: str) -> None:
    rolled = seen(view, roll_deg=4.0)
    height = 1.7
    level = measured(view)
    plain = measure_gait_frontal(rolled, height_m=height, roll_known=False).result
    points = unrolled(rolled.position.values[..., 0].transpose(0, 2, 1), 4.0)
    stated = rolled.copy()
    stated["position"] = (rolled.position.dims, points.transpose(0, 2, 1)[..., None])
    corrected = measure_gait_frontal(stated, height_m=height, roll_known=True).result
    for side in SIDES:
        lean = level.get("trunk_lean_deg", side).value
        assert corrected.get("trunk_lean_deg", side).value == pytest.approx(lean, abs=0.2)
        assert plain.get("trunk_lean_deg", side).value == pytest.approx(lean, abs=1.5)
