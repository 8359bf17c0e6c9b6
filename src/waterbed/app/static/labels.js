// Room for words on a map: each is put where it covers none that was put before it, or is left out.

export const HIGH = 14; // of a line of words, in pixels

export class Labels {
  constructor(width, height) { Object.assign(this, { width, height, taken: [], said: [] }); }

  // Keeps a box free of words.
  block(x, y, wide, high = HIGH) { this.taken.push([x, y, wide, high]); }
  free(x, y, wide, high = HIGH) { return !this.taken.some(([a, b, c, d]) => x < a + c && a < x + wide && y < b + d && b < y + high); }

  // The first of some places, [left, top], that is free; it is taken then. Null where there is none.
  put(wide, places) {
    for (const [left, y] of places) {
      const x = Math.max(0, Math.min(this.width - wide, left));
      if (y < 0 || y + HIGH > this.height || !this.free(x, y, wide)) continue;
      this.block(x, y, wide);
      this.said.push([x, y, wide, HIGH]);
      return [x, y];
    }
    return null;
  }
}
