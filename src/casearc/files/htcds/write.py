"""Write a profile of HTCDS 2.0: what the contract's tables can answer, and nothing that tells who somebody is."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from casearc.files.htcds.codes import CLOSED, OPEN, PAIRS, REFERRED, REFERRED_REASONS, STATUS_FIELD, CodePair


def write_htcds(participants: pl.DataFrame, enrollments: pl.DataFrame, path: Path) -> tuple[str, ...]:
    """Write participants and their enrollments as a CSV file in the spelling of HTCDS 2.0.

    The file has one row an enrollment, and one for each participant without any. It holds the fields that the tables
    answer with codes of the standard: trafficking status, gender, first language, education, kinds of exploitation, and
    whether the work goes on. Names, birth dates, addresses and the pseudonyms are never in it, nor are fields that
    would have to be made up.

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
        What could not be said in the standard's codes, by column, and with how many cells.

    Examples
    --------
    >>> import polars as pl
    >>> from pathlib import Path
    >>> people = pl.DataFrame({"participant_id": ["P1"], "gender": ["girl"], "trafficking_status": ["confirmed"]})
    >>> stays = pl.DataFrame({"enrollment_id": ["E1"], "participant_id": ["P1"], "exit_day": [90]})
    >>> write_htcds(people, stays, Path("htcds.csv"))  # doctest: +SKIP
    ()
    """
    notes = []
    columns = []
    joined = participants.join(_status(enrollments), on="participant_id", how="left", maintain_order="left")
    for pair in PAIRS:
        if pair.column in joined.columns:
            columns.append(_recoded(pair).alias(pair.field))
            notes += _lost(pair, joined)
    written = joined.select(*columns, STATUS_FIELD)
    written.write_csv(path)
    alone = joined[STATUS_FIELD].null_count()
    if alone:
        notes.append(f"{alone:,} participants have no enrollment; their {STATUS_FIELD} is empty.")
    return tuple(notes)


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
    return enrollments.select("participant_id", status.alias(STATUS_FIELD))


def _recoded(pair: CodePair) -> pl.Expr:
    cell = pl.col(pair.column).str.to_lowercase()
    if not pair.several:
        return cell.replace_strict(dict(pair.to_field), default=None, return_dtype=pl.String)
    code = pl.element().replace_strict(dict(pair.to_field), default=None, return_dtype=pl.String)
    codes = cell.str.split(";").list.eval(code.drop_nulls().unique(maintain_order=True)).list.join(";")
    return pl.when(codes != "").then(codes)


def _lost(pair: CodePair, joined: pl.DataFrame) -> list[str]:
    """What the standard has no code for, counted and not named."""
    cells = pl.col(pair.column).str.to_lowercase()
    codes = joined.select(cells.str.split(";").explode() if pair.several else cells)[:, 0].drop_nulls()
    lost = int((~codes.is_in(list(pair.to_field))).sum())
    if not lost:
        return []
    return [f"{pair.field}: {lost:,} entries of {pair.column} have no code in the standard that means the same."]
