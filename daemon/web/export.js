// A document in another form: a menu whose choice is fetched and saved.
import { ask, answered } from "./ask.js";
import { translate } from "./language.js";
import { make } from "./make.js";
import { say, trying } from "./say.js";

/** A menu of all forms; `whole` is the document. */
export function exportMenu(whole) {
  const menu = make(
    "select",
    { class: "field", "aria-label": translate("Save as"), on: { change: save } },
    make("option", { value: "" }, translate("Save as…")),
  );

  async function fill() {
    const { formats } = await ask("GET", "/v1/formats");
    menu.append(...formats.map((one) => make("option", { value: one.name }, translate(one.title))));
  }

  async function save() {
    const form = menu.value;
    menu.value = "";
    if (!form) return;
    await trying(async () => {
      const answer = await answered(`/v1/documents/${whole.id}/export?as=${form}`, {});
      const told = answer.headers.get("Content-Disposition") ?? "";
      const address = URL.createObjectURL(await answer.blob());
      const name = decodeURIComponent(told.split("''")[1] ?? `${whole.name}.${form}`);
      make("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60000);
      const remark = answer.headers.get("Papertray-Remark");
      say(translate("{name} is saved.", { name }), remark ? decodeURIComponent(remark) : "");
    });
  }

  trying(fill);
  return menu;
}
