"""Deliveries in an object store, against a real server that speaks S3: the same landing as from files."""

from collections.abc import Iterator
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from shipworthy.errors import StepFailed
from shipworthy.gateways import lake, objects

from .delivering import GOOD, HEAD, TABLE, Delivering

PATH = "s3://shop/exports/*.csv"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.resources.base.ServiceResource]:
    """A bucket of a store on this machine, and the environment in which it is found."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "s3cr3t",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    store = boto3.resource("s3")
    store.create_bucket(Bucket="shop")
    yield store.Bucket("shop")
    with urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")):
        server.stop()


def test_objects_are_landed_like_files(bucket: boto3.resources.base.ServiceResource, orders: Delivering) -> None:
    """
    Each object that the pattern names, under its whole name; once, and again when it has changed.
    """
    bucket.put_object(Key="exports/orders_1.csv", Body=GOOD.encode())
    bucket.put_object(Key="exports/old/orders_0.csv", Body=b"no export")
    first = orders.land(path=PATH)
    again = orders.land(path=PATH)
    bucket.put_object(Key="exports/orders_2.csv", Body=(HEAD + "3,,,,,\n").encode())
    bucket.put_object(Key="exports/orders_1.csv", Body=GOOD.replace("hello", "goodbye").encode())
    orders.land(path=PATH)

    assert (first.rows, again.pin) == (2, first.pin)
    assert [(row["id"], row["said"]) for row in orders.rows()] == [(1, "goodbye"), (2, None), (3, None)]
    assert set(lake.read(orders.lake, TABLE)["_delivery"].to_pylist()) == {
        "s3://shop/exports/orders_1.csv",
        "s3://shop/exports/orders_2.csv",
    }


def test_a_store_that_refuses_is_told_without_the_secret(bucket: boto3.resources.base.ServiceResource, orders: Delivering) -> None:
    """
    The name, what the store said, what to look at; never a key.
    """
    with pytest.raises(StepFailed, match="look at the bucket's name") as error:
        objects.listed("s3://no-such-bucket/*.csv")
    assert "s3cr3t" not in str(error.value)


def test_a_bucket_without_exports_is_no_empty_table(bucket: boto3.resources.base.ServiceResource, orders: Delivering) -> None:
    """
    The pattern names nothing.
    """
    assert f"no file at {PATH}" in orders.refused(path=PATH).what
