// A month as it came over the wire: where everybody is at any hour of it, in both worlds.

const MAGIC = 0x574d3031;
export const TRAVELLING = 3, DEAD = 12;
const TURNS = 0.7; // a journey that is not completed turns, or ends, here: it is drawn out, not measured

export function decode(buffer, legOf) {
  const head = new Int32Array(buffer, 0, 9);
  if (head[0] !== MAGIC || head[8] !== buffer.byteLength) throw new Error("a month that cannot be read");
  const month = { run: head[1], month: head[2], first: head[3], days: head[4], n: head[6], series: head[7], maps: [], bytes: buffer.byteLength };
  let at = 36;
  const take = (kind, length) => {
    const array = new kind(buffer, at, length);
    at += Math.ceil(array.byteLength / 4) * 4;
    return array;
  };
  month.person = take(Uint32Array, month.n);
  for (let map = 0; map < head[5]; map++) {
    const [m, c] = take(Uint32Array, 2);
    const course = { first: take(Uint32Array, month.n + 1), from: take(Uint16Array, m), to: take(Uint16Array, m), start: take(Int32Array, m), end: take(Int32Array, m), state: take(Uint8Array, m) };
    course.marks = take(Uint16Array, 4 * c);
    course.series = [];
    for (let k = 0; k < month.series; k++) course.series.push(take(Float32Array, month.days));
    course.leg = Int32Array.from(course.from, (from, i) => (from === course.to[i] ? -1 : legOf(from, course.to[i])));
    course.cursor = course.first.slice(0, month.n);
    course.hour = -Infinity;
    course.now = new Int32Array(month.n); // index of the present stay or journey, -1: nobody to be seen
    month.maps.push(course);
  }
  return month;
}

// Moves everybody's cursor to an hour of the month; time mostly runs forward, so this is mostly no work.
export function moveTo(month, map, hour) {
  const c = month.maps[map], { first, start, end, cursor, now } = c;
  if (hour < c.hour) cursor.set(first.subarray(0, month.n));
  c.hour = hour;
  for (let i = 0; i < month.n; i++) {
    let k = cursor[i];
    const stop = first[i + 1];
    if (k >= stop) { now[i] = -1; continue; }
    while (k + 1 < stop && start[k + 1] <= hour) k++;
    cursor[i] = k;
    now[i] = start[k] <= hour && hour < end[k] ? k : -1;
  }
  return now;
}

// How far along its leg a journey is, from 0 to 1. Those turned back come back; those who die get no further.
export function along(month, map, person, k, hour) {
  const c = month.maps[map];
  if (c.state[k] === DEAD) return TURNS;
  const part = (hour - c.start[k]) / Math.max(1, c.end[k] - c.start[k]);
  if (k + 1 < c.first[person + 1]) {
    if (c.state[k + 1] === DEAD) return part * TURNS;
    if (c.state[k + 1] !== TRAVELLING && c.from[k + 1] !== c.to[k]) return TURNS * (1 - Math.abs(2 * part - 1));
  }
  return part;
}
