"""A form whose characters are not whole is refused, however it is sent, and nothing of it is kept."""

import base64

import pytest
from django.test import Client

from components.models import Component, User
from tests.conftest import PASSWORD
from tests.pages.conftest import MODEL_BACKEND

ADDRESS = "/components/new/"
BROKEN = {
    "half of a character": b"steel \xc3",
    "no UTF-8 at all": b"Sto\xdfd\xe4mpfer of steel",
    "a surrogate": b"steel \xed\xa0\x80",
}
ENCODED = b"Content-Transfer-Encoding: base64\r\n"
broken = pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)


def parts(text: bytes, *, name: bytes = b"description", headers: bytes = b"") -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n%s\r\n--x--\r\n' % (name, headers, text)


def send(client: Client, body: bytes, content_type: str = "multipart/form-data; boundary=x"):
    return client.generic("POST", ADDRESS, body, content_type)


def assert_refused(answer) -> None:
    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()
    assert not Component.objects.exists()


@broken
def test_in_several_parts(web: Client, text: bytes) -> None:
    assert_refused(send(web, parts(text)))


@broken
def test_in_several_parts_after_the_check_for_forged_requests(technician: User, champion: object, text: bytes) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(technician, backend=MODEL_BACKEND)
    client.get(ADDRESS)
    proof = parts(client.cookies["csrftoken"].value.encode(), name=b"csrfmiddlewaretoken")

    assert_refused(send(client, proof.removesuffix(b"--x--\r\n") + parts(text)))

    assert send(client, proof.removesuffix(b"--x--\r\n") + parts(b"steel")).status_code == 302


@broken
def test_in_a_part_that_is_encoded_once_more(web: Client, text: bytes) -> None:
    body = parts(base64.b64encode(text), headers=ENCODED)

    assert_refused(send(web, body))


@broken
def test_in_such_a_part_beside_a_whole_sign_of_a_replaced_character(web: Client, text: bytes) -> None:
    whole = parts("a \ufffd".encode(), name=b"external_id").removesuffix(b"--x--\r\n")

    assert_refused(send(web, whole + parts(base64.b64encode(text), headers=ENCODED)))


def test_a_whole_sign_of_a_replaced_character_in_such_a_part_is_kept(web: Client) -> None:
    text = "a \ufffd of steel"

    assert send(web, parts(base64.b64encode(text.encode()), headers=ENCODED)).status_code == 302

    assert Component.objects.get().description == text


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-7", "hex"])
def test_in_another_charset(web: Client, content_type: str, charset: str) -> None:
    body = b"description=steel" if "urlencoded" in content_type else parts(b"steel")

    assert_refused(send(web, body, f"{content_type}; charset={charset}"))


@pytest.mark.parametrize("text", ["Stoßdämpfer 🚗", "a \ufffd as somebody else's program wrote it"])
def test_whole_characters_are_kept_as_they_are(web: Client, text: str) -> None:
    assert send(web, parts(text.encode()), "multipart/form-data; charset=UTF-8; boundary=x").status_code == 302

    assert Component.objects.get().description == text


def test_a_body_that_is_no_form_of_parts_is_refused(web: Client) -> None:
    assert_refused(send(web, b"description=steel", "multipart/form-data"))


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_forged_form_is_refused(technician: User, content_type: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(technician, backend=MODEL_BACKEND)
    body = b"description=steel" if "urlencoded" in content_type else parts(b"steel")

    assert send(client, body, content_type).status_code == 403

    assert not Component.objects.exists()


@pytest.mark.parametrize("address", ["/login/", "/account/password/", "/admin/login/", "/admin/components/user/add/"])
@broken
def test_the_pages_that_come_with_the_framework_refuse_it_too(admin: User, address: str, text: bytes) -> None:
    client = Client()
    if "login" not in address:
        client.force_login(admin, backend=MODEL_BACKEND)
    proof = b"&password=%s&old_password=%s&new_password1=%s" % ((PASSWORD.encode().replace(b" ", b"+"),) * 3)

    answer = client.post(address, b"username=" + text + proof, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()


def test_an_address_of_the_api_says_in_its_own_way_what_it_takes(web: Client) -> None:
    answer = web.post("/api/v1/labels/", b"texts=\xff", content_type="application/x-www-form-urlencoded")

    assert (answer.status_code, answer.json()["type"]) == (415, "/api/problems/unsupported-media-type/")
