// Lists of tabs, by pointer and by arrow keys; a panel may say what is to be done when it is shown.

import { $ } from "./state.js";

const READING = ["tab-fates", "tab-compare"], shown = {};

export function whenShown(id, call) { shown[id] = call; }

export function select(id) {
  const tab = $(id), list = tab.parentElement;
  for (const each of list.children) {
    const on = each === tab;
    each.setAttribute("aria-selected", on);
    each.tabIndex = on ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = !on;
  }
  // What is long to read takes the maps' place; time goes on beneath it.
  const reading = READING.find((each) => $(each).getAttribute("aria-selected") === "true");
  document.querySelector(".stage").classList.toggle("reading", !!reading);
  shown[id]?.();
}

for (const list of document.querySelectorAll("[role=tablist]")) {
  list.addEventListener("click", ({ target }) => target.role === "tab" && select(target.id));
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], all = [...list.children];
    if (!step) return;
    const next = all[(all.indexOf(document.activeElement) + step + all.length) % all.length];
    select(next.id); next.focus();
  });
}
