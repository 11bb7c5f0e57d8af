"""Why it exists: ``levelstride library pages`` writes the whole library as plain HTML files, one folder per language.

The pages load nothing from anywhere; the only script is the filter of the exercise list, named by hash in the
content security policy of that page.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from levelstride.library import sayings
from levelstride.library.knowledge import Knowledge
from levelstride.library.quality import tier
from levelstride.library.schema.base import Source
from levelstride.library.translations import LANGUAGES, Speaker
from levelstride.report.library.ladder import family, ladder_svg, steps_up

if TYPE_CHECKING:
    import jinja2

#: Parts with a page per entry.
_ENTRIES = ("exercises", "tests", "rules")
#: Parts on one page.
_LISTS = ("education", "cautions", "sources")


def write_pages(folder: Path, known: Knowledge, told: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Write the library as HTML under ``folder/<language>/`` and return the number of pages.

    ``told(done, of)`` is called after each page. Existing files of the same name are replaced, others are left alone.
    """
    pages = [page for language in LANGUAGES for page in _pages(known, language)]
    for done, (name, text) in enumerate(pages, start=1):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(), encoding="utf-8")
        told(done, len(pages))
    return len(pages)


def page_names(known: Knowledge, language: str) -> list[str]:
    """Return the names of all pages of a language."""
    return [name for name, _ in _pages(known, language)]


def _pages(known: Knowledge, language: str) -> Iterator[tuple[str, Callable[[], str]]]:
    speaker = Speaker(known, language)

    def page(template: str, path: str, **content: Any) -> tuple[str, Callable[[], str]]:
        return f"{language}/{path}", lambda: _render(template, path, speaker, **content)

    yield page("library_index.html.j2", "index.html", phases=_by_phase(known))
    for part in _ENTRIES:
        for name, entry in getattr(known, part).items():
            content: dict[str, Any] = {"entry": entry}
            if part == "exercises":
                content |= _exercise(entry, known, language)
            yield page(f"library_{part}.html.j2", f"{part}/{name}.html", **content)
    for part in _LISTS:
        yield page(f"library_{part}.html.j2", f"{part}.html", entries=getattr(known, part))


def _exercise(entry: Any, known: Knowledge, language: str) -> dict[str, Any]:
    up, speaker = steps_up(known), Speaker(known, language)
    return {
        "harder": {high: sayings.harder_words(entry, known.exercises[high], speaker) for high in up[entry.id]},
        "easier": [low for low, highs in up.items() if entry.id in highs],
        "ladder": ladder_svg(known, family(entry.id, known, reach=1), here=entry.id, language=language, in_page=True),
        "tier": tier(entry, known),
    }


def _by_phase(known: Knowledge) -> dict[str, list[str]]:
    """Return the exercises by the first phase they belong to, easiest first."""
    phases: dict[str, list[str]] = {phase: [] for phase in known.vocabulary.phases}
    for exercise in sorted(known.exercises.values(), key=lambda found: (found.difficulty, found.name)):
        first = next(phase for phase in phases if phase in exercise.doses)
        phases[first].append(exercise.id)
    return {phase: names for phase, names in phases.items() if names}


def _render(template: str, path: str, speaker: Speaker, **content: Any) -> str:
    style, script = _asset("style.css") + _asset("library/library.css"), _asset("library/find.js")
    up = "../" * path.count("/")
    return (
        _environment()
        .get_template(template)
        .render(
            say=speaker.say,
            heading=speaker.heading,
            known=speaker.known,
            speaker=speaker,
            language=speaker.language,
            other="es" if speaker.language == "en" else "en",
            other_name=LANGUAGES["es" if speaker.language == "en" else "en"],
            path=path,
            up=up,
            style=style,
            style_hash=_hash(style),
            script=script,
            script_hash=_hash(script),
            sayings=sayings,
            source=lambda name: _source(name, speaker.known),
            **content,
        )
    )


def _source(name: str, known: Knowledge) -> Source | None:
    return known.sources.get(name)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return package_files("levelstride.report").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> "jinja2.Environment":
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: _asset(f"templates/{name}")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
