"""Motion files in: C3D, TRC, MOT, landmark tables, our own ``motion.nc``. See :func:`read_motion_file`."""

from levelstride.recording.files.door import is_motion_file, read_motion_file
from levelstride.recording.files.result import MotionFile

__all__ = ["MotionFile", "is_motion_file", "read_motion_file"]
