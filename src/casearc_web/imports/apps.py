"""The app's name, its menu entry, and what it says about access and keeping."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """Named so that its tables start with `imports_`."""

    name = "casearc_web.imports"
    label = "imports"

    def ready(self) -> None:
        """Imports are the agency's own: they are reached by verb, a director's by program as well."""
        from casearc_web.access.navigation import Entry, add  # noqa: PLC0415 - models are there only now
        from casearc_web.access.registry import register  # noqa: PLC0415
        from casearc_web.access.verbs import Verb  # noqa: PLC0415
        from casearc_web.imports.models import (  # noqa: PLC0415
            DigestSecret,
            FilePart,
            Import,
            ImportedRow,
            ImportFile,
            ImportWork,
        )
        from casearc_web.retention.expiring import let_expire  # noqa: PLC0415

        for model in (Import, ImportWork, ImportFile, FilePart, ImportedRow, DigestSecret):
            register(model)
        let_expire(ImportFile)
        add(Entry(label=_("Imports"), route="imports:imports", verb=Verb.IMPORT_RECORDS, order=77))
