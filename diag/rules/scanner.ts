/**
 * `scanner`: strangers who try what every server in the internet is tried with.
 * @module
 */

import { see } from "../evidence.ts";
import type { Scene } from "../scene.ts";
import type { Story } from "../story/story.ts";
import type { Evidence, Finding } from "../verdict.ts";

export function scanner(_story: Story, { noise }: Scene): Finding | null {
  const { hosts, tries, userAgents, lastAt } = noise;
  if (hosts === 0) return null;
  const evidence: Evidence[] = [
    see(lastAt, "scanners-turned-away", { tries, hosts }),
  ];
  if (userAgents.length > 0) {
    const names = userAgents.join(", ");
    evidence.push(see(lastAt, "scanners-named", { names }));
  }
  return { code: "scanner", at: lastAt, values: { hosts, tries }, evidence };
}
