"""Why it exists: when each case of the rules ``readiness``, ``age_limits`` and ``screening_signs`` holds.

The words, levels, actions and figures of a case stand in the library; ``safety`` puts the cases together.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cached_property

from levelstride.journal.state import Given, State
from levelstride.library.knowledge import Knowledge
from levelstride.screening.answers import YES, caution_codes, last_yes
from levelstride.screening.decision import Because, Lifted
from levelstride.screening.person import age_on


class View:
    """The state as the cases see it: which answers still hold, what is cleared."""

    def __init__(self, state: State, known: Knowledge, now: datetime) -> None:
        self.state = state
        self.known = known
        self.now = now
        self.today: date = now.date()
        self.age = age_on(state, self.today)
        self.changed = self.last_yes("intake/health_changed")
        months = known.rules["readiness"].figures["redo"].number()
        self.lifted: list[Lifted] = []
        self.oldest = now - timedelta(days=months * 365.25 / 12)

    @cached_property
    def cautions(self) -> dict[str, tuple[Because, ...]]:
        """Return the caution codes, worked out when first asked for."""
        return caution_codes(self.state, self.known)

    def valid(self, path: str) -> Given | None:
        """Return the last answer when it is not None, not too old, and not from before a change of health."""
        found = self.state.latest(path)
        if found is None or found.value is None or found.at < self.oldest:
            return None
        return None if self.changed is not None and found.at < self.changed.at else found

    def is_yes(self, path: str) -> bool:
        """Say whether the last answer was a yes."""
        found = self.state.latest(path)
        return found is not None and found.value in YES

    def last_yes(self, path: str) -> Given | None:
        """Return the last answer that was a yes, even when a no came after it."""
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
        """Return the last answers to these questions."""
        found = ((path, self.state.latest(path)) for path in paths)
        return tuple(Because(path, given.value, given.at, given.id) for path, given in found if given is not None)

    def fact(self, name: str) -> tuple[Because, ...]:
        """Return a field of the profile as what a decision rests on."""
        fact = self.state.profile.get(name)
        return () if fact is None else (Because(f"profile/{name}", fact.value, fact.at, fact.id),)


Holds = Callable[[View], tuple[Because, ...] | None]


def _figure(view: View, rule: str, name: str) -> float:
    return view.known.rules[rule].figures[name].number()


def _unwell(view: View) -> tuple[Because, ...] | None:
    # until a later no: nobody is well again because a day has passed; a no from the future says nothing yet
    given_all = view.state.answers.get(("intake/unwell_today", None), ())
    answers = [given for given in given_all if given.value in YES or given.at <= view.now]
    if not answers or answers[-1].value not in YES:
        return None
    return (Because("intake/unwell_today", answers[-1].value, answers[-1].at, answers[-1].id),)


def _health_change(view: View) -> tuple[Because, ...] | None:
    missing = view.changed is not None and not view.valid("readiness/supervised_only")
    return view.because("intake/health_changed") if missing else None


def _yearly(view: View) -> tuple[Because, ...] | None:
    oldest = view.state.latest("readiness/supervised_only")
    return view.because("readiness/supervised_only") if oldest is not None and oldest.at < view.oldest else None


def _pregnant(view: View) -> tuple[Because, ...] | None:
    given = view.state.latest("intake/pregnant")
    if given is None or given.value not in ("pregnant", "birth_recent") or view.cleared("PREG", given.at):
        return None  # the caution code tells the agreement
    return view.because("intake/pregnant")


def _age_70(view: View) -> tuple[Because, ...] | None:
    active = view.state.latest("intake/active_now")
    if view.age is None or view.age.high < _figure(view, "readiness", "inactive_age"):
        return None
    because = (*view.fact("birth_year"), *view.because("intake/active_now"))
    if active is None or active.value is True or view.cleared("readiness/age_70", active.at, because):
        return None
    return because


def _age_45_vigorous(view: View) -> tuple[Because, ...] | None:
    if view.age is None or view.age.high <= _figure(view, "readiness", "vigorous_age"):
        return None
    used, planned = view.state.latest("intake/hard_effort_used"), view.last_yes("intake/hard_effort_planned")
    if (used is not None and used.value is True) or planned is None or not view.is_yes("intake/hard_effort_planned"):
        return None
    because = (*view.fact("birth_year"), *view.because("intake/hard_effort_used", "intake/hard_effort_planned"))
    return None if view.cleared("readiness/age_45_vigorous", planned.at, because) else because


def _child(view: View) -> tuple[Because, ...] | None:
    young = view.age is not None and view.age.low < _figure(view, "age_limits", "guardian_min")
    alone = young and not view.state.fact("clinician_linked")
    return (*view.fact("birth_year"), *view.fact("clinician_linked")) if alone else None


def _child_clinician(view: View) -> tuple[Because, ...] | None:
    young = view.age is not None and view.age.low < _figure(view, "age_limits", "guardian_min")
    linked = view.state.fact("clinician_linked")
    return (*view.fact("birth_year"), *view.fact("clinician_linked")) if young and linked else None


def _is_teen(view: View) -> bool:
    low, high = _figure(view, "age_limits", "guardian_min"), _figure(view, "age_limits", "guardian_max")
    return view.age is not None and low <= view.age.low <= high


def _teen_no_guardian(view: View) -> tuple[Because, ...] | None:
    alone = _is_teen(view) and not view.state.fact("guardian_agrees")
    return (*view.fact("birth_year"), *view.fact("guardian_agrees")) if alone else None


def _teen(view: View) -> tuple[Because, ...] | None:
    agreed = _is_teen(view) and view.state.fact("guardian_agrees")
    return (*view.fact("birth_year"), *view.fact("guardian_agrees")) if agreed else None


def _adult(view: View) -> tuple[Because, ...] | None:
    grown = view.age is not None and view.age.low >= _figure(view, "age_limits", "self_use")
    return view.fact("birth_year") if grown else None


def pain_or_marked(view: View) -> tuple[Because, ...] | None:
    """Return what strong pain at rest, or daily tasks that cannot be done, rest on; None when neither holds."""
    pain = view.state.latest("intake/rest_pain")
    most = _figure(view, "screening_signs", "rest_pain")
    high = pain is not None and isinstance(pain.value, int | float) and pain.value > most
    marked = view.is_yes("intake/daily_tasks")
    paths = [path for path, holds in (("intake/rest_pain", high), ("intake/daily_tasks", marked)) if holds]
    latest = max((given.at for path in paths if (given := view.state.latest(path)) is not None), default=None)
    because = view.because(*paths)
    return None if not paths or view.cleared("screening_signs/pain_or_marked", latest, because) else because


def stopped_unexplained(state: State) -> Because | None:
    """Return the test that was stopped because something felt wrong, while nobody has told what happened."""
    stopped = [
        Because(question, given.value, given.at, given.id)
        for (question, _), answers in state.answers.items()
        for given in answers
        if question.startswith("tests/") and given.value == "stopped"
    ]
    if not stopped:
        return None
    last = max(stopped, key=lambda because: (because.at is not None, because.at))
    answers = state.answers.get(("red_flags/sess_chest", None), ())
    told = [given.at for given in answers if isinstance(given.value, bool) or given.value == "not_sure"]
    return last if not told or last.at is None or max(told) < last.at else None


def too_much_pain(view: View) -> tuple[Because, ...]:
    """Return today's ratings of pain right now that are above what the pain rule allows."""
    most = _figure(view, "pain_colours", "amber_max")
    return tuple(
        Because(f"pain/{one.body.place}", one.body.score, one.at, one.id)
        for one in view.state.pain
        if one.body.when == "now" and one.at.date() == view.today and one.body.score > most
    )


#: Cases of the rule ``readiness`` that do not concern one topic; the others are decided in ``_readiness``.
READINESS_CASES: dict[str, Holds] = {
    "unwell": _unwell,
    "health_change": _health_change,
    "yearly": _yearly,
    "pregnant": _pregnant,
    "age_70": _age_70,
    "age_45_vigorous": _age_45_vigorous,
}
AGE_CASES: dict[str, Holds] = {
    "child": _child,
    "child_clinician": _child_clinician,
    "teen_no_guardian": _teen_no_guardian,
    "teen": _teen,
    "adult": _adult,
}
#: What an agreement must cover for the cases that one lifts.
CLEARS = {
    "pregnant": "PREG",
    "age_70": "readiness/age_70",
    "age_45_vigorous": "readiness/age_45_vigorous",
    "pain_or_marked": "screening_signs/pain_or_marked",
}
