"""Why it exists: one door to the knowledge files; a file that breaks its contract is refused when it is read."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from levelstride.library.schema import MeasureLibrary, MeasureSpec, TaskSpec


def _read(name: str) -> Any:
    text = files("levelstride.library").joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def measure_library() -> MeasureLibrary:
    """Return every measure, task and source.

    Raises
    ------
    pydantic.ValidationError
        If a file breaks its schema or points to a source that is not listed.
    """
    return MeasureLibrary.model_validate({**_read("measures.yaml"), "sources": _read("sources.yaml")})


def measure_spec(name: str) -> MeasureSpec:
    """Return one measure by name; ``KeyError`` when unknown."""
    return measure_library().measures[name]


def task_spec(name: str) -> TaskSpec:
    """Return one task's thresholds by name; ``KeyError`` when unknown."""
    return measure_library().tasks[name]
