"""Why it exists: a file may only point to what exists - sources, words, cautions, faults, exercises, requirements."""

import re
from collections.abc import Container, Iterator

from levelstride.library.knowledge import Knowledge
from levelstride.library.loader import measure_library
from levelstride.library.schema.exercises import MuscleActivity
from levelstride.library.schema.rules import Rule

Found = tuple[str, tuple[str | int, ...], str]

_NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
_POINTED_AT = "a case of rules/finding_to_exercise.yaml"
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?\b")

#: A source that is no publication: our own choice.
OWN = "product_default"


def check(known: Knowledge) -> Iterator[Found]:
    """Give every link that leads nowhere."""
    yield from _exercises(known)
    yield from _tests(known)
    yield from _rules(known)
    yield from _intake(known)
    yield from _texts(known)


def _exercises(known: Knowledge) -> Iterator[Found]:
    words = known.vocabulary
    for name, exercise in known.exercises.items():
        file = f"exercises/{name}.yaml"
        for key in ("easier", "harder"):
            for index, other in enumerate(getattr(exercise, key)):
                yield from _one(file, (key, index), other, known.exercises, "an exercise")
        if exercise.no_equipment_variant:
            place = ("no_equipment_variant",)
            yield from _one(file, place, exercise.no_equipment_variant, known.exercises, "an exercise")
        yield from _one(file, ("position",), exercise.position, words.positions, "a position of vocabulary.yaml")
        for index, choices in enumerate(exercise.equipment.needs):
            for item, thing in enumerate(choices):
                yield from _one(file, ("equipment", "needs", index, item), thing, words.equipment, "equipment")
        for index, thing in enumerate(exercise.equipment.optional):
            yield from _one(file, ("equipment", "optional", index), thing, words.equipment, "equipment")
        for role in ("primary", "secondary"):
            for index, muscle in enumerate(getattr(exercise.muscles, role)):
                yield from _one(file, ("muscles", role, index), muscle, words.muscles, "a muscle of vocabulary.yaml")
        for index, demand in enumerate(exercise.demands):
            yield from _one(file, ("demands", index), demand, words.demands, "a demand of vocabulary.yaml")
        for index, code in enumerate(exercise.cautions):
            yield from _one(file, ("cautions", index), code, known.cautions, "a code of cautions.yaml")
        for index, fault in enumerate(exercise.faults):
            yield from _one(file, ("faults", index, "id"), fault.id, known.faults, "a fault of faults.yaml")
        for phase, dose in exercise.doses.items():
            yield from _source(known, file, ("doses", phase, "source"), dose.source)
            if dose.preset:
                yield from _one(file, ("doses", phase, "preset"), dose.preset, known.doses, "a preset of doses.yaml")
        if exercise.tempo.preset:
            named = exercise.tempo.preset
            yield from _one(file, ("tempo", "preset"), named, known.tempos, "a preset of tempos.yaml")
        yield from _source(known, file, ("source",), exercise.source)
        for index, row in enumerate(exercise.evidence):
            yield from _activity(known, file, ("evidence", index), row)


def _activity(known: Knowledge, file: str, path: tuple[str | int, ...], row: MuscleActivity) -> Iterator[Found]:
    yield from _source(known, file, (*path, "source"), row.source)
    if row.status == "verified" and known.sources.get(row.source) and known.sources[row.source].status == "memory":
        expected = f"status: expected memory, because the source {row.source!r} was only recalled"
        yield file, (*path, "status"), expected


def _tests(known: Knowledge) -> Iterator[Found]:
    pointed_at = {case.id for case in known.rules["finding_to_exercise"].cases}
    measured = measure_library().measures
    for name, test in known.tests.items():
        file = f"tests/{name}.yaml"
        for index, code in enumerate(test.cautions):
            yield from _one(file, ("cautions", index), code, known.cautions, "a code of cautions.yaml")
        for index, fault in enumerate(test.detectors):
            yield from _one(file, ("detectors", index), fault, known.faults, "a fault of faults.yaml")
        for index, rule in enumerate(test.finding_rules):
            yield from _source(known, file, ("finding_rules", index, "source"), rule.source)
            for case in rule.points_to:
                yield from _one(file, ("finding_rules", index, "points_to"), case, pointed_at, _POINTED_AT)
        for index, item in enumerate(test.entry.items if test.entry is not None else ()):
            for case in item.points_to:
                yield from _one(file, ("entry", "items", index, "points_to"), case, pointed_at, _POINTED_AT)
        if test.error is not None:
            yield from _source(known, file, ("error", "source"), test.error.source)
        if test.from_recording is not None:
            yield from _one(file, ("from_recording", "measure"), test.from_recording.measure, measured, "a measure")
        for key in ("mdc", "single", "small"):
            figure = getattr(test.change, key)
            if figure is not None:
                yield from _source(known, file, ("change", key, "source"), figure.source)
        for index, row in enumerate(test.published):
            yield from _source(known, file, ("published", index, "source"), row.source)
        for index, requirement in enumerate(test.requirements):
            yield from _one(
                file, ("requirements", index), requirement, known.requirements, "an id of requirements.yaml"
            )


def _rules(known: Knowledge) -> Iterator[Found]:
    for name, rule in known.rules.items():
        file = f"rules/{name}.yaml"
        for figure_name, figure in rule.figures.items():
            yield from _source(known, file, ("figures", figure_name, "source"), figure.source)
        for index, case in enumerate(rule.cases):
            for key in ("first_block", "next_block"):
                for item, other in enumerate(getattr(case, key)):
                    yield from _one(file, ("cases", index, key, item), other, known.exercises, "an exercise")
        yield from _conditions(known, file, rule)
        for index, flag in enumerate(rule.flags):
            for code in flag.cautions:
                yield from _one(file, ("flags", index, "cautions"), code, known.cautions, "a caution code")
            yield from _source(known, file, ("flags", index, "source"), flag.source)
        for index, topic in enumerate(rule.topics):
            yield from _source(known, file, ("topics", index, "source"), topic.source)
            codes = [*topic.cautions, *topic.may_mean, *(code for some in topic.follow_up_cautions for code in some)]
            for code in codes:
                yield from _one(file, ("topics", index), code, known.cautions, "a caution code")
        for index, exclusion in enumerate(rule.exclusions):
            if exclusion.caution:
                yield from _one(file, ("exclusions", index), exclusion.caution, known.cautions, "a caution code")
        yield from _references(known, file, rule.sources, rule.requirements, rule.resolves)


def _conditions(known: Knowledge, file: str, rule: Rule) -> Iterator[Found]:
    """Give every condition with a bare number, or with a name that is no figure, list, rule or member of a list."""
    members = {item for other in known.rules.values() for items in other.lists.values() for item in items}
    rows = {str(row.get("id")) for other in known.rules.values() for table in other.tables.values() for row in table}
    allowed = {*rule.figures, *rule.lists, *rule.notes, *known.rules, *members, *rows}
    for index, case in enumerate(rule.cases):
        for name in _NAME.findall(case.when):
            if name not in allowed:
                expected = f"cases.{index}.when: expected a figure of this rule, but {name!r} does not exist"
                yield file, ("cases", index, "when"), expected
        for number in _NUMBER.findall(case.when):
            expected = f"cases.{index}.when: expected the name of a figure instead of the number {number}"
            yield file, ("cases", index, "when"), expected


def _texts(known: Knowledge) -> Iterator[Found]:
    for name, preset in known.doses.items():
        yield from _source(known, "doses.yaml", (name, "source"), preset.source)
    for name, tempo in known.tempos.items():
        yield from _source(known, "tempos.yaml", (name, "source"), tempo.source)
    for code, caution in known.cautions.items():
        yield from _source(known, "cautions.yaml", (code, "source"), caution.source)
        for index, demand in enumerate(caution.removes):
            yield from _one("cautions.yaml", (code, "removes", index), demand, known.vocabulary.demands, "a demand")
        for index, exercise in enumerate(caution.must_remove):
            yield from _one("cautions.yaml", (code, "must_remove", index), exercise, known.exercises, "an exercise")
    for name, limit in known.limits.items():
        yield from _source(known, "limits.yaml", (name, "source"), limit.source)
    for name, fault in known.faults.items():
        yield from _source(known, "faults.yaml", (name, "source"), fault.source)
    for index, row in enumerate(known.demand.rows):
        yield from _activity(known, "demand.yaml", ("rows", index), row)
    for index, error in enumerate(known.camera_error.rows):
        yield from _source(known, "camera_error.yaml", ("rows", index, "source"), error.source)
    for name, event in known.events.items():
        yield from _source(known, "events.yaml", (name, "source"), event.source)
    for name, group in known.cues.items():
        file = f"cues/{name}.yaml"
        for index, cue in enumerate(group.cues):
            for item, answered in enumerate(cue.faults):
                yield from _one(file, ("cues", index, "faults", item), answered, known.faults, "a fault of faults.yaml")
        yield from _references(known, file, group.sources, group.requirements, group.resolves)
    for name, card in known.education.items():
        file = f"education/{name}.yaml"
        for figure_name, figure in card.figures.items():
            yield from _source(known, file, ("figures", figure_name, "source"), figure.source)
        yield from _references(known, file, card.sources, card.requirements, card.resolves)


def _intake(known: Knowledge) -> Iterator[Found]:
    """Give what the intake names and nobody has: caution codes, signs, groups of red flags, tests, equipment."""
    file, intake, rules = "intake.yaml", known.intake, known.rules
    flags = rules["red_flags"].flags
    for index, section in enumerate(intake.sections):
        for number, question in enumerate(section.questions):
            path = ("sections", index, "questions", number)
            for code in (code for codes in question.sets.values() for code in codes):
                yield from _one(file, (*path, "sets"), code, known.cautions, "a code of cautions.yaml")
            for requirement in question.requirements:
                yield from _one(file, path, requirement, known.requirements, "an id of requirements.yaml")
            for thing in question.options if question.id == "equipment" else ():
                yield from _one(file, (*path, "options"), thing, known.vocabulary.equipment, "equipment")
    for name, place in intake.places.items():
        for test in place.tests:
            yield from _one(file, ("places", name, "tests"), test, known.tests, "a test")
        for detail, flag in place.raises.items():
            yield from _one(file, ("places", name), flag, {one.id for one in flags}, "a red flag")
            yield from _one(file, ("places", name), detail, {one.id for one in intake.place_details}, "a detail")
    for name in intake.signs:
        yield from _one(file, ("signs", name), name, rules["screening_signs"].lists["signs"], "a sign")
        for test in intake.signs[name].tests:
            yield from _one(file, ("signs", name, "tests"), test, known.tests, "a test")
    for name in rules["screening_signs"].lists["signs"]:
        yield from _one("rules/screening_signs.yaml", ("lists", "signs"), name, intake.signs, "a sign of intake.yaml")
    for group in {flag.group for flag in flags}:
        yield from _one("rules/red_flags.yaml", ("flags",), group, intake.group_titles, "a group of intake.yaml")
    levels = {str(case.level) for case in rules["screening_signs"].cases}
    for test in intake.test_ages:
        yield from _one(file, ("test_ages",), test, known.tests, "a test")
    for level, tests in intake.batteries.items():
        yield from _one(file, ("batteries", level), level, levels, "a level of rules/screening_signs.yaml")
        for test in tests:
            yield from _one(file, ("batteries", level), test, known.tests, "a test")


def _references(
    known: Knowledge, file: str, sources: tuple[str, ...], requirements: tuple[str, ...], resolves: tuple[str, ...]
) -> Iterator[Found]:
    for index, source in enumerate(sources):
        yield from _source(known, file, ("sources", index), source)
    for index, requirement in enumerate(requirements):
        yield from _one(file, ("requirements", index), requirement, known.requirements, "an id of requirements.yaml")
    for index, contradiction in enumerate(resolves):
        yield from _one(file, ("resolves", index), contradiction, known.contradictions, "an id of contradictions.yaml")


def _source(known: Knowledge, file: str, path: tuple[str | int, ...], source: str) -> Iterator[Found]:
    if source != OWN:
        yield from _one(file, path, source, known.sources, f"a source of sources.yaml (or {OWN})")


def _one(file: str, path: tuple[str | int, ...], given: str, allowed: Container[str], what: str) -> Iterator[Found]:
    if given not in allowed:
        where = ".".join(str(step) for step in path)
        yield file, path, f"{where}: expected {what}, but {given!r} does not exist"
