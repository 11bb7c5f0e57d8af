"""Why it exists: asks what only the person knows - about a move, a walk, the whole session - and writes it down.

An answer that was not given stays open: nothing is put in its place.
"""

from typing import Any

from levelstride.cli.play.keys import Console
from levelstride.cli.play.log import SessionLog
from levelstride.coaching.script import Step
from levelstride.journal.bodies import Body, Pain, Side, Soreness, Walk
from levelstride.library.schema.rules import Case
from levelstride.programme.history import SHARP
from levelstride.programme.rulebook import Rulebook

_MOST = 100_000.0
_MINUTE_S = 60
_KG_PER_LB = 0.45359237

#: Words of each question about a move, and its highest answer.
_QUESTIONS: dict[str, tuple[str, float]] = {
    "reps": ("play_ask_reps", _MOST),
    "seconds_held": ("play_ask_seconds", _MOST),
    "minutes_done": ("play_ask_minutes", _MOST / _MINUTE_S),
    "metres_done": ("play_ask_metres", _MOST),
    "clean_reps": ("play_ask_clean", _MOST),
    "load": ("play_ask_load", _MOST),
    "effort": ("play_ask_effort", 10),
    "pain": ("play_ask_pain", 10),
    "rir": ("play_ask_rir", 10),
    "feel": ("play_ask_feel", 10),
    "awkward": ("play_ask_awkward", 10),
}
_FIELDS = {
    "reps": "reps",
    "seconds_held": "hold_s",
    "minutes_done": "hold_s",
    "metres_done": "distance_m",
    "clean_reps": "clean_reps",
    "load": "load_kg",
    "effort": "rpe",
    "pain": "pain",
    "rir": "rir",
    "feel": "feel",
    "awkward": "awkward",
}
_WHOLE = frozenset({"reps", "clean_reps"})
#: Kinds of pain that the intake does not ask for; the others are those of its question ``kind``.
_MORE_KINDS = {"catching": "play_kind_catching", "gives_way": "play_kind_gives_way"}


class MoveAnswers:
    """Asks about one move; what was told is written at the end, and also when the person leaves in between.

    ``last`` gives, for each side that was worked, the number of the step of its last set.
    """

    def __init__(self, console: Console, log: SessionLog, last: dict[Side | None, int], rules: Rulebook) -> None:
        self.console = console
        self.log = log
        self.last = dict(sorted(last.items(), key=lambda item: str(item[0])))
        self.rules = rules
        self.calm = True
        self._told: dict[Side | None, dict[str, Any]] = {side: {} for side in self.last}

    def ask(self, step: Step) -> bool:
        """Ask every question of the step; False when the move is red and must rest."""
        talk, phrases = self.console.talk, self.console.phrases
        talk.title(phrases.say(phrases.known.exercises[str(step.exercise)].name))
        talk.heading("play_enter_skips")
        if len(self.last) > 1:
            talk.heading("play_both_hint")
        try:
            for question in step.asks:
                for side, value in self._ask(question).items():
                    if value is not None:
                        self._told[side][_FIELDS.get(question, "clean_reps")] = value
                    if question == "pain" and value:
                        self._tell_pain(side, value)
        finally:
            for side, told in self._told.items():
                self.log.add(self.last[side], **told)
        return self.calm

    def _ask(self, question: str) -> dict[Side | None, Any]:
        sides, console = tuple(self.last), self.console
        if question == "clean_hold":
            steady = console.yes_no("play_ask_clean_hold")
            return dict.fromkeys(sides, None if steady is None else int(steady))
        heading, high = _QUESTIONS[question]
        imperial = console.phrases.units == "imperial"
        unit = ("lb" if imperial else "kg") if question == "load" else ""
        console.talk.heading(heading, value=self._shown(question), name=unit)
        given = console.numbers(sides, 0, high, whole=question in _WHOLE)
        while question == "clean_reps" and not all(self._fits(side, given[side]) for side in sides):
            console.talk.heading("bad_range")  # more clean ones than were done
            given = console.numbers(sides, 0, high, whole=True)
        factor = {"minutes_done": _MINUTE_S, "load": _KG_PER_LB if imperial else 1}.get(question, 1)
        return {side: _scaled(value, factor, question) for side, value in given.items()}

    def _written(self, side: Side | None, field: str) -> Any:
        body = self.log.done[self.last[side]][1]
        return self._told[side].get(field, getattr(body, field))

    def _fits(self, side: Side | None, clean: float | None) -> bool:
        reps = self._written(side, "reps")
        return clean is None or reps is None or clean <= reps

    def _shown(self, question: str) -> str:
        """Return what is written down so far, as it would be typed."""
        scale = 1 / _MINUTE_S if question == "minutes_done" else 1
        values = [self._written(side, _FIELDS[question]) for side in self.last]
        texts = ["0" if value is None else f"{round(value * scale, 1):g}" for value in values]
        return texts[0] if len(set(texts)) == 1 else "/".join(texts)

    def _tell_pain(self, side: Side | None, score: float) -> None:
        """Ask for kind and place of pain, write it, say what the rule says."""
        console, told = self.console, self._told[side]
        if side is not None:
            console.talk.say(console.phrases.side(side), bold=True)
        told["pain_kind"] = kind = ask_kind(console)
        case = pain_case(self.rules, score, kind)
        self.calm = self.calm and (case is None or case.level != "red")
        exercise = self.log.script.steps[self.last[side]].exercise
        self.log.book.write(*pain_bodies(console, score, kind, exercise, self.log.session.id, worked=side))
        if case is not None and case.says is not None:
            console.talk.say(console.phrases.say(case.says), bold=True)


def _scaled(value: float | None, factor: float, question: str) -> float | int | None:
    if value is None:
        return None
    return round(value) if question in _WHOLE else round(value * factor, 2)


def pain_case(rules: Rulebook, score: float, kind: str | None) -> Case | None:
    """Return the case of the pain rule for pain during a move, as far as it can be told at once; None below amber."""
    if kind in SHARP:
        return rules.case("pain_colours", "red_sharp")
    if score > rules.number("pain_colours", "amber_max"):
        return rules.case("pain_colours", "red_high")
    return rules.case("pain_colours", "amber") if score > rules.number("pain_colours", "green_max") else None


def ask_kind(console: Console) -> str | None:
    """Ask what pain feels like."""
    known = console.phrases.known
    options = next(one for one in known.intake.place_details if one.id == "kind").options
    names = [*(name for name in options if name != "other"), *_MORE_KINDS, "other"]
    texts = [
        console.phrases.heading(_MORE_KINDS[n]) if n in _MORE_KINDS else console.phrases.say(options[n]) for n in names
    ]
    console.talk.heading("play_ask_kind")
    chosen = console.choose(texts)
    return None if chosen is None else names[chosen]


def pain_bodies(
    console: Console,
    score: float,
    kind: str | None,
    exercise: str | None,
    session: str | None,
    *,
    worked: Side | None = None,
) -> tuple[Pain, ...]:
    """Ask where pain during a move is, and return what to write.

    ``worked``: the side that was worked, where its set holds the pain, too. The entry then names the move only when the
    pain is on that side; otherwise it would count for the move on the other side.
    """
    return tuple(
        Pain(
            place=place,
            side=side,
            score=score,
            when="during",
            quality=kind,
            gives_way=True if kind == "gives_way" else None,
            exercise=exercise if worked in (None, side) else None,
            session=session,
        )
        for place, side in ask_places(console, "play_ask_place")
    )


def ask_places(console: Console, heading: str) -> tuple[tuple[str, Side | None], ...]:
    """Ask for one place of the body, with its side; an open answer is kept as ``not_said``."""
    known, phrases = console.phrases.known, console.phrases
    places = list(known.intake.places)
    console.talk.heading(heading)
    chosen = console.choose([phrases.say(known.intake.places[name].label) for name in places])
    if chosen is None:
        return (("not_said", None),)
    if not known.intake.places[places[chosen]].sided:
        return ((places[chosen], None),)
    which = known.intake.which_side
    console.talk.say(phrases.say(which.asks))
    names = list(which.options)
    side = console.choose([phrases.say(text) for text in which.options.values()])
    sides: dict[str, tuple[Side | None, ...]] = {"left": ("left",), "right": ("right",), "both": ("left", "right")}
    return tuple((places[chosen], one) for one in (sides[names[side]] if side is not None else (None,)))


def ask_walk(console: Console, planned_min: int) -> Walk:
    """Ask about a walk."""
    console.talk.heading("play_enter_skips")
    console.talk.heading("play_ask_walk_minutes", value=planned_min)
    minutes = console.number(0, _MOST / _MINUTE_S)
    console.talk.heading("play_ask_walk_effort")
    rpe = console.number(0, 10)
    console.talk.heading("play_ask_walk_pain")
    pain = console.number(0, 10)
    symptom = None
    if pain:
        console.talk.heading("play_ask_walk_symptom")
        symptom = console.number(0, _MOST / _MINUTE_S)
    console.talk.heading("play_ask_feel_after")
    return Walk(
        duration_s=(planned_min if minutes is None else minutes) * _MINUTE_S,
        rpe=rpe,
        worst_pain=pain,
        time_to_symptom_s=None if symptom is None else symptom * _MINUTE_S,
        feel_after=console.number(0, 10),
    )


def ask_eased(console: Console, sore: list[Soreness]) -> tuple[Body, ...]:
    """Ask after the warm-up whether sore muscles eased; nothing is written without an answer."""
    eased = console.yes_no("play_ask_eased")
    if eased is None:
        return ()
    return tuple(one.model_copy(update={"eases_in_warm_up": eased}) for one in sore)
