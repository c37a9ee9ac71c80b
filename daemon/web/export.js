// Documents in another form: a menu whose choice is fetched and saved.
import { ask, answered } from "./ask.js";
import { translate, translateMany } from "./language.js";
import { make } from "./make.js";
import { say, trying } from "./say.js";

/** A menu of all forms of one document. */
export const exportMenu = (whole) =>
  formMenu(translate("Save as…"), async (form) => {
    const answer = await answered(`/v1/documents/${whole.id}/export?as=${form}`, {});
    const name = await keep(answer, `${whole.name}.${form}`);
    const remark = answer.headers.get("Papertray-Remark");
    say(translate("{name} is saved.", { name }), remark ? decodeURIComponent(remark) : "");
  });

/** The same of several, as one ZIP; `numbers` gives them. */
export const exportSeveral = (numbers) =>
  formMenu(translate("Save all as…"), async (form) => {
    const wish = { documents: numbers(), as: form };
    const answer = await answered("/v1/documents/export", {
      method: "POST",
      body: JSON.stringify(wish),
      headers: { "Content-Type": "application/json" },
    });
    const name = await keep(answer, "papertray.zip");
    const left = Number(answer.headers.get("Papertray-Left-Out") ?? 0);
    const leftOut = translateMany(
      "{count} document has nothing in this form and is not in it.",
      "{count} documents have nothing in this form and are not in it.",
      left,
    );
    say(translate("{name} is saved.", { name }), left ? leftOut : "");
  });

/** Give a file to the browser, under the name that it was sent with. */
async function keep(answer, otherwise) {
  const told = answer.headers.get("Content-Disposition") ?? "";
  const address = URL.createObjectURL(await answer.blob());
  const name = decodeURIComponent(told.split("''")[1] ?? otherwise);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  return name;
}

function formMenu(words, save) {
  const menu = make(
    "select",
    { class: "field", "aria-label": translate("Save as"), on: { change: chosen } },
    make("option", { value: "" }, words),
  );

  async function fill() {
    const { formats } = await ask("GET", "/v1/formats");
    menu.append(...formats.map((one) => make("option", { value: one.name }, translate(one.title))));
  }

  async function chosen() {
    const form = menu.value;
    menu.value = "";
    if (!form) return;
    menu.disabled = true;
    await trying(() => save(form));
    menu.disabled = false;
  }

  trying(fill);
  return menu;
}
