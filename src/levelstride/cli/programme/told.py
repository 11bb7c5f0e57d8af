"""Why it exists: what every part of ``levelstride log`` does in the end - write, say what was written, tell a stop."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from levelstride.cli.session import Session, check_words, open_session

if TYPE_CHECKING:
    from levelstride.cli.talk import Talk
    from levelstride.journal.bodies import Body, Override, SetDone, Walk
    from levelstride.journal.entry import Entry
    from levelstride.journal.salvage import Damage
    from levelstride.journal.store import Receipt, SqliteStore
    from levelstride.screening.sayings import Phrases


class _MadeWhenNeeded:
    """A journal that is made with its first entry: a slip leaves no empty file behind."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.damage: Damage | None = None
        self._store: SqliteStore | None = None

    def entries(self) -> "tuple[Entry, ...]":
        return () if self._store is None else self._store.entries()

    def add(self, entries: "Iterable[Entry]") -> "tuple[Receipt, ...]":
        from levelstride.journal.store import SqliteStore

        self._store = self._store or SqliteStore(self._path)
        return self._store.add(entries)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()


@contextmanager
def writing(journal: Path | None, language: str | None, units: str | None) -> "Iterator[tuple[Session, Talk]]":
    """Open the journal to write into it; where there is none, it is made with the first entry."""
    from levelstride.cli.library import read_whole_library
    from levelstride.cli.talk import Talk
    from levelstride.journal.place import default_path

    check_words(language, units)
    path = journal or default_path()
    if path.exists():
        with open_session(path) as opened:
            yield opened, Talk(opened.phrases(language, units))
        return
    store = _MadeWhenNeeded(path)
    try:
        fresh = Session(store, read_whole_library())
        yield fresh, Talk(fresh.phrases(language, units))
    finally:
        store.close()


def keep(session: Session, talk: "Talk", bodies: "Sequence[Body]", at: datetime | None = None) -> None:
    """Write entries of one moment and say what was written; what stops the person now is told at once."""
    from levelstride.cli.programme.week import tell_stopped
    from levelstride.journal.entry import local_zone
    from levelstride.screening.safety import decide
    from levelstride.screening.writing import entries_of

    before = decide(session.state, session.known, session.now())
    if at is None:
        session.write(*bodies)
    else:
        session.add(entries_of(bodies, at=at, zone=local_zone()))
    for body in bodies:
        talk.heading("plan_logged", name=body_text(body, talk.phrases))
        _tell_red(session, talk, body)
    after = decide(session.state, session.known, session.now())
    if not after.may_start and after.stops != before.stops:
        tell_stopped(talk, after)


def _tell_red(session: Session, talk: "Talk", body: "Body") -> None:
    """Say at once what the pain rule says about pain during a set or a walk that was more than it allows."""
    from levelstride.cli.play.asking import pain_case
    from levelstride.journal.bodies import Pain, SetDone, Walk
    from levelstride.programme.rulebook import Rulebook

    if isinstance(body, SetDone):
        score, kind = body.pain, body.pain_kind
    elif isinstance(body, Walk):
        score, kind = body.worst_pain, None
    elif isinstance(body, Pain) and body.when == "during":
        score, kind = body.score, "gives_way" if body.gives_way else body.quality
    else:
        return
    if score is None and kind is None:
        return
    case = pain_case(Rulebook(session.known), score or 0, kind)
    if case is not None and case.level == "red":
        talk.say(talk.phrases.say(case.says or ""), bold=True)


def entry_text(body: "Body", at: datetime, phrases: "Phrases") -> str:
    """Return an entry in a few words, with its moment."""
    return phrases.heading("plan_entry_text", name=body_text(body, phrases), date=f"{at:%Y-%m-%d %H:%M}")


def body_text(body: "Body", phrases: "Phrases") -> str:
    """Return what an entry says in a few words."""
    from levelstride.journal.bodies import CheckIn, Override, Pain, SetDone, Soreness, Walk
    from levelstride.journal.bodies import Session as SessionEvent

    if isinstance(body, SetDone):
        return _set(body, phrases)
    if isinstance(body, Pain | Soreness):
        place = phrases.known.intake.places.get(body.place)
        label = body.place if place is None else phrases.say(place.label)
        name = _sided(label, body.side, phrases)
        key = "plan_log_pain" if isinstance(body, Pain) else "plan_log_sore"
        return phrases.heading(key, name=name, value=phrases.number(body.score, 1))
    if isinstance(body, Walk):
        return phrases.heading("plan_log_walk", value=_walk(body, phrases))
    if isinstance(body, CheckIn):
        return phrases.heading("plan_log_checkin")
    if isinstance(body, SessionEvent):
        return phrases.heading("plan_log_done", name=body.session, value=phrases.heading(_EVENTS[body.event]))
    assert isinstance(body, Override)
    key = "plan_log_coach" if body.by == "practitioner" else "plan_log_wish"
    return phrases.heading(key, name=_override(body, phrases))


_EVENTS = {"started": "plan_log_started", "ended": "plan_log_ended", "left": "plan_log_left"}


def _sided(name: str, side: str | None, phrases: "Phrases") -> str:
    return phrases.heading("plan_one_side", name=name, value=phrases.speaker.heading(side).lower()) if side else name


def _set(body: "SetDone", phrases: "Phrases") -> str:
    from levelstride.programme.sayings import band_text, load_text

    exercise = phrases.known.exercises.get(body.exercise)
    name = _sided(body.exercise if exercise is None else phrases.say(exercise.name), body.side, phrases)
    much = [
        *([phrases.amount(body.reps, "reps")] if body.reps is not None else []),
        *([f"{phrases.number(body.hold_s, 1)} s"] if body.hold_s is not None else []),
        *([phrases.amount(body.distance_m, "m")] if body.distance_m is not None else []),
        load_text(body.load_kg, phrases),
        band_text(float(body.band), phrases) if body.band is not None and body.band.isdecimal() else "",
    ]
    return f"{name}: {', '.join(one for one in much if one)}"


def _walk(body: "Walk", phrases: "Phrases") -> str:
    much = [f"{phrases.number(body.duration_s / 60, 1)} min"] if body.duration_s is not None else []
    if body.distance_m is not None and phrases.units == "imperial":
        much.append(f"{phrases.number(body.distance_m / 1609.344, 2)} mi")
    elif body.distance_m is not None:
        much.append(f"{phrases.number(body.distance_m / 1000, 2)} km")
    return ", ".join(much)


def _override(body: "Override", phrases: "Phrases") -> str:
    """Return a choice as it was typed, with the name of the exercise it is about."""
    exercises = phrases.known.exercises

    def word(value: object) -> str:
        if isinstance(value, bool):
            return phrases.heading("yes" if value else "no").lower()
        if isinstance(value, dict):
            return ", ".join(f"{name} {word(one)}" for name, one in value.items())
        if isinstance(value, list):
            return ", ".join(word(one) for one in value)
        return phrases.say(exercises[value].name) if isinstance(value, str) and value in exercises else str(value)

    side = phrases.side(body.side).lower()
    parts = [body.action, word(body.target), side, "" if body.value is None else word(body.value)]
    return " ".join(part for part in parts if part)
