// The page's words in its language: a table that the daemon puts into the page, by their English. What is not
// in it stays English. Sentences of the daemon, which come with their places filled, are found again by pattern.

const given = document.getElementById("language")?.textContent;
const { tag, plurals, texts, home } = given ? JSON.parse(given) : { tag: "en", plurals: [], texts: {}, home: "" };
const rules = new Intl.PluralRules(tag);
const PLACE = /\{(\w+)\}/g;
const SENTENCE = /[.:?]$|: \{\w+\}$/;
const NO_END = /^(?:(?![.!?] \S).)+$/s;
const LEAST = 6; // letters that a text must have besides its places to be a pattern

/** For numbers and dates: as this browser is set, where that is the page's language. */
export const locale = navigator.languages.find((one) => one.split("-")[0] === tag.split("-")[0]) ?? tag;

export const number = (value, options) => value.toLocaleString(locale, options);

/** A path as a person says it: from the home folder on. */
export const shortPath = (path) =>
  home && (path === home || (path.startsWith(home) && "/\\".includes(path[home.length])))
    ? `~${path.slice(home.length)}`
    : path;

/** A text with what stands in its places. */
export const translate = (text, values = {}) => fill(texts[text] ?? text, values);

/** One text or the other, as the language counts. */
export function translateMany(one, more, count, values = {}) {
  const sort = rules.select(count);
  const form = texts[one] ? (texts[one][plurals.indexOf(sort)] ?? texts[one].at(-1)) : sort === "one" ? one : more;
  return fill(form, { count: number(count), ...values });
}

/** A text in whose places elements stand: its parts in order. */
export const translateAround = (text, elements) =>
  (texts[text] ?? text).split(PLACE).map((part, at) => (at % 2 ? elements[part] : part));

const fill = (text, values) => text.replace(PLACE, (place, name) => values[name] ?? place);

/** What the daemon said in English, as a whole or sentence by sentence; what is not known stays. */
export function translateSentence(said) {
  if (tag === "en" || !said) return said;
  return find(said, NO_END) ?? translateParts(said) ?? find(said, /./) ?? said;
}

function translateParts(said) {
  const parts = said.split(/(?<=[.!?:]) (?=\S)/);
  for (let end = parts.length - 1; end > 0; end--) {
    const begins = find(parts.slice(0, end).join(" "), NO_END);
    if (begins !== undefined) return `${begins} ${translateSentence(parts.slice(end).join(" "))}`;
  }
  const rest = parts.slice(1).join(" ");
  const other = translateSentence(rest);
  return other === rest ? undefined : `${parts[0]} ${other}`;
}

let patterns = null;

/** `held` is what may stand in a place. */
function find(said, held) {
  if (typeof texts[said] === "string") return texts[said];
  patterns ??= Object.keys(texts)
    .filter((text) => text.includes("{") && SENTENCE.test(text) && typeof texts[text] === "string")
    .filter((text) => letters(text) >= LEAST)
    .sort((one, other) => letters(other) - letters(one))
    .map((text) => [pattern(text), texts[text]]);
  for (const [shape, text] of patterns) {
    const found = said.match(shape);
    if (!found || !Object.values(found.groups).every((value) => held.test(value))) continue;
    const inner = (value) => {
      const clause = value.includes(" ") && typeof texts[value] === "string";
      return clause ? texts[value] : value.endsWith(".") ? translateSentence(value) : value;
    };
    const values = Object.entries(found.groups).map(([name, value]) => [name, inner(value)]);
    return fill(text, Object.fromEntries(values));
  }
  return undefined;
}

const letters = (text) => text.replace(PLACE, "").match(/\p{L}/gu)?.length ?? 0;

/** A name that stands twice is the same both times. */
function pattern(text) {
  const named = new Set();
  const parts = text.split(PLACE).map((part, at) => {
    if (at % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const again = named.has(part);
    named.add(part);
    return again ? `\\k<${part}>` : `(?<${part}>.+?)`;
  });
  return new RegExp(`^${parts.join("")}$`, "s");
}
