"""Why it exists: a programme in words - doses, sides, loads, walks, reasons - is complete and exact in any language."""

from datetime import datetime, timedelta, timezone

import pytest

from levelstride.journal.bodies import Answer, Answers, SetDone
from levelstride.journal.entry import new_entry
from levelstride.journal.state import fold
from levelstride.library.loader import knowledge
from levelstride.library.translations import LANGUAGES, Speaker
from levelstride.programme.model import Breaks, Dose, Event, Move, Relaxation, Retest, Stage, Why
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.sayings import Line, move_line, programme_lines, session_lines, why_lines
from levelstride.screening.sayings import Phrases
from tests.programme.weeks import MONDAY, bridge, move, session, walk, week

KNOWN = knowledge()
RULES = Rulebook(KNOWN)
ENGLISH = Phrases(KNOWN)


def dose(side: str | None = None, sets: int = 2, amount: int = 15, **fields: object) -> Dose:
    return Dose.model_validate({"side": side, "sets": sets, "amount": amount, "top": amount, **fields})


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (move(), "Clamshell, left and right: 2 sets of 15. Rest 45 s."),
        (move("clamshell", dose("left"), dose("right", 3, 12)), "Clamshell: left 2 sets of 15; right 3 sets of 12."),
        (move("clamshell", dose("right")), "Clamshell, right: 2 sets of 15."),
        (bridge(1, 10), "Glute bridge: 1 set of 10."),
        (bridge(3, 8, top=12), "Glute bridge: 3 sets of 8 to 12."),
        (bridge(3, 8, hold_s=5), "Glute bridge: 3 sets of 8, each held for 5 s."),
        (bridge(3, 8, load_kg=7.5), "Glute bridge: 3 sets of 8, with 7.5 kg."),
        (bridge(3, 8, band=2), "Glute bridge: 3 sets of 8, band level 2 of 5."),
        (bridge(3, 20, counts="seconds"), "Glute bridge: 3 sets of 20 s."),
        (bridge(3, 20, counts="steps"), "Glute bridge: 3 sets of 20 steps."),
        (bridge(3, 5, counts="breaths"), "Glute bridge: 3 sets of 5 breaths."),
        (bridge(3, 2, top=3, counts="minutes"), "Glute bridge: 3 sets of 2 to 3 min."),
        (bridge(3, 10, counts="metres"), "Glute bridge: 3 sets of 10 m."),
    ],
)
def test_a_move_in_one_line(given: Move, expected: str) -> None:
    assert move_line(given, ENGLISH).startswith(expected)


def test_the_same_move_in_feet_and_pounds() -> None:
    imperial = Phrases(KNOWN, "en", "imperial")
    assert "with 11 lb." in move_line(bridge(load_kg=5), imperial)
    assert "3 sets of 33 ft." in move_line(bridge(3, 10, counts="metres"), imperial).replace("32.8", "33")
    assert "kg" not in move_line(bridge(load_kg=5), imperial)


def test_a_load_to_be_chosen_says_how() -> None:
    left = move_line(bridge(choose_load=True, rir=(2, 3), rpe=(6, 8), hard=True), ENGLISH)
    assert "Choose a weight with which you could do 2 to 3 more at the end." in left
    felt = move_line(bridge(choose_load=True, rpe=(6, 8), hard=True), ENGLISH)
    assert "Choose a weight that feels like 6 to 8 of 10." in felt
    assert "Effort" not in felt  # said once


def test_rest_is_told_only_where_there_is_a_second_set() -> None:
    assert "Rest" not in move_line(bridge(1, 10), ENGLISH)
    assert "Rest 45 s." in move_line(bridge(2, 10), ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_count_has_words_in_each_language(language: str) -> None:
    phrases = Phrases(KNOWN, language)
    for counts in Move.model_fields["counts"].annotation.__args__:  # type: ignore[union-attr]
        line = move_line(bridge(3, 10, counts=counts), phrases)
        assert "{" not in line
        assert "10" in line


def test_versions_of_a_session() -> None:
    one = session(MONDAY, bridge(), move(), short=(bridge(2),))
    assert "The short version" in texts(session_lines(one, ENGLISH, version="short"))
    assert [line for line in texts(session_lines(one, ENGLISH, version="short")) if line.startswith("Clamshell")] == []
    bare = texts(session_lines(one, ENGLISH, version="bare"))
    assert "This session has no such version. Here is the full one." in bare
    assert [line for line in bare if line.startswith("Clamshell")]


def test_a_walk_says_how_long_how_and_what_to_practise() -> None:
    cue = KNOWN.exercises["easy_walk"].cues.external[0]
    one = walk(MONDAY, 30, effort="brisk", drill="cadence_metronome", drill_minutes=5, cue=cue, support=True)
    title, walked, think = texts(session_lines(one, ENGLISH))
    assert title == "Walk, about 30 min"
    drill = KNOWN.exercises["cadence_metronome"].name
    assert walked == f"Walk for 30 min, brisk. For 5 min of it: {drill}. Keep a hand on support."
    assert think == f"Think of: {cue}"


def full_week() -> object:
    from levelstride.programme.model import Need

    return week(
        session(MONDAY, bridge(why=(RULES.why("week_plan", "entry"),)), move(), before_walk=True),
        walk(MONDAY + timedelta(days=1)),
        session(MONDAY + timedelta(days=2), kind="tests", tests=("sts5",), optional=True),
        easy_week=True,
        stages=(
            Stage(phase="P1", state="done"),
            Stage(phase="P2", state="now", needs=(Need(key="findings", have="3", want="4", met=False),)),
        ),
        retests=(Retest(day=MONDAY + timedelta(days=14), extent="short", tests=("sls_eo",)),),
        breaks=Breaks(every_min=30, walk_min=(1, 3), chair_stands=(5, 10)),
        event=Event(
            name="Camino", day=MONDAY + timedelta(days=40), part="build", why=(RULES.why("event_plan", "build"),)
        ),
        relaxed=(Relaxation(wish="days", says=RULES.case("week_plan", "days_short").says or ""),),
        notices=(RULES.why("own_choices", "unknown"), RULES.why("own_choices", "unknown")),
        optimal=False,
        gap=0.05,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", [False, True])
def test_a_whole_week_leaves_nothing_out(language: str, why: bool) -> None:
    phrases = Phrases(KNOWN, language)
    lines = texts(programme_lines(full_week(), phrases, why=why))  # type: ignore[arg-type]
    told = "\n".join(lines)
    say = Speaker(KNOWN, language).say
    assert "{" not in told
    assert all(line.strip() for line in lines)
    for name in (KNOWN.exercises["clamshell"].name, KNOWN.exercises["glute_bridge"].name, KNOWN.tests["sts5"].name):
        assert say(name) in told
    assert say(RULES.case("week_plan", "days_short").says or "") in told
    assert "Camino" in told
    assert ("(week_plan / entry)" in told) is why
    if not why:
        assert told.count(say(RULES.case("own_choices", "unknown").says or "")) == 1


def test_days_are_written_as_the_language_does() -> None:
    first = [programme_lines(week(), Phrases(KNOWN, language))[0].text for language in ("en", "es")]
    assert "Mon, Sep 14" in first[0]
    assert "lun, 14 sept" in first[1]


def test_sessions_stand_in_the_order_of_their_days() -> None:
    later, earlier = session(MONDAY + timedelta(days=3), move()), session(MONDAY, bridge())
    lines = texts(programme_lines(week(later, earlier), ENGLISH))
    assert lines.index("Mon, Sep 14") < lines.index("Thu, Sep 17")


# ------------------------------------------------------------------------------------------------- reasons

AT = datetime(2026, 9, 1, 18, 0, tzinfo=timezone(timedelta(hours=2)))


def test_a_reason_names_its_rule_and_the_entries_it_rests_on() -> None:
    done = [
        new_entry(SetDone(exercise="clamshell", reps=15), at=AT + timedelta(days=day), zone="UTC") for day in range(5)
    ]
    said = new_entry(Answers(given=(Answer(question="goals/walk", value=True),)), at=AT, zone="UTC")
    state = fold([*done, said])
    why = RULES.why("week_plan", "kept", *(one.id for one in done), "not-there")
    words, behind = texts(why_lines([why], ENGLISH, state))
    assert words == f"{RULES.case('week_plan', 'kept').says} (week_plan / kept)"
    assert behind.startswith(
        "From your journal: a set on 2026-09-05; a set on 2026-09-04; a set on 2026-09-03; and 2 more"
    )
    (_, answered) = texts(why_lines([RULES.why("week_plan", "goal", said.id)], ENGLISH, state))
    assert answered == "From your journal: an answer on 2026-09-01."


def test_a_reason_whose_case_says_nothing_is_named_by_its_rule() -> None:
    (line,) = texts(why_lines([Why(rule="event_plan", case="over")], ENGLISH, fold([])))
    assert line == f"{KNOWN.rules['event_plan'].title} (event_plan / over)"


def test_every_case_of_every_rule_can_be_said_in_each_language() -> None:
    for language in LANGUAGES:
        phrases = Phrases(KNOWN, language)
        for name, rule in KNOWN.rules.items():
            for case in rule.cases:
                values = dict.fromkeys(("value", "norm", "error", "other", "limit", "name", "count", "date"), "7")
                (line,) = why_lines([Why(rule=name, case=case.id, values=values)], phrases, fold([]))
                assert len(line.text) > len(f"({name} / {case.id})") + 3
                assert "{" not in line.text
