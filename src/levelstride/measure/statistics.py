"""Why it exists: every mean gets its error in the same way, and every refusal its reason.

Standard error = root of (sampling variance of the mean + instrument variance [+ scale variance]). The instrument part
comes from the library and does not shrink with more steps; with few steps the person's spread is not known from the
data alone and is drawn towards the library's typical spread.
"""

import numpy as np

from levelstride.library.loader import measure_spec, task_spec
from levelstride.measure.results import Limb, Measure, MeasureSide, Quality, Reason
from levelstride.motion.dataset import FloatArray

#: Weight of the typical spread, in steps, when it is pooled with the person's own.
_PRIOR_STEPS = 3


def summarise(
    name: str,
    side: MeasureSide,
    values: FloatArray,
    *,
    limb: Limb,
    relative_scale_error: float = 0.0,
    visible_share: float = 1.0,
    method: str = "",
    extra_instrument_error: float = 0.0,
    center: float | None = None,
) -> Measure:
    """Average step values into one measure with its error.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One value per step or stride, NaN where missing.
    relative_scale_error : float
        Error of pixels per metre, as a share; for lengths and speeds.
    visible_share : float
        Share of the walk in which the leg's points were seen; low shares lower the quality.
    extra_instrument_error : float
        Added in quadrature (for example unknown camera roll), in the measure's unit.
    center : float, optional
        Use this as the value and ``values`` only for the spread (ratios of means).
    """
    spec = measure_spec(name)
    seen = values[np.isfinite(values)]
    n = len(seen)
    if visible_share < task_spec(spec.task).value("gates", "min_visible_share"):
        return refuse(name, side, HIDDEN, n=n, limb=limb)
    if n < spec.min_n:
        return refuse(name, side, too_few(n, spec.min_n), n=n, limb=limb)
    value = float(np.mean(seen)) if center is None else center
    own_variance = float(np.var(seen, ddof=1)) if n > 1 else 0.0
    variance = ((n - 1) * own_variance + _PRIOR_STEPS * spec.typical_sd.value**2) / (n - 1 + _PRIOR_STEPS)
    sampling = float(np.sqrt(variance / n))
    instrument = float(
        np.hypot(instrument_error(name, limb, extra=extra_instrument_error), value * relative_scale_error)
    )
    quality: Quality = "good" if n >= spec.good_n else "fair"
    if visible_share < 0.8 or n < max(spec.min_n, spec.good_n // 2):
        quality = "low" if quality == "fair" or visible_share < 0.6 else "fair"
    return Measure(
        name=name,
        side=side,
        unit=spec.unit,
        value=value,
        standard_error=float(np.hypot(sampling, instrument)),
        sampling_error=sampling,
        instrument_error=instrument,
        n=n,
        sd=float(np.sqrt(own_variance)) if n > 1 else None,
        limb=limb,
        quality=quality,
        method=method,
    )


def instrument_error(name: str, limb: Limb, *, extra: float = 0.0) -> float:
    """Return the standard error that more steps do not remove, from the library; ``extra`` is added in quadrature."""
    error = measure_spec(name).instrument_error
    base = {"near": error.near, "far": error.far, "mixed": (error.near + error.far) / 2}[limb]
    return float(np.hypot(base, extra))


def refuse(name: str, side: MeasureSide, reason: Reason, *, n: int = 0, limb: Limb = "mixed") -> Measure:
    """Return a measure that says why it has no value."""
    return Measure(
        name=name,
        side=side,
        unit=measure_spec(name).unit,
        value=None,
        standard_error=None,
        n=n,
        limb=limb,
        quality=None,
        not_measurable=reason,
    )


def too_few(n: int, needed: int) -> Reason:
    """Return the reason for a measure with too few steps or strides."""
    if n == 0:
        return Reason(
            code="not_seen",
            text="the points it needs were not seen throughout any stride",
            fix="Film the whole body, head to feet, in good light, with nothing in front.",
        )
    return Reason(
        code="too_few",
        text=f"seen {n} time{'' if n == 1 else 's'}, at least {needed} needed",
        fix="Film more steps: several passes, or a longer walkway.",
    )


NO_SCALE = Reason(
    code="no_scale",
    text="metres need the person's height or a known scale",
    fix="Give the height: --height 1.72 (metres).",
)

HIDDEN = Reason(
    code="hidden",
    text="the leg was hidden for most of the walk",
    fix="Film with nothing in front of the legs, in clothes that show them; walk past in the other direction, too.",
)
