"""Why it exists: how long three years of a journal take to become the present state, beside reading its JSON.

``python -m benchmarks.journal`` prints medians in milliseconds of 20,000 entries; target: ``fold`` within 200 ms.
"""

import gc
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.results_file import save
from levelstride.journal import bodies as b
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import fold
from levelstride.journal.store import SqliteStore

RUNS = 9
ENTRIES = 20_000
YEARS = 3
TARGET_MS = 200
ZONE = "Europe/Prague"
EXERCISES = ("glute_bridge", "clamshell", "monster_walk", "sl_rdl", "lateral_step_down")
#: How many of 100 entries are of each kind; about 18 a day.
MIX = {"set": 58, "check_in": 6, "pain": 12, "walk": 6, "answers": 8, "measure": 8, "profile": 1, "retraction": 1}
_FLOOR = "json.loads of all lines"
_FOLD = "fold"
_WHOLE = "open, read, fold"


def main() -> int:
    """Time the steps in turn, so that a busy moment touches all of them."""
    entries = three_years()
    lines = [entry.line for entry in entries]
    times: dict[str, list[float]] = {_FLOOR: [], _FOLD: [], _WHOLE: []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        with SqliteStore(path) as journal:
            journal.add(entries)
        for _ in range(RUNS):
            times[_FLOOR].append(_timed(lambda: [json.loads(line) for line in lines]))
            times[_FOLD].append(_timed(lambda: fold(entries)))
            times[_WHOLE].append(_timed(lambda: _open_and_fold(path)))
    floor = statistics.median(times[_FLOOR])
    figures: dict[str, dict[str, float | None]] = {}
    for name, found in times.items():
        middle = statistics.median(found)
        figures[name] = {
            "median_ms": middle,
            "ratio": middle / floor,
            "target_ms": TARGET_MS if name == _FOLD else None,
        }
        print(f"{name:24s} median {middle:6.0f} ms, best {min(found):6.0f} ms, {middle / floor:5.1f} x floor")
    save("journal", "python -m benchmarks.journal", {"entries": len(entries), "floor": _FLOOR, "commands": figures})
    return int(statistics.median(times[_FOLD]) > TARGET_MS)


def three_years() -> list[Entry]:
    """Build the journal of somebody who trains, walks and is measured; a tenth arrives late."""
    chance = random.Random(2026)
    start = datetime(2023, 5, 1, 7, tzinfo=ZoneInfo(ZONE))
    kinds = chance.choices(list(MIX), weights=list(MIX.values()), k=ENTRIES)
    step = timedelta(days=365 * YEARS) / ENTRIES
    made: list[Entry] = []
    for number, kind in enumerate(kinds):
        at = start + number * step - timedelta(hours=chance.choice([0] * 9 + [30]))
        made.append(new_entry(_body(kind, chance, made), at=at, zone=ZONE))
    return made


def _body(kind: str, chance: random.Random, made: list[Entry]) -> b.Body:
    side: b.Side = chance.choice(("left", "right"))
    rating = chance.randint(0, 20) / 2
    if kind == "set":
        return b.SetDone(
            exercise=chance.choice(EXERCISES),
            side=side,
            session=f"session-{len(made) // 25}",
            number=1 + len(made) % 3,
            reps=chance.randint(8, 20),
            clean_reps=chance.randint(5, 8),
            load_kg=chance.choice((0, 2.5, 5, 10)),
            rpe=rating,
            pain=chance.randint(0, 3),
        )
    if kind == "check_in":
        return b.CheckIn(sleep_hours=chance.randint(10, 18) / 2, stress=rating, soreness=rating, energy=rating)
    if kind == "pain":
        return b.Pain(place="knee", side=side, score=rating, when="next_morning", note="Treppe runter, abends müde")
    if kind == "walk":
        return b.Walk(duration_s=chance.randint(600, 5400), distance_m=chance.randint(500, 7000), surface="forest")
    if kind == "answers":
        given = [b.Answer(question=f"page_{n}/item_{chance.randint(1, 9)}", value=rating, side=side) for n in range(4)]
        return b.Answers(given=tuple(given))
    if kind == "measure":
        return b.Measured(
            test="sls_eo",
            measure="time",
            side=side,
            value=chance.uniform(5, 60),
            unit="s",
            standard_error=2.5,
            error_source="published",
            n=3,
            trials=(chance.uniform(5, 60), chance.uniform(5, 60), chance.uniform(5, 60)),
            conditions={"footwear": "barefoot", "surface": "firm"},
            origin=b.Origin(method="hand", software_version="0.1.0"),
        )
    if kind == "profile":
        return b.Profile(height_m=1.7 + chance.randint(0, 3) / 100, language="cs")
    return b.Retraction(target=chance.choice(made).id if made else "none")


def _open_and_fold(path: Path) -> None:
    with SqliteStore(path) as journal:
        state = fold(journal.entries())
    if state.entries != ENTRIES or journal.damage is not None:
        raise SystemExit("the journal read back is not the one that was written")


def _timed(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    raise SystemExit(main())
