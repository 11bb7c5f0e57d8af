"""Why it exists: a walk needs a body to be seen; these are skinned people whose every joint is known to the millimetre.

The files in ``bodies/`` are baked by ``scripts/bake_bodies.py`` (origin and licences: ``bodies/NOTICE``). A body stands
in the neutral pose of :mod:`levelstride.anatomy.body`: metres, floor at Y = 0, ``hip`` above the origin.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from levelstride.anatomy.body import SEGMENTS
from levelstride.errors import InputError, LevelstrideError
from levelstride.motion.dataset import FloatArray

#: The people there are, from the smallest to the tallest.
BODY_NAMES: tuple[str, ...] = ("woman_full", "woman_slim", "man_average", "man_heavy")

#: What a vertex can be coloured as; labels are places in this list (as in :mod:`levelstride.mannequin.scene`).
LABELS: tuple[str, ...] = ("skin", "hair", "top", "trousers", "shoes")

_BODIES = files("levelstride.mannequin") / "bodies"
_TOPOLOGY = "topology"


@dataclass(frozen=True, eq=False)
class Body:
    """A skinned person in neutral pose.

    Parameters
    ----------
    name : str
    stature_m : float
        Height of the top of the head (hair included) above the floor.
    vertices : ndarray of float64, shape (V, 3)
        Skin in neutral pose, metres; X forward, Y up, Z right; symmetric left to right.
    faces : ndarray of int64, shape (T, 3)
        Triangles, counter-clockwise seen from outside.
    weights : ndarray of float64, shape (V, 13)
        How much each segment, in the order of :data:`levelstride.anatomy.body.SEGMENTS`, carries a vertex; rows sum
        to one, at most four are not zero.
    joints : mapping of str to ndarray, shape (3,)
        All :data:`levelstride.anatomy.body.POINTS` in neutral, metres; fit for :func:`levelstride.anatomy.body.place`.
    landmarks : mapping of str to int
        Vertices on the surface: ``left_``/``right_`` with ``asis``, ``psis``, ``iliac_crest``, ``heel``, ``big_toe``,
        ``ear``; ``nose``; ``head``.
    zones : ndarray of uint8, shape (V,)
        Finest division for clothing, places in ``zone_names``.
    zone_names : tuple of str
    mirror : ndarray of int64, shape (V,)
        The vertex at the same place on the other side.
    labels : ndarray of uint8, shape (V,)
        Places in :data:`LABELS`; by default long trousers and short sleeves. :meth:`dressed` gives other clothes.
    """

    name: str
    stature_m: float
    vertices: FloatArray = field(repr=False)
    faces: npt.NDArray[np.int64] = field(repr=False)
    weights: FloatArray = field(repr=False)
    joints: Mapping[str, FloatArray] = field(repr=False)
    landmarks: Mapping[str, int] = field(repr=False)
    zones: npt.NDArray[np.uint8] = field(repr=False)
    zone_names: tuple[str, ...] = field(repr=False)
    mirror: npt.NDArray[np.int64] = field(repr=False)
    labels: npt.NDArray[np.uint8] = field(repr=False)

    def scaled(self, height_m: float) -> "Body":
        """Return the same build at another stature.

        Raises
        ------
        InputError
            When the height is not that of an adult or a child who walks (0.5 to 2.5 m).
        """
        if not 0.5 <= height_m <= 2.5:
            raise InputError(f"No body is {height_m:g} m tall.", "Give a height between 0.5 and 2.5 m.")
        factor = height_m / self.stature_m
        joints = MappingProxyType({name: at * factor for name, at in self.joints.items()})
        return replace(self, stature_m=height_m, vertices=self.vertices * factor, joints=joints)

    def dressed(self, *, trousers: bool = True, sleeves: bool = False) -> "Body":
        """Return the same body in other clothes: long trousers or shorts, long sleeves or short ones."""
        return replace(self, labels=dress(self.zones, self.zone_names, trousers=trousers, sleeves=sleeves))


def dress(
    zones: npt.NDArray[np.uint8], zone_names: tuple[str, ...], *, trousers: bool = True, sleeves: bool = False
) -> npt.NDArray[np.uint8]:
    """Return what each vertex is coloured as.

    Parameters
    ----------
    zones : ndarray of uint8, shape (V,)
    zone_names : tuple of str
    trousers : bool
        Down to the ankles; otherwise shorts that end above the knee.
    sleeves : bool
        Down to the wrists; otherwise a T-shirt.

    Returns
    -------
    ndarray of uint8, shape (V,)
        Places in :data:`LABELS`.
    """
    worn = {
        "skin": "skin",
        "hair": "hair",
        "eye": "hair",  # dark, so that a pose model finds a face
        "torso": "top",
        "upper_sleeve": "top",
        "lower_sleeve": "top" if sleeves else "skin",
        "pelvis": "trousers",
        "upper_leg": "trousers",
        "lower_leg": "trousers" if trousers else "skin",
        "shoe": "shoes",
    }
    return np.array([LABELS.index(worn[zone]) for zone in zone_names], dtype=np.uint8)[zones]


def load_body(name: str) -> Body:
    """Load a body.

    Parameters
    ----------
    name : str
        One of :data:`BODY_NAMES`.

    Raises
    ------
    InputError
        When there is no such body.
    LevelstrideError
        When a file is missing or differs from the manifest.
    """
    if name not in BODY_NAMES:
        raise InputError(f"There is no body called {name!r}.", f"Choose one of: {', '.join(BODY_NAMES)}.")
    return _load(name)


@cache
def _load(name: str) -> Body:
    manifest = read_manifest()
    quantum = float(manifest["quantum_m"])
    shared = _arrays(_TOPOLOGY, manifest)
    own = _arrays(name, manifest)
    if tuple(shared["segments"]) != tuple(SEGMENTS):
        raise LevelstrideError("The bodies were baked for other segments.", "Run scripts/bake_bodies.py again.")
    count = len(shared["zones"])
    weights = np.zeros((count, len(SEGMENTS)))
    np.add.at(weights, (np.arange(count)[:, None], shared["weight_segments"]), shared["weights"].astype(float))
    weights /= weights.sum(1, keepdims=True)
    vertices = own["vertices"].astype(float) * quantum
    zone_names = tuple(str(zone) for zone in shared["zone_names"])
    zones = shared["zones"]
    joints = {
        str(point): at.astype(float) * quantum for point, at in zip(own["joint_names"], own["joints"], strict=True)
    }
    body = Body(
        name=name,
        stature_m=float(vertices[:, 1].max()),
        vertices=vertices,
        faces=shared["faces"].astype(np.int64),
        weights=weights,
        joints=MappingProxyType(joints),
        landmarks=MappingProxyType(
            {str(point): int(at) for point, at in zip(shared["landmark_names"], shared["landmarks"], strict=True)}
        ),
        zones=zones,
        zone_names=zone_names,
        mirror=shared["mirror"].astype(np.int64),
        labels=dress(zones, zone_names),
    )
    for array in (body.vertices, body.faces, body.weights, body.zones, body.mirror, body.labels, *joints.values()):
        array.flags.writeable = False  # one copy serves all
    return body


def read_manifest() -> dict[str, Any]:
    """Return what ``bodies/manifest.json`` says: files with hash, size and parameters, and the licence."""
    try:
        manifest: dict[str, Any] = json.loads((_BODIES / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LevelstrideError("The bodies' manifest is missing.", "Install the package again.") from error
    return manifest


def _arrays(name: str, manifest: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    file = f"{name}.npz"
    try:
        content = (_BODIES / file).read_bytes()
    except FileNotFoundError as error:
        raise LevelstrideError(f"The body file {file} is missing.", "Install the package again.") from error
    return unpack(file, content, manifest["files"][file]["sha256"])


def unpack(file: str, content: bytes, sha256: str) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of a body file.

    Raises
    ------
    LevelstrideError
        When the content is not the one with this hash.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        raise LevelstrideError(
            f"The body file {file} is not the one in the manifest.",
            "Install the package again, or bake the bodies again.",
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}
