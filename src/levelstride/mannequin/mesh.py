"""Why it exists: what is made of meshes once, before anything is drawn: their checks, normals, soft hems, and the room.

Vertices V, triangles T; labels are places in :data:`levelstride.mannequin.scene.LABELS`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from levelstride.errors import InputError
from levelstride.mannequin.scene import LABELS, Look
from levelstride.motion.dataset import FloatArray

_GROUND_HALF_M = 90.0


def label_numbers(labels: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return labels as numbers, shape (V,); words are looked up. ``InputError`` for what is no label."""
    if labels.dtype.kind in "US":
        words = labels.astype(str)
        unknown = sorted(set(words.tolist()) - set(LABELS))
        if unknown:
            raise InputError(f"There is no label {unknown[0]!r}.", f"Use {', '.join(LABELS)}.")
        return np.array([LABELS.index(word) for word in words.tolist()], dtype=np.int64)
    numbers = labels.astype(np.int64)
    if labels.dtype.kind not in "iu" or numbers.ndim != 1 or not np.isin(numbers, range(len(LABELS))).all():
        raise InputError(
            "Vertex labels must be one whole number per vertex.", f"Use 0 to {len(LABELS) - 1}: {', '.join(LABELS)}."
        )
    return numbers


def check_mesh(faces: npt.NDArray[np.int32], n_vertices: int, neutral: npt.NDArray[np.floating] | None) -> None:
    """Raise ``InputError`` unless triangles, vertices and the body at rest fit together."""
    if faces.ndim != 2 or faces.shape[1] != 3 or not len(faces) or faces.min() < 0 or faces.max() >= n_vertices:
        raise InputError(
            f"Faces of shape {faces.shape} do not fit {n_vertices} vertices.", "Give triangles of indices below that."
        )
    if neutral is not None and np.shape(neutral) != (n_vertices, 3):
        raise InputError(
            f"The body at rest has shape {np.shape(neutral)}, not ({n_vertices}, 3).", "Give it vertex by vertex."
        )


def gather_normals(faces: npt.NDArray[np.int32], n_vertices: int, rest: FloatArray | None) -> Any:
    """Return the sparse matrix that sums face normals at vertices, shape (V, T); vertices in one place share theirs."""
    touches = _sparse(faces.ravel(), np.repeat(np.arange(len(faces)), 3), (n_vertices, len(faces)))
    if rest is None:
        return touches
    _, same = np.unique(np.round(rest, 6), axis=0, return_inverse=True)
    belongs = _sparse(np.arange(n_vertices), same.ravel(), (n_vertices, int(same.max()) + 1))
    return belongs @ (belongs.T @ touches)


def label_shares(labels: npt.NDArray[np.int64], faces: npt.NDArray[np.int32]) -> FloatArray:
    """Return how much of each label a vertex has, smoothed over the mesh so that hems do not zigzag; shape (V, 5)."""
    n = len(labels)
    first, second = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).T
    everyone = np.arange(n)
    rows, columns = np.concatenate([first, second, everyone]), np.concatenate([second, first, everyone])
    near = _sparse(rows, columns, (n, n))
    total = near @ np.ones((n, 1))
    shares = np.eye(len(LABELS))[labels]
    for _ in range(6):
        shares = near @ shares / total
    return np.asarray(shares, dtype=float)


def _sparse(rows: npt.NDArray[Any], columns: npt.NDArray[Any], shape: tuple[int, int]) -> Any:
    ones = np.ones(len(rows), dtype=np.float32)
    make: Any = sparse.csr_array
    return make((ones, (rows, columns)), shape=shape)


def room_mesh(look: Look) -> npt.NDArray[np.float32]:
    """Return triangles as rows of x, y, z, metres along, metres up, kind; the floor first; shape (n, 6)."""
    far, (x0, x1), (z0, z1), top = _GROUND_HALF_M, look.room_x_m, look.room_z_m, look.room_height_m
    quads: list[tuple[list[tuple[float, float, float]], int, tuple[int, int]]] = [
        ([(-far, 0, -far), (far, 0, -far), (far, 0, far), (-far, 0, far)], 0, (0, 2)),
        ([(x0, 0, z0), (x0, top, z0), (x1, top, z0), (x1, 0, z0)], 1, (0, 1)),
        ([(x1, 0, z1), (x1, top, z1), (x0, top, z1), (x0, 0, z1)], 1, (0, 1)),
        ([(x0, 0, z1), (x0, top, z1), (x0, top, z0), (x0, 0, z0)], 1, (2, 1)),
        ([(x1, 0, z0), (x1, top, z0), (x1, top, z1), (x1, 0, z1)], 1, (2, 1)),
        ([(x0, top, z1), (x1, top, z1), (x1, top, z0), (x0, top, z0)], 2, (0, 2)),
    ]
    rows: list[list[float]] = [
        [*corners[i], corners[i][along[0]], corners[i][along[1]], kind]
        for corners, kind, along in quads
        for i in (0, 1, 2, 0, 2, 3)
    ]
    return np.array(rows, dtype=np.float32)
