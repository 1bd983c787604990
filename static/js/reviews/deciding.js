// Reviews: what the buttons do, without a new page.
"use strict";
(() => {
  const { post, parse, item, last, shown, next, formOf, noteOf, fieldsOf, tell, show, showAgain, fetchAhead, goOn } = reviews;
  const FAILED = "The server did not answer as it should. Nothing is lost: try again.";
  let busy = false;
  let wish = ""; // the outcome that Ctrl+Enter sends

  async function alone(act) {
    if (busy) return;
    busy = true;
    const buttons = shown()?.querySelectorAll("button") || [];
    buttons.forEach((button) => button.setAttribute("aria-disabled", "true"));
    try {
      // A heartbeat that arrives after the decision would find nothing to keep.
      await reviews.beaten();
      await act();
    } catch {
      tell(FAILED);
    } finally {
      busy = false;
      buttons.forEach((button) => button.removeAttribute("aria-disabled"));
    }
  }

  function replace(html) {
    const review = parse(html);
    if (review?.matches("[data-review]")) showAgain(review);
    else tell(FAILED);
  }

  const decide = (outcome) =>
    alone(async () => {
      const review = shown();
      const fields = fieldsOf(review, { outcome, seconds: reviews.seconds().toFixed(2) });
      const answer = await post(formOf(review).getAttribute("action"), fields);
      if (!answer.ok) return replace(answer.text);
      reviews.forget(review);
      last.innerHTML = answer.text;
      reviews.countDown();
      await goOn();
    });

  const skip = () =>
    alone(async () => {
      const review = shown();
      const answer = await post(formOf(review).dataset.release, fieldsOf(review));
      if (!answer.ok) return replace(answer.text);
      reviews.skipped.push(review.dataset.review);
      await goOn();
    });

  const claimThis = () =>
    alone(async () => {
      const note = noteOf(shown())?.value || "";
      const answer = await post(item.dataset.next, new URLSearchParams({ review: shown().dataset.review, note }));
      replace(answer.text);
      fetchAhead();
    });

  const undo = (form) =>
    alone(async () => {
      // Room in the officer's hand for the one that comes back.
      await reviews.fetched();
      if (next()) await reviews.giveUp(next());
      const answer = await post(form.getAttribute("action"));
      if (!answer.ok) {
        last.innerHTML = answer.text;
        return;
      }
      last.replaceChildren();
      const waiting = formOf(shown()) && shown();
      show(parse(answer.text));
      if (waiting) reviews.holdAhead(waiting);
    });

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

  function pressed(button) {
    if (!button || button.getAttribute("aria-disabled")) return;
    if (button.matches("[data-skip]")) skip();
    else if (button.matches("[data-again]")) claimThis();
    else press(button);
  }

  Object.assign(reviews, { press, wish: () => wish, isBusy: () => busy });

  item?.addEventListener("review:shown", () => (wish = ""));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!item || (!item.contains(form) && !last.contains(form))) return;
    if (!form.matches("[data-undo], [data-decide], [data-go]")) return;
    event.preventDefault();
    if (form.matches("[data-undo]")) undo(form);
    else if (form.matches("[data-decide]")) pressed(event.submitter);
    else if (form.dataset.go === "next") alone(goOn);
    else claimThis();
  });
})();
