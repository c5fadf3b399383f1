"""One contract, whatever the format and wherever from: the same rows, types, repeats and broken records."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shipworthy.errors import BadData, UnknownName

from .delivering import CONTRACT, HEAD, Delivering

RECORDS: list[dict[str, Any]] = [
    {"id": 1, "at": "2026-01-01 10:00:00", "day": "2026-01-01", "price": 1.5, "paid": True, "said": "hello"},
    {"id": 2, "at": None, "day": None, "price": None, "paid": False, "said": 'é, "x"'},
    {"id": 1, "at": "2026-01-01 10:00:00", "day": "2026-01-01", "price": 1.5, "paid": True, "said": "hello"},
    {"id": 3, "at": None, "day": None, "price": 2.5, "paid": True, "said": "late"},
    {"id": None, "at": None, "day": None, "price": 2.5, "paid": True, "said": "nobody's"},
]

OPEN = "http://schemas.openxmlformats.org"
CELLS = f"{OPEN}/spreadsheetml/2006/main"


def as_csv(file: Path) -> None:
    cells = [["" if value is None else value for value in record.values()] for record in RECORDS]
    quoted = ["".join(('"' + str(cell).replace('"', '""') + '",') for cell in row)[:-1] for row in cells]
    file.write_text(HEAD + "\n".join(quoted) + "\n")


def as_lines(file: Path) -> None:
    file.write_text("".join(json.dumps({name: value for name, value in record.items() if value is not None}) + "\n" for record in RECORDS))


def as_parquet(file: Path) -> None:
    columns = {name: [record[name] for record in RECORDS] for name in RECORDS[0]}
    columns["at"] = [value and datetime.fromisoformat(value).replace(tzinfo=UTC) for value in columns["at"]]
    columns["day"] = [value and date.fromisoformat(value) for value in columns["day"]]
    pq.write_table(pa.table(columns), file)


def as_excel(file: Path) -> None:
    """Write an Excel file by hand: a workbook is a ZIP of XML; a day is a number with the style of a date."""
    head = {name: name for name in RECORDS[0]}
    rows = "".join(f"<row>{''.join(_cell(name, value) for name, value in row.items())}</row>" for row in [head, *RECORDS])
    about = f"{OPEN}/officeDocument/2006/relationships"
    links = f'<Relationships xmlns="{OPEN}/package/2006/relationships">'
    part = '<Override PartName="/xl/{0}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{1}+xml"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{OPEN}/package/2006/content-types">{part.format("workbook.xml", "sheet.main")}'
        f"{part.format('worksheets/sheet1.xml', 'worksheet')}{part.format('styles.xml', 'styles')}</Types>",
        "_rels/.rels": f'{links}<Relationship Id="r1" Type="{about}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{CELLS}" xmlns:r="{about}"><sheets>'
        '<sheet name="May" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{links}<Relationship Id="r1" Type="{about}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{about}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{CELLS}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{CELLS}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with ZipFile(file, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, float | int):
        return f"<c><v>{value}</v></c>"
    if name in ("at", "day") and value != name:
        moment = datetime.fromisoformat(value)
        return f'<c s="1"><v>{(moment - datetime(1899, 12, 30)).total_seconds() / 86400!r}</v></c>'
    text = str(value).replace("&", "&amp;").replace('"', "&quot;")
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


WAYS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "csv": ("orders.csv", as_csv),
    "json lines": ("orders.jsonl", as_lines),
    "parquet": ("orders.parquet", as_parquet),
    "excel": ("orders.xlsx", as_excel),
}


def outcome(orders: Delivering) -> tuple[Any, ...]:
    entry = next(iter(orders.landings().values()))
    counts = entry.records, entry.landed, entry.repeated, entry.quarantined
    return orders.rows(), counts, [(row["record"], row["column"], row["kind"], row["reason"]) for row in orders.quarantine()]


@pytest.mark.parametrize("way", WAYS)
def test_every_format_gives_the_same_rows(way: str, orders: Delivering) -> None:
    """
    Types, nulls, letters, a repeat counted once, a record without its key in quarantine under its number.
    """
    file, write = WAYS[way]
    write(orders.root / "data" / file)
    orders.land(path=f"data/{file}")

    assert outcome(orders) == (
        [
            RECORDS[0] | {"at": datetime(2026, 1, 1, 10, tzinfo=UTC), "day": date(2026, 1, 1)},
            RECORDS[1],
            RECORDS[3],
        ],
        (5, 3, 1, 1),
        [(5, "id", "missing", "is missing")],
    )


def test_what_a_stream_hands_over_is_landed_like_a_file(orders: Delivering) -> None:
    """
    The same records as one file, and as micro-batches with a redelivered message: the same rows.
    """
    as_csv(orders.root / "data" / "orders.csv")
    orders.land()
    batch = orders.rows(), [(row["column"], row["kind"]) for row in orders.quarantine()]
    stream = Delivering(orders.root / "stream", path=None, stream={"broker": "nats", "address_from": "NATS", "topic": "orders"})
    as_lines(orders.root / "all.jsonl")
    lines = (orders.root / "all.jsonl").read_text().splitlines(keepends=True)
    for number, messages in enumerate([lines[:2], lines[1:4], lines[4:]]):
        stream.receive("".join(messages), f"{number:04}.jsonl")
        stream.land()

    assert (stream.rows(), [(row["column"], row["kind"]) for row in stream.quarantine()]) == batch


def test_a_message_that_is_no_json_object_is_kept_as_it_came(orders: Delivering) -> None:
    """
    A torn message, a list, bytes that are no text: each in quarantine with its text; the others are landed.
    """
    (orders.root / "data" / "orders.jsonl").write_bytes(b'{"id": 1}\n{"id": 2, "pri\n[3]\n{"id": "\xff"}\n\n{"id": 5}\n')
    orders.land(path="data/orders.jsonl")

    assert orders.ids() == [1, 5]
    assert [(row["record"], row["column"], row["kind"], row["text"]) for row in orders.quarantine()] == [
        (2, None, "json", '{"id": 2, "pri'),
        (3, None, "json", "[3]"),
        (4, None, "json", '{"id": "\\xff"}'),
    ]


def test_a_key_that_no_record_has_beside_one_like_it_was_renamed(orders: Delivering) -> None:
    """
    JSON leaves nulls out; a key that is gone from all records while one like it has come is told.
    """
    orders.put('{"id": 1}\n{"id": 2}\n', "orders.jsonl")
    left_out = orders.land(path="data/orders.jsonl")
    error = orders.refused('{"id": 1, "prices": 5}\n', "orders.jsonl", path="data/orders.jsonl")

    assert left_out.rows == 2
    assert isinstance(error, UnknownName)
    assert "did you mean 'prices'" in error.fix


def test_a_large_json_file_is_read_like_a_small_one(orders: Delivering, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Piece by piece rather than at once, with the same outcome.
    """
    monkeypatch.setattr("shipworthy.data.landing.read.SMALL_BYTES", 1)
    as_lines(orders.root / "data" / "orders.jsonl")
    orders.land(path="data/orders.jsonl")

    assert (outcome(orders)[1], outcome(orders)[2]) == ((5, 3, 1, 1), [(5, "id", "missing", "is missing")])


def test_a_json_list_is_refused(orders: Delivering) -> None:
    """
    One list is no lines of records.
    """
    assert "holds one JSON list" in orders.refused('[{"id": 1}]', "orders.json", path="data/orders.json").what


@pytest.mark.parametrize(("file", "text"), [("orders.csv.gz", HEAD + "1,,,,,\n"), ("orders.tsv", (HEAD + "1,,,,,\n").replace(",", "\t"))])
def test_packed_files_and_tabs_are_read_by_their_names(orders: Delivering, file: str, text: str) -> None:
    """
    `.gz` is looked through, `.tsv` has tabs.
    """
    orders.put(gzip.compress(text.encode()) if file.endswith(".gz") else text, file)

    assert orders.land(path=f"data/{file}").rows == 1


def test_an_unknown_sheet_is_answered_with_the_nearest(orders: Delivering) -> None:
    """
    The names of the sheets that there are; what is no Excel file is told.
    """
    as_excel(orders.root / "data" / "orders.xlsx")
    error = orders.refused(path="data/orders.xlsx", sheet="Mai")
    broken = orders.refused("no workbook", "orders.xlsx", path="data/orders.xlsx")

    assert "Known: May" in error.fix
    assert (type(broken), broken.what.partition(":")[0]) == (BadData, "no Excel file")


def test_a_date_cell_is_read_though_the_contract_has_a_format(orders: Delivering) -> None:
    """
    A cell that is a date needs no reading; a text beside it is read as the format says.
    """
    as_excel(orders.root / "data" / "orders.xlsx")
    columns = CONTRACT["columns"] | {"day": {"type": "date", "format": "%d/%m/%Y"}}
    orders.land(path="data/orders.xlsx", columns=columns)

    assert orders.rows()[0]["day"] == date(2026, 1, 1)
