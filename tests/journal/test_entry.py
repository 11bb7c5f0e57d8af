"""Why it exists: an entry is read as it was written, also by an older program, and what is none is refused by name."""

import json
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelstride.journal import bodies as b
from levelstride.journal.entry import EntryError, canonical, new_entry, read_entry, read_stored
from levelstride.journal.store import SqliteStore
from tests.journal.support import BODIES, NOON, ZONES, content, entries, id_at, line_of, made, newer_lines, twin_of

SPELLINGS = {
    "indented": {"indent": 2},
    "escaped": {"ensure_ascii": True, "separators": (", ", ": ")},
    "unsorted": {"ensure_ascii": False, "separators": (",", ":")},
}


def refusal(line):
    with pytest.raises(EntryError) as caught:
        read_entry(line)
    error = caught.value
    assert error.exit_code == 3
    assert error.problem.strip()
    assert "\n" not in str(error)
    return error


# ------------------------------------------------------------------------------------------------- there and back


@pytest.mark.parametrize("kind", sorted(b.KINDS))
def test_what_was_written_is_read(kind):
    @settings(max_examples=25, deadline=None)
    @given(BODIES[kind], st.sampled_from(ZONES))
    def check(body, zone):
        entry = made(body, NOON.astimezone(ZoneInfo(zone)), number=7, zone=zone)
        assert entry.body == body
        assert (entry.id, entry.kind, entry.version) == (str(id_at(7)), kind, 1)
        assert (entry.at, entry.zone) == (NOON, zone)
        for again in (read_entry(entry.line), read_stored(entry.line)):
            assert again.line == entry.line
            assert (again.id, again.kind, again.version) == (entry.id, entry.kind, entry.version)
            assert (again.at.isoformat(), again.zone, again.body) == (entry.at.isoformat(), entry.zone, entry.body)

    check()


@settings(max_examples=60, deadline=None)
@given(entries, st.sampled_from(sorted(SPELLINGS)))
def test_the_spelling_of_a_line_does_not_matter(entry, spelling):
    fields = dict(reversed(json.loads(entry.line).items()))
    spelled = json.dumps(fields, **SPELLINGS[spelling])
    assert read_entry(spelled) == entry
    assert read_entry(spelled).line == entry.line == line_of(fields)
    assert read_entry(f" \t{spelled}\r\n").line == entry.line


@settings(max_examples=150, deadline=None)
@given(newer_lines())
def test_what_a_newer_version_wrote_survives_byte_for_byte(drawn):
    fields, readable = drawn
    line = line_of(fields)
    entry = read_entry(json.dumps(fields, indent=1))
    assert entry.line == line
    assert read_entry(entry.line).line == line
    assert json.loads(entry.line) == fields
    assert (entry.body is not None) == readable
    assert (entry.kind, entry.version) == (fields["kind"], fields["version"])
    assert read_stored(line).body == entry.body


def test_an_unknown_field_is_kept_at_any_depth():
    body = {
        "test": "sls_eo",
        "measure": "time",
        "unit": "s",
        "not_measurable": {"code": "fell", "text": "x", "newer": [1, {"deep": None}]},
        "origin": {"method": "hand", "stopwatch": {"brand": "Ω"}},
        "mood": "🙂",
    }
    line = line_of(content(body, kind="measure", author={"role": "carer"}))
    entry = read_entry(line)
    assert entry.line == line
    assert entry.body.not_measurable.code == "fell"


def test_a_new_entry_leaves_out_what_was_not_said():
    entry = made(b.SetDone(exercise="glute_bridge", reps=0), number=1)
    assert json.loads(entry.line)["body"] == {"exercise": "glute_bridge", "reps": 0}


def test_nothing_inside_an_issued_programme_is_left_out():
    plan = {"left": None, "right": [], "note": "", "days": [{"rest": False, "load": 0, "drill": None}], "x": {}}
    body = b.Issued(
        programme="p",
        planner_version="1",
        library_version="1",
        input_hash="h",
        seed=2**64,
        starts_on="2026-05-04",
        content=plan,
    )
    entry = made(body, number=1)
    assert json.loads(entry.line)["body"]["content"] == plan
    assert read_entry(entry.line).body.content == plan
    assert read_entry(entry.line).body.seed == 2**64


def test_entries_are_the_same_when_their_lines_are():
    entry = made(b.CheckIn(sleep_hours=7), number=1)
    again = read_entry(entry.line)
    assert entry == again
    assert len({entry, again, twin_of(entry)}) == 2


def test_new_ids_rise():
    made_now = [new_entry(b.CheckIn(), at=NOON, zone="UTC") for _ in range(200)]
    ids = [entry.id for entry in made_now]
    assert ids == sorted(set(ids))
    assert {id[14] for id in ids} == {"7"}
    assert len(set(made_now)) == 200


def test_a_moment_keeps_its_offset_and_loses_less_than_a_millisecond():
    at = datetime(2026, 10, 25, 2, 30, 0, 123_999, tzinfo=ZoneInfo("Europe/Prague")).replace(fold=1)
    entry = made(b.CheckIn(), at, number=1, zone="Europe/Prague")
    assert json.loads(entry.line)["at"] == "2026-10-25T02:30:00.123+01:00"
    assert entry.at == datetime(2026, 10, 25, 1, 30, 0, 123_000, tzinfo=UTC)


# ------------------------------------------------------------------------------------------------- what is none

ENVELOPES = {
    # name: (fields replaced, code, what the message names)
    "no id": ({"id": ...}, "incomplete", "'id'"),
    "no kind": ({"kind": ...}, "incomplete", "'kind'"),
    "no version": ({"version": ...}, "incomplete", "'version'"),
    "no time": ({"at": ...}, "incomplete", "'at'"),
    "no zone": ({"zone": ...}, "incomplete", "'zone'"),
    "no body": ({"body": ...}, "incomplete", "'body'"),
    "unknown kind without body": ({"kind": "dream", "body": ...}, "incomplete", "'body'"),
    "id in capitals": ({"id": str(id_at(0xABCDEF)).upper()}, "no_id", "AB-CDEF"),
    "id without hyphens": ({"id": id_at(1).hex}, "no_id", id_at(1).hex),
    "id in braces": ({"id": "{" + str(id_at(1)) + "}"}, "no_id", "{"),
    "id a number": ({"id": 17}, "no_id", "17"),
    "id null": ({"id": None}, "no_id", "None"),
    "id empty": ({"id": ""}, "no_id", "''"),
    "kind empty": ({"kind": ""}, "no_kind", "kind"),
    "kind a list": ({"kind": ["pain"]}, "no_kind", "kind"),
    "version zero": ({"version": 0}, "no_version", "0"),
    "version negative": ({"version": -1}, "no_version", "-1"),
    "version true": ({"version": True}, "no_version", "True"),
    "version 1.0": ({"version": 1.0}, "no_version", "1.0"),
    "version text": ({"version": "1"}, "no_version", "'1'"),
    "zone null": ({"zone": None}, "no_zone", "zone"),
    "naive time": ({"at": "2026-05-01T08:30"}, "no_time", "2026-05-01T08:30"),
    "a day": ({"at": "2026-05-01"}, "no_time", "2026-05-01"),
    "a time that is none": ({"at": "2026-02-30T08:30+02:00"}, "no_time", "2026-02-30"),
    "seconds since 1970": ({"at": 1777617000}, "no_time", "1777617000"),
    "time null": ({"at": None}, "no_time", "None"),
    "before the calendar": ({"at": "0001-01-01T00:30+02:00"}, "no_time", "0001-01-01"),
    "after the calendar": ({"at": "9999-12-31T23:30-02:00"}, "no_time", "9999-12-31"),
    "offset of a day": ({"at": "2026-05-01T08:30+24:00"}, "no_time", "+24:00"),
}


@pytest.mark.parametrize(("other", "code", "named"), ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_that_is_none_is_refused(other, code, named):
    error = refusal(line_of(content(**other)))
    assert error.code == code
    assert named in error.problem


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+00:00", "0001-01-01T12:00-11:00", "9999-12-31T23:59:59+14:00"])
def test_the_ends_of_the_calendar_are_moments(at):
    entry = read_entry(line_of(content(at=at)))
    assert entry.at == datetime.fromisoformat(at)
    assert json.loads(entry.line)["at"] == at


def measured(**other):
    fields = {
        "test": "sls_eo",
        "measure": "time",
        "value": 31.2,
        "unit": "s",
        "standard_error": 2,
        "origin": {"method": "hand"},
    }
    return {name: value for name, value in (fields | other).items() if value is not ...}


WRONG = {
    # name: (kind, body, field named in the message)
    "no pain score": ("pain", {"place": "knee", "when": "now"}, "score"),
    "too much pain": ("pain", {"place": "knee", "score": 10.1, "when": "now"}, "score"),
    "negative pain": ("pain", {"place": "knee", "score": -1, "when": "now"}, "score"),
    "pain in words": ("pain", {"place": "knee", "score": "much", "when": "now"}, "score"),
    "unknown moment": ("pain", {"place": "knee", "score": 1, "when": "sometimes"}, "when"),
    "unknown side": ("pain", {"place": "knee", "score": 1, "when": "now", "side": "both"}, "side"),
    "no place": ("pain", {"place": "", "score": 1, "when": "now"}, "place"),
    "born too early": ("profile", {"birth_year": 1899}, "birth_year"),
    "thirteenth month": ("profile", {"birth_month": 13}, "birth_month"),
    "height in cm": ("profile", {"height_m": 170}, "height_m"),
    "no answers": ("answers", {"given": []}, "given"),
    "answer without question": ("answers", {"given": [{"question": "a"}, {"value": 1}]}, "given.1.question"),
    "answer of another shape": ("answers", {"given": [{"question": "a", "value": {"b": 1}}]}, "given.0.value"),
    "clearance of nothing": ("clearance", {"covers": [], "given_by": "GP", "given_on": "2026-05-01"}, "covers"),
    "clearance without day": ("clearance", {"covers": ["heart"], "given_by": "GP"}, "given_on"),
    "value without error": ("measure", measured(standard_error=...), "standard error"),
    "neither value nor reason": ("measure", measured(value=...), "value or the reason"),
    "value and reason": ("measure", measured(not_measurable={"code": "a", "text": "b"}), "value or the reason"),
    "an error of zero": ("measure", measured(standard_error=0), "standard_error"),
    "unknown method": ("measure", measured(origin={"method": "guess"}), "origin.method"),
    "half a repetition": ("set", {"exercise": "e", "reps": 1.5}, "reps"),
    "fewer than none": ("set", {"exercise": "e", "load_kg": -1}, "load_kg"),
    "a long note": ("set", {"exercise": "e", "note": "x" * 10_001}, "note"),
    "unknown event": ("session", {"session": "s", "event": "paused"}, "event"),
    "a day of 25 hours": ("check_in", {"sleep_hours": 25}, "sleep_hours"),
    "unknown incident": ("incident", {"what": "trip"}, "what"),
    "naive end": ("override", {"by": "user", "action": "a", "target": "t", "until": "2026-05-01T08:00"}, "until"),
    "plan that is a list": (
        "programme",
        {
            "programme": "p",
            "planner_version": "1",
            "library_version": "1",
            "input_hash": "h",
            "seed": 1,
            "starts_on": "2026-05-04",
            "content": [],
        },
        "content",
    ),
    "retraction of nothing": ("retraction", {}, "target"),
    "body a list": ("pain", [], "body"),
    "body null": ("pain", None, "body"),
}


@pytest.mark.parametrize(("kind", "body", "named"), WRONG.values(), ids=WRONG)
def test_a_wrong_body_of_a_known_version_is_refused_by_field(kind, body, named):
    fields = content(kind=kind) | {"body": body}
    error = refusal(line_of(fields))
    assert error.code == "bad_body"
    assert kind in error.problem
    assert named in error.problem
    # The same in a newer version is a shape that is not known here.
    newer = read_entry(line_of(fields | {"version": 2}))
    assert newer.body is None
    assert newer.line == line_of(fields | {"version": 2})


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("pain", {"place": "knee", "score": True, "when": "now"}),
        ("set", {"exercise": "glute_bridge", "reps": True}),
        ("walk", {"duration_s": False}),
    ],
    ids=["pain", "set", "walk"],
)
def test_yes_and_no_are_not_numbers(kind, body):
    assert refusal(line_of(content(body, kind=kind))).code == "bad_body"


@pytest.mark.parametrize("line", ["", " ", "{", "yes", "{'id': 1}", line_of(content())[:-1], line_of(content()) * 2])
def test_what_is_not_json_is_refused(line):
    assert refusal(line).code == "not_json"


@pytest.mark.parametrize("line", ["[]", "1", "null", '"text"', "true", "[" + line_of(content()) + "]"])
def test_json_that_is_no_object_is_refused(line):
    assert refusal(line).code == "not_an_object"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5000])
@pytest.mark.parametrize("place", ["known", "unknown", "kind unknown"])
def test_a_number_that_json_does_not_know_is_refused(place, value):
    fields = {
        "known": content({"sleep_hours": 0.125}),
        "unknown": content(newer=[{"deep": 0.125}]),
        "kind unknown": content({"of": 0.125}, kind="dream"),
    }[place]
    line = line_of(fields)
    assert read_entry(line).line == line
    assert refusal(line.replace("0.125", value)).code == "not_json"


@pytest.mark.parametrize("place", ["note", "unknown", "zone", "name"])
def test_half_a_character_is_refused(place):
    fields = {
        "note": content({"note": "HALF"}),
        "unknown": content(newer=["HALF"]),
        "zone": content(zone="HALF"),
        "name": content(HALF=1),
    }[place]
    line = line_of(fields)
    assert refusal(line.replace("HALF", "\\ud83e")).code == "not_json"
    assert "🦵" in read_entry(line.replace("HALF", "\\ud83e\\uddb5")).line


@pytest.mark.parametrize("value", [2**53 + 1, -(2**70), 10**4000, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.0])
def test_a_number_keeps_all_its_digits(value):
    line = line_of(content(newer=value))
    assert read_entry(line).line == line
    assert repr(json.loads(read_entry(line).line)["newer"]) == repr(value)


def test_of_a_key_given_twice_the_last_counts_and_one_is_kept():
    line = line_of(content({"note": "x"})).replace('"note":"x"', '"note":"first","note":"last"')
    entry = read_entry(line)
    assert entry.body.note == "last"
    assert entry.line == line_of(content({"note": "last"}))


def nested(depth, place):
    deep = "[" * depth + "]" * depth
    fields = {
        "unknown": content(newer="DEEP"),
        "kind unknown": content("DEEP", kind="dream"),
        "override": content({"by": "user", "action": "a", "target": "t", "value": "DEEP"}, kind="override"),
    }[place]
    return line_of(fields).replace('"DEEP"', deep)


def below(frames, function, *given):
    """Call a function from deep within a program."""
    return below(frames - 1, function, *given) if frames else function(*given)


@pytest.mark.parametrize("place", ["unknown", "kind unknown", "override"])
def test_deep_nesting_is_read_or_refused_never_a_crash(place):
    for depth in (1, 10, 100, 250, 260, *range(900, 1005), 5000, 100_000):
        line = nested(depth, place)
        try:
            assert read_entry(line).line == line
        except EntryError as error:
            assert error.code in ("not_json", "bad_body", "too_deep")  # noqa: PT017 - both are right, a crash is not
            assert depth > 100


@pytest.mark.parametrize("depth", [*range(500, 1000, 100), *range(960, 1000, 4)])
def test_what_was_accepted_can_be_read_from_anywhere(tmp_path, depth):
    try:
        entry = read_entry(nested(depth, "unknown"))
    except EntryError:
        return
    with SqliteStore(tmp_path / "journal.db") as journal:
        journal.add([entry])
        assert below(200, journal.entries) == (entry,)
    assert below(200, read_entry, entry.line) == entry


@pytest.mark.parametrize("length", [999_000, 999_999])
def test_a_long_line_is_read(length):
    line = line_of(content(newer="x"))
    line = line.replace('"x"', '"' + "x" * (length - len(line) + 1) + '"')
    assert len(line) == length
    assert read_entry(line).line == line


def test_a_line_beyond_all_measure_is_refused():
    assert refusal(line_of(content(newer="x" * 1_000_000))).code == "too_long"


def test_what_is_accepted_is_never_too_long_to_be_read_again():
    # 1e15 is written out as 1000000000000000.0.
    line = line_of(content(newer=[])).replace("[]", "[" + ",".join(["1e15"] * 150_000) + "]")
    try:
        entry = read_entry(line)
    except EntryError as error:
        assert error.code == "too_long"  # noqa: PT017 - refused at once is right too
    else:
        assert read_entry(entry.line) == entry


def test_what_is_made_is_never_too_long_to_be_read_again():
    plan = {"text": "x" * 1_000_000}
    body = b.Issued(
        programme="p",
        planner_version="1",
        library_version="1",
        input_hash="h",
        seed=1,
        starts_on="2026-05-04",
        content=plan,
    )
    try:
        entry = made(body, number=1)
    except EntryError as error:
        assert error.code == "too_long"  # noqa: PT017 - refused at once is right too
    else:
        assert read_entry(entry.line) == entry


# ------------------------------------------------------------------------------------------------- making


def test_a_new_entry_needs_a_time_zone():
    with pytest.raises(EntryError) as caught:
        new_entry(b.CheckIn(), at=datetime(2026, 5, 1, 8), zone="Europe/Prague")
    assert caught.value.code == "no_time"


def test_a_new_entry_needs_a_moment_that_all_the_world_has():
    with pytest.raises(EntryError) as caught:
        new_entry(b.CheckIn(), at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), zone="Europe/Prague")
    assert caught.value.code == "no_time"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"deep": [float("nan")]}])
def test_no_body_holds_a_number_that_is_not_finite(value):
    with pytest.raises(ValueError, match="finite"):
        b.Override(by="user", action="a", target="t", value=value)
    with pytest.raises(EntryError, match="JSON"):
        canonical({"x": value})


def test_a_body_never_changes():
    body = b.CheckIn(sleep_hours=7)
    with pytest.raises(ValueError, match="frozen"):
        body.sleep_hours = 8
    entry = made(body, number=1)
    with pytest.raises(AttributeError):
        entry.kind = "pain"
