// Moving and zooming a map by pointer, wheel and keys, and picking somebody on it.

export function gestures(box, { geometry, changed, picked }) {
  let from = null, moved = 0;
  box.addEventListener("pointerdown", (e) => { from = [e.clientX, e.clientY]; moved = 0; box.setPointerCapture(e.pointerId); });
  box.addEventListener("pointermove", (e) => {
    if (!from || !geometry()) return;
    const [dx, dy] = [e.clientX - from[0], e.clientY - from[1]];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved < 5) return;
    from = [e.clientX, e.clientY];
    geometry().move(dx / box.clientWidth, dy / box.clientWidth);
    changed();
  });
  box.addEventListener("pointerup", (e) => {
    const bounds = box.getBoundingClientRect();
    from = null;
    if (moved < 5) picked(e.clientX - bounds.left, e.clientY - bounds.top);
  });
  box.addEventListener("wheel", (e) => { e.preventDefault(); geometry()?.zoom(e.deltaY < 0 ? 1.15 : 1 / 1.15); changed(); }, { passive: false });
  box.addEventListener("keydown", (e) => {
    const way = { ArrowLeft: [0.08, 0], ArrowRight: [-0.08, 0], ArrowUp: [0, 0.08], ArrowDown: [0, -0.08] }[e.key], factor = { "+": 1.3, "=": 1.3, "-": 1 / 1.3 }[e.key];
    if (!geometry()) return;
    if (way) geometry().move(...way); else if (factor) geometry().zoom(factor); else if (e.key === "0") geometry().reset(); else return;
    e.preventDefault();
    changed();
  });
}
