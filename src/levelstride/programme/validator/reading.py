"""Why it exists: a second reading of pain, soreness and the day, straight from the rules and the journal.

A colour is ``unknown`` where somebody has not answered: it allows nothing that only green allows.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from levelstride.journal.bodies import CheckIn, Side
from levelstride.journal.state import Logged, State
from levelstride.programme.history import SHARP, Bout, Done, History, read_history
from levelstride.programme.model import WEEK, is_extra
from levelstride.programme.validator.person import Person

Colour = Literal["green", "unknown", "amber", "red"]
DAY = timedelta(days=1)
Key = tuple[str, Side | None]


class Reading:
    """What was done lately and how it went, seen on a day; ``now`` cuts off what came later."""

    def __init__(self, person: Person, today: date, now: datetime | None = None) -> None:
        self.person = person
        self.rules = person.rules
        self.today = today
        self.now = now

    @cached_property
    def _lately(self) -> State:
        return self._part(self.today - timedelta(days=self.rules.whole("missed_sessions", "restart_after")), self.today)

    @cached_property
    def recent(self) -> History:
        """Return the history of the weeks after which everybody starts again anyway."""
        return read_history(self._lately, self.now)

    @cached_property
    def _pairs(self) -> dict[str, list[tuple[Bout, Done]]]:
        found: dict[str, list[tuple[Bout, Done]]] = {}
        for done in self.recent.sessions:
            for bout in done.bouts:
                found.setdefault(bout.exercise, []).append((bout, done))
        return found

    def colour(self, bout: Bout, done: Done) -> Colour:
        """Return the colour of a bout: its own pain, and the morning after."""
        return colour_of(bout, done, self.person, self.today)

    def is_green(self) -> bool:
        """Say whether nothing that was told is above green: the last session, pain now, the trend."""
        done = self.recent.sessions[-1:]
        colours = [self.colour(bout, one) for one in done for bout in one.bouts]
        return all(colour == "green" for colour in colours) and self.now_colour == "green" and not self.rising

    @cached_property
    def now_colour(self) -> Colour:
        """Return the colour of what was told today about pain that is not that of one move."""
        told = [
            one.body
            for one in self._lately.pain
            if one.at.date() == self.today
            and (
                one.body.when in ("now", "at_rest")
                or (one.body.exercise is None and one.body.when in ("during", "after", "next_morning"))
            )
        ]
        sharp = any(one.quality in SHARP or one.gives_way for one in told)
        return band(max((one.score for one in told), default=0.0), sharp, self.person)

    @cached_property
    def rising(self) -> bool:
        """Say whether the worst pain of this week is above that of the week before, and above green."""
        this, last = self._worst(0), self._worst(WEEK)
        if this is None or last is None or this <= self.rules.number("pain_colours", "green_max"):
            return False
        return this > last + self.rules.number("pain_colours", "week_rise")

    def bouts(self, exercise: str, side: Side | None) -> list[tuple[Bout, Done]]:
        """Return the bouts of an exercise on a side, oldest first: the recent ones, else the last one ever.

        A set without a side counts for both.
        """
        found = [pair for pair in self._pairs.get(exercise, ()) if pair[0].side in (side, None)]
        if found:
            return found
        for one in reversed(self.person.state.sets):
            body = one.body
            if body.exercise != exercise or body.skipped or body.side not in (side, None):
                continue
            if self._is_past(one):
                day = one.at.date()
                weeks = timedelta(days=self.rules.whole("pain_colours", "reds_window"))
                around = read_history(self._part(day, day + weeks), self.now)
                return list(_of(around, exercise, side))
        return []

    @cached_property
    def check_in(self) -> CheckIn | None:
        """Return what was answered today before the session, each question as it was answered last."""
        answers: dict[str, Any] = {}
        told = [one.body for one in self._lately.check_ins if one.at.date() == self.today]
        for body in told:
            answers.update(body.model_dump(exclude_none=True))
        return CheckIn(**answers) if told else None

    @property
    def is_asked(self) -> bool:
        """Say whether today's check-in tells of sleep and of stress; without it nobody knows what kind of day it is."""
        told = self.check_in
        slept = told is not None and (told.sleep_hours is not None or told.sleep_quality is not None)
        return slept and told is not None and told.stress is not None

    @property
    def unwell(self) -> bool:
        """Say whether the person feels unwell today."""
        told = [one.body for one in self._lately.check_ins if one.at.date() == self.today]
        said = [one.unwell for one in told if one.unwell is not None]
        return bool(said) and said[-1]

    @property
    def poor_answers(self) -> int:
        """Return how many answers of today's check-in are poor."""
        told, rules = self.check_in, self.rules
        if told is None:
            return 0
        low, high = rules.number("check_in", "sleep_quality_low"), rules.number("check_in", "stress_high")
        return sum(
            (
                told.sleep_hours is not None and told.sleep_hours < rules.number("check_in", "sleep_short"),
                told.sleep_quality is not None and told.sleep_quality <= low,
                told.stress is not None and told.stress >= high,
            )
        )

    @cached_property
    def days_missed(self) -> int:
        """Return the days since the last session, small extras left out; 0 when there was none."""
        sets = (one for one in reversed(self.person.state.sets) if not is_extra(one.body.session or ""))
        last = next((one for one in sets if not one.body.skipped and self._is_past(one)), None)
        return 0 if last is None else (self.today - last.at.date()).days

    def sore(self) -> Literal["none", "hold", "rest"]:
        """Return what sore muscles allow today; a later score of 0 at the same place ends it."""
        rest = self.rules.whole("soreness", "rest_stays")
        last = {(one.body.place, one.body.side): one for one in self._lately.soreness}
        open_ones = [one for one in last.values() if one.body.score > 0 and (self.today - one.at.date()).days <= rest]
        if any(one.body.eases_in_warm_up is False for one in open_ones):
            return "rest"
        return "hold" if any(one.at.date() == self.today for one in open_ones) else "none"

    def _worst(self, back: int) -> float | None:
        """Return the worst pain of the seven days that ended ``back`` days ago."""
        end = self.today - timedelta(days=back)
        start = end - timedelta(days=WEEK)
        state = self._lately
        scores: list[float | None] = []
        scores += [one.body.pain for one in _days(state.sets, start, end)]
        scores += [one.body.score for one in _days(state.pain, start, end)]
        scores += [one.body.worst_pain for one in _days(state.walks, start, end)]
        return max((score for score in scores if score is not None), default=None)

    def _part(self, since: date, until: date) -> State:
        """Return what the journal says of these days, both included, up to now."""
        whole = self.person.state

        def part(logged: tuple[Logged[Any], ...]) -> tuple[Logged[Any], ...]:
            # a day of margin: time zones may differ from entry to entry
            first = bisect_left(logged, since - DAY, key=lambda one: one.at.date())
            return tuple(one for one in logged[first:] if since <= one.at.date() <= until and self._is_past(one))

        return replace(
            State(),
            sets=part(whole.sets),
            sessions=part(whole.sessions),
            pain=part(whole.pain),
            incidents=part(whole.incidents),
            check_ins=part(whole.check_ins),
            walks=part(whole.walks),
            soreness=part(whole.soreness),
        )

    def _is_past(self, one: Logged[Any]) -> bool:
        return one.at <= self.now if self.now is not None else one.at.date() < self.today


def band(pain: float, sharp: bool, person: Person) -> Colour:
    """Return the colour of pain that was told."""
    rules = person.rules
    if sharp or pain > rules.number("pain_colours", "amber_max"):
        return "red"
    return "amber" if pain > rules.number("pain_colours", "green_max") else "green"


def colour_of(bout: Bout, done: Done, person: Person, today: date) -> Colour:
    """Return the colour of a bout on a day: its own pain, and the morning after."""
    told = band(bout.pain or 0.0, bout.sharp or bout.fell, person)
    if told == "red" or morning_is_up(bout, done):
        return "red"
    if bout.pain is None or (done.morning is None and today > bout.day):
        return "amber" if told == "amber" else "unknown"
    return told


def morning_is_up(bout: Bout, done: Done) -> bool:
    """Say whether the morning after was above usual because of this bout: as named, else where it hurt, else all."""
    if done.morning is None or done.morning.usual:
        return False
    if done.morning.exercises:
        return bout.exercise in done.morning.exercises
    hurt = [one for one in done.bouts if (one.pain or 0) > 0]
    return not hurt or bout in hurt


def _of(history: History, exercise: str, side: Side | None) -> Iterator[tuple[Bout, Done]]:
    for done in history.sessions:
        for bout in done.bouts:
            if bout.exercise == exercise and bout.side in (side, None):
                yield bout, done


def _days(logged: Iterable[Logged[Any]], start: date, end: date) -> Iterator[Logged[Any]]:
    return (one for one in logged if start <= one.at.date() < end)
