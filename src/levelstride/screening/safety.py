"""Why it exists: decides whether a person may start, and says why - red flags, readiness, age, exclusions.

Texts, levels, actions and figures stand in the library (``rules/red_flags``, ``readiness``, ``age_limits``,
``screening_signs``). A warning sign that was answered with yes stays open until a clinician's agreement is written
down: a later "no" does not close it, only taking the answer back does.
"""

from collections.abc import Iterator
from datetime import datetime

from levelstride.journal.bodies import AnswerValue
from levelstride.journal.state import Given, State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.rules import Case, Exclusion, RedFlag
from levelstride.screening.answers import YES, was_answered, yes_of_sides
from levelstride.screening.cases import (
    AGE_CASES,
    CLEARS,
    READINESS_CASES,
    View,
    pain_or_marked,
    stopped_unexplained,
    too_much_pain,
)
from levelstride.screening.decision import LEVELS, Because, Decision, Reason
from levelstride.screening.person import Age

#: Sections of the intake whose own questions belong to the safety part, and the question that holds for one day.
HEALTH_SECTIONS = ("about_you", "today", "conditions")
DAILY = ("unwell_today", "rest_pain")


def decide(state: State, known: Knowledge, now: datetime) -> Decision:
    """Return whether the person may start now (aware datetime, in the person's own time zone)."""
    view = View(state, known, now)
    reasons = [
        *_red_flags(view),
        *_exclusions(view),
        *_readiness(view),
        *_ages(view),
        *_signs(view),
        *_clearance_codes(view),
        *_of_the_day(view),
    ]
    missing = tuple(missing_answers(state, known, now))
    if missing:
        reasons.append(Reason("readiness", "incomplete", "incomplete", known.headings["not_all_answered"], (), ()))
    reasons.sort(key=lambda reason: LEVELS.index(reason.level))
    level = reasons[0].level if reasons else "green"
    return Decision(level, tuple(reasons), view.cautions, missing, tuple(view.lifted))


def missing_answers(state: State, known: Knowledge, now: datetime) -> Iterator[str]:
    """Give the safety questions that have no valid answer: never asked, older than a year, or before a change."""
    view = View(state, known, now)
    if view.age is None:
        yield "profile/birth_year"
        return
    for flag in flags_asked(known, view.age, state):
        if _proper(view, f"red_flags/{flag.id}") is None:
            yield f"red_flags/{flag.id}"
    for exclusion in exclusions_asked(known, state):
        if _proper(view, f"exclusions/{exclusion.id}") is None:
            yield f"exclusions/{exclusion.id}"
    for topic in known.rules["readiness"].topics:
        path = f"readiness/{topic.id}"
        found = _proper(view, path)
        if found is None:
            yield path
        elif found.value in YES:
            for number in range(len(topic.follow_up)):
                if _proper(view, f"{path}/{number}") is None:
                    yield f"{path}/{number}"
    for section in known.intake.sections:
        for question in section.questions if section.id in HEALTH_SECTIONS else ():
            asked = question.ages == (None, None) or view.age.touches(question.ages)
            if question.fills is None and asked and not question.optional and not _is_told(view, question.id):
                yield f"intake/{question.id}"


def _is_told(view: View, question: str) -> bool:
    """Say whether a question of the intake has a proper answer; one that is asked daily holds until the next."""
    path = f"intake/{question}"
    if question not in DAILY:
        return _proper(view, path) is not None
    given = view.state.latest(path)
    return given is not None and _answers(view.known, path, given.value)


def _proper(view: View, path: str) -> Given | None:
    """Return the valid answer to a safety question; one that is no answer to it (another client wrote it) is none."""
    found = view.valid(path)
    if found is None or not _answers(view.known, path, found.value):
        return None
    return found


def _answers(known: Knowledge, path: str, value: AnswerValue) -> bool:
    part, _, name = path.partition("/")
    questions = {question.id: question for section in known.intake.sections for question in section.questions}
    question = questions.get(name) if part == "intake" else None
    if question is None or question.kind == "yes_no":
        return isinstance(value, bool) or value == "not_sure"
    if question.kind in ("rating", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if question.kind == "one":
        return value in question.options
    return isinstance(value, str) if question.kind == "text" else isinstance(value, tuple)


def valid_answer(state: State, known: Knowledge, now: datetime, path: str) -> Given | None:
    """Return the last answer to a safety question while it holds: not skipped, not too old, not before a change."""
    return _proper(View(state, known, now), path)


def flags_asked(known: Knowledge, age: Age, state: State) -> Iterator[RedFlag]:
    """Give the warning signs that are asked of this person before the start; those of a session are asked in one."""
    for flag in known.rules["red_flags"].flags:
        of_age = flag.ages is None or age.touches(flag.ages)
        if flag.group != "in_session" and of_age and was_answered(flag.asked_if, state):
            yield flag


def exclusions_asked(known: Knowledge, state: State) -> Iterator[Exclusion]:
    """Give the hard exclusions that are asked of this person."""
    return (one for one in known.rules["age_limits"].exclusions if was_answered(one.asked_if, state))


def _red_flags(view: View) -> Iterator[Reason]:
    rule = view.known.rules["red_flags"]
    for flag in rule.flags:
        path = f"red_flags/{flag.id}"
        sources = (path, *_raised_by(view, flag))
        because = [(source, given) for source in sources for given in yes_of_sides(view.state, source)]
        latest = max((given.at for _, given in because), default=None)
        said = tuple(Because(source, given.value, given.at, given.id) for source, given in because)
        if not because or view.cleared(path, latest, said):
            continue
        yield Reason("red_flags", flag.id, flag.level, flag.says, rule.levels[flag.level].actions, said, path)


def _raised_by(view: View, flag: RedFlag) -> Iterator[str]:
    """Give the other questions whose yes raises a warning sign: a place of the body map that gives way, for example."""
    for name, place in view.known.intake.places.items():
        yield from (f"body_map/{name}/{detail}" for detail, raised in place.raises.items() if raised == flag.id)


def _exclusions(view: View) -> Iterator[Reason]:
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


def _readiness(view: View) -> Iterator[Reason]:
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
    for name, holds in READINESS_CASES.items():
        found = holds(view)
        if found is not None:
            yield _reason(view, "readiness", name, found)
    answers = [view.valid(f"readiness/{topic.id}") for topic in topics]
    if any_yes:
        yield _reason(view, "readiness", "any_yes", view.because(*any_yes))
    elif all(answer is not None and answer.value not in YES for answer in answers):
        yield _reason(view, "readiness", "all_no", view.because(*(f"readiness/{topic.id}" for topic in topics)))


def _ages(view: View) -> Iterator[Reason]:
    for name, holds in AGE_CASES.items():
        found = holds(view)
        if found is not None:
            yield _reason(view, "age_limits", name, found)


def _signs(view: View) -> Iterator[Reason]:
    found = pain_or_marked(view)
    if found is not None:
        yield _reason(view, "screening_signs", "pain_or_marked", found)


#: Kinds that may hold a stop; when a newer version wrote one that cannot be read here, nothing starts here.
_MAY_STOP = frozenset({"answers", "clearance", "incident", "profile", "retraction"})


def _of_the_day(view: View) -> Iterator[Reason]:
    """Give what closes tests and training for now: a stop that nobody explained, strong pain, unreadable answers."""
    headings = view.known.headings
    unexplained = stopped_unexplained(view.state)
    if unexplained is not None:
        says = headings["what_happened_open"]
        yield Reason("stop_signs", "unexplained", "hold", says, ("stop_session",), (unexplained,))
    pain = too_much_pain(view)
    if pain:
        yield Reason("pain_colours", "red_high", "hold", headings["too_much_pain"], ("skip_session",), pain)
    unread = [entry for entry in view.state.unread if entry.kind in _MAY_STOP]
    if unread:
        because = tuple(Because(f"unread/{entry.kind}", None, entry.at, entry.id) for entry in unread)
        yield Reason("readiness", "unread", "hold", headings["newer_answers"], ("rescreen",), because)


def _clearance_codes(view: View) -> Iterator[Reason]:
    """Give the caution codes that need a clinician's agreement, whatever question set them."""
    case = _case(view, "age_limits", "exclusion")
    for code, because in view.cautions.items():
        caution = view.known.cautions[code]
        latest = max((reason.at for reason in because if reason.at is not None), default=None)
        if caution.action == "clearance" and not view.cleared(code, latest, because):
            yield Reason("cautions", code, "before_start", caution.says, case.actions, because, code)


def _case(view: View, rule: str, name: str) -> Case:
    return next(case for case in view.known.rules[rule].cases if case.id == name)


def _level(case: Case) -> str:
    assert case.level is not None, case.id
    return case.level


def _reason(view: View, rule: str, name: str, because: tuple[Because, ...]) -> Reason:
    case = _case(view, rule, name)
    assert case.says is not None, case.id
    return Reason(rule, name, _level(case), case.says, case.actions, because, CLEARS.get(name))
