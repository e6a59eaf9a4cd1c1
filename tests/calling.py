"""Calls of the page's server over HTTP, as browsers and programs make them."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

DRAWING = '{"width": 640, "height": 240, "strokes": [[[10, 10], [300, 200]]]}'


def fetched(url: str, body: bytes | None = None, kind: str = "application/json") -> Any:
    """The answer's JSON."""
    request = urllib.request.Request(url, body, {"Content-Type": kind})  # noqa: S310 - http only
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        return json.load(answer)


def page_component(url: str) -> int:
    """The number of the component that holds the page."""
    components = fetched(f"{url}config")["components"]
    return next(each["id"] for each in components if each["props"].get("elem_id") == "page")


def asked(url: str, component: int, drawing: str = DRAWING) -> Any:
    """The answer that the page's script gets for a drawing."""
    call = {"fn_name": "read_drawing", "component_id": component, "session_hash": "test"}
    body = json.dumps({**call, "data": drawing}).encode()
    return fetched(f"{url}gradio_api/component_server", body)


def uploaded(url: str, content: bytes, name: str = "name.jpg") -> str:
    """The path under which the server keeps an uploaded file."""
    edge = "7d3bb9c4"
    head = f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
    (path,) = fetched(f"{url}gradio_api/upload", body, f"multipart/form-data; boundary={edge}")
    return path


def events(url: str) -> Iterator[Any]:
    """The messages of a stream of server-sent events."""
    with urllib.request.urlopen(url, timeout=60) as stream:  # noqa: S310 - http only
        for line in stream:
            if line.startswith(b"data:"):
                yield json.loads(line[5:])
