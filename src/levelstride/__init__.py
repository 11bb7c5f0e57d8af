"""Levelstride measures how a person walks, and says how sure it is.

``levelstride.analyze(path, height_m=...)`` is the main job, ``levelstride.examine(paths, ...)`` the same for several
recordings of one person; everything is imported on first use, so that ``import levelstride`` stays fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from levelstride.analysis import Analysis, Examination, analyze, examine
    from levelstride.errors import InputError, LevelstrideError, NotMeasurableError, RecordingError
    from levelstride.measure.results import GaitResult, Measure
    from levelstride.report.write import write_report

_HOME = {
    "Analysis": "levelstride.analysis",
    "Examination": "levelstride.analysis",
    "GaitResult": "levelstride.measure.results",
    "InputError": "levelstride.errors",
    "LevelstrideError": "levelstride.errors",
    "Measure": "levelstride.measure.results",
    "NotMeasurableError": "levelstride.errors",
    "RecordingError": "levelstride.errors",
    "analyze": "levelstride.analysis",
    "examine": "levelstride.analysis",
    "write_report": "levelstride.report.write",
}

__all__ = [
    "Analysis",
    "Examination",
    "GaitResult",
    "InputError",
    "LevelstrideError",
    "Measure",
    "NotMeasurableError",
    "RecordingError",
    "analyze",
    "examine",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("levelstride")
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'levelstride' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
