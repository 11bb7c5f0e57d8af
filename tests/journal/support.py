"""Why it exists: journals to test with - built one by one, or drawn at random with all that a journal may hold."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from levelstride.journal import bodies as b
from levelstride.journal.entry import new_entry, read_entry
from levelstride.journal.lines import write_lines

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ZONES = (
    "Europe/Prague",
    "America/New_York",
    "Australia/Lord_Howe",  # summer time moves by half an hour
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/St_Johns",
    "UTC",
)
WORDS = (
    "Knie",
    "müde",
    "歩く",
    "stairs",
    "Ρόδος",
    "🦵",
    "čtvrtek",
    'a "quote"',
    "two\nlines",
    "\u2028",
    "nul \0",
    "\\",
)

# ------------------------------------------------------------------------------------------------- one by one


def id_at(number, random=0):
    """Return a UUIDv7 whose order is that of ``number``."""
    return UUID(int=((0x0190_0000_0000 + number) << 80) | (7 << 76) | (0b10 << 62) | random)


def made(body, at=NOON, *, number, zone="UTC"):
    """Make an entry; ``number`` is the order of its id."""
    return new_entry(body, at=at, zone=zone, id=id_at(number))


def content(body=None, **other):
    """Return a valid entry as plain data, with some of its fields replaced; ``...`` leaves one out."""
    fields = {
        "id": str(id_at(1)),
        "kind": "check_in",
        "version": 1,
        "at": "2026-05-01T08:30:00.000+02:00",
        "zone": "Europe/Prague",
        "body": {"sleep_hours": 7.5} if body is None else body,
    } | other
    return {name: value for name, value in fields.items() if value is not ...}


def line_of(fields):
    """Return the line as this program would write it, without asking this program."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def twin_of(entry, note="another hand"):
    """Return another text under the same id."""
    return read_entry(line_of(json.loads(entry.line) | {"twin": note}))


def exported(entries):
    """Return an export as it lies on the disk."""
    return "".join(write_lines(entries)).encode()


def check_ins(count, first=1):
    """Return check-ins an hour apart, with notes of many scripts."""
    return [
        made(
            b.CheckIn(sleep_hours=float(number % 12), note=f"{number} {WORDS[number % len(WORDS)]}"),
            NOON + timedelta(hours=number),
            number=number,
        )
        for number in range(first, first + count)
    ]


# ------------------------------------------------------------------------------------------------- at random

_letters = st.characters(exclude_categories=["Cs"])
names = st.text(_letters, min_size=1, max_size=12)
notes = st.none() | st.text(_letters, max_size=30) | st.sampled_from(WORDS)
sides = st.sampled_from([None, "left", "right"])
maybe_names = st.none() | names
ratings = st.floats(0, 10)
maybe_ratings = st.none() | ratings
amounts = st.none() | st.floats(0, 1e7)
counts = st.none() | st.integers(0, 100_000)
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(
    datetime(1971, 1, 1),
    datetime(2099, 12, 31),
    timezones=offsets | st.sampled_from(ZONES).map(ZoneInfo),
)
plain_times = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31), timezones=offsets)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | numbers | st.text(_letters, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(_letters, max_size=5), inner, max_size=3),
    max_leaves=8,
)
answer_values = (
    st.none() | st.booleans() | numbers | st.text(_letters, max_size=8) | st.lists(names, max_size=3).map(tuple)
)
answers = st.builds(b.Answer, question=names, value=answer_values, side=sides)
origins = st.builds(
    b.Origin,
    method=st.sampled_from(["hand", "recording"]),
    software_version=maybe_names,
    library_version=maybe_names,
    file=notes,
    device=notes,
    view=maybe_names,
    model=maybe_names,
)


@st.composite
def _measured(draw):
    reason = draw(st.none() | st.builds(b.Unmeasured, code=names, text=names, fix=st.text(_letters, max_size=8)))
    return b.Measured(
        test=draw(names),
        measure=draw(names),
        side=draw(sides),
        value=draw(numbers) if reason is None else None,
        unit=draw(names),
        standard_error=draw(st.floats(1e-6, 1e6)) if reason is None else None,
        n=draw(st.integers(0, 100_000)),
        sd=draw(st.none() | st.floats(0, 1e6)),
        trials=draw(st.lists(numbers, max_size=4).map(tuple)),
        conditions=draw(st.dictionaries(names, names, max_size=3)),
        not_measurable=reason,
        origin=draw(origins),
        note=draw(notes),
    )


#: For every kind, bodies that are valid.
BODIES = {
    "profile": st.builds(
        b.Profile,
        birth_year=st.none() | st.integers(1900, 2100),
        birth_month=st.none() | st.integers(1, 12),
        norm_sex=st.sampled_from([None, "female", "male", "prefer_not"]),
        height_m=st.none() | st.floats(0.5, 2.5),
        units=st.sampled_from([None, "metric", "imperial"]),
        language=maybe_names,
        guardian_agrees=st.none() | st.booleans(),
        clinician_linked=st.none() | st.booleans(),
        cleared=st.lists(st.sampled_from(["height_m", "language", "a newer field"]), max_size=2).map(tuple),
    ),
    "answers": st.builds(b.Answers, given=st.lists(answers, min_size=1, max_size=4).map(tuple)),
    "clearance": st.builds(
        b.Clearance,
        covers=st.lists(names, min_size=1, max_size=3).map(tuple),
        given_by=names,
        given_on=days,
        note=notes,
    ),
    "measure": _measured(),
    "set": st.builds(
        b.SetDone,
        exercise=names,
        side=sides,
        session=maybe_names,
        number=counts,
        reps=counts,
        clean_reps=counts,
        faults=st.dictionaries(names, st.integers(0, 20), max_size=2),
        hold_s=amounts,
        distance_m=amounts,
        load_kg=amounts,
        band=maybe_names,
        variant=maybe_names,
        support=maybe_names,
        rpe=maybe_ratings,
        rir=maybe_ratings,
        pain=maybe_ratings,
        feel=maybe_ratings,
        awkward=maybe_ratings,
        skipped=st.booleans(),
        note=notes,
    ),
    "session": st.builds(
        b.Session,
        session=names,
        event=st.sampled_from(["started", "ended", "left"]),
        minutes=amounts,
        rpe=maybe_ratings,
        feel_after=maybe_ratings,
        note=notes,
    ),
    "check_in": st.builds(
        b.CheckIn,
        sleep_hours=st.none() | st.floats(0, 24),
        stress=maybe_ratings,
        energy=maybe_ratings,
        unwell=st.none() | st.booleans(),
        note=notes,
    ),
    "pain": st.builds(
        b.Pain,
        place=names,
        side=sides,
        score=ratings,
        when=st.sampled_from(["now", "at_rest", "during", "after", "next_morning", "worst_week"]),
        gives_way=st.none() | st.booleans(),
        note=notes,
    ),
    "soreness": st.builds(b.Soreness, place=names, side=sides, score=ratings, hours_since=amounts, note=notes),
    "walk": st.builds(
        b.Walk,
        duration_s=amounts,
        distance_m=amounts,
        steps=counts,
        time_to_symptom_s=amounts,
        distance_to_symptom_m=amounts,
        feel_after=maybe_ratings,
        footwear=maybe_names,
        surface=maybe_names,
        note=notes,
    ),
    "incident": st.builds(
        b.Incident,
        what=st.sampled_from(["fall", "near_fall", "adverse_event"]),
        answers=st.lists(answers, max_size=3).map(tuple),
        level=maybe_names,
        note=notes,
    ),
    "override": st.builds(
        b.Override,
        by=st.sampled_from(["user", "practitioner"]),
        action=names,
        target=names,
        side=sides,
        value=json_values,
        reason=notes,
        until=st.none() | plain_times,
    ),
    "programme": st.builds(
        b.Issued,
        programme=names,
        planner_version=names,
        library_version=names,
        input_hash=names,
        seed=st.integers(-(2**70), 2**70),
        starts_on=days,
        content=st.dictionaries(st.text(_letters, max_size=6), json_values, max_size=4),
    ),
    "retraction": st.builds(b.Retraction, target=st.integers(0, 12).map(lambda n: str(id_at(n))), reason=notes),
}
bodies = st.sampled_from(sorted(BODIES)).flatmap(BODIES.__getitem__)
#: Few milliseconds, so that ids and times often meet; few ids, so that one id often stands for several texts.
ids = st.builds(id_at, st.integers(0, 12), st.sampled_from([0, 0, 1]))
entries = st.builds(
    lambda body, at, zone, id: new_entry(body, at=at, zone=zone, id=id),
    bodies,
    times | st.sampled_from([NOON, NOON.astimezone(ZoneInfo("Asia/Kathmandu")), NOON + timedelta(hours=1)]),
    st.sampled_from(ZONES),
    ids,
)

_unknown = st.dictionaries(st.text(_letters, max_size=5).map("x_".__add__), json_values, max_size=3)


@st.composite
def newer_lines(draw):
    """Draw what a newer version may write, as plain data, and whether its body can be read here.

    Its kind is unknown, or the body has unknown fields at any depth, or the version is higher and the shape another.
    """
    fields = json.loads(draw(entries).line)
    shape = draw(st.sampled_from(["unknown kind", "more fields", "higher version", "another shape"]))
    fields |= draw(_unknown)
    if shape == "unknown kind":
        fields |= {"kind": draw(names.filter(lambda kind: kind not in b.KINDS)), "body": draw(json_values)}
    elif shape == "another shape":
        bad = st.none() | st.lists(json_values, max_size=2) | numbers | st.text(_letters, max_size=5)
        fields["body"] = draw(bad)
    else:
        _scatter(draw, fields["body"])
    if shape in ("higher version", "another shape"):
        fields["version"] = draw(st.integers(2, 10**6))
    return fields, shape in ("more fields", "higher version")


def _scatter(draw, body):
    """Put unknown fields into a body, and into the parts of it that have fields of their own."""
    body |= draw(_unknown)
    for part in (body.get("origin"), body.get("not_measurable"), *body.get("given", ()), *body.get("answers", ())):
        if part is not None:
            part |= draw(_unknown)
