"""Why it exists: one wording of a programme - its moves, walks, days, way and reasons - for terminal, calendar and app.

Words come from the library, in the person's language and units; here they only get their numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from levelstride.journal.state import State
from levelstride.programme.history import told
from levelstride.programme.model import (
    Breaks,
    Dose,
    Move,
    Need,
    Programme,
    Relaxation,
    Retest,
    Session,
    Stage,
    WalkPart,
    Why,
)
from levelstride.screening.sayings import Phrases, fill

Version = Literal["full", "short", "bare"]
#: Entries of the journal by id: what kind, and when.
Origins = Mapping[str, tuple[str, datetime]]

KINDS = {
    "tests": "plan_kind_tests",
    "standalone": "plan_kind_standalone",
    "pre_walk": "plan_kind_pre_walk",
    "pre_run": "plan_kind_pre_run",
    "daily_activation": "plan_kind_daily",
    "minimum": "plan_kind_minimum",
    "micro": "plan_kind_micro",
    "desk_break": "plan_kind_desk_break",
    "warmup_insert": "plan_kind_insert",
    "walk_event": "plan_kind_walk_event",
    "walk": "plan_kind_walk",
}
BLOCKS = {
    "prep": "plan_block_prep",
    "activation": "plan_block_activation",
    "strength": "plan_block_strength",
    "mobility": "plan_block_mobility",
    "cool_down": "plan_block_cool_down",
}
_EFFORTS = {
    "easy": "plan_effort_easy",
    "brisk": "plan_effort_brisk",
    "hills": "plan_effort_hills",
    "intervals": "plan_effort_intervals",
}
_STATES = {
    "done": "plan_stage_done",
    "now": "plan_stage_now",
    "later": "plan_stage_later",
    "closed": "plan_stage_closed",
}
_ENTRIES = {
    "set": "plan_entry_set",
    "session": "plan_entry_session",
    "check_in": "plan_entry_check_in",
    "pain": "plan_entry_pain",
    "soreness": "plan_entry_soreness",
    "walk": "plan_entry_walk",
    "measure": "plan_entry_measure",
    "answers": "plan_entry_answers",
    "profile": "plan_entry_profile",
    "clearance": "plan_entry_clearance",
    "incident": "plan_entry_incident",
    "override": "plan_entry_override",
    "programme": "plan_entry_programme",
}
#: What stands in a need that is met or not, without a number.
_NO_NUMBER = "–"
#: Most entries of the journal that are named for one reason.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line a person reads; ``depth`` 0 is the outermost, ``title`` begins a part."""

    text: str
    depth: int = 0
    title: bool = False


def day_text(day: date, phrases: Phrases, *, year: bool = False) -> str:
    """Return a day as the person's language writes it, with the day of the week."""
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMEd" if year else "MMMEd", day, locale=phrases.language))


def programme_lines(
    programme: Programme, phrases: Phrases, *, why: bool = False, state: State | None = None
) -> tuple[Line, ...]:
    """Return a week in words.

    Parameters
    ----------
    why : bool
        With the reason of every part.
    state : State or None
        Names the entries of the journal behind the reasons.
    """
    origins = origins_of(state) if why and state is not None else {}
    reasons = _Reasons(phrases, origins, wanted=why)
    return tuple(_programme(programme, phrases, reasons))


def session_lines(
    session: Session, phrases: Phrases, *, version: Version = "full", why: bool = False, state: State | None = None
) -> tuple[Line, ...]:
    """Return one session in words: what, how long, its moves by block, its walk, its tests."""
    origins = origins_of(state) if why and state is not None else {}
    return tuple(_session(session, phrases, _Reasons(phrases, origins, wanted=why), version))


def session_title(session: Session, phrases: Phrases) -> str:
    """Return what a session is and how long it takes, its walk included."""
    name = phrases.heading(KINDS[session.kind])
    minutes = session.minutes + (session.walk.minutes if session.walk is not None else 0)
    return phrases.heading("plan_session", name=name, count=minutes) if minutes else name


def move_line(move: Move, phrases: Phrases) -> str:
    """Return one move in a line: sides, sets, load, effort, rest."""
    name = phrases.say(phrases.known.exercises[move.exercise].name)
    first = move.doses[0]
    if len(move.doses) == 1 and first.side is not None:
        name = phrases.heading("plan_one_side", name=name, value=phrases.side(first.side).lower())
        much = _dose(first, move, phrases)
    elif all(_like(dose, first) for dose in move.doses):
        name = phrases.heading("plan_both_sides", name=name) if len(move.doses) > 1 else name
        much = _dose(first, move, phrases)
    else:
        much = "; ".join(f"{phrases.side(dose.side).lower()} {_dose(dose, move, phrases)}" for dose in move.doses)
    return " ".join([phrases.heading("plan_move", name=name, value=much), *_move_notes(move, phrases)])


def why_lines(why: Iterable[Why], phrases: Phrases, state: State) -> tuple[Line, ...]:
    """Return reasons: the words of each case, its rule and case, and the entries of the journal behind it."""
    return tuple(_Reasons(phrases, origins_of(state), wanted=True).lines(why, depth=0))


def why_text(why: Why, phrases: Phrases) -> str:
    """Return the words of one reason; the title of its rule where the case says nothing to people."""
    rule = phrases.known.rules[why.rule]
    case = next(case for case in rule.cases if case.id == why.case)
    return fill(phrases.say(case.says or rule.title), why.values)


def origins_of(state: State) -> Origins:
    """Return kind and moment of every entry that can stand behind a reason."""
    found: dict[str, tuple[str, datetime]] = {}
    for logged in (*told(state), state.programmes):
        found |= {one.id: (one.body.kind, one.at) for one in logged}
    for given in state.answers.values():
        found |= {one.id: ("answers", one.at) for one in given}
    found |= {fact.id: ("profile", fact.at) for fact in state.profile.values()}
    return found


# ------------------------------------------------------------------------------------------------- reasons


@dataclass(frozen=True)
class _Reasons:
    """Says reasons where they are wanted, and nothing elsewhere."""

    phrases: Phrases
    origins: Origins
    wanted: bool

    def lines(self, why: Iterable[Why], *, depth: int) -> Iterator[Line]:
        if not self.wanted:
            return
        for one in why:
            yield Line(f"{why_text(one, self.phrases)} ({one.rule} / {one.case})", depth)
            entries = self._entries(one)
            if entries:
                yield Line(self.phrases.heading("plan_rests_on", name=entries), depth + 1)

    def _entries(self, why: Why) -> str:
        behind = [self.origins[entry] for entry in why.entries if entry in self.origins]
        named = [
            self.phrases.heading(_ENTRIES[kind], date=at.date().isoformat())
            for kind, at in sorted(behind, key=lambda one: one[1].timestamp(), reverse=True)
        ]
        texts = list(dict.fromkeys(named))
        if len(texts) > _NAMED:
            texts[_NAMED:] = [self.phrases.heading("plan_rests_more", count=len(texts) - _NAMED)]
        return "; ".join(texts)


# ------------------------------------------------------------------------------------------------- the week


def _programme(programme: Programme, phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    yield Line(phrases.heading("plan_title", date=day_text(programme.starts_on, phrases)), title=True)
    yield Line(phrases.heading("plan_week", count=programme.week, name=phase_text(programme.phase, phrases)))
    if programme.easy_week:
        yield Line(phrases.heading("plan_easy_week"))
    if programme.event is not None:
        day = day_text(programme.event.day, phrases, year=True)
        yield Line(phrases.heading("plan_event", name=programme.event.name, date=day))
        yield from (Line(why_text(why, phrases), 1) for why in programme.event.why)
    yield from _notices(programme, phrases, reasons)
    yield from _days(programme.sessions, phrases, reasons)
    yield from _breaks(programme.breaks, phrases, reasons)
    yield from _stages(programme.stages, phrases, reasons)
    yield from _retests(programme.retests, phrases, reasons)
    if not programme.optimal and reasons.wanted:
        yield Line(phrases.heading("plan_not_best", value=phrases.number(100 * programme.gap, 0)))


def _days(sessions: Sequence[Session], phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    """Give the sessions by day; moves that were listed on an earlier day are not listed again."""
    day_before: date | None = None
    listed: list[Session] = []
    for session in sorted(sessions, key=lambda one: one.day):
        if session.day != day_before:
            yield Line(day_text(session.day, phrases), title=True)
            day_before = session.day
        as_on = next((one.day for one in listed if session.moves and one.moves == session.moves), None)
        yield from _session(session, phrases, reasons, "full", as_on=as_on)
        listed.append(session)


def phase_text(phase: str, phrases: Phrases) -> str:
    """Return the name of a phase."""
    return phrases.say(phrases.known.vocabulary.phases[phase].label)


def _notices(programme: Programme, phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    if programme.relaxed:
        yield Line(phrases.heading("plan_relaxed"), title=True)
        yield from (Line(relaxation_text(one, phrases), 1) for one in programme.relaxed)
    if programme.notices:
        yield Line(phrases.heading("plan_notices"), title=True)
        yield from notice_lines(programme.notices, phrases, reasons)


def notice_lines(
    notices: Iterable[Why], phrases: Phrases, reasons: _Reasons | None = None, *, state: State | None = None
) -> Iterator[Line]:
    """Give notices, each said once; with ``state`` (or reasons that are wanted) with what stands behind them."""
    if reasons is None:
        reasons = _Reasons(phrases, {} if state is None else origins_of(state), wanted=state is not None)
    if reasons.wanted:
        yield from reasons.lines(notices, depth=1)
    else:
        yield from (Line(text, 1) for text in dict.fromkeys(why_text(why, phrases) for why in notices))


def relaxation_text(one: Relaxation, phrases: Phrases) -> str:
    """Return what was given up; ``says`` is a key of the headings or a text of the library."""
    if one.says in phrases.known.headings:
        return phrases.heading(one.says, **one.values)
    return fill(phrases.say(one.says), one.values)


def _session(
    session: Session, phrases: Phrases, reasons: _Reasons, version: Version, *, as_on: date | None = None
) -> Iterator[Line]:
    moves = moves_of(session, version)
    title = session_title(session, phrases) if moves is session.moves else phrases.heading(KINDS[session.kind])
    notes = [
        *([phrases.heading("plan_before_walk")] if session.before_walk else []),
        *([phrases.heading("plan_optional")] if session.optional else []),
    ]
    yield Line(f"{title}. {' '.join(notes)}" if notes else title, 1)
    yield from reasons.lines(session.why, depth=3)
    if version != "full" and session.moves:
        key = "plan_no_version" if moves is session.moves else _VERSIONS[version]
        yield Line(phrases.heading(key), 2)
    if session.tests:
        yield Line(_tests(session.tests, phrases), 2)
    if as_on is not None:
        yield Line(phrases.heading("plan_same_as", date=day_text(as_on, phrases)), 2)
    else:
        yield from _moves(moves, phrases, reasons)
    if session.walk is not None:
        yield from _walk(session.walk, phrases, reasons)


def _moves(moves: Sequence[Move], phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    block, blocks = None, {move.block for move in moves}
    for move in moves:
        if move.block != block and len(blocks) > 1:
            yield Line(phrases.heading(BLOCKS[move.block]), 2)
        block = move.block
        yield Line(move_line(move, phrases), 3)
        yield from reasons.lines(move.why, depth=4)


_VERSIONS = {"short": "plan_version_short", "bare": "plan_version_bare"}


def moves_of(session: Session, version: Version) -> tuple[Move, ...]:
    """Return the moves of a version; those of the full session where there is no such version."""
    return {"full": session.moves, "short": session.short, "bare": session.bare}[version] or session.moves


def _tests(tests: Iterable[str], phrases: Phrases) -> str:
    known = phrases.known.tests
    names = [phrases.say(known[name].name) for name in tests if name in known]
    return phrases.heading("plan_tests", name="; ".join(names))


def _walk(walk: WalkPart, phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    parts = [phrases.heading("plan_walk", count=walk.minutes, name=phrases.heading(_EFFORTS[walk.effort]))]
    if walk.drill is not None:
        drill = phrases.say(phrases.known.exercises[walk.drill].name)
        parts.append(phrases.heading("plan_drill", count=walk.drill_minutes, name=drill))
    if walk.support:
        parts.append(phrases.heading("plan_support"))
    yield Line(" ".join(parts), 2)
    if walk.cue is not None:
        yield Line(phrases.heading("plan_think", name=phrases.say(walk.cue)), 3)
    yield from reasons.lines(walk.why, depth=3)


def _breaks(breaks: Breaks | None, phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    if breaks is None:
        return
    yield Line(phrases.heading("plan_breaks"), title=True)
    walk = _range(*breaks.walk_min, phrases)
    texts = [phrases.heading("plan_breaks_walk", count=breaks.every_min, value=walk)]
    if not breaks.walk_only:
        texts.append(phrases.heading("plan_breaks_stands", value=_range(*breaks.chair_stands, phrases)))
    yield Line(" ".join(texts), 1)
    yield from reasons.lines(breaks.why, depth=2)


def _stages(stages: Iterable[Stage], phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    for number, stage in enumerate(stages):
        if number == 0:
            yield Line(phrases.heading("plan_stages"), title=True)
        state = phrases.heading(_STATES[stage.state])
        yield Line(phrases.heading("plan_stage", name=phase_text(stage.phase, phrases), value=state), 1)
        yield from (Line(_need(need, phrases), 2) for need in stage.needs)
        yield from reasons.lines(stage.why, depth=2)


def _need(need: Need, phrases: Phrases) -> str:
    name = phrases.heading(need.key)
    if need.want == _NO_NUMBER:
        value = phrases.heading("plan_stage_done" if need.met else "plan_not_yet")
        return phrases.heading("plan_need_bare", name=name, value=value)
    key = "plan_need_met" if need.met else "plan_need_open"
    return phrases.heading(key, name=name, value=need.have, limit=need.want)


def _retests(retests: Iterable[Retest], phrases: Phrases, reasons: _Reasons) -> Iterator[Line]:
    for number, one in enumerate(retests):
        if number == 0:
            yield Line(phrases.heading("plan_retests"), title=True)
        key = "plan_retest_short" if one.extent == "short" else "plan_retest_full"
        yield Line(phrases.heading(key, date=day_text(one.day, phrases)), 1)
        if one.tests:
            yield Line(_tests(one.tests, phrases), 2)
        yield from reasons.lines(one.why, depth=2)


# ------------------------------------------------------------------------------------------------- one move


def _like(one: Dose, other: Dose) -> bool:
    return one.model_copy(update={"side": None}) == other.model_copy(update={"side": None})


def _dose(dose: Dose, move: Move, phrases: Phrases) -> str:
    much = counted_text(dose.amount, dose.top, move.counts, phrases)
    if dose.hold_s is not None and move.counts != "seconds":
        much = phrases.heading("plan_held", value=much, limit=dose.hold_s)
    sets = phrases.heading("plan_sets_one" if dose.sets == 1 else "plan_sets", count=dose.sets, value=much)
    loads = [band_text(dose.band, phrases), load_text(dose.load_kg, phrases)]
    return ", ".join([sets, *(load for load in loads if load)])


def counted_text(amount: float, top: float, counts: str, phrases: Phrases) -> str:
    """Return how much per set; repetitions are bare numbers ("2 sets of 15")."""
    if counts == "metres":
        low, high = (phrases.amount(value, "m", bare=True) for value in (amount, top))
        unit = phrases.amount(top, "m").removeprefix(high).strip()
        return f"{low} {unit}" if low == high else f"{_span(low, high, phrases)} {unit}"
    much = _range(amount, top, phrases)
    if counts == "repetitions":
        return much
    words = {"seconds": "s", "minutes": "min", "steps": phrases.heading("steps_counted")}
    return f"{much} {words.get(counts) or phrases.speaker.heading(counts)}"


def _range(low: float, high: float, phrases: Phrases) -> str:
    return _span(phrases.number(low, 0), phrases.number(high, 0), phrases)


def _span(low: str, high: str, phrases: Phrases) -> str:
    return low if low == high else phrases.heading("plan_range", value=low, limit=high)


def band_text(band: float | None, phrases: Phrases) -> str:
    """Return a band by its level; empty for none."""
    return "" if band is None else phrases.heading("plan_band", value=phrases.number(band, 0))


def load_text(load_kg: float | None, phrases: Phrases) -> str:
    """Return a load in the person's units; empty for none."""
    return "" if load_kg is None else phrases.heading("plan_load", value=phrases.amount(load_kg, "kg"))


def _move_notes(move: Move, phrases: Phrases) -> Iterator[str]:
    if move.choose_load and move.rir is not None:
        yield phrases.heading("plan_choose_load_left", value=_range(*move.rir, phrases))
    elif move.choose_load:
        yield phrases.heading("plan_choose_load", value=_range(*move.rpe, phrases))
    if move.support:
        yield phrases.heading("plan_support")
    if move.hard and not (move.choose_load and move.rir is None):
        yield phrases.heading("plan_effort", value=_range(*move.rpe, phrases))
    if move.rest_s and move.sets > 1:
        yield phrases.heading("plan_rest", value=move.rest_s)
