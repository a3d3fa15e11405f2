// Puts stories of a draft in order by mouse and by Alt+arrow, without a request. The order of the page is the order of
// the form; "Speichern" stores it. Without this script the buttons do the same, one request each.
"use strict";
(() => {
  const list = document.querySelector(".sections");
  if (!list) return;
  const status = document.getElementById("verschoben");
  const items = () => [...list.querySelectorAll(".draft-item")];

  const titleOf = (item) => item.querySelector("h3").textContent;

  const tell = (item) => {
    const all = items();
    status.textContent = list.dataset.moved
      .replace("{title}", titleOf(item))
      .replace("{place}", String(all.indexOf(item) + 1))
      .replace("{all}", String(all.length));
  };

  // At the edge of a section a story goes over into the next one first, as on the server.
  const move = (item, down) => {
    const beside = down ? item.nextElementSibling : item.previousElementSibling;
    if (beside) {
      if (down) beside.after(item); else beside.before(item);
      return true;
    }
    const section = item.closest(".draft-section");
    const other = down ? section.nextElementSibling : section.previousElementSibling;
    if (!other) return false;
    const target = other.querySelector(".draft-items");
    if (down) target.prepend(item); else target.append(item);
    return true;
  };

  const shift = (item, down, focus) => {
    if (!move(item, down)) return;
    focus.focus();
    item.scrollIntoView({ block: "nearest" });
    tell(item);
  };

  list.addEventListener("keydown", (event) => {
    const item = event.target.closest(".draft-item");
    if (!item || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    shift(item, event.key === "ArrowDown", event.target);
  });

  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    const found = button && /^(up|down):/.exec(button.value);
    if (!found) return;
    event.preventDefault();
    shift(button.closest(".draft-item"), found[1] === "down", button);
  });

  for (const button of list.querySelectorAll(".deeds button")) {
    const [words] = button.getAttribute("aria-labelledby").split(" ");
    button.title = document.getElementById(words).textContent.replace(":", "");
  }

  let dragged = null;
  for (const item of items()) {
    const grip = document.createElement("span");
    grip.className = "grip";
    grip.textContent = "⠿";
    grip.setAttribute("aria-hidden", "true");
    item.prepend(grip);
    // Only the grip begins a drag, so that text can still be marked.
    grip.addEventListener("mousedown", () => { item.draggable = true; });
    grip.addEventListener("mouseup", () => { item.draggable = false; });
    item.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", titleOf(item));
      item.classList.add("dragged");
    });
    item.addEventListener("dragend", () => {
      item.draggable = false;
      item.classList.remove("dragged");
      if (dragged) tell(item);
      dragged = null;
    });
  }

  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const over = event.target.closest(".draft-item");
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged); else over.after(dragged);
  });
  list.addEventListener("drop", (event) => { if (dragged) event.preventDefault(); });
})();
