"""Why it exists: a synthetic recording is a video plus the exact truth of everything in it, made in one call.

``walk.mp4`` comes with ``walk.truth.json`` (parameters, camera, true measures) and ``walk.levelstride.json`` (what a
person would state: view and height), so ``levelstride analyze walk.mp4`` works at once.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from levelstride.library.loader import measure_library
from levelstride.mannequin.body import Body, load_body
from levelstride.mannequin.film import write_clip
from levelstride.mannequin.gait import GaitParameters, walk
from levelstride.mannequin.performance import Performance
from levelstride.mannequin.render import Renderer
from levelstride.mannequin.scene import Look
from levelstride.mannequin.skin import skin_frames
from levelstride.mannequin.truth import truth_of
from levelstride.motion.camera import Camera

ViewName = Literal["front", "back", "left", "right"]
OnFrame = Callable[[int, int], None]

TRUTH_SUFFIX = ".truth.json"


@dataclass(frozen=True)
class Filming:
    """How a walk is filmed.

    Attributes
    ----------
    view : {"front", "back", "left", "right"}
        What the camera sees of the person during the first pass.
    distance_m : float
        Nearest distance to the walk: to its start from behind, to its end from the front, to its line from the side.
    azimuth_deg, roll_deg : float
        Off the exact view, and turned clockwise.
    size_px : (int, int)
        Width and height of the picture.
    crf : int
        Compression: 18 = fine, 28 = small, 34 = poor.
    """

    view: ViewName = "back"
    distance_m: float = 2.4
    camera_height_m: float = 1.0
    azimuth_deg: float = 0.0
    roll_deg: float = 0.0
    size_px: tuple[int, int] = (720, 1280)
    fps: float = 30.0
    crf: int = 26

    def camera_for(self, performance: Performance) -> Camera:
        """Place the camera so that the walk is in view."""
        path = performance.root[:, 0]
        start, stop = float(path.min()), float(path.max())
        sideways = self.view in ("left", "right")
        at = (start + stop) / 2 if sideways else start if self.view == "back" else stop
        return Camera.around(
            np.array([at, self.camera_height_m, 0.0]),
            view=self.view,
            distance_m=self.distance_m,
            height_m=self.camera_height_m,
            azimuth_deg=self.azimuth_deg,
            roll_deg=self.roll_deg,
            size_px=self.size_px,
        )


@dataclass(frozen=True)
class Clip:
    """A synthetic recording, described: the same description gives the same pictures on the same machine."""

    gait: GaitParameters = field(default_factory=GaitParameters)
    filming: Filming = field(default_factory=Filming)
    look: Look = field(default_factory=Look)
    body: str = "woman_slim"
    height_m: float | None = None
    trousers: bool = True
    sleeves: bool = False

    def dressed_body(self) -> Body:
        """Return the body, scaled and dressed."""
        body = load_body(self.body).dressed(trousers=self.trousers, sleeves=self.sleeves)
        return body if self.height_m is None else body.scaled(self.height_m)

    def perform(self, *, fps: float | None = None) -> Performance:
        """Return the walk, at the film's frame rate unless another is given."""
        return walk(self.dressed_body().joints, self.gait, fps=fps or self.filming.fps)


def make_clip(clip: Clip, path: str | Path, *, on_frame: OnFrame | None = None) -> Path:
    """Render a clip and write it with its truth.

    Parameters
    ----------
    path : str or Path
        Ends in ``.mp4``; overwritten when it exists.
    on_frame : callable, optional
        ``on_frame(frames done, frames in all)``.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If OpenGL is missing, the parameters are impossible, or the file cannot be written.
    """
    path = Path(path)
    performance = clip.perform()
    camera = clip.filming.camera_for(performance)
    pictures = _pictures(clip, performance, camera, on_frame)
    write_clip(
        path, pictures, clip.filming.fps, crf=clip.filming.crf, noise_sigma=clip.look.noise_sigma, seed=clip.look.seed
    )
    write_truth(clip, performance, path)
    return path


def write_truth(clip: Clip, performance: Performance, path: Path) -> None:
    """Write the truth and the sidecar of a clip beside it."""
    path.with_suffix(TRUTH_SUFFIX).write_text(json.dumps(truth_document(clip, performance), indent=1) + "\n", "utf-8")
    stated = {"view": clip.filming.view, "height_m": round(clip.dressed_body().stature_m, 3)}
    path.with_suffix(".levelstride.json").write_text(json.dumps(stated) + "\n", "utf-8")


def truth_document(clip: Clip, performance: Performance) -> dict[str, Any]:
    """Return what a truth file holds: the clip's description, foot contacts (s), and the true value of each measure."""
    units = {name: spec.unit for name, spec in measure_library().measures.items()}
    return {
        "schema": "levelstride.truth/1",
        "clip": asdict(clip),
        "contacts_s": {side: np.round(times, 4).tolist() for side, times in performance.contacts.items()},
        "toe_offs_s": {side: np.round(times, 4).tolist() for side, times in performance.toe_offs.items()},
        "truth": [
            {"name": name, "side": side, "value": round(value, 4), "unit": units[name]}
            for (name, side), value in truth_of(performance).items()
            if name in units
        ],
    }


def _pictures(
    clip: Clip, performance: Performance, camera: Camera, on_frame: OnFrame | None
) -> Iterator[npt.NDArray[np.uint8]]:
    body = clip.dressed_body()
    blur = clip.look.blur_frames
    # the shutter is open for half the time between two frames
    finer = performance if blur == 1 else clip.perform(fps=clip.filming.fps * 2 * blur)
    skins = skin_frames(body, finer.orientation, finer.root)
    with Renderer(clip.filming.size_px, body.faces, body.labels, clip.look, neutral=body.vertices) as renderer:
        for frame in range(performance.n_frames):
            if blur == 1:
                picture = renderer.render(next(skins), camera)
            else:
                moments = [skin for _, skin in zip(range(2 * blur), skins, strict=False)]
                picture = renderer.expose(np.stack(moments[:blur] or moments), camera)
            if on_frame is not None:
                on_frame(frame + 1, performance.n_frames)
            yield picture
