// What is shared, taken along, and said about the model.

import { ABOUT } from "./legend.js";
import { download, link } from "./share.js";
import { picture } from "./stage.js";
import { $, S } from "./state.js";
import { el } from "./words.js";

function dialog(title, ...body) {
  $("dialog-title").textContent = title;
  $("dialog-body").replaceChildren(...body);
  $("dialog").showModal();
}

const toml = () => download(`${S.world.name}.toml`, S.world.toml, "text/plain");
const button = (id, textContent, onclick, ready = true) => el("button", { type: "button", id, textContent, disabled: !ready, onclick });

function share() {
  const text = el("textarea", { readOnly: true, value: link(S), ariaLabel: "Link to this setting" });
  const copy = button("copy", "Copy", (e) => { text.select(); navigator.clipboard?.writeText(text.value); e.target.textContent = "Copied"; });
  dialog("Share this setting", el("p", { textContent: "The link holds the scenario, the seed and what you have changed. It opens for whoever has the app running (waterbed app)." }), text,
    el("p", { className: "row" }, copy, button("toml", "Save as TOML", toml, S.world)));
}

function exporting() {
  dialog("Export", el("p", { textContent: "Timelines of this pair of runs as far as they have been computed, the setting, and the effects of the last comparison." }),
    el("p", { className: "row" }, button("export-toml", "Setting (TOML)", toml, S.world),
      button("export-timelines", "Timelines (CSV)", () => download("timelines.csv", S.record.csv(), "text/csv"), S.record),
      button("export-effects", "Effects (CSV)", () => download("effects.csv", S.compare.results.csv, "text/csv"), S.compare.results),
      button("export-picture", "Maps (PNG)", picture, S.world)));
}

$("dialog-close").onclick = () => $("dialog").close();
$("about").onclick = () => dialog("About, and its limits", ...ABOUT.flatMap(([title, text]) => [el("h2", { textContent: title }), el("p", { textContent: text })]));
$("share").onclick = share;
$("export").onclick = exporting;
