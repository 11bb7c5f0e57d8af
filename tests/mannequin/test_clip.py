"""Why it exists: a synthetic recording is only worth its truth: video, truth file and sidecar must belong together."""

import json
from dataclasses import replace

import av
import numpy as np
import pytest

from levelstride.errors import InputError
from levelstride.library.loader import measure_library
from levelstride.mannequin.clip import Clip, Filming, make_clip, truth_document, write_truth
from levelstride.mannequin.gait import GaitParameters
from levelstride.mannequin.scene import Look
from levelstride.mannequin.stand_clip import StandClip, make_stand_clip, stand_truth_document
from levelstride.mannequin.standing import StanceParameters
from levelstride.recording.context import read_context


def _lacks_drawing() -> str:
    try:
        import moderngl

        moderngl.create_context(standalone=True, backend="egl", libgl="libEGL.so.1", libegl="libEGL.so.1").release()
    except Exception as problem:
        return f"cannot draw: moderngl or OpenGL through EGL is missing ({problem})"
    return ""


LACKS_DRAWING = _lacks_drawing()
draws = pytest.mark.skipif(bool(LACKS_DRAWING), reason=LACKS_DRAWING)

TINY = Filming(size_px=(90, 160), fps=10.0, crf=34)
WALK = Clip(
    gait=GaitParameters(steps=4, cadence_spm=150, pelvic_drop_deg=(2.0, 9.0), stand_before_s=0.6),
    filming=TINY,
    height_m=1.62,
)
STANCE = StandClip(filming=TINY, stance=StanceParameters("left", 7.0, hold_s=0.5, stand_before_s=0.5), height_m=1.62)


def pictures(path):
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        return float(stream.average_rate), [f.to_ndarray(format="rgb24") for f in film.decode(stream)]


class TestFilming:
    @pytest.mark.parametrize(("view", "axis", "sign"), [("back", 0, -1), ("front", 0, 1), ("right", 2, 1)])
    def test_the_camera_stands_where_the_view_says(self, view, axis, sign):
        performance = WALK.perform()
        camera = Filming(view=view, distance_m=3.0).camera_for(performance)
        from_path = camera.position[axis] - (performance.root[:, axis] if axis == 0 else 0.0)
        assert (sign * from_path).min() == pytest.approx(3.0, abs=0.15)
        assert camera.position[1] == 1.0

    @pytest.mark.parametrize("view", ["back", "front", "left", "right"])
    def test_the_whole_body_is_in_the_picture(self, view):
        clip = replace(WALK, filming=Filming(view=view, distance_m=4.0))
        performance = clip.perform()
        camera = clip.filming.camera_for(performance)
        seen = np.stack([camera.project(at) for at in performance.points.values()])
        width, height = camera.size_px
        assert seen[..., 0].min() > 0
        assert seen[..., 0].max() < width
        assert seen[..., 1].min() > 0
        assert seen[..., 1].max() < height


class TestTruth:
    def test_the_document_holds_description_contacts_and_library_measures(self):
        document = json.loads(json.dumps(truth_document(WALK, WALK.perform())))
        assert document["schema"] == "levelstride.truth/1"
        assert document["clip"]["gait"]["pelvic_drop_deg"] == [2.0, 9.0]
        assert document["clip"]["filming"]["view"] == "back"
        assert len(document["contacts_s"]["left"]) + len(document["contacts_s"]["right"]) == 3
        library = measure_library().measures
        found = {(row["name"], row["side"]): row for row in document["truth"]}
        assert all(library[row["name"]].unit == row["unit"] for row in found.values())
        assert found["contralateral_pelvic_drop_deg", "right"]["value"] == pytest.approx(9, abs=0.2)
        assert found["cadence_spm", "both"]["value"] == pytest.approx(150, rel=0.01)

    def test_the_sidecar_is_what_analyze_reads(self, tmp_path):
        write_truth(WALK, WALK.perform(), tmp_path / "walk.mp4")
        context = read_context(tmp_path / "walk.mp4")
        assert context.view == "back"
        assert context.height_m == pytest.approx(1.62)
        assert json.loads((tmp_path / "walk.truth.json").read_text())["schema"] == "levelstride.truth/1"

    def test_a_stance_has_the_truth_of_the_standing_leg_only(self):
        document = json.loads(json.dumps(stand_truth_document(STANCE, STANCE.perform())))
        found = {(row["name"], row["side"]): row["value"] for row in document["truth"]}
        assert {side for _, side in found} == {"left"}
        assert found["contralateral_pelvic_drop_deg", "left"] == pytest.approx(7, abs=0.1)
        assert found["hip_line_change_deg", "left"] == pytest.approx(7, abs=0.1)
        assert document["clip"]["stance"]["side"] == "left"
        assert "gait" not in document["clip"]

    def test_quiet_standing_claims_no_drop(self):
        clip = StandClip(filming=TINY, quiet_s=2.0)
        names = {row["name"] for row in stand_truth_document(clip, clip.perform())["truth"]}
        assert names == {"trunk_lean_deg", "knee_frontal_projection_deg"}


@draws
class TestDrawn:
    def test_a_walk_is_written_with_truth_and_sidecar(self, tmp_path):
        calls = []
        path = make_clip(WALK, tmp_path / "walk.mp4", on_frame=lambda done, total: calls.append((done, total)))
        assert sorted(p.name for p in tmp_path.iterdir()) == ["walk.levelstride.json", "walk.mp4", "walk.truth.json"]
        fps, frames = pictures(path)
        count = WALK.perform().n_frames
        assert fps == pytest.approx(10)
        assert len(frames) == count
        assert frames[0].shape == (160, 90, 3)
        assert calls == [(k + 1, count) for k in range(count)]
        assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 1, "nobody moved"

    def test_twice_the_same_bytes(self, tmp_path):
        first, second = (make_clip(WALK, tmp_path / f"{n}.mp4").read_bytes() for n in "ab")
        assert first == second

    def test_motion_blur_keeps_the_number_of_frames(self, tmp_path):
        blurred = replace(WALK, look=Look(blur_frames=3))
        _, frames = pictures(make_clip(blurred, tmp_path / "walk.mp4"))
        assert len(frames) == WALK.perform().n_frames

    def test_a_stance_is_written_with_truth_and_sidecar(self, tmp_path):
        path = make_stand_clip(STANCE, tmp_path / "stance.mp4")
        assert len(list(tmp_path.iterdir())) == 3
        assert len(pictures(path)[1]) == STANCE.perform().n_frames
        assert read_context(path).view == "back"

    def test_a_folder_that_is_not_there_leaves_nothing_behind(self, tmp_path):
        with pytest.raises(InputError, match="cannot be written"):
            make_clip(WALK, tmp_path / "no" / "walk.mp4")
        assert list(tmp_path.iterdir()) == []
