/**
 * `config-error`: the configuration cannot be used. A server that runs has read an older one, so
 * that it will only hurt at the next start.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

const MOST_SHOWN = 8;

export function configError(_story: Story, scene: Scene): Finding | null {
  const { configFaults, now } = scene;
  if (configFaults.length === 0) return null;
  const shown = configFaults.slice(0, MOST_SHOWN);
  const finding: Finding = {
    code: "config-error",
    at: now,
    values: {
      count: configFaults.length,
      faults: shown.map(({ where, path, hint }) =>
        `${where || path}: ${hint || path}`
      ).join("; "),
    },
    evidence: shown.map(({ where, path, what }) =>
      see(now, "config-fault", { where, path, what })
    ),
  };
  return scene.server?.isRunning
    ? { ...finding, severity: "warning" }
    : finding;
}
