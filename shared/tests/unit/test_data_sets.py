"""A service's open data sets are rows of its own file."""

from pathlib import Path

import pytest

from smartcity.errors import NotFound
from smartcity.http.data_sets import data_set, data_sets


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    home = tmp_path / "office_with_figures" / "data"
    home.mkdir(parents=True)
    (home.parent / "__init__.py").touch()
    (home / "data_sets.yaml").write_text("data_sets:\n  - {code: permits, title: Izin}\n  - {code: revenue, title: Pendapatan}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "office_with_figures"


def test_a_data_set_is_found_by_its_code_and_another_is_not(package: str) -> None:
    assert [known["code"] for known in data_sets(package)] == ["permits", "revenue"]
    assert data_set(package, "revenue")["title"] == "Pendapatan"
    with pytest.raises(NotFound):
        data_set(package, "people")
