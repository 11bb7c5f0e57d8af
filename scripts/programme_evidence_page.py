"""Why it exists: docs/programme-evidence.md says what the simulation of the programme found, losses included.

``python scripts/programme_evidence_page.py`` writes the page from benchmarks/results/simulation.json; ``--check`` fails
when the page does not match that file and the present code.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.results_file import code_hash, read  # noqa: E402 - the benchmarks folder is not installed
from scripts.pages import write_or_check  # noqa: E402

from levelstride.programme.simulation.page import markdown  # noqa: E402

PAGE = ROOT / "docs" / "programme-evidence.md"
NAME = "simulation"

INTRO = """# What the simulation of the programme shows

<!-- Written by `python scripts/programme_evidence_page.py` from benchmarks/results/. Do not edit by hand. -->

Nobody has been trained with this programme in a trial. What can be shown before that is how its rules behave: virtual
people, each with own strength, habits, pain, missing answers, illness and holidays, train for half a year under our
plan and, in the very same days, under three plain ones. Their bodies answer by simple curves whose assumptions were
written down, with their sources, before any plan was tuned; what changed since is noted there
([parameters.yaml](../src/levelstride/programme/simulation/parameters.yaml)).

- *fixed*: three days a week, the same six moves, three sets of 10 to 12, the person's own load, no progression.
- *double_progression*: the same moves, 8 to 12 repetitions, then 5 % more load, a band more, or the next harder move.
- *configured_progression*: settings per move that rise by a rule each week when all planned sets were done.

Every week and every day that our plan gives is checked by a second reading of the rules that takes nothing from how a
plan is made (both read the journal with the same code); what it finds is counted below.

## What it cannot show

- How much strength, pain or confidence a real person gains. The curves are ours, most of their values too.
- Whether our choice of exercises is better than another: the model knows which muscles a move trains and how hard it
  is, and nothing about how it feels, how it is learnt from words and pictures, or what it does to walking.
- Anything about walking, measured or felt. Walks are only load on places that hurt.
- Anything about motivation: people in the model do as many sessions whether they like the plan or not.
- Whether a plain plan led by a good coach would do better than its rules do here.
"""


def page(kept: Mapping[str, Any]) -> str:
    """Return the whole page as Markdown; ``kept`` = the content of the results file."""
    if NAME not in kept:
        return f"{INTRO}\n## Results\n\nNot yet run: `python -m benchmarks.simulation`.\n"
    found = kept[NAME]
    stale = "" if found["code_sha256"] == code_hash(NAME) else " (*stale*: computed by other code than the present one)"
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items() if version)
    text = markdown(found).replace("\n## ", "\n### ")
    return f"{INTRO}\n## Results{stale}\n\n`{found['command']}`\n\n{text}\n{versions}.\n"


if __name__ == "__main__":
    write_or_check(PAGE, page(read(NAME)), script="scripts/programme_evidence_page.py")
