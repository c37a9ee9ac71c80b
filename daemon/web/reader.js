// What reads the pages: which model, on which device, and the models that are on their way.
import { ask } from "./ask.js";
import { translate, translateSentence } from "./language.js";
import { button, make, surely, trouble } from "./make.js";
import { say, trying } from "./say.js";
import { size, span } from "./words.js";

const DEVICES = { 
  cuda: translate("NVIDIA graphics card"),
  mps: translate("Apple graphics"),
  npu: translate("Ascend NPU"),
  cpu: translate("Processor"),
 };
const AUTO = {
  model: [translate("Automatic"), translate("The best model that is here and fits this machine.")],
  device: [translate("Automatic"), translate("The fastest device that the model fits.")],
};

export function reader() {
  const models = make("fieldset", { class: "choices" }, make("legend", { class: "hidden" }, translate("Model")));
  const devices = make(
    "fieldset",
    { class: "choices", "aria-busy": "true" },
    make("legend", { class: "hidden" }, translate("Device")),
    ...[1, 2, 3].map(() => make("div", { class: "choice card waits" })),
  );
  const element = make(
    "div",
    {},
    make("div", { class: "title" }, make("h1", {}, translate("Reader"))),
    make(
      "section",
      { class: "section first" },
      make("h2", {}, translate("Model")),
      make(
        "p",
        {},
        translate(
          "The quick reader is always here. The large models read tables, formulas and handwriting better, and take more time and memory.",
        ),
      ),
      models,
    ),
    make(
      "section",
      { class: "section" },
      make("h2", {}, translate("Device")),
      make("p", {}, translate("What the large models run on. The quick reader needs none.")),
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
    return taken ? [[translate("Now"), `${translate(taken.title)}. ${translateSentence(fits.why)}`]] : [];
  }

  /** How a model would run on this machine, and how fast it has read here. */
  function fitOf({ id }) {
    const fit = fits?.models.find((one) => one.id === id);
    if (!fit) return [];
    const here = fit.row
      ? translate("{row}, {size} of memory", { row: fit.row, size: size(fit.memory) })
      : translateSentence(fit.why);
    const speed = fit.seconds_a_page && translate("{time} a page, measured", { time: span(fit.seconds_a_page) });
    return [[translate("Here"), [here, speed].filter(Boolean).join(" · ")]];
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
    if (done) say(translate("{title} is chosen.", { title }), translate("It is used from the next page on."));
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
    const here = { yes: "", partly: translate("partly here"), no: translate("not here yet") }[one.here];
    const far =
      fetching &&
      make("progress", {
        max: Math.max(one.size, 1),
        value: one.installing ? null : one.done,
        "aria-label": translate("{title} downloaded", { title: one.title }),
      });
    const { message, advice } = refused.get(one.id) ?? { message: one.problem, advice: one.advice };
    const how =
      refused.has(one.id) &&
      known.install &&
      translate("This installs them, then fetches it: `{command}`", { command: known.install });
    const lines = [[one.size ? size(one.size) : translate("built in"), one.licence, here].filter(Boolean).join(" · ")];
    if (fetching) lines[0] = translate("Downloading: {done} of {total}", { done: size(one.done), total: size(one.size) });
    if (one.installing) lines[0] = translate("Installing: {what}", { what: one.installing });
    const speed = one.pages_a_minute && translate("{number} pages a minute on two cores", { number: one.pages_a_minute });
    lines.push([translate("Good at"), one.good_at && translate(one.good_at)]);
    lines.push([translate("Languages"), one.languages && translate(one.languages)]);
    lines.push([translate("Score"), one.score && `${one.score} (${one.score_source})`], [translate("Speed"), speed]);
    lines.push(...fitOf(one));
    return choice({
      what: "model",
      name: one.id,
      title: translate(one.title),
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
        translate("Cancel"),
        then(() => ask("POST", `${models}/cancel`)),
        { "aria-label": translate("Cancel the download of {title}", { title: one.title }) },
      );
    if (!one.installed && known.install && (refused.has(one.id) || one.problem))
      return button(
        "download",
        translate("Install and download ({size})", { size: size(one.size) }),
        then(() => ask("POST", `${models}/pull?install=true`)),
        { title: translate("Licence: {name}", { name: one.licence }) },
      );
    if (!one.installed)
      return button(
        "download",
        one.here === "partly"
          ? translate("Go on ({size})", { size: size(one.size) })
          : translate("Download ({size})", { size: size(one.size) }),
        then(() => ask("POST", `${models}/pull`)),
        { title: translate("Licence: {name}", { name: one.licence }) },
      );
    return one.size && !one.in_use && !one.chosen
      ? surely(
          "remove",
          translate("Delete"),
          translate("Really delete?"),
          then(() => ask("DELETE", models)),
        )
      : null;
  }

  function device(one, chosen, inUse) {
    const lines = one.usable ? [one.row] : [translateSentence(one.why), translateSentence(one.advice)];
    const memory = one.total ? translate("{free} of {total} free", { free: size(one.free), total: size(one.total) }) : "";
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
        make("label", { for: id }, title, " ", inUse && make("span", { class: "tag good" }, translate("in use"))),
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
    title: translate("Reader"),
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
