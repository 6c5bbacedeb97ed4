/**
 * The file for Grandstream's provisioning: `cfg<MAC>.xml`, settings under their numbers.
 * @module
 */

import { escapeXml, flatten } from "./file_text.ts";
import { spellServer, type WholeAccount } from "./phone_card.ts";

const TRANSPORTS = { udp: "0", tcp: "1" };

export function writeGrandstreamXml(account: WholeAccount): string {
  const { number, password, transport } = account;
  const name = flatten(account.name);
  const settings: readonly (readonly [string, string, string])[] = [
    ["P271", "1", "account is active"],
    ["P270", number, "account name"],
    ["P47", spellServer(account.server), "SIP server"],
    ["P35", number, "SIP user ID"],
    ["P36", number, "authenticate ID"],
    ["P34", password, "authenticate password"],
    ["P3", name === "" ? number : name, "display name"],
    ["P31", "1", "registers"],
    ["P32", "5", "for so many minutes"],
    ["P130", TRANSPORTS[transport], "0: UDP, 1: TCP"],
    ["P52", "2", "keeps the way through the router open"],
    ["P183", "0", "sound is not encrypted"],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gs_provision version="1">',
    '  <config version="1">',
    ...settings.map(([key, value, meaning]) =>
      `    <${key}>${escapeXml(value)}</${key}> <!-- ${meaning} -->`
    ),
    "  </config>",
    "</gs_provision>",
    "",
  ].join("\n");
}
