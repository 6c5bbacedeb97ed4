/**
 * What the page of an extension shows of the running server. The messages of the extensions that
 * were looked at last are kept at hand.
 * @module
 */

import type { ReportDesk } from "../../diag/phone_report.ts";
import type { LiveBinding } from "../../pbx/io/binding_rows.ts";
import type { ExtensionStore } from "../../pbx/io/extension_store.ts";
import {
  findMessages,
  MessageFinder,
  type MessageShelf,
} from "../message_finder.ts";
import type { ExtensionSource } from "../page/extension_source.ts";
import type { PhoneDesk } from "../phone/phone_desk.ts";

export interface ExtensionPageParts {
  readonly extensions: Pick<ExtensionStore, "get" | "list">;
  readonly exchange: { listBindings(number: string): readonly LiveBinding[] };
  readonly traffic: MessageShelf;
  readonly reports: ReportDesk;
  /** Resolves when the reports know what is kept by now. */
  settle(): Promise<void>;
  readonly phones: PhoneDesk;
}

const MOST_MESSAGES = 200;
/** Extensions whose messages are kept at hand; each has a fifth of a megabyte at most. */
const MOST_FINDERS = 16;

export function openExtensionSource(
  { extensions, exchange, traffic, reports, settle, phones }:
    ExtensionPageParts,
): ExtensionSource {
  /** The one that was asked for last stands last. */
  const finders = new Map<string, MessageFinder>();
  return {
    find: (number) => extensions.get(number),
    numbers: () => extensions.list().map(({ number }) => number),
    reports,
    settle,
    bindings: (number) => exchange.listBindings(number),
    messages: (number) => {
      const finder = finders.get(number) ??
        new MessageFinder(number, MOST_MESSAGES);
      finders.delete(number);
      finders.set(number, finder);
      for (const oldest of finders.keys()) {
        if (finders.size <= MOST_FINDERS) break;
        finders.delete(oldest);
      }
      return finder.look(traffic);
    },
    capture: (number) => findMessages(number, traffic),
    phones,
  };
}
