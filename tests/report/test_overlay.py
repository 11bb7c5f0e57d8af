"""Why it exists: the skeleton in the video lies where the motion says, whatever was done to the picture before."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import av
import numpy as np
import pytest

from levelstride.analysis import Analysis, Provenance
from levelstride.errors import InputError, RecordingError
from levelstride.measure.gait_side import GaitMeasurement
from levelstride.measure.results import Event, GaitResult, WalkSummary
from levelstride.motion.dataset import make_motion
from levelstride.recording.context import RecordingContext
from levelstride.recording.corrections import view_to_display
from levelstride.recording.read import Recording
from levelstride.recording.video import probe
from levelstride.report.overlay import STAGE, write_overlay
from levelstride.report.overlay_canvas import COLOURS
from levelstride.report.overlay_strip import stances
from tests.recording import movies

GREY, YELLOW, WHITE = (70, 70, 70), (255, 232, 80), (255, 255, 255)
WIDTH, HEIGHT, N, FPS = 480, 320, 30, 30.0
EVENTS = [("contact", "left", 0.2), ("toe_off", "right", 0.3), ("contact", "right", 0.6), ("toe_off", "left", 0.7)]


def picture(width=WIDTH, height=HEIGHT, spot=None):
    made = np.full((height, width, 3), GREY, dtype=np.uint8)
    if spot:
        x, y = spot
        made[y - 9 : y + 10, x - 9 : x + 10] = (250, 30, 30)
    return made


def standing(x=240.0, y=150.0):
    """Return a figure seen from the front; own left is right in the picture."""
    points = {}
    for side, sign in (("left", 1), ("right", -1)):
        for part, across, down in (
            ("shoulder", 26, -70),
            ("elbow", 40, -35),
            ("wrist", 44, 0),
            ("hip", 22, 0),
            ("knee", 26, 50),
            ("ankle", 26, 100),
            ("heel", 24, 108),
            ("big_toe", 34, 110),
        ):
            points[f"{side}_{part}"] = (x + sign * across, y + down)
    return points


def analysis_of(
    path, *, points=None, n=N, fps=FPS, times_s=None, walk=(0.0, 10.0), events=EVENTS, step_px=0.0, **stated
):
    """Return an analysis of a clip with a figure that moves ``step_px`` to the right per sample."""
    context = RecordingContext(**{"view": "left", **stated})
    info = probe(path, rotate_deg=context.rotate_deg or 0)
    points = points or standing()
    position = np.array(list(points.values())).T[None, ..., None] + np.zeros((n, 1, 1, 1))
    position[:, 0] += step_px * np.arange(n)[:, None, None]
    motion = make_motion(position, keypoints=tuple(points), fps=fps, view=context.view, source_file=path.name)
    times = np.arange(n) / fps if times_s is None else np.asarray(times_s)
    summary = WalkSummary(start_s=walk[0], stop_s=walk[1], facing="left", camera_sees="left", steps=2, strides=1)
    gait = GaitResult(
        task="gait_side",
        measures=(),
        curves=(),
        events=tuple(Event(kind=k, side=s, time_s=t, frame=t * fps, walk=0) for k, s, t in events),
        walks=(summary,),
        surface="over ground",
        scale_method=None,
    )
    video = replace(info, fps=fps, n_frames=n, duration_s=float(times[-1]))
    provenance = Provenance(
        software_version="0",
        python_version="3",
        created=datetime(2026, 1, 2, tzinfo=UTC),
        source_file=path.name,
        source_sha256="00",
        model="full",
        mode="fast",
    )
    recording = Recording(motion, context, video, (), times, ())
    return Analysis((GaitMeasurement(gait, motion, ()),), recording, context, provenance)


@pytest.fixture
def clip(tmp_path):
    return movies.write(tmp_path / "walk.mp4", [picture()] * N)


def frames_of(path):
    """Return the pictures (RGB) and their times, s."""
    with av.open(str(path)) as container:
        found = [(f.to_ndarray(format="rgb24"), float(f.pts * f.time_base)) for f in container.decode(video=0)]
    return [image for image, _ in found], np.array([time for _, time in found])


def nearest(image, xy, colour, reach=3):
    """Return the least distance of a colour from those within ``reach`` px of a point."""
    x, y = (round(v) for v in xy)
    part = image[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].reshape(-1, 3)
    return np.abs(part.astype(float) - colour).max(axis=1).min()


def between(points, a, b, share):
    return tuple(np.array(points[a]) + share * (np.array(points[b]) - points[a]))


def test_frames_times_and_file_are_those_of_a_plain_video(clip, tmp_path):
    out = tmp_path / "overlay.mp4"
    done = []
    assert write_overlay(analysis_of(clip), out, on_progress=lambda *told: done.append(told)) == out
    assert done[-1] == (STAGE, N, N)
    assert all(a[1] <= b[1] for a, b in pairwise(done))
    images, times = frames_of(out)
    np.testing.assert_allclose(times, np.arange(N) / FPS, atol=2e-4)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert [s.type for s in container.streams] == ["video"]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.codec_context.colorspace == 1
        assert float(stream.duration * stream.time_base) == pytest.approx(N / FPS, abs=0.002)
        assert not {"creation_time", "encoder", "title"} & {*container.metadata, *stream.metadata}
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"x264" not in data
    assert b"Lav" not in data
    assert images[0].shape[1] == WIDTH
    assert HEIGHT < images[0].shape[0] < 1.25 * HEIGHT
    assert sorted(p.name for p in tmp_path.iterdir()) == ["overlay.mp4", "walk.mp4"]


def test_same_input_gives_the_same_bytes(clip, tmp_path):
    made = [write_overlay(analysis_of(clip), tmp_path / name).read_bytes() for name in ("a.mp4", "b.mp4")]
    assert made[0] == made[1]


def test_joints_have_the_colour_of_their_side(clip, tmp_path):
    points = standing()
    image = frames_of(write_overlay(analysis_of(clip), tmp_path / "o.mp4"))[0][5]
    for side, other in (("left", "right"), ("right", "left")):
        at = between(points, f"{side}_hip", f"{side}_knee", 0.5)
        assert nearest(image, at, COLOURS[side], 6) < 60
        assert nearest(image, at, COLOURS[other], 6) > 80
        assert nearest(image, points[f"{side}_elbow"], COLOURS[side]) < 60
    left, right = (np.array([0.2126, 0.7152, 0.0722]) @ COLOURS[side] for side in ("left", "right"))
    assert left > right + 25  # also told apart without colour


def test_right_is_dashed_and_left_is_not(clip, tmp_path):
    points = standing()
    image = frames_of(write_overlay(analysis_of(clip), tmp_path / "o.mp4"))[0][5].astype(float)
    dark = {}
    for side in ("left", "right"):
        along = [between(points, f"{side}_knee", f"{side}_ankle", share) for share in np.linspace(0.15, 0.85, 40)]
        dark[side] = np.mean([image[round(y), round(x)].sum() < 200 for x, y in along])
    assert dark["left"] == 0
    assert 0.05 < dark["right"] < 0.5


def test_pelvis_line_belongs_to_front_and_back_views(clip, tmp_path):
    for view, drawn in (("front", True), ("back", True), ("left", False)):
        image = frames_of(write_overlay(analysis_of(clip, view=view), tmp_path / "o.mp4"))[0][2]
        for x in (240 - 22 - 8, 240 + 22 + 8):  # beyond the hips
            assert (nearest(image, (x, 150), YELLOW, 2) < 70) == drawn
        assert nearest(image, (240, 115), WHITE, 2) < 60  # trunk line
        assert nearest(image, (240, 172), WHITE, 2) < 60  # the vertical reaches further down


def test_rotated_recordings_are_shown_upright(tmp_path):
    path = movies.write(tmp_path / "turned.mp4", [picture(spot=(440, 40))] * 6, clockwise_deg=90)
    points = standing(160.0, 220.0)
    images, _ = frames_of(write_overlay(analysis_of(path, points=points, n=6), tmp_path / "o.mp4"))
    assert images[0].shape[1] == HEIGHT
    assert WIDTH < images[0].shape[0] < 1.25 * WIDTH
    assert nearest(images[3], (HEIGHT - 1 - 40, 440), (250, 30, 30)) < 60
    assert nearest(images[3], points["left_knee"], COLOURS["left"]) < 60
    turned_back = analysis_of(path, points=standing(), n=6, rotate_deg=270)
    images, _ = frames_of(write_overlay(turned_back, tmp_path / "o.mp4"))
    assert images[0].shape[1] == WIDTH
    assert nearest(images[3], (440, 40), (250, 30, 30)) < 60


@pytest.mark.parametrize(
    "stated", [{"mirrored": True}, {"camera_roll_deg": 8.0}, {"mirrored": True, "camera_roll_deg": -6.0}]
)
def test_picture_is_corrected_as_the_motion_was(tmp_path, stated):
    spot = (390, 90)
    path = movies.write(tmp_path / "walk.mp4", [picture(spot=spot)] * 6)
    analysis = analysis_of(path, n=6, **stated)
    image = frames_of(write_overlay(analysis, tmp_path / "o.mp4"))[0][3]
    to_motion = np.linalg.inv(view_to_display(analysis.recording.video.picture, analysis.context))
    expected = to_motion @ (*spot, 1.0)
    assert np.hypot(*(expected[:2] - spot)) > 10
    left, top = (round(v) - 25 for v in expected[:2])
    part = image[top : top + 51, left : left + 51].astype(int)
    found = np.argwhere(part[..., 0] - part[..., 1] > 90).mean(axis=0)[::-1] + np.array([left, top])
    np.testing.assert_allclose(found, expected[:2], atol=1.0)
    assert nearest(image, standing()["left_knee"], COLOURS["left"]) < 60
    assert image[10:18, 8:60].max() > 150  # a caption says so


def test_slow_motion_plays_as_filed_and_is_drawn_in_real_time(tmp_path):
    path = movies.write(tmp_path / "slow.mp4", [picture()] * 24, fps=30)
    analysis = analysis_of(path, n=24, fps=120.0, capture_fps=120.0, step_px=3.0, walk=(0.0, 0.2), events=[])
    images, times = frames_of(write_overlay(analysis, tmp_path / "o.mp4"))
    np.testing.assert_allclose(times, np.arange(24) / 30, atol=2e-4)
    x, y = standing()["left_knee"]
    assert nearest(images[20], (x + 60, y), COLOURS["left"]) < 60


def test_uneven_frames_keep_their_times(tmp_path):
    times = np.cumsum([0, 33, 34, 90, 20, 33, 50, 33, 33, 33]) / 1000
    path = movies.write(tmp_path / "uneven.mp4", [picture()] * 10, times_s=times)
    analysis = analysis_of(path, times_s=times, n=10, step_px=4.0, events=[])
    images, found = frames_of(write_overlay(analysis, tmp_path / "o.mp4"))
    np.testing.assert_allclose(found, times, atol=2e-4)
    x, y = standing()["left_knee"]
    assert nearest(images[4], (x + 4 * times[4] * FPS, y), COLOURS["left"]) < 60


def test_outside_of_walks_the_picture_is_dark_and_bare(clip, tmp_path):
    analysis = analysis_of(clip, walk=(0.5, 0.6), events=[])
    images, _ = frames_of(write_overlay(analysis, tmp_path / "o.mp4"))
    knee = standing()["left_knee"]
    assert len(images) == N
    assert nearest(images[3], knee, COLOURS["left"]) > 80
    assert images[3][300, 450].max() < 55
    assert nearest(images[16], knee, COLOURS["left"]) < 60
    assert np.abs(images[16][300, 450].astype(int) - 70).max() < 8


def test_a_label_stays_near_the_foot_for_less_than_half_a_second(clip, tmp_path):
    images, _ = frames_of(write_overlay(analysis_of(clip, events=[("contact", "left", 0.2)]), tmp_path / "o.mp4"))
    x, y = standing()["left_heel"]
    plain = np.abs(images[0][:HEIGHT].astype(int) - images[10][:HEIGHT]).max(axis=2) > 60
    rows, columns = np.nonzero(plain)
    assert plain.sum() > 200
    assert np.hypot(rows.mean() - y, columns.mean() - x) < 60
    for index in (0, 5, 20):
        changed = np.abs(images[0][:HEIGHT].astype(int) - images[index][:HEIGHT]).max(axis=2) > 60
        assert changed.sum() < 10  # what compression does


def test_strip_shows_stance_and_a_cursor_that_moves(clip, tmp_path):
    images, _ = frames_of(write_overlay(analysis_of(clip), tmp_path / "o.mp4"))
    strips = [image[HEIGHT:].astype(int) for image in images]
    blue = np.abs(strips[0] - COLOURS["left"]).max(axis=2) < 50
    lane = slice(110, 380)
    assert blue[: len(blue) // 2, lane].sum() > 8 * blue[len(blue) // 2 :, lane].sum()
    tall = [(strip.min(axis=2) > 150).mean(axis=0) for strip in strips]  # taller than the letters of the time
    assert min(bright.max() for bright in tall) > 0.6
    cursor = np.array([np.argmax(bright) for bright in tall])
    np.testing.assert_allclose(cursor, np.linspace(cursor[0], cursor[-1], N), atol=1.5)
    assert cursor[-1] - cursor[0] > 0.5 * WIDTH


def test_stance_needs_both_ends_and_the_other_foot_between_them():
    def events(*rows):
        return [Event(kind=k, side=s, time_s=t, frame=0, walk=w) for k, s, t, w in rows]

    walk = events(
        ("contact", "left", 1.0, 0),
        ("toe_off", "left", 1.2, 0),  # too early: the right foot is still in the air
        ("contact", "right", 1.5, 0),
        ("toe_off", "left", 1.6, 0),
        ("contact", "left", 2.0, 0),
        ("toe_off", "right", 2.1, 0),
        ("toe_off", "left", 3.0, 1),
    )
    assert stances(walk, "left") == [(1.0, 1.6)]
    assert stances(walk, "right") == [(1.5, 2.1)]


def test_long_side_and_even_sizes(tmp_path):
    for width, height in ((1282, 722), (722, 1282), (162, 122)):
        path = movies.write(tmp_path / "big.mp4", [picture(width, height)] * 3)
        images, _ = frames_of(write_overlay(analysis_of(path, n=3), tmp_path / "o.mp4", longest_side_px=640))
        rows, columns = images[0].shape[:2]
        assert max(rows, columns) <= 640
        assert rows % 2 == columns % 2 == 0
        if width > 640:
            assert columns / (rows * width / height) == pytest.approx(0.91, abs=0.06)


def test_ten_bits(tmp_path):
    path = movies.write(tmp_path / "deep.mp4", [picture()] * 5, codec="libx265", pix_fmt="yuv420p10le", colorspace=9)
    image = frames_of(write_overlay(analysis_of(path, n=5), tmp_path / "o.mp4"))[0][2]
    assert np.abs(image[300, 450].astype(int) - 70).max() < 8
    assert nearest(image, standing()["left_knee"], COLOURS["left"]) < 60


def test_a_motion_that_was_never_seen_is_no_obstacle(clip, tmp_path):
    analysis = analysis_of(clip, points=dict.fromkeys(standing(), (np.nan, np.nan)))
    assert len(frames_of(write_overlay(analysis, tmp_path / "o.mp4"))[0]) == N


@pytest.mark.parametrize("problem", [KeyboardInterrupt, RuntimeError, OSError])
def test_nothing_is_left_behind(clip, tmp_path, problem):
    out = tmp_path / "o.mp4"
    out.write_bytes(b"earlier")

    def stop(stage, done, total):
        if done >= 10:
            raise problem

    with pytest.raises(problem):
        write_overlay(analysis_of(clip), out, on_progress=stop)
    assert out.read_bytes() == b"earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["o.mp4", "walk.mp4"]


def test_refusals_in_one_line(clip, tmp_path):
    analysis = analysis_of(clip)
    for path, words in (
        (clip, "the recording itself"),
        (tmp_path, "is a folder"),
        (tmp_path / "none" / "o.mp4", "does not exist"),
    ):
        with pytest.raises(InputError, match=words):
            write_overlay(analysis, path)
    with pytest.raises(InputError, match="too small"):
        write_overlay(analysis, tmp_path / "o.mp4", longest_side_px=20)
    for n in (N - 5, N + 5):
        with pytest.raises(RecordingError, match="has changed"):
            write_overlay(analysis_of(clip, n=n), tmp_path / "o.mp4")
    clip.unlink()
    with pytest.raises(RecordingError, match="does not exist"):
        write_overlay(analysis, tmp_path / "o.mp4")
    assert list(tmp_path.iterdir()) == []


def test_long_recordings_turn_pages(clip, tmp_path):
    analysis = analysis_of(clip, fps=1.0, events=[], walk=(0.0, 100.0))  # 29 s: three pages
    images, _ = frames_of(write_overlay(analysis, tmp_path / "o.mp4"))
    strips = [image[HEIGHT:] for image in images]
    cursor = np.array([np.argmax((strip.min(axis=2) > 150).mean(axis=0)) for strip in strips])
    back = np.flatnonzero(np.diff(cursor) < 0)
    np.testing.assert_array_equal(back, [9, 19])
    assert np.diff(cursor).min() < -0.5 * WIDTH
