"""What goes wrong while fetching, in Casearc's tree of errors."""

from __future__ import annotations

from casearc.errors import DataRefusedError


class SourcesError(DataRefusedError):
    """The file that names the sources, or a file with a secret, cannot be used as it is."""


class FetchError(DataRefusedError):
    """A source could not be fetched whole; nothing was written."""
