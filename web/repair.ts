/**
 * What the server can mend itself, or lead to with one click: from a verdict, a check or a trouble
 * of the server to the repairs that are offered. None is offered that could do nothing.
 * @module
 */

import type { CheckId, CheckState } from "../diag/check.ts";
import type { ServerTrouble } from "../diag/trouble_watch.ts";
import type { Finding } from "../diag/verdict.ts";
import { checkNumber } from "../pbx/extension.ts";

export const REPAIR_IDS = [
  "add-extension",
  "new-password",
  "forget-silent",
  "ask-phone",
  "retry-store",
  "check-again",
  "see-bans",
] as const;
export type RepairId = (typeof REPAIR_IDS)[number];

/** One repair, as a button or a link. */
export interface Repair {
  readonly id: RepairId;
  /** `get` leads to a page where the person goes on, `post` does it. */
  readonly method: "get" | "post";
  readonly path: string;
  /** The extension that it is about; "" for none. */
  readonly number: string;
}

/** What is known of the extension that a verdict is about. */
export interface RepairScene {
  isExtension(number: string): boolean;
  /** How many phones are registered with a number. */
  countPhones(number: string): number;
}

/** What mends a verdict about the phone that says this number. */
export function repairsOf(
  { code, values }: Finding,
  number: string,
  scene: RepairScene,
): readonly Repair[] {
  switch (code) {
    case "unknown-extension":
      return checkNumber(number) === null && !scene.isExtension(number)
        ? [{
          id: "add-extension",
          method: "get",
          path: `/extensions/new?number=${number}`,
          number,
        }]
        : [];
    case "wrong-password":
    case "wrong-realm":
      // a new password would put the phones out that work
      return scene.isExtension(number) && scene.countPhones(number) === 0
        ? [{
          id: "new-password",
          method: "get",
          path: `/extensions/${number}/password`,
          number,
        }]
        : [];
    case "too-many-phones":
      return askPhones("forget-silent", "forget", number, scene);
    case "nat-mapping-expired":
      return [
        ...askPhones("ask-phone", "ping", number, scene),
        // with one phone left the number would be worse off than before
        ...(scene.countPhones(number) > 1
          ? askPhones("forget-silent", "forget", number, scene)
          : []),
      ];
    case "callee-silent":
      return askPhones("ask-phone", "ping", String(values["callee"]), scene);
    case "banned":
      return [{ id: "see-bans", method: "get", path: "/security", number: "" }];
    case "store-failed":
      return [RETRY_STORE];
    default:
      return [];
  }
}

const RETRY_STORE: Repair = {
  id: "retry-store",
  method: "post",
  path: "/store/retry",
  number: "",
};

function askPhones(
  id: "forget-silent" | "ask-phone",
  action: "forget" | "ping",
  number: string,
  scene: RepairScene,
): readonly Repair[] {
  if (!scene.isExtension(number) || scene.countPhones(number) === 0) return [];
  return [{
    id,
    method: "post",
    path: `/extensions/${number}/${action}`,
    number,
  }];
}

/** What a new try may show to be over by itself; the others need somebody who changes something. */
const PASSING_CHECKS: readonly CheckId[] = ["loopback", "register", "media"];

/** What mends a check. */
export function repairsOfCheck(
  id: CheckId,
  state: CheckState,
): readonly Repair[] {
  const isFaulty = state === "fail" || state === "warn";
  return isFaulty && PASSING_CHECKS.includes(id)
    ? [{ id: "check-again", method: "post", path: "/checks", number: "" }]
    : [];
}

/** What mends a trouble of the server. */
export function repairsOfTrouble(
  { kind }: ServerTrouble,
): readonly Repair[] {
  return kind === "store-failed" ? [RETRY_STORE] : [];
}
