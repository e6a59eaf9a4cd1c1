"""The demo: draw or upload a handwritten name and have it read while you watch."""

from __future__ import annotations

import os

# Both must be set before gradio is imported: the page asks nobody outside for anything.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import perf_counter
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from hwr_core.checkpoint import CheckpointError
from hwr_core.picture import PictureError
from hwr_core.recognizer import Reading, Recognizer
from hwr_core.strokes import PEN, parse
from hwr_core.web.card import card, notice

ROOT = Path(__file__).parent
WEB = ROOT / "hwr_core" / "web"
EXAMPLES = sorted((ROOT / "results/handwritten-names/test_v2/test").glob("*.jpg"))[:6]
FONT = ("system-ui", "sans-serif")  # of the reader's own machine: no font is fetched
APPEARANCE: dict[str, Any] = {  # for launch() and for mount_gradio_app() alike
    "theme": gr.themes.Base(primary_hue="slate", font=FONT, radius_size="lg").set(
        block_radius="12px",
        body_background_fill="#faf9f6",  # paper; the dark theme keeps its own
    ),
    "css_paths": [WEB / "page.css"],
    "footer_links": [],
}
HEADING = """<header class="heading"><h1>A reader of handwritten names</h1>
<p>Write one name, or send a picture of one, and see what it reads and how sure it is.</p>
</header>"""

Upload = dict[str, Any] | None  # Gradio's record of a file: "path", "url", "size" and more


def build_app(recognizer: Recognizer) -> gr.Blocks:
    """The page around a recognizer; it does no work but calling it."""

    def read_drawing(strokes: str | None) -> Reading:
        return recognizer.read(parse(strokes))

    def read_upload(upload: Upload) -> Reading:
        return recognizer.read(_file(upload))

    # Uploads are gone within two hours: names are personal data.
    app = gr.Blocks(title="A reader of handwritten names", delete_cache=(3600, 3600))
    with app:
        gr.HTML(HEADING)
        with gr.Tab("Draw"):
            _draw_tab(read_drawing)
        with gr.Tab("Upload"):
            _upload_tab(read_upload)
    app.queue(max_size=32)
    return app


def _file(upload: Upload) -> Path:
    """The picture that Gradio's record stands for.

    An API caller may write a record that names any path of this machine: Gradio lets it pass, so
    only files in the upload folder count.
    """
    path = Path((upload or {}).get("path") or "").resolve()
    if not path.is_relative_to(Path(get_upload_folder()).resolve()):
        message = "Choose a picture of one name first."
        raise PictureError(message)
    return path


def _draw_tab(read: Callable[[str | None], Reading]) -> None:
    """The pad, read after every stroke."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            pad = gr.HTML(
                html_template=(WEB / "pad.html").read_text("utf-8"),
                css_template=(WEB / "pad.css").read_text("utf-8"),
                js_on_load=(WEB / "pad.js").read_text("utf-8"),
                apply_default_css=False,
                pen=PEN,
                elem_id="pad",
            )
        with gr.Column(scale=2, min_width=320):
            reading = gr.HTML(notice("The reading appears here while you write."))
    _connect(pad.input, read, pad, reading, "predict_drawing")


def _upload_tab(read: Callable[[Upload], Reading]) -> None:
    """A picture from a file, the clipboard or the camera."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            picture = gr.Image(
                sources=["upload", "clipboard", "webcam"],
                label="A picture of one name",
                buttons=[],
                height=260,
                elem_id="picture",
            )
            if EXAMPLES:
                examples = [[str(path)] for path in EXAMPLES]
                gr.Examples(examples, picture, label="Or one of these", elem_id="examples")
        with gr.Column(scale=2, min_width=320):
            reading = gr.HTML(notice("The reading of your picture appears here."))
    _connect(picture.change, read, picture, reading, "predict_image")


def _connect(
    trigger: Callable[..., Any],
    read: Callable[[Any], Reading],
    given: gr.HTML | gr.Image,
    shown: gr.HTML,
    name: str,
) -> None:
    """Show a reading on the page when triggered, and return it to those who call the API."""

    def show(value: object) -> str:
        try:
            started = perf_counter()
            reading = read(value)
        except PictureError as error:
            return notice(str(error))
        return card(reading, 1000 * (perf_counter() - started))

    def answer(value: object) -> dict[str, Any]:
        """Read one name: text, confidence (0 to 1), accepted, alternatives and letters."""
        try:
            return asdict(read(value))
        except PictureError as error:
            raise gr.Error(str(error), print_exception=False) from error

    # preprocess=False: Gradio must not decode an upload; prepare() does, within its limits.
    shared = {"preprocess": False, "concurrency_id": "reader", "concurrency_limit": 2}
    gr.on(
        [trigger],
        fn=show,
        inputs=given,
        outputs=shown,
        api_visibility="private",
        trigger_mode="always_last",
        show_progress="hidden",
        **shared,
    )
    gr.on(
        [],
        fn=answer,
        inputs=given,
        outputs=gr.JSON(visible=False, label="reading"),
        api_name=name,
        **shared,
    )


def launch(app: gr.Blocks) -> None:
    """Serve the page until stopped: to this machine alone, on a Hugging Face Space to everyone."""
    door = "0.0.0.0" if os.environ.get("SPACE_ID") else "127.0.0.1"  # noqa: S104 - a Space's own
    app.launch(
        server_name=os.environ.get("HOST", door),
        server_port=int(os.environ.get("PORT", "7860")),
        max_file_size="10mb",
        ssr_mode=False,
        enable_monitoring=False,
        **APPEARANCE,
    )


def main() -> None:
    """Read with the released model."""
    try:
        recognizer = Recognizer.load()
    except CheckpointError as error:
        raise SystemExit(str(error)) from None
    launch(build_app(recognizer))


if __name__ == "__main__":
    main()
