"""The prediction log's segments: whole records or none, whatever happens to the file."""

import random
import resource
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from shipworthy.errors import BadData, NotLogged
from shipworthy.logbook.segments import HEAD, Outcome, Prediction, Record, Value, Writer, finished, read, segments

NOON = datetime(2013, 5, 1, 12, tzinfo=UTC)


def prediction(number: int = 0) -> Prediction:
    inputs: dict[str, Value] = {"carrier": "UA", "wind_speed": 4.5, "gust": None}
    moment = NOON + timedelta(seconds=number)
    return Prediction(f"abc-{number}", moment, "delay", 3, f"flight {number}", NOON, inputs, 1.25, False, 0.002, "app")


def outcome(number: int = 0) -> Outcome:
    return Outcome(NOON, "delay", f"flight {number}", None, -4.0, NOON)


def written(folder: Path, records: list[Record]) -> Path:
    writer = Writer(folder)
    writer.write(records)
    writer.close()
    return segments(folder)[0]


class TestWhatIsWritten:
    @pytest.mark.parametrize("fsync", [False, True])
    def test_records_of_both_kinds_come_back_in_order(self, tmp_path: Path, fsync: bool) -> None:
        """
        Predictions and outcomes come back as they were, in the order of writing, synced or not.
        """
        writer = Writer(tmp_path / "delay", fsync=fsync)
        writer.write([prediction(0), outcome(0)])
        writer.write([prediction(1)])

        found, end = read(segments(tmp_path / "delay")[0])

        assert found == [prediction(0), outcome(0), prediction(1)]
        assert end == segments(tmp_path / "delay")[0].stat().st_size
        writer.close()

    def test_reading_goes_on_where_it_stopped(self, tmp_path: Path) -> None:
        """
        The offset that a read returns is where the next one begins: no record twice, none left out.
        """
        everything: list[Record] = [prediction(number) for number in range(7)]
        file = written(tmp_path, everything)

        first, offset = read(file, at_most=3)
        rest, end = read(file, offset)

        assert first + rest == everything
        assert read(file, end) == ([], end)

    def test_two_writers_never_share_a_segment(self, tmp_path: Path) -> None:
        """
        Each writer has a file of its own, and a closed one begins another.
        """
        one, other = Writer(tmp_path), Writer(tmp_path)
        for writer in (one, other, one):
            writer.write([prediction()])
            writer.close()

        assert [len(read(file)[0]) for file in segments(tmp_path)] == [1, 1, 1]

    def test_a_writer_that_wrote_nothing_leaves_no_file(self, tmp_path: Path) -> None:
        """
        A segment is begun by its first record.
        """
        Writer(tmp_path / "delay").close()

        assert segments(tmp_path / "delay") == []

    def test_a_segment_is_finished_when_its_writer_is_gone(self, tmp_path: Path) -> None:
        """
        A segment with a living writer may grow; once it is let go of it will not.
        """
        writer = Writer(tmp_path)
        writer.write([prediction()])
        file = segments(tmp_path)[0]

        assert not finished(file)
        writer.close()
        assert finished(file)

    @given(some.floats(allow_nan=False), some.text(), some.datetimes(timezones=some.just(UTC)))
    def test_any_value_comes_back_exact(self, value: float, text: str, moment: datetime) -> None:
        """
        Numbers bit for bit, any text, any moment.
        """
        record = Prediction("x", moment, "delay", 1, text, moment, {text: value, "y": text, "z": None}, value, True, 0.0, None)

        assert msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=Record) == record


def test_a_log_from_before_there_were_lookups_is_read(tmp_path: Path) -> None:
    """
    A record that says nothing of lookups is of a row that was sent with every feature.
    """
    older = msgspec.msgpack.decode(msgspec.msgpack.encode(prediction()))
    del older["lookups"]
    payload = msgspec.msgpack.encode(older)
    file = tmp_path / "1.log"
    file.write_bytes(HEAD.pack(len(payload), zlib.crc32(payload)) + payload)

    assert read(file)[0] == [prediction()]


class TestWhatIsTorn:
    def test_a_cut_at_every_byte_keeps_what_was_whole_before_it(self, tmp_path: Path) -> None:
        """
        Wherever a file ends, the whole records before its end are read, and no other.
        """
        file = written(tmp_path, [prediction(0), outcome(1), prediction(2)])
        content = file.read_bytes()
        ends = _ends(file)

        for cut in range(len(content)):
            file.write_bytes(content[:cut])
            found, offset = read(file)
            assert (len(found), offset) == (sum(end <= cut for end in ends), max([0, *(end for end in ends if end <= cut)]))

    def test_a_flipped_bit_in_the_last_record_hides_that_record_alone(self, tmp_path: Path) -> None:
        """
        Every single flipped bit of the last frame is noticed, in its head as in its payload.
        """
        file = written(tmp_path, [prediction(0), prediction(1)])
        content, start = file.read_bytes(), _ends(file)[0]

        for position in range(start * 8, len(content) * 8):
            flipped = bytearray(content)
            flipped[position // 8] ^= 1 << position % 8
            file.write_bytes(flipped)
            assert read(file) == ([prediction(0)], start)

    @pytest.mark.parametrize("tail", [bytes(4096), b"\xff" * 300, random.Random(7).randbytes(4096)], ids=["zeros", "ones", "noise"])
    def test_a_tail_of_rubbish_is_not_read(self, tmp_path: Path, tail: bytes) -> None:
        """
        What a crash of the machine may leave behind the last record is not taken for records.
        """
        file = written(tmp_path, [prediction()])
        whole = file.stat().st_size
        file.write_bytes(file.read_bytes() + tail)

        assert read(file) == ([prediction()], whole)

    def test_a_whole_frame_of_something_else_is_an_error(self, tmp_path: Path) -> None:
        """
        What is whole but no record is not passed over in silence.
        """
        payload = msgspec.msgpack.encode({"kind": "rumour"})
        file = tmp_path / "x.log"
        file.write_bytes(HEAD.pack(len(payload), zlib.crc32(payload)) + payload)

        with pytest.raises(BadData, match="rumour"):
            read(file)


ROOM = 4_000_000


@pytest.fixture
def small_disk() -> Iterator[None]:
    """A limit to the size of each file that this process writes: the kernel cuts a write short, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def bulky(number: int) -> Prediction:
    return msgspec.structs.replace(prediction(number), inputs={"remark": "x" * (ROOM // 2)})


@pytest.mark.usefixtures("small_disk")
class TestAFullDisk:
    def test_a_short_write_is_refused_and_taken_back(self, tmp_path: Path) -> None:
        """
        Records that do not fit are refused as one, and the file ends where it did before.
        """
        writer = Writer(tmp_path)
        writer.write([prediction(0)])
        before = segments(tmp_path)[0].stat().st_size

        with pytest.raises(NotLogged, match=r"\d+ of \d+ bytes written"):
            writer.write([bulky(1), bulky(2)])

        assert segments(tmp_path)[0].stat().st_size == before
        assert read(segments(tmp_path)[0]) == ([prediction(0)], before)

    def test_it_writes_again_when_there_is_room(self, tmp_path: Path) -> None:
        """
        A refusal costs the records that it refused and nothing after them.
        """
        writer = Writer(tmp_path)
        with pytest.raises(NotLogged):
            writer.write([bulky(1), bulky(2)])

        writer.write([prediction(99)])

        assert read(segments(tmp_path)[0])[0] == [prediction(99)]

    def test_a_folder_that_cannot_be_made_is_refused_in_the_same_way(self, tmp_path: Path) -> None:
        """
        Where no segment can be begun, the caller hears the same error.
        """
        (tmp_path / "delay").write_text("a file in the way")

        with pytest.raises(NotLogged, match="delay"):
            Writer(tmp_path / "delay").write([prediction()])


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    """
    A writer that is killed at any moment has on disk every record whose write had come back.
    """
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.logbook.test_segments import Writer, prediction\n"
        "writer = Writer(Path(sys.argv[1])); number = 0\n"
        "while True:\n"
        "    writer.write([prediction(number)]); print(number, flush=True); number += 1\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        for _ in range(500):
            child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        last = 499 + len(child.stdout.readlines())

    found, _ = read(segments(tmp_path)[0])

    assert [record.entity for record in found[: last + 1]] == [f"flight {number}" for number in range(last + 1)]
    assert finished(segments(tmp_path)[0])
    assert str(child.pid) in segments(tmp_path)[0].name


def _ends(file: Path) -> list[int]:
    ends, offset = [], 0
    while (step := read(file, offset, at_most=1))[0]:
        offset = step[1]
        ends.append(offset)
    return ends
