"""One address asked over HTTP, and no other: no redirect, no proxy of the environment, no unchecked certificate.

What went wrong is told in words of our own. An exception of the library below could carry the request with the token
in it, or what the server said, so none is passed on, not even as a cause.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import requests
import urllib3
from requests.adapters import HTTPAdapter

from casearc.files.limits import LARGEST_FILE, MEGABYTE
from casearc_sources.addresses import origin
from casearc_sources.configuration import RedcapSource
from casearc_sources.errors import FetchError

WAITS = (2.0, 8.0, 30.0)
"""Seconds before each further try."""
_WHOLE = 10
"""A whole answer may take so many times the time that its next bytes may."""
_PIECE = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What one try gave: content, or a problem, and whether another try may go better."""

    content: bytes = b""
    problem: str = ""
    again: bool = False


class Client:
    """Sends forms to one address."""

    def __init__(
        self, source: RedcapSource, *, waits: Sequence[float] = WAITS, wait: Callable[[float], object] = time.sleep
    ) -> None:
        self._source = source
        self._waits = waits
        self._wait = wait
        self._session = requests.Session()
        self._session.trust_env = False  # neither proxies nor certificates nor .netrc of the environment
        self._session.adapters.clear()
        self._session.mount(origin(source.address), HTTPAdapter(max_retries=0))
        self._session.headers["User-Agent"] = "casearc"
        if source.proxy:
            self._session.proxies = {"http": source.proxy, "https": source.proxy}

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *raised: object) -> None:
        self._session.close()

    def ask(self, form: Mapping[str, object]) -> bytes:
        """The body of the answer to a form sent as POST.

        Parameters
        ----------
        form
            What is sent, in the body alone.

        Raises
        ------
        FetchError
            No sound answer came, after a few tries where another try could help.

        Examples
        --------
        >>> Client(source).ask({"token": token, "content": "version"})  # doctest: +SKIP
        b'14.5.5'
        """
        answer = self._once(form)
        for seconds in self._waits:
            if not answer.again:
                break
            self._wait(seconds)
            answer = self._once(form)
        if answer.problem:
            tried = f" (tried {len(self._waits) + 1} times)" if answer.again else ""
            raise FetchError(f"The source {self._source.name} was not fetched{tried}. {answer.problem}")
        return answer.content

    def _once(self, form: Mapping[str, object]) -> _Answer:
        until = time.monotonic() + _WHOLE * self._source.timeout
        try:
            response = self._session.post(
                self._source.address,
                data=form,
                timeout=self._source.timeout,
                allow_redirects=False,
                stream=True,
                verify=True if self._source.certificates is None else str(self._source.certificates),
            )
            with response:
                return _refused(response) or _body(response, until)
        except requests.exceptions.SSLError:
            return _Answer(problem=_CERTIFICATE)
        except requests.exceptions.ProxyError:
            return _Answer(problem="The proxy does not answer. Check proxy in sources.toml.", again=True)
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            return _Answer(problem=_SLOW, again=True)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError):
            return _Answer(problem=_LOST, again=True)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
            return _Answer(problem="The request could not be made. Check address and certificates in sources.toml.")


_CERTIFICATE = (
    "The server's certificate was not accepted, so nothing was sent. Ask who runs the server; if the agency has an "
    "authority of its own, name its file under certificates."
)
_SLOW = "The server did not answer in time. Try at a quieter hour, lower records_at_once, or raise timeout."
_LOST = "The server cannot be reached, or the connection broke off. Check the address and this machine's network."
_ELSEWHERE = (
    "The server answers that the address has moved, and Casearc sends a token to no other place than the one "
    "configured. Ask who runs the server for the new address of its API."
)
_SIGN_IN = (
    "A web page came in place of data: a page to sign in, perhaps, or a notice of works. "
    "Check that the address is that of the API, and that this machine may reach it without signing in."
)
_BY_STATUS = {
    400: "The server refused the request as wrong. Check forms in sources.toml, and whether the project has data.",
    401: "The server refused the token.",
    403: "The server refused the token: it may be wrong, withdrawn, or without the right to export by API.",
    404: "There is nothing at the address. Copy it from REDCap's API page.",
    413: "The server takes no request of this size. Lower records_at_once.",
}


def _refused(response: requests.Response) -> _Answer | None:
    status = response.status_code
    if 300 <= status < 400:
        return _Answer(problem=_ELSEWHERE)
    if status == 429 or status >= 500:
        return _Answer(problem=f"The server has trouble of its own (status {status}). Try later.", again=True)
    if status != 200:
        return _Answer(problem=_BY_STATUS.get(status, f"The server refused the request (status {status})."))
    if "html" in response.headers.get("Content-Type", "").lower():
        return _Answer(problem=_SIGN_IN)
    return None


def _body(response: requests.Response, until: float) -> _Answer:
    """The body, piece by piece, so that neither an endless nor a dripping one holds us."""
    pieces: list[bytes] = []
    size = 0
    while piece := response.raw.read1(_PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST_FILE:
            limit = LARGEST_FILE // MEGABYTE
            return _Answer(problem=f"One answer has more than {limit} MB. Lower records_at_once, or fetch some forms.")
        if time.monotonic() > until:
            return _Answer(problem=_SLOW, again=True)
    return _Answer(content=b"".join(pieces))
