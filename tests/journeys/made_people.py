"""A team that looks for people with a good income (UCI Adult): sex is called sensitive in dbt's YAML, and is no input."""

from pathlib import Path
from typing import Any

from ..conftest import Shop
from ..real_data.sets import adult_rows
from .made_project import described, project

MODEL = "good_income"
ROWS = 12_000
ASKED = "(timestamptz '2024-01-01 00:00:00+00' + to_seconds(900 * n))"
FEATURES = [
    "age", "workclass", "education", "marital_status", "occupation", "relationship", "capital_gain", "capital_loss", "hours_per_week",
]  # fmt: skip
NUMBERS = ("age", "capital_gain", "capital_loss", "hours_per_week")


def people(folder: Path, fairness: dict[str, Any] | None) -> Shop:
    """Return the project in `folder`, one person each quarter of an hour from 2024 on; `fairness` is what the spec says of it."""
    told = ", ".join([*FEATURES, "sex"])
    rows = f"select 'p' || n as person, {ASKED} as asked_at, {ASKED} + interval '1 day' as known_at, {told}"
    data = f"({rows}, starts_with(income, '>')::int as good from {adult_rows()} where n <= {ROWS})"
    spec: dict[str, Any] = {
        "brief": {
            "goal": "Invite the people who can afford it.", "decision": "Who gets an invitation.", "owner": "invitations@example.org",
            "business_metric": {"relation": "kpi", "column": "share", "better": "higher"},
            "target": {"metric": "log_loss", "at_most": 0.5},
        },
        "decisions": {"relation": "people", "entity": "person", "time": "asked_at", "features": FEATURES},
        "label": {"relation": "incomes", "column": "good", "known_at": "known_at", "horizon": "1 day"},
        "baseline": {"sql": "case when relationship in ('Husband', 'Wife') then 0.45 else 0.07 end", "words": "Who is married earns more."},
        "evaluation": {"holdout": "40 days"},
        "training": {"candidates": ["lightgbm"], "search": {"trials": 0}, "parameters": {"num_iterations": 80}},
    }  # fmt: skip
    return project(
        folder,
        files={"people.parquet": f"{data}|format parquet"},
        sources={"people": _contract()},
        models={
            "people": f"select person, asked_at, {told} from {{{{ source('landed', 'people') }}}}",
            "incomes": "select person, known_at, good from {{ source('landed', 'people') }}",
            "kpi": "select date_trunc('month', known_at) as month, avg(good) as share from {{ ref('incomes') }} group by all",
        },
        about=_about(),
        specs={MODEL: spec | ({"fairness": fairness} if fairness else {})},
    )


def _contract() -> dict[str, Any]:
    types = {"person": "text", "asked_at": "timestamp", "known_at": "timestamp", "good": "integer", "sex": "text"}
    types |= {name: "number" if name in NUMBERS else "text" for name in FEATURES}
    columns = {name: {"type": kind, "description": name} for name, kind in types.items()}
    return {
        "path": "data/people.parquet", "key": ["person"], "known_time": "asked_at", "columns": columns,
        "description": "One row for each person.",
    }  # fmt: skip


def _about() -> list[dict[str, Any]]:
    return [
        {
            "name": "people", "description": "One row for each person to decide about.",
            "config": {"meta": {"shipworthy": {"entity": ["person"], "event_time": "asked_at", "known_time": "asked_at"}}},
            "columns": [
                *described(person="The person.", asked_at="When it is decided."),
                *described(**{name: f"The {name.replace('_', ' ')} of the person." for name in FEATURES}),
                {"name": "sex", "description": "As the census has it.", "config": {"meta": {"shipworthy": {"role": "sensitive"}}}},
            ],
        },
        {
            "name": "incomes", "description": "What people turned out to earn.",
            "config": {"meta": {"shipworthy": {"entity": ["person"], "event_time": "known_at", "known_time": "known_at"}}},
            "columns": described(person="The person.", known_at="When it is known.", good="Whether it is above 50,000 dollars."),
        },
        {
            "name": "kpi", "description": "Good incomes by month.", "config": {"meta": {"shipworthy": {"entity": ["month"]}}},
            "columns": described(month="The month.", share="Share of people with a good income."),
        },
    ]  # fmt: skip
