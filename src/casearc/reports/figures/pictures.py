"""The same figures as PNG, for Word. typst turns an SVG into dots several times faster than drawing it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from casearc.reports.extras import needs_extra
from casearc.reports.figures.style import WIDTH

DOTS_AN_INCH: Final = 150


def pngs(svgs: Mapping[str, str]) -> dict[str, bytes]:
    """PNG bytes of each SVG, under the same names.

    Raises
    ------
    MissingExtraError
        If typst is not installed.
    """
    if not svgs:
        return {}
    with needs_extra("Drawing a report's figures"):
        import typst  # noqa: PLC0415  optional part
    page = f"#set page(width: {WIDTH}in, height: auto, margin: 0pt)\n"
    pictures = "\n#pagebreak()\n".join(f'#image("{i}.svg", width: 100%)' for i in range(len(svgs)))
    files: Any = {  # a folder in memory; typst's annotations know single files only
        "main": (page + pictures).encode(),
        **{f"{i}.svg": svg.encode() for i, svg in enumerate(svgs.values())},
    }
    made = typst.Compiler(files, ignore_system_fonts=True).compile(format="png", ppi=DOTS_AN_INCH)
    pages = [made] if isinstance(made, bytes) else list(made or ())
    return dict(zip(svgs, pages, strict=True))
