"""Why it exists: the page that stops - what to do, why, and the only three ways on."""

from collections.abc import Sequence
from datetime import date, timedelta

from levelstride.cli.session import Session
from levelstride.cli.talk import BackError, SkipError, Talk
from levelstride.screening.decision import Because, Decision, Reason
from levelstride.screening.writing import clearance_body, mistaken


def tell_stop(talk: Talk, decision: Decision) -> None:
    """Say what stops, what to do about it, the answers it rests on, and how to come back."""
    phrases = talk.phrases
    talk.title(phrases.heading("stop_title"))
    if decision.level == "emergency":
        talk.say(phrases.say(phrases.known.rules["red_flags"].levels["emergency"].says), bold=True)
        talk.heading("stop_in_emergency")
    tell_reasons(talk, _worth_telling(decision))
    talk.heading("stop_locked")
    talk.heading("stop_next")


def tell_reasons(talk: Talk, reasons: Sequence[Reason]) -> None:
    """Say each reason once, with the answers behind it."""
    told = set()
    for reason in reasons:
        says = talk.phrases.say(reason.says)
        if says not in told:
            talk.say(says, indent="  ", bold=True)
            told.add(says)
        answers = [one for one in reason.because if not one.question.startswith("profile/")]
        for because in answers or reason.because:
            asked = question_text(talk, because)
            if asked:
                talk.say(talk.phrases.heading("stop_reason", name=asked), indent="    ")


def _worth_telling(decision: Decision) -> list[Reason]:
    """Return what a person must read now: in an emergency nothing else, and open questions only where they are all."""
    if decision.level == "emergency":
        return [reason for reason in decision.stops if reason.level == "emergency"]
    urgent = [reason for reason in decision.stops if reason.level not in ("rescreen", "incomplete")]
    return urgent or list(decision.stops)


def question_text(talk: Talk, because: Because) -> str:
    """Return the question behind an answer, with the answer where it is not a plain yes."""
    phrases, known = talk.phrases, talk.phrases.known
    part, _, rest = because.question.partition("/")
    text = ""
    if because.question == "intake/health_changed":
        return phrases.heading("health_changed")
    if part == "tests" and rest in known.tests:
        return phrases.say(known.tests[rest].name)
    if part == "pain" and rest in known.intake.places:
        score = because.answer if isinstance(because.answer, int | float) else 0
        return f"{phrases.say(known.intake.places[rest].label)}: {phrases.number(float(score), 0)}/10"
    if part == "red_flags":
        text = next((flag.asks for flag in known.rules["red_flags"].flags if flag.id == rest), "")
    elif part == "exclusions":
        text = next((entry.asks for entry in known.rules["age_limits"].exclusions if entry.id == rest), "")
    elif part == "readiness":
        name, _, number = rest.partition("/")
        topic = next((topic for topic in known.rules["readiness"].topics if topic.id == name), None)
        text = "" if topic is None else topic.follow_up[int(number)] if number else topic.asks
    elif part in ("intake", "profile"):
        questions = [question for section in known.intake.sections for question in section.questions]
        text = next((one.asks for one in questions if rest in (one.id, one.fills)), "")
    elif part == "body_map":
        place, _, detail = rest.partition("/")
        label = known.intake.places[place].label
        asks = next((one.asks for one in known.intake.place_details if one.id == detail), "")
        return f"{phrases.say(label)}: {phrases.say(asks)}"
    if not text:
        return ""
    answer = _answer_text(talk, because)
    return f"{phrases.say(text)} {answer}".strip()


def _answer_text(talk: Talk, because: Because) -> str:
    phrases = talk.phrases
    if because.answer is True:
        return phrases.heading("yes")
    if because.answer == "not_sure":
        return phrases.heading("not_sure")
    if because.answer is False:
        return phrases.heading("no")
    if isinstance(because.answer, int | float):
        return phrases.number(float(because.answer), 0)
    questions = {f"intake/{q.id}": q for s in phrases.known.intake.sections for q in s.questions}
    options = questions[because.question].options if because.question in questions else {}
    chosen = because.answer if isinstance(because.answer, tuple) else (because.answer,)
    return "; ".join(phrases.say(options[one]) for one in chosen if one in options)


def settle(talk: Talk, session: Session, decision: Decision) -> bool:
    """Offer the ways on; True when something was changed and the screen may go on asking."""
    phrases = talk.phrases
    liftable = [reason for reason in decision.stops if reason.clears is not None]
    if any(_just_said(reason, session) for reason in decision.stops):
        liftable = []  # nobody has agreed to anything within the day of an emergency or of a test that was stopped
    wrong = mistaken(decision, session.entries)
    ways = ["later", *(["mistake"] if wrong else []), *(["cleared"] if liftable else [])]
    try:
        way = ways[talk.choose([phrases.heading(f"stop_choice_{name}") for name in ways])]
        if way == "mistake":
            session.write(*wrong)
            return True
        if way == "cleared":
            return _note_agreement(talk, session, liftable)
    except (BackError, SkipError):
        pass
    return False


def _just_said(reason: Reason, session: Session) -> bool:
    now = session.now()
    in_session = reason.rule == "red_flags" and reason.case.startswith("sess_")
    urgent = reason.level == "emergency" or in_session
    return urgent and any(one.at is not None and now - one.at < timedelta(days=1) for one in reason.because)


def _note_agreement(talk: Talk, session: Session, reasons: list[Reason]) -> bool:
    """Ask who agreed, on which day, whether they knew of everything, and with which limits."""
    phrases = talk.phrases
    talk.heading("cleared_knew")
    told = dict.fromkeys(question_text(talk, because) for reason in reasons for because in reason.because)
    for text in told:
        talk.say(text, indent="  - ")
    if talk.choose([phrases.heading("yes"), phrases.heading("no")]) == 1:
        talk.heading("cleared_ask_first")
        return False
    talk.heading("cleared_by")
    who = ["doctor", "physio", *(name for name, codes in _SPECIAL.items() if codes & {one.clears for one in reasons})]
    given_by = who[talk.choose([phrases.heading(f"cleared_{name}") for name in who])]
    while True:
        talk.heading("cleared_day")
        day = _day(talk, session)
        if day is None:
            continue
        talk.heading("cleared_limits")
        note = talk.read(skip=False)
        try:
            agreed = clearance_body(reasons, given_by=given_by, given_on=day, note=note or None)
        except ValueError:
            talk.heading("cleared_too_early")
            continue
        assert agreed is not None
        session.write(agreed)
        talk.heading("cleared_kept")
        return True


_SPECIAL = {"midwife": {"PREG"}, "surgeon": {"SURG", "THR"}}


def _day(talk: Talk, session: Session) -> date | None:
    """Read how many days ago, or a date; None after telling what is wrong."""
    typed = talk.read()
    today = session.now().date()
    if typed.isdigit() and int(typed) <= 400:
        return today - timedelta(days=int(typed))
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or day > today:
        talk.heading("bad_day")
        return None
    return day
