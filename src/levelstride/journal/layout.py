"""Why it exists: what marks an SQLite file as a journal, for the store that writes it and the rescue that reads it."""

import hashlib

#: "LvSt" in the header of the file.
APPLICATION_ID = 0x4C765374
#: Version of the tables.
LAYOUT = 1


def digest_of(line: bytes) -> bytes:
    """Return the digest that stands beside a line."""
    return hashlib.sha256(line).digest()[:16]
