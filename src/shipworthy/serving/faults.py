"""Errors of the service: one JSON shape for all of them, and the status of each, chosen here."""

from collections.abc import Mapping

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shipworthy.errors import BadArtifact, BadRequest, NoFeatures, NotLogged, ShipworthyError, Unauthorised, UnknownName


class NotJson(BadRequest):
    """A body that is no JSON."""


class WrongMedia(BadRequest):
    """A body that does not say it is JSON."""


class TooLarge(BadRequest):
    """A body with more bytes than the service takes."""


class TooSlow(BadRequest):
    """A body that did not come in time."""


class NotAllowed(Unauthorised):
    """A key without the role."""


STATUS: Mapping[type[Exception], int] = {
    NotJson: 400,
    WrongMedia: 415,
    TooLarge: 413,
    TooSlow: 408,
    NotAllowed: 403,
    Unauthorised: 401,
    UnknownName: 404,
    BadRequest: 422,
    NotLogged: 503,
    NoFeatures: 503,
    BadArtifact: 503,
}
HEADERS: Mapping[int, Mapping[str, str]] = {401: {"www-authenticate": "Bearer"}, 408: {"connection": "close"}, 503: {"retry-after": "1"}}
REMEDY: Mapping[int, str] = {
    404: "GET /openapi.json lists every path",
    405: "GET /openapi.json lists the methods of every path",
}


def status(error: ShipworthyError) -> int:
    """Return the status of `error`: that of its nearest kind that has one, else 500.

    >>> status(TooLarge(where="body", what="is too large", fix="send less")), status(UnknownName(where="x", what="y", fix="z"))
    (413, 404)
    """
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def response(code: int, error: ShipworthyError, headers: Mapping[str, str] | None = None) -> Response:
    """Return `error` in the one shape, with the headers that its status asks for."""
    all_headers = {**HEADERS.get(code, {}), **(headers or {})}
    return Response(msgspec.json.encode(error.as_dict()), code, all_headers, media_type="application/json")


def on_ours(_request: Request, error: Exception) -> Response:
    """Answer an error of ours."""
    assert isinstance(error, ShipworthyError)
    return response(status(error), error)


def on_http(request: Request, error: Exception) -> Response:
    """Answer what the router refused: an unknown path, a method that a path does not have."""
    assert isinstance(error, HTTPException)
    said = ShipworthyError(
        where=f"{request.method} {request.url.path}", what=error.detail.lower(), fix=REMEDY.get(error.status_code, "mend the request")
    )
    return response(error.status_code, said, error.headers)


def on_anything(request: Request, _error: Exception) -> Response:
    """Answer a failure of the service itself; what it was stands in the service's own log, not in the answer."""
    return response(
        500,
        ShipworthyError(
            where=f"{request.method} {request.url.path}", what="the service failed", fix="look into its log, and send the request again"
        ),
    )


def on_hang_up(request: Request, _error: Exception) -> Response:
    """Answer a caller who hung up before the body was whole: nobody reads it, and nothing is logged."""
    return response(400, BadRequest(where=f"{request.method} {request.url.path}", what="the caller hung up", fix="send the whole body"))
