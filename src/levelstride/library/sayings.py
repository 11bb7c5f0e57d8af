"""Why it exists: doses, equipment and figures are said the same way in the terminal, on a page and in the app."""

from levelstride.library.ladder import harder_by
from levelstride.library.schema.base import Figure, Span
from levelstride.library.schema.exercises import Dose, Exercise, MuscleActivity
from levelstride.library.schema.tests import PublishedFigure
from levelstride.library.translations import Speaker

_COUNTED_HEADING = {"steps": "steps_counted"}


def dose_words(dose: Dose, speaker: Speaker) -> str:
    """Return a dose in words: ``2-3 rounds of 8-12 repetitions, each side, hold 2 s``."""
    counted = speaker.heading(_COUNTED_HEADING.get(dose.counts, dose.counts))
    rounds = "" if str(dose.sets) == "1" else f"{_span(dose.sets)} {speaker.heading('rounds_of')} "
    words = f"{rounds}{_span(dose.amount)} {counted}"
    if dose.per_side:
        words += f", {speaker.heading('per_side')}"
    if dose.hold_s is not None:
        words += f", {speaker.heading('hold')} {_span(dose.hold_s)} s"
    if dose.rpe is not None:
        words += f", {speaker.heading('effort')} {_span(dose.rpe)}/10"
    return f"{words}. {speaker.say(dose.says)}" if dose.says else words


def dose_lines(exercise: Exercise, speaker: Speaker) -> dict[str, list[str]]:
    """Return the doses in words, each once, with the labels of the phases it belongs to."""
    lines: dict[str, list[str]] = {}
    for phase, dose in exercise.doses.items():
        label = speaker.say(speaker.known.vocabulary.phases[phase].label)
        lines.setdefault(dose_words(dose, speaker), []).append(label)
    return lines


def dose_help(exercise: Exercise, speaker: Speaker) -> str:
    """Return how to begin: with rounds and a rest between them, or once through."""
    rounds = any(str(dose.sets) != "1" for dose in exercise.doses.values())
    return speaker.heading("dose_help" if rounds else "dose_once")


def cautions_on_page(exercise: Exercise, speaker: Speaker) -> dict[str, list[tuple[str, str]]]:
    """Return who must leave an exercise out, ask first, or do it differently: pairs of name and advice.

    An exercise is left out by a code that removes one of its demands, even where its own file forgot the code. Codes
    that need a clinician's agreement stand on every page.
    """
    groups: dict[str, list[tuple[str, str]]] = {"leave_out": [], "ask_first": [], "do_differently": []}
    demands = speaker.known.vocabulary.demands
    for code, caution in speaker.known.cautions.items():
        against = [speaker.say(demands[one].label) for one in exercise.demands if one in caution.removes]
        if against:
            groups["leave_out"].append((speaker.say(caution.name), "; ".join(against)))
        elif caution.action == "clearance" or code in exercise.cautions:
            kind = "ask_first" if caution.action == "clearance" else "do_differently"
            groups[kind].append((speaker.say(caution.name), speaker.say(caution.on_page)))
    return {kind: found for kind, found in groups.items() if found}


def preparations(exercise: Exercise, speaker: Speaker) -> list[str]:
    """Return what holds for every exercise in this position and with this equipment, said once."""
    words = speaker.known.vocabulary
    things = [thing for choices in exercise.equipment.needs for thing in choices]
    terms = [words.positions[exercise.position], *(words.equipment[thing] for thing in things)]
    return list(dict.fromkeys(speaker.say(text) for term in terms for text in term.says))


def harder_words(easier: Exercise, harder: Exercise, speaker: Speaker) -> str:
    """Return what makes the next exercise of a ladder harder, in words: ``with a band; more range of movement``."""
    labels = speaker.known.vocabulary.harder_by
    return "; ".join(speaker.say(labels[kind].label) for kind in harder_by(easier, harder))


def equipment_words(exercise: Exercise, speaker: Speaker) -> list[str]:
    """Return what is needed, one line per thing; alternatives stand side by side."""
    things = speaker.known.vocabulary.equipment
    either = f" {speaker.heading('or')} "
    named = [[speaker.say(things[thing].label) for thing in choices] for choices in exercise.equipment.needs]
    return [either.join([first, *(other[:1].lower() + other[1:] for other in others)]) for first, *others in named]


def activity_groups(rows: tuple[MuscleActivity, ...]) -> dict[tuple[str, str], list[MuscleActivity]]:
    """Return laboratory rows by unit and kind of statistic: a mean never stands beside a peak."""
    groups: dict[tuple[str, str], list[MuscleActivity]] = {}
    for row in rows:
        groups.setdefault((row.unit, row.statistic), []).append(row)
    return groups


def activity_words(row: MuscleActivity) -> str:
    """Return one laboratory figure: ``81 ± 42``, ``42-81``, ``> 40``, or the words of the source."""
    if row.value is None:
        return f"> {row.above:g}" if row.above is not None else str(row.text)
    if isinstance(row.value, tuple):
        return f"{row.value[0]:g}–{row.value[1]:g}"
    return f"{row.value:g}" + (f" ± {row.sd:g}" if row.sd is not None else "")


def published_words(row: PublishedFigure) -> str:
    """Return one published figure with its unit."""
    if row.value is None:
        return str(row.text) if row.unit in ("", "words") else f"{row.text} {row.unit}"
    value = f"{row.value[0]:g}–{row.value[1]:g}" if isinstance(row.value, tuple) else f"{row.value:g}"
    return f"{value}{f' ± {row.sd:g}' if row.sd is not None else ''} {row.unit}".strip()


def figure_words(figure: Figure) -> str:
    """Return the value of a rule's figure: ``2``, ``24–48``, ``3–0–2``, or its word."""
    if isinstance(figure.value, tuple):
        return "–".join(f"{one:g}" for one in figure.value)
    return figure.value if isinstance(figure.value, str) else f"{figure.value:g}"


def ages_words(row: PublishedFigure) -> str:
    """Return the ages of a figure: ``60–64``, ``65+``, or nothing."""
    low, high = row.ages
    if low is None and high is None:
        return ""
    return f"{low}+" if high is None else f"{low or 0}–{high}"


def _span(span: Span) -> str:
    return str(span).replace("-", "–")
