"""Write a profile of HTCDS 2.0: what the contract's tables can answer, and nothing that tells who somebody is.

The standard has no field for a pseudonym: its ``prs_IdentityNumber`` is that of a document. The ids of the tables stand
beside its fields under Casearc's own names, so that rows of one person can be told and read back.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from casearc.files.htcds.codes import CLOSED, OPEN, PAIRS, REFERRED, REFERRED_REASONS, STATUS_FIELD, CodePair
from casearc.language import say

_PERSON, _STAY = "participant_id", "enrollment_id"
_CARRIED = (_PERSON, _STAY, *(pair.column for pair in PAIRS))


def write_htcds(participants: pl.DataFrame, enrollments: pl.DataFrame, path: Path) -> tuple[str, ...]:
    """Write participants and their enrollments as a CSV file in the spelling of HTCDS 2.0.

    The file has one row an enrollment, and one for each participant without any: ``participant_id`` and
    ``enrollment_id``, which are Casearc's and no fields of the standard, and the fields that the tables answer with its
    codes: trafficking status, gender, first language, education, kinds of exploitation, and whether the work goes on.
    Names, birth dates and addresses are never in it, nor are fields that would have to be made up.

    HTCDS is the International Organization for Migration's, under CC BY 4.0 with its added terms. Name it and say that
    IOM does not endorse the file; do not use its logo.

    Parameters
    ----------
    participants, enrollments
        The contract's tables.
    path
        Where to; a file that is there is replaced.

    Returns
    -------
    tuple of str
        What could not be said in the standard's codes, or comes back from them otherwise, by column and with how many
        cells; and columns that it has no field for.

    Examples
    --------
    >>> import polars as pl
    >>> from pathlib import Path
    >>> people = pl.DataFrame({"participant_id": ["P1"], "gender": ["girl"], "trafficking_status": ["confirmed"]})
    >>> stays = pl.DataFrame({"enrollment_id": ["E1"], "participant_id": ["P1"], "exit_day": [90]})
    >>> write_htcds(people, stays, Path("htcds.csv"))  # doctest: +SKIP
    ()
    """
    joined = participants.join(_status(enrollments), on=_PERSON, how="left", maintain_order="left")
    joined.select(_PERSON, _STAY, *(_field(pair, joined) for pair in PAIRS), STATUS_FIELD).write_csv(path)
    notes = [note for pair in PAIRS if pair.column in participants.columns for note in _lost(pair, participants)]
    alone = joined[STATUS_FIELD].null_count()
    if alone:
        notes.append(
            say(
                "{alone} participants have no enrollment; their {field} is empty.",
                alone=f"{alone:,}",
                field=STATUS_FIELD,
            )
        )
    return (*notes, *_not_carried("participants", participants), *_not_carried("enrollments", enrollments))


def _field(pair: CodePair, joined: pl.DataFrame) -> pl.Expr:
    """The field of every row; empty where the tables do not have its column."""
    if pair.column in joined.columns:
        return _recoded(pair).alias(pair.field)
    return pl.lit(None, dtype=pl.String).alias(pair.field)


def _status(enrollments: pl.DataFrame) -> pl.DataFrame:
    left = pl.col("exit_day").is_not_null() if "exit_day" in enrollments.columns else pl.lit(value=False)
    reason = pl.col("exit_reason") if "exit_reason" in enrollments.columns else pl.lit(None, dtype=pl.String)
    status = (
        pl.when(~left)
        .then(pl.lit(OPEN))
        .when(reason.str.to_lowercase().is_in(list(REFERRED_REASONS)).fill_null(value=False))
        .then(pl.lit(REFERRED))
        .otherwise(pl.lit(CLOSED))
    )
    return enrollments.select(_PERSON, _STAY, status.alias(STATUS_FIELD))


def _recoded(pair: CodePair) -> pl.Expr:
    cell = pl.col(pair.column).str.to_lowercase()
    if not pair.several:
        return cell.replace_strict(dict(pair.to_field), default=None, return_dtype=pl.String)
    code = pl.element().replace_strict(dict(pair.to_field), default=None, return_dtype=pl.String)
    codes = cell.str.split(";").list.eval(code.drop_nulls().unique(maintain_order=True)).list.join(";")
    return pl.when(codes != "").then(codes)


def _lost(pair: CodePair, people: pl.DataFrame) -> list[str]:
    """What the standard has no code for, and what comes back from its code otherwise: counted and not named."""
    cells = pl.col(pair.column)
    codes = people.select(cells.str.split(";").explode() if pair.several else cells)[:, 0].drop_nulls()
    known = codes.filter(codes.str.to_lowercase().is_in(list(pair.to_field)))
    told = {"field": pair.field, "column": pair.column}
    notes = []
    if len(known) < len(codes):
        lost = f"{len(codes) - len(known):,}"
        notes.append(
            say(
                "{field}: {lost} entries of {column} have no code in the standard that means the same.",
                **told,
                lost=lost,
            )
        )
    back = known.str.to_lowercase().replace_strict(
        {code: pair.to_column.get(field) for code, field in pair.to_field.items()}, return_dtype=pl.String
    )
    other = int(known.ne_missing(back).sum())
    if other:
        notes.append(
            say(
                "{field}: {other} entries of {column} share a code of the standard with another word, and are read "
                "back as that one.",
                **told,
                other=f"{other:,}",
            )
        )
    return notes


def _not_carried(table: str, frame: pl.DataFrame) -> tuple[str, ...]:
    """Columns with something in them that the standard has no field for."""
    names = [name for name in frame.columns if name not in _CARRIED and frame[name].null_count() < frame.height]
    if not names:
        return ()
    return (
        say(
            "The standard has no field for these columns of {table}, and the file does not hold them: {names}.",
            table=table,
            names=", ".join(names),
        ),
    )
