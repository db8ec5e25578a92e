/* Nothing typed is lost: forms with data-draft are kept while somebody types.

   What page, script and server agree on
   - <form data-draft="KEY" data-draft-url="URL"> (the tag {% draft %}); data-draft-bound when the page already shows what was
     sent. <meta name="draft-key"> holds 32 bytes, base64, the same for one staff member at every sign-in; only in memory.
   - POST URL keeps the fields (204), GET URL gives {"fields": [[name, value], …], "saved_at": …} or 204, DELETE URL forgets.
     All carry X-Casearc-Draft: 1; POST and DELETE carry X-CSRFToken. 401 or a redirect means signed out; 410 to a POST means
     that this `submission` has been written already, so the draft is an old one.
   - Three seconds after a change the draft is sent. Without a network it is kept in localStorage, encrypted (AES-GCM), and sent
     when the network is back. A local copy exists only while the server has not acknowledged it; so on restoring it wins.
   - On submit the draft is sent first. Once the server holds it, the browser submits the form as it would without this script.
     Without a network the submit waits, tries again, and happens by itself. The hidden `submission` makes a repeat harmless.
   - The server forgets a draft when the write it belongs to succeeded. Local copies of anybody go after seven days. */
"use strict";
(() => {
  const forms = document.querySelectorAll("form[data-draft]");
  const PAUSE = 3000, BACK_OFF = [1, 2, 4, 8, 16, 30], DAYS = 7, PREFIX = "casearc-draft-";
  const words = document.getElementById("draft-words");
  const say = (name) => (words ? words.dataset[name] : "");
  const token = (form) => form.querySelector("[name=csrfmiddlewaretoken]").value;
  const today = () => Math.floor(Date.now() / 86400000);
  const bytes = (text) => new TextEncoder().encode(text);
  const from64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const to64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));

  // --- the local copy -------------------------------------------------------------------------------------------------
  const meta = document.querySelector("meta[name=draft-key]");
  const raw = meta && window.crypto && crypto.subtle ? from64(meta.content) : null;
  if (meta) meta.remove();
  const secret = raw && crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

  async function nameOf(key) {
    const both = new Uint8Array([...raw, ...bytes(key)]);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", both));
    return PREFIX + Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function keepHere(key, fields) {
    if (!secret) return false;
    try {
      const name = await nameOf(key), iv = crypto.getRandomValues(new Uint8Array(12));
      const how = { name: "AES-GCM", iv, additionalData: bytes(name) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(how, await secret, bytes(JSON.stringify(fields))));
      localStorage.setItem(name, `1.${today()}.${to64(new Uint8Array([...iv, ...sealed]))}`);
      return true;
    } catch { return false; }
  }

  async function keptHere(key) {
    if (!secret) return null;
    try {
      const name = await nameOf(key), kept = localStorage.getItem(name);
      if (!kept) return null;
      const all = from64(kept.split(".")[2]);
      const how = { name: "AES-GCM", iv: all.slice(0, 12), additionalData: bytes(name) };
      const open = await crypto.subtle.decrypt(how, await secret, all.slice(12));
      return JSON.parse(new TextDecoder().decode(open));
    } catch { return null; }
  }

  async function forgetHere(key) {
    if (secret) { try { localStorage.removeItem(await nameOf(key)); } catch { /* storage is switched off */ } }
  }

  function forgetOld() {
    try {
      for (const name of Object.keys(localStorage)) {
        const day = Number((localStorage.getItem(name) || "").split(".")[1]);
        if (name.startsWith(PREFIX) && !(today() - day < DAYS)) localStorage.removeItem(name);
      }
    } catch { /* storage is switched off */ }
  }

  // --- one form -------------------------------------------------------------------------------------------------------
  const skipped = (form, name) =>
    name === "csrfmiddlewaretoken" || form.querySelector(`[type=password][name="${CSS.escape(name)}"]`) !== null;

  function fieldsOf(form) {
    return Array.from(new FormData(form)).filter(([name, value]) => typeof value === "string" && !skipped(form, name));
  }

  function typedOf(form) {
    const hidden = new Set(Array.from(form.querySelectorAll("input[type=hidden]"), (input) => input.name));
    return JSON.stringify(fieldsOf(form).filter(([name]) => !hidden.has(name)));
  }

  function fill(form, fields) {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, (values.get(name) || []).concat(value));
    for (const control of form.elements) {
      if (!control.name || skipped(form, control.name) || ["file", "submit", "button"].includes(control.type)) continue;
      const given = values.get(control.name) || [];
      if (control.type === "radio" || control.type === "checkbox") control.checked = given.includes(control.value);
      else if (control.multiple) for (const option of control.options) option.selected = given.includes(option.value);
      else if (given.length) control.value = given.shift();
      else if (control.type !== "hidden") control.value = "";
    }
  }

  async function ask(form, method, body, extra) {
    const headers = { "X-Casearc-Draft": "1" };
    if (method !== "GET") headers["X-CSRFToken"] = token(form);
    const how = { method, body, headers, redirect: "manual", cache: "no-store", credentials: "same-origin", ...extra };
    const answer = await fetch(form.dataset.draftUrl, how);
    const out = answer.status === 401 || answer.type === "opaqueredirect";
    return { answer, state: out ? "signed-out" : answer.ok ? "kept" : answer.status === 410 ? "written" : "refused" };
  }

  class Draft {
    constructor(form) {
      this.form = form;
      this.key = form.dataset.draft;
      this.sent = typedOf(form);
      this.began = this.sent;
      this.tries = 0;
      this.waiting = null;       // the button of a submit that waits for the network
      this.gone = false;
      const bar = form.querySelector(".save-bar");
      this.before = this.part("div", "draft-before");   // what came back: at the head of the form
      form.before(this.before);
      this.current = this.part("div", "draft-now");     // what is the matter now: in sight while somebody types
      this.line = this.part("p", "draft-status");
      if (bar) bar.before(this.line, this.current); else form.append(this.line, this.current);
    }

    part(tag, name) {
      const made = document.createElement(tag);
      made.className = name;
      if (tag === "div") made.setAttribute("role", "status");
      return made;
    }

    listen() {
      for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.changed());
      this.form.addEventListener("submit", (event) => this.submit(event));
      window.addEventListener("online", () => this.now());
      window.addEventListener("offline", () => this.now());
      for (const kind of ["pagehide", "casearc:leaving"]) window.addEventListener(kind, () => this.last());
      document.addEventListener("visibilitychange", () => { if (document.hidden) this.last(); });
    }

    notice(place, kind, text, button) {
      place.replaceChildren();
      const box = document.createElement("div"), line = document.createElement("p");
      box.className = `notice ${kind}`;
      line.textContent = text;
      box.append(line);
      if (button) box.append(button);
      place.append(box);
    }

    changed() {
      this.soon(PAUSE);
      // While the network is gone tries are far apart; the copy on this device keeps up meanwhile.
      if (this.tries && !this.copying) {
        this.copying = window.setTimeout(() => { this.copying = null; keepHere(this.key, fieldsOf(this.form)); }, 1000);
      }
    }

    soon(pause) {
      if (this.gone || this.timer) return;
      this.timer = window.setTimeout(() => this.now(), pause);
    }

    async now() {
      window.clearTimeout(this.timer);
      this.timer = null;
      const typed = typedOf(this.form);
      if (this.gone || this.busy || (typed === this.sent && this.waiting === null)) return;
      this.busy = true;
      let state = "no-network";
      const body = new URLSearchParams(fieldsOf(this.form));
      try { ({ state } = await ask(this.form, "POST", body)); } catch { /* said below */ }
      this.busy = false;
      await this.after(state, typed);
    }

    async after(state, typed) {
      if (state !== "kept" && state !== "written") {
        const kept = await keepHere(this.key, fieldsOf(this.form));
        this.line.textContent = "";
        if (state === "signed-out") return this.signIn();
        if (state === "refused" && this.waiting !== null) return this.send();
        if (state === "no-network") this.notice(this.current, "warning", say(kept ? "offline" : "offlineOpen"));
        return this.soon(1000 * BACK_OFF[Math.min(this.tries++, BACK_OFF.length - 1)]);
      }
      this.tries = 0;
      if (state === "written" && this.waiting === null) return this.outOfDate(typed);
      if (state === "kept") {
        this.sent = typed;
        await forgetHere(this.key);
        this.line.textContent = say("saved").replace("{time}", new Date().toLocaleTimeString([], { timeStyle: "short" }));
        this.current.replaceChildren();
      }
      if (this.waiting !== null) this.send();
      else if (typedOf(this.form) !== this.sent && state === "kept") this.soon(PAUSE);
    }

    /* What is in the form was saved before. An old copy goes; what was typed since begins a new record. */
    async outOfDate(typed) {
      await forgetHere(this.key);
      if (typed === this.restored) {
        this.gone = true;
        return window.location.replace(window.location.pathname);
      }
      const random = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
      this.form.elements.submission.value = random.join("");
      this.soon(0);
    }

    signIn() {
      const link = document.createElement("a");
      link.href = window.location.pathname;
      link.className = "button";
      link.textContent = say("signIn");
      this.waiting = null;
      this.notice(this.current, "warning", say(secret ? "signedOut" : "signedOutOpen"), link);
    }

    /* As the page goes away: what the last seconds brought, in a request that may outlive the page. */
    last() {
      if (this.gone || typedOf(this.form) === this.sent) return;
      const fields = fieldsOf(this.form), typed = typedOf(this.form), body = new URLSearchParams(fields);
      keepHere(this.key, fields);
      ask(this.form, "POST", body, { keepalive: body.toString().length < 60000 })
        .then(({ state }) => { if (state === "kept") { this.sent = typed; forgetHere(this.key); } })
        .catch(() => {});
    }

    submit(event) {
      if (this.gone) return;
      // What opens in a window of its own, such as a paper to print, leaves this form where it is.
      if (event.submitter && event.submitter.formTarget && event.submitter.formTarget !== "_self") return;
      event.preventDefault();
      this.waiting = event.submitter || false;
      this.now();
    }

    send() {
      this.gone = true;
      if (this.waiting && this.waiting.name) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name: this.waiting.name, value: this.waiting.value });
        this.form.append(input);
      }
      HTMLFormElement.prototype.submit.call(this.form);
    }

    async restore() {
      if ("draftBound" in this.form.dataset) return;
      let fields = await keptHere(this.key);
      const local = fields !== null;
      if (!local) {
        try {
          const { answer, state } = await ask(this.form, "GET");
          if (state === "kept" && answer.status === 200) ({ fields } = await answer.json());
        } catch { /* no network now: nothing to restore from there */ }
      }
      // Whoever already types is not overruled.
      if (!fields || typedOf(this.form) !== this.began) return;
      fill(this.form, fields);
      if (typedOf(this.form) === this.began) return;
      this.restored = typedOf(this.form);
      if (!local) this.sent = this.restored;
      this.notice(this.before, "info", say("restored"), this.startOver());
      if (local) this.soon(0);
    }

    startOver() {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = say("startOver");
      button.addEventListener("click", async () => {
        this.gone = true;
        window.clearTimeout(this.timer);
        await forgetHere(this.key);
        try { await ask(this.form, "DELETE"); } catch { /* the server's copy stays until the next try */ }
        window.location.replace(window.location.pathname);
      });
      return button;
    }
  }

  forgetOld();
  for (const form of forms) {
    const draft = new Draft(form);
    draft.listen();
    draft.restore();
  }
})();
