"""Why it exists: what happens when something is wrong in a session - first what to do, then what it was, then the note.

The signs, their levels, actions and words are those of the rule ``stop_signs``. A sign that a warning question asks
about answers that question with yes: the safety rules then keep plans closed as after any other warning sign.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from levelstride.cli.play.keys import Console
from levelstride.cli.session import Session as Book
from levelstride.cli.talk import BackError, PausedError, SkipError, StopError
from levelstride.journal.bodies import Answer, Answers, Body, CheckIn, Incident
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.rules import Case
from levelstride.programme.soreness import STOP_NOTE
from levelstride.screening.decision import LEVELS
from levelstride.screening.questions import session_flags

#: Each stop sign: the heading that names it, and the warning question it answers.
SIGNS: dict[str, tuple[str, str | None]] = {
    "chest_pain": ("play_sign_chest_pain", "sess_chest"),
    "breathless": ("play_sign_breathless", "sess_breath"),
    "passed_out": ("play_sign_passed_out", "sess_passed_out"),
    "calf_swelling": ("play_sign_calf", "sess_calf"),
    "numb_saddle": ("play_sign_saddle", "ce_saddle"),
    "fall_cannot_stand": ("play_sign_fall_bad", "sess_fall_bad"),
    "faint": ("play_sign_faint", "sess_faint"),
    "numb": ("play_sign_numb", "sess_numb"),
    "fall_hurt": ("play_sign_fall_hurt", "sess_fall_hurt"),
    "fall_ok": ("play_sign_fall_ok", "sess_fall"),
    "sharp_joint_no_weight": ("play_sign_joint_weight", "sess_joint_weight"),
    "sharp_joint": ("play_sign_joint", None),
    "unwell": ("play_sign_unwell", None),
}
_STAYS = "sess_joint"


@dataclass(frozen=True)
class Wrong:
    """What was told: the signs, most urgent first, what to write, and whether session or move end."""

    cases: tuple[Case, ...]
    bodies: tuple[Body, ...]
    ends_session: bool
    ends_move: bool

    @property
    def note(self) -> str | None:
        """Return what the entry of a left session says."""
        return f"{STOP_NOTE}{self.cases[0].id}" if self.cases else None


def unexplained(session: str) -> Answers:
    """Return the note that something was wrong; it holds plans back until somebody tells what."""
    return Answers(given=(Answer(question=f"tests/{session}", value="stopped"),))


def ask_what(console: Console, book: Book, session: str, exercise: str | None) -> Wrong:
    """Say what to do first, ask what it is, say what the rule says about it; returns what to write.

    That something was wrong is written before anything is asked: whoever cannot answer is held, not lost.
    """
    talk, known = console.talk, book.known
    talk.title(talk.phrases.heading("stop_title"))
    talk.say(talk.phrases.heading("stop_first"), bold=True)
    book.write(unexplained(session))
    cases = _ask_signs(console, known)
    flags = {flag for case in cases if (flag := SIGNS[case.id][1]) is not None}
    says = [case.says for case in cases if case.says is not None]
    stays = [case for case in cases if case.id == "sharp_joint"]
    if cases and cases[0].level == "emergency":
        talk.say(talk.phrases.say(says[0]), bold=True)  # this alone: nothing may stand beside it
    else:
        for text in dict.fromkeys(says):
            talk.say(talk.phrases.say(text), bold=True)
        if stays and not _settled(console):
            flags.add(_STAYS)
            says = [flag.says for flag in known.rules["red_flags"].flags if flag.id == _STAYS]
            talk.say(talk.phrases.say(says[0]), bold=True)
        if any("log_event" in case.actions for case in cases):
            talk.heading("after_a_fall")
    actions = {action for case in cases for action in case.actions}
    return Wrong(
        cases,
        tuple(_bodies(cases, flags, known, session, exercise)),
        ends_session="stop_session" in actions or bool(flags),
        ends_move="stop_exercise" in actions,
    )


def _ask_signs(console: Console, known: Knowledge) -> tuple[Case, ...]:
    """Ask which signs are there; none is an answer, too."""
    cases = [case for case in known.rules["stop_signs"].cases if case.id in SIGNS]
    console.talk.heading("play_wrong")
    while True:
        console.talk.listed([console.phrases.heading(SIGNS[case.id][0]) for case in cases])
        console.talk.heading("pick_numbers")
        try:
            typed = console.read()
        except (BackError, SkipError, StopError):
            console.talk.heading("cannot_skip")
            continue
        chosen = _numbers(typed, len(cases))
        if chosen is not None:
            return tuple(sorted((cases[number - 1] for number in chosen), key=_urgency))
        console.talk.heading("bad_option")


def _numbers(typed: str, count: int) -> list[int] | None:
    parts = typed.replace(",", " ").split()
    if not parts or not all(part.isdigit() and int(part) <= count for part in parts):
        return None
    numbers = [int(part) for part in parts]
    if 0 in numbers:
        return [] if set(numbers) == {0} else None
    return list(dict.fromkeys(numbers))


def _urgency(case: Case) -> int:
    return LEVELS.index(case.level) if case.level in LEVELS else len(LEVELS)


def _settled(console: Console) -> bool:
    """Ask whether a sharp pain went away; anything but a yes counts as no."""
    try:
        return console.yes_no("play_settled") is True
    except (BackError, StopError, PausedError):
        return False


def _bodies(
    cases: Sequence[Case], flags: set[str], known: Knowledge, session: str, exercise: str | None
) -> Iterator[Body]:
    asked = [item.path for item in session_flags(known).items]
    paths = {path: path.removeprefix("red_flags/") in flags for path in asked}
    paths |= {f"red_flags/{flag}": True for flag in flags}
    yield Answers(given=tuple(Answer(question=path, value=value) for path, value in paths.items()))
    for case in cases:
        if "log_event" in case.actions:
            yield Incident(what="fall", level=case.level, exercise=exercise, session=session)
        if case.id == "unwell":
            yield CheckIn(unwell=True)
