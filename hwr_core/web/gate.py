"""What the web server lets in: only what page and programs use, of this site, and not too much."""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Callable

from hwr_core.web.headers import App, Message, Receive, Send

API = "/gradio_api/"
# Gradio has more: recordings that it keeps for ever, `file=` and `proxy=` that fetch from others.
USED = {"info", "openapi.json", "startup-events", "config", "app_id", "heartbeat"}
USED |= {"call", "run", "queue", "cancel", "reset", "component_server", "upload", "upload_progress"}
USED |= {"login_check", "token", "user"}
UPLOAD = f"{API}upload"
MOST, MOST_UPLOADED = 4_000_000, 110_000_000  # bytes of a request
ROOM, KEPT = 5_000_000_000, 3000.0  # bytes of uploads within as many seconds as they may lie here
GUESSES = 20  # wrong passwords a minute

REFUSALS = {  # status and what is said
    403: b"The page answers no other site; open it itself.",
    404: b"There is nothing here.",
    413: b"This request is too large; send less at a time.",
    503: b"So much was sent here lately that nothing more is taken in; try again in an hour.",
}


class Gate:
    """ASGI middleware that refuses requests before Gradio reads a byte of them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._uploaded: deque[tuple[float, int]] = deque()  # when, and how many bytes

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on what may come in, and of that no more bytes than it may have."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif status := refusal(scope) or self._full(scope):
            await _refuse(status, send)
        else:
            await self._app(scope, self._bounded(receive, scope), send)

    def _full(self, scope: Message) -> int | None:
        """The status for an upload where there is no room for one."""
        if not _is_upload(scope):
            return None
        while self._uploaded and self._uploaded[0][0] < time.monotonic() - KEPT:
            self._uploaded.popleft()
        return 503 if sum(size for _, size in self._uploaded) > ROOM else None

    def _bounded(self, receive: Receive, scope: Message) -> Receive:
        """What arrives, until it is more than it may be: then the connection counts as gone."""
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            size = len(message.get("body", b""))
            taken += size
            if _is_upload(scope):
                self._uploaded.append((time.monotonic(), size))
            return message if taken <= _most(scope) else {"type": "http.disconnect"}

        return bounded


def refusal(scope: Message) -> int | None:
    """The status with which a request is refused by its head alone, if it is."""
    headers = dict(scope["headers"])
    _, api, rest = scope["path"].partition(API)
    if api and rest.split("/")[0] not in USED:
        return 404
    # Gradio takes JSON of any type, so browsers would not ask before they post to another site.
    if scope["method"] == "POST" and headers.get(b"sec-fetch-site") == b"cross-site":
        return 403
    length = headers.get(b"content-length", b"0")
    return 413 if not length.isdigit() or int(length) > _most(scope) else None


def _most(scope: Message) -> int:
    return MOST_UPLOADED if _is_upload(scope) else MOST


def _is_upload(scope: Message) -> bool:
    return bool(scope["path"].rstrip("/").endswith(UPLOAD))


async def _refuse(status: int, send: Send) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSALS[status]})


def only_with(password: str) -> Callable[[str, str], bool] | None:
    """The check of an optional password, whatever the name; None where all may enter.

    After `GUESSES` wrong ones within a minute nobody enters, until the first of them is that old.
    """
    if not password:
        return None
    wrong: deque[float] = deque(maxlen=GUESSES)

    def check(_: str, given: str) -> bool:
        now = time.monotonic()
        if len(wrong) == GUESSES and now - wrong[0] < 60:
            return False
        right = hmac.compare_digest(given.encode(), password.encode())
        if not right:
            wrong.append(now)
        return right

    return check
