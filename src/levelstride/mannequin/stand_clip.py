"""Why it exists: standing on one leg or both, filmed and written with its truth, as ``clip.py`` does for walks."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from levelstride.library.loader import measure_library
from levelstride.mannequin.clip import TRUTH_SUFFIX, Clip, OnFrame, _pictures
from levelstride.mannequin.film import write_clip
from levelstride.mannequin.performance import Performance
from levelstride.mannequin.standing import StanceParameters, quiet_standing, single_leg_stance
from levelstride.mannequin.truth import Truth, frontal_curves


@dataclass(frozen=True)
class StandClip(Clip):
    """A synthetic recording of standing; ``gait`` of the parent class plays no part.

    Attributes
    ----------
    stance : StanceParameters or None
        On one leg; None = on both.
    quiet_s : float
        How long, when on both.
    """

    stance: StanceParameters | None = None
    quiet_s: float = 5.0

    def perform(self, *, fps: float | None = None) -> Performance:
        """Return the movement, at the film's frame rate unless another is given."""
        joints, rate = self.dressed_body().joints, fps or self.filming.fps
        if self.stance is None:
            return quiet_standing(joints, seconds=self.quiet_s, fps=rate)
        return single_leg_stance(joints, self.stance, fps=rate)


def make_stand_clip(clip: StandClip, path: str | Path, *, on_frame: OnFrame | None = None) -> Path:
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
    look = clip.look
    write_clip(
        path,
        _pictures(clip, performance, camera, on_frame),
        clip.filming.fps,
        crf=clip.filming.crf,
        noise_sigma=look.noise_sigma,
        seed=look.seed,
    )
    document = stand_truth_document(clip, performance)
    path.with_suffix(TRUTH_SUFFIX).write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    stated = {"view": clip.filming.view, "height_m": round(clip.dressed_body().stature_m, 3)}
    path.with_suffix(".levelstride.json").write_text(json.dumps(stated) + "\n", "utf-8")
    return path


def stand_truth_of(clip: StandClip, performance: Performance) -> Truth:
    """Return true means over the hold: of the standing leg, or of both in quiet standing.

    The hip line is a change against standing on both feet, so it exists only where that was done.
    """
    curves = frontal_curves(performance)
    start, stop = (0.0, clip.quiet_s) if clip.stance is None else clip.stance.hold_window_s
    frames = slice(round(start * performance.fps), round(stop * performance.fps))
    truth: Truth = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        if clip.stance is not None and side != clip.stance.side:
            continue
        truth["trunk_lean_deg", side] = sign * float(np.mean(curves["trunk_right_lean"][frames]))
        if clip.stance is not None:
            truth["contralateral_pelvic_drop_deg", side] = -sign * float(np.mean(curves["pelvic_list"][frames]))
            if performance.standing_s is not None:
                quiet = slice(0, round(performance.standing_s[1] * performance.fps))
                change = np.mean(curves["hip_line"][frames]) - np.mean(curves["hip_line"][quiet])
                truth["hip_line_change_deg", side] = -sign * float(change)
        truth["knee_frontal_projection_deg", side] = float(np.mean(curves[f"{side}_knee"][frames]))
    return truth


def stand_truth_document(clip: StandClip, performance: Performance) -> dict[str, Any]:
    """Return what the truth file holds: description, moments (s), and the true value of each measure in the hold."""
    units = {name: spec.unit for name, spec in measure_library().measures.items()}
    described = asdict(clip)
    del described["gait"]
    return {
        "schema": "levelstride.truth/1",
        "clip": described,
        "contacts_s": {side: np.round(times, 4).tolist() for side, times in performance.contacts.items()},
        "toe_offs_s": {side: np.round(times, 4).tolist() for side, times in performance.toe_offs.items()},
        "truth": [
            {"name": name, "side": side, "value": round(value, 4), "unit": units[name]}
            for (name, side), value in stand_truth_of(clip, performance).items()
        ],
    }
