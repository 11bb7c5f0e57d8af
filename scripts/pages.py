"""Why it exists: every generated page of docs/ is written in one way, and checked against what would be written."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def write_or_check(page: Path, text: str, *, script: str) -> None:
    """Write a page; with ``--check`` on the command line, end with an error when the page is out of date.

    Parameters
    ----------
    page : Path
    text : str
        What the page should hold.
    script : str
        What writes it, as named in the error.
    """
    parser = argparse.ArgumentParser(description=f"Writes {page.relative_to(ROOT)}.")
    parser.add_argument("--check", action="store_true", help="fail when the page is out of date")
    if parser.parse_args().check:
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            sys.exit(f"{page.relative_to(ROOT)} is out of date: run `python {script}`.")
        return
    page.parent.mkdir(exist_ok=True)
    page.write_text(text, encoding="utf-8")
