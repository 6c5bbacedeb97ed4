/**
 * Pictures of what a test sees, kept where the environment variable `PBX_PICTURES` names a folder.
 * @module
 */

import type { Page } from "playwright-core";

/** Takes a picture of the whole page; nothing where nobody wants any. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("PBX_PICTURES") ?? "";
  if (folder === "") return;
  await Deno.mkdir(folder, { recursive: true });
  // to take a whole page the browser scrolls, which a list that follows its end takes for a wish
  const fullPage = await page.locator(".trace-view").count() === 0;
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
}
