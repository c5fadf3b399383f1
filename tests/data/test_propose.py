"""What is proposed for a team's own dbt project, built by the real dbt."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from shipworthy.data.propose import OPEN, Profile, Proposal, described, profiles, proposal, propose
from shipworthy.data.propose.manifest import Described
from shipworthy.data.propose.profile import profile
from shipworthy.data.relation import Relation
from shipworthy.errors import BadSpec
from shipworthy.gateways import engine, transform
from shipworthy.spec.load import Words, load
from shipworthy.spec.model import ModelSpec

TEAM = Path(__file__).parents[1] / "projects" / "team"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A team's project, built in a folder of its own."""
    folder = tmp_path_factory.mktemp("team") / "coffee"
    shutil.copytree(TEAM, folder)
    built = transform.build(folder, warehouse=folder / "unused.duckdb", target=folder / "target", log=folder / "logs" / "build.log")
    assert built.failed == {}
    return folder


@pytest.fixture(scope="module")
def manifest(team: Path) -> dict[str, Any]:
    """dbt's manifest of the team's project."""
    said: dict[str, Any] = json.loads((team / "target" / "manifest.json").read_text())
    return said


@pytest.fixture(scope="module")
def data(team: Path, manifest: dict[str, Any]) -> dict[str, Profile]:
    """What the team's tables hold."""
    with engine.warehouse(team / "coffee.duckdb") as connection:
        return profiles(connection, described(manifest))


@pytest.fixture
def proposed(team: Path, manifest: dict[str, Any]) -> Iterator[Proposal]:
    """What is proposed for it."""
    with engine.warehouse(team / "coffee.duckdb") as connection:
        yield propose(manifest, connection)


def facts(text: str) -> dict[str, Any]:
    """Return what a piece of schema YAML says of its relation."""
    said: dict[str, Any] = yaml.safe_load(text)["models"][0]["config"]["meta"]["shipworthy"]
    return said


def answered(text: str, **answers: str) -> str:
    """Return `text` with the values of keys replaced, as a person would."""
    for key, value in answers.items():
        text, times = re.subn(rf"(\s{key}:) (\?\?\?|null|\[\])", rf"\1 {value}", text)
        assert times == 1, key
    return text


def test_a_spec_loads_once_its_questions_are_answered(proposed: Proposal, tmp_path: Path) -> None:
    """
    The text is a spec when a person has said what only a person can: known time, horizon, brief.
    """
    file = tmp_path / "model.yml"
    file.write_text(answered(proposed.models["renewed"], known_at="closed_at", horizon="21 days", goal="Fewer lost", features="[price]"))

    spec = load(file, ModelSpec)

    assert (spec.decisions.relation, spec.decisions.entity, spec.decisions.time) == ("fct_renewals", "renewal_id", "reminded_at")
    assert (spec.label.column, spec.label.known_at) == ("renewed", "closed_at")
    assert [(part.relation, part.keys) for part in spec.features] == [("customer_weekly", ["customer_id"])]
    assert spec.baseline is not None
    assert spec.baseline.sql == "0.7500"


def test_a_spec_with_an_open_question_is_refused(proposed: Proposal, tmp_path: Path) -> None:
    """
    Nobody can run past a question: an unanswered one is a mistake in the spec, with its line.
    """
    file = tmp_path / "model.yml"
    file.write_text(answered(proposed.models["renewed"], known_at="closed_at"))

    with pytest.raises(BadSpec, match=r"'label.horizon' is '\?\?\?'"):
        load(file, ModelSpec)


def test_an_unwritten_brief_stays_unwritten(proposed: Proposal) -> None:
    """
    A part of the brief that nobody wrote is null: a question mark must not pass for a goal.
    """
    brief = yaml.safe_load(proposed.models["renewed"])["brief"]

    assert set(brief.values()) == {None}


def test_a_known_time_is_never_guessed(proposed: Proposal) -> None:
    """
    When a row became known stands in no manifest: it is asked everywhere, with what the data says about it.
    """
    assert {facts(text)["known_time"] for text in proposed.meta.values()} == {OPEN}
    assert "closed_at is never before reminded_at (0 of\n" in proposed.meta["fct_renewals"]
    assert "9 nulls" in proposed.meta["fct_orders"]
    assert "all 221 values of week_ending are at" in proposed.meta["customer_weekly"]


def test_facts_hold_together_once_they_are_answered(proposed: Proposal) -> None:
    """
    Key and event time are proposed with their evidence; with the known time answered they are facts of a relation.
    """
    text = answered(proposed.meta["customer_weekly"], known_time="week_ending")

    Relation.of("customer_weekly", facts(text), {}).require_times()
    assert facts(text) == {"entity": ["customer_id"], "event_time": "week_ending", "known_time": "week_ending"}
    assert "with week_ending unique over 221 rows; customer_id names a row of dim_customers" in text


def test_each_guess_shows_its_evidence(proposed: Proposal) -> None:
    """
    A key that dbt tests says so, and an event time says what it was compared with.
    """
    assert "# unique over 240 rows, tested unique in dbt" in proposed.meta["fct_orders"]
    assert "event_time: ordered_at  # shipped_at is never before it (0 of 231)" in proposed.meta["fct_orders"]
    assert "{role: personal}" in proposed.meta["dim_customers"]


def test_a_table_of_the_present_state_is_no_feature(proposed: Proposal) -> None:
    """
    A table that overwrites its past would tell an old decision what is true today: it is left out until its questions are answered.
    """
    assert facts(proposed.meta["dim_customers"])["event_time"] == OPEN
    assert "updated_at says that rows are changed" in proposed.meta["dim_customers"]
    assert "# - {relation: dim_customers, on: customer_id}" in proposed.models["renewed"]


def test_a_table_built_from_the_outcome_is_no_feature(proposed: Proposal) -> None:
    """
    What dbt builds from the relation with the outcome may hold it: it is left out, with the reason.
    """
    text = proposed.models["renewed"]

    assert "built from fct_renewals, which holds renewed" in text
    assert "# - {relation: customer_loyalty, on: customer_id}" in text


def test_what_stands_before_the_marts_is_left_aside(manifest: dict[str, Any]) -> None:
    """
    Staging models and seeds are not proposed, nor is what has its facts already.
    """
    before = described(manifest)
    orders = "model.coffee.fct_orders"
    said = {"materialized": "table", "meta": {"shipworthy": {"static": True}}}
    nodes = manifest["nodes"] | {orders: manifest["nodes"][orders] | {"config": said}}

    assert set(before) == {"dim_customers", "fct_orders", "fct_renewals", "customer_weekly", "customer_loyalty"}
    assert set(described(manifest | {"nodes": nodes})) == set(before) - {"fct_orders"}


def test_without_an_outcome_no_model_is_invented(manifest: dict[str, Any], data: dict[str, Profile]) -> None:
    """
    Where nothing looks like an outcome there is a question, not a model.
    """
    fewer = {name: model for name, model in described(manifest).items() if name != "fct_renewals"}

    found = proposal(fewer, data)

    assert found.models == {}
    assert "what should be predicted" in found.questions[0]


def test_a_model_that_was_not_built_is_a_question(manifest: dict[str, Any], data: dict[str, Profile]) -> None:
    """
    Nothing is said of a table that is not in the database.
    """
    found = proposal(described(manifest), {name: seen for name, seen in data.items() if name != "fct_orders"})

    assert "fct_orders" not in found.meta
    assert any(question.startswith("fct_orders: not built") for question in found.questions)


def test_contradicting_times_are_told_and_not_chosen_between() -> None:
    """
    Where no time comes first in every row the event time is a question.
    """
    with engine.memory() as connection:
        rows = "(values (1, timestamp '2026-01-02', timestamp '2026-01-01'), (2, timestamp '2026-01-01', timestamp '2026-01-02'))"
        seen = profile(connection, f"{rows} t(ticket_id, opened_at, closed_at)")

    found = proposal({"tickets": Described("tickets", "main", "tickets", "models/tickets.sql")}, {"tickets": seen})

    assert seen.lags["closed_at", "opened_at"].before == 1
    assert facts(found.meta["tickets"])["event_time"] == OPEN
    assert "nobody tests it in dbt" in found.meta["tickets"]


def test_a_table_without_a_key_is_asked_for_one() -> None:
    """
    A table in which nothing names a row gets no invented key.
    """
    with engine.memory() as connection:
        seen = profile(connection, "(values (1, true), (1, false)) t(customer_id, paid)")

    found = proposal({"payments": Described("payments", "main", "payments", "models/payments.sql")}, {"payments": seen})

    assert facts(found.meta["payments"])["entity"] == [OPEN]
    assert any("what is one row?" in question for question in found.questions)


def test_awkward_names_are_quoted() -> None:
    """
    Column names that YAML would take for something else survive.
    """
    with engine.memory() as connection:
        seen = profile(connection, """(values (1, date '2026-01-01'), (2, date '2026-01-02')) t("No", "day: ""x")""")
    tickets = Described("tickets", "main", "tickets", "models/tickets.sql", unique=frozenset({"No"}))

    found = facts(proposal({"tickets": tickets}, {"tickets": seen}).meta["tickets"])

    assert found["entity"] == ["No"]
    assert found["event_time"] == 'day: "x'


def test_an_outcome_without_features_asks_for_them() -> None:
    """
    A model of which nothing is known beforehand is proposed with the question where features are, in YAML that loads.
    """
    with engine.memory() as connection:
        rows = "(values (1, now(), now() + interval 1 day, true), (2, now(), now() + interval 2 days, false))"
        seen = profile(connection, f"{rows} t(ticket_id, opened_at, closed_at, solved)")
    tickets = Described("tickets", "main", "tickets", "models/tickets.sql", owner="desk@example.org")

    found = yaml.load(proposal({"tickets": tickets}, {"tickets": seen}).models["solved"], Loader=Words)

    assert found["features"] == [{"relation": OPEN, "on": OPEN}]
    assert found["brief"]["owner"] == "desk@example.org"
