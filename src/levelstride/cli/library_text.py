"""Why it exists: an entry of the library as plain text, in the order a person needs it."""

from typing import Any

from levelstride.errors import InputError
from levelstride.library import sayings
from levelstride.library.knowledge import FOLDERS, Knowledge
from levelstride.library.promises import promise
from levelstride.library.quality import tier
from levelstride.library.schema.exercises import Exercise
from levelstride.library.schema.rules import Rule
from levelstride.library.schema.tests import FunctionalTest
from levelstride.library.translations import Speaker

#: What ``why`` tells of an entry, in this order.
_TOLD = ("issue", "hazard", "says", "product", "decision", "reason", "claim", "shows", "harm")


def find_entry(name: str, known: Knowledge) -> tuple[str, Any]:
    """Return part and entry for a name; the refusal names what comes near."""
    import difflib

    for part in (*FOLDERS, "cautions", "faults", "events"):
        entries = getattr(known, part)
        for key in (name, name.lower(), name.upper()):
            if key in entries:
                return part, entries[key]
    everything = [key for part in (*FOLDERS, "cautions") for key in getattr(known, part)]
    close = difflib.get_close_matches(name, everything, n=3)
    if name.upper() in known.requirements or name.upper() in known.contradictions or name.upper() in known.hazards:
        raise InputError(f"{name} is no entry but a promise.", f"See: levelstride library why {name}")
    hint = f"Did you mean {' or '.join(close)}?" if close else "See: levelstride library list"
    raise InputError(f"The library has nothing named {name!r}.", hint)


def entry_text(part: str, name: str, entry: Any, speaker: Speaker) -> str:
    """Return one entry as text."""
    if isinstance(entry, Exercise):
        lines = _exercise(entry, speaker)
    elif isinstance(entry, FunctionalTest):
        lines = _test(entry, speaker)
    elif isinstance(entry, Rule):
        lines = _rule(entry, speaker)
    else:
        lines = _other(part, name, entry, speaker)
    notice = [] if getattr(getattr(entry, "review", None), "clinician", None) else [speaker.heading("not_reviewed")]
    if speaker.language != "en":
        notice.append(speaker.heading("translated_unread"))
    return "\n".join([*lines, "", *notice, speaker.heading("wellness_notice")])


def why_text(name: str, known: Knowledge) -> str:
    """Return what stands behind a name: the requirement or rule, the decision, the sources with their status."""
    found = promise(name, known)
    lines = [f"{found.get('id', name)} ({found['part']})"]
    for key in _TOLD:
        if isinstance(found.get(key), str):
            lines.append(f"{key}: {found[key]}")
    for key in ("articles", "options", "measures", "evidence", "priority", "confidence", "where", "settled_by"):
        value = found.get(key)
        if value and not (isinstance(value, list) and value and isinstance(value[0], dict)):
            lines.append(f"{key}: {', '.join(value) if isinstance(value, list) else value}")
    for key in ("requirements", "resolves", "contradictions", "guards"):
        if found.get(key):
            lines.append(f"{key}: {', '.join(found[key])}")
    if found.get("missing"):
        lines.append(f"still missing: {found['missing']}")
    for figure_name, figure in (found.get("figures") or {}).items():
        checked = "" if figure["validated"] else ", not validated for this use"
        value = figure["value"]
        shown = "-".join(f"{one:g}" for one in value) if isinstance(value, list) else value
        lines.append(
            f"figure {figure_name}: {shown} {figure['unit']} ({figure['source']}, {figure['status']}{checked})"
        )
    for source in found.get("sources") or ():
        spec = known.sources[source]
        lines.append(f"source {source}: {spec.citation} {spec.identifier or ''} [{spec.status}]")
    for name_of, origin in _origins(found).items():
        behind = known.sources.get(origin)
        said = "our own choice" if behind is None else f"{behind.citation} [{behind.status}]"
        lines.append(f"{name_of}: {origin}: {said}")
    if found["part"] == "sources":
        lines.append(f"{found['citation']} {found['identifier'] or ''} [{found['status']}]")
    return "\n".join(lines)


def _origins(found: dict[str, Any]) -> dict[str, str]:
    """Return what stands behind the figures of an exercise, a test or a flag: what it is, and its source."""
    origins = {f"dose {phase}": dose["source"] for phase, dose in (found.get("doses") or {}).items()}
    for row in found.get("evidence") or ():
        if isinstance(row, dict):
            origins[f"laboratory, {row['described_as']}, {row['muscle']}, {row['statistic']}"] = row["source"]
    for row in found.get("published") or ():
        origins[f"{row['attribute']} {row['sex']} {row['ages']}"] = row["source"]
    for row in found.get("flags") or ():
        origins[f"flag {row['id']}"] = row["source"]
    return origins


def _exercise(entry: Exercise, speaker: Speaker) -> list[str]:
    say, heading = speaker.say, speaker.heading
    known, words = speaker.known, speaker.known.vocabulary
    needs = "; ".join(sayings.equipment_words(entry, speaker))
    lines = [
        say(entry.name),
        say(entry.summary),
        f"{say(words.kinds[entry.kind].label)} · {heading('difficulty')} {entry.difficulty}/10"
        f" · {say(words.positions[entry.position].label)}"
        f" · {heading('equipment') + ': ' + needs if needs else heading('nothing_needed')}",
    ]
    for kind, found in sayings.cautions_on_page(entry, speaker).items():
        lines += _section(heading(kind), [f"{name}: {advice}" for name, advice in found])
    lines += ["", f"{heading('stop_if')}: {say(entry.stop_if)}", heading("stop_always"), heading("pain_scale")]
    lines += _section(heading("safety"), [*sayings.preparations(entry, speaker), *map(say, entry.safety)])
    lines += _section(heading("setup"), [say(text) for text in entry.setup])
    lines += _section(heading("steps"), [say(text) for text in entry.steps], numbered=True)
    doses = [f"{dose} ({', '.join(labels)})" for dose, labels in sayings.dose_lines(entry, speaker).items()]
    lines += [*_section(heading("dose"), doses), f"  {sayings.dose_help(entry, speaker)}", ""]
    lines += [f"{heading(key)}: {say(text)}" for key, text in _manner(entry)]
    lines += _section(heading("cues_outside"), [say(cue) for cue in entry.cues.external])
    lines += _section(heading("cues_inside"), [say(cue) for cue in entry.cues.internal])
    lines += _section(heading("faults"), [f"{say(fault.looks_like)} → {say(fault.cue)}" for fault in entry.faults])
    lines += _section(heading("feel"), [say(text) for text in entry.feel])
    lines += _section(heading("not_feel"), [say(text) for text in entry.not_feel])
    lines.append("")
    for key in ("if_wrong", "make_easier", "make_harder", "without_equipment"):
        if getattr(entry, key):
            lines.append(f"{heading(key)}: {say(getattr(entry, key))}")
    origins = dict.fromkeys(f"{dose.source} ({dose.status})" for dose in entry.doses.values())
    lines += _section(f"{heading('sources')}: {heading('dose')}", list(origins))
    for (unit, statistic), rows in sayings.activity_groups(entry.evidence).items():
        figures = [f"{row.muscle} {sayings.activity_words(row)} [{row.source}, {row.status}]" for row in rows]
        lines += _section(f"{heading('laboratory')} ({unit}, {statistic.replace('_', ' ')})", figures)
    return [*lines, "", f"quality: {tier(entry, known) or 'none yet'}"]


def _manner(entry: Exercise) -> list[tuple[str, str]]:
    return [("tempo", entry.tempo.says), ("breathing", entry.breathing), ("pelvis", entry.pelvis)]


def _test(entry: FunctionalTest, speaker: Speaker) -> list[str]:
    say, heading = speaker.say, speaker.heading
    lines = [say(entry.name), say(entry.purpose)]
    lines += _section(heading("setup"), [say(text) for text in (*entry.you_need, *entry.setup)])
    lines += _section(heading("safety"), [say(text) for text in entry.safety])
    lines += _section(heading("steps"), [say(text) for text in entry.steps], numbered=True)
    lines += _section(heading("scoring"), [say(text) for text in entry.scoring])
    lines += ["", f"{heading('stop_if')}: {say(entry.stop_if)}", f"{heading('camera')}: {say(entry.camera.how)}"]
    lines += [f"{heading('may_tell')}: {say(entry.may_tell)}", f"{heading('cannot_tell')}: {say(entry.cannot_tell)}"]
    figures = []
    for row in entry.published:
        about = " ".join(
            part for part in (row.attribute.replace("_", " "), "" if row.sex == "all" else row.sex) if part
        )
        ages = sayings.ages_words(row)
        figures.append(
            f"{about}{' ' + ages if ages else ''}: {sayings.published_words(row)} [{row.source}, {row.status}]"
        )
    lines += _section(heading("norms"), figures)
    if entry.change.mdc:
        mdc = entry.change.mdc
        lines.append(f"{heading('change')}: {mdc.value:g} {mdc.unit} [{mdc.source}, {mdc.status}]")
    return lines


def _rule(entry: Rule, speaker: Speaker) -> list[str]:
    say, heading = speaker.say, speaker.heading
    lines = [say(entry.title), *[say(text) for text in entry.plain]]
    for flag in entry.flags:
        lines += [f"- [{heading(flag.level)}] {say(flag.asks)}", f"    {say(flag.says)}"]
    for topic in entry.topics:
        lines += [f"- {say(topic.asks)}", f"    {say(topic.says)}"]
    lines += _section(heading("rules"), [f"{case.id}: {case.when}" for case in entry.cases])
    for name, figure in entry.figures.items():
        checked = "" if figure.validated else f", {heading('unvalidated')}"
        lines.append(
            f"  {name}: {sayings.figure_words(figure)} {figure.unit} [{figure.source}, {figure.status}{checked}]"
        )
    return [*lines, "", f"{heading('confidence')}: {heading(entry.confidence)}"]


def _other(part: str, name: str, entry: Any, speaker: Speaker) -> list[str]:
    """Return the texts of a smaller entry, in the order of its file."""
    from levelstride.library.translations import user_texts

    return [f"{name} ({part})", *[speaker.say(text) for _, text in user_texts(entry)]]


def _section(title: str, items: list[str], *, numbered: bool = False) -> list[str]:
    if not items:
        return []
    marks = [f"{index}." if numbered else "-" for index in range(1, len(items) + 1)]
    return ["", title, *[f"  {mark} {item}" for mark, item in zip(marks, items, strict=True)]]
