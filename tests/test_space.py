"""The Hugging Face Space: what is sent there is enough to serve the page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CARD = (ROOT / "space" / "README.md").read_text("utf-8")


@pytest.mark.slow
def test_what_is_sent_builds_the_page_and_reads(tmp_path):
    if not shutil.which("git") or not (ROOT / ".git").exists():  # the verb packs a commit
        required = os.environ.get("HWR_REQUIRE_CHROMIUM") == "1"
        (pytest.fail if required else pytest.skip)("no git (apt install git), or no clone")
    sent = tmp_path / "sent"
    told = f"cp -r .space {sent} ; echo"  # in place of the program that sends it
    ran = subprocess.run(
        ["make", "space", "SPACE=someone/names", f"HUB={told}"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "upload someone/names .space . --repo-type space" in ran.stdout
    assert (sent / "README.md").read_text("utf-8") == CARD
    code = (
        "import app; from hwr_core import Recognizer; from pathlib import Path;"
        "page = app.build_app(Recognizer.load(threads=1));"
        "print(Recognizer.load().read(next(Path('hwr_core/web/examples').glob('*.*'))).text)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=sent, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip()


def test_a_space_without_a_name_is_refused_before_anything_is_sent():
    ran = subprocess.run(["make", "space"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    assert ran.returncode != 0
    assert "make space SPACE=user/name" in ran.stderr
