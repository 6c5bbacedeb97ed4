/**
 * Passwords as scrypt hashes (RFC 7914 §2). The work runs on a thread of the runtime, so the
 * thread that serves phones goes on: two at once were measured to delay a timer by under 10 ms.
 * @module
 */

import { Buffer } from "node:buffer";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { PasswordHasher } from "../access/access_parts.ts";

/** `log2` of N; 32 MiB and about 100 ms. */
const COST = 15;
const BLOCK = 8;
const LANES = 1;
const SALT_OCTETS = 16;
const HASH_OCTETS = 32;
/** Twice what the cost takes. */
const MOST_MEMORY = 64 * 1024 * 1024;

const FORM =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Hashes and verifies; a record is `$scrypt$ln=15,r=8,p=1$SALT$HASH`, both in base 64. */
export const SCRYPT: PasswordHasher = {
  hash: async (password) => {
    const salt = randomBytes(SALT_OCTETS);
    const hash = await derive(password, salt, COST, BLOCK, LANES, HASH_OCTETS);
    return `$scrypt$ln=${COST},r=${BLOCK},p=${LANES}$${spell(salt)}$${
      spell(hash)
    }`;
  },
  verify: async (password, record) => {
    const parts = FORM.exec(record);
    if (parts === null) return false;
    const [cost, block, lanes] = parts.slice(1, 4).map(Number);
    const salt = Buffer.from(parts[4]!, "base64");
    const expected = Buffer.from(parts[5]!, "base64");
    const hash = await derive(
      password,
      salt,
      cost!,
      block!,
      lanes!,
      expected.length,
    );
    return timingSafeEqual(hash, expected);
  },
};

function derive(
  password: string,
  salt: Uint8Array,
  cost: number,
  block: number,
  lanes: number,
  octets: number,
): Promise<Buffer> {
  const options = { N: 2 ** cost, r: block, p: lanes, maxmem: MOST_MEMORY };
  return new Promise((resolve, reject) => {
    scrypt(
      password,
      salt,
      octets,
      options,
      (error, hash) => error ? reject(error) : resolve(hash),
    );
  });
}

function spell(octets: Uint8Array): string {
  return Buffer.from(octets).toString("base64").replace(/=+$/, "");
}
