"""Why it exists: a problem must name its line, so files are read together with the place of every value.

``Document`` is one file: its text, its content, and where each value stands.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from pydantic import ValidationError

from levelstride.library.knowledge import adapter, part_of

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file: the file, the line (1 = first), and what is expected there."""

    file: str
    line: int | None
    expected: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.expected}"


@dataclass(frozen=True)
class Document:
    """One file of the library as read: ``content`` is validated, or None when the file breaks its schema."""

    name: str
    content: Any
    root: yaml.Node | None
    problems: tuple[Problem, ...]

    def line(self, path: Path_) -> int | None:
        """Return the line of the value at ``path``, or of the nearest value above it."""
        node, line = self.root, 1 if self.root is not None else None
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            node = found
            line = node.start_mark.line + 1
        return line


@lru_cache(maxsize=2048)
def read_document(name: str, text: str) -> Document:
    """Read and validate one file. Never raises: what is wrong is in ``problems``."""
    part = part_of(name)
    if part is None:
        expected = "expected a file of the library, such as exercises/<id>.yaml; nothing reads a file of this name"
        return Document(name, None, None, (Problem(name, None, expected),))
    plain = read_plain(name, text)
    if plain.problems:
        return plain
    try:
        content = adapter(part).validate_python(plain.content)
    except ValidationError as error:
        problems = tuple(Problem(name, plain.line(e["loc"]), in_words(e)) for e in error.errors())
        return Document(name, None, plain.root, problems)
    return Document(name, content, plain.root, ())


def read_plain(name: str, text: str) -> Document:
    """Read one YAML file without a schema; ``content`` is plain data."""
    shared = _shared_values(name, text)
    if shared:
        return Document(name, None, None, shared)
    try:
        root = yaml.compose(text, Loader=_LOADER)
        raw = yaml.load(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problem = str(error.problem).removeprefix("but ")
        return Document(name, None, None, (Problem(name, line, f"expected valid YAML, but {problem}"),))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        what = " ".join(str(error).split())
        return Document(name, None, None, (Problem(name, None, f"expected valid YAML, but {what}"),))
    if root is None:
        return Document(name, None, None, (Problem(name, 1, "expected content, but the file is empty"),))
    if not isinstance(root, yaml.MappingNode):
        return Document(name, None, root, (Problem(name, 1, "expected lines of the form 'key: value'"),))
    twice = list(_doubled_keys(name, root))
    return Document(name, None if twice else raw, root, tuple(twice))


def _shared_values(name: str, text: str) -> tuple[Problem, ...]:
    """Return a problem for an anchor or alias (``&x``, ``*x``): an edit of one place would change another unseen."""
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            shared, mark = getattr(event, "anchor", None), event.start_mark
            if shared:
                expected = f"expected every value written out, but {shared!r} is shared (& or *)"
                return (Problem(name, mark.line + 1 if mark else None, expected),)
    except (yaml.YAMLError, ValueError, RecursionError):
        return ()  # told by the reading itself
    return ()


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value if isinstance(value, yaml.Node) else None
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child if isinstance(child, yaml.Node) else None
    return None


def _doubled_keys(name: str, node: yaml.Node) -> list[Problem]:
    """YAML keeps the last of two equal keys and says nothing; a clinician's first entry would be lost."""
    problems = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, yaml.SequenceNode):
            waiting.extend(current.value)
        elif isinstance(current, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in current.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    problems.append(
                        Problem(name, line, f"expected the key {key.value!r} once, but it stands here again")
                    )
                seen.add(key.value)
                waiting.append(value)
    return problems


def in_words(error: Any) -> str:
    """Return a pydantic complaint in words for someone who knows exercises, not Python."""
    where = ".".join(str(step) for step in error["loc"] if not str(step).startswith(("function-", "constrained-")))
    given = error.get("input")
    kind = error["type"]
    if kind == "missing":
        return f"expected the key {where!r}, but it is missing"
    if kind == "extra_forbidden":
        return f"expected no key {where!r}: nothing reads it (a typing error?)"
    if kind == "none_required":
        return f"expected no {where!r} yet: movement comes with the animated exercise"
    if kind == "literal_error":
        return f"{where}: expected one of {error['ctx']['expected']}, but got {given!r}"
    if kind == "value_error":
        return f"{where}: {error['ctx']['error']}" if where else str(error["ctx"]["error"])
    shown = repr(given)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"{where}: expected {_lowered(error['msg'])}, but got {shown}"


def _lowered(message: str) -> str:
    for start in ("Input should be ", "Value should have ", "String should ", "Tuple should ", "Dictionary should "):
        if message.startswith(start):
            return message.removeprefix(start).replace("have at least", "at least").replace("match pattern", "the form")
    return message[:1].lower() + message[1:]
