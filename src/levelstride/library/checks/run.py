"""Why it exists: one call checks a whole library, file by file first, then what the files say about each other."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from levelstride.library.checks import exercises, links, upkeep, words
from levelstride.library.checks.documents import Document, Problem, in_words, read_document, read_plain
from levelstride.library.knowledge import FILES, FOLDERS, join, part_of
from levelstride.library.loader import LIBRARY, TRANSLATIONS
from levelstride.library.translations import LANGUAGES, read_catalogue

_MEASURES = "measures.yaml"


def check_folder(root: Path = LIBRARY) -> list[Problem]:
    """Check the library in a folder; an empty list when all is well."""
    texts: dict[str, str] = {}
    problems = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        hidden = any(step.startswith((".", "__pycache__")) for step in name.split("/"))
        if path.is_dir() or hidden or path.suffix in (".py", ".pyc"):
            continue
        try:
            texts[name] = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            problems.append(
                Problem(name, None, f"expected UTF-8 text, but byte {error.start} is not; save it as UTF-8")
            )
        except OSError as error:
            problems.append(Problem(name, None, f"expected a file that can be read, but {error.strerror}"))
    return problems or check_texts(texts)


def check_texts(texts: Mapping[str, str]) -> list[Problem]:
    """Check a library given as file name -> text.

    What the files say about each other is checked only when every file by itself is sound.
    """
    problems: list[Problem] = []
    spoken: dict[str, dict[str, str]] = {}
    documents: dict[str, Document] = {}
    for name, text in texts.items():
        if name == _MEASURES:
            problems.extend(_measures(name, text, texts.get("sources.yaml", "")))
        elif name.startswith(TRANSLATIONS + "/"):
            problems.extend(_read_translation(name, text, spoken))
        else:
            documents[name] = read_document(name, text)
            problems.extend(documents[name].problems)
    problems.extend(_missing(documents))
    problems.extend(_misnamed(documents))
    if problems:
        return problems
    known = join({name: document.content for name, document in documents.items()}, spoken)
    found = [*links.check(known), *exercises.check(known), *words.check(known), *upkeep.check(known)]
    return [Problem(file, _line(documents, file, path), expected) for file, path, expected in found]


def _measures(name: str, text: str, sources: str) -> list[Problem]:
    """Check the measures against their own contract, which joins them with the sources."""
    import yaml
    from pydantic import ValidationError

    from levelstride.library.schema.measures import MeasureLibrary

    document = read_plain(name, text)
    if document.problems:
        return list(document.problems)
    try:
        MeasureLibrary.model_validate({**document.content, "sources": yaml.safe_load(sources)})
    except ValidationError as error:
        return [Problem(name, document.line(found["loc"]), in_words(found)) for found in error.errors()]
    except yaml.YAMLError:
        return []  # told where the sources themselves are read
    return []


def _read_translation(name: str, text: str, spoken: dict[str, dict[str, str]]) -> Iterator[Problem]:
    from babel.messages.pofile import PoFileError

    language = name.rpartition("/")[2].removesuffix(".po")
    if language not in LANGUAGES or language == "en":
        yield Problem(name, None, f"expected <language>.po, one of {', '.join(x for x in LANGUAGES if x != 'en')}")
        return
    try:
        spoken[language] = read_catalogue(text)
    except PoFileError as error:
        yield Problem(name, error.lineno + 1, f"expected a gettext catalogue, but {error.args[0]}")


def _missing(documents: Mapping[str, Document]) -> Iterator[Problem]:
    for part in FILES:
        if f"{part}.yaml" not in documents:
            yield Problem(f"{part}.yaml", None, "expected this file, but it is missing")
    for folder in FOLDERS:
        if not any(part_of(name) == folder for name in documents):
            yield Problem(f"{folder}/", None, "expected at least one file in this folder")


def _misnamed(documents: Mapping[str, Document]) -> Iterator[Problem]:
    for name, document in documents.items():
        if part_of(name) in FOLDERS and document.content is not None:
            stem = name.rpartition("/")[2].partition(".")[0]
            if document.content.id != stem:
                expected = f"id: expected {stem!r}, the name of the file, but got {document.content.id!r}"
                yield Problem(name, document.line(("id",)), expected)


def _line(documents: Mapping[str, Document], file: str, path: tuple[str | int, ...]) -> int | None:
    return documents[file].line(path) if file in documents else None
