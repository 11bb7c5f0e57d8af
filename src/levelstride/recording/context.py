"""Why it exists: what the picture cannot tell (view, height, camera roll, slow motion, mirroring) is stated once.

The statement comes from the caller or from a JSON file next to the video (``walk.mp4`` -> ``walk.levelstride.json``);
what the caller says wins. Nothing here is guessed from pixels; a view that nobody stated is found by the analysis,
which says so with its certainty.
"""

import json
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from levelstride.errors import InputError
from levelstride.library.loader import knowledge
from levelstride.library.schema.texts import Term
from levelstride.motion.dataset import VIEWS, View

Rotation = Literal[0, 90, 180, 270]

SIDECAR_SUFFIX = ".levelstride.json"
_HEIGHT_RANGE_M = (0.5, 2.5)
_FIXES = {
    "view": f"Use one of: {', '.join(VIEWS)}.",
    "rotate_deg": "Use 0, 90, 180 or 270: how far to turn the picture clockwise until people stand upright.",
    "camera_roll_deg": "Give the clockwise tilt of the camera between -45 and 45 degrees.",
    "capture_fps": "Give the frames per second at which the camera captured, for example 120.",
    "px_per_m": "Give pixels per metre in the plane of walking, a number above 0.",
    "mirrored": "Use true or false.",
    "device": "Name the phone or camera in up to 100 letters.",
    "treadmill": "Use true, false or leave it out.",
}


class RecordingContext(BaseModel):
    """What is known about a recording besides its pixels.

    Attributes
    ----------
    view : str
        Side of the person that the camera sees: ``front``, ``back``, ``left``, ``right`` or ``unknown``.
    height_m : float or None
        Standing height of the subject, m.
    camera_roll_deg : float or None
        Roll of the camera, degrees, positive when the camera was turned clockwise (the picture then shows the
        world turned anticlockwise).
    mirrored : bool
        True when the picture shows the person as a mirror does (many selfie cameras).
    capture_fps : float or None
        Frames per second at capture, Hz, when the file plays slower or faster than life.
    rotate_deg : {0, 90, 180, 270} or None
        Clockwise turn to add to the picture as players show it, degrees.
    treadmill : bool or None
        Whether the person walks on a treadmill; None = not stated.
    footwear, walking_aid, surface : str or None
        What was worn, held and walked on, in the words of the library's vocabulary (``trainers``, ``one_stick``,
        ``grass``); recordings that differ in them are not compared as if they were alike.
    device : str or None
        Which phone or camera, in the person's own words (``my old phone``).
    px_per_m : float or None
        Known scale in the plane of walking, pixels of the displayed picture per metre.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    view: View = "unknown"
    height_m: float | None = None
    camera_roll_deg: float | None = Field(default=None, ge=-45, le=45)
    mirrored: bool = False
    capture_fps: float | None = Field(default=None, gt=0)
    rotate_deg: Rotation | None = None
    treadmill: bool | None = None
    footwear: str | None = None
    walking_aid: str | None = None
    surface: str | None = None
    device: str | None = Field(default=None, min_length=1, max_length=100)
    px_per_m: float | None = Field(default=None, gt=0)

    @field_validator("height_m")
    @classmethod
    def _height_is_human(cls, height_m: float | None) -> float | None:
        if height_m is None or _HEIGHT_RANGE_M[0] <= height_m <= _HEIGHT_RANGE_M[1]:
            return height_m
        raise ValueError("outside 0.5 to 2.5 m")

    @field_validator("footwear", "walking_aid", "surface")
    @classmethod
    def _word_is_known(cls, word: str | None, info: ValidationInfo) -> str | None:
        if word is None or word in _words_for(str(info.field_name)):
            return word
        raise ValueError("not in the vocabulary")

    @model_validator(mode="after")
    def _treadmill_is_a_surface(self) -> Self:
        if self.surface is not None and self.treadmill is not None and (self.surface == "treadmill") != self.treadmill:
            raise ValueError("surface and treadmill contradict each other")
        return self


def _words_for(key: str) -> dict[str, Term]:
    """Return the words the library knows for a key of the context."""
    words = knowledge().vocabulary
    return {"footwear": words.footwear, "walking_aid": words.walking_aids, "surface": words.surfaces}[key]


def sidecar_path(video: Path) -> Path:
    """Return where the context of a video is looked for: ``walk.mp4`` -> ``walk.levelstride.json``."""
    return video.with_name(video.stem + SIDECAR_SUFFIX)


def make_context(**stated: Any) -> RecordingContext:
    """Build a context from keyword arguments (see :class:`RecordingContext`); None means *not stated*.

    Raises
    ------
    InputError
        If a value is impossible, in one line that says what to give instead.
    """
    return _checked({key: value for key, value in stated.items() if value is not None}, source="")


def read_context(video: Path, **stated: Any) -> RecordingContext:
    """Read the sidecar of a video when there is one; keyword arguments that are not None win over it.

    Parameters
    ----------
    video : Path
        The recording; it need not exist yet.
    **stated
        Fields of :class:`RecordingContext`.

    Returns
    -------
    RecordingContext

    Raises
    ------
    InputError
        If the sidecar is not readable JSON, has unknown keys, or a value is impossible.
    """
    sidecar = sidecar_path(Path(video))
    explicit = {key: value for key, value in stated.items() if value is not None}
    if not sidecar.is_file():
        return _checked(explicit, source="")
    try:
        found = json.loads(sidecar.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{sidecar} is not readable JSON ({reason}).", "Correct or delete that file.") from error
    if not isinstance(found, dict):
        raise InputError(
            f"{sidecar} holds {type(found).__name__}, not an object.", 'Write it as {"view": "left", "height_m": 1.72}.'
        )
    return _checked({**found, **explicit}, source=f" in {sidecar}", explicit=set(explicit))


def _checked(values: dict[str, Any], *, source: str, explicit: set[str] | None = None) -> RecordingContext:
    if values.get("surface") == "treadmill":
        values = {"treadmill": True, **values}
    try:
        return RecordingContext.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "context"
        where = "" if explicit and name in explicit else source
        raise _refusal(name, values.get(name), first["type"], where) from error


def _refusal(name: str, value: object, kind: str, where: str) -> InputError:
    if kind == "extra_forbidden":
        known = ", ".join(RecordingContext.model_fields)
        return InputError(f"Unknown key {name!r}{where}.", f"Known keys: {known}.")
    if name == "height_m":
        return InputError(f"Height {value!r}{where} is not between 0.5 and 2.5 m.", _height_hint(value))
    if name in ("footwear", "walking_aid", "surface"):
        return InputError(f"Unknown {name} {value!r}{where}.", f"Use one of: {', '.join(_words_for(name))}.")
    if name == "context":
        return InputError(f"The surface and treadmill{where} contradict each other.", "Leave one of them out.")
    fix = _FIXES.get(name, "Correct that value.")
    return InputError(f"Unusable {name} {value!r}{where}.", fix)


def _height_hint(value: object) -> str:
    hint = "Give the height in metres, for example 1.72."
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return hint
    if isinstance(value, int | float):
        for divisor in (10, 100, 1000):
            metres = float(value) / divisor
            if 1.0 <= metres <= _HEIGHT_RANGE_M[1]:
                return f"Did you mean {metres:.2f}? {hint}"
    return hint
