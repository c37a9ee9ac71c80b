// How numbers, times and states are said.
import { locale, number, translate, translateMany } from "./language.js";

/** By a document's state: its word, its icon, and how it is coloured. */
export const STATES = {
  arrived: [translate("Arrived"), "waiting", ""],
  queued: [translate("Waiting"), "waiting", ""],
  reading: [translate("Reading"), "reading", "busy"],
  writing: [translate("Writing"), "reading", "busy"],
  done: [translate("Done"), "done", "good"],
  problems: [translate("Done with problems"), "problems", "warn"],
  failed: [translate("Failed"), "failed", "bad"],
  forgotten: [translate("Forgotten"), "remove", ""],
};

export const OPEN = ["arrived", "queued", "reading", "writing"];
export const ENDED_BADLY = ["problems", "failed"];

/** The documents in these states, of a status' counts. */
export const counted = (counts, states) => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** How much there is in a status that somebody should look at. */
export const toLookAt = ({ counts, troubles, errands_unfinished: errands }) =>
  counted(counts, ENDED_BADLY) + troubles.length + errands;

/** What that is, in words. */
export function lookAt({ counts, troubles, errands_unfinished: errands }) {
  const documents = counted(counts, ENDED_BADLY);
  const messages = troubles.length + errands;
  if (!messages) return translateMany("{count} document to look at", "{count} documents to look at", documents);
  if (!documents) return translateMany("{count} message to look at", "{count} messages to look at", messages);
  const said = translateMany("{count} message", "{count} messages", messages);
  return translate("{documents} and {messages} to look at", { documents: manyDocuments(documents), messages: said });
}

export const manyDocuments = (count) => translateMany("{count} document", "{count} documents", count);

export const willBeReadAgain = (count) =>
  translateMany("{count} document will be read again.", "{count} documents will be read again.", count);

export const manyPages = (count) => translateMany("{count} page", "{count} pages", count);

export function size(bytes) {
  return bytes >= 1e9
    ? translate("{number} GB", { number: number(bytes / 1e9, { maximumFractionDigits: 1 }) })
    : translate("{number} MB", { number: number(bytes / 1e6, { maximumFractionDigits: 0 }) });
}

export function span(seconds) {
  if (seconds < 90)
    return translate("{number} s", {
      number: seconds < 10 ? number(seconds, { maximumSignificantDigits: 2 }) : number(Math.round(seconds)),
    });
  if (seconds < 5400) return translate("{number} min", { number: number(Math.round(seconds / 60)) });
  return translate("{number} h", { number: number(seconds / 3600, { maximumFractionDigits: 1, minimumFractionDigits: 1 }) });
}

/** A moment as the time of day, with its date where it is another day; seconds since 1970. */
export function clock(moment) {
  const then = new Date(moment * 1000);
  const today = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(
    locale,
    today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" },
  );
}

/** How long ago a moment is, in few words. */
export function ago(moment) {
  const seconds = Math.max(0, Date.now() / 1000 - moment);
  if (seconds < 60) return translate("just now");
  if (seconds < 3600) return translate("{number} min ago", { number: Math.floor(seconds / 60) });
  if (seconds >= 86400) return clock(moment);
  return translate("{number} h ago", { number: Math.floor(seconds / 3600) });
}

/** The next morning at seven: when a pause until tomorrow ends. */
export function secondsUntilMorning(now = new Date()) {
  const morning = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 7);
  return Math.ceil((morning - now) / 1000);
}

/** The last part of a path, and what comes before it. */
export function split(path) {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return [path.slice(cut + 1), path.slice(0, Math.max(cut, 0))];
}

/** A box that is four fractions of a page, as an address has it: left, top, right, bottom; null if it is none. */
export function asBox(text) {
  const [left, top, right, bottom] = text.split(",").map(Number);
  return left < right && top < bottom ? { left, top, right, bottom } : null;
}
