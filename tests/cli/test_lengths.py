"""Why it exists: heights as people write them; anything unclear is refused."""

import pytest

from levelstride.cli.lengths import parse_height_m
from levelstride.errors import InputError


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        (None, None),
        ("1.72", 1.72),
        ("1,72", 1.72),
        (" 1.72 m", 1.72),
        ("172cm", 1.72),
        ("172 cm", 1.72),
        ("5'8\"", 1.7272),
        ("5’8″", 1.7272),
        ("5ft 8in", 1.7272),
        ("6'", 1.8288),
        ("17.2", 17.2),  # understood as metres; refused later, as no human height
    ],
)
def test_understood(text: str | None, metres: float | None) -> None:
    assert parse_height_m(text) == metres


@pytest.mark.parametrize("text", ["", "tall", "1.7.2", "172inch", "5'8'9"])
def test_refused(text: str) -> None:
    with pytest.raises(InputError, match="understood"):
        parse_height_m(text)
