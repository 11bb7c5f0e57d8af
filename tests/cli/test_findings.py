"""Why it exists: findings and comparisons of a journal in the terminal, as text and JSON, and what goes wrong there."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from levelstride.cli.app import app
from levelstride.cli.session import Session
from levelstride.journal.entry import Entry, read_entry
from levelstride.journal.store import SqliteStore
from levelstride.library.loader import knowledge
from levelstride.library.translations import Speaker
from tests.cli.screen_driver import Clock, answer_everything, plain, texts, unfinished, write_measures
from tests.journal.support import content, line_of
from tests.screening.results import answer, born, by_hand, not_measured, rated, recorded

SAYS = texts()
VERDICTS = ("outside", "uncertain", "within", "described", "not_measurable")
CHAIR = {"arms": "crossed", "chair_height": "usual"}
BAREFOOT, SHOES = {"footwear": "barefoot", "support": "no_hand"}, {"footwear": "shoes", "support": "fingers"}
WALL = {"footwear": "barefoot", "heel_stayed": "stayed"}

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(12)
    monkeypatch.setattr(Session, "now", lambda _: found())
    monkeypatch.setenv("COLUMNS", "200")
    return found


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("answered") / "journal.db"
    answer_everything(path)
    return path


def keep(path: Path, *entries: Entry) -> Path:
    with SqliteStore(path) as store:
        store.add(entries)
    return path


def count(path: Path) -> int:
    with SqliteStore(path) as store:
        return len(store.entries())


def told(*arguments: object, status: int = 0) -> str:
    """Run a command; returns what stands on standard output."""
    done = CliRunner().invoke(app, [*map(str, arguments)])
    assert done.exit_code == status, done.output
    assert "--json" in arguments or not unfinished(done.output)
    return done.stdout


def refused(*arguments: object, status: int = 2) -> str:
    """Run a command that cannot be done; returns its one line."""
    done = CliRunner().invoke(app, [*map(str, arguments)])
    assert done.exit_code == status, done.output
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def at_each_verdict() -> Iterable[Entry]:
    """Give results of somebody of 36: past a mark, close to it, usual, without a mark, without a value."""
    return (
        by_hand("walk10", 1.4, 0.05, day=80),
        by_hand("sts5", 12.6, 1.5, day=80, conditions=CHAIR),
        by_hand("sls_eo", 22, 1, side="left", day=80, conditions=BAREFOOT),
        by_hand("sls_eo", 4, 0.1, side="right", day=80, conditions=BAREFOOT),
        by_hand("wblt", 10, 0.69, side="left", day=80, conditions=WALL),
        by_hand("wblt", 10.4, 0.69, side="right", day=80, conditions=WALL),
        by_hand("side_bridge", 40, 4, side="left", day=80),
        not_measured("chair30", "no_try", "No try counted.", day=80),
    )


# ------------------------------------------------------------------------------------------------- findings


@pytest.mark.requirement("R145")
def test_text_and_json_say_the_same(answered: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    shutil.copyfile(answered, path)
    keep(path, *at_each_verdict())
    data = json.loads(told("findings", "--json", "--journal", path))
    text = plain(told("findings", "--journal", path))
    assert data["may_start"] is True
    assert {one["verdict"] for one in data["findings"]} == set(VERDICTS)
    for one in data["findings"]:
        assert one["says"], one["test"]
        for line in one["says"]:
            assert plain(line) in text, line
        for family in one["points_to"]:
            assert plain(family["says"]) in text
    gap = next(one for one in data["findings"] if (one["test"], one["side"]) == ("sls_eo", "right"))
    assert (gap["value"], gap["unit"], gap["standard_error"]) == (4, "s", 0.1)
    assert gap["margin_95"] == pytest.approx(0.196, abs=0.001)
    sides = next(rule for rule in gap["rules"] if rule["id"] == "sls_side_gap")
    assert (sides["gap"], sides["verdict"]) == (18, "outside")
    assert gap["points_to"]
    assert SAYS["wellness_notice"] in text
    for verdict in ("outside", "uncertain", "within", "not_measurable"):
        assert f": {SAYS[f'verdict_{verdict}'].lower()}" in text


def test_what_a_result_may_tell_and_what_it_cannot_stands_with_it(answered: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    shutil.copyfile(answered, path)
    keep(path, *at_each_verdict())
    text = plain(told("findings", "--journal", path))
    tests = knowledge().tests
    for one in json.loads(told("findings", "--json", "--journal", path))["findings"]:
        test = tests[one["test"]]
        assert (one["may_tell"], one["cannot_tell"]) == (test.may_tell, test.cannot_tell)
        if one["verdict"] in ("outside", "uncertain"):
            for says in (test.may_tell, test.cannot_tell):
                assert says in one["says"]
                assert plain(says) in text
        else:
            assert test.cannot_tell not in one["says"]


def test_answers_of_a_newer_version_close_everything(answered: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    shutil.copyfile(answered, path)
    keep(path, *at_each_verdict(), read_entry(line_of(content({"said": "chest"}, kind="answers", version=9))))
    data = json.loads(told("findings", "--json", "--journal", path))
    assert (data["level"], data["may_start"]) == ("hold", False)
    assert not [one for one in data["findings"] if one["points_to"]]
    assert SAYS["newer_answers"] in plain(told("findings", "--journal", path))


def test_the_pain_that_was_told_is_in_the_language_asked_for(answered: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    shutil.copyfile(answered, path)
    marked = {"places": ("low_back",), "low_back/severity": 7, "low_back/duration": "years_1_5"}
    keep(path, *at_each_verdict(), *(answer(f"body_map/{name}", value, day=134) for name, value in marked.items()))
    label = knowledge().intake.places["low_back"].label
    assert f"{label}: 7/10" in plain(told("findings", "--journal", path))
    spanish = plain(told("findings", "--journal", path, "--language", "es"))
    assert f"{Speaker(knowledge(), 'es').say(label)}: 7/10" in spanish
    assert f"{label}: 7/10" not in spanish


def test_while_something_is_open_no_move_is_shown(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(36), *at_each_verdict())  # no safety question was ever answered
    data = json.loads(told("findings", "--json", "--journal", path))
    assert (data["may_start"], data["level"]) == (False, "incomplete")
    assert len(data["findings"]) >= 8
    assert not [one for one in data["findings"] if one["points_to"]]
    text = plain(told("findings", "--journal", path))
    assert SAYS["families_waiting"] in text
    assert SAYS["read_exercise"] not in text
    shown = re.findall(r"library show (\w+)", text)  # where the marks come from; no move among them
    assert shown
    assert set(shown) <= set(knowledge().tests)
    assert not [name for name in knowledge().exercises if f"[{name}]" in text]


def test_a_journal_without_results_says_what_to_do(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(40))
    assert SAYS["findings_none"] in plain(told("findings", "--journal", path))
    assert json.loads(told("findings", "--json", "--journal", path))["findings"] == []


def test_the_words_follow_language_and_units(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(36), *at_each_verdict())
    spanish = plain(told("findings", "--journal", path, "--language", "es"))
    assert texts("es")["findings"] in spanish
    assert SAYS["findings"] not in spanish
    assert "1,40 m/s" in spanish
    imperial = plain(told("findings", "--journal", path, "--units", "imperial"))
    assert "3.9 in" in imperial
    assert "10 cm" not in imperial
    data = json.loads(told("findings", "--json", "--journal", path, "--units", "imperial"))
    assert {one["unit"] for one in data["findings"] if one["test"] == "wblt"} == {"cm"}  # plain data stay metric


def test_measures_of_a_recording_are_taken_in_once(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    measures = write_measures(tmp_path / "measures.json", cadence_spm=112.0, step_time_asymmetry_pct=None)
    for _ in range(2):
        data = json.loads(told("findings", "--json", "--journal", path, "--measures", measures))
        assert {one["test"]: (one["value"], one["verdict"]) for one in data["findings"]} == {
            "cadence": (112.0, "described"),
            "step_time_asym": (None, "not_measurable"),
        }
        assert count(path) == 2
    text = plain(told("findings", "--journal", path, "--measures", tmp_path))  # the folder of the report
    assert count(path) == 2
    assert "112" in text
    assert "Film the whole body, feet included." in text


@pytest.mark.parametrize("command", ["findings", "compare"])
def test_without_a_journal_one_line_says_so(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "none" / "mine.db"
    monkeypatch.setenv("LEVELSTRIDE_JOURNAL", str(path))
    assert f"There is no journal at {path} yet." in refused(command)
    assert not path.parent.exists()


@pytest.mark.parametrize("command", ["findings", "compare"])
def test_a_slip_is_answered_in_one_line(command: str, tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(40))
    assert "No language 'xx'" in refused(command, "--journal", path, "--language", "xx")
    assert "No units 'stone'" in refused(command, "--journal", path, "--units", "stone")
    assert "does not exist" in refused(command, "--journal", path, "--measures", tmp_path / "no.json")


@pytest.mark.parametrize("command", ["findings", "compare"])
@pytest.mark.parametrize("slip", [("--language", "xx"), ("--units", "stone")])
def test_a_slip_is_told_before_measures_are_written(command: str, slip: tuple[str, str], tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(40))
    measures = write_measures(tmp_path / "measures.json", cadence_spm=112.0)
    refused(command, "--journal", path, "--measures", measures, *slip)
    assert count(path) == 1


def test_measures_that_cannot_be_read_leave_no_journal_behind(tmp_path: Path) -> None:
    refused("findings", "--journal", tmp_path / "new.db", "--measures", tmp_path / "no.json")
    assert list(tmp_path.iterdir()) == []


def test_own_activities_stand_among_the_results_by_their_own_names(tmp_path: Path) -> None:
    names = answer("activities/names", ("Climb the stairs",))
    path = keep(
        tmp_path / "mine.db", born(40), names, rated({"Climb the stairs": 3}), rated({"Climb the stairs": 9}, day=40)
    )
    assert "Climb the stairs" in plain(told("findings", "--journal", path))
    (found,) = changes("--journal", path).values()
    assert (found["name"], found["change"], found["verdict"]) == ("Climb the stairs", 6, "real_change")
    assert "Climb the stairs: real change" in plain(told("compare", "--journal", path))


# ------------------------------------------------------------------------------------------------- compare


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a journal with one real change, two without, one that cannot be compared, one of unknown error."""
    return keep(
        tmp_path / "mine.db",
        born(62),
        by_hand("sts5", 20, 1.52, day=0, conditions=CHAIR),
        by_hand("sts5", 12, 1.52, day=40, conditions=CHAIR),
        by_hand("sts5", 11, 1.52, day=80, conditions=CHAIR),
        by_hand("wblt", 10, 0.69, side="left", day=0, conditions=WALL),
        by_hand("wblt", 10.6, 0.69, side="left", day=40, conditions=WALL),
        by_hand("wblt", 9, 0.69, side="right", day=0, conditions=WALL),
        by_hand("wblt", 8.5, 0.69, side="right", day=40, conditions=WALL),
        by_hand("sls_eo", 10, 2, side="left", day=0, conditions=BAREFOOT),
        by_hand("sls_eo", 30, 6, side="left", day=40, conditions=SHOES),
        by_hand("walk10", 1.0, 0.06, day=0, source="product_default"),
        by_hand("walk10", 1.4, 0.06, day=40, source="product_default"),
    )


def changes(*arguments: object) -> dict[tuple[str, str | None], dict]:
    found = json.loads(told("compare", "--json", *arguments))["changes"]
    return {(one["test"], one["side"]): one for one in found}


def test_each_verdict_of_a_comparison(history: Path) -> None:
    found = changes("--journal", history)
    assert {key: one["verdict"] for key, one in found.items()} == {
        ("sts5", None): "real_change",
        ("wblt", "left"): "no_detectable_change",
        ("wblt", "right"): "no_detectable_change",
        ("sls_eo", "left"): "not_comparable",
        ("walk10", None): "error_not_known",
    }
    real = found["sts5", None]
    assert (real["before"]["value"], real["now"]["value"], real["change"], real["direction"]) == (20, 11, -9, "better")
    assert (real["mdc"]["source"], real["mdc"]["value"]) == ("measurement", pytest.approx(1.96 * 1.52 * 2**0.5, 1e-4))
    assert found["walk10", None]["mdc"]["source"] == "assumed"
    assert found["sls_eo", "left"]["mdc"] is None


def test_text_and_json_of_a_comparison_agree(history: Path) -> None:
    found = changes("--journal", history)
    text = plain(told("compare", "--journal", history))
    grouped = text[text.index(SAYS["compare_same"].split("{")[0]) :]
    for (test, _), one in found.items():
        if one["verdict"] == "no_detectable_change":
            assert one["name"] in grouped
            assert not [line for line in one["says"] if plain(line) in text]
        else:
            for line in one["says"]:
                assert plain(line) in text, test
    assert grouped.count("Knee to wall lunge") == 2
    for verdict in ("real", "not_known", "not_comparable"):
        assert f": {SAYS[f'change_{verdict}'].lower()}" in text
    assert plain(SAYS["chart_note"]) in text
    assert "2026-05-04 |" in text


def test_what_was_done_differently_is_named_with_both_answers(history: Path) -> None:
    text = plain(told("compare", "--journal", history, "--test", "sls_eo"))
    assert "What was on your feet? Barefoot → Shoes" in text
    assert "Was a hand on the support? No hand on it → One or two fingers on it" in text
    unlike = changes("--journal", history)["sls_eo", "left"]["unlike"]
    assert {one["what"]: (one["before"], one["now"]) for one in unlike} == {
        "footwear": ("barefoot", "shoes"),
        "support": ("no_hand", "fingers"),
    }


def test_one_test_alone_and_against_the_time_before(history: Path) -> None:
    assert set(changes("--journal", history, "--test", "wblt")) == {("wblt", "left"), ("wblt", "right")}
    text = plain(told("compare", "--journal", history, "--test", "wblt"))
    assert f": {SAYS['change_no_detectable'].lower()}" in text  # asked for by name, it is told in full
    found = changes("--journal", history, "--test", "sts5", "--previous")["sts5", None]
    assert (found["before"]["value"], found["now"]["value"]) == (12, 11)
    assert found["verdict"] == "no_detectable_change"
    assert "no result of 'chair30'" in refused("compare", "--journal", history, "--test", "chair30")


def test_nothing_to_compare_yet(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", by_hand("sts5", 20, 1.52, conditions=CHAIR))
    assert SAYS["compare_none"] in plain(told("compare", "--journal", path))
    assert changes("--journal", path) == {}
    line = refused("compare", "--journal", path, "--chart", tmp_path / "history.svg")
    assert SAYS["compare_none"] in line
    assert not (tmp_path / "history.svg").exists()


def walked(value: float, day: float, view: str = "right") -> Entry:
    return recorded("cadence_spm", value, 0.5, unit="steps/min", day=day, view=view)


def test_recordings_are_compared_once_the_own_days_are_known(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(40), walked(100, 0), walked(110, 40))
    (found,) = changes("--journal", path).values()
    assert (found["verdict"], found["change"], found["direction"]) == ("error_not_known", 10, None)
    assert set(found["mdc"]["candidates"]) == {"measurement"}
    text = plain(told("compare", "--journal", path))
    assert SAYS["mdc_unknown"] in text
    assert "must be more than" not in text
    keep(path, walked(102, 7))  # a second day within two weeks
    (found,) = changes("--journal", path).values()
    assert (found["verdict"], found["change"], found["direction"]) == ("real_change", 10, "neither")
    assert found["mdc"]["source"] == "own_days"
    keep(path, walked(130, 80, view="left"))
    (found,) = changes("--journal", path).values()
    assert found["verdict"] == "not_comparable"
    assert SAYS["unlike_view"] in plain(told("compare", "--journal", path))


def test_two_results_of_one_day_are_not_compared(tmp_path: Path) -> None:
    same = [by_hand("sts5", value, 1.52, day=day, conditions=CHAIR) for value, day in ((20, 0), (11, 0.2))]
    path = keep(tmp_path / "mine.db", born(62), *same)
    assert changes("--journal", path) == {}
    assert SAYS["compare_none"] in plain(told("compare", "--journal", path))


def test_both_results_of_a_comparison_carry_their_errors(history: Path) -> None:
    real = changes("--journal", history)["sts5", None]
    for one in (real["before"], real["now"]):
        assert one["standard_error"] == 1.52
        assert one["margin_95"] == pytest.approx(1.96 * 1.52, abs=1e-3)
    unlike = changes("--journal", history)["sls_eo", "left"]
    assert [unlike[one]["standard_error"] for one in ("before", "now")] == [2, 6]  # each its own
    text = plain(told("compare", "--journal", history, "--test", "sts5"))
    assert "11 s on 2026-07-23, 20 s on 2026-05-04, each give or take 3 s." in text


def test_the_history_is_drawn(history: Path, tmp_path: Path) -> None:
    picture = tmp_path / "history.svg"
    assert SAYS["compare"] in told("compare", "--journal", history, "--chart", picture)
    assert picture.read_text(encoding="utf-8").lstrip().startswith("<svg")


@pytest.mark.parametrize(("name", "says"), [("history.png", "does not end in .svg"), ("no/history.svg", "cannot be")])
def test_a_picture_that_cannot_be_written_is_refused(history: Path, tmp_path: Path, name: str, says: str) -> None:
    assert says in refused("compare", "--journal", history, "--chart", tmp_path / name)
    assert not (tmp_path / name).exists()
    before = tmp_path / "there.svg"
    before.mkdir()
    assert "cannot be written" in refused("compare", "--journal", history, "--chart", before)


def test_comparing_takes_in_measures_first(tmp_path: Path) -> None:
    path = keep(tmp_path / "mine.db", born(40), recorded("cadence_spm", 100, 0.5, unit="steps/min", view="left", day=0))
    measures = write_measures(tmp_path / "measures.json", cadence_spm=112.0)
    (found,) = changes("--journal", path, "--measures", measures).values()
    assert (found["before"]["value"], found["now"]["value"], found["now"]["at"][:10]) == (100, 112, "2026-08-01")
    assert {one["what"] for one in found["unlike"]} == {"model"}
