"""Why it exists: what is asked before a session - the last morning, the day, sore muscles - once a day."""

from collections.abc import Iterator

from levelstride.cli.play.asking import ask_places
from levelstride.cli.play.keys import WRONG, Console
from levelstride.cli.play.stop import ask_what
from levelstride.cli.session import Session as Book
from levelstride.cli.talk import StopError
from levelstride.journal.bodies import CheckIn, Pain, Soreness
from levelstride.programme.history import Done, read_history

_DAY_H = 24.0
#: Words of each question of the rule ``check_in``, and its highest answer.
_RATINGS: dict[str, tuple[str, float]] = {
    "sleep_hours": ("play_ask_sleep_hours", _DAY_H),
    "sleep_quality": ("play_ask_sleep_quality", 10),
    "stress": ("play_ask_stress", 10),
    "soreness": ("play_ask_soreness", 10),
    "hydration": ("play_ask_hydration", 10),
    "energy": ("play_ask_energy", 10),
}


def ask_before(console: Console, book: Book) -> bool:
    """Ask what is open and write it down; False when the person is unwell today or names a stop sign.

    Raises
    ------
    PausedError, BackError
        If the person leaves; what was answered before is kept.
    """
    try:
        return _ask(console, book)
    except StopError:
        wrong = ask_what(console, book, "check_in", None)
        book.write(*wrong.bodies)
        return not wrong.ends_session and not wrong.ends_move and _ask(console, book)


def _ask(console: Console, book: Book) -> bool:
    now = book.now()
    history = read_history(book.state, now)
    last = history.sessions[-1] if history.sessions else None
    morning = last is not None and last.day < now.date() and last.morning is None
    today = [one.body for one in history.check_ins if one.at.date() == now.date()]
    if morning or not today:
        console.talk.title(console.phrases.heading("play_before"))
        console.talk.heading("play_keys", name=WRONG)
        console.talk.heading("play_enter_skips")
    if morning and last is not None:
        book.write(*_morning(console, last))
    if not today:
        told = _check_in(console, book)
        today = [told]
        if told.soreness:
            book.write(
                *(
                    Soreness(place=place, side=side, score=told.soreness)
                    for place, side in ask_places(console, "play_ask_sore_place")
                )
            )
    if today[-1].unwell:
        case = next(case for case in book.known.rules["check_in"].cases if case.id == "unwell")
        console.talk.say(console.phrases.say(case.says or ""), bold=True)
        return False
    return True


def _check_in(console: Console, book: Book) -> CheckIn:
    given: dict[str, float | bool | None] = {}
    for name in book.known.rules["check_in"].lists["asks"]:
        if name == "unwell":
            given[name] = console.yes_no("play_ask_unwell")
        elif name in _RATINGS:
            heading, high = _RATINGS[name]
            console.talk.heading(heading)
            given[name] = console.number(0, high)
    told = CheckIn.model_validate(given)
    book.write(told)
    return told


def _morning(console: Console, last: Done) -> Iterator[Pain]:
    """Ask how it was on the morning after the last session; without an answer nothing is written."""
    console.talk.heading("play_ask_morning", date=last.day.isoformat())
    score = console.number(0, 10)
    if score is None:
        return
    if score == 0:
        yield Pain(place="not_said", score=0, when="next_morning", session=last.session, back_to_usual=True)
        return
    usual = console.yes_no("play_ask_usual")
    exercise = _which_move(console, last) if usual is not True else None
    for place, side in ask_places(console, "play_ask_place"):
        yield Pain(
            place=place,
            side=side,
            score=score,
            when="next_morning",
            exercise=exercise,
            session=last.session,
            back_to_usual=usual,
        )


def _which_move(console: Console, last: Done) -> str | None:
    names = list(dict.fromkeys(bout.exercise for bout in last.bouts))
    known = console.phrases.known.exercises
    console.talk.heading("play_ask_which_move")
    chosen = console.choose([console.phrases.say(known[name].name) if name in known else name for name in names])
    return None if chosen is None else names[chosen]
