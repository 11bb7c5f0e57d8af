"""Why it exists: a left and a right number always differ; only a difference larger than its error is called one.

The sentences name what was seen in the movement, never why.
"""

from dataclasses import dataclass

import numpy as np

from levelstride.library.loader import measure_spec
from levelstride.measure.results import GaitResult, Measure, MeasureSide
from levelstride.report.wording import join_unit, show_measure, shown_number

#: A difference beyond this many standard errors comes by chance once in twenty times.
BOUND = 1.96


@dataclass(frozen=True)
class _Words:
    """How one measure's sides are told apart.

    Attributes
    ----------
    about : str
        What is compared.
    clear : str
        With ``{more}``, ``{less}`` (sides by value) and ``{by}`` (the difference with its error).
    turned : bool
        Both sides are read against one line, whose error raises one side and lowers the other.
    """

    about: str
    clear: str
    turned: bool = False


_COMPARED: dict[str, _Words] = {
    "trunk_lean_deg": _Words(
        "Trunk lean",
        "standing on the {more} leg, the trunk leans {by} further towards that leg than standing on the {less}",
        turned=True,
    ),
    "step_time_s": _Words("Step time", "the step of the {more} foot takes {by} longer than the step of the {less}"),
    "hip_line_change_deg": _Words(
        "Hip line",
        "standing on the {more} leg, the line through the hip points slopes {by} further down towards the swinging leg"
        " than standing on the {less}",
    ),
    "contralateral_pelvic_drop_deg": _Words(
        "Pelvis",
        "standing on the {more} leg, the swinging side of the pelvis is {by} lower than standing on the {less}",
        turned=True,
    ),
    "knee_frontal_projection_deg": _Words(
        "Knee angle", "the {more} knee is seen {by} further inwards in mid-stance than the {less}"
    ),
}


@dataclass(frozen=True)
class Difference:
    """Left against right in one measure.

    Attributes
    ----------
    value, error : float
        Left minus right and its standard error, in the measure's unit.
    """

    name: str
    left: Measure
    right: Measure
    value: float
    error: float

    @property
    def is_clear(self) -> bool:
        """Whether it is larger than chance and instrument explain."""
        return abs(self.value) > BOUND * self.error

    @property
    def text(self) -> str:
        """One sentence, with both values."""
        words = _COMPARED[self.name]
        left, right = show_measure(self.left), show_measure(self.right)
        sides = f"(left {left.text if left else '-'}, right {right.text if right else '-'})"
        if not self.is_clear:
            return f"{words.about}: no clear difference between the sides {sides}."
        more, less = ("left", "right") if self.value > 0 else ("right", "left")
        shown = shown_number(abs(self.value), self.error, "", decimals=measure_spec(self.name).decimals)
        by = f"{shown.value} ± {shown.error}{join_unit(self.left.unit)}"
        return f"{words.about}: {words.clear.format(more=more, less=less, by=by)} {sides}."


def differences(gait: GaitResult) -> list[Difference]:
    """Compare the sides of every measure that is told in words and was measured on both."""
    found = (_compare(gait, name) for name in _COMPARED)
    return [difference for difference in found if difference is not None]


def _compare(gait: GaitResult, name: str) -> Difference | None:
    left, right = _side(gait, name, "left"), _side(gait, name, "right")
    if left is None or right is None or left.value is None or right.value is None:
        return None
    return Difference(name, left, right, left.value - right.value, _error(left, right, turned=_COMPARED[name].turned))


def _side(gait: GaitResult, name: str, side: MeasureSide) -> Measure | None:
    return next((m for m in gait.measures if (m.name, m.side) == (name, side)), None)


def _error(left: Measure, right: Measure, *, turned: bool) -> float:
    """Combine both sides' errors; what tilts the common line adds up instead of cancelling."""
    if not turned:
        return float(np.hypot(left.standard_error or 0.0, right.standard_error or 0.0))
    parts, common = [], 0.0
    for measure in (left, right):
        own = measure_spec(measure.name).instrument_error.of(measure.limb)
        instrument = measure.instrument_error if measure.instrument_error is not None else own
        shared = float(np.sqrt(max(0.0, instrument**2 - own**2)))
        common += shared
        parts.append((measure.standard_error or 0.0) ** 2 - shared**2)
    return float(np.sqrt(max(0.0, sum(parts)) + common**2))
