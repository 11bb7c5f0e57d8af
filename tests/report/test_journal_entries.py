"""Why it exists: a recording enters the journal whole - values, errors, reasons, origin - and only once."""

from datetime import datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest

from levelstride.journal.entry import read_entry
from levelstride.journal.state import fold
from levelstride.journal.store import SqliteStore
from levelstride.library.loader import knowledge
from levelstride.report.files import MeasuresFile, measures_file
from levelstride.report.journal_entries import measured_entries
from levelstride.screening.series import all_series

ZONE = "Europe/Prague"
WALKED = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def file(examination):
    return measures_file(examination)


@pytest.fixture(scope="module")
def two_views(mixed):
    return measures_file(mixed)


def taken(file, at=WALKED, zone=ZONE):
    return measured_entries(file, at=at, zone=zone)


def bodies(file):
    """Return what was measured by name and side."""
    return {(entry.body.measure, entry.body.side): entry.body for entry in taken(file)}


def with_recording(file, number=0, **changes):
    """Return the file with fields of one recording replaced; those of its context by their own name."""
    recordings = list(file.recordings)
    known = type(recordings[number]).model_fields
    context = {name: value for name, value in changes.items() if name not in known}
    recordings[number] = recordings[number].model_copy(
        update={
            **{name: value for name, value in changes.items() if name in known},
            "context": recordings[number].context.model_copy(update=context),
        }
    )
    return file.model_copy(update={"recordings": tuple(recordings)})


def with_measure(file, **changes):
    """Return the file with fields of its first measure replaced."""
    (result,) = file.results
    first, *others = result.measures
    changed = result.model_copy(update={"measures": (first.model_copy(update=changes), *others)})
    return file.model_copy(update={"results": (changed,)})


# ------------------------------------------------------------------------------------------------- what is taken in


def test_every_measure_is_one_entry(file):
    entries, (result,) = taken(file), file.results
    assert len(entries) == len(result.measures) > 20
    for entry, measure in zip(entries, result.measures, strict=True):
        body = entry.body
        assert (entry.kind, entry.version, entry.at, entry.zone) == ("measure", 1, WALKED, ZONE)
        assert (body.test, body.measure, body.unit) == ("gait_side", measure.name, measure.unit)
        assert body.side == {"left": "left", "right": "right", "both": None}[measure.side]
        assert (body.value, body.standard_error) == (measure.value, measure.standard_error)
        assert (body.n, body.sd, body.quality) == (measure.n, measure.sd, measure.quality)
        assert body.error_source == (None if measure.value is None else "recording")
    assert {entry.body.side for entry in entries} == {"left", "right", None}


def test_an_entry_survives_its_own_line(file):
    for entry in taken(file):
        again = read_entry(entry.line)
        assert (again.line, again.body, again.at) == (entry.line, entry.body, entry.at)


def test_what_was_not_measurable_is_kept_with_its_reason(file):
    refused = {key: body.not_measurable for key, body in bodies(file).items() if body.not_measurable is not None}
    assert {key: (one.code, one.text, one.fix) for key, one in refused.items()} == {
        ("step_time_asymmetry_pct", None): (
            "too_few",
            "seen 5 times, at least 6 needed",
            "Film more <steps> & passes.",
        ),
        ("peak_knee_flexion_swing_deg", "right"): (
            "unseen",
            "the far foot was hidden",
            "Film the whole body, feet included.",
        ),
    }
    for key in refused:
        body = bodies(file)[key]
        assert (body.value, body.standard_error, body.error_source) == (None, None, None)


def test_origin_names_the_recording_and_how_it_was_read(file):
    origins = {body.origin.model_dump_json() for body in bodies(file).values()}
    assert len(origins) == 1
    origin = next(iter(bodies(file).values())).origin
    assert (origin.method, origin.software, origin.software_version) == ("recording", "levelstride", "0.1.0")
    assert (origin.file, origin.file_sha256) == ("walk <1> & co.mp4", "ab" * 32)
    assert (origin.view, origin.model, origin.device) == ("left", "heavy measure", None)


@pytest.mark.parametrize(
    ("changes", "conditions"),
    [
        ({}, {"picture": "720x1280 60 Hz", "treadmill": "no"}),
        (
            {"footwear": "trainers", "walking_aid": "one_stick", "surface": "grass"},
            {
                "picture": "720x1280 60 Hz",
                "treadmill": "no",
                "footwear": "trainers",
                "walking_aid": "one_stick",
                "surface": "grass",
            },
        ),
        ({"video": None}, {"treadmill": "no"}),
    ],
)
def test_conditions_are_those_of_the_recording(file, changes, conditions):
    for body in bodies(with_recording(file, **changes)).values():
        assert body.conditions == conditions


@pytest.mark.parametrize(
    ("stated", "seen", "treadmill"),
    [
        (None, "over ground", "no"),
        (None, "treadmill or moving camera", "yes"),
        (None, "not known", None),
        (True, "treadmill or moving camera", "yes"),
        (False, "over ground", "no"),
        # What the movement cannot show, the person knows: from behind nothing is seen of it, and a camera may move.
        (True, "not known", "yes"),
        (False, "not known", "no"),
        (False, "treadmill or moving camera", "no"),
    ],
)
def test_the_ground_is_as_stated_or_as_the_movement_shows(file, stated, seen, treadmill):
    (result,) = file.results
    changed = file.model_copy(update={"results": (result.model_copy(update={"surface": seen}),)})
    found = bodies(with_recording(changed, treadmill=stated)).values()
    assert {body.conditions.get("treadmill") for body in found} == {treadmill}


def test_turning_the_phone_is_not_another_picture(file):
    video = file.recordings[0].video
    turned = video.model_copy(update={"width_px": video.height_px, "height_px": video.width_px})
    assert {body.conditions["picture"] for body in bodies(with_recording(file, video=turned)).values()} == {
        "720x1280 60 Hz"
    }


def test_how_a_measure_was_got_is_a_condition_of_it(file):
    entry, other, *_ = taken(with_measure(file, method="against vertical"))
    assert entry.body.conditions["against"] == "against vertical"
    assert "against" not in other.body.conditions


def test_the_device_is_named(file):
    (device,) = {body.origin.device for body in bodies(with_recording(file, device="my old phone")).values()}
    assert device == "my old phone"


def test_each_view_has_its_own_origin(two_views):
    entries = taken(two_views)
    assert len(entries) == sum(len(result.measures) for result in two_views.results)
    views = {(entry.body.test, entry.body.origin.view, entry.body.origin.file_sha256) for entry in entries}
    side, corridor = two_views.recordings
    assert views == {("gait_side", "left", side.sha256), ("gait_frontal", "back", corridor.sha256)}


def test_a_result_of_several_recordings_names_them_all(file):
    first = file.recordings[0]
    second = first.model_copy(
        update={
            "file": "back again.mp4",
            "sha256": "cd" * 32,
            "context": first.context.model_copy(update={"view": "right", "footwear": "barefoot"}),
        }
    )
    (result,) = file.results
    walks = (*result.walks, result.walks[0].model_copy(update={"recording": 1}))
    changed = file.model_copy(
        update={"recordings": (first, second), "results": (result.model_copy(update={"walks": walks}),)}
    )
    body = taken(changed)[0].body
    assert body.origin.file == "back again.mp4 + walk <1> & co.mp4"
    assert body.origin.file_sha256 == f"{'ab' * 32} + {'cd' * 32}"
    assert (body.origin.view, body.origin.model) == ("left + right", "heavy measure")
    assert body.conditions == {"picture": "720x1280 60 Hz", "footwear": "barefoot", "treadmill": "no"}


def test_a_result_that_names_no_recording_is_of_all_of_them(file):
    (result,) = file.results
    bare = result.model_copy(update={"events": (), "walks": ()})
    assert taken(file.model_copy(update={"results": (bare,)}))[0].body.origin.file == "walk <1> & co.mp4"


def test_without_a_day_it_was_when_the_file_was_made(file):
    assert {entry.at for entry in taken(file, at=None)} == {file.provenance.created}
    assert all(entry.at.utcoffset() is not None for entry in taken(file, at=None))


# ------------------------------------------------------------------------------------------------- once and only once


def test_ids_are_uuids_of_version_7_with_the_time_of_the_walk(file):
    ids = [UUID(entry.id) for entry in taken(file)]
    assert len(set(ids)) == len(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, RFC_4122)}
    assert {one.int >> 80 for one in ids} == {int(WALKED.timestamp() * 1000)}


def test_the_same_file_gives_the_same_entries(file):
    again = MeasuresFile.model_validate_json(file.to_json())
    assert [entry.line for entry in taken(again)] == [entry.line for entry in taken(file)]


def test_the_same_file_in_another_zone_is_the_same_walk(file):
    there = WALKED.astimezone(timezone(timedelta(hours=-5)))
    entries = (*taken(file), *taken(file, at=there, zone="America/New_York"))
    assert len({entry.id for entry in entries}) == len(entries) / 2
    assert len(fold(entries).measures) == len(entries) / 2


def test_taking_in_twice_adds_nothing(file, two_views, tmp_path):
    with SqliteStore(tmp_path / "journal.db") as store:
        assert {receipt.outcome for receipt in store.add(taken(file))} == {"accepted"}
        assert {receipt.outcome for receipt in store.add(taken(file))} == {"known"}
        assert [entry.line for entry in store.entries()] == [entry.line for entry in taken(file)]
    with SqliteStore(tmp_path / "journal.db") as store:
        assert {receipt.outcome for receipt in store.add(taken(file))} == {"known"}
        new = {receipt.id for receipt in store.add(taken(two_views)) if receipt.outcome == "accepted"}
        # the walk that both files hold is one walk
        assert new == {entry.id for entry in taken(two_views)} - {entry.id for entry in taken(file)} != set()
        assert len(store.entries()) == len(taken(file)) + len(new)


def test_another_day_gives_other_ids(file):
    later = {entry.id for entry in taken(file, at=WALKED + timedelta(days=14))}
    assert not later & {entry.id for entry in taken(file)}
    assert min(later) > max(entry.id for entry in taken(file))


@pytest.mark.parametrize("changes", [{"value": 1.5}, {"standard_error": 0.5}, {"n": 7}, {"quality": "low"}])
def test_a_changed_measure_gives_another_id(file, changes):
    before, after = taken(file), taken(with_measure(file, **changes))
    assert [one.id == other.id for one, other in zip(before, after, strict=True)] == [False] + [True] * (
        len(before) - 1
    )


def test_another_recording_gives_other_ids(file):
    assert not {entry.id for entry in taken(with_recording(file, sha256="cd" * 32))} & {
        entry.id for entry in taken(file)
    }


@pytest.mark.parametrize(
    "changed",
    [
        lambda file: with_recording(file, footwear="trainers"),
        lambda file: with_recording(file, device="my old phone"),
        lambda file: with_recording(file, model="full"),
        lambda file: file.model_copy(
            update={"provenance": file.provenance.model_copy(update={"software_version": "0.2.0"})}
        ),
    ],
    ids=["footwear", "device", "model", "software"],
)
def test_one_id_never_stands_for_two_contents(file, changed):
    """The journal calls two lines with one id odd; a recording read anew with another statement is such a case."""
    for one, other in zip(taken(file), taken(changed(file)), strict=True):
        assert (one.id == other.id) == (one.line == other.line)


# ------------------------------------------------------------------------------------------------- what is made of it


def test_a_test_that_names_a_measure_gets_it_in_its_own_unit(file):
    state = fold((*taken(file), *taken(file, at=WALKED + timedelta(days=14))))
    series = {(one.subject.id, one.side): one for one in all_series(state, knowledge())}
    speed = series["walk10", None]
    measured = bodies(file)["walking_speed_mps", None]
    assert [point.value for point in speed.points] == [measured.value] * 2
    assert [point.standard_error for point in speed.points] == [measured.standard_error] * 2
    assert (speed.points[0].method, speed.points[0].view, speed.points[0].model) == (
        "recording",
        "left",
        "heavy measure",
    )
    asymmetry = series["step_time_asym", None]
    assert asymmetry.points == ()
    assert asymmetry.unmeasured.fix == "Film more <steps> & passes."
