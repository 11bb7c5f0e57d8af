"""Why it exists: the claim "twice as fast as a plain MediaPipe loop, close to the floor" is rebuilt by one command.

One clip, one model, one run, repeats interleaved, one person followed everywhere (following more costs a network run
each). Compared are ratios: absolute speeds depend on the machine and on who else uses it.

    python -m benchmarks.pose [VIDEO] [--model full] [--repeats 5]
    python -m benchmarks.pose --memory [--minutes 10]
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from benchmarks.results_file import save
from levelstride.recording.frames import read_frames
from levelstride.recording.pose.crop import Window, cut
from levelstride.recording.pose.landmarks import INPUT_PX, LandmarkNet
from levelstride.recording.pose.passes import scout
from levelstride.recording.video import probe

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LEVELSTRIDE_DATA", ROOT.parent / "shared" / "data"))
CLIP = DATA / "sports2d" / "demo.mp4"
# In these frames of the demo clip the walker is in view all the time.
CLIP_FRAMES = range(60, 190)
TARGETS = {"ours_over_mediapipe": 2.0, "ours_over_floor": 0.8}
SEARCH_S = 0.5


def main() -> int:
    """Run the benchmark, print ratios, write the result file; exit 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("video", nargs="?", type=Path, help="default: the demo clip, re-encoded to 1080p H.264")
    parser.add_argument("--model", choices=("lite", "full", "heavy"), default="full")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--height", type=int, default=1080, help="lines of the re-encoded clip")
    parser.add_argument("--npm-package", type=Path, help="unpacked @mediapipe/pose; fetched by npm when not given")
    parser.add_argument("--memory", action="store_true", help="measure peak memory over a long video instead")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--memory-child", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_child:
        return memory_child(options.memory_child)
    with tempfile.TemporaryDirectory() as folder:
        if options.memory:
            return memory(options, Path(folder))
        return speed(options, Path(folder))


def speed(options: argparse.Namespace, folder: Path) -> int:
    """Time the three loops in turn."""
    video = options.video or encode_clip(folder / "clip.mp4", options.height)
    bundle = mediapipe_bundle(options, folder)
    loops: dict[str, Callable[[], int]] = {
        "ours": lambda: our_loop(video, options.model),
        "mediapipe": lambda: mediapipe_loop(video, bundle),
        "floor": lambda: floor_loop(video, options.model),
    }
    rates: dict[str, list[float]] = {name: [] for name in loops}
    cpu_ms: dict[str, list[float]] = {name: [] for name in loops}
    for repeat in range(options.repeats + 1):
        for name, loop in loops.items():
            start, cpu_start = time.perf_counter(), time.process_time()
            n_frames = loop()
            rate = n_frames / (time.perf_counter() - start)
            cpu = 1000 * (time.process_time() - cpu_start) / n_frames
            if repeat:  # the first round warms caches
                rates[name].append(rate)
                cpu_ms[name].append(cpu)
                print(f"{name:10s} {rate:6.1f} frames/s  {cpu:6.1f} ms of processor time per frame", flush=True)
    middle = {name: statistics.median(values) for name, values in rates.items()}
    ratios = {
        "ours_over_mediapipe": middle["ours"] / middle["mediapipe"],
        "ours_over_floor": middle["ours"] / middle["floor"],
    }
    info = probe(video)
    print(f"{info.width_px}x{info.height_px}, model {options.model}, one person, {os.cpu_count()} cores")
    for name, ratio in ratios.items():
        print(f"{name:22s} {ratio:5.2f}   target {TARGETS[name]:.1f}   {'met' if ratio >= TARGETS[name] else 'MISSED'}")
    save(
        f"speed_{options.model}_{info.height_px}p",
        f"python -m benchmarks.pose --model {options.model}",
        {
            "frames_per_s": rates,
            "cpu_ms_per_frame": cpu_ms,
            "load_average": os.getloadavg(),
            "ratios": ratios,
            "targets": TARGETS,
            "size_px": [info.width_px, info.height_px],
            "codec": info.codec,
            "n_frames": n_frames,
            "people": 1,
        },
    )
    return 0 if all(ratio >= TARGETS[name] for name, ratio in ratios.items()) else 1


def our_loop(video: Path, model: Any) -> int:
    """Run the fast mode's only pass: decode, follow one person, keep the landmarks."""
    info = probe(video)
    return len(scout(info, model, max_people=1, detect_every_s=SEARCH_S).times_s)


def floor_loop(video: Path, model: Any) -> int:
    """Decode every frame and run the landmark network once per frame on a fixed crop: nothing else."""
    net = LandmarkNet(model)
    info = probe(video)
    n_frames = 0
    crop = None
    with closing(read_frames(video)) as frames:
        for frame in frames:
            if crop is None:
                window = Window(info.width_px / 2, info.height_px / 2, info.height_px)
                crop = cut(frame, info.picture, window, INPUT_PX, beyond="edge")
            net.network.run(crop)
            n_frames += 1
    return n_frames


def mediapipe_loop(video: Path, bundle: Path) -> int:
    """Run MediaPipe as its documentation shows it: OpenCV capture, RGB, VIDEO mode."""
    import cv2
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    settings = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(bundle)), running_mode=vision.RunningMode.VIDEO
    )
    n_frames = 0
    kept = []
    with vision.PoseLandmarker.create_from_options(settings) as landmarker:
        capture = cv2.VideoCapture(str(video))
        fps = capture.get(cv2.CAP_PROP_FPS)
        while True:
            found, picture = capture.read()
            if not found:
                break
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
            result = landmarker.detect_for_video(image, round(n_frames * 1000 / fps))
            kept.append([(point.x, point.y, point.visibility) for body in result.pose_landmarks for point in body])
            n_frames += 1
        capture.release()
    return n_frames


def mediapipe_bundle(options: argparse.Namespace, folder: Path) -> Path:
    """Write the ``.task`` file MediaPipe asks for, out of the weights as published (nothing pruned)."""
    if importlib.util.find_spec("mediapipe") is None:
        raise SystemExit("mediapipe is missing: run `pip install -r requirements/bench.txt` first.")
    spec = importlib.util.spec_from_file_location("build_weights", ROOT / "scripts" / "build_weights.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    sys.modules["build_weights"] = build
    spec.loader.exec_module(build)
    if options.npm_package:
        sources = {weights.source: (options.npm_package / weights.source).read_bytes() for weights in build.WEIGHTS}
    else:
        (folder / "npm").mkdir()
        sources = build.fetch_sources(folder / "npm")
    unpruned = folder / "unpruned"
    unpruned.mkdir()
    for weights in build.WEIGHTS:
        model = build.read_model(sources[weights.source])
        build.add_metadata(model, replace(weights, prune_segmentation=False))
        (unpruned / weights.name).write_bytes(build.write_model(model))
    build.write_task_bundles(unpruned, folder)
    return folder / f"pose_{options.model}.task"


def encode_clip(target: Path, height: int, n_loops: int = 4) -> Path:
    """Encode the walking part of the demo clip, forward and backward in turn, as a phone would: H.264."""
    if not CLIP.is_file():
        raise SystemExit(f"{CLIP} is missing: give a video, or set LEVELSTRIDE_DATA.")
    with av.open(str(CLIP)) as source:
        frames = [
            frame.reformat(width=round(height * 16 / 9 / 2) * 2, height=height, format="yuv420p")
            for i, frame in enumerate(source.decode(video=0))
            if i in CLIP_FRAMES
        ]
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "20", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = frames[0].width, height, "yuv420p"
        for n in range(n_loops):
            for k, frame in enumerate(frames if n % 2 == 0 else frames[::-1]):
                frame.pts = n * len(frames) + k
                frame.time_base = Fraction(1, 30)
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target


def memory(options: argparse.Namespace, folder: Path) -> int:
    """Compare peak memory after one minute of video with the peak at the end of both passes."""
    video = loop_packets(encode_clip(folder / "short.mp4", 240, n_loops=2), folder / "long.mp4", options.minutes)
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.pose", "--memory-child", str(video)],
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        raise SystemExit(child.stderr)
    figures = json.loads(child.stdout.splitlines()[-1])
    growth = figures["end_mb"] / figures["one_minute_mb"]
    print(f"{figures['n_frames']} frames: peak {figures['one_minute_mb']:.0f} MB after one minute of video, "
          f"{figures['end_mb']:.0f} MB at the end (x {growth:.3f})")  # fmt: skip
    save("memory", "python -m benchmarks.pose --memory", {**figures, "growth": growth, "minutes": options.minutes})
    return 0 if growth < 1.1 else 1


def memory_child(video: Path) -> int:
    """Read the video as measuring does, in two passes (lite network in both), and report peak memory along the way."""
    from levelstride.recording.context import RecordingContext
    from levelstride.recording.read import read_video

    info = probe(video)
    seen: dict[int, float] = {}

    def note(_stage: str, done: int, _total: int | None) -> None:
        seen.setdefault(done, peak_mb())

    recording = read_video(video, RecordingContext(view="left"), mode="measure", model="lite", on_progress=note)
    one_minute = seen[min(seen, key=lambda done: abs(done - 60 * info.fps))]
    print(json.dumps({"n_frames": recording.video.n_frames, "one_minute_mb": one_minute, "end_mb": peak_mb()}))
    return 0


def loop_packets(source: Path, target: Path, minutes: float) -> Path:
    """Repeat a clip's packets, unchanged, until the file is long enough."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        template = given.streams.video[0]
        stream = made.add_stream_from_template(template)
        length = round(template.duration or 0)
        end = minutes * 60 / float(template.time_base or 1)
        for packet in repeated(source, length, end):
            packet.stream = stream
            made.mux(packet)
    return target


def repeated(source: Path, length: int, end: float) -> Iterator[Any]:
    """Yield the packets of a file again and again, each round later by its length, until ``end``."""
    shift = 0
    while shift < end:
        with av.open(str(source)) as container:
            for packet in container.demux(video=0):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += shift
                packet.dts += shift
                yield packet
        shift += length


def peak_mb() -> float:
    """Return the largest resident memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())
