"""First tables"""

import sqlalchemy as sa
from alembic import op

from shipworthy.logbook.tables import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("key", sa.String(length=400), nullable=False, comment="what the condition is about"),
        sa.Column("first_seen", Moment(), nullable=False, comment="when it began"),
        sa.Column("model", sa.Text(), nullable=False, comment="model's name, or empty"),
        sa.Column("severity", sa.Text(), nullable=False, comment="info, warning or critical"),
        sa.Column("state", sa.Text(), nullable=False, comment="pending, firing or recovered"),
        sa.Column("words", sa.Text(), nullable=False, comment="what is the matter"),
        sa.Column("fix", sa.Text(), nullable=False, comment="what to do about it"),
        sa.Column("last_seen", Moment(), nullable=False, comment="when it was last seen"),
        sa.Column("fired_at", Moment(), nullable=True, comment="when it fired; null if not yet"),
        sa.Column("recovered_at", Moment(), nullable=True, comment="when it recovered; null if not yet"),
        sa.PrimaryKeyConstraint("key", "first_seen"),
        comment="every lasting condition, one line for each time it began",
    )
    op.create_table(
        "deployments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False, comment="order of events"),
        sa.Column("model", sa.Text(), nullable=False, comment="model's name"),
        sa.Column(
            "version", sa.Integer(), autoincrement=False, nullable=True, comment="version that answers from then on; null if none does"
        ),
        sa.Column("at", Moment(), nullable=False, comment="when"),
        sa.Column("action", sa.Text(), nullable=False, comment="promote or rollback"),
        sa.Column("who", sa.Text(), nullable=False, comment="who did it"),
        sa.Column("why", sa.Text(), nullable=False, comment="for what reason"),
        sa.PrimaryKeyConstraint("id"),
        comment="append-only: which version answered when",
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=400), nullable=False, comment="what is held"),
        sa.Column("holder", sa.Text(), nullable=False, comment="who holds it"),
        sa.Column("until", Moment(), nullable=False, comment="when it lapses, by the wall clock"),
        sa.PrimaryKeyConstraint("name"),
        comment="who may write now",
    )
    op.create_table(
        "measurements",
        sa.Column("name", sa.String(length=400), nullable=False, comment="what was measured"),
        sa.Column(
            "subject", sa.String(length=400), nullable=False, comment="model, model@version, model.column, relation or relation.column"
        ),
        sa.Column("at", Moment(), nullable=False, comment="moment it speaks of"),
        sa.Column("value", sa.Float(), nullable=True, comment="the number; null if not known"),
        sa.Column("rows", sa.Integer(), autoincrement=False, nullable=True, comment="rows behind it"),
        sa.Column("low", sa.Float(), nullable=True, comment="lower end of its interval"),
        sa.Column("high", sa.Float(), nullable=True, comment="upper end of its interval"),
        sa.Column("window_start", Moment(), nullable=True, comment="start of its window"),
        sa.Column("window_end", Moment(), nullable=True, comment="end of its window"),
        sa.PrimaryKeyConstraint("name", "subject", "at"),
        comment="every number that was measured",
    )
    with op.batch_alter_table("measurements", schema=None) as batch_op:
        batch_op.create_index("measurements_by_subject", ["subject", "name"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False, comment="order of messages"),
        sa.Column("once", sa.String(length=400), nullable=False, comment="key, first_seen, state and route: a message is queued once"),
        sa.Column("route", sa.Text(), nullable=False, comment="environment variable with the Apprise URL; never the URL"),
        sa.Column("title", sa.Text(), nullable=False, comment="title of the message"),
        sa.Column("body", sa.Text(), nullable=False, comment="text of the message"),
        sa.Column("severity", sa.Text(), nullable=False, comment="info, warning or critical"),
        sa.Column("queued_at", Moment(), nullable=False, comment="when it was queued"),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False, comment="deliveries tried"),
        sa.Column("next_at", Moment(), nullable=False, comment="when to try next"),
        sa.Column("sent_at", Moment(), nullable=True, comment="when it was delivered; null if not yet"),
        sa.Column("trouble", sa.Text(), nullable=False, comment="what went wrong last; empty if nothing"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("once"),
        comment="messages to deliver, kept until they are",
    )
    op.create_table(
        "promises",
        sa.Column("model", sa.String(length=400), nullable=False, comment="model's name"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False, comment="model version"),
        sa.Column("stage", sa.String(length=400), nullable=False, comment="offline, backtest or realized"),
        sa.Column("metric", sa.String(length=400), nullable=False, comment="metric; lower is better"),
        sa.Column("window_start", Moment(), nullable=False, comment="first decision time, included"),
        sa.Column("window_end", Moment(), nullable=False, comment="last decision time, excluded"),
        sa.Column("rows", sa.Integer(), autoincrement=False, nullable=False, comment="decisions measured"),
        sa.Column("value", sa.Float(), nullable=True, comment="metric of the model; null if not known"),
        sa.Column("low", sa.Float(), nullable=True, comment="lower end of its interval"),
        sa.Column("high", sa.Float(), nullable=True, comment="upper end of its interval"),
        sa.Column("rule", sa.Float(), nullable=True, comment="metric of the rule on the same rows"),
        sa.Column("difference_low", sa.Float(), nullable=True, comment="lower end of model minus rule"),
        sa.Column("difference_high", sa.Float(), nullable=True, comment="upper end of model minus rule"),
        sa.Column("measured_at", Moment(), nullable=False, comment="when it was measured"),
        sa.PrimaryKeyConstraint("model", "version", "stage", "metric", "window_start", "window_end"),
        comment="the ledger of promises",
    )
    op.create_table(
        "steps",
        sa.Column("run", sa.String(length=400), nullable=False, comment="run that the step belongs to"),
        sa.Column("name", sa.String(length=400), nullable=False, comment="step's name within the run"),
        sa.Column("status", sa.Text(), nullable=False, comment="running, done, failed or interrupted"),
        sa.Column("started_at", Moment(), nullable=False, comment="start of the last try"),
        sa.Column("ended_at", Moment(), nullable=True, comment="end of the last try; null while it runs"),
        sa.Column("words", sa.Text(), nullable=False, comment="what it said of itself"),
        sa.Column("detail", sa.JSON(), nullable=False, comment="inputs, outputs, versions and environment"),
        sa.PrimaryKeyConstraint("run", "name"),
        comment="every step of every run",
    )
    op.create_table(
        "verdicts",
        sa.Column("run", sa.String(length=400), nullable=False, comment="run that judged"),
        sa.Column("name", sa.String(length=400), nullable=False, comment="check, gate or monitor"),
        sa.Column("subject", sa.String(length=400), nullable=False, comment="what was judged"),
        sa.Column("at", Moment(), nullable=False, comment="when it was judged"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="pass, fail or unknown"),
        sa.Column("words", sa.Text(), nullable=False, comment="the verdict in words, with its counter-example"),
        sa.Column("fix", sa.Text(), nullable=False, comment="what to do about it"),
        sa.Column("evidence", sa.JSON(), nullable=False, comment="figures behind the words"),
        sa.Column("waived_by", sa.Text(), nullable=True, comment="who waived it, until when, why; null if nobody did"),
        sa.PrimaryKeyConstraint("run", "name", "subject"),
        comment="what every guard said",
    )
    op.create_table(
        "versions",
        sa.Column("model", sa.String(length=400), nullable=False, comment="model's name"),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False, comment="number within the model, from 1"),
        sa.Column("as_of", Moment(), nullable=False, comment="moment whose knowledge it was trained on"),
        sa.Column("created_at", Moment(), nullable=False, comment="when it was packaged"),
        sa.Column("run_id", sa.Text(), nullable=False, comment="MLflow run"),
        sa.Column("training_set", sa.Text(), nullable=False, comment="hash of the training set"),
        sa.Column("artifact", sa.Text(), nullable=False, comment="folder of the package, from the state folder"),
        sa.Column("sound", sa.Boolean(), nullable=False, comment="whether every gate was green or waived when it was trained"),
        sa.Column("note", sa.Text(), nullable=False, comment="why it was trained"),
        sa.PrimaryKeyConstraint("model", "version"),
        comment="every packaged model",
    )


def downgrade() -> None:
    op.drop_table("versions")
    op.drop_table("verdicts")
    op.drop_table("steps")
    op.drop_table("promises")
    op.drop_table("outbox")
    with op.batch_alter_table("measurements", schema=None) as batch_op:
        batch_op.drop_index("measurements_by_subject")

    op.drop_table("measurements")
    op.drop_table("leases")
    op.drop_table("deployments")
    op.drop_table("alerts")
