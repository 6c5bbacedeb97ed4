/**
 * `server-down`: nobody serves this data directory. Silent where it is known why it cannot start:
 * that is the deeper cause.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";
import { configError } from "./config_error.ts";
import { portInUse } from "./port_in_use.ts";

export function serverDown(story: Story, scene: Scene): Finding | null {
  const { server, now } = scene;
  if (server === null || server.isRunning || scene.isOffline) return null;
  if (configError(story, scene) ?? portInUse(story, scene)) return null;
  const { unit, unitState, lastError } = server;
  const evidence = [see(now, "server-not-running")];
  if (unit !== "" && unitState !== "") {
    evidence.push(see(now, "unit-state", { unit, state: unitState }));
  }
  if (lastError !== "") {
    evidence.push(see(now, "last-error", { error: lastError }));
  }
  return {
    code: "server-down",
    at: now,
    values: { lastError },
    evidence,
    command: server.startCommand,
  };
}
