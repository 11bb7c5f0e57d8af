"""Why it exists: writes down what was done in a session as it is done, and finds where a session was left.

A set is written as soon as it is over. What is told about it afterwards takes its entry back and writes it anew.
"""

from datetime import datetime
from typing import Any

from levelstride.cli.session import Session as Book
from levelstride.coaching.script import Script, Step
from levelstride.journal.bodies import Body, Retraction, SetDone
from levelstride.journal.bodies import Session as SessionEvent
from levelstride.programme.model import Session

#: Of these a set is one repetition that is held for a time.
HELD = ("seconds", "minutes")


class SessionLog:
    """What was written down about one session today, by the number of the step."""

    def __init__(self, book: Book, session: Session, script: Script) -> None:
        self.book = book
        self.session = session
        self.script = script
        self.begin = book.now()
        self.done: dict[int, tuple[str, SetDone]] = {}
        self.skipped: set[int] = set()
        self._find_done()

    @property
    def ended(self) -> bool:
        """Say whether the session was brought to its end today."""
        return any(
            one.body.session == self.session.id and one.body.event == "ended" and self._is_today(one.at)
            for one in self.book.state.sessions
        )

    @property
    def next_step(self) -> int:
        """Return the step after the last set that was written down; 0 when there is none."""
        return max((*self.done, *self.skipped), default=-1) + 1

    def start(self) -> None:
        """Write that the session begins."""
        programmes = self.book.state.programmes
        programme = programmes[-1].body.programme if programmes else None
        self.book.write(SessionEvent(session=self.session.id, event="started", programme=programme))

    def end(self, minutes: float, rpe: float | None, feel_after: float | None) -> None:
        """Write that the session came to its end."""
        self.book.write(
            SessionEvent(session=self.session.id, event="ended", minutes=minutes, rpe=rpe, feel_after=feel_after)
        )

    def leave(self, minutes: float, *also: Body, note: str | None = None) -> None:
        """Write that the session was left, with why where it is known."""
        left = SessionEvent(session=self.session.id, event="left", minutes=minutes, note=note)
        self.book.write(*also, left)

    def set_done(self, number: int, amount: float) -> None:
        """Write one set on one side: ``amount`` in what the move counts, seconds for what is held."""
        self._keep(number, self._body(self.script.steps[number], amount))

    def set_skipped(self, number: int) -> None:
        """Write that a set was left out."""
        step = self.script.steps[number]
        self.skipped.add(number)
        self.book.write(
            SetDone(
                exercise=str(step.exercise),
                side=step.side,
                session=self.session.id,
                number=step.set_number,
                skipped=True,
            )
        )

    def add(self, number: int, **told: Any) -> None:
        """Write a set anew with what was told about it; nothing is written when nothing was."""
        given = {name: value for name, value in told.items() if value is not None}
        if number in self.done and given:
            entry, body = self.done[number]
            anew = SetDone.model_validate({**body.model_dump(), **given})
            self._keep(number, anew, Retraction(target=entry, reason="told more about it"))

    def take_back(self, number: int) -> None:
        """Take back the entry of a set, so that it can be done anew."""
        if number in self.done:
            entry, _ = self.done.pop(number)
            self.book.write(Retraction(target=entry, reason="done anew"))

    def _keep(self, number: int, body: SetDone, *before: Body) -> None:
        self.book.write(*before, body)
        self.done[number] = (self.book.entries[-1].id, body)

    def _body(self, step: Step, amount: float) -> SetDone:
        move, dose = step.move, step.dose
        assert move is not None
        assert dose is not None
        held = move.counts in HELD
        by_count = None if held or move.counts == "metres" else round(amount)
        return SetDone(
            exercise=move.exercise,
            side=step.side,
            session=self.session.id,
            number=step.set_number,
            reps=1 if held else by_count,
            hold_s=amount if held else dose.hold_s,
            distance_m=amount if move.counts == "metres" else None,
            load_kg=dose.load_kg,
            band=None if dose.band is None else str(dose.band),
            support="hand" if move.support else None,
        )

    def _find_done(self) -> None:
        """Match the sets of today's journal with the steps of the script, in their order."""
        logged = [one for one in self.book.state.sets if one.body.session == self.session.id and self._is_today(one.at)]
        for number, step in enumerate(self.script.steps):
            if step.kind != "work":
                continue
            wanted = (step.exercise, step.side, step.set_number)
            for place, one in enumerate(logged):
                if (one.body.exercise, one.body.side, one.body.number) == wanted:
                    del logged[place]
                    if one.body.skipped:
                        self.skipped.add(number)
                    else:
                        self.done[number] = (one.id, one.body)
                    break

    def _is_today(self, at: datetime) -> bool:
        return at.date() == self.begin.date()
