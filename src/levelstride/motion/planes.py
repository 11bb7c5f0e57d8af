"""Why it exists: a motion in space is measured by the same rules as a picture: seen square from one side.

The "picture" is an orthographic projection in millimetres, so no perspective, no roll and no guess of scale are left.
"""

import numpy as np
import xarray as xr

from levelstride.motion.dataset import View, make_motion, read_log, with_log

#: Pixels per metre of the virtual picture.
PX_PER_M = 1000.0


def seen_square(motion: xr.Dataset, view: View) -> xr.Dataset:
    """Project a motion in space onto the picture of a camera infinitely far away.

    Parameters
    ----------
    motion : xarray.Dataset
        World frame (X forward, Y up, Z right), metres.
    view : {"left", "right", "back", "front"}

    Returns
    -------
    xarray.Dataset
        Image frame, px, :data:`PX_PER_M` to the metre; its log says where it comes from.

    Raises
    ------
    ValueError
        If the motion has no third dimension.
    """
    if motion.sizes["space"] != 3:
        raise ValueError(f"Expected a motion in three dimensions, but got {motion.sizes['space']}")
    across = {"right": (0, 1.0), "left": (0, -1.0), "back": (2, 1.0), "front": (2, -1.0)}
    axis, sign = across[view]
    position = motion.position.values
    picture = np.stack([sign * position[:, axis], -position[:, 1]], axis=1) * PX_PER_M
    seen = np.isfinite(picture).all(axis=1)
    confidence = np.where(seen, np.nan_to_num(motion.confidence.values, nan=1.0), 0.0)
    flat = make_motion(
        picture,
        confidence,
        keypoints=[str(n) for n in motion.keypoints.values],
        fps=float(motion.attrs["fps"]),
        time_s=np.asarray(motion.time.values, dtype=float),
        view=view,
        source_software=str(motion.attrs["source_software"]),
        source_file=str(motion.attrs["source_file"]),
    )
    for entry in read_log(motion):
        flat = with_log(flat, **entry)
    return with_log(flat, "seen_square", view=view, px_per_m=PX_PER_M)
