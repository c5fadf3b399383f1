"""The application: routes and nothing else."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from time import perf_counter
from typing import Any, TypeVar

import msgspec
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shipworthy.errors import ShipworthyError
from shipworthy.serving import faults, openapi
from shipworthy.serving.body import json_body
from shipworthy.serving.live import LiveModel
from shipworthy.serving.service import Service, wire
from shipworthy.spec.project import Project

INLINE_BYTES = 16_384  # a larger body is answered beside the event loop: it may take milliseconds
ANY_ROLE = ("read", "predict", "admin")
PREDICTING = ("predict", "admin")
T = TypeVar("T")
router = APIRouter(responses={"4XX": openapi.REFUSED})


def application(project: Project) -> FastAPI:
    """Return the ASGI application that serves what is promoted in `project`."""
    service = wire(project)
    app = FastAPI(title="Shipworthy", version=version("shipworthy"), docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan)
    app.state.service = service
    app.include_router(router)
    app.add_middleware(Measured, service=service)
    app.add_exception_handler(ShipworthyError, faults.on_ours)
    app.add_exception_handler(HTTPException, faults.on_http)
    app.add_exception_handler(ClientDisconnect, faults.on_hang_up)
    app.add_exception_handler(Exception, faults.on_anything)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    service.live.look()
    gc.collect()
    gc.freeze()  # what libraries left will not go: a collection in the middle of a request need not walk it
    following = asyncio.create_task(service.live.follow())
    yield
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following
    service.close()


class Measured:
    """Counts and times every request, under the route's own path."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, watch the status go by, and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            named = scope.get("path_params", {}).get("model", "")
            model = named if named in self._service.live.state.models else ""
            route = getattr(scope.get("route"), "path", "")
            self._service.metrics.answered(route, model, status, perf_counter() - started)


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def _caller(request: Request, roles: tuple[str, ...]) -> str | None:
    return _service(request).keys.caller(request.headers.get("authorization"), roles)


def _json(content: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(content), status, media_type="application/json")


async def _answered(service: Service, size: int, answer: Callable[[], T]) -> T:
    """Return what `answer` does: here where it takes next to nothing, else beside the event loop."""
    if size <= INLINE_BYTES and service.lookups.store.near:
        return answer()
    return await asyncio.get_running_loop().run_in_executor(service.worker, answer)


@router.post("/models/{model}/predict", include_in_schema=False)
async def predict(model: str, request: Request) -> Response:
    """Answer the rows of the body, each logged before it is answered."""
    started, service = perf_counter(), _service(request)
    caller = _caller(request, PREDICTING)
    live = service.live.model(model)
    body = await json_body(request, largest=service.settings.largest_body_bytes)
    return _json(await _answered(service, len(body), lambda: service.predict(live, body, caller, started)))


@router.post("/models/{model}/explain", include_in_schema=False)
async def explain(model: str, request: Request) -> Response:
    """Return why the rows of the body are answered as they are; nothing is logged."""
    service = _service(request)
    _caller(request, PREDICTING)
    live = service.live.model(model)
    body = await json_body(request, largest=service.settings.largest_body_bytes)
    return _json(await asyncio.get_running_loop().run_in_executor(service.worker, lambda: service.explain(live, body)))


@router.post("/models/{model}/outcomes", include_in_schema=False)
async def outcomes(model: str, request: Request) -> Response:
    """Take what came true, on disk before the answer."""
    service = _service(request)
    _caller(request, PREDICTING)
    live = service.live.model(model)
    body = await json_body(request, largest=service.settings.largest_body_bytes)
    return _json(await _answered(service, len(body), lambda: service.accept(live, body)))


@router.get("/models/{model}/features", include_in_schema=False)
async def features(model: str, request: Request) -> Response:
    """Return the features that a decision would be answered with, by its keys in the query; nothing is predicted or logged."""
    service = _service(request)
    _caller(request, ANY_ROLE)
    live, query = service.live.model(model), request.query_params.multi_items()
    return _json(await _answered(service, 0, lambda: service.features(live, query)))


@router.get("/models", summary="What answers.")
async def models(request: Request) -> Response:
    """Return each live model with its version."""
    _caller(request, ANY_ROLE)
    return _json({"models": [_facts(live) for live in _service(request).live.state.models.values()]})


@router.get("/models/{model}", summary="One live model, with its input schema.")
async def model(model: str, request: Request) -> Response:
    """Return what answers for a model, and what it takes."""
    _caller(request, ANY_ROLE)
    live = _service(request).live.model(model)
    return _json({**_facts(live), "schema": msgspec.Raw(live.package.schema.to_json())})


def _facts(live: LiveModel) -> dict[str, Any]:
    schema = live.package.schema
    facts = {"model": schema.model, "version": live.version, "task": schema.task, "label": schema.label, "unit": schema.unit}
    return facts | ({"classes": schema.classes} if schema.classes else {})


@router.get("/health", summary="Whether the process lives.")
async def health() -> Response:
    """Say that the process lives."""
    return _json({"alive": True})


@router.get("/ready", summary="Whether every promoted model answers; 503 where not, or where nothing is promoted.")
async def ready(request: Request) -> Response:
    """Say what answers and what could not be taken."""
    state = _service(request).live.state
    trouble = {name: {"what": error.what, "fix": error.fix} for name, error in state.trouble.items()}
    versions = {name: live.version for name, live in state.models.items()}
    return _json({"ready": state.ready, "versions": versions, "trouble": trouble}, 200 if state.ready else 503)


@router.get("/metrics", summary="What the service counts, for Prometheus.")
async def metrics(request: Request) -> Response:
    """Return the counters in Prometheus' text format."""
    return Response(_service(request).metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
async def description(request: Request) -> Response:
    """Return the OpenAPI document, typed by the models that answer now."""
    _caller(request, ANY_ROLE)
    app: FastAPI = request.app
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    return _json(openapi.with_models(document, _service(request).live.state))
