"""Why it exists: one sitting at the screen, from the first question to the first results.

Every page is written down before the next one is shown; leaving at any moment loses at most the page on the screen.
"""

from datetime import datetime, timedelta
from typing import Literal

from levelstride.cli.findings import print_findings
from levelstride.cli.screen.asking import ask_page, ask_rating
from levelstride.cli.screen.stopping import settle, tell_reasons, tell_stop
from levelstride.cli.screen.testing import lead_test, stopped_results
from levelstride.cli.session import Session
from levelstride.cli.talk import AgainError, BackError, PausedError, SkipError, StopError, Talk
from levelstride.journal.bodies import Answer, Answers, Incident, Measured, Pain, Profile, Side
from levelstride.screening.cases import stopped_unexplained
from levelstride.screening.decision import Decision
from levelstride.screening.protocols import Offer, within
from levelstride.screening.questions import (
    Anew,
    Page,
    battery,
    marked_places,
    next_page,
    part,
    session_flags,
)
from levelstride.screening.safety import decide
from levelstride.screening.writing import (
    done_tests,
    is_settled,
    offers_for,
    open_tests,
    page_bodies,
    skipped_test,
    undo,
)

Outcome = Literal["done", "paused", "stopped"]
_OPEN_QUESTIONS = ("rescreen", "incomplete")


class Sitting:
    """One sitting at the screen: the next page or test, until everything is done, paused or stopped."""

    def __init__(
        self,
        session: Session,
        language: str | None,
        units: str | None,
        tests: list[str],
        *,
        again: bool,
        change: str | None = None,
        aside: bool = False,
    ) -> None:
        self.session = session
        self.known = session.known
        self.language, self.units = language, units
        self.talk = Talk(session.phrases(language, units), aside=aside)
        self.again = again
        self.begin = self.tests_begin = session.now()
        self.anew = Anew(change, self.begin) if change is not None else None
        self.tests = tests

    def run(self) -> Outcome:
        """Ask and test until everything is done, the person pauses, or something stops them."""
        talk = self.talk
        if self.language is not None and self.session.state.fact("language") != self.language:
            self.session.write(Profile(language=self.language))
        talk.title(talk.phrases.heading("screen"))
        for heading in ("wellness_notice", "not_reviewed", "screen_opening", "screen_commands"):
            talk.heading(heading)
        try:
            self._ask_what_is_open()
            self._ask_about_change()
            if not self._answer_pages():
                return "stopped"
            return "done" if self._do_tests() else "stopped"
        except PausedError:
            self._repeat_urgent()
            self.talk.heading("screen_paused")
            return "paused"

    # ------------------------------------------------------------------------------------------ questions

    def _ask_about_change(self) -> None:
        """Ask a person who comes back on another day whether their health changed."""
        last = self.session.state.latest("readiness/supervised_only")
        asked = self.session.state.latest("intake/health_changed")
        today = self.session.now().date()
        if last is None or last.at.date() == today or (asked is not None and asked.at.date() == today):
            return
        phrases = self.talk.phrases
        self.talk.title(phrases.heading("health_changed"))
        self.talk.heading("health_changed_count")
        answers: list[bool | str] = [True, False, "not_sure"]
        while True:
            try:
                chosen = self.talk.choose([phrases.heading(name) for name in ("yes", "no", "not_sure")])
            except (BackError, SkipError):
                self.talk.heading("cannot_skip")
                continue
            answer = Answer(question="intake/health_changed", value=answers[chosen])
            self.session.write(Answers(given=(answer,)))
            return

    def _answer_pages(self) -> bool:
        """Ask page after page; False when something stops the person."""
        section = None
        while True:
            state, now = self.session.state, self.session.now()
            decision = decide(state, self.known, now)
            page = next_page(state, self.known, now, self.anew)
            if self._must_stop(decision, page):
                tell_stop(self.talk, decision)
                if not settle(self.talk, self.session, decision):
                    return False
                continue
            if page is None:
                self.talk.title(self.talk.phrases.heading("may_start_agreed" if decision.lifted else "may_start"))
                return True
            self._head(page, new=page.section != section)
            section = page.section
            try:
                self.session.write(*page_bodies(page, ask_page(self.talk, page)))
                self._tell_at_once(decision)
            except BackError:
                self._back()
            except SkipError:
                self.talk.heading("cannot_skip")
            self.talk.phrases = self.session.phrases(self.language, self.units)

    def _must_stop(self, decision: Decision, page: Page | None) -> bool:
        """Say whether to stop before this page: an emergency at once, what cannot wait after the warning signs."""
        if decision.level == "emergency":
            return True
        stops = [reason for reason in decision.stops if reason.level not in _OPEN_QUESTIONS]
        if page is None:
            return bool(decision.stops)
        today = any(reason.level == "same_day" for reason in stops) and page.section != "warning_signs"
        return today or (bool(stops) and not page.safety)

    def _tell_at_once(self, before: Decision) -> None:
        """After a page that raised something for today, say so now: nobody should have to finish the questions."""
        decision = decide(self.session.state, self.known, self.session.now())
        known = {(reason.rule, reason.case) for reason in before.stops}
        new = [one for one in decision.stops if one.level == "same_day" and (one.rule, one.case) not in known]
        if new and decision.level != "emergency":
            tell_reasons(self.talk, new)
            self.talk.heading("stop_soon")

    def _repeat_urgent(self) -> None:
        decision = decide(self.session.state, self.known, self.session.now())
        urgent = [reason for reason in decision.stops if reason.level in ("emergency", "same_day")]
        if urgent:
            tell_reasons(self.talk, urgent)

    def _head(self, page: Page, *, new: bool) -> None:
        phrases = self.talk.phrases
        number, count = part(page, self.known)
        self.talk.title(f"{phrases.say(page.title)} ({phrases.heading('screen_part', value=number, count=count)})")
        if new:
            if page.says and page.says != page.items[0].asks:
                self.talk.say(phrases.say(page.says))
            self.talk.heading("screen_keys")

    def _back(self, since: datetime | None = None) -> None:
        taken = undo(self.session.entries, since=since or self.begin - timedelta(days=1))
        if taken:
            self.session.write(*taken)
        self.talk.heading("went_back" if taken else "nothing_to_take_back")

    # ---------------------------------------------------------------------------------------------- tests

    def _do_tests(self) -> bool:
        """Lead through the tests that are left; False when something stopped the person."""
        offered = self._left()
        if offered and not self._pain_allows():
            return False
        self.tests_begin = self.session.now()
        if self.tests:
            self._tell_left_out()
        elif offered:
            offered = self._chosen_for_today(offered)
        planned = [offer.test.id for offer in offered]
        while left := [offer for offer in self._left() if offer.test.id in planned]:
            number = len(planned) - len(left) + 1
            name = self.talk.phrases.say(left[0].test.name)
            self.talk.title(self.talk.phrases.heading("test_number", value=number, count=len(planned), name=name))
            self._one_test(left[0])
            if not self._may_go_on():
                return False
        self._close()
        return True

    def _may_go_on(self) -> bool:
        """After a test: say whether nothing stops the person, asking again what was answered by mistake."""
        while True:
            decision = decide(self.session.state, self.known, self.session.now())
            if decision.may_start:
                return True
            if stopped_unexplained(self.session.state) is not None:
                self._ask_what_is_open()
                continue
            tell_stop(self.talk, decision)
            if not settle(self.talk, self.session, decision):
                return False

    def _ask_what_is_open(self) -> None:
        """Ask what happened, when a test was stopped and nobody said so far."""
        stopped = stopped_unexplained(self.session.state)
        if stopped is not None:
            self._ask_what_happened(stopped.question.removeprefix("tests/"))

    def _pain_allows(self) -> bool:
        """Ask for the pain right now at each marked place, once a day; False when it is too much for tests."""
        while True:
            self._ask_pain()
            decision = decide(self.session.state, self.known, self.session.now())
            if decision.may_start:
                return True
            tell_stop(self.talk, decision)
            if not settle(self.talk, self.session, decision):
                return False

    def _ask_pain(self) -> None:
        today = self.session.now().date()
        pain = (one for one in self.session.state.pain if one.body.when == "now" and one.at.date() == today)
        rated = {(one.body.place, one.body.side) for one in pain}
        places = marked_places(self.session.state, self.known)
        open_places = [place for place in places if (place.id, place.side) not in rated]
        if open_places:
            self.talk.title(self.talk.phrases.say(self.known.tests["pain_now"].name))
        for place in open_places:
            score = ask_rating(self.talk, place.label, place.side)
            self.session.write(Pain(place=place.id, side=place.side, score=score, when="now"))

    def _chosen_for_today(self, offered: list[Offer]) -> list[Offer]:
        """Say what there is, ask for the time, return what fits into it."""
        talk = self.talk
        level, _ = battery(self.session.state, self.known)
        talk.title(talk.phrases.heading("tests_now"))
        talk.heading({"full_plan": "tests_full", "short_plan": "tests_short"}.get(level, "tests_maintenance"))
        minutes = sum(offer.test.minutes for offer in offered)
        talk.heading("tests_offered", count=len(offered), value=talk.phrases.number(minutes, 0))
        self._tell_left_out()
        talk.heading("tests_time")
        while True:
            try:
                time = talk.number()
            except SkipError:
                return []
            except BackError:
                talk.heading("nothing_to_take_back")
                continue
            assert isinstance(time, float)
            if time >= 0:
                return list(within(offered, time or minutes))
            talk.heading("bad_number")

    def _tell_left_out(self) -> None:
        """Name the tests that are not offered, and why."""
        for offer in offers_for(self.session.state, self.known, self.session.now().date(), self.tests or None):
            if offer.left_out is not None:
                self.talk.heading(f"left_out_{offer.left_out}", name=self.talk.phrases.say(offer.test.name))

    def _one_test(self, offer: Offer) -> None:
        begin = self.session.now()
        done: list[Side | None] = []

        def keep(measured: Measured) -> None:
            done.append(measured.side)
            self.session.write(measured)

        try:
            lead_test(self.talk, offer, self.session.state, keep)
        except SkipError:
            self.session.write(skipped_test(offer.test.id, "caution" if offer.cautions else "skipped"))
            self.talk.heading("skipped")
        except AgainError:
            for _ in done:
                self.session.write(*undo(self.session.entries, since=begin))
            self.talk.heading("page_again")
        except BackError:
            self._back(since=self.tests_begin)
        except StopError:
            self._something_felt_wrong(offer, done)

    def _something_felt_wrong(self, offer: Offer, done: list[Side | None]) -> None:
        """First what to do, then what happened; a fall is written down as one."""
        talk = self.talk
        talk.title(talk.phrases.heading("stop_title"))
        talk.say(talk.phrases.heading("stop_first"), bold=True)
        self.session.write(skipped_test(offer.test.id, "stopped"), *stopped_results(offer.test, done))
        self._ask_what_happened(offer.test.id)

    def _ask_what_happened(self, test: str) -> None:
        talk, page = self.talk, session_flags(self.known)
        talk.title(talk.phrases.heading("stop_what"))
        while True:
            try:
                bodies = page_bodies(page, ask_page(talk, page))
                break
            except (BackError, SkipError):
                talk.heading("cannot_skip")
        given = [answer for body in bodies if isinstance(body, Answers) for answer in body.given]
        fell = any(answer.value is True and answer.question.startswith("red_flags/sess_fall") for answer in given)
        if fell:
            note = Incident(what="fall", answers=tuple(one for one in given if one.value is True), note=test or None)
            bodies = (*bodies, note)
        self.session.write(*bodies)
        if fell:
            talk.heading("after_a_fall")

    def _left(self) -> list[Offer]:
        state, now = self.session.state, self.session.now()
        if self.tests:
            found = offers_for(state, self.known, now.date(), self.tests)
            return [one for one in found if one.left_out is None and not is_settled(one, state, self.begin)]
        if self.again:
            before = done_tests(state, before=now.date())
            return [one for one in open_tests(state, self.known, now, begin=self.begin) if one.test.id in before]
        return list(open_tests(state, self.known, now))

    def _close(self) -> None:
        """Show the results, then what comes next with the command for it."""
        print_findings(self.talk, self.session)
        talk, now = self.talk, self.session.now()
        talk.title(talk.phrases.heading("next_title"))
        left = open_tests(self.session.state, self.known, now)
        if left:
            days = self.known.limits["screen_days"].number()
            until = (now + timedelta(days=days)).date().isoformat()
            talk.heading("tests_left" if len(left) > 1 else "tests_left_one", count=len(left), date=until)
            talk.say("levelstride screen", indent="      ")
        by_hand = (one for one in self.session.state.measures if one.body.origin.method == "hand")
        days_done = sorted({one.at.date() for one in by_hand if one.body.value is not None})
        if len(days_done) == 1:
            until = (days_done[0] + timedelta(days=self.known.limits["baseline_days"].number())).isoformat()
            talk.heading("second_day", date=until)
            talk.say("levelstride screen --again", indent="      ")
        elif days_done:
            weeks = self.known.rules["retest"].figures["second"].number()
            talk.heading("third_day", date=(days_done[0] + timedelta(weeks=weeks)).isoformat())
            talk.say("levelstride screen --again, levelstride compare", indent="      ")
        if not left and not days_done:
            talk.heading("tests_done")
