// The settings of one watched folder: what holds, who says it, and the way back to what is inherited.
// What there is to be set comes from the daemon: a new setting needs nothing here.
import { ask } from "./ask.js";
import { settingInput } from "./setting_input.js";
import { shortPath, translate, translateSentence } from "./language.js";
import { button, make, sentence } from "./make.js";
import { trying } from "./say.js";

/** Fetched once it is shown; `changed` is called when a setting was changed. */
export class FolderSettings {
  constructor(path, changed) {
    this.path = path;
    this.changed = changed;
    this.settings = null; // by name
    this.element = make("div", { class: "settings", role: "group", "aria-label": translate("Settings of {folder}", { folder: shortPath(path) }) });
    this.element.hidden = true;
  }

  async show(open) {
    this.element.hidden = !open;
    if (open) await this.look();
  }

  /** What holds now: another folder may have changed what this one inherits. */
  async look() {
    if (this.element.hidden) return;
    const answer = await trying(() => ask("GET", "/v1/folders/fields"));
    const fields = answer?.folders.find((one) => one.path === this.path)?.fields;
    if (!fields) return;
    if (!this.settings) this.build(fields);
    for (const field of fields) this.settings.get(field.name)?.show(field);
  }

  build(fields) {
    this.settings = new Map(fields.map((field) => [field.name, new Setting(field, this)]));
    const groups = new Map();
    for (const { group, name } of fields) groups.set(group, [...(groups.get(group) ?? []), this.settings.get(name).element]);
    this.element.replaceChildren(
      ...[...groups].map(([title, elements]) =>
        make("section", { class: "settings-group" }, make("h2", {}, translate(title)), make("div", {}, ...elements)),
      ),
    );
  }

  async save(name, value) {
    await ask("POST", "/v1/folders/fields", { path: this.path, values: { [name]: value } });
    await this.changed();
  }
}

let made = 0; // settings, each with an id of its own

class Setting {
  constructor(field, folder) {
    const id = `setting-${(made += 1)}`;
    this.folder = folder;
    this.field = field;
    this.title = translate(field.title);
    this.origin = make("span", { class: "origin", id: `${id}-origin` });
    this.back = button("retry", translate("Take back"), () => this.takeBack(), {
      class: "small",
      "aria-label": translate("Take back: {title}", { title: this.title }),
    });
    this.wrong = make("p", { class: "wrong", role: "status", id: `${id}-wrong` });
    const about = field.about && make("span", { class: "about", id: `${id}-about` }, translate(field.about));
    const told = [about && `${id}-about`, `${id}-origin`, `${id}-wrong`].filter(Boolean).join(" ");
    this.input = settingInput(field, { id, title: this.title, told, changed: () => this.save(this.input.value()) });
    this.element = make(
      "div",
      { class: "setting" },
      this.input.element,
      about,
      make("div", { class: "whence" }, this.origin, this.back),
      this.wrong,
    );
  }

  show(field) {
    this.field = field;
    this.input.show(field);
    this.element.classList.toggle("own", field.source === "own");
    this.origin.textContent = this.whence();
    this.back.hidden = field.source !== "own";
  }

  whence() {
    const { source, place } = this.field;
    if (source === "folder") return translate("from {folder}", { folder: shortPath(place) });
    if (source === "variable") return translate("from the variable {name}", { name: place });
    return { own: translate("its own"), general: translate("as for all folders"), default: translate("by default") }[source];
  }

  async takeBack() {
    await this.save(null);
    this.input.focus();
  }

  /** What is in the way is said here, and what was typed stays. */
  async save(value) {
    try {
      await this.folder.save(this.field.name, value);
      this.wrong.replaceChildren();
    } catch (problem) {
      if (problem.status === 401) return;
      const named = problem.message.replace(/^folders\.\d+\.\w+/, this.title);
      this.wrong.replaceChildren(...sentence(named), " ", translateSentence(problem.advice ?? ""));
    }
  }
}
