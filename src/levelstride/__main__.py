"""Why it exists: ``python -m levelstride`` is the same as ``levelstride``."""

from levelstride.cli import main

main()
