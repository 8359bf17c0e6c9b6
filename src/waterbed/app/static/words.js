// Numbers and names as they are written in print: narrow no-break spaces, a true minus, two significant digits.

export function number(value, digits = 2, signed = false) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(value)));
  const unit = 10 ** (size - digits + 1);
  const rounded = Math.round(Math.abs(value) / unit) * unit;
  const text = rounded.toLocaleString("en", { maximumFractionDigits: Math.max(0, digits - 1 - size), minimumFractionDigits: 0 }).replaceAll(",", "\u202f");
  return (value < 0 ? "\u2212" : signed ? "+" : "") + text;
}

export const whole = (value) => Math.round(value).toLocaleString("en").replaceAll(",", "\u202f");
export const percent = (value, signed = false) => number(100 * value, 2, signed) + "\u202f%";

const FATES = { dead: "Died", never_left: "Never left", back: "Turned back", on_the_way: "On the way", exploited: "Exploited", protected: "Protected", detained: "Detained", legal: "Left legally", "other fates": "Other fates" };
export const fate = (name) => name.startsWith("crossed: ") ? "Crossed, " + name.slice(9) : FATES[name] ?? name;

// An operation's or a policy's name as words: libya_2017 is "libya 2017".
export const plain = (name) => name.replaceAll("_", " ");
export const named = (measure) => plain(measure.name) + (measure.on ? "" : " (off)");

export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

export function date(start, day) {
  const when = new Date(start + "T00:00:00Z");
  when.setUTCDate(when.getUTCDate() + day);
  return when.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

// An element with attributes and children; strings become text, so nothing that comes from a file is read as HTML.
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list" && name !== "form") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((c) => c !== null && c !== undefined));
  return made;
}

// Draws a panel anew. What had the keyboard's focus has it again, or the panel, if it is gone; what was open stays open.
export function redrawn(panel, draw) {
  const held = panel.contains(document.activeElement) ? document.activeElement : null, top = panel.scrollTop;
  const open = new Set([...panel.querySelectorAll("details[open]")].map((d) => d.id));
  draw();
  for (const details of panel.querySelectorAll("details")) details.open ||= !!details.id && open.has(details.id);
  const again = held?.id ? document.getElementById(held.id) : null;
  if (held && document.activeElement !== held) (again && !again.disabled ? again : panel).focus({ preventScroll: true });
  panel.scrollTop = top;
}

export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
