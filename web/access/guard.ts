/**
 * Stands before everything that HTTP serves. Lets in the machine's own administrator, who has the
 * token of the data directory, and who has a session; turns everybody else away, to the sign-in
 * where a browser asks for a page.
 * @module
 */

import type { Context, MiddlewareHandler, Next } from "hono";
import { problem } from "../api/api_problem.ts";
import type { AppEnv } from "../page/page_app.ts";
import type { Access, Refused } from "./access.ts";
import { bearsToken, readBasic } from "./bearer.ts";
import { isReading, judgeOrigin, type OriginVerdict } from "./origin.ts";
import { hostOf, isOwnHost } from "./own_host.ts";
import { readSessionCookie } from "./session_cookie.ts";
import { sessionId } from "./session.ts";

type Ask = Context<AppEnv>;

/** What the guard goes by. */
export interface GuardSource {
  /** The token of the data directory. */
  readonly token: string;
  /** The names under which the server may be asked, besides addresses and `localhost`. */
  readonly domains: readonly string[];
  /** Whether an address is the machine's own. */
  isOwnAddress(host: string): boolean;
  readonly access: Access;
}

/** The user of HTTP Basic. */
const USER = "admin";
/** How long to wait where too many are being looked at. */
const BUSY_SECONDS = 2;

const HOW =
  "Reading needs `Authorization: Bearer` with the content of `api-token` in the data directory, from this machine; or a session of the page";
const HOW_METRICS =
  `${HOW}; or HTTP Basic as \`${USER}\` with the password of the page`;

/** Lets in or turns away; sets `admin` for who was let in. */
export function guard(source: GuardSource): MiddlewareHandler<AppEnv> {
  return (context, next) => {
    const { path, method } = context.req;
    if (path === "/healthz") return next();
    context.header("Cross-Origin-Resource-Policy", "same-origin");
    if (!isOwnHost(hostNamed(context), source.domains)) {
      return Promise.resolve(refuseHost(context));
    }
    const isOwnPeer = source.isOwnAddress(context.env.peer);
    if (
      isOwnPeer &&
      bearsToken(context.req.header("authorization"), source.token)
    ) {
      context.set("admin", { kind: "token" });
      return next();
    }
    if (path === "/readyz" && isOwnPeer && isReading(method)) return next();
    const cookie = readSessionCookie(
      context.req.header("cookie"),
      isTls(context),
    );
    const session = cookie === null ? null : source.access.findSession(cookie);
    if (session !== null) {
      if (!isReading(method) && originOf(context) !== "ours") {
        return Promise.resolve(refuseOrigin(context));
      }
      context.set("admin", { kind: "session", id: sessionId(session) });
      return next();
    }
    if (isOpen(path)) {
      // nobody else's page may use up the tries of this browser
      return isReading(method) || originOf(context) !== "foreign"
        ? next()
        : Promise.resolve(refuseOrigin(context));
    }
    const basic = readBasic(context.req.header("authorization"));
    if (path === "/metrics" && method === "GET" && basic?.user === USER) {
      return admitScraper(context, next, source.access, basic.password);
    }
    return Promise.resolve(turnAway(context, source.access));
  };
}

/** Whether TLS carries a request; a plain one from this machine is safe, but not by TLS. */
export function isTls(context: Ask): boolean {
  return context.req.url.startsWith("https:");
}

/** What is open before anybody signed in, in addition to `/healthz`. */
function isOpen(path: string): boolean {
  return path === "/login" || path === "/setup" ||
    path.startsWith("/assets/") || path.startsWith("/provision/");
}

/** What programs ask for, which nobody should lead to a page. */
function isForPrograms(path: string): boolean {
  return path === "/metrics" || path === "/readyz" || path === "/api" ||
    path.startsWith("/api/") || path.startsWith("/stream/");
}

function turnAway(context: Ask, access: Access): Response {
  const { path, method, url } = context.req;
  if (isForPrograms(path)) {
    context.header("WWW-Authenticate", 'Bearer realm="pbx"');
    return problem(context, 401, path === "/metrics" ? HOW_METRICS : HOW);
  }
  context.header("Cache-Control", "no-store");
  if (!access.hasPassword()) return context.redirect("/setup", 303);
  const { pathname, search } = new URL(url);
  const isHome = !isReading(method) || pathname === "/";
  const next = isHome ? "" : `?next=${encodeURIComponent(pathname + search)}`;
  return context.redirect(`/login${next}`, 303);
}

function admitScraper(
  context: Ask,
  next: Next,
  access: Access,
  password: string,
): Promise<Response | void> {
  return access.checkPassword(password, context.env.peer).then<Response | void>(
    (proof): Response | Promise<void> => {
      if (proof.kind !== "right") return refuseScraper(context, proof);
      context.set("admin", { kind: "token" });
      return next();
    },
  );
}

function refuseScraper(context: Ask, refused: Refused): Response {
  if (refused.kind === "locked") {
    context.header("Retry-After", `${refused.waitSeconds}`);
    return problem(context, 429, "Too many wrong passwords from this address");
  }
  if (refused.kind === "busy") {
    context.header("Retry-After", `${BUSY_SECONDS}`);
    return problem(context, 503, "Too many passwords are being looked at");
  }
  context.header("WWW-Authenticate", 'Bearer realm="pbx"');
  return problem(context, 401, HOW_METRICS);
}

function refuseHost(context: Ask): Response {
  const detail =
    "The Host header names another server: ask by address, or start the server with `--domain` and that name";
  return problem(context, 421, detail);
}

function refuseOrigin(context: Ask): Response {
  const detail =
    "What changes something must come from a page of this server: the Origin header does not match the Host header";
  return problem(context, 403, detail);
}

function hostNamed(context: Ask): string {
  return hostOf(context.req.url, context.req.header("host"));
}

function originOf(context: Ask): OriginVerdict {
  return judgeOrigin({
    host: hostNamed(context),
    origin: context.req.header("origin"),
    fetchSite: context.req.header("sec-fetch-site"),
  });
}
