"""Why it exists: how our plan fares on virtual people beside plain ones, kept with the code that it belongs to.

``python -m benchmarks.simulation [--people 1000] [--grid-people 60]`` writes benchmarks/results/simulation.json, from
which ``scripts/programme_evidence_page.py`` writes its page. Ends with 1 when a rule was broken or a life broke off.
"""

import argparse
import sys
import time

from benchmarks.results_file import save
from levelstride.programme.simulation.page import summary
from levelstride.programme.simulation.table import simulate

WEEKS = 26
SEED = 1
_EVERY_S = 60


def main() -> int:
    """Let everybody live, and keep what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulation", description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--grid-people", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    begun = told = time.monotonic()

    def progress(done: int, of: int) -> None:
        nonlocal told
        if time.monotonic() - told > _EVERY_S or done == of:
            told = time.monotonic()
            print(f"{done} of {of} people, {(told - begun) / 60:.0f} min", file=sys.stderr)

    results = simulate(given.people, WEEKS, SEED, given.workers, progress, grid_people=given.grid_people)
    found = summary(results)
    command = f"python -m benchmarks.simulation --people {given.people} --grid-people {given.grid_people}"
    ours = [one.planner_seconds for one in results.base.outcomes if one.filtered == "own"]
    save("simulation", command, {**found, "planner_seconds_per_person": sum(ours) / max(1, len(ours))})
    print(f"{len(results.violations)} broken rules, {len(results.failures)} lives broke off")
    return int(bool(results.violations or results.failures))


if __name__ == "__main__":
    raise SystemExit(main())
