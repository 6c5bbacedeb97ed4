/**
 * The page Live: follows the stream of rows, and shows the text of one.
 * @module
 */

import { leaveIfSignedOut } from "./session.js";
import { TraceDialog } from "./trace_dialog.js";
import { TraceList } from "./trace_list.js";

/** How long to wait where the server let nobody in. */
const AGAIN_MS = 10_000;

const box = document.getElementById("trace");
if (box !== null && "EventSource" in globalThis) begin(box);

/** @param {HTMLElement} box */
function begin(box) {
  const words = JSON.parse(box.dataset.words ?? "{}");
  box.hidden = false;
  document.getElementById("trace-table")?.remove();

  const bar = append(box, "div", "actions trace-bar");
  const pause = append(bar, "button", "button", words.pause);
  const clear = append(bar, "button", "button", words.clear);
  const state = append(bar, "p", "trace-state muted");
  state.setAttribute("role", "status");
  const counts = append(bar, "p", "trace-counts muted");
  const holder = append(box, "div", "trace-holder");
  const dialog = new TraceDialog(box, words, box.dataset.messages ?? "");
  const list = new TraceList(holder, words, (row) => {
    dialog.open(row, (step) => list.step(step));
  });

  /** @type {EventSource | null} */
  let stream = null;
  let again = 0;
  let run = "";
  let last = "";
  let dropped = 0;
  let skipped = 0;

  /** @param {"connected" | "reconnecting" | "paused" | "full"} name */
  function tell(name) {
    state.dataset.state = name;
    state.textContent = words[name];
  }

  function count() {
    const parts = [fill(words.rows, list.size)];
    if (list.forgotten > 0) {
      parts.push(fill(words.forgotten, list.forgotten));
    }
    if (dropped > 0) parts.push(fill(words.dropped, dropped));
    if (skipped > 0) parts.push(fill(words.skipped, skipped));
    counts.textContent = parts.join(" · ");
  }

  function follow() {
    const address = new URL(box.dataset.stream ?? "", location.href);
    if (last !== "") address.searchParams.set("last", last);
    stream = new EventSource(address);
    stream.addEventListener("open", () => tell("connected"));
    stream.addEventListener("error", () => {
      const isRefused = stream?.readyState === EventSource.CLOSED;
      tell(isRefused ? "full" : "reconnecting");
      if (!isRefused) return;
      leaveIfSignedOut();
      again = setTimeout(follow, AGAIN_MS);
    });
    stream.addEventListener("run", ({ data }) => {
      const name = JSON.parse(data);
      if (run !== "" && name !== run) list.clear();
      run = name;
    });
    stream.addEventListener("rows", ({ data, lastEventId }) => {
      // a stream that goes on by itself may repeat what this page asked for
      last = lastEventId;
      list.add(JSON.parse(data));
      count();
    });
    stream.addEventListener("dropped", ({ data }) => {
      dropped += Number(data);
      count();
    });
    stream.addEventListener("skipped", ({ data }) => {
      skipped += Number(data);
      count();
    });
  }

  function stop() {
    clearTimeout(again);
    stream?.close();
    stream = null;
  }

  pause.addEventListener("click", () => {
    const isPaused = pause.dataset.paused === "1";
    pause.dataset.paused = isPaused ? "" : "1";
    pause.textContent = isPaused ? words.pause : words.resume;
    if (isPaused) return follow();
    stop();
    tell("paused");
  });
  clear.addEventListener("click", () => {
    list.clear();
    dropped = 0;
    skipped = 0;
    count();
  });
  // a page that is put aside holds its stream, and a browser has few for one server
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => {
    if (event.persisted && pause.dataset.paused !== "1") follow();
  });

  tell("reconnecting");
  count();
  follow();
}

/**
 * @param {Element} parent
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 */
function append(parent, name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  if (element instanceof HTMLButtonElement) element.type = "button";
  parent.append(element);
  return element;
}

/**
 * @param {string} text
 * @param {number} count
 */
function fill(text, count) {
  return text.replace("{count}", String(count));
}
