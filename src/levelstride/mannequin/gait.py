"""Why it exists: a walk from a handful of clinical numbers, with every joint known exactly in every frame.

Feet are planted first (time, place, direction); pelvis, trunk and arms follow smooth curves through the stance
phases; legs are solved from hip to ankle. The shape of the curves is that of ordinary adult walking (Perry & Burnfield
2010, from memory); the numbers that matter are the parameters, and the truth is read off the joints afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d, minimum_filter1d

from levelstride.anatomy.body import pelvis_orientation, place, trunk_orientation, turn
from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import InputError
from levelstride.mannequin.legs import reach_at, solve_leg
from levelstride.mannequin.performance import Performance
from levelstride.motion.dataset import FloatArray

# Shape of an ordinary stride (Perry & Burnfield 2010): shares of the cycle and degrees.
_DOUBLE_SUPPORT = 0.12
_SWING = 0.38
_FOOT_FLAT = 0.08
_HEEL_RISE = 0.36
_CONTACT_PITCH_DEG = 18.0
_PUSH_OFF_PITCH_DEG = -50.0
_USUAL_STEP_M = 0.65
_STRAIGHTEST_KNEE_DEG = 6.0
_LANDING_SPEED = 0.30  # share of walking speed that the heel still has (docs/decisions/0002)


@dataclass(frozen=True)
class GaitParameters:
    """One walk; pairs are (left, right) and belong to the stance limb, the landing foot, or the limb itself.

    Attributes
    ----------
    cadence_spm : float
        Steps per minute.
    step_length_m : (float, float)
        Of the step that ends with the left, the right foot's contact.
    step_time_asymmetry_pct : float
        (left - right) / mean, per cent; > 0: the left step takes longer.
    step_width_m : float
        Between the lines on which the ankles stand.
    pelvic_drop_deg : (float, float)
        Contralateral drop in mid-stance, > 0 = swing side lower.
    trunk_lean_deg : (float, float)
        In mid-stance, > 0 towards the stance limb.
    knee_valgus_deg : (float, float)
        Frontal angle between thigh and shank in mid-stance, > 0 knee medial.
    toe_out_deg : (float, float)
    forward_lean_deg, pelvic_tilt_deg : float
        Trunk forward, pelvis anterior, > 0.
    pelvic_turn_deg, arm_swing_deg : float
        Amplitudes.
    steps : int
        Per pass, the half steps of starting and stopping included.
    passes : int
        1 = one way; 2 = there and back after a turn on the spot; and so on.
    stand_before_s, stand_after_s : float
        Quiet standing.
    treadmill : bool
        The body stays in place and the ground moves.
    """

    cadence_spm: float = 110.0
    step_length_m: tuple[float, float] = (0.65, 0.65)
    step_time_asymmetry_pct: float = 0.0
    step_width_m: float = 0.10
    pelvic_drop_deg: tuple[float, float] = (4.0, 4.0)
    trunk_lean_deg: tuple[float, float] = (1.0, 1.0)
    knee_valgus_deg: tuple[float, float] = (0.0, 0.0)
    toe_out_deg: tuple[float, float] = (7.0, 7.0)
    forward_lean_deg: float = 3.0
    pelvic_tilt_deg: float = 10.0
    pelvic_turn_deg: float = 4.0
    arm_swing_deg: float = 20.0
    steps: int = 12
    passes: int = 1
    stand_before_s: float = 0.0
    stand_after_s: float = 0.0
    treadmill: bool = False

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            values = np.atleast_1d(getattr(self, name))
            if not ((values >= low) & (values <= high)).all():
                raise InputError(f"{name} is {getattr(self, name)}, which no walk has.", f"Give {low:g} to {high:g}.")

    @property
    def speed_mps(self) -> float:
        """Walking speed, metres per second."""
        return sum(self.step_length_m) / 2 * self.cadence_spm / 60

    def step_time_s(self, side: Side) -> float:
        """Time of the step that ends with this foot's contact."""
        sign = 1.0 if side == "left" else -1.0
        return 60.0 / self.cadence_spm * (1 + sign * self.step_time_asymmetry_pct / 200)

    def step_of(self, side: Side) -> float:
        """Length of the step that ends with this foot's contact, metres."""
        return self.step_length_m[SIDES.index(side)]


_LIMITS = (
    ("cadence_spm", 50, 160),
    ("step_length_m", 0.15, 0.95),
    ("step_time_asymmetry_pct", -40, 40),
    ("step_width_m", 0.0, 0.35),
    ("pelvic_drop_deg", -15, 20),
    ("trunk_lean_deg", -20, 25),
    ("knee_valgus_deg", -15, 20),
    ("toe_out_deg", -25, 40),
    ("forward_lean_deg", -10, 30),
    ("pelvic_tilt_deg", -10, 30),
    ("pelvic_turn_deg", -15, 15),
    ("arm_swing_deg", 0, 50),
    ("steps", 3, 500),
    ("passes", 1, 40),
    ("stand_before_s", 0, 60),
    ("stand_after_s", 0, 60),
)


@dataclass(frozen=True)
class _Plant:
    """A foot set down: from ``contact_s`` on it stands at a place until its next swing."""

    side: Side
    contact_s: float
    middle: FloatArray  # x, z of the path
    heading_deg: float
    stride_s: float
    advance: float  # how much of an ordinary step it was, 0 to 1
    counts: bool


def walk(neutral: Mapping[str, FloatArray], parameters: GaitParameters, *, fps: float = 30.0) -> Performance:
    """Make a walk.

    Parameters
    ----------
    neutral : mapping
        Points of the neutral body (``Body.joints`` or :func:`levelstride.anatomy.body.generic_body`), metres.
    parameters : GaitParameters
    fps : float
        Frames per second, Hz.

    Returns
    -------
    Performance

    Raises
    ------
    InputError
        If the steps are longer than the legs can reach.
    """
    p = parameters
    plants = _plan(p)
    duration = plants[-1].contact_s + 0.6 + p.stand_after_s
    time = np.arange(round(duration * fps)) / fps
    offs = {side: _toe_offs(plants, side) for side in SIDES}
    weights = {side: _stance_weight(time, plants, offs, side) for side in SIDES}
    path, heading = _path(time, plants)
    walking = _walking(time, plants)

    feet = {side: _foot(neutral, side, time, plants, offs[side], p) for side in SIDES}
    list_deg = weights["left"] * p.pelvic_drop_deg[0] - weights["right"] * p.pelvic_drop_deg[1]
    lean = weights["right"] * p.trunk_lean_deg[1] - weights["left"] * p.trunk_lean_deg[0]
    swing = _swing_phase(time, plants) * walking
    pelvis = pelvis_orientation(list_deg, p.pelvic_tilt_deg, heading + p.pelvic_turn_deg * swing)
    trunk = _trunk(neutral, pelvis, lean, p.forward_lean_deg, heading, heading - 0.6 * p.pelvic_turn_deg * swing)
    valgus = {side: weights[side] * p.knee_valgus_deg[i] for i, side in enumerate(SIDES)}

    aside = (weights["right"] - weights["left"]) * (0.012 + 0.12 * p.step_width_m)
    angle = np.radians(heading)
    root = np.zeros((len(time), 3))
    root[:, 0] = path[:, 0] + aside * np.sin(angle)
    root[:, 2] = path[:, 1] + aside * np.cos(angle)
    root[:, 1] = _height(neutral, time, pelvis, root, feet, valgus, fps)

    orientation: dict[str, FloatArray] = {"pelvis": pelvis, "trunk": trunk, "head": turn("y", heading)}
    hips = place({n: neutral[n] for n in ("hip", "left_hip", "right_hip")}, {"pelvis": pelvis}, root)
    forward = np.stack([np.cos(angle), np.zeros_like(angle), -np.sin(angle)], axis=1)
    for side in SIDES:
        ankle, foot = feet[side]
        orientation[f"{side}_foot"] = foot
        orientation[f"{side}_thigh"], orientation[f"{side}_shank"] = solve_leg(
            neutral, side, hips[f"{side}_hip"], ankle, forward=forward, valgus_deg=valgus[side]
        )
        mirror = 1.0 if side == "right" else -1.0
        raised = -mirror * swing * p.arm_swing_deg
        arm = trunk @ turn("z", raised) @ turn("x", np.full(len(time), -mirror * 6.0))
        orientation[f"{side}_upper_arm"] = arm
        orientation[f"{side}_forearm"] = arm @ turn("z", np.maximum(18.0 + 0.5 * raised, 5.0))
    belt = None
    if p.treadmill:
        belt = path[:, 0] - path[0, 0]
        root = root - np.stack([belt, np.zeros_like(belt), np.zeros_like(belt)], axis=1)
    counted: dict[str, FloatArray] = {
        s: np.array([q.contact_s for q in plants if q.side == s and q.counts], dtype=float) for s in SIDES
    }
    return Performance(
        neutral=neutral,
        fps=fps,
        orientation=orientation,
        root=root,
        heading_deg=heading,
        contacts=counted,
        toe_offs={s: np.array(offs[s]) for s in SIDES},
        standing_s=(0.0, p.stand_before_s) if p.stand_before_s >= 0.5 else None,
        belt_m=belt,
    )


def _plan(p: GaitParameters) -> list[_Plant]:
    """Plant the feet: standing, then passes with a turn on the spot between them."""
    usual = 60.0 / p.cadence_spm
    stride = 2 * usual
    place_m, heading = np.zeros(2), 0.0
    plants = [_Plant(s, -10.0, place_m, 0.0, stride, 0.0, False) for s in SIDES]
    clock = p.stand_before_s + 0.2
    side: Side = "right"
    for number in range(p.passes):
        ahead = np.array([np.cos(np.radians(heading)), -np.sin(np.radians(heading))])
        for k in range(p.steps):
            side = "left" if side == "right" else "right"
            half = k in (0, p.steps - 1)
            length = p.step_of(side) if not half else (p.step_of(side) * 0.5 if k == 0 else 0.0)
            clock += p.step_time_s(side) if k else stride * _SWING
            place_m = place_m + ahead * length
            advance = min(1.0, length / _USUAL_STEP_M)
            plants.append(_Plant(side, clock, place_m, heading, stride, advance, k < p.steps - 1))
        if number < p.passes - 1:
            for turned in (45.0, 90.0, 135.0, 180.0, 180.0):
                side = "left" if side == "right" else "right"
                clock += 1.1 * usual
                plants.append(_Plant(side, clock, place_m, heading + turned, stride, 0.0, False))
            heading += 180.0
            clock += 0.3
    return plants


def _toe_offs(plants: list[_Plant], side: Side) -> list[float]:
    """When this foot leaves the ground before each of its planned contacts."""
    found = []
    for k, plant in enumerate(plants):
        if plant.side == side and k >= 2:
            before = plants[k - 1].contact_s
            early = plant.contact_s - _SWING * plant.stride_s
            found.append(max(before + _DOUBLE_SUPPORT * plant.stride_s, early - 0.1) if before > 0 else early)
    return found


def _stance_weight(time: FloatArray, plants: list[_Plant], offs: Mapping[Side, list[float]], side: Side) -> FloatArray:
    """1 throughout the single support on this side, 0 on the other, smooth in double support."""
    weight = np.zeros(len(time))
    other: Side = "left" if side == "right" else "right"
    swings = list(zip(offs[other], [q.contact_s for q in plants[2:] if q.side == other], strict=True))
    for start, stop in swings:
        ramp = 0.09 * plants[-1].stride_s
        up = _smooth_step((time - (start - ramp)) / (2 * ramp))
        down = _smooth_step((time - (stop - 0.6 * ramp)) / (2 * ramp))
        weight = np.maximum(weight, up * (1 - down))
    return weight


def _trunk(
    neutral: Mapping[str, FloatArray],
    pelvis: FloatArray,
    right_lean_deg: FloatArray,
    forward_lean_deg: float,
    heading_deg: FloatArray,
    turn_deg: FloatArray,
) -> FloatArray:
    """Orient the trunk so that the line mid-hip to mid-shoulder leans as wanted, whatever the pelvis does."""
    angle = np.radians(heading_deg)
    right = np.stack([np.sin(angle), np.zeros_like(angle), np.cos(angle)], axis=1)
    names = ("hip", "lumbar", "left_shoulder", "right_shoulder")
    aim = right_lean_deg.copy()
    for _ in range(4):
        trunk = trunk_orientation(aim, forward_lean_deg, turn_deg)
        points = place({n: neutral[n] for n in names}, {"pelvis": pelvis, "trunk": trunk}, np.zeros((len(aim), 3)))
        line = (points["left_shoulder"] + points["right_shoulder"]) / 2
        aim = aim + right_lean_deg - np.degrees(np.arctan2(np.einsum("ti,ti->t", line, right), line[:, 1]))
    return trunk_orientation(aim, forward_lean_deg, turn_deg)


def _smooth_step(x: FloatArray) -> FloatArray:
    x = np.clip(x, 0.0, 1.0)
    return x * x * x * (10 - 15 * x + 6 * x * x)


def _path(time: FloatArray, plants: list[_Plant]) -> tuple[FloatArray, FloatArray]:
    """Path of the pelvis (x, z) and its heading: midway between the feet at every contact."""
    knots, places, headings = [-10.0], [plants[0].middle], [plants[0].heading_deg]
    last: dict[str, _Plant] = {q.side: q for q in plants[:2]}
    first = plants[2].contact_s - 0.45 * plants[2].stride_s
    knots.append(first)
    places.append(plants[0].middle)
    headings.append(plants[0].heading_deg)
    for plant in plants[2:]:
        last[plant.side] = plant
        knots.append(plant.contact_s)
        places.append((last["left"].middle + last["right"].middle) / 2)
        headings.append((last["left"].heading_deg + last["right"].heading_deg) / 2)
    knots.append(knots[-1] + 0.4)
    places.append(plants[-1].middle)
    headings.append(plants[-1].heading_deg)
    knots.append(time[-1] + 10)
    places.append(plants[-1].middle)
    headings.append(plants[-1].heading_deg)
    smooth = 0.06 / (time[1] - time[0])
    path = PchipInterpolator(knots, np.array(places))(time)
    heading = PchipInterpolator(knots, np.array(headings))(time)
    return gaussian_filter1d(path, smooth, axis=0), gaussian_filter1d(heading, 2 * smooth)


def _walking(time: FloatArray, plants: list[_Plant]) -> FloatArray:
    """1 while real steps are made, 0 while standing or turning."""
    value = np.zeros(len(time))
    for plant in plants[2:]:
        if plant.advance > 0.1:
            value = np.maximum(value, np.abs(time - plant.contact_s) < 0.75 * plant.stride_s)
    return gaussian_filter1d(value.astype(float), 0.15 / (time[1] - time[0]))


def _swing_phase(time: FloatArray, plants: list[_Plant]) -> FloatArray:
    """+1 at contacts of the right foot, -1 of the left, cosine between."""
    knots = [plants[2].contact_s - plants[2].stride_s / 2, *(q.contact_s for q in plants[2:])]
    signs = [1.0 if q.side == "right" else -1.0 for q in plants[2:]]
    phase = np.interp(time, knots, np.arange(len(knots)))
    levels = np.array([-signs[0], *signs])
    below = np.clip(phase.astype(int), 0, len(levels) - 2)
    share = 0.5 - 0.5 * np.cos(np.pi * (phase - below))
    return np.asarray(levels[below] * (1 - share) + levels[below + 1] * share)


def _foot(
    neutral: Mapping[str, FloatArray],
    side: Side,
    time: FloatArray,
    plants: list[_Plant],
    offs: list[float],
    p: GaitParameters,
) -> tuple[FloatArray, FloatArray]:
    """Ankle positions and foot orientations: heel rocker, flat, forefoot rocker, swing."""
    own = [q for q in plants if q.side == side]
    mirror = 1.0 if side == "right" else -1.0
    toe_out = p.toe_out_deg[SIDES.index(side)]
    heel, toe, ankle_0 = (neutral[f"{side}_{n}"] for n in ("heel", "big_toe", "ankle"))
    ball = heel + 0.92 * (toe - heel)  # the foot is one piece: it rolls over its tip
    ankle = np.zeros((len(time), 3))
    foot = np.zeros((len(time), 3, 3))

    def standing(plant: _Plant, when: FloatArray, off: float, next_advance: float) -> tuple[FloatArray, FloatArray]:
        since = (when - plant.contact_s) / plant.stride_s
        landing = _CONTACT_PITCH_DEG * plant.advance * (1 - _smooth_step(since / _FOOT_FLAT))
        rise_from = plant.contact_s + _HEEL_RISE * plant.stride_s
        rise_from = max(rise_from, off - 0.26 * plant.stride_s)
        rising = np.clip((when - rise_from) / max(off - rise_from, 1e-3), 0.0, 1.3)
        pitch = landing + _PUSH_OFF_PITCH_DEG * next_advance * rising**2
        direction = turn("y", np.full(len(when), plant.heading_deg - mirror * toe_out))
        orientation = direction @ turn("z", pitch)
        angle = np.radians(plant.heading_deg)
        right = np.array([np.sin(angle), 0.0, np.cos(angle)])
        flat = np.array([plant.middle[0], 0.0, plant.middle[1]]) + right * mirror * p.step_width_m / 2
        flat[1] = ankle_0[1]
        pivot_0 = np.where((landing > 0.01)[:, None], heel[None], ball[None])
        pivot = flat + np.einsum("tij,tj->ti", direction, pivot_0 - ankle_0)
        return pivot - np.einsum("tij,tj->ti", orientation, pivot_0 - ankle_0), orientation

    for k, plant in enumerate(own):
        last = k == len(own) - 1
        off = offs[k] if not last else time[-1] + 20
        advance = 0.0 if last else _advance(plant, own[k + 1])
        inside = (time >= plant.contact_s) & (time < off)
        if inside.any():
            ankle[inside], foot[inside] = standing(plant, time[inside], off, advance)
        if last:
            continue
        following = own[k + 1]
        swinging = (time >= off) & (time < following.contact_s)
        if not swinging.any():
            continue
        moment = np.array([off - 1e-3, off, following.contact_s])
        a0, a1 = standing(plant, moment[:2], off, advance)[0]
        b0 = standing(following, moment[2:], following.contact_s + 20, 0.0)[0][0]
        leaving = (a1 - a0) / 1e-3
        angle = np.radians(following.heading_deg)
        ahead = np.array([np.cos(angle), 0.0, -np.sin(angle)])
        speed = float((following.middle - plant.middle) @ ahead[[0, 2]]) / plant.stride_s
        arriving = ahead * speed * _LANDING_SPEED + np.array([0.0, -0.25 * following.advance, 0.0])
        span = following.contact_s - off
        s = ((time[swinging] - off) / span)[:, None]
        ankle[swinging] = (
            (2 * s**3 - 3 * s**2 + 1) * a1
            + (s**3 - 2 * s**2 + s) * span * leaving
            + (3 * s**2 - 2 * s**3) * b0
            + (s**3 - s**2) * span * arriving
        )
        lift = 0.035 + 0.05 * (1 - following.advance)
        ankle[swinging, 1] += lift * np.sin(np.pi * s[:, 0]) ** 2
        off_pitch, on_pitch = _PUSH_OFF_PITCH_DEG * advance, _CONTACT_PITCH_DEG * following.advance
        pitch = off_pitch + (on_pitch - off_pitch) * _smooth_step(s[:, 0] / 0.85)
        pitch = pitch - 14.0 * advance * np.sin(np.pi * np.clip(s[:, 0] / 0.3, 0, 1))
        heading = plant.heading_deg + (following.heading_deg - plant.heading_deg) * _smooth_step(s[:, 0])
        foot[swinging] = turn("y", heading - mirror * toe_out) @ turn("z", pitch)
    return ankle, foot


def _advance(plant: _Plant, following: _Plant) -> float:
    """How much of an ordinary stride lies ahead of this foot, 0 to 1."""
    distance = float(np.linalg.norm(following.middle - plant.middle))
    return min(1.0, distance / (2 * _USUAL_STEP_M))


def _height(
    neutral: Mapping[str, FloatArray],
    time: FloatArray,
    pelvis: FloatArray,
    root: FloatArray,
    feet: Mapping[Side, tuple[FloatArray, FloatArray]],
    valgus: Mapping[Side, FloatArray],
    fps: float,
) -> FloatArray:
    """Height of the pelvis: as high as both legs allow, made smooth from below."""
    allowed = np.full(len(time), np.inf)
    for side in SIDES:
        thigh, shank = (
            float(np.linalg.norm(neutral[f"{side}_{b}"] - neutral[f"{side}_{a}"]))
            for a, b in (("hip", "knee"), ("knee", "ankle"))
        )
        bent = np.maximum(_STRAIGHTEST_KNEE_DEG, 1.2 * np.abs(valgus[side]))
        longest = reach_at(thigh, shank, bent)
        offset = np.einsum("tij,j->ti", pelvis, neutral[f"{side}_hip"] - neutral["hip"])
        ankle = feet[side][0]
        flat = np.hypot(root[:, 0] + offset[:, 0] - ankle[:, 0], root[:, 2] + offset[:, 2] - ankle[:, 2])
        if (flat > 0.95 * longest).any():
            raise InputError("The steps are longer than these legs.", "Give shorter steps, or a taller body.")
        allowed = np.minimum(allowed, ankle[:, 1] + np.sqrt(longest**2 - flat**2) - offset[:, 1])
    reach = max(1, round(0.07 * fps))
    lowest = minimum_filter1d(allowed, 2 * reach + 1)
    smooth = gaussian_filter1d(lowest, reach / 2.2, truncate=2.2)
    return np.asarray(np.minimum(smooth, allowed))
