"""Why it exists: people write their height in several ways; only clear ones are accepted."""

import re

from levelstride.errors import InputError

_FEET = re.compile(r"^(\d)\s*(?:'|ft|feet|foot)\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|''|in|inch|inches)?)?$")


def parse_height_m(text: str | None) -> float | None:
    """Read a height as metres.

    Parameters
    ----------
    text : str or None
        ``1.72``, ``1,72``, ``1.72m``, ``172cm``, ``5'8"`` or ``5ft 8in``; a bare number is metres.

    Raises
    ------
    InputError
        When it is none of these. Whether the height is a human one is checked with the recording's context.
    """
    if text is None:
        return None
    plain = text.strip().lower().replace(",", ".").replace("’", "'").replace("″", '"').replace("′", "'")
    feet = _FEET.match(plain)
    if feet:
        return round((int(feet[1]) * 12 + float(feet[2] or 0)) * 0.0254, 4)
    number = re.match(r"^(-?\d+(?:\.\d+)?)\s*(m|cm)?$", plain)
    if number is None:
        raise InputError(f"Height {text!r} is not understood.", "Give it as 1.72, 172cm or 5'8\".")
    value = float(number[1])
    return value / 100 if number[2] == "cm" else value
