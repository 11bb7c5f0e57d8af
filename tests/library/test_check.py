"""Why it exists: a clinician's slip in any file of the library is caught, with file, line and what is expected."""

import re
from collections.abc import Callable
from functools import cache

import pytest

from levelstride.library.checks.run import check_folder, check_texts
from levelstride.library.knowledge import part_of
from levelstride.library.loader import LIBRARY, library_files

BRIDGE = "exercises/glute_bridge.yaml"
CLAM = "exercises/clamshell.yaml"
BALANCE = "tests/sls_eo.yaml"
PAIN = "rules/pain_colours.yaml"
SPANISH = "translations/es.po"
SQUAT = "exercises/sl_squat.yaml"
TEMPOS = "tempos.yaml"


@cache
def sound() -> dict[str, str]:
    texts = {name: path.read_text(encoding="utf-8") for name, path in library_files().items()}
    return texts | {"measures.yaml": (LIBRARY / "measures.yaml").read_text(encoding="utf-8")}


def swap(old: str, new: str) -> Callable[[str], str]:
    """Replace the first match of a regular expression; the test fails when there is none."""

    def edit(text: str) -> str:
        changed, count = re.subn(old, new, text, count=1, flags=re.MULTILINE)
        assert count == 1, f"{old!r} is not in the file any more"
        return changed

    return edit


def drop(line: str) -> Callable[[str], str]:
    return swap(rf"^{line}.*\n", "")


def test_the_library_is_sound() -> None:
    assert [str(problem) for problem in check_folder(LIBRARY)] == []


# name of the slip: (file, the slip, what the message must say, whether the line must be named)
BROKEN: dict[str, tuple[str, Callable[[str], str], str, bool]] = {
    "a tab instead of spaces": (BRIDGE, swap("^kind: ", "\tkind: "), "expected valid YAML", True),
    "a quote left open": (BRIDGE, swap('^name: "(.*)"$', r'name: "\1'), "expected valid YAML", True),
    "the same key twice": (BRIDGE, swap("^kind: .*$", r"\g<0>\nkind: core"), "expected the key 'kind' once", True),
    "a key that nothing reads": (BRIDGE, swap("^kind: ", "kindd: x\nkind: "), "expected no key 'kindd'", True),
    "a key left out": (BRIDGE, drop("breathing:"), "expected the key 'breathing', but it is missing", True),
    "a word that is no phase": (BRIDGE, swap("^  P1:", "  P9:"), "P9.*expected one of", True),
    "a kind that does not exist": (
        BRIDGE,
        swap("^kind: .*$", "kind: toning"),
        "kind: expected one of 'activation'",
        True,
    ),
    "a word where a number belongs": (
        BRIDGE,
        swap("^difficulty: 2$", "difficulty: easy"),
        "difficulty: expected",
        True,
    ),
    "difficulty above ten": (BRIDGE, swap("^difficulty: 2$", "difficulty: 12"), "difficulty: expected.*10", True),
    "a range the wrong way round": (BRIDGE, swap(r"\[15, 20\]", "[20, 15]"), r"expected \[smaller, larger\]", True),
    "an id that is not the file's name": (BRIDGE, swap("^id: .*$", "id: gluteus_bridge"), "the name of the file", True),
    "an empty file": (BRIDGE, lambda text: "", "expected content, but the file is empty", False),
    "a harder exercise that does not exist": (
        BRIDGE,
        swap("marching_bridge", "march_bridge"),
        "an exercise, but",
        True,
    ),
    "a ladder that comes back": (
        "exercises/sl_bridge.yaml",
        swap("^harder: .*$", "harder: [glute_bridge]"),
        "comes back to where it began",
        True,
    ),
    "a source that is not listed": (
        BRIDGE,
        swap("source: article_a", "source: article_z"),
        "a source of sources.yaml",
        True,
    ),
    "a dose without a source": (
        CLAM,
        swap(", source: article_b|^    source: article_b\n", ""),
        "'source', but it is missing|source'",
        True,
    ),
    "thirty sets instead of three": (BRIDGE, swap("sets: 3,", "sets: 30,"), "expected 1 to 10 sets, but got 30", True),
    "two hundred repetitions": (BRIDGE, swap(r"\[15, 20\]", "[15, 200]"), "expected 1 to 40 repetitions", True),
    "a position that does not exist": (
        BRIDGE,
        swap("^position: .*$", "position: floating"),
        "a position of vocabulary",
        True,
    ),
    "a muscle that does not exist": (
        BRIDGE,
        swap(r"primary: \[gmax\]", "primary: [glutes]"),
        "a muscle of vocabulary",
        True,
    ),
    "a demand that does not exist": (
        BRIDGE,
        swap("^demands: .*$", "demands: [lies_down]"),
        "a demand of vocabulary",
        True,
    ),
    "a caution code that does not exist": (BRIDGE, swap("LB_EXT", "BACK"), "a code of cautions.yaml", True),
    "a tempo that does not exist": (SQUAT, swap("3-0-2-0", "3-1-2-0"), "a preset of tempos.yaml", True),
    "a tempo that is not done": (SQUAT, swap("lower_s: 3", "lower_s: 4"), "expected 3 as in 3-0-2-0", True),
    "a tempo named otherwise than it is": (TEMPOS, swap("lift_s: 2", "lift_s: 1"), "expected the name 3-0-1-0", True),
    "a tempo with a name that is none": (TEMPOS, swap("3-0-2-0", "slow"), "slow", True),
    "a tempo without its second pause": (TEMPOS, drop("  rest_s:"), "expected the key '3-0-2-0.rest_s'", True),
    "a tempo from a source that does not exist": (TEMPOS, swap("article_e", "article_z"), "a source", True),
    "a way to be harder that does not exist": (
        "vocabulary.yaml",
        swap("^  one_leg:", "  one_foot:"),
        "one_foot.*expected one of",
        True,
    ),
    "a fault that does not exist": (BRIDGE, swap("id: HIP_SAG", "id: HIP_SAGS"), "a fault of faults.yaml", True),
    "the same fault twice": (BRIDGE, swap("id: HIP_SAG", "id: HAM_DOM"), "expected HAM_DOM once", True),
    "a cue too long to hear": (
        BRIDGE,
        swap('"Push the floor away"', '"Push the floor away with both of your heels now"'),
        "expected a cue of 3 to 6 words, but got 10",
        True,
    ),
    "a sentence too long to read": (
        BRIDGE,
        swap('^breathing: ".*"$', 'breathing: "' + "very " * 40 + 'slow."'),
        "words in a sentence, but got",
        True,
    ),
    "a muscle called weak": (
        BRIDGE,
        swap('^summary: ".*"$', 'summary: "This is for people with a weak gluteus medius."'),
        "expected no 'weak",
        True,
    ),
    "a promise to heal": (
        BRIDGE,
        swap('^summary: ".*"$', 'summary: "This cures back pain."'),
        "expected no 'cures'",
        True,
    ),
    "a trace of a source file": (BRIDGE, swap('^summary: ".*"$', 'summary: "From seed A."'), "no trace of where", True),
    "a shout": (BRIDGE, swap('^summary: ".*"$', 'summary: "Lift your hips now!"'), "without an exclamation mark", True),
    "a quality that is not reached": (
        BRIDGE,
        swap("clinician_review: todo", "clinician_review: done"),
        "expected todo",
        True,
    ),
    "a quality rule left out": (BRIDGE, drop("  movement:"), "quality: expected the rule 'movement'", True),
    "movement before its time": (BRIDGE, swap("^review:", "movement: {}\nreview:"), "expected no 'movement' yet", True),
    "a laboratory figure without its statistic": (
        BRIDGE,
        swap("    statistic: range_over_studies\n", ""),
        "'statistic', but it is missing|statistic'",
        True,
    ),
    "a statistic that mixes two": (
        BRIDGE,
        swap("statistic: not_stated", "statistic: mean_or_peak"),
        "expected one of",
        True,
    ),
    "the name of another exercise": (BRIDGE, swap("^name: .*$", "name: Clamshell"), "a name of its own", True),
    "a variant that needs equipment": (
        "exercises/glute_bridge_band.yaml",
        swap("^no_equipment_variant: .*$", "no_equipment_variant: clamshell_band"),
        "expected an exercise that needs nothing",
        True,
    ),
    "no variant without equipment": (
        "exercises/glute_bridge_band.yaml",
        drop("no_equipment_variant:"),
        "every activation exercise has one",
        True,
    ),
    "jumps before their gate": (
        "exercises/hop_sl.yaml",
        swap("^  P5:", "  P2:"),
        "jumps come only after the plyometric gate",
        True,
    ),
    "a threshold that claims to be validated": (
        PAIN,
        swap("status: product_default, validated: false", "status: product_default, validated: true"),
        "expected false, because nobody",
        True,
    ),
    "a threshold without the mark": (PAIN, swap(", validated: false", ""), "validated', but it is missing", True),
    "a rule that serves nothing that was asked": (PAIN, swap("R057", "R957"), "an id of requirements.yaml", True),
    "an age range the wrong way round": (BALANCE, swap(r"ages: \[18, 39\]", "ages: [39, 18]"), "younger, older", True),
    "a placeholder nobody fills": (BALANCE, swap(r"\{value\}", "{seconds}"), "expected a placeholder of", True),
    "an exercise for a finding that does not exist": (
        "rules/finding_to_exercise.yaml",
        swap("wall_press", "wall_pressing"),
        "an exercise, but",
        True,
    ),
    "a contradiction that nothing settles": (
        "contradictions.yaml",
        lambda text: text + re.search(r"^X01:\n(?:  .*\n)+", text, re.MULTILINE).group(0).replace("X01", "X99", 1),  # type: ignore[union-attr]
        "X99: expected a rule, cue group or card that settles it",
        True,
    ),
    "a hazard that nothing guards": (
        "hazards.yaml",
        lambda text: text + 'H99:\n  hazard: "x y"\n  harm: "x y"\n  severity: minor\n  measures: ["x y"]\n',
        "expected a test that guards this hazard",
        True,
    ),
    "a requirement met in a place that does not exist": (
        "requirements.yaml",
        lambda text: (
            text + 'R999: {kind: rule, articles: [A], says: "x y", product: "x y", evidence: convention, '
            "priority: must, where: [exercises/no_such_exercise]}\n"
        ),
        "expected a file of the library or a module",
        True,
    ),
    "a translation left out": (
        SPANISH,
        swap('^msgstr "Paso a paso"$', 'msgstr ""'),
        "expected a translation of",
        False,
    ),
    "a translation of a text that is gone": (
        SPANISH,
        lambda text: text + '\nmsgid "This sentence is nowhere."\nmsgstr "Esta frase no existe."\n',
        "is not \\(changed",
        False,
    ),
    "a translation that promises to heal": (
        SPANISH,
        swap('^msgstr "Paso a paso"$', 'msgstr "Esto cura el dolor"'),
        "translation of",
        False,
    ),
    "a value shared by two places": (BRIDGE, swap("^aliases:", "note: &n {a: *n}\naliases:"), "is shared", True),
    "a list where lines belong": (BRIDGE, lambda text: "- glute_bridge\n", "of the form 'key: value'", True),
    "a number in quotes": (BRIDGE, swap("^difficulty: 2$", 'difficulty: "2"'), "difficulty: expected", True),
    "a measure that lost its unit": ("measures.yaml", drop("    unit: steps/min"), "'measures.cadence_spm.unit'", True),
    "measures that are no YAML": ("measures.yaml", lambda text: text + "oops: [\n", "expected valid YAML", True),
    "a position whose demand is forgotten": (
        BRIDGE,
        swap(r"^demands: \[lies_on_back\]$", "demands: [heavy_load]"),
        "expected lies_on_back, because this is hook_lying",
        True,
    ),
    "a jump that is not marked": (
        "exercises/hop_sl.yaml",
        lambda text: text.replace("impact", "heavy_load"),
        "expected impact, because this is plyometric",
        True,
    ),
    "a caution that removes nothing": (
        "cautions.yaml",
        lambda text: re.sub(r"(?s)(\nLB_FLEX:.*?\n  removes: )\[[^\]]*\]", r"\1[]", text),
        "LB_FLEX.removes",
        True,
    ),
    "an exercise that a caution must remove": (
        "exercises/deadlift.yaml",
        lambda text: text.replace("loaded_hinge", "high_effort"),
        "LB_FLEX must leave this out",
        True,
    ),
    "a rule without a source": (
        PAIN,
        lambda text: re.sub(r"(?m)^sources:.*\n", "", text),
        "'sources', but it is missing",
        True,
    ),
    "a condition with a figure that is gone": (
        PAIN,
        swap("  green_max:", "  green_most:"),
        "expected a figure of this rule, but 'green_max'",
        True,
    ),
    "a condition with a bare number": (
        PAIN,
        swap("pain during > amber_max", "pain during > 5"),
        "instead of the number 5",
        True,
    ),
    "a pattern that is no expression": (
        "wording.yaml",
        lambda text: text.replace('pattern: "', 'pattern: "(', 1),
        "expected a regular expression",
        True,
    ),
    "a module that does not exist": (
        "requirements.yaml",
        lambda text: (
            text + 'R998: {kind: rule, articles: [A], says: "x y", product: "x y", evidence: convention, '
            "priority: must, where: [levelstride.nope.x]}\n"
        ),
        "expected a file of the library or a module",
        True,
    ),
    "a catalogue that is broken": (
        SPANISH,
        lambda text: text + "\nmsgid no quotes\n",
        "expected a gettext catalogue",
        True,
    ),
}


@pytest.mark.parametrize("slip", BROKEN)
def test_a_broken_file_is_told_with_its_place(slip: str) -> None:
    file, edit, message, with_line = BROKEN[slip]
    texts = {**sound(), file: edit(sound()[file])}
    problems = check_texts(texts)
    told = [problem for problem in problems if re.search(message, problem.expected)]
    assert told, "\n".join(str(problem) for problem in problems) or "nothing was found"
    assert any(problem.file == file for problem in told), told
    if with_line:
        assert all(problem.line is not None and problem.line >= 1 for problem in told if problem.file == file), told


def test_enough_kinds_of_slips_are_covered() -> None:
    assert len(BROKEN) >= 25


def test_the_line_is_the_right_one() -> None:
    text = sound()[BRIDGE]
    broken = text.replace("id: HIP_SAG", "id: HIP_SAGS")
    (problem,) = [p for p in check_texts({**sound(), BRIDGE: broken}) if "HIP_SAGS" in p.expected]
    assert problem.line is not None
    assert "HIP_SAGS" in broken.splitlines()[problem.line - 1]


def test_a_file_that_is_missing_is_named() -> None:
    texts = {name: text for name, text in sound().items() if name != "cautions.yaml"}
    assert [str(p) for p in check_texts(texts)] == ["cautions.yaml: expected this file, but it is missing"]


def test_a_stray_file_is_named() -> None:
    problems = check_texts({**sound(), "exercise/new.yaml": "id: new"})
    assert [p.file for p in problems] == ["exercise/new.yaml"]


def test_a_file_that_is_not_utf8_is_named(tmp_path) -> None:
    (tmp_path / "cautions.yaml").write_bytes("año".encode("latin-1"))
    assert any("save it as UTF-8" in p.expected for p in check_folder(tmp_path))


def test_every_file_belongs_to_a_part() -> None:
    apart = ("translations/", "measures.yaml")
    strays = [name for name in sound() if part_of(name) is None and not name.startswith(apart)]
    assert strays == []
