/**
 * Where phones fetch their settings: open to whoever has a link. Everything else under
 * `/provision/` gives the same 404, whatever is wrong with it.
 * @module
 */

import type { Context } from "hono";
import type { App, AppEnv } from "../page/page_app.ts";
import type { PhoneDesk } from "./phone_desk.ts";
import { FILE_KINDS, writePhoneFile } from "./phone_file.ts";

/** Adds the routes. */
export function addProvision(app: App, desk: PhoneDesk): void {
  app.get("/provision/:token/:file", (context) => {
    const { token, file } = context.req.param();
    const taken = desk.links.take(
      token,
      file,
      context.env.peer,
      context.req.method === "HEAD",
      desk.nowMs(),
    );
    const account = taken === null ? null : desk.accountOf(taken.number);
    if (taken === null || account === null) return refuse(context);
    const { password } = taken;
    const body = writePhoneFile(taken.file, { ...account, password });
    return context.body(body, 200, {
      "Content-Type": FILE_KINDS[taken.file].type,
      "Content-Disposition": `attachment; filename="${
        FILE_KINDS[taken.file].name
      }"`,
      ...NO_TRACE,
    });
  });
  app.all("/provision/*", refuse);
}

/** Neither kept on the way nor looked for by anybody. */
const NO_TRACE = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "X-Robots-Tag": "noindex",
};

function refuse(context: Context<AppEnv>): Response {
  return context.text("There is nothing at this path\n", 404, NO_TRACE);
}
