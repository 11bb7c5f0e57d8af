"""Why it exists: what a recording measured enters the journal as any other result - with its error and its origin.

The ids follow from the content, so that taking in the same file twice adds nothing.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from levelstride.journal.bodies import Measured, Origin, Side, Unmeasured
from levelstride.journal.entry import Entry, new_entry
from levelstride.measure.results import GaitResult, Measure
from levelstride.report.files import MeasuresFile, RecordingFacts


def measured_entries(file: MeasuresFile, *, at: datetime | None, zone: str) -> tuple[Entry, ...]:
    """Return one entry for each measure of a ``measures.json``, those that are not measurable included.

    Parameters
    ----------
    at : datetime or None
        When the person walked; None = when the file was made.
    """
    moment = at or file.provenance.created
    zone = zone if at is not None else str(moment.tzinfo)
    entries = []
    for result in file.results:
        concerned = _concerned(result, file.recordings)
        conditions = _conditions(result, concerned)
        for measure in result.measures:
            origin = _origin(file, concerned)
            body = _body(result, measure, conditions, origin)
            entries.append(new_entry(body, at=moment, zone=zone, id=_id(moment, body)))
    return tuple(entries)


def _body(result: GaitResult, measure: Measure, conditions: dict[str, str], origin: Origin) -> Measured:
    reason = measure.not_measurable
    side: Side | None = None if measure.side == "both" else measure.side
    return Measured(
        test=result.task,
        measure=measure.name,
        side=side,
        value=measure.value,
        unit=measure.unit,
        standard_error=measure.standard_error if measure.value is not None else None,
        error_source="recording" if measure.value is not None else None,
        n=measure.n,
        sd=measure.sd,
        quality=measure.quality,
        conditions={**conditions, **({"against": measure.method} if measure.method else {})},
        not_measurable=Unmeasured(code=reason.code, text=reason.text, fix=reason.fix) if reason is not None else None,
        origin=origin,
    )


def _concerned(result: GaitResult, recordings: tuple[RecordingFacts, ...]) -> list[RecordingFacts]:
    """Return the recordings a result was measured in; all of them when it names none."""
    named = {event.recording for event in result.events} | {walk.recording for walk in result.walks}
    found = [recording for number, recording in enumerate(recordings) if number in named]
    return found or list(recordings)


def _conditions(result: GaitResult, recordings: list[RecordingFacts]) -> dict[str, str]:
    """Return what must agree before this result is compared with another one."""
    stated: dict[str, set[str]] = {}
    for recording in recordings:
        context, video = recording.context, recording.video
        for name in ("footwear", "walking_aid", "surface"):
            value = getattr(context, name)
            if value is not None:
                stated.setdefault(name, set()).add(value)
        if video is not None:
            width, height = sorted((video.width_px, video.height_px))
            stated.setdefault("picture", set()).add(f"{width}x{height} {video.fps:.0f} Hz")
    found = {name: " + ".join(sorted(values)) for name, values in stated.items()}
    treadmill = {recording.context.treadmill for recording in recordings} - {None}
    if not treadmill and result.surface != "not known":
        treadmill = {result.surface != "over ground"}
    if treadmill:
        found["treadmill"] = " + ".join(sorted("yes" if one else "no" for one in treadmill))
    return found


def _origin(file: MeasuresFile, recordings: list[RecordingFacts]) -> Origin:
    def joined(values: Iterable[str | None]) -> str | None:
        return " + ".join(sorted({value for value in values if value})) or None

    return Origin(
        method="recording",
        software=file.provenance.software,
        software_version=file.provenance.software_version,
        file=joined(recording.file for recording in recordings),
        file_sha256=joined(recording.sha256 for recording in recordings),
        device=joined(recording.context.device for recording in recordings),
        view=joined(recording.context.view for recording in recordings),
        model=joined(f"{recording.model} {recording.mode}".strip() for recording in recordings),
    )


def _id(at: datetime, body: Measured) -> UUID:
    """Return a UUIDv7 of the moment whose other bits follow from what was measured, and how."""
    bits = int.from_bytes(hashlib.sha256(body.model_dump_json().encode()).digest()[:10])
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    number = milliseconds << 80 | 0x7 << 76 | (bits >> 62 & 0xFFF) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    return UUID(int=number)


def same_recording(body: Measured) -> tuple[str | None, str, str, Side | None]:
    """Return what is equal for the same measure of the same recording, whenever it was analysed."""
    return body.origin.file_sha256, body.test, body.measure, body.side
