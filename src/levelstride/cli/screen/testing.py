"""Why it exists: leads through one test in the terminal - read, practise, tries on each side - and returns results."""

from collections.abc import Callable, Sequence
from importlib.metadata import version

from levelstride.cli.talk import AgainError, BackError, SkipError, Talk
from levelstride.journal.bodies import Measured, Origin, Side, Unmeasured
from levelstride.journal.state import State
from levelstride.library.schema.tests import Condition, FunctionalTest
from levelstride.screening.protocols import (
    PAIN_DURING,
    Offer,
    UnusableError,
    item_key,
    read_try,
    result,
    score,
    sides_of,
    spoiled,
)
from levelstride.screening.questions import marked_places

_PROBLEMS = {"range": "bad_range", "whole": "bad_whole", "option": "bad_option"}


def lead_test(talk: Talk, offer: Offer, state: State, keep: Callable[[Measured], None]) -> None:
    """Lead through a test and hand over the result of each side as soon as it is there.

    Raises
    ------
    SkipError
        If the person leaves the test out.
    AgainError
        If the person wants to begin this test anew.
    StopError
        If something felt wrong.
    """
    _show_card(talk, offer, state)
    try:
        _do(talk, offer.test, _last_conditions(offer.test, state), keep)
    except BackError:
        raise AgainError from None


def stopped_results(test: FunctionalTest, done: Sequence[Side | None]) -> tuple[Measured, ...]:
    """Return the note that a test was stopped because something felt wrong, for each side that has no result."""
    reason = Unmeasured(code="stopped", text="The test was stopped because something felt wrong.")
    return tuple(
        Measured(
            test=test.id,
            measure=test.measure.name,
            side=side,
            unit=test.measure.unit,
            not_measurable=reason,
            origin=_origin(),
        )
        for side in sides_of(test)
        if side not in done
    )


def _origin() -> Origin:
    return Origin(method="hand", software_version=version("levelstride"))


def _show_card(talk: Talk, offer: Offer, state: State) -> None:
    """Show what the test asks for, then its steps; the person goes on when each part is read."""
    test, phrases = offer.test, talk.phrases
    talk.say(phrases.say(test.purpose))
    talk.heading("test_minutes", value=phrases.number(test.minutes, 0))
    _cautions(talk, offer)
    places = [f"{phrases.say(one.label)}{_side(talk, one.side)}" for one in marked_places(state, phrases.known)]
    if test.kind != "self_report":
        if places:
            talk.heading("test_places", name="; ".join(places))
        _part(talk, "equipment", test.you_need)
        _part(talk, "safety", test.safety)
        _part(talk, "stop_if", (test.stop_if,))
        talk.heading("test_to_steps")
        talk.read()
        _part(talk, "setup", test.setup)
    _part(talk, "steps", test.steps, numbered=True)
    _wait_until_ready(talk, "test_do_anyway" if offer.cautions else "test_ready")
    talk.heading("test_stop_hint")


def _side(talk: Talk, side: Side | None) -> str:
    return f", {talk.phrases.side(side).lower()}" if side else ""


def _last_conditions(test: FunctionalTest, state: State) -> dict[str, str]:
    """Return how the test was done the last time."""
    done = [one.body for one in state.measures if one.body.test == test.id and one.body.value is not None]
    return done[-1].conditions if done else {}


def _do(talk: Talk, test: FunctionalTest, last: dict[str, str], keep: Callable[[Measured], None]) -> None:
    shared = {one.id: _condition(talk, one, last) for one in test.conditions if not one.sided}
    for side in sides_of(test):
        measured = _one_side(talk, test, side, shared, last)
        keep(measured)
        _told(talk, measured)


def _cautions(talk: Talk, offer: Offer) -> None:
    for code in offer.cautions:
        caution = talk.phrases.known.cautions[code]
        talk.heading("test_caution", name=talk.phrases.say(caution.name), value=talk.phrases.say(caution.on_page))
    if offer.cautions:
        talk.heading("test_left_out")


def _part(talk: Talk, heading: str, texts: tuple[str, ...], *, numbered: bool = False) -> None:
    if not texts:
        return
    talk.say(f"{talk.phrases.heading(heading)}:", bold=True)
    for number, text in enumerate(texts, start=1):
        talk.say(talk.phrases.say(text), indent=f"{number:3d}  " if numbered else "  - ")


def _wait_until_ready(talk: Talk, heading: str) -> None:
    talk.heading(heading)
    while talk.read().casefold() != "d":
        talk.heading(heading)


def _condition(talk: Talk, condition: Condition, last: dict[str, str]) -> str:
    talk.say(talk.phrases.say(condition.asks))
    before = condition.options.get(last.get(condition.id, ""))
    if before is not None and condition.compared:
        talk.heading("last_time", name=talk.phrases.say(before))
    names = list(condition.options)
    texts = [talk.phrases.say(text) for text in condition.options.values()]
    while True:
        try:
            return names[talk.choose(texts, stop=True)]
        except SkipError:
            talk.heading("cannot_skip")


def _one_side(
    talk: Talk, test: FunctionalTest, side: Side | None, shared: dict[str, str], last: dict[str, str]
) -> Measured:
    assert test.entry is not None
    if side is not None:
        talk.say(talk.phrases.heading("test_side", name=talk.phrases.side(side).lower()), bold=True)
    conditions = dict(shared)
    if test.kind != "self_report":
        talk.heading("test_practice")
    tries = _sheet(talk, test, conditions) if test.entry.kind == "items" else _tries(talk, test, conditions)
    for condition in test.conditions:
        if condition.sided:
            conditions[condition.id] = _condition(talk, condition, last)
    void = spoiled(test, conditions)
    if void is not None and void.because:
        talk.say(talk.phrases.say(void.because))
    if test.kind != "self_report":
        conditions.update(_pain_during(talk))
    return result(test, side, tries, conditions, origin=_origin())


def _pain_during(talk: Talk) -> dict[str, str]:
    """Ask how much it hurt; skipped means nothing was said."""
    talk.heading("test_hurt")
    while True:
        try:
            number = talk.number(stop=True)
        except SkipError:
            return {}
        if isinstance(number, float) and 0 <= number <= 10 and number == int(number):
            return {PAIN_DURING: f"{number:.0f}"}
        talk.heading("bad_range_between", value=0, limit=10)


def _tries(talk: Talk, test: FunctionalTest, conditions: dict[str, str]) -> list[float]:
    """Ask for every try; one that did not count is left out."""
    entry, phrases = test.entry, talk.phrases
    assert entry is not None
    found: list[float] = []
    for number in range(1, test.measure.trials + 1):
        if test.measure.trials > 1:
            talk.heading("test_try", value=number, count=test.measure.trials)
        else:
            talk.heading("test_go")
        unit = f" ({phrases.typed_unit(entry.unit)[0]})" if entry.unit not in ("reps", "points") else ""
        talk.say(f"{phrases.say(entry.asks)}{unit}")
        hints = [phrases.heading("test_failed")] if test.kind != "self_report" else []
        if entry.timer != "none":
            hints.append(phrases.heading("test_timer"))
        if hints:
            talk.say(" ".join(hints))
        value = _one_try(talk, test, conditions)
        if value is not None:
            found.append(value)
        if entry.cap is not None and value == entry.cap and test.measure.summary == "best":
            talk.heading("test_full_time")
            break
    return found


def _one_try(talk: Talk, test: FunctionalTest, conditions: dict[str, str]) -> float | None:
    entry = test.entry
    assert entry is not None
    timed = entry.timer != "none"
    while True:
        given = talk.number(stop=True, letters="ft" if timed else "f")
        if given == "f":
            return None
        if given == "t":
            seconds = talk.stopwatch(entry.timer_s if entry.timer == "down" else None)
            if entry.timer == "down":
                talk.say(talk.phrases.say(entry.asks))
                continue
            given = round(seconds, 1)
            talk.say(talk.phrases.amount(given, "s"))
        assert isinstance(given, float)
        try:
            return read_try(test, round(given * talk.phrases.typed_unit(entry.unit)[1], 2), conditions)
        except UnusableError as problem:
            talk.heading(_PROBLEMS[problem.code])


def _sheet(talk: Talk, test: FunctionalTest, conditions: dict[str, str]) -> list[float]:
    entry, phrases = test.entry, talk.phrases
    assert entry is not None
    talk.say(phrases.say(entry.asks))
    if entry.timer == "down":
        talk.heading("sheet_timer")
        if talk.read(stop=True).casefold() == "t":
            talk.stopwatch(entry.timer_s)
    answers = {}
    try:
        for item in entry.items:
            talk.say(phrases.say(item.asks))
            names = list(item.options)
            answers[item.id] = names[talk.choose([phrases.say(text) for text in item.options.values()], stop=True)]
    except SkipError:
        return []
    conditions.update({item_key(name): answer for name, answer in answers.items()})
    return [score(test, answers)]


def _told(talk: Talk, measured: Measured) -> None:
    phrases = talk.phrases
    if measured.value is None or measured.standard_error is None:
        talk.heading("test_no_result")
        return
    talk.heading("test_result", value=phrases.amount(measured.value, measured.unit))
