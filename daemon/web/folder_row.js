// One watched folder: how it is watched, what is wrong with it, and its settings once they are opened.
import { ask } from "./ask.js";
import { FolderSettings } from "./folder_settings.js";
import { shortPath, translate, translateSentence } from "./language.js";
import { button, icon, make, surely } from "./make.js";
import { say, trying } from "./say.js";
import { clock } from "./words.js";

const WATCHED = {
  native: translate("watched"),
  poll: translate("looked at regularly"),
  gone: translate("not there"),
  auto: translate("about to be watched"),
};

/** A row that stays while what it shows changes. `changed` is called once something of a folder was changed. */
export class FolderRow {
  constructor(path, changed) {
    this.path = path;
    this.about = make("span", {});
    this.settings = new FolderSettings(path, changed);
    this.missing = button("plus", translate("Make it"), () => this.create());
    this.opener = button("down", translate("Settings"), () => this.open(), {
      "aria-expanded": "false",
      "aria-label": translate("Settings of {folder}", { folder: shortPath(path) }),
    });
    this.element = make(
      "li",
      { class: "row folder" },
      make("span", { class: "mark" }, icon("folder")),
      make("div", { class: "what" }, make("strong", { title: path }, make("bdi", { dir: "ltr" }, shortPath(path))), this.about),
      this.missing,
      this.opener,
      surely("remove", translate("Remove"), translate("Really remove?"), () => this.remove(changed)),
      this.settings.element,
    );
  }

  /** `now` is what the status says of it, if anything. */
  show(folder, now) {
    const more = [
      WATCHED[folder.watch] ?? folder.watch,
      folder.recursive && translate("with its subfolders"),
      now?.model && translate("read by {reader}", { reader: now.model }),
      now?.paused_until && translate("waits until {time}", { time: clock(now.paused_until) }),
      folder.archive && translate("sources move to {folder}", { folder: shortPath(folder.archive) }),
    ];
    this.about.className = folder.problem ? "wrong" : "where";
    this.about.textContent = translateSentence(folder.problem) || more.filter(Boolean).join(", ");
    this.missing.hidden = folder.watch !== "gone";
  }

  open() {
    const open = this.opener.getAttribute("aria-expanded") !== "true";
    this.opener.setAttribute("aria-expanded", String(open));
    this.settings.show(open);
  }

  async create() {
    if (await trying(() => ask("POST", "/v1/folders/create", { path: this.path })))
      say(translate("{folder} is there now.", { folder: shortPath(this.path) }), translate("What arrives in it is read."));
  }

  async remove(changed) {
    if (!(await trying(() => ask("DELETE", "/v1/folders", { path: this.path })))) return;
    say(
      translate("{folder} is watched no longer.", { folder: shortPath(this.path) }),
      translate("Its files and notes stay."),
    );
    changed();
  }
}
