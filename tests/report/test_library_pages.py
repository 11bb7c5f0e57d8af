"""Why it exists: the pages of the library are whole, lead nowhere wrong, load nothing and say who has read them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from levelstride.library.loader import LIBRARY, read_library
from levelstride.report.library.pages import page_names, write_pages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("library")
    told: list[tuple[int, int]] = []
    number = write_pages(out, read_library(LIBRARY), lambda done, of: told.append((done, of)))
    assert told[-1] == (number, number)
    return out


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.loads: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "html":
            self.language = found.get("lang") or ""
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if found.get("id"):
            assert found["id"] not in self.ids, found["id"]
            self.ids.add(str(found["id"]))
        if found.get("src") or tag == "link":
            self.loads.append(str(found))


def read(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text(encoding="utf-8"))
    return links


def test_every_entry_has_its_page_in_every_language(folder: Path) -> None:
    known = read_library(LIBRARY)
    for language in ("en", "es"):
        names = page_names(known, language)
        assert len(names) >= 118 + 33
        for name in names:
            assert read(folder / name).language == language


def test_every_link_leads_somewhere_and_nothing_is_loaded(folder: Path) -> None:
    pages = {path: read(path) for path in folder.rglob("*.html")}
    for path, page in pages.items():
        assert page.loads == [], path
        for link in page.links:
            target, _, anchor = link.partition("#")
            assert "://" not in target, (path, link)
            goal = (path.parent / target).resolve() if target else path
            assert goal in pages, (path.name, link)
            if anchor:
                assert anchor in pages[goal].ids, (path.name, link)


@pytest.mark.requirement("R113")
def test_the_page_of_an_exercise_says_what_makes_the_next_one_harder(folder: Path) -> None:
    for language, words in (("en", "with a band"), ("es", "con banda elástica")):
        text = (folder / language / "exercises" / "glute_bridge.html").read_text(encoding="utf-8")
        assert re.search(rf'glute_bridge_band\.html">[^<]*</a> \({words};', text)
        assert 'data-harder-by="band direction"' in text


def test_every_clinical_page_says_that_nobody_has_reviewed_it(folder: Path) -> None:
    for part in ("exercises", "tests", "rules"):
        for path in (folder / "en" / part).glob("*.html"):
            assert "Not yet reviewed by a clinician." in path.read_text(encoding="utf-8"), path


def test_spanish_pages_say_they_await_a_native_reader(folder: Path) -> None:
    text = (folder / "es" / "exercises" / "glute_bridge.html").read_text(encoding="utf-8")
    assert "Paso a paso" in text
    assert "Step by step" not in text


def test_the_policy_names_the_style_and_the_one_script(folder: Path) -> None:
    index = (folder / "en" / "index.html").read_text(encoding="utf-8")
    assert "script-src 'sha256-" in index
    assert "script-src" not in (folder / "en" / "exercises" / "clamshell.html").read_text(encoding="utf-8")
    for path in folder.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "unsafe-inline" not in text
        assert len(re.findall(r"<style", text)) == 1, path
        assert ' style="' not in text, path


def test_a_rule_page_shows_figures_with_their_status(folder: Path) -> None:
    text = (folder / "en" / "rules" / "pain_colours.html").read_text(encoding="utf-8")
    assert "our own choice" in text
    assert "not validated for this use" in text
