// Shortcuts of every page. Single keys do nothing while one types, and can be switched off in the help (?).
"use strict";
(() => {
  const OFF = "shortcuts-off";
  const dialog = document.getElementById("shortcuts");
  const switchedOff = () => localStorage.getItem(OFF) === "yes";
  const typing = (element) =>
    element.isContentEditable || (element.matches("input, textarea, select") && !element.matches("[type=checkbox], [type=radio]"));

  function moveRow(step) {
    const rows = [...document.querySelectorAll(".rows tbody a")];
    const at = rows.findIndex((row) => row === document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    rows[next]?.focus();
    rows[next]?.closest("tr").scrollIntoView({ block: "nearest" });
    return rows.length > 0;
  }

  function press(key) {
    const target = document.querySelector(`[data-shortcut="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (target.matches("input")) {
      target.focus();
      target.select();
    } else {
      target.click();
    }
    return true;
  }

  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const search = event.target.matches('[data-shortcut="/"]');
    if (search && event.key === "Escape") event.target.blur();
    if (search && event.key === "ArrowDown" && moveRow(1)) event.preventDefault();
    if (typing(event.target) || event.target.closest("dialog") || switchedOff()) return;
    // Arrows belong to radio buttons and to scrolling, unless a row has the focus.
    if (event.key.startsWith("Arrow") && !event.target.closest(".rows")) return;
    const done = event.key in moves ? moveRow(moves[event.key]) : event.key.length === 1 && press(event.key);
    if (done) event.preventDefault();
  });

  const box = document.getElementById("shortcuts-on");
  if (box) {
    box.checked = !switchedOff();
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "no" : "yes"));
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=shortcuts]")) dialog?.showModal();
    if (event.target === dialog) dialog.close();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
