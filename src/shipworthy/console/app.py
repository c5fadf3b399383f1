"""The live console: read-only pages over HTTP; no script, nothing from elsewhere."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote

import msgspec
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from shipworthy import clock
from shipworthy.console.links import Live, Place
from shipworthy.console.page import Page
from shipworthy.console.places import Kind, drawn, meant, picture_at
from shipworthy.console.rendering import render, static_files
from shipworthy.console.rooms import Rooms, rooms
from shipworthy.console.trouble import trouble_page
from shipworthy.errors import ShipworthyError, UnknownName
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import Project

POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def app(project: Project) -> FastAPI:
    """Return the console of `project`; it opens the logbook and never the warehouse."""
    project.state.mkdir(parents=True, exist_ok=True)
    book = open_logbook(project.logbook)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        book.dispose()

    console = FastAPI(title="Shipworthy console", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    console.mount("/static", StaticFiles(directory=str(static_files())), name="static")
    _guard(console)
    _errors(console, project)
    _routes(console, lambda: rooms(project, book, clock.now()))
    return console


def _guard(console: FastAPI) -> None:
    @console.middleware("http")
    async def _policy(request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        response.headers.update(POLICY)
        return response


def _shown(page: Page, status: int = 200) -> HTMLResponse:
    return HTMLResponse(render(page, Live()), status_code=status)


def _routes(console: FastAPI, see: Callable[[], Rooms]) -> None:
    @console.get("/{path:path}")
    def _asked(request: Request) -> Response:
        place = _place(request)
        picture = picture_at(place)
        if picture is not None:
            return Response(drawn(see(), *picture), media_type="image/svg+xml")
        found = meant(place)
        if found is None:
            raise HTTPException(404)
        return _found(*found, see(), request)


def _found(kind: Kind, names: Place, seen: Rooms, request: Request) -> Response:
    shown = _shown(kind.of(seen, names, dict(request.query_params)))
    if kind.refresh_seconds is not None:
        shown.headers["Refresh"] = str(kind.refresh_seconds)
    return shown


def _place(request: Request) -> Place:
    """Return the names in the address, each as it was before it was quoted: one may hold a slash."""
    path: bytes = request.scope["raw_path"]
    return tuple(unquote(name) for name in path.decode("ascii", "replace").split("/") if name)


def _errors(console: FastAPI, project: Project) -> None:
    def told(title: str, error: ShipworthyError, status: int) -> HTMLResponse:
        return _shown(trouble_page(project.root.name, title, error, clock.now()), status)

    @console.exception_handler(ShipworthyError)
    def _known_trouble(_: Request, error: ShipworthyError) -> HTMLResponse:
        return told("Not found", error, 404) if isinstance(error, UnknownName) else told("This page cannot be shown", error, 500)

    @console.exception_handler(RequestValidationError)
    @console.exception_handler(HTTPException)
    def _no_page(request: Request, error: Exception) -> HTMLResponse:
        status = error.status_code if isinstance(error, HTTPException) else 404
        what = "no such page" if status == 404 else f"this cannot be done here ({request.method})"
        return told(
            "Not found" if status == 404 else "Not here",
            ShipworthyError(where=request.url.path, what=what, fix="begin at the first page"),
            status,
        )


class _Telling(uvicorn.Server):
    """Says in a file where it answers, from when it can until it ends."""

    def __init__(self, config: uvicorn.Config, ready: Path) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        port = sockets[0].getsockname()[1] if sockets else self.config.port
        beside = self._ready.with_name(f".{self._ready.name}.{os.getpid()}")
        beside.write_bytes(msgspec.json.encode({"port": port, "pid": os.getpid()}))
        beside.replace(self._ready)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ready.unlink(missing_ok=True)
        await super().shutdown(sockets)


def serve(project: Project, *, port: int | None = None) -> None:
    """Serve the console until the process is asked to end.

    Once it can answer, `console.json` in the state folder says `{"port": ..., "pid": ...}`; `port` 0 takes a free one.
    """
    asked = project.settings.console
    made = app(project)
    with socket.create_server((asked.host, asked.port if port is None else port)) as listening:
        _Telling(uvicorn.Config(made, log_level="warning", access_log=False), project.state / "console.json").run(sockets=[listening])
