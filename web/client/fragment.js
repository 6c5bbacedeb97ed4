/**
 * Puts a new part of the page in the place of the old one, and leaves what the reader does as it
 * is: what he types, has open, has scrolled, has selected, and where he is with the keyboard.
 * @module
 */

const FIELDS = "input, select, textarea, [contenteditable]";
/** What the reader may be at without it being in the HTML of the server. */
const SCROLLERS = ".table-wrap, pre, [data-keep-scroll]";

/**
 * Says whether it is done with; false where the reader holds the old part in his hands.
 * @param {string} id
 * @param {string} html
 * @param {(root: ParentNode) => void} equip called for what is new
 */
export function replaceFragment(id, html, equip) {
  const old = document.getElementById(id);
  if (old === null) return true;
  if (isInUse(old)) return false;
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  if (fresh === null) return true;
  equip(template.content);
  const focus = pathTo(old, document.activeElement);
  keepOpen(old, fresh);
  const offsets = [...old.querySelectorAll(SCROLLERS)].map(
    ({ scrollTop, scrollLeft }) => ({ scrollTop, scrollLeft }),
  );
  old.replaceWith(fresh);
  [...fresh.querySelectorAll(SCROLLERS)].forEach((element, index) =>
    Object.assign(element, offsets[index])
  );
  const target = focus && follow(fresh, focus);
  if (target instanceof HTMLElement || target instanceof SVGElement) {
    target.focus({ preventScroll: true });
  }
  return true;
}

/**
 * Whether the reader types in it, presses something in it, is asked about a form of it, or has
 * selected text in it.
 * @param {Element} element
 */
function isInUse(element) {
  const active = document.activeElement;
  if (active?.matches(FIELDS) && element.contains(active)) return true;
  if (element.matches(":active")) return true;
  if (element.querySelector("[data-asking]") !== null) return true;
  const selection = getSelection();
  return selection !== null && !selection.isCollapsed &&
    selection.containsNode(element, true);
}

/**
 * @param {Element} old
 * @param {Element} fresh
 */
function keepOpen(old, fresh) {
  const before = [...old.querySelectorAll("details")];
  [...fresh.querySelectorAll("details")].forEach((details, index) => {
    const same = details.id === ""
      ? before[index]
      : before.find(({ id }) => id === details.id);
    if (same !== undefined) details.open = same.open;
  });
}

/**
 * The way from an element down to one inside of it: an id, or the place among the children.
 * @param {Element} root
 * @param {Element | null} element
 * @returns {(string | number)[] | null}
 */
function pathTo(root, element) {
  if (element === null || !root.contains(element)) return null;
  /** @type {(string | number)[]} */
  const path = [];
  for (
    let at = element;
    at !== root;
    at = /** @type {Element} */ (at.parentElement)
  ) {
    if (at.id !== "") return [at.id, ...path];
    path.unshift(
      [.../** @type {Element} */ (at.parentElement).children].indexOf(at),
    );
  }
  return path;
}

/**
 * @param {Element} root
 * @param {(string | number)[]} path
 */
function follow(root, path) {
  /** @type {Element | null | undefined} */
  let at = root;
  for (const step of path) {
    at = typeof step === "string"
      ? root.querySelector(`#${CSS.escape(step)}`)
      : at?.children[step];
  }
  return at;
}
