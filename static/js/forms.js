// Forms: count characters, send with Ctrl+Enter, send once, begin at the first mistake, copy a token.
"use strict";
(() => {
  const number = new Intl.NumberFormat("en-GB");

  for (const area of document.querySelectorAll("[data-count-to]")) {
    const limit = Number(area.dataset.countTo);
    const count = document.getElementById(`${area.id}_count`);
    const show = () => {
      // The server counts characters, JavaScript's length counts halves of them.
      const length = [...area.value].length;
      count.textContent = `${number.format(length)} / ${number.format(limit)}`;
      count.classList.toggle("over", length > limit);
    };
    count.hidden = false;
    area.addEventListener("input", show);
    show();
  }

  for (const form of document.querySelectorAll("[data-ctrl-enter]")) {
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit(event.shiftKey ? form.querySelector("[name=another]") : null);
    });
  }

  const buttons = (form) => form.querySelectorAll("button");
  for (const form of document.querySelectorAll("[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      buttons(form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    });
    // The page may come back from the browser's memory just as it was left.
    addEventListener("pageshow", () => {
      delete form.dataset.sent;
      buttons(form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  }

  document.querySelector('[aria-invalid="true"]')?.focus();

  for (const button of document.querySelectorAll("[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    field.addEventListener("focus", () => field.select());
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    });
  }
})();
