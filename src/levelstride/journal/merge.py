"""Why it exists: two journals of one person become one, in any order, as often as one likes, and nothing is lost.

A journal is a set of entries; merging is the union. Where one id stands for two different lines (a broken client, a
tampered file) both are kept: ``twins`` names them, and the fold uses the first by text.
"""

from collections.abc import Iterable

from levelstride.journal.entry import Entry


def merge(*journals: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the union, by id and text: commutative, associative, idempotent."""
    found = {entry.line: entry for journal in journals for entry in journal}
    return tuple(sorted(found.values(), key=lambda entry: (entry.id, entry.line)))


def twins(entries: Iterable[Entry]) -> dict[str, tuple[Entry, ...]]:
    """Return the ids that stand for more than one text, with their entries in order of text."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        found.setdefault(entry.id, {})[entry.line] = entry
    return {id: tuple(same[line] for line in sorted(same)) for id, same in found.items() if len(same) > 1}
