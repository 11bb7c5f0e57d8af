"""Why it exists: says what makes one exercise of a ladder harder than the one before it - a band, a weight, one leg.

It is read off the two exercises as the library describes them, so that a step can never say something else than they
do. Where their descriptions do not tell, the step is called a harder move, and nothing more is claimed.
"""

from collections.abc import Iterator
from typing import Literal

from levelstride.library.schema.exercises import Exercise, HarderBy

#: Equipment that makes a move heavier, by its kind.
BANDS = ("mini_band", "long_band")
WEIGHTS = ("dumbbells", "kettlebell", "barbell", "ankle_weight", "cable")

#: What a move asks of the body beyond the one before it.
_ASKED: dict[HarderBy, frozenset[str]] = {
    "balance": frozenset({"one_leg_unsupported", "fall_risk", "unstable_surface", "uneven_ground", "eyes_closed"}),
    "range": frozenset(
        {
            "deep_hip_flexion",
            "deep_knee_bend",
            "knee_past_60",
            "end_range_rotation",
            "end_range_stretch",
            "adductor_stretch",
            "hip_extension_end",
            "hip_past_midline",
            "long_hamstring",
        }
    ),
    "hold": frozenset({"long_hard_hold"}),
    "effort": frozenset({"high_effort", "hamstring_hard", "strong_belly_load"}),
    "impact": frozenset({"impact"}),
}
_NO_STRENGTH = frozenset({"mobility", "gait_drill", "conditioning"})
_UPRIGHT = frozenset({"standing", "split_stance", "quarter_squat", "on_step", "walking", "running"})


def harder_by(easier: Exercise, harder: Exercise) -> tuple[HarderBy, ...]:
    """Return what makes the second exercise harder than the first, the kind of load first; ``move`` when unknown.

    The kind of load follows the order band -> weight -> one leg (R113): a step names a kind only where it comes new.
    """
    return tuple(_found(easier, harder)) or ("move",)


def load_of(exercise: Exercise) -> Literal["band", "weight"] | None:
    """Return the kind of load an exercise cannot do without; a band where a band or a weight will do."""
    for choices in exercise.equipment.needs:
        if set(choices) <= {*BANDS, *WEIGHTS}:
            return "band" if set(choices) & set(BANDS) else "weight"
    return None


def _found(easier: Exercise, harder: Exercise) -> Iterator[HarderBy]:
    new = set(harder.demands) - set(easier.demands)
    load = load_of(harder)
    if load is not None and load != load_of(easier):
        yield load
    elif load == "weight" and "heavy_load" in new:
        yield "weight"
    if (easier.laterality, harder.laterality) == ("bilateral", "unilateral"):
        # a leg that hangs free carries nothing, and a stretch or a walk is no strength work on one leg
        yield "one_leg" if harder.chain == "closed" and harder.kind not in _NO_STRENGTH else "one_side"
    let_go = easier.position == "standing_with_support" and harder.position in _UPRIGHT
    if let_go:
        yield "support"
    for kind, asked in _ASKED.items():
        if new & asked or (kind == "hold" and _longer(easier, harder, "pause_s")):
            yield kind
        if kind == "hold" and _longer(easier, harder, "lower_s"):
            yield "tempo"
    if set(harder.plane) - set(easier.plane) - {"none"}:
        yield "direction"
    if not let_go and easier.position != harder.position and "any" not in (easier.position, harder.position):
        yield "position"


def _longer(easier: Exercise, harder: Exercise, part: Literal["lower_s", "pause_s"]) -> bool:
    """Say whether a counted part of a repetition takes longer; a rhythm that is not counted says nothing."""
    before, after = getattr(easier.tempo, part), getattr(harder.tempo, part)
    return before is not None and after is not None and after > before
