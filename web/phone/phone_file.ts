/**
 * The files that set phones up: how they are called, which names phones ask for, what is in them.
 * @module
 */

import { writeGrandstreamXml } from "./grandstream_xml.ts";
import { writeLinphoneXml } from "./linphone_xml.ts";
import { encodeMicrosipIni, writeMicrosipIni } from "./microsip_ini.ts";
import type { PhoneFile, WholeAccount } from "./phone_card.ts";
import { writeYealinkCfg } from "./yealink_cfg.ts";

interface FileKind {
  /** The name under which it is offered. */
  readonly name: string;
  /** The names under which a phone may ask for it. */
  readonly asked: RegExp;
  readonly type: string;
  /** Whether the phone is given the folder, and looks for its own name in it. */
  readonly isFolder: boolean;
}

export const FILE_KINDS: Readonly<Record<PhoneFile, FileKind>> = {
  microsip: {
    name: "MicroSIP.ini",
    asked: /^microsip\.ini$/i,
    type: "application/octet-stream",
    isFolder: false,
  },
  linphone: {
    name: "linphone.xml",
    asked: /^linphone\.xml$/i,
    type: "application/xml; charset=utf-8",
    isFolder: false,
  },
  yealink: {
    name: "y000000000000.cfg",
    asked: /^(?:[0-9a-f]{12}|y0{10}\d\d)\.cfg$/i,
    type: "text/plain; charset=utf-8",
    isFolder: true,
  },
  grandstream: {
    name: "cfg.xml",
    asked: /^cfg(?:[0-9a-f]{12})?\.xml$/i,
    type: "application/xml; charset=utf-8",
    isFolder: true,
  },
};

const encoder = new TextEncoder();

/** Writes a file for an account. */
export function writePhoneFile(
  file: PhoneFile,
  account: WholeAccount,
): Uint8Array<ArrayBuffer> {
  switch (file) {
    case "microsip":
      return encodeMicrosipIni(writeMicrosipIni(account));
    case "linphone":
      return encoder.encode(writeLinphoneXml(account));
    case "yealink":
      return encoder.encode(writeYealinkCfg(account));
    case "grandstream":
      return encoder.encode(writeGrandstreamXml(account));
  }
}
