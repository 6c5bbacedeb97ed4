/**
 * The list of extensions, read from the database again only where it has changed.
 * @module
 */

import type {
  ExtensionRow,
  ExtensionStore,
} from "../../pbx/io/extension_store.ts";

/** Gives the same array as before where nothing changed. */
export function rememberExtensions(
  store: Pick<ExtensionStore, "list" | "revision">,
): () => readonly ExtensionRow[] {
  let revision = -1;
  let rows: readonly ExtensionRow[] = [];
  return () => {
    const now = store.revision();
    if (now !== revision) rows = store.list();
    revision = now;
    return rows;
  };
}
