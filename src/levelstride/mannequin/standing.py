"""Why it exists: standing, on both feet or on one leg, with every joint known exactly in every frame.

Quiet standing is what a walk's hip line is compared with; the single-leg stance is the simplest movement in which a
pelvis drops or a trunk leans. The planted foot never moves; the body shifts over it, and the free leg is lifted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from levelstride.anatomy.body import pelvis_orientation, place, shank_orientation, thigh_orientation, turn
from levelstride.anatomy.keypoints import SIDES, Side
from levelstride.errors import InputError
from levelstride.mannequin.gait import _smooth_step, _trunk
from levelstride.mannequin.legs import reach_at, solve_leg
from levelstride.mannequin.performance import Performance
from levelstride.motion.dataset import FloatArray

#: Time to shift the weight and lift the leg, and the same for setting it down, seconds.
SHIFT_S = 1.2

_TILT_DEG = 10.0
_FORWARD_LEAN_DEG = 1.0
_STANDING_KNEE_DEG = 6.0
_FREE_HIP_DEG, _FREE_KNEE_DEG, _FREE_FOOT_DEG = 20.0, 60.0, -30.0
_CLEARANCE_M = 0.03
_LEAST_LIFT_M = 0.08  # by which the free ankle rises at least, against the hip
_LEAN_OF_SWAY_DEG_PER_M = 30.0
# Shares of body mass (Winter 2009): head, arms and trunk; one leg.
_UPPER_MASS, _LEG_MASS = 0.678, 0.161


@dataclass(frozen=True)
class StanceParameters:
    """One stance on one leg; angles belong to that leg and are reached during the hold.

    Attributes
    ----------
    side : {"left", "right"}
        The leg that stands.
    pelvic_drop_deg : float
        > 0: the side of the free leg is lower.
    trunk_lean_deg : float
        > 0: towards the standing leg.
    knee_valgus_deg : float
        Of the standing leg, frontal angle between thigh and shank, > 0 knee medial.
    knee_flexion_deg : float
        Of the standing leg, angle between thigh and shank in space.
    hold_s : float
        On one leg with everything reached; shifting and lifting take :data:`SHIFT_S` before and after it.
    stand_before_s, stand_after_s : float
        On both feet.
    width_m : float
        Between the ankles.
    sway_m : float
        Amplitude of the slow sway of the pelvis.
    """

    side: Side = "right"
    pelvic_drop_deg: float = 4.0
    trunk_lean_deg: float = 1.0
    knee_valgus_deg: float = 0.0
    knee_flexion_deg: float = 15.0
    hold_s: float = 5.0
    stand_before_s: float = 1.5
    stand_after_s: float = 1.0
    width_m: float = 0.16
    toe_out_deg: float = 7.0
    sway_m: float = 0.003

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise InputError(f"There is no {self.side!r} leg to stand on.", "Give left or right.")
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if not low <= value <= high:
                raise InputError(f"{name} is {value:g}, which no stance has.", f"Give {low:g} to {high:g}.")
        needed = 1.2 * abs(self.knee_valgus_deg)
        if self.knee_flexion_deg < needed:
            raise InputError(
                f"A knee bent by {self.knee_flexion_deg:g} degrees cannot go {abs(self.knee_valgus_deg):g} degrees"
                " sideways.",
                f"Bend it by {needed:.0f} degrees or more.",
            )

    @property
    def hold_window_s(self) -> tuple[float, float]:
        """When everything asked is reached, seconds, half-open."""
        start = self.stand_before_s + SHIFT_S
        return start, start + self.hold_s

    @property
    def duration_s(self) -> float:
        """Length of the whole performance, seconds."""
        return self.hold_window_s[1] + SHIFT_S + self.stand_after_s


_LIMITS = (
    ("pelvic_drop_deg", -15, 20),
    ("trunk_lean_deg", -20, 25),
    ("knee_valgus_deg", -15, 20),
    ("knee_flexion_deg", 3, 60),
    ("hold_s", 0.2, 120),
    ("stand_before_s", 0, 60),
    ("stand_after_s", 0, 60),
    ("width_m", 0.05, 0.4),
    ("toe_out_deg", -25, 40),
    ("sway_m", 0, 0.01),
)


def quiet_standing(
    neutral: Mapping[str, FloatArray],
    *,
    seconds: float = 5.0,
    fps: float = 30.0,
    width_m: float = 0.16,
    toe_out_deg: float = 7.0,
    sway_m: float = 0.003,
) -> Performance:
    """Stand on both feet.

    Parameters
    ----------
    neutral : mapping
        Points of the neutral body (``Body.joints`` or :func:`levelstride.anatomy.body.generic_body`), metres.
    seconds : float
    fps : float
        Frames per second, Hz.
    width_m, toe_out_deg, sway_m : float
        As in :class:`StanceParameters`.

    Returns
    -------
    Performance

    Raises
    ------
    InputError
        If a value is one that no standing has.
    """
    if not 0.2 <= seconds <= 300:
        raise InputError(f"Standing for {seconds:g} seconds cannot be made.", "Give 0.2 to 300.")
    p = StanceParameters(width_m=width_m, toe_out_deg=toe_out_deg, sway_m=sway_m)
    time = np.arange(max(2, round(seconds * fps))) / fps
    still = np.zeros(len(time))
    return _perform(neutral, p, time, fps, shift=still, lift=still, standing_s=(0.0, float(seconds)))


def single_leg_stance(
    neutral: Mapping[str, FloatArray], parameters: StanceParameters, *, fps: float = 30.0
) -> Performance:
    """Stand on both feet, shift over to one, lift the other, hold, and come back.

    Parameters
    ----------
    neutral : mapping
        Points of the neutral body, metres.
    parameters : StanceParameters
    fps : float
        Frames per second, Hz.

    Returns
    -------
    Performance
        ``toe_offs`` and ``contacts`` of the free leg say when it leaves the ground and returns.

    Raises
    ------
    InputError
        If the free foot cannot clear the floor.
    """
    p = parameters
    time = np.arange(round(p.duration_s * fps)) / fps
    begin, end = p.stand_before_s, p.hold_window_s[1] + SHIFT_S
    # the weight goes first, the foot leaves the ground half-way through
    shift = _up_and_down(time, begin, end, 0.8 * SHIFT_S)
    lift = _up_and_down(time, begin + 0.4 * SHIFT_S, end - 0.4 * SHIFT_S, 0.6 * SHIFT_S)
    events = (begin + 0.4 * SHIFT_S, end - 0.4 * SHIFT_S)
    standing = (0.0, p.stand_before_s) if p.stand_before_s >= 0.5 else None
    return _perform(neutral, p, time, fps, shift=shift, lift=lift, standing_s=standing, events_s=events)


def _up_and_down(time: FloatArray, begin: float, end: float, ramp: float) -> FloatArray:
    return _smooth_step((time - begin) / ramp) * _smooth_step((end - time) / ramp)


def _perform(
    neutral: Mapping[str, FloatArray],
    p: StanceParameters,
    time: FloatArray,
    fps: float,
    *,
    shift: FloatArray,
    lift: FloatArray,
    standing_s: tuple[float, float] | None,
    events_s: tuple[float, float] | None = None,
) -> Performance:
    mirror = 1.0 if p.side == "right" else -1.0
    free: Side = "left" if p.side == "right" else "right"
    level = np.zeros(len(time))
    sway_x, sway_z = _sway(time, p.sway_m, 0.0), _sway(time, p.sway_m, 2.0)
    pelvis = pelvis_orientation(-mirror * p.pelvic_drop_deg * lift, _TILT_DEG, level)
    lean = mirror * p.trunk_lean_deg * shift + _LEAN_OF_SWAY_DEG_PER_M * sway_z
    trunk = _trunk(neutral, pelvis, lean, _FORWARD_LEAN_DEG, level, level)
    feet = {side: _flat_foot(neutral, side, p) for side in SIDES}
    ankles = {side: np.tile(feet[side][0], (len(time), 1)) for side in SIDES}
    root = np.zeros((len(time), 3))
    root[:, 0] = sway_x
    root[:, 2] = shift * mirror * _over_the_foot(neutral, p) + sway_z
    knee = _STANDING_KNEE_DEG + (p.knee_flexion_deg - _STANDING_KNEE_DEG) * shift
    root[:, 1] = _height(neutral, p.side, free, pelvis, root, ankles, knee, lift, fps)

    hips = place({n: neutral[n] for n in ("hip", "left_hip", "right_hip")}, {"pelvis": pelvis}, root)
    forward = np.tile([1.0, 0.0, 0.0], (len(time), 1))
    orientation: dict[str, FloatArray] = {"pelvis": pelvis, "trunk": trunk, "head": turn("y", level)}
    orientation |= {f"{side}_foot": np.tile(feet[side][1], (len(time), 1, 1)) for side in SIDES}
    if lift.any():
        lifted, pitch = _lifted_ankle(neutral, free, hips[f"{free}_hip"], lift)
        ankles[free] = ankles[free] + lift[:, None] * (lifted - ankles[free])
        orientation[f"{free}_foot"] = feet[free][1] @ turn("z", pitch * lift)
    for side in SIDES:
        wanted = p.knee_valgus_deg * shift if side == p.side else level
        legs = _leg_with_frontal_angle(neutral, side, hips[f"{side}_hip"], ankles[side], forward, wanted)
        orientation[f"{side}_thigh"], orientation[f"{side}_shank"] = legs
        hanging = -1.0 if side == "right" else 1.0
        arm = trunk @ turn("x", hanging * (6.0 + 8.0 * shift))
        orientation[f"{side}_upper_arm"] = arm
        orientation[f"{side}_forearm"] = arm @ turn("z", np.full(len(time), 12.0))
    none: FloatArray = np.array([])
    return Performance(
        neutral=neutral,
        fps=fps,
        orientation=orientation,
        root=root,
        heading_deg=level,
        contacts={p.side: none, free: none if events_s is None else np.array(events_s[1:])},
        toe_offs={p.side: none, free: none if events_s is None else np.array(events_s[:1])},
        standing_s=standing_s,
    )


def _sway(time: FloatArray, amplitude: float, phase: float) -> FloatArray:
    """Return slow waves that do not repeat within a minute; never above the amplitude."""
    waves = ((0.55, 0.23, 0.4), (0.30, 0.41, 1.9), (0.15, 0.67, 3.1))
    return np.asarray(
        amplitude * sum(share * np.sin(2 * np.pi * hertz * time + start + phase) for share, hertz, start in waves)
    )


def _flat_foot(neutral: Mapping[str, FloatArray], side: Side, p: StanceParameters) -> tuple[FloatArray, FloatArray]:
    """Place of the ankle and orientation of a foot flat on the floor."""
    mirror = 1.0 if side == "right" else -1.0
    ankle = np.array([0.0, neutral[f"{side}_ankle"][1], mirror * p.width_m / 2])
    return ankle, turn("y", -mirror * p.toe_out_deg)


def _over_the_foot(neutral: Mapping[str, FloatArray], p: StanceParameters) -> float:
    """How far the middle of the hips goes towards the standing foot so that the body's weight is over it, metres."""
    half = abs(float(neutral[f"{p.side}_hip"][2]))
    upper = 0.55 * float(neutral["left_shoulder"][1] - neutral["hip"][1]) * np.sin(np.radians(p.trunk_lean_deg))
    stance = _LEG_MASS / 2  # the middle of the standing leg goes half-way
    other = -_LEG_MASS * half + _UPPER_MASS * upper + stance * (half + p.width_m / 2)
    return float(np.clip((p.width_m / 2 - other) / (1 - _LEG_MASS), -0.1, 0.25))


def _height(
    neutral: Mapping[str, FloatArray],
    side: Side,
    free: Side,
    pelvis: FloatArray,
    root: FloatArray,
    ankles: Mapping[Side, FloatArray],
    knee_deg: FloatArray,
    lift: FloatArray,
    fps: float,
) -> FloatArray:
    """Height of the pelvis: the standing knee bends as asked, and the other leg reaches the floor while it stands."""

    def allowed(leg: Side, flexion: FloatArray) -> FloatArray:
        thigh, shank = (
            float(np.linalg.norm(neutral[f"{leg}_{b}"] - neutral[f"{leg}_{a}"]))
            for a, b in (("hip", "knee"), ("knee", "ankle"))
        )
        offset = np.einsum("tij,j->ti", pelvis, neutral[f"{leg}_hip"] - neutral["hip"])
        across = (root + offset - ankles[leg])[:, [0, 2]]
        upright = np.sqrt(reach_at(thigh, shank, flexion) ** 2 - (across**2).sum(axis=1))
        return np.asarray(ankles[leg][:, 1] + upright - offset[:, 1])

    wanted = allowed(side, knee_deg)
    other = allowed(free, np.full(len(lift), 0.6 * _STANDING_KNEE_DEG))
    missing = np.maximum(wanted - (other + _LEAST_LIFT_M * lift), 0.0)
    reach = max(1, round(0.10 * fps))
    lowered = maximum_filter1d(missing, 2 * reach + 1, mode="nearest")
    return wanted - gaussian_filter1d(lowered, reach / 2.2, truncate=2.2, mode="nearest")


def _lifted_ankle(
    neutral: Mapping[str, FloatArray], side: Side, hip: FloatArray, lift: FloatArray
) -> tuple[FloatArray, float]:
    """Where the ankle of the free leg hangs, and the pitch of its foot; the knee bends more where the floor is near."""
    thigh_0, shank_0 = (
        neutral[f"{side}_{b}"] - neutral[f"{side}_{a}"] for a, b in (("hip", "knee"), ("knee", "ankle"))
    )
    toe = turn("z", _FREE_FOOT_DEG) @ (neutral[f"{side}_big_toe"] - neutral[f"{side}_ankle"])
    # against a level pelvis: a dropped one would swing the free leg into the standing one
    thigh = thigh_orientation(pelvis_orientation(0.0, _TILT_DEG, np.zeros(len(hip))), side, _FREE_HIP_DEG, -5.0)
    for knee_deg in np.arange(_FREE_KNEE_DEG, 121.0, 5.0):
        shank = shank_orientation(thigh, side, knee_deg)
        ankle = hip + np.einsum("tij,j->ti", thigh, thigh_0) + np.einsum("tij,j->ti", shank, shank_0)
        if (ankle[lift > 0.99, 1] + toe[1] > _CLEARANCE_M).all():
            return ankle, _FREE_FOOT_DEG
    raise InputError("The free foot cannot clear the floor.", "Bend the standing knee less, or drop the pelvis less.")


def _leg_with_frontal_angle(
    neutral: Mapping[str, FloatArray],
    side: Side,
    hip: FloatArray,
    ankle: FloatArray,
    forward: FloatArray,
    wanted_deg: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Solve a leg so that the angle between thigh and shank seen from behind is the wanted one."""
    lateral = 1.0 if side == "right" else -1.0
    thigh_0, shank_0 = (
        neutral[f"{side}_{b}"] - neutral[f"{side}_{a}"] for a, b in (("hip", "knee"), ("knee", "ankle"))
    )

    def slope(down: FloatArray) -> FloatArray:
        return np.asarray(np.degrees(np.arctan2(-down[:, 2], -down[:, 1])))

    aim = wanted_deg
    for _ in range(6):
        thigh, shank = solve_leg(neutral, side, hip, ankle, forward=forward, valgus_deg=aim)
        if not wanted_deg.any():
            break
        seen = lateral * (slope(thigh @ thigh_0) - slope(shank @ shank_0))
        aim = aim + (wanted_deg - seen)
    return thigh, shank
