"""Why it exists: plays a session in the terminal - words, beats, countdown, keys - and keeps what was done.

Whatever ends it - the last step, a key, a stop sign, a crash - the sets that were over are in the journal.
"""

import shutil
from typing import Literal

import typer

from levelstride.cli.play.asking import MoveAnswers, ask_eased, ask_walk, pain_bodies
from levelstride.cli.play.before import ask_before
from levelstride.cli.play.keys import PAUSE, WRONG, Clock, Console, Keys, leave_for
from levelstride.cli.play.log import SessionLog
from levelstride.cli.play.sound import Speaker
from levelstride.cli.play.stop import ask_what
from levelstride.cli.screen.stopping import tell_stop
from levelstride.cli.session import Session as Book
from levelstride.cli.talk import BackError, PausedError, SkipError, StopError, Talk
from levelstride.coaching.script import BeatKind, Script, Step, Version, lowers_first, script, walk_lines
from levelstride.journal.bodies import Pain, Side, Soreness
from levelstride.library.knowledge import Knowledge
from levelstride.programme.model import Session
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.sayings import BLOCKS, move_line
from levelstride.programme.soreness import STOP_NOTE
from levelstride.screening.safety import decide
from levelstride.screening.sayings import Phrases

Outcome = Literal["done", "left", "stopped", "nothing"]
_MINUTE_S = 60
_WORDS_WIDE = 24
#: Words of each beat; the way there and back has others where a repetition begins with going down.
_WORDS: dict[BeatKind, str] = {
    "go": "play_beat_go",
    "lift": "play_beat_move",
    "lower": "play_beat_back",
    "pause": "play_beat_hold",
    "hold": "play_beat_hold",
    "breathe_out": "play_breathe_out",
    "breathe_in": "play_breathe_in",
}
_WORDS_DOWN_FIRST: dict[BeatKind, str] = {**_WORDS, "lift": "play_beat_rise", "lower": "play_beat_lower"}


def play_session(
    session: Session,
    book: Book,
    phrases: Phrases,
    known: Knowledge,
    *,
    version: Version,
    clock: Clock,
    keys: Keys,
    speaker: Speaker,
) -> Outcome:
    """Play a session and write down what was done.

    Returns
    -------
    {"done", "left", "stopped", "nothing"}
        ``stopped``: safety, a stop sign or the check-in ended it; ``nothing``: it was done already or holds nothing.
    """
    console = Console(Talk(phrases), keys, clock)
    decision = decide(book.state, known, book.now())
    if not decision.may_start:
        tell_stop(console.talk, decision)
        return "stopped"
    try:
        return Player(session, book, console, known, version, speaker).run()
    finally:
        speaker.close()


class Player:
    """Goes through the steps of one session."""

    def __init__(
        self, session: Session, book: Book, console: Console, known: Knowledge, version: Version, speaker: Speaker
    ) -> None:
        self.session = session
        self.book = book
        self.console = console
        self.talk = console.talk
        self.phrases = console.phrases
        self.known = known
        self.rules = Rulebook(known)
        self.speaker = speaker
        self.script = self._script(version)
        self.log = SessionLog(book, session, self.script)
        self.begin_s = console.clock.now()
        self.elapsed = 0.0
        self.hint = ""
        self.red: set[str] = set()

    def run(self) -> Outcome:
        """Play from the first step, or from where the session was left today."""
        if self.log.ended:
            self.talk.heading("play_done_already")
            return "nothing"
        if self.session.tests:
            self.talk.heading("play_tests", name="levelstride screen --again")
        if not any(step.kind in ("work", "walk") for step in self.script.steps):
            self.talk.heading("play_nothing")
            return "nothing"
        try:
            first = self._prepare()
        except (PausedError, BackError, KeyboardInterrupt):
            self.talk.heading("play_not_begun")
            return "left"
        except StopError:
            first = self._wrong(0)
        return "stopped" if first is None else self._play_from(first)

    def _prepare(self) -> int | None:
        """Ask what comes before a session; returns the step to begin with, None when nothing is done today."""
        if not ask_before(self.console, self.book):
            return None
        first = 0
        if self.log.next_step:
            first = self.log.next_step if self.console.yes_no("play_resume") is not False else 0
        self.talk.title(self.phrases.heading("play_keys_title"))
        self.talk.heading("play_keys", name=WRONG)
        self.begin_s = self.console.clock.now()
        self.log.start()
        move = self.script.steps[first].move
        if first and move is not None:
            self.talk.title(move_line(move, self.phrases))
        return first

    def _play_from(self, number: int) -> Outcome:
        try:
            while number < len(self.script.steps):
                following = self._one(number)
                if following is None:
                    return "stopped"
                number = following
        except (PausedError, KeyboardInterrupt):
            self.log.leave(self._minutes())
            self.talk.heading("play_left", name="levelstride session")
            return "left"
        self.talk.heading("play_end", count=len(self.log.done), value=self.phrases.number(self._minutes(), 0))
        return "done"

    def _one(self, number: int) -> int | None:
        """Play one step; returns the next one, None when a sign ends the session."""
        step = self.script.steps[number]
        if step.exercise in self.red and step.kind in ("set_up", "work", "rest", "side_switch"):
            return self._skip_move(number)
        self.elapsed = 0.0
        try:
            return self._do(number, step)
        except SkipError:
            return self._skip_move(number)
        except BackError:
            return self._back(number)
        except StopError:
            return self._wrong(number)
        except (PausedError, KeyboardInterrupt):
            self._keep_part(number)
            raise

    def _do(self, number: int, step: Step) -> int | None:
        if step.kind == "work":
            self._work(number, step)
        elif step.kind in ("rest", "side_switch"):
            key = "play_rest" if step.kind == "rest" else "play_switch"
            self.talk.heading(key, value=f"{step.seconds:.0f}", name=self.phrases.side(step.side).lower())
            self._timed(step)
        elif step.kind == "ask":
            return self._ask(number, step)
        elif step.kind == "walk":
            self._walk(step)
        else:
            self._show(step)
        return number + 1

    # ------------------------------------------------------------------------------------------ words and sets

    def _show(self, step: Step) -> None:
        if step.kind == "block" and step.block is not None:
            self.talk.title(self.phrases.heading(BLOCKS[step.block]))
        elif step.kind == "prompt":
            for text in step.says:
                self.talk.say(self.phrases.say(text), indent="  - ")
            self.console.wait("play_read")
        elif step.kind == "set_up" and step.move is not None:
            self.talk.title(move_line(step.move, self.phrases))
            for text in step.says:
                self.talk.say(self.phrases.say(text), indent="  - ")
            self.console.wait("play_ready")

    def _work(self, number: int, step: Step) -> None:
        side = {"name": self.phrases.side(step.side).lower()} if step.side is not None else {}
        self.talk.say(
            self.phrases.heading("play_set", count=step.set_number or 1, limit=step.of_sets or 1, **side), bold=True
        )
        if step.cue is not None and step.cue_at and not self._counts(step):
            self.talk.heading("plan_think", name=self.phrases.say(step.cue))
        if step.paced:
            self._timed(step)
        else:
            begin = self.console.clock.now()
            self.console.wait("play_own_pace")
            self.elapsed = self.console.clock.now() - begin
        amount = self._amount(step, whole=True)
        if amount < 1:
            self.log.set_skipped(number)
            return
        self.log.set_done(number, amount)
        if step.cue is not None and step.cue_after:
            self.talk.heading("plan_think", name=self.phrases.say(step.cue))

    def _counts(self, step: Step) -> bool:
        return any(beat.what == "rep" for beat in step.beats)

    def _amount(self, step: Step, *, whole: bool = False) -> float:
        """Return what was done of a set: repetitions, or seconds of a hold.

        ``whole``: the set came to its end, so that of a set at the person's own pace all counts until they say more.
        """
        assert step.dose is not None
        if not step.paced:
            return step.dose.amount if whole else 0
        done = min(self.elapsed, step.seconds or 0.0)
        if self._counts(step):
            return int(done / (step.seconds or 1.0) * step.dose.amount + 1e-6)
        return round(done, 1)

    def _timed(self, step: Step) -> None:
        """Let the time of a step pass, with its beats; Enter ends it early."""
        clock, keys, length = self.console.clock, self.console.keys, step.seconds or 0.0
        moments = list(step.moments)
        self.hint = ""
        begin, words, rep = clock.now(), "", 0
        while True:
            gone = clock.now() - begin
            self.elapsed = min(gone, length)
            while moments and (moments[0][0] <= gone or gone >= length):
                beats = moments.pop(0)[1]
                rep += beats.count("rep")
                words = self._beat(step, beats, rep) or words
            if gone >= length:
                break
            self._line(step, rep, words, length - gone)
            wake = min([int(gone) + 1.0, length, *(moment[0] for moment in moments[:1])])
            typed = self._within(max(wake - gone, 0.0))
            self.elapsed = min(clock.now() - begin, length)
            if typed is None:
                continue
            if leave_for(typed).casefold() == PAUSE:
                paused = clock.now()
                self.console.wait("play_paused")
                begin += clock.now() - paused
            elif not typed.strip():
                break
            else:
                self.talk.heading("play_keys", name=WRONG)
        if keys.live:
            typer.echo()

    def _within(self, seconds: float) -> str | None:
        try:
            return self.console.keys.within(seconds, self.console.clock)
        except EOFError:
            raise PausedError from None

    def _beat(self, step: Step, beats: tuple[BeatKind, ...], rep: int) -> str:
        """Sound the beats of one moment, show the hint that belongs here; returns their words."""
        self.speaker.play(*beats)
        notice = self.speaker.notice()
        if notice is not None:
            self.talk.heading(notice)
        if "rep" in beats:
            self.hint = self.phrases.say(step.cue) if step.cue is not None and rep in step.cue_at else ""
            if self.hint and not self.console.keys.live:
                self.talk.heading("plan_think", name=self.hint)
        down_first = step.exercise is not None and lowers_first(self.known.exercises[step.exercise])
        spoken = _WORDS_DOWN_FIRST if down_first else _WORDS
        return ", ".join(self.phrases.heading(spoken[what]) for what in beats if what in spoken)

    def _line(self, step: Step, rep: int, words: str, left: float) -> None:
        """Write the countdown with beat and hint over itself; a pipe gets none."""
        if not self.console.keys.live:
            return
        count = f"{rep}/{step.dose.amount}  " if step.dose is not None and rep else ""
        text = f"  {left:4.0f} s  {count}{words.ljust(_WORDS_WIDE)}  {self.hint}"
        wide = shutil.get_terminal_size((80, 24)).columns - 1
        typer.echo("\r" + text[:wide].ljust(wide), nl=False)

    def _line_end(self) -> None:
        if self.console.keys.live:
            typer.echo()

    # ---------------------------------------------------------------------------------------- questions, walks

    def _ask(self, number: int, step: Step) -> int | None:
        if step.asks == ("eases",):
            return number + 1 if self._eased() else None
        if step.exercise is None:
            return self._ask_end(number)
        last = self._last_sets(number)
        if last and not self._told_before(last):
            calm = MoveAnswers(self.console, self.log, last, self.rules).ask(step)
            if not calm:
                self.red.add(step.exercise)
        return number + 1

    def _last_sets(self, number: int) -> dict[Side | None, int]:
        """Return, for each side of the move before these questions, the step of its last set that was done."""
        begin = max(n for n in range(number) if self.script.steps[n].kind == "set_up")
        done = [n for n in range(begin, number) if n in self.log.done]
        return {self.script.steps[n].side: n for n in done}

    def _told_before(self, last: dict[Side | None, int]) -> bool:
        bodies = [self.log.done[number][1] for number in last.values()]
        return all(body.pain is not None or body.rpe is not None for body in bodies)

    def _ask_end(self, number: int) -> int:
        """Ask about the whole session and write its end; whoever leaves here has done it all the same."""
        rpe = feel = None
        try:
            self.talk.heading("play_ask_session")
            rpe = self.console.number(0, 10)
            self.talk.heading("play_ask_feel_after")
            feel = self.console.number(0, 10)
        except PausedError:
            pass
        self.log.end(self._minutes(), rpe, feel)
        return number + 1

    def _eased(self) -> bool:
        """Ask whether sore muscles eased, where some were told today; False when the session must end."""
        today = self.book.now().date()
        sore = [one.body for one in self.book.state.soreness if one.at.date() == today and one.body.score > 0]
        if not sore or any(one.eases_in_warm_up is not None for one in sore):
            return True
        bodies = ask_eased(self.console, sore)
        stays = any(isinstance(one, Soreness) and one.eases_in_warm_up is False for one in bodies)
        if not stays:
            self.book.write(*bodies)
            return True
        self.log.leave(self._minutes(), *bodies, note="soreness:stays")
        self.talk.say(self.phrases.say(self.rules.case("soreness", "stays").says or ""), bold=True)
        return False

    def _walk(self, step: Step) -> None:
        assert step.walk is not None
        first, *more = walk_lines(step, self.phrases)
        self.talk.title(first)
        for text in more:
            self.talk.say(text)
        self.console.wait("play_walk_go")
        if self.session.extra:  # a break from sitting is no walk of the walking track
            self.log.end(self._minutes(), None, None)
        else:
            self.book.write(ask_walk(self.console, step.walk.minutes))

    # ------------------------------------------------------------------------------------------------- the keys

    def _skip_move(self, number: int) -> int:
        """Leave out the rest of a move; what was done of it is still asked about."""
        step = self.script.steps[number]
        if step.exercise is None or step.kind in ("walk", "ask"):
            self.talk.heading("skipped")
            return number + 1
        self._keep_part(number)
        while self.script.steps[number].kind != "ask":
            if self.script.steps[number].kind == "work" and number not in self.log.done:
                self.log.set_skipped(number)
            number += 1
        self.talk.heading("skipped")
        return number

    def _back(self, number: int) -> int:
        """Return to the set before, which is done anew; within a set to its own beginning."""
        if self.script.steps[number].kind == "work":
            return number
        before = [n for n in range(number) if self.script.steps[n].kind == "work" and n in self.log.done]
        if not before:
            self.talk.heading("nothing_to_take_back")
            return number
        self.log.take_back(before[-1])
        return before[-1]

    def _keep_part(self, number: int, *, always: bool = False) -> None:
        """Write the part of a set that was done before it was broken off."""
        step = self.script.steps[number]
        if step.kind == "work" and number not in self.log.done:
            amount = self._amount(step)
            if amount >= 1 or always:
                self.log.set_done(number, amount)

    def _wrong(self, number: int) -> int | None:
        """Something is wrong: first what to do, then what it is; returns where to go on, None when the session ends."""
        step = self.script.steps[number]
        self._line_end()
        try:
            wrong = ask_what(self.console, self.book, self.session.id, step.exercise)
        except PausedError:
            self._keep_part(number)
            self.log.leave(self._minutes(), note=f"{STOP_NOTE}not_said")
            return None
        if wrong.ends_session:
            self._keep_part(number)
            self.log.leave(self._minutes(), *wrong.bodies, note=wrong.note)
            return None
        self.book.write(*wrong.bodies)
        if not wrong.ends_move or step.exercise is None:
            self.talk.heading("play_go_on")
            return number
        self._keep_part(number, always=True)
        self.red.add(step.exercise)
        self._ask_sharp(step.exercise)
        return number + 1 if step.kind in ("ask", "walk") else self._skip_move(number)

    def _ask_sharp(self, exercise: str) -> None:
        """Write the sharp pain that ended a move; without a number it counts as the most that is not red by itself."""
        score, kind = self.rules.number("pain_colours", "amber_max"), "sharp"
        sets = [n for n in sorted(self.log.done) if self.script.steps[n].exercise == exercise]
        worked = self.script.steps[sets[-1]].side if sets else None
        bodies: tuple[Pain, ...] = (
            Pain(place="not_said", score=score, when="during", quality=kind, exercise=exercise),
        )
        self.talk.heading("play_ask_pain")
        try:
            told = self.console.number(0, 10)
            score = score if told is None else told
            bodies = pain_bodies(self.console, score, kind, exercise, self.session.id, worked=worked)
        except (BackError, StopError, PausedError):
            pass
        self.book.write(*bodies)
        if sets:
            self.log.add(sets[-1], pain=score, pain_kind=kind)

    # ---------------------------------------------------------------------------------------------------- parts

    def _script(self, version: Version) -> Script:
        codes = {code for move in self.session.moves for code in self.known.exercises[move.exercise].cautions}
        cautions = decide(self.book.state, self.known, self.book.now()).cautions
        says = tuple(self.known.cautions[code].on_page for code in sorted(codes & set(cautions)))
        return script(self.session, self.known, self.rules, version=version, cautions=says)

    def _minutes(self) -> float:
        return round((self.console.clock.now() - self.begin_s) / _MINUTE_S, 1)
