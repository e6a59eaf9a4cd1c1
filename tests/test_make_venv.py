"""The rule that makes .venv: which Pythons it takes."""

import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).resolve().parent.parent / "Makefile"


@pytest.mark.parametrize(
    ("version", "refused"),
    [((3, 10, 14), True), ((3, 11, 0), False), ((3, 14, 9), False), ((3, 15, 0), True)],
)
def test_a_python_that_the_pinned_packages_lack_is_refused_before_anything_is_made(
    tmp_path, version, refused
):
    python = tmp_path / "python"  # says that it is of this version, and makes nothing
    told = f"import sys; sys.version_info = {version}; exec(sys.argv[2])"
    python.write_text(f'#!/bin/sh\n[ "$1" = -m ] || exec "{sys.executable}" -c "{told}" "$@"\n')
    python.chmod(0o755)
    ran = subprocess.run(
        ["make", "-f", MAKEFILE, ".venv/bin/pip", f"PYTHON={python}"],  # noqa: S607
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ("This needs Python 3.11 to 3.14; name one" in ran.stdout) == refused
    assert (f"{python} -m venv .venv" in ran.stdout) != refused
    assert bool(ran.returncode) == refused
