"""Why it exists: the knowledge file keeps its contract, and the page about it keeps up."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from levelstride.library.loader import LIBRARY, _read, measure_library
from levelstride.library.schema.measures import MeasureLibrary

ROOT = Path(__file__).resolve().parents[2]


def raw() -> dict:
    return {**_read(LIBRARY / "measures.yaml"), "sources": _read(LIBRARY / "sources.yaml")}


def test_every_measure_is_complete() -> None:
    library = measure_library()
    assert len(library.measures) >= 20
    for name, spec in library.measures.items():
        near, far = spec.instrument_error.near, spec.instrument_error.far
        assert near is None or (far is not None and far >= near), name
        assert spec.good_n >= spec.min_n, name
        suffix = {"deg": "_deg", "m": "_m", "s": "_s", "m/s": "_mps", "steps/min": "_spm"}.get(spec.unit, "_pct")
        assert name.endswith(suffix), name
        if spec.unit == "deg":
            assert spec.sign, f"{name}: an angle needs its sign convention"


def test_a_source_that_does_not_exist_is_named() -> None:
    broken = raw()
    broken["measures"]["cadence_spm"]["sources"] = ["nobody_2020"]
    with pytest.raises(ValidationError, match="cadence_spm.*nobody_2020"):
        MeasureLibrary.model_validate(broken)


def test_an_unknown_key_is_refused() -> None:
    broken = raw()
    broken["measures"]["cadence_spm"]["colour"] = "blue"
    with pytest.raises(ValidationError, match="colour"):
        MeasureLibrary.model_validate(broken)


def test_an_unknown_task_is_refused() -> None:
    broken = raw()
    broken["measures"]["cadence_spm"]["task"] = "dance"
    with pytest.raises(ValidationError, match="dance"):
        MeasureLibrary.model_validate(broken)


def test_figures_from_memory_keep_that_mark() -> None:
    sources = measure_library().sources
    assert sources["zeni_2008"].status == "memory"
    assert sources["stenum_2021"].status == "verified"


def test_the_methods_page_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts" / "methods_page.py", "--check"], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
