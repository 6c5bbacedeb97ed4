/**
 * What to type into the phone, as a part of a page: for each kind of phone the fields under the
 * labels of its own window, with files and codes that set it up by themselves.
 * @module
 */

import { fillWords } from "../fill_words.ts";
import {
  type PhoneAccount,
  type PhoneFile,
  type PhoneLinks,
  spellServer,
  valueOf,
} from "../phone/phone_card.ts";
import { FILE_KINDS } from "../phone/phone_file.ts";
import {
  PHONE_KINDS,
  PHONE_LABELS,
  type PhoneKind,
  type PhoneLabel,
  showLabel,
  writeBaresipLine,
} from "../phone/phone_labels.ts";
import { drawQrCode } from "../phone/qr_code.ts";
import { LinkState } from "./link_state.tsx";
import type { PageView } from "./page_view.ts";
import { QuotedText } from "./quoted_text.tsx";
import { Time } from "./time.tsx";
import { PHONE_WORDS, type PhoneWords } from "./words/phone_words.ts";

const FRESH = { state: "fresh" } as const;
const MICROSIP_FOLDER = "%APPDATA%\\MicroSIP";

export interface PhoneCardProps {
  readonly page: PageView;
  readonly card: PhoneAccount;
  /** Null where the password is not known, so that no file can be made. */
  readonly links: PhoneLinks | null;
  /** Whether no kind of phone is open: the page is about something else. */
  readonly isFolded?: boolean;
}

interface PartProps extends PhoneCardProps {
  readonly words: PhoneWords;
}

export function PhoneCard(
  { page, card, links, isFolded = false }: PhoneCardProps,
) {
  const words = PHONE_WORDS[page.language];
  const props = { page, card, links, words };
  return (
    <section class="card phone-card" id="phone-card">
      <h2>{words.title}</h2>
      {card.lostName && <LostNamePart {...props} />}
      {card.password === null && <NoPassword {...props} />}
      {PHONE_KINDS.map((kind, index) => (
        <details
          name="phone-kind"
          class="phone-kind"
          open={index === 0 && !isFolded}
        >
          <summary>{words.kinds[kind]}</summary>
          <p>{words.where[kind]}</p>
          <Fields kind={kind} {...props} />
          <Ways kind={kind} {...props} />
        </details>
      ))}
      {links !== null && <Terms {...props} links={links} />}
    </section>
  );
}

/** Why another address stands here than the one that was configured. */
function LostNamePart({ card, words }: PartProps) {
  const { name, addresses } = card.lostName!;
  const { nameNowhere, nameElsewhere, nameMeanwhile } = words;
  const text = addresses === "" ? nameNowhere : nameElsewhere;
  const server = spellServer(card.server);
  return (
    <div class="notice warning">
      <p>
        <strong>
          <QuotedText text={fillWords(text, { name, addresses })} />
        </strong>
      </p>
      <p>
        <QuotedText text={fillWords(nameMeanwhile, { name, server })} />
      </p>
    </div>
  );
}

function NoPassword({ card, words }: PartProps) {
  return (
    <div class="notice info">
      <p>{words.noPassword}</p>
      <p>
        <a class="button" href={`/extensions/${card.number}/password`}>
          {words.makePassword}
        </a>
      </p>
    </div>
  );
}

function Fields({ kind, ...props }: PartProps & { kind: PhoneKind }) {
  if (kind === "baresip") {
    return (
      <>
        <p>
          <code class="copy">{writeBaresipLine(props.card)}</code>
        </p>
        <p class="muted">{props.words.baresipLine}</p>
      </>
    );
  }
  // a phone without a name of its own shows its number
  const labels = PHONE_LABELS[kind].filter(({ value }) =>
    value !== "name" || props.card.name !== ""
  );
  return (
    <dl class="facts">
      {labels.map((label) => <Field label={label} {...props} />)}
    </dl>
  );
}

function Field({ label, page, card, words }: PartProps & {
  label: PhoneLabel;
}) {
  const { main, beside } = showLabel(label, page.language);
  const value = label.value === "media-off"
    ? words.off
    : valueOf(card, label.value);
  return (
    <div>
      <dt>
        {main}
        {beside !== "" && <small class="muted">{` (${beside})`}</small>}
      </dt>
      <dd>
        {value === null && <span class="muted">{words.unknownPassword}</span>}
        {value !== null && (isChosen(label)
          ? <code>{value}</code>
          : <code class="copy">{value}</code>)}
      </dd>
    </div>
  );
}

/** Whether the phone has a list for it, where nobody pastes anything. */
function isChosen({ value }: PhoneLabel): boolean {
  return value === "transport" || value === "media-off";
}

/** What sets the phone up without typing. */
function Ways(
  { kind, page, card, links, words }: PartProps & { kind: PhoneKind },
) {
  if (links === null || kind === "baresip" || kind === "other") return null;
  const link = links.once?.[kind] ?? null;
  const file = <Download file={kind} links={links} words={words} />;
  const fresh = (
    <LinkState
      page={page}
      number={card.number}
      file={kind}
      standing={FRESH}
    />
  );
  switch (kind) {
    case "microsip":
      return (
        <>
          <p>{words.microsipFile}</p>
          <p>
            <code class="copy">{MICROSIP_FOLDER}</code>
          </p>
          {file}
          {link !== null && (
            <div class="once">
              {fresh}
              <Link text={words.microsipLink} link={link} />
            </div>
          )}
        </>
      );
    case "linphone":
      return link === null ? file : (
        <div class="once">
          {fresh}
          <p>{words.linphoneCode}</p>
          <QrCode text={link} title={words.codeAlt} />
          <Link text={words.linphoneLink} link={link} />
        </div>
      );
    case "yealink":
      return (
        <>
          {link !== null && (
            <div class="once">
              {fresh}
              <Link text={words.yealinkLink} link={link} />
            </div>
          )}
          <p>{words.yealinkFile}</p>
          {file}
        </>
      );
    case "grandstream":
      return (
        <>
          {link !== null && (
            <div class="once">
              {fresh}
              <ServerPath words={words} link={link} />
            </div>
          )}
          <p>{words.grandstreamFile}</p>
          {file}
        </>
      );
  }
}

/** A phone of Grandstream has the scheme in a field of its own. */
function ServerPath({ words, link }: { words: PhoneWords; link: string }) {
  const [scheme = "", path = ""] = link.split("://");
  const text = fillWords(words.grandstreamLink, {
    scheme: scheme.toUpperCase(),
  });
  return <Link text={text} link={path.replace(/\/$/, "")} />;
}

function Link({ text, link }: { text: string; link: string }) {
  return (
    <>
      <p>{text}</p>
      <p>
        <code class="copy">{link}</code>
      </p>
    </>
  );
}

function Download({ file, links, words }: {
  file: PhoneFile;
  links: PhoneLinks;
  words: PhoneWords;
}) {
  const { name } = FILE_KINDS[file];
  return (
    <p>
      <a class="button" href={links.downloads[file]} download={name}>
        {fillWords(words.download, { file: name })}
      </a>
    </p>
  );
}

/** Dark on light also on a dark page: not every reader takes it the other way round. */
function QrCode({ text, title }: { text: string; title: string }) {
  const { size, path } = drawQrCode(text);
  return (
    <svg
      class="qr-code"
      role="img"
      width="240"
      height="240"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <title>{title}</title>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** How long all this holds, and what it needs. */
function Terms({ page, links, words }: PartProps & { links: PhoneLinks }) {
  const { file, port, setting, command } = links.opening;
  return (
    <>
      <p class="muted">
        {links.once === null ? words.until : words.once}{" "}
        <Time ms={links.endMs} page={page} show="time" />
      </p>
      {links.once?.linphone.startsWith("http:") && (
        <p class="notice warning">{words.plain}</p>
      )}
      {links.once === null && (
        <div class="notice info">
          <p>{words.notOutside}</p>
          <p>
            <QuotedText text={fillWords(words.outsideHow, { file, port })} />
          </p>
          <p>
            <code class="copy">{setting}</code>
          </p>
          <p>{words.outsideOnce}</p>
          <p>
            <code class="copy">{command}</code>
          </p>
          <p>
            <QuotedText text={words.outsideTls} />
          </p>
        </div>
      )}
    </>
  );
}
