"""Why it exists: a made-up terminal in which somebody plays sessions; what they are told and what is kept is read."""

import io
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from levelstride.cli.play.keys import Clock as PlayClock
from levelstride.cli.play.player import play_session
from levelstride.cli.session import open_session
from levelstride.coaching.script import BeatKind
from levelstride.journal.bodies import CheckIn, SetDone
from levelstride.journal.state import State
from levelstride.library.loader import knowledge
from levelstride.programme.model import Dose, Move, Session
from tests.cli.screen_driver import Person, plain

KNOWN = knowledge()
SAYS = KNOWN.headings
CASES = {case.id: case for case in KNOWN.rules["stop_signs"].cases}
CHECKED = CheckIn(sleep_hours=8, stress=1, unwell=False)


class FastClock(PlayClock):
    """Seconds that pass only when somebody waits."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def now(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Typing:
    """Answers questions as a person does; ``during`` gives keys pressed at seconds of the session."""

    person: Person
    out: io.StringIO
    during: list[tuple[float, str]] = field(default_factory=list)
    live: bool = True
    seen: int = 0

    def line(self) -> str:
        answer = self.person.answer(self.out.getvalue()[self.seen :])
        self.seen = len(self.out.getvalue())
        if answer == "EOF":
            raise EOFError
        return answer

    def within(self, seconds: float, clock: PlayClock) -> str | None:
        if self.during and self.during[0][0] <= clock.now() + seconds:
            at, key = self.during.pop(0)
            clock.sleep(max(0.0, at - clock.now()))
            if key == "crash":
                raise RuntimeError("the power is gone")
            return key
        clock.sleep(seconds)
        return None


@dataclass
class Heard:
    """Keeps what would sound, and when."""

    clock: FastClock
    beats: list[tuple[float, BeatKind]] = field(default_factory=list)

    def play(self, *beats: BeatKind) -> None:
        self.beats += [(self.clock.now(), what) for what in beats]

    def notice(self) -> str | None:
        return None

    def close(self) -> None:
        return None


@dataclass
class Played:
    outcome: str
    told: str
    state: State
    heard: list[tuple[float, BeatKind]]
    asked: list[str]

    @property
    def sets(self) -> list[SetDone]:
        return [one.body for one in self.state.sets]

    @property
    def events(self) -> list[tuple[str, str | None]]:
        return [(one.body.event, one.body.note) for one in self.state.sessions]


def start_of(key: str) -> str:
    return plain(SAYS[key].split("{")[0])


def nobody(printed: str) -> str | None:
    """Answer as somebody who only goes on and leaves questions open."""
    return ""


def sit(
    journal: Path,
    session: Session,
    answers: dict[str, str | list[str]] | None = None,
    *,
    during: list[tuple[float, str]] | None = None,
    live: bool = True,
    before: tuple = (CHECKED,),
    language: str = "en",
    units: str = "metric",
    version: str = "full",
) -> Played:
    """Play a session; ``answers`` by key of the heading that asks, or by a piece of its text."""
    says = {start_of(key) if key in SAYS else key: answer for key, answer in (answers or {}).items()}
    out, clock = io.StringIO(), FastClock()
    typing = Typing(Person(says, nobody), out, sorted(during or []), live)
    heard = Heard(clock)
    with open_session(journal) as book:
        if before:
            book.write(*before)
        with redirect_stdout(out):
            try:
                outcome = play_session(
                    session,
                    book,
                    book.phrases(language, units),
                    KNOWN,
                    version=version,
                    clock=clock,
                    keys=typing,
                    speaker=heard,
                )
            except RuntimeError:
                outcome = "crashed"
    with open_session(journal) as book:
        return Played(outcome, out.getvalue(), book.state, heard.beats, typing.person.asked)


def move(name: str, *doses: Dose, **changes) -> Move:
    given = {"block": "strength", "counts": "repetitions", "rpe": (4, 6), "rest_s": 30, "seconds": 0, **changes}
    return Move(exercise=name, doses=doses, **given)


def sided(sets: int = 2, amount: int = 5, **changes) -> tuple[Dose, Dose]:
    return tuple(Dose(side=side, sets=sets, amount=amount, top=amount, **changes) for side in ("left", "right"))


SQUAT = move("bw_squat", Dose(sets=2, amount=4, top=6), rir=(2, 3))
CLAM = move("clamshell", *sided(), block="activation")


def session(*moves: Move, **changes) -> Session:
    return Session(
        **{
            "id": "2026-09-14-standalone",
            "day": "2026-09-14",
            "kind": "standalone",
            "minutes": 9,
            "moves": moves,
            **changes,
        }
    )
