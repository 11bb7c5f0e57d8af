"""Why it exists: how answers are read for safety - what counts as yes, and which caution codes they set."""

from collections.abc import Mapping

from levelstride.journal.bodies import Side
from levelstride.journal.state import Given, State
from levelstride.library.knowledge import Knowledge
from levelstride.screening.decision import Because

YES = (True, "not_sure")


def yes_of_sides(state: State, path: str) -> tuple[Given, ...]:
    """Return, for each side, the last answer that was a yes, even when a no came after it."""
    sides: tuple[Side | None, ...] = (None, "left", "right")
    answers = ([given for given in state.answers.get((path, side), ()) if given.value in YES] for side in sides)
    return tuple(given[-1] for given in answers if given)


def last_yes(state: State, path: str) -> Given | None:
    """Return the last answer that was a yes, on any side, even when a no came after it."""
    return max(yes_of_sides(state, path), key=lambda given: given.at, default=None)


def was_answered(asked_if: Mapping[str, tuple[str, ...]], state: State, path: str = "intake/{}") -> bool:
    """Say whether each named question was answered with one of its answers."""
    for name, answers in asked_if.items():
        given = state.latest(path.format(name))
        chosen = () if given is None else given.value if isinstance(given.value, tuple) else (given.value,)
        if not any(answer in chosen for answer in answers):
            return False
    return True


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
