/**
 * A list of many rows of which only those are in the document that can be seen: as many elements
 * as fit, filled anew when they are needed, at most once for each picture that the screen shows.
 * @module
 */

/** More than these nobody reads. */
const MOST_ROWS = 10_000;
/** Rows above and below what can be seen. */
const SPARE = 4;

/**
 * @typedef {object} Row
 * @property {number} id
 * @property {number} at milliseconds since 1970
 * @property {"in" | "out"} direction
 * @property {string} peer
 * @property {string} own
 * @property {string} what
 * @property {string} from
 * @property {string} to
 * @property {string} tone
 * @property {[string, (string | number)?][]} hints
 */

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** @param {Row} row */
export function spellTime(row) {
  return clock.format(row.at);
}

/**
 * @param {Row} row
 * @param {Record<string, string>} words
 */
export function spellWhat(row, words) {
  const whom = [row.from, row.to].filter((name) => name !== "").join(" → ");
  return `${row.what === "" ? words.unreadable : row.what} ${whom}`.trim();
}

/**
 * @param {Row} row
 * @param {Record<string, any>} words
 */
export function spellHints(row, words) {
  return row.hints.map(([kind, value]) =>
    kind === "fault"
      ? `${words.hints.fault}: ${value}`
      : words.hints[kind].replace("{value}", String(value))
  ).join(", ");
}

export class TraceList {
  #words;
  #onOpen;
  /** What scrolls. */
  #view;
  /** As high as all rows together. */
  #sheet;
  #hint;
  #empty;
  #toEnd;
  /** @type {Row[]} */
  #rows = [];
  /** The place of the first row that is left. */
  #first = 0;
  /** @type {HTMLElement[]} */
  #pool = [];
  #rowHeight = 30;
  /** The place of the row that is chosen; -1: none. */
  #chosen = -1;
  /** Whether the newest row stays in sight. */
  #isStuck = true;
  #isPlanned = false;
  #scrollTop = 0;
  /** Where the script has scrolled to last, which is no wish of the reader. */
  #ownTop = -1;

  /** How many rows were left out, because there were too many. */
  forgotten = 0;

  /**
   * @param {HTMLElement} parent
   * @param {Record<string, any>} words
   * @param {(row: Row) => void} onOpen
   */
  constructor(parent, words, onOpen) {
    this.#words = words;
    this.#onOpen = onOpen;
    this.#view = document.createElement("div");
    this.#view.className = "trace-view";
    this.#view.tabIndex = 0;
    this.#view.setAttribute("role", "listbox");
    this.#view.setAttribute("aria-label", words.list);
    this.#hint = document.createElement("p");
    this.#hint.className = "trace-hint muted";
    this.#hint.id = "trace-hint";
    this.#hint.textContent = words.hint;
    this.#view.setAttribute("aria-describedby", this.#hint.id);
    this.#sheet = document.createElement("div");
    this.#sheet.className = "trace-sheet";
    this.#sheet.setAttribute("role", "presentation");
    this.#view.append(this.#sheet);
    this.#empty = document.createElement("p");
    this.#empty.className = "empty";
    this.#empty.textContent = words.waiting;
    this.#toEnd = document.createElement("button");
    this.#toEnd.type = "button";
    this.#toEnd.className = "button trace-end";
    this.#toEnd.textContent = `↓ ${words.newest}`;
    this.#toEnd.hidden = true;
    parent.append(this.#empty, this.#hint, this.#view, this.#toEnd);
    this.#toEnd.addEventListener("click", () => this.#goToEnd());
    this.#view.addEventListener("scroll", () => this.#onScroll(), {
      passive: true,
    });
    this.#view.addEventListener("click", (event) => this.#onClick(event));
    this.#view.addEventListener("keydown", (event) => this.#onKey(event));
    new ResizeObserver(() => this.#measure()).observe(this.#view);
    this.#plan();
  }

  get size() {
    return this.#rows.length;
  }

  /** @param {Row[]} rows */
  add(rows) {
    // one after the other: a spread array has a limit
    for (const row of rows) this.#rows.push(row);
    const extra = this.#rows.length - MOST_ROWS;
    if (extra > 0) {
      this.#rows.splice(0, extra);
      this.#first += extra;
      this.forgotten += extra;
      // who reads older rows goes on reading them
      if (!this.#isStuck) {
        this.#scrollTo(this.#scrollTop - extra * this.#rowHeight);
      }
    }
    this.#plan();
  }

  clear() {
    this.#first += this.#rows.length;
    this.#rows = [];
    this.#chosen = -1;
    this.#isStuck = true;
    this.forgotten = 0;
    this.#plan();
  }

  /**
   * The row beside the one that is chosen, which is chosen then; null at the end.
   * @param {number} step
   */
  step(step) {
    const place = this.#chosen + step;
    if (place < this.#first || place >= this.#end) return null;
    this.#choose(place);
    return this.#rows[place - this.#first] ?? null;
  }

  get #end() {
    return this.#first + this.#rows.length;
  }

  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      this.#draw();
    });
  }

  /** Reads how high a row is, which is another thing on a narrow screen. */
  #measure() {
    const probe = this.#makeElement();
    probe.style.visibility = "hidden";
    this.#sheet.append(probe);
    const height = probe.getBoundingClientRect().height || this.#rowHeight;
    probe.remove();
    if (height !== this.#rowHeight && !this.#isStuck) {
      this.#scrollTo(this.#scrollTop * height / this.#rowHeight);
    }
    this.#rowHeight = height;
    this.#plan();
  }

  #draw() {
    const height = this.#rowHeight;
    const isEmpty = this.#rows.length === 0;
    this.#empty.hidden = !isEmpty;
    this.#view.hidden = isEmpty;
    this.#hint.hidden = isEmpty;
    this.#toEnd.hidden = this.#isStuck || isEmpty;
    if (isEmpty) return;
    this.#sheet.style.height = `${this.#rows.length * height}px`;
    const seen = this.#view.clientHeight;
    if (this.#isStuck) this.#scrollTo(this.#rows.length * height - seen);
    const fits = Math.ceil(seen / height) + 2 * SPARE;
    while (this.#pool.length < fits) {
      const element = this.#makeElement();
      this.#pool.push(element);
      this.#sheet.append(element);
    }
    const top = Math.floor(this.#scrollTop / height) - SPARE;
    const from = this.#first + Math.max(0, top);
    const to = Math.min(this.#end, from + this.#pool.length);
    for (let place = from; place < from + this.#pool.length; place++) {
      this.#show(this.#pool[place % this.#pool.length], place, place < to);
    }
    const hasChosen = this.#chosen >= from && this.#chosen < to;
    if (hasChosen) {
      this.#view.setAttribute("aria-activedescendant", nameOf(this.#chosen));
    } else this.#view.removeAttribute("aria-activedescendant");
  }

  /**
   * @param {HTMLElement} element
   * @param {number} place
   * @param {boolean} isThere
   */
  #show(element, place, isThere) {
    element.hidden = !isThere;
    if (!isThere) return;
    const top = (place - this.#first) * this.#rowHeight;
    element.style.transform = `translateY(${top}px)`;
    element.setAttribute("aria-selected", String(place === this.#chosen));
    element.setAttribute("aria-posinset", String(place - this.#first + 1));
    element.setAttribute("aria-setsize", String(this.#rows.length));
    if (element.id === nameOf(place)) return;
    element.id = nameOf(place);
    element.dataset.place = String(place);
    const row = this.#rows[place - this.#first];
    element.className = `trace-row ${row.tone}`;
    const [time, peer, arrow, way, what, hints] = element.children;
    time.textContent = spellTime(row);
    peer.textContent = row.peer;
    arrow.textContent = row.direction === "in" ? "→" : "←";
    way.textContent = this.#words[row.direction];
    what.textContent = spellWhat(row, this.#words);
    hints.textContent = spellHints(row, this.#words);
  }

  #makeElement() {
    const element = document.createElement("div");
    element.className = "trace-row";
    element.setAttribute("role", "option");
    for (const part of ["time", "peer", "arrow", "way", "what", "hints"]) {
      const span = document.createElement("span");
      span.className = part === "way" ? "visually-hidden" : `trace-${part}`;
      if (part === "arrow") span.setAttribute("aria-hidden", "true");
      element.append(span);
    }
    return element;
  }

  #onScroll() {
    this.#scrollTop = this.#view.scrollTop;
    if (Math.abs(this.#scrollTop - this.#ownTop) < 2) return this.#plan();
    this.#ownTop = -1;
    const rest = this.#view.scrollHeight - this.#view.clientHeight -
      this.#scrollTop;
    this.#isStuck = rest < this.#rowHeight;
    this.#plan();
  }

  /** @param {number} top */
  #scrollTo(top) {
    this.#scrollTop = Math.max(0, top);
    this.#view.scrollTop = this.#scrollTop;
    this.#ownTop = this.#scrollTop;
  }

  #goToEnd() {
    this.#isStuck = true;
    this.#plan();
    this.#view.focus();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const element = event.target instanceof Element
      ? event.target.closest(".trace-row")
      : null;
    if (!(element instanceof HTMLElement)) return;
    this.#choose(Number(element.dataset.place));
    this.#open();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const page = Math.floor(this.#view.clientHeight / this.#rowHeight) - 1;
    const steps = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -page,
      PageDown: page,
      Home: -Infinity,
      End: Infinity,
    };
    if (event.key === "Enter" || event.key === " ") this.#open();
    else if (event.key in steps) {
      const from = this.#chosen < 0 ? this.#end : this.#chosen;
      this.#choose(from + steps[/** @type {keyof typeof steps} */ (event.key)]);
    } else return;
    event.preventDefault();
  }

  /** @param {number} wanted */
  #choose(wanted) {
    if (this.#rows.length === 0) return;
    this.#chosen = Math.max(this.#first, Math.min(this.#end - 1, wanted));
    const top = (this.#chosen - this.#first) * this.#rowHeight;
    const seen = this.#view.clientHeight;
    if (top < this.#scrollTop) this.#scrollTo(top);
    else if (top + this.#rowHeight > this.#scrollTop + seen) {
      this.#scrollTo(top + this.#rowHeight - seen);
    }
    this.#isStuck = this.#chosen === this.#end - 1;
    this.#plan();
  }

  #open() {
    const row = this.#rows[this.#chosen - this.#first];
    if (row !== undefined) this.#onOpen(row);
  }
}

/** @param {number} place */
function nameOf(place) {
  return `trace-row-${place}`;
}
