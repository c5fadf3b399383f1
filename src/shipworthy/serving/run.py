"""Runs the service in this process until it is asked to stop."""

import os
import socket
from pathlib import Path

import msgspec
import uvicorn

from shipworthy.errors import BadSpec
from shipworthy.serving.app import application
from shipworthy.spec.project import Project

GRACE_SECONDS = 30  # for requests that are being answered when the service is told to stop


class Running(msgspec.Struct, frozen=True):
    """Where a service answers: what `service.json` in the state folder says while it does."""

    port: int
    pid: int


class _Server(uvicorn.Server):
    """Says where it listens once it does, and takes that back when it stops."""

    def __init__(self, config: uvicorn.Config, told: Path) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            _put(self._told, msgspec.json.encode(Running(port, os.getpid())))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._told.unlink(missing_ok=True)
        await super().shutdown(sockets)


def running_file(project: Project) -> Path:
    """Return the file that says where the service of `project` answers; one left by a killed process is of a pid that is gone."""
    return project.state / "service.json"


def serve(project: Project, *, host: str | None = None, port: int | None = None) -> None:
    """Serve what is promoted in `project` until SIGTERM or SIGINT; requests that are under way are finished first.

    Args:
        project: whose live models answer; a later `promote` or `rollback` is followed within a second.
        host: the address to bind to; the settings' if None.
        port: the port; the settings' if None. 0 takes a free one: `service.json` in the state folder says which.

    Raises:
        BadSpec: the keys in the environment are not of their form, or the port is taken.
    """
    settings = project.settings.service
    address = (settings.host if host is None else host, settings.port if port is None else port)
    with bound(*address) as listening:
        server(project).run(sockets=[listening])


def server(project: Project) -> uvicorn.Server:
    """Return the server of `project`, to be run on sockets that listen; raises BadSpec as `serve` does for keys."""
    told = running_file(project)
    told.parent.mkdir(parents=True, exist_ok=True)
    told.unlink(missing_ok=True)
    config = uvicorn.Config(application(project), log_level="warning", access_log=False, server_header=False, lifespan="on")
    config.timeout_graceful_shutdown = GRACE_SECONDS
    return _Server(config, told)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket bound to `host` and `port`, a free one for 0; raises BadSpec where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BadSpec(where=f"{host}:{port}", what=f"cannot listen there: {error.strerror}", fix="choose another port or address") from None
    return listening


def _put(file: Path, content: bytes) -> None:
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(file)
