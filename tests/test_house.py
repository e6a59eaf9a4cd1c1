"""The house rules: verbs that exist, small modules, a light serving path, pinned packages."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
VERBS = set(re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.MULTILINE))

SHELLS = [path for path in (ROOT / "app.py", ROOT / "dashboard.py") if path.exists()]
MODULES = sorted((ROOT / "hwr_core").rglob("*.py"))
PROGRAM = [*MODULES, *SHELLS]
TEXTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / ".ci" / "run"]
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
PROVIDERS = packages_distributions()  # import name -> the distributions that bring it

LEARNING = {"torch", "lightning"}
HEAVY = {*LEARNING, "pandas", "pyarrow"}  # slow to import, and no part of reading a name
PICKLES = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
PICKLE_CALLS = {"torch.load", "torch.save", "read_pickle", "to_pickle", "allow_pickle"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """The full dotted name of all that a module imports, at its top or inside a function."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def packages_of(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports_of(path)}


def pins_of(path: Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line.lower() for line in lines if line]


def loaded_after(code: str) -> set[str]:
    """The packages a fresh interpreter has loaded after it ran `code`."""
    report = "import sys; print('LOADED', *{name.partition('.')[0] for name in sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.rpartition("LOADED")[2].split())


def command(*arguments: str) -> str:
    """Code that does what `python -m hwr_core` does, and succeeds."""
    return (
        "import runpy, sys\n"
        f"sys.argv = ['hwr_core', *{arguments!r}]\n"
        "try: runpy.run_module('hwr_core', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code, end.code"
    )


@pytest.mark.parametrize("path", [*TEXTS, *PROGRAM], ids=name_of)
def test_every_verb_a_text_names_exists(path):
    named = re.findall(r"(?:`|^\s*(?:\$ )?)make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    assert set(named) <= VERBS


def test_every_verb_says_what_it_does():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == VERBS | {"help"}


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_every_module_is_short_and_says_what_it_is(path):
    assert len(path.read_text("utf-8").splitlines()) <= 250
    assert ast.get_docstring(tree_of(path)), "its first line should say what it is"


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_no_module_pickles(path):
    assert not packages_of(path) & PICKLES
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in PICKLE_CALLS
            assert ast.unparse(node) not in PICKLE_CALLS
        if isinstance(node, ast.keyword):
            assert node.arg not in PICKLE_CALLS


@pytest.mark.parametrize("path", SHELLS, ids=name_of)
def test_a_shell_knows_neither_torch_nor_the_model(path):
    assert not packages_of(path) & LEARNING
    inner = ("hwr_core.model", "hwr_core.training")
    assert not [name for name in imports_of(path) if name.startswith(inner)]


@pytest.mark.parametrize("module", ["hwr_core", "hwr_core.recognizer", "hwr_core.cli"])
def test_the_recognizer_and_the_command_line_load_nothing_heavy(module):
    assert not loaded_after(f"import {module}") & HEAVY


def test_the_help_of_the_command_line_loads_nothing_heavy():
    assert not loaded_after(command("read", "--help")) & HEAVY


def test_reading_from_the_command_line_loads_nothing_heavy(tmp_path, tiny_checkpoint):
    picture = tmp_path / "paper.png"
    Image.new("L", (200, 50), 255).save(picture)
    read = command("read", str(picture), "--checkpoint", str(tiny_checkpoint))
    assert not loaded_after(read) & HEAVY


@pytest.mark.slow
def test_reading_leaves_nothing_in_the_home_of_who_reads(tmp_path, monkeypatch, tiny_checkpoint):
    picture, home = tmp_path / "paper.png", tmp_path / "home"
    Image.new("L", (200, 50), 255).save(picture)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    loaded_after(command("read", str(picture), "--checkpoint", str(tiny_checkpoint)))
    assert not list(home.rglob("*"))


def test_the_app_loads_no_torch():
    assert not loaded_after("import app") & LEARNING


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name_of)
def test_every_requirement_is_pinned_and_agrees_with_the_constraints(path):
    pins = pins_of(path)
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", pin)] == []
    if path.name != "requirements-torch.txt":  # its build differs from machine to machine
        constraints = {pin.replace("_", "-") for pin in pins_of(ROOT / "constraints.txt")}
        assert set(pins) <= constraints


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_every_imported_package_is_a_requirement(path):
    wanted = {pin.partition("==")[0] for each in REQUIREMENTS for pin in pins_of(each)}
    foreign = packages_of(path) - set(sys.stdlib_module_names) - {"hwr_core", "app", "dashboard"}
    names = {
        package: {provider.lower().replace("_", "-") for provider in PROVIDERS.get(package, [])}
        for package in foreign
    }
    assert [package for package, known in names.items() if not known & wanted] == []
