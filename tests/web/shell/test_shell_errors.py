"""Error pages tell nothing about what was asked for, and what was typed is not lost with them."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

MARKER = "zebra-marker"


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"/{MARKER}", 404), ("/bad", 400), ("/forbidden", 403), ("/too-many", 429), ("/closed", 503), ("/breaks", 500)],
)
@pytest.mark.parametrize(("language", "words"), [("en", "Quick exit"), ("es", "Salida rápida")])
def test_an_error_page_is_neutral_in_both_languages(client, db, path, status, language, words):
    client.raise_request_exception = False
    answer = client.get(path, {"name": MARKER}, headers={"Accept-Language": language})
    assert answer.status_code == status
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert f'lang="{language}"' in page
    assert words in page
    title = page[page.index("<title>") : page.index("</title>")]
    assert MARKER not in title
    assert "planted" not in page
    # The address itself stands in the language switch, so that one comes back to it.
    assert MARKER not in page.replace(f'name="next" value="{path}?name={MARKER}"', "")


def test_not_there_and_not_yours_look_the_same(client, db):
    gone, denied = client.get("/nowhere").content, client.get("/forbidden").content
    assert _words(gone) == _words(denied)


def _words(page: bytes) -> str:
    text = page.decode()
    return text[text.index("<h1>") : text.index("</main>")]


def refused(origin: str | None, *, signed_in: bool) -> str:
    client = Client(enforce_csrf_checks=True)
    if signed_in:
        client.force_login(get_user_model().objects.first())
    headers = {"Origin": origin} if origin else {}
    typed = {"note": MARKER, "password": "secret-of-somebody", "csrfmiddlewaretoken": "x" * 64}
    answer = client.post("/contact", typed, headers=headers)
    assert answer.status_code == 403
    return answer.content.decode()


def test_a_form_with_an_aged_token_can_be_sent_again(cast):
    page = refused("http://testserver", signed_in=True)
    assert f'name="note" value="{MARKER}"' in page
    assert "secret-of-somebody" not in page


def test_a_form_from_elsewhere_is_never_offered_for_sending(cast):
    assert MARKER not in refused("http://elsewhere.example", signed_in=True)
    assert MARKER not in refused(None, signed_in=True)
    assert MARKER not in refused("http://testserver", signed_in=False)
