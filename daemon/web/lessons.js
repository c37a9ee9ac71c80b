// What a list shows that is empty: why, and how to begin.
import { button, empty, make } from "./make.js";

const LESSONS = {
  open: ["Nothing waits", "Every document has been read."],
  done: ["No notes yet", "They appear here, and beside your scans, as soon as a document has been read."],
  problems: ["No problems", "Documents that cannot be read are listed here, with what to do about them."],
  doubtful: ["No doubts", "Documents with pages that may be misread are listed here."],
};

/** `sifted` says whether there might be some of another folder, reader or date. */
export function lesson({ tab, live, choose, words, sifted }) {
  if (words) return make("p", { class: "dim" }, `No name or folder holds “${words}”.`);
  if (sifted) return empty("No such documents", make("p", {}, "None has this folder, reader and date."));
  if (LESSONS[tab]) return empty(LESSONS[tab][0], make("p", {}, LESSONS[tab][1]));
  const folder = live.status?.folders[0]?.path ?? "a watched folder";
  return empty(
    "Drop a scan, get a note",
    make("p", {}, "Put a scan or a PDF into ", make("code", {}, folder), ". A Markdown note appears beside it."),
    make("p", {}, "Or drop it anywhere on this page: it is put there for you."),
    button("upload", "Add files", choose),
  );
}
