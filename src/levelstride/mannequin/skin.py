"""Why it exists: the same orientations that give the true joint angles also move the skin, so picture and truth agree.

Linear blend skinning with one refinement: at every joint a helper turned half-way takes over where both neighbours pull
alike, so hip, knee and waist keep their thickness when they bend.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from levelstride.anatomy.body import SEGMENTS, complete_orientation, segment_origins
from levelstride.mannequin.body import Body
from levelstride.motion.dataset import FloatArray

#: Joints with a helper: child segment -> its parent.
HELPERS: dict[str, str] = {segment: parent for segment, (parent, _) in SEGMENTS.items() if parent}


def skin(body: Body, orientation: Mapping[str, FloatArray], root: FloatArray) -> npt.NDArray[np.float32]:
    """Move a body's skin.

    Parameters
    ----------
    body : Body
    orientation : mapping of str to ndarray, shape (time, 3, 3)
        By segment, turning it from neutral; a segment left out keeps its parent's orientation.
    root : ndarray, shape (time, 3)
        Position of ``hip``, metres.

    Returns
    -------
    ndarray of float32, shape (time, V, 3)
        Metres, world frame. About 0.15 MB a frame; for long walks take :func:`skin_frames`.
    """
    frames = list(skin_frames(body, orientation, root))
    return np.stack(frames) if frames else np.empty((0, len(body.vertices), 3), dtype=np.float32)


def skin_frames(
    body: Body, orientation: Mapping[str, FloatArray], root: FloatArray
) -> Iterator[npt.NDArray[np.float32]]:
    """Yield the skin of one frame after another, each of shape (V, 3); otherwise as :func:`skin`."""
    blend = blend_matrix(body)
    for motion in segment_motions(body, orientation, root):
        yield blend @ motion


def segment_motions(body: Body, orientation: Mapping[str, FloatArray], root: FloatArray) -> npt.NDArray[np.float32]:
    """Return how segments, then helpers, move: rotations transposed with their offsets below, by frame.

    Returns
    -------
    ndarray of float32, shape (time, 4 * (segments + helpers), 3)
        Fits :func:`blend_matrix`.
    """
    complete = complete_orientation(orientation)
    origins = segment_origins(body.joints, complete, root)
    count = len(root)
    pivots = {segment: body.joints[joint] for segment, (_, joint) in SEGMENTS.items()}
    turned = {segment: np.broadcast_to(matrix, (count, 3, 3)) for segment, matrix in complete.items()}
    parts = [(turned[segment], segment) for segment in SEGMENTS]
    parts += [(half_way(turned[parent], turned[child]), child) for child, parent in HELPERS.items()]
    motions = np.empty((count, len(parts), 4, 3), dtype=np.float32)
    for index, (matrix, segment) in enumerate(parts):
        motions[:, index, :3] = matrix.transpose(0, 2, 1)
        motions[:, index, 3] = origins[segment] - np.einsum("tij,j->ti", matrix, pivots[segment])
    return motions.reshape(count, 4 * len(parts), 3)


def half_way(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the orientation in the middle of two, shape (time, 3, 3)."""
    if not len(first):
        return np.empty((0, 3, 3))
    between = Rotation.from_matrix(first.transpose(0, 2, 1) @ second).as_rotvec()
    return np.asarray(first @ Rotation.from_rotvec(0.5 * between).as_matrix())


@lru_cache(maxsize=8)
def blend_matrix(body: Body) -> npt.NDArray[np.float32]:
    """Return weights and neutral skin in one matrix: one product with :func:`segment_motions` moves the skin.

    Returns
    -------
    ndarray of float32, shape (V, 4 * (segments + helpers))
    """
    weights = helper_weights(body.weights)
    homogeneous = np.concatenate([body.vertices, np.ones((len(body.vertices), 1))], axis=1)
    return np.asarray((weights[:, :, None] * homogeneous[:, None, :]).reshape(len(weights), -1), dtype=np.float32)


def helper_weights(weights: FloatArray) -> FloatArray:
    """Hand over to the helpers what parent and child pull alike.

    A vertex held half by each side of a joint goes to the helper alone, one held by one side only does not. For small
    bends nothing changes.

    Parameters
    ----------
    weights : ndarray, shape (V, segments)

    Returns
    -------
    ndarray, shape (V, segments + helpers)
        Rows sum to what they summed to.
    """
    names = list(SEGMENTS)
    joined = [(names.index(child), names.index(parent)) for child, parent in HELPERS.items()]
    around = np.zeros_like(weights)  # what a segment's neighbours hold: it shares itself out among them in proportion
    for child, parent in joined:
        around[:, child] += weights[:, parent]
        around[:, parent] += weights[:, child]
    around = np.maximum(around, 1e-12)
    segments, helpers = weights.copy(), np.zeros((len(weights), len(joined)))
    for index, (child, parent) in enumerate(joined):
        product = weights[:, child] * weights[:, parent]
        alike = product / np.maximum(np.maximum(around[:, child], around[:, parent]), 1e-12)
        segments[:, child] -= alike
        segments[:, parent] -= alike
        helpers[:, index] = 2.0 * alike
    return np.concatenate([segments, helpers], axis=1)
