"""Why it exists: every requirement leads to where it is met and to the tests that show it, or is named as open."""

import ast
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from levelstride.errors import InputError
from levelstride.library.knowledge import FOLDERS, Knowledge

MARK = "requirement"


@dataclass(frozen=True)
class RequirementState:
    """What is known about one requirement: ``closed`` needs a place, a test, and nothing missing."""

    state: Literal["closed", "partly", "open"]
    where: tuple[str, ...]
    tests: tuple[str, ...]
    missing: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as plain data."""
        return asdict(self)


def marked_tests(folder: Path) -> dict[str, list[str]]:
    """Return, by requirement id, the tests that carry its mark: ``tests/x.py::test_y``.

    Found by reading the files, so nothing is imported or run.

    Raises
    ------
    levelstride.errors.InputError
        If there is no such folder, or a file in it is not Python.
    """
    found: dict[str, list[str]] = {}
    if not folder.is_dir():
        raise InputError(
            f"There are no tests in {folder}.", "Name the project's tests with --tests; they come with its source."
        )
    for path in sorted(folder.rglob("test_*.py")):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            raise InputError(
                f"{path} is not Python ({error.msg}, line {error.lineno}).", "Mend that test file."
            ) from None
        file = (Path(folder.name) / path.relative_to(folder)).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for decorator in node.decorator_list:
                    for name in _marks(decorator):
                        found.setdefault(name, []).append(f"{file}::{node.name}")
    return found


def implemented_in(name: str, known: Knowledge) -> tuple[str, ...]:
    """Return the places of a requirement: those it names, and the entries of the library that name it."""
    places = list(known.requirements[name].where)
    for part in ("tests", "rules", "cues", "education"):
        for entry_name, entry in getattr(known, part).items():
            if name in entry.requirements:
                places.append(f"{part}/{entry_name}")
    places += [f"events/{event}" for event, entry in known.events.items() if name in entry.requirements]
    return tuple(dict.fromkeys(places))


def requirement_states(known: Knowledge, tests: Path) -> dict[str, RequirementState]:
    """Return the state of every requirement, in order."""
    marks = marked_tests(tests)
    states = {}
    for name, requirement in known.requirements.items():
        where, shown = implemented_in(name, known), tuple(marks.get(name, ()))
        whole = bool(where and shown and not requirement.missing)
        state: Literal["closed", "partly", "open"] = "closed" if whole else "partly" if where or shown else "open"
        states[name] = RequirementState(state, where, shown, requirement.missing)
    return states


def promise(name: str, known: Knowledge) -> dict[str, Any]:
    """Return all that stands behind a requirement, a contradiction, a hazard or an entry, as plain data.

    Raises
    ------
    levelstride.errors.InputError
        If nothing has that name.
    """
    for part in ("requirements", "contradictions", "hazards", "cautions", "faults", "sources", "events"):
        entries = getattr(known, part)
        if name in entries or name.upper() in entries:
            key = name if name in entries else name.upper()
            found = {"part": part, "id": key, **entries[key].model_dump(mode="json")}
            if part == "requirements":
                found["where"] = list(implemented_in(key, known))
                found["contradictions"] = [x for x, other in known.contradictions.items() if key in other.requirements]
            if part == "contradictions":
                found["settled_by"] = [
                    f"{folder}/{entry_name}"
                    for folder in ("rules", "cues", "education")
                    for entry_name, entry in getattr(known, folder).items()
                    if key in entry.resolves
                ]
            return found
    for part in FOLDERS:
        if name in getattr(known, part):
            return {"part": part, **getattr(known, part)[name].model_dump(mode="json")}
    raise InputError(
        f"The library has nothing named {name!r}.", "See: levelstride library list, or docs/requirements.md"
    )


def _marks(decorator: ast.expr) -> list[str]:
    """Return the ids of ``@pytest.mark.requirement("R001", "R002")``."""
    if not (isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute)):
        return []
    if decorator.func.attr != MARK:
        return []
    return [one.value for one in decorator.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
