"""The web page: draw or upload handwritten names and have them read while you watch."""

from __future__ import annotations

import hmac
import json
import os

# Both must be set before gradio is imported: the page asks nobody outside for anything.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware

from hwr_core.checkpoint import CheckpointError
from hwr_core.feedback.archive import Archive, FeedbackError
from hwr_core.recognizer import Recognizer
from hwr_core.strokes import PEN
from hwr_core.web.desk import Desk, Reader
from hwr_core.web.headers import SecureHeaders
from hwr_core.web.quick import without_stubs
from hwr_core.web.views import examples

with without_stubs():
    import gradio as gr
    from gradio.utils import get_upload_folder

WEB = Path(__file__).parent / "hwr_core" / "web"
SCRIPTS = ("panel.js", "pad.js", "batch.js", "upload.js")  # one scope, in this order
FONT = ("system-ui", "sans-serif")  # of the reader's own machine: no font is fetched
APPEARANCE: dict[str, Any] = {  # for launch() and for mount_gradio_app() alike
    "theme": gr.themes.Base(primary_hue="slate", font=FONT, radius_size="lg").set(
        block_radius="12px",
        body_background_fill="#faf9f6",  # paper; the dark theme keeps its own
    ),
    "css_paths": [WEB / "page.css"],
    "footer_links": [],
}


def build_app(recognizer: Reader, archive: Archive | None = None) -> gr.Blocks:
    """The page around a recognizer; the desk does the work.

    Without an archive, visitors are not asked for corrections.
    """
    desk = Desk(recognizer, Path(get_upload_folder()), archive)
    # Uploads are gone within the hour: names are personal data.
    app = gr.Blocks(title="A reader of handwritten names", delete_cache=(900, 2400))
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

    def read_drawing(drawing: str) -> dict[str, Any]:
        """Read one drawing: JSON text with width, height and strokes [[[x, y], ...], ...]."""
        return desk.read_drawing(drawing)

    def read_picture(picture: object) -> dict[str, Any]:
        """Read one picture of one name: text, confidence (0 to 1), alternatives and letters."""
        return desk.read_picture(picture)

    def read_batch(files: list[object] | None) -> list[dict[str, Any]]:
        """Read many pictures, zips or PDFs of many pages; an answer for each picture."""
        return desk.read_batch(files)

    gr.api(read_drawing, api_name="read_drawing")  # type: ignore[attr-defined]  # undeclared
    for read, count in ((read_picture, "single"), (read_batch, "multiple")):
        file = gr.File(visible=False, file_count=count, label="files")  # type: ignore[arg-type]
        answer = gr.JSON(visible=False, label="answer")
        # preprocess=False: Gradio must not open an upload; the desk does, within its limits.
        gr.on([], read, file, answer, api_name=read.__name__, preprocess=False)


def launch(app: gr.Blocks) -> None:
    """Serve the page until stopped: to this machine alone, on a Hugging Face Space to everyone."""
    door = "0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1"  # noqa: S104 - a Space's own
    app.launch(
        server_name=os.environ.get("HOST", door),
        server_port=int(os.environ.get("PORT", "7860")),
        auth=_only_with(os.environ.get("HWR_PASSWORD", "")),
        max_file_size="100mb",  # a batch; the desk holds each picture to less
        max_threads=100,
        ssr_mode=False,
        enable_monitoring=False,
        app_kwargs={"middleware": [Middleware(SecureHeaders)], "docs_url": None},
        **APPEARANCE,
    )


def _only_with(password: str) -> Any:  # noqa: ANN401 -- Gradio's own union
    """The check of an optional password, whatever the name; None where all may enter."""
    if not password:
        return None
    return lambda _, given: hmac.compare_digest(given.encode(), password.encode())


def main() -> None:
    """Read with the released model."""
    try:
        recognizer = Recognizer.load(threads=1)  # the desk reads two at a time
        app = build_app(recognizer, Archive.open())
    except (CheckpointError, FeedbackError) as error:
        raise SystemExit(str(error)) from None
    launch(app)


if __name__ == "__main__":
    main()
