/**
 * Extensions and their phones as JSON, for scripts, for the page and for the command line.
 * @module
 */

/** One phone of an extension; the shape is part of the contract. */
export interface BindingEntry {
  readonly contact: string;
  readonly source: string;
  readonly transport: string;
  readonly expiresSeconds: number;
  readonly userAgent: string;
}

/** One extension; the shape is part of the contract. */
export interface ExtensionEntry {
  readonly number: string;
  readonly name: string;
  readonly registered: boolean;
  readonly bindings: readonly BindingEntry[];
}

/** Puts each binding under its extension. Bindings of numbers that are not listed are left out. */
export function joinBindings(
  extensions: readonly { readonly number: string; readonly name: string }[],
  bindings: readonly ({ readonly number: string } & BindingEntry)[],
): ExtensionEntry[] {
  const byNumber = new Map<string, BindingEntry[]>();
  for (const binding of bindings) {
    const entry: BindingEntry = {
      contact: binding.contact,
      source: binding.source,
      transport: binding.transport,
      expiresSeconds: binding.expiresSeconds,
      userAgent: binding.userAgent,
    };
    const list = byNumber.get(binding.number);
    if (list) list.push(entry);
    else byNumber.set(binding.number, [entry]);
  }
  return extensions.map(({ number, name }) => {
    const own = byNumber.get(number) ?? [];
    return { number, name, registered: own.length > 0, bindings: own };
  });
}
