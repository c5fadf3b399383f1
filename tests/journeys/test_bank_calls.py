"""A bank's calls (bank_marketing), from its own file to a model that learns from nothing that was known only after the call."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from shipworthy.errors import BadData
from shipworthy.flows.build import build
from shipworthy.flows.check import check
from shipworthy.flows.train import train
from shipworthy.gateways import lake
from shipworthy.records import Verdict

from ..conftest import Shop
from ..real_data.sets import csv
from .made_project import described, project

pytestmark = pytest.mark.journey

MODEL = "subscribes"
AS_OF = datetime(2010, 12, 31, tzinfo=UTC)
CALLED = "(timestamptz '2008-05-01 08:00:00+00' + to_seconds((n * 1970)::bigint))"
KNOWN_AT_CALL = [
    "age", "job", "marital", "education", "loan", "contact", "campaign", "pdays", "previous", "poutcome", "euribor3m", "nr_employed",
]  # fmt: skip
GAPS = ("job", "marital", "education", "loan")
NUMBERS = ("age", "campaign", "previous", "euribor3m", "nr_employed", "duration", "pdays")
COLUMNS = {name: name.replace("_e", ".e") for name in ("nr_employed",)}


def contract() -> dict[str, Any]:
    types = {"call_id": "text", "called_at": "timestamp", "ended_at": "timestamp", "y": "text"}
    types |= {name: "number" if name in NUMBERS else "text" for name in [*KNOWN_AT_CALL, "duration"]}
    columns: dict[str, Any] = {name: {"type": kind, "required": True, "description": name} for name, kind in types.items()}
    columns["y"] |= {"allowed": ["true", "false"]}
    columns |= {name: columns[name] | {"required": False} for name in GAPS}
    return {
        "path": "data/calls.csv", "delimiter": ";", "key": ["call_id"], "null_text": ["unknown"],
        "description": "One row for each call.", "columns": columns,
    }  # fmt: skip


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    told = ", ".join(name if name not in COLUMNS else f'"{COLUMNS[name]}" as {name}' for name in [*KNOWN_AT_CALL, "duration"])
    rows = f"select 'c' || n as call_id, {CALLED} as called_at, {CALLED} + to_seconds(duration) as ended_at, {told}, y"
    file = csv("bank_marketing/bank-additional-full.csv.gz", ", delim = ';', nullstr = '\\N'")
    features = ", ".join([*KNOWN_AT_CALL, "duration"])
    shop = project(
        tmp_path_factory.mktemp("bank") / "bank",
        files={"calls.csv": f"({rows} from {file})|format csv, delimiter ';', header"},
        sources={"calls": contract()},
        models={
            "decided_calls": f"select call_id, called_at, ended_at, {features} from {{{{ source('landed', 'calls') }}}}",
            "subscriptions": "select call_id, ended_at, (y = 'true')::int as subscribed from {{ source('landed', 'calls') }}",
            "kpi": "select date_trunc('month', ended_at) as month, avg(subscribed) as rate from {{ ref('subscriptions') }} group by all",
        },
        about=[
            {
                "name": "decided_calls", "description": "One row for each call to make.",
                "config": {"meta": {"shipworthy": {"entity": ["call_id"], "event_time": "called_at", "known_time": "called_at"}}},
                "columns": [
                    *described(call_id="The call.", called_at="When it is made.", ended_at="When it is over."),
                    *described(**{name: f"The {name} of the client, or of the time." for name in KNOWN_AT_CALL}),
                    {"name": "duration", "description": "Seconds.", "config": {"meta": {"shipworthy": {"known_time": "ended_at"}}}},
                ],
            },
            {
                "name": "subscriptions", "description": "What came of each call.",
                "config": {"meta": {"shipworthy": {"entity": ["call_id"], "event_time": "ended_at", "known_time": "ended_at"}}},
                "columns": described(call_id="The call.", ended_at="When it was over.", subscribed="Whether the client subscribed."),
            },
            {
                "name": "kpi", "description": "Subscriptions by month.", "config": {"meta": {"shipworthy": {"entity": ["month"]}}},
                "columns": described(month="The month.", rate="Share of calls that ended in a subscription."),
            },
        ],
        specs={
            MODEL: {
                "brief": {
                    "goal": "Call those who want it.", "decision": "Who is called next.", "owner": "calls@example.org",
                    "business_metric": {"relation": "kpi", "column": "rate", "better": "higher"},
                    "target": {"metric": "log_loss", "at_most": 0.7},
                },
                "decisions": {
                    "relation": "decided_calls", "entity": "call_id", "time": "called_at", "features": [*KNOWN_AT_CALL, "duration"],
                },
                "label": {"relation": "subscriptions", "column": "subscribed", "known_at": "ended_at", "horizon": "2 hours"},
                "baseline": {"sql": "case when previous > 0 then 0.3 else 0.1 end", "words": "Who was reached before is likelier."},
                "evaluation": {"holdout": "180 days"},
            }
        },
    )  # fmt: skip
    assert build(shop.project, shop.book, AS_OF).published
    yield shop
    shop.book.dispose()


def red(said: tuple[Verdict, ...]) -> list[tuple[str, str]]:
    return [(verdict.name, verdict.subject) for verdict in said if verdict.outcome == "fail"]


def test_a_value_from_after_the_call_refuses_the_training_and_says_what_it_buys(bank: Shop) -> None:
    """
    The export says nowhere when its rows became known, so that no build of the past can show it. The YAML says that the length of a call is
    known when it is over: `check` shows a call, both moments and the score without it, and `train` refuses (D6).
    """
    said = {verdict.name: verdict for verdict in check(bank.project, bank.book, AS_OF, only=MODEL).verdicts if verdict.outcome == "fail"}
    cost = said["availability"].evidence["cost"]

    assert "decided_calls.duration" in said["availability"].words
    assert cost["without"] < cost["with"] - 0.03
    with pytest.raises(BadData, match="availability"):
        train(bank.project, bank.book, MODEL, AS_OF)


def test_without_it_nothing_is_red_and_what_is_odd_is_noted(bank: Shop) -> None:
    """
    With the leak taken out the training goes on; that 999 stands for never is reported, with its share, and refuses nothing (B6).
    """
    bank.rewrite(f"ml/{MODEL}/model.yml", "  - duration\n", "")

    said = check(bank.project, bank.book, AS_OF, only=MODEL).verdicts
    noted = {(verdict.name, verdict.subject) for verdict in said if verdict.noted}

    assert red(said) == []
    assert ("sentinel_values", f"{MODEL}.pdays") in noted
    assert train(bank.project, bank.book, MODEL, AS_OF).version.version == 1


def test_the_landed_file_lost_nothing(bank: Shop) -> None:
    """
    Every call of the file is landed, as its contract says: `unknown` is a null that was declared, and nothing else is one.
    """
    landed = lake.read(bank.project.lake, "sources/calls")

    assert landed.num_rows == 41_188
    assert sum(landed.column(name).null_count for name in KNOWN_AT_CALL if name not in GAPS) == 0
    assert landed.column("education").null_count == 1_731
