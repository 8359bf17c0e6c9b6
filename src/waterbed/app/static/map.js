// One world on a map, in three layers: what stays, people as pixels, and what stands there with its numbers.

import { Labels } from "./labels.js";
import { along, DEAD, moveTo, TRAVELLING } from "./month.js";
import { color, whole } from "./words.js";

const WAITING = new Set([1, 2, 11]), EXPLOITED = 8, DETAINED = 5;
const FEW = 40; // places, up to which each is named and shows its hubs

export class WorldMap {
  constructor(figure, index, geometry, land) {
    Object.assign(this, { index, geometry, land, layers: figure.querySelector(".layers"), said: figure.querySelector(".count") });
    this.canvases = [...this.layers.querySelectorAll("canvas")];
    this.contexts = this.canvases.map((canvas) => canvas.getContext("2d"));
    const { places, legs, hubs } = geometry.world;
    this.waiting = new Int32Array(places.length);
    this.held = new Int32Array(places.length);
    this.dead = [];
    this.hub = hubs.map((h) => ({ status: 1, place: h[1], kind: h[2] }));
    this.officers = { leg: new Float32Array(legs.length), legOp: new Float32Array(legs.length), place: new Float32Array(places.length), placeOp: new Float32Array(places.length) };
    this.open = legs.map((leg) => !leg[5]);
    this.shown = "";
    this.colors = Object.fromEntries(["paper", "leg-sea", "leg-land", "edge", "with", "without", "fewer", "more", "ink", "soft", "land", "coast", "operation", "operation-text", "fate-dead", "fate-exploited"].map((name) => [name, color(name)]));
    this.box = null;
  }

  resize() {
    const { clientWidth: w, clientHeight: h } = this.layers;
    if (!w || !h) return false;
    const ratio = Math.min(window.devicePixelRatio || 1, 2), key = `${w},${h},${ratio},${this.geometry.key}`;
    if (key === this.sized) return true;
    this.sized = key;
    Object.assign(this, { w, h, ratio });
    for (const [i, canvas] of this.canvases.entries()) {
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
      if (i !== 1) this.contexts[i].setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.image = this.contexts[1].createImageData(this.canvases[1].width, this.canvases[1].height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.drawBase();
    this.stamp = "";
    return true;
  }

  drawBase() {
    const g = this.contexts[0], { geometry } = this, { world } = geometry;
    g.clearRect(0, 0, this.w, this.h);
    world.real ? this.drawEarth(g) : this.drawInvented(g);
    g.lineCap = "round";
    for (const [i, leg] of world.legs.entries()) {
      if (leg[5] && !this.open[i]) continue;
      g.strokeStyle = this.colors[leg[2] === "sea" ? "leg-sea" : "leg-land"];
      g.globalAlpha = world.real ? 0.25 : 1;
      g.lineWidth = world.real ? 0.7 : 1.2;
      g.setLineDash(leg[2] === "sea" || leg[2] === "air" ? [4, 4] : []);
      trace(g, geometry.paths[i]);
      g.stroke();
    }
    g.setLineDash([]);
    g.globalAlpha = 1;
  }

  drawEarth(g) {
    if (!this.land) return;
    const { px, py, stretch } = this.geometry;
    g.beginPath();
    for (const ring of this.land) {
      for (const [i, [lon, lat]] of ring.entries()) i ? g.lineTo(px(lon * stretch), py(-lat)) : g.moveTo(px(lon * stretch), py(-lat));
      g.closePath();
    }
    g.fillStyle = this.colors.land; g.strokeStyle = this.colors.coast; g.lineWidth = 0.6;
    g.fill("evenodd"); g.stroke();
  }

  // Invented places have no coast: land is what roads and deserts join, with a margin.
  drawInvented(g) {
    const { world, at } = this.geometry, group = at.map((_, i) => i), find = (i) => (group[i] === i ? i : find(group[i]));
    for (const [a, b, mode] of world.legs) if (mode === "road" || mode === "desert") group[find(a)] = find(b);
    const margin = Math.max(16, Math.min(this.w, this.h) * 0.058);
    for (const [extra, ink] of [[2, this.colors.coast], [0, this.colors.land]]) {
      g.fillStyle = g.strokeStyle = ink; g.lineJoin = "round"; g.lineWidth = 1.3 * margin + extra;
      for (const root of new Set(group.map((_, i) => find(i)))) {
        shore(g, hull(at.filter((_, i) => find(i) === root)), 0.35 * margin);
        g.stroke(); g.fill();
      }
    }
  }

  // What stands on the map on a day: marks up to it, of this month.
  stand(month, day) {
    const key = `${month.run},${month.month}`, { marks } = month.maps[this.index];
    if (key !== this.marked || day < this.markedDay) { this.mark = 0; this.marked = key; this.clearMarks(); }
    this.markedDay = day;
    let opened = false;
    for (; this.mark < marks.length && marks[this.mark] <= day; this.mark += 4) {
      const kind = marks[this.mark + 1], i = marks[this.mark + 2], value = marks[this.mark + 3];
      if (kind === 0) this.hub[i].status = value;
      else if (kind === 1) this.hub[i].place = value - 1;
      else if (kind === 6) { opened ||= this.open[i] !== (value > 0); this.open[i] = value > 0; }
      else this.officers[["leg", "legOp", "place", "placeOp"][kind - 2]][i] = value;
    }
    if (opened) this.drawBase();
  }
  clearMarks() { for (const array of Object.values(this.officers)) array.fill(0); }

  // Everybody at an hour of the month. other: where the same people are in the other world.
  drawPeople(month, hour, other, chosen) {
    const { index, geometry } = this, now = month.maps[index].now, course = month.maps[index];
    this.waiting.fill(0); this.held.fill(0); this.dead.length = 0; this.ring = null;
    this.pixels.fill(0);
    const few = month.n < 1500, radius = (month.n < 600 ? 3.8 : few ? 3 : month.n < 6000 ? 2 : 1.2) * this.ratio, halo = few ? radius + 1.2 * this.ratio : 0;
    const same = pack(this.colors[index ? "with" : "without"]), moved = pack(this.colors[index ? "more" : "fewer"]), paper = pack(this.colors.paper);
    const out = [0, 0], theirs = month.maps[1 - index];
    let travelling = 0, waits = 0;
    for (let i = 0; i < month.n; i++) {
      const k = now[i];
      if (k < 0) continue;
      const state = course.state[k];
      if (state === TRAVELLING) {
        const leg = course.leg[k];
        if (leg < 0) continue;
        travelling++;
        geometry.point(leg, along(month, index, i, k, hour), out);
        const scatter = few ? 2.5 : 4, id = month.person[i];
        const x = (out[0] + (((id * 13) % 17) / 8 - 1) * scatter) * this.ratio, y = (out[1] + (((id * 29) % 19) / 9 - 1) * scatter) * this.ratio;
        const o = other[i], elsewhere = o < 0 || theirs.leg[o] !== leg;
        if (halo) this.disc(x, y, halo, paper);
        this.disc(x, y, radius, elsewhere ? moved : same);
        if (id === chosen) this.ring = [x / this.ratio, y / this.ratio];
      } else if (state === DEAD) {
        if (course.leg[k] >= 0) { geometry.point(course.leg[k], along(month, index, i, k, hour), out); this.dead.push(out[0], out[1], 1 - (hour - course.start[k]) / (course.end[k] - course.start[k])); }
      } else {
        if (WAITING.has(state)) { this.waiting[course.from[k]]++; waits++; } else if (state === EXPLOITED) this.held[course.from[k]]++;
        if (month.person[i] === chosen) this.ring = geometry.at[course.from[k]];
      }
    }
    this.contexts[1].putImageData(this.image, 0, 0);
    return { travelling, waiting: waits };
  }

  disc(cx, cy, r, ink) {
    const { pixels, image: { width, height } } = this, r2 = r * r, x0 = Math.max(0, Math.ceil(cx - r)), x1 = Math.min(width - 1, Math.floor(cx + r));
    const y0 = Math.max(0, Math.ceil(cy - r)), y1 = Math.min(height - 1, Math.floor(cy + r));
    for (let y = y0; y <= y1; y++) for (let x = x0; x <= x1; x++) if ((x - cx) ** 2 + (y - cy) ** 2 <= r2) pixels[y * width + x] = ink;
  }

  // Crowds, hubs and police, with their numbers; drawn only when one of them has changed.
  drawMarks(stamp, scale, operating, treated) {
    const key = stamp + this.waiting.join() + this.dead.length + (this.ring ?? "");
    if (key === this.stamp && !this.dead.length) return;
    this.stamp = key;
    const g = this.contexts[2], { geometry, colors } = this, { world, at, paths } = geometry, small = world.places.length <= FEW;
    g.clearRect(0, 0, this.w, this.h);
    if (operating && this.index) for (const i of treated) this.band(g, paths[i], small ? 9 : 3);
    this.posted = []; // numbers of officers, and where their shields stand
    this.drawPolice(g, small);
    for (const [i, [x, y]] of at.entries()) {
      const n = this.waiting[i], r = n ? 3 + (small ? 2.6 : 1.1) * Math.sqrt(n) : 0;
      if (n) { circle(g, x, y, Math.min(r, 60)); g.fillStyle = g.strokeStyle = colors.ink; g.globalAlpha = 0.13; g.fill(); g.globalAlpha = small ? 0.45 : 0.2; g.lineWidth = small ? 1 : 0.6; g.stroke(); g.globalAlpha = 1; }
      if (this.held[i]) { circle(g, x, y, small ? r + 3 : 1.5 + 0.5 * Math.sqrt(this.held[i])); g.strokeStyle = colors["fate-exploited"]; g.lineWidth = small ? Math.min(6, 1.5 + 0.3 * this.held[i]) : 1; g.stroke(); }
      circle(g, x, y, small ? 3.2 : 0.9); g.fillStyle = colors.ink; g.fill();
    }
    if (small) this.drawHubs(g);
    this.drawWords(g, scale, small);
    g.strokeStyle = colors["fate-dead"]; g.lineWidth = 2.4;
    for (let i = 0; i < this.dead.length; i += 3) {
      const [x, y, left] = this.dead.slice(i, i + 3);
      g.globalAlpha = Math.max(0.15, left); g.beginPath(); g.moveTo(x - 4, y - 4); g.lineTo(x + 4, y + 4); g.moveTo(x + 4, y - 4); g.lineTo(x - 4, y + 4); g.stroke();
    }
    g.globalAlpha = 1;
    if (this.ring) { circle(g, this.ring[0], this.ring[1], 11); g.strokeStyle = colors.paper; g.lineWidth = 6; g.stroke(); g.strokeStyle = colors.ink; g.lineWidth = 2.5; g.stroke(); }
  }

  band(g, path, width) {
    g.lineCap = "round"; g.strokeStyle = this.colors["operation-text"]; g.lineWidth = width + 1.6; trace(g, path); g.stroke();
    g.strokeStyle = this.colors.operation; g.lineWidth = width; trace(g, path); g.stroke();
  }

  drawPolice(g, small) {
    const { paths, at } = this.geometry, { leg, legOp, place, placeOp } = this.officers;
    // Of a large world the standing police are drawn only near by: they would cover it.
    const all = small || this.geometry.view.k >= 3;
    for (let i = 0; i < leg.length; i++) if (legOp[i] || (all && leg[i])) this.shield(g, paths[i][24], paths[i][25], leg[i], legOp[i], small);
    for (let i = 0; i < place.length; i++) if (placeOp[i] || (all && place[i])) this.shield(g, at[i][0] - (small ? 17 : 4), at[i][1] - (small ? 7 : 4), place[i], placeOp[i], small);
  }
  shield(g, x, y, standing, operation, small) {
    const size = !small ? (operation ? 2.4 : 1.6) : operation ? Math.min(11, 6.5 + 0.3 * Math.sqrt(operation)) : 4.5;
    g.beginPath(); g.moveTo(x - size, y - size); g.lineTo(x + size, y - size); g.lineTo(x + size, y + 0.1 * size); g.quadraticCurveTo(x + 0.8 * size, y + size, x, y + 1.3 * size);
    g.quadraticCurveTo(x - 0.8 * size, y + size, x - size, y + 0.1 * size); g.closePath();
    g.fillStyle = this.colors[operation ? "operation-text" : "paper"]; g.strokeStyle = this.colors[operation ? "paper" : "edge"]; g.lineWidth = small ? 1.3 : 0.6;
    g.fill(); g.stroke();
    if (operation && small) this.posted.push([whole(operation), x, y, size]);
  }

  // A square for each hub: full, open; empty, lying low; crossed, closed by a raid. Turned by 45 degrees: exploitation.
  drawHubs(g) {
    const at = new Map();
    for (const hub of this.hub) at.set(hub.place, [...(at.get(hub.place) ?? []), hub]);
    for (const [place, hubs] of at) {
      const [x, y] = this.geometry.at[place];
      hubs.forEach((hub, i) => {
        const cx = x + 9 * (i - (hubs.length - 1) / 2), cy = y + 12, r = 3.2, ink = hub.kind === "exploitation" ? this.colors["fate-exploited"] : this.colors.ink;
        g.save(); g.translate(cx, cy); if (hub.kind === "exploitation") g.rotate(Math.PI / 4);
        g.fillStyle = hub.status === 1 ? ink : this.colors.paper; g.strokeStyle = ink; g.lineWidth = 1.3;
        g.fillRect(-r, -r, 2 * r, 2 * r); g.strokeRect(-r, -r, 2 * r, 2 * r);
        if (hub.status === 3) { g.beginPath(); g.moveTo(-r, -r); g.lineTo(r, r); g.moveTo(r, -r); g.lineTo(-r, r); g.stroke(); }
        g.restore();
      });
    }
  }

  // Words by rule: of a small world every name that finds room, then the crowds' numbers, then the officers';
  // of a large one the largest crowds with their names. None covers another.
  drawWords(g, scale, small) {
    const { at, world, view } = this.geometry, { ink, paper } = this.colors, font = small ? "600 13px" : "12px", words = new Labels(this.w, this.h);
    const put = (text, font, places) => { g.font = `${font} "Waterbed Sans", sans-serif`; const wide = g.measureText(text).width; return words.put(wide + 2, places(wide + 2)); };
    const write = (text, spot, ink, font) => spot && halo(g, text, spot[0] + 1, spot[1] + 11, ink, paper, font, "left");
    const seen = [...at.keys()].filter((i) => at[i][0] > -20 && at[i][1] > -20 && at[i][0] < this.w + 20 && at[i][1] < this.h + 20), crowds = [...seen].sort((a, b) => this.waiting[b] - this.waiting[a]);
    const beside = ([x, y], r) => (wide) => [[x + r, y - 7], [x - r - wide, y - 7]];
    this.words = words;
    if (small) {
      for (const i of seen) words.block(at[i][0] - 4, at[i][1] - 4, 8, 8);
      for (const i of seen) {
        const [x, y] = at[i], name = world.places[i][0];
        write(name, put(name, font, (wide) => [[x - wide / 2, y + 18], [x - wide / 2, y - 21], [x - wide - 9, y - 7], [x + 9, y - 7]]), ink, font);
      }
      for (const i of crowds) if (this.waiting[i]) { const n = whole(this.waiting[i] * scale); write(n, put(n, "13px", beside(at[i], 6 + Math.min(60, 2.6 * Math.sqrt(this.waiting[i])))), ink, "13px"); }
    } else {
      let left = 14 * Math.sqrt(view.k);
      for (const i of crowds) {
        if (left <= 0 || !this.waiting[i]) break;
        const [x, y] = at[i], text = `${world.places[i][0]} ${whole(this.waiting[i] * scale)}`, spot = put(text, font, (wide) => [[x - wide / 2, y - 17]]);
        if (!spot) continue;
        left--;
        words.block(spot[0] - 6, spot[1] - 4, text.length * 7 + 12, 22); // some air, where there are so many
        write(text, spot, ink, font);
      }
    }
    for (const [, x, y, size] of this.posted) words.block(x - size, y - size, 2 * size, 2.3 * size);
    for (const [n, x, y, size] of this.posted) write(n, put(n, "700 13px", (wide) => [[x - wide / 2, y - size - 16], [x - size - wide - 2, y - 7], [x + size + 2, y - 7], [x - wide / 2, y + size + 4]]), this.colors["operation-text"], "700 13px");
  }

  // The person drawn nearest to a point, if any is near.
  nearest(month, hour, x, y) {
    const { now, state, leg } = month.maps[this.index], out = [0, 0];
    let best = 14 ** 2, found = null;
    for (let i = 0; i < month.n; i++) {
      if (now[i] < 0 || state[now[i]] !== TRAVELLING || leg[now[i]] < 0) continue;
      this.geometry.point(leg[now[i]], along(month, this.index, i, now[i], hour), out);
      const d = (out[0] - x) ** 2 + (out[1] - y) ** 2;
      if (d < best) [best, found] = [d, month.person[i]];
    }
    return found;
  }
}

export const advance = (month, hour) => [moveTo(month, 0, hour), moveTo(month, 1, hour)];

function trace(g, path) {
  g.beginPath(); g.moveTo(path[0], path[1]);
  for (let i = 2; i < path.length; i += 2) g.lineTo(path[i], path[i + 1]);
}
function circle(g, x, y, r) { g.beginPath(); g.arc(x, y, r, 0, 2 * Math.PI); }
function halo(g, text, x, y, ink, paper, font, align) {
  g.font = `${font} "Waterbed Sans", sans-serif`; g.textAlign = align; g.lineJoin = "round"; g.strokeStyle = paper; g.globalAlpha = 0.9; g.lineWidth = 3.5;
  g.strokeText(text, x, y); g.globalAlpha = 1; g.fillStyle = ink; g.fillText(text, x, y);
}
function pack(hex) { const v = parseInt(hex.slice(1), 16); return (255 << 24 | (v & 255) << 16 | (v >> 8 & 255) << 8 | v >> 16) >>> 0; }

// A smooth closed line a little outside of a hull, waved so that it looks like a coast; always the same for the same hull.
function shore(g, points, out) {
  const [cx, cy] = [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / points.length), line = [];
  const away = ([x, y], by) => { const d = Math.hypot(x - cx, y - cy) || 1; return [x + (by * (x - cx)) / d, y + (by * (y - cy)) / d]; };
  for (const [i, p] of points.entries()) {
    const q = points[(i + 1) % points.length], parts = Math.max(1, Math.round(Math.hypot(q[0] - p[0], q[1] - p[1]) / (5 * out)));
    for (let k = 0; k < parts; k++) line.push(away([p[0] + (k / parts) * (q[0] - p[0]), p[1] + (k / parts) * (q[1] - p[1])], out * (1 + 0.75 * Math.sin(2.4 * line.length + i))));
  }
  const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  g.beginPath();
  g.moveTo(...middle(line.at(-1), line[0]));
  for (const [i, p] of line.entries()) g.quadraticCurveTo(...p, ...middle(p, line[(i + 1) % line.length]));
  g.closePath();
}

// Convex hull (Andrew's monotone chain).
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  if (sorted.length < 3) return sorted;
  const half = (list) => {
    const line = [];
    for (const p of list) {
      while (line.length > 1) {
        const [a, b] = line.slice(-2);
        if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
        line.pop();
      }
      line.push(p);
    }
    return line.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
