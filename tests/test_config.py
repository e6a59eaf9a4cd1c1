"""Settings from YAML: strict, with a remedy in every refusal."""

from typing import Annotated, Literal

import pytest
from pydantic import Field, ValidationError

from hwr_core.config import ConfigError, Settings, override, read_yaml


class Pen(Settings):
    kind: Literal["pen"] = "pen"
    width: float = 2.0


class Brush(Settings):
    kind: Literal["brush"]
    hairs: int


class Paper(Settings):
    height: int = Field(default=48, ge=16)
    width: int = 384


class Desk(Settings):
    name: str
    paper: Paper = Paper()
    spare: Paper | None = None
    by_name: dict[str, Paper] = Field(default_factory=dict)
    tool: Annotated[Pen | Brush, Field(discriminator="kind")] = Pen()


def refusal(values):
    with pytest.raises(ConfigError) as caught:
        Desk.parse(values, "desk.yaml")
    assert str(caught.value).startswith("desk.yaml: ")
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix("desk.yaml: ")


@pytest.fixture
def desk(tmp_path):
    """Writes a YAML file."""

    def write(text):
        (tmp_path / "desk.yaml").write_text(text, "utf-8")
        return tmp_path / "desk.yaml"

    return write


def test_defaults_fill_what_is_not_given():
    desk = Desk.parse({"name": "mine", "paper": {"height": 64}})
    assert (desk.paper.height, desk.paper.width) == (64, 384)


def test_an_unknown_key_lists_the_known_ones():
    known = "known here: by_name, name, paper, spare, tool"
    assert refusal({"name": "x", "papre": {}}) == f"papre is unknown; {known}"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"paper": {"heigth": 1}}, "paper.heigth is unknown; known here: height, width"),
        ({"spare": {"heigth": 1}}, "spare.heigth is unknown; known here: height, width"),
        (
            {"by_name": {"one": {"heigth": 1}}},
            "by_name.one.heigth is unknown; known here: height, width",
        ),
        ({"tool": {"kind": "pen", "w": 1}}, "tool.pen.w is unknown; known here: kind, width"),
        (
            {"tool": {"kind": "brush", "hairs": 3, "w": 1}},
            "tool.brush.w is unknown; known here: hairs, kind",
        ),
    ],
)
def test_a_nested_unknown_key_lists_the_known_ones_beside_it(values, expected):
    assert refusal({"name": "x", **values}) == expected


def test_every_fault_is_named_at_once():
    message = refusal({"paper": {"height": 3, "depth": 1}, "spare": "none"})
    for part in ("name is missing", "paper.height is 3, but", "paper.depth is unknown", "spare is"):
        assert part in message


def test_the_known_keys_stand_once_beside_all_that_are_unknown():
    message = refusal({"name": "x", "paper": {"depth": 1, "colour": 2}})
    assert "paper.depth, paper.colour are unknown; known here: height, width" in message


def test_infinite_and_missing_numbers_are_refused():
    assert "tool.pen.width" in refusal({"name": "x", "tool": {"kind": "pen", "width": "nan"}})


def test_settings_do_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Paper().height = 3


def test_a_file_is_read_with_overrides(desk):
    path = desk("name: mine\npaper: {height: 64}\n")
    values = read_yaml(path, ["paper.height=32", "spare.width=100", "tool={kind: brush, hairs: 9}"])
    assert Desk.parse(values) == Desk(
        name="mine",
        paper=Paper(height=32),
        spare=Paper(width=100),
        tool=Brush(kind="brush", hairs=9),
    )


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words", "a: [1", "a: b: c", "\x00"])
def test_a_file_that_is_no_mapping_is_named(desk, text):
    path = desk(text)
    with pytest.raises(ConfigError, match=r"desk\.yaml: ") as caught:
        read_yaml(path)
    assert "\n" not in str(caught.value)


def test_a_key_given_twice_is_named_with_its_line(desk):
    path = desk("name: mine\npaper:\n  height: 64\n\npaper:\n  width: 100\n")
    with pytest.raises(ConfigError, match=r"desk\.yaml: .*\(line 5 gives paper again; keep one\)"):
        read_yaml(path)
    with pytest.raises(ConfigError, match="not a YAML value"):
        override({"name": "mine"}, ["paper={height: 64, height: 32}"])


def test_a_key_of_two_mappings_is_given_once_in_each(desk):
    text = "paper: &plain {height: 64}\nspare: {<<: *plain, height: 32}\n"
    assert read_yaml(desk(text)) == {"paper": {"height": 64}, "spare": {"height": 32}}


def test_bytes_that_are_no_text_are_named(tmp_path):
    path = tmp_path / "desk.yaml"
    path.write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(ConfigError, match=r"desk\.yaml: not a YAML file"):
        read_yaml(path)


def test_a_missing_file_names_a_recipe_that_exists(tmp_path):
    with pytest.raises(ConfigError, match=r"configs/names\.yaml"):
        read_yaml(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ("paper", "expected key=value"),
        ("name.first=1", "name has no keys below it"),
        ("paper=[1", "not a YAML value"),
        ("name=2025-02-30", "not a YAML value"),
        ("name=!!int x", "not a YAML value"),
        ("name=" + 3000 * "[", "not a YAML value"),
    ],
)
def test_a_bad_override_is_repeated_with_its_reason(assignment, reason):
    with pytest.raises(ConfigError) as caught:
        override({"name": "mine"}, [assignment])
    assert str(caught.value).startswith(f"--set {assignment}: ")
    assert reason in str(caught.value)


def test_no_code_is_run_by_a_yaml_file(desk):
    with pytest.raises(ConfigError, match="not a YAML file"):
        read_yaml(desk("name: !!python/object/apply:os.getcwd []"))
