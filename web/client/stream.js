/**
 * Follows the live view of a page: the server sends the parts that changed, and each takes the
 * place of the old one. A hidden page follows nothing.
 * @module
 */

import { replaceFragment } from "./fragment.js";
import { leaveIfSignedOut } from "./session.js";

/** EventSource tries again by itself, except after an answer that is no stream. */
const RETRY_MS = 10_000;
/** The server ends each stream now and then; the next one is there before that is told. */
const PATIENCE_MS = 5000;

/** @param {(root: ParentNode) => void} equip called for what is new on the page */
export function followStream(equip) {
  const address = document.querySelector("main")?.dataset.live;
  if (address === undefined) return;
  /** @type {EventSource | null} */
  let source = null;
  let retry = 0;
  let complaint = 0;
  /**
   * Parts that have not found their place yet.
   * @type {Map<string, string>}
   */
  const waiting = new Map();

  function settle() {
    for (const [id, html] of waiting) {
      if (replaceFragment(id, html, equip)) waiting.delete(id);
    }
  }

  function forgive() {
    clearTimeout(complaint);
    complaint = 0;
  }

  function open() {
    clearTimeout(retry);
    if (document.hidden || source !== null) return;
    source = new EventSource(/** @type {string} */ (address));
    source.addEventListener("open", () => {
      forgive();
      showState(true);
    });
    source.addEventListener("fragments", ({ data }) => {
      for (const { id, html } of JSON.parse(data)) waiting.set(id, html);
      settle();
    });
    source.addEventListener("error", () => {
      complaint ||= setTimeout(() => showState(false), PATIENCE_MS);
      if (source?.readyState !== EventSource.CLOSED) return;
      close();
      showState(false);
      leaveIfSignedOut();
      retry = setTimeout(open, RETRY_MS);
    });
  }

  function close() {
    clearTimeout(retry);
    forgive();
    source?.close();
    source = null;
  }

  for (const name of ["focusout", "pointerup", "selectionchange"]) {
    document.addEventListener(name, () => {
      if (waiting.size > 0) setTimeout(settle);
    });
  }
  // a question was answered; it does not bubble
  document.addEventListener("close", () => setTimeout(settle), true);
  document.addEventListener(
    "visibilitychange",
    () => document.hidden ? close() : open(),
  );
  // a page in the cache for "back" must hold no connection
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

/** @param {boolean} isLive */
function showState(isLive) {
  const element = document.getElementById("live-state");
  if (element === null) return;
  const { liveOn = "", liveOff = "" } = document.body.dataset;
  const text = isLive ? liveOn : liveOff;
  if (element.textContent !== text) element.textContent = text;
  element.dataset.state = isLive ? "live" : "waiting";
}
