// A setting as a link or a file. What a link says is checked by the server, as a file would be.

const FIELDS = { s: "scenario", t: "toml", n: "seed" };

export function link({ scenario, toml, seed, changes }) {
  const part = new URLSearchParams();
  part.set("s", scenario);
  if (toml) part.set("t", toml);
  part.set("n", seed);
  for (const [address, value] of Object.entries(changes)) part.set(address, JSON.stringify(value));
  return `${location.origin}/#${part}`;
}

export function fromLink(hash, { scenario, toml, seed }) {
  const found = { scenario, toml, seed, changes: {} };
  for (const [name, value] of new URLSearchParams(hash.slice(1))) {
    if (name === "n") found.seed = parsed(value); // the server says whether it is one
    else if (name in FIELDS) found[FIELDS[name]] = value;
    else found.changes[name] = parsed(value);
  }
  return found;
}

function parsed(text) { try { return JSON.parse(text); } catch { return text; } }

export function download(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
