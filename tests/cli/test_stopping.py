"""Ctrl-C that a library swallowed still stops the work at the next sign of progress."""

import os
import signal

import pytest
import typer

from levelstride.cli.analyze import _progress
from levelstride.cli.errors import in_one_line


def test_a_lost_interrupt_is_raised_again(capsys):
    reached = []

    def work() -> None:
        with _progress(1, show=False) as progress:
            try:
                os.kill(os.getpid(), signal.SIGINT)
                reached.append("not yet delivered")
            except KeyboardInterrupt:
                pass  # as a callback from a library would
            progress("measure", 1, 2)
            reached.append("went on")

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(typer.Exit) as stopped:
        in_one_line(work)()
    assert stopped.value.exit_code == 130
    assert "went on" not in reached
    assert "Stopped. Nothing was written." in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is before
