"""Why it exists: a beat can be heard where a machine can play it, and no machine makes a session fail."""

import io
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from levelstride.cli.play.sound import RATE_HZ, TONES, Beeper, Silence, find_player, speaker, tone


def samples(sound: bytes) -> np.ndarray:
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


@pytest.mark.parametrize("what", sorted(TONES))
def test_each_beat_has_its_pitch_its_length_and_no_click(what: str) -> None:
    pitch, length = TONES[what]
    heard = samples(tone(what))
    assert len(heard) == round(length * RATE_HZ)
    assert heard[0] == 0
    assert abs(int(heard[-1])) < 50
    assert 5_000 < np.abs(heard).max() < 32_767
    spectrum = np.abs(np.fft.rfft(heard, 8 * RATE_HZ))
    assert np.fft.rfftfreq(8 * RATE_HZ, 1 / RATE_HZ)[spectrum.argmax()] == pytest.approx(pitch, abs=1 / length)


def test_all_beats_sound_different() -> None:
    distinct = set(TONES) - {"hold"}  # a hold sounds as the pause it is
    assert len({tone(what) for what in distinct}) == len(distinct)


@pytest.mark.requirement("R085")
def test_effort_and_breath_of_one_moment_are_one_sound_that_holds_both() -> None:
    heard = samples(tone("lift", "breathe_out"))
    assert np.abs(heard).max() < 32_767
    spectrum = np.abs(np.fft.rfft(heard, RATE_HZ))
    for what in ("lift", "breathe_out"):
        pitch = round(TONES[what][0])
        assert spectrum[pitch - 8 : pitch + 9].max() > 10 * np.median(spectrum[20:2000])


def test_the_first_player_there_is_taken() -> None:
    there = {"aplay": "/usr/bin/aplay", "afplay": "/usr/bin/afplay"}
    assert find_player(there.get) == ("/usr/bin/aplay", "-q")
    assert find_player({**there, "paplay": "/bin/paplay"}.get) == ("/bin/paplay",)
    assert find_player({"afplay": "/usr/bin/afplay"}.get) == ("/usr/bin/afplay",)
    assert find_player({}.get) is None


def program(folder: Path, text: str) -> tuple[str, ...]:
    path = folder / "paplay"
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return (str(path),)


def wait_for(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_player_is_given_the_sound_as_a_file(tmp_path: Path) -> None:
    beeper = Beeper(
        program(tmp_path, f'cp "$1" {tmp_path}/heard.tmp && mv {tmp_path}/heard.tmp {tmp_path}/heard'), None
    )
    beeper.play("lift", "breathe_out")
    wait_for((tmp_path / "heard").exists)
    assert (tmp_path / "heard").read_bytes() == tone("lift", "breathe_out")
    assert beeper.notice() is None
    beeper.close()


def test_a_player_that_fails_gives_way_to_the_bell_and_says_so_once(tmp_path: Path) -> None:
    rung: list[int] = []
    beeper = Beeper(program(tmp_path, "exit 1"), lambda: rung.append(1))
    beeper.play("go")
    wait_for(lambda: beeper.notice() == "play_sound_bell")
    beeper.play("go")
    beeper.play("breathe_in")
    assert rung == [1]  # one pitch: the bell marks the main beats only
    assert beeper.notice() is None
    beeper.close()


def test_a_player_that_cannot_start_gives_way_without_an_error(tmp_path: Path) -> None:
    beeper = Beeper((str(tmp_path / "nothing"),), None)
    beeper.play("go")
    assert beeper.way == "none"
    assert beeper.notice() == "play_sound_none"
    assert beeper.notice() is None
    beeper.play("stop")
    beeper.close()


def test_closing_ends_what_still_sounds(tmp_path: Path) -> None:
    beeper = Beeper(program(tmp_path, "exec sleep 60"), None)
    beeper.play("go")
    begin = time.monotonic()
    beeper.close()
    assert time.monotonic() - begin < 10


def test_silence_is_chosen_and_not_excused() -> None:
    silent = speaker(silent=True)
    assert isinstance(silent, Silence)
    silent.play("go")
    assert silent.notice() is None
