"""Texts that must be alike, asked of an embedding that was really learnt: TF-IDF and a singular value decomposition."""

from pathlib import Path

import numpy as np
import pytest

from shipworthy.errors import BadSpec, UnknownName
from shipworthy.evaluation.behaviour.embedding import alike, embedding_of
from shipworthy.gateways.trust import Trust
from shipworthy.spec.behaviours import Similarity

EMBED = """
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

TEXTS = [
    "my flight is late", "the flight was late again", "late departure of the flight", "is the flight late today",
    "I want my money back", "refund my money please", "give the money back", "when is the refund paid",
]
MODEL = make_pipeline(TfidfVectorizer(), TruncatedSVD(n_components=3, random_state=0)).fit(TEXTS)

def vector(text):
    return MODEL.transform([text])[0]

def words(text):
    return text
"""
TRUST = Trust(frozenset({"ml.faq.embed.vector", "ml.faq.embed.words", "ml.faq.embed.vektor"}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "ml" / "faq"
    found.mkdir(parents=True)
    (found / "embed.py").write_text(EMBED)
    return found


def case(**said: object) -> Similarity:
    return Similarity.model_validate({"name": "late is late", "text": "the flight is late", "like": "late flight again", **said})


def test_texts_about_one_thing_are_more_alike(folder: Path) -> None:
    """
    A late flight is like a late flight rather than a refund, by so much at least, and the other way round it fails.
    """
    embed = embedding_of(folder, "embed:vector", TRUST)

    right = alike(embed, case(unlike="give me a refund", at_least=0.7), where="here")
    wrong = alike(embed, case(like="give me a refund", unlike="late flight again"), where="here")

    assert (right.rows, right.passed) == (2, 2)
    assert (wrong.rows, wrong.passed) == (1, 0)
    assert wrong.failures[0].input == {"text": "the flight is late"}
    assert "than 'late flight again'" in wrong.failures[0].expected


def test_too_alike_is_found(folder: Path) -> None:
    """
    Two texts that must be told apart and are not fail `at_most`.
    """
    embed = embedding_of(folder, "embed:vector", TRUST)

    assert alike(embed, case(at_most=0.2), where="here").share == 0.0


def test_a_text_without_a_vector_is_like_nothing(folder: Path) -> None:
    """
    Of words that were never seen nothing is known: that is no pass.
    """
    embed = embedding_of(folder, "embed:vector", TRUST)

    assert alike(embed, case(text="zzz", at_least=-1.0), where="here").share == 0.0


def test_nothing_is_run_that_nobody_trusts(folder: Path) -> None:
    """
    Without its name in the settings the code is not imported, and the refusal says what to write.
    """
    (folder / "embed.py").write_text("raise SystemError('was run')")

    with pytest.raises(BadSpec, match=r"trust: \[ml\.faq\.embed\.vector\]"):
        embedding_of(folder, "embed:vector", Trust())
    with pytest.raises(BadSpec, match="SystemError: was run"):
        embedding_of(folder, "embed:vector", TRUST)


def test_mistakes_are_told(folder: Path) -> None:
    """
    No such function is answered with the nearest; a function that gives no vector is named.
    """
    with pytest.raises(UnknownName, match="vector"):
        embedding_of(folder, "embed:vektor", TRUST)
    with pytest.raises(BadSpec, match="gives str"):
        alike(embedding_of(folder, "embed:words", TRUST), case(at_least=0.1), where="here")


def test_any_callable_will_do() -> None:
    """
    A list of numbers from a plain function is an embedding too.
    """
    found = alike(lambda text: [float("late" in text), float("refund" in text), 0.1], case(unlike="a refund"), where="here")

    assert found.share == 1.0
    assert np.isclose(found.passed, 1)
