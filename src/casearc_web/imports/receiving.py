"""Files on their way from a browser: held in memory piece by piece, and by no page but the one that asks for them.

Django's own way would lay larger files unsealed onto the disk. Before anybody is known to send them, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

from casearc_web.access.roles import Reach, reach_of
from casearc_web.access.verbs import Verb
from casearc_web.signin.factors import has_come_in

MOST_BYTES = 200_000_000
"""All files of one import together."""
PART_BYTES = 256 * 1024
PAGE = "imports:new"
"""The only page that takes files."""
TOO_LARGE = "files_are_too_large"
"""Set on a request whose files were not taken because they are more than `MOST_BYTES`."""


class Received(UploadedFile):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A file in pieces."""

    def __init__(self, name: str, parts: list[bytes]) -> None:
        super().__init__(file=None, name=name, size=sum(map(len, parts)))
        self.parts = parts


class Receiver(FileUploadHandler):
    """Takes files for the page of a new import, from somebody signed in who may import; passes all others over."""

    chunk_size = PART_BYTES

    def handle_raw_input(
        self, input_data: Any, META: Mapping[str, Any], content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Decide before the first byte."""
        self.is_welcome = self._is_welcome()
        self.total = 0
        if content_length > MOST_BYTES:
            setattr(self.request, TOO_LARGE, True)
            self.is_welcome = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        if not self.is_welcome:
            raise SkipFile
        self.parts: list[bytes] = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece."""
        self.total += len(raw_data)
        if self.total > MOST_BYTES:  # told less than came
            raise StopUpload(connection_reset=True)
        self.parts.append(bytes(raw_data))

    def file_complete(self, file_size: int) -> Received:
        """The file as the form sees it."""
        return Received(self.file_name or "", self.parts)

    def _is_welcome(self) -> bool:
        request: Any = self.request
        match, user = getattr(request, "resolver_match", None), getattr(request, "user", None)
        if match is None or match.view_name != PAGE or user is None or not user.is_authenticated:
            return False
        if not has_come_in(request.session, user):
            return False
        return reach_of(user.role, Verb.IMPORT_RECORDS) > Reach.NOBODY
