"""Why it exists: the weights are built on each machine, so each machine proves that they are the pinned ones."""

import hashlib
import json
import math
from importlib.resources import files

import flatbuffers
import pytest
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

FOLDER = files("levelstride.recording.weights")
LANDMARKS = ["pose_landmarks_lite.tflite", "pose_landmarks_full.tflite", "pose_landmarks_heavy.tflite"]
DETECTOR = "pose_detector.tflite"


@pytest.fixture(scope="module")
def manifest():
    return json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))


def read_model(name):
    data = (FOLDER / name).read_bytes()
    return schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(data, 0))


def normalization(model):
    """Read (mean, std) out of the metadata block: ModelMetadata > subgraph > input tensor > process unit."""
    (entry,) = [entry for entry in model.metadata if entry.name == b"TFLITE_METADATA"]
    block = bytearray(model.buffers[entry.buffer].data.tobytes())
    assert block[4:8] == b"M001"

    def slot(table, number):
        return table.Offset(4 + 2 * number)

    def only_item(table, number):
        offset = slot(table, number)
        assert table.VectorLen(offset) == 1
        return flatbuffers.table.Table(block, table.Indirect(table.Vector(offset)))

    def only_float(table, number):
        offset = slot(table, number)
        assert table.VectorLen(offset) == 1
        return table.Get(flatbuffers.number_types.Float32Flags, table.Vector(offset))

    root = flatbuffers.table.Table(block, flatbuffers.encode.Get(flatbuffers.packer.uoffset, block, 0))
    unit = only_item(only_item(only_item(root, 3), 2), 4)
    assert unit.Get(flatbuffers.number_types.Uint8Flags, unit.Pos + slot(unit, 0)) == 1  # NormalizationOptions
    options = flatbuffers.table.Table(block, unit.Indirect(unit.Pos + slot(unit, 1)))
    return only_float(options, 0), only_float(options, 1)


def test_hashes_match_the_manifest(manifest):
    assert sorted(manifest["files"]) == sorted([DETECTOR, *LANDMARKS])
    for name, entry in manifest["files"].items():
        data = (FOLDER / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], name
        assert len(data) == entry["bytes"] < entry["source_bytes"], name


def test_origin_is_stated(manifest):
    assert (manifest["package"], manifest["version"]) == ("@mediapipe/pose", "0.5.1675469404")
    notice = (FOLDER / "NOTICE").read_text(encoding="utf-8")
    for entry in manifest["files"].values():
        assert entry["source"] in notice
    assert manifest["version"] in notice


def test_all_weights_together_stay_below_45_megabytes(manifest):
    assert sum(len((FOLDER / name).read_bytes()) for name in manifest["files"]) <= 45_000_000


def test_build_proved_every_kept_output_bit_identical(manifest):
    assert {entry["bit_identical_on_inputs"] for entry in manifest["files"].values()} == {10}


@pytest.mark.parametrize("name", LANDMARKS)
def test_segmentation_head_is_gone(name):
    model = read_model(name)
    (graph,) = model.subgraphs
    largest = max(math.prod(tensor.shape) for tensor in graph.tensors if 256 in list(tensor.shape)[1:3])
    assert largest == 256 * 256 * 3  # the input picture; the head worked on 256 x 256 x 8
    assert not any(list(tensor.shape) == [1, 256, 256, 1] for tensor in graph.tensors)
    used = {int(t) for op in graph.operators for t in (*op.inputs, *op.outputs)} | {int(t) for t in graph.inputs}
    assert used == set(range(len(graph.tensors)))
    read = {int(t) for op in graph.operators for t in op.inputs} | {int(t) for t in graph.outputs}
    assert all(any(int(t) in read for t in op.outputs) for op in graph.operators)


@pytest.mark.parametrize("name", LANDMARKS)
def test_five_outputs_keep_their_order(name):
    net = Interpreter(model_content=(FOLDER / name).read_bytes(), num_threads=1)
    net.allocate_tensors()
    shapes = [tuple(int(n) for n in detail["shape"]) for detail in net.get_output_details()]
    assert shapes == [(1, 195), (1, 1), (1, 1), (1, 64, 64, 39), (1, 117)]
    assert net.get_output_details()[1]["index"] == net.get_output_details()[2]["index"]


def test_detector_outputs():
    net = Interpreter(model_content=(FOLDER / DETECTOR).read_bytes(), num_threads=1)
    net.allocate_tensors()
    assert [tuple(int(n) for n in d["shape"]) for d in net.get_output_details()] == [(1, 2254, 12), (1, 2254, 1)]


@pytest.mark.parametrize(
    ("name", "mean", "std"), [(DETECTOR, 127.5, 127.5), *[(landmarks, 0.0, 255.0) for landmarks in LANDMARKS]]
)
def test_metadata_states_the_normalization(name, mean, std, manifest):
    assert normalization(read_model(name)) == (mean, std)
    entry = manifest["files"][name]
    assert (entry["input_mean"], entry["input_std"]) == (mean, std)


@pytest.mark.parametrize("name", [DETECTOR, *LANDMARKS])
def test_buffers_are_aligned_to_16_bytes(name):
    data = (FOLDER / name).read_bytes()
    model = schema.Model.GetRootAsModel(data, 0)
    filled = [model.Buffers(i) for i in range(model.BuffersLength()) if model.Buffers(i).DataLength()]
    assert filled
    assert all(buffer._tab.Vector(buffer._tab.Offset(4)) % 16 == 0 for buffer in filled)
