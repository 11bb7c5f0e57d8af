"""Why it exists: one entry of the journal - who it is (id), when it happened, what it says - and its one line of text.

The line is the truth: canonical JSON with everything that was in it, also what this version does not know. Two entries
are the same when their lines are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from levelstride.errors import LevelstrideError
from levelstride.journal.bodies import KINDS, Body

_NESTED = (Mapping, list, tuple)
_ENVELOPE = ("id", "kind", "version", "at", "zone", "body")
_LONGEST = 1_000_000
_DEEPEST = 150


class EntryError(LevelstrideError):
    """A line is no entry of a journal; ``code`` names why."""

    exit_code = 3

    def __init__(self, code: str, problem: str) -> None:
        self.code = code
        super().__init__(problem, "Correct it, or leave it out.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes
    ----------
    id : str
        UUIDv7 in lower case; sorts by the time of writing.
    kind, version : str, int
        The shape of ``body``.
    at : datetime
        When it happened, with the offset of the place; its own calendar day is the person's day.
    zone : str
        IANA name of the time zone, or its offset (``UTC+02:00``) where only that is known.
    body : Body or None
        None when the kind is unknown here, or a newer version of it cannot be read.
    line : str
        Canonical JSON, everything kept.
    """

    id: str = field(compare=False)
    kind: str = field(compare=False)
    version: int = field(compare=False)
    at: datetime = field(compare=False)
    zone: str = field(compare=False)
    body: Body | None = field(compare=False)
    line: str


def new_entry(body: Body, *, at: datetime, zone: str, id: UUID | None = None) -> Entry:
    """Make an entry of something that happened at ``at``.

    Raises
    ------
    EntryError
        If ``at`` has no time zone.
    """
    from uuid6 import uuid7

    content = {
        "id": str(id or uuid7()),
        "kind": body.kind,
        "version": body.version,
        "at": at.isoformat(timespec="milliseconds"),
        "zone": zone,
        "body": body.model_dump(mode="json", exclude_none=True, exclude_defaults=True),
    }
    return _entry(content, canonical(content))


def read_entry(line: str) -> Entry:
    """Read one line.

    Raises
    ------
    EntryError
        If it is not JSON, not an entry, or its body breaks the shape of a kind and version known here.
    """
    _check_length(line)
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EntryError("not_json", f"The line is not JSON ({' '.join(str(error).split())[:120]}).") from error
    if not isinstance(content, dict):
        raise EntryError("not_an_object", "The line is JSON, but not an object.")
    return _entry(content, canonical(content))


def read_stored(line: str) -> Entry:
    """Read a line that this program wrote in its canonical form; cheaper than :func:`read_entry`.

    Raises
    ------
    EntryError, ValueError
        If the file was changed by somebody else.
    """
    content = json.loads(line)
    try:
        at = datetime.fromisoformat(content["at"])
        return Entry(content["id"], content["kind"], content["version"], at, content["zone"], _body(content), line)
    except (KeyError, TypeError) as error:
        raise EntryError("incomplete", f"The stored entry is incomplete ({error}).") from error


def canonical(content: Mapping[str, Any]) -> str:
    """Return the one text of an entry: keys sorted, no spaces.

    Raises
    ------
    EntryError
        For numbers that are not finite, half characters, and what is too long or too deeply nested to be an entry.
    """
    _check_depth(content)
    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")  # a lone surrogate cannot be stored
    except (ValueError, UnicodeError) as error:
        raise EntryError("not_json", f"The entry holds what JSON does not allow ({error}).") from error
    _check_length(text)
    return text


def _check_length(text: str) -> None:
    if len(text) > _LONGEST:
        raise EntryError("too_long", f"The entry has {len(text)} characters, more than {_LONGEST}.")


def _check_depth(content: object) -> None:
    level: list[object] = [content]
    for _ in range(_DEEPEST):
        inner = (one.values() if isinstance(one, Mapping) else one for one in level if isinstance(one, _NESTED))
        level = [item for items in inner for item in items if isinstance(item, _NESTED)]
        if not level:
            return
    raise EntryError("too_deep", f"The entry is nested more than {_DEEPEST} levels deep.")


def _entry(content: Mapping[str, Any], line: str) -> Entry:
    missing = [name for name in _ENVELOPE if name not in content]
    if missing:
        raise EntryError("incomplete", f"The entry has no {missing[0]!r}.")
    kind, version, at = content["kind"], content["version"], content["at"]
    if not isinstance(kind, str) or not kind:
        raise EntryError("no_kind", "The kind of the entry is not a name.")
    if type(version) is not int or version < 1:
        raise EntryError("no_version", f"The version of the entry is {version!r}, not a number from 1.")
    if not isinstance(content["zone"], str):
        raise EntryError("no_zone", "The time zone of the entry is not a name.")
    return Entry(_id(content["id"]), kind, version, _moment(at), content["zone"], _body(content), line)


def _id(given: object) -> str:
    try:
        found = UUID(given) if isinstance(given, str) else None
    except ValueError:
        found = None
    if found is None or str(found) != given:
        raise EntryError("no_id", f"The id {given!r} is not a UUID in its usual form.")
    return given


def _moment(given: object) -> datetime:
    try:
        at = datetime.fromisoformat(given) if isinstance(given, str) else None
        if at is not None and at.utcoffset() is not None:
            at.astimezone(UTC)  # the far ends of the calendar have no counterpart
            return at
    except (ValueError, OverflowError):
        pass
    expected = "a date and time with its offset, as 2026-05-01T08:30+02:00"
    raise EntryError("no_time", f"The time {given!r} is not {expected}.")


def _body(content: Mapping[str, Any]) -> Body | None:
    known = KINDS.get(content["kind"])
    if known is None:
        return None
    try:
        return known.model_validate(content["body"])
    except ValidationError as error:
        if content["version"] > known.version:
            return None
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        raise EntryError("bad_body", f"{content['kind']}: {where}: {first['msg']}.") from error


@cache
def local_zone() -> str:
    """Return the IANA name of this machine's time zone; ``UTC`` when it has none."""
    from tzlocal import get_localzone_name

    try:
        return get_localzone_name() or "UTC"
    except Exception:
        return "UTC"
