// Says on an open page that new hits came, and moves nothing under the reader's hands. It asks once a
// minute, only while the page is seen, and no more once there is something to say about a closed door.
"use strict";

const MINUTE = 60000;
const line = document.querySelector("[data-live]");
let asked = Date.now();
let timer = 0;

async function ask() {
  asked = Date.now();
  const answer = await fetch(line.dataset.live, { credentials: "same-origin", redirect: "error" });
  if (answer.status >= 400 && answer.status < 500) {
    return false;
  }
  if (answer.ok) {
    const said = await answer.json();
    const link = line.querySelector("a");
    if (said.new > 0 && link.textContent !== said.text) {
      link.textContent = said.text;
      line.hidden = false;
    }
  }
  return true;
}

function plan() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    timer = setTimeout(look, Math.max(0, MINUTE - (Date.now() - asked)));
  }
}

function look() {
  ask().catch(() => true).then((again) => {
    if (again) {
      plan();
    } else {
      document.removeEventListener("visibilitychange", plan);
    }
  });
}

if (line) {
  document.addEventListener("visibilitychange", plan);
  plan();
}
