/**
 * The npm packages that the program carries: those which its imports reach, as
 * `deno info --json` shows them, with the hashes of deno.lock.
 * @module
 */

export interface EmbeddedPackage {
  readonly name: string;
  readonly version: string;
  /** As deno.lock has it: `sha512-` and base64; "" where it has none. */
  readonly integrity: string;
  /** An SPDX expression; "" where it is not known. */
  readonly license: string;
  /** Where the package lies on the disk. */
  readonly folder: string;
  /** `name@version` of the packages that it needs. */
  readonly needs: readonly string[];
}

/** What `deno info --json` says, as far as it matters here. */
export interface ImportGraph {
  readonly modules: readonly { readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<
    Record<string, {
      readonly name: string;
      readonly version: string;
      readonly dependencies: readonly string[];
      readonly localPath?: string;
    }>
  >;
}

export interface LockFile {
  readonly npm?: Readonly<Record<string, { readonly integrity?: string }>>;
}

/** Lists them by name; a package that several graphs reach stands there once. */
export function listEmbedded(
  graphs: readonly ImportGraph[],
  lock: LockFile,
): EmbeddedPackage[] {
  const found = new Map<string, EmbeddedPackage>();
  for (const graph of graphs) {
    const open = graph.modules.flatMap(({ npmPackage }) => npmPackage ?? []);
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const entry = graph.npmPackages[key];
      if (entry === undefined || found.has(key)) continue;
      const { name, version, dependencies, localPath } = entry;
      found.set(key, {
        name,
        version,
        integrity: lock.npm?.[key]?.integrity ?? "",
        license: "",
        folder: localPath ?? "",
        needs: dependencies.flatMap((need) => {
          const other = graph.npmPackages[need];
          return other === undefined ? [] : `${other.name}@${other.version}`;
        }),
      });
      open.push(...dependencies);
    }
  }
  return [...found.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}
