// The list of components: clean addresses, rows that open on a click, and a word when the server does not answer.
"use strict";
(() => {
  const results = document.getElementById("results");

  document.addEventListener("htmx:configRequest", (event) => {
    const wishes = event.detail.parameters;
    for (const name of Object.keys(wishes)) if (wishes[name] === "") delete wishes[name];
  });

  results.addEventListener("click", (event) => {
    if (event.target.closest("a, button") || !getSelection().isCollapsed) return;
    event.target.closest(".rows tbody tr")?.querySelector("a").click();
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    // The link that was followed is gone; whoever reads or tabs on begins at the new rows.
    if (event.detail.requestConfig.boosted) results.focus({ preventScroll: true });
  });

  function fail() {
    const note = document.createElement("p");
    note.className = "note bad";
    note.textContent = "The list could not be brought up to date: the server did not answer as it should. Load the page again.";
    document.getElementById("messages").replaceChildren(note);
  }
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(failure, fail);
  document.addEventListener("htmx:beforeSwap", () => document.getElementById("messages").replaceChildren());
})();
