"""Why it exists: a tone for each beat, made here, through whatever the machine can play - and never a failed session.

The first of ``paplay``, ``aplay`` and ``afplay`` that is there plays; when it fails, the terminal's bell rings at the
main beats; without a terminal it stays silent.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from levelstride.coaching.script import BeatKind

Way = Literal["player", "bell", "none"]
RATE_HZ = 22_050
PLAYERS: tuple[tuple[str, ...], ...] = (("paplay",), ("aplay", "-q"), ("afplay",))
#: Pitch (Hz) and length (s) of each beat: the effort is higher than the way back, breaths are soft and low.
TONES: dict[BeatKind, tuple[float, float]] = {
    "go": (880.0, 0.30),
    "stop": (440.0, 0.40),
    "rep": (1320.0, 0.04),
    "lift": (660.0, 0.12),
    "pause": (550.0, 0.08),
    "hold": (550.0, 0.08),
    "lower": (495.0, 0.12),
    "breathe_out": (330.0, 0.60),
    "breathe_in": (262.0, 0.60),
}
#: Beats at which the bell rings; it has one pitch only.
_BELLS: frozenset[BeatKind] = frozenset({"go", "stop", "lift", "lower"})
_LOUDNESS = 0.5
_FADE_S = 0.01


class Speaker(Protocol):
    """What a player needs of a sound."""

    def play(self, *beats: BeatKind) -> None:
        """Sound the beats of one moment without waiting for their end."""

    def notice(self) -> str | None:
        """Return, once, the heading that tells how it sounds now; None when there is nothing to tell."""

    def close(self) -> None:
        """End what still sounds."""


def tone(*beats: BeatKind) -> bytes:
    """Return the sound of beats at the same moment as a WAV file: one channel, 16 bit, fading in and out.

    They are mixed into one sound: not every machine can play two at once.
    """
    mixed = np.zeros(round(max(TONES[what][1] for what in beats) * RATE_HZ))
    for what in beats:
        pitch, length = TONES[what]
        times = np.arange(round(length * RATE_HZ)) / RATE_HZ
        fade = np.minimum(1.0, np.minimum(times, times[-1] - times) / _FADE_S)
        mixed[: len(times)] += np.sin(2 * np.pi * pitch * times) * fade
    samples = np.round(mixed * (_LOUDNESS / len(beats)) * 32_767).astype("<i2")
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return held.getvalue()


def find_player(which: Callable[[str], str | None] = shutil.which) -> tuple[str, ...] | None:
    """Return the command that plays a file; None when this machine has none of them."""
    for name, *options in PLAYERS:
        path = which(name)
        if path is not None:
            return (path, *options)
    return None


class Beeper:
    """Sounds beats; changes to the next way that works, never raises.

    Parameters
    ----------
    player : tuple of str or None
        Command of a player of files.
    bell : callable or None
        Rings the terminal; None where output is no terminal.
    """

    def __init__(self, player: tuple[str, ...] | None, bell: Callable[[], None] | None) -> None:
        self._player = player
        self._bell = bell
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._running: list[subprocess.Popen[bytes]] = []
        self._told: Way = "player"

    @property
    def way(self) -> Way:
        """Return how it sounds now."""
        if self._player is not None:
            return "player"
        return "bell" if self._bell is not None else "none"

    def play(self, *beats: BeatKind) -> None:
        """Sound the beats of one moment without waiting for their end."""
        self._look_back()
        if self._player is not None:
            try:
                self._start((*self._player, str(self._file(beats))))
            except OSError:
                self._player = None
        if self._player is None and self._bell is not None and _BELLS.intersection(beats):
            self._bell()

    def notice(self) -> str | None:
        """Return, once for each way, the heading that tells how it sounds now."""
        self._look_back()
        if self.way == self._told:
            return None
        self._told = self.way
        return "play_sound_bell" if self.way == "bell" else "play_sound_none"

    def close(self) -> None:
        """End what still sounds and clean up."""
        for one in self._running:
            if one.poll() is None:
                one.terminate()
            one.wait()
        self._running = []
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _look_back(self) -> None:
        """Give up a player of which a sound failed."""
        ended = [one for one in self._running if one.poll() is not None]
        self._running = [one for one in self._running if one not in ended]
        if any(one.returncode for one in ended):
            self._player = None

    def _start(self, command: tuple[str, ...]) -> None:
        quiet = subprocess.DEVNULL
        self._running.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet))

    def _file(self, beats: tuple[BeatKind, ...]) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="levelstride-")
        path = Path(self._folder.name) / f"{'-'.join(beats)}.wav"
        if not path.exists():
            path.write_bytes(tone(*beats))
        return path


class Silence:
    """Makes no sound, as asked for."""

    def play(self, *beats: BeatKind) -> None:
        """Do nothing."""

    def notice(self) -> str | None:
        """Return None: the person asked for it."""
        return None

    def close(self) -> None:
        """Do nothing."""


def speaker(*, silent: bool) -> Speaker:
    """Return what sounds on this machine."""
    if silent:
        return Silence()
    return Beeper(find_player(), _ring if sys.stdout.isatty() else None)


def _ring() -> None:
    sys.stdout.write("\a")
    sys.stdout.flush()
