/* Quick exit. The link works without this script; with it the page is hidden at once, the entry in the history is
   replaced, and pressing Shift three times within five seconds does the same as the link. */
"use strict";
(() => {
  const link = document.getElementById("leave");
  if (!link) return;
  const status = document.getElementById("leave-status");
  const NEEDED = 3, WITHIN = 5000;
  let presses = [];
  let held = false;

  function leave() {
    document.documentElement.classList.add("leaving");
    document.title = link.dataset.leaving;
    window.dispatchEvent(new Event("casearc:leaving"));
    window.location.replace(link.href);
  }

  function forget() {
    presses = [];
    status.textContent = "";
    delete link.dataset.count;
  }

  function pressed(now) {
    presses = presses.filter((time) => now - time < WITHIN).concat(now);
    if (presses.length >= NEEDED) return leave();
    const still = NEEDED - presses.length;
    link.dataset.count = still;
    status.textContent = link.dataset.still.replace("{n}", still);
    window.setTimeout(() => { if (presses[presses.length - 1] === now) forget(); }, WITHIN);
  }

  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift") { if (!event.repeat) held = true; } else { held = false; forget(); }
  });
  // Counted when let go, and only when nothing was typed with it: capital letters never leave a page.
  document.addEventListener("keyup", (event) => {
    if (event.key === "Shift" && held) { held = false; pressed(Date.now()); }
  });
  // A browser that keeps the page in memory must not show it again after "back".
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && document.documentElement.classList.contains("leaving")) window.location.reload();
  });
})();
