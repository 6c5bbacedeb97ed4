/**
 * `unknown-extension`: nobody has that number. The phone only hears that it may not, as with a
 * wrong password.
 * @module
 */

import { see } from "../evidence.ts";
import { nearestNumbers } from "../../pbx/nearest_number.ts";
import type { Scene } from "../scene.ts";
import { openRefusal } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Finding } from "../verdict.ts";

export function unknownExtension(story: Story, scene: Scene): Finding | null {
  const open = openRefusal(story, ["unknown-extension"]);
  if (open === null) return null;
  const { at } = open.refusal;
  const { number } = story;
  const known = scene.extensions ?? [];
  const nearest = nearestNumbers(number, known).join(", ");
  const evidence = [see(at, "number-unknown", { number })];
  if (nearest !== "") {
    evidence.push(see(at, "numbers-near", { numbers: nearest }));
  }
  if (known.includes(number)) {
    evidence.push(see(scene.now, "number-added", { number }));
  }
  return {
    code: "unknown-extension",
    at,
    values: { number, nearest },
    evidence,
  };
}
