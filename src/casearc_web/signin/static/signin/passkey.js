/* Passkeys. A form with data-passkey="get" or "create" has a button that asks the browser for a passkey, puts the answer into
   the hidden field "credential" and sends the form. What to ask for stands in the element that data-options names, or comes
   from the address in data-options-url. Without this script the form stays hidden, and the other ways in are there. */
"use strict";
(() => {
  const optionsOf = async (form) => {
    const { options, optionsUrl } = form.dataset;
    if (options) return JSON.parse(document.getElementById(options).textContent);
    const answer = await fetch(optionsUrl, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error("no options");
    return answer.json();
  };

  const ask = async (form) => {
    const options = await optionsOf(form);
    return form.dataset.passkey === "create"
      ? webauthnJSON.create(options.creation_options)
      : webauthnJSON.get(options.request_options);
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    const button = form.querySelector("button"), status = form.querySelector("[role=status]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      status.textContent = "";
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch {
        status.textContent = form.dataset.failed;
        button.disabled = false;
      }
    });
  }
})();
