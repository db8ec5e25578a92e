"""Logs that hold nobody's data: which kind of error, and where in our code; never its message, arguments or path."""

from __future__ import annotations

import logging
import traceback

_SAFE_ARGUMENTS = (int, float, bool)


class Formatter(logging.Formatter):
    """Writes time, level, logger and, for an exception, its kind and the lines of code. Text arguments are left out."""

    def format(self, record: logging.LogRecord) -> str:
        """One line a record, and one a frame of an exception."""
        said = f"{self.formatTime(record)} {record.levelname} {record.name}: {self._message(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            said += "".join(self._frames(record.exc_info[1]))
        return said

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        status = getattr(record, "status_code", None)
        if isinstance(record.args, tuple) and record.args:
            kept = tuple(arg if isinstance(arg, _SAFE_ARGUMENTS) else "…" for arg in record.args)
            try:
                return str(record.msg) % kept
            except (TypeError, ValueError):
                pass
        return f"{record.name.rpartition('.')[2]} {status or ''}".strip() if record.args else _bare(record)

    @staticmethod
    def _frames(error: BaseException) -> list[str]:
        frames = traceback.extract_tb(error.__traceback__)
        said = [f"\n    {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return [f"\n  {type(error).__name__}", *said]


def _bare(record: logging.LogRecord) -> str:
    """A message without arguments is ours or a library's constant; an f-string of somebody else's is not told from
    it, so only ours pass.
    """
    return str(record.msg) if record.name.startswith("casearc_web") else "(message withheld)"
