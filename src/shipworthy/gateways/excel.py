"""The only door to Excel files: the cells of one sheet, as what they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from shipworthy.errors import BadData, UnknownName

Cell = str | int | float | bool | datetime | date | time | timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its first row, and the rows below it; an empty cell is an empty text."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def read(file: Path, sheet: str | None = None) -> Sheet:
    """Return `sheet` of the Excel file `file`, its first sheet if None; empty rows below the last filled one are left out.

    Raises:
        BadData: the file is no Excel file, or the sheet is empty.
        UnknownName: it has no such sheet.
    """
    try:
        book = CalamineWorkbook.from_path(str(file))
        if sheet is not None and sheet not in book.sheet_names:
            raise UnknownName.of("sheet", sheet, known=book.sheet_names, where=file.name)
        rows = book.get_sheet_by_name(sheet if sheet is not None else book.sheet_names[0]).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise BadData(where=file.name, what=f"no Excel file: {error}", fix="look at the export") from None
    while rows and not any(cell != "" for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise BadData(where=file.name, what="the sheet is empty", fix="look at the export, or name another 'sheet'")
    return Sheet(tuple(str(cell) for cell in rows[0]), rows[1:])
