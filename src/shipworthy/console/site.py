"""The pages as plain files: the same templates, relative links, readable from a folder without a server."""

import shutil
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from shipworthy.console.links import Files, file_path, page_file
from shipworthy.console.places import every_page, every_picture
from shipworthy.console.rendering import render, static_files
from shipworthy.console.rooms import rooms
from shipworthy.spec.project import Project


def export(project: Project, book: Engine, folder: Path, *, now: datetime) -> int:
    """Write every page of `project` as of `now` below `folder` and return how many pages there are.

    Files of an earlier export are replaced; what else lies in `folder` stays.
    """
    seen = rooms(project, book, now)
    shutil.copytree(static_files(), folder / "static", dirs_exist_ok=True)
    for place, drawn in every_picture(seen):
        _write(folder / file_path(place), drawn)
    count = 0
    for count, page in enumerate(every_page(seen), start=1):  # noqa: B007
        _write(folder / page_file(page.place), render(page, Files(page.place)))
    return count


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
