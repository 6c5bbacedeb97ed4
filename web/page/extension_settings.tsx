/**
 * What can be changed about an extension, as a part of its page.
 * @module
 */

import { cut, escapeText } from "../../pbx/quoted.ts";
import type { ExtensionName } from "./extension_source.ts";
import type { PageView } from "./page_view.ts";
import { EXTENSION_WORDS } from "./words/extension_words.ts";

const LONGEST_NAME = 80;

/** What can be changed about the extension itself. */
export function SettingsPart(
  { page, extension: { number, name } }: {
    readonly page: Pick<PageView, "language">;
    readonly extension: ExtensionName;
  },
) {
  const words = EXTENSION_WORDS[page.language];
  const path = `/extensions/${number}`;
  return (
    <section class="card" id="settings">
      <h2>{words.settings}</h2>
      <dl class="facts">
        <div>
          <dt>{words.name}</dt>
          <dd>
            {name === ""
              ? <span class="muted">{words.noName}</span>
              : escapeText(cut(name, LONGEST_NAME))}
          </dd>
        </div>
      </dl>
      <p class="actions">
        <a class="button" href={`${path}/edit`}>{words.rename}</a>
        <a class="button" href={`${path}/password`}>{words.newPassword}</a>
        <a class="button danger" href={`${path}/remove`}>{words.remove}</a>
      </p>
    </section>
  );
}
