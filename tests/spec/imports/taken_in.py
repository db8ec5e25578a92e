"""The whole way of a file: proposed, its questions answered, run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from casearc.files.importing import Imported, import_files
from casearc.files.proposal import Proposal, propose


def take_in(paths: Sequence[Path], answers: Mapping[str, str] | None = None) -> Imported:
    """Propose a mapping for files and run it, without a change to it.

    `answers` are by question. Every question that is asked must be among them, and no other: what is asked is part of
    what a test promises.
    """
    proposal = propose(paths)
    assert {question.id for question in proposal.questions} == set(answers or {}), asked(proposal)
    mapping = paths[0].parent / "mapping.toml"
    mapping.write_text(proposal.text, encoding="utf-8")
    return import_files(mapping, paths[0].parent, answers=answers)


def asked(proposal: Proposal) -> str:
    """The questions, for the message of a test."""
    return "\n".join(f"{each.id}: {each.asks} {list(each.answers)}" for each in proposal.questions)
