/**
 * Everything that HTTP serves, put together: the door, then pages, the API, metrics and streams. A
 * function from Request to Response; knows no socket and no file.
 * @module
 */

import type { Context } from "hono";
import { addPrograms, type DoorParts, openApp } from "./door_app.ts";
import type { FragmentStreams } from "./live/fragment_streams.ts";
import type { FindView } from "./live/live_view.ts";
import { addStreams } from "./live/stream_route.ts";
import type { AccessSource } from "./page/access_parts.tsx";
import { addAccountPage } from "./page/account_page.tsx";
import { addAssets, type Assets, pathOfAssets } from "./page/assets_route.ts";
import {
  addCallPage,
  type CallPageSource,
  viewCall,
} from "./page/call_page.tsx";
import { addCallsPage, viewCalls } from "./page/calls_page.tsx";
import { addConnectPage, findConnectView } from "./page/connect_page.tsx";
import type { ConnectSource } from "./page/connect_state.ts";
import { ErrorPage } from "./page/error_page.tsx";
import {
  addExtensionForms,
  type ExtensionFormsSource,
} from "./page/extension_forms.tsx";
import { addExtensionPage, viewExtension } from "./page/extension_page.tsx";
import type { ExtensionSource } from "./page/extension_source.ts";
import {
  addExtensionsPage,
  type ExtensionsSource,
  findExtensionsView,
} from "./page/extensions_page.tsx";
import { addHelpPage, type HelpSource } from "./page/help_page.tsx";
import { addLivePage, type LiveSource } from "./page/live_page.tsx";
import { addLoginPage } from "./page/login_page.tsx";
import type { App, AppEnv } from "./page/page_app.ts";
import { answerPage } from "./page/page_response.ts";
import { addRepairs, type RepairSource } from "./page/repair_actions.ts";
import { addSecurityPage, viewSecurity } from "./page/security_page.tsx";
import type { SecuritySource } from "./page/security_source.ts";
import { addSetupPage } from "./page/setup_page.tsx";
import {
  addStatusPage,
  type StatusSource,
  viewStatus,
} from "./page/status_page.tsx";
import { addPhoneLinks } from "./phone/phone_links_route.ts";
import type { PhoneDesk } from "./phone/phone_desk.ts";
import { addProvision } from "./phone/provision_route.ts";

/** What is served, each part by the name of its room. */
export interface AppParts extends DoorParts {
  readonly assets: Assets;
  readonly streams: FragmentStreams;
  readonly phones: PhoneDesk;
  readonly pages: PageSources;
}

export interface PageSources {
  readonly access: AccessSource;
  readonly status: StatusSource;
  readonly repairs: RepairSource;
  readonly extensions: ExtensionsSource & ExtensionFormsSource;
  readonly extension: ExtensionSource;
  readonly connect: ConnectSource;
  readonly calls: CallPageSource;
  readonly live: LiveSource;
  readonly security: SecuritySource;
  readonly help: HelpSource;
}

/** Puts the routes together. */
export function createApp(parts: AppParts): App {
  const { assets, pages, phones } = parts;
  const app = openApp(parts, pathOfAssets(assets));
  addAssets(app, assets);
  addLoginPage(app, pages.access);
  addSetupPage(app, pages.access);
  addProvision(app, phones);
  addAccountPage(app, pages.access);
  addPrograms(app, parts);
  addStatusPage(app, pages.status);
  addRepairs(app, pages.repairs);
  addExtensionsPage(app, pages.extensions);
  addExtensionForms(app, pages.extensions);
  addPhoneLinks(app, phones);
  addConnectPage(app, pages.connect, phones);
  addExtensionPage(app, pages.extension);
  addCallsPage(app, pages.calls);
  addCallPage(app, pages.calls);
  addLivePage(app, pages.live);
  addSecurityPage(app, pages.security);
  addHelpPage(app, pages.help);
  addStreams(app, parts.streams, findViews(pages, phones));
  app.notFound((context) => answerError(context, 404));
  app.onError((error, context) => {
    parts.onFault(error);
    return answerError(context, 500);
  });
  return app;
}

function answerError(
  context: Context<AppEnv>,
  status: 404 | 500,
): Response {
  context.header("Cache-Control", "no-store");
  const { page } = context.var;
  return answerPage(context, <ErrorPage page={page} status={status} />, status);
}

/** The views by their names, as the pages write them into `data-live`. */
function findViews(pages: PageSources, phones: PhoneDesk): FindView {
  const ofHour = viewStatus(pages.status, "hour");
  const ofDay = viewStatus(pages.status, "day");
  const ofCalls = viewCalls(pages.calls);
  const ofSecurity = viewSecurity(pages.security);
  return (name) => {
    const [place = "", detail = ""] = name.split("/", 2);
    switch (place) {
      case "status":
        return detail === "" ? ofHour : detail === "day" ? ofDay : null;
      case "extensions":
        return findExtensionsView(pages.extensions, name);
      case "extension":
        return viewExtension(pages.extension, detail);
      case "connect":
        return findConnectView(pages.connect, phones, name);
      case "calls":
        return detail === "" ? ofCalls : null;
      case "call":
        return viewCall(pages.calls, detail);
      case "security":
        return detail === "" ? ofSecurity : null;
      default:
        return null;
    }
  };
}
