"""Why it exists: the same safety for every plain plan, in three strengths, so that a comparison is about the planning.

*Basic*: moves that caution codes or missing equipment rule out are never chosen, nothing happens on a day on which the
screening stops, a move with red pain rests. *Protective*: everything of the product that protects and is no
progression of its own, with the figures of the same rules - effort caps, gate G1 before load, weekly hard sets, days
between hard work, colours of pain, steps back after missed weeks, poor days. A filter only takes away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil, floor
from typing import Protocol

from levelstride.journal.bodies import CheckIn, SetDone
from levelstride.library.schema.exercises import Exercise
from levelstride.library.selection import apply_cautions, find_exercises
from levelstride.programme.history import Done, days_between
from levelstride.programme.model import WEEK, Dose, Move, Session
from levelstride.programme.progression import poor_answers
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.simulation.body import load_kind
from levelstride.programme.simulation.diary import both_sides
from levelstride.programme.simulation.ledger import Ledger, Told, is_red, ladder, rest_days
from levelstride.programme.simulation.scene import Key, Scene
from levelstride.programme.timing import move_seconds
from levelstride.programme.volume import LOOK_BACK, hard_sets

_HOURS = 24


class Filter(Protocol):
    """What may be done of a plain plan."""

    name: str

    def look(self, scene: Scene) -> None:
        """Read what the journal says by now; comes before the other questions of a day."""
        ...

    def restarts(self) -> list[Key]:
        """Return, once, the moves that start again from the first level."""
        ...

    def may_rise(self, key: Key) -> bool:
        """Say whether a move may go on to a higher level after its last bout."""
        ...

    def week(self, sessions: Sequence[Session], scene: Scene) -> tuple[Session, ...]:
        """Return the week as far as it may be planned."""
        ...

    def day(self, session: Session, scene: Scene) -> Session | None:
        """Return the session of today as far as it may be done; None when there is none."""
        ...

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Take note of what was written down of a session."""
        ...


def allowed(scene: Scene) -> dict[str, Exercise]:
    """Return the exercises that caution codes and equipment leave; every filter begins with it."""
    codes = scene.person.codes
    found = find_exercises(scene.known, equipment=scene.person.equipment, cautions=codes, cleared=codes)
    removed = set(apply_cautions(codes, scene.known).removed)
    return {exercise.id: exercise for exercise in found if exercise.id not in removed}


def is_strength(exercise: Exercise) -> bool:
    """Say whether a move may take the place of another in a plain plan."""
    return exercise.kind in ("activation", "strength", "functional", "multiplanar", "core")


class Basic:
    """Cautions, equipment, stops, and the rest of a move with red pain."""

    name = "basic"

    def __init__(self) -> None:
        self.rest_until: dict[Key, date] = {}
        self.red: set[Key] = set()
        self._rules: Rulebook | None = None

    @property
    def rules(self) -> Rulebook:
        """Return the rules; known from the first look on."""
        assert self._rules is not None
        return self._rules

    def look(self, scene: Scene) -> None:
        """Remember the rules."""
        if self._rules is None:
            self._rules = Rulebook(scene.known)

    def restarts(self) -> list[Key]:
        """Return none: days missed change nothing."""
        return []

    def may_rise(self, key: Key) -> bool:
        """Say whether the last bout was not red."""
        return key not in self.red

    def week(self, sessions: Sequence[Session], scene: Scene) -> tuple[Session, ...]:
        """Return the week as it is."""
        return tuple(sessions)

    def day(self, session: Session, scene: Scene) -> Session | None:
        """Return the session without moves that rest; nothing while the screening stops."""
        if not scene.decision.may_start:
            return None
        resting = {key for key, until in self.rest_until.items() if scene.today < until}
        return with_moves(session, (_without(move, resting, self.rules) for move in session.moves))

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Let what hurt too much rest."""
        for key in {(one.exercise, one.side) for one in sets}:
            done = [one for one in sets if (one.exercise, one.side) == key]
            self.red.discard(key)
            if any(is_red(one.pain, one.pain_kind == "sharp", self.rules) for one in done):
                self.red.add(key)
                self.rest_until[key] = today + timedelta(days=rest_days(self.rules) + 1)


class Protective:
    """What of the product protects from pain and from too much at once."""

    name = "protective"
    complete = False

    def __init__(self) -> None:
        self._ledger: Ledger | None = None
        self.allowed: dict[str, Exercise] = {}
        self.started: date | None = None
        self.monday: date | None = None
        self.weeks: list[Counter[str]] = []
        self.budget: dict[date, Counter[str]] = {}
        self.spare: Counter[str] = Counter()
        self.hard_days: dict[str, date] = {}
        self.poor_today = False
        self.gentle = False

    @property
    def ledger(self) -> Ledger:
        """Return what is remembered; exists from the first look on."""
        assert self._ledger is not None
        return self._ledger

    @property
    def rules(self) -> Rulebook:
        """Return the rules."""
        return self.ledger.rules

    def look(self, scene: Scene) -> None:
        """Judge what was done on earlier days."""
        if self._ledger is None:
            rules = Rulebook(scene.known)
            older = scene.person.age > rules.number("missed_sessions", "older_age")
            self._ledger = Ledger(rules, older, self.complete)
            self.allowed = allowed(scene)
            self.started = scene.today - timedelta(days=scene.today.weekday())
            gentle = scene.known.rules["week_plan"].lists["gentle_codes"]
            self.gentle = self.complete and any(code in scene.person.codes for code in gentle)
        self.ledger.judge(scene.state, scene.today)

    def restarts(self) -> list[Key]:
        """Return the moves that were left out for too long."""
        found = sorted(self.ledger.restarts, key=str)
        self.ledger.restarts.clear()
        return found

    def may_rise(self, key: Key) -> bool:
        """Say whether the last bout was green, on no poor day, and nothing is still to be won back."""
        track = self.ledger.tracks.get(key)
        return track is not None and not track.held and track.back == 0

    def caps(self) -> dict[str, int]:
        """Return the most hard sets of each muscle this week (rule ``weekly_volume``)."""
        rules = self.rules
        most, first = rules.whole("weekly_volume", "hard_sets_target"), rules.whole("week_plan", "hard_start")
        rise = 1 + rules.number("weekly_volume", "weekly_rise_max") / 100
        rise = rise if self.ledger.colour == "green" else 1
        found = {}
        for muscle in rules.known.vocabulary.muscles:
            highest = max((week[muscle] for week in self.weeks[-LOOK_BACK:]), default=0)
            found[muscle] = min(most, max(first, floor(highest * rise + 1e-9)))
        return found

    def week(self, sessions: Sequence[Session], scene: Scene) -> tuple[Session, ...]:
        """Return the days to come of the week, hard sets kept within the ramp: the last sets of all moves go first."""
        coming = [self._dosed(one, frozen=False) for one in sessions if one.day >= scene.today]
        caps = self.caps()
        planned = _within(coming, Counter(caps), self.rules)
        used = [hard_sets(one.moves, self.rules) for one in planned]
        self.budget = {one.day: sets for one, sets in zip(planned, used, strict=True)}
        total: Counter[str] = sum(used, Counter())
        self.spare = Counter({muscle: cap - total[muscle] for muscle, cap in caps.items()})
        self.weeks.append(total)
        return tuple(one for one in planned if one.moves)

    def day(self, session: Session, scene: Scene) -> Session | None:
        """Return the session as it may be done now."""
        if not scene.decision.may_start:
            return None
        check_in = next((one.body for one in reversed(scene.state.check_ins) if one.at.date() == scene.today), None)
        if check_in is not None and check_in.unwell:
            return None
        poor = _poor(check_in, scene, self.rules)
        mild = self.rules.number("soreness", "mild")
        sore = self.complete and check_in is not None and (check_in.soreness or 0) > mild
        self.poor_today = poor > 0 or sore
        session = self._dosed(session, frozen=self.poor_today or check_in is None)
        kept = with_moves(session, (move for move in session.moves if not self._too_soon(move, scene.today)))
        if kept is None:
            return None
        room = self.budget.get(scene.today, Counter()) + self.spare
        (session,) = _within([kept], room, self.rules)
        if poor >= self.rules.whole("check_in", "lower_signs"):
            less = self.rules.whole("check_in", "lower_sets")
            moves = [_with_sets(move, max(1, move.sets - less), self.rules) for move in session.moves]
            session = with_moves(session, moves) or session
        return session if session.moves else None

    def told(self, session: Session, sets: Sequence[SetDone], today: date) -> None:
        """Note each bout, the muscles that worked hard, and the hard sets beyond what was set aside for the day."""
        self.ledger.note(session, sets, today, poor=self.poor_today)
        done = {one.exercise for one in sets}
        hard = [move for move in session.moves if move.hard and move.exercise in done]
        used = hard_sets(session.moves, self.rules)
        self.hard_days.update(dict.fromkeys(hard_sets(hard, self.rules), today))
        beyond = used - self.budget.get(today, Counter())
        self.spare -= beyond
        if self.weeks:
            self.weeks[-1] += beyond

    # ------------------------------------------------------------------------------------------------- one session

    def _dosed(self, session: Session, *, frozen: bool) -> Session:
        """Return the session with what rests left out, loads that are not open replaced, doses and effort kept low."""
        resting = {
            key
            for key, track in self.ledger.tracks.items()
            if track.rest_until is not None and session.day < track.rest_until
        }
        found: list[Move] = []
        for move in session.moves:
            opened = self._opened(move, [one.exercise for one in (*session.moves, *found)])
            kept = None if opened is None else _without(opened, resting, self.rules)
            if kept is not None:
                found.append(self._eased(self._lowered(kept, frozen=frozen), session.day))
        return with_moves(session, found) or session.model_copy(update={"moves": (), "minutes": 0})

    def _opened(self, move: Move, taken: Sequence[str]) -> Move | None:
        """Return the move where gate G1 is open or no load is asked; else an easier one without load."""
        exercise = self.rules.known.exercises[move.exercise]
        asks = move.choose_load or any(dose.load_kg is not None or dose.band is not None for dose in move.doses)
        wanted = self.rules.whole("first_weeks", "g1_form_sessions")
        if not asks or self.ledger.ladder_clean(exercise) >= wanted:
            return move
        names = (*ladder(exercise, self.rules)[1:], exercise.no_equipment_variant)
        for name in names:
            other = self.allowed.get(name or "")
            if other is not None and other.id not in taken and load_kind(other) is None and is_strength(other):
                return self._instead(move, other)
        return None

    def _instead(self, move: Move, other: Exercise) -> Move:
        first = next(iter(other.doses.values()))
        hold = None if first.hold_s is None else round(first.hold_s.low)
        doses = tuple(
            Dose(side=side, sets=move.sets, amount=first.amount.low, top=first.amount.high, hold_s=hold)
            for side in both_sides(first.per_side)
        )
        changes = {"exercise": other.id, "counts": first.counts, "doses": doses, "choose_load": False}
        return _timed(move.model_copy(update=changes), self.rules)

    def _lowered(self, move: Move, *, frozen: bool) -> Move:
        """Return the move not above its last bout where it is held, and steps lower where it went back."""
        doses = []
        own = self.rules.known.exercises[move.exercise].doses.values()
        least = min((one.amount.low for one in own if one.counts == move.counts), default=1)
        for dose in move.doses:
            track = self.ledger.tracks.get((move.exercise, dose.side))
            if track is not None and track.base is not None:
                dose = _as_done(dose, track.base)
                for _ in range(track.back):
                    dose = lower(dose, self.rules, timed=move.counts == "seconds", least=least)
            if track is not None and (frozen or track.held):
                dose = _as_done(dose, track.last)
            doses.append(dose)
        choose = move.choose_load and all(dose.load_kg is None and dose.band is None for dose in doses)
        return _timed(move.model_copy(update={"doses": tuple(doses), "choose_load": choose}), self.rules)

    def _eased(self, move: Move, day: date) -> Move:
        """Return the move with the effort of the asked range at most, lower in the first weeks and after weeks away."""
        rules, start = self.rules, self.started
        cap = min(move.rpe[1], rules.wholes("phases", "p3_rpe")[1])
        week = 1 if start is None else days_between(start, day) // WEEK + 1
        if week <= rules.whole("first_weeks", "novice_weeks"):
            cap = min(cap, rules.wholes("first_weeks", "rpe_cap")[1])
        if self.gentle:
            cap = min(cap, rules.whole("week_plan", "gentle_rpe"))
        if self.ledger.easy_until is not None and day < self.ledger.easy_until:
            cap = min(cap, rules.whole("missed_sessions", "easy_rpe"))
        reserve = (10 - cap, max(10 - cap, move.rir[1])) if move.rir is not None else None
        hard = cap > rules.number("weekly_volume", "daily_rpe_max")
        return move.model_copy(update={"rpe": (min(move.rpe[0], cap), cap), "rir": reserve, "hard": hard})

    def _too_soon(self, move: Move, today: date) -> bool:
        gap = ceil(self.rules.number("weekly_volume", "hard_gap") / _HOURS)
        muscles = self.rules.known.exercises[move.exercise].muscles.primary
        days = [self.hard_days[muscle] for muscle in muscles if muscle in self.hard_days]
        return move.hard and any(days_between(day, today) < gap for day in days)


class Complete(Protective):
    """Everything that the independent check asks of our own plan on a day."""

    name = "complete"
    complete = True


# ------------------------------------------------------------------------------------------------------- small parts


def with_moves(session: Session, moves: Iterable[Move | None]) -> Session | None:
    """Return the session with these moves; None without any."""
    kept = tuple(move for move in moves if move is not None)
    minutes = -(-sum(move.seconds for move in kept) // 60)
    return session.model_copy(update={"moves": kept, "minutes": minutes}) if kept else None


def lower(dose: Dose, rules: Rulebook, *, timed: bool = False, least: int = 1) -> Dose:
    """Return a dose one step lower: load, band, repetitions down to ``least``, then sets; the lowest one stays."""
    if dose.load_kg is not None:
        unit = rules.number("progression_order", "load_round")
        less = floor(dose.load_kg * (1 - rules.number("missed_sessions", "back_load") / 100) / unit) * unit
        return dose.model_copy(update={"load_kg": max(unit, less)})
    if dose.band is not None and dose.band > 1:
        return dose.model_copy(update={"band": max(1, dose.band - rules.whole("missed_sessions", "back_band"))})
    step = rules.whole("progression_order", "second_step" if timed else "rep_step")
    if dose.top > least:
        top = max(least, dose.top - step)
        return dose.model_copy(update={"amount": min(dose.amount, top), "top": top})
    if dose.sets > 1:
        return dose.model_copy(update={"sets": dose.sets - rules.whole("missed_sessions", "back_sets")})
    return dose


def _as_done(dose: Dose, last: Told) -> Dose:
    """Return a dose that is not above what was done in a bout."""
    done = max(1, floor(last.amount))
    load = last.load_kg if dose.load_kg is None or last.load_kg is None else min(dose.load_kg, last.load_kg)
    band = last.band if dose.band is None or last.band is None else min(dose.band, last.band)
    changes = {"amount": min(dose.amount, done), "top": min(dose.top, done), "load_kg": load, "band": band}
    return dose.model_copy(update=changes)


def _poor(check_in: CheckIn | None, scene: Scene, rules: Rulebook) -> int:
    return 0 if check_in is None else poor_answers(Done("", scene.now, (), check_in=check_in), rules)


def _without(move: Move, resting: set[Key], rules: Rulebook) -> Move | None:
    """Return the move without the sides that rest; None when nothing is left."""
    kept = tuple(dose for dose in move.doses if (move.exercise, dose.side) not in resting)
    if len(kept) == len(move.doses):
        return move
    return _timed(move.model_copy(update={"doses": kept}), rules) if kept else None


def _with_sets(move: Move, most: int, rules: Rulebook) -> Move:
    doses = tuple(dose.model_copy(update={"sets": min(dose.sets, most)}) for dose in move.doses)
    return _timed(move.model_copy(update={"doses": doses}), rules)


def _timed(move: Move, rules: Rulebook) -> Move:
    exercise = rules.known.exercises[move.exercise]
    seconds = move_seconds(exercise, move.doses, move.counts, move.rest_s, move.tempo, rules)
    return move.model_copy(update={"seconds": seconds})


def _within(sessions: Sequence[Session], room: Mapping[str, int], rules: Rulebook) -> list[Session]:
    """Return the sessions with no more hard sets per muscle than there is room for.

    Sets are dropped from the end: the last set of the last move that has the most sets goes first, so that every day
    keeps something.
    """
    moves = [list(session.moves) for session in sessions]
    total = sum((hard_sets(one, rules) for one in moves), Counter[str]())
    while over := sorted(muscle for muscle, sets in total.items() if sets > max(0, room.get(muscle, 0))):
        places = [
            (move.sets, number, place)
            for number, one in enumerate(moves)
            for place, move in enumerate(one)
            if move.hard and set(over) & set(rules.known.exercises[move.exercise].muscles.primary)
        ]
        sets, number, place = max(places)
        move = moves[number][place]
        total.subtract(dict.fromkeys(rules.known.exercises[move.exercise].muscles.primary, 1))
        if sets > 1:
            moves[number][place] = _with_sets(move, sets - 1, rules)
        else:
            del moves[number][place]
    return [
        with_moves(session, kept) or session.model_copy(update={"moves": (), "minutes": 0})
        for session, kept in zip(sessions, moves, strict=True)
    ]
