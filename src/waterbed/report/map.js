"use strict";
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const figure = document.getElementById("live-map");
  const slider = document.getElementById("map-day");
  const said = document.getElementById("map-said");
  const play = document.getElementById("map-play");
  const legs = [...figure.querySelectorAll(".leg")].map((node) => ({
    node, leg: node.dataset.leg, scale: Number(node.dataset.scale),
    parts: [node.querySelector(".case"), node.querySelector(".line")], title: node.querySelector("title"),
    whole: node.querySelector("title").textContent,
  }));
  const number = (value) => {
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 1);
    const rounded = Math.abs(value) < 10 ? Math.abs(value).toPrecision(2)
      : String(Math.round(Math.abs(value) / 10 ** digits) * 10 ** digits).replace(/\B(?=(\d{3})+$)/g, "\u202f");
    return (value < 0 ? "\u2212" : "+") + rounded;
  };

  function show(position) {
    const whole = position === 0;
    const top = whole ? data.top : data.stepTop;
    let count = 0;
    let largest = null;
    for (const {node, leg, scale, parts, title, whole: words} of legs) {
      const change = whole ? data.whole[leg] || 0 : (data.course[leg] || [])[position - 1] || 0;
      node.toggleAttribute("hidden", change === 0);
      if (change === 0) continue;
      const width = Math.max(0.45, scale * data.widest * Math.abs(change) / top);
      parts[0].setAttribute("stroke-width", (width + 1.4).toFixed(2));
      parts[1].setAttribute("stroke-width", width.toFixed(2));
      node.classList.toggle("treated", "treated" in node.dataset && width >= data.outlined);
      node.classList.toggle("fewer", change < 0);
      node.classList.toggle("more", change > 0);
      title.textContent = whole ? words : `${leg.replace(" > ", " \u2192 ")}: ${number(change)} people in ${data.days} days`;
      if (largest === null || Math.abs(change) > Math.abs(largest[1])) largest = [leg, change];
    }
    count = new Set(legs.filter((l) => !l.node.hasAttribute("hidden")).map((l) => l.leg)).size;
    figure.classList.toggle("by-step", !whole);
    const from = whole ? 0 : data.steps[position - 1] - data.start;
    said.textContent = whole ? "Whole window" : `Days ${from} to ${from + data.days - 1}: ${count} ${count === 1 ? "leg" : "legs"}`
      + (largest ? `; most: ${largest[0].replace(" > ", " \u2192 ")} ${number(largest[1])}` : "");
    slider.setAttribute("aria-valuetext", said.textContent);
  }

  let timer = null;
  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  function step() {
    if (Number(slider.value) >= Number(slider.max)) return stop();
    slider.value = Number(slider.value) + 1;
    show(Number(slider.value));
  }
  play.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(slider.value) >= Number(slider.max)) slider.value = 0;
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    step();
    timer = setInterval(step, 900);
  });
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  document.getElementById("map-whole").addEventListener("click", () => { stop(); slider.value = 0; show(0); });
  window.addEventListener("beforeprint", () => { stop(); slider.value = 0; show(0); });
  show(0);
})();
