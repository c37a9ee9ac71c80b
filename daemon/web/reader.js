// What reads the pages: which model, on which device, and the models that are on their way.
import { ask } from "./ask.js";
import { button, make, surely, trouble } from "./make.js";
import { say, trying } from "./say.js";
import { size, span } from "./words.js";

const DEVICES = { cuda: "NVIDIA graphics card", mps: "Apple graphics", npu: "Ascend NPU", cpu: "Processor" };
const AUTO = {
  model: ["Automatic", "The best model that is here and fits this machine."],
  device: ["Automatic", "The fastest device that the model fits."],
};

export function reader() {
  const models = make("fieldset", { class: "choices" }, make("legend", { class: "hidden" }, "Model"));
  const devices = make(
    "fieldset",
    { class: "choices", "aria-busy": "true" },
    make("legend", { class: "hidden" }, "Device"),
    ...[1, 2, 3].map(() => make("div", { class: "choice card waits" })),
  );
  const element = make(
    "div",
    {},
    make("div", { class: "title" }, make("h1", {}, "Reader")),
    make(
      "section",
      { class: "section first" },
      make("h2", {}, "Model"),
      make(
        "p",
        {},
        "The quick reader is always here. The large models read tables, formulas and handwriting better, and take more time and memory.",
      ),
      models,
    ),
    make(
      "section",
      { class: "section" },
      make("h2", {}, "Device"),
      make("p", {}, "What the large models run on. The quick reader needs none."),
      devices,
    ),
  );
  const refused = new Map(); // by a model's name: the problem that the last press of its button met
  let seen = "",
    loadedOn = null,
    known = null, // the models, as they were answered last
    fits = null, // how each would run here, once that is known: the first look at the devices takes seconds
    closed = false;

  async function lookAtModels() {
    const answer = await trying(() => ask("GET", "/v1/models"));
    if (!answer || closed) return;
    known = answer;
    showModels();
  }

  function showModels() {
    if (known) fill(models, [auto("model", known.chosen, automatic()), ...known.data.map(model)]);
  }

  async function lookAtFits() {
    const answer = await trying(() => ask("GET", "/v1/model-fits"));
    if (!answer || closed) return;
    fits = answer;
    showModels();
  }

  /** What Automatic takes now, and why. */
  function automatic() {
    const taken = fits && known.data.find((one) => one.id === fits.automatic);
    return taken ? [["Now", `${taken.title}. ${fits.why}`]] : [];
  }

  /** How a model would run on this machine, and how fast it has read here. */
  function fitOf({ id }) {
    const fit = fits?.models.find((one) => one.id === id);
    if (!fit) return [];
    const here = fit.row ? `${fit.row}, ${size(fit.memory)} of memory` : fit.why;
    const speed = fit.seconds_a_page && `${span(fit.seconds_a_page)} a page, measured`;
    return [["Here", [here, speed].filter(Boolean).join(" · ")]];
  }

  async function lookAtDevices() {
    const answer = await trying(() => ask("GET", "/v1/devices"));
    devices.removeAttribute("aria-busy");
    if (answer && !closed)
      fill(devices, [
        auto("device", answer.chosen),
        ...answer.devices.map((one) => device(one, answer.chosen, answer.in_use)),
      ]);
  }

  async function choose(what, name, title) {
    const done = await trying(() => ask("POST", `/v1/${what}`, { name }));
    if (done) say(`${title} is chosen.`, "It is used from the next page on.");
    await (what === "model" ? lookAtModels() : lookAtDevices());
  }

  const auto = (what, chosen, more = []) =>
    choice({
      what,
      name: "auto",
      title: AUTO[what][0],
      lines: [AUTO[what][1], ...more],
      chosen: chosen === "auto",
    });

  function model(one) {
    const fetching = one.done !== null;
    const here = { yes: "", partly: "partly here", no: "not here yet" }[one.here];
    const far =
      fetching &&
      make("progress", {
        max: Math.max(one.size, 1),
        value: one.installing ? null : one.done,
        "aria-label": `${one.title} downloaded`,
      });
    const { message, advice } = refused.get(one.id) ?? { message: one.problem, advice: one.advice };
    const how = refused.has(one.id) && known.install && `This installs them, then fetches it: \`${known.install}\``;
    const lines = [[one.size ? size(one.size) : "built in", one.licence, here].filter(Boolean).join(" · ")];
    if (fetching) lines[0] = `Downloading: ${size(one.done)} of ${size(one.size)}`;
    if (one.installing) lines[0] = `Installing: ${one.installing}`;
    const speed = one.pages_a_minute && `${one.pages_a_minute} pages a minute on two cores`;
    lines.push(["Good at", one.good_at], ["Languages", one.languages]);
    lines.push(["Score", one.score && `${one.score} (${one.score_source})`], ["Speed", speed]);
    lines.push(...fitOf(one));
    return choice({
      what: "model",
      name: one.id,
      title: one.title,
      lines,
      chosen: one.chosen,
      inUse: one.in_use,
      usable: one.installed,
      far,
      deed: deed(one, fetching),
      wrong: !fetching && message && trouble(message, how || advice),
    });
  }

  function deed(one, fetching) {
    const models = `/v1/models/${encodeURIComponent(one.id)}`;
    const then = (ask_) => async () => {
      refused.delete(one.id);
      await ask_().catch((problem) => problem.status !== 401 && refused.set(one.id, problem));
      await lookAtModels();
    };
    if (fetching)
      return button(
        "close",
        "Cancel",
        then(() => ask("POST", `${models}/cancel`)),
        { "aria-label": `Cancel the download of ${one.title}` },
      );
    if (!one.installed && known.install && (refused.has(one.id) || one.problem))
      return button(
        "download",
        `Install and download (${size(one.size)})`,
        then(() => ask("POST", `${models}/pull?install=true`)),
        { title: `Licence: ${one.licence}` },
      );
    if (!one.installed)
      return button(
        "download",
        `${one.here === "partly" ? "Go on" : "Download"} (${size(one.size)})`,
        then(() => ask("POST", `${models}/pull`)),
        { title: `Licence: ${one.licence}` },
      );
    return one.size && !one.in_use && !one.chosen
      ? surely(
          "remove",
          "Delete",
          "Really delete?",
          then(() => ask("DELETE", models)),
        )
      : null;
  }

  function device(one, chosen, inUse) {
    const lines = one.usable ? [one.row] : [one.why, one.advice];
    const memory = one.total ? `${size(one.free)} of ${size(one.total)} free` : "";
    return choice({
      what: "device",
      name: one.name,
      title: [DEVICES[one.name] ?? one.name, one.usable && one.title].filter(Boolean).join(" · "),
      lines: [...lines, one.usable && memory],
      chosen: one.name === chosen,
      inUse: one.usable && inUse.startsWith(one.name),
      usable: one.usable,
    });
  }

  function choice({
    what,
    name,
    title,
    lines,
    chosen,
    inUse = false,
    usable = true,
    far = null,
    deed: act = null,
    wrong = null,
  }) {
    const id = `${what}-${name}`;
    const told = make(
      "span",
      { id: `${id}-about`, class: "lines" },
      ...lines.map(inLine).filter(Boolean),
    );
    const radio = make("input", {
      type: "radio",
      name: what,
      id,
      value: name,
      checked: chosen,
      disabled: !usable,
      "aria-describedby": `${id}-about`,
      on: { change: () => choose(what, name, title) },
    });
    return make(
      "div",
      { class: `choice card${usable ? "" : " greyed"}` },
      radio,
      make(
        "div",
        { class: "what" },
        make("label", { for: id }, title, " ", inUse && make("span", { class: "tag good" }, "in use")),
        told,
        far,
      ),
      act,
      wrong,
    );
  }

  function status(now) {
    if (!now) return;
    const said = JSON.stringify([now.downloads, now.reader, now.loaded, now.troubles]);
    if (said !== seen) lookAtModels();
    seen = said;
    const on = JSON.stringify([now.device, now.reader]);
    if (on !== loadedOn) lookAtDevices().then(lookAtFits);
    loadedOn = on;
  }

  return {
    title: "Reader",
    element,
    status,
    again: () => {
      lookAtModels();
      lookAtDevices().then(lookAtFits);
    },
    close: () => {
      closed = true;
    },
  };
}

/** A line of a card: some words, or what they are about and they; none where there is nothing to say. */
function inLine(line) {
  const [about, words] = Array.isArray(line) ? line : ["", line];
  return words ? make("span", {}, about && make("b", {}, about), about && " ", words) : null;
}

/** Put choices in place, leaving focus where it was. */
function fill(place, choices) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  place.replaceChildren(place.firstElementChild, ...choices);
  if (focused) document.getElementById(focused)?.focus();
}
