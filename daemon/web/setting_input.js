// What a setting is changed with, by its kind: a field, a list to choose from, boxes to tick.
import { translate } from "./language.js";
import { make } from "./make.js";

/**
 * Its label and input as `element`, its `value()`, and `show(field)`, which leaves alone what somebody types in.
 * `told` are the ids of what is said about it; `changed` is called when the person has changed it.
 */
export function settingInput(field, { id, title, told, changed }) {
  const attributes = { id, class: "field", "aria-describedby": told, autocomplete: "off", on: { change: changed } };
  const [input, value, put] = KINDS[field.kind](field, attributes);
  const several = field.kind === "several";
  const element = several
    ? make("fieldset", { class: "ticks", "aria-describedby": told }, make("legend", {}, title), ...input)
    : make("div", { class: field.kind === "switch" ? "input beside" : "input" }, make("label", { for: id }, title), input);
  const inputs = several ? input.map((box) => box.firstElementChild) : [input];
  return {
    element,
    value,
    focus: () => inputs[0].focus(),
    show: (now) => {
      if (!inputs.includes(document.activeElement) || several || field.kind === "choice" || now.source !== "own") put(now.value);
      for (const one of inputs) one.disabled = now.source === "variable";
    },
  };
}

const KINDS = { text, number, switch: tick, choice, several, lines };

/** What need not be said is not said where the field is empty. */
function text({ optional }, attributes) {
  const input = make("input", { type: "text", spellcheck: "false", ...attributes });
  return [input, () => input.value.trim() || (optional ? null : ""), (value) => (input.value = value ?? "")];
}

function number({ optional }, attributes) {
  const input = make("input", { type: "number", step: "any", ...attributes });
  return [
    input,
    () => (input.value === "" && optional ? null : Number(input.value)),
    (value) => (input.value = value ?? ""),
  ];
}

function tick(_field, { class: _class, ...attributes }) {
  const input = make("input", { type: "checkbox", ...attributes });
  return [input, () => input.checked, (value) => (input.checked = value)];
}

function choice({ choices }, attributes) {
  const options = choices.map(({ name, title }) => make("option", { value: name }, translate(title)));
  const input = make("select", attributes, ...options);
  return [input, () => input.value, (value) => (input.value = value ?? "")];
}

function several({ choices }, { on }) {
  const boxes = choices.map(({ name, title }) =>
    make("label", { class: "box" }, make("input", { type: "checkbox", value: name, on }), make("bdi", {}, translate(title))),
  );
  const inputs = boxes.map((box) => box.firstElementChild);
  return [
    boxes,
    () => inputs.filter((one) => one.checked).map((one) => one.value),
    (value) => inputs.forEach((one) => (one.checked = value.includes(one.value))),
  ];
}

/** One text a line; a line that is one of the choices stands for itself. */
function lines({ choices }, attributes) {
  const input = make("textarea", { rows: 2, spellcheck: "false", ...attributes });
  const value = () => {
    const said = input.value.split("\n").map((line) => line.trim()).filter(Boolean);
    return said.length === 1 && choices.some((one) => one.name === said[0]) ? said[0] : said;
  };
  return [input, value, (now) => (input.value = Array.isArray(now) ? now.join("\n") : (now ?? ""))];
}
