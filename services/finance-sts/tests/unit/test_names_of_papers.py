"""Whoever scans the code of a paper reads its name and how it stands, never a code."""

import pytest

from finance_sts.service import SERVICE
from smartcity.http.languages import LANGUAGES, Messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_has_its_name_in_both_languages(language: str) -> None:
    names = {kind.kind: Messages([SERVICE.package]).label(f"document.kind.{kind.kind}", language) for kind in SERVICE.documents}
    assert names and not [kind for kind, name in names.items() if name.startswith("document.kind.")]
