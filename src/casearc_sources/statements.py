"""Which SQL is run at all: one SELECT, told by words alone.

This is the second wall. The first is the database itself: a transaction that only reads, and an account with no other
right. No SQL is understood here, so the check is strict instead: a word that could change something is refused
wherever it stands, even as a column's name or within quotation marks.
"""

from __future__ import annotations

import re

_WORDS = (
    *("insert", "update", "delete", "merge", "upsert", "truncate"),
    *("create", "alter", "drop", "rename", "grant", "revoke", "comment"),
    *("call", "exec", "execute", "prepare", "deallocate", "declare", "begin", "commit", "rollback", "savepoint"),
    *("into", "outfile", "dumpfile", "copy", "attach", "detach", "pragma", "vacuum", "reindex", "analyze", "lock"),
    *("load_extension", "load_file", "share", "notify", "listen", "nextval", "setval", "set_config"),
    *("dblink", "dblink_exec", "dblink_connect", "lo_import", "lo_export", "lo_unlink", "xp_cmdshell"),
    *("openrowset", "opendatasource", "openquery", "pg_read_file", "pg_write_file", "pg_terminate_backend"),
)
_REFUSED = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE)
_BEGINS = re.compile(r"^\s*\(*\s*(?:select|with)(?!\w)", re.IGNORECASE)
_MARKS = {
    ";": "a semicolon",
    "--": "a comment (--)",
    "/*": "a comment (/* */)",
    "#": "a number sign",
    "\x00": "a zero byte",
    "\\": "a backslash",
}


def why_refused(statement: str) -> str:
    """Why a statement is not run; empty where it is.

    Parameters
    ----------
    statement
        As the operator wrote it. One semicolon may end it.

    Returns
    -------
    str
        A sentence that names the word or sign; it repeats nothing else of the statement.

    Examples
    --------
    >>> why_refused("select day, minutes from contacts where minutes > 5")
    ''
    >>> why_refused("with gone as (delete from contacts returning *) select * from gone")
    'It has the word delete, which could change something.'
    """
    plain = without_end(statement)
    if not _BEGINS.match(plain):
        return "It does not begin with SELECT or WITH."
    for mark, words in _MARKS.items():
        if mark in plain:
            return f"It has {words}; a query is one statement without comments."
    found = _REFUSED.search(plain)
    return f"It has the word {found[0].lower()}, which could change something." if found else ""


def without_end(statement: str) -> str:
    """The statement without blanks at its ends and the semicolon that may end it."""
    return statement.strip().removesuffix(";").rstrip()
