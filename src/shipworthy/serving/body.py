"""Reads the body of a request: so many bytes, so many seconds, and JSON by its own word."""

import asyncio

from starlette.requests import Request

from shipworthy.serving.faults import TooLarge, TooSlow, WrongMedia

BODY_SECONDS = 10.0


async def json_body(request: Request, *, largest: int, seconds: float = BODY_SECONDS) -> bytes:
    """Return the body of `request`.

    Raises:
        WrongMedia: it does not say that it is JSON; a form of a foreign page could not.
        TooLarge: it has more than `largest` bytes, by its own word or as counted.
        TooSlow: it did not come within `seconds`.
    """
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise WrongMedia(
            where="header Content-Type", what=f"'{media[:60]}' is not application/json", fix="send 'Content-Type: application/json'"
        )
    if int(request.headers.get("content-length", "0")) > largest:
        raise _too_large(largest)
    try:
        async with asyncio.timeout(seconds):
            return await _counted(request, largest)
    except TimeoutError:
        raise TooSlow(where="body", what=f"did not come within {seconds:g} seconds", fix="send it faster, or less of it") from None


async def _counted(request: Request, largest: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > largest:
            raise _too_large(largest)
    return bytes(body)


def _too_large(largest: int) -> TooLarge:
    return TooLarge(where="body", what=f"is larger than {largest:,} bytes", fix="send fewer rows at a time")
