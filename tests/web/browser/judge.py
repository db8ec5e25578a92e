"""What is wrong with a page in Chromium: rules of axe-core, width, and what has the focus behind a bar that sticks.

All rules are tried in light colors; in dark ones those about colors, for nothing else changes.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLORS = ["color-contrast", "link-in-text-block"]

_STANDARDS = {"runOnly": {"type": "tag", "values": STANDARDS}}
_COLORS = {"runOnly": {"type": "rule", "values": COLORS}}
_LOADED = "'axe' in window"
_RUN = """async ([part, options]) => {
    const { violations } = await axe.run(part, { ...options, resultTypes: ["violations"], selectors: false });
    return violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 200)} ${node.failureSummary}`));
}"""
_WHOLE = "() => document.readyState === 'complete' && document.documentElement !== null"
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_HIDDEN_FOCUS = """() => {
    const bars = [...document.querySelectorAll(".save-bar, .draft-now")]
        .filter((bar) => getComputedStyle(bar).position === "sticky");
    const can = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const covered = [];
    for (const one of bars.length ? document.querySelectorAll(can) : []) {
        one.focus();
        const box = one.getBoundingClientRect();
        if (document.activeElement !== one || !box.height) continue;
        for (const bar of bars) {
            const over = bar.getBoundingClientRect();
            if (!bar.contains(one) && box.top >= over.top && box.bottom <= over.bottom) {
                covered.push(one.outerHTML.slice(0, 120));
            }
        }
    }
    document.activeElement?.blur();
    return covered;
}"""


def expect_many(context: BrowserContext) -> None:
    """Has axe come with each page of the context, which is faster than to bring it to page after page."""
    context.add_init_script(AXE_SCRIPT)


def broken_rules(page: Page, *, dark: bool = True) -> list[str]:
    """Rules of axe that the page breaks, with `dark` those about dark colors too.

    The page is made as high as what is on it, so that a bar that sticks lies over nothing.
    """
    size = page.viewport_size or {"width": 360, "height": 740}
    page.wait_for_function(_WHOLE)
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    try:
        return [*_run(page, "light", _STANDARDS), *(_run(page, "dark", _COLORS) if dark else [])]
    finally:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(size)


def broken_structure(page: Page) -> list[str]:
    """Rules of axe that the content of the page breaks, but for those about colors."""
    return _run(page, "light", {**_STANDARDS, "rules": {one: {"enabled": False} for one in COLORS}}, "#main")


def too_wide(page: Page) -> list[str]:
    """Whether one would have to scroll sideways."""
    surplus = page.evaluate(_TOO_WIDE)
    return [f"{surplus} px wider than the screen"] if surplus > 0 else []


def hidden_focus(page: Page) -> list[str]:
    """What can have the focus and then lies whole behind a bar."""
    return [f"has the focus behind a bar: {one}" for one in page.evaluate(_HIDDEN_FOCUS)]


def _run(page: Page, scheme: Any, options: dict[str, Any], part: str = "html") -> list[str]:
    page.emulate_media(color_scheme=scheme)
    if not page.evaluate(_LOADED):
        page.evaluate(AXE_SCRIPT)
    return [f"{scheme}: {one}" for one in page.evaluate(_RUN, [part, options])]
