"""Everything that is written can be read: contrast of at least 4.5 (3 for edges and focus), in light and dark."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders

INKS = ("ink", "soft", "accent", "accent-strong", "danger")
TEXT = [(ink, ground) for ground in ("paper", "card", "sunk") for ink in INKS]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-leave", "leave"), ("accent-strong", "wash")]
TEXT += [("ink", "wash"), ("danger", "danger-wash")]
TEXT += [(tone, f"{tone}-wash") for tone in ("info", "success", "warning", "danger")]
TEXT += [("ink", f"{tone}-wash") for tone in ("info", "success", "warning", "danger")]
TEXT += [("accent", f"{tone}-wash") for tone in ("info", "success", "warning", "danger")]
EDGES = [(edge, ground) for ground in ("paper", "card") for edge in ("edge", "focus", "accent", "danger", "leave")]


def sheet() -> str:
    with open(finders.find("shell/casearc.css"), encoding="utf-8") as file:
        return file.read()


def palettes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", sheet(), flags=re.DOTALL)[:2]
    named = [dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block)) for block in (light, dark)]
    return {"light": named[0], "dark": named[0] | named[1]}


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.0)])
def test_contrast_is_enough(scheme, pairs, least):
    colors = palettes()[scheme]
    low = {pair: round(contrast(colors[pair[0]], colors[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in low.items() if ratio < least} == {}


def test_dark_names_every_color_that_light_names():
    colors = palettes()
    light, dark = re.findall(r":root \{(.*?)\}", sheet(), flags=re.DOTALL)[:2]
    assert set(re.findall(r"--([a-z-]+):\s*#", light)) == set(re.findall(r"--([a-z-]+):\s*#", dark))
    assert colors["light"] != colors["dark"]


def test_the_sheet_is_short_and_asks_nobody():
    text = sheet()
    assert len(text.splitlines()) < 500
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"#[0-9a-f]{6}", re.sub(r":root \{.*?\}", "", text, flags=re.DOTALL)), "a color without a name"
