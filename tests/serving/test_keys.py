import pytest

from shipworthy.errors import BadSpec, Unauthorised
from shipworthy.serving.faults import NotAllowed
from shipworthy.serving.keys import keys_from
from shipworthy.spec.project import Project

from .answering import packaged, promoted, row, served

SECRET = "s3cr3t-of-the-app"
KEYS = f"app:predict:{SECRET}, grafana:read:looks-only,owner:admin:a:b:c"


@pytest.fixture(autouse=True)
def _set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIPWORTHY_KEYS", KEYS)


class TestKeys:
    def test_a_key_with_the_role_names_its_caller(self) -> None:
        """
        The caller is known by the key's name; a key may hold colons.
        """
        keys = keys_from("SHIPWORTHY_KEYS")

        assert keys.caller(f"Bearer {SECRET}", ("predict", "admin")) == "app"
        assert keys.caller("bearer a:b:c", ("predict", "admin")) == "owner"

    @pytest.mark.parametrize(
        "shown", [None, "", "Bearer", "Bearer ", f"Basic {SECRET}", "Bearer wrong", f"Bearer {SECRET}x", "Bearer \udcff"]
    )
    def test_no_key_or_a_wrong_one_is_refused(self, shown: str | None) -> None:
        """
        Whatever is not a known key is refused, and not repeated.
        """
        with pytest.raises(Unauthorised) as refusal:
            keys_from("SHIPWORTHY_KEYS").caller(shown, ("predict",))

        assert "wrong" not in str(refusal.value)
        assert SECRET not in str(refusal.value)

    def test_a_key_without_the_role_is_refused_by_name(self) -> None:
        """
        The refusal says whose key it is and which role is needed.
        """
        with pytest.raises(NotAllowed, match="'grafana' has the role read"):
            keys_from("SHIPWORTHY_KEYS").caller("Bearer looks-only", ("predict", "admin"))

    def test_without_keys_everybody_may(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        A service that was given no keys asks for none.
        """
        monkeypatch.delenv("SHIPWORTHY_KEYS")

        assert keys_from("SHIPWORTHY_KEYS").caller(None, ("admin",)) is None

    @pytest.mark.parametrize("said", [SECRET, f"app:{SECRET}", f"app:root:{SECRET}", "app:predict:", f":predict:{SECRET}"])
    def test_a_mistake_is_told_by_its_place_without_the_key(self, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """
        What cannot be a key stops the service, and is not shown.
        """
        monkeypatch.setenv("SHIPWORTHY_KEYS", f"ok:read:fine,{said}")

        with pytest.raises(BadSpec, match="SHIPWORTHY_KEYS, key 2") as refusal:
            keys_from("SHIPWORTHY_KEYS")

        assert SECRET not in str(refusal.value)


def test_a_service_with_keys_answers_those_who_show_one(live_project: Project) -> None:
    """
    Predictions and outcomes need a key with a role, all else but health and metrics any key; the log has the caller's name.
    """
    with served(live_project) as service:
        refused = service.predict(row())
        outcome = {"outcomes": [{"entity": "UA 1", "value": 1, "known_at": "2013-05-02T00:00:00Z"}]}
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert service.client.post("/models/delay/outcomes", json=outcome).status_code == 401
        assert [service.client.get(path).status_code for path in ("/models", "/models/delay", "/openapi.json")] == [401] * 3
        assert [service.client.get(path).status_code for path in ("/health", "/ready", "/metrics")] == [200] * 3

        service.client.headers["authorization"] = "Bearer looks-only"
        assert service.predict(row()).status_code == 403
        assert service.client.get("/models/delay").status_code == 200
        assert service.logged() == []

        service.client.headers["authorization"] = f"Bearer {SECRET}"
        assert service.predict(row()).status_code == 200
        assert [record.caller for record in service.logged()] == ["app"]
        assert SECRET not in service.client.get("/metrics").text


def test_a_stranger_does_not_learn_which_models_there_are(live_project: Project) -> None:
    """
    Without a key an unknown model and a known one are refused alike.
    """
    packaged(live_project, 1, model="other")
    promoted(live_project, 1, "other")

    with served(live_project) as service:
        assert service.predict(row(), model="other").json() == service.predict(row(), model="none").json()
