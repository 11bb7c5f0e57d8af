"""Why it exists: solves the open week - phase, days, moves, walks, tests - and says why for each part of it.

Only the open week is ever solved. What was issued stands in the journal and is read, never solved again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from levelstride import __version__
from levelstride.journal.bodies import Issued
from levelstride.journal.state import State
from levelstride.library.knowledge import Knowledge
from levelstride.programme.blocks import BLOCKS, Around, find_around, shortened
from levelstride.programme.candidates import Candidate, clashes, effort_fit, find_candidates
from levelstride.programme.conflicts import find_relaxations
from levelstride.programme.context import Context, end_of_week, programmes, read_context
from levelstride.programme.days import spread_days
from levelstride.programme.extras import with_extras
from levelstride.programme.history import days_between, told
from levelstride.programme.hops import hop_seconds, with_hops
from levelstride.programme.model import (
    WEEK,
    Move,
    PhaseName,
    Programme,
    Relaxation,
    Session,
    Why,
)
from levelstride.programme.moves import unique
from levelstride.programme.outlook import Pace, find_breaks, find_pace
from levelstride.programme.phases import find_phase
from levelstride.programme.retests import plateaus, retests
from levelstride.programme.versions import bare_version, minutes_of, short_version, within_caps
from levelstride.programme.volume import aims, caps
from levelstride.programme.walks import with_walks
from levelstride.programme.week import SEED, Filled, Problem, Weights, fill_week
from levelstride.screening.decision import Permit
from levelstride.screening.findings import Finding
from levelstride.screening.writing import offers_for

PLANNER = "1"
_HARD_PHASES: tuple[PhaseName, ...] = ("P2", "P3", "P4", "P5", "maintenance")


def open_week(state: State, today: date) -> Programme | None:
    """Return the issued programme that covers a day; None when the week is open."""
    covering = [one for one in programmes(state) if one.starts_on <= today < one.starts_on + timedelta(days=WEEK)]
    return covering[-1] if covering else None


def next_start(state: State, today: date) -> date:
    """Return the first day of the open week: right after the last one, or today after a break."""
    earlier = [one.starts_on for one in programmes(state) if one.starts_on <= today]
    if not earlier:
        return today
    weeks = days_between(earlier[-1], today) // WEEK
    return earlier[-1] + timedelta(days=WEEK * weeks)


def plan(
    permit: Permit,
    state: State,
    findings: tuple[Finding, ...],
    known: Knowledge,
    now: datetime,
    *,
    starts_on: date | None = None,
) -> Programme:
    """Return the programme of the open week.

    Parameters
    ----------
    permit
        Shows that nothing stops the person today.
    now
        Aware moment in the person's own time zone.
    starts_on
        First day of the week; without it that of :func:`next_start`.
    """
    first = starts_on or next_start(state, now.date())
    context = read_context(
        permit, state, findings, known, now, starts_on=first, choices_at=max(now, end_of_week(first, now))
    )
    return plan_week(context, first)


def issue(programme: Programme) -> Issued:
    """Return the journal entry that keeps a programme as it was issued."""
    return Issued(
        programme=programme.id,
        planner_version=programme.planner_version,
        library_version=programme.library_version,
        input_hash=programme.input_hash,
        seed=programme.seed,
        starts_on=programme.starts_on,
        content=programme.content(),
    )


def plan_week(context: Context, starts_on: date) -> Programme:
    """Return the programme of the seven days from ``starts_on``."""
    rules = context.rules
    pace = find_pace(context, starts_on)
    quiet = pace.event is not None and pace.event.part in ("taper", "event_week", "recover")
    view = find_phase(context.past, context.last, starts_on, hold=quiet and context.last is not None)
    tests = retests(
        context.state,
        context.known,
        rules,
        started_on=context.before[0].starts_on if context.before else starts_on,
        starts_on=starts_on,
    )
    easy = pace.easy or (context.pain.flare is not None and context.pain.flare.part == "first")
    filled = Filled((), True, 0.0, (), 0)
    relaxed: list[Relaxation] = []
    notices: list[Why] = []
    if view.phase == "P0":
        sessions = _first_look(context, starts_on)
    else:
        sessions, filled, relaxed, notices = _training(context, view.phase, starts_on, pace, easy=easy)
    sessions, walk_notices = with_walks(context, view.phase, starts_on, sessions, pace, easy=easy)
    breaks = find_breaks(context)
    sessions, extra_notices = with_extras(context, view.phase, starts_on, sessions, pace, breaks)
    hash_ = input_hash(context, starts_on)
    stuck = plateaus(
        context.state,
        context.known,
        rules,
        programmes=context.before,
        pain_green=context.pain.colour == "green",
        effort=_effort(context),
    )
    return Programme(
        id=f"{starts_on.isoformat()}-{hash_[:8]}",
        starts_on=starts_on,
        week=context.week_of(starts_on) if context.before else 1,
        phase=view.phase,
        phase_since=view.since,
        easy_week=easy,
        sessions=tuple(sorted(sessions, key=_order)),
        stages=view.stages,
        retests=tests,
        breaks=breaks,
        event=pace.event,
        relaxed=tuple(relaxed),
        notices=unique(
            (
                *((view.why,) if view.why.case != "stay" else ()),
                *view.notices,
                *pace.why,
                *pace.notices,
                *context.choices.notices,
                *context.pain.refer,
                *notices,
                *walk_notices,
                *extra_notices,
                *(one.why for one in stuck),
            )
        ),
        optimal=filled.optimal,
        gap=filled.gap,
        planner_version=PLANNER,
        library_version=__version__,
        input_hash=hash_,
        seed=SEED,
    )


def _order(session: Session) -> tuple[date, int, str]:
    """Return where a session stands in the week: the warm-ups of a walk right before it, other extras last."""
    place = {"pre_walk": 0, "walk": 3}.get(session.kind, 1)
    if session.extra:
        place = 2 if session.before_walk else 5 if session.kind == "desk_break" else 4
    return session.day, place, session.id


def _effort(context: Context) -> float | None:
    found = [one.rpe for one in context.history.sessions[-4:] if one.rpe is not None]
    return sum(found) / len(found) if found else None


def input_hash(context: Context, starts_on: date) -> str:
    """Return a fingerprint of everything the week was decided from."""
    state, digest = context.state, hashlib.sha256()
    logged = (one.id for group in told(state) for one in group)
    answers = (given.id for key in sorted(state.answers, key=str) for given in state.answers[key])
    facts = (state.profile[name].id for name in sorted(state.profile))
    before = (f"{one.starts_on}{one.input_hash}" for one in context.before)
    for part in (*logged, *answers, *facts, *before, starts_on.isoformat(), PLANNER, __version__):
        digest.update(part.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _first_look(context: Context, starts_on: date) -> list[Session]:
    """Return the test sessions of phase P0: on two days, because the baseline is more than one day."""
    count = context.rules.wholes("phases", "p0_sessions")[1]
    days = spread_days(starts_on, count, context.traits.weekdays, ())
    offers = offers_for(context.state, context.known, starts_on)
    tests = tuple(offer.test.id for offer in offers if offer.left_out is None)
    why = (context.rules.why("retest", "week_4_6"),)
    return [
        Session(
            id=f"{day.isoformat()}-tests", day=day, kind="tests", minutes=context.traits.minutes, tests=tests, why=why
        )
        for day in (starts_on + timedelta(days=number) for number in days)
    ]


def sessions_wanted(context: Context, phase: PhaseName) -> tuple[int, int]:
    """Return how many sessions the week should have: the person's wish within the phase's limits, and the least."""
    low, high = context.rules.wholes("phases", "p4_sessions" if phase == "P5" else f"{phase.lower()}_sessions")
    if phase in _HARD_PHASES:
        high = min(high, context.rules.whole("week_plan", "strength_most"))
    return max(1, min(context.traits.days, high)), low


def _busy(context: Context, starts_on: date) -> dict[int, set[str]]:
    """Return the muscles that worked hard on the days right before the week, by day number (negative)."""
    daily = context.rules.number("weekly_volume", "daily_rpe_max")
    found: dict[int, set[str]] = {}
    for session in context.history.since(starts_on - timedelta(days=2)):
        for bout in session.bouts:
            exercise = context.known.exercises.get(bout.exercise)
            hard = (bout.rpe if bout.rpe is not None else daily + 1) > daily
            if exercise is not None and hard and session.day < starts_on:
                found.setdefault(days_between(starts_on, session.day), set()).update(exercise.muscles.primary)
    if context.last is not None:
        for planned in context.last.sessions:
            number = days_between(starts_on, planned.day)
            if planned.hard and context.today <= planned.day and -2 <= number < 0:
                muscles = {
                    m
                    for move in planned.moves
                    if move.hard
                    for m in context.known.exercises[move.exercise].muscles.primary
                }
                found.setdefault(number, set()).update(muscles)
    return found


def _training(
    context: Context, phase: PhaseName, starts_on: date, pace: Pace, *, easy: bool
) -> tuple[list[Session], Filled, list[Relaxation], list[Why]]:
    rules, traits = context.rules, context.traits
    wanted, least = sessions_wanted(context, phase)
    busy = _busy(context, starts_on)
    habits = (
        {one.day.weekday() for one in context.last.sessions if one.moves and not one.optional}
        if context.last
        else set()
    )
    days = spread_days(starts_on, wanted, traits.weekdays, habits, tuple(busy) if phase != "P1" else ())
    dates = [starts_on + timedelta(days=number) for number in days]
    if pace.rest_from is not None and pace.rest_to is not None and phase != "P1":
        dates = [day for day in dates if not pace.rest_from <= day <= pace.rest_to]
    hops = phase == "P5"
    week = Week(context, phase, dates, busy, starts_on, easy=easy, hops=hops)
    filled = week.fill()
    relaxed: list[Relaxation] = []
    notices: list[Why] = []
    if phase in _HARD_PHASES and traits.days > wanted and phase != "maintenance":
        notices.append(rules.why("week_plan", "rest_between"))
    if filled.too_few or len(dates) < least:
        relaxed = find_relaxations(week, filled, least)
        notices.append(rules.why("week_plan", "days_short" if not filled.too_few else "moves_short"))
    if filled.missing_planes and phase != "P1":
        notices.append(rules.why("week_plan", "plane_short"))
    chosen = {name for moves in filled.sessions for name, _ in moves}
    for name, pin in sorted(context.choices.pinned.items()):
        if name not in chosen:
            notices.append(rules.why("week_plan", "pinned_short", pin.entry))
    for _, swap in sorted(context.choices.swaps.items()):
        if str(swap.value) not in chosen:
            notices.append(rules.why("own_choices", "not_safe", swap.entry))
    made = within_caps(week.sessions(filled), caps(context, phase, easy=easy), rules)
    return made, filled, relaxed, notices


class Week:
    """One week to fill, with the means to try it again under other wishes."""

    def __init__(
        self,
        context: Context,
        phase: PhaseName,
        dates: Sequence[date],
        busy: dict[int, set[str]],
        starts_on: date,
        *,
        easy: bool,
        hops: bool = False,
    ) -> None:
        self.context, self.phase, self.dates, self.busy, self.starts_on = context, phase, dates, busy, starts_on
        self.easy, self.hops = easy, hops
        rules = context.rules
        self.candidates: tuple[Candidate, ...] = find_candidates(context, phase, easy=easy, rpe_most=None)
        self.by_name = {one.exercise.id: one for one in self.candidates}
        low, high = rules.wholes("phases", "p4_moves" if phase in ("P5", "maintenance") else f"{phase.lower()}_moves")
        minutes = context.traits.minutes
        cheapest = sorted(one.move.seconds for one in self.candidates)
        around = find_around(context, phase, minutes, framed=hops)
        needed = sum(cheapest[:low])
        self.around: Around = shortened(around, minutes * 60, needed, framed=hops)
        extra = len(self.around.activation)
        self.moves = (low, max(low, high - extra - hops))

    def with_traits(self, **changes: object) -> "Week":
        """Return the same week under other wishes."""
        traits = replace(self.context.traits, **changes)  # type: ignore[arg-type]
        context = replace(self.context, traits=traits, _standings={})
        return Week(context, self.phase, self.dates, self.busy, self.starts_on, easy=self.easy, hops=self.hops)

    def without_skips(self) -> "Week":
        """Return the same week as if the person had left nothing out."""
        context = replace(self.context, choices=replace(self.context.choices, skipped={}))
        return Week(context, self.phase, self.dates, self.busy, self.starts_on, easy=self.easy, hops=self.hops)

    def kinds(self) -> tuple[int, ...]:
        """Return how often each kind of session (A, B) comes."""
        count = len(self.dates)
        return (count,) if count <= 1 else ((count + 1) // 2, count // 2)

    def kind_of(self, place: int) -> int:
        """Return the kind of the session at a place in the week."""
        return place % len(self.kinds())

    def problem(self) -> Problem:
        """Return the week as the solver sees it."""
        context, phase = self.context, self.phase
        rules, lists = context.rules, context.known.rules["week_plan"].lists
        most = caps(context, phase, easy=self.easy)
        near = clashes(self.candidates)
        budget = context.traits.minutes * 60 - self.around.seconds - (hop_seconds(context) if self.hops else 0)
        weights = Weights(
            plane=rules.whole("week_plan", "weight_plane"),
            muscle=rules.whole("week_plan", "weight_muscle"),
            pattern=rules.whole("week_plan", "weight_pattern"),
            set=rules.whole("week_plan", "weight_set"),
            finding=rules.whole("week_plan", "weight_finding"),
            gate=rules.whole("week_plan", "weight_gate"),
            fill=rules.whole("week_plan", "weight_fill"),
            overdone=rules.wholes("week_plan", "weight_overdone")[phase in _HARD_PHASES],
        )
        hard = phase in _HARD_PHASES
        main = set(lists["main_muscles"])
        return Problem(
            options=tuple(
                one.option(near[one.exercise.id], aside=not main & set(one.exercise.muscles.primary))
                for one in self.candidates
            ),
            repeats=tuple(count for count in self.kinds() if count),
            seconds=(max(0, budget),) * len([count for count in self.kinds() if count]),
            moves=self.moves,
            caps=tuple(sorted(most.items())) if hard else (),
            aims=tuple(sorted(aims(context, phase, most).items())),
            one_leg_least=rules.whole("phases", "p3_unilateral_min") if phase in ("P3", "P4", "P5") else 0,
            planes=tuple(context.known.rules["weekly_volume"].lists["required_planes"]),
            muscles=tuple(lists["first_muscles"] if phase == "P1" else lists["wanted_muscles"]),
            patterns=("squat", "hinge") if hard else (),
            groups=tuple(
                tuple(sorted(set(one.family.first_block) & set(self.by_name))) for one in context.traits.pointed
            ),
            gate=self._gate(),
            side_moves=rules.whole("week_plan", "side_moves"),
            pattern_most=rules.whole("week_plan", "pattern_most"),
            close=self._close(),
            blocked=self._blocked(),
            weights=weights,
        )

    def _gate(self) -> tuple[str, ...]:
        """Return the move that leads to the next phase: the first of the list that may be chosen and still teaches."""
        lists = self.context.known.rules["week_plan"].lists
        names = [name for name in lists.get(f"gate_moves_{self.phase.lower()}", ()) if name in self.by_name]
        return tuple(
            name
            for name in names
            if self.phase == "P1" or effort_fit(self.context, self.by_name[name].exercise, self.phase) >= 0
        )[:1]

    def _close(self) -> tuple[tuple[int, int], ...]:
        pairs = set()
        for place, (one, two) in enumerate(zip(self.dates, self.dates[1:], strict=False)):
            if days_between(one, two) < 2:
                pairs.add((self.kind_of(place), self.kind_of(place + 1)))
        return tuple(sorted({(min(pair), max(pair)) for pair in pairs}))

    def _blocked(self) -> tuple[tuple[str, int], ...]:
        found: set[tuple[str, int]] = set()
        for place, day in enumerate(self.dates):
            for number, muscles in self.busy.items():
                if days_between(self.starts_on, day) - number < 2:
                    found.update((muscle, self.kind_of(place)) for muscle in muscles)
        return tuple(sorted(found))

    def fill(self) -> Filled:
        """Solve it."""
        return fill_week(self.problem())

    def sessions(self, filled: Filled) -> list[Session]:
        """Return the sessions with everything around the chosen moves."""
        found = []
        around = self._around_of(filled)
        for place, day in enumerate(self.dates):
            names = filled.sessions[self.kind_of(place)]
            main, ramped = self._ramped(self._main(names), day)
            if self.hops:
                main = with_hops(self.context, main, place)
            if not main:
                continue
            moves = (*around.prep, *around.activation, *main, *around.mobility, *around.cool_down)
            found.append(
                Session(
                    id=f"{day.isoformat()}-standalone",
                    day=day,
                    kind="standalone",
                    minutes=minutes_of(moves),
                    moves=moves,
                    short=short_version(self.context, moves, self.phase),
                    bare=bare_version(self.context, moves, self.phase),
                    why=ramped,
                )
            )
        return found

    def _ramped(self, main: tuple[Move, ...], day: date) -> tuple[tuple[Move, ...], tuple[Why, ...]]:
        """Return fewer moves in the first days, one more each day, where the person chose that (R055)."""
        chosen = self.context.choices.options.get("ramp")
        rules = self.context.rules
        days = days_between(self.context.before[0].starts_on if self.context.before else self.starts_on, day)
        if chosen is None or chosen.value is not True or days >= rules.wholes("onboarding_ramp", "max_days")[1]:
            return main, ()
        hurts = self.context.traits.hurts
        every = rules.wholes("onboarding_ramp", "pain_interval")[1] if hurts else 1
        count = rules.whole("onboarding_ramp", "add") * (1 + days // every)
        if count >= len(main):
            return main, ()
        return main[:count], (rules.why("onboarding_ramp", "pain_user" if hurts else "daily", chosen.entry),)

    def _around_of(self, filled: Filled) -> Around:
        """Return the easy parts without the main moves of the week, no longer than what was set aside for them."""
        chosen = {name for moves in filled.sessions for name, _ in moves}
        found = find_around(self.context, self.phase, self.context.traits.minutes, framed=self.hops, without=chosen)
        kept = {name: getattr(found, name)[: len(getattr(self.around, name))] for name in BLOCKS}
        return shortened(Around(**kept), self.around.seconds, 0, framed=self.hops)

    def _main(self, names: Sequence[tuple[str, int]]) -> tuple[Move, ...]:
        """Return the chosen moves: what a finding asks for first, then one-leg work while fresh, then the rest."""
        sets = dict(names)
        chosen = [self.by_name[name] for name in sets]
        main = set(self.context.known.rules["week_plan"].lists["main_muscles"])
        chosen.sort(
            key=lambda one: (
                one.exercise.kind == "core",
                self.phase == "P1" and "gmax" not in one.exercise.muscles.primary,  # bridges, then clams (R128)
                not main & set(one.exercise.muscles.primary),
                -one.points,
                -one.exercise.difficulty,
                one.exercise.id,
            )
        )
        return tuple(one.with_sets(sets[one.exercise.id]) for one in chosen)
