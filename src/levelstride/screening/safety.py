"""Why it exists: decides whether a person may start, and says why - red flags, readiness, age, exclusions.

Texts, levels, actions and figures stand in the library (``rules/red_flags``, ``readiness``, ``age_limits``,
``screening_signs``); here stands only when each case holds. A warning sign that was answered with yes stays open until
a clinician's agreement is written down: a later "no" does not close it, only taking the answer back does.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from levelstride.errors import LevelstrideError
from levelstride.journal.bodies import Side
from levelstride.journal.state import Given, State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.rules import Case, Exclusion, RedFlag
from levelstride.screening.person import Age, age_on

#: Most urgent first.
LEVELS = (
    "emergency",
    "same_day",
    "before_start",
    "block",
    "clinician_only",
    "hold",
    "rescreen",
    "incomplete",
    "limit",
    "caution",
    "green",
)
#: Levels at which nothing starts.
STOPS = frozenset(LEVELS[: LEVELS.index("limit")])
YES = (True, "not_sure")
#: Sections of the intake whose own questions belong to the safety part, and the question that holds for one day.
HEALTH_SECTIONS = ("about_you", "today", "conditions")
DAILY = "unwell_today"


@dataclass(frozen=True)
class Because:
    """One answer or fact a decision rests on; ``entry`` = its id in the journal."""

    question: str
    answer: object
    at: datetime | None
    entry: str | None


@dataclass(frozen=True)
class Reason:
    """One case of a rule that holds.

    ``rule`` and ``case`` name it in the library; ``says`` are its words in English, to be translated by a Speaker;
    ``clears`` is what a clinician's agreement must cover, None when an agreement does not lift it.
    """

    rule: str
    case: str
    level: str
    says: str
    actions: tuple[str, ...]
    because: tuple[Because, ...]
    clears: str | None = None


@dataclass(frozen=True)
class Lifted:
    """A stop that a clinician's agreement lifted: what was answered, who agreed, on which day."""

    because: tuple[Because, ...]
    given_by: str
    given_on: date


@dataclass(frozen=True)
class Decision:
    """Whether a person may start today, and everything it rests on.

    ``level`` is the most urgent of ``reasons``; ``cautions`` gives each caution code with what set it; ``missing`` are
    the questions of the safety part that have no valid answer; ``lifted`` the stops that a clinician's agreement
    lifted.
    """

    level: str
    reasons: tuple[Reason, ...]
    cautions: dict[str, tuple[Because, ...]]
    missing: tuple[str, ...]
    lifted: tuple[Lifted, ...] = ()

    @property
    def may_start(self) -> bool:
        """Say whether nothing stops the person."""
        return self.level not in STOPS

    @property
    def stops(self) -> tuple[Reason, ...]:
        """Return the reasons that stop, most urgent first."""
        return tuple(reason for reason in self.reasons if reason.level in STOPS)

    @property
    def actions(self) -> frozenset[str]:
        """Return what the product must do."""
        return frozenset(action for reason in self.reasons for action in reason.actions)


class StoppedError(LevelstrideError):
    """Something must be settled before a plan is made."""

    exit_code = 5

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        says = " ".join(dict.fromkeys(reason.says for reason in decision.stops))
        super().__init__(says, "Run: levelstride screen")


@dataclass(frozen=True)
class Permit:
    """The only key to a programme: it cannot be made while anything stops the person.

    Raises
    ------
    StoppedError
        If the decision stops the person.
    """

    decision: Decision

    def __post_init__(self) -> None:
        if not self.decision.may_start:
            raise StoppedError(self.decision)


def decide(state: State, known: Knowledge, now: datetime) -> Decision:
    """Return whether the person may start now (aware datetime, in the person's own time zone)."""
    view = _View(state, known, now)
    reasons = [
        *_red_flags(view),
        *_exclusions(view),
        *_readiness(view),
        *_ages(view),
        *_signs(view),
        *_clearance_codes(view),
    ]
    missing = tuple(missing_answers(state, known, now))
    if missing:
        reasons.append(Reason("readiness", "incomplete", "incomplete", known.headings["not_all_answered"], (), ()))
    reasons.sort(key=lambda reason: LEVELS.index(reason.level))
    level = reasons[0].level if reasons else "green"
    return Decision(level, tuple(reasons), view.cautions, missing, tuple(view.lifted))


def missing_answers(state: State, known: Knowledge, now: datetime) -> Iterator[str]:
    """Give the safety questions that have no valid answer: never asked, older than a year, or before a change."""
    view = _View(state, known, now)
    if view.age is None:
        yield "profile/birth_year"
        return
    for flag in flags_asked(known, view.age, state):
        if view.valid(f"red_flags/{flag.id}") is None:
            yield f"red_flags/{flag.id}"
    for exclusion in exclusions_asked(known, state):
        if view.valid(f"exclusions/{exclusion.id}") is None:
            yield f"exclusions/{exclusion.id}"
    for topic in known.rules["readiness"].topics:
        path = f"readiness/{topic.id}"
        found = view.valid(path)
        if found is None:
            yield path
        elif found.value in YES:
            for number in range(len(topic.follow_up)):
                if view.valid(f"{path}/{number}") is None:
                    yield f"{path}/{number}"
    for section in known.intake.sections:
        for question in section.questions if section.id in HEALTH_SECTIONS else ():
            if question.id == DAILY and state.value(f"intake/{DAILY}") is None:
                yield f"intake/{DAILY}"
            asked = question.ages == (None, None) or view.age.touches(question.ages)
            if (
                question.fills is None
                and asked
                and not question.optional
                and question.id != DAILY
                and view.valid(f"intake/{question.id}") is None
            ):
                yield f"intake/{question.id}"


def valid_answer(state: State, known: Knowledge, now: datetime, path: str) -> Given | None:
    """Return the last answer to a safety question while it holds: not skipped, not too old, not before a change."""
    return _View(state, known, now).valid(path)


def last_yes(state: State, path: str) -> Given | None:
    """Return the last answer that was a yes, on any side, even when a no came after it."""
    sides: tuple[Side | None, ...] = (None, "left", "right")
    found = [given for side in sides for given in state.answers.get((path, side), ()) if given.value in YES]
    return max(found, key=lambda given: given.at, default=None)


def flags_asked(known: Knowledge, age: Age, state: State) -> Iterator[RedFlag]:
    """Give the warning signs that are asked of this person before the start; those of a session are asked in one."""
    for flag in known.rules["red_flags"].flags:
        of_age = flag.ages is None or age.touches(flag.ages)
        if flag.group != "in_session" and of_age and was_answered(flag.asked_if, state):
            yield flag


def exclusions_asked(known: Knowledge, state: State) -> Iterator[Exclusion]:
    """Give the hard exclusions that are asked of this person."""
    return (one for one in known.rules["age_limits"].exclusions if was_answered(one.asked_if, state))


def was_answered(asked_if: Mapping[str, tuple[str, ...]], state: State, path: str = "intake/{}") -> bool:
    """Say whether each named question was answered with one of its answers."""
    for name, answers in asked_if.items():
        given = state.latest(path.format(name))
        chosen = () if given is None else given.value if isinstance(given.value, tuple) else (given.value,)
        if not any(answer in chosen for answer in answers):
            return False
    return True


class _View:
    """The state as the cases see it: which answers still hold, what is cleared."""

    def __init__(self, state: State, known: Knowledge, now: datetime) -> None:
        self.state = state
        self.known = known
        self.now = now
        self.today: date = now.date()
        self.age = age_on(state, self.today)
        self.cautions = caution_codes(state, known)
        self.changed = self.last_yes("intake/health_changed")
        months = known.rules["readiness"].figures["redo"].number()
        self.lifted: list[Lifted] = []
        self.oldest = now - timedelta(days=months * 365.25 / 12)

    def valid(self, path: str) -> Given | None:
        """Return the last answer when it is not None, not too old, and not from before a change of health."""
        found = self.state.latest(path)
        if found is None or found.value is None or found.at < self.oldest:
            return None
        return None if self.changed is not None and found.at < self.changed.at else found

    def is_yes(self, path: str) -> bool:
        found = self.state.latest(path)
        return found is not None and found.value in YES

    def last_yes(self, path: str) -> Given | None:
        return last_yes(self.state, path)

    def cleared(self, key: str, since: datetime | None, because: tuple[Because, ...] = ()) -> bool:
        """Say whether a clinician agreed to ``key`` after ``since``; what that lifted is remembered."""
        for clearance in self.state.clearances:
            if key in clearance.body.covers and (since is None or clearance.at > since):
                if because:
                    self.lifted.append(Lifted(because, clearance.body.given_by, clearance.body.given_on))
                return True
        return False

    def because(self, *paths: str) -> tuple[Because, ...]:
        found = ((path, self.state.latest(path)) for path in paths)
        return tuple(Because(path, given.value, given.at, given.id) for path, given in found if given is not None)

    def fact(self, name: str) -> tuple[Because, ...]:
        fact = self.state.profile.get(name)
        return () if fact is None else (Because(f"profile/{name}", fact.value, fact.at, fact.id),)


def _red_flags(view: _View) -> Iterator[Reason]:
    rule = view.known.rules["red_flags"]
    for flag in rule.flags:
        path = f"red_flags/{flag.id}"
        because = [(source, given) for source in (path, *_raised_by(view, flag)) if (given := view.last_yes(source))]
        latest = max((given.at for _, given in because), default=None)
        said = tuple(Because(source, given.value, given.at, given.id) for source, given in because)
        if not because or view.cleared(path, latest, said):
            continue
        yield Reason("red_flags", flag.id, flag.level, flag.says, rule.levels[flag.level].actions, said, path)


def _raised_by(view: _View, flag: RedFlag) -> Iterator[str]:
    """Give the other questions whose yes raises a warning sign: a place of the body map that gives way, for example."""
    for name, place in view.known.intake.places.items():
        yield from (f"body_map/{name}/{detail}" for detail, raised in place.raises.items() if raised == flag.id)


def _exclusions(view: _View) -> Iterator[Reason]:
    case = _case(view, "age_limits", "exclusion")
    for exclusion in view.known.rules["age_limits"].exclusions:
        path = f"exclusions/{exclusion.id}"
        given = view.last_yes(path)
        if given is None:
            continue
        because = (Because(path, given.value, given.at, given.id),)
        if view.cleared(path, given.at, because):
            continue
        yield Reason("age_limits", exclusion.id, _level(case), exclusion.says, case.actions, because, path)


def _readiness(view: _View) -> Iterator[Reason]:
    topics = view.known.rules["readiness"].topics
    any_yes = []
    for topic in topics:
        path = f"readiness/{topic.id}"
        if not view.is_yes(path):
            continue
        follow_ups = [f"{path}/{n}" for n in range(len(topic.follow_up)) if view.is_yes(f"{path}/{n}")]
        latest = max((given.at for p in follow_ups if (given := view.state.latest(p)) is not None), default=None)
        because = view.because(path, *follow_ups)
        if follow_ups and not view.cleared(path, latest, because):
            case = _case(view, "readiness", "any_follow_up_yes")
            yield Reason("readiness", topic.id, _level(case), topic.says, case.actions, because, path)
        else:
            any_yes.append(path)
    for name, holds in _READINESS_CASES.items():
        found = holds(view)
        if found is not None:
            yield _reason(view, "readiness", name, found)
    answers = [view.valid(f"readiness/{topic.id}") for topic in topics]
    if any_yes:
        yield _reason(view, "readiness", "any_yes", view.because(*any_yes))
    elif all(answer is not None and answer.value not in YES for answer in answers):
        yield _reason(view, "readiness", "all_no", view.because(*(f"readiness/{topic.id}" for topic in topics)))


def _ages(view: _View) -> Iterator[Reason]:
    for name, holds in _AGE_CASES.items():
        found = holds(view)
        if found is not None:
            yield _reason(view, "age_limits", name, found)


def _signs(view: _View) -> Iterator[Reason]:
    found = _pain_or_marked(view)
    if found is not None:
        yield _reason(view, "screening_signs", "pain_or_marked", found)


def _clearance_codes(view: _View) -> Iterator[Reason]:
    """Give the caution codes that need a clinician's agreement, whatever question set them."""
    case = _case(view, "age_limits", "exclusion")
    for code, because in view.cautions.items():
        caution = view.known.cautions[code]
        latest = max((reason.at for reason in because if reason.at is not None), default=None)
        if caution.action == "clearance" and not view.cleared(code, latest, because):
            yield Reason("cautions", code, "before_start", caution.says, case.actions, because, code)


def caution_codes(state: State, known: Knowledge) -> dict[str, tuple[Because, ...]]:
    """Return the caution codes that the answers set, each with the answers that set it."""
    found: dict[str, list[Because]] = {}

    def add(codes: tuple[str, ...], path: str, given: Given) -> None:
        for code in codes:
            found.setdefault(code, []).append(Because(path, given.value, given.at, given.id))

    for section in known.intake.sections:
        for question in section.questions:
            given = state.latest(f"intake/{question.id}")
            if given is None:
                continue
            chosen = given.value if isinstance(given.value, tuple) else (given.value,)
            for option, codes in question.sets.items():
                if option in chosen or (option == "yes" and given.value in YES):
                    add(codes, f"intake/{question.id}", given)
    for exclusion in known.rules["age_limits"].exclusions:
        path = f"exclusions/{exclusion.id}"  # stays open after a later no, and its code with it
        given = last_yes(state, path)
        if exclusion.caution and given is not None:
            add((exclusion.caution,), path, given)
    for flag in known.rules["red_flags"].flags:
        given = last_yes(state, f"red_flags/{flag.id}")
        if given is not None:
            add(flag.cautions, f"red_flags/{flag.id}", given)
    for topic in known.rules["readiness"].topics:
        given = state.latest(f"readiness/{topic.id}")
        if given is None or given.value not in YES:
            continue
        add(topic.cautions, f"readiness/{topic.id}", given)
        for number, codes in enumerate(topic.follow_up_cautions):
            answer = state.latest(f"readiness/{topic.id}/{number}")
            if answer is not None and answer.value in YES:
                add(codes, f"readiness/{topic.id}/{number}", answer)
    return {code: tuple(found[code]) for code in known.cautions if code in found}


# ------------------------------------------------------------------------------------------- when cases hold

_Holds = Callable[[_View], tuple[Because, ...] | None]


def _figure(view: _View, rule: str, name: str) -> float:
    return view.known.rules[rule].figures[name].number()


def _unwell(view: _View) -> tuple[Because, ...] | None:
    given = view.state.latest("intake/unwell_today")
    if given is None or given.value not in YES or given.at.date() != view.today:
        return None
    return view.because("intake/unwell_today")


def _health_change(view: _View) -> tuple[Because, ...] | None:
    missing = view.changed is not None and not view.valid("readiness/supervised_only")
    return view.because("intake/health_changed") if missing else None


def _yearly(view: _View) -> tuple[Because, ...] | None:
    oldest = view.state.latest("readiness/supervised_only")
    return view.because("readiness/supervised_only") if oldest is not None and oldest.at < view.oldest else None


def _pregnant(view: _View) -> tuple[Because, ...] | None:
    given = view.state.latest("intake/pregnant")
    if given is None or given.value not in ("pregnant", "birth_recent") or view.cleared("PREG", given.at):
        return None
    return view.because("intake/pregnant")


def _age_70(view: _View) -> tuple[Because, ...] | None:
    active = view.state.latest("intake/active_now")
    if view.age is None or view.age.high < _figure(view, "readiness", "inactive_age"):
        return None
    if active is None or active.value is True or view.cleared("readiness/age_70", active.at):
        return None
    return (*view.fact("birth_year"), *view.because("intake/active_now"))


def _age_45_vigorous(view: _View) -> tuple[Because, ...] | None:
    if view.age is None or view.age.high <= _figure(view, "readiness", "vigorous_age"):
        return None
    used, planned = view.state.latest("intake/hard_effort_used"), view.last_yes("intake/hard_effort_planned")
    if (used is not None and used.value is True) or planned is None or not view.is_yes("intake/hard_effort_planned"):
        return None
    if view.cleared("readiness/age_45_vigorous", planned.at):
        return None
    return (*view.fact("birth_year"), *view.because("intake/hard_effort_used", "intake/hard_effort_planned"))


def _child(view: _View) -> tuple[Because, ...] | None:
    young = view.age is not None and view.age.low < _figure(view, "age_limits", "guardian_min")
    return view.fact("birth_year") if young and not view.state.fact("clinician_linked") else None


def _child_clinician(view: _View) -> tuple[Because, ...] | None:
    young = view.age is not None and view.age.low < _figure(view, "age_limits", "guardian_min")
    linked = view.state.fact("clinician_linked")
    return (*view.fact("birth_year"), *view.fact("clinician_linked")) if young and linked else None


def _is_teen(view: _View) -> bool:
    low, high = _figure(view, "age_limits", "guardian_min"), _figure(view, "age_limits", "guardian_max")
    return view.age is not None and low <= view.age.low <= high


def _teen_no_guardian(view: _View) -> tuple[Because, ...] | None:
    return view.fact("birth_year") if _is_teen(view) and not view.state.fact("guardian_agrees") else None


def _teen(view: _View) -> tuple[Because, ...] | None:
    agreed = _is_teen(view) and view.state.fact("guardian_agrees")
    return (*view.fact("birth_year"), *view.fact("guardian_agrees")) if agreed else None


def _adult(view: _View) -> tuple[Because, ...] | None:
    grown = view.age is not None and view.age.low >= _figure(view, "age_limits", "self_use")
    return view.fact("birth_year") if grown else None


def _pain_or_marked(view: _View) -> tuple[Because, ...] | None:
    pain = view.state.latest("intake/rest_pain")
    most = _figure(view, "screening_signs", "rest_pain")
    high = pain is not None and isinstance(pain.value, int | float) and pain.value > most
    marked = view.is_yes("intake/daily_tasks")
    paths = [path for path, holds in (("intake/rest_pain", high), ("intake/daily_tasks", marked)) if holds]
    latest = max((given.at for path in paths if (given := view.state.latest(path)) is not None), default=None)
    if not paths or view.cleared("screening_signs/pain_or_marked", latest):
        return None
    return view.because(*paths)


#: Cases of the rule ``readiness`` that do not concern one topic; the others are decided in ``_readiness``.
_READINESS_CASES: dict[str, _Holds] = {
    "unwell": _unwell,
    "health_change": _health_change,
    "yearly": _yearly,
    "pregnant": _pregnant,
    "age_70": _age_70,
    "age_45_vigorous": _age_45_vigorous,
}
_AGE_CASES: dict[str, _Holds] = {
    "child": _child,
    "child_clinician": _child_clinician,
    "teen_no_guardian": _teen_no_guardian,
    "teen": _teen,
    "adult": _adult,
}
#: What an agreement must cover for the cases that one lifts.
_CLEARS = {
    "pregnant": "PREG",
    "age_70": "readiness/age_70",
    "age_45_vigorous": "readiness/age_45_vigorous",
    "pain_or_marked": "screening_signs/pain_or_marked",
}


def _case(view: _View, rule: str, name: str) -> Case:
    return next(case for case in view.known.rules[rule].cases if case.id == name)


def _level(case: Case) -> str:
    assert case.level is not None, case.id
    return case.level


def _reason(view: _View, rule: str, name: str, because: tuple[Because, ...]) -> Reason:
    case = _case(view, rule, name)
    assert case.says is not None, case.id
    return Reason(rule, name, _level(case), case.says, case.actions, because, _CLEARS.get(name))
