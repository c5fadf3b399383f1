"""The prediction log: framed records in one file for each writer, on disk before the answer goes out.

A frame is the payload's length (u32), its crc32 (u32), and the payload in MessagePack. A process
that dies leaves at worst a torn last frame, which a reader does not see.
"""

import fcntl
import os
import secrets
import struct
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import msgspec

from shipworthy import clock
from shipworthy.errors import BadData, NotLogged

Value = float | str | None
HEAD = struct.Struct("<II")


class LookedUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """One look into the online store for one answer: what was asked for, what the store held, which row was found.

    The store held the lake's `version` of the relation, as known at `as_of`, made by the SQL `definition`. `missing` says why
    the features are null, None where a row was found; the row's times are None for a static one too. `sent` are
    the features for which the request's own value was taken instead.
    """

    relation: str
    keys: dict[str, bool | int | float | str | None]
    version: int
    as_of: datetime
    definition: str
    event_time: datetime | None = None
    known_time: datetime | None = None
    missing: str | None = None
    sent: list[str] = []


class Prediction(msgspec.Struct, frozen=True, tag_field="kind", tag="prediction", rename={"class_": "class"}):
    """One answer: `at` and `decided_at` aware and in UTC; a null input is unknown; `answer` in the label's unit.

    Of several classes `class_` is the most probable, `answer` its probability, and `probabilities` has that of each.

    `lookups` are the looks into the online store by name; None where the request sent every feature, and in older logs.
    """

    id: str
    at: datetime
    model: str
    version: int
    entity: str
    decided_at: datetime
    inputs: dict[str, Value]
    answer: float
    fallback: bool
    latency_seconds: float
    caller: str | None
    lookups: dict[str, LookedUp] | None = None
    class_: str | None = None
    probabilities: dict[str, float] | None = None


class Outcome(msgspec.Struct, frozen=True, tag_field="kind", tag="outcome", rename={"class_": "class"}):
    """What came true, received `at`: a number, or a class; without `decided_at` it is told of the entity alone."""

    at: datetime
    model: str
    entity: str
    decided_at: datetime | None
    value: float | None
    known_at: datetime
    class_: str | None = None


Record = Prediction | Outcome
_decoder: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


class Writer:
    """Appends records to a segment of its own in `folder`, made at the first write.

    With `fsync` a record survives a loss of power too, for some milliseconds a call.
    """

    def __init__(self, folder: Path, *, fsync: bool = False) -> None:
        self._folder, self._fsync = folder, fsync
        self._encoder, self._lock = msgspec.msgpack.Encoder(), Lock()
        self._handle: int | None = None
        self._end = 0

    def write(self, records: Sequence[Record]) -> None:
        """Put `records` on disk in one write, all or none.

        Raises:
            NotLogged: the disk did not take them; nothing of them is left.
        """
        frames = b"".join(map(self._frame, records))
        with self._lock:
            try:
                self._append(frames)
            except OSError as error:
                raise NotLogged(
                    where=str(self._folder), what=f"the prediction log takes no more: {error}", fix="make room on the disk"
                ) from error

    def close(self) -> None:
        """Let go of the segment; a later write begins another."""
        with self._lock:
            self._leave()

    def _frame(self, record: Record) -> bytes:
        payload = self._encoder.encode(record)
        return HEAD.pack(len(payload), zlib.crc32(payload)) + payload

    def _append(self, frames: bytes) -> None:
        if self._handle is None:
            self._handle, self._end = _begin(self._folder, fsync=self._fsync), 0
        handle = self._handle
        try:
            _write_all(handle, frames)
            if self._fsync:
                os.fdatasync(handle)
        except OSError:
            self._cut(handle)
            raise
        self._end += len(frames)

    def _cut(self, handle: int) -> None:
        """Take back what a failed write left; where even that fails, write to this segment no more."""
        try:
            os.ftruncate(handle, self._end)
        except OSError:
            self._leave()

    def _leave(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _write_all(handle: int, frames: bytes) -> None:
    written = os.write(handle, frames)
    if written != len(frames):
        raise OSError(f"{written} of {len(frames)} bytes written")


def _begin(folder: Path, *, fsync: bool) -> int:
    """Return the handle of a new, locked segment: it has its name only once it is locked."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S}-{os.getpid()}-{secrets.token_hex(4)}.log"
    handle = os.open(folder / f".{name}", os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND, 0o644)
    fcntl.flock(handle, fcntl.LOCK_EX)
    (folder / f".{name}").rename(folder / name)
    if fsync:
        _fsync_folder(folder)
    return handle


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def segments(folder: Path) -> list[Path]:
    """Return the segments in `folder`, the oldest first; none where there is no such folder."""
    return sorted(folder.glob("[!.]*.log"))


def finished(segment: Path) -> bool:
    """Return whether the writer of `segment` is gone: what is read after this is all that will ever be there."""
    with segment.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def read(segment: Path, offset: int = 0, *, at_most: int = 100_000) -> tuple[list[Record], int]:
    """Return up to `at_most` records from `offset` on, and the offset to go on from.

    It ends before a frame that is torn or damaged: such a frame was never acknowledged, or is not
    written yet. The offset does not move where there is nothing more to read.

    Raises:
        BadData: a whole frame holds no record that this version knows.
    """
    found: list[Record] = []
    with segment.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        file.seek(offset)
        while len(found) < at_most and (payload := _payload(file, size - offset)):
            found.append(_record(payload, f"{segment}:{offset}"))
            offset += HEAD.size + len(payload)
    return found, offset


def _payload(file: BinaryIO, left: int) -> bytes | None:
    """Return the next frame's payload, None where no whole one is left; zeros at the end are none either."""
    if left <= HEAD.size:
        return None
    length, checksum = HEAD.unpack(file.read(HEAD.size))
    if not 0 < length <= left - HEAD.size:
        return None
    payload = file.read(length)
    return payload if zlib.crc32(payload) == checksum else None


def _record(payload: bytes, where: str) -> Record:
    try:
        return _decoder.decode(payload)
    except msgspec.DecodeError as error:
        raise BadData(where=where, what=f"no record of the prediction log: {error}", fix="read it with the version that wrote it") from None
