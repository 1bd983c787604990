// Reviews: the keys. A letter on a button presses it; within the note they are letters.
"use strict";
(() => {
  const { last, shown, formOf, tell } = reviews;
  const reachable = (element) => !element.disabled && !element.closest("fieldset:disabled") && element.checkVisibility();

  function keyed(key) {
    const places = [shown() || document.querySelector("main"), last].filter(Boolean);
    for (const place of places) {
      for (const element of place.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) if (reachable(element)) return element;
    }
    return null;
  }

  function send(event) {
    const form = formOf(shown());
    if (!form || !form.contains(event.target)) return;
    const override = form.querySelector("[data-override]");
    const chosen = form.querySelector("[name=reason_code]:checked");
    const outcome = reviews.wish() || (override && chosen && reachable(override) ? "override" : "");
    if (event.target.matches("textarea")) {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const button = outcome && form.querySelector(`button[name=outcome][value="${outcome}"]`);
      if (button) reviews.press(button);
      else tell("Press Esc, then the key of what you decide.");
    } else if (event.target.matches("[type=radio]")) {
      event.preventDefault();
      reviews.press(override);
    }
  }

  function use(element) {
    if (element.matches("textarea")) {
      element.focus();
    } else if (element.matches("[type=radio]")) {
      element.checked = true;
      formOf(shown()).querySelector("[data-override]").focus();
    } else if (element.matches("summary")) {
      element.parentElement.open = true;
      const codes = element.parentElement.querySelectorAll("[name=reason_code]");
      ([...codes].find((code) => code.checked) || codes[0])?.focus();
      tell("");
    } else {
      element.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter") return send(event);
    if (event.key === "Escape" && event.target.matches?.("textarea[data-key]")) return shown()?.focus({ preventScroll: true });
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    if (event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    if (event.target.closest("dialog") || localStorage.getItem("shortcuts-off") === "yes") return;
    const element = keyed(event.key);
    if (!element) return;
    event.preventDefault();
    if (!event.repeat) use(element);
  });
})();
