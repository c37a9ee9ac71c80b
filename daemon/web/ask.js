// The way to the API: questions, their problems, and a file that is read while one watches.

import { translate } from "./language.js";

/** What went wrong and what to do, in the daemon's words. */
export class Problem extends Error {
  constructor(sentence, advice = "", status = 0) {
    super(sentence);
    this.advice = advice;
    this.status = status;
  }
}

/** What the window hears when the daemon does not know this browser any more. */
export const LOCKED = "locked";

const UNREACHABLE = [
  translate("papertray cannot be reached."),
  translate("It may have been stopped: `papertray run` starts it."),
];

/**
 * Ask the API; its answer, or a Problem.
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
export async function ask(method, path, body) {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  return (await answered(path, { method, ...json })).json();
}

/** Have a file read; `heard(name, data)` is told of each event: progress, then done or problem. */
export async function readFile(file, heard, signal) {
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("format", "events");
  const answer = await answered("/v1/read", { method: "POST", body: form, signal });
  const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (let part = await lines.read(); !part.done; part = await lines.read()) {
    const events = (kept + part.value).split("\n\n");
    kept = events.pop() ?? "";
    for (const event of events) tell(event, heard);
  }
}

/** Put a file into a watched folder, where it stays; what is known of it then. */
export async function addFile(file, folder) {
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("folder", folder);
  return (await answered("/v1/documents", { method: "POST", body: form })).json();
}

function tell(event, heard) {
  const fields = Object.fromEntries(event.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
  if (fields.data) heard(fields.event ?? "message", JSON.parse(fields.data));
}

/** An answer of any kind, or a Problem. */
export async function answered(path, wish) {
  let answer;
  try {
    answer = await fetch(path, wish);
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new Problem(...UNREACHABLE);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) dispatchEvent(new Event(LOCKED));
  const said = await answer.json().catch(() => ({}));
  throw new Problem(
    said.problem ?? translate("papertray answered {status}.", { status: answer.status }),
    said.advice ?? "",
    answer.status,
  );
}
