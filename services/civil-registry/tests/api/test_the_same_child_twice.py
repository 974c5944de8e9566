"""One child, one certificate; twins are told apart."""

import threading
from typing import Any

CLASH = (409, "/problems/child-already-filed")


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json.get("type", "")


def test_a_child_that_was_filed_is_not_filed_again_however_its_name_is_written(desk: Any, birth: Any) -> None:
    desk.brought_to("submission")
    again = birth(child={"name": "NUR  AISYAH-SIREGAR", "birth_place_kind": "home"}, father={"name": "Orang Lain"})
    assert said(desk.post(again)) == CLASH
    assert said(desk.post(again, "siti")) == CLASH
    assert desk.post(birth(child={"name": "Nur Aisyah Lubis"})).status_code == 201
    assert desk.post(birth(child={"born_on": "2024-02-05"})).status_code == 201
    assert desk.post(birth(mother={"nik": "1271014502900009"})).status_code == 201


def test_a_draft_of_the_same_child_hinders_nobody_until_one_is_handed_in(desk: Any) -> None:
    first, second = desk.filed(), desk.filed()
    assert desk.step(first, "submission").status_code == 200
    assert said(desk.step(second, "submission")) == CLASH


def test_a_twin_of_the_same_name_is_told_apart_by_the_order_of_birth(desk: Any, birth: Any) -> None:
    desk.brought_to("signature", child={"twin_order": 1})
    assert said(desk.post(birth())) == CLASH
    assert said(desk.post(birth(child={"twin_order": 1}))) == CLASH
    ident = desk.brought_to("signature", child={"twin_order": 2})
    assert desk.show(ident)["child"]["twin_order"] == 2


def test_a_change_does_not_make_another_child_of_it(desk: Any) -> None:
    desk.brought_to("submission")
    other = desk.open(child={"name": "Nama Lain"})
    assert said(desk.change(other, {"child": {"name": "nur aisyah siregar"}})) == CLASH


def test_the_same_child_handed_in_twice_at_the_same_moment_is_handed_in_once(desk: Any, app: Any) -> None:
    idents = [desk.filed() for _ in range(4)]
    start, answers = threading.Barrier(4), []

    def hand_in(ident: str) -> None:
        headers = {**desk.citizen(), **desk.key()}
        start.wait(10)
        answers.append(said(app.test_client().post(f"/v1/birth-registrations/{ident}/submission", headers=headers)))

    threads = [threading.Thread(target=hand_in, args=(ident,)) for ident in idents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409]
    assert {problem for status, problem in answers if status == 409} == {CLASH[1]}
