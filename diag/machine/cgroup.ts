/**
 * Which systemd unit or container a process belongs to, from `/proc/PID/cgroup`: one line
 * `number:controllers:path` for each hierarchy (version 1), or the one line `0::path` (version 2).
 * @module
 */

/** Where a process belongs. */
export interface CgroupPlace {
  /** `kamailio.service`; "" for none, as in a login session. */
  readonly unit: string;
  /** Whose manager runs the unit; null: the system's. */
  readonly userId: number | null;
  /** Null: none. */
  readonly container: ContainerName | null;
}

export interface ContainerName {
  readonly kind: "docker" | "podman" | "containerd" | "crio" | "lxc" | "kube";
  /** As the kind's own commands take it: the first 12 digits of the id, or the name. */
  readonly id: string;
}

const ID = "([0-9a-f]{12})[0-9a-f]{52}";
/** The first that fits counts; Kubernetes stands above the engine that it drives. */
const CONTAINERS: readonly (readonly [ContainerName["kind"], RegExp])[] = [
  ["kube", new RegExp(`/kubepods\\b.*[/-]${ID}(?:\\.scope)?(?:/|$)`)],
  ["podman", new RegExp(`/libpod-(?:payload-)?${ID}(?:\\.scope)?(?:/|$)`)],
  ["docker", new RegExp(`/docker[/-]${ID}(?:\\.scope)?(?:/|$)`)],
  ["crio", new RegExp(`/crio-${ID}(?:\\.scope)?(?:/|$)`)],
  [
    "containerd",
    new RegExp(
      `/(?:cri-containerd|nerdctl|containerd)[/-]${ID}(?:\\.scope)?(?:/|$)`,
    ),
  ],
  ["lxc", /\/lxc(?:\.payload)?[./]([\w.-]{1,64})(?:\/|$)/],
];

/** Longer than any path of the kernel's. */
const LONGEST = 16_384;

/**
 * Reads the file.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseCgroup } from "./cgroup.ts";
 * assert.equal(parseCgroup("0::/system.slice/kamailio.service\n").unit, "kamailio.service");
 * ```
 */
export function parseCgroup(text: string): CgroupPlace {
  const paths = text.slice(0, LONGEST).split("\n").flatMap((line) => {
    const found = /^\d+:([^:]*):(\/.*)$/.exec(line);
    return found === null ? [] : [{ controllers: found[1]!, path: found[2]! }];
  });
  let container: ContainerName | null = null;
  for (const [kind, pattern] of CONTAINERS) {
    for (const { path } of paths) {
      const id = pattern.exec(path)?.[1];
      if (container === null && id !== undefined) container = { kind, id };
    }
  }
  // systemd has a hierarchy of its own in version 1; in a container it may stand there unused
  const own = ["name=systemd", ""].flatMap((name) =>
    paths.filter(({ controllers }) => controllers === name)
  );
  const parts = (own.find(({ path }) => path.includes(".service")) ?? own[0])
    ?.path.split("/") ?? [];
  const manager = parts.findIndex((part) => /^user@\d+\.service$/.test(part));
  const unit = parts.slice(manager + 1).findLast((part) =>
    part.endsWith(".service")
  );
  return {
    unit: unit ?? "",
    userId: manager < 0 || unit === undefined
      ? null
      : Number(parts[manager]!.slice(5, -8)),
    container,
  };
}
