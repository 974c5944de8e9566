"""A function has at most 40 lines, a file at most 300."""

import ast

from checks.tree import Tree, parsed

FUNCTION, FILE = 40, 300


def look(tree: Tree) -> list[str]:
    """What is too long; migrations are as long as their tables."""
    files = [file for file in tree.python if "migrations" not in file.parts]
    long = [
        f"{tree.named(file)} has {lines} lines, at most {FILE}: split it by meaning"
        for file in files
        if (lines := file.read_text().count("\n")) > FILE
    ]
    for file, module in parsed(files):
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (size := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION:
                long.append(f"{tree.named(file)}:{node.lineno} {node.name} has {size} lines, at most {FUNCTION}")
    return long
