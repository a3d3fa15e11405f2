// Tries the draft while one types: after a short pause, and the answer to an older text is given up,
// here and at the server. Without this script the button "Prüfen" does the same.
"use strict";

const PAUSE = 250;
const form = document.querySelector("form.editor");
const trial = form.querySelector("[data-trial]");
const suggested = form.querySelector("[data-suggestions]");
const status = form.querySelector("[data-status]");
const results = form.querySelector(".results");
const waits = new Map();
let turn = 0;
let timer = 0;

async function ask(address, place) {
  const before = waits.get(place);
  if (before) {
    before.abort();
  }
  const control = new AbortController();
  waits.set(place, control);
  const sent = new FormData(form);
  turn += 1;
  sent.set("turn", String(turn));
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams(sent), signal: control.signal, credentials: "same-origin", redirect: "error" });
  if (answer.status === 200) {
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    place.replaceChildren(...made.body.childNodes);
    waits.delete(place);
    return true;
  }
  return answer.status === 204;
}

function tryOut() {
  results.classList.add("waiting");
  ask(form.dataset.try, trial).then((well) => {
    results.classList.remove("waiting");
    const found = trial.querySelector("[data-found]");
    status.textContent = well && found ? found.textContent.replace(/\s+/g, " ").trim() : "–";
  }).catch((error) => {
    if (error.name !== "AbortError") {
      results.classList.remove("waiting");
      status.textContent = "–";
    }
  });
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(tryOut, PAUSE);
}

function showButtons() {
  for (const button of suggested.querySelectorAll("[data-take]")) {
    button.hidden = false;
  }
}

form.addEventListener("input", later);

form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) {
    return;
  }
  if (button.value === "check" && event.isTrusted) {
    event.preventDefault();
    tryOut();
  } else if (button.value === "suggest") {
    event.preventDefault();
    ask(form.dataset.suggest, suggested).then(showButtons).catch(() => {});
  } else if (button.dataset.take !== undefined) {
    for (const name of ["level", "any", "all", "none", "query"]) {
      if (button.dataset[name] !== undefined) {
        form.elements[name].value = button.dataset[name];
      }
    }
    suggested.replaceChildren();
    tryOut();
    form.elements[form.elements.level.value === "query" ? "query" : "any"].focus();
  }
});

showButtons();
