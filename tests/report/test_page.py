"""Why it exists: the page keeps its promises - self-contained, complete, readable by everyone, careful with words."""

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from levelstride.analysis import Examination
from levelstride.library.loader import measure_library
from levelstride.report import sections, wording
from levelstride.report.charts import CURVES, curve_charts
from levelstride.report.files import measures_file
from levelstride.report.keyframes import choose_key_frames, draw
from levelstride.report.page import TIPS, render_page

VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Collects text, tags and attributes, and checks that every element is closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text = [], [], ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open and "title" not in self.open:
            self.text += data

    def find(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(analysis):
    image = np.full((720, 1280, 3), 120, dtype=np.uint8)
    frames = [draw(r, analysis.motion, image) for r in choose_key_frames(analysis.gait, analysis.motion)]
    return page_of(Examination.of([analysis]), {"gait_side": frames})


def page_of(examination, frames=None, **options):
    motions = [{m.result.task: m.motion for m in a.measurements} for a in examination.analyses]
    return render_page(measures_file(examination), motions, frames, **options)


@pytest.fixture(scope="module")
def reader(page):
    return Reader(page)


@pytest.fixture(scope="module")
def words(reader):
    return " ".join(reader.text.split())


def test_nothing_is_loaded_and_nothing_runs(page, reader):
    assert not reader.find("script")
    assert not reader.find("link")
    assert not reader.find("iframe")
    assert not re.search(r"\son\w+=", page)
    for _, attrs in reader.tags:
        for name in ("href", "src", "xlink:href", "action"):
            assert attrs.get(name, "#").startswith(("#", "data:image/jpeg;base64,"))
    without_namespaces = re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)
    assert "http:" not in without_namespaces
    assert "https:" not in without_namespaces
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_the_policy_allows_only_this_style(page, reader):
    policy = next(m["content"] for m in reader.find("meta") if m.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert not [attrs for _, attrs in reader.tags if "style" in attrs]


def test_every_measure_stands_there_with_its_error(words, gait):
    for measure in gait.measures:
        assert measure.value is None or wording.format_measure(measure) in words.replace(" °", "°")
    for spec in (s for s in measure_library().measures.values() if "gait_side" in s.tasks):
        assert spec.label in words
        assert spec.definition in words


def test_every_reason_and_remedy_stands_there(words, gait):
    for measure in gait.measures:
        if measure.not_measurable:
            assert measure.not_measurable.text in words
            assert measure.not_measurable.fix in words
    assert "Peak knee flexion in swing, right: the far foot was hidden" in words
    for line in (*gait.notes, "People came so close that identity was unclear.", *TIPS["gait_side"]):
        assert line in words


def test_every_measure_of_the_library_has_its_group():
    placed = [name for members in sections.GROUPS.values() for name in members]
    assert sorted(placed) == sorted(measure_library().measures)


def test_a_measure_without_group_is_still_shown(gait, monkeypatch):
    monkeypatch.setattr(sections, "GROUPS", {"Only": ("cadence_spm",)})
    found = sections.groups(gait)
    assert [g.title for g in found] == ["Only", sections.OTHER]
    assert sum(len(g.rows) for g in found) == len({m.name for m in gait.measures})


def test_where_it_came_from(words):
    for text in ("1280 × 720 px", "60 frames per second", "BlazePose heavy", "abababababab…", "levelstride 0.1.0"):
        assert text in words
    assert "2; person 2 was measured" in words
    assert "walk <1> & co.mp4" in words
    assert "Butterworth filter of order 4 at 6 Hz" in words
    assert "less than 30% sure" in words.replace("30 %", "30%")
    assert "Polish (strength 3)." in words
    assert "height, ankle to ear (height 1.72 m, stated)" in words


def test_far_leg_and_quality_are_said_in_words(words):
    assert wording.LIMB_WORDS["far"] in words
    for word, meaning in wording.QUALITY_WORDS.items():
        assert f"{word}: {meaning}" in words
    assert wording.PLUS_MINUS in words
    assert wording.NO_DIAGNOSIS in words


def test_words_that_are_never_used(words):
    careful = words.replace(wording.NO_DIAGNOSIS, "").lower()
    for word in (
        "diagnos", "patholog", "abnormal", "disorder", "disease", "impair", "deficit", "syndrome", "weak", "asleep",
        "inhibit", "dysfunction", "patient", "normal gait",
    ):  # fmt: skip
        assert word not in careful, word


def test_headings_tables_and_pictures_are_accessible(page, reader):
    assert reader.find("html")[0]["lang"] == "en"
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(reader.find("table")) == len(reader.find("caption")) >= 4
    assert all(attrs.get("scope") in ("row", "col") for attrs in reader.find("th"))
    for attrs in reader.find("svg"):
        assert attrs.get("aria-hidden") == "true" or (attrs.get("role") == "img" and attrs.get("aria-label"))
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in reader.tags:
        for target in [attrs[k].lstrip("#") for k in ("aria-labelledby", "href") if k in attrs]:
            assert target in ids or target.startswith("data:")
    assert "toe-off at 62 %" in unescape(page)


def test_dark_mode_reaches_page_and_charts(page, gait):
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    assert "@media (prefers-color-scheme: dark)" in style
    assert "@media print" in style
    root, dark = (re.findall(r"(--[\w-]+):", block) for block in re.findall(r":root \{(.*?)\}", style, re.S)[:2])
    assert {name for name in dark if name != "--font"} == set(root) - {"--radius", "--gap", "--font"}
    for chart in curve_charts(gait):
        for attribute, colour in re.findall(r'(fill|stroke)="(#[0-9a-fA-F]{3,6})"', chart.svg):
            assert f'.chart [{attribute}="{colour}"]' in style, (chart.name, attribute, colour)


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_colours_have_contrast(page):
    blocks = re.findall(r":root \{(.*?)\}", page, re.S)
    assert len(blocks) == 3
    for block in blocks:
        token = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", block))
        for ground in ("--paper", "--card", "--sunken", "--tint"):
            for text in ("--ink", "--soft", "--accent"):
                assert contrast(token[text], token[ground]) >= 4.5, (text, ground)
        for line in ("--left", "--right", "--zero"):
            assert contrast(token[line], token["--card"]) >= 3, line


def test_left_and_right_differ_by_more_than_colour(gait):
    for chart in curve_charts(gait):
        assert 'stroke-dasharray="7,4"' in chart.svg
        assert chart.title == CURVES[chart.name].title
        assert f'id="{chart.name}-' in chart.svg or "url(#" not in chart.svg


def test_imperial_page(analysis, examination):
    page = page_of(examination, units="imperial")
    text = " ".join(Reader(page).text.split())
    shown = wording.show_imperial(analysis.gait.get("step_length_m", "left"))
    assert shown.text in text


def test_a_result_with_almost_nothing(analysis, examination):
    content = measures_file(examination)
    empty = content.results[0].model_copy(
        update={
            "curves": (),
            "events": (),
            "notes": (),
            "scale_method": None,
            "measures": tuple(m for m in content.results[0].measures if m.value is None),
        }
    )
    motions = [{"gait_side": analysis.motion}]
    page = render_page(content.model_copy(update={"results": (empty,)}), motions)
    text = " ".join(Reader(page).text.split())
    assert "Joint angles over one gait cycle" not in text
    assert "Key moments" not in text
    assert "Film the whole body, feet included." in text
    assert "no height was given" in text
