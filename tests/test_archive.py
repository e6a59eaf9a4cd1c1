"""The archive of corrections, in SQLite and, where its server is installed, in PostgreSQL."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, inspect, text

from hwr_core import cli
from hwr_core.data.samples import LeftOut
from hwr_core.data.sources import SOURCES
from hwr_core.feedback import archive as module
from hwr_core.feedback import database
from hwr_core.feedback.archive import Archive, FeedbackError
from hwr_core.feedback.database import DATABASE, DAYS
from hwr_core.feedback.table import Table
from hwr_core.strokes import Drawing

STROKES = b'{"width": 640, "height": 240, "strokes": [[[10, 10], [300, 200]]]}'
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def postgres(tmp_path_factory, free_port):
    """The URL of a PostgreSQL server that runs for these tests alone."""
    if not SERVERS:
        required = os.environ.get("HWR_REQUIRE_POSTGRES") == "1"
        (pytest.fail if required else pytest.skip)("no PostgreSQL (apt install postgresql)")
    binaries, port = SERVERS[-1], free_port()
    home = tmp_path_factory.mktemp("postgres")
    # PostgreSQL refuses to run as root, and its account must reach the folder.
    become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if become:
        for folder in (home, *home.parents[:3]):
            if folder != Path("/tmp"):  # noqa: S108
                folder.chmod(0o755)
        shutil.chown(home, "postgres")
    data = home / "data"
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -F"
    start = ["pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start"]
    stop = ["pg_ctl", "-D", data, "-m", "immediate", "stop"]

    def run(command, *arguments):
        line = [*become, binaries / command, *arguments]
        subprocess.run(line, check=True, cwd=home, stdout=subprocess.DEVNULL)

    run("initdb", "-D", data, "-U", "names", "-A", "trust", "--no-sync")
    run(*start)
    yield f"postgresql+psycopg://names@127.0.0.1:{port}/postgres"
    run(*stop)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def url(request, tmp_path):
    if request.param == "postgres":
        return request.getfixturevalue("postgres")
    return f"sqlite:///{tmp_path / 'corrections.sqlite'}"


@pytest.fixture
def archive(url):
    opened = Archive.open(url)
    opened.delete("all")
    yield opened
    opened.close()


def test_a_correction_is_read_back(archive):
    digest = archive.keep(
        "strokes", STROKES, "  Zoë  O\N{RIGHT SINGLE QUOTATION MARK}Neil", "ZO", 0.4
    )
    (kept,) = archive.some([digest])
    assert (kept.digest, kept.kind, kept.content) == (digest, "strokes", STROKES)
    assert (kept.text, kept.read, kept.confidence) == ("Zoë O'Neil", "ZO", 0.4)


def test_the_same_writing_is_kept_once_with_its_latest_name(archive):
    archive.keep("strokes", STROKES, "Anna", "ANA", 0.4)
    archive.keep("strokes", STROKES, "Hanna", "ANA", 0.4)
    assert [kept.text for kept in archive.outline()] == ["Hanna"]


@pytest.mark.parametrize("text", ["", " ", "-", "Анна", "a" * 101])
def test_what_is_no_name_is_not_kept(archive, text):
    with pytest.raises(FeedbackError, match="Type the name"):
        archive.keep("strokes", STROKES, text, "", 0)
    assert archive.outline() == []


def test_corrections_can_be_deleted_one_by_one(archive):
    digest = archive.keep("strokes", STROKES, "Anna", "", 0)
    archive.keep("picture", b"PNG", "Emma", "", 0)
    archive.delete(digest)
    assert [kept.text for kept in archive.outline()] == ["Emma"]
    with pytest.raises(FeedbackError, match="no correction"):
        archive.delete(digest)


def test_corrections_past_their_time_are_deleted(archive, monkeypatch):
    archive.keep("strokes", STROKES, "Anna", "", 0)
    later = module._today() + timedelta(days=366)
    monkeypatch.setattr(module, "_today", lambda: later)
    assert archive.expire() == 1
    assert archive.outline() == []


def test_what_is_past_its_time_is_not_shown_either(archive, monkeypatch):
    archive.keep("strokes", STROKES, "Anna", "", 0)
    later = module._today() + timedelta(days=366)
    monkeypatch.setattr(module, "_today", lambda: later)
    assert archive.outline() == []
    assert archive.expire() == 1  # looking deletes nothing


@pytest.mark.parametrize("days", ["-1", "1000000", "a year"])
def test_a_time_that_no_calendar_knows_is_refused(url, days, monkeypatch):
    monkeypatch.setenv(DAYS, days)
    with pytest.raises(FeedbackError, match="HWR_CORRECTIONS_DAYS must be a whole number"):
        Archive.open(url)


def test_what_is_deleted_is_counted_without_a_clause_that_older_sqlite_lacks(archive):
    said = []
    event.listen(archive._engine, "before_cursor_execute", lambda *about: said.append(about[2]))
    digest = archive.keep("strokes", STROKES, "Anna", "", 0)
    archive.delete(digest)
    assert archive.expire() == 0
    assert [each for each in said if "DELETE" in each]
    assert not [each for each in said if "RETURNING" in each]


def test_no_one_correction_may_be_large(archive):
    with pytest.raises(FeedbackError, match="too large to be kept"):
        archive.keep("picture", bytes(module.LARGEST + 1), "Anna", "", 0)
    assert archive.outline() == []


@pytest.mark.parametrize(("most", "value"), [("MOST", 2), ("MOST_BYTES", 8)])
def test_a_full_archive_takes_no_more_but_the_same_again(archive, monkeypatch, most, value):
    monkeypatch.setattr(module, most, value)
    for content in (b"PNG1", b"PNG2"):
        archive.keep("picture", content, "Anna", "", 0)
    with pytest.raises(FeedbackError, match="no room for more corrections"):
        archive.keep("picture", b"PNG3", "Emma", "", 0)
    archive.keep("picture", b"PNG2", "Emma", "", 0)
    assert sorted(kept.text for kept in archive.outline()) == ["Anna", "Emma"]


def test_what_is_past_its_time_makes_room(archive, monkeypatch):
    monkeypatch.setattr(module, "MOST", 1)
    archive.keep("strokes", STROKES, "Anna", "", 0)
    later = module._today() + timedelta(days=366)
    monkeypatch.setattr(module, "_today", lambda: later)
    archive.keep("picture", b"PNG", "Emma", "", 0)
    assert [kept.text for kept in archive.outline()] == ["Emma"]


def read_only(tmp_path):
    """The address of a whole database that cannot be written, not even by root."""
    file = tmp_path / "corrections.sqlite"
    Archive.open(f"sqlite:///{file}").close()
    return f"sqlite:///file:{file}?mode=ro&uri=true"


def unwritten(_):
    """The address of a database in a folder that takes no file."""
    return "sqlite:////no/such/folder/corrections.sqlite"


@pytest.mark.parametrize("place", [read_only, unwritten])
def test_a_checkout_that_cannot_be_written_keeps_none(place, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "LOCAL", place(tmp_path))
    assert Archive.ready() is None
    monkeypatch.setenv(DATABASE, database.LOCAL)
    with pytest.raises(FeedbackError, match="check HWR_CORRECTIONS"):
        Archive.ready()


@pytest.mark.slow
def test_the_page_of_such_a_checkout_starts_and_says_so(monkeypatch, capsys, tmp_path):
    import app

    started = []
    monkeypatch.setattr(database, "LOCAL", unwritten(tmp_path))
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(app.signal, "signal", lambda *_: None)  # tests have their own
    monkeypatch.setattr(app, "build_app", lambda _, archive: archive)
    monkeypatch.setattr(app, "launch", started.append)
    app.main()
    assert started == [None]
    said = capsys.readouterr().err
    assert "Corrections cannot be kept" in said
    assert "HWR_CORRECTIONS names" in said


def test_the_same_writing_sent_many_times_at_once_is_kept_once(archive):
    def keep(_):
        return archive.keep("strokes", STROKES, "Anna", "ANA", 0.4)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(keep, range(12)))) == 1
    assert [kept.text for kept in archive.outline()] == ["Anna"]


def test_a_database_that_went_away_gives_a_sentence_without_the_name(tmp_path):
    archive = Archive.open(f"sqlite:///{tmp_path / 'corrections.sqlite'}")
    Table.metadata.drop_all(archive._engine)
    with pytest.raises(FeedbackError, match="send it again in a moment") as refusal:
        archive.keep("strokes", STROKES, "Secret", "", 0)
    assert "Secret" not in repr(refusal.value.__cause__)
    for delete in (archive.expire, lambda: archive.delete("all")):
        with pytest.raises(FeedbackError, match="cannot be deleted; check HWR_CORRECTIONS"):
            delete()
    for look in (Archive.outline, lambda archive: archive.export(tmp_path / "new")):
        with pytest.raises(FeedbackError, match="cannot be read; check HWR_CORRECTIONS"):
            look(archive)
    assert not (tmp_path / "new").exists()


def test_a_digest_that_was_left_empty_deletes_nothing(url, archive, monkeypatch, capsys):
    archive.keep("strokes", STROKES, "Anna", "", 0)
    monkeypatch.setenv(DATABASE, url)
    assert cli.main(["corrections", "--delete", ""]) == 2
    assert "There is no correction" in capsys.readouterr().err
    assert len(archive.outline()) == 1


def test_the_export_is_a_source_to_learn_from(archive, tmp_path):
    archive.keep("strokes", STROKES, "Anna", "", 0)
    assert archive.export(tmp_path / "export") == 1
    (sample,) = SOURCES["corrections"](tmp_path / "export", LeftOut())
    assert (sample.label, sample.split) == ("Anna", "train")
    assert isinstance(sample.picture, Drawing)
    with pytest.raises(FeedbackError, match="not empty"):
        archive.export(tmp_path / "export")


def test_only_what_is_wanted_is_exported(archive, tmp_path):
    digest = archive.keep("strokes", STROKES, "Anna", "", 0)
    archive.keep("picture", b"PNG", "Emma", "", 0)
    assert archive.export(tmp_path / "export", {digest}) == 1
    assert archive.export(tmp_path / "none", ()) == 0


def test_looking_for_corrections_makes_no_file(tmp_path, monkeypatch):
    file = tmp_path / "corrections.sqlite"
    monkeypatch.setenv(DATABASE, f"sqlite:///{file}")
    assert Archive.found() is None
    assert not file.exists()
    Archive.open().close()
    found = Archive.found()
    assert found is not None
    found.close()


WRONG = {
    "nonsense": "is no address of a database such as sqlite:///",
    "what://x": "is no address",
    "mysql://x/y": "is no address",  # of a driver that is not installed
    "postgresql+psycopg://x:port/y": "is no address",
    "sqlite:////no/such/folder/x.sqlite": "cannot be opened; check HWR_CORRECTIONS and its server",
}


@pytest.mark.parametrize("url", WRONG)
def test_looking_at_a_wrong_address_gives_a_sentence(url, monkeypatch):
    monkeypatch.setenv(DATABASE, url)
    with pytest.raises(FeedbackError, match=WRONG[url]):
        Archive.found()


def test_the_migrations_make_the_tables_of_the_code(archive, url):
    engine = create_engine(url)
    columns = {column["name"] for column in inspect(engine).get_columns("corrections")}
    engine.dispose()
    assert columns == set(Table.metadata.tables["corrections"].columns.keys())
    Archive.open(url).close()  # a second time changes nothing


def test_a_database_of_a_later_version_gives_a_sentence(archive, url):
    def become(version):
        with engine.begin() as connection:
            known = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            given = {"version": version}
            connection.execute(text("UPDATE alembic_version SET version_num = :version"), given)
        return known

    engine = create_engine(url)
    known = become("of tomorrow")
    with pytest.raises(FeedbackError, match="is of a newer version, or of another program"):
        Archive.open(url)
    become(known)
    engine.dispose()


def test_many_visitors_open_the_database_at_once(archive, url):
    def look(_):
        with closing(Archive.open(url)) as opened:
            return len(opened.outline())

    archive.keep("strokes", STROKES, "Anna", "", 0)
    with ThreadPoolExecutor(4) as visitors:
        assert list(visitors.map(look, range(24))) == [1] * 24


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_address_gives_a_sentence_without_it(url):
    with pytest.raises(FeedbackError, match=WRONG[url]) as caught:
        Archive.open(url)
    assert url not in str(caught.value)
