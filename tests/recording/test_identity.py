"""Who is who, on fabricated people: no pictures needed."""

import numpy as np
import pytest

from levelstride.anatomy.keypoints import BLAZEPOSE_33
from levelstride.errors import InputError
from levelstride.recording.pose.crop import Window
from levelstride.recording.pose.identity import Candidate, Meetings, match, owner, plausible, same_body
from levelstride.recording.pose.landmarks import Landmarks
from levelstride.recording.pose.subject import list_people
from levelstride.recording.pose.track import Track
from levelstride.recording.pose.windows import smooth_windows

SIZE = 600.0
DT = 1 / 30
RED, BLUE = np.array([3.0, 15, 25, 3, 15, 25]), np.array([3.0, 25, 15, 2, 25, 15])

HEIGHTS = {"shoulder": -130, "hip": 0, "knee": 110, "ankle": 215}


def body(x, y=500.0, swing=0.0, size=SIZE):
    points = np.full((33, 2), (x, y - 170.0))
    for i, name in enumerate(BLAZEPOSE_33):
        side, _, joint = name.partition("_")
        if joint in HEIGHTS:
            reach = {"knee": 0.5, "ankle": 1.0}.get(joint, 0.0) * swing * (1 if side == "left" else -1)
            points[i] = (x + reach, y + HEIGHTS[joint])
    return Landmarks(points, np.ones(33), 1.0, Window(x, y, size))


def track_of(number, path, looks=None, start=0):
    track = None
    for k, x in enumerate(path):
        seen = body(x, swing=60 * np.sin(k / 5))
        if track is None:
            track = Track(number, np.array([x, 500.0]), seen.next_window, last_frame=start)
        track.see(start + k, seen, looks)
    return track


def test_a_jump_or_a_giant_is_not_the_same_person():
    track = track_of(0, np.arange(0, 200, 10))
    assert plausible(track, body(200), 20)
    assert not plausible(track, body(330), 20)
    assert not plausible(track, body(200, size=1100), 20)


def test_two_tracks_on_one_body_are_noticed_and_the_better_fit_keeps_it():
    right = track_of(0, np.arange(0, 300, 10), RED)
    left = track_of(1, np.arange(600, 300, -10), BLUE)
    shared = body(300)
    assert same_body({right: shared, left: body(304)}) == [(right, left)]
    assert same_body({right: shared, left: body(380)}) == []
    assert owner(right, left, (shared, RED), 30, DT) is right
    assert owner(right, left, (shared, BLUE), 30, DT) is left


def test_a_body_that_fits_both_belongs_to_nobody():
    right = track_of(0, np.arange(0, 300, 10), RED)
    left = track_of(1, np.arange(600, 300, -10), RED)
    assert owner(right, left, (body(300), RED), 30, DT) is None


def test_people_are_recognised_after_crossing_by_direction_and_clothes():
    right = track_of(0, np.arange(0, 300, 10), RED)
    left = track_of(1, np.arange(600, 300, -10), BLUE)
    found = [Candidate(body(180), BLUE), Candidate(body(420), RED)]
    assert match([right, left], found, 42, DT) == ({0: left, 1: right}, set())


def test_nobody_is_recognised_when_the_choice_is_unclear():
    one, other = track_of(0, [300.0] * 20, RED), track_of(1, [310.0] * 20, RED)
    assert match([one, other], [Candidate(body(305), RED)], 25, DT) == ({}, {0})
    assert match([one], [Candidate(body(1500), RED)], 25, DT) == ({}, set())


def run_meeting(paths, looks, seen_as, hidden=range(27, 34)):
    """Two people meet; from frame 30 on, track k sees person ``seen_as[k]``."""
    tracks = [track_of(k, paths[k][:1], looks[k]) for k in (0, 1)]
    meetings = Meetings(DT)
    verdicts = []
    for frame in range(1, len(paths[0])):
        for k, track in enumerate(tracks):
            person = k if frame < 30 else seen_as[k]
            if frame not in hidden:
                track.see(frame, body(paths[person][frame]), looks[person])
        verdicts += [verdict for _, _, verdict in meetings.update([t for t in tracks if not t.ended], frame)]
        if verdicts == ["unclear"]:
            break
        if verdicts:
            seen_as = (0, 1)
    return tracks, verdicts


PASSING = (np.arange(0, 600, 10.0), np.arange(600, 0, -10.0))
TURNING = (
    np.concatenate([np.linspace(0, 290, 30), np.linspace(290, 0, 30)]),
    np.concatenate([np.linspace(600, 310, 30), np.linspace(310, 600, 30)]),
)
# Two who stand side by side and then part: motion before says nothing about after.
STANDING = (
    np.concatenate([np.full(30, 300.0), 300 - 8.0 * np.arange(30)]),
    np.concatenate([np.full(30, 360.0), 360 + 8.0 * np.arange(30)]),
)


def test_kept_identity_stays():
    tracks, verdicts = run_meeting(PASSING, (RED, BLUE), (0, 1))
    assert verdicts == []
    assert tracks[0].points_px[-1, 23, 0] > 500


def test_mixed_up_identity_is_exchanged_back():
    tracks, verdicts = run_meeting(PASSING, (RED, BLUE), (1, 0))
    assert verdicts == ["swapped"]
    assert tracks[0].points_px[-1, 23, 0] > 500
    assert tracks[1].points_px[-1, 23, 0] < 100
    assert (np.diff(tracks[0].frames) > 0).all()


def test_mixed_up_identity_of_twins_is_seen_by_their_motion():
    tracks, verdicts = run_meeting(PASSING, (RED, RED), (1, 0))
    assert verdicts == ["swapped"]
    assert tracks[0].points_px[-1, 23, 0] > 500


def test_unclear_identity_ends_both_before_they_met():
    tracks, verdicts = run_meeting(STANDING, (RED, RED), (0, 1))
    assert verdicts == ["unclear"]
    assert all(track.ended and track.frames[-1] == 26 for track in tracks)


def test_people_who_stay_apart_side_by_side_keep_their_identity():
    tracks, verdicts = run_meeting(STANDING, (RED, RED), (0, 1), hidden=())
    assert verdicts == []
    assert len(tracks[0].frames) == 60


def test_clothes_tell_people_apart_who_turn_back():
    tracks, verdicts = run_meeting(TURNING, (RED, BLUE), (1, 0))
    assert verdicts == ["swapped"]
    assert tracks[0].points_px[-1, 23, 0] < 100
    tracks, verdicts = run_meeting(TURNING, (RED, BLUE), (0, 1))
    assert verdicts == []


# ------------------------------------------------------------------------------------------------ subject


def test_the_walker_is_the_subject_and_people_are_numbered_from_the_left():
    standing = track_of(0, [900.0] * 120)
    walking = track_of(1, np.linspace(1500, 200, 120))
    people, tracks = list_people([standing, walking], DT)
    assert [person.number for person in people] == [1, 2]
    assert tracks == [standing, walking]
    assert [person.is_subject for person in people] == [False, True]
    assert people[1].seen_s == pytest.approx(4.0)
    assert people[1].x_px == pytest.approx(1500)


def test_the_caller_may_choose_another_person():
    tracks = [track_of(0, [900.0] * 60), track_of(1, np.linspace(1500, 200, 60)), track_of(2, [50.0] * 5)]
    people, _ = list_people(tracks, DT, person=1)
    assert [person.is_subject for person in people] == [True, False]
    with pytest.raises(InputError, match=r"no person 7 .* People seen: 1, 2\."):
        list_people(tracks, DT, person=7)


def test_nobody_is_nobody():
    assert list_people([], DT) == ([], [])
    assert list_people([], DT, person=1) == ([], [])


# ------------------------------------------------------------------------------------------------ windows


def test_windows_are_calm_without_lag():
    rng = np.random.default_rng(1)
    truth = np.linspace(100, 1500, 150)
    track = track_of(0, truth + rng.normal(0, 8, 150))
    windows = smooth_windows(track, [], 150, 30.0)
    x = np.array([windows[frame].x_px for frame in range(150)])
    assert np.std(x - truth) < 4.5
    assert abs(np.mean((x - truth)[20:-20])) < 1.5
    assert sorted(windows) == list(range(150))


def test_short_gaps_are_bridged_long_and_crowded_ones_are_not():
    parts = [range(0, 40), range(45, 80), range(120, 150)]
    track = None
    for frame in (frame for part in parts for frame in part):
        seen = body(10.0 * frame)
        track = track or Track(0, np.array([0.0, 500.0]), seen.next_window, last_frame=0)
        track.see(frame, seen, None)
    windows = smooth_windows(track, [], 160, 30.0)
    assert set(range(40, 45)) <= set(windows)
    assert not set(range(96, 104)) & set(windows)
    assert {94, 106, 159} <= set(windows)
    other = track_of(1, [430.0] * 60)
    crowded = smooth_windows(track, [other], 160, 30.0)
    assert not set(range(40, 45)) & set(crowded)
    assert set(range(0, 40)) <= set(crowded)


def test_a_track_that_slides_onto_the_other_body_is_set_back():
    tracks = [track_of(k, PASSING[k][:1], (RED, BLUE)[k]) for k in (0, 1)]
    meetings = Meetings(DT)
    verdicts = []
    for frame in range(1, 45):
        # The second is hidden from frame 27 on; the first follows its body instead of its own.
        if frame < 27:
            tracks[1].see(frame, body(PASSING[1][frame]), BLUE)
        tracks[0].see(frame, body(PASSING[0 if frame < 30 else 1][frame]), (RED, BLUE)[frame >= 30])
        verdicts += meetings.update(tracks, frame)
        if verdicts:
            break
    assert [verdict for _, _, verdict in verdicts] == ["lost"]
    assert frame < 38
    assert all(track.last_frame <= 28 and track.frames[-1] == track.last_frame for track in tracks)
    assert tracks[0].velocity_px[0] > 8
    assert tracks[1].velocity_px[0] < -8


def test_what_flickers_is_nobody():
    ghost = track_of(0, [500.0])
    for frame in range(1, 120, 3):
        ghost.see(frame, body(500), None)
    assert list_people([ghost], DT) == ([], [])
