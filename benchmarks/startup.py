"""Why it exists: how long a person waits before anything happens, beside a bare Python start in the same run.

``python -m benchmarks.startup`` prints medians in milliseconds and ratios to the bare start; targets: import below
150 ms, ``levelstride --help`` below 300 ms.
"""

import statistics
import subprocess
import sys
import time

from benchmarks.results_file import save

RUNS = 15
COMMANDS = {
    "bare python": (["-c", "pass"], None),
    "import levelstride": (["-c", "import levelstride"], 150),
    "levelstride --help": (["-m", "levelstride", "--help"], 300),
}


def main() -> int:
    """Time the commands in turn, so that a busy moment touches all of them."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, (arguments, _target) in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            times[name].append(1000 * (time.perf_counter() - start))
    floor = statistics.median(times["bare python"])
    figures = {}
    missed = False
    for name, found in times.items():
        middle = statistics.median(found)
        target = COMMANDS[name][1]
        figures[name] = {"median_ms": middle, "ratio": middle / floor, "target_ms": target}
        missed |= target is not None and middle > target
        print(f"{name:20s} median {middle:6.0f} ms, best {min(found):6.0f} ms, {middle / floor:5.1f} x bare")
    save("startup", "python -m benchmarks.startup", {"commands": figures})
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
