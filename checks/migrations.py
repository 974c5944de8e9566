"""Each service's migrations are one line of descent, and a file is called as its revision."""

import ast

from checks.tree import Room, Tree, parsed


def look(tree: Tree) -> list[str]:
    """More than one head, a revision whose parent is not there, a file with another name than its revision."""
    return [line for room in tree.services for line in _of(tree, room)]


def _of(tree: Tree, room: Room) -> list[str]:
    files = [file for file in sorted((room.source / "migrations").glob("*.py")) if file.name != "__init__.py"]
    wrong, parents = [], dict[str, str | None]()
    for file, module in parsed(files):
        revision, parent = _said(module, "revision"), _said(module, "down_revision")
        if revision != file.stem:
            wrong.append(f"{tree.named(file)} holds revision {revision!r}: file name and revision are one")
        if not ast.get_docstring(module):
            wrong.append(f"{tree.named(file)} does not say why it is there: give it a docstring")
        parents[revision or file.stem] = parent
    wrong += [
        f"{room.name}: {name} comes after {parent}, which is not there"
        for name, parent in parents.items()
        if parent and parent not in parents
    ]
    heads = sorted(set(parents) - set(parents.values()))
    if len(heads) > 1:
        wrong.append(f"{room.name} has {len(heads)} heads of its migrations: {', '.join(heads)}")
    return wrong


def _said(module: ast.Module, name: str) -> str | None:
    """The value of `name = "…"`, also in `revision, down_revision = "…", None` and with an annotation."""
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for target in targets:
            pairs = (
                zip(target.elts, value.elts, strict=False)
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
                else [(target, value)]
            )
            for one, its in pairs:
                if isinstance(one, ast.Name) and one.id == name and isinstance(its, ast.Constant):
                    return its.value if isinstance(its.value, str) else None
    return None
