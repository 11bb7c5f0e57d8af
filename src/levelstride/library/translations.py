"""Why it exists: every text a person reads is found here, in every language it was translated to.

English stands in the knowledge files themselves. A translation is one gettext file per language
(``translations/es.po``), keyed by the English sentence: when that changes, the translation is missed, not wrong.
"""

import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import BaseModel

from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.base import Shown

#: Dates are left out of the files; git knows them.
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)

_EMPTY_HEADERS = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Report-Msgid-Bugs-To',
    '"Last-Translator',
    '"Language-Team',
    '"Project-Id-Version',
)

#: Languages the product speaks, by ISO 639-1 code, each in its own name.
LANGUAGES = {"en": "English", "es": "Español"}


def user_texts(record: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Give every text of a record that a person reads, with the path to it."""
    if isinstance(record, BaseModel):
        shown = _shown_fields(type(record))
        for name in type(record).model_fields:
            value = getattr(record, name)
            yield from _strings(value, (*place, name)) if name in shown else user_texts(value, (*place, name))
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from user_texts(value, (*place, key))
    elif isinstance(record, tuple | list):
        for index, value in enumerate(record):
            yield from user_texts(value, (*place, index))


def all_user_texts(knowledge: Knowledge) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Give every text of the library that a person reads; the first part of the path names file and entry.

    The names of measures stand in ``measures.yaml``, which is read apart.
    """
    from levelstride.library.loader import measure_library

    for name, spec in measure_library().measures.items():
        yield ("measures", name, "label"), spec.label
    for part in Knowledge.model_fields:
        if part == "translations":
            continue
        value = getattr(knowledge, part)
        yield from _strings(value, (part,)) if part == "headings" else user_texts(value, (part,))


def read_catalogue(po: str) -> dict[str, str]:
    """Return the translations of a gettext catalogue, by English text; empty ones are left out."""
    import io

    from babel.messages.pofile import read_po

    catalogue = read_po(io.StringIO(po), abort_invalid=True)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def write_catalogue(language: str, knowledge: Knowledge, known: dict[str, str]) -> str:
    """Return the gettext catalogue of a language: every text with the places it is used, translated where known.

    Every entry is marked fuzzy: no native speaker has read it yet.
    """
    import io

    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    places: dict[str, list[str]] = {}
    for place, text in all_user_texts(knowledge):
        name = "/".join(str(step) for step in place[:2])
        if name not in places.setdefault(text, []):
            places[text].append(name)
    catalogue = Catalog(
        locale=language,
        project="Levelstride",
        header_comment=(
            f"# {LANGUAGES[language]}: one file per language, keyed by the English sentence.\n"
            "# 'fuzzy' = not yet read by a native speaker. Written by `levelstride library translations`."
        ),
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        fuzzy=False,
    )
    for text, where in places.items():
        catalogue.add(text, known.get(text, ""), locations=[(name, 1) for name in where], flags={"fuzzy"})
    stream = io.BytesIO()
    write_po(stream, catalogue, width=0, include_lineno=False)
    lines = stream.getvalue().decode("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(_EMPTY_HEADERS)]
    return "\n".join(kept) + "\n"


@cache
def _shown_fields(kind: type[BaseModel]) -> frozenset[str]:
    hints = typing.get_type_hints(kind, include_extras=True)
    return frozenset(name for name in kind.model_fields if _marked(hints[name]))


def _marked(annotation: Any) -> bool:
    if any(isinstance(mark, Shown) for mark in getattr(annotation, "__metadata__", ())):
        return True
    return any(_marked(argument) for argument in typing.get_args(annotation))


def _strings(value: Any, place: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, (*place, key))
    elif isinstance(value, tuple | list):
        for index, item in enumerate(value):
            yield from _strings(item, (*place, index))


class Speaker:
    """Says the library's texts and headings in one language."""

    def __init__(self, known: Knowledge, language: str = "en") -> None:
        if language not in LANGUAGES:
            raise KeyError(language)
        self.known = known
        self.language = language
        self._spoken = known.translations.get(language, {})

    def say(self, text: str) -> str:
        """Return a text in this language; the English itself where no translation exists."""
        return self._spoken.get(text, text)

    def heading(self, key: str) -> str:
        """Return a heading of headings.yaml in this language; ``KeyError`` when unknown."""
        return self.say(self.known.headings[key])
