"""Why it exists: one narrow door to whatever runs the neural networks, so that another runtime can replace it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]

_MAX_THREADS = 4
_STDERR = 2


class Network(Protocol):
    """A network with one input picture and several output tensors."""

    def run(self, picture: Tensor) -> tuple[Tensor, ...]:
        """Run on a picture of shape (height, width, 3); return the outputs in the order of the file."""
        ...


class LiteRTNetwork:
    """A ``.tflite`` file run by LiteRT.

    Parameters
    ----------
    path : Path
    n_threads : int, optional
        Default: the number of cores, at most 4.
    """

    def __init__(self, path: Path, n_threads: int | None = None) -> None:
        from ai_edge_litert.interpreter import Interpreter

        with _quiet():
            self._interpreter = Interpreter(model_path=str(path), num_threads=n_threads or default_threads())
            self._interpreter.allocate_tensors()
        self._input = int(self._interpreter.get_input_details()[0]["index"])
        self._outputs = [int(item["index"]) for item in self._interpreter.get_output_details()]

    def run(self, picture: Tensor) -> tuple[Tensor, ...]:
        """Run on a picture of shape (height, width, 3), float32; outputs are copies."""
        self._interpreter.set_tensor(self._input, picture[np.newaxis])
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(index) for index in self._outputs)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep LiteRT's greeting, written by C++ past every Python switch, out of the user's terminal."""
    try:
        kept = os.dup(_STDERR)
    except OSError:  # no terminal, nothing to keep quiet
        yield
        return
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), _STDERR)
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)


def default_threads() -> int:
    """Return the number of threads a network uses when not told: all cores, at most 4."""
    return min(os.cpu_count() or 1, _MAX_THREADS)
