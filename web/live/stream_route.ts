/**
 * The route of the live views: `/stream/` and the name of a view.
 * @module
 */

import { ownerOf } from "../access/admin.ts";
import type { App } from "../page/page_app.ts";
import type { FragmentStreams } from "./fragment_streams.ts";
import type { FindView } from "./live_view.ts";
import { answerStream } from "./stream_response.ts";

const PREFIX = "/stream/";

/** Adds the route; who asks has been let in, and his page's language is known. */
export function addStreams(
  app: App,
  streams: FragmentStreams,
  findView: FindView,
): void {
  app.get(`${PREFIX}*`, (context) => {
    const name = context.req.path.slice(PREFIX.length);
    const view = findView(name);
    if (view === null) return context.text("No such view\n", 404);
    const { language } = context.var.page;
    const owner = ownerOf(context.var.admin);
    const { ended } = context.env;
    return answerStream(
      context,
      streams.open(name, language, view, owner, ended),
    );
  });
}
