// What reads the pages: which model, on which device, and the models that are on their way.
import { ask } from "./ask.js";
import { fetching, stateLine } from "./fetching.js";
import { number, translate, translateSentence } from "./language.js";
import { make, withCode } from "./make.js";
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
  const wanting = make(
    "p",
    { hidden: true },
    translate("Large models need libraries that are not here yet. The first download names them, and installs them if you agree."),
  );
  const recognisers = make("div", { class: "choices" });
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
      wanting,
      models,
    ),
    make(
      "section",
      { class: "section" },
      make("h2", {}, translate("Other scripts")),
      make(
        "p",
        {},
        translate("Recognisers for other scripts: with them the quick reader reads lines that it cannot read."),
      ),
      recognisers,
    ),
    make(
      "section",
      { class: "section" },
      make("h2", {}, translate("Device")),
      make("p", {}, translate("What the large models run on. The quick reader needs none.")),
      devices,
    ),
  );
  const fetcher = fetching(() => lookAtModels());
  let seen = "",
    loadedOn = null,
    known = null, // the models, as they were answered last
    fits = null, // how each would run here, once that is known: the first look at the devices takes seconds
    closed = false;

  async function lookAtModels() {
    const answer = await trying(() => ask("GET", "/v1/models"));
    if (!answer || closed) return;
    const isInstalled = known?.install && !answer.install;
    known = answer;
    showModels();
    if (isInstalled) lookAtDevices().then(lookAtFits); // libraries came, and devices can be used
  }

  function showModels() {
    if (!known) return;
    wanting.hidden = !known.install;
    fill(models, [auto("model", known.chosen, automatic()), ...known.data.map(model)]);
    fill(recognisers, known.recognisers.map(recogniser));
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
    if (!fit || (known.install && !fit.row && !fit.seconds_a_page)) return []; // the same of all: said above them
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
    const lines = [stateLine(one)];
    const rounded = one.pages_a_minute && number(one.pages_a_minute, { maximumFractionDigits: 1 });
    const speed = rounded && translate("{number} pages a minute on two cores", { number: rounded });
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
      ...fetcher.parts(one, known.install),
    });
  }

  /** An addition to the quick reader: there is nothing to choose. */
  function recogniser(one) {
    const { far, deed, wrong } = fetcher.parts(one, "");
    const what = make("div", { class: "what" }, make("b", {}, translate(one.languages)));
    what.append(make("span", { class: "lines" }, inLine(stateLine(one))));
    if (far) what.append(far);
    return make("div", { class: "choice card" }, what, deed, wrong);
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
  return words ? make("span", {}, about && make("b", {}, about), about && " ", ...withCode(words)) : null;
}

/** Put choices in place, leaving focus where it was, and a button that waits to be pressed again. */
function fill(place, choices) {
  const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
  const waiting = place.querySelector(".button.sure");
  place.replaceChildren(...place.querySelectorAll("legend"), ...choices);
  const anew = waiting && document.getElementById(waiting.id);
  if (anew?.dataset.asks && anew.dataset.asks === waiting.dataset.asks) anew.replaceWith(waiting);
  if (focused) document.getElementById(focused)?.focus();
}
