"""Why it exists: which phase the open week belongs to, and what each gate still asks for.

The phase follows from the last issued programme and from what was done since: a gate opens to the next phase, four
weeks away lead one phase back, a practitioner may open or close a phase with a reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from levelstride.journal.bodies import Side
from levelstride.journal.state import State
from levelstride.programme.choices import Choices
from levelstride.programme.history import Bout, Done, History, days_between
from levelstride.programme.model import PHASES, WEEK, Need, PhaseName, Programme, Stage, Why, is_extra
from levelstride.programme.pain import Colour, MoveColour, PainView, bout_colour
from levelstride.programme.progression import missed_case
from levelstride.programme.rulebook import Rulebook
from levelstride.programme.traits import Traits

#: Moves that show control on one leg; gate of P3 and the plyometric gate count their clean repetitions.
STEP_DOWNS = ("step_down_fwd", "lateral_step_down", "sl_squat_box", "sl_squat")
#: What counts for the gate of P3 in their place, where health answers take every one of them away.
STEP_UPS = ("lateral_step_up", "step_up")
STRENGTH_KINDS = frozenset({"strength", "functional", "multiplanar", "plyometric"})
_GATES: dict[PhaseName, tuple[PhaseName, str]] = {
    "P0": ("P1", "p0_to_p1"),
    "P1": ("P2", "p1_to_p2"),
    "P2": ("P3", "p2_to_p3"),
    "P3": ("P4", "p3_to_p4"),
    "P4": ("P5", "p4_to_p5"),
}


@dataclass(frozen=True)
class PhaseView:
    """The phase of the open week, since when, and all phases as the person sees them."""

    phase: PhaseName
    since: date
    stages: tuple[Stage, ...]
    why: Why
    notices: tuple[Why, ...] = ()


@dataclass(frozen=True)
class Past:
    """What the gates read."""

    history: History
    state: State
    pain: PainView
    traits: Traits
    choices: Choices
    rules: Rulebook
    today: date
    now_colours: "Colours"


_COLOURS: dict[tuple[int, int, tuple[str, ...] | None, bool], tuple[Bout, Rulebook, MoveColour]] = {}
_KEEP = 50_000


class Colours:
    """The pain colour of every bout, worked out when first asked for."""

    def __init__(self, history: History, rules: Rulebook, now: datetime) -> None:
        self._sessions, self._rules, self._now = history.by_session, rules, now
        self._found: dict[int, MoveColour] = {}

    def full(self, bout: Bout) -> MoveColour:
        """Return the colour of a bout of the history, with its reasons."""
        found = self._found.get(id(bout))
        if found is None:
            found = self._found[id(bout)] = self._read(bout)
        return found

    def _read(self, bout: Bout) -> MoveColour:
        """Return the colour; one that was worked out before is not worked out again.

        It can change only when the day is over or the morning is told. Bouts and rules are kept with it, so that no
        other can ever have their address.
        """
        session = self._sessions[bout.session]
        told = None if session.morning is None else session.morning.entries
        key = (id(bout), id(self._rules), told, self._now.date() > session.day)
        kept = _COLOURS.get(key)
        if kept is None:
            if len(_COLOURS) >= _KEEP:
                _COLOURS.clear()
            colour = bout_colour(bout, session, self._rules, self._now)
            kept = _COLOURS[key] = (bout, self._rules, colour)
        return kept[2]

    def of(self, bout: Bout) -> Colour:
        """Return the colour of a bout of the history."""
        return self.full(bout).colour


def find_phase(past: Past, before: Programme | None, starts_on: date, *, hold: bool = False) -> PhaseView:
    """Return the phase of the week from ``starts_on``, given the last programme of an earlier week.

    ``hold``: no gate opens, because the week is easy on purpose.
    """
    rules, choices = past.rules, past.choices
    phase: PhaseName = "P0" if before is None else before.phase
    since = starts_on if before is None else before.phase_since
    notices: list[Why] = []
    why = rules.why("phases", "stay")
    away = _away(past, before)
    if away == "over_28" and phase not in ("P0", "P1"):
        phase, since = _lower(phase), starts_on
        why = rules.why("missed_sessions", "over_28")
        notices.append(why)
    else:
        opened = None if hold else _opened(past, phase, since)
        if opened is not None:
            phase, since, why = opened[0], starts_on, opened[1]
            if phase == "P1":  # the first look is no stay of its own: tests may have been done before
                later = _opened(past, phase, since) if choices.gates else None
                phase, why = (later[0], later[1]) if later is not None else (phase, why)
    if phase == "P5" and (_impact_closed(past) or not _wants_hops(past)):
        phase, since, why = "P4", starts_on, rules.why("plyometric_gate", "closed")
        notices.append(why)
    if choices.is_on("hops") and phase == "P4" and _impact_closed(past):
        notices.append(rules.why("plyometric_gate", _closed_case(past)))
    closed = choices.gates.get(phase)
    if closed is not None and closed.value == "closed" and phase not in ("P0", "P1"):
        phase, since, why = _lower(phase), starts_on, rules.why("own_choices", "gate_set", closed.entry)
    return PhaseView(phase, since, _stages(past, phase, since), why, tuple(notices))


def _closed_case(past: Past) -> str:
    """Return why hops stay closed: for good, or until a clinician agrees."""
    codes = past.traits.codes
    rule = past.rules.known.rules["plyometric_gate"]
    asks = any(code in codes and code not in past.traits.cleared for code in rule.lists["clinician_codes"])
    return "ask_clinician" if asks and not any(code in codes for code in rule.lists["excluded_codes"]) else "excluded"


def _wants_hops(past: Past) -> bool:
    """Say whether hops were asked for, by the person or with a physio's open gate."""
    by_hand = past.choices.gates.get("P5")
    return past.choices.is_on("hops") or (by_hand is not None and by_hand.value == "open")


def _lower(phase: PhaseName) -> PhaseName:
    return "P4" if phase == "maintenance" else PHASES[max(1, PHASES.index(phase) - 1)]


def _away(past: Past, before: Programme | None) -> str:
    last = past.history.last_day
    if last is None or before is None:
        return "days_1_3"
    gap = usual_gap(before.sessions_per_week())
    return missed_case(days_between(last, past.today) - gap, past.rules, older=past.traits.older)


def usual_gap(sessions: int) -> int:
    """Return the days between two sessions when ``sessions`` a week are planned; two a week at least are meant."""
    return -(-WEEK // max(2, sessions))


def _opened(past: Past, phase: PhaseName, since: date) -> tuple[PhaseName, Why] | None:
    """Return the phase that opens now, and why; None when the gate stays shut."""
    rules, choices = past.rules, past.choices
    if phase == "maintenance":
        return None if choices.is_on("maintenance") else ("P4", rules.why("own_choices", "chosen"))
    if (
        phase in ("P4", "P5")
        and choices.is_on("maintenance")
        and steady_weeks(past, since) >= _figure(past, "gate_p4_weeks")
    ):
        return "maintenance", rules.why("phases", "p4_to_maintenance", choices.options["maintenance"].entry)
    if phase not in _GATES:
        return None
    after, case = _GATES[phase]
    if past.pain.colour in ("red", "black") or past.pain.flare is not None:
        return None
    by_hand = choices.gates.get(after)
    if by_hand is not None:
        if by_hand.value == "open" and not (after == "P5" and _impact_closed(past)):
            return after, rules.why("own_choices", "gate_set", by_hand.entry)
        return None
    needs = gate_needs(past, phase, since)
    if not all(need.met for need in needs):
        return None
    if phase == "P0" and not past.state.measures:
        return after, rules.why("phases", "p0_by_choice", past.choices.options["start_without_tests"].entry)
    return after, rules.why("phases", case)


def _figure(past: Past, name: str) -> int:
    return past.rules.wholes("phases", name)[0]


def gate_needs(past: Past, phase: PhaseName, since: date) -> tuple[Need, ...]:
    """Return what the gate after a phase asks for, and how far the person is."""
    done = [one for one in past.history.since(since) if not is_extra(one.session)]
    if phase == "P0":
        tested = bool(past.state.measures) or past.choices.is_on("start_without_tests")
        return (_need("gate_tests", int(tested), 1, met=tested),)
    if phase == "P1":
        return _needs_p1(past, done)
    if phase == "P2":
        low, high = past.rules.wholes("phases", "endurance_block")
        return (_weeks_in(past, since, high if past.traits.steady else low), *_needs_p2(past, done))
    if phase == "P3":
        return (_weeks_in(past, since, _figure(past, "gate_p3_weeks")), *_needs_p3(past))
    if phase == "P4":
        return _needs_p4(past, since)
    return ()


def trained_weeks(past: Past, since: date) -> int:
    """Return the weeks since a day in which somebody trained: a holiday is no training."""
    least = min(past.rules.whole("weekly_volume", "acsm_days_min"), past.traits.days)
    whole = max(0, days_between(since, past.today)) // WEEK
    begins = [since + timedelta(days=WEEK * number) for number in range(whole)]
    days = {one.day for one in past.history.sessions if not is_extra(one.session)}
    return sum(len({day for day in days if begin <= day < begin + timedelta(days=WEEK)}) >= least for begin in begins)


def _weeks_in(past: Past, since: date, least: int) -> Need:
    weeks = trained_weeks(past, since)
    return _need("gate_weeks_in", weeks, least, met=weeks >= least)


def _need(key: str, have: float | str, want: float | str, *, met: bool) -> Need:
    return Need(key=key, have=_text(have), want=_text(want), met=met)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.0f}"


def _needs_p1(past: Past, done: Sequence[Done]) -> tuple[Need, ...]:
    rules, exercises = past.rules, past.rules.known.exercises
    # practice within a walk is no session
    done = [
        one
        for one in done
        if any(bout.exercise in exercises and exercises[bout.exercise].kind != "gait_drill" for bout in one.bouts)
    ]
    wanted, quality = _figure(past, "gate_p1_sessions"), _figure(past, "gate_quality")
    most, sure = _figure(past, "gate_p1_pain"), _figure(past, "gate_p1_confidence")
    last = done[-wanted:]
    mean, worst = _quality(last), _worst(last)
    given = [one.confidence for one in done if one.confidence is not None]
    g1 = _g1(past)
    needs = [
        _need("gate_sessions", len(done), wanted, met=len(done) >= wanted),
        _need("gate_quality", "–" if mean is None else mean, quality, met=mean is not None and mean >= quality),
        _need("gate_pain", "–" if worst is None else worst, most, met=worst is not None and worst <= most),
        _need("gate_form", g1, rules.whole("first_weeks", "g1_form_sessions"), met=_g1_open(past, g1)),
    ]
    if given:
        needs.append(_need("gate_confidence", given[-1], sure, met=given[-1] >= sure))
    return tuple(needs)


def _quality(done: Iterable[Done]) -> float | None:
    found = [bout.quality for one in done for bout in one.bouts if bout.quality is not None]
    return sum(found) / len(found) if found else None


def _worst(done: Sequence[Done]) -> float | None:
    found = [one.pain for one in done]
    return None if not found or None in found else max(pain for pain in found if pain is not None)


def _g1(past: Past) -> int:
    least = past.rules.number("first_weeks", "g1_quality")
    return max(
        (sum((bout.quality or 0) >= least for bout in bouts) for bouts in past.history.bouts.values()), default=0
    )


def _g1_open(past: Past, clean: int) -> bool:
    rules = past.rules
    if clean >= rules.whole("first_weeks", "g1_form_sessions"):
        return True
    feel, least = rules.number("first_weeks", "g1_feel"), rules.number("first_weeks", "g1_quality")
    last = [bouts[-1] for bouts in past.history.bouts.values()]
    return any((bout.feel or 0) >= feel and (bout.quality or 0) >= least for bout in last)


def _needs_p2(past: Past, done: Sequence[Done]) -> tuple[Need, ...]:
    wanted = _figure(past, "gate_p2_sessions")
    at_target = sum(_at_target(past, one) for one in done)
    weeks = past.rules.whole("phases", "gate_p2_no_amber")
    recent = [one for one in done if days_between(one.day, past.today) <= weeks * WEEK]
    quiet = not any(_told_pain(past, one) for one in recent) and any(_all_green(past, one) for one in recent)
    return (
        _need("gate_at_target", at_target, wanted, met=at_target >= wanted),
        _need("gate_no_amber", weeks if quiet else 0, weeks, met=quiet),
    )


def _told_pain(past: Past, done: Done) -> bool:
    """Say whether more than mild pain was told of a session; an answer that is missing is no such pain."""
    most = past.rules.number("pain_colours", "green_max")
    worse = done.morning is not None and not done.morning.usual
    return worse or any((bout.pain or 0) > most or past.now_colours.of(bout) == "red" for bout in done.bouts)


def _all_green(past: Past, done: Done) -> bool:
    return all(past.now_colours.of(bout) == "green" for bout in done.bouts)


def _at_target(past: Past, done: Done) -> bool:
    """Say whether a session reached the range of every hard move in it, cleanly and without pain.

    A move whose clean repetitions nobody counted says nothing; half of the hard moves at least must be told.
    """
    least = past.rules.number("phases", "gate_quality")
    exercises = past.rules.known.exercises
    hard = [
        (bout, dose)
        for bout in done.bouts
        if bout.exercise in exercises and (dose := exercises[bout.exercise].doses.get("P2")) is not None
    ]
    told = [(bout, dose) for bout, dose in hard if bout.quality is not None and bout.pain is not None]
    if not told or 2 * len(told) < len(hard) or _told_pain(past, done):
        return False
    return all(bout.amounts[-1] >= dose.amount.low and (bout.quality or 0) >= least for bout, dose in told)


def clean_reps(past: Past, side: Side, names: Sequence[str] = STEP_DOWNS) -> int:
    """Return the most clean repetitions of a step-down or one-leg squat in one session on one side."""
    found = [
        int(sum(bout.amounts) * bout.quality / 100)
        for name in names
        for bout in past.history.bouts.get((name, side), ())
        if bout.quality is not None and past.now_colours.of(bout) == "green"
    ]
    return max(found, default=0)


def side_gap(past: Past) -> float | None:
    """Return the median gap between the sides in percent, over the last bouts of one-sided moves; None without any."""
    since = past.today - timedelta(days=_figure(past, "gate_p3_days"))
    gaps = []
    for (name, side), bouts in past.history.bouts.items():
        if side != "left":
            continue
        other = past.history.bouts.get((name, "right"))
        if other is None or bouts[-1].day < since or other[-1].day < since:
            continue
        left, right = _work(bouts[-1]), _work(other[-1])
        if max(left, right) > 0:
            gaps.append(100 * abs(left - right) / max(left, right))
    return sorted(gaps)[len(gaps) // 2] if gaps else None


def _work(bout: Bout) -> float:
    return max(bout.amounts, default=0.0) * (1 + (bout.load_kg or 0) + (bout.band or 0))


def _needs_p3(past: Past) -> tuple[Need, ...]:
    wanted, most = _figure(past, "gate_p3_stepdowns"), _figure(past, "gate_p3_side_gap")
    quality = _figure(past, "gate_quality")
    closed = all(name in past.traits.removed for name in STEP_DOWNS)
    names = STEP_UPS if closed else STEP_DOWNS
    keys = ("gate_ups_left", "gate_ups_right") if closed else ("gate_clean_left", "gate_clean_right")
    left, right, gap = clean_reps(past, "left", names), clean_reps(past, "right", names), side_gap(past)
    mean = _quality(past.history.sessions[-_figure(past, "gate_p1_sessions") :])
    return (
        _need(keys[0], left, wanted, met=left >= wanted),
        _need(keys[1], right, wanted, met=right >= wanted),
        _need("gate_side_gap", "–" if gap is None else gap, most, met=gap is not None and gap < most),
        _need("gate_quality", "–" if mean is None else mean, quality, met=mean is not None and mean >= quality),
    )


def steady_weeks(past: Past, since: date) -> int:
    """Return how many whole weeks in a row, up to today, had two strength sessions and no red."""
    least = past.rules.whole("weekly_volume", "acsm_days_min")
    end, weeks = past.today, 0
    while end - timedelta(days=WEEK) >= since:
        begin = end - timedelta(days=WEEK)
        done = [one for one in past.history.sessions if begin <= one.day < end]
        red = any(past.now_colours.of(bout) == "red" for one in done for bout in one.bouts)
        strong = {one.day for one in done if _is_strength(past, one)}
        if len(strong) < least or red:
            break
        weeks, end = weeks + 1, begin
    return weeks


def _is_strength(past: Past, done: Done) -> bool:
    """Say whether a session held more than easy practice; a small extra never does."""
    if is_extra(done.session):
        return False
    exercises = past.rules.known.exercises
    return any(bout.exercise in exercises and exercises[bout.exercise].kind in STRENGTH_KINDS for bout in done.bouts)


def _needs_p4(past: Past, since: date) -> tuple[Need, ...]:
    rules = past.rules
    wanted, most = rules.whole("plyometric_gate", "weeks_steady"), rules.whole("plyometric_gate", "pain_max")
    reps = rules.whole("plyometric_gate", "clean_reps")
    weeks = steady_weeks(past, since)
    worst = _worst(past.history.since(past.today - timedelta(days=wanted * WEEK)))
    left, right = clean_reps(past, "left"), clean_reps(past, "right")
    return (
        _need("gate_weeks", weeks, wanted, met=weeks >= wanted),
        _need("gate_pain", "–" if worst is None else worst, most, met=worst is not None and worst <= most),
        _need("gate_clean_left", left, reps, met=left >= reps),
        _need("gate_clean_right", right, reps, met=right >= reps),
        _need("gate_no_exclusion", "–", "–", met=not _impact_closed(past)),
        _need("gate_asked", "–", "–", met=past.choices.is_on("hops")),
    )


def _impact_closed(past: Past) -> bool:
    """Say whether hops stay closed for good, or until a clinician agrees (rule ``plyometric_gate``)."""
    rule = past.rules.known.rules["plyometric_gate"]
    codes = past.traits.codes
    if any(code in codes for code in rule.lists["excluded_codes"]):
        return True
    if any(code in codes and code not in past.traits.cleared for code in rule.lists["clinician_codes"]):
        return True
    young = past.traits.age_low is None or past.traits.age_low < past.rules.whole("plyometric_gate", "age_min")
    blocked = any("block_impact" in against for against in past.traits.removed.values())
    groin = ("body_map/groin/severity", None)
    sides: tuple[Side | None, ...] = (None, "left", "right")
    hurts = any((past.state.value(groin[0], side) or 0) not in (0, False) for side in sides)
    return young or blocked or hurts


def _stages(past: Past, phase: PhaseName, since: date) -> tuple[Stage, ...]:
    found = []
    here = PHASES.index(phase)
    for name in PHASES:
        place = PHASES.index(name)
        state = "now" if name == phase else "done" if place < here and name != "P5" else "later"
        if name == "P5" and name != phase and _impact_closed(past):
            state = "closed"
        gate = _GATES.get(name, ("", ""))[1]
        needs = gate_needs(past, name, since) if name == phase else ()
        found.append(Stage(phase=name, state=state, gate=gate, needs=needs))
    return tuple(found)
