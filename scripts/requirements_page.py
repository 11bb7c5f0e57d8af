"""Why it exists: docs/requirements.md says for every requirement where it is met, by which tests, or that it is open.

``python scripts/requirements_page.py`` writes the page; ``--check`` fails when the page is out of date.
"""

import sys
from pathlib import Path

from levelstride.library.knowledge import Knowledge
from levelstride.library.loader import knowledge
from levelstride.library.promises import RequirementState, requirement_states

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.pages import write_or_check  # noqa: E402 - the scripts folder is not installed

PAGE = ROOT / "docs" / "requirements.md"

INTRO = """# What the product must do, and where it does it

<!-- Written by `python scripts/requirements_page.py` from src/levelstride/library/ and tests/. Do not edit by hand. -->

The requirements come from five background articles (source articles A to E) and were weighed against research;
*evidence* is the confidence in the article's claim, not in the product. A requirement is **closed** when it names a
place, a test shows it (`@pytest.mark.requirement("R020")`) and nothing is missing; **partly** when something is there;
**open** otherwise. `levelstride library requirements --open` prints those not closed; `levelstride library why R020`
says more about one.

"""


def page() -> str:
    """Return the whole page as Markdown."""
    known = knowledge()
    states = requirement_states(known, ROOT / "tests")
    counts = {kind: sum(state.state == kind for state in states.values()) for kind in ("closed", "partly", "open")}
    counted = ", ".join(f"{number} {kind}" for kind, number in counts.items())
    parts = [INTRO, f"Of {len(states)} requirements: {counted}.\n\n"]
    parts.append("| id | priority | evidence | state | what the product does | where | tests | still missing |\n")
    parts.append("|---|---|---|---|---|---|---|---|\n")
    for name, state in states.items():
        parts.append(_row(name, state, known))
    parts.append("\n## Where the articles disagree\n\nThe safer rule wins.\n\n")
    parts.append("| id | issue | decision | settled by |\n|---|---|---|---|\n")
    for name, contradiction in known.contradictions.items():
        settled = [
            f"{part}/{entry_name}"
            for part in ("rules", "cues", "education")
            for entry_name, entry in getattr(known, part).items()
            if name in entry.resolves
        ]
        parts.append(f"| {name} | {contradiction.issue} | {contradiction.decision} | {_code(settled)} |\n")
    return "".join(parts)


def _row(name: str, state: RequirementState, known: Knowledge) -> str:
    requirement = known.requirements[name]
    tests = [test.partition("::")[2] for test in state.tests]
    cells = (
        name,
        requirement.priority,
        requirement.evidence,
        f"**{state.state}**" if state.state == "closed" else state.state,
        requirement.product,
        _code(state.where),
        _code(dict.fromkeys(tests)),
        state.missing or "",
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _code(names: object) -> str:
    return ", ".join(f"`{name}`" for name in names)  # type: ignore[attr-defined]


if __name__ == "__main__":
    write_or_check(PAGE, page(), script="scripts/requirements_page.py")
