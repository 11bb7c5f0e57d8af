"""Why it exists: docs/hazards.md lists what could hurt a person, what is done against it, and the tests that guard it.

``python scripts/hazards_page.py`` writes the page; ``--check`` fails when the page is out of date.
"""

import sys
from pathlib import Path

from levelstride.library.loader import knowledge

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.pages import write_or_check  # noqa: E402 - the scripts folder is not installed

PAGE = ROOT / "docs" / "hazards.md"

INTRO = """# What could hurt a person, and what guards against it

<!-- Written by `python scripts/hazards_page.py` from src/levelstride/library/hazards.yaml. Do not edit by hand. -->

Used at home, by people in pain, without anyone beside them. Not yet reviewed by a clinician. A guard is an automated
test that fails when the protection is gone; where the protection is not built yet, the page says so.

| id | hazard | harm | severity | what is done | guarded by | still missing |
|---|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page as Markdown."""
    rows = []
    for name, hazard in knowledge().hazards.items():
        guards = ", ".join(f"`{guard}`" for guard in hazard.guards)
        done = " ".join(hazard.measures)
        cells = (name, hazard.hazard, hazard.harm, hazard.severity, done, guards, hazard.missing or "")
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return INTRO + "".join(rows)


if __name__ == "__main__":
    write_or_check(PAGE, page(), script="scripts/hazards_page.py")
