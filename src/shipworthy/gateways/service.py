"""The door to a running service: asks for predictions and tells outcomes over HTTP, on one kept connection."""

import json
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any

from shipworthy.errors import StepFailed

PATIENCE_SECONDS = 60.0


class Client:
    """A connection to the service on this machine at `port`; `key` is sent where one is given."""

    def __init__(self, port: int, *, host: str = "127.0.0.1", key: str | None = None) -> None:
        self._connection = HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
        self._headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}

    def predict(self, model: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the predictions for `rows`: each with entity, decided_at, inputs.

        Raises:
            StepFailed: the service refused, or is not there.
        """
        said: list[dict[str, Any]] = self._post(f"/models/{model}/predict", {"rows": rows})["predictions"]
        return said

    def outcomes(self, model: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Tell what came true: each row with entity, value, known_at.

        Raises:
            StepFailed: the service refused, or is not there.
        """
        self._post(f"/models/{model}/outcomes", {"outcomes": rows})

    def close(self) -> None:
        """Let go of the connection; the next request makes another."""
        self._connection.close()

    def _post(self, path: str, body: object) -> dict[str, Any]:
        try:
            self._connection.request("POST", path, json.dumps(body).encode(), self._headers)
            answer = self._connection.getresponse()
            text = answer.read()
        except (OSError, HTTPException) as error:
            raise StepFailed(
                where=f"service {path}", what=f"{type(error).__name__}: {error}", fix="is it running? shipworthy serve"
            ) from None
        if answer.status != 200:
            raise StepFailed(
                where=f"service {path}", what=f"answered {answer.status}: {text.decode(errors='replace')[:500]}", fix="mend the request"
            )
        said: dict[str, Any] = json.loads(text)
        return said
