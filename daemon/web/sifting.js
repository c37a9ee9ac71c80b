// How a list is sifted: its order, a folder, a reader, two dates; and the way to a date in it.
import { number, translate } from "./language.js";
import { button, icon, make } from "./make.js";
import { split } from "./words.js";

const ORDERS = [
  ["newest", translate("Newest first")],
  ["name", translate("Name")],
  ["confidence", translate("Least sure first")],
];

export class Sifting {
  #changed;
  #fields = {
    sort: make("select", { class: "field" }, ...ORDERS.map(([value, words]) => make("option", { value }, words))),
    folder: make("select", { class: "field" }),
    reader: make("select", { class: "field" }),
    from: make("input", { class: "field", type: "date" }),
    to: make("input", { class: "field", type: "date" }),
  };
  #day = make("input", { class: "field", type: "date" });
  #going;
  #sum = make("span", {}, translate("Sort and filter"));

  /** `given` are the parameters of the address; `changed` is called with new ones, `jump` with a moment. */
  constructor(given, changed, jump) {
    this.#changed = changed;
    const { sort, folder, reader, from, to } = this.#fields;
    this.fill({ folders: [], readers: [] });
    for (const [name, field] of Object.entries(this.#fields)) {
      const wanted = given.get(name) ?? "";
      if (wanted && field.matches("select") && ![...field.options].some((one) => one.value === wanted))
        field.append(make("option", { value: wanted }, wanted));
      if (wanted) field.value = wanted;
      field.addEventListener("change", () => this.#change());
    }
    const go = () => this.#day.value && jump(midnight(this.#day.value, 1));
    this.#day.addEventListener("change", go);
    this.#going = labelled(translate("Go to"), this.#day);
    this.element = make(
      "details",
      { class: "sifting" },
      make("summary", { class: "button" }, icon("filter"), this.#sum),
      make(
        "div",
        { class: "card" },
        labelled(translate("Order"), sort),
        labelled(translate("Folder"), folder),
        labelled(translate("Reader"), reader),
        labelled(translate("Arrived from"), from),
        labelled(translate("to"), to),
        this.#going,
        button("close", translate("Show all"), () => this.#reset(), { class: "bare" }),
      ),
    );
    this.#show();
  }

  /** What is chosen, by name: what an address says of it. */
  get chosen() {
    const values = Object.entries(this.#fields).map(([name, field]) => [name, field.value]);
    return Object.fromEntries(values.filter(([name, value]) => value && !(name === "sort" && value === "newest")));
  }

  /** The same as parameters of the API. */
  get wish() {
    const { from, to, ...others } = this.chosen;
    const since = from && midnight(from);
    const until = to && midnight(to, 1);
    return Object.entries({ ...others, since, until }).filter(([, value]) => value);
  }

  /** What there is to choose from. */
  fill({ folders, readers }) {
    const known = folders.map(({ name }) => name);
    options(this.#fields.folder, translate("All folders"), treeOf(folders), (path) => fromRoot(path, known));
    options(this.#fields.reader, translate("All readers"), readers, (name) => name);
  }

  open() {
    this.element.open = true;
    this.#day.focus();
  }

  #reset() {
    for (const field of Object.values(this.#fields)) field.value = field.options?.[0].value ?? "";
    this.#day.value = "";
    this.#change();
  }

  #change() {
    this.#show();
    this.#changed();
  }

  #show() {
    const many = Object.keys(this.chosen).length;
    this.#sum.textContent = [translate("Sort and filter"), many].filter(Boolean).join(" · ");
    this.#going.hidden = this.#fields.sort.value !== "newest";
  }
}

/** Each folder after the one that it is in. */
const treeOf = (folders) => [...folders].sort((one, other) => (one.name < other.name ? -1 : 1));

/** From the watched folder on, which is the shortest of those that are known above it. */
function fromRoot(path, known) {
  const isAbove = (one) => path.startsWith(one) && "/\\".includes(path[one.length] ?? "/");
  const root = known.filter(isAbove).sort((one, other) => one.length - other.length)[0] ?? path;
  return (split(root)[0] || root) + path.slice(root.length);
}

const labelled = (words, field) => make("label", { class: "sift" }, make("span", {}, words), field);

function options(field, all, groups, words) {
  const chosen = field.value;
  const named = [...groups];
  if (chosen && !named.some((one) => one.name === chosen)) named.push({ name: chosen, documents: 0 });
  const said = JSON.stringify(named);
  if (field.dataset.said === said) return;
  field.dataset.said = said;
  field.replaceChildren(
    make("option", { value: "" }, all),
    ...named.map(({ name, documents }) =>
      make("option", { value: name, title: name }, `${words(name)} (${number(documents)})`),
    ),
  );
  field.value = chosen;
}

/** When this day begins here, or so many days later, in seconds since 1970. */
function midnight(day, later = 0) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).getTime() / 1000;
}
