/**
 * What became of a one-time link that stands on a page; hidden as long as it can be used.
 * @module
 */

import type { Language } from "../../diag/verdict.ts";
import { fillWords } from "../fill_words.ts";
import type { Fragment } from "../live/live_view.ts";
import { PHONE_FILES, type PhoneFile } from "../phone/phone_card.ts";
import type { PhoneDesk } from "../phone/phone_desk.ts";
import type { LinkStanding } from "../phone/provision_links.ts";
import type { PageView } from "./page_view.ts";
import { Time } from "./time.tsx";
import { PHONE_WORDS } from "./words/phone_words.ts";

interface LinkStateProps {
  readonly page: Pick<PageView, "language">;
  readonly number: string;
  readonly file: PhoneFile;
  readonly standing: LinkStanding;
}

/** Stands before the link. */
export function LinkState({ page, number, file, standing }: LinkStateProps) {
  const words = PHONE_WORDS[page.language];
  const id = `link-${file}`;
  if (standing.state === "fresh") {
    return <div class="link-state" id={id} hidden></div>;
  }
  return (
    <div class="link-state notice warning" id={id} role="status">
      {standing.state === "ended" ? <p>{words.linkEnded}</p> : (
        <>
          <p>
            {fillWords(words.linkUsed, { peer: standing.peer })}{" "}
            <Time ms={standing.atMs} page={page} show="time" />
          </p>
          <p>{words.linkUsedText}</p>
        </>
      )}
      <p>
        <a class="button" href={`/extensions/${number}/connect`}>
          {words.newLink}
        </a>
      </p>
    </div>
  );
}

/** The states of the links of an extension, as far as there are any. */
export function viewLinks(
  { links, nowMs }: Pick<PhoneDesk, "links" | "nowMs">,
  number: string,
  language: Language,
): readonly Fragment[] {
  return PHONE_FILES.flatMap((file): Fragment[] => {
    const standing = links.standing(number, file, nowMs());
    if (standing === null) return [];
    const props = { page: { language }, number, file, standing };
    return [{ id: `link-${file}`, html: String(<LinkState {...props} />) }];
  });
}
