"""Zips, PDFs, TIFFs and pictures as bundles: what is in them, and what is refused unopened."""

import io
import zipfile

import pytest
from PIL import Image

from hwr_core import bundle as bundle_module
from hwr_core import pages as pages_module
from hwr_core.bundle import MAX_MEMBERS, MAX_UNPACKED, Bundle
from hwr_core.imagefile import MAX_BYTES, PictureError


@pytest.fixture
def pack(tmp_path):
    """Writes a zip of members, or what else is given, and returns its path."""

    def write(members, method=zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(tmp_path / "names.zip", "w", method) as archive:
            for name, content in members:
                archive.writestr(name, content)
        return tmp_path / "names.zip"

    return write


def opened(path):
    return Bundle.open(path, path.name)


def test_a_zip_is_listed_without_what_systems_hide(pack):
    hidden = [("__MACOSX/._a.png", b""), (".DS_Store", b""), ("folder/", b"")]
    path = pack([("__a.png", b"A"), ("./folder//b.png", b"B"), *hidden])
    bundle = opened(path)
    assert bundle.members == ("__a.png", "./folder//b.png")
    assert list(bundle.pictures(1, 9)) == [("./folder//b.png", b"B")]


@pytest.mark.parametrize(
    "name", ["../a.png", "/etc/a.png", "..\\a.png", "\\a.png", "a/b/c/d/e.png"]
)
def test_a_zip_that_names_files_outside_itself_or_too_deep_is_refused(pack, name):
    with pytest.raises(PictureError, match="outside itself"):
        opened(pack([(name, b"")]))


@pytest.mark.parametrize("folder", ["", "a/b/c/"])
def test_what_a_mac_hides_beside_each_picture_counts_for_nothing(pack, folder):
    names = [f"{folder}{number}.png" for number in range(MAX_MEMBERS)]
    twins = [(f"__MACOSX/{folder}._{number}.png", b"") for number in range(MAX_MEMBERS)]
    assert opened(pack([*((name, b"") for name in names), *twins])).members == tuple(names)


@pytest.mark.parametrize("form", ["PDF", "TIFF"])
def test_no_page_of_a_file_in_a_zip_is_lost_without_a_word(pack, form):
    sheet, one, several = Image.new("L", (40, 20)), io.BytesIO(), io.BytesIO()
    sheet.save(one, form)
    sheet.save(several, form, save_all=True, append_images=[sheet])
    bundle = opened(pack([("1", one.getvalue()), ("2", several.getvalue())]))
    (_, first), (_, second) = bundle.pictures(0, 2)
    assert first == one.getvalue()
    assert isinstance(second, PictureError)
    assert "several pages" in str(second)


def test_a_file_that_may_not_be_read_is_refused_with_a_sentence(tmp_path, monkeypatch):
    path = tmp_path / "locked.pdf"
    path.write_bytes(b"%PDF-")

    def locked(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(bundle_module.pages, "count", locked)
    with pytest.raises(PictureError, match=r"locked.pdf cannot be opened \(Permission denied\)"):
        opened(path)


def test_a_hidden_file_is_no_way_out_of_the_zip(pack):
    with pytest.raises(PictureError, match="outside itself"):
        opened(pack([("a.png", b""), ("__MACOSX/../../a.png", b"")]))


def test_a_zip_of_too_many_pictures_is_refused(pack):
    with pytest.raises(PictureError, match=f"2,001 pictures.* limit is {MAX_MEMBERS:,}"):
        opened(pack([(f"{number}.png", b"") for number in range(MAX_MEMBERS + 1)]))


def test_a_zip_of_ten_thousand_hidden_files_is_refused(pack):
    with pytest.raises(PictureError, match="over 6,000 files, hidden ones counted"):
        opened(pack([(f".{number}", b"") for number in range(10_000)]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_both_read(pack):
    bundle = opened(pack([("a.png", b"one"), ("a.png", b"two")]))
    assert list(bundle.pictures(0, 9)) == [("a.png", b"one"), ("a.png", b"two")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(pack):
    block = bytes(MAX_UNPACKED // 5)
    with pytest.raises(PictureError, match="unpacks to over"):
        opened(pack([(f"{number}.png", block) for number in range(6)]))


def test_a_member_is_never_unpacked_beyond_a_pictures_limit(pack):
    (_, data), *_ = opened(pack([("a.png", bytes(MAX_BYTES + 1000))])).pictures(0, 1)
    assert len(data) == MAX_BYTES + 1


def spoil(path, mark, at):
    """Change the byte `at` bytes behind the first `mark`."""
    data = bytearray(path.read_bytes())
    data[data.index(mark) + at] = 0xFF
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("mark", "at"),
    [
        pytest.param(b"PK\3\4", 30 + len("é.png".encode()), id="damaged data"),
        pytest.param(b"PK\3\4", 30, id="a name that is no text"),
        pytest.param(b"PK\1\2", 10, id="packed as Python cannot unpack"),
    ],
)
def test_a_damaged_member_gives_a_sentence_and_the_next_is_read(pack, mark, at):
    path = pack([("é.png", b"A" * 999), ("b.png", b"B")])
    (_, first), (_, second) = opened(spoil(path, mark, at)).pictures(0, 9)
    assert isinstance(first, PictureError)
    assert second == b"B"


def test_a_zip_of_a_later_version_of_the_format_is_refused(pack):
    with pytest.raises(PictureError, match="damaged"):
        opened(spoil(pack([("a.png", b"A")]), b"PK\1\2", 6))


def test_a_zip_within_a_zip_is_not_opened(pack):
    inner = pack([("a.png", b"A")]).read_bytes()
    (_, outcome), *_ = opened(pack([("b.zip", inner)])).pictures(0, 1)
    assert isinstance(outcome, PictureError)


def test_an_empty_and_a_damaged_zip_give_sentences(pack, tmp_path):
    with pytest.raises(PictureError, match="no file in this zip"):
        opened(pack([]))
    path = pack([("a.png", b"A" * 999)])
    path.write_bytes(path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x00"))
    with pytest.raises(PictureError, match="damaged"):
        opened(path)


def test_the_pages_of_a_pdf_are_pictures(tmp_path):
    path, pages = tmp_path / "names.pdf", [Image.new("RGB", (80, 40), "white") for _ in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    bundle = opened(path)
    assert bundle.members[2] == "names.pdf, page 3"
    assert [name for name, _ in bundle.pictures(1, 9)] == list(bundle.members[1:])
    assert all(page.size == (2048, 1024) for _, page in bundle.pictures(0, 9))


@pytest.fixture
def tiff(tmp_path):
    """Writes a TIFF with a page of each width, and returns its path."""

    def write(*widths):
        first, *others = [Image.new("L", (width, 20), "white") for width in widths]
        first.save(tmp_path / "names.tif", save_all=True, append_images=others)
        return tmp_path / "names.tif"

    return write


def test_the_pages_of_a_tiff_are_pictures(tiff):
    bundle = opened(tiff(40, 50, 60))
    assert bundle.members == ("names.tif, page 1", "names.tif, page 2", "names.tif, page 3")
    assert [page.size for _, page in bundle.pictures(1, 9)] == [(50, 20), (60, 20)]


def test_a_tiff_of_one_page_is_a_picture(tiff):
    path = tiff(40)
    assert list(opened(path).pictures(0, 9)) == [("names.tif", path)]


def test_a_gif_that_moves_is_one_picture(tmp_path):
    frames = [Image.new("L", (40, 20), shade) for shade in (255, 128)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert opened(tmp_path / "a.gif").members == ("a.gif",)


def test_a_tiff_of_too_many_pages_is_refused(tiff, monkeypatch):
    monkeypatch.setattr(bundle_module, "MAX_MEMBERS", 2)
    with pytest.raises(PictureError, match="3 pictures"):
        opened(tiff(40, 50, 60, 70))


def test_a_tiff_that_is_cut_short_keeps_its_pages_and_says_which_is_damaged(tiff):
    path = tiff(40, 50, 60)
    path.write_bytes(path.read_bytes()[:2000])  # the last of three pages begins before that
    *whole, last = [page for _, page in opened(path).pictures(0, 9)]
    assert [page.size for page in whole] == [(40, 20), (50, 20)]
    assert isinstance(last, PictureError)


def test_a_tiff_of_far_too_many_pixels_is_left_to_whoever_reads_it(tiff, monkeypatch):
    path = tiff(40, 50)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert opened(path).kind == "picture"


def test_a_damaged_pdf_gives_a_sentence(tmp_path):
    path = tmp_path / "names.pdf"
    path.write_bytes(b"%PDF-1.7 and then nothing")
    with pytest.raises(PictureError, match="PDF could not be opened"):
        opened(path)


def nested_pdf(levels):
    """A PDF of some 100 bytes a level, each of which draws the next one ten times."""
    form = "<</Type/XObject/Subtype/Form/BBox[0 0 200 50]{}/Length {}>>stream\n{}\nendstream"
    inner = "/Resources<</XObject<</F {} 0 R>>>>"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 50]{inner.format(5)}/Contents 4 0 R>>",
        "<</Length 5>>stream\n/F Do\nendstream",
        *(form.format(inner.format(6 + n), 60, "/F Do " * 10) for n in range(levels)),
        form.format("", 11, "0 0 9 9 re f"),
    ]
    body = "".join(f"{1 + n} 0 obj\n{each}\nendobj\n" for n, each in enumerate(objects))
    return f"%PDF-1.4\n{body}trailer\n<</Root 1 0 R/Size {1 + len(objects)}>>\n%%EOF".encode()


@pytest.mark.timeout(60)
def test_a_pdf_that_draws_without_end_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(pages_module, "SECONDS", 2)
    shallow, deep = tmp_path / "shallow.pdf", tmp_path / "deep.pdf"
    shallow.write_bytes(nested_pdf(2))
    deep.write_bytes(nested_pdf(12))
    ((_, picture),) = opened(shallow).pictures(0, 1)
    assert picture.size == (2048, 512)
    ((_, refused),) = opened(deep).pictures(0, 1)
    assert str(refused) == "This page of the file could not be drawn."


def test_a_picture_is_a_bundle_of_one(tmp_path):
    path = tmp_path / "name.png"
    file = io.BytesIO()
    Image.new("L", (9, 9)).save(file, "PNG")
    path.write_bytes(file.getvalue())
    assert list(opened(path).pictures(0, 16)) == [("name.png", path)]
