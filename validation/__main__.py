"""Why it exists: one command measures everything that has a truth and writes docs/validity.md.

``python -m validation`` (about 40 minutes on two cores the first time; goes on where it was stopped), ``--quick`` for a
look within minutes that leaves the kept results alone.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from scripts.validity_page import PAGE, RESULTS, all_rows, page, read_results, targets_table

from validation.cases import unseen
from validation.keep import code_hash
from validation.mannequins import Row, run
from validation.real_walks import LEFT_OUT, controls, data_folder, rows

QUICK = (3, 1)
FULL = (24, 12)


def main() -> None:
    """Run the marker walks and the mannequins, write results and page."""
    parser = argparse.ArgumentParser(prog="python -m validation", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="three walks from behind or in front and one from the side"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--markers-only", action="store_true", help="seconds only")
    options = parser.parse_args()
    prefix = "quick-" if options.quick else ""
    command = "python -m validation" + (" --quick" if options.quick else "")
    run_markers(command, RESULTS / f"{prefix}markers.json")
    if not options.markers_only:
        frontal, side = QUICK if options.quick else FULL
        run_mannequins(frontal, side, options.workers, command, RESULTS / f"{prefix}mannequin.json")
    results = read_results(prefix)
    if options.quick:
        print(targets_table(all_rows(results)))
        return
    PAGE.write_text(page(results), encoding="utf-8")
    say(f"wrote {PAGE}")


def run_markers(command: str, path: Path) -> None:
    """Score the real walks; keeps what is there where the recordings are not at hand."""
    folder = data_folder()
    if not folder.is_dir():
        say(f"real walks not found in {folder} (set LEVELSTRIDE_DATA): left as they are")
        return
    say("real walks through virtual cameras")
    content = {"covers": ["measures"], "controls": _rounded(controls(folder)), "left_out": LEFT_OUT}
    save(path, command, rows(folder), code_hash("measures"), **content)


def run_mannequins(frontal: int, side: int, workers: int, command: str, path: Path) -> None:
    """Film, look at and measure the unseen cases, each as it is done."""
    cases = [*unseen("frontal", frontal), *unseen("side", side)]
    code = code_hash()
    found: dict[str, list[Row]] = {}
    start = time.monotonic()
    for case, scored in run(cases, workers=workers):
        found[case.name] = scored
        say(f"{len(found)}/{len(cases)} {case.name} ({time.monotonic() - start:.0f} s)")
    if code_hash() != code:
        sys.exit("The code changed while it was being measured: run again (what is kept is kept by its code).")
    save(path, command, [row for case in cases for row in found[case.name]], code)


def save(path: Path, command: str, found: list[Row], code: str, **more: Any) -> None:
    """Write rows with the command and the code that made them."""
    about = json.dumps({"command": command, "code_sha256": code, **more}, indent=1)
    lines = ",\n".join("  " + json.dumps(_rounded(row)) for row in found)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'{about[:-2]},\n "rows": [\n{lines}\n ]\n}}\n', encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value


def say(line: str) -> None:
    """Tell how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
