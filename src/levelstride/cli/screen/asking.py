"""Why it exists: asks one page of questions in the terminal and returns the answers; decides nothing."""

from levelstride.cli.lengths import parse_height_m
from levelstride.cli.talk import BackError, SkipError, Talk, parse_number
from levelstride.errors import InputError
from levelstride.journal.bodies import AnswerValue
from levelstride.screening.questions import Item, Page, check_answer

Values = dict[tuple[str, str | None], AnswerValue]

_PROBLEMS = {
    "required": "cannot_skip",
    "kind": "bad_number",
    "range": "bad_range",
    "whole": "bad_whole",
    "option": "bad_option",
    "too_many": "bad_many",
    "too_long": "bad_long",
}
_FEET_PER_METRE = 1 / 0.3048


def ask_page(talk: Talk, page: Page) -> Values:
    """Ask a page and return the answer of each item."""
    if page.layout == "any_of":
        return _ask_any_of(talk, page)
    values: Values = {}
    while True:
        try:
            _ask_each(talk, page, values)
            return values
        except BackError:
            if not values:
                raise
            values.clear()  # within a page: from its beginning
            talk.heading("page_again")


def _ask_each(talk: Talk, page: Page, values: Values) -> None:
    about = None
    for item in page.items:
        if item.about is not None and (item.about, item.side) != about:
            about = (item.about, item.side)
            side = f", {talk.phrases.side(item.side).lower()}" if item.side else ""
            talk.say(f"{talk.phrases.say(item.about)}{side}", bold=True)
        values[item.path, item.side] = _ask(talk, item)


def ask_rating(talk: Talk, label: str, side: str | None) -> float:
    """Ask how much a place hurts right now, 0-10."""
    where = talk.phrases.say(label) + (f", {talk.phrases.heading(side).lower()}" if side else "")
    test = talk.phrases.known.tests["pain_now"]
    assert test.entry is not None
    talk.say(f"{where}: {talk.phrases.say(test.entry.asks)}")
    while True:
        try:
            number = talk.number()
        except (BackError, SkipError):
            talk.heading("cannot_skip")
            continue
        if isinstance(number, float) and 0 <= number <= 10:
            return number
        talk.heading("bad_range_between", value=0, limit=10)


def _ask_any_of(talk: Talk, page: Page) -> Values:
    """Ask a list of yes-no questions at once: the person names those that are true."""
    while True:
        talk.listed([talk.phrases.say(item.asks) for item in page.items])
        talk.heading("pick_numbers")
        while (typed := talk.read()) != "?":
            chosen = _numbers(talk, typed, len(page.items))
            if chosen is not None:
                return {(item.path, item.side): n in chosen for n, item in enumerate(page.items)}
        talk.say(talk.phrases.say(page.says)) if page.says else talk.heading("no_reason")


def _numbers(talk: Talk, typed: str, count: int) -> set[int] | None:
    """Read places of a list (from 0); None after telling what is wrong."""
    parts = [part for part in typed.replace(",", " ").replace(";", " ").split() if part]
    if not parts or not all(part.isdigit() and int(part) <= count for part in parts):
        talk.heading("bad_option")
        return None
    numbers = {int(part) for part in parts}
    if 0 in numbers and len(numbers) > 1:
        talk.heading("bad_none")
        return None
    return {number - 1 for number in numbers if number}


def _ask(talk: Talk, item: Item) -> AnswerValue:
    talk.say(talk.phrases.say(item.asks))
    if item.kind == "rating" and item.why:
        talk.say(talk.phrases.say(item.why))
    if item.kind == "yes_no":
        talk.listed([talk.phrases.heading(name) for name in ("yes", "no", "not_sure")])
    if item.kind in ("one", "several"):
        talk.listed([talk.phrases.say(text) for text in item.options.values()])
    if item.kind == "several" and item.none_of_these is not None:
        talk.say(talk.phrases.say(item.none_of_these), indent="  0  ")
    talk.heading(_hint(item, talk.phrases.units))
    while True:
        try:
            return check_answer(item, _typed(talk, item))
        except SkipError:
            if item.optional:
                talk.heading("skipped")
                return None
            talk.heading("cannot_skip")
        except ValueError as problem:
            _tell_problem(talk, item, str(problem))


def _tell_problem(talk: Talk, item: Item, problem: str) -> None:
    if item.kind == "yes_no":
        talk.heading("bad_option")
    elif problem == "range" and item.kind == "rating":
        talk.heading("bad_range_between", value=0, limit=10)
    elif problem == "range" and item.low is not None and item.high is not None and item.unit != "m":
        talk.heading("bad_range_between", value=f"{item.low:g}", limit=f"{item.high:g}")
    else:
        talk.heading(_PROBLEMS.get(problem, "bad_number"))


def _hint(item: Item, units: str) -> str:
    if item.fills == "height_m":
        return "pick_height"
    if item.unit == "m":
        return "pick_feet" if units == "imperial" else "pick_metres"
    hints = {
        "yes_no": "pick_number",
        "one": "pick_number",
        "several": "pick_numbers",
        "rating": "pick_rating",
        "lines": "pick_lines",
        "text": "pick_text",
    }
    return hints.get(item.kind, "pick_amount")


def _typed(talk: Talk, item: Item) -> AnswerValue:
    if item.kind == "lines":
        return _lines(talk, item)
    if item.kind == "several":
        names = list(item.options)
        chosen = None
        while chosen is None:
            chosen = _numbers(talk, _read(talk, item), len(names))
        return tuple(names[number] for number in sorted(chosen))
    typed = _read(talk, item)
    if item.kind == "yes_no":
        return _yes_no(typed)
    if item.kind == "text":
        return typed
    if item.fills == "height_m":
        try:
            return parse_height_m(typed)
        except InputError:
            raise ValueError("kind") from None
    number = parse_number(typed)
    if number is None:
        raise ValueError("kind")
    if item.kind == "one":
        if number != int(number) or not 1 <= number <= len(item.options):
            raise ValueError("option")
        return list(item.options)[int(number) - 1]
    if item.unit == "m" and talk.phrases.units == "imperial":
        number = round(number / _FEET_PER_METRE)
    return number


def _yes_no(typed: str) -> AnswerValue:
    answers: dict[str, AnswerValue] = {"1": True, "2": False, "3": "not_sure"}
    words: dict[str, AnswerValue] = {"y": True, "yes": True, "sí": True, "n": False, "no": False, "u": "not_sure"}
    found = {**answers, **words}.get(typed.casefold())
    if found is None:
        raise ValueError("kind")
    return found


def _lines(talk: Talk, item: Item) -> tuple[str, ...] | None:
    found: list[str] = []
    while True:
        typed = _read(talk, item)
        if not typed:
            return tuple(dict.fromkeys(found)) or None
        found.append(typed)
        if item.high is not None and len(found) >= item.high:
            return tuple(dict.fromkeys(found))


def _read(talk: Talk, item: Item) -> str:
    """Read a line; a question mark tells why the question is asked."""
    while True:
        typed = talk.read()
        if typed != "?":
            return typed
        talk.say(talk.phrases.say(item.why)) if item.why else talk.heading("no_reason")
        talk.say(talk.phrases.say(item.asks))
