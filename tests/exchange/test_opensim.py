"""Why it exists: the real OpenSim must open what we write, and read the same numbers out of it."""

import numpy as np
import pytest

from levelstride.exchange import write_mot, write_trc
from levelstride.motion.dataset import make_motion, point
from recording.files.builders import walking_points

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def opensim():
    found = pytest.importorskip("opensim", reason="opensim is not installed: pip install -r requirements/opensim.txt")
    found.Logger.removeFileSink()  # else it leaves opensim.log in the working folder
    return found


def test_trc_opens(opensim, tmp_path):
    points = walking_points(n=40)
    position = np.stack(list(points.values()), axis=2)
    position[10:15, :, 2] = np.nan
    position[12:, :, -1] = np.nan  # the last marker: its row ends in empty cells
    position[0, :, 0] = np.nan
    motion = make_motion(position[..., None], keypoints=list(points), fps=60, length_unit="m")
    write_trc(motion, tmp_path / "a.trc")
    table = opensim.TimeSeriesTableVec3(str(tmp_path / "a.trc"))
    assert list(table.getColumnLabels()) == list(points)
    assert table.getTableMetaDataAsString("Units") == "mm"
    assert float(table.getTableMetaDataAsString("DataRate")) == 60.0
    assert list(table.getIndependentColumn()) == pytest.approx(np.arange(40) / 60, abs=1e-7)
    for i, name in enumerate(points):
        column = table.getDependentColumnAtIndex(i)
        read = np.array([column[k].to_numpy() for k in range(40)]) / 1000
        written = point(motion, name)
        assert (np.isnan(read) == np.isnan(written)).all(), name
        assert np.nanmax(np.abs(read - written)) < 1e-6


def test_mot_opens(opensim, tmp_path):
    t = np.arange(30) / 100
    curves = {"knee_angle_r": 30 + 20 * np.sin(9 * t), "pelvis_list": np.where(t < 0.1, np.nan, 3 * t)}
    assert write_mot(t, curves, tmp_path / "a.mot") == 20
    table = opensim.TimeSeriesTable(str(tmp_path / "a.mot"))
    assert list(table.getColumnLabels()) == list(curves)
    assert table.getTableMetaDataAsString("inDegrees") == "yes"
    for name, curve in curves.items():
        assert table.getDependentColumn(name).to_numpy() == pytest.approx(curve[10:], abs=1e-7)
    storage = opensim.Storage(str(tmp_path / "a.mot"))
    assert storage.getSize() == 20
    assert storage.isInDegrees()
