/**
 * What the list of extensions and their forms show and change of the running server.
 * @module
 */

import type { ReportDesk } from "../../diag/phone_report.ts";
import type {
  ExtensionRow,
  ExtensionStore,
} from "../../pbx/io/extension_store.ts";
import type { ExtensionDesk } from "../extension_desk.ts";
import type { BindingEntry } from "../extension_entry.ts";
import type { ExtensionFormsSource } from "../page/extension_forms.tsx";
import type { ExtensionsSource } from "../page/extensions_page.tsx";

export interface ExtensionsPageParts {
  readonly extensions: Pick<ExtensionStore, "get">;
  /** Short numbers first; the same array as before where nothing changed. */
  listExtensions(): readonly ExtensionRow[];
  readonly exchange: {
    listBindings(number: string): readonly BindingEntry[];
    status(): { readonly registrations: number };
  };
  readonly reports: ReportDesk;
  readonly desk: ExtensionDesk;
}

export function openExtensionsSource(
  { extensions, listExtensions, exchange, reports, desk }: ExtensionsPageParts,
): ExtensionsSource & ExtensionFormsSource {
  return {
    reports,
    desk,
    extensions: listExtensions,
    find: (number) => extensions.get(number),
    bindings: (number) => exchange.listBindings(number),
    phoneCount: () => exchange.status().registrations,
  };
}
