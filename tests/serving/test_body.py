import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from starlette.requests import Request

from shipworthy.errors import BadRequest
from shipworthy.serving.body import json_body
from shipworthy.serving.faults import TooLarge, TooSlow, WrongMedia

Receive = Callable[[], Awaitable[dict[str, Any]]]


def request(receive: Receive, **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": pairs}, receive)


def parts(*sent: bytes) -> Receive:
    left = [{"type": "http.request", "body": part, "more_body": place < len(sent)} for place, part in enumerate(sent, start=1)]

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


async def nothing() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


def read(receive: Receive, *, largest: int = 10, seconds: float = 5.0, **headers: str) -> bytes:
    return asyncio.run(json_body(request(receive, **{"content_type": "application/json", **headers}), largest=largest, seconds=seconds))


class TestJsonBody:
    def test_it_comes_back_whole(self) -> None:
        """
        Parts are put together, up to the very limit.
        """
        assert read(parts(b"01234", b"56789")) == b"0123456789"
        assert read(parts(b"{}"), content_type="Application/JSON; charset=utf-8") == b"{}"

    def test_one_that_says_it_is_too_large_is_not_read(self) -> None:
        """
        A length over the limit is refused before a byte of the body is asked for.
        """
        with pytest.raises(TooLarge, match="10 bytes"):
            read(nothing, content_length="11")

    def test_one_that_grows_too_large_is_not_read_to_its_end(self) -> None:
        """
        A body without a length is refused at the first byte over the limit.
        """
        with pytest.raises(TooLarge):
            read(parts(b"01234", b"567890", b"never asked for"))

    def test_one_that_does_not_come_is_not_waited_for(self) -> None:
        """
        A caller who sends no more is answered when the time is up.
        """
        with pytest.raises(TooSlow, match=r"0\.01 seconds"):
            read(nothing, seconds=0.01)

    @pytest.mark.parametrize("media", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
    def test_one_that_is_not_said_to_be_json_is_refused(self, media: str) -> None:
        """
        A page elsewhere can make a browser send any of these, but not JSON.
        """
        with pytest.raises(WrongMedia, match="application/json") as refusal:
            read(parts(b"{}"), content_type=media)

        assert isinstance(refusal.value, BadRequest)
