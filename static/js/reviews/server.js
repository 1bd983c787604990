// Reviews: what the page asks of the server. It asks as htmx does and gets a fragment in answer.
"use strict";
const reviews = {};
(() => {
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
    if (answer.headers.has("HX-Refresh")) {
      // Nobody is logged in any more: nothing was done, the page that is loaded says so, and what was typed is kept.
      location.reload();
      return new Promise(() => {});
    }
    return { status: answer.status, ok: answer.ok, text: await answer.text() };
  }

  function parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  Object.assign(reviews, { post, parse });
})();
