/**
 * The text of one message, over the list.
 * @module
 */

import { spellHints, spellTime, spellWhat } from "./trace_list.js";

/** @typedef {import("./trace_list.js").Row} Row */

export class TraceDialog {
  #words;
  #address;
  #dialog;
  #title;
  #about;
  #text;
  /** @type {(step: number) => Row | null} */
  #step = () => null;
  /** The row that is shown: an answer for another one comes too late. */
  #shown = -1;

  /**
   * @param {HTMLElement} parent
   * @param {Record<string, any>} words
   * @param {string} address of a message, without its number
   */
  constructor(parent, words, address) {
    this.#words = words;
    this.#address = address;
    this.#dialog = document.createElement("dialog");
    this.#dialog.className = "trace-dialog";
    this.#dialog.setAttribute("aria-labelledby", "trace-title");
    this.#title = document.createElement("h2");
    this.#title.id = "trace-title";
    this.#about = document.createElement("p");
    this.#about.className = "muted";
    this.#text = document.createElement("pre");
    this.#text.tabIndex = 0;
    const actions = document.createElement("div");
    actions.className = "actions";
    actions.append(
      this.#makeButton(`↑ ${words.earlier}`, () => this.#go(-1)),
      this.#makeButton(`↓ ${words.later}`, () => this.#go(1)),
      this.#makeButton(words.close, () => this.#dialog.close()),
    );
    this.#dialog.append(this.#title, this.#about, this.#text, actions);
    this.#dialog.addEventListener("click", (event) => {
      // beside it
      if (event.target === this.#dialog) this.#dialog.close();
    });
    parent.append(this.#dialog);
  }

  /**
   * @param {Row} row
   * @param {(step: number) => Row | null} step gives the row beside it
   */
  open(row, step) {
    this.#step = step;
    this.#show(row);
    this.#dialog.showModal();
  }

  /** @param {number} step */
  #go(step) {
    const row = this.#step(step);
    if (row !== null) this.#show(row);
  }

  /** @param {Row} row */
  #show(row) {
    this.#shown = row.id;
    this.#title.textContent = spellWhat(row, this.#words);
    this.#about.textContent = [
      spellTime(row),
      `${row.peer} ${row.direction === "in" ? "→" : "←"} ${row.own}`,
      spellHints(row, this.#words),
    ].filter((part) => part !== "").join(" · ");
    this.#text.textContent = "…";
    this.#load(row.id).then((text) => {
      if (this.#shown === row.id) this.#text.textContent = text;
    });
  }

  /** @param {number} id */
  async #load(id) {
    try {
      const answer = await fetch(this.#address + id);
      if (answer.status === 404) return this.#words.gone;
      return answer.ok ? await answer.text() : this.#words.failed;
    } catch {
      return this.#words.failed;
    }
  }

  /**
   * @param {string} text
   * @param {() => void} onPress
   */
  #makeButton(text, onPress) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = text;
    button.addEventListener("click", onPress);
    return button;
  }
}
