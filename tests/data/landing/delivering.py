"""A project's folder with one contract, for tests that deliver to it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shipworthy.data.landing import Landed, Mending, land
from shipworthy.data.landing.landings import Landing
from shipworthy.data.landing.standing import standing
from shipworthy.errors import ShipworthyError
from shipworthy.gateways import lake
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Settings
from shipworthy.spec.source import SourceSpec

AT = datetime(2026, 6, 1, tzinfo=UTC)
TABLE = "sources/orders"
CONTRACT: dict[str, Any] = {
    "source": "orders",
    "path": "data/orders*.csv",
    "key": ["id"],
    "quarantine_at_most": 1,
    "columns": {
        "id": {"type": "integer", "required": True},
        "at": {"type": "timestamp"},
        "day": {"type": "date"},
        "price": {"type": "number"},
        "paid": {"type": "boolean"},
        "said": {"type": "text"},
    },
}
HEAD = "id,at,day,price,paid,said\n"
GOOD = HEAD + "1,2026-01-01 10:00,2026-01-01,1.5,true,hello\n2,2026-01-01T10:00:00-05:00,NA,,false,NA\n"


class Delivering:
    """A project whose one source is delivered to and landed."""

    def __init__(self, root: Path, **contract: Any) -> None:
        self.project = Project(root, Settings())
        self.root, self.lake, self.said = root, self.project.lake, CONTRACT | contract
        (root / "data").mkdir(parents=True, exist_ok=True)

    def contract(self, **changes: Any) -> SourceSpec:
        return SourceSpec.model_validate(self.said | changes)

    def put(self, text: str | bytes, file: str = "orders.csv") -> None:
        """Write `text` where the contract looks, as another delivery or in place of one."""
        (self.root / "data" / file).write_bytes(text if isinstance(text, bytes) else text.encode())

    def receive(self, text: str, file: str) -> None:
        """Write `text` where a stream hands over."""
        folder = self.project.received / "orders"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)

    def land(self, text: str | bytes | None = None, file: str = "orders.csv", **changes: Any) -> Landed:
        """Put `text` where the contract looks, if any, and land."""
        if text is not None:
            self.put(text, file)
        return land(self.project, self.contract(**changes), AT)

    def replay(self, mending: Mending | None = None, **changes: Any) -> Landed:
        return land(self.project, self.contract(**changes), AT, mending=mending, replay=mending is None)

    def refused(self, text: str | bytes | None = None, file: str = "orders.csv", **changes: Any) -> ShipworthyError:
        """Return the error of landing `text`; what was landed before must stay."""
        before = lake.pin(self.lake, TABLE) if lake.exists(self.lake, TABLE) else None
        with pytest.raises(ShipworthyError) as error:
            self.land(text, file, **changes)
        after = lake.pin(self.lake, TABLE) if lake.exists(self.lake, TABLE) else None
        assert after == before
        return error.value

    def rows(self) -> list[dict[str, Any]]:
        """Return what is landed, by the first column, without where it came from."""
        found: list[dict[str, Any]] = lake.read(self.lake, TABLE).drop_columns(["_delivery", "_record"]).to_pylist()
        return sorted(found, key=lambda row: repr(next(iter(row.values()))))

    def ids(self) -> list[Any]:
        """Return the first column of what is landed."""
        return sorted(next(iter(row.values())) for row in self.rows())

    def quarantine(self, state: str | None = "open") -> list[dict[str, Any]]:
        """Return what is in quarantine in `state`, or in any."""
        found: list[dict[str, Any]] = standing(self.lake, "orders").quarantine.to_pylist()
        return [row for row in found if state in (None, row["state"])]

    def landings(self) -> dict[str, Landing]:
        """Return what became of each delivery, by the file's name."""
        return {Path(name).name: entry for name, entry in standing(self.lake, "orders").landings.items()}
