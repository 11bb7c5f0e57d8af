"""Why it exists: every refusal a person meets is one sentence that says what happened and one that says what to do.

Rooms raise these; only the command line (or a caller) decides how to show them.
"""


class LevelstrideError(Exception):
    """Carry a problem and its remedy, both in plain words.

    Parameters
    ----------
    problem : str
        What is wrong, in one line, naming the file or value.
    fix : str
        What the person can do about it, in one line.
    """

    #: Exit status of the command line for this kind of refusal.
    exit_code = 1

    def __init__(self, problem: str, fix: str) -> None:
        self.problem = problem
        self.fix = fix
        super().__init__(f"{problem} {fix}")


class InputError(LevelstrideError):
    """A value given by the caller is unusable (unknown view, impossible height, folder not writable)."""

    exit_code = 2


class RecordingError(LevelstrideError):
    """A file cannot be read as a recording (missing, not a video, cut off, too few frames)."""

    exit_code = 3


class NotMeasurableError(LevelstrideError):
    """The recording was read, but nothing in it can be measured honestly."""

    exit_code = 4
