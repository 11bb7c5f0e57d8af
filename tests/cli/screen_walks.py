"""Why it exists: what several files of tests walk through at the screen."""

from collections.abc import Callable
from pathlib import Path

from levelstride.journal.bodies import Measured
from levelstride.journal.state import State, fold
from levelstride.journal.store import SqliteStore
from levelstride.library.loader import knowledge
from tests.cli.screen_driver import (
    Person,
    plain,
    texts,
    unfinished,
    walk_through,
)

KNOWN = knowledge()
SAYS = texts()
Walk = Callable[..., str]


def flag(name: str):
    return next(one for one in KNOWN.rules["red_flags"].flags if one.id == name)


def sign(name: str) -> str:
    """Return the answer that names one everyday sign."""
    return str(list(KNOWN.intake.signs).index(name) + 1)


def place(name: str) -> str:
    return str(list(KNOWN.intake.places).index(name) + 1)


def name_of(test: str) -> str:
    return KNOWN.tests[test].name


MARK_PLACES = next(section.says or "" for section in KNOWN.intake.sections if section.id == "body_map")
STOP = SAYS["stop_choice_mistake"]  # the list of ways on ends with it, or goes on with the next
AGREED = SAYS["stop_choice_cleared"]


def walk(path: Path, who: Person, *options: str, command: str = "screen", status: int = 0) -> str:
    """Run a command and return what it printed, without line breaks; nothing in it may look unfinished."""
    found, printed = walk_through([command, "--journal", str(path), *options], who)
    assert found == status, printed[-2000:]
    assert not unfinished(printed)
    return plain(printed)


def entries(path: Path) -> list:
    with SqliteStore(path) as store:
        return list(store.entries())


def state(path: Path) -> State:
    return fold(entries(path))


def results(path: Path) -> dict[tuple[str, str | None], Measured]:
    return {(one.body.test, one.body.side): one.body for one in state(path).measures}


def in_order(text: str, *pieces: str) -> bool:
    """Say whether all pieces stand in a text, one after the other."""
    at = 0
    for piece in pieces:
        at = text.find(plain(piece), at)
        if at < 0:
            return False
        at += 1
    return True
