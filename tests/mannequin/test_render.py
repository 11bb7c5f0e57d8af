"""Why it exists: a drawn person must stand exactly where the camera's arithmetic says, each time alike."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from levelstride.errors import InputError
from levelstride.mannequin import render as render_module
from levelstride.mannequin.film import write_clip
from levelstride.mannequin.render import Renderer
from levelstride.mannequin.scene import LABELS, Look, fabric_texture, floor_texture
from levelstride.motion.camera import Camera

SIZE_PX = (270, 480)


def _lacks_drawing() -> str:
    try:
        import moderngl
    except ImportError:
        return 'moderngl is missing: pip install "moderngl>=5.12"'
    try:
        moderngl.create_context(standalone=True, backend="egl", libgl="libEGL.so.1", libegl="libEGL.so.1").release()
    except Exception as problem:
        return f"OpenGL through EGL is missing ({problem}); as root: apt install libegl1 libgl1-mesa-dri"
    return ""


LACKS_DRAWING = _lacks_drawing()
draws = pytest.mark.skipif(bool(LACKS_DRAWING), reason=LACKS_DRAWING)


def ball(centre, radius, rings=24, parts=32):
    """Vertices and faces of a sphere."""
    polar = np.linspace(0, np.pi, rings)
    around = np.arange(parts) * 2 * np.pi / parts
    vertices = np.stack(
        [
            np.outer(np.sin(polar), np.cos(around)),
            np.outer(np.cos(polar), np.ones(parts)),
            np.outer(np.sin(polar), np.sin(around)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    faces = []
    for ring, below in pairwise(range(rings)):
        for part in range(parts):
            after = (part + 1) % parts
            a, b = ring * parts + part, ring * parts + after
            c, d = below * parts + part, below * parts + after
            faces += [(a, b, c), (b, d, c)]
    return vertices * radius + centre, np.array(faces)


def person():
    """A stack of balls in clothes, about the shape of somebody standing."""
    parts = [
        ((0.0, 1.65, 0.0), 0.11, "skin"),
        ((0.0, 1.25, 0.0), 0.20, "top"),
        ((0.0, 0.95, 0.0), 0.17, "trousers"),
        ((0.0, 0.60, 0.1), 0.10, "trousers"),
        ((0.0, 0.60, -0.1), 0.10, "trousers"),
        ((0.05, 0.06, 0.1), 0.06, "shoes"),
        ((0.05, 0.06, -0.1), 0.06, "shoes"),
    ]
    vertices, faces, labels = [], [], []
    for centre, radius, label in parts:
        some, triangles = ball(np.array(centre), radius, 12, 16)
        faces.append(triangles + sum(map(len, vertices)))
        vertices.append(some)
        labels += [label] * len(some)
    return np.vstack(vertices), np.vstack(faces), np.array(labels)


def moved(vertices, x, y, z):
    return vertices + np.array([x, y, z])


def cameras():
    target = np.array([0.0, 0.9, 0.0])
    return {
        "side": Camera.around(target, view="right", distance_m=3.5, size_px=SIZE_PX),
        "front, rolled": Camera.around(target, view="front", distance_m=4.0, size_px=SIZE_PX, roll_deg=12.0),
        "oblique, rolled, high": Camera.around(
            target, view="left", distance_m=3.0, height_m=1.9, azimuth_deg=25.0, roll_deg=-30.0, size_px=SIZE_PX
        ),
        "wide": Camera.around(target, view="back", distance_m=5.0, size_px=(480, 270)),
    }


@draws
@pytest.mark.parametrize("name", cameras())
def test_points_appear_where_the_camera_projects_them(name):
    camera = cameras()[name]
    look = Look(
        skin=(1, 1, 1), wall_colour=(0.02, 0.02, 0.02), floor_colour=(0.02, 0.02, 0.02),
        room_height_m=40.0, room_x_m=(-60.0, 60.0), room_z_m=(-60.0, 60.0), light_strength=0.0,
    )  # fmt: skip
    vertices, faces = ball(np.zeros(3), 0.02)
    rows, columns = np.indices(camera.size_px[::-1])
    errors = []
    with Renderer(camera.size_px, faces, np.zeros(len(vertices), int), look) as renderer:
        away = vertices + camera.position - 5.0 * camera.axes[2]  # behind the camera: an empty scene
        empty = renderer.render(away, camera).astype(float)
        for point in ([0.0, 0.9, 0.0], [0.2, 1.75, 0.3], [-0.3, 0.1, -0.2], [0.1, 0.4, 0.35], [0.3, 1.5, -0.4]):
            drawn = renderer.render(vertices + point, camera).astype(float)
            expected = camera.project(np.array(point))
            close = np.hypot(columns - expected[0], rows - expected[1]) < 12
            # shading must not pull the middle: white enough is ball, whatever its brightness
            cover = np.clip((drawn - empty).sum(axis=-1) / 150, 0.0, 1.0) * close
            found = np.array([(cover * columns).sum(), (cover * rows).sum()]) / cover.sum()
            errors.append(np.linalg.norm(found - expected))
    assert max(errors) < 0.3
    assert np.mean(errors) < 0.12


@draws
def test_one_scene_gives_the_same_bytes_every_time_and_in_every_renderer():
    vertices, faces, labels = person()
    camera = cameras()["side"]
    elsewhere = cameras()["oblique, rolled, high"]
    pictures = []
    for _ in range(2):
        with Renderer(SIZE_PX, faces, labels, Look.random(4), neutral=vertices) as renderer:
            pictures.append(renderer.render(vertices, camera))
            renderer.render(moved(vertices, 0.3, 0.0, 0.0), elsewhere)
            pictures.append(renderer.render(vertices, camera))
    assert pictures[0].shape == (480, 270, 3)
    assert pictures[0].dtype == np.uint8
    for picture in pictures[1:]:
        np.testing.assert_array_equal(picture, pictures[0])


@draws
@pytest.mark.parametrize("background", ["room", "corridor", "outdoor"])
def test_only_the_surroundings_of_the_person_and_the_shadow_differ_from_the_empty_scene(background):
    vertices, faces, labels = person()
    camera = cameras()["side"]
    with Renderer(SIZE_PX, faces, labels, Look(background=background)) as renderer:
        empty = renderer.render(moved(vertices, 0.0, 0.0, 50.0), camera).astype(int)  # behind the camera
        drawn = renderer.render(vertices, camera).astype(int)
        beside = renderer.render(moved(vertices, 30.0, 0.0, 0.0), camera).astype(int)
    np.testing.assert_array_equal(beside, empty)
    rows, columns = np.nonzero(np.abs(drawn - empty).sum(axis=-1) > 6)
    expected = camera.project(vertices)
    assert rows.min() == pytest.approx(expected[:, 1].min(), abs=1.5)
    assert columns.min() >= expected[:, 0].min() - 80
    assert columns.max() <= expected[:, 0].max() + 80
    assert np.ptp(empty.reshape(-1, 3), axis=0).min() > 30  # there is something to see


@draws
def test_clothes_have_the_colours_of_the_look_and_the_floor_darkens_below():
    vertices, faces, labels = person()
    camera = cameras()["side"]
    look = Look(top=(0.8, 0.2, 0.2), trousers=(0.2, 0.2, 0.8), skin=(0.3, 0.7, 0.3))
    with Renderer(SIZE_PX, faces, labels, look) as renderer:
        drawn = renderer.render(vertices, camera).astype(int)
        empty = renderer.render(moved(vertices, 0.0, 0.0, 50.0), camera).astype(int)

    def colour(*point, picture=drawn):
        x, y = np.rint(camera.project(np.array(point))).astype(int)
        return picture[y, x]

    assert np.argmax(colour(0.0, 1.25, 0.0)) == 0
    assert np.argmax(colour(0.0, 0.95, 0.0)) == 2
    assert np.argmax(colour(0.0, 1.65, 0.0)) == 1
    contact = (0.05, 0.0, 0.16)
    assert colour(*contact).sum() < 0.85 * colour(*contact, picture=empty).sum()


@draws
def test_faces_may_wind_either_way_and_normals_are_smooth():
    vertices, faces, labels = person()
    camera = cameras()["side"]
    with Renderer(SIZE_PX, faces, labels, Look()) as renderer:
        drawn = renderer.render(vertices, camera)
    with Renderer(SIZE_PX, faces[:, ::-1], labels, Look()) as renderer:
        turned = renderer.render(vertices, camera)
    assert np.abs(drawn.astype(int) - turned).max() <= 2


@draws
def test_motion_blur_is_the_mean_of_the_moments_in_light():
    vertices, faces, labels = person()
    camera = cameras()["side"]
    moments = np.stack([vertices, moved(vertices, 0.05, 0.0, 0.0)])
    with Renderer(SIZE_PX, faces, labels, Look()) as renderer:
        first, second = (renderer.render(moment, camera).astype(float) for moment in moments)
        blurred = renderer.expose(moments, camera)
        single = renderer.expose(moments[:1], [camera])
    np.testing.assert_allclose(blurred, np.sqrt((first**2 + second**2) / 2), atol=0.51)
    np.testing.assert_array_equal(single, first)


@draws
def test_a_camera_inside_the_shadow_and_a_person_partly_behind_it_are_drawn():
    vertices, faces, labels = person()
    camera = Camera(np.array([0.0, 1.0, 0.25]), np.array([0.0, 0.9, -1.0]), 300.0, SIZE_PX)
    with Renderer(SIZE_PX, faces, labels, Look()) as renderer:
        assert renderer.render(vertices, camera).shape == (480, 270, 3)


@draws
def test_a_walk_from_the_distance_is_drawn_without_keeping_every_size():
    vertices, faces, labels = person()
    camera = cameras()["front, rolled"]
    heights = []
    with Renderer(SIZE_PX, faces, labels, Look()) as renderer:
        empty = renderer.render(moved(vertices, 20.0, 0.0, 0.0), camera).astype(int)
        for x in np.linspace(-9.0, 2.0, 23):
            drawn = renderer.render(moved(vertices, x, 0.0, 0.0), camera)
            rows = np.nonzero(np.abs(drawn - empty).sum(axis=(1, 2)) > 60)[0]
            heights.append(np.ptp(rows))
        assert len(renderer._targets) <= render_module._KEPT_TARGETS
    assert (np.diff(heights) >= -1).all()
    assert heights[-1] > 4 * heights[0]


@draws
def test_what_does_not_fit_is_refused():
    vertices, faces, labels = person()
    camera = cameras()["side"]
    with Renderer(SIZE_PX, faces, labels, Look()) as renderer:
        with pytest.raises(InputError, match="cannot be drawn"):
            renderer.render(vertices[:-1], camera)
        with pytest.raises(InputError, match="cannot be drawn"):
            renderer.render(np.where(np.arange(len(vertices))[:, None] == 3, np.nan, vertices), camera)
        with pytest.raises(InputError, match="one size"):
            renderer.render(vertices, cameras()["wide"])
        with pytest.raises(InputError, match="do not fit"):
            renderer.expose(vertices[None], [camera, camera])
    renderer.close()
    with pytest.raises(InputError, match="closed"):
        renderer.render(vertices, camera)
    with pytest.raises(InputError, match="There is no label 'cape'"):
        Renderer(SIZE_PX, faces, np.full(len(vertices), "cape"), Look())
    with pytest.raises(InputError, match="whole number"):
        Renderer(SIZE_PX, faces, np.full(len(vertices), len(LABELS)), Look())
    with pytest.raises(InputError, match="do not fit"):
        Renderer(SIZE_PX, faces + 1, labels, Look())
    with pytest.raises(InputError, match="at rest"):
        Renderer(SIZE_PX, faces, labels, Look(), neutral=vertices[:3])


def test_without_moderngl_or_egl_the_refusal_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "moderngl", None)
    with pytest.raises(InputError) as refused:
        render_module._open_context()
    assert 'pip install "moderngl>=5.12"' in refused.value.fix

    class Broken:
        @staticmethod
        def create_context(**_):
            raise Exception("libEGL.so.1 not loaded")

    monkeypatch.setitem(sys.modules, "moderngl", Broken)
    with pytest.raises(InputError) as refused:
        render_module._open_context()
    assert "as root: apt install libegl1 libgl1-mesa-dri" in refused.value.fix
    assert "libEGL.so.1 not loaded" in refused.value.problem


def test_the_room_is_imported_without_moderngl():
    code = "import sys, levelstride.mannequin.render, levelstride.mannequin.film; sys.exit('moderngl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_looks_are_drawn_from_their_seed():
    assert Look.random(7) == Look.random(7)
    looks = [Look.random(seed) for seed in range(40)]
    assert len(set(looks)) == 40
    assert {look.background for look in looks} == {"room", "corridor", "outdoor"}
    assert {look.floor for look in looks} == {"planks", "tiles", "plain"}
    for look in looks:
        assert look.label_colours.shape == (5, 3)
        assert 0.0 <= look.label_colours.min() <= look.label_colours.max() <= 1.0
        assert np.linalg.norm(look.to_light) == pytest.approx(1.0)
        assert look.to_light[1] > 0.5


@pytest.mark.parametrize("floor", ["planks", "tiles", "plain"])
def test_floors_repeat_without_a_seam_and_keep_their_brightness(floor):
    texture = floor_texture(Look(floor=floor)).astype(float)
    assert texture.shape == (1024, 1024, 4)
    assert texture[..., :3].mean() == pytest.approx(192, abs=12)
    inside = np.abs(np.diff(texture[..., 1], axis=1)).mean(axis=0)
    seam = np.abs(texture[:, 0, 1] - texture[:, -1, 1]).mean()
    assert seam <= inside.max() * 1.2 + 2
    np.testing.assert_array_equal(fabric_texture(3), fabric_texture(3))


# ---------------------------------------------------------------------------------------------------- film


def pictures(n=12, size=(96, 64)):
    rows, columns = np.indices((size[1], size[0]))
    for index in range(n):
        red = (columns * 2 + 5 * index) % 256
        yield np.stack([red, rows * 3, np.full_like(red, 90)], axis=-1).astype(np.uint8)


def test_a_clip_has_its_frames_its_rate_and_its_pictures(tmp_path):
    path = write_clip(tmp_path / "walk.mp4", pictures(), 29.97, crf=10)
    assert path == tmp_path / "walk.mp4"
    assert [p.name for p in tmp_path.iterdir()] == ["walk.mp4"]
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # starts to play before it is loaded
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert float(stream.average_rate) == pytest.approx(29.97, abs=0.01)
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 12
    assert np.abs(frames[3].astype(int) - list(pictures())[3]).mean() < 6


@pytest.mark.parametrize("noise_sigma", [0.0, 3.0])
def test_a_clip_has_the_same_bytes_every_time(tmp_path, noise_sigma):
    one = write_clip(tmp_path / "one.mp4", pictures(), 30, noise_sigma=noise_sigma, seed=5)
    two = write_clip(tmp_path / "two.mp4", pictures(), 30, noise_sigma=noise_sigma, seed=5)
    assert one.read_bytes() == two.read_bytes()


def test_noise_has_its_strength_and_is_new_in_every_frame(tmp_path):
    grey = [np.full((128, 192, 3), 120, np.uint8)] * 4
    path = write_clip(tmp_path / "noise.mp4", iter(grey), 30, crf=1, preset="ultrafast", noise_sigma=4.0, seed=1)
    with av.open(str(path)) as container:
        frames = np.array([frame.to_ndarray(format="gray") for frame in container.decode(video=0)], dtype=float)
    assert frames.std(axis=(1, 2)) == pytest.approx(np.full(4, 3.6), abs=0.7)
    assert abs(np.corrcoef(frames[0].ravel(), frames[1].ravel())[0, 1]) < 0.05


def test_nothing_is_left_behind_after_a_failure(tmp_path):
    def failing():
        yield from pictures(3)
        raise RuntimeError("the walker stumbled")

    kept = tmp_path / "walk.mp4"
    kept.write_bytes(b"older")
    with pytest.raises(RuntimeError, match="stumbled"):
        write_clip(kept, failing(), 30)
    assert [p.name for p in tmp_path.iterdir()] == ["walk.mp4"]
    assert kept.read_bytes() == b"older"


@pytest.mark.parametrize(
    ("frames", "fps", "match"),
    [
        ([], 30, "no frame"),
        ([np.zeros((63, 64, 3), np.uint8)], 30, "even"),
        ([np.zeros((64, 64), np.uint8)], 30, "even"),
        ([np.zeros((64, 64, 3), np.uint8), np.zeros((32, 64, 3), np.uint8)], 30, "one size"),
        ([np.zeros((64, 64, 3), np.uint8)], 0, "frames per second"),
    ],
)
def test_unusable_frames_are_refused(tmp_path, frames, fps, match):
    with pytest.raises(InputError, match=match):
        write_clip(tmp_path / "walk.mp4", frames, fps)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_clip(Path(tmp_path) / "nowhere" / "walk.mp4", pictures(), 30)
