// Live timelines: both worlds up to the day that is shown, the operation shaded, the setting before the last change dotted.

import { color, el, named, number } from "./words.js";

const SMOOTH = 7, SMOOTH_FEW = 28, FEW = 5; // days of the trailing mean (nothing moves before its cause), and of the one for few people a day
const STOCKS = new Set(["exploited", "open_hubs"]);
const HOVER = 12; // names told to the pointer
const NARROWEST = 215, ROW = 13, ROWS = 2, HEAD = 4 + ROW * ROWS; // of a chart, and of the rows of names above its lines, in pixels

export class Record {
  constructor(series, days, history, scale) {
    Object.assign(this, { days, scale });
    this.values = new Map(series.map((s) => [s.name, [new Float64Array(days).fill(NaN), new Float64Array(days).fill(NaN)]]));
    this.names = series.map((s) => s.name);
    for (const [k, name] of this.names.entries()) for (const line of this.values.get(name)) line.set(history[k] ?? []);
  }
  add(month) {
    for (const [map, course] of month.maps.entries()) for (const [k, name] of this.names.entries()) this.values.get(name)[map].set(course.series[k], month.first);
  }
  width(name) {
    if (STOCKS.has(name)) return 1;
    const known = this.values.get(name)[0].filter((v) => !Number.isNaN(v));
    return known.reduce((a, b) => a + b, 0) < FEW * this.scale * known.length ? SMOOTH_FEW : SMOOTH;
  }
  smooth(name, map) {
    const values = this.values.get(name)?.[map];
    if (!values) return null;
    const width = this.width(name);
    const out = new Array(values.length).fill(null);
    let sum = 0;
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) break;
      sum += values[i] - (i >= width ? values[i - width] : 0);
      if (i >= width - 1) out[i] = sum / width;
    }
    return out;
  }
  csv() {
    const lines = ["day,series,without,with"];
    for (const name of this.names) {
      const [without, treated] = this.values.get(name);
      for (let day = 0; day < this.days; day++) if (!Number.isNaN(treated[day])) lines.push(`${day},"${name}",${without[day]},${treated[day]}`);
    }
    return lines.join("\n") + "\n";
  }
}

export class Timelines {
  constructor(panel, world, ready) {
    Object.assign(this, { panel, world, ready });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(panel);
    this.build();
  }

  build() {
    const { panel, ready } = this;
    // What was chosen in the charts before these stays; what they showed by themselves may be another thing now.
    const chosen = [...panel.querySelectorAll("select")].map((select) => (select.dataset.chosen ? select.value : ""));
    const known = new Set(ready.series.map((s) => s.name)), wanted = usual(ready).slice(0, panel.clientWidth < 3 * NARROWEST ? 2 : 3);
    panel.replaceChildren();
    this.charts = wanted.map((name, i) => this.chart(known.has(chosen[i]) ? chosen[i] : name, i, known.has(chosen[i])));
  }

  chart(name, i, chosen) {
    const unit = el("span", { className: "unit" }), plot = el("div", { className: "plot", title: this.measures() });
    const select = el("select", { id: `chart-${i + 1}`, ariaLabel: `What chart ${i + 1} shows`, onchange: () => { chart.name = select.value; select.dataset.chosen = "yes"; this.draw(); } }, ...this.ready.series.map((s) => el("option", { value: s.name, textContent: s.title })));
    select.value = name;
    if (chosen) select.dataset.chosen = "yes";
    const box = el("div", { className: "chart" }, el("div", { className: "head" }, select, unit), plot);
    this.panel.append(box);
    const chart = { name, unit, plot, box };
    chart.plotter = new uPlot(this.options(plot), [[0], [null], [null], [null]], plot);
    return chart;
  }

  options(plot) {
    const axis = { stroke: color("soft"), font: '12px "Waterbed Sans"', ticks: { show: false } };
    return {
      width: Math.max(120, plot.clientWidth), height: Math.max(90, plot.clientHeight), legend: { show: false }, cursor: { show: false },
      scales: { x: { time: false, range: () => [this.from, this.from + 1.13 * (this.world.days - this.from)] }, y: { range: (_, low, high) => [0, (high || 0.8) / (1 - HEAD / Math.max(90, plot.clientHeight - 24))] } },
      axes: [{ ...axis, grid: { show: false }, size: 24, space: 60, values: (_, days) => days.map((d) => (d === days[0] ? `day ${d}` : `${d}`)) }, { ...axis, size: 40, space: 32, grid: { stroke: color("grid"), width: 1 }, values: (_, v) => v.map((x) => number(x)) }],
      series: [{}, { stroke: color("with"), width: 1.4, dash: [2, 3], points: { show: false } }, { stroke: color("without"), width: 1.8, points: { show: false } }, { stroke: color("with"), width: 2.2, points: { show: false } }],
      hooks: { drawClear: [(u) => this.shade(u)], draw: [(u) => this.label(u)] },
    };
  }

  get from() { return Math.max(0, this.ready.first - 60); }

  // What is done and when, for the pointer: names that find no room beside their strips are told here.
  measures() {
    const lines = this.world.measures.map((m) => `${named(m)}: day ${m.start} to ${Math.min(m.start + m.days, this.world.days) - 1}`), more = lines.length - HOVER;
    return [...lines.slice(0, HOVER), ...(more > 0 ? [`and ${more} more: see “What you see”`] : [])].join("\n");
  }

  // Strips of what acts; what is off is only bounded, where it would begin.
  shade(u) {
    const g = u.ctx, { left, top, width, height } = u.bbox, ratio = devicePixelRatio;
    g.save();
    for (const measure of this.world.measures) {
      const [x0, x1] = this.strip(u, measure);
      g.fillStyle = color("operation"); g.strokeStyle = color("operation-text"); g.lineWidth = ratio; g.globalAlpha = measure.on ? 1 : 0.6;
      if (measure.on) g.fillRect(x0, top, Math.max(3 * ratio, x1 - x0), height);
      else if (x0 < left + width) { g.setLineDash([2 * ratio, 4 * ratio]); g.beginPath(); g.moveTo(x0, top); g.lineTo(x0, top + height); g.stroke(); }
    }
    g.restore();
  }
  strip(u, { start, days }) { return [start, Math.min(start + days, this.world.days)].map((day) => Math.max(u.bbox.left, Math.min(u.bbox.left + u.bbox.width, u.valToPos(day, "x", true)))); }

  // The names above the lines, in their strips or beside them: what acts first, and none over another. Where most
  // find no room they are only counted.
  names(u) {
    const g = u.ctx, ratio = devicePixelRatio, { left, top, width } = u.bbox, gap = 4 * ratio;
    const rows = Array.from({ length: ROWS }, () => []);
    let placed = [];
    g.font = `600 ${12 * ratio}px "Waterbed Sans"`; g.textAlign = "left"; g.fillStyle = color("operation-text");
    for (const measure of [...this.world.measures].sort((a, b) => b.on - a.on || a.start - b.start)) {
      const text = named(measure), wide = g.measureText(text).width, [x0, x1] = this.strip(u, measure);
      const x = (measure.on && x1 - x0 < wide + 2 * gap ? Math.max(x1, x0 + 3 * ratio) : x0) + gap, end = x + wide;
      const row = rows.findIndex((taken) => end <= left + width && !taken.some(([a, b]) => x < b + 2 * gap && a < end + 2 * gap));
      if (row < 0) continue;
      rows[row].push([x, end]);
      placed.push({ text, row, x, end, off: !measure.on });
    }
    const all = this.world.measures, acting = all.filter((m) => m.on), told = placed.filter((name) => !name.off), of = acting.length ? acting : all;
    if (2 * placed.length < all.length && acting.length && 2 * told.length >= acting.length) placed = told;
    else if (2 * placed.length < all.length) placed = [{ text: count(of), row: 0, x: left + gap, end: left + gap + g.measureText(count(of)).width, off: !acting.length }];
    g.lineJoin = "round"; g.lineWidth = 3 * ratio; g.strokeStyle = color("paper");
    for (const { text, row, x, off } of placed) {
      if (off) g.strokeText(text, x, top + (10 + ROW * row) * ratio);
      g.fillText(text, x, top + (10 + ROW * row) * ratio);
    }
    return placed;
  }

  // Names beside the lines' ends, in their colours.
  label(u) {
    const g = u.ctx, ratio = devicePixelRatio, { left, top, width, height } = u.bbox;
    const x = Math.min(left + width, u.valToPos(this.day, "x", true)), chart = this.charts?.find((c) => c.plotter === u);
    g.save();
    const placed = this.names(u);
    if (chart) chart.placed = placed;
    if (!this.record) return g.restore();
    g.strokeStyle = color("ink"); g.lineWidth = ratio; g.globalAlpha = 0.35;
    g.beginPath(); g.moveTo(x, top); g.lineTo(x, top + height); g.stroke(); g.globalAlpha = 1;
    const ends = [[2, "without"], [3, "with"]].map(([k, name]) => ({ name, y: u.valToPos(last(u.data[k]) ?? 0, "y", true) })).sort((a, b) => a.y - b.y), room = 14 * ratio;
    const middle = Math.max(top + HEAD * ratio + room, Math.min((ends[0].y + ends[1].y) / 2, top + height - room / 2 - 2 * ratio)), apart = Math.max(room, ends[1].y - ends[0].y) / 2;
    g.font = `600 ${12.5 * ratio}px "Waterbed Sans"`; g.lineJoin = "round"; g.lineWidth = 3 * ratio; g.strokeStyle = color("paper");
    for (const [i, { name }] of ends.entries()) {
      const at = [x + 5 * ratio, middle + (i ? apart : -apart) + 4 * ratio];
      g.globalAlpha = 0.85; g.fillStyle = color("paper"); g.fillRect(at[0] - 2 * ratio, at[1] - 10.5 * ratio, g.measureText(name).width + 4 * ratio, 14 * ratio); g.globalAlpha = 1; // the line of the setting before goes on beneath
      g.strokeText(name, ...at); g.fillStyle = color(name); g.fillText(name, ...at);
    }
    g.restore();
  }

  // Everything up to a day; before: the record of the setting before.
  show(record, before, day) { Object.assign(this, { record, before, day }); this.draw(); }

  draw() {
    const days = Array.from({ length: this.world.days }, (_, i) => i);
    if (!this.record) for (const chart of this.charts) { chart.plotter.setData([days, ...[0, 1, 2].map(() => days.map(() => null))]); chart.unit.textContent = ""; }
    else for (const chart of this.charts) {
      const until = (line) => line?.map((v, i) => (i <= this.day ? v : null)) ?? days.map(() => null);
      const [without, treated] = [0, 1].map((map) => until(this.record.smooth(chart.name, map)));
      const width = this.record.width(chart.name);
      chart.unit.textContent = this.ready.series.find((s) => s.name === chart.name).unit + (width > 1 ? `, ${width}-day mean` : "");
      const ghost = this.before?.smooth(chart.name, 1) ?? null;
      chart.plotter.setData([days, fill(ghost, days.length), without, treated]);
      const said = `day ${this.day}: ${number(last(without) ?? 0)} without, ${number(last(treated) ?? 0)} with`;
      chart.plot.setAttribute("role", "img");
      chart.plot.setAttribute("aria-label", `${chart.unit.textContent}, ${said}`);
    }
  }

  resize() {
    if (this.panel.clientWidth && this.charts.length !== (this.panel.clientWidth < 3 * NARROWEST ? 2 : 3)) { this.build(); return this.draw(); }
    for (const { plot, plotter } of this.charts) if (plot.clientWidth) plotter.setSize({ width: plot.clientWidth, height: plot.clientHeight });
  }
}

// What the charts show unless somebody chooses: the waterbed where there is one, or else all crossings and the largest routes.
function usual(ready) {
  const { series, history } = ready, find = (name) => series.find((s) => s.name === name);
  const sum = (s) => total(history[series.indexOf(s)]);
  if (find("treated")) return ["treated", carriesOthers(ready) ? "others" : "deaths", "arrivals"].filter(find);
  const routes = series.filter((s) => s.name.startsWith("route:")).sort((a, b) => sum(b) - sum(a)).map((s) => s.name);
  return ["crossings", ...(routes.length > 1 ? routes : ["arrivals", "deaths"].filter(find))].slice(0, 3);
}

// Whether anybody crosses where no officers are sent: if not, there is no other side of the bed.
export const carriesOthers = ({ series, history }) => total(history[series.findIndex((s) => s.name === "others")]) > 0;
const total = (line) => (line ?? []).reduce((a, b) => a + b, 0);

function count(measures) {
  const n = (kind, one, more) => { const k = measures.filter((m) => m.kind === kind).length; return k ? [k === 1 ? `1 ${one}` : `${k} ${more}`] : []; };
  return [...n("operation", "operation", "operations"), ...n("policy", "policy", "policies")].join(", ") + (measures.some((m) => m.on) ? "" : " (off)");
}

const fill = (line, length) => Array.from({ length }, (_, i) => line?.[i] ?? null);
function last(line) { for (let i = line.length - 1; i >= 0; i--) if (line[i] !== null) return line[i]; return null; }
