// Runs one question at a time, and tells in the page how it goes.
import { ask, isOpen, stop } from "./database.js";
import { told } from "./faults.js";
import { element, readable } from "./text.js";
import { show } from "./result.js";

/** The part of a page that answers: where it says how it goes, shows what came out, and is told to stop. */
export class Answer {
  #asked = 0;

  constructor({ status, place, cancel }) {
    [this.status, this.place, this.cancel] = [status, place, cancel];
    cancel.addEventListener("click", () => {
      this.#asked += 1;
      stop();
      this.#done("⟦Užklausa nutraukta.⟧");
    });
  }

  /** Asks, and shows the answer; `words` as of {@link show}. */
  async to(sql, parameters, words) {
    const asked = (this.#asked += 1);
    const began = performance.now();
    this.cancel.hidden = false;
    this.place.hidden = true;
    this.status.classList.remove("fault");
    this.status.textContent = isOpen() ? "⟦Vykdoma…⟧" : "⟦Atsisiunčiami duomenys ir užklausų variklis (vieną kartą)…⟧";
    try {
      const result = await ask(sql, parameters);
      if (asked !== this.#asked) return;
      const seconds = readable(Math.round((performance.now() - began) / 10) / 100, { kind: "float" });
      const count = show(this.place, result, words);
      this.#done(`⟦${count} (per ${seconds} s)⟧`);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.fault(told(error), String(error?.message ?? error));
    }
  }

  /** Tells what is wrong, with the words of whoever found it. */
  fault(words, said = null) {
    this.#done(words);
    this.status.classList.add("fault");
    this.place.replaceChildren(...(said ? [element("pre", { class: "said", tabindex: "0", "aria-label": "⟦Variklio pranešimas⟧" }, said)] : []));
    this.place.hidden = said === null;
  }

  #done(words) {
    this.cancel.hidden = true;
    this.status.textContent = words;
  }
}
