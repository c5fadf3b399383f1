"""The servers that tests start: they answer, keep what they had through a kill, and are gone at the end."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pika
import psycopg
import pymysql
import pytest
import redis as redis_library

from .servers import Server

pytestmark = pytest.mark.journey


def keep_in_redis(address: str) -> Callable[[], object]:
    def run(*words: str) -> object:
        with redis_library.Redis.from_url(address) as connection:
            return connection.execute_command(*words)

    run("SET", "kept", "1")
    return lambda: run("GETDEL", "kept") == b"1"


def keep_in_postgres(address: str) -> Callable[[], object]:
    def run(sql: str) -> object:
        with psycopg.connect(address) as connection:
            return connection.execute(sql)  # an error if the table is not there

    run("create table kept (x int)")
    return lambda: run("drop table kept")


def keep_in_mysql(address: str) -> Callable[[], object]:
    place = urlsplit(address)

    def run(sql: str) -> object:
        with pymysql.connect(host=place.hostname, port=place.port, user="shop", password="s3cr3t", database="shop") as connection:
            return connection.cursor().execute(sql) == 0

    run("create table kept (x int)")
    return lambda: run("drop table kept")


def keep_in_rabbitmq(address: str) -> Callable[[], object]:
    asked = pika.URLParameters(address)
    with pika.BlockingConnection(asked) as connection:
        connection.channel().queue_declare("kept", durable=True)

    def ask() -> bool:
        with pika.BlockingConnection(asked) as connection:
            return bool(connection.channel().queue_delete("kept").method.NAME)

    return ask


KEPT = {"redis": keep_in_redis, "postgres": keep_in_postgres, "mysql": keep_in_mysql, "rabbitmq": keep_in_rabbitmq}


@pytest.mark.parametrize("name", KEPT)
def test_a_killed_server_has_what_it_had(name: str, request: pytest.FixtureRequest) -> None:
    """
    Killed and started again, a server answers at the same address with what was written before.
    """
    server: Server = request.getfixturevalue(name)
    ask = KEPT[name](server.address)
    server.kill()
    server.start()

    assert ask()
