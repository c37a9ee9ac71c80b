// The status, as it is and as it changes; and whether the daemon can be reached at all.
import { ask, LOCKED } from "./ask.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

export class Live {
  /** @type {object|null} The last status that came. */
  status = null;
  /** @type {"" | "lost" | "locked"} Why there is no connection; "" while there is one. */
  trouble = "";
  #listeners = new Set();
  #wait = FIRST_WAIT;
  #again = 0;
  #events = null;

  constructor() {
    addEventListener(LOCKED, () => this.#events && this.#lost());
    document.addEventListener("visibilitychange", () => this.connect());
  }

  /** Call `heard` at once and at every change, until the function that this returns is called. */
  follow(heard) {
    this.#listeners.add(heard);
    if (this.status || this.trouble) heard(this.status);
    return () => this.#listeners.delete(heard);
  }

  connect() {
    this.#rest();
    if (document.hidden) return;
    this.#events = new EventSource("/v1/events");
    this.#events.addEventListener("status", (event) => {
      this.#wait = FIRST_WAIT;
      this.#tell("", JSON.parse(event.data));
    });
    this.#events.addEventListener("error", () => this.#lost());
  }

  /** For a tab that nobody sees: a browser grants a server six connections for all its tabs. */
  #rest() {
    clearTimeout(this.#again);
    this.#events?.close();
    this.#events = null;
  }

  async #lost() {
    this.#rest();
    const locked = await ask("GET", "/v1/status").then(
      () => false,
      (problem) => problem.status === 401,
    );
    this.#tell(locked ? "locked" : "lost", this.status);
    this.#again = setTimeout(() => this.connect(), this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #tell(trouble, status) {
    this.trouble = trouble;
    this.status = status;
    for (const heard of this.#listeners) heard(status);
  }
}
