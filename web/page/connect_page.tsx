/**
 * The page that waits for a phone: what to type in, how far the phone gets, and how its test call
 * sounds.
 * @module
 */

import { isTls } from "../access/guard.ts";
import type { Context } from "hono";
import { fillWords } from "../fill_words.ts";
import type { LiveView } from "../live/live_view.ts";
import {
  isWhole,
  PHONE_FILES,
  type PhoneAccount,
} from "../phone/phone_card.ts";
import { makeLinks, type PhoneDesk } from "../phone/phone_desk.ts";
import { FILE_KINDS, writePhoneFile } from "../phone/phone_file.ts";
import { CallPart, StatePart } from "./connect_parts.tsx";
import type { ConnectSource, ConnectState } from "./connect_state.ts";
import { ErrorPage } from "./error_page.tsx";
import { Frame } from "./frame.tsx";
import { viewLinks } from "./link_state.tsx";
import type { App, AppEnv } from "./page_app.ts";
import { answerPage } from "./page_response.ts";
import { PhoneCard } from "./phone_card.tsx";
import { ADD_WORDS } from "./words/add_words.ts";

/** Adds the page, and the files that a signed-in browser can download from it. */
export function addConnectPage(
  app: App,
  source: ConnectSource,
  desk: PhoneDesk,
): void {
  app.get("/extensions/:number/connect", (context) => {
    const account = desk.accountOf(context.req.param("number"));
    return account === null
      ? refuse(context)
      : showPage(context, source, desk, account);
  });
  app.get("/extensions/:number/files/:file", (context) => {
    const { number, file } = context.req.param();
    const account = desk.accountOf(number);
    const kind = PHONE_FILES.find((one) => FILE_KINDS[one].name === file);
    if (account === null || kind === undefined) return refuse(context);
    // what was kept of the password is gone: the page says what to do
    if (!isWhole(account)) {
      return context.redirect(`/extensions/${number}/connect`, 303);
    }
    return context.body(writePhoneFile(kind, account), 200, {
      "Content-Type": FILE_KINDS[kind].type,
      "Content-Disposition": `attachment; filename="${FILE_KINDS[kind].name}"`,
      "Cache-Control": "no-store",
    });
  });
}

/** Finds `connect/NUMBER` of an extension that there is; null for another name. */
export function findConnectView(
  source: ConnectSource,
  desk: Pick<PhoneDesk, "accountOf" | "links" | "nowMs">,
  name: string,
): LiveView | null {
  const number = /^connect\/([0-9]{1,15})$/.exec(name)?.[1];
  if (number === undefined || desk.accountOf(number) === null) return null;
  return viewConnect(source, desk, number);
}

export function viewConnect(
  source: ConnectSource,
  desk: Pick<PhoneDesk, "links" | "nowMs">,
  number: string,
): LiveView {
  return (language) => {
    const state = source.look(number);
    const props = {
      page: { language },
      number,
      state,
      ...describeServer(source, number),
    };
    return [
      { id: "connect-state", html: String(<StatePart {...props} />) },
      { id: "connect-call", html: String(<CallPart {...props} />) },
      ...viewLinks(desk, number, language),
    ];
  };
}

/** What the parts of the page say of the server. */
function describeServer(source: ConnectSource, number: string) {
  return {
    ports: source.soundPorts,
    doctor: source.doctorCommand(number),
    mayCapture: source.mayCapture,
  };
}

function refuse(context: Context<AppEnv>): Response {
  const { page } = context.var;
  return answerPage(context, <ErrorPage page={page} status={404} />, 404);
}

function showPage(
  context: Context<AppEnv>,
  source: ConnectSource,
  desk: PhoneDesk,
  account: PhoneAccount,
): Response {
  const { page } = context.var;
  const { number, name } = account;
  const words = ADD_WORDS[page.language];
  const state: ConnectState | null = source.look(number);
  const links = makeLinks(desk, number, {
    host: context.req.header("host"),
    isSecure: isTls(context),
  });
  const props = {
    page,
    number,
    state,
    ...describeServer(source, number),
  };
  context.header("Cache-Control", "no-store");
  return answerPage(
    context,
    <Frame
      page={page}
      title={fillWords(words.title, { number })}
      live={`connect/${number}`}
    >
      {name !== "" && <p class="muted">{name}</p>}
      <div class="connect">
        <div class="connect-live">
          <StatePart {...props} />
          <CallPart {...props} />
        </div>
        <PhoneCard page={page} card={account} links={links} />
      </div>
    </Frame>,
  );
}
