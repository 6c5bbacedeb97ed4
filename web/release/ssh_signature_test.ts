/** @module */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { judgeSignature, readPublicKey } from "./ssh_signature.ts";

/*
 * Made by OpenSSH 9.2 with keys that were thrown away:
 *   printf 'hello release\n' | ssh-keygen -Y sign -f KEY -n pbx-release
 */
const MESSAGE = new TextEncoder().encode("hello release\n");
const SIGNER =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDSoCHF+il9hbBU4Nd4WfkOjr/zDkwUnGKoU1+kgja2E";
const OTHER_SIGNER =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMc/HKLaHwb/gPy7WSN4oLjYzkbDaApXbgZ6NBsW3aMe";
const GOOD = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgNKgIcX6KX2FsFTg13hZ+Q6Ov/M
OTBScYqhTX6SCNrYQAAAALcGJ4LXJlbGVhc2UAAAAAAAAABnNoYTUxMgAAAFMAAAALc3No
LWVkMjU1MTkAAABAtUqv8/GXvxlNIIivLYv8BlPD+rFFUGaO3ZWvVNs2lMO9gDjfJyo1SZ
5uX2e2/7xyBpaMez3nRH+NQJdo+smeAQ==
-----END SSH SIGNATURE-----
`;
const GOOD_SHA256 = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgNKgIcX6KX2FsFTg13hZ+Q6Ov/M
OTBScYqhTX6SCNrYQAAAALcGJ4LXJlbGVhc2UAAAAAAAAABnNoYTI1NgAAAFMAAAALc3No
LWVkMjU1MTkAAABAl7s1ZmTpnTAVgODJDshbSCXOxX+fFIzdxHvrmFp1K+dXKVAAgaTgkg
aOB67l5jGrqvxco+sPjnncMIt07mSmBw==
-----END SSH SIGNATURE-----
`;
const OF_OTHER_KEY = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgxz8cotofBv+A/LtZI3iguNjORs
NoClduBno0Gxbdox4AAAALcGJ4LXJlbGVhc2UAAAAAAAAABnNoYTUxMgAAAFMAAAALc3No
LWVkMjU1MTkAAABA3KRPeFmOMI+GwBAXa8SToXBikCmPdnJZLBzNT2OTxmL0FZaxjuVKqf
o/FLEWOwbZ72UX3llzJ+7HpHOz9Sm+DA==
-----END SSH SIGNATURE-----
`;
const OTHER_NAMESPACE = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgNKgIcX6KX2FsFTg13hZ+Q6Ov/M
OTBScYqhTX6SCNrYQAAAAEZmlsZQAAAAAAAAAGc2hhNTEyAAAAUwAAAAtzc2gtZWQyNTUx
OQAAAEDxlU2jIqqWGAJKmFdD4z/P+RcvbgOFsDuAvzfnKRnvc/2mHBNa+c9UpIkUudGGiF
bI6yjkGLHf2pi4TelW4ggD
-----END SSH SIGNATURE-----
`;
const OF_RSA = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAARcAAAAHc3NoLXJzYQAAAAMBAAEAAAEBALmOc+2HKvDucJ5/D/aCM5
nK6Tht3DKMo4ZR2MlccAQYk4flICUK1KXgIZCEBV3I/dhPUWdClvwNxSyaQ8putSf4NWp2
3JIEY9lCcWyraVudQ9ap4CIT1VT+fFayC+J/ohp914+FRZXvBni5R2ouIZkdqKHQxk4LmP
qBcKOjE1drBMkt+c/L3bS105dHQCVFXaWFDmoLHUzD9oO1W1Gc8sgYhZlrAw7tn2gPDQXa
wwvb0vc69Zyc/dB4x+rLMHiqcLtXKJpZZCnTwHjN054X2dRhMxRE1Exvoiv4zp2aKLiY9o
9Ne1wO5PBz1CjNjVQbjmRBuJH8yoneoopTuhP2Ld0AAAALcGJ4LXJlbGVhc2UAAAAAAAAA
BnNoYTUxMgAAARQAAAAMcnNhLXNoYTItNTEyAAABAD+6cFilnOpNgnpfDZ7viRRzBkVxVz
BKTpdtG8ugw/64MoXD/Wpvo1N0n1lvRidao9BhffXys25Q9SjyDOztH98BJl5cDpBcGmhP
iHqmi4gxvO3lq6Sv6hgIsGbgQWphC3NUw542eq3gdt9eMTFw2R6/D8yNi0HshhHDZWJVyx
ASXv2XGve1HKhzfNLYlDSvpAeo1pPShOMQJwUBY8T5fkKou62gPCisqIXyW60OOXu+5PUL
eLAz1URhNTEywNalGU2S0S/Xd6RNiAwaOfr2Sb6gqn69wuZCBcs7em6E8V583qZi/NKjHL
2Alae76xykGM1XOSjcX48YMekcDWHghyo=
-----END SSH SIGNATURE-----
`;
const OF_ECDSA = `-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAAAE
EEbiRXCwCTFImLqVBca+SsVo+8vMyv/9uzKZPZ124xN4nfCEPqdJkotn1mPyWyF+B2X8Pr
J+YIjUXb+jXxVDEtbQAAAAtwYngtcmVsZWFzZQAAAAAAAAAGc2hhNTEyAAAAYwAAABNlY2
RzYS1zaGEyLW5pc3RwMjU2AAAASAAAACBlWrqggy0sJ7lpjKECDIh4SrlCGD9uOzTp4bAz
QTDBeAAAACA0TK/a9IxIk66gF+DxSVmPttsE8v5tJr8o4hRJZyxNFg==
-----END SSH SIGNATURE-----
`;

function codeOf(
  armored: string,
  signer = SIGNER,
  message = MESSAGE,
): string | null {
  return judgeSignature(message, armored, signer)?.code ?? null;
}

function whatOf(armored: string): string {
  return judgeSignature(MESSAGE, armored, SIGNER)?.what ?? "";
}

function blobOf(armored: string): Buffer {
  return Buffer.from(armored.replace(/-----[^\n]*-----/g, ""), "base64");
}

function armor(blob: Uint8Array): string {
  const lines = Buffer.from(blob).toString("base64").match(/.{1,70}/g) ?? [];
  return [
    "-----BEGIN SSH SIGNATURE-----",
    ...lines,
    "-----END SSH SIGNATURE-----",
    "",
  ].join("\n");
}

Deno.test("judgeSignature() takes what ssh-keygen signed, with both hashes", () => {
  assert.equal(codeOf(GOOD), null);
  assert.equal(codeOf(GOOD_SHA256), null);
  assert.equal(codeOf(GOOD, `${SIGNER} with a comment`), null);
  assert.equal(codeOf(GOOD.replaceAll("\n", "\r\n")), null);
  assert.equal(codeOf(OF_OTHER_KEY, OTHER_SIGNER), null);
  assert.equal(codeOf(armor(blobOf(GOOD))), null);
});

Deno.test("judgeSignature() refuses another message", () => {
  const other = new TextEncoder().encode("hello releasf\n");
  assert.equal(codeOf(GOOD, SIGNER, other), "wrong");
  assert.equal(codeOf(GOOD, SIGNER, new Uint8Array()), "wrong");
});

Deno.test("judgeSignature() refuses another key and another purpose", () => {
  assert.equal(codeOf(OF_OTHER_KEY), "foreign");
  assert.match(whatOf(OF_OTHER_KEY), /another key/);
  assert.equal(codeOf(OTHER_NAMESPACE), "foreign");
  assert.match(whatOf(OTHER_NAMESPACE), /not made for a release/);
});

Deno.test("judgeSignature() refuses other kinds of keys", () => {
  for (const armored of [OF_RSA, OF_ECDSA]) {
    assert.equal(codeOf(armored), "unreadable");
    assert.match(whatOf(armored), /another kind than Ed25519/);
  }
});

Deno.test("judgeSignature() trusts nothing while no key is known", () => {
  for (
    const signer of ["", "ssh-rsa AAAA", "ssh-ed25519 AAAA", "ssh-ed25519"]
  ) {
    assert.equal(codeOf(GOOD, signer), "unset", signer);
  }
});

Deno.test("judgeSignature() refuses a signature with any octet changed", () => {
  const blob = blobOf(GOOD);
  for (const at of blob.keys()) {
    const altered = Buffer.from(blob);
    altered[at] = altered[at]! ^ 1;
    assert.notEqual(codeOf(armor(altered)), null, `octet ${at}`);
  }
});

Deno.test("judgeSignature() refuses a signature cut anywhere or with a tail", () => {
  const blob = blobOf(GOOD);
  for (let length = 0; length < blob.length; length++) {
    assert.equal(codeOf(armor(blob.subarray(0, length))), "unreadable");
  }
  assert.equal(
    codeOf(armor(Buffer.concat([blob, Buffer.alloc(1)]))),
    "unreadable",
  );
  for (let length = 0; length < GOOD.trimEnd().length; length++) {
    assert.equal(codeOf(GOOD.slice(0, length)), "unreadable");
  }
});

Deno.test("judgeSignature() never throws and says what is wrong", () => {
  const lengthOf = (octets: number) => {
    const blob = blobOf(GOOD);
    blob.writeUInt32BE(octets, 10);
    return armor(blob);
  };
  const cases = [
    "",
    "-----BEGIN SSH SIGNATURE-----\n",
    GOOD.replace("SSH", "PGP"),
    `\n${GOOD}`,
    `${GOOD}x`,
    GOOD.replace("U1NI", "U1N\u0000"),
    GOOD.replace("U1NI", "U=NI"),
    GOOD.replace("fJyo1", "fJyo1 "),
    lengthOf(0xffffffff),
    lengthOf(0x7fffffff),
    lengthOf(0),
    armor(new Uint8Array(10)),
    "A".repeat(10_000_000),
    GOOD + "\n".repeat(100_000),
    `-----BEGIN SSH SIGNATURE-----\n${"A\n".repeat(7000)}`,
  ];
  for (const armored of cases) {
    assert.equal(codeOf(armored), "unreadable", armored.slice(0, 80));
    assert.notEqual(whatOf(armored), "");
  }
});

Deno.test("readPublicKey() takes only a whole Ed25519 key", () => {
  assert.equal(readPublicKey(SIGNER)?.length, 32);
  for (
    const text of [
      SIGNER.slice(0, -4),
      `${SIGNER}AAAA`,
      SIGNER.replace("ssh-ed25519 ", "ssh-ed25519  "),
      `${SIGNER}\n`,
      ` ${SIGNER}`,
      SIGNER.replace("AAAAC3", "AAAAD3"),
    ]
  ) assert.equal(readPublicKey(text), null, text);
});
