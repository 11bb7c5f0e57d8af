"""Why it exists: ``levelstride screen`` - from the first question to the first results, in the terminal.

Every page is written down before the next one is shown; leaving at any moment loses at most the page on the screen.
"""

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from levelstride.cli.screen.asking import ask_page
from levelstride.cli.screen.stopping import settle, tell_stop
from levelstride.cli.screen.talk import BackError, PausedError, SkipError, StopError, Talk
from levelstride.cli.screen.testing import lead_test
from levelstride.cli.session import (
    JournalOption,
    JsonOption,
    LanguageOption,
    Outcome,
    Session,
    UnitsOption,
    open_session,
)
from levelstride.errors import InputError

if TYPE_CHECKING:
    from levelstride.screening.protocols import Offer


def screen(
    journal: JournalOption = None,
    language: LanguageOption = None,
    units: UnitsOption = None,
    test: Annotated[
        list[str] | None, typer.Option("--test", help="Only this test of the library; may be given again.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Do the tests again, as on a second day.")] = False,
    why: Annotated[bool, typer.Option("--why", help="Only say what was decided so far, and why.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer health questions, then do simple tests by hand. Pause and go on at any time.

    Red flags stop everything and say what to do. Nothing leaves this device.
    """
    with open_session(journal, create=not why) as session:
        if why:
            _explain(session, language, units, as_json=as_json)
            return
        outcome = _Screen(session, language, units, test or [], again).run()
        if as_json:
            typer.echo(json.dumps(_as_json(session, outcome), ensure_ascii=False, indent=2, default=str))


class _Screen:
    """One sitting: which page, which test, what was taken back."""

    def __init__(
        self, session: Session, language: str | None, units: str | None, tests: list[str], again: bool
    ) -> None:
        self.session = session
        self.known = session.known
        self.language, self.units = language, units
        self.talk = Talk(session.phrases(language, units))
        self.again = again
        self.begin = session.now()
        self.tests = tests
        for name in tests:
            if name not in self.known.tests or self.known.tests[name].entry is None:
                fitting = [test.id for test in self.known.tests.values() if test.entry is not None]
                raise InputError(f"No test {name!r} that is done by hand.", f"Use one of: {', '.join(fitting)}.")

    def run(self) -> Outcome:
        """Ask and test until everything is done, the person pauses, or something stops them."""
        from levelstride.journal.bodies import Profile

        talk = self.talk
        if self.language is not None and self.session.state.fact("language") != self.language:
            self.session.write(Profile(language=self.language))
        talk.title(talk.phrases.heading("screen"))
        talk.heading("wellness_notice")
        talk.heading("not_reviewed")
        talk.heading("screen_opening")
        talk.heading("screen_commands")
        try:
            self._ask_about_change()
            if not self._answer_pages():
                return "stopped"
            return "done" if self._do_tests() else "stopped"
        except PausedError:
            self.talk.heading("screen_paused")
            return "paused"

    # ------------------------------------------------------------------------------------------ questions

    def _ask_about_change(self) -> None:
        """Ask a person who comes back on another day whether their health changed."""
        from levelstride.journal.bodies import Answer, Answers

        last = self.session.state.latest("readiness/supervised_only")
        asked = self.session.state.latest("intake/health_changed")
        today = self.session.now().date()
        if last is None or last.at.date() == today or (asked is not None and asked.at.date() == today):
            return
        self.talk.title(self.talk.phrases.heading("health_changed"))
        self.talk.heading("pick_yes_no")
        while True:
            try:
                typed = self.talk.read().casefold()
            except (BackError, SkipError):
                continue
            if typed in ("y", "n", "u"):
                value: bool | str = {"y": True, "n": False}.get(typed, "not_sure")
                self.session.write(Answers(given=(Answer(question="intake/health_changed", value=value),)))
                return
            self.talk.heading("bad_yes_no")

    def _answer_pages(self) -> bool:
        """Ask page after page; False when something stops the person."""
        from levelstride.screening.questions import next_page, progress
        from levelstride.screening.safety import decide
        from levelstride.screening.writing import page_bodies

        section = None
        while True:
            state, now = self.session.state, self.session.now()
            decision = decide(state, self.known, now)
            page = next_page(state, self.known, now)
            urgent = decision.level == "emergency" or (not decision.may_start and (page is None or not page.safety))
            if urgent:
                tell_stop(self.talk, decision)
                if not settle(self.talk, self.session, decision):
                    return False
                continue
            if page is None:
                self.talk.heading("may_start")
                return True
            done, total = progress(state, self.known, now)
            number = self.talk.phrases.heading("screen_page", value=done + 1, count=max(total, done + 1))
            self.talk.title(f"{self.talk.phrases.say(page.title)} ({number})")
            if page.says and page.section != section and page.says != page.items[0].asks:
                self.talk.say(self.talk.phrases.say(page.says))
            section = page.section
            try:
                self.session.write(*page_bodies(page, ask_page(self.talk, page)))
            except BackError:
                self._back()
            except SkipError:
                self.talk.heading("cannot_skip")
            self.talk.phrases = self.session.phrases(self.language, self.units)

    def _back(self) -> None:
        from levelstride.screening.writing import undo

        taken = undo(self.session.entries, since=self.begin - timedelta(days=1))
        if taken:
            self.session.write(*taken)
        self.talk.heading("went_back" if taken else "nothing_to_take_back")

    # ---------------------------------------------------------------------------------------------- tests

    def _do_tests(self) -> bool:
        """Lead through the tests that are left; False when something stopped the person."""
        from levelstride.screening.questions import battery
        from levelstride.screening.safety import decide

        level, _ = battery(self.session.state, self.known)
        offered = self._left()
        if offered and not self.tests:
            offered = self._chosen_for_today(offered, level)
        planned = [offer.test.id for offer in offered]
        while left := [offer for offer in self._left() if offer.test.id in planned]:
            number = len(planned) - len(left) + 1
            name = self.talk.phrases.say(left[0].test.name)
            self.talk.title(self.talk.phrases.heading("test_number", value=number, count=len(planned), name=name))
            self._one_test(left[0])
            decision = decide(self.session.state, self.known, self.session.now())
            if not decision.may_start:
                tell_stop(self.talk, decision)
                if not settle(self.talk, self.session, decision):
                    return False
        self._close()
        return True

    def _chosen_for_today(self, offered: "list[Offer]", level: str) -> "list[Offer]":
        """Say what there is, ask for the time, return what fits into it."""
        from levelstride.screening.protocols import within

        talk = self.talk
        talk.title(talk.phrases.heading("tests_now"))
        talk.heading({"full_plan": "tests_full", "short_plan": "tests_short"}.get(level, "tests_maintenance"))
        minutes = sum(offer.test.minutes for offer in offered)
        talk.heading("tests_offered", count=len(offered), value=talk.phrases.number(minutes, 0))
        talk.heading("tests_time")
        while True:
            try:
                time = talk.number()
            except SkipError:
                return []
            except BackError:
                self._back()
                continue
            assert isinstance(time, float)
            if time >= 0:
                return list(within(offered, time or minutes))
            talk.heading("bad_range")

    def _one_test(self, offer: "Offer") -> None:
        from levelstride.screening.writing import skipped_test

        try:
            self.session.write(*lead_test(self.talk, offer))
        except SkipError:
            self.session.write(skipped_test(offer.test.id, "caution" if offer.cautions else "skipped"))
            self.talk.heading("skipped")
        except BackError:
            self._back()
        except StopError:
            self.session.write(skipped_test(offer.test.id, "stopped"))
            self._something_felt_wrong()

    def _something_felt_wrong(self) -> None:
        from levelstride.screening.questions import session_flags
        from levelstride.screening.writing import page_bodies

        page = session_flags(self.known)
        self.talk.title(self.talk.phrases.say(page.title))
        while True:
            try:
                self.session.write(*page_bodies(page, ask_page(self.talk, page)))
                return
            except (BackError, SkipError):
                self.talk.heading("cannot_skip")

    def _left(self) -> "list[Offer]":
        from levelstride.screening.protocols import offers
        from levelstride.screening.safety import caution_codes
        from levelstride.screening.writing import is_settled, open_tests

        state, now = self.session.state, self.session.now()
        if self.tests:
            codes = tuple(caution_codes(state, self.known))
            return [one for one in offers(self.tests, codes, self.known) if not is_settled(one, state, self.begin)]
        return list(open_tests(state, self.known, now, begin=self.begin if self.again else None))

    def _close(self) -> None:
        from levelstride.cli.findings import print_findings

        left = [] if self.tests else self._left()
        if left:
            self.talk.heading("tests_left", count=len(left))
        else:
            self.talk.heading("tests_done")
        print_findings(self.talk, self.session)
        days = {one.at.date() for one in self.session.state.measures}
        if len(days) == 1:
            self.talk.heading("second_day")


# --------------------------------------------------------------------------------------------------- why


def _explain(session: Session, language: str | None, units: str | None, *, as_json: bool) -> None:
    from levelstride.cli.screen.stopping import question_text
    from levelstride.screening.safety import decide

    if as_json:
        typer.echo(json.dumps(_as_json(session, None), ensure_ascii=False, indent=2, default=str))
        return
    talk = Talk(session.phrases(language, units))
    decision = decide(session.state, session.known, session.now())
    talk.title(talk.phrases.heading("why_title"))
    for reason in decision.reasons:
        talk.say(f"{talk.phrases.say(reason.says)} [{reason.rule}: {reason.case}]", indent="  - ")
        for because in reason.because:
            when = because.at.date().isoformat() if isinstance(because.at, datetime) else ""
            talk.say(f"{question_text(talk, because) or because.question} ({when})", indent="      ")
    for code, because_of in decision.cautions.items():
        talk.say(f"{talk.phrases.say(session.known.cautions[code].name)} [{code}]", indent="  - ")
        for because in because_of:
            talk.say(question_text(talk, because) or because.question, indent="      ")


def _as_json(session: Session, outcome: str | None) -> dict[str, object]:
    """Return the decision and everything behind it."""
    from dataclasses import asdict

    from levelstride.screening.questions import battery, count_signs, progress
    from levelstride.screening.safety import decide

    now = session.now()
    decision = decide(session.state, session.known, now)
    done, total = progress(session.state, session.known, now)
    level, tests = battery(session.state, session.known)
    return {
        "outcome": outcome,
        "level": decision.level,
        "may_start": decision.may_start,
        "actions": sorted(decision.actions),
        "reasons": [asdict(reason) for reason in decision.reasons],
        "cautions": {code: [asdict(one) for one in why] for code, why in decision.cautions.items()},
        "missing": list(decision.missing),
        "pages": {"done": done, "of": total},
        "signs": count_signs(session.state, session.known),
        "tests": {"level": level, "offered": list(tests)},
    }
