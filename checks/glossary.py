"""The glossary: three cells a row, sorted by the English term, none twice."""

from itertools import pairwise

from checks.tree import Tree

FILE = "docs/glossary.md"


def look(tree: Tree) -> list[str]:
    """Rows out of order, doubled, or with a cell missing."""
    rows = [line.strip("| \n").split(" | ") for line in (tree.root / FILE).read_text().splitlines() if line.startswith("| ")][2:]
    terms = [row[0].lower() for row in rows]
    broken = [f"{FILE}: {row[0]!r} has {len(row)} cells, not 3" for row in rows if len(row) != 3]
    unsorted = [f"{FILE}: {later!r} stands after {before!r}" for before, later in pairwise(terms) if later <= before]
    return [*broken, *unsorted]
