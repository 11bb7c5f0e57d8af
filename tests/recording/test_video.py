"""Every way in which a file fails to be a recording, and every way in which it may be stored."""

import shutil
import threading
from contextlib import closing
from fractions import Fraction

import av
import numpy as np
import pytest

from levelstride.errors import RecordingError
from levelstride.recording.frames import DecodeCount, read_frames
from levelstride.recording.pose.crop import sample
from levelstride.recording.read import read_video
from levelstride.recording.video import check_complete, probe

from . import movies

TOLERANCE_8BIT = 3.0


def decode_threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("decode ")]


def displayed(path, rotate_deg=0):
    info = probe(path, rotate_deg=rotate_deg)
    with closing(read_frames(path)) as frames:
        frame = next(frames)
        size = (info.width_px, info.height_px)
        return info, sample(frame, info.picture.to_stored, size, beyond="edge").astype(float)


def expected_rgb(path):
    with av.open(str(path)) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24").astype(float)


# ---------------------------------------------------------------------------------------------- refusals


def missing(folder):
    return folder / "none.mp4"


def a_folder(folder):
    return folder


def not_a_video(folder):
    path = folder / "notes.mp4"
    path.write_text("This is not a video. " * 50)
    return path


def empty(folder):
    path = folder / "empty.mp4"
    path.touch()
    return path


def audio_only(folder):
    return movies.tone(folder / "sound.m4a")


def zero_frames(folder):
    path = movies.write(folder / "zero.mp4", [movies.scene(i) for i in range(10)])
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    end = content.index(b"moov") - 4
    content[start:end] = bytes(end - start)
    path.write_bytes(content)
    return path


def one_frame(folder):
    return movies.write(folder / "one.mp4", [movies.scene()])


def never_finished(folder):
    path = movies.write(folder / "unfinished.mp4", [movies.scene(i) for i in range(30)])
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"moov") - 4])
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (missing, "does not exist"),
        (a_folder, "is a folder"),
        (not_a_video, "not a video"),
        (empty, "is empty"),
        (audio_only, "sound but no video"),
        (zero_frames, "no decodable frame"),
        (one_frame, "one frame only"),
        (never_finished, "cut off"),
    ],
)
def test_unreadable_file_is_refused_in_one_line(tmp_path, make, says):
    path = make(tmp_path)
    with pytest.raises(RecordingError) as refusal:
        read_video(path)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert str(path) in refusal.value.problem
    assert refusal.value.fix


def test_truncated_file_with_its_index_in_front_is_refused(tmp_path):
    path = movies.write(tmp_path / "whole.mp4", [movies.scene(i) for i in range(60)])
    front = tmp_path / "front.mp4"
    with av.open(str(path)) as source, av.open(str(front), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    content = front.read_bytes()
    front.write_bytes(content[: int(len(content) * 0.6)])
    info = probe(front)
    count = DecodeCount()
    with closing(read_frames(front, count)) as frames:
        last_s = max(frame.time_s for frame in frames)
    with pytest.raises(RecordingError, match=r"cut off: \d+ of 60 frames"):
        check_complete(info, count.n_decoded, count.n_damaged, last_s + 1 / 30)


def test_whole_file_passes_and_slow_film_does_not(tmp_path):
    path = movies.write(tmp_path / "slow.mp4", [movies.scene(i) for i in range(24)], fps=8)
    info = probe(path)
    check_complete(info, 24, 0, 3.0)
    assert (info.fps, info.n_frames) == (8.0, 24)
    with pytest.raises(RecordingError, match="8 frames per second; at least 20") as refusal:
        read_video(path)
    assert "30 frames per second" in refusal.value.fix


def test_many_damaged_frames_are_refused(tmp_path):
    info = probe(movies.write(tmp_path / "a.mp4", [movies.scene()] * 30))
    check_complete(info, 29, 1, 1.0)
    with pytest.raises(RecordingError, match="damaged: 5"):
        check_complete(info, 25, 5, 1.0)


# ------------------------------------------------------------------------------------------------ storage


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "colorspace", "color_range"),
    [
        ("libx264", "yuv420p", 5, 1),
        ("libx264", "yuv420p", 1, 1),
        ("libx264", "yuvj420p", 5, 2),
        ("libx264", "yuv422p", 1, 1),
        ("libx264", "yuv444p", 1, 2),
        ("libx265", "yuv420p10le", 1, 1),
        ("libx265", "yuv420p10le", 9, 1),
        ("ffv1", "gray", 5, 2),
        ("ffv1", "bgr0", 0, 2),
    ],
)
def test_colours_are_those_of_the_file(tmp_path, codec, pix_fmt, colorspace, color_range):
    path = movies.write(
        tmp_path / "colour.mkv",
        [movies.scene(i) for i in range(3)],
        codec=codec,
        pix_fmt=pix_fmt,
        colorspace=colorspace,
        color_range=color_range,
    )
    _, seen = displayed(path)
    reference = movies.scene().astype(float)
    if pix_fmt == "gray":
        reference = np.repeat((reference @ [0.299, 0.587, 0.114])[..., None], 3, axis=2)
    assert np.abs(seen - reference).mean() < TOLERANCE_8BIT
    if colorspace == 5 and pix_fmt == "yuv420p":
        assert np.abs(seen - expected_rgb(path)).mean() < 2.0  # swscale truncates


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate_deg", [0, 90, 180, 270])
def test_picture_is_turned_as_players_show_it_and_as_asked(tmp_path, clockwise_deg, rotate_deg):
    path = movies.write(tmp_path / "turned.mp4", [movies.scene(i) for i in range(3)], clockwise_deg=clockwise_deg)
    info, seen = displayed(path, rotate_deg)
    turn = (clockwise_deg + rotate_deg) % 360
    reference = np.rot90(movies.scene().astype(float), -turn // 90)
    assert info.rotation_deg == turn
    assert seen.shape == reference.shape
    assert np.abs(seen - reference).mean() < TOLERANCE_8BIT


def test_wide_pixels_become_square(tmp_path):
    path = movies.write(tmp_path / "wide.mp4", [movies.scene(i) for i in range(3)], aspect=Fraction(3, 2))
    info, seen = displayed(path)
    assert (info.width_px, info.height_px) == (240, 120)
    assert np.abs(seen - movies.scene(width=240).astype(float))[40:].mean() < TOLERANCE_8BIT


def test_times_are_those_of_the_file(tmp_path):
    times = np.cumsum([0.0, 0.03, 0.05, 0.02, 0.04, 0.1])
    path = movies.write(tmp_path / "vfr.mp4", [movies.scene(i) for i in range(6)], times_s=times)
    with closing(read_frames(path)) as frames:
        seen = [frame.time_s for frame in frames]
    np.testing.assert_allclose(np.array(seen) - seen[0], times, atol=1e-4)


# ------------------------------------------------------------------------------------------------- thread


def interrupted(path):
    with closing(read_frames(path)) as frames:
        next(frames)
        raise KeyboardInterrupt


def test_decoding_thread_ends_however_reading_ends(tmp_path):
    path = movies.write(tmp_path / "long.mp4", [movies.scene(i) for i in range(60)])
    frames = read_frames(path)
    next(frames)
    assert decode_threads()
    frames.close()
    assert not decode_threads()
    assert len(list(read_frames(path))) == 60
    assert not decode_threads()
    with pytest.raises(KeyboardInterrupt):
        interrupted(path)
    assert not decode_threads()
    with pytest.raises(RecordingError):
        next(read_frames(tmp_path / "gone.mp4"))
    assert not decode_threads()


def test_decoder_stays_a_few_frames_ahead_only(tmp_path):
    path = movies.write(tmp_path / "long.mp4", [movies.scene(i) for i in range(90)])
    count = DecodeCount()
    with closing(read_frames(path, count)) as frames:
        next(frames)
        threading.Event().wait(0.3)
        assert count.n_decoded < 12


def test_picture_file_is_refused_as_one_frame(tmp_path):
    path = movies.write(tmp_path / "photo.png", [movies.scene()], codec="png", pix_fmt="rgb24", colorspace=0)
    with pytest.raises(RecordingError, match="one frame only"):
        probe(path)


def test_name_does_not_matter(tmp_path):
    path = movies.write(tmp_path / "a.mp4", [movies.scene(i) for i in range(5)])
    odd = tmp_path / "wälk 50%d.bin"
    shutil.copy(path, odd)
    assert probe(odd).n_frames == 5
