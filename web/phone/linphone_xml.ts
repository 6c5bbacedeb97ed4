/**
 * The file for Linphone's remote provisioning: its own settings as XML (`lpconfig`). It is fetched
 * once, so Linphone is told not to ask for it again at each start.
 * @module
 */

import { escapeXml, flatten, quoteName } from "./file_text.ts";
import { spellServer, splitServer, type WholeAccount } from "./phone_card.ts";

type Section = readonly [
  name: string,
  entries: readonly (readonly [name: string, value: string])[],
];

export function writeLinphoneXml(account: WholeAccount): string {
  const { number, password, transport } = account;
  const { host } = splitServer(account.server);
  const server = spellServer(account.server);
  const name = flatten(account.name);
  const address = `sip:${number}@${server}`;
  const route = `<sip:${server};transport=${transport}>`;
  const sections: readonly Section[] = [
    ["misc", [["transient_provisioning", "1"]]],
    ["sip", [["default_proxy", "0"], ["media_encryption", "none"]]],
    ["proxy_0", [
      ["reg_proxy", route],
      // without it, calls of an account at another port would go to 5060
      ["reg_route", route],
      [
        "reg_identity",
        name === "" ? address : `${quoteName(name)} <${address}>`,
      ],
      ["reg_expires", "300"],
      ["reg_sendregister", "1"],
      ["publish", "0"],
    ]],
    ["auth_info_0", [
      ["username", number],
      ["userid", number],
      ["passwd", password],
      ["domain", host],
    ]],
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">',
    ...sections.flatMap(writeSection),
    "</config>",
    "",
  ].join("\n");
}

function writeSection([name, entries]: Section): string[] {
  return [
    `  <section name="${name}">`,
    ...entries.map(([key, value]) =>
      `    <entry name="${key}" overwrite="true">${escapeXml(value)}</entry>`
    ),
    "  </section>",
  ];
}
