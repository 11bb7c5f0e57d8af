"""Why it exists: one wording of a number with its error, so that terminal and page never tell two stories.

Decimals and units come from the measure library; an error is stated with one significant digit (two when the first is
a 1), and the value with no more digits than its error supports.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from levelstride.library.loader import measure_spec
from levelstride.measure.results import GaitResult, Limb, Measure, Quality

Units = Literal["metric", "imperial"]

NOT_MEASURABLE = "not measurable"
PLUS_MINUS = (
    "The ± is the error of the measurement: about two times in three the true value lies within one ±,"
    " and about 19 times in 20 within two."
)
NO_DIAGNOSIS = (
    "This report says what was measured in these recordings. It compares with no norms, makes no diagnosis,"
    " and is not a medical device."
)
HIP_LINE_CAUTION = (
    "The change of the hip line has a wide error: the hip points of the pose model show only part of what the pelvis"
    " does. It is not a pelvic drop."
)
QUALITY_WORDS: dict[Quality, str] = {
    "good": "many steps, leg seen well",
    "fair": "fewer steps, or the leg partly hidden",
    "low": "very few steps, or the leg often hidden",
}
LIMB_WORDS: dict[Limb, str] = {
    "near": "nearer to the camera",
    "far": "further from the camera: larger error",
    "mixed": "",
    "frontal": "",
}
_IMPERIAL = {"m": ("in", 1 / 0.0254), "m/s": ("mph", 3600 / 1609.344)}


@dataclass(frozen=True)
class ShownNumber:
    """A value and its error as text, cut to the digits that mean something."""

    value: str
    error: str
    unit: str

    @property
    def text(self) -> str:
        """For example ``0.61 ± 0.03 m``."""
        return f"{self.value} ± {self.error}{join_unit(self.unit)}"


def join_unit(unit: str) -> str:
    """Return the unit as it follows a number: the degree sign without a space, everything else after one."""
    return "°" if unit == "deg" else f" {unit}"


def signed(text: str) -> str:
    """Return a number's text with a true minus sign, and no minus before a plain zero."""
    if text.startswith("-") and not text.strip("-0."):
        text = text[1:]
    return text.replace("-", "−")


def sensible_decimals(error: float) -> int:
    """Return the decimals that show one significant digit of an error, two when its first digit is a 1."""
    if not (math.isfinite(error) and error > 0):
        raise ValueError(f"Expected an error > 0, but got {error}")
    exponent = math.floor(math.log10(float(f"{error:.1e}")))
    return max(0, (0 if float(f"{error:.1e}") >= 2 * 10.0**exponent else 1) - exponent)


def shown_number(value: float, error: float, unit: str, *, decimals: int) -> ShownNumber:
    """Cut a value and its error to the digits that mean something.

    Parameters
    ----------
    value, error : float
        In ``unit``; the error is one standard error, > 0.
    decimals : int
        The most decimals to show (the library's, for a measure).

    Returns
    -------
    ShownNumber
        The error is never shown as zero: one step of the last decimal is the least.
    """
    digits = min(decimals, sensible_decimals(error))
    error_text = f"{error:.{digits}f}"
    if float(error_text) == 0:
        error_text = f"{10.0**-digits:.{digits}f}"
    return ShownNumber(signed(f"{value:.{digits}f}"), error_text, unit)


def show_measure(measure: Measure) -> ShownNumber | None:
    """Return a measure's value and error as text in SI units; None when it is not measurable."""
    if measure.value is None or measure.standard_error is None:
        return None
    decimals = measure_spec(measure.name).decimals
    return shown_number(measure.value, measure.standard_error, measure.unit, decimals=decimals)


def show_imperial(measure: Measure) -> ShownNumber | None:
    """Return lengths in inches and speeds in miles per hour; None for everything else."""
    if measure.value is None or measure.standard_error is None or measure.unit not in _IMPERIAL:
        return None
    unit, factor = _IMPERIAL[measure.unit]
    return shown_number(measure.value * factor, measure.standard_error * factor, unit, decimals=2)


def format_measure(measure: Measure, *, units: Units = "metric") -> str:
    """Write a measure as text, for example ``0.61 ± 0.03 m`` or ``not measurable``.

    Parameters
    ----------
    units : {"metric", "imperial"}
        With ``imperial``, lengths and speeds are followed by a second value in brackets.
    """
    shown = show_measure(measure)
    if shown is None:
        return NOT_MEASURABLE
    other = show_imperial(measure) if units == "imperial" else None
    return shown.text if other is None else f"{shown.text} ({other.text})"


def format_angle(value_deg: float) -> str:
    """Write one reading of an angle, for example ``−17°``."""
    return f"{signed(f'{value_deg:.0f}')}°"


def summarise_walk(gait: GaitResult, *, view: str = "unknown", in_space: bool = False) -> str:
    """Say in one plain sentence what was measured.

    Parameters
    ----------
    gait : GaitResult
        Pooled over recordings.
    view : str
        What the camera saw of the person, as stated; used when nothing was found.
    in_space : bool
        The recordings are points in space, so nothing was seen by a camera.

    Returns
    -------
    str
        For example ``6 steps measured, seen from the left, walking over ground at 113 steps per minute.``
    """
    steps = sum(walk.steps for walk in gait.walks)
    passes, recordings = len(gait.walks), len({walk.recording for walk in gait.walks})
    counted = f"{steps} step{_plural(steps)}"
    if passes > 1:
        counted += f" in {passes} passes"
    if recordings > 1:
        counted += f" of {recordings} recordings"
    seen = "from points in space" if in_space else f"seen from {seen_from(gait, view=view)}"
    ground = {
        "over ground": ", walking over ground",
        "treadmill or moving camera": ", walking on a treadmill or with a moving camera",
    }.get(gait.surface, ", walking")
    pace = [m for m in gait.measures if m.name == "cadence_spm" and m.value is not None]
    rate = f" at {pace[0].value:.0f} steps per minute" if pace else ""
    return f"{counted} measured, {seen}{ground}{rate}."


def seen_from(gait: GaitResult, *, view: str = "unknown") -> str:
    """Say from where the camera saw the person, as found; as stated when nothing was found."""
    seen = {walk.camera_sees for walk in gait.walks} or ({view} & {"left", "right", "front", "back"})
    return _FROM.get(frozenset(seen), "several sides" if seen else "the side")


def task_heading(gait: GaitResult) -> str:
    """Head a task's part of the report, for example ``Walking, seen from behind and in front``."""
    if {walk.camera_sees for walk in gait.walks} <= {"left", "right"}:
        return "Walking, seen from the side"
    return f"Walking, seen from {seen_from(gait)}"


def view_words(view: str, certainty: float | None, sees: Collection[str] = ()) -> str:
    """Say from where one recording was filmed, and how that is known.

    Parameters
    ----------
    view : str
        Stated, or found from the picture.
    certainty : float or None
        None when it was stated.
    sees : collection of str
        What the camera saw in the walks of the recording; both sides of a walk there and back.
    """
    if view == "unknown":
        return "view not stated"
    known = "stated" if certainty is None else f"found from the picture, {certainty:.0%} of the frames agree"
    return f"seen from {_FROM.get(frozenset([view, *sees]), _FROM[frozenset([view])])} ({known})"


_FROM = {
    frozenset(["left"]): "the left",
    frozenset(["right"]): "the right",
    frozenset(["left", "right"]): "both sides",
    frozenset(["back"]): "behind",
    frozenset(["front"]): "the front",
    frozenset(["back", "front"]): "behind and in front",
}


def _plural(count: int) -> str:
    return "" if count == 1 else "s"
