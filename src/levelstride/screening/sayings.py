"""Why it exists: one wording of decisions, findings and changes for terminal, app and print, in each language.

Sentences come from the library (the test's own rules, headings); here numbers are put into them, in the person's units.
``{error}`` is the margin: the true value lies within it 19 times in 20.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from levelstride.journal.bodies import Side
from levelstride.library.knowledge import Knowledge
from levelstride.library.translations import Speaker
from levelstride.screening.change import Change, Difference
from levelstride.screening.findings import Assessment, Finding
from levelstride.screening.series import Z_95, Subject

Units = Literal["metric", "imperial"]

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SENTENCES = re.compile(r"(?<=[.?!])\s+")
_DECIMALS = {"s": 1, "m/s": 2, "cm": 1, "m": 0, "deg": 1, "%": 0, "reps": 0, "points": 1, "steps/min": 0, "Nm/kg": 2}
IMPERIAL = {"m/s": ("mph", 3600 / 1609.344), "cm": ("in", 1 / 2.54), "m": ("ft", 1 / 0.3048), "kg": ("lb", 2.20462262)}
_UNIT_HEADINGS = {
    "reps": "repetitions",
    "points": "unit_points",
    "steps/min": "unit_steps_min",
    "% of cycle": "unit_pct_cycle",
    "% of leg length": "unit_pct_leg",
}


@dataclass(frozen=True)
class Said:
    """A finding or a change in words: the sentences a person reads, in order."""

    title: str
    lines: tuple[str, ...]


class Phrases:
    """Puts numbers into sentences, in one language and one system of units."""

    def __init__(self, known: Knowledge, language: str = "en", units: Units = "metric") -> None:
        self.known = known
        self.speaker = Speaker(known, language)
        self.language = language
        self.units = units

    def say(self, text: str) -> str:
        """Return a text of the library in this language."""
        return self.speaker.say(text)

    def heading(self, key: str, **values: object) -> str:
        """Return a heading with its placeholders filled."""
        return fill(self.speaker.heading(key), {name: str(value) for name, value in values.items()})

    def number(self, value: float, decimals: int) -> str:
        """Write a number as this language does, with a true minus sign."""
        from babel.numbers import format_decimal

        rounded = round(value, decimals) + 0.0  # no minus before a plain zero
        pattern = "0." + "0" * decimals if decimals else "0"
        if rounded == int(rounded):
            pattern = "0"
        return str(format_decimal(rounded, format=pattern, locale=self.language)).replace("-", "−")

    def amount(
        self, value: float, unit: str, *, bare: bool = False, decimals: int | None = None, finer: int = 0
    ) -> str:
        """Write a value with its unit, in the person's units; ``bare`` leaves the unit out, ``finer`` adds digits."""
        decimals = (_DECIMALS.get(unit, 1) if decimals is None else decimals) + finer
        if self.units == "imperial" and unit in IMPERIAL:
            unit, factor = IMPERIAL[unit]
            value, decimals = value * factor, max(1, decimals - 1) + finer
        text = self.number(value, decimals)
        if text in ("0", "−0") and value:
            text = self.number(value, decimals + 1)
        if bare:
            return text
        if unit == "deg":
            return f"{text}°"
        return f"{text} {self.unit(unit, one=text in ('1', '−1'))}"

    def unit(self, unit: str, *, one: bool = False) -> str:
        """Return the word of a unit, in the singular for ``one``."""
        key = _UNIT_HEADINGS.get(unit)
        if key is None:
            return unit
        return self.speaker.heading(f"{key}_one" if one and f"{key}_one" in self.known.headings else key)

    def typed_unit(self, unit: str) -> tuple[str, float]:
        """Return the unit in which a person types a value, and what it is multiplied with to give ``unit``."""
        if self.units == "imperial" and unit in ("cm", "m"):
            name, factor = IMPERIAL[unit]
            return name, 1 / factor
        words = {"deg": "°", "s": self.speaker.heading("seconds")}
        return words.get(unit) or self.unit(unit), 1.0

    def side(self, side: Side | None) -> str:
        """Return the word for a side; empty for none."""
        return "" if side is None else self.speaker.heading(side)

    def subject(self, subject: Subject, side: Side | None) -> str:
        """Return what a result is about, with its side."""
        name = subject.activity or self.say(subject.name)
        return f"{name}, {self.side(side).lower()}" if side else name


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into the placeholders of a text; a sentence whose value is not known is left out."""
    sentences = _SENTENCES.split(text) if _PLACEHOLDER.search(text) else [text]
    told = [one for one in sentences if set(_PLACEHOLDER.findall(one)) <= set(values)]
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], " ".join(told))


def say_finding(finding: Finding, phrases: Phrases) -> Said:
    """Return what one finding says: measured, what it means with its certainty, what it cannot tell."""
    title = phrases.subject(finding.subject, finding.side)
    return Said(title, tuple(_finding_lines(finding, phrases)))


def result_text(finding: Finding, phrases: Phrases) -> str:
    """Return the result itself: value and margin, or that the test was done for its full time."""
    subject, point = finding.subject, finding.point
    assert point is not None
    value = phrases.amount(point.value, subject.unit, decimals=subject.decimals)
    margin = phrases.amount(finding.margin or 0, subject.unit, decimals=subject.decimals)
    test = subject.test
    if test is not None and test.entry is not None and test.entry.cap == point.value:
        return phrases.heading("result_full", value=value)
    if test is not None and test.kind == "self_report":
        return phrases.heading("result_said", value=value)
    if point.days > 1:
        return phrases.heading("result_days", value=value, error=margin, count=point.days)
    return phrases.heading("result_line", value=value, error=margin)


def _finding_lines(finding: Finding, phrases: Phrases) -> Iterator[str]:
    subject, point = finding.subject, finding.point
    if point is None:
        yield phrases.heading("not_measurable")
        if finding.unmeasured is not None and finding.unmeasured.code in ("no_try", "stopped"):
            yield phrases.heading(f"unmeasured_{finding.unmeasured.code}")
        elif finding.unmeasured is not None and finding.unmeasured.text:
            yield phrases.say(finding.unmeasured.text)
        if finding.unmeasured is not None and finding.unmeasured.fix:
            yield phrases.say(finding.unmeasured.fix)
        return
    yield result_text(finding, phrases)
    if finding.norm is not None:
        yield phrases.heading("norm_line", norm=norm_text(finding, phrases))
    for one in _worth_saying(finding):
        yield from _assessment_lines(one, finding, phrases)
    if finding.verdict in ("within", "described"):
        yield from _trend_line(finding, phrases)
    hurt = point.conditions.get("pain_during")
    if hurt not in (None, "0"):
        yield phrases.heading("hurt_line", value=hurt)
    if finding.verdict in ("outside", "uncertain") and subject.test is not None:
        yield phrases.say(subject.test.may_tell)
        yield phrases.say(subject.test.cannot_tell)


def _worth_saying(finding: Finding) -> list[Assessment]:
    """Return what is told about one result: what is past a mark, else the one mark it is nearest to; then the sides."""
    marks = [one for one in finding.assessments if one.gap is None]
    gaps = [one for one in finding.assessments if one.gap is not None]
    past = [one for one in marks if one.verdict == "outside"]
    marks = [one for one in marks if not one.rule.informs]
    nearest = [max(marks, key=lambda one: (one.probability, -abs(one.value - one.limit)))] if marks else []
    return [*(past or nearest), *gaps]


def _trend_line(finding: Finding, phrases: Phrases) -> Iterator[str]:
    """Say the test's own sentence about its trend, where there is something to compare with."""
    test, unit = finding.subject.test, finding.subject.unit
    rules = [rule for rule in test.finding_rules if rule.compare == "trend_only"] if test is not None else []
    if not rules or finding.point is None or finding.subject.activity is not None:
        return
    bare = "{value} out of" in rules[0].says
    values = {
        "value": phrases.amount(finding.point.value, unit, bare=bare),
        "error": phrases.amount(finding.margin or 0, unit),
    }
    before = finding.other if "on the other" in rules[0].says else finding.previous
    if before is not None:
        values["other"] = phrases.amount(before.value, unit, bare=bare)
        yield fill(phrases.say(rules[0].says), values)


def norm_text(finding: Finding, phrases: Phrases) -> str:
    """Return the published figure beside a result, or both when the sex is not stated."""
    assert finding.norm is not None
    texts = dict.fromkeys(phrases.amount(value, finding.subject.unit) for value in sorted(finding.norm.values))
    return f" {phrases.heading('or')} ".join(texts)


def _assessment_lines(one: Assessment, finding: Finding, phrases: Phrases) -> Iterator[str]:
    unit = finding.subject.unit
    limit = phrases.amount(one.limit, unit)
    if one.gap is not None and one.other is not None:
        gap, margin = phrases.amount(one.gap, unit), phrases.amount(one.margin, unit)
        if not one.clear:
            yield phrases.heading("no_clear_gap", value=gap, error=margin)
        elif one.verdict == "within":
            yield phrases.heading("small_gap", value=gap, error=margin, limit=limit)
        elif one.verdict == "uncertain":
            yield phrases.heading("uncertain_gap", value=gap, error=margin, limit=limit)
        else:
            yield say_rule(one, finding, phrases)
    elif one.verdict == "outside":
        yield say_rule(one, finding, phrases)
    elif one.verdict == "uncertain":
        chance = phrases.number(100 * one.probability, 0)
        yield phrases.heading("uncertain_line", limit=limit, count=chance)
    else:
        yield phrases.heading("within_line", limit=limit)


def say_rule(one: Assessment, finding: Finding, phrases: Phrases) -> str:
    """Return the library's own sentence of a rule that fires, with its numbers."""
    unit, english = finding.subject.unit, one.rule.says
    bare = "{value} out of" in english
    values = {
        "value": phrases.amount(one.value, unit, bare=bare),
        "error": phrases.amount(one.margin, unit),
        "limit": phrases.amount(one.limit, unit),
    }
    if finding.norm is not None:
        values["norm"] = norm_text(finding, phrases)
    if one.other is not None:
        values["other"] = phrases.amount(one.other, unit)
    return fill(phrases.say(english), values)


def say_change(change: Change, phrases: Phrases) -> Said:
    """Return what a comparison of two results says."""
    return Said(phrases.subject(change.subject, change.side), tuple(_change_lines(change, phrases)))


def _change_lines(change: Change, phrases: Phrases) -> Iterator[str]:
    subject = change.subject

    def amount(value: float, finer: int = 0) -> str:
        return phrases.amount(value, subject.unit, decimals=subject.decimals, finer=finer)

    yield phrases.heading(
        "change_line",
        other=amount(change.before.value),
        value=amount(change.now.value),
        date=change.before.at.date().isoformat(),
        name=change.now.at.date().isoformat(),
        error=amount(Z_95 * max(change.before.standard_error, change.now.standard_error)),
    )
    if change.verdict == "not_comparable":
        yield phrases.heading("not_comparable")
        for unlike in change.differences:
            yield phrases.heading("unlike_line", name=_what(unlike, change, phrases))
        yield phrases.heading("test_alike")
        return
    assert change.mdc is not None
    size, least = amount(abs(change.change)), amount(change.mdc.value)
    if size == least:
        size, least = amount(abs(change.change), 1), amount(change.mdc.value, 1)
    cases = {case.id: case.says or "" for case in phrases.known.rules["retest"].cases}
    words = {"real_change": "real_change", "no_detectable_change": "no_clear", "error_not_known": "no_mdc"}
    yield phrases.say(cases[words[change.verdict]])
    if change.verdict == "error_not_known":
        yield phrases.heading("mdc_unknown", value=size)
    else:
        yield phrases.heading("mdc_line", value=size, limit=least, name=phrases.heading(f"mdc_{change.mdc.source}"))
    if change.out_of_reach:
        yield phrases.heading("too_coarse")
    if change.direction in ("better", "worse"):
        yield phrases.heading(f"change_{change.direction}")
    for rule in change.rules:
        bare = "{value} out of" in rule.says
        yield fill(
            phrases.say(rule.says),
            {
                "value": phrases.amount(change.now.value, subject.unit, bare=bare),
                "other": phrases.amount(change.before.value, subject.unit, bare=bare),
                "error": least,
            },
        )
    if change.too_soon:
        yield phrases.say(cases["too_soon"])


def _what(unlike: Difference, change: Change, phrases: Phrases) -> str:
    """Return what was not alike: a condition's own question with both answers, or a heading."""
    test = change.subject.test
    for condition in test.conditions if test is not None else ():
        if condition.id == unlike.what:
            texts = [condition.options.get(answer or "", "-") for answer in (unlike.before, unlike.now)]
            return f"{phrases.say(condition.asks)} {' → '.join(phrases.say(text) for text in texts)}"
    return phrases.heading(f"unlike_{unlike.what}")
