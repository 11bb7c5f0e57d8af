"""Why it exists: requirements, contradictions and hazards are promises; each must lead to something that exists."""

import importlib.util
from collections.abc import Iterator

from levelstride.library.checks.links import Found
from levelstride.library.knowledge import FILES, FOLDERS, Knowledge


def check(known: Knowledge) -> Iterator[Found]:
    """Give every promise that leads nowhere."""
    for name, requirement in known.requirements.items():
        for index, where in enumerate(requirement.where):
            if not exists(where, known):
                expected = f"where: expected a file of the library or a module, but {where!r} does not exist"
                yield "requirements.yaml", (name, "where", index), expected
    settled = {
        contradiction
        for part in (known.rules, known.cues, known.education)
        for entry in part.values()
        for contradiction in entry.resolves
    }
    for name, contradiction in known.contradictions.items():
        if name not in settled:
            expected = f"{name}: expected a rule, cue group or card that settles it (its key resolves: [{name}])"
            yield "contradictions.yaml", (name,), expected
        for index, one in enumerate(contradiction.requirements):
            if one not in known.requirements:
                expected = f"requirements: expected an id of requirements.yaml, but {one!r} does not exist"
                yield "contradictions.yaml", (name, "requirements", index), expected
    for name, hazard in known.hazards.items():
        if not hazard.guards and not hazard.missing:
            expected = "guards: expected a test that guards this hazard, or missing: what is still open"
            yield "hazards.yaml", (name,), expected
        for index, guard in enumerate(hazard.guards):
            if "::" not in guard or not guard.startswith("tests/"):
                yield "hazards.yaml", (name, "guards", index), f"expected tests/<file>.py::<test>, but got {guard!r}"


def exists(where: str, known: Knowledge) -> bool:
    """Say whether a place named in requirements.yaml exists: ``exercises/<id>``, ``faults/<ID>`` or a module."""
    part, slash, entry = where.partition("/")
    if slash:
        record = getattr(known, part, None) if part in FILES or part in FOLDERS else None
        if record is None:
            return False
        return entry in record if isinstance(record, dict) else hasattr(record, entry)
    if where in FILES:
        return True
    if not where.startswith("levelstride."):
        return False
    try:
        return importlib.util.find_spec(where) is not None
    except ModuleNotFoundError:
        return False
