"""The library at work on an import's files: a mapping proposed, a mapping run. Nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from casearc.errors import CasearcError, Fault, UsageError
from casearc.files.importing import Imported, import_files
from casearc.files.proposal import FeedDraft, Proposal, propose
from casearc.progress import Progress, quiet
from casearc.tables import Tables
from casearc_web.imports.holding import Parts, laid, stored
from casearc_web.imports.models import Import

_ITEM = re.compile(r"(.+)_\d+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the mapping made of the files: checked tables, and who people are, for the vault."""

    tables: Tables
    identities: pl.DataFrame
    scored: dict[str, int]
    compared: list[dict[str, object]]


def proposed(files: Iterable[tuple[str, Parts]], *, progress: Progress = quiet) -> Proposal:
    """A mapping for the files.

    Raises
    ------
    CasearcError
        They cannot be read, or nothing in them can become a table.
    """
    with laid(files) as folder:
        proposal = propose(sorted(folder.iterdir()), progress=progress)
    if not proposal.text:
        raise UsageError(_("Nothing in these files can become a table. Give the exports that hold rows of people."))
    return proposal


def read(batch: Import, *, progress: Progress = quiet) -> Read:
    """Run the import's mapping on its files.

    Raises
    ------
    CasearcError
        With every fault of the files or the mapping.
    """
    if not batch.files.exists():
        gone = Fault(problem=_("The files are gone: they are kept for seven days."), remedy=_("Upload them again."))
        raise UsageError(_("The files were not read."), faults=[gone])
    with laid(stored(batch)) as folder:
        mapping = folder.parent / "mapping.toml"
        mapping.write_text(batch.mapping, encoding="utf-8")
        imported = import_files(mapping, folder, with_identities=True, with_future=True, progress=progress)
    return _read(imported)


def _read(imported: Imported) -> Read:
    identities = imported.identities
    if identities is None:
        identities = imported.tables.participants.select("participant_id")
    return Read(
        tables=imported.tables,
        identities=identities,
        scored=dict(imported.scored),
        compared=[{"score": one.score, "agree": one.agree, "compared": one.compared} for one in imported.agreements],
    )


def told(proposal: Proposal) -> dict[str, object]:
    """What is kept of a proposal beside its text: why each column was taken, what is left, what else is to be known."""
    return {"feeds": [_told_feed(feed) for feed in proposal.feeds], **proposal.around()}


def _told_feed(feed: FeedDraft) -> dict[str, object]:
    """Items are told once an instrument."""
    columns, seen = [], set()
    for name, reason in feed.reasons.items():
        item = _ITEM.match(name) if feed.table == "responses" else None
        said = item.group(1) if item else name
        if said not in seen:
            seen.add(said)
            source = "" if item else feed.columns.get(name, "")
            columns.append({"column": said, "source": source, "said": reason.said, "sure": str(reason.confidence)})
    return {"table": feed.table, "file": feed.file.replace("#", ", "), "columns": columns}


def as_fault(refused: CasearcError) -> Fault:
    """An error that lists no faults, as one."""
    return Fault(problem=refused.message)
