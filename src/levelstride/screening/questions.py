"""Why it exists: which page of questions comes next, from the answers so far - the same for terminal and app.

A page holds items; each item is one question with its path in the journal. The pages follow ``intake.yaml``; a page is
open while one of its items has no valid answer. Nothing is remembered here: leave, come back, undo - the answers in
the journal say where the person stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from levelstride.journal.bodies import AnswerValue, Side
from levelstride.journal.state import Given, State
from levelstride.library.knowledge import Knowledge
from levelstride.library.schema.intake import AnswerKind, Question, Section
from levelstride.screening.answers import YES, last_yes, was_answered
from levelstride.screening.person import Age, age_on
from levelstride.screening.safety import DAILY, exclusions_asked, flags_asked, valid_answer

#: Sections that decide whether anything may start, and those that tell what hurts; a change of health asks them again.
SAFETY_SECTIONS = ("about_you", "warning_signs", "hard_limits", "health", "today", "conditions")
COMPLAINTS = ("body_map", "signs")
MOST_ACTIVITIES = 5
LONGEST_LINE = 100
LONGEST_TEXT = 5000


@dataclass(frozen=True)
class Item:
    """One question; texts in English, to be translated by a Speaker."""

    path: str
    asks: str
    kind: AnswerKind
    side: Side | None = None
    options: dict[str, str] = field(default_factory=dict)
    none_of_these: str | None = None
    why: str | None = None
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    whole: bool = True
    optional: bool = False
    fills: str | None = None
    about: str | None = None


@dataclass(frozen=True)
class Page:
    """What is asked together.

    ``any_of``: items are yes-no questions shown as one list, from which the person picks what is true.
    """

    id: str
    section: str
    title: str
    items: tuple[Item, ...]
    layout: Literal["each", "any_of"] = "each"
    says: str | None = None
    safety: bool = False


@dataclass(frozen=True)
class Anew:
    """A section that is asked again, whatever was answered before ``since``."""

    section: str
    since: datetime


def next_page(state: State, known: Knowledge, now: datetime, anew: Anew | None = None) -> Page | None:
    """Return the first page with an open item (only its open items, on a page of the kind ``each``)."""
    for page in pages(state, known, now):
        open_items = tuple(item for item in page.items if not is_answered(item, page, state, known, now, anew))
        if open_items:
            items = page.items if page.layout == "any_of" else open_items
            return Page(page.id, page.section, page.title, items, page.layout, page.says, page.safety)
    return None


def pages(state: State, known: Knowledge, now: datetime) -> Iterator[Page]:
    """Give every page that concerns this person, in order, as far as the answers so far can tell."""
    age = age_on(state, now.date())
    for section in known.intake.sections:
        if section.id != "about_you" and age is None:
            return
        yield from _section_pages(section, state, known, age)


def part(page: Page, known: Knowledge) -> tuple[int, int]:
    """Return the number of the page's section, and how many sections there are."""
    sections = [section.id for section in known.intake.sections]
    return sections.index(page.section) + 1, len(sections)


def progress(state: State, known: Knowledge, now: datetime) -> tuple[int, int]:
    """Return how many pages are done, and how many there are as far as known."""
    done = total = 0
    for page in pages(state, known, now):
        total += 1
        done += all(is_answered(item, page, state, known, now) for item in page.items)
    return done, total


def is_answered(
    item: Item, page: Page, state: State, known: Knowledge, now: datetime, anew: Anew | None = None
) -> bool:
    """Say whether an item has an answer that still holds; a skipped optional item counts as answered.

    After a change of health the body map and the signs are asked again, as the safety questions are.
    """
    last = _last_time(item, state)
    if anew is not None and page.section == anew.section and (last is None or last < anew.since):
        return False
    if item.fills is not None:
        return item.fills in state.profile or _was_skipped(item, state)
    if item.path in (f"intake/{name}" for name in DAILY):
        days = [given.at.date() for given in state.answers.get((item.path, None), ())]
        return valid_answer(state, known, now, item.path) is not None and now.date() in days
    if page.safety:
        return valid_answer(state, known, now, item.path) is not None or _was_skipped(item, state)
    if last is None:
        return False
    if item.path.startswith("activities/score/"):
        return now - last < timedelta(days=known.limits["baseline_days"].number())  # rated anew at each test time
    changed = last_yes(state, "intake/health_changed")
    return page.section not in COMPLAINTS or changed is None or last >= changed.at


def _last_time(item: Item, state: State) -> datetime | None:
    """Return when an item was answered last."""
    given, fact = state.latest(item.path, item.side), state.profile.get(item.fills or "")
    times = [found.at for found in (given, fact) if found is not None]
    return max(times, default=None)


def _was_skipped(item: Item, state: State) -> bool:
    given = state.latest(item.path, item.side)
    return item.optional and given is not None and given.value is None


def asked(question: Question, state: State, age: Age | None) -> bool:
    """Say whether a question of the intake concerns this person."""
    if question.ages != (None, None) and (age is None or not age.touches(question.ages)):
        return False
    return was_answered(question.asked_if, state)


def _section_pages(section: Section, state: State, known: Knowledge, age: Age | None) -> Iterator[Page]:
    safety = section.id in SAFETY_SECTIONS
    if section.holds == "questions":
        for question in section.questions:
            if asked(question, state, age):
                item = _item(f"intake/{question.id}", question)
                yield Page(
                    f"{section.id}/{question.id}", section.id, section.title, (item,), "each", section.says, safety
                )
    elif section.holds == "red_flags" and age is not None:
        yield from _flag_pages(section, state, known, age)
    elif section.holds == "exclusions":
        entries = exclusions_asked(known, state)
        items = tuple(Item(f"exclusions/{entry.id}", entry.asks, "yes_no") for entry in entries)
        yield Page(section.id, section.id, section.title, items, "any_of", section.says, True)
    elif section.holds == "readiness":
        yield from _readiness_pages(section, state, known)
    elif section.holds == "body_map":
        yield from _body_pages(section, state, known)
    elif section.holds == "signs":
        yield from _sign_pages(section, state, known)
    elif section.holds == "activities":
        yield from _activity_pages(section, state, known)


def _flag_pages(section: Section, state: State, known: Knowledge, age: Age) -> Iterator[Page]:
    groups: dict[str, list[Item]] = {}
    for flag in flags_asked(known, age, state):
        groups.setdefault(flag.group, []).append(Item(f"red_flags/{flag.id}", flag.asks, "yes_no"))
    for group, items in groups.items():
        title = known.intake.group_titles[group]
        yield Page(f"{section.id}/{group}", section.id, title, tuple(items), "any_of", section.says, True)


def session_flags(known: Knowledge) -> Page:
    """Return the page that is shown when a test or a session was stopped because something felt wrong."""
    flags = [flag for flag in known.rules["red_flags"].flags if flag.group == "in_session"]
    items = tuple(Item(f"red_flags/{flag.id}", flag.asks, "yes_no") for flag in flags)
    title = known.intake.group_titles["in_session"]
    return Page("in_session", "in_session", title, items, "any_of", None, True)


def _readiness_pages(section: Section, state: State, known: Knowledge) -> Iterator[Page]:
    for topic in known.rules["readiness"].topics:
        path = f"readiness/{topic.id}"
        item = Item(path, topic.asks, "yes_no")
        yield Page(f"{section.id}/{topic.id}", section.id, section.title, (item,), "each", section.says, True)
        given = state.latest(path)
        if given is not None and given.value in YES and topic.follow_up:
            items = tuple(Item(f"{path}/{n}", asks, "yes_no") for n, asks in enumerate(topic.follow_up))
            yield Page(f"{section.id}/{topic.id}/more", section.id, section.title, items, "each", None, True)


def _body_pages(section: Section, state: State, known: Knowledge) -> Iterator[Page]:
    places = known.intake.places
    labels = {name: place.label for name, place in places.items()}
    none = known.headings["nowhere"]
    marked = Item("body_map/places", section.says or section.title, "several", options=labels, none_of_these=none)
    yield Page(section.id, section.id, section.title, (marked,))
    for name in _chosen(state.latest("body_map/places")):
        place = places.get(name)
        if place is None:
            continue
        sides: tuple[Side | None, ...] = (None,)
        if place.sided:
            which = _item(f"body_map/{name}/side", known.intake.which_side, about=place.label)
            yield Page(f"{section.id}/{name}/side", section.id, section.title, (which,))
            sides = _sides_of(place.sided, state.value(which.path))
        for side in sides:
            items = tuple(
                _item(f"body_map/{name}/{question.id}", question, side=side, about=place.label)
                for question in known.intake.place_details
                if _detail_asked(question, f"body_map/{name}", side, state)
            )
            yield Page(f"{section.id}/{name}/{side or 'middle'}", section.id, section.title, items)


def _sign_pages(section: Section, state: State, known: Knowledge) -> Iterator[Page]:
    signs = known.intake.signs
    items = tuple(Item(f"signs/{name}", sign.asks, "yes_no") for name, sign in signs.items())
    yield Page(section.id, section.id, section.title, items, "any_of", section.says)
    for name, sign in signs.items():
        if state.value(f"signs/{name}") not in YES:
            continue
        side = known.intake.which_side.model_copy(update={"asks": sign.side_asks or known.intake.which_side.asks})
        questions = [*((side,) if sign.sided else ()), *known.intake.sign_details, *sign.details]
        details = tuple(
            _item(f"signs/{name}/{question.id}", question, about=sign.asks)
            for question in questions
            if _detail_asked(question, f"signs/{name}", None, state)
        )
        yield Page(f"{section.id}/{name}", section.id, section.title, details)


def _detail_asked(question: Question, path: str, side: Side | None, state: State) -> bool:
    """Say whether a detail concerns this place or sign, from the other details of the same one."""
    for name, answers in question.asked_if.items():
        chosen = _chosen(state.latest(f"{path}/{name}", side))
        if not set(answers) & set(chosen):
            return False
    return True


def _activity_pages(section: Section, state: State, known: Knowledge) -> Iterator[Page]:
    names = Item(
        "activities/names", section.says or section.title, "lines", high=MOST_ACTIVITIES, optional=True,
        why=known.tests["psfs"].setup[2],
    )  # fmt: skip
    yield Page(section.id, section.id, section.title, (names,))
    asks = known.headings["rate_activity"]
    for name in _chosen(state.latest("activities/names")):
        item = Item(f"activities/score/{name}", asks, "rating", about=name, why=known.tests["psfs"].steps[3])
        yield Page(f"{section.id}/{name}", section.id, section.title, (item,))


def _chosen(given: Given | None) -> tuple[str, ...]:
    return given.value if given is not None and isinstance(given.value, tuple) else ()


def _item(path: str, question: Question, *, side: Side | None = None, about: str | None = None) -> Item:
    return Item(
        path=path,
        asks=question.asks,
        kind=question.kind,
        side=side,
        options=dict(question.options),
        none_of_these=question.none_of_these,
        why=question.why,
        unit=question.unit,
        low=question.low,
        high=question.high,
        whole=question.whole,
        optional=question.optional,
        fills=question.fills,
        about=about,
    )


@dataclass(frozen=True)
class MarkedPlace:
    """A place of the body map that the person marked, on one side; ``long`` = there for more than three months."""

    id: str
    label: str
    side: Side | None
    severity: float | None
    long: bool


_LONG = ("months_3_12", "years_1_5", "over_5_years")


def marked_places(state: State, known: Knowledge) -> tuple[MarkedPlace, ...]:
    """Return the marked places, one for each side."""
    found = []
    for name in _chosen(state.latest("body_map/places")):
        place = known.intake.places.get(name)
        if place is None:
            continue
        for side in _sides_of(place.sided, state.value(f"body_map/{name}/side")):
            severity = state.value(f"body_map/{name}/severity", side)
            long = state.value(f"body_map/{name}/duration", side) in _LONG
            score = float(severity) if isinstance(severity, int | float) else None
            found.append(MarkedPlace(name, place.label, side, score, long))
    return tuple(found)


def _sides_of(sided: bool, answer: AnswerValue) -> tuple[Side | None, ...]:
    if not sided:
        return (None,)
    return {"left": ("left",), "right": ("right",), "both": ("left", "right")}.get(str(answer), ())  # type: ignore[return-value]


def count_signs(state: State, known: Knowledge) -> int:
    """Return how many of the everyday signs were answered with yes."""
    return sum(state.value(f"signs/{name}") in YES for name in known.rules["screening_signs"].lists["signs"])


def battery(state: State, known: Knowledge, today: date | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the level of the rule ``screening_signs`` for the number of signs, and the tests it offers, in order.

    Tests that look at a sign or a place the person named belong to the set at every level, and the more they do so, the
    earlier they come. With ``today``, only tests for the person's age.
    """
    figures = known.rules["screening_signs"].figures
    signs = count_signs(state, known)
    if signs >= figures["full_plan"].number():
        level = "full_plan"
    else:
        level = "short_plan" if signs > figures["none"].number() else "maintenance"
    named = [
        test for name, sign in known.intake.signs.items() if state.value(f"signs/{name}") in YES for test in sign.tests
    ]
    marked = _chosen(state.latest("body_map/places"))
    named += [test for name in marked if name in known.intake.places for test in known.intake.places[name].tests]
    every = dict.fromkeys(test for tests in known.intake.batteries.values() for test in tests)
    offered = [test for test in every if test in named or test in known.intake.batteries[level]]
    age = age_on(state, today) if today is not None else None
    of_age = [test for test in offered if _is_of_age(known.intake.test_ages.get(test), age)]
    return level, tuple(sorted(of_age, key=lambda test: -named.count(test)))


def _is_of_age(ages: tuple[int | None, int | None] | None, age: Age | None) -> bool:
    if ages is None or age is None:
        return True
    youngest, oldest = ages
    return (youngest is None or age.low >= youngest) and (oldest is None or age.low <= oldest)


def check_answer(item: Item, value: AnswerValue) -> AnswerValue:
    """Return an answer when it fits its item.

    Raises
    ------
    ValueError
        Names what does not fit: ``required``, ``kind``, ``range``, ``whole``, ``option``, ``too_many``, ``too_long``.
    """
    if value is None:
        if item.optional:
            return None
        raise ValueError("required")
    if item.kind == "yes_no":
        return _checked(value, isinstance(value, bool) or value == "not_sure", "kind")
    if item.kind == "one":
        return _checked(value, value in item.options, "option")
    if item.kind == "several":
        return _checked(value, isinstance(value, tuple) and all(entry in item.options for entry in value), "option")
    if item.kind == "lines":
        _checked(value, isinstance(value, tuple) and all(entry.strip() for entry in value), "kind")
        _checked(value, all(len(entry) <= LONGEST_LINE for entry in value), "too_long")  # type: ignore[union-attr]
        return _checked(value, len(value) <= (item.high or MOST_ACTIVITIES), "too_many")  # type: ignore[arg-type]
    if item.kind == "text":
        _checked(value, isinstance(value, str) and bool(value.strip()), "kind")
        return _checked(value, len(value) <= LONGEST_TEXT, "too_long")  # type: ignore[arg-type]
    _checked(value, isinstance(value, int | float) and not isinstance(value, bool), "kind")
    number = float(value)  # type: ignore[arg-type]
    low, high = (0.0, 10.0) if item.kind == "rating" else (item.low, item.high)
    _checked(value, (low is None or number >= low) and (high is None or number <= high), "range")
    return _checked(number, not (item.whole and number != int(number)), "whole")


def _checked(value: AnswerValue, fits: bool, problem: str) -> AnswerValue:
    if not fits:
        raise ValueError(problem)
    return value
