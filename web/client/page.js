/**
 * What a page does by itself: it follows its live view, writes times as the clock on the wall
 * does, lets commands be copied, and asks before something is destroyed.
 * @module
 */

import { addConfirm } from "./confirm.js";
import { addCopy } from "./copy.js";
import { addLadder } from "./ladder.js";
import { followStream } from "./stream.js";
import { localizeTimes } from "./time.js";

/**
 * Makes new elements do what elements of their kind do.
 * @param {ParentNode} root
 */
function equip(root) {
  localizeTimes(root);
  addCopy(root);
}

equip(document);
addConfirm();
addLadder();
followStream(equip);
