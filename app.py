"""The web page: draw or upload handwritten names and have them read while you watch."""

# Without `from __future__ import annotations`: Gradio documents the endpoints by their types.
import ipaddress
import json
import os
import signal
import sys
import time
from pathlib import Path
from tempfile import gettempdir
from threading import Thread

# All must be set before gradio is imported: the page asks nobody outside for anything, itself
# through no proxy, and its uploads lie in a folder of their own, which nobody else opens.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(
    [os.environ.get("no_proxy", os.environ.get("NO_PROXY", "")), "127.0.0.1", "localhost"]
)
os.environ["GRADIO_TEMP_DIR"] = str(
    Path(os.environ.get("GRADIO_TEMP_DIR", gettempdir()))
    / f"hwr-uploads-{getattr(os, 'getuid', lambda: 'own')()}"  # Windows has a folder for each user
)

from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from starlette.middleware import Middleware

from hwr_core.answer import Answered
from hwr_core.checkpoint import CheckpointError
from hwr_core.feedback.archive import Archive, FeedbackError
from hwr_core.language import LanguageError
from hwr_core.recognizer import Recognizer
from hwr_core.strokes import PEN
from hwr_core.web.desk import Desk, Reader
from hwr_core.web.gate import Gate, only_with
from hwr_core.web.headers import SecureHeaders
from hwr_core.web.quick import without_stubs
from hwr_core.web.views import examples

with without_stubs():
    import gradio as gr
    from gradio import FileData
    from gradio.block_function import BlockFunction
    from gradio.state_holder import SessionState
    from gradio.utils import get_upload_folder

WEB = Path(__file__).parent / "hwr_core" / "web"
SCRIPTS = ("panel.js", "pad.js", "batch.js", "upload.js")  # one scope, in this order
KEPT, PAUSE = 2400, 600  # seconds that an upload stays at least, and between two looks for old ones
NOT_KEPT = (
    "Corrections cannot be kept in this folder and are not asked for; HWR_CORRECTIONS names "
    "another place, such as sqlite:////var/tmp/corrections.sqlite.\n"
)
FONT = ("system-ui", "sans-serif")  # of the reader's own machine: no font is fetched
APPEARANCE: dict[str, Any] = {  # for launch() and for mount_gradio_app() alike
    "theme": gr.themes.Base(primary_hue="slate", font=FONT, radius_size="lg").set(
        block_radius="12px",
        body_background_fill="#faf9f6",  # paper; the dark theme keeps its own
    ),
    "css_paths": [WEB / "page.css"],
    "footer_links": ["api"],  # to the endpoints, for programs
}


def build_app(recognizer: Reader, archive: Archive | None = None) -> gr.Blocks:
    """The page around a recognizer; the desk does the work.

    Without an archive, visitors are not asked for corrections.
    """
    desk = Desk(recognizer, Path(get_upload_folder()), archive)
    # This deletes all uploads of this run when it ends; `keep_clean` deletes them within the hour.
    app = Page(title="A reader of handwritten names", delete_cache=(900, KEPT))
    with app:
        gr.HTML(
            html_template=(WEB / "page.html").read_text("utf-8"),
            js_on_load="\n".join((WEB / name).read_text("utf-8") for name in SCRIPTS),
            apply_default_css=False,
            server_functions=_asked_by_the_page(desk),
            pen=PEN,
            keeps=archive is not None,
            french=json.loads((WEB / "french.json").read_text("utf-8")),
            examples=examples(WEB / "examples"),
            elem_id="page",
        )
        _endpoints(desk)
    app.queue(max_size=64, default_concurrency_limit=2)
    return app


def _asked_by_the_page(desk: Desk) -> list[Callable[..., dict[str, Any]]]:
    """What the page's scripts call by name; Gradio marks them, so they cannot be methods."""

    def read_drawing(drawing: str) -> dict[str, Any]:
        return desk.read_drawing(drawing)

    def view_picture(request: object) -> dict[str, Any]:
        return desk.view_picture(request)

    def view_batch(request: object) -> dict[str, Any]:
        return desk.view_batch(request)

    def correct(request: object) -> dict[str, Any]:
        return desk.correct(request)

    return [read_drawing, view_picture, view_batch, correct]


def _endpoints(desk: Desk) -> None:
    """What programs call; the answers have the form of the command line's JSON."""

    def read_drawing(drawing: str) -> Answered:
        """Read one drawing: JSON text with width, height and strokes [[[x, y], ...], ...]."""
        return cast("Answered", desk.read_drawing(drawing))

    def read_picture(picture: FileData) -> Answered:
        """Read a picture of one name; send it with the client's handle_file(path)."""
        return cast("Answered", desk.read_picture(picture))

    def read_batch(files: list[FileData]) -> list[Answered]:
        """Read many pictures, zips, PDFs or TIFFs of pages; an answer for each picture in them."""
        return cast("list[Answered]", desk.read_batch(files))

    for read in (read_drawing, read_picture, read_batch):
        gr.api(read, api_name=read.__name__)  # type: ignore[attr-defined]  # undeclared


class Page(gr.Blocks):
    """Blocks that neither fetch nor copy a file: the desk opens uploads, within its limits."""

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,
    ) -> list[Any]:
        """The inputs of an endpoint, their files without the mark that Gradio acts upon.

        It would load whatever address a caller names in place of an upload.
        """
        kept: list[Any] = await super().preprocess_data(
            block_fn, _unmarked(inputs), state, explicit_call
        )
        return kept


def _unmarked(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """The value without any key "meta", at any depth."""
    if isinstance(value, dict):
        return {key: _unmarked(each) for key, each in value.items() if key != "meta"}
    return [_unmarked(each) for each in value] if isinstance(value, list) else value


def launch(app: gr.Blocks) -> None:
    """Serve the page until stopped: to this machine alone, on a Hugging Face Space to everyone."""
    app.launch(
        server_name=_host(os.environ.get("HOST", "")),
        server_port=_port(os.environ.get("PORT", "7860")),
        auth=only_with(os.environ.get("HWR_PASSWORD", "")),
        max_file_size="100mb",  # a batch; the desk holds each picture to less
        max_threads=100,
        ssr_mode=False,
        enable_monitoring=False,
        app_kwargs={"middleware": [Middleware(SecureHeaders), Middleware(Gate)], "docs_url": None},
        **APPEARANCE,
    )


def _host(told: str) -> str:
    """The address to listen at; some shells and compilers set HOST to what is none."""
    with suppress(ValueError):
        return str(ipaddress.ip_address(told))
    return "0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1"  # noqa: S104 - a Space's own


def _port(told: str) -> int:
    if not told.isdecimal() or not 0 < int(told) < 65536:
        message = f"PORT must be a number from 1 to 65535, not {told!r}."
        raise SystemExit(message)
    return int(told)


def keep_clean(uploads: Path) -> None:
    """Delete old uploads for ever: names are personal data.

    Gradio does not know of uploads that were broken off, nor of those of a page that was killed,
    and stops looking if one arrives while it looks.
    """
    while True:
        with suppress(OSError):  # a folder that went meanwhile
            sweep(uploads)
        time.sleep(PAUSE)


def sweep(uploads: Path) -> None:
    """Delete uploads that are older than `KEPT`."""
    long_ago = time.time() - KEPT
    for path in uploads.rglob("*"):
        with suppress(OSError):  # another page of this machine sweeps, too
            if path.is_file() and path.stat().st_mtime < long_ago:
                path.unlink()


def main() -> None:
    """Read with the released model, or another one that HWR_CHECKPOINT names."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Gradio tidies up after Ctrl-C only
    try:
        uploads = Path(get_upload_folder())
        uploads.mkdir(0o700, parents=True, exist_ok=True)
        another = os.environ.get("HWR_CHECKPOINT")
        recognizer = Recognizer.load(another, threads=1)  # the desk reads two at a time
        archive = Archive.ready()
        if archive is None:
            sys.stderr.write(NOT_KEPT)
        app = build_app(recognizer, archive)
    except (CheckpointError, LanguageError, FeedbackError, OSError) as error:
        raise SystemExit(str(error)) from None
    Thread(target=keep_clean, args=(uploads,), daemon=True).start()
    try:
        launch(app)
    except OSError:  # Gradio's own sentence tells of a variable that it does not look at here
        message = "The page cannot listen there; set HOST and PORT otherwise: PORT=7861 make app"
        raise SystemExit(message) from None


if __name__ == "__main__":
    main()
