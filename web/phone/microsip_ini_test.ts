import assert from "node:assert/strict";
import { encodeMicrosipIni, writeMicrosipIni } from "./microsip_ini.ts";
import type { WholeAccount } from "./phone_card.ts";

const ACCOUNT: WholeAccount = {
  number: "1001",
  name: "Gulnora Oʻktamova",
  server: "pbx.example:5080",
  transport: "udp",
  password: "a b;c=d]",
};

Deno.test("writeMicrosipIni() writes the settings and one account", () => {
  assert.equal(
    writeMicrosipIni(ACCOUNT),
    [
      "[Settings]",
      "accountId=1",
      "[Account1]",
      "label=1001 Gulnora Oʻktamova",
      "server=pbx.example:5080",
      "proxy=",
      "domain=pbx.example:5080",
      "username=1001",
      "password=a b;c=d]",
      "authID=1001",
      "displayName=Gulnora Oʻktamova",
      "transport=udp",
      "publicAddr=",
      "SRTP=",
      "registerRefresh=300",
      "keepAlive=15",
      "publish=0",
      "ICE=0",
      "allowRewrite=0",
      "",
    ].join("\r\n"),
  );
});

Deno.test("writeMicrosipIni() lets no name begin another line or section", () => {
  const text = writeMicrosipIni({
    ...ACCOUNT,
    name: "x\r\n[Account2]\npassword=\u0085y\u2028z",
  });
  const lines = text.split("\r\n");
  assert.equal(lines.length, 20);
  assert.ok(lines.includes("displayName=x [Account2] password= y z"));
  assert.ok(!/[^\r]\n|\r[^\n]/.test(text));
});

Deno.test("writeMicrosipIni() protects what Windows would cut off a value", () => {
  const passwordOf = (password: string) =>
    /^password=(.*)\r$/m.exec(writeMicrosipIni({ ...ACCOUNT, password }))?.[1];
  assert.equal(passwordOf(" a"), '" a"');
  assert.equal(passwordOf("a "), '"a "');
  assert.equal(passwordOf('"a"'), '""a""');
  assert.equal(passwordOf("'a"), '"\'a"');
  assert.equal(passwordOf('a"'), 'a"');
});

Deno.test("encodeMicrosipIni() writes UTF-16LE behind a byte order mark", () => {
  const octets = encodeMicrosipIni("Ж=1\r\n");
  assert.deepEqual([...octets.slice(0, 6)], [0xff, 0xfe, 0x16, 0x04, 0x3d, 0]);
  assert.equal(new TextDecoder("utf-16le").decode(octets), "Ж=1\r\n");
});
