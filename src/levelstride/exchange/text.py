"""Why it exists: an export that cannot be written is a matter of the folder, said in one line."""

from pathlib import Path

from levelstride.errors import InputError


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with plain line ends, whatever the machine.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).", "Choose another folder or name.") from error
