"""Why it exists: one network on two cores wastes a sixth of them; two windows on one core each waste nothing.

Windows that are known beforehand (of the next frames, of several people) are looked through side by side, each by a
network of its own with a single thread; a lone window gets a network that uses every core.
"""

import queue
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Self, TypeVar

from levelstride.recording.frames import Frame
from levelstride.recording.picture import Picture
from levelstride.recording.pose.backend import default_threads
from levelstride.recording.pose.crop import Window
from levelstride.recording.pose.landmarks import LandmarkNet, Landmarks
from levelstride.recording.pose.weights import PoseModel

T = TypeVar("T")


class NetPool:
    """Networks of one kind that work side by side; use it in a ``with`` statement.

    Parameters
    ----------
    model : {"lite", "full", "heavy"}
    picture : Picture
    width : int, optional
        Windows looked through at the same time; default: the number of cores, at most 4.
    """

    def __init__(self, model: PoseModel, picture: Picture, width: int | None = None) -> None:
        self.width = width or default_threads()
        self._picture = picture
        self._alone = LandmarkNet(model, n_threads=self.width)
        self._free: queue.SimpleQueue[LandmarkNet] = queue.SimpleQueue()
        if self.width > 1:
            for _ in range(self.width):
                self._free.put(LandmarkNet(model, n_threads=1))
        self._workers = ThreadPoolExecutor(self.width, thread_name_prefix="pose")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._workers.shutdown(wait=True, cancel_futures=True)

    def look(self, frame: Frame, window: Window) -> Landmarks:
        """Return the landmarks seen through one window."""
        return self._alone.look(frame, self._picture, window)

    def look_all(self, jobs: Sequence[tuple[Frame, Window]]) -> list[Landmarks]:
        """Return the landmarks of each job, in order."""
        if len(jobs) < 2 or self.width < 2:
            return [self.look(frame, window) for frame, window in jobs]
        return list(self._workers.map(self._look_apart, jobs))

    def _look_apart(self, job: tuple[Frame, Window]) -> Landmarks:
        net = self._free.get()
        try:
            return net.look(job[0], self._picture, job[1])
        finally:
            self._free.put(net)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of up to ``size``."""
    given = iter(items)
    while batch := list(islice(given, size)):
        yield batch
