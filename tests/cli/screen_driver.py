"""A made-up person at the terminal: reads what is printed and answers, so that a whole screen can be walked through."""

import builtins
import io
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from levelstride.cli.app import app
from levelstride.cli.session import Session
from levelstride.library.loader import knowledge, measure_library
from levelstride.library.schema.intake import Question
from levelstride.library.translations import LANGUAGES, Speaker
from levelstride.measure.results import SCHEMA, GaitResult, Measure, Reason
from levelstride.recording.context import RecordingContext
from levelstride.report.files import Making, MeasuresFile, RecordingFacts

MOST_ANSWERS = 400
Answer = str | list[str]

#: Somebody to whom nothing applies, by the id of the question; what is not here is answered by ``harmless``.
ADULT: dict[str, Answer] = {
    "units": "1",
    "birth_year": "1990",
    "birth_month": "3",
    "norm_sex": "1",
    "height": "1.72",
    "active_now": "1",
    "sitting_hours": "6",
    "sitting_longest": "60",
    "walks_now": "30",
    "days_per_week": "3",
    "minutes_per_session": "20",
    "tests_time": "0",
}


@dataclass
class Person:
    """Answers by what was printed last.

    ``says`` maps a piece of the question (English or Spanish) to one answer, or to answers in turn; ``otherwise`` is
    asked when no piece fits. What was printed since the last answer is handed to both.
    """

    says: Mapping[str, Answer]
    otherwise: Callable[[str], str | None] = lambda printed: None
    turns: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    question: str = ""
    before: str | None = None

    def __post_init__(self) -> None:
        self.says = {plain(key): answer for key, answer in self.says.items()}

    def answer(self, printed: str) -> str:
        """Return the answer to the last question in what was printed."""
        if len(self.asked) > MOST_ANSWERS:
            raise AssertionError("the screen does not come to an end")
        flat = plain(printed).removesuffix(">").strip()
        goes_on = self.before == "?" or flat == self.before or any(refusal in flat for refusal in refusals())
        self.question = f"{self.question} {flat}" if goes_on else flat
        self.asked.append(flat)
        says = self.question
        best = max((key for key in self.says if key in says), key=lambda key: says.rfind(key) + len(key), default=None)
        self.before = self._answer(best, says)
        return self.before

    def _answer(self, best: str | None, flat: str) -> str:
        if best is not None:
            given = self.says[best]
            if isinstance(given, str):
                return given
            turn = self.turns.get(best, 0)
            self.turns[best] = turn + 1
            return given[min(turn, len(given) - 1)]
        found = self.otherwise(flat)
        if found is None:
            raise AssertionError(f"nobody knows the answer to: {flat[-300:]}")
        return found

    def was_asked(self, question: str) -> int:
        """Return how often a question was asked anew."""
        wanted = plain(question)
        return sum(wanted in flat for flat in self.asked)


def unfinished(text: str) -> list[str]:
    """Return what no person should ever read: an empty place of a sentence, a name of Python, a mishap."""
    odd = ("{", "}", "…", "Traceback", "Something went wrong", "AssertionError")
    return [one for one in odd if one in text] + re.findall(r"\b(?:None|True|False|nan)\b(?! of these| has been)", text)


def plain(text: str) -> str:
    """Return a text without its line breaks."""
    return re.sub(r"-\s", "-", " ".join(text.split()))


@cache
def refusals() -> tuple[str, ...]:
    """Return what the program says when an answer does not fit."""
    known = knowledge()
    keys = [key for key in known.headings if key.startswith("bad_") or key == "cannot_skip"]
    return tuple(Speaker(known, language).heading(key).split("{")[0] for key in keys for language in LANGUAGES)


@cache
def texts(language: str = "en") -> dict[str, str]:
    """Return what is asked, by the id of a question, warning sign, topic, heading or test."""
    known = knowledge()
    say = Speaker(known, language).say
    asked: dict[str, str] = {key: text.split("{")[0].strip() for key, text in known.headings.items()}
    asked |= {test.id: test.entry.asks for test in known.tests.values() if test.entry is not None}
    questions: list[Question] = [question for section in known.intake.sections for question in section.questions]
    questions += [*known.intake.place_details, known.intake.which_side]
    asked |= {question.id: question.asks for question in questions}
    signs = known.intake.signs.items()
    asked |= {f"{name}/{question.id}": question.asks for name, sign in signs for question in sign.details}
    details = known.intake.sign_details
    asked |= {f"sign/{question.id}": question.asks for question in details}
    asked |= {flag.id: flag.asks for flag in known.rules["red_flags"].flags}
    asked |= {topic.id: topic.asks for topic in known.rules["readiness"].topics}
    said = {name: say(text) for name, text in asked.items() if name not in known.headings}
    spoken = Speaker(known, language)
    return {key: spoken.heading(key).split("{")[0].strip() for key in known.headings} | said


def person(answers: Mapping[str, Answer] | None = None, language: str = "en", **by_id: Answer) -> Person:
    """Return somebody harmless, with other answers by a piece of a question (``answers``) or by its id."""
    ids = {texts(language)[name]: answer for name, answer in {**ADULT, **by_id}.items()}
    return Person({**ids, **(answers or {})}, harmless)


def harmless(printed: str) -> str | None:
    """Answer as somebody would to whom nothing applies and who does no test."""
    for language in LANGUAGES:
        heading = texts(language)
        yes_or_no = " ".join(f"{n} {heading[name]}" for n, name in enumerate(("yes", "no", "not_sure"), start=1))
        for sign, answer in (
            (yes_or_no, "2"),  # before the hint that stands under every list
            (f"{yes_or_no} {heading['pick_number']}", "2"),
            (heading["pick_number"], "1"),
            (heading["pick_numbers"], "0"),
            (heading["pick_rating"], "0"),
            (heading["pick_metres"], "s"),
            (heading["pick_feet"], "s"),
            (heading["pick_lines"], ""),
            (heading["test_to_steps"], ""),
            (heading["test_ready"], "s"),
            (heading["test_do_anyway"], "s"),
            (heading["test_hurt"], "0"),
            (heading["sheet_timer"], ""),
        ):
            if printed.endswith(plain(sign)):
                return answer
    return "1" if re.search(r" 1 \S.* 2 \S", printed) else None  # a list: how a test was done


def nth(test: str, condition: str, option: str) -> dict[str, Answer]:
    """Return the answer to a condition of a test, by the names in the library."""
    found = next(one for one in knowledge().tests[test].conditions if one.id == condition)
    return {found.asks: str(list(found.options).index(option) + 1)}


def flag_page(*flags: str) -> dict[str, Answer]:
    """Return the answer that names these warning signs on their page."""
    known = knowledge().rules["red_flags"].flags
    group = [flag for flag in known if flag.group == next(one.group for one in known if one.id == flags[0])]
    numbers = [str(number) for number, flag in enumerate(group, start=1) if flag.id in flags]
    return {f"{group[-1].asks} {texts()['pick_numbers']}": ",".join(numbers)}


def walk_through(arguments: list[str], person: Person, err: io.StringIO | None = None) -> tuple[int, str]:
    """Run the command line with a person at it; returns exit status and everything printed, answers included.

    With ``err`` standard error goes there, and that is what the person reads.
    """
    out = io.StringIO()
    aside = err if err is not None else out
    seen = 0
    confused: list[AssertionError] = []

    def read(prompt: str = "") -> str:
        nonlocal seen
        try:
            answer = person.answer(aside.getvalue()[seen:])
        except AssertionError as error:  # the command would call it its own mistake
            confused.append(error)
            raise
        aside.write(prompt)
        seen = len(aside.getvalue())
        if answer == "EOF":
            raise EOFError
        return answer

    before, builtins.input = builtins.input, read
    stdin, sys.stdin = sys.stdin, io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(aside):
            try:
                app(arguments, standalone_mode=True)
                status = 0
            except SystemExit as left:
                status = int(left.code or 0)
    finally:
        builtins.input, sys.stdin = before, stdin
    if confused:
        raise confused[0]
    return status, out.getvalue()


def answer_everything(path: Path) -> None:
    """Make a journal with every answer of somebody harmless, and no test, at ten in the morning of the clock's day."""
    with pytest.MonkeyPatch.context() as patch:
        early = Clock(10)
        patch.setattr(Session, "now", lambda _: early())
        status, told = walk_through(["screen", "--journal", str(path)], person(tests_time="s"))
    assert status == 0, told


def write_measures(path: Path, **values: float | None) -> Path:
    """Write a small measures.json of one walk; a value of None is not measurable. Returns its path."""
    unseen = Reason(code="unseen", text="the far foot was hidden", fix="Film the whole body, feet included.")
    measures = tuple(
        Measure(
            name=name,
            side="both",
            unit=measure_library().measures[name].unit,
            value=value,
            standard_error=None if value is None else 0.5,
            n=9,
            quality=None if value is None else "good",
            limb="mixed",
            not_measurable=unseen if value is None else None,
        )
        for name, value in values.items()
    )
    result = GaitResult(
        task="gait_side", measures=measures, curves=(), events=(), walks=(), surface="over ground", scale_method=None
    )
    recording = RecordingFacts(
        file="walk.mp4",
        sha256="ab" * 32,
        model="heavy",
        mode="measure",
        context=RecordingContext(view="left"),
        video=None,
        kind="video",
    )
    made = Making(software_version="0.1.0", python_version="3.11.9", created=datetime(2026, 8, 1, 9, 30, tzinfo=UTC))
    file = MeasuresFile(schema_name=SCHEMA, provenance=made, recordings=(recording,), results=(result,))
    path.write_text(file.to_json(), encoding="utf-8")
    return path


class Clock:
    """Stands in for ``Session.now``: a second passes at each look, days when they are told to."""

    def __init__(self, hour: int = 10) -> None:
        self.at = datetime(2026, 9, 14, hour, 0).astimezone()

    def __call__(self, _: object = None) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)
