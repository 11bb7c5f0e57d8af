"""Why it exists: chooses the moves of a week's sessions with CP-SAT, once days and candidates are known.

Hard rules are constraints, wishes are points. The same problem always gives the same week: one worker, a fixed seed
and a limit counted in work, not in seconds. Solved problems are remembered, because most weeks repeat the last one.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT

#: Work the solver may do for one week (its own deterministic unit, about a second each).
LIMIT = 0.6
#: Times are rounded up to this many seconds: coarser numbers are proven much faster.
_GRAIN = 15
SEED = 1
#: What a move too few costs: more than any sum of wishes, so that a session is filled before it is made nice.
_TOO_FEW = 4000
_SESSION = 400


@dataclass(frozen=True, slots=True)
class Option:
    """One candidate as the solver sees it.

    ``seconds`` = time of ``least`` sets, ``each`` = of one more, up to ``most``. ``points`` = wishes met when it comes
    at least once in the week. ``clashes`` = moves of the same ladder, of which one is enough in a week. ``aside``:
    trains neither hip nor thigh; ``trunk``: a trunk move.
    """

    name: str
    least: int
    most: int
    seconds: int
    each: int
    muscles: tuple[str, ...]
    hard: bool
    planes: tuple[str, ...]
    one_leg: bool
    aside: bool
    trunk: bool
    pattern: str
    points: int
    times: int
    pinned: bool = False
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of the wishes that concern the week as a whole."""

    plane: int
    muscle: int
    pattern: int
    set: int
    finding: int
    gate: int
    fill: int
    overdone: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One week to fill: one or two kinds of session (A, B), each done ``repeats`` times.

    ``seconds`` = time of each kind. ``caps`` = most hard sets per muscle in the week. ``groups`` = moves of which one
    at least is wished (what a finding points to); ``gate`` = those that lead to the next phase. ``close`` = kinds that
    come too soon after each other for the same muscles; ``blocked`` = muscles that a kind must spare, because they
    worked hard just before the week.
    """

    options: tuple[Option, ...]
    repeats: tuple[int, ...]
    seconds: tuple[int, ...]
    moves: tuple[int, int]
    caps: tuple[tuple[str, int], ...]
    aims: tuple[tuple[str, int], ...]
    one_leg_least: int
    planes: tuple[str, ...]
    muscles: tuple[str, ...]
    patterns: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    gate: tuple[str, ...]
    side_moves: int
    close: tuple[tuple[int, int], ...]
    blocked: tuple[tuple[str, int], ...]
    weights: Weights
    pattern_most: int = 2


@dataclass(frozen=True, slots=True)
class Filled:
    """The moves of each session with their sets, and how good the week is known to be."""

    sessions: tuple[tuple[tuple[str, int], ...], ...]
    optimal: bool
    gap: float
    missing_planes: tuple[str, ...]
    too_few: int


def fill_week(problem: Problem) -> Filled:
    """Return the best week found; sessions may stay short of moves, but no hard rule is broken."""
    if not problem.options or not problem.repeats:
        return Filled(((),) * len(problem.repeats), True, 0.0, problem.planes, problem.moves[0] * len(problem.repeats))
    return _solve(replace(problem, options=tuple(sorted(problem.options, key=lambda option: option.name))))


@lru_cache(maxsize=4096)
def _solve(problem: Problem) -> Filled:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    build = _Build(model, problem)
    model.maximize(build.objective())
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = LIMIT
    # small models: proofs come from the relaxation, long preparation does not pay
    solver.parameters.linearization_level = 2
    solver.parameters.max_presolve_iterations = 1
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise AssertionError(
            f"expected a week without moves at least, but the solver says {solver.status_name(status)}"
        )
    sessions = tuple(
        tuple(
            (option.name, option.least + (solver.value(build.more[index, place]) if option.most > option.least else 0))
            for index, option in enumerate(problem.options)
            if solver.value(build.used[index, place])
        )
        for place in range(len(problem.repeats))
    )
    best, bound = solver.objective_value, solver.best_objective_bound
    gap = 0.0 if status == cp_model.OPTIMAL else abs(bound - best) / max(1.0, abs(bound))
    missing = tuple(plane for plane, found in build.planes.items() if not solver.value(found))
    few = sum(solver.value(slack) for slack in build.too_few)
    return Filled(sessions, status == cp_model.OPTIMAL, round(gap, 4), missing, few)


class _Build:
    """Variables, constraints and points of one week."""

    def __init__(self, model: "CpModel", problem: Problem) -> None:
        self.model, self.problem = model, problem
        self.used: dict[tuple[int, int], IntVar] = {}
        self.planes: dict[str, IntVar] = {}
        self.too_few: list[IntVar] = []
        self.points: list[LinearExprT] = []
        self.more: dict[tuple[int, int], IntVar] = {}
        for index, option in enumerate(problem.options):
            for place in range(len(problem.repeats)):
                used = self.used[index, place] = model.new_bool_var(f"{option.name}_{place}")
                if option.most > option.least:
                    more = model.new_int_var(0, option.most - option.least, f"{option.name}_{place}_more")
                    model.add(more <= (option.most - option.least) * used)
                    self.more[index, place] = more
        self._sessions()
        self._times()
        self._muscles()
        self._week_wishes()

    def objective(self) -> "LinearExprT":
        return sum(self.points)

    def _sessions(self) -> None:
        problem, model = self.problem, self.model
        low, high = problem.moves
        for place in range(len(problem.repeats)):
            here = [self.used[index, place] for index in range(len(problem.options))]
            slack = model.new_int_var(0, low, f"few_{place}")
            model.add(sum(here) + slack >= low)
            model.add(sum(here) <= high)
            self.too_few.append(slack)
            self.points.append(-_TOO_FEW * slack)
            held = model.new_bool_var(f"held_{place}")
            model.add(sum(here) >= held)
            self.points.append(_SESSION * held)
            self._time(place)
            if problem.one_leg_least:
                one_leg = [self.used[i, place] for i, option in enumerate(problem.options) if option.one_leg]
                model.add(high * sum(one_leg) >= sum(here))
            for way in ("squat", "hinge"):
                alike = [self.used[i, place] for i, option in enumerate(problem.options) if option.pattern == way]
                model.add(sum(alike) <= problem.pattern_most)
            for kind in ("aside", "trunk"):
                few = [self.used[i, place] for i, option in enumerate(problem.options) if getattr(option, kind)]
                model.add(sum(few) <= problem.side_moves)

    def _time(self, place: int) -> None:
        needed: list[LinearExprT] = []
        for index, option in enumerate(self.problem.options):
            needed.append(-(-option.seconds // _GRAIN) * self.used[index, place])
            if (index, place) in self.more:
                needed.append(-(-option.each // _GRAIN) * self.more[index, place])
        self.model.add(sum(needed) <= self.problem.seconds[place] // _GRAIN)

    def _sets(self, index: int, place: int) -> "LinearExprT":
        option = self.problem.options[index]
        return option.least * self.used[index, place] + self.more.get((index, place), 0)

    def _times(self) -> None:
        problem, places = self.problem, range(len(self.problem.repeats))
        once: dict[str, IntVar] = {}
        for index, option in enumerate(problem.options):
            times = sum(problem.repeats[place] * self.used[index, place] for place in places)
            self.model.add(times <= option.times)
            used = self._any([self.used[index, place] for place in places], f"any_{option.name}")
            points = option.points + (_TOO_FEW // 2 if option.pinned else 0)
            self.points.append((points - problem.weights.overdone) * used)
            for other in option.clashes:
                if other in once:
                    self.model.add(used + once[other] <= 1)
            once[option.name] = used
            self.points.extend(problem.weights.fill * self.used[index, place] for place in places)
            self.points.extend(self.more[index, place] for place in places if (index, place) in self.more)

    def _any(self, of: "list[IntVar]", name: str) -> "IntVar":
        found = self.model.new_bool_var(name)
        self.model.add_max_equality(found, of)
        return found

    def _muscles(self) -> None:
        problem, model = self.problem, self.model
        places = range(len(problem.repeats))
        caps, aims = dict(problem.caps), dict(problem.aims)
        for muscle in sorted({muscle for option in problem.options if option.hard for muscle in option.muscles}):
            hard = [i for i, option in enumerate(problem.options) if option.hard and muscle in option.muscles]
            total = sum(problem.repeats[place] * self._sets(i, place) for i in hard for place in places)
            if muscle in caps:
                model.add(total <= caps[muscle])
            if aims.get(muscle):
                reached = model.new_int_var(0, aims[muscle], f"aim_{muscle}")
                model.add(reached <= total)
                self.points.append(problem.weights.set * reached)
            works = [self._any([self.used[i, place] for i in hard], f"hard_{muscle}_{place}") for place in places]
            for first, second in problem.close:
                model.add(works[first] + works[second] <= 1)
            for place in places:
                if (muscle, place) in problem.blocked:
                    model.add(works[place] == 0)

    def _week_wishes(self) -> None:
        problem = self.problem
        for plane in problem.planes:
            found = self._covers(f"plane_{plane}", [plane in option.planes for option in problem.options])
            self.planes[plane] = found
            self.points.append(problem.weights.plane * found)
        for muscle in problem.muscles:
            found = self._covers(f"works_{muscle}", [muscle in option.muscles for option in problem.options])
            self.points.append(problem.weights.muscle * found)
        for pattern in problem.patterns:
            found = self._covers(f"pattern_{pattern}", [option.pattern == pattern for option in problem.options])
            self.points.append(problem.weights.pattern * found)
        leads = self._covers("gate", [option.name in problem.gate for option in problem.options])
        self.points.append(problem.weights.gate * leads)
        for number, group in enumerate(problem.groups):
            found = self._covers(f"group_{number}", [option.name in group for option in problem.options])
            self.points.append(problem.weights.finding * found)

    def _covers(self, name: str, which: list[bool]) -> "IntVar":
        places = range(len(self.problem.repeats))
        of = [self.used[index, place] for index, yes in enumerate(which) if yes for place in places]
        if not of:
            found = self.model.new_bool_var(name)
            self.model.add(found == 0)
            return found
        return self._any(of, name)
