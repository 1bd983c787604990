// Reviews: the heartbeat of the claims, and the minute in which a decision can be undone.
"use strict";
(() => {
  const { post, item, last, shown, next, formOf, fieldsOf, kept } = reviews;
  const leaseSeconds = Number(item?.dataset.leaseSeconds) || 120;
  let beating = Promise.resolve();

  // Every third of the lease, for the item before the eyes and for the one after it

  function close(review, sentence) {
    const form = formOf(review);
    const banner = review.querySelector("[data-lost]");
    if (!form || !banner.hidden) return;
    form.querySelector("[data-buttons]").disabled = true;
    form.querySelector("[data-again]").hidden = false;
    banner.textContent = `${sentence} What you wrote is kept.`;
    banner.hidden = false;
  }

  function lose(review, sentence) {
    // What has been decided meanwhile is not to be kept any more.
    if (review === shown()) close(review, sentence);
    else if (review === next()) review.remove();
  }

  async function keep(review) {
    const form = formOf(review);
    if (!form) return;
    try {
      const answer = await post(form.dataset.keep, fieldsOf(review));
      if (answer.ok) kept.set(review, performance.now());
      else if ([403, 404, 409].includes(answer.status)) return lose(review, answer.text);
    } catch {
      // No answer: the claim holds until its time is over.
    }
    if (performance.now() - kept.get(review) > leaseSeconds * 1000) lose(review, "The server could not be reached: your claim has run out.");
  }

  function beat() {
    if (reviews.isBusy()) return;
    beating = Promise.all([shown(), next()].filter(Boolean).map(keep));
  }

  // Undo, for as long as it is possible

  let ticking = 0;
  function countDown() {
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

  Object.assign(reviews, { countDown, beaten: () => beating });
  countDown();
  if (item) setInterval(beat, (leaseSeconds * 1000) / 3);
})();
