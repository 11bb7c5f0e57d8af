"""Why it exists: what happened, once and for all - typed entries that are only ever added, never changed.

Nothing here advises anybody. A journal is a set of entries (``entry``); the union of two journals is their merge; the
present state is folded from the set (``state``). Entries are kept in one SQLite file (``store``) and travel as JSON
Lines (``lines``).
"""
