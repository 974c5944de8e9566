"""No tracked file names a package index, a path of one machine, or holds a key."""

import re

from checks.tree import Tree

LARGEST = 2_000_000
FORBIDDEN = {
    "a path of one machine": re.compile(rb"(?<![\w.*])/(?:work|farm|root|home/[a-z]+)/[a-z]"),
    "an address of a package index": re.compile(
        rb'index-url[ =]|"resolved": "|registry = "|/simple/?["\s]*$|files\.python[h]osted|pyp[i]\.org/simple', re.MULTILINE
    ),
    "a private key": re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE" rb" KEY-----"),
}
ELSEWHERE = ("uv.lock", "poetry.lock", "package-lock.json")
OURS = ("checks/hygiene.py", "checks/tests/test_what_turns_red.py")


def look(tree: Tree) -> list[str]:
    """File, line, and what it names."""
    wrong = [
        f"{tree.named(file)} names registry hosts: the locks with hashes are requirements*.lock"
        for file in tree.files
        if file.name in ELSEWHERE
    ]
    for file in tree.files:
        if tree.named(file) in OURS or file.stat().st_size > LARGEST or file.is_symlink():
            continue
        text = file.read_bytes()
        for what, pattern in FORBIDDEN.items():
            if found := pattern.search(text):
                line = text.count(b"\n", 0, found.start()) + 1
                wrong.append(f"{tree.named(file)}:{line} holds {what}")
    return wrong
