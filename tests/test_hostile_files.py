"""Files made to harm: a few bytes that ask for much memory or time are refused with a sentence."""

import io
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from contextlib import contextmanager

import numpy as np
import pytest
from PIL import Image

from hwr_core import bundle as bundle_module
from hwr_core import pages
from hwr_core.bundle import Bundle
from hwr_core.imagefile import PictureError, open_grey

SHORT, LONG, RATIONAL, UNDEFINED, SIGNED_LONG, SIGNED_LONG_8 = 3, 4, 5, 7, 9, 17
WHITE = Image.new("L", (16, 16), 255)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(path):
    return Bundle.open(path, path.name)


@contextmanager
def little_memory(most=10_000_000):
    """The block takes no more bytes than this, at any time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def directory(*tags, behind=b""):
    """A TIFF, or the same as EXIF, of these tags (number, kind, count, value or place) alone."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + behind


def tiff(*tags, behind=b""):
    """A white TIFF of 16 x 16 pixels with more tags; `behind` begins at its 1,000th byte."""
    strips = ((273, LONG, 1, 512), (278, LONG, 1, 16), (279, LONG, 1, 256))
    usual = ((256, LONG, 1, 16), (257, LONG, 1, 16), (258, SHORT, 1, 8), (262, SHORT, 1, 1))
    plain = directory(*usual, *strips, *tags).ljust(512, b"\0")
    return (plain + b"\xff" * 256).ljust(1000, b"\0") + behind


def same_bytes_again(tags=200, size=1_000_000):
    """Tags of which each names the whole of what lies behind them."""
    numbers = range(0x9000, 0x9000 + tags)
    return directory(*((number, UNDEFINED, size, 8) for number in numbers), behind=bytes(size))


def in_png(exif):
    checked = b"eXIf" + exif
    chunk = struct.pack(">I", len(exif)) + checked + struct.pack(">I", zlib.crc32(checked))
    png = encoded(WHITE)
    return png[:33] + chunk + png[33:]  # behind the header


def in_jpeg(segment, head=b"Exif\0\0", marker=b"\xff\xe1"):
    """In as many segments as it takes, and without the JFIF header, which gives a resolution."""
    parts = [head + segment[at : at + 65_000] for at in range(0, len(segment), 65_000)]
    jpeg = encoded(WHITE, "JPEG")
    body = jpeg[4 + struct.unpack(">H", jpeg[4:6])[0] :]
    return (
        b"\xff\xd8"
        + b"".join(marker + struct.pack(">H", len(part) + 2) + part for part in parts)
        + body
    )


@pytest.mark.parametrize("build", [in_png, in_jpeg, lambda exif: encoded(WHITE, "WEBP", exif=exif)])
def test_exif_that_names_the_same_bytes_over_and_over_is_not_read_to_its_end(build):
    picture = build(same_bytes_again())
    with little_memory():
        assert (open_grey(picture)[0] == 1).all()


def test_a_tiff_that_names_the_same_bytes_over_and_over_is_refused():
    with little_memory(), pytest.raises(PictureError, match="send a PNG"):
        open_grey(same_bytes_again())
    with little_memory():
        assert pages.count(same_bytes_again(), 2) is None


def test_numbers_by_the_hundred_thousand_are_not_made_of_tags():
    count = 100_000
    numbers = np.random.default_rng(0).bytes(8 * count)
    with pytest.raises(PictureError, match="send a PNG"):
        open_grey(tiff((282, RATIONAL, count, 1000), behind=numbers))
    beside = struct.pack("<HHHIII", 1, 0x9000, RATIONAL, count, 1018, 0)
    with pytest.raises(PictureError, match="send a PNG"):
        open_grey(tiff((0x8769, LONG, 1, 1000), behind=beside + numbers))
    index = directory(*((tag, RATIONAL, 8000, 8) for tag in range(500)), behind=bytes(64_000))
    with little_memory():
        assert (open_grey(in_jpeg(index[:65_000], b"MPF\0", b"\xff\xe2"))[0] == 1).all()


def tiled(*sides):
    """A white TIFF of 16 x 16 pixels in one tile, which claims these sides (kind, number)."""
    tags = [(number, kind, 1, side) for number in (322, 323) for kind, side in sides]
    usual = [(256, LONG, 1, 16), (257, LONG, 1, 16), (258, SHORT, 1, 8), (259, SHORT, 1, 8)]
    place = [(324, LONG, 1, 512), (325, LONG, 1, 256)]
    plain = directory(*usual, (262, SHORT, 1, 1), *tags, *place).ljust(512, b"\0")
    return plain + zlib.compress(b"\xff" * 256).ljust(256, b"\0") + struct.pack("<Q", 16)


@pytest.mark.parametrize(
    ("sides", "sentence"),
    [
        ([(LONG, 6000)], "megapixels"),
        ([(LONG, 6000), (LONG, 16)], "megapixels"),  # libtiff heeds the first, Pillow the last
        ([(SHORT, 16), (SHORT, 6000)], "megapixels"),
        ([(SIGNED_LONG, 16)], "send a PNG"),
        ([(SIGNED_LONG_8, 768)], "send a PNG"),  # which Pillow does not know; it points to its 16
    ],
)
def test_a_small_tiff_of_huge_or_odd_tiles_is_refused_before_they_are_decoded(sides, sentence):
    assert (open_grey(tiled((SHORT, 16)))[0] == 1).all()
    with pytest.raises(PictureError, match=sentence):
        open_grey(tiled(*sides))


def scanned(times):
    """A progressive JPEG whose second scan comes so many times more."""
    jpeg = encoded(WHITE.resize((64, 64)), "JPEG", progressive=True)
    first = jpeg.index(b"\xff\xda", jpeg.index(b"\xff\xda") + 2)
    end = next(at for at in range(first + 10, len(jpeg)) if jpeg[at] == 0xFF and jpeg[at + 1])
    return jpeg[:end] + times * jpeg[first:end] + jpeg[end:]


def test_a_jpeg_of_hundreds_of_scans_is_refused_and_one_of_some_is_read():
    assert (open_grey(scanned(50))[0] == 1).all()
    with pytest.raises(PictureError, match="send a PNG"):
        open_grey(scanned(500))


def test_a_photograph_with_a_film_behind_it_is_read():
    film = np.random.default_rng(0).bytes(9_000_000)
    assert film.count(b"\xff\xda") > 100
    assert (open_grey(encoded(WHITE, "JPEG") + film)[0] == 1).all()


def lost_tiff():
    """A BigTIFF with a tag whose value lies farther away than any file reaches."""
    entry = struct.pack("<HHQQ", 0x9000, UNDEFINED, 100, 2**63)
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 1) + entry + bytes(8)


def test_a_tiff_that_points_beyond_all_files_is_refused_and_costs_no_other_picture(tmp_path):
    with pytest.raises(PictureError, match="send a PNG"):
        open_grey(lost_tiff())
    good = encoded(WHITE)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("bad.tif", lost_tiff())
        archive.writestr("good.png", good)
    assert [data for _, data in opened(tmp_path / "a.zip").pictures(0, 9)] == [lost_tiff(), good]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_a_limit_is_not_unpacked(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("bomb.png", bytes(50_000_000), method)
        archive.writestr("good.png", b"A", zipfile.ZIP_DEFLATED)
    with little_memory():
        (_, bomb), (_, good) = opened(tmp_path / "a.zip").pictures(0, 9)
    assert "packed in a rare way" in str(bomb)
    assert good == b"A"


def test_a_zip_of_a_long_index_is_refused_before_the_index_is_read(tmp_path):
    entries = 50_000
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, *[0] * 8, 1, *[0] * 6) + b"a"
    size = entries * len(entry)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, entries, entries, size, 0, 0)
    (tmp_path / "a.zip").write_bytes(entries * entry + end)
    with little_memory(1_000_000), pytest.raises(PictureError, match="over 6,000 files"):
        opened(tmp_path / "a.zip")


def test_what_ends_as_a_part_of_a_zip_is_a_picture(tmp_path):
    picture = encoded(WHITE) + struct.pack("<4sLQL", b"PK\6\7", 0, 0, 2)
    (tmp_path / "a.png").write_bytes(picture + struct.pack("<4s4H2LH", b"PK\5\6", *[0] * 7))
    assert opened(tmp_path / "a.png").kind == "picture"


def ends(monkeypatch, tmp_path, deed):
    """The error when the program for PDFs does this."""
    program = tmp_path / "program.py"
    program.write_text(deed)
    monkeypatch.setattr(pages, "PDF", program)
    with pytest.raises(pages.PageError) as caught:
        pages.count(b"%PDF-", 1)
    return caught.type


def test_a_pdf_is_opened_by_another_process_that_can_be_stopped(monkeypatch, tmp_path):
    assert ends(monkeypatch, tmp_path, "raise SystemExit(1)") is pages.PageError
    killed = "import os; os.kill(os.getpid(), 9)"
    assert ends(monkeypatch, tmp_path, killed) is pages.HeavyPageError
    monkeypatch.setattr(pages, "SECONDS", 0.2)
    assert ends(monkeypatch, tmp_path, "import time; time.sleep(9)") is pages.HeavyPageError


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory has no such limit")
def test_the_process_for_pdfs_gets_no_gigabytes():
    code = (
        "import runpy, sys\n"
        "runpy.run_path(sys.argv[1])['confine']()\n"
        "try: bytearray(2**30)\n"
        "except MemoryError: print('refused')"
    )
    command = [sys.executable, "-P", "-c", code, str(pages.PDF)]
    assert subprocess.run(command, capture_output=True, check=True).stdout == b"refused\n"


def test_once_a_page_took_too_much_the_others_are_refused_unseen(monkeypatch, tmp_path):
    asked = []

    def page(data, number):
        asked.append(number)
        if number:
            raise pages.HeavyPageError
        return WHITE

    WHITE.save(tmp_path / "a.pdf", save_all=True, append_images=[WHITE] * 3)
    monkeypatch.setattr(bundle_module.pages, "page", page)
    (_, first), *others = opened(tmp_path / "a.pdf").pictures(0, 9)
    assert first == WHITE
    assert {str(refused) for _, refused in others} == {"This page of the file could not be drawn."}
    assert (len(others), asked) == (3, [0, 1])
