"""Why it exists: what a person reads is plain enough for a twelve-year-old, measured, not claimed."""

from collections import defaultdict

import pytest
from textstat import textstat

from levelstride.library.knowledge import Knowledge
from levelstride.library.translations import all_user_texts

#: US school grade; 6 to 7 is the age of twelve.
MOST_FOR_A_PAGE = 7.0


def pages(known: Knowledge) -> dict[str, str]:
    """Return the whole sentences of each entry, joined: labels and cues are no sentences."""
    texts: dict[str, list[str]] = defaultdict(list)
    for place, text in all_user_texts(known):
        if text.endswith((".", "?")) and len(text.split()) >= 4:
            texts[f"{place[0]}/{place[1]}"].append(text.replace("{value}", "five").replace("{norm}", "six"))
    return {name: " ".join(found) for name, found in texts.items() if len(" ".join(found).split()) >= 30}


def test_every_page_is_plain(known: Knowledge) -> None:
    grades = {name: textstat.flesch_kincaid_grade(text) for name, text in pages(known).items()}
    assert len(grades) >= 200
    hard = {name: round(grade, 1) for name, grade in grades.items() if grade > MOST_FOR_A_PAGE}
    assert hard == {}


def test_the_library_as_a_whole_is_plainer_still(known: Knowledge) -> None:
    whole = " ".join(pages(known).values())
    assert textstat.flesch_kincaid_grade(whole) <= 6.0


@pytest.mark.parametrize("rule", ["red_flags", "stop_signs", "pain_colours"])
def test_words_that_must_be_understood_at_once_are_the_plainest(rule: str, known: Knowledge) -> None:
    assert textstat.flesch_kincaid_grade(pages(known)[f"rules/{rule}"]) <= 6.0


def test_no_word_of_the_trade_stands_alone(known: Knowledge) -> None:
    trade = ("neutral spine", "isometric", "eccentric", "contralateral", "dorsiflexion", "abduct", "proprioception")
    found = [text for _, text in all_user_texts(known) if any(word in text.lower() for word in trade)]
    assert found == []


def test_spanish_is_readable_too(known: Knowledge) -> None:
    sentences = [said for said in known.translations["es"].values() if said.endswith(".") and len(said.split()) >= 6]
    textstat.set_lang("es")
    try:
        ease = textstat.fernandez_huerta(" ".join(sentences))
    finally:
        textstat.set_lang("en")
    assert ease >= 70, "70-80 = fairly easy, read at twelve"
