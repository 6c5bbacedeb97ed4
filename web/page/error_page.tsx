/**
 * The page for an address where nothing is, and for a fault of the program.
 * @module
 */

import { Frame } from "./frame.tsx";
import type { PageView } from "./page_view.ts";
import { FRAME_WORDS } from "./words/frame_words.ts";

export interface ErrorPageProps {
  readonly page: PageView;
  readonly status: 404 | 500;
}

/** Says nothing of the cause: it may hold what only the log may know. */
export function ErrorPage({ page, status }: ErrorPageProps) {
  const words = FRAME_WORDS[page.language];
  const { title, text } = words.errors[status];
  return (
    <Frame page={page} title={title}>
      <section class="card">
        <p>{text}</p>
        <p>
          <a class="button" href="/">{words.toStatus}</a>
        </p>
      </section>
    </Frame>
  );
}
