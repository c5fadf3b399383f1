"""What `check` says of the way in of each source of a project."""

from shipworthy.flows.ways_in import ways_in

from ..conftest import Shop

STREAM = "stream: {broker: redis, address_from: BROKER, topic: orders}\nfreshness: 5 minutes\n"


def test_each_source_has_a_verdict(built: Shop) -> None:
    """
    Files that are landed with each tick, and of which no more is asked, pass.
    """
    verdicts = ways_in(built.project, built.book)

    assert {verdict.subject for verdict in verdicts} >= {"landed.orders"}
    assert {verdict.outcome for verdict in verdicts} == {"pass"}


def test_a_stream_that_a_model_reads_fits(built: Shop) -> None:
    """
    Which models are built from a source is read off dbt's graph.
    """
    file = built.root / "sources" / "orders.yml"
    file.write_text(file.read_text() + STREAM)
    (mine,) = [verdict for verdict in ways_in(built.project, built.book) if verdict.subject == "landed.orders"]

    assert (mine.outcome, "only the stream is as fresh" in mine.words) == ("pass", True), mine.words


def test_a_stream_that_no_model_reads_is_objected_to(built: Shop) -> None:
    """
    A source that is upstream of nothing that a model uses.
    """
    text = (built.root / "sources" / "orders.yml").read_text().replace("source: orders", "source: unread")
    (built.root / "sources" / "unread.yml").write_text(text + STREAM)
    (mine,) = [verdict for verdict in ways_in(built.project, built.book) if verdict.subject == "landed.unread"]

    assert (mine.outcome, mine.words.startswith("a stream that no model reads")) == ("fail", True)
