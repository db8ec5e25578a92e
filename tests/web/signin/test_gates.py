"""Nobody comes to a page who is idle, has shown no second factor, or must show it again; and nothing they typed is lost."""

from __future__ import annotations

from django.test import Client as HttpClient
from web.cast import Cast, sign_in


def test_signed_in(cast: Cast, client: HttpClient) -> None:
    sign_in(client, cast.cleo)
    assert client.get("/account/").status_code == 200
