"""Why it exists: one wording of what is different between two weeks, for terminal and app."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from levelstride.programme.diff import Change
from levelstride.programme.model import Session
from levelstride.programme.sayings import KINDS, Line, band_text, counted_text, day_text, load_text, phase_text
from levelstride.screening.sayings import Phrases

_COUNTS = {
    ("times", False): "plan_count_times",
    ("times", True): "plan_count_times_one",
    ("sets", False): "plan_count_sets",
    ("sets", True): "plan_count_sets_one",
}


def change_lines(changes: Sequence[Change], phrases: Phrases, sessions: Iterable[Session] = ()) -> tuple[Line, ...]:
    """Return what is different between two weeks; ``sessions`` name those that were moved."""
    kinds = {session.id: session.kind for session in sessions}
    told = [
        Line(_change(change, phrases, kinds), 1) for change in changes if change.kind not in ("added", "gone", "kept")
    ]
    for kind, key in (("added", "plan_diff_new"), ("gone", "plan_diff_gone"), ("kept", "plan_diff_kept")):
        names = dict.fromkeys(_named(change, phrases) for change in changes if change.kind == kind)
        if names:
            told.append(Line(phrases.heading(key, name="; ".join(names)), 1))
    quiet = all(change.kind == "kept" for change in changes)
    return (*([Line(phrases.heading("plan_diff_none"), 1)] if quiet else []), *told)


def _change(change: Change, phrases: Phrases, kinds: Mapping[str, str]) -> str:
    if change.what == "easy_week":
        return phrases.heading("plan_easy_week" if change.kind == "less" else "plan_full_week")
    now, before = (_value(change, value, phrases) for value in (change.now, change.before))
    return phrases.heading("plan_diff_change", name=_about(change, phrases, kinds), value=now, other=before)


def _about(change: Change, phrases: Phrases, kinds: Mapping[str, str]) -> str:
    if change.exercise is not None:
        return _named(change, phrases)
    if change.session is not None:
        return phrases.heading(KINDS[kinds.get(change.session, "standalone")])
    names = {
        "phase": phrases.heading("plan_diff_phase"),
        "sessions": phrases.heading("plan_diff_sessions"),
        "walking": phrases.heading("plan_diff_walking"),
    }
    return names[change.what]


def _named(change: Change, phrases: Phrases) -> str:
    assert change.exercise is not None
    name = phrases.say(phrases.known.exercises[change.exercise].name)
    if change.side is None:
        return name
    return phrases.heading("plan_one_side", name=name, value=phrases.side(change.side).lower())


def _value(change: Change, value: object, phrases: Phrases) -> str:
    if isinstance(value, date):
        return day_text(value, phrases)
    if isinstance(value, str):
        return phase_text(value, phrases) if change.what == "phase" else _unit(value, phrases)
    number = float(value) if isinstance(value, int | float) else 0.0
    if change.what == "load_kg":
        return load_text(number, phrases) if number else phrases.heading("plan_count_no_load")
    if change.what == "band":
        return band_text(number, phrases) if number else phrases.heading("plan_count_no_band")
    if change.what in ("times", "sets"):
        return phrases.heading(_COUNTS[change.what, number == 1], count=phrases.number(number, 0))
    if change.what == "amount":
        bare = counted_text(number, number, change.counts or "repetitions", phrases)
        return f"{bare} {_unit('repetitions', phrases)}" if change.counts == "repetitions" else bare
    if change.what == "hold_s":
        return phrases.heading("plan_count_held", count=phrases.number(number, 0))
    if change.what == "walking":
        return f"{phrases.number(number, 0)} min"
    return phrases.number(number, 0)


def _unit(counts: str, phrases: Phrases) -> str:
    return phrases.heading("steps_counted") if counts == "steps" else phrases.speaker.heading(counts)
