"""Why it exists: the knowledge files have a contract: a clinician's typing error is caught, with its place named.

Pydantic models of ``measures.yaml`` and ``sources.yaml``; nothing here runs on its own.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

SourceStatus = Literal["verified", "secondary", "memory", "product_default", "measured"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a figure comes from, and whether somebody has seen it there."""

    citation: str
    identifier: str | None
    status: SourceStatus


class Figure(_Strict):
    """A number with unit and source."""

    value: float
    unit: str
    source: str
    note: str | None = None


class InstrumentError(_Strict):
    """Standard error that averaging more strides does not remove, for the leg near to and far from the camera."""

    near: float = Field(gt=0)
    far: float = Field(gt=0)
    source: str
    note: str | None = None


class TypicalSpread(_Strict):
    """Step-to-step standard deviation assumed when there are too few steps to know the person's own."""

    value: float = Field(gt=0)
    source: str


class MeasureSpec(_Strict):
    """One named measure: what it is, how it is got, and what it takes to state it."""

    task: str
    label: str
    unit: str
    decimals: int = Field(ge=0, le=4)
    sides: tuple[Literal["left", "right", "both"], ...]
    needs_scale: bool = False
    definition: str
    sign: str | None
    method: str
    min_n: int = Field(ge=1)
    good_n: int = Field(ge=1)
    instrument_error: InstrumentError
    typical_sd: TypicalSpread
    sources: tuple[str, ...] = Field(min_length=1)


class TaskSpec(_Strict):
    """Thresholds of one task, in named groups."""

    label: str
    views: tuple[Literal["front", "back", "left", "right"], ...]
    processing: dict[str, Figure]
    events: dict[str, Figure]
    gates: dict[str, Figure]
    placement: dict[str, Figure]
    scale: dict[str, Figure]

    def value(self, group: Literal["processing", "events", "gates", "placement", "scale"], name: str) -> float:
        """Return one threshold's number."""
        figures: dict[str, Figure] = getattr(self, group)
        return figures[name].value


class MeasureLibrary(_Strict):
    """Everything in ``measures.yaml``, with the sources it points to."""

    version: int
    tasks: dict[str, TaskSpec]
    measures: dict[str, MeasureSpec]
    sources: dict[str, Source]

    @model_validator(mode="after")
    def _links_hold(self) -> "MeasureLibrary":
        for name, spec in self.measures.items():
            if spec.task not in self.tasks:
                raise ValueError(f"measures.yaml: {name}: expected a known task, but got {spec.task!r}")
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
