"""Why it exists: whoever chooses Spanish meets no English sentence, and no sentence that means something else."""

import re

import pytest

from levelstride.library.knowledge import Knowledge
from levelstride.library.translations import (
    LANGUAGES,
    Speaker,
    all_user_texts,
    read_catalogue,
    user_texts,
    write_catalogue,
)

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def test_every_text_exists_in_every_language(known: Knowledge) -> None:
    for language in LANGUAGES:
        if language != "en":
            missing = [text for _, text in all_user_texts(known) if text not in known.translations[language]]
            assert missing == []


def test_a_translation_keeps_every_number(known: Knowledge) -> None:
    wrong = []
    for text, said in known.translations["es"].items():
        before = sorted(number.replace(",", ".") for number in _NUMBER.findall(text))
        after = sorted(number.replace(",", ".") for number in _NUMBER.findall(said))
        if before != after:
            wrong.append((text, said))
    assert wrong == []


def test_nothing_is_left_in_english(known: Knowledge) -> None:
    english = re.compile(r"\b(the|your|with|you|and|when)\b")
    left = [said for text, said in known.translations["es"].items() if english.search(said) and said != "Levelstride"]
    assert left == []


def test_the_opposite_is_not_said(known: Knowledge) -> None:
    """A lost "not" is the slip that hurts: sentences with never, not or stop keep their no."""
    no = re.compile(r"\b(not|never|don't|without|no|nothing|cannot|can't)\b", re.IGNORECASE)
    spanish_no = re.compile(r"\b(no|nunca|sin|ni|ning[uú]n\w*|nada|tampoco|evit\w+|jam[aá]s|deja\w*)\b", re.IGNORECASE)
    lost = [
        (text, said)
        for text, said in known.translations["es"].items()
        if no.search(text.replace("not long ago", "")) and not spanish_no.search(said)
    ]
    assert lost == []


def test_every_entry_is_marked_as_unread_by_a_native(known: Knowledge) -> None:
    po = write_catalogue("es", known, known.translations["es"])
    entries = po.count("\nmsgid ") - 1
    assert po.count("#, fuzzy") == entries
    assert read_catalogue(po) == known.translations["es"]


def test_the_committed_file_is_what_the_command_writes(known: Knowledge) -> None:
    from levelstride.library.loader import LIBRARY

    written = (LIBRARY / "translations" / "es.po").read_text(encoding="utf-8")
    assert written == write_catalogue("es", known, known.translations["es"])


def test_a_text_that_was_not_translated_is_said_in_english(known: Knowledge) -> None:
    assert Speaker(known, "es").say("Nobody translated this.") == "Nobody translated this."
    with pytest.raises(KeyError):
        Speaker(known, "xx")


def test_texts_of_an_entry_are_found_wherever_they_stand(known: Knowledge) -> None:
    bridge = known.exercises["glute_bridge"]
    texts = [text for _, text in user_texts(bridge)]
    assert bridge.name in texts
    assert bridge.faults[0].cue in texts
    assert bridge.cues.external[0] in texts
    assert bridge.source not in texts
    assert bridge.id not in texts
