"""No tracked file names a package index, a path of one machine, or holds a key."""

import re

from checks.tree import Tree

LARGEST = 2_000_000
INDEX = (
    rb"index-[u]rl[ =]",
    rb'"[r]esolved": "',
    rb'[r]egistry = "',
    rb'/[s]imple/?["\s]*$',
    rb"files\.[p]ythonhosted",
    rb"[p]ypi\.[o]rg/[s]imple",
)
"""Spelled so that no pattern finds itself: this file is looked at as any other."""
FORBIDDEN = {
    "a path of one machine": re.compile(rb"(?<![\w.*])/(?:work|farm|root|home/[a-z]+)/[a-z]"),
    "an address of a package index": re.compile(b"|".join(INDEX), re.MULTILINE),
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE" rb" KEY-----"),
}
ELSEWHERE = ("uv.lock", "poetry.lock", "package-lock.json")


def look(tree: Tree) -> list[str]:
    """File, line, and what it names."""
    wrong = [
        f"{tree.named(file)} names registry hosts: the locks with hashes are requirements*.lock"
        for file in tree.files
        if file.name in ELSEWHERE
    ]
    for file in tree.files:
        if file.stat().st_size > LARGEST or file.is_symlink():
            continue
        text = file.read_bytes()
        for what, pattern in FORBIDDEN.items():
            if found := pattern.search(text):
                line = text.count(b"\n", 0, found.start()) + 1
                wrong.append(f"{tree.named(file)}:{line} holds {what}")
    return wrong
