"""Why it exists: reads the pages of an SQLite file and the frames of its write-ahead log without SQLite.

Written from the public description of the file format. It serves the rescue of damaged journals: every row that is
whole is found, whatever else the file has lost.
"""

import json
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from levelstride.journal.layout import digest_of

HEADER = 100
SMALLEST_PAGE = 512
_USUAL_PAGE = 4096
_TABLE_LEAF = 13
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_WAL_VERSION = 3007000
_WAL_HEADER = 32
_FRAME_HEADER = 24


class Frame(NamedTuple):
    """One page in the write-ahead log; ``commits`` = pages of the file after this transaction, 0 within one."""

    page: int
    commits: int
    salts: bytes
    at: int


@dataclass
class Found:
    """What a scan has found: (number, line) by id and digest, and the highest number ever given."""

    lines: dict[tuple[str, bytes], tuple[int, str]] = field(default_factory=dict)
    given: int | None = None


def page_size_of(header: bytes) -> int | None:
    """Return the size of a page that the header of a file states; None when it states none that can be."""
    stated = int.from_bytes(header[16:18]) if len(header) >= 18 else 0
    return _allowed(65536 if stated == 1 else stated)


def _allowed(page_size: int) -> int | None:
    return page_size if SMALLEST_PAGE <= page_size <= 65536 and page_size & (page_size - 1) == 0 else None


# ------------------------------------------------------------------------------------------------- write-ahead log


def frames_of(wal: bytes) -> tuple[int, list[Frame]]:
    """Return the page size and all complete frames of a log, those of earlier rounds too; none without its header."""
    page_size = _allowed(int.from_bytes(wal[8:12]))
    if len(wal) < _WAL_HEADER or page_size is None or int.from_bytes(wal[4:8]) != _WAL_VERSION:
        return _USUAL_PAGE, []
    if int.from_bytes(wal[:4]) not in _WAL_MAGIC or _checksum(wal, wal[:24], (0, 0)) != _sums(wal, 24):
        return _USUAL_PAGE, []
    starts = range(_WAL_HEADER, len(wal) - _FRAME_HEADER - page_size + 1, _FRAME_HEADER + page_size)
    return page_size, [
        Frame(
            int.from_bytes(wal[at : at + 4]),
            int.from_bytes(wal[at + 4 : at + 8]),
            wal[at + 8 : at + 16],
            at + _FRAME_HEADER,
        )
        for at in starts
    ]


def valid(wal: bytes, page_size: int, frames: Sequence[Frame]) -> list[Frame]:
    """Return the frames that SQLite would use: of this round, checksums right, up to the last commit."""
    sums = _sums(wal, 24)
    end = 0
    for count, frame in enumerate(frames, start=1):
        head = frame.at - _FRAME_HEADER
        sums = _checksum(wal, wal[head : head + 8] + wal[frame.at : frame.at + page_size], sums)
        if frame.salts != wal[16:24] or sums != _sums(wal, head + 16):
            break
        if frame.commits:
            end = count
    return list(frames[:end])


def committed(frames: Sequence[Frame]) -> list[Frame]:
    """Return the frames that a commit of the same round follows, checksums aside; newest first."""
    closed: set[bytes] = set()
    kept = []
    for frame in reversed(frames):
        if frame.commits:
            closed.add(frame.salts)
        if frame.salts in closed:
            kept.append(frame)
    return kept


def _sums(wal: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(wal[at : at + 4]), int.from_bytes(wal[at + 4 : at + 8])


def _checksum(wal: bytes, data: bytes, start: tuple[int, int]) -> tuple[int, int]:
    """Go on with the running checksum of a log; its magic number names the order of bytes in a word."""
    words = array("I", data)
    if (wal[3] & 1 == 1) != (array("I", b"\0\0\0\1")[0] == 1):
        words.byteswap()
    first, second = start
    for i in range(0, len(words), 2):
        first = (first + words[i] + second) & 0xFFFFFFFF
        second = (second + words[i + 1] + first) & 0xFFFFFFFF
    return first, second


# ------------------------------------------------------------------------------------------------- pages and cells


class _Pages:
    """Every known image of every page, the one to trust most first."""

    def __init__(self, main: bytes, wal: bytes, page_size: int, reserved: int) -> None:
        self.usable = page_size - reserved
        self.images: dict[int, list[bytes]] = {}
        self.total = len(main) + len(wal)
        logged_size, frames = frames_of(wal)
        frames = committed(frames) if logged_size == page_size else []
        for frame in frames:
            if frame.salts == wal[16:24]:
                self._keep(frame.page, wal[frame.at : frame.at + page_size])
        for at in range(0, len(main), page_size):
            self._keep(at // page_size + 1, main[at : at + page_size])
        for frame in frames:
            if frame.salts != wal[16:24]:
                self._keep(frame.page, wal[frame.at : frame.at + page_size])

    def records(self) -> Iterator[tuple[int, bytes]]:
        """Give the number and the whole content of every row that can be read, of whichever table."""
        for number, images in self.images.items():
            for image in images:
                for at in _cells(image, HEADER if number == 1 else 0):
                    with suppress(IndexError):
                        yield self._record(image, at)

    def _keep(self, number: int, image: bytes) -> None:
        images = self.images.setdefault(number, [])
        if image not in images:
            images.append(image)

    def _record(self, image: bytes, at: int) -> tuple[int, bytes]:
        """Read one cell of a table leaf; ``IndexError`` when it or the rest of it elsewhere lies beyond the end."""
        length, at = _varint(image, at)
        row, at = _varint(image, at)
        if length > self.total:
            raise IndexError
        most = self.usable - 35
        if length <= most:
            return row, _piece(image, at, length)
        least = (self.usable - 12) * 32 // 255 - 23
        local = least + (length - least) % (self.usable - 4)
        local = local if local <= most else least
        pieces = [_piece(image, at, local)]
        following = int.from_bytes(_piece(image, at + local, 4))
        missing = length - local
        while missing:
            size = min(missing, self.usable - 4)
            page = next((p for p in self.images.get(following, ()) if len(p) >= 4 + size), b"")
            pieces.append(_piece(page, 4, size))
            following = int.from_bytes(page[:4])
            missing -= size
        return row, b"".join(pieces)


def scan(main: bytes, wal: bytes) -> Found:
    """Read all entries that are whole; also with the usual size of pages, should the header be damaged."""
    logged_size, frames = frames_of(wal)
    shapes = {(_USUAL_PAGE, 0): None, (logged_size if frames else _USUAL_PAGE, 0): None}
    if (page_size := page_size_of(main)) is not None and main[20:21] and page_size - main[20] >= 480:
        shapes[page_size, main[20]] = None
    found = Found()
    for page_size, reserved in shapes:
        for row, record in _Pages(main, wal, page_size, reserved).records():
            with suppress(IndexError, ValueError, RecursionError):
                _take(found, row, record)
    return found


def _take(found: Found, row: int, record: bytes) -> None:
    values = _values(record)
    if len(values) == 2:
        name, number = values
        if name == (True, b"entry") and isinstance(number, int):
            found.given = max(found.given or 0, number)
        return
    if len(values) != 4:
        return
    _, id, digest, line = values
    if not (isinstance(id, tuple) and id[0] and isinstance(line, tuple) and line[0] and isinstance(digest, tuple)):
        return
    if digest[0] or digest_of(line[1]) != digest[1]:
        return
    key, text = (id[1].decode(), digest[1]), line[1].decode()
    content = json.loads(text)
    if isinstance(content, dict) and content.get("id") == key[0]:
        found.lines.setdefault(key, (row, text))


def _values(record: bytes) -> list[int | tuple[bool, bytes] | None]:
    """Return the columns of a record: numbers, None, and bytes with whether they are text; ``IndexError`` if short."""
    end, at = _varint(record, 0)
    body = end
    values: list[int | tuple[bool, bytes] | None] = []
    while at < end:
        kind, at = _varint(record, at)
        if kind >= 12:
            size = (kind - 12) // 2
            values.append((kind % 2 == 1, _piece(record, body, size)))
        elif kind in (8, 9):
            size = 0
            values.append(kind - 8)
        else:
            size = (0, 1, 2, 3, 4, 6, 8, 8)[kind]
            whole = int.from_bytes(_piece(record, body, size), signed=True)
            values.append(whole if 1 <= kind <= 6 else None)
        body += size
        if len(values) > 4:
            return []
    return values


def _cells(image: bytes, start: int) -> Iterator[int]:
    """Give where the cells of a table leaf begin."""
    if len(image) < start + 8 or image[start] != _TABLE_LEAF:
        return
    count = int.from_bytes(image[start + 3 : start + 5])
    first = start + 8
    for at in range(first, min(first + 2 * count, len(image) - 1), 2):
        yield int.from_bytes(image[at : at + 2])


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for i in range(at, at + 8):
        value = value << 7 | data[i] & 0x7F
        if data[i] < 0x80:
            return value, i + 1
    return value << 8 | data[at + 8], at + 9


def _piece(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise IndexError
    return data[at : at + size]
