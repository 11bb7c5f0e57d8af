"""Why it exists: the words of the library stay plain, modest and translated, whoever edits them."""

import re
from collections.abc import Iterator
from functools import lru_cache

from levelstride.library.checks.links import Found
from levelstride.library.knowledge import FOLDERS, Knowledge
from levelstride.library.schema.texts import ForbiddenClaim
from levelstride.library.translations import LANGUAGES, all_user_texts

_SHOWN = 20
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_KNOWN_PLACEHOLDERS = {"value", "norm", "error", "other", "limit", "name", "count", "date"}
_TRACES = re.compile(r"\bseed(s|_?[a-eA-E])?\b|\b00[0-4]\b|\b00[0-4]_", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!:;])\s+")


def check(known: Knowledge) -> Iterator[Found]:
    """Give every text that breaks a rule of wording, and every translation that is missing, stale or broken."""
    used: dict[str, str] = {}
    for place, text in all_user_texts(known):
        file, path = locate(place)
        used.setdefault(text, file)
        entry = file.removesuffix(".yaml")
        yield from ((file, path, expected) for expected in text_problems(text, known, entry, "en"))
    yield from _cues(known)
    for language in LANGUAGES:
        if language != "en":
            yield from _translation(known, language, used)


def text_problems(text: str, known: Knowledge, entry: str, language: str) -> Iterator[str]:
    """Give what is wrong with one text; ``entry`` = file without its ending, for phrases that are allowed there."""
    forbidden = known.wording.forbidden
    if _any_of(forbidden, language).search(text):
        for claim, pattern in _patterns(forbidden, language):
            found = pattern.search(text)
            if found and entry not in claim.allowed_in:
                yield f"expected no {found.group(0)!r}: {claim.reason} Say instead: {claim.instead}"
    if _TRACES.search(text):
        yield f"expected no trace of where the knowledge came from, but got {text!r}"
    for sentence in _SENTENCE_END.split(text):
        words = len(sentence.split())
        if language == "en" and words > known.wording.max_sentence_words:
            most = known.wording.max_sentence_words
            yield f"expected at most {most} words in a sentence, but got {words}: {sentence!r}"
    if "!" in text:
        yield f"expected a calm text without an exclamation mark, but got {text!r}"
    strange = set(_PLACEHOLDER.findall(text)) - _KNOWN_PLACEHOLDERS
    if strange:
        yield f"expected a placeholder of {sorted(_KNOWN_PLACEHOLDERS)}, but got {sorted(strange)}"


def locate(place: tuple[str | int, ...]) -> tuple[str, tuple[str | int, ...]]:
    """Return file and path inside it for a place of ``all_user_texts``."""
    part = str(place[0])
    return (f"{part}/{place[1]}.yaml", place[2:]) if part in FOLDERS else (f"{part}.yaml", place[1:])


def _cues(known: Knowledge) -> Iterator[Found]:
    fewest, most = known.wording.cue_words

    def wrong(text: str) -> str | None:
        words = len(text.split())
        return (
            None
            if fewest <= words <= most
            else f"expected a cue of {fewest} to {most} words, but got {words}: {text!r}"
        )

    for name, exercise in known.exercises.items():
        file = f"exercises/{name}.yaml"
        for focus in ("external", "internal"):
            for index, cue in enumerate(getattr(exercise.cues, focus)):
                if expected := wrong(cue):
                    yield file, ("cues", focus, index), expected
        for index, fault in enumerate(exercise.faults):
            if expected := wrong(fault.cue):
                yield file, ("faults", index, "cue"), expected
    for name, group in known.cues.items():
        for index, said in enumerate(group.cues):
            if expected := wrong(said.text):
                yield f"cues/{name}.yaml", ("cues", index, "text"), expected


def _translation(known: Knowledge, language: str, used: dict[str, str]) -> Iterator[Found]:
    file = f"translations/{language}.po"
    spoken = known.translations.get(language)
    if spoken is None:
        yield file, (), f"expected a translation into {LANGUAGES[language]}, but the file is missing"
        return
    missing = [(text, where) for text, where in used.items() if text not in spoken]
    for text, where in missing[:_SHOWN]:
        yield file, (), f"expected a translation of {text!r} ({where})"
    if len(missing) > _SHOWN:
        more = len(missing) - _SHOWN
        yield (
            file,
            (),
            f"expected translations of {more} more texts; levelstride library translations {language} lists all",
        )
    for text, said in spoken.items():
        if text not in used:
            yield file, (), f"expected only texts that are in use, but {text!r} is not (changed? translate it again)"
            continue
        if sorted(_PLACEHOLDER.findall(text)) != sorted(_PLACEHOLDER.findall(said)):
            yield file, (), f"expected the same placeholders as in {text!r}, but got {said!r}"
        for expected in text_problems(said, known, used[text].removesuffix(".yaml"), language):
            yield file, (), f"{expected} (translation of {text!r})"


@lru_cache(maxsize=8)
def _patterns(claims: tuple[ForbiddenClaim, ...], language: str) -> tuple[tuple[ForbiddenClaim, re.Pattern[str]], ...]:
    return tuple((claim, re.compile(claim.pattern, re.IGNORECASE)) for claim in claims if claim.language == language)


@lru_cache(maxsize=8)
def _any_of(claims: tuple[ForbiddenClaim, ...], language: str) -> re.Pattern[str]:
    """Return one pattern for all claims: most texts hold none, and are done with one look."""
    patterns = [f"(?:{claim.pattern})" for claim in claims if claim.language == language]
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)
