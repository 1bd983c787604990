// Reviews: the item before the eyes, and the next one, claimed and rendered beforehand.
"use strict";
(() => {
  const { post, parse } = reviews;
  const item = document.getElementById("item");
  const ahead = document.getElementById("ahead");
  const last = document.getElementById("last");
  const shown = () => item?.firstElementChild;
  const next = () => ahead?.firstElementChild;
  const formOf = (review) => review?.querySelector("[data-decide]");
  const noteOf = (review) => review?.querySelector("textarea[name=note]");
  const skipped = [];
  const kept = new WeakMap(); // review → when its claim was last known to be ours
  let since = performance.now();
  let fetching = Promise.resolve();

  const seconds = () => (performance.now() - since) / 1000;
  const fetched = () => fetching;

  function fieldsOf(review, extra = {}) {
    const fields = new URLSearchParams([...new FormData(formOf(review))]);
    for (const [name, value] of Object.entries(extra)) fields.set(name, value);
    return fields;
  }

  function tell(sentence) {
    const hint = shown()?.querySelector("[data-hint]");
    if (hint) hint.textContent = sentence;
  }

  // What was typed outlives a page that must be loaded again

  const draftOf = (review) => `note-${item.dataset.user}-${review.dataset.review}`;
  const forget = (review) => sessionStorage.removeItem(draftOf(review));

  function restore(review) {
    const note = noteOf(review);
    if (!note) return;
    note.value ||= sessionStorage.getItem(draftOf(review)) || "";
    note.addEventListener("input", () => sessionStorage.setItem(draftOf(review), note.value));
  }

  // Showing

  function show(review) {
    item.replaceChildren(review);
    window.htmx?.process(review);
    since = performance.now();
    if (!kept.has(review)) kept.set(review, performance.now());
    restore(review);
    document.title = review.dataset.title;
    history.replaceState(null, "", review.dataset.address);
    scrollTo(0, 0);
    (review.querySelector("[data-refusal]") || review).focus({ preventScroll: true });
    item.dispatchEvent(new Event("review:shown"));
  }

  function showAgain(review) {
    // The same item as the server has it now: its seconds go on.
    const begun = since;
    show(review);
    since = begun;
  }

  // The next one

  function fetchAhead() {
    if (!next() && formOf(shown())) fetching = fetching.then(keepOneAhead);
  }

  async function keepOneAhead() {
    if (next()) return;
    const review = await claimed();
    if (!review || next() || review.dataset.review === shown().dataset.review) return;
    holdAhead(review);
    kept.set(review, performance.now());
    window.htmx?.process(review);
  }

  const holdAhead = (review) => ahead.replaceChildren(review);

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

  async function giveUp(review) {
    review.remove();
    await post(formOf(review).dataset.release, fieldsOf(review));
  }

  const places = { item, last, shown, next, formOf, noteOf, fieldsOf };
  const steps = { show, showAgain, fetchAhead, fetched, holdAhead, goOn, giveUp, tell, forget };
  Object.assign(reviews, places, steps, { skipped, kept, seconds });

  if (!item) return;
  kept.set(shown(), performance.now());
  restore(shown());
  shown().querySelector("[data-refusal]")?.focus();
  fetchAhead();
  addEventListener("pagehide", () => {
    if (next()) giveUp(next());
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
})();
