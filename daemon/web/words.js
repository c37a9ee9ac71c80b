// How numbers, times and states are said.

/** By a document's state: its word, its icon, and how it is coloured. */
export const STATES = {
  arrived: ["Arrived", "waiting", ""],
  queued: ["Waiting", "waiting", ""],
  reading: ["Reading", "reading", "busy"],
  writing: ["Writing", "reading", "busy"],
  done: ["Done", "done", "good"],
  problems: ["Done with problems", "problems", "warn"],
  failed: ["Failed", "failed", "bad"],
  forgotten: ["Forgotten", "remove", ""],
};

export const OPEN = ["arrived", "queued", "reading", "writing"];
export const ENDED_BADLY = ["problems", "failed"];

/** The documents in these states, of a status' counts. */
export const counted = (counts, states) => states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** How much there is in a status that somebody should look at. */
export const toLookAt = ({ counts, troubles }) => counted(counts, ENDED_BADLY) + troubles.length;

/** What that is, in words. */
export function lookAt({ counts, troubles }) {
  const documents = counted(counts, ENDED_BADLY);
  const parts = [documents && many(documents, "document"), troubles.length && many(troubles.length, "message")];
  return `${parts.filter(Boolean).join(" and ")} to look at`;
}

export const many = (count, one, more = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

export function size(bytes) {
  const [unit, name] = bytes >= 1e9 ? [1e9, "GB"] : [1e6, "MB"];
  return `${(bytes / unit).toLocaleString("en", { maximumFractionDigits: unit === 1e9 ? 1 : 0 })} ${name}`;
}

export function span(seconds) {
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** A moment as the time of day, with its date where it is another day; seconds since 1970. */
export function clock(moment) {
  const then = new Date(moment * 1000);
  const today = then.toDateString() === new Date().toDateString();
  return then.toLocaleString(
    [],
    today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" },
  );
}

/** How long ago a moment is, in few words. */
export function ago(moment) {
  const seconds = Math.max(0, Date.now() / 1000 - moment);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  return seconds < 86400 ? `${Math.floor(seconds / 3600)} h ago` : clock(moment);
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
