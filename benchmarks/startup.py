"""Why it exists: how long a person waits before anything happens, beside a bare Python start in the same run.

``python benchmarks/startup.py`` prints medians in milliseconds and ratios to the bare start; targets: import below
150 ms, ``levelstride --help`` below 300 ms.
"""

import statistics
import subprocess
import sys
import time

RUNS = 15
COMMANDS = {
    "bare python": ["-c", "pass"],
    "import levelstride": ["-c", "import levelstride"],
    "levelstride --help": ["-m", "levelstride", "--help"],
}


def main() -> None:
    """Time the commands in turn, so that a busy moment touches all of them."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            times[name].append(time.perf_counter() - start)
    floor = statistics.median(times["bare python"])
    for name, found in times.items():
        middle = statistics.median(found)
        print(
            f"{name:20s} median {1000 * middle:6.0f} ms, best {1000 * min(found):6.0f} ms, {middle / floor:5.1f} x bare"
        )


if __name__ == "__main__":
    main()
