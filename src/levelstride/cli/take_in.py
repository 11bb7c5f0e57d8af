"""Why it exists: measures of a recording join the journal, from ``journal import`` and from ``findings --measures``."""

from datetime import datetime
from typing import TYPE_CHECKING

from levelstride.cli.session import Session

if TYPE_CHECKING:
    from levelstride.journal.entry import Entry
    from levelstride.report.files import MeasuresFile


def take_measures(session: Session, measures: "MeasuresFile", at: datetime | None = None) -> tuple[int, int]:
    """Bring the measures of a recording into the journal; returns how many there are and how many were new.

    A recording is in the journal once: measured again, or with another day, its new measures take the place of the
    earlier ones, which are taken back.
    """
    from levelstride.journal.bodies import Measured, Retraction
    from levelstride.journal.entry import local_zone
    from levelstride.report.journal_entries import measured_entries, same_recording

    entries = measured_entries(measures, at=at, zone=local_zone())
    earlier = {same_recording(one.body): one for one in session.state.measures if one.body.origin.file_sha256}
    new: list[Entry] = []
    retracted = []
    for entry in entries:
        assert isinstance(entry.body, Measured)
        before = earlier.get(same_recording(entry.body))
        if before is not None and before.body == entry.body and (at is None or before.at == entry.at):
            continue
        new.append(entry)
        if before is not None and before.id != entry.id:
            retracted.append(Retraction(target=before.id, reason="the same recording was taken in again"))
    added = session.add(new)
    # an entry that was here before and was taken back counts again
    back = {entry.id for entry in new} & session.state.retracted
    for entry in session.entries:
        if isinstance(entry.body, Retraction) and entry.body.target in back and entry.id not in session.state.retracted:
            retracted.append(Retraction(target=entry.id, reason="taken in again"))
    if retracted:
        session.write(*retracted)
    return len(entries), added
