/**
 * The ladder of messages: it stays at the newest message while nobody scrolls away from it, and
 * a link to a message opens it.
 * @module
 */

const BOX = ".ladder-box";
/** Nearer to the end than this counts as at the end. */
const NEAR_PIXELS = 24;

/** Adds it to the page; new parts need nothing more. */
export function addLadder() {
  const main = document.querySelector("main");
  // what does not go on is read from the beginning
  let isAtEnd = main?.dataset.live !== undefined;
  const follow = () => {
    const box = document.querySelector(BOX);
    if (box === null || !isAtEnd || box.querySelector("details[open]")) return;
    box.scrollTop = box.scrollHeight;
  };
  document.addEventListener("scroll", ({ target }) => {
    if (!(target instanceof Element) || !target.matches(BOX)) return;
    const { scrollTop, scrollHeight, clientHeight } = target;
    isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
  }, { capture: true, passive: true });
  if (main !== null) {
    new MutationObserver(follow).observe(main, { childList: true });
  }
  follow();
  addEventListener("hashchange", openMessage);
  openMessage();
}

/** Opens the message that the address names. */
function openMessage() {
  const details = location.hash.startsWith("#message-")
    ? document.getElementById(location.hash.slice(1))
    : null;
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.scrollIntoView({ block: "nearest" });
  details.querySelector("summary")?.focus({ preventScroll: true });
}
