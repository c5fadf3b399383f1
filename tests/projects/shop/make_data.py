"""Two hundred days of a made-up delivery service, the same each time; from 15 May on a closed bridge costs twelve minutes."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
BRIDGE = datetime(2026, 5, 15, tzinfo=UTC)
DAYS, ORDERS_A_DAY = 200, 15
SHOPS = {"dragon": 0.0, "lotus": 2.0, "pagoda": 4.0}
HOURS = range(10, 23)


def make(folder: Path, seed: int = 7) -> None:
    """Write `data/*.csv` below `folder`; another seed is another service of the same kind."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    queue = {(shop, day, hour): random.uniform(0, 30) for shop in SHOPS for day in range(DAYS) for hour in HOURS}
    orders = [_order(random, place) for place in range(DAYS * ORDERS_A_DAY)]
    deliveries = [_delivery(random, order, queue) for order in orders if random.random() > 0.02]
    _write(folder / "data" / "queue.csv", [_reported(random, *place, waiting) for place, waiting in queue.items()])
    _write(folder / "data" / "orders.csv", orders)
    _write(folder / "data" / "deliveries.csv", deliveries)


def _order(random: Random, place: int) -> dict[str, object]:
    at = START + timedelta(days=place // ORDERS_A_DAY, hours=11, minutes=random.uniform(0, 660))
    return {
        "order_id": f"o{place:05}",
        "shop": random.choice(list(SHOPS)),
        "distance": round(random.uniform(0.5, 8), 2),
        "items": random.randint(1, 6),
        "ordered_at": at,
    }


def _delivery(random: Random, order: dict[str, Any], queue: dict[tuple[str, int, int], float]) -> dict[str, object]:
    at = order["ordered_at"]
    waiting = queue[order["shop"], (at - START).days, at.hour]
    usual = 9 + 3 * order["distance"] + 0.6 * waiting + SHOPS[order["shop"]]
    minutes = max(5.0, usual + (12 if at >= BRIDGE else 0) + random.gauss(0, 3))
    return {"order_id": order["order_id"], "delivered_at": at + timedelta(minutes=minutes), "minutes": round(minutes, 2)}


def _reported(random: Random, shop: str, day: int, hour: int, waiting: float) -> dict[str, object]:
    """One report of the till; one in twenty comes a day late."""
    end = START + timedelta(days=day, hours=hour)
    late = timedelta(days=1) if random.random() < 0.05 else timedelta(minutes=2)
    return {"shop": shop, "hour_end": end, "waiting": round(waiting, 1), "known_at": end + late}


def _write(file: Path, rows: list[dict[str, object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
