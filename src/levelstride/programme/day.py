"""Why it exists: what is done today - the issued week after pain, soreness, readiness, missed days and choices.

The week says which moves come on which day; the dose of each is worked out anew here, from everything logged until
now. A day can only hold or lower what the rules of the week allow, never raise it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.exercises import Exercise
from levelstride.library.selection import needs_nothing
from levelstride.programme.candidates import harder_moves, is_outgrown, is_possible, resting
from levelstride.programme.context import Context, read_context
from levelstride.programme.day_bounds import EASY_KINDS, hurts_today, is_red_today, left_of_ramp
from levelstride.programme.extras import break_walk
from levelstride.programme.history import Done, days_between, is_answered, merged
from levelstride.programme.levels import library_dose
from levelstride.programme.model import Move, Programme, Session, WalkPart, Why
from levelstride.programme.moves import Ask, make_move, scaled, unique
from levelstride.programme.outlook import find_event
from levelstride.programme.pain import Colour
from levelstride.programme.progression import poor_answers
from levelstride.programme.versions import minimum_version, minutes_of
from levelstride.screening.decision import Permit
from levelstride.screening.findings import Finding


@dataclass(frozen=True)
class Day:
    """One day.

    Attributes
    ----------
    sessions : tuple of Session
        What may be done today, in order; without those that are done.
    minimum : dict
        For each session its version of three to five minutes.
    asks : tuple of str
        What must be asked before the first session: ``check_in``, ``next_morning``.
    next_day : date or None
        Where nothing is planned today, the day of the next session of this week.
    """

    day: date
    sessions: tuple[Session, ...]
    minimum: dict[str, tuple[Move, ...]]
    notices: tuple[Why, ...]
    asks: tuple[str, ...]
    colour: Colour
    next_day: date | None = None


def day_plan(
    permit: Permit,
    programme: Programme,
    state: State,
    known: Knowledge,
    now: datetime,
    *,
    findings: tuple[Finding, ...] = (),
) -> Day:
    """Return what may be done on the day of ``now`` (aware, in the person's zone)."""
    context = read_context(permit, state, findings, known, now, starts_on=programme.starts_on)
    return plan_day(context, programme)


def plan_day(context: Context, programme: Programme) -> Day:
    """Return the day from what was read."""
    today, pain = context.today, context.pain
    done = _done(context, programme)
    due = [one for one in programme.sessions if day_of(context, one) == today and one.id not in done]
    notices = [*pain.stop, *pain.unwell, *pain.refer, *pain.why, *context.choices.notices]
    coming = [day_of(context, one) for one in programme.sessions if one.id not in done and not one.optional]
    next_day = min((day for day in coming if day > today), default=None)
    # a fall or the like: nothing before a clinician has agreed
    waits = any(why.rule == "stop_signs" for why in pain.refer)
    if pain.stop or pain.unwell or waits or pain.colour == "black":
        return Day(today, (), {}, unique(notices), (), pain.colour, next_day)
    due += _caught_up(context, programme, due, done)
    adjust = _Adjust(context, programme)
    sessions: list[Session] = []
    for session in due:
        made = adjust.session(session)
        notices += adjust.notices
        if made is not None:
            sessions.append(made)
    minimum = {one.id: minimum_version(context, one.moves) for one in sessions if one.moves}
    return Day(today, tuple(sessions), minimum, unique(notices), _asks(context), pain.colour, next_day)


def day_of(context: Context, session: Session) -> date:
    """Return the day of a session, after the person moved it."""
    return context.choices.moved_to(session.id) or session.day


def _done(context: Context, programme: Programme) -> set[str]:
    """Return the sessions that were ended; a walk is done when one was logged on its day."""
    found = {one.body.session for one in context.state.sessions if one.body.event == "ended" and one.at <= context.now}
    walked = {one.at.date() for one in context.history.walks}
    return found | {one.id for one in programme.sessions if one.kind == "walk" and day_of(context, one) in walked}


def _asks(context: Context) -> tuple[str, ...]:
    found = []
    told = [one.body for one in context.history.check_ins if one.at.date() == context.today]
    if not is_answered(merged(told)):
        found.append("check_in")
    active = [one.day for one in context.history.sessions] + [one.at.date() for one in context.history.walks]
    earlier = max((day for day in active if day < context.today), default=None)
    mornings = [one.at.date() for one in context.history.pain if one.body.when == "next_morning"]
    if earlier is not None and not any(day > earlier for day in mornings):
        found.append("next_morning")
    return tuple(found)


def _caught_up(context: Context, programme: Programme, due: Sequence[Session], done: set[str]) -> list[Session]:
    """Return the last session missed this week, where today is free and rest allows it (rule ``missed_sessions``)."""
    if any(one.moves and not one.optional for one in due):
        return []
    missed = [
        one
        for one in programme.sessions
        if one.kind in ("standalone", "walk_event", "tests")
        and one.id not in done
        and day_of(context, one) < context.today
        and one.id not in context.choices.skipped
    ]
    if not missed:
        return []
    session = missed[-1]
    coming = [day_of(context, one) for one in programme.sessions if one.hard and day_of(context, one) > context.today]
    if session.hard and any(days_between(context.today, day) < 2 for day in coming):
        return []
    return [session]


class _Adjust:
    """The changes of one day."""

    def __init__(self, context: Context, programme: Programme) -> None:
        self.context, self.programme = context, programme
        self.notices: list[Why] = []
        rules = context.rules
        check_ins = [one for one in context.history.check_ins if one.at.date() == context.today]
        self.poor, self.check_entry, answered = 0, "", False
        if check_ins:
            last, told = check_ins[-1], merged(one.body for one in check_ins)
            self.poor = poor_answers(Done("", last.at, (), check_in=told), rules)
            self.check_entry, answered = last.id, is_answered(told)
        sore = context.pain.soreness.action != "none"
        self.frozen = self.poor > 0 or not answered or sore or hurts_today(context)
        self.red = is_red_today(context)
        self.hard_today: set[str] = set()
        self.extra = False
        self.left = left_of_ramp(context, programme)
        flare = context.pain.flare
        self.half = flare is not None and flare.part == "first"

    def session(self, session: Session) -> Session | None:
        """Return the session as it may be done today; None when it may not."""
        self.notices, self.extra = [], session.extra
        context, rules, choices = self.context, self.context.rules, self.context.choices
        skipped = choices.skipped.get(session.id)
        if skipped is not None:
            self.notices.append(rules.why("own_choices", "skipped", skipped.entry))
            return None
        if session.id in choices.moved and session.hard and self._too_close(session):
            self.notices.append(rules.why("own_choices", "too_close", choices.moved[session.id].entry))
            return None
        if any(why.rule == "twice_daily" for why in session.why) and context.pain.colour != "green":
            self.notices.append(rules.why("twice_daily", "not_green"))
            return None
        if session.kind == "pre_run" and (context.traits.impact_closed or self.red):
            self.notices.extend(context.pain.why if self.red else (rules.why("session_shape", "no_run"),))
            return None
        if session.kind == "desk_break":
            session = self._walk_only(session)
        sore = context.pain.soreness
        if sore.rest_until is not None and context.today < sore.rest_until and session.hard:
            self.notices.extend(sore.why)
            return None
        event, (quiet_from, quiet_to) = find_event(context, self.programme.starts_on)
        if session.hard and event and quiet_from and quiet_to and quiet_from <= context.today <= quiet_to:
            self.notices.extend(event.why)
            session = _without_hard(session)
        if session.hard and self.red:
            self.notices.extend(context.pain.why)
            session = _without_hard(session)
        elif session.hard and self._too_close(session):
            self.notices.append(rules.why("weekly_volume", "gap_short"))
            session = _without_hard(session)
        moves = self._within_ramp(self._moves(session.moves))
        moves = self._framed(self._in_time(moves, session))
        walk = None if session.walk is None else self._walk(session.walk)
        if not moves and walk is None and not session.tests:
            return None
        self.hard_today |= self._hard_muscles(moves)
        why = list(session.why)
        if session.id in choices.moved:
            why.append(rules.why("own_choices", "moved", choices.moved[session.id].entry))
        return session.model_copy(
            update={
                "day": context.today,
                "moves": moves,
                "walk": walk,
                "short": self._within_ramp(self._moves(session.short)),
                "bare": self._within_ramp(self._moves(session.bare, bare=True)),
                "minutes": minutes_of(moves) if moves else session.minutes,
                "why": unique(why),
            }
        )

    def _walk_only(self, session: Session) -> Session:
        """Return a break from sitting as nothing but a walk while pain is above green (rule ``sitting_breaks``)."""
        pain = self.context.pain
        if not session.moves or pain.colour not in ("amber", "red") or not pain.why:
            return session
        why = (*session.why, self.context.rules.why("sitting_breaks", "pain"))
        changes = {"moves": (), "minutes": 0, "walk": break_walk(self.context), "why": unique(why)}
        return session.model_copy(update=changes)

    def _framed(self, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        """Return the moves without hops when warm-up or wind-down is missing (R156)."""
        exercises = self.context.known.exercises
        hops = [one for one in moves if exercises[one.exercise].kind == "plyometric"]
        if not hops or {"prep", "cool_down"} <= {one.block for one in moves}:
            return moves
        self.notices.append(self.context.rules.why("plyometric_gate", "no_frame"))
        return tuple(one for one in moves if one not in hops)

    def _within_ramp(self, moves: tuple[Move, ...]) -> tuple[Move, ...]:
        """Return the moves with no more hard sets than are left, where the week was planned anew half-way."""
        if self.left is None:
            return moves
        exercises, rules = self.context.known.exercises, self.context.rules
        left, kept = dict(self.left), []
        for move in moves:
            exercise = exercises[move.exercise]
            muscles = exercise.muscles.primary if move.hard else ()
            allowed = min((left[muscle] for muscle in muscles), default=move.sets)
            if allowed >= 1:
                kept.append(scaled(move, min(allowed, move.sets), exercise, rules))
                left.update({muscle: left[muscle] - kept[-1].sets for muscle in muscles})
        if sum(one.sets for one in kept) < sum(one.sets for one in moves):
            self.notices.append(rules.why("weekly_volume", "too_fast"))
        return tuple(kept)

    def _walk(self, walk: WalkPart) -> WalkPart | None:
        """Return the walk as it may be done: none while red rests, easy and without practice while amber."""
        pain, rules = self.context.pain, self.context.rules
        if pain.walk.rest_until is not None and self.context.today < pain.walk.rest_until:
            self.notices.extend(pain.walk.why)
            return None
        why = list(walk.why)
        if self.half and pain.flare is not None:
            half = rules.number("flare_up", "first_dose") / 100
            why += [*pain.flare.why, rules.why("flare_up", "start")]
            walk = walk.model_copy(update={"minutes": max(1, int(walk.minutes * half))})
        if self.half or pain.walk.colour != "green":
            if walk.drill is not None or walk.effort != "easy":
                why.append(rules.why("gait_practice", "pain"))
            walk = walk.model_copy(
                update={"effort": "easy", "drill": None, "drill_minutes": 0, "practice": None, "cue": None}
            )
        return walk.model_copy(update={"why": unique(why)})

    def _too_close(self, session: Session) -> bool:
        """Say whether hard work for the same muscles was done less than two days ago."""
        context = self.context
        exercises = context.known.exercises
        muscles = self._hard_muscles((*session.moves, *session.short, *session.bare))
        if muscles & self.hard_today:
            return True
        daily = context.rules.number("weekly_volume", "daily_rpe_max")
        for done in context.history.since(context.today - timedelta(days=1)):
            if done.session == session.id and done.day == context.today:
                continue
            for bout in done.bouts:
                exercise = exercises.get(bout.exercise)
                if exercise is None or not muscles & set(exercise.muscles.primary):
                    continue
                hard = bout.rpe > daily if bout.rpe is not None else exercise.kind not in EASY_KINDS
                if hard:
                    return True
        return False

    def _hard_muscles(self, moves: Iterable[Move]) -> set[str]:
        exercises = self.context.known.exercises
        return {m for move in moves if move.hard for m in exercises[move.exercise].muscles.primary}

    def _moves(self, moves: Iterable[Move], *, bare: bool = False) -> tuple[Move, ...]:
        found: list[Move] = []
        for move in moves:
            made = self._move(move, bare=bare)
            if made is not None and all(one.exercise != made.exercise for one in found):
                found.append(made)
        return tuple(found)

    def _move(self, move: Move, *, bare: bool) -> Move | None:
        context, rules = self.context, self.context.rules
        exercise = context.known.exercises[move.exercise]
        reasons = list(move.why)
        other = self._instead(exercise, reasons, bare=bare)
        if other is None:
            return None
        phase = self.programme.phase
        gentle = move.block in ("prep", "mobility", "cool_down") or (move.block == "activation" and phase != "P1")
        sets = move.sets
        if self.poor >= rules.whole("check_in", "lower_signs"):
            sets = max(1, sets - rules.whole("check_in", "lower_sets"))
            reasons.append(rules.why("check_in", "two_poor", self.check_entry))
        elif self.poor:
            reasons.append(rules.why("check_in", "one_poor", self.check_entry))
        if self.half:
            sets = max(1, sets // 2)
            if context.pain.flare is not None:
                reasons.extend(context.pain.flare.why)
        gentle = gentle or self.extra or library_dose(other, phase) is None
        made = make_move(
            context,
            other,
            Ask(
                move.block,
                phase,
                sets=sets,
                gentle=gentle,
                bare=bare,
                frozen=self.frozen,
                rpe_most=min(move.rpe[1], rules.whole("weekly_volume", "daily_rpe_max")) if self.half else move.rpe[1],
                why=unique(reasons),
            ),
        )
        if made is None:
            return None
        if self.half and move.sets <= 1:
            made = _halved(made, max(dose.amount for dose in move.doses))
        if exercise.kind == "plyometric":
            return self._hops(move, made)
        return scaled(made, made.sets, other, rules)

    def _hops(self, planned: Move, made: Move) -> Move | None:
        """Return hops as planned or not at all: any pain above the gate's, or a poor day, closes them."""
        most = self.context.rules.number("plyometric_gate", "pain_max")
        last = self.context.history.sessions[-1] if self.context.history.sessions else None
        if self.frozen or (last is not None and (last.pain is None or last.pain > most)):
            return None
        return made.model_copy(update={"doses": planned.doses})

    def _instead(self, exercise: Exercise, reasons: list[Why], *, bare: bool) -> Exercise | None:
        """Return the exercise itself or what takes its place today; None when nothing may."""
        context, rules, choices = self.context, self.context.rules, self.context.choices
        swap = choices.swaps.get(exercise.id)
        if swap is not None:
            wanted = context.known.exercises[str(swap.value)]
            if self._may_stand_in(exercise, wanted, bare=bare):
                reasons.append(rules.why("own_choices", "swapped", swap.entry))
                return wanted
            if not bare:
                self.notices.append(rules.why("own_choices", "not_safe", swap.entry))
        if exercise.id in choices.skipped:
            self.notices.append(rules.why("own_choices", "skipped", choices.skipped[exercise.id].entry))
            return None
        if exercise.id in choices.forbidden:
            self.notices.append(rules.why("own_choices", "forbidden", choices.forbidden[exercise.id].entry))
            return None
        if resting(context, exercise.id):
            for (name, _), colour in sorted(context.pain.moves.items(), key=str):
                if name == exercise.id:
                    self.notices.extend(colour.why)
            return None
        lacking = [thing for thing in choices.without if any(thing in needs for needs in exercise.equipment.needs)]
        if not context.traits.has(exercise, context.known, context.without):
            other = self._variant(exercise)
            if lacking:
                entry = choices.without[lacking[0]].entry
                reasons.append(rules.why("own_choices", "without", entry))
            return other
        return self._climbed(exercise, reasons, bare=bare) if is_possible(context, exercise) else None

    def _climbed(self, exercise: Exercise, reasons: list[Why], *, bare: bool) -> Exercise:
        """Return the next rung for the same muscles when a move has nothing left to give, within the week."""
        context, phase = self.context, self.programme.phase
        if self.frozen or self.extra or self.programme.easy_week or phase in ("P0", "P1"):
            return exercise
        seen = {exercise.id}
        while True:
            dose = library_dose(exercise, phase)
            if dose is None or not is_outgrown(context, exercise, context.frame(exercise, dose)):
                return exercise
            fitting = [
                one
                for name in harder_moves(context, exercise, phase)
                if (one := context.known.exercises[name]).id not in seen
                and self._is_next(exercise, one)
                and (not bare or needs_nothing(one, context.known))
            ]
            if not fitting:
                return exercise
            exercise = min(fitting, key=lambda one: (one.difficulty, one.id))
            seen.add(exercise.id)
            reasons.append(context.rules.why("week_plan", "next_rung"))

    def _is_next(self, exercise: Exercise, other: Exercise) -> bool:
        """Say whether a harder move may stand in today: same muscles, same sides, and a load only after gate G1."""
        context = self.context
        loaded = context.frame(other, next(iter(other.doses.values()))).needs_load is not None
        alike = set(other.muscles.primary) <= set(exercise.muscles.primary)
        one_leg = other.laterality == "unilateral" or exercise.laterality != "unilateral"
        return alike and one_leg and self._fits(other) and (not loaded or context.load_open(other))

    def _variant(self, exercise: Exercise) -> Exercise | None:
        seen = {exercise.id}
        while exercise.no_equipment_variant is not None and exercise.no_equipment_variant not in seen:
            exercise = self.context.known.exercises[exercise.no_equipment_variant]
            seen.add(exercise.id)
            if self._fits(exercise):
                return exercise
        return None

    def _may_stand_in(self, exercise: Exercise, wanted: Exercise, *, bare: bool) -> bool:
        """Say whether a wished move is safe today: of this phase, hardly harder, a weight only after gate G1."""
        context = self.context
        loaded = context.frame(wanted, next(iter(wanted.doses.values()))).needs_load is not None
        g1 = context.rules.whole("first_weeks", "g1_form_sessions")
        return (
            self._fits(wanted)
            and wanted.difficulty <= exercise.difficulty + 1
            and library_dose(wanted, self.programme.phase) is not None
            and (not loaded or context.load_open(wanted) or context.clean_sessions(wanted.id) >= g1)
            and (not bare or needs_nothing(wanted, context.known))
        )

    def _fits(self, exercise: Exercise) -> bool:
        allowed = exercise.kind != "plyometric" or self.programme.phase == "P5"
        return allowed and is_possible(self.context, exercise) and not resting(self.context, exercise.id)

    def _in_time(self, moves: tuple[Move, ...], session: Session) -> tuple[Move, ...]:
        """Return the moves that fit into what was planned; the last ones before winding down go first."""
        budget = max(session.minutes, self.context.traits.minutes) * 60
        kept = list(moves)
        for block in ("mobility", "activation", "strength"):
            while sum(one.seconds for one in kept) > budget and any(one.block == block for one in kept):
                if block == "strength" and sum(one.block == "strength" for one in kept) == 1:
                    break
                kept.remove([one for one in kept if one.block == block][-1])
        if len(kept) < len(moves):
            self.notices.append(self.context.rules.why("week_plan", "over_time"))
        return tuple(kept)


def _without_hard(session: Session) -> Session:
    easy = {name: tuple(one for one in getattr(session, name) if not one.hard) for name in ("moves", "short", "bare")}
    return session.model_copy(update=easy)


def _halved(move: Move, planned: int) -> Move:
    """Return the move with half of what the week planned, or what is allowed today where that is less."""
    half = max(1, planned // 2)
    doses = tuple(
        dose.model_copy(update={"amount": min(half, dose.amount), "top": min(half, dose.amount)}) for dose in move.doses
    )
    return move.model_copy(update={"doses": doses})
