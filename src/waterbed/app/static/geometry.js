// From degrees to pixels: one view for both maps, legs as bows so that the two directions part.

const STEPS = 24;

export class Geometry {
  constructor(world) {
    this.world = world;
    this.stretch = world.real ? Math.cos((25 * Math.PI) / 180) : 1;
    this.x = world.places.map((p) => p[3] * this.stretch);
    this.y = world.places.map((p) => -p[2]);
    this.view = { k: 1, x: 0, y: 0 }; // zoom, and shift in units of the map's width
    this.legs = new Map(world.legs.map((leg, i) => [leg[0] * 65536 + leg[1], i]));
    this.width = this.height = 0;
  }
  legOf = (from, to) => this.legs.get(from * 65536 + to) ?? -1;

  // Fits the world into a map of that size; true if anything has changed.
  fit(width, height) {
    const key = [width, height, this.view.k, this.view.x, this.view.y].join();
    if (key === this.key) return false;
    this.key = key;
    Object.assign(this, { width, height });
    const pad = this.world.real ? { x: 14, top: 12, bottom: 12 } : { x: 66, top: 30 + 0.02 * height, bottom: 40 + 0.02 * height }; // invented land reaches beyond its places
    const [[west, east], [north, south]] = this.ends();
    const sx = (width - 2 * pad.x) / (east - west || 1), sy = (height - pad.top - pad.bottom) / (south - north || 1);
    // Invented places may be drawn a little wide or high; the Earth may not.
    const base = Math.min(sx, sy);
    const [kx, ky] = this.world.real ? [base, base] : [Math.min(sx, 1.6 * base), Math.min(sy, 1.6 * base)];
    const { k, x, y } = this.view, middle = (pad.top + height - pad.bottom) / 2;
    this.px = (v) => width / 2 + k * (kx * (v - (west + east) / 2) + x * width);
    this.py = (v) => middle + k * (ky * (v - (north + south) / 2) + y * width);
    this.at = this.world.places.map((_, i) => [this.px(this.x[i]), this.py(this.y[i])]);
    this.paths = this.world.legs.map(([a, b]) => this.bow(this.at[a], this.at[b]));
    return true;
  }

  bow([x0, y0], [x1, y1]) {
    const path = new Float32Array(2 * (STEPS + 1));
    for (let i = 0; i <= STEPS; i++) {
      const t = i / STEPS, lift = 0.3 * t * (1 - t);
      path[2 * i] = x0 + t * (x1 - x0) + lift * (y1 - y0);
      path[2 * i + 1] = y0 + t * (y1 - y0) - lift * (x1 - x0);
    }
    return path;
  }

  // Writes the point at a share of a leg into out.
  point(leg, share, out) {
    const path = this.paths[leg], at = Math.max(0, Math.min(STEPS - 1e-6, share * STEPS)), i = at | 0, part = at - i;
    out[0] = path[2 * i] + part * (path[2 * i + 2] - path[2 * i]);
    out[1] = path[2 * i + 1] + part * (path[2 * i + 3] - path[2 * i + 1]);
  }

  // On the Earth one far place in a hundred must not make all others small; it is reached by moving the map.
  ends() {
    const far = this.world.real ? 0.0085 : 0;
    return [ends(this.x, far), ends(this.y, far)];
  }

  // Height of a map that wastes none, for a width.
  heightFor(width) {
    const [[west, east], [north, south]] = this.ends();
    return this.world.real ? 24 + ((width - 28) * (south - north)) / (east - west || 1) * 1.6 : Infinity;
  }

  move(dx, dy) { this.view.x += dx / this.view.k; this.view.y += dy / this.view.k; this.keep(); }
  zoom(factor) { this.view.k = Math.max(1, Math.min(40, this.view.k * factor)); if (this.view.k === 1) this.view.x = this.view.y = 0; this.keep(); }
  reset() { this.view = { k: 1, x: 0, y: 0 }; }
  keep() { for (const axis of ["x", "y"]) this.view[axis] = Math.max(-0.6, Math.min(0.6, this.view[axis])); }
}

// The values between which all but a share at each end lie.
function ends(values, share) {
  const sorted = [...values].sort((a, b) => a - b), cut = Math.floor(share * sorted.length);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}
