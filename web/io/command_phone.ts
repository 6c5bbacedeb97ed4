/**
 * `pbx phone`: what belongs into a phone, as text, as `MicroSIP.ini`, or as a QR code of a one-time
 * link of the running server.
 * @module
 */

import { chooseLanguage } from "../../diag/texts/texts.ts";
import type { Config } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import { quote } from "../../pbx/quoted.ts";
import {
  isWhole,
  type PhoneAccount,
  type WholeAccount,
} from "../phone/phone_card.ts";
import { isPhoneLinksAnswer } from "../phone/phone_links_route.ts";
import { PHONE_KINDS, writeBaresipLine } from "../phone/phone_labels.ts";
import { writeMicrosipIni } from "../phone/microsip_ini.ts";
import { writePhoneFile } from "../phone/phone_file.ts";
import { writeQrCode } from "../phone/qr_code.ts";
import { choosePhoneAddress } from "../phone_address.ts";
import { PHONE_WORDS } from "../page/words/phone_words.ts";
import type { DataOptions } from "../terminal/invocation.ts";
import { wantsColours } from "../terminal/paint.ts";
import { formatPhone, listFields } from "../terminal/phone_text.ts";
import { PHONE_ERRORS } from "../terminal/phone_errors.ts";
import { fillWords } from "../fill_words.ts";
import {
  findServer,
  readServedConfig,
  sendServer,
  ServerRefusal,
} from "./api_client.ts";
import { unknownNumber, withStore } from "./command_extension.ts";
import { describeOpening } from "./page_opening.ts";
import { readPassword } from "./password_input.ts";
import { printJson, type Shell, spellCommand } from "./shell.ts";

export interface PhoneOptions extends DataOptions {
  readonly format?: "text" | "microsip" | "qr" | undefined;
  readonly lang?: string | undefined;
  readonly passwordStdin?: true | undefined;
  readonly json?: true | undefined;
}

/** White on black whatever the terminal has, or many readers do not take the code. */
const CODE_COLOURS = "\x1b[97;40m";
const NO_COLOURS = "\x1b[0m";

/** Gives the exit code. */
export async function showPhone(
  shell: Shell,
  config: Config,
  number: string,
  options: PhoneOptions,
): Promise<number> {
  const given = options.passwordStdin ? await readPassword(shell) : null;
  const account = readAccount(shell, config, number, given, options);
  switch (options.format ?? "text") {
    case "text":
      showText(shell, account, options);
      break;
    case "microsip":
      showMicrosip(shell, demandWhole(shell, account, options), options);
      break;
    case "qr":
      await showCode(
        shell,
        config,
        demandWhole(shell, account, options),
        options,
      );
  }
  return 0;
}

function readAccount(
  shell: Shell,
  config: Config,
  number: string,
  password: string | null,
  options: PhoneOptions,
): PhoneAccount {
  const extension = withStore(config, false, (store) => {
    const found = store.get(number);
    if (found === null) throw unknownNumber(shell, store, number, options);
    if (password !== null && !store.isPassword(number, password)) {
      const change = spellCommand(shell, `extension passwd ${number}`, options);
      throw new OperatorError(
        `What came on standard input is not the password of ${quote(number)}`,
        `A new one is made by: ${change}`,
        1,
      );
    }
    return found;
  });
  const addresses = Deno.networkInterfaces().map(({ address }) => address);
  const server = choosePhoneAddress(readServedConfig(config), addresses);
  return { ...extension, server, transport: "udp", password };
}

/** A file or a code without a password would set up nothing. */
function demandWhole(
  shell: Shell,
  account: PhoneAccount,
  options: PhoneOptions,
): WholeAccount {
  if (isWhole(account)) return account;
  const { number } = account;
  const { format = "text" } = options;
  const words = errorsOf(shell, options);
  const change = spellCommand(shell, `extension passwd ${number}`, options);
  const again = spellCommand(
    shell,
    `phone ${number} --format ${format} --password-stdin`,
    options,
  );
  throw new OperatorError(
    words.noPassword,
    fillWords(words.noPasswordHint, {
      give: `printf '%s' "$PASSWORD" | ${again}`,
      change,
    }),
    1,
  );
}

function errorsOf(shell: Shell, options: PhoneOptions) {
  return PHONE_ERRORS[chooseLanguage(options.lang, shell.environment)];
}

function showText(
  shell: Shell,
  account: PhoneAccount,
  options: PhoneOptions,
): void {
  const language = chooseLanguage(options.lang, shell.environment);
  const words = PHONE_WORDS[language];
  if (options.json) {
    const kinds = PHONE_KINDS.map((kind) => [
      kind,
      kind === "baresip"
        ? writeBaresipLine(account)
        : listFields(kind, account, language, words.off),
    ]);
    printJson(shell, { ...account, ...Object.fromEntries(kinds) });
  } else shell.print(formatPhone(account, language, words, shell.paint));
}

/** On a terminal it is to be read; anywhere else it is the file itself. */
function showMicrosip(
  shell: Shell,
  account: WholeAccount,
  options: PhoneOptions,
): void {
  const text = writeMicrosipIni(account);
  if (options.json) return printJson(shell, { ...account, ini: text });
  if (Deno.stdout.isTerminal()) {
    return shell.print(text.replaceAll("\r\n", "\n"));
  }
  let octets: Uint8Array = writePhoneFile("microsip", account);
  while (octets.length > 0) {
    octets = octets.subarray(Deno.stdout.writeSync(octets));
  }
}

async function showCode(
  shell: Shell,
  config: Config,
  account: WholeAccount,
  options: PhoneOptions,
): Promise<void> {
  const { number, password } = account;
  const path = `/extensions/${encodeURIComponent(number)}/links`;
  const errors = errorsOf(shell, options);
  const answer = await sendServer(config.dataDir, "POST", path, { password })
    .catch((error) => {
      const isShut = error instanceof ServerRefusal && error.status === 409;
      throw isShut ? refuseShutPage(shell, config, options) : error;
    });
  if (answer === undefined) {
    throw new OperatorError(
      errors.noServer,
      fillWords(errors.noServerHint, {
        start: spellCommand(shell, "serve", options),
      }),
      1,
    );
  }
  if (!isPhoneLinksAnswer(answer)) {
    throw new TypeError("the server answered with no links");
  }
  const { links: { linphone: link }, endsAt } = answer;
  if (options.json) return printJson(shell, { number, link, endsAt });
  const isColoured = wantsColours(
    Deno.stdout.isTerminal(),
    shell.environment,
  );
  const code = writeQrCode(link).trimEnd().split("\n")
    .map((line) => isColoured ? CODE_COLOURS + line + NO_COLOURS : line);
  const words = PHONE_WORDS[chooseLanguage(options.lang, shell.environment)];
  const ends = new Date(endsAt).toLocaleTimeString("ru");
  shell.print([...code, "", words.linphoneCode, link, ""].join("\n"));
  shell.print(`${words.once} ${ends}\n`);
}

/** No phone reaches the page, so no code would help it. */
function refuseShutPage(
  shell: Shell,
  config: Config,
  options: PhoneOptions,
): OperatorError {
  const errors = errorsOf(shell, options);
  // with a certificate the command line is answered on a port of its own
  const listen = config.tls === null
    ? findServer(config.dataDir)?.http ?? null
    : null;
  const opening = describeOpening(shell, config, options, listen);
  const { file, setting, port } = opening;
  const passwd = spellCommand(shell, "admin passwd", options);
  return new OperatorError(
    errors.shutPage,
    fillWords(errors.shutPageHint, { file, setting, port, passwd }),
    1,
  );
}
