import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from shipworthy.errors import BadArtifact, UnknownName
from shipworthy.logbook.segments import Prediction
from shipworthy.serving import live as module
from shipworthy.serving.live import Live, State
from shipworthy.spec.project import Project

from .answering import MODEL, Served, inputs, packaged, promoted, row, served, served_apart


@pytest.fixture
def live(project: Project) -> Live:
    return Live(project, changed=lambda _: None)


class TestLive:
    def test_nothing_promoted_is_not_ready(self, live: Live) -> None:
        """
        Where nothing answers the service is not ready: silence is not health.
        """
        live.look()

        assert not live.state.ready
        with pytest.raises(UnknownName, match="no live model 'delay'"):
            live.model(MODEL)

    def test_what_is_promoted_answers_until_it_is_taken_back(self, project: Project, live: Live) -> None:
        """
        A pointer to a version makes it answer, one to nothing makes it stop.
        """
        packaged(project, 1)
        promoted(project, 1)
        live.look()
        assert (live.model(MODEL).version, live.state.ready) == (1, True)

        promoted(project, None)
        assert live.stale()
        live.look()

        with pytest.raises(UnknownName):
            live.model(MODEL)

    def test_it_is_told_of_every_change(self, project: Project) -> None:
        """
        Whoever counts hears which versions answer now.
        """
        heard: list[State] = []
        live = Live(project, heard.append)
        packaged(project, 2)
        promoted(project, 2)
        live.look()

        assert [model.version for model in heard[-1].models.values()] == [2]
        assert not live.stale()

    def test_a_version_that_stands_is_not_loaded_again(self, project: Project, live: Live) -> None:
        """
        A pointer that moved to where it was costs nothing.
        """
        packaged(project, 1)
        promoted(project, 1)
        live.look()
        before = live.model(MODEL)
        promoted(project, None)
        promoted(project, 1)
        live.look()

        assert live.model(MODEL) is before

    @pytest.mark.parametrize("fault", ["absent", "tampered", "of another model", "rubbish pointer", "unreadable"])
    def test_a_bad_package_leaves_the_old_one_answering(self, project: Project, live: Live, fault: str) -> None:
        """
        What cannot be verified is not taken, whatever is wrong with it, and it is said.
        """
        packaged(project, 1)
        promoted(project, 1)
        live.look()
        _spoil(project, fault)
        live.look()

        assert live.model(MODEL).version == 1
        assert live.state.ready
        assert set(live.state.trouble) == {MODEL}

    def test_a_bad_package_with_nothing_before_it_is_not_ready(self, project: Project, live: Live) -> None:
        """
        A promoted model that nothing answers for makes the service unready, and the refusal says why.
        """
        _spoil(project, "absent")
        live.look()

        assert not live.state.ready
        with pytest.raises(BadArtifact, match="what is promoted cannot answer"):
            live.model(MODEL)

    def test_a_package_that_comes_late_is_taken_then(self, project: Project, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A version whose files arrive after its pointer answers once they are there.
        """
        monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
        promoted(project, 2)
        live.look()
        packaged(project, 2)

        assert live.stale()
        live.look()

        assert (live.model(MODEL).version, dict(live.state.trouble)) == (2, {})


def _spoil(project: Project, fault: str) -> None:
    """Promote a version 2 that cannot answer."""
    folder = project.artifacts / MODEL / "2"
    if fault in {"tampered", "unreadable"}:
        packaged(project, 2)
        model = folder / "model.txt"
        text = model.read_text()
        model.write_text(text.replace("leaf_value=", "leaf_value=9", 1) if fault == "tampered" else text[:100])
    if fault == "of another model":
        packaged(project, 2, model="other")
        (project.artifacts / "other" / "2").rename(folder)
    promoted(project, 2)
    if fault == "rubbish pointer":
        (project.live / f"{MODEL}.json").write_text("{}")


@contextmanager
def load(service: Served) -> Iterator[list[httpx.Response]]:
    """Requests without a pause from three callers at once, for as long as the block lasts."""
    done, responses = threading.Event(), []
    numbers = itertools.count()

    def caller() -> None:
        with httpx.Client(base_url=service.client.base_url, timeout=60, verify=False) as client:
            while not done.is_set():
                responses.append(client.post(f"/models/{MODEL}/predict", json={"rows": [row(f"UA {next(numbers)}")]}))

    with ThreadPoolExecutor(3) as pool:
        callers = [pool.submit(caller) for _ in range(3)]
        try:
            yield responses
        finally:
            done.set()
    for one in callers:
        one.result()


def test_no_request_fails_while_versions_are_swapped(live_project: Project) -> None:
    """
    Under load, through promotions, rollbacks and a promotion that cannot be taken, every request is answered by the version it names.
    """
    expected = {version: packaged(live_project, version).predict([inputs()])[0] for version in (1, 2, 3)}

    with served_apart(live_project) as service, load(service) as responses:
        for version in (2, 3, 2, 1, 3, 1):
            promoted(live_project, version)
            service.until(lambda version=version: service.client.get(f"/models/{MODEL}").json()["version"] == version)
            enough = len(responses) + 5
            service.until(lambda enough=enough: len(responses) >= enough)
        promoted(live_project, 99)
        service.until(lambda: MODEL in service.client.get("/ready").json()["trouble"])
        assert service.client.get("/ready").json()["versions"] == {MODEL: 1}
        assert 'shipworthy_model_trouble{model="delay"} 1.0' in service.client.get("/metrics").text

    answered = [response.json() for response in responses if response.status_code == 200]
    assert len(answered) == len(responses)
    assert {answer["version"] for answer in answered} == {1, 2, 3}
    assert all(answer["predictions"][0]["answer"] == expected[answer["version"]] for answer in answered)
    assert len([record for record in service.logged() if isinstance(record, Prediction)]) == len(answered)


def test_a_first_promotion_is_answered_without_a_restart(project: Project) -> None:
    """
    A service that started with nothing answers once something is promoted.
    """
    with served(project) as service:
        assert service.client.get("/ready").status_code == 503
        assert service.predict(row()).status_code == 404
        packaged(project, 1)
        promoted(project, 1)
        service.until(lambda: service.client.get("/ready").status_code == 200)

        assert service.predict(row()).json()["version"] == 1
