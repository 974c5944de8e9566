"""The route table, without a process."""

import pytest

from gateway.routes import OF_SERVICE, find


@pytest.mark.parametrize("service, word", [(service, word) for service, words in OF_SERVICE.items() for word in words])
def test_every_word_of_the_table_has_its_service(service: str, word: str) -> None:
    for path in (f"/v1/{word}", f"/v1/{word}/1", f"/v1/{word}/1/withdrawal"):
        route = find(path)
        assert route is not None and (route.service, route.template) == (service, f"/v1/{word}")


@pytest.mark.parametrize(
    "path",
    ["", "/", "/v1", "/v1/", "/v1/permit", "/v2/permits", "/V1/permits", "/v1//permits", "/permits", "/v1/work-queues", "/v1/statistics/gateway",
     "/v1/verify", "/v1/verify/", "/v1/verify/L1/more", "/oauth", "/internal", "/metrics", "/v1/me/cases"],
)  # fmt: skip
def test_what_is_not_in_the_table_has_no_route(path: str) -> None:
    assert find(path) is None
