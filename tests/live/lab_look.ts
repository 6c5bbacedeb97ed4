/**
 * Looks at a page as it stands in the browser, and lists what is wrong with it: what is cut or
 * covered, words that were not filled in, headings out of order, what the keyboard cannot reach.
 * @module
 */

import type { Page } from "playwright-core";

/** What `LOOK` gives. */
interface Look {
  readonly lang: string;
  readonly title: string;
  readonly faults: readonly string[];
}

/** Everything that is wrong with a page, a line each; barriers are another matter. */
export async function listFaults(
  page: Page,
  language: string,
): Promise<string[]> {
  const { lang, title, faults } = await page.evaluate(LOOK) as Look;
  return [
    ...(lang === language ? [] : [`lang is ${lang}`]),
    ...(title.endsWith(" · pbx") ? [] : [`the title is ${title}`]),
    ...faults,
    ...await listCutTexts(page),
  ];
}

/** Texts that are cut, stick out of their box, or lie over one another. */
export async function listCutTexts(page: Page): Promise<string[]> {
  return await page.evaluate(CUT) as string[];
}

/** The same with everything open that can be opened; the page is of no use afterwards. */
export async function listCutInside(page: Page): Promise<string[]> {
  await page.evaluate(
    `for (const details of document.querySelectorAll("details")) {
    details.removeAttribute("name");
    details.open = true;
  }`,
  );
  return await listCutTexts(page);
}

/** What Tab does not reach, and what does not show that it has the focus. */
export async function listUnreachable(page: Page): Promise<string[]> {
  const count = await page.evaluate(WATCH_FOCUS) as number;
  // a live part that is replaced meanwhile is reached in its new shape
  for (let step = 0; step < count + 3; step++) {
    await page.keyboard.press("Tab");
  }
  return await page.evaluate("globalThis.listUnreached()") as string[];
}

/** Runs in the page: words, headings, ids, names of what can be pressed. */
const LOOK = `(() => {
  const faults = [];
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest("script, style, pre, [data-hostile]")) texts.push(data);
  }
  for (const element of document.body.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "alt", "placeholder", "data-label"]) {
      const value = element.getAttribute(name);
      if (value !== null) texts.push(value);
      if (value === "") faults.push("empty " + name + ": " + element.outerHTML.slice(0, 80));
    }
  }
  for (const text of texts) {
    const wrong = /\\{\\w+\\}|\\bundefined\\b|\\bNaN\\b|\\[object|\\bnull\\b|Invalid Date|\\bInfinity\\b/.exec(text);
    if (wrong) faults.push("not filled in: " + text.trim().slice(0, 120));
    if (/&(?:amp|lt|gt|quot|#\\d+);/.test(text)) faults.push("escaped twice: " + text.trim().slice(0, 120));
  }
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
    .filter((heading) => !heading.closest("[hidden], dialog:not([open])"));
  let level = 0;
  for (const heading of headings) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push("heading out of order: " + heading.outerHTML.slice(0, 80));
    if (heading.textContent.trim() === "") faults.push("empty heading: " + heading.outerHTML);
    level = own;
  }
  if (headings.filter(({ tagName }) => tagName === "H1").length !== 1) faults.push("not one h1");
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of ids) {
    if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("an id twice: " + id);
  }
  for (const name of ["aria-describedby", "aria-labelledby", "for", "aria-controls"]) {
    for (const element of document.querySelectorAll("[" + name + "]")) {
      for (const id of element.getAttribute(name).split(" ")) {
        if (!ids.includes(id)) faults.push(name + " leads nowhere: " + id);
      }
    }
  }
  return { lang: document.documentElement.lang, title: document.title, faults };
})()`;

/** Runs in the page: where each line of text is drawn, and whether that is inside of its box. */
const CUT = `(() => {
  const found = new Set();
  const root = document.documentElement;
  const SLACK = 1.5;
  const LONG_WORD = /[\\p{L}\u02bb\u02bc]{4,}/gu;
  const say = (why, text) => found.add(why + ": " + text.trim().replace(/\\s+/g, " ").slice(0, 80));
  if (root.scrollWidth > root.clientWidth + 1) {
    say("the page is " + root.scrollWidth + " wide in " + root.clientWidth, "");
  }
  const HIDDEN = ".visually-hidden, dialog:not([open]), .skip, .table-wrap thead, option";
  const styles = new Map();
  const styleOf = (element) => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element));
    return styles.get(element);
  };
  /** The box that a text belongs into, and the box that cuts it off. */
  const isBox = (element) => {
    const { display, position } = styleOf(element);
    return display !== "inline" && display !== "contents";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = node.parentElement;
    if (node.data.trim() === "" || parent.closest(HIDDEN)) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    const isDrawn = parent.closest("svg") !== null;
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
    for (const { 0: word, index: at } of lines.length > 1 ? node.data.matchAll(LONG_WORD) : []) {
      range.setStart(node, at);
      range.setEnd(node, at + word.length);
      if (range.getClientRects().length > 1 && !parent.closest("code, pre")) say("a word is broken", word);
    }
    for (const line of lines) {
      let isScrolled = false;
      for (let at = parent; at !== null && at !== root; at = at.parentElement) {
        if (isDrawn && at.namespaceURI.endsWith("svg") || !isBox(at)) continue;
        const box = at.getBoundingClientRect();
        const { overflowX, overflowY } = styleOf(at);
        const isOut = line.left < box.left - SLACK || line.right > box.right + SLACK;
        const isOutBelow = line.top < box.top - SLACK || line.bottom > box.bottom + SLACK;
        if (/auto|scroll/.test(overflowX) && at.scrollWidth > at.clientWidth + 1) isScrolled = true;
        if (isOut && !isScrolled) {
          say(overflowX === "visible" ? "sticks out of <" + at.tagName.toLowerCase() + " " + at.className + ">" : "cut", node.data);
        }
        if (isOutBelow && /hidden|clip/.test(overflowY)) say("cut above or below", node.data);
        if (/auto|scroll/.test(overflowX + overflowY)) break;
      }
    }
  }
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    if (wrap.scrollWidth > wrap.clientWidth + 1) say("a table is wider than its place", wrap.textContent);
  }
  for (const input of document.querySelectorAll("input:not([type=hidden]), button, select")) {
    if (!input.checkVisibility()) continue;
    // what is typed may be longer than its field, which scrolls
    if (input.value && input.tagName === "INPUT") continue;
    if (input.scrollWidth > input.clientWidth + 1) say("cut in its field", input.placeholder || input.textContent);
  }
  for (const picture of document.querySelectorAll("svg")) {
    if (!picture.checkVisibility()) continue;
    const texts = [...picture.querySelectorAll("text")]
      .filter((text) => text.checkVisibility() && text.textContent.trim() !== "")
      .map((text) => [text.getBoundingClientRect(), text.textContent]);
    texts.forEach(([one, text], index) => {
      for (const [other, over] of texts.slice(index + 1)) {
        const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (width > 2 && height > 4) say("texts over one another", text + " | " + over);
      }
    });
  }
  return [...found];
})()`;

/** Runs in the page: keeps what Tab comes to, and how it looks then. */
const WATCH_FOCUS = `(() => {
  const CAN = "a[href], button:not(:disabled), input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const nameOf = (element) => element.tagName.toLowerCase() + " " +
    (element.getAttribute("href") ?? element.getAttribute("name") ?? "") + " " +
    (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60);
  const listAll = () => [...document.querySelectorAll(CAN)]
    .filter((element) => element.checkVisibility() && element.closest("[inert]") === null);
  const reached = new Set();
  const dull = new Set();
  document.addEventListener("focusin", ({ target }) => {
    const name = nameOf(target);
    reached.add(name);
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target);
    const hasOutline = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
    if (!hasOutline && boxShadow === "none") dull.add(name);
  });
  globalThis.listUnreached = () => [
    ...new Set(listAll().map(nameOf).filter((name) => !reached.has(name))
      .map((name) => "not reached: " + name)),
    ...[...dull].map((name) => "focus does not show: " + name),
  ];
  document.activeElement?.blur?.();
  return listAll().length;
})()`;
