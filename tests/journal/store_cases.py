"""Why it exists: what the tests of the store share."""

import os
import traceback

import pytest

from levelstride.journal.store import SqliteStore

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


def lines(entries):
    return [entry.line for entry in entries]


def read_again(path):
    with SqliteStore(path) as journal:
        assert journal.damage is None
        return journal.entries()


def in_child(action):
    """Run ``action`` in a forked process; it ends with status 0, or 1 after an error. Return its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        action()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)
