import assert from "node:assert/strict";
import { PHONE_FILES, type WholeAccount } from "./phone_card.ts";
import { FILE_KINDS, writePhoneFile } from "./phone_file.ts";

const ACCOUNT: WholeAccount = {
  number: "1001",
  name: 'Ali "B" <c>',
  server: "192.0.2.7",
  transport: "udp",
  password: "p&<'\">;x",
};

const decoder = new TextDecoder();

Deno.test("writePhoneFile() writes what Linphone reads", () => {
  assert.equal(
    decoder.decode(
      writePhoneFile("linphone", { ...ACCOUNT, server: "pbx.example:5080" }),
    ),
    `<?xml version="1.0" encoding="UTF-8"?>
<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">
  <section name="misc">
    <entry name="transient_provisioning" overwrite="true">1</entry>
  </section>
  <section name="sip">
    <entry name="default_proxy" overwrite="true">0</entry>
    <entry name="media_encryption" overwrite="true">none</entry>
  </section>
  <section name="proxy_0">
    <entry name="reg_proxy" overwrite="true">&lt;sip:pbx.example:5080;transport=udp&gt;</entry>
    <entry name="reg_route" overwrite="true">&lt;sip:pbx.example:5080;transport=udp&gt;</entry>
    <entry name="reg_identity" overwrite="true">&quot;Ali \\&quot;B\\&quot; &lt;c&gt;&quot; &lt;sip:1001@pbx.example:5080&gt;</entry>
    <entry name="reg_expires" overwrite="true">300</entry>
    <entry name="reg_sendregister" overwrite="true">1</entry>
    <entry name="publish" overwrite="true">0</entry>
  </section>
  <section name="auth_info_0">
    <entry name="username" overwrite="true">1001</entry>
    <entry name="userid" overwrite="true">1001</entry>
    <entry name="passwd" overwrite="true">p&amp;&lt;&apos;&quot;&gt;;x</entry>
    <entry name="domain" overwrite="true">pbx.example</entry>
  </section>
</config>
`,
  );
});

Deno.test("writePhoneFile() writes what a Yealink reads", () => {
  const text = decoder.decode(
    writePhoneFile("yealink", {
      ...ACCOUNT,
      name: "Ali\naccount.2.enable = 1",
      server: "2001:db8::1",
      transport: "tcp",
    }),
  );
  assert.equal(
    text,
    `#!version:1.0.0.1
account.1.enable = 1
account.1.label = 1001
account.1.display_name = Ali account.2.enable = 1
account.1.auth_name = 1001
account.1.user_name = 1001
account.1.password = p&<'">;x
account.1.sip_server.1.address = 2001:db8::1
account.1.sip_server.1.port = 5060
account.1.sip_server.1.transport_type = 1
account.1.sip_server.1.expires = 300
account.1.srtp_encryption = 0
account.1.nat.rport = 1
account.1.nat.udp_update_enable = 1
account.1.nat.udp_update_time = 15
`,
  );
});

Deno.test("writePhoneFile() writes what a Grandstream reads", () => {
  const text = decoder.decode(
    writePhoneFile("grandstream", {
      ...ACCOUNT,
      name: "</P3><P2>admin</P2>\u0000",
    }),
  );
  const values = [...text.matchAll(/<(P\d+)>(.*?)<\/\1>/g)]
    .map(([, key, value]) => `${key}=${value}`);
  assert.deepEqual(values, [
    "P271=1",
    "P270=1001",
    "P47=192.0.2.7",
    "P35=1001",
    "P36=1001",
    "P34=p&amp;&lt;&apos;&quot;&gt;;x",
    "P3=&lt;/P3&gt;&lt;P2&gt;admin&lt;/P2&gt;",
    "P31=1",
    "P32=5",
    "P130=0",
    "P52=2",
    "P183=0",
  ]);
});

Deno.test("writePhoneFile() shows the number of a phone without a name", () => {
  const account = { ...ACCOUNT, name: "" };
  const read = (file: "yealink" | "grandstream" | "linphone") =>
    decoder.decode(writePhoneFile(file, account));
  assert.match(read("yealink"), /display_name = 1001\n/);
  assert.match(read("grandstream"), /<P3>1001<\/P3>/);
  assert.match(read("linphone"), />sip:1001@192\.0\.2\.7</);
});

Deno.test("FILE_KINDS knows the names that phones ask for", () => {
  const asked: readonly (readonly [string, string | undefined])[] = [
    ["MicroSIP.ini", "microsip"],
    ["linphone.xml", "linphone"],
    ["805ec079c37f.cfg", "yealink"],
    ["y000000000000.cfg", "yealink"],
    ["y000000000052.cfg", "yealink"],
    ["y000000000000.boot", undefined],
    ["cfg000b82aabbcc.xml", "grandstream"],
    ["cfg.xml", "grandstream"],
    ["cfg000b82aabbcc", undefined],
    ["../linphone.xml", undefined],
  ];
  for (const [name, file] of asked) {
    const found = PHONE_FILES.filter((one) => FILE_KINDS[one].asked.test(name));
    assert.deepEqual(found, file === undefined ? [] : [file], name);
  }
  for (const file of PHONE_FILES) {
    assert.ok(FILE_KINDS[file].asked.test(FILE_KINDS[file].name));
  }
});
