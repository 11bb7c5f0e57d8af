"""Why it exists: how long a fresh process waits for the whole knowledge library, beside a bare start in the same run.

``python -m benchmarks.library`` prints medians in milliseconds; target: below 150 ms over a bare Python start,
everything imported and validated. "first time" reads and checks every YAML file, as after an edit; later starts use
the kept copy.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.results_file import save

RUNS = 15
# Until the library is ready: taking a process with many objects down is not part of opening it.
_END = "; import os; os._exit(0)"
_LOAD = "from levelstride.library.loader import knowledge; knowledge()" + _END
COMMANDS = {
    "bare python": "pass" + _END,
    "import pydantic": "import pydantic.main" + _END,
    "library, kept copy": _LOAD,
}
TARGET_MS = 150


def main() -> int:
    """Time the commands in turn, so that a busy moment touches all of them."""
    times: dict[str, list[float]] = {name: [] for name in (*COMMANDS, "library, first time")}
    with tempfile.TemporaryDirectory() as folder:
        kept = {**os.environ, "LEVELSTRIDE_CACHE": folder}
        _run(_LOAD, kept)
        for number in range(RUNS):
            for name, code in COMMANDS.items():
                times[name].append(_run(code, kept))
            if number % 3 == 0:
                empty = {**os.environ, "LEVELSTRIDE_CACHE": str(Path(folder) / f"empty-{number}")}
                times["library, first time"].append(_run(_LOAD, empty))
    floor = statistics.median(times["bare python"])
    figures: dict[str, dict[str, float | None]] = {}
    for name, found in times.items():
        middle = statistics.median(found)
        target = floor + TARGET_MS if name == "library, kept copy" else None
        figures[name] = {"median_ms": middle, "ratio": middle / floor, "target_ms": target and round(target)}
        print(f"{name:20s} median {middle:6.0f} ms, best {min(found):6.0f} ms, {middle / floor:5.1f} x bare")
    save("library", "python -m benchmarks.library", {"commands": figures})
    return int(statistics.median(times["library, kept copy"]) > floor + TARGET_MS)


def _run(code: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    raise SystemExit(main())
