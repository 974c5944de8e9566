"""Each mistake is planted in a small tree, and the check that is for it says so; without it, the tree is green."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from checks import (
    contracts,
    event_documents,
    glossary,
    hygiene,
    import_directions,
    light_web,
    messages,
    migrations,
    policy_documents,
    rooms,
    sizes,
    state_diagrams,
    style,
    typing_holds,
)
from checks.tree import Tree

KERNEL_WORDS = "problems: {not-found: {title: Not here}}\nlabels: {}\n"
SCHEMA: dict[str, Any] = {
    "type": "object", "additionalProperties": False, "required": ["permit_id"],
    "properties": {"permit_id": {"type": "string", "description": "The permit."}},
    "x-audience": "public", "x-classification": "public", "x-personal": [], "x-heard-by": [],
}  # fmt: skip


def write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def write_contract(root: Path, schema: dict[str, Any], example: dict[str, Any] | None = None) -> None:
    write(root, "shared/contracts/shop/sale.made.v1.json", json.dumps(schema))
    if example is not None:
        write(root, "shared/contracts/shop/sale.made.v1.example.json", json.dumps(example))


def write_room(root: Path, name: str) -> None:
    """A service with one file in each of three rooms."""
    folder = f"services/{name}"
    for file in ("README.md", "pyproject.toml", "tests/unit/.keep", f"src/{name}/messages/.keep"):
        write(root, f"{folder}/{file}", "")
    for file in ("__init__", "__main__", "service", "api/__init__", "use_cases/__init__", "model/__init__", "rules/__init__"):
        write(root, f"{folder}/src/{name}/{file}.py", f'"""The {file} of {name}."""\n')
    write(root, f"{folder}/src/{name}/migrations/0001_initial.py", '"""Why."""\n\nrevision = "0001_initial"\ndown_revision = None\n')
    for language in ("id", "en"):
        write(root, f"{folder}/src/{name}/messages/{language}.yaml", "problems: {too-late: {title: x}}\nlabels: {}\n")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Two services and a kernel, without a mistake."""
    write(tmp_path, "shared/src/smartcity/__init__.py", '"""The kernel."""\n')
    for language in ("id", "en"):
        write(tmp_path, f"shared/src/smartcity/messages/{language}.yaml", KERNEL_WORDS)
    for name in ("shop", "bank"):
        write_room(tmp_path, name)
    write_contract(tmp_path, SCHEMA, {"permit_id": "1"})
    return Tree(tmp_path)


def plant(tree: Tree, name: str, text: str) -> None:
    file = tree.root / name
    write(tree.root, name, (file.read_text() if file.exists() else "") + text)


@pytest.mark.parametrize(
    "look", [contracts, hygiene, import_directions, messages, migrations, rooms, sizes, state_diagrams, style, typing_holds]
)
def test_a_tree_without_a_mistake_is_green(tree: Tree, look: Any) -> None:
    assert look.look(tree) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("services/shop/src/shop/model/sale.py", "import bank.model\n"),
        ("services/shop/src/shop/model/sale.py", "import shop.use_cases\n"),
        ("services/shop/src/shop/use_cases/sell.py", "import shop.api\n"),
        ("services/shop/src/shop/rules/price.py", "import shop.model\n"),
        ("shared/src/smartcity/till.py", "import shop.model\n"),
        ("services/shop/src/shop/rules/price.py", "import flask\n"),
        ("services/shop/src/shop/rules/price.py", "from smartcity import clock\n"),
    ],
)
def test_an_import_against_the_stream_is_red(tree: Tree, file: str, line: str) -> None:
    plant(tree, file, line)
    assert import_directions.look(tree)


def test_rules_may_count_money_and_days(tree: Tree) -> None:
    plant(tree, "services/shop/src/shop/rules/price.py", "from decimal import Decimal\nfrom smartcity.money import rupiah\n")
    assert import_directions.look(tree) == []


def test_a_function_of_41_lines_and_a_file_of_301_are_red(tree: Tree) -> None:
    body = "    x = 1\n"
    plant(tree, "services/shop/src/shop/model/long.py", "def fits():\n" + body * 39)
    plant(tree, "services/shop/src/shop/model/full.py", "x = 1\n" * 300)
    assert sizes.look(tree) == []
    plant(tree, "services/shop/src/shop/model/long.py", "def too_long():\n" + body * 40)
    plant(tree, "services/shop/src/shop/model/full.py", "x = 1\n")
    assert [line.split(" has ")[1] for line in sizes.look(tree)] == ["301 lines, at most 300: split it by meaning", "41 lines, at most 40"]


def test_a_second_head_is_red(tree: Tree) -> None:
    for number in ("0002_a", "0002_b"):
        text = f'"""Why."""\n\nrevision = "{number}"\ndown_revision = "0001_initial"\n'
        plant(tree, f"services/shop/src/shop/migrations/{number}.py", text)
    assert migrations.look(tree) == ["shop has 2 heads of its migrations: 0002_a, 0002_b"]


def test_a_migration_called_otherwise_than_its_revision_is_red(tree: Tree) -> None:
    plant(tree, "services/shop/src/shop/migrations/0002_b.py", '"""Why."""\n\nrevision = "0002_c"\ndown_revision = "0001_initial"\n')
    assert "holds revision '0002_c'" in migrations.look(tree)[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x-audience": "everybody"}, "has no x-audience"),
        ({"x-classification": None}, "has no x-classification"),
        ({"x-heard-by": None}, "has no list x-heard-by"),
        ({"additionalProperties": True}, "is open at its root"),
        ({"properties": {"permit_id": {"type": "string"}}}, "does not describe permit_id"),
        ({"properties": {"permit_id": {"type": "integer", "description": "The permit."}}}, "does not fit its example"),
        ({"x-personal": ["payer.name"]}, "is public and lists personal fields"),
        ({"x-audience": "internal", "x-personal": ["payer.name"]}, "lists payer.name in x-personal, which it has not"),
    ],
)
def test_a_contract_that_leaves_something_open_is_red(tree: Tree, change: dict[str, Any], words: str) -> None:
    write_contract(tree.root, {**SCHEMA, **change})
    assert words in " ".join(contracts.look(tree))


@pytest.mark.parametrize("name", ["nik", "applicant_name", "home_address", "payer_sub", "phone", "birth_date"])
def test_a_person_in_a_public_contract_is_red(tree: Tree, name: str) -> None:
    write_contract(tree.root, {**SCHEMA, "properties": {**SCHEMA["properties"], name: {"type": "string", "description": "Whose."}}})
    assert f"is public and has {name}" in contracts.look(tree)[0]


def test_a_contract_without_an_example_is_red(tree: Tree) -> None:
    (tree.root / "shared/contracts/shop/sale.made.v1.example.json").unlink()
    assert contracts.look(tree) == ["shared/contracts/shop/sale.made.v1.json has no example sale.made.v1.example.json"]


def test_a_code_without_words_is_red(tree: Tree) -> None:
    plant(tree, "services/shop/src/shop/model/sale.py", 'raise RuleBroken("too-late")\nraise RuleBroken("not-found")\n')
    assert messages.look(tree) == []
    plant(tree, "services/shop/src/shop/model/sale.py", 'raise RuleBroken("too-soon", status="x")\n')
    assert messages.look(tree) == [
        f"services/shop/src/shop/model/sale.py:3: too-soon has no words in {language}.yaml" for language in ("id", "en")
    ]


def test_words_in_one_language_alone_are_red(tree: Tree) -> None:
    write(tree.root, "services/shop/src/shop/messages/en.yaml", "problems: {too-late: {title: x}}\nlabels: {shop: Shop}\n")
    assert messages.look(tree) == ["shop: labels.shop stands in en.yaml and not in id.yaml"]


@pytest.mark.parametrize("strange", ["src/shop/models/x.py", "src/shop/utils.py", "tests/integration/test_x.py"])
def test_a_room_with_another_name_is_red(tree: Tree, strange: str) -> None:
    plant(tree, f"services/shop/{strange}", "")
    assert len(rooms.look(tree)) == 1


def test_a_service_without_its_page_is_red(tree: Tree) -> None:
    (tree.root / "services/shop/README.md").unlink()
    assert rooms.look(tree) == ["services/shop has no README.md"]


@pytest.mark.parametrize(
    "text",
    ["see /" "home/somebody/notes", "cd /" "work/place", "--index-" "url https://example.org", "x = 'https://files.python" "hosted.org/a'",
     "-----BEGIN PRIVATE" " KEY-----"],
)  # fmt: skip
def test_what_belongs_to_one_machine_is_red(tree: Tree, text: str) -> None:
    plant(tree, "docs/notes.md", f"first line\n{text}\n")
    assert hygiene.look(tree)[0].startswith("docs/notes.md:2 holds ")


def test_a_lock_that_names_hosts_is_red(tree: Tree) -> None:
    plant(tree, "uv.lock", "")
    assert "names registry hosts" in hygiene.look(tree)[0]


def test_bad_format_lint_and_types_are_red(tree: Tree) -> None:
    plant(tree, "services/shop/src/shop/model/sale.py", "import os\nx   = 1\n\n\ndef price() -> int:\n    return 'much'\n")
    assert any("reformatted" in line for line in style.look(tree))
    assert any("F401" in line for line in style.look(tree))
    assert any("Incompatible return value" in line for line in typing_holds.look(tree))


SERVICE = """
from smartcity.http import Blueprint
from smartcity.http.policy import anyone
from smartcity.service import Service
shops = Blueprint("shops")
@shops.get("/shops")
def list_shops():
    return ""
SERVICE = Service(name="shop", package="shop", title="Shop", apis=(shops,), policy={"list_shops": [anyone]})
"""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("", ""), None),
        (("SERVICE =", "import kombu\nSERVICE ="), "shop: web loads kombu"),
        (('policy={"list_shops": [anyone]}', "policy={}"), "list_shops"),
        (('"list_shops":', '"close_shops": [anyone], "list_shops":'), "close_shops"),
        (("list_shops", "list_stalls"), "shop: web has no example of list_stalls"),
    ],
)
def test_a_heavy_web_or_a_hole_in_policy_or_examples_is_red(tree: Tree, change: tuple[str, str], words: str | None) -> None:
    here = Path(__file__).resolve().parents[2]
    for name in ("shared", "deploy"):
        if (tree.root / name).exists():
            (tree.root / name).rename(tree.root / f"{name}.toy")
        (tree.root / name).symlink_to(here / name)
    (tree.root / "services/bank/pyproject.toml").unlink()
    write(tree.root, "services/shop/src/shop/service.py", SERVICE.replace(*change) if change[0] else SERVICE)
    shown = {"list_shops": {"status": 200}, "show_my_cases": {"status": 200}, "show_who_saw_my_data": {"status": 200}}
    write(tree.root, "services/shop/src/shop/api/examples.json", json.dumps(shown))
    complaints = light_web.look(tree)
    assert complaints == [] if words is None else words in complaints[0]


def test_a_stale_or_orphaned_document_of_an_event_is_red(tree: Tree) -> None:
    for path, text in event_documents.documents().items():
        write(tree.root, str(path), text)
    assert event_documents.look(tree) == []
    plant(tree, "docs/events/licensing.md", "And a word by hand.\n")
    plant(tree, "docs/events/nobody.md", "# Events told by nobody\n")
    assert [line.split(" is ")[0] for line in event_documents.look(tree)] == ["docs/events/licensing.md", "docs/events/nobody.md"]


def test_a_stale_or_orphaned_document_of_a_policy_is_red(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy_documents, "documents", lambda _: {policy_documents.FOLDER / "shop.md": "# Who may\n"})
    write(tree.root, "docs/policy/shop.md", "# Who may\n")
    assert policy_documents.look(tree) == []
    plant(tree, "docs/policy/shop.md", "And a word by hand.\n")
    plant(tree, "docs/policy/nobody.md", "# Who may\n")
    assert [line.split(" is ")[0] for line in policy_documents.look(tree)] == ["docs/policy/nobody.md", "docs/policy/shop.md"]


@pytest.fixture
def with_states(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """The model of the shop has two states, and its page their diagram."""
    write(tree.root, "services/shop/src/shop/model/sale_status.py", 'TRANSITIONS = {"offered": {"sold": "paid", "kept": ""}, "sold": {}}\n')
    write(tree.root, "services/shop/README.md", "# shop\n\n<!-- states: sale_status.TRANSITIONS -->\n<!-- end -->\n\nAnd so on.\n")
    monkeypatch.syspath_prepend(str(tree.root / "services/shop/src"))
    for name in ("shop", "shop.model", "shop.model.sale_status"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    shop = next(room for room in tree.services if room.name == "shop")
    write(tree.root, "services/shop/README.md", state_diagrams.drawn(shop))
    return tree


def test_a_state_diagram_is_drawn_from_the_table_of_the_model(with_states: Tree) -> None:
    drawn = "stateDiagram-v2\n    [*] --> offered\n    offered --> sold: paid\n    offered --> kept\n```\n<!-- end -->\n\nAnd so on.\n"
    assert (with_states.root / "services/shop/README.md").read_text().endswith(drawn)
    assert state_diagrams.look(with_states) == []


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("offered --> sold: paid", "offered --> sold: given", "is not current"),
        ("    offered --> kept\n", "", "is not current"),
        ("sale_status.TRANSITIONS", "sale_status.WAYS", "has no diagram of sale_status.TRANSITIONS"),
        ("<!-- end -->", "", "has no diagram of sale_status.TRANSITIONS"),
        ("And so on.", "<!-- states: gift_status.TRANSITIONS -->\n<!-- end -->", "shows gift_status.TRANSITIONS, which the model has not"),
    ],
)
def test_a_state_diagram_that_is_not_its_models_is_red(with_states: Tree, written: str, instead: str, words: str) -> None:
    page = with_states.root / "services/shop/README.md"
    page.write_text(page.read_text().replace(written, instead))
    assert words in state_diagrams.look(with_states)[0]


def test_a_glossary_out_of_order_is_red(tree: Tree) -> None:
    head = "| English | Indonesian | where |\n| --- | --- | --- |\n"
    write(tree.root, "docs/glossary.md", head + "| bill | SKRD | law |\n| permit | izin | law |\n")
    assert glossary.look(tree) == []
    plant(tree, "docs/glossary.md", "| area | luas |\n")
    assert len(glossary.look(tree)) == 2
