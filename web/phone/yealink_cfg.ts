/**
 * The file for Yealink's auto provisioning: `<MAC>.cfg`, or `y0000000000NN.cfg` for any phone. One
 * setting a line; the first line is what the phone knows the file by.
 * @module
 */

import { flatten } from "./file_text.ts";
import { splitServer, type WholeAccount } from "./phone_card.ts";

const TRANSPORTS = { udp: "0", tcp: "1" };

export function writeYealinkCfg(account: WholeAccount): string {
  const { number, password, transport } = account;
  const { host, port } = splitServer(account.server);
  const name = flatten(account.name);
  const settings: readonly (readonly [string, string])[] = [
    ["enable", "1"],
    ["label", number],
    ["display_name", name === "" ? number : name],
    ["auth_name", number],
    ["user_name", number],
    ["password", password.replace(/[\u0000-\u001f\u007f]/g, "")],
    ["sip_server.1.address", host.replace(/^\[|\]$/g, "")],
    ["sip_server.1.port", String(port)],
    ["sip_server.1.transport_type", TRANSPORTS[transport]],
    ["sip_server.1.expires", "300"],
    ["srtp_encryption", "0"],
    ["nat.rport", "1"],
    ["nat.udp_update_enable", "1"],
    ["nat.udp_update_time", "15"],
  ];
  return [
    "#!version:1.0.0.1",
    ...settings.map(([key, value]) => `account.1.${key} = ${value}`),
    "",
  ].join("\n");
}
