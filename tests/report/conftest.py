"""Why it exists: a small walk made by hand, with known angles, so that report tests need no video and no data."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from scripts import example_report

from levelstride.analysis import Analysis, Examination, Provenance
from levelstride.library.loader import measure_library
from levelstride.measure.gait_side import GaitMeasurement
from levelstride.measure.results import Curve, Event, GaitResult, Measure, Reason, WalkSummary
from levelstride.motion.dataset import make_motion, with_log
from levelstride.motion.sagittal import hip_flexion, knee_flexion
from levelstride.recording.context import RecordingContext
from levelstride.recording.picture import make_picture
from levelstride.recording.pose.subject import Person
from levelstride.recording.read import Recording
from levelstride.recording.video import VideoInfo

FPS, CYCLE, FRAMES = 60.0, 64, 200
TOO_FEW = Reason(code="too_few", text="seen 5 times, at least 6 needed", fix="Film more <steps> & passes.")
UNSEEN = Reason(code="unseen", text="the far foot was hidden", fix="Film the whole body, feet included.")
PARTS = ("ear", "shoulder", "hip", "knee", "ankle", "heel", "big_toe")


def walking_points():
    """Return positions of a figure that walks to the left, with hip and knee angles that follow sines."""
    phase = 2 * np.pi * np.arange(FRAMES) / CYCLE
    x = 900.0 - 4.0 * np.arange(FRAMES)
    points = {}
    for side, shift in (("left", 0.0), ("right", np.pi)):
        thigh = np.radians(22 * np.cos(phase + shift) + 3)
        shank = thigh - np.radians(30 + 25 * np.sin(phase + shift))
        hip = np.stack([x, np.full(FRAMES, 400.0)], axis=1)
        knee = hip + 150 * np.stack([-np.sin(thigh), np.cos(thigh)], axis=1)
        ankle = knee + 150 * np.stack([-np.sin(shank), np.cos(shank)], axis=1)
        points[f"{side}_ear"] = hip + np.array([-12.0, -240.0])
        points[f"{side}_shoulder"] = hip + np.array([-8.0, -180.0])
        points |= {f"{side}_hip": hip, f"{side}_knee": knee, f"{side}_ankle": ankle}
        points |= {f"{side}_heel": ankle + np.array([10.0, 20.0]), f"{side}_big_toe": ankle + np.array([-40.0, 22.0])}
    return points


@pytest.fixture(scope="session")
def motion():
    points = walking_points()
    position = np.stack(list(points.values()), axis=2)[..., None]
    made = make_motion(position, keypoints=tuple(points), fps=FPS, view="left", source_file="walk.mp4")
    made = with_log(made, "drop_unseen", min_confidence=0.3, share_dropped=0.0123)
    return with_log(with_log(made, "butterworth", cutoff_hz=6.0, order=4, zero_lag=True), "polish", strength=3)


def make_measures():
    """Return every measure of the side view: two of them refused, the rest with numbers that can be told apart."""
    measures = []
    library = {name: spec for name, spec in measure_library().measures.items() if "gait_side" in spec.tasks}
    for number, (name, spec) in enumerate(library.items()):
        for side in spec.sides:
            limb = {"left": "near", "right": "far", "both": "mixed"}[side]
            base = {"name": name, "side": side, "unit": spec.unit, "limb": limb}
            refused = {"step_time_asymmetry_pct": TOO_FEW}.get(name)
            if (name, side) == ("peak_knee_flexion_swing_deg", "right"):
                refused = UNSEEN
            if refused:
                measures.append(
                    Measure(**base, value=None, standard_error=None, n=5, quality=None, not_measurable=refused)
                )
                continue
            value = (1 + number) * (1.013 if side == "right" else 1.0) * (-1 if name.startswith("trunk") else 1)
            quality = ("good", "fair", "low")[number % 3]
            measures.append(
                Measure(**base, value=value, standard_error=0.021 * (1 + number), n=6, sd=0.5, quality=quality)
            )
    return tuple(measures)


def make_curves(motion):
    facing = np.full(FRAMES, -1.0)
    curves = []
    for side, first in (("left", 0), ("right", 32)):
        for name, track in (
            ("hip_flexion_deg", hip_flexion(motion, side, facing)[0]),
            ("knee_flexion_deg", knee_flexion(motion, side, facing)),
        ):
            starts = np.arange(first, FRAMES - CYCLE, CYCLE)
            strides = np.array([np.interp(np.linspace(s, s + CYCLE, 101), np.arange(FRAMES), track) for s in starts])
            curves.append(
                Curve(
                    name=name,
                    side=side,
                    unit="deg",
                    limb="near" if side == "left" else "far",
                    n=len(strides),
                    mean=tuple(strides.mean(axis=0)),
                    sd=tuple(strides.std(axis=0)),
                    standard_error=4.0,
                    strides=tuple(tuple(s) for s in strides),
                    toe_off_pct=61.5,
                )
            )
    return tuple(curves)


@pytest.fixture(scope="session")
def gait(motion):
    events = []
    for frame in range(0, FRAMES, CYCLE // 2):
        side, other = ("left", "right") if (frame // 32) % 2 == 0 else ("right", "left")
        events.append(Event(kind="contact", side=side, time_s=frame / FPS, frame=frame, walk=0))
        events.append(Event(kind="toe_off", side=other, time_s=(frame + 7) / FPS, frame=frame + 7, walk=0))
    walk = WalkSummary(start_s=0.0, stop_s=3.2, facing="left", camera_sees="left", steps=7, strides=5)
    return GaitResult(
        task="gait_side",
        measures=make_measures(),
        curves=make_curves(motion),
        events=tuple(events),
        walks=(walk,),
        surface="over ground",
        scale_method="height, ankle to ear",
        notes=("2 foot contacts outside a regular run of steps left out.",),
    )


@pytest.fixture(scope="session")
def analysis(gait, motion):
    video = VideoInfo(
        path=Path("/no/such/walk.mp4"),
        codec="h264",
        pixel_format="yuv420p",
        width_px=1280,
        height_px=720,
        rotation_deg=0,
        fps=FPS,
        duration_s=FRAMES / FPS,
        n_frames=FRAMES,
        picture=make_picture(1280, 720),
    )
    people = tuple(Person(n, 0.0, 3.0, 3.0, 100.0 * n, 400.0, 180.0, 9.0, is_subject=n == 2) for n in (1, 2))
    recording = Recording(
        motion=motion,
        context=RecordingContext(view="left", height_m=1.72),
        video=video,
        people=people,
        frame_times_s=np.arange(FRAMES) / FPS,
        warnings=("People came so close that identity was unclear.",),
    )
    provenance = Provenance(
        software_version="0.1.0",
        python_version="3.11.9",
        created=datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
        source_file="walk <1> & co.mp4",
        source_sha256="ab" * 32,
        model="heavy",
        mode="measure",
    )
    return Analysis((GaitMeasurement(gait, motion, ()),), recording, recording.context, provenance)


@pytest.fixture(scope="session")
def examination(analysis):
    return Examination.of([analysis])


@pytest.fixture(scope="session")
def corridor():
    """Return a walk away from the camera and back, four passes, that leans 2.5° over the left leg."""
    return example_report.corridor_walk()


@pytest.fixture(scope="session")
def mixed(analysis, corridor):
    return Examination.of([analysis, corridor])
