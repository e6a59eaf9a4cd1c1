"""The error dashboard: what the recognizer reads right and wrong, from the files in results/.

    make dashboard
    streamlit run dashboard.py -- --results DIR

It shows what evaluation and training wrote. HWR_RESULTS names another folder of results, too.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from pydantic import ValidationError

from hwr_core.dashboard import (
    calibration,
    compare,
    confusions,
    corrections,
    data,
    label_noise,
    misclassified,
    overview,
    predictions,
    slices,
    training,
    trial,
)
from hwr_core.dashboard.loading import Choice
from hwr_core.evaluation import results
from hwr_core.evaluation.explaining import ResultsError

SHIPPED = Path(__file__).parent / "results"
FIRST = "validation"  # the run shown until another one is chosen
# In the order of the navigation; the name of the module is the page's address, such as
# /training?run=test; the first page is at /.
PAGES = (
    (overview, "Overview"),
    (predictions, "Predictions"),
    (misclassified, "Misclassified"),
    (confusions, "Confusions"),
    (slices, "Slices"),
    (calibration, "Calibration"),
    (label_noise, "Label noise"),
    (training, "Training"),
    (compare, "Compare"),
    (data, "Data"),
    (corrections, "Corrections"),
    (trial, "Try"),
)


def main() -> None:
    """Show the chosen page of the chosen run, or one sentence that says why there is none."""
    st.set_page_config(page_title="Name reader: results", page_icon="✍️", layout="wide")
    with explained():
        # Chosen out here: what a page chooses is forgotten on the next one.
        choice = choose(folder(sys.argv[1:]))
        pages = [
            st.Page(
                shown(module.show, choice),
                title=title,
                url_path=module.__name__.rpartition(".")[2],
            )
            for module, title in PAGES
        ]
        st.navigation(pages, expanded=True).run()


def shown(show: Callable[[Choice], None], choice: Choice) -> Callable[[], None]:
    """A page of a run, as Streamlit wants it: a function with a name and without arguments."""

    def page() -> None:
        show(choice)

    return page


@contextmanager
def explained() -> Iterator[None]:
    """What is wrong with the files becomes one sentence on the page."""
    try:
        yield
    except ResultsError as error:
        st.error(str(error))
    except ValidationError as error:
        where = " > ".join(map(str, error.errors()[0]["loc"]))
        st.error(f"A row of this run is damaged ({where}); `make evaluate` writes it anew.")


def choose(given: Path) -> Choice:
    """The run that the visitor chose in the side bar, among those in a folder.

    Raises:
        ResultsError: there is none.
    """
    shown, first = (given, FIRST) if not results.is_run(given) else (given.parent, given.name)
    runs = results.runs(shown)
    place = runs.index(first) if first in runs else 0
    name = st.sidebar.selectbox("Run", runs, index=place, key="run", bind="query-params")
    return Choice(shown, shown / name)


def folder(arguments: list[str]) -> Path:
    """The folder of results, or one run in it: `--results DIR`, HWR_RESULTS, or what ships."""
    parser = argparse.ArgumentParser(allow_abbrev=False, exit_on_error=False)
    default = os.environ.get("HWR_RESULTS", SHIPPED)
    parser.add_argument("--results", type=Path, default=Path(default))
    return Path(parser.parse_known_args(arguments)[0].results).resolve()


if __name__ == "__main__":
    main()
