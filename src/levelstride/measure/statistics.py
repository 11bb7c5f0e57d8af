"""Why it exists: every mean gets its error in the same way, and every refusal its reason.

Standard error = root of (sampling variance of the mean + instrument variance [+ scale variance]). The instrument part
comes from the library and does not shrink with more steps; with few steps the person's spread is not known from the
data alone and is drawn towards the library's typical spread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from levelstride.library.loader import measure_spec, task_spec
from levelstride.measure.results import Limb, Measure, MeasureSide, Quality, Reason
from levelstride.motion.dataset import FloatArray

#: Weight of the typical spread, in steps, when it is pooled with the person's own.
_PRIOR_STEPS = 3


@dataclass(frozen=True)
class Readings:
    """What was read of one measure, step by step, before it is averaged; recordings are pooled at this point.

    Attributes
    ----------
    task : str
        Whose gates apply.
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
    refusal : Reason, optional
        Why there is nothing to average.
    """

    task: str
    name: str
    side: MeasureSide
    values: FloatArray
    limb: Limb
    relative_scale_error: float = 0.0
    visible_share: float = 1.0
    method: str = ""
    extra_instrument_error: float = 0.0
    center: float | None = None
    refusal: Reason | None = None

    @property
    def n(self) -> int:
        """Number of values seen."""
        return int(np.isfinite(self.values).sum())


def refused(task: str, name: str, side: MeasureSide, reason: Reason, *, limb: Limb = "mixed") -> Readings:
    """Return readings that say why there are none."""
    return Readings(task, name, side, np.array([]), limb, refusal=reason)


def pool(readings: Sequence[Readings]) -> Readings:
    """Put the readings of one measure and side from several recordings together.

    Means weigh every step alike; what more recordings do not remove (instrument, scale) is not divided by their number.
    """
    useful = [r for r in readings if r.refusal is None]
    if len(readings) == 1 or not useful:
        return readings[0]
    weights = np.array([max(r.n, 1e-9) for r in useful])
    limbs = {r.limb for r in useful}
    centers = [r.center if r.center is not None else float(np.nanmean(r.values)) if r.n else 0.0 for r in useful]
    return replace(
        useful[0],
        values=np.concatenate([r.values for r in useful]),
        limb=useful[0].limb if len(limbs) == 1 else "mixed",
        relative_scale_error=float(np.average([r.relative_scale_error for r in useful], weights=weights)),
        visible_share=float(np.average([r.visible_share for r in useful], weights=weights)),
        method="; ".join(dict.fromkeys(r.method for r in useful if r.method)),
        extra_instrument_error=float(
            np.sqrt(np.average([r.extra_instrument_error**2 for r in useful], weights=weights))
        ),
        center=float(np.average(centers, weights=weights)) if useful[0].center is not None else None,
    )


def summarise(readings: Readings) -> Measure:
    """Average readings into one measure with its error, or say why not."""
    r = readings
    spec = measure_spec(r.name)
    if r.refusal is not None:
        return refuse(r.name, r.side, r.refusal, limb=r.limb)
    seen = r.values[np.isfinite(r.values)]
    n = len(seen)
    if r.visible_share < task_spec(r.task).value("gates", "min_visible_share"):
        return refuse(r.name, r.side, HIDDEN, n=n, limb=r.limb)
    if n < spec.min_n:
        return refuse(r.name, r.side, too_few(n, spec.min_n), n=n, limb=r.limb)
    value = float(np.mean(seen)) if r.center is None else r.center
    own_variance = float(np.var(seen, ddof=1)) if n > 1 else 0.0
    variance = ((n - 1) * own_variance + _PRIOR_STEPS * spec.typical_sd.value**2) / (n - 1 + _PRIOR_STEPS)
    sampling = float(np.sqrt(variance / n))
    instrument = float(
        np.hypot(instrument_error(r.name, r.limb, extra=r.extra_instrument_error), value * r.relative_scale_error)
    )
    quality: Quality = "good" if n >= spec.good_n else "fair"
    if r.visible_share < 0.8 or n < max(spec.min_n, spec.good_n // 2):
        quality = "low" if quality == "fair" or r.visible_share < 0.6 else "fair"
    return Measure(
        name=r.name,
        side=r.side,
        unit=spec.unit,
        value=value,
        standard_error=float(np.hypot(sampling, instrument)),
        sampling_error=sampling,
        instrument_error=instrument,
        n=n,
        sd=float(np.sqrt(own_variance)) if n > 1 else None,
        limb=r.limb,
        quality=quality,
        method=r.method,
    )


def instrument_error(name: str, limb: Limb, *, extra: float = 0.0) -> float:
    """Return the standard error that more steps do not remove, from the library; ``extra`` is added in quadrature."""
    error = measure_spec(name).instrument_error
    return float(np.hypot(error.of(limb), extra))


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
