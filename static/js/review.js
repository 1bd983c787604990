// Reviews: the keys of the buttons, decisions without a new page, the heartbeat of the claim, the next item beforehand.
"use strict";
(() => {
  const item = document.getElementById("item");
  const ahead = document.getElementById("ahead");
  const last = document.getElementById("last");
  const shown = () => item?.firstElementChild;
  const next = () => ahead?.firstElementChild;
  const formOf = (review) => review?.querySelector("[data-decide]");
  const leaseSeconds = Number(item?.dataset.leaseSeconds) || 120;
  const skipped = [];
  const kept = new WeakMap(); // review → when its claim was last known to be ours
  let since = performance.now();
  let busy = false;
  let wish = ""; // the outcome that Ctrl+Enter sends
  let beating = Promise.resolve();
  let fetching = Promise.resolve();

  // Asking the server

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;

  async function post(address, fields = new URLSearchParams()) {
    if (!fields.has("csrfmiddlewaretoken")) fields.set("csrfmiddlewaretoken", token());
    const answer = await fetch(address, {
      method: "POST",
      body: new URLSearchParams([...fields]),
      headers: { "HX-Request": "true" },
      signal: AbortSignal.timeout(20000),
      keepalive: true,
    });
    // Nobody is logged in any more: the page that is loaded says so, and what was typed is kept in this tab.
    if (answer.headers.has("HX-Refresh")) location.reload();
    return { status: answer.status, ok: answer.ok, text: await answer.text() };
  }

  const fieldsOf = (review, extra = {}) => {
    const fields = new URLSearchParams([...new FormData(formOf(review))]);
    for (const [name, value] of Object.entries(extra)) fields.set(name, value);
    return fields;
  };

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  const FAILED = "The server did not answer as it should. Nothing is lost: try again.";

  function tell(sentence) {
    const hint = shown()?.querySelector("[data-hint]");
    if (hint) hint.textContent = sentence;
  }

  // What was typed outlives a page that must be loaded again

  const draftOf = (review) => `note-${item.dataset.user}-${review.dataset.review}`;
  const noteOf = (review) => review?.querySelector("textarea[name=note]");

  function restore(review) {
    const note = noteOf(review);
    if (!note) return;
    note.value ||= sessionStorage.getItem(draftOf(review)) || "";
    note.addEventListener("input", () => sessionStorage.setItem(draftOf(review), note.value));
  }

  // Showing items

  function show(review, { focus = true } = {}) {
    item.replaceChildren(review);
    window.htmx?.process(review);
    began(review);
    document.title = review.dataset.title;
    history.replaceState(null, "", review.dataset.address);
    if (!focus) return;
    scrollTo(0, 0);
    (review.querySelector("[data-refusal]") || review).focus({ preventScroll: true });
  }

  function began(review) {
    since = performance.now();
    wish = "";
    if (!kept.has(review)) kept.set(review, performance.now());
    restore(review);
  }

  function fetchAhead() {
    if (!next() && formOf(shown())) fetching = fetching.then(keepOneAhead);
  }

  async function keepOneAhead() {
    if (next()) return;
    const review = await claimed();
    if (!review || next() || review.dataset.review === shown().dataset.review) return;
    ahead.replaceChildren(review);
    kept.set(review, performance.now());
    window.htmx?.process(review);
  }

  async function claimed() {
    const fields = new URLSearchParams();
    for (const number of [...skipped, shown().dataset.review]) fields.append("besides", number);
    try {
      const answer = await post(item.dataset.next, fields);
      return answer.status === 200 ? parse(answer.text) : null;
    } catch {
      return null;
    }
  }

  async function goOn() {
    await fetching;
    const review = next() || (await claimed());
    if (!review) return location.assign(item.dataset.queue);
    show(review);
    fetchAhead();
  }

  // Deciding

  async function alone(act) {
    if (busy) return;
    busy = true;
    const buttons = shown()?.querySelectorAll("button") || [];
    buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
    try {
      // A heartbeat that arrives after the decision would find nothing to keep.
      await beating;
      await act();
    } catch {
      tell(FAILED);
    } finally {
      busy = false;
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
    }
  }

  const replace = (html) => {
    const review = parse(html);
    if (!review?.matches("[data-review]")) return tell(FAILED);
    const begun = since;
    show(review);
    since = begun;
  };

  const decide = (outcome) =>
    alone(async () => {
      const review = shown();
      const seconds = ((performance.now() - since) / 1000).toFixed(2);
      const answer = await post(formOf(review).getAttribute("action"), fieldsOf(review, { outcome, seconds }));
      if (!answer.ok) return replace(answer.text);
      sessionStorage.removeItem(draftOf(review));
      last.innerHTML = answer.text;
      count();
      await goOn();
    });

  const skip = () =>
    alone(async () => {
      const review = shown();
      const answer = await post(formOf(review).dataset.release, fieldsOf(review));
      if (!answer.ok) return replace(answer.text);
      skipped.push(review.dataset.review);
      await goOn();
    });

  const claimThis = (form) =>
    alone(async () => {
      const note = noteOf(shown())?.value || "";
      const number = shown().dataset.review;
      const answer = await post(item.dataset.next, new URLSearchParams({ review: number, note }));
      replace(answer.text);
      fetchAhead();
    });

  const undo = (form) =>
    alone(async () => {
      // Room in the officer's hand for the one that comes back.
      await fetching;
      if (next()) await giveUp(next());
      const answer = await post(form.getAttribute("action"));
      if (!answer.ok) {
        last.innerHTML = answer.text;
        return;
      }
      last.replaceChildren();
      if (formOf(shown())) {
        const waiting = shown();
        show(parse(answer.text));
        ahead.replaceChildren(waiting);
      } else {
        show(parse(answer.text));
      }
    });

  async function giveUp(review) {
    review.remove();
    await post(formOf(review).dataset.release, fieldsOf(review));
  }

  function press(button) {
    const note = noteOf(shown());
    if (button.dataset.needsNote && !note.value.trim()) {
      wish = button.value;
      tell(button.dataset.needsNote);
      return note.focus();
    }
    if (button.matches("[data-override]") && !shown().querySelector("[name=reason_code]:checked")) {
      tell("Choose why the label is wrong: press its number.");
      return shown().querySelector("[name=reason_code]")?.focus();
    }
    return decide(button.value);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!item || !item.contains(form) && !last.contains(form)) return;
    if (form.matches("[data-undo]")) {
      event.preventDefault();
      undo(form);
    } else if (form.matches("[data-decide]")) {
      event.preventDefault();
      const button = event.submitter;
      if (!button || button.getAttribute("aria-disabled")) return;
      if (button.matches("[data-skip]")) skip();
      else if (button.matches("[data-again]")) claimThis();
      else press(button);
    } else if (form.matches("[data-go]")) {
      event.preventDefault();
      if (form.dataset.go === "next") alone(goOn);
      else claimThis();
    }
  });

  // Keys. A letter on a button presses it; within the note they are letters.

  const reachable = (element) => !element.disabled && !element.closest("fieldset:disabled") && element.checkVisibility();

  function keyed(key) {
    const places = [shown() || document.querySelector("main"), last].filter(Boolean);
    for (const place of places) {
      for (const element of place.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)) if (reachable(element)) return element;
    }
    return null;
  }

  function send(event) {
    const review = shown();
    const form = formOf(review);
    if (!form || !form.contains(event.target)) return;
    const override = form.querySelector("[data-override]");
    const chosen = form.querySelector("[name=reason_code]:checked");
    const outcome = wish || (override && chosen && reachable(override) ? "override" : "");
    if (event.target.matches("textarea")) {
      if (!(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      const button = outcome && form.querySelector(`button[name=outcome][value="${outcome}"]`);
      if (button) press(button);
      else tell("Press Esc, then the key of what you decide.");
    } else if (event.target.matches("[type=radio]")) {
      event.preventDefault();
      press(override);
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
    if (event.repeat) return;
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
  });

  // The heartbeat: every third of the lease, for the item before the eyes and for the one after it

  function lose(review, sentence) {
    const form = formOf(review);
    const banner = review.querySelector("[data-lost]");
    if (!form || !banner.hidden) return;
    form.querySelector("[data-buttons]").disabled = true;
    form.querySelector("[data-again]").hidden = false;
    banner.textContent = `${sentence} What you wrote is kept.`;
    banner.hidden = false;
  }

  async function keep(review) {
    const form = formOf(review);
    if (!form) return;
    try {
      const answer = await post(form.dataset.keep, fieldsOf(review));
      if (answer.ok) kept.set(review, performance.now());
      else if ([403, 404, 409].includes(answer.status)) return lost(review, answer.text);
    } catch {
      // No answer: the claim holds until its time is over.
    }
    if (performance.now() - kept.get(review) > leaseSeconds * 1000) lost(review, "The server could not be reached: your claim has run out.");
  }

  function lost(review, sentence) {
    // What has been decided meanwhile is not to be kept any more.
    if (review === shown()) lose(review, sentence);
    else if (review === next()) review.remove();
  }

  function beat() {
    if (busy) return;
    beating = Promise.all([shown(), next()].filter(Boolean).map(keep));
  }

  // Undo, for as long as it is possible

  let ticking = 0;
  function count() {
    clearInterval(ticking);
    const note = last?.querySelector("[data-seconds]");
    if (!note) return;
    const end = performance.now() + Number(note.dataset.seconds) * 1000;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      note.querySelector("[data-countdown]").textContent = `${left} s`;
      if (left > 0) return;
      clearInterval(ticking);
      note.remove();
    };
    tick();
    ticking = setInterval(tick, 1000);
  }

  count();
  if (!item) return;
  kept.set(shown(), performance.now());
  restore(shown());
  shown().querySelector("[data-refusal]")?.focus();
  fetchAhead();
  setInterval(beat, (leaseSeconds * 1000) / 3);
  addEventListener("pagehide", () => {
    if (next()) giveUp(next());
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
