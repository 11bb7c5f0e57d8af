"""Why it exists: the order in which a person reads their measures - headlines, groups, and what is missing.

Only names and headings stand here; labels, definitions, signs and units come from the measure library.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from levelstride.library.loader import measure_spec
from levelstride.measure.results import GaitResult, Limb, Measure, Reason
from levelstride.report.wording import LIMB_WORDS, QUALITY_WORDS, Units, show_imperial, show_measure

#: Heading -> measures, as they are read. A measure named nowhere goes to :data:`OTHER`.
GROUPS: dict[str, tuple[str, ...]] = {
    "Rhythm and timing": (
        "cadence_spm",
        "step_time_s",
        "step_time_asymmetry_pct",
        "stride_time_s",
        "stance_pct",
        "swing_pct",
        "double_support_pct",
        "stance_time_s",
        "swing_time_s",
    ),
    "Lengths and speed": ("walking_speed_mps", "step_length_m", "stride_length_m", "step_width_m"),
    "Trunk and hips": ("trunk_lean_deg", "hip_line_change_deg", "contralateral_pelvic_drop_deg"),
    "Knees and feet": ("knee_frontal_projection_deg", "foot_progression_deg"),
    "Joint angles": (
        "peak_hip_extension_deg",
        "peak_hip_flexion_deg",
        "peak_knee_flexion_swing_deg",
        "peak_knee_flexion_stance_deg",
        "knee_flexion_at_contact_deg",
    ),
    "Trunk and foot placement": (
        "trunk_forward_lean_deg",
        "trailing_limb_angle_deg",
        "shank_angle_at_contact_deg",
        "foot_to_pelvis_at_contact_pct",
        "foot_to_pelvis_at_contact_m",
    ),
}
OTHER = "More measures"
HEADLINES: dict[str, tuple[str, ...]] = {
    "gait_side": (
        "cadence_spm",
        "walking_speed_mps",
        "step_length_m",
        "double_support_pct",
        "peak_hip_extension_deg",
        "peak_knee_flexion_swing_deg",
    ),
    "gait_frontal": (
        "trunk_lean_deg",
        "hip_line_change_deg",
        "contralateral_pelvic_drop_deg",
        "knee_frontal_projection_deg",
        "cadence_spm",
        "step_time_s",
        "step_width_m",
    ),
}
#: What a positive number means, where a card shows one whose sign matters.
SIGNS: dict[str, str] = {
    "trunk_lean_deg": "above zero: towards the standing leg",
    "hip_line_change_deg": "above zero: hip point of the swinging leg lower than in standing",
    "contralateral_pelvic_drop_deg": "above zero: swinging side lower",
    "knee_frontal_projection_deg": "above zero: knee inwards",
    "peak_hip_extension_deg": "above zero: thigh behind the trunk line",
}


@dataclass(frozen=True)
class Cell:
    """One side of one measure, as shown."""

    side: str
    value: str
    error: str
    unit: str
    second: str
    n: int
    quality: str
    far: bool
    reason: str

    @property
    def measured(self) -> bool:
        """Whether there is a value."""
        return not self.reason


@dataclass(frozen=True)
class Row:
    """One measure: both sides, or one value of both together."""

    name: str
    label: str
    definition: str
    sign: str
    short_sign: str
    method: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    title: str
    key: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Missing:
    """Measures that share one remedy; ``ways`` lists the parts of a remedy that offers several."""

    fix: str
    ways: tuple[str, ...]
    items: tuple[tuple[str, str], ...]


def groups(gait: GaitResult, *, units: Units = "metric") -> list[Group]:
    """Return every measure of a result once, under its heading."""
    names = list(dict.fromkeys(m.name for m in gait.measures))
    placed = {name for members in GROUPS.values() for name in members}
    plan = {**GROUPS, OTHER: tuple(name for name in names if name not in placed)}
    found = []
    for title, members in plan.items():
        rows = tuple(row(gait, name, units=units) for name in members if name in names)
        if rows:
            found.append(Group(title, title.lower().replace(" ", "-"), rows))
    return found


def headlines(gait: GaitResult, *, units: Units = "metric") -> list[Row]:
    """Return the headline rows of which at least one side was measured."""
    names = {m.name for m in gait.measures}
    rows = [row(gait, name, units=units) for name in HEADLINES.get(gait.task, ()) if name in names]
    return [r for r in rows if any(cell.measured for cell in r.cells)]


def row(gait: GaitResult, name: str, *, units: Units = "metric") -> Row:
    """Return one measure with all its sides, left before right."""
    spec = measure_spec(name)
    order = {"left": 0, "right": 1, "both": 2}
    sides = sorted((m for m in gait.measures if m.name == name), key=lambda m: order[m.side])
    methods = dict.fromkeys(m.method for m in sides if m.method)
    cells = tuple(_cell(m, units) for m in sides)
    if len(cells) > 1 and len({cell.reason for cell in cells}) == 1 and cells[0].reason:
        cells = (replace(cells[0], side="both", far=False),)
    return Row(name, spec.label, spec.definition, spec.sign or "", SIGNS.get(name, ""), "; ".join(methods), cells)


def missing(gait: GaitResult) -> list[Missing]:
    """Return what was not measurable, grouped by what the person can do about it."""
    by_fix: dict[str, list[tuple[str, Reason, str]]] = {}
    for measure in gait.measures:
        if measure.not_measurable:
            label = measure_spec(measure.name).label
            by_fix.setdefault(measure.not_measurable.fix, []).append((label, measure.not_measurable, measure.side))
    found = []
    for fix, items in by_fix.items():
        lead, _, rest = fix.partition(": ")
        parts = [part.strip().removeprefix("or ").rstrip(".") for part in rest.split(";")]
        ways = tuple(parts) if len(parts) > 2 else ()
        found.append(Missing(f"{lead}:" if ways else fix, ways, tuple(_merge_sides(items))))
    return found


def limb_words(gait: GaitResult, *, in_space: bool = False) -> dict[str, str]:
    """Return for each side where its leg was seen from the camera; empty when it varies or no camera was there."""
    if in_space:
        return {"left": "", "right": ""}
    limbs: dict[str, set[Limb]] = {"left": set(), "right": set()}
    for measure in gait.measures:
        if measure.side != "both":
            limbs[measure.side].add(measure.limb)
    return {side: LIMB_WORDS[found.pop()] if len(found) == 1 else "" for side, found in limbs.items()}


def quality_legend(gait: GaitResult) -> list[tuple[str, str]]:
    """Return the quality words that occur, best first, with their meaning."""
    used = {m.quality for m in gait.measures}
    return [(word, meaning) for word, meaning in QUALITY_WORDS.items() if word in used]


def _cell(measure: Measure, units: Units) -> Cell:
    shown = show_measure(measure)
    second = show_imperial(measure) if units == "imperial" else None
    return Cell(
        side=measure.side,
        value=shown.value if shown else "",
        error=shown.error if shown else "",
        unit=shown.unit if shown else "",
        second=second.text if second else "",
        n=measure.n,
        quality=measure.quality or "",
        far=measure.limb == "far",
        reason=measure.not_measurable.text if measure.not_measurable else "",
    )


def _merge_sides(items: Iterable[tuple[str, Reason, str]]) -> Iterable[tuple[str, str]]:
    merged: dict[tuple[str, str], list[str]] = {}
    for label, reason, side in items:
        merged.setdefault((label, reason.text), []).append(side)
    for (label, text), sides in merged.items():
        name = label if sides == ["both"] or len(sides) > 1 else f"{label}, {sides[0]}"
        yield name, text
