"""Why it exists: a session as a row of steps with times, beats, words and questions - the same for every player.

A step with ``seconds`` counts in the planned length. A *paced* step ends when its time is over; any other ends when
the person goes on. Texts are English texts of the library; a player translates and shows them.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from levelstride.journal.bodies import Side
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise
from levelstride.programme.model import Block, Dose, Move, Session, WalkPart
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.sayings import BLOCKS, move_line
from levelstride.programme.timing import RULE, own_tempo, repetition_seconds, set_seconds
from levelstride.screening.sayings import Phrases

Version = Literal["full", "short", "bare"]
VERSIONS: tuple[Version, ...] = ("full", "short", "bare")
StepKind = Literal["prompt", "set_up", "work", "rest", "side_switch", "ask", "walk", "block", "end"]
BeatKind = Literal["go", "rep", "lift", "pause", "lower", "hold", "breathe_out", "breathe_in", "stop"]

#: Blocks whose moves drive the plan: all is asked about them, about the others only what hurt or felt odd.
_RATED: tuple[Block, ...] = ("activation", "strength")
_AMOUNT_QUESTIONS = {"seconds": "seconds_held", "minutes": "minutes_done", "metres": "metres_done"}
_MINUTE_S = 60


class Beat(NamedTuple):
    """A moment within a step, in seconds from its start, and what happens then."""

    at_s: float
    what: BeatKind


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes
    ----------
    sides : tuple
        In an ``ask`` step the sides that were worked, None for both at once; answers are kept per side.
    seconds : float or None
        How long it takes; None for what is not counted (prompts, questions).
    paced : bool
        It ends by itself after ``seconds``; otherwise ``seconds`` is only what it is expected to take.
    cue : str or None
        The one hint of this set; shown at the repetitions ``cue_at`` (1 = at the start), or after the set.
    asks : tuple of str
        Ids of questions, worded by the headings ``play_ask_*``.
    """

    kind: StepKind
    block: Block | None = None
    exercise: str | None = None
    move: Move | None = None
    dose: Dose | None = None
    side: Side | None = None
    sides: tuple[Side | None, ...] = ()
    set_number: int | None = None
    of_sets: int | None = None
    seconds: float | None = None
    paced: bool = False
    beats: tuple[Beat, ...] = ()
    cue: str | None = None
    cue_at: tuple[int, ...] = ()
    cue_after: bool = False
    says: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    walk: WalkPart | None = None

    @property
    def moments(self) -> tuple[tuple[float, tuple[BeatKind, ...]], ...]:
        """Return the beats by time, those of one moment together."""
        times = sorted({beat.at_s for beat in self.beats})
        return tuple((at_s, tuple(beat.what for beat in self.beats if beat.at_s == at_s)) for at_s in times)


class Position(NamedTuple):
    """A place in a script: the number of the step (from 0) and the seconds into it."""

    step: int
    offset_s: float


@dataclass(frozen=True, slots=True)
class Script:
    """One session, step by step."""

    session: str
    version: Version
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """Return the length of the moves; the walk is not in it, as in ``Session.minutes``."""
        return sum(step.seconds or 0 for step in self.steps if step.kind != "walk")


def versions(session: Session) -> tuple[Version, ...]:
    """Return the versions in which a session can be done."""
    moves = {"full": session.moves, "short": session.short, "bare": session.bare}
    return tuple(name for name in VERSIONS if name == "full" or moves[name])


def script(
    session: Session,
    known: Knowledge,
    rules: Rulebook,
    *,
    version: Version = "full",
    cautions: tuple[str, ...] = (),
) -> Script:
    """Return the steps of a session.

    Parameters
    ----------
    cautions : tuple of str
        What the person's caution codes say (``Caution.on_page``), shown first.

    Raises
    ------
    ValueError
        If the session has no such version.
    """
    if version not in versions(session):
        raise ValueError(f"expected a version that {session.id} has, but got {version}")
    moves = {"full": session.moves, "short": session.short, "bare": session.bare}[version]
    return Script(session.id, version, tuple(_steps(session, moves, known, rules, cautions)))


def _steps(
    session: Session, moves: tuple[Move, ...], known: Knowledge, rules: Rulebook, cautions: tuple[str, ...]
) -> Iterator[Step]:
    if cautions:
        yield Step("prompt", says=tuple(dict.fromkeys(cautions)))
    hard_block = next((move.block for move in moves if move.hard), moves[0].block if moves else None)
    walk = [_walk_step(session.walk, known)] if session.walk is not None else []
    block: Block | None = None
    eased = False
    for number, move in enumerate(moves):
        if move.block != block:
            if move.block == "strength" and session.kind == "walk_event":
                yield from walk  # the order of such a day: practice, walk, strength
                walk = []
            if move.block == hard_block:
                yield _stop_list(known)
                hard_block = None
            block = move.block
            yield Step("block", block=block)
        yield from _move_steps(move, known.exercises[move.exercise], rules)
        after = moves[number + 1].block if number + 1 < len(moves) else None
        if not eased and (move.block != "prep" or after != "prep"):
            eased = True
            yield Step("ask", block=block, asks=("eases",))  # players ask it only where soreness was told before
    yield from walk
    if moves:
        yield Step("ask", asks=("session_rpe", "feel_after"))
    yield Step("end")


def _stop_list(known: Knowledge) -> Step:
    """Return the list of stop signs and what to do first when one of them comes."""
    rule = known.rules["stop_signs"]
    first = next(case.says for case in rule.cases if case.level == "emergency" and case.says is not None)
    return Step("prompt", says=(*rule.plain, first))


def _move_steps(move: Move, exercise: Exercise, rules: Rulebook) -> Iterator[Step]:
    support = (rules.known.headings["plan_support"],) if move.support else ()
    tempo = () if move.tempo is not None and move.tempo != own_tempo(exercise) else (exercise.tempo.says,)
    card = (*exercise.setup, *support, *exercise.steps, *tempo, exercise.breathing, *exercise.safety, exercise.stop_if)
    yield Step(
        "set_up",
        block=move.block,
        exercise=exercise.id,
        move=move,
        sides=tuple(dose.side for dose in move.doses),
        seconds=rules.number(RULE, "set_up"),
        says=card,
    )
    for number in range(move.sets):
        if number and move.rest_s:
            yield Step("rest", move.block, exercise.id, move, set_number=number, seconds=move.rest_s, paced=True)
        doses = [dose for dose in move.doses if dose.sets > number]
        for place, dose in enumerate(doses):
            if place:
                switch = rules.number(RULE, "side_switch")
                yield Step("side_switch", move.block, exercise.id, move, side=dose.side, seconds=switch, paced=True)
            yield _work(move, dose, number + 1, exercise, rules)
    yield Step(
        "ask",
        block=move.block,
        exercise=exercise.id,
        move=move,
        sides=tuple(dose.side for dose in move.doses),
        asks=_questions(move, exercise),
    )


def _work(move: Move, dose: Dose, number: int, exercise: Exercise, rules: Rulebook) -> Step:
    beats = tuple(_beats(move, dose, exercise, rules))
    return Step(
        "work",
        block=move.block,
        exercise=exercise.id,
        move=move,
        dose=dose,
        side=dose.side,
        set_number=number,
        of_sets=dose.sets,
        seconds=set_seconds(exercise, dose, move.counts, move.tempo, rules),
        paced=bool(beats),
        beats=beats,
        cue=move.cue if move.cue_every is not None else None,
        cue_at=_cue_at(move, dose),
        cue_after=move.cue is not None and move.cue_every == 0,
    )


def _cue_at(move: Move, dose: Dose) -> tuple[int, ...]:
    """Return the repetitions at which the hint is given; a hold or a walk gets it once, at the start."""
    if move.cue is None or not move.cue_every:
        return ()
    if move.counts in _AMOUNT_QUESTIONS:
        return (1,)
    return tuple(range(1, dose.amount + 1, move.cue_every))


def _beats(move: Move, dose: Dose, exercise: Exercise, rules: Rulebook) -> Iterator[Beat]:
    """Give the beats of a set; none where the person keeps their own pace."""
    length = set_seconds(exercise, dose, move.counts, move.tempo, rules)
    if move.counts in ("seconds", "minutes"):
        yield Beat(0.0, "go")
    elif move.counts == "repetitions" and (move.tempo or own_tempo(exercise) or dose.hold_s):
        each = repetition_seconds(exercise, dose, move.tempo, rules)
        for number in range(dose.amount):
            yield Beat(number * each, "rep")
            for at_s, what in _repetition(move, dose, exercise, rules):
                yield Beat(number * each + at_s, what)
    else:
        return
    yield Beat(length, "stop")


def _repetition(move: Move, dose: Dose, exercise: Exercise, rules: Rulebook) -> Iterator[Beat]:
    """Give the beats within one repetition; the breath goes out on the effort and in on the way back (R085)."""
    way = rules.number(RULE, "repetition") / 2
    lower, pause, lift = move.tempo or own_tempo(exercise) or (way, 0.0, way)
    held = max(pause, dose.hold_s or 0)
    parts: tuple[tuple[BeatKind, float], ...]
    if lowers_first(exercise):
        parts = (("lower", lower), ("pause", held), ("lift", lift))
    else:
        parts = (("lift", lift), ("hold" if dose.hold_s else "pause", held), ("lower", lower))
    breath: dict[BeatKind, BeatKind] = {}
    if "Breathe out" in exercise.breathing:
        breath["lift"] = "breathe_out"
    if "Breathe in" in exercise.breathing and "lift" in breath:
        breath["lower"] = "breathe_in"
    at_s = 0.0
    for what, seconds in parts:
        if seconds > 0:
            yield Beat(at_s, what)
            if what in breath:
                yield Beat(at_s, breath[what])
        at_s += seconds


def lowers_first(exercise: Exercise) -> bool:
    """Say whether a repetition begins with the easy way (a squat goes down first, a bridge up first).

    The library says it in words: the tempo begins with lowering, or a breath in comes before the breath out.
    """
    if exercise.tempo.rhythm != "counted":
        return False
    if exercise.tempo.says.startswith("Lower"):
        return True
    breaths = re.findall(r"breathe (in|out)", " ".join(exercise.steps).casefold())
    by_effort = "Breathe out as" in exercise.breathing
    return by_effort and (exercise.breathing.startswith("Breathe in") or breaths[:1] == ["in"])


def _questions(move: Move, exercise: Exercise) -> tuple[str, ...]:
    """Return what is asked after a move, in order."""
    if move.block not in _RATED:
        return ("pain", "awkward")
    amount = _AMOUNT_QUESTIONS.get(move.counts, "reps")
    asks = ["load"] if move.choose_load else []
    asks += [amount, "clean_hold" if move.counts in _AMOUNT_QUESTIONS else "clean_reps", "effort", "pain"]
    if move.rir is not None:
        asks.append("rir")
    if "activation" in (move.block, exercise.kind):
        asks.append("feel")
    return (*asks, "awkward")


def _walk_step(walk: WalkPart, known: Knowledge) -> Step:
    drill = known.exercises.get(walk.drill) if walk.drill is not None else None
    says = () if drill is None else (*drill.setup, *drill.steps, *drill.safety, drill.stop_if)
    if walk.support:
        says = (known.headings["plan_support"], *says)
    return Step(
        "walk",
        exercise=walk.drill,
        seconds=walk.minutes * _MINUTE_S,
        cue=walk.cue if walk.cue_every is not None else None,
        says=says,
        asks=("walk_minutes", "walk_rpe", "walk_pain", "walk_symptom", "walk_feel"),
        walk=walk,
    )


def position(script: Script, at_s: float) -> Position:
    """Return where a script stands at a time; what takes no time is passed over, the end is its last step.

    Raises
    ------
    ValueError
        For a time before the start.
    """
    if at_s < 0:
        raise ValueError(f"expected a time from 0 on, but got {at_s}")
    begin = 0.0
    for number, step in enumerate(script.steps):
        length = step.seconds or 0.0
        if begin <= at_s < begin + length:
            return Position(number, at_s - begin)
        begin += length
    return Position(len(script.steps) - 1, 0.0)


def lines(script: Script, phrases: Phrases) -> list[str]:
    """Return a script as text, as somebody prints it: blocks, moves with their doses and words, rests, the walk."""
    found: list[str] = []
    for step in script.steps:
        if step.kind == "prompt":
            found += [phrases.say(text) for text in step.says] + [""]
        elif step.kind == "block" and step.block is not None:
            found += [phrases.heading(BLOCKS[step.block]).upper(), ""]
        elif step.kind == "set_up" and step.move is not None:
            found += [*_move_lines(step, step.move, phrases), ""]
        elif step.kind == "walk":
            found += [*walk_lines(step, phrases), ""]
    if script.seconds:
        found.append(phrases.heading("play_minutes", value=math.ceil(script.seconds / _MINUTE_S)))
    return found


def _move_lines(step: Step, move: Move, phrases: Phrases) -> Iterator[str]:
    yield move_line(move, phrases)
    yield from (f"  - {phrases.say(text)}" for text in step.says)
    if move.cue is not None and move.cue_every is not None:
        yield f"  {phrases.heading('plan_think', name=phrases.say(move.cue))}"


def walk_lines(step: Step, phrases: Phrases) -> Iterator[str]:
    """Give what a walk step asks for: how long, how hard, what to practise in it."""
    walk = step.walk
    assert walk is not None
    effort = phrases.heading(f"plan_effort_{walk.effort}")
    yield phrases.heading("plan_walk", count=walk.minutes, name=effort)
    if walk.drill is not None:
        name = phrases.say(phrases.known.exercises[walk.drill].name)
        yield phrases.heading("plan_drill", count=walk.drill_minutes, name=name)
    yield from (f"  - {phrases.say(text)}" for text in step.says)
    if step.cue is not None:
        yield f"  {phrases.heading('plan_think', name=phrases.say(step.cue))}"
