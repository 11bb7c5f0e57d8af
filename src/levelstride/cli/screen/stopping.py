"""Why it exists: the page that stops - what to do, why, and the only three ways on."""

from levelstride.cli.screen.talk import BackError, SkipError, Talk
from levelstride.cli.session import Session
from levelstride.screening.safety import Because, Decision, Reason
from levelstride.screening.writing import clearance_body, mistaken

_CLEARED_BY = ("doctor", "physio", "midwife", "surgeon")


def tell_stop(talk: Talk, decision: Decision) -> None:
    """Say what stops, what to do about it, and the answers it rests on."""
    phrases = talk.phrases
    talk.title(phrases.heading("stop_title"))
    if decision.level == "emergency":
        talk.say(phrases.say(phrases.known.rules["red_flags"].levels["emergency"].says), bold=True)
        talk.heading("stop_in_emergency")
    told = set()
    for reason in _worth_telling(decision):
        says = phrases.say(reason.says)
        if says not in told:
            talk.say(says, indent="  ", bold=reason.level == decision.level)
            told.add(says)
        for because in reason.because:
            asked = question_text(talk, because)
            if asked:
                talk.say(phrases.heading("stop_reason", name=asked), indent="    ")
    talk.heading("stop_locked")


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


def _said_today(decision: Decision, session: Session) -> bool:
    today = session.now().date()
    urgent = [reason for reason in decision.stops if reason.level == "emergency"]
    return any(one.at is not None and one.at.date() == today for reason in urgent for one in reason.because)


def settle(talk: Talk, session: Session, decision: Decision) -> bool:
    """Offer the ways on; True when something was changed and the screen may go on asking."""
    phrases = talk.phrases
    clearance = clearance_body(decision, given_by="-", given_on=session.now().date())
    if decision.level == "emergency" and _said_today(decision, session):
        clearance = None  # nobody has agreed to anything within the hour of an emergency
    wrong = mistaken(decision)
    ways = ["later", *(["mistake"] if wrong else []), *(["cleared"] if clearance is not None else [])]
    try:
        way = ways[talk.choose([phrases.heading(f"stop_choice_{name}") for name in ways])]
        if way == "mistake":
            session.write(*wrong)
            return True
        if way == "cleared":
            talk.heading("cleared_by")
            who = _CLEARED_BY[talk.choose([phrases.heading(f"cleared_{name}") for name in _CLEARED_BY])]
            agreed = clearance_body(decision, given_by=who, given_on=session.now().date())
            assert agreed is not None
            session.write(agreed)
            talk.heading("cleared_kept")
            return True
    except (BackError, SkipError):
        pass
    return False
