"""Why it exists: the knowledge files have a contract: a clinician's typing error is caught, with its place named.

Pydantic models of ``measures.yaml`` and ``sources.yaml``; nothing here runs on its own.
"""

from typing import Literal

from pydantic import Field, model_validator

from levelstride.library.schema.base import Source, Strict

Group = Literal["processing", "events", "gates", "placement", "scale"]


class TaskFigure(Strict):
    """A number with unit and source."""

    value: float
    unit: str
    source: str
    note: str | None = None


class InstrumentError(Strict):
    """Standard error that averaging more strides does not remove.

    For the leg near to and far from a camera at the side, and for a camera in front or behind.
    """

    near: float | None = Field(default=None, gt=0)
    far: float | None = Field(default=None, gt=0)
    frontal: float | None = Field(default=None, gt=0)
    source: str
    note: str | None = None

    def of(self, limb: Literal["near", "far", "mixed", "frontal"]) -> float:
        """Return the error for one way of seeing a leg; ``mixed`` = both legs, or near and far in turn."""
        errors = {"near": self.near, "far": self.far, "frontal": self.frontal}
        ways = ("near", "far") if limb == "mixed" and self.near is not None else ("frontal",)
        wanted = [errors[way] for way in (ways if limb == "mixed" else (limb,))]
        known = [error for error in wanted if error is not None]
        if not known:
            raise KeyError(f"no instrument error for {limb}")
        return sum(known) / len(known)


class TypicalSpread(Strict):
    """Step-to-step standard deviation assumed when there are too few steps to know the person's own."""

    value: float = Field(gt=0)
    source: str


class MeasureSpec(Strict):
    """One named measure: what it is, how it is got, and what it takes to state it.

    ``never`` marks a measure that no recording supports yet: it is listed, with the reason, and always refused.
    """

    tasks: tuple[str, ...] = Field(min_length=1)
    label: str
    unit: str
    decimals: int = Field(ge=0, le=4)
    sides: tuple[Literal["left", "right", "both"], ...]
    needs_scale: bool = False
    never: bool = False
    definition: str
    sign: str | None
    method: str
    min_n: int = Field(ge=1)
    good_n: int = Field(ge=1)
    instrument_error: InstrumentError
    typical_sd: TypicalSpread
    sources: tuple[str, ...] = Field(min_length=1)


class TaskSpec(Strict):
    """Thresholds of one task, in named groups."""

    label: str
    views: tuple[Literal["front", "back", "left", "right"], ...]
    processing: dict[str, TaskFigure]
    events: dict[str, TaskFigure]
    gates: dict[str, TaskFigure]
    placement: dict[str, TaskFigure] = Field(default={})
    scale: dict[str, TaskFigure]

    def numbers(self, group: Group) -> dict[str, float]:
        """Return a group's thresholds as plain numbers."""
        figures: dict[str, TaskFigure] = getattr(self, group)
        return {name: figure.value for name, figure in figures.items()}

    def value(self, group: Group, name: str) -> float:
        """Return one threshold's number."""
        figures: dict[str, TaskFigure] = getattr(self, group)
        return figures[name].value


class MeasureLibrary(Strict):
    """Everything in ``measures.yaml``, with the sources it points to."""

    version: int
    tasks: dict[str, TaskSpec]
    measures: dict[str, MeasureSpec]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _links_hold(self) -> "MeasureLibrary":
        for name, spec in self.measures.items():
            for task_name in spec.tasks:
                if task_name not in self.tasks:
                    raise ValueError(f"measures.yaml: {name}: expected a known task, but got {task_name!r}")
                frontal = bool({"front", "back"} & set(self.tasks[task_name].views))
                for limb in ("frontal",) if frontal else ("near", "far"):
                    if getattr(spec.instrument_error, limb) is None and not spec.never:
                        raise ValueError(f"measures.yaml: {name}: expected an instrument_error {limb} for {task_name}")
            for source in (*spec.sources, spec.instrument_error.source, spec.typical_sd.source):
                self._check_source(name, source)
        for task_name, task in self.tasks.items():
            for group in (task.processing, task.events, task.gates, task.placement, task.scale):
                for figure_name, figure in group.items():
                    self._check_source(f"{task_name}.{figure_name}", figure.source)
        return self

    def _check_source(self, where: str, source: str) -> None:
        if source not in self.sources:
            raise ValueError(f"measures.yaml: {where}: expected a source listed in sources.yaml, but got {source!r}")
