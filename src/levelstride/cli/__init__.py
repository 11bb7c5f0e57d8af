"""Why it exists: the ``levelstride`` command. Thin: it reads options, calls the rooms and shows what they return."""

from levelstride.cli.app import main

__all__ = ["main"]
