// The watched folders: which there are, one more, one less.
import { ask } from "./ask.js";
import { FolderRow } from "./folder_row.js";
import { shortPath, translate } from "./language.js";
import { button, empty, icon, make, trouble } from "./make.js";
import { say, trying } from "./say.js";

const NOT_THERE = 404;
export function folders() {
  const wrong = make("div", { class: "troubles", role: "status" });
  const list = make("ul", { class: "list card", "aria-label": translate("Watched folders") });
  const nothing = make("div", {});
  const path = make("input", {
    class: "field",
    name: "path",
    required: true,
    placeholder: "~/Documents/Scans",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": translate("Folder to watch"),
  });
  const form = make(
    "form",
    { class: "adding", on: { submit: add } },
    path,
    make("button", { class: "button first" }, icon("plus"), translate("Watch folder")),
  );
  const element = make(
    "div",
    {},
    make("div", { class: "title" }, make("h1", {}, translate("Folders"))),
    make(
      "p",
      { class: "lead dim" },
      translate(
        "Every scan, photo and PDF that arrives in these folders is read. Its note appears beside it, unless the settings say otherwise.",
      ),
    ),
    form,
    wrong,
    list,
    nothing,
  );
  const rows = new Map(); // by path
  let seen = "",
    said = {}; // what the status says of each folder, by path
  list.hidden = true;

  async function look() {
    const answer = await trying(() => ask("GET", "/v1/folders"));
    if (!answer) return;
    for (const path of rows.keys()) if (!answer.folders.some((one) => one.path === path)) forgetRow(path);
    for (const folder of answer.folders) {
      if (!rows.has(folder.path)) rows.set(folder.path, new FolderRow(folder.path, changed));
      const row = rows.get(folder.path);
      row.show(folder, said[folder.path]);
      if (row.element.parentNode !== list) list.append(row.element);
    }
    list.hidden = !answer.folders.length;
    nothing.replaceChildren(
      ...(answer.folders.length
        ? []
        : [
            empty(
              translate("No folder is watched"),
              make("p", {}, translate("Add the folder that your scanner writes to.")),
            ),
          ]),
    );
  }

  function forgetRow(path) {
    rows.get(path).element.remove();
    rows.delete(path);
  }

  /** What one folder says may be inherited by another. */
  const changed = () => Promise.all([look(), ...[...rows.values()].map((row) => row.settings.look())]);

  function add(event) {
    event.preventDefault();
    watch(path.value.trim(), false);
  }

  /** What is in the way is said below the field; a folder that is not there can be made. */
  async function watch(wanted, create) {
    try {
      await ask("POST", "/v1/folders", { path: wanted, create });
    } catch (problem) {
      if (problem.status === 401) return;
      const missing = problem.status === NOT_THERE;
      const said = trouble(problem.message, missing ? translate("Check the name, or have it made.") : problem.advice);
      if (missing) said.append(button("plus", translate("Make and watch it"), () => watch(wanted, true)));
      wrong.replaceChildren(said);
      return;
    }
    wrong.replaceChildren();
    path.value = "";
    say(translate("{folder} is watched from now on.", { folder: shortPath(wanted) }));
    look();
  }

  function status(now) {
    const told = JSON.stringify(now?.folders);
    said = Object.fromEntries((now?.folders ?? []).map((one) => [one.path, one]));
    if (told !== seen) look();
    seen = told;
  }

  return { title: translate("Folders"), element, status, again: look, close: () => {} };
}
