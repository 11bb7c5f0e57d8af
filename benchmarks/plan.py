"""Why it exists: how long planning a week takes for people with half a year behind them, and how good the week is.

``python -m benchmarks.plan`` plans weeks drawn from simulated lives, the whole library, nothing kept from an earlier
plan; beside reading the JSON of a year of journal, the least that any start from the journal costs.
"""

import argparse
import gc
import json
import pickle
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from benchmarks.results_file import save
from levelstride.journal.bodies import Answer, Answers, Profile
from levelstride.journal.entry import Entry, new_entry
from levelstride.journal.state import fold
from levelstride.library.loader import knowledge
from levelstride.programme.day import day_plan
from levelstride.programme.model import Programme, Session
from levelstride.programme.plan import plan
from levelstride.programme.simulation.diary import ZONE
from levelstride.programme.simulation.life import live
from levelstride.programme.simulation.parameters import base_parameters
from levelstride.programme.simulation.people import draw_person
from levelstride.programme.simulation.policies import Ours
from levelstride.programme.simulation.scene import Scene
from levelstride.screening.decision import Permit

SEED = 1
HISTORY_WEEKS = 24
PER_PERSON = 8
YEAR = 52
_RUNS = 9
_FLOOR = "json.loads of a year of journal"
_FOLD = "fold a year of journal"
_WEEK = "plan a week"
_DAY = "plan a day"


class Kept(Ours):
    """Our policy, which keeps what each later week was planned from."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[bytes] = []
        self.last: Scene | None = None

    def week(self, scene: Scene) -> list[Session]:
        """Keep a copy of what is known, then plan."""
        if scene.week >= HISTORY_WEEKS:
            self.kept.append(pickle.dumps((scene.decision, scene.state, scene.findings, scene.now)))
        self.last = scene
        return super().week(scene)


@dataclass
class Found:
    """What the timed plans were like."""

    weeks: list[float]
    days: list[float]
    programmes: list[Programme]


def main() -> int:
    """Let people live, then plan their weeks again one by one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plan", description=__doc__)
    parser.add_argument("--weeks", type=int, default=300, help="how many weeks to plan, at least")
    wanted = parser.parse_args().weeks
    entries = a_year()
    lines = [entry.line for entry in entries]
    times: dict[str, list[float]] = {_FLOOR: [], _FOLD: []}
    for _ in range(_RUNS):
        times[_FLOOR].append(_timed(lambda: [json.loads(line) for line in lines]))
        times[_FOLD].append(_timed(lambda: fold(entries)))
    found, people = Found([], [], []), 0
    while len(found.weeks) < wanted:
        for one in _weeks_of(people):
            _plan_again(one, found)
        people += 1
        times[_FLOOR].append(_timed(lambda: [json.loads(line) for line in lines]))  # in the same busy moments
        print(f"{len(found.weeks)} of {wanted} weeks", file=sys.stderr)
    times |= {_WEEK: found.weeks, _DAY: found.days}
    floor = statistics.median(times[_FLOOR])
    figures: dict[str, dict[str, float | None]] = {}
    for name, taken in times.items():
        middle = statistics.median(taken)
        p99 = statistics.quantiles(taken, n=100)[-1] if name in (_WEEK, _DAY) else None
        figures[name] = {"median_ms": middle, "p99_ms": p99, "ratio": middle / floor, "target_ms": None}
        print(
            f"{name:32s} median {middle:6.1f} ms, {middle / floor:6.1f} x floor" + (f", p99 {p99:.0f}" if p99 else "")
        )
    optimal = sum(one.optimal for one in found.programmes) / len(found.programmes)
    gap = max(one.gap for one in found.programmes)
    print(f"{len(found.weeks)} weeks of {people} people: {optimal:.1%} proven best, largest gap {gap:.1%}")
    more = {
        "weeks": len(found.weeks),
        "people": people,
        "history_weeks": HISTORY_WEEKS,
        "entries": len(entries),
        "optimal_share": optimal,
        "largest_gap": gap,
        "floor": _FLOOR,
    }
    save("plan", f"python -m benchmarks.plan --weeks {wanted}", {**more, "commands": figures})
    return 0


def _weeks_of(number: int) -> list[bytes]:
    """Return what the weeks of one person from the 25th on were planned from."""
    policy, parameters = Kept(), base_parameters()
    weeks = HISTORY_WEEKS + PER_PERSON
    live(draw_person(SEED, number, parameters), policy, knowledge(), parameters, weeks=weeks, check=False)
    return policy.kept


def _plan_again(kept: bytes, found: Found) -> None:
    """Plan a week and its first day with nothing kept from before: fresh objects, no solved problem."""
    decision, state, findings, now = pickle.loads(kept)
    _forget()
    made: list[Programme] = []
    known, permit = knowledge(), Permit(decision)
    found.weeks.append(_timed(lambda: made.append(plan(permit, state, findings, known, now))))
    _, state, findings, _ = pickle.loads(kept)
    found.days.append(_timed(lambda: day_plan(permit, made[0], state, known, now, findings=findings)))
    found.programmes += made


def _forget() -> None:
    """Empty every cache of the planner; those that go by object find nothing in fresh copies anyway."""
    for name, module in list(sys.modules.items()):
        if name.startswith("levelstride.programme"):
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def a_year() -> list[Entry]:
    """Return the journal of the keenest of ten people after a year, in the order of time."""
    parameters = base_parameters()
    person = max((draw_person(SEED, number, parameters) for number in range(10)), key=lambda one: one.adherence)
    policy = Kept()
    live(person, policy, knowledge(), parameters, weeks=YEAR, check=False)
    assert policy.last is not None
    entries = sorted(_entries(policy.last), key=lambda entry: entry.at)
    if len(fold(entries).sets) != len(policy.last.state.sets):
        raise SystemExit("the journal read back is not the one that was lived")
    return entries


def _entries(scene: Scene) -> Iterator[Entry]:
    diary = scene.diary
    for name, fact in diary.profile.items():
        yield new_entry(Profile.model_validate({name: fact.value}), at=fact.at, zone=ZONE)
    for (question, side), given in diary.answers.items():
        for one in given:
            body = Answers(given=(Answer(question=question, value=one.value, side=side),))
            yield new_entry(body, at=one.at, zone=ZONE, id=UUID(one.id))
    for logged in diary.lists.values():
        for entry in logged:
            yield new_entry(entry.body, at=entry.at, zone=ZONE, id=UUID(entry.id))


def _timed(action: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    raise SystemExit(main())
