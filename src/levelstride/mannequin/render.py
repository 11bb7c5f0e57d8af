"""Why it exists: moving mannequins become pictures as a phone would film them, at known places, on any processor.

OpenGL through EGL, without a screen: Mesa draws on the processor where there is no graphics card. Points appear where
:meth:`levelstride.motion.camera.Camera.project` says, with pixel centres at whole numbers, as everywhere in the house.
"""

from collections.abc import Sequence
from importlib.resources import files
from types import TracebackType
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from levelstride.errors import InputError
from levelstride.mannequin.mesh import check_mesh, gather_normals, label_numbers, label_shares, room_mesh
from levelstride.mannequin.scene import FLOOR_TEXTURE_M, Look, fabric_texture, floor_texture
from levelstride.motion.camera import Camera
from levelstride.motion.dataset import FloatArray

Picture = npt.NDArray[np.uint8]

_NEAR_M, _FAR_M = 0.05, 200.0
_SHADOW_PX = 320
_SHADOW_HEIGHT_M = 2.6  # greatest height that the shadow map can hold
_SHADOW_STEP_M = 0.25  # its size changes in such steps, so that soft edges do not breathe
_REGION_STEP_PX = 64
_KEPT_TARGETS = 5
_MARGIN_PX = 3


class Renderer:
    """Draw one person in one scene; a context manager that holds the graphics memory.

    ``LP_NUM_THREADS`` (0 = none) limits the threads of Mesa's processor driver when several renderers run side by side.

    Parameters
    ----------
    size_px : (int, int)
        Width and height of the pictures.
    faces : ndarray, shape (T, 3), int
        Triangles, all wound alike.
    vertex_labels : ndarray, shape (V,), int or str
        Places in ``scene.LABELS``, or its words.
    look : Look
    samples : int
        For smooth edges; fewer when the driver has fewer.
    neutral : ndarray, shape (V, 3), optional
        The body at rest, metres: folds of the clothes stay where they are on it. Without it clothes are plain.

    Raises
    ------
    InputError
        If OpenGL or the Python package for it is missing, or shapes do not fit.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        faces: npt.NDArray[np.integer],
        vertex_labels: npt.NDArray[Any],
        look: Look,
        samples: int = 4,
        *,
        neutral: npt.NDArray[np.floating] | None = None,
    ) -> None:
        self.size_px = (int(size_px[0]), int(size_px[1]))
        self.look = look
        self._faces = np.ascontiguousarray(faces, dtype=np.int32)
        labels = label_numbers(np.asarray(vertex_labels))
        self._n_vertices = len(labels)
        check_mesh(self._faces, self._n_vertices, neutral)
        rest = np.zeros((self._n_vertices, 3)) if neutral is None else np.asarray(neutral, dtype=float)
        self._fabric_strength = 0.0 if neutral is None else 1.0
        self._gather = gather_normals(self._faces, self._n_vertices, None if neutral is None else rest)
        self._context: Any = _open_context()
        self._samples = min(samples, self._context.max_samples)
        self._background: Picture = np.zeros((0, 0, 3), dtype=np.uint8)
        self._background_camera: tuple[float, ...] = ()
        self._targets: dict[tuple[int, int], tuple[Any, Any, list[Any]]] = {}
        try:
            self._build(rest, label_shares(labels, self._faces))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the graphics memory back; the renderer draws no more."""
        if self._context is not None:
            self._targets.clear()
            self._context.release()
            self._context = None

    # ------------------------------------------------------------------------------------------- drawing

    def render(self, vertices: npt.NDArray[np.floating], camera: Camera) -> Picture:
        """Draw one moment.

        The same vertices, camera and look give the same bytes on the same machine.

        Parameters
        ----------
        vertices : ndarray, shape (V, 3)
            World, metres, floor at Y = 0.
        camera : Camera
            Its ``size_px`` must be that of the renderer.

        Returns
        -------
        ndarray, shape (height, width, 3)
            RGB, uint8.

        Raises
        ------
        InputError
            If shapes or sizes do not fit, or a vertex is not finite.
        """
        if self._context is None:
            raise InputError("The renderer is closed.", "Draw inside its `with` block.")
        points = np.ascontiguousarray(vertices, dtype=np.float32)
        if points.shape != (self._n_vertices, 3) or not np.isfinite(points).all():
            raise InputError(
                f"Vertices of shape {points.shape} cannot be drawn.",
                f"Give {self._n_vertices} finite points of three coordinates.",
            )
        if camera.size_px != self.size_px:
            raise InputError(
                f"The camera films {camera.size_px} px, the renderer draws {self.size_px} px.", "Use one size for both."
            )
        with self._context:
            picture = self._draw_background(camera).copy()
            place = self._shadow_place(points)
            region = self._region(points, camera, place)
            if region is not None:
                left, top, width, height = region
                patch = self._draw_person(points, camera, place, region)
                picture[top : top + height, left : left + width] = patch[:height, :width, :3]
        return picture

    def expose(self, moments: npt.NDArray[np.floating], cameras: Camera | Sequence[Camera]) -> Picture:
        """Draw several moments into one picture: motion blur.

        Parameters
        ----------
        moments : ndarray, shape (S, V, 3)
            Vertices while the shutter is open, world, metres.
        cameras : Camera or sequence of Camera
            One for all, or one for each moment.

        Returns
        -------
        ndarray, shape (height, width, 3)
            RGB, uint8.
        """
        filming = [cameras] * len(moments) if isinstance(cameras, Camera) else list(cameras)
        if len(filming) != len(moments) or not filming:
            raise InputError(
                f"{len(moments)} moments and {len(filming)} cameras do not fit.", "Give one camera, or one per moment."
            )
        if len(filming) == 1:
            return self.render(moments[0], filming[0])
        light = np.zeros((self.size_px[1], self.size_px[0], 3), dtype=np.float32)
        for vertices, camera in zip(moments, filming, strict=True):
            cv2.accumulateSquare(self.render(vertices, camera), light)
        return np.asarray(np.rint(cv2.sqrt(light / len(filming))), dtype=np.uint8)

    # ---------------------------------------------------------------------------------------- once a scene

    def _build(self, rest: FloatArray, shares: FloatArray) -> None:
        context, look = self._context, self.look
        self._programs = {
            "body": _program(context, "body.vert", "body.frag"),
            "shadow": _program(context, "shadow.vert", "shadow.frag"),
            "place": _program(context, "place.vert", "place.frag"),
            "sky": _program(context, "screen.vert", "sky.frag"),
            "patch": _program(context, "screen.vert", "patch.frag"),
        }
        self._positions = context.buffer(reserve=self._n_vertices * 12, dynamic=True)
        self._normals = context.buffer(reserve=self._n_vertices * 12, dynamic=True)
        index = context.buffer(self._faces.tobytes())
        fixed = context.buffer(np.hstack([rest, shares[:, :4]]).astype(np.float32).tobytes())
        self._body = context.vertex_array(
            self._programs["body"],
            [(self._positions, "3f", "position"), (self._normals, "3f", "normal"), (fixed, "3f 4f", "rest", "share")],
            index_buffer=index,
        )
        self._shadow = context.vertex_array(
            self._programs["shadow"], [(self._positions, "3f", "position")], index_buffer=index
        )
        screen = context.buffer(np.array([-1, -1, 3, -1, -1, 3], dtype=np.float32).tobytes())
        self._sky = context.vertex_array(self._programs["sky"], [(screen, "2f", "corner")])
        self._patch = context.vertex_array(self._programs["patch"], [(screen, "2f", "corner")])
        place = context.buffer(room_mesh(look).tobytes())
        self._place = context.vertex_array(self._programs["place"], [(place, "3f 2f 1f", "position", "along", "kind")])

        pattern = floor_texture(look)
        self._pattern = context.texture(pattern.shape[1::-1], 4, pattern.tobytes())
        self._pattern.build_mipmaps()
        fabric = fabric_texture(look.seed)
        self._fabric = context.texture3d((fabric.shape[2], fabric.shape[1], fabric.shape[0]), 4, fabric.tobytes())
        size = (_SHADOW_PX, _SHADOW_PX)
        self._blockers = context.texture(size, 1, dtype="f4")
        self._blockers.repeat_x = self._blockers.repeat_y = False
        self._blockers.filter = (context.NEAREST, context.NEAREST)
        self._shadow_target = context.framebuffer([self._blockers], context.depth_renderbuffer(size))
        self._shade = context.texture(size, 1, dtype="f1")
        self._shade.repeat_x = self._shade.repeat_y = False
        self._finished = context.texture(self.size_px, 4, dtype="f1")
        self._finished.filter = (context.NEAREST, context.NEAREST)

        outdoor = look.background == "outdoor"
        strength = look.light_strength
        above = np.array([0.66, 0.71, 0.78] if outdoor else [0.62, 0.62, 0.62])
        floor = np.array(look.floor_colour) ** 2
        self._set(
            "body",
            colours=look.label_colours,
            to_light=look.to_light,
            light_strength=strength,
            above=above * (0.6 + 0.4 * strength),
            below=0.16 + 0.34 * floor,
            fabric_strength=self._fabric_strength,
        )
        self._set("shadow", to_light=look.to_light)
        self._set(
            "place",
            pattern_m=FLOOR_TEXTURE_M,
            floor_colour=look.floor_colour,
            wall_colour=look.wall_colour,
            room=(*look.room_x_m, *look.room_z_m),
            room_height=look.room_height_m,
            background=("room", "corridor", "outdoor").index(look.background),
        )

    def _set(self, program: str, **values: Any) -> None:
        """Give a program its uniforms; those that a driver found unused are passed over."""
        known = self._programs[program]
        for name, value in values.items():
            if name in known:
                uniform: Any = known[name]
                if isinstance(value, (int, np.integer)):
                    uniform.value = int(value)
                else:
                    uniform.write(np.ascontiguousarray(value, dtype=np.float32).tobytes())

    def _target(self, size: tuple[int, int]) -> tuple[Any, Any]:
        """Return a target with samples and the one into which they are averaged; the last few sizes are kept."""
        kept = self._targets.pop(size, None)
        if kept is None:
            context, count = self._context, self._samples
            memory = [context.renderbuffer(size, 4), context.depth_renderbuffer(size)]
            sampled = plain = context.framebuffer(memory[0], memory[1])
            if count > 1:
                memory += [
                    context.renderbuffer(size, 4, samples=count),
                    context.depth_renderbuffer(size, samples=count),
                ]
                sampled = context.framebuffer(memory[2], memory[3])
            kept = sampled, plain, memory
        self._targets[size] = kept
        while len(self._targets) > _KEPT_TARGETS:
            sampled, plain, memory = self._targets.pop(next(iter(self._targets)))
            for held in {id(held): held for held in (sampled, plain, *memory)}.values():
                held.release()
        return kept[:2]

    # ---------------------------------------------------------------------------------------- each picture

    def _draw_background(self, camera: Camera) -> Picture:
        """Draw what stands still, once as long as the camera does."""
        seen_from = (*camera.position, *camera.axes.ravel(), camera.focal_px)
        if seen_from == self._background_camera:
            return self._background
        context = self._context
        sampled, plain = self._target(self.size_px)
        sampled.use()
        context.disable(context.CULL_FACE)
        context.enable(context.DEPTH_TEST)
        sampled.clear(0.8, 0.8, 0.8, 0.0)
        self._pattern.use(0)
        if self.look.background == "outdoor":
            context.disable(context.DEPTH_TEST)
            self._set("sky", **_ray_uniforms(camera, (0, 0), self.size_px), pattern=0)
            self._sky.render(context.TRIANGLES)
            context.enable(context.DEPTH_TEST)
        to_picture = picture_matrix(camera, (0, 0), self.size_px)
        self._set("place", to_picture=to_picture.T, eye=camera.position, pattern=0)
        if self.look.background == "outdoor":
            self._place.render(context.TRIANGLES, vertices=6)
        else:
            # Only the inner sides of the walls exist, so a camera may stand outside.
            context.enable(context.CULL_FACE)
            context.front_face = "ccw"
            context.cull_face = "back"
            self._place.render(context.TRIANGLES)
        if sampled is not plain:
            context.copy_framebuffer(plain, sampled)
        pixels = plain.read(components=4, alignment=1)
        self._finished.write(pixels)
        rgba = np.frombuffer(pixels, dtype=np.uint8).reshape(self.size_px[1], self.size_px[0], 4)
        self._background = np.ascontiguousarray(rgba[..., :3])
        self._background_camera = seen_from
        return self._background

    def _shadow_place(self, points: npt.NDArray[np.float32]) -> FloatArray:
        """Return where the shadow map lies: middle x and z, 1 / half its size, height of one unit; shape (4,)."""
        light = self.look.to_light
        on_floor = points[:, ::2] - (light[::2] / light[1]).astype(np.float32) * points[:, 1:2]
        low, high = on_floor.min(axis=0).astype(float), on_floor.max(axis=0).astype(float)
        half = np.ceil((0.5 * float((high - low).max()) + 0.20) / _SHADOW_STEP_M) * _SHADOW_STEP_M
        texel = 2 * half / _SHADOW_PX
        middle = np.rint(0.5 * (low + high) / texel) * texel
        return np.array([*middle, 1 / half, _SHADOW_HEIGHT_M])

    def _region(
        self, points: npt.NDArray[np.float32], camera: Camera, place: FloatArray
    ) -> tuple[int, int, int, int] | None:
        """Return left, top, width, height of the part of the picture that person and shadow can reach, px."""
        half = 1 / place[2] - 0.05
        corners = np.array([[place[0] + x * half, 0.0, place[1] + z * half] for x in (-1, 1) for z in (-1, 1)])
        matrix = np.vstack([camera.axes[:2] * camera.focal_px, camera.axes[2:]])
        eye = np.asarray(camera.position, dtype=float)
        seen = (points - eye.astype(np.float32)) @ matrix.T.astype(np.float32)
        seen = np.vstack([seen, (corners - eye) @ matrix.T])
        width, height = self.size_px
        depth = seen[:, 2]
        if (depth <= _NEAR_M).all():
            return None
        low, high = np.zeros(2), np.array([width, height], dtype=float)
        if (depth > _NEAR_M).all():
            at = seen[:, :2] / depth[:, None] + np.array([width, height]) / 2
            low = np.clip(np.floor(at.min(axis=0)) - _MARGIN_PX, 0, [width, height])
            high = np.clip(np.ceil(at.max(axis=0)) + _MARGIN_PX + 1, 0, [width, height])
        if (high <= low).any():
            return None
        return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])

    def _draw_person(
        self, points: npt.NDArray[np.float32], camera: Camera, place: FloatArray, region: tuple[int, int, int, int]
    ) -> Picture:
        context = self._context
        normals, outward = self._find_normals(points)
        self._positions.write(points.tobytes())
        self._normals.write(normals.tobytes())

        context.enable_only(context.DEPTH_TEST)
        self._set("shadow", blockers_place=place)
        self._shadow_target.use()
        self._shadow_target.clear(0.0)
        self._shadow.render(context.TRIANGLES)
        self._shade.write(self._soft_shadow(1 / float(place[2])))

        corner = region[:2]
        step = _REGION_STEP_PX
        size = (-(-region[2] // step) * step, -(-region[3] // step) * step)
        sampled, plain = self._target(size)
        sampled.use()
        # Only what will be read: the target is rounded up to a few sizes.
        sampled.scissor = (0, 0, region[2], region[3])
        sampled.clear(depth=1.0)
        context.disable(context.DEPTH_TEST)
        self._finished.use(0)
        self._shade.use(1)
        rays = _ray_uniforms(camera, corner, size)
        self._set("patch", **rays, eye=camera.position, blockers_place=place, finished=0, shade=1)
        self._patch.render(context.TRIANGLES)

        context.enable(context.DEPTH_TEST)
        context.enable(context.CULL_FACE)
        # The picture is drawn upside down (its first row first), which turns the winding round.
        context.front_face = "cw" if outward else "ccw"
        context.cull_face = "back"
        self._fabric.use(0)
        self._blockers.use(1)
        to_picture = picture_matrix(camera, corner, size)
        self._set("body", to_picture=to_picture.T, eye=camera.position, blockers_place=place, fabric=0, blockers=1)
        self._body.render(context.TRIANGLES)
        if sampled is not plain:
            context.copy_framebuffer(plain, sampled)
        pixels = plain.read(viewport=(0, 0, size[0], region[3]), components=4, alignment=1)
        return np.frombuffer(pixels, dtype=np.uint8).reshape(region[3], size[0], 4)

    def _find_normals(self, points: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], bool]:
        """Return unit normals that point outwards, shape (V, 3), and whether the faces wind anticlockwise outside."""
        first, second, third = (points[self._faces[:, corner]] for corner in range(3))
        across = np.cross(second - first, third - first)
        # Six times the volume: its sign tells the winding.
        outward = bool(np.einsum("ij,ij->", first - points.mean(axis=0), across) >= 0)
        normals = self._gather @ across
        length = np.sqrt(np.einsum("ij,ij->i", normals, normals))[:, None]
        normals /= np.maximum(length, 1e-12) * (1.0 if outward else -1.0)
        return np.ascontiguousarray(normals, dtype=np.float32), outward

    def _soft_shadow(self, half_m: float) -> bytes:
        """Blur the map of blocked light: crisp under the feet, soft farther away."""
        raw = np.frombuffer(self._shadow_target.read(components=1, dtype="f4", alignment=1), dtype=np.float32)
        heights = raw.reshape(_SHADOW_PX, _SHADOW_PX)
        texel = 2 * half_m / _SHADOW_PX
        whole = (heights > 0).view(np.uint8) * np.uint8(255)
        low = ((heights > 0) & (heights < 0.16 / _SHADOW_HEIGHT_M)).view(np.uint8) * np.uint8(255)
        soft = cv2.GaussianBlur(whole, (0, 0), 0.055 / texel).astype(np.float32)
        crisp = cv2.GaussianBlur(low, (0, 0), 0.016 / texel).astype(np.float32)
        strength = 0.34 * min(self.look.light_strength, 1.3)
        dark = 255.0 - (255.0 - strength * soft) * (1.0 - 0.38 / 255.0 * crisp)
        return np.clip(np.rint(dark), 0, 255).astype(np.uint8).tobytes()


def picture_matrix(camera: Camera, corner_px: tuple[int, int], size_px: tuple[int, int]) -> FloatArray:
    """Return the matrix from the world to OpenGL's clip space for a part of the picture, first row at the bottom.

    Parameters
    ----------
    camera : Camera
    corner_px : (int, int)
        First column and row of the part.
    size_px : (int, int)
        Its width and height.

    Returns
    -------
    ndarray, shape (4, 4)
    """
    right, down, ahead = camera.axes
    rows = []
    for axis, whole, first, size in zip((right, down), camera.size_px, corner_px, size_px, strict=True):
        # Column i is drawn at i + 0.5; half a pixel makes whole numbers the centres.
        rows.append(2 / size * (camera.focal_px * axis + (whole / 2 + 0.5 - first) * ahead) - ahead)
    spread = _FAR_M - _NEAR_M
    rows += [(_FAR_M + _NEAR_M) / spread * ahead, ahead]
    turned = np.array(rows)
    matrix = np.column_stack([turned, -turned @ np.asarray(camera.position, dtype=float)])
    matrix[2, 3] -= 2 * _FAR_M * _NEAR_M / spread
    return matrix


def _ray_uniforms(camera: Camera, corner: tuple[int, int], size: tuple[int, int]) -> dict[str, Any]:
    return {
        "size_px": np.array(size, dtype=float),
        "corner_px": np.array(corner, dtype=float),
        "middle_px": np.array(camera.size_px, dtype=float) / 2,
        "focal_px": camera.focal_px * 1.0,
        "axes": camera.axes,  # its rows are the columns of the shader
    }


def _open_context() -> Any:
    try:
        import moderngl
    except ImportError as problem:
        raise InputError(
            "Drawing mannequins needs the Python package moderngl, which is not installed.",
            'Run, in the environment of levelstride: pip install "moderngl>=5.12"',
        ) from problem
    try:
        # The GL functions come through EGL too: no other library is needed.
        names: Any = {"backend": "egl", "libgl": "libEGL.so.1", "libegl": "libEGL.so.1"}
        context: Any = moderngl.create_context(standalone=True, **names)
    except Exception as problem:  # the package raises bare exceptions
        raise InputError(
            f"Drawing mannequins needs OpenGL through EGL, which this machine does not offer ({problem}).",
            "On Debian or Ubuntu, as root: apt install libegl1 libgl1-mesa-dri",
        ) from problem
    context.gc_mode = "context_gc"
    return context


def _program(context: Any, vertex: str, fragment: str) -> Any:
    folder = files("levelstride.mannequin") / "shaders"
    return context.program(
        vertex_shader=(folder / vertex).read_text(encoding="utf-8"),
        fragment_shader=(folder / fragment).read_text(encoding="utf-8"),
    )
