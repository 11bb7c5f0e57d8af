"""Why it exists: the picture of results over time shows every result with its error, and promises no more."""

import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone

import pytest

from levelstride.library.loader import knowledge
from levelstride.report.charts import COLOURS, INK
from levelstride.report.history import history_svg
from levelstride.screening.change import detectable_change
from levelstride.screening.sayings import Phrases
from levelstride.screening.series import Z_95, Point, Series, Subject

KNOWN = knowledge()
FIRST = datetime(2026, 5, 14, 9, 30, tzinfo=timezone(timedelta(hours=2)))
ALIKE = {
    "sts5": {"arms": "crossed", "chair_height": "45"},
    "wblt": {"heel_stayed": "yes", "footwear": "barefoot"},
    "walk10": {"course": "10 m", "aid": "none"},
    "walk6min": {"lap": "20 m", "aid": "none"},
}
SVG = "{http://www.w3.org/2000/svg}"
PAPER = "#ffffff"


def subject(test, activity=None):
    found = KNOWN.tests[test]
    name = test if activity is None else f"{test}/{activity}"
    return Subject(name, found.name, found.measure.unit, found.measure.better, found, activity)


def made(test, values, side=None, *, error=1.0, source="published", every=14, activity=None, unlike=()):
    """Make a series with one result every so many days; those in ``unlike`` were got in another way."""
    points = tuple(
        Point(
            value,
            error,
            source,
            FIRST + timedelta(days=every * number),
            f"entry-{number}",
            {**ALIKE.get(test, {}), **({next(iter(ALIKE[test])): "otherwise"} if number in unlike else {})},
            "hand",
            None,
            None,
            None,
            None,
        )
        for number, value in enumerate(values)
    )
    return Series(subject(test, activity), side, points)


def both(test, left, right, **more):
    return [made(test, left, "left", **more), made(test, right, "right", **more)]


def drawn(series, language="en", units="metric"):
    return ET.fromstring(history_svg(series, Phrases(KNOWN, language, units)))


def marks(tree, name):
    """Return what is drawn under a name, over all panels."""
    groups = [g for g in tree.iter(f"{SVG}g") if f" {name}" in g.get("class", "")]
    return [one for group in groups for one in group]


def texts(tree, kind):
    groups = [g for g in tree.iter(f"{SVG}g") if kind in g.get("class", "").split()]
    return [" ".join("".join(one.itertext()) for one in group.iter(f"{SVG}text")) for group in groups]


def titles(tree):
    """Return heading and names of the panels, with each wrapped one in one line."""
    groups = [g for g in tree.iter(f"{SVG}g") if "role-title-text" in g.get("class", "").split()]
    return [" ".join(one for text in group for one in (list(text.itertext()))) for group in groups]


def key(tree):
    """Return the words of the key: what bars, bands and hollow points mean."""
    first = next(g for g in tree.iter(f"{SVG}g") if "concat_0_group" in g.get("class", ""))
    return " ".join("".join(text.itertext()) for text in first.iter(f"{SVG}text"))


def height(mark):
    """Return how high a bar is, in pixels."""
    return abs(float(mark.get("y2")))


def place(mark):
    """Return where a mark stands."""
    x, y = mark.get("transform").removeprefix("translate(").removesuffix(")").split(",")
    return float(x), float(y)


# ------------------------------------------------------------------------------------------------- what is drawn


@pytest.mark.parametrize(
    ("series", "count"),
    [
        ([made("sts5", [14.2])], 1),
        ([*both("wblt", [8, 9, 11], [8, 8.5]), made("walk10", [1.1, 1.2])], 7),
        (both("wblt", range(30), range(30)), 60),
        ([made("sts5", [14, 13, 12], unlike=(2,))], 3),
        ([made("sts5", [14, 14, 14], every=0), made("walk6min", [-5e5, 5e5], error=1e4, every=0)], 5),
        ([made("sts5", [0.0, 0.0], error=1e-13)], 2),
    ],
)
def test_every_result_has_a_point_and_a_bar(series, count):
    tree = drawn(series)
    assert len(marks(tree, "alike_") + marks(tree, "unlike_")) == count
    assert len(marks(tree, "bars_")) == count
    assert sum(len(one.points) for one in series) == count


def test_one_panel_for_each_test_with_both_sides_in_it():
    series = [*both("wblt", [8, 9], [8.4, 11]), made("sts5", [14, 11]), made("psfs", [3, 6], activity="Stairs")]
    assert titles(drawn(series)) == ["What changed", "Knee to wall lunge", "Five chair stands, timed", "Stairs"]


def test_sides_differ_in_colour_and_shape_and_word():
    tree = drawn(both("wblt", [8, 9], [8.4, 11]))
    (left, *_), (right, *_) = marks(tree, "alike_left"), marks(tree, "alike_right")
    assert (left.get("fill"), right.get("fill")) == (COLOURS["left"], COLOURS["right"])
    assert left.get("d") != right.get("d")
    assert texts(marks_of_sides(tree), "mark-text") == ["Right", "Left"]


def marks_of_sides(tree):
    """Return a tree of the words for the sides only."""
    kept = ET.Element("kept")
    kept.extend(g for g in tree.iter(f"{SVG}g") if " side_" in g.get("class", ""))
    return kept


def test_a_test_without_sides_names_none():
    tree = drawn([made("sts5", [14, 11])])
    assert len(marks_of_sides(tree)) == 0
    assert {one.get("fill") for one in marks(tree, "alike_")} == {INK}


def test_sides_of_the_same_day_do_not_hide_each_other():
    tree = drawn(both("wblt", [8, 9], [8, 9]))
    for left, right in zip(marks(tree, "alike_left"), marks(tree, "alike_right"), strict=True):
        assert place(right)[0] - place(left)[0] == pytest.approx(9)
        assert place(right)[1] == place(left)[1]


def test_bars_are_the_error_19_times_in_20():
    tree = drawn([made("sts5", [10, 20], error=2.0)])
    (one, two), bars = marks(tree, "alike_result"), marks(tree, "bars_result")
    unit = (place(one)[1] - place(two)[1]) / 10  # pixels for one second
    assert [height(bar) for bar in bars] == pytest.approx([2 * Z_95 * 2.0 * unit] * 2, rel=1e-3)


def test_time_runs_by_days():
    tree = drawn([made("sts5", [14, 13], every=10), made("walk10", [1.0, 1.1, 1.2], every=20)])
    x = [place(one)[0] for one in marks(tree, "alike_result")]
    assert x[0] == x[2]  # both tests began on the same day
    assert (x[1] - x[0]) / (x[3] - x[2]) == pytest.approx(0.5, rel=1e-3)
    assert x[4] - x[3] == pytest.approx(x[3] - x[2], rel=1e-3)


# ------------------------------------------------------------------------------------------------- alike, band


def test_what_was_done_otherwise_is_hollow():
    tree = drawn([made("sts5", [14, 13, 12, 11], unlike=(1, 2))])
    assert [one.get("fill") for one in marks(tree, "unlike_")] == [PAPER, PAPER]
    assert {one.get("stroke") for one in marks(tree, "unlike_")} == {INK}
    assert {one.get("fill") for one in marks(tree, "alike_")} == {INK}
    assert "Not comparable" in key(tree)
    assert "Not comparable" not in key(drawn([made("sts5", [14, 13])]))


@pytest.mark.parametrize(
    ("series", "bands"),
    [
        ([made("sts5", [14])], 0),
        ([made("sts5", [14, 11])], 1),
        ([made("sts5", [14, 11], unlike=(1,))], 0),
        ([made("sts5", [14, 13, 11], unlike=(2,))], 0),
        ([made("sts5", [14, 13, 11], unlike=(0,))], 1),
        (both("wblt", [8, 9], [8.4, 11]), 2),
        (both("wblt", [8, 9], [8.4]), 1),
    ],
)
def test_a_band_needs_two_results_got_in_the_same_way(series, bands):
    tree = drawn(series)
    assert len(marks(tree, "band_")) == bands
    assert ("No detectable change" in key(tree)) == (bands > 0)
    assert "Error not known" not in key(tree)


@pytest.mark.parametrize("unlike", [(), (0,)])
def test_the_band_is_the_detectable_change_around_the_first_comparable_result(unlike):
    series = made("sts5", [20, 14, 10], unlike=unlike)
    begin = series.points[len(unlike)]
    least = detectable_change(series, begin, series.points[-1], KNOWN).value
    tree = drawn([series])
    points = marks(tree, "alike_result")
    (band,) = marks(tree, "band_result")
    unit = (place(points[-1])[1] - place(points[0])[1]) / (begin.value - 10)
    _, top, tall = box(band)
    assert tall == pytest.approx(2 * least * unit, rel=1e-3)
    assert top + tall / 2 == pytest.approx(place(points[0])[1], abs=0.05)


def box(path):
    """Return left, top and height of a rectangle drawn as a path."""
    move, rest = path.get("d").removeprefix("M").split("h", 1)
    left, top = move.split(",")
    return float(left), float(top), float(rest.split("v", 1)[1].split("h", 1)[0])


def test_where_only_our_guess_stands_behind_it_no_band_says_no_change():
    tree = drawn([made("walk10", [1.0, 1.2], error=0.05, source="assumed", every=60)])
    assert [one.tag for one in marks(tree, "band_")] == [f"{SVG}line"] * 2
    assert "Error not known" in key(tree)
    assert "No detectable change" not in key(tree)


# ------------------------------------------------------------------------------------------------- words and numbers


@pytest.mark.parametrize(
    ("language", "heading", "name", "side", "unit", "dates"),
    [
        ("en", "What changed", "Knee to wall lunge", "Left", "cm", ["May 14, 2026", "May 28, 2026"]),
        ("es", "Qué cambió", "Zancada con la rodilla a la pared", "Izquierdo", "cm", ["14 may 2026", "28 may 2026"]),
    ],
)
def test_words_are_in_the_persons_language(language, heading, name, side, unit, dates):
    tree = drawn(both("wblt", [8, 9], [8.4, 11]), language)
    assert titles(tree) == [heading, name]
    assert tree.find(f"{SVG}title").text == heading
    assert side in texts(marks_of_sides(tree), "mark-text")
    assert "".join("".join(one.itertext()) for one in marks(tree, "unit_")) == unit
    labels = texts(tree, "role-axis-label")
    assert all(one in " ".join(labels) for one in dates)
    assert tree.find(f"{SVG}desc").text.startswith(f"{name}, {side.lower()}: 2026-05-14 8 cm ± 2 cm; ")


def test_numbers_are_written_as_the_language_does():
    series = [made("walk10", [1.0, 1.2], error=0.02)]
    assert "1.1" in " ".join(texts(drawn(series), "role-axis-label"))
    assert "1,1" in " ".join(texts(drawn(series, "es"), "role-axis-label"))


def test_units_are_those_of_the_person():
    series = [made("wblt", [2.54, 7.62]), made("walk10", [1, 2]), made("walk6min", [400, 500]), made("sts5", [14, 11])]
    tree = drawn(series, units="imperial")
    assert ["".join(one.itertext()) for one in marks(tree, "unit_")] == ["in", "mph", "ft", "s"]
    told = tree.find(f"{SVG}desc").text.splitlines()
    assert [line.split(": ")[1].split(";")[0] for line in told] == [
        "2026-05-14 1 in ± 0.8 in",
        "2026-05-14 2.2 mph ± 4.4 mph",
        "2026-05-14 1312.3 ft ± 6.4 ft",
        "2026-05-14 14 s ± 2 s",
    ]


def test_imperial_units_move_the_numbers_and_not_the_drawing():
    """One inch up is as far as 2.54 cm: the axis holds the same lengths, with other words."""
    series = [made("wblt", [8, 9, 11], "left")]
    metric, imperial = drawn(series), drawn(series, units="imperial")
    for one, other in zip(marks(metric, "alike_"), marks(imperial, "alike_"), strict=True):
        assert place(one) == pytest.approx(place(other), abs=0.01)
    assert texts(metric, "role-axis-label") != texts(imperial, "role-axis-label")


def test_degrees_stand_at_each_number():
    tree = drawn([made("fppa", [-4, 3], "left")])
    labels = " ".join(texts(tree, "role-axis-label"))
    assert "0°" in labels
    assert "−" in labels
    assert "-" not in labels


def test_axes_are_not_crowded():
    scales, counts = (1e-3, 0.37, 42, 1e4), (1, 5)
    series = [
        made("psfs", [scale * (1 + 0.1 * n) for n in range(count)], error=0.1 * scale, activity=f"{scale} {count}")
        for scale in scales
        for count in counts
    ]
    tree = drawn(series)
    groups = [g for g in tree.iter(f"{SVG}g") if "role-axis-label" in g.get("class", "").split()]
    labels = [["".join(text.itertext()) for text in group] for group in groups]
    assert len(labels) == 2 * len(series)
    for words in labels:
        assert len(words) == len(set(words))
        assert len(words) == 3 if words[0].endswith("2026") else 2 <= len(words) <= 8
    alone = drawn([made("sts5", [14])])
    assert "May 14, 2026" in texts(alone, "role-axis-label")


# ------------------------------------------------------------------------------------------------- the file itself


def test_any_name_can_be_drawn():
    names = (
        'Stairs <fast> & "alone"',
        "]]> <script>alert(1)</script>",
        'walk style="x" id="y" role="z"',
        "Treppen\x00steigen \x0b\ufffe",
        "歩く 🦵",
    )
    legal = ["".join(one for one in name if one not in "\x00\x0b\ufffe").strip() for name in names]
    tree = drawn([made("psfs", [3, 6], activity=name) for name in names])
    assert titles(tree)[1:] == legal
    assert all(name in tree.find(f"{SVG}desc").text for name in legal)
    assert not list(tree.iter(f"{SVG}script"))


def test_long_names_are_wrapped_and_told_in_full():
    name = "climb the stairs at home " * 8
    tree = drawn([made("psfs", [3, 6], activity=name.strip())])
    (rows,) = [
        [t for text in g.iter(f"{SVG}text") for t in text.itertext()]
        for g in list(tree.iter(f"{SVG}g"))
        if "role-title-text" in g.get("class", "").split() and "climb" in "".join(g.itertext())
    ]
    assert len(rows) == 3
    assert rows[-1].endswith("…")
    assert max(map(len, rows)) <= 40
    assert name.strip() in tree.find(f"{SVG}desc").text


def test_description_tells_every_result():
    series = [*both("wblt", [8, 9, 11], [8.4, 9, 10], unlike=(1,)), made("sts5", [14.2, 11])]
    told = drawn(series).find(f"{SVG}desc").text.splitlines()
    assert told == [
        "Knee to wall lunge, left: 2026-05-14 8 cm ± 2 cm; 2026-05-28 9 cm ± 2 cm (Not comparable);"
        " 2026-06-11 11 cm ± 2 cm.",
        "Knee to wall lunge, right: 2026-05-14 8.4 cm ± 2 cm; 2026-05-28 9 cm ± 2 cm (Not comparable);"
        " 2026-06-11 10 cm ± 2 cm.",
        "Five chair stands, timed: 2026-05-14 14.2 s ± 2 s; 2026-05-28 11 s ± 2 s.",
    ]


def test_the_picture_fits_a_phone():
    tree = drawn([*both("wblt", range(30), range(30)), made("sts5", [14, 11]), made("fppa", [-40, -20], "left")], "es")
    assert tree.get("role") == "img"
    assert 340 <= int(tree.get("width")) <= 390
    assert tree.get("viewBox") == f"0 0 {tree.get('width')} {tree.get('height')}"
    sizes = {float(text.get("font-size").removesuffix("px")) for text in tree.iter(f"{SVG}text")}
    assert min(sizes) >= 12


def test_nothing_is_fetched_and_nothing_runs():
    svg = history_svg(both("wblt", [8, 9], [8.4, 11]), Phrases(KNOWN))
    assert svg.replace("http://www.w3.org/2000/svg", "").count("http") == 0
    assert not any(one in svg for one in ("<script", "@import", "@font-face", "url(", "href", "<image"))


def test_colours_of_the_night_cover_all_that_is_drawn():
    svg = history_svg(both("wblt", [8, 9, 11], [8.4, 9, 11], unlike=(1,)), Phrases(KNOWN))
    used = {
        one.get(what) for one in ET.fromstring(svg).iter() for what in ("fill", "stroke") if one.get(what) is not None
    } - {"none", "transparent"}
    style = ET.fromstring(svg).find(f"{SVG}style").text
    assert style.startswith("@media (prefers-color-scheme:dark)")
    assert used == {PAPER, "#1d2731", INK, "#dfe5ea", *COLOURS.values()}
    assert all(f'[{what}="{colour}"]' in style for colour in used for what in ("fill", "stroke"))


def test_the_same_results_give_the_same_text():
    def again():
        return history_svg([*both("wblt", [8, 9], [8.4, 11]), made("sts5", [14, 11])], Phrases(KNOWN))

    first = again()
    history_svg([made("walk10", [1.0, 1.2])], Phrases(KNOWN, "es", "imperial"))
    assert again() == first


def test_series_without_a_result_are_left_out():
    empty = Series(subject("walk10"), None, ())
    assert titles(drawn([empty, made("sts5", [14, 11])])) == ["What changed", "Five chair stands, timed"]
    for nothing in ([], [empty]):
        with pytest.raises(ValueError, match="at least one result"):
            history_svg(nothing, Phrases(KNOWN))
