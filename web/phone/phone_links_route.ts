/**
 * Makes the one-time links of a phone for the command line. Whoever reaches it was let in.
 * @module
 */

import { isTls } from "../access/guard.ts";
import { bodyLimit } from "hono/body-limit";
import { problem } from "../api/api_problem.ts";
import type { App } from "../page/page_app.ts";
import type { PhoneLinks } from "./phone_card.ts";
import { makeLinks, type PhoneDesk } from "./phone_desk.ts";

/** What `pbx phone --format qr` is told. */
export interface PhoneLinksAnswer {
  readonly links: NonNullable<PhoneLinks["once"]>;
  /** RFC 3339. */
  readonly endsAt: string;
}

const MOST_BODY = 4096;

/** Adds the route: the body is `{ "password": TEXT }`, or empty where the password is kept. */
export function addPhoneLinks(app: App, desk: PhoneDesk): void {
  const limit = bodyLimit({ maxSize: MOST_BODY });
  app.post("/extensions/:number/links", limit, (context) => {
    const number = context.req.param("number");
    if (desk.accountOf(number) === null) {
      return Promise.resolve(
        problem(context, 404, "No extension has this number"),
      );
    }
    return context.req.text().then((text) => {
      const password = readPassword(text);
      if (password !== null && !desk.isPassword(number, password)) {
        return problem(
          context,
          400,
          "This is not the password of the extension",
        );
      }
      const nowMs = desk.nowMs();
      const kept = desk.links.find(number, nowMs);
      if (password !== null && kept?.password !== password) {
        desk.links.keep(number, password, nowMs);
      }
      const links = makeLinks(desk, number, {
        host: context.req.header("host"),
        isSecure: isTls(context),
      });
      if (links === null) {
        return problem(context, 409, "The password is not known any more");
      }
      if (links.once === null) {
        const how =
          "Phones cannot reach the page: it listens on this machine only (http in the configuration)";
        return problem(context, 409, how);
      }
      const endsAt = new Date(links.endMs).toISOString();
      const answer: PhoneLinksAnswer = { links: links.once, endsAt };
      return context.json(answer, 201, { "Cache-Control": "no-store" });
    });
  });
}

/** Null where the body holds none. */
function readPassword(text: string): string | null {
  try {
    const { password } = JSON.parse(text) as { password?: unknown };
    return typeof password === "string" && password !== "" ? password : null;
  } catch {
    return null;
  }
}

/** Whether what came over the network looks like the answer. */
export function isPhoneLinksAnswer(value: unknown): value is PhoneLinksAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { links, endsAt } = value as Record<string, unknown>;
  return typeof endsAt === "string" && typeof links === "object" &&
    links !== null &&
    typeof (links as Record<string, unknown>)["linphone"] === "string";
}
