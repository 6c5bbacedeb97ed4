/**
 * The signature of a release, as `ssh-keygen -Y sign` writes it (OpenSSH, PROTOCOL.sshsig):
 *
 *     -----BEGIN SSH SIGNATURE-----        base64 of
 *     …                                      "SSHSIG"  uint32 1  string public-key
 *     -----END SSH SIGNATURE-----            string namespace  string reserved
 *                                            string hash-algorithm  string signature
 *
 * What is signed is `"SSHSIG" string namespace string reserved string hash-algorithm string
 * H(message)`. Only Ed25519 is taken, and only the namespace of releases, so that a signature
 * which the same key made for something else is none of ours.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createPublicKey, verify } from "node:crypto";

/** What a signature of a release is made for: `ssh-keygen -Y sign -n pbx-release`. */
export const NAMESPACE = "pbx-release";

export interface SignatureFault {
  /**
   * `unset`: no key to compare with; `unreadable`: no signature of a known form; `foreign`: a
   * right one of another key or for another purpose; `wrong`: the content is not what was signed.
   */
  readonly code: "unset" | "unreadable" | "foreign" | "wrong";
  readonly what: string;
}

interface Signature {
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  readonly hash: string;
  readonly signature: Uint8Array;
}

const MAGIC = "SSHSIG";
const KEY_TYPE = "ssh-ed25519";
const KEY_OCTETS = 32;
const SIGNATURE_OCTETS = 64;
const HASHES: readonly string[] = ["sha512", "sha256"];
/** Far more than any signature has. */
const LONGEST = 16 * 1024;
const ARMOR =
  /^-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/=]{1,200}\n)+)-----END SSH SIGNATURE-----\n*$/;
const KEY_TEXT = /^ssh-ed25519 ([A-Za-z0-9+/]{1,200}={0,2})(?: [^\n]*)?$/;
/** Of a public key in SubjectPublicKeyInfo for Ed25519 (RFC 8410 §4); the key follows. */
const KEY_INFO = Buffer.from("302a300506032b6570032100", "hex");

/**
 * Whether `signer`, an OpenSSH public key (`ssh-ed25519 AAAA…`), signed this message as a
 * release: null, or what is wrong. Never throws, whatever the texts are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { judgeSignature } from "./ssh_signature.ts";
 * assert.equal(judgeSignature(new Uint8Array(), "", "")?.code, "unset");
 * ```
 */
export function judgeSignature(
  message: Uint8Array,
  armored: string,
  signer: string,
): SignatureFault | null {
  if (signer === "") return { code: "unset", what: "its SIGNER is empty" };
  const key = readPublicKey(signer);
  if (key === null) {
    return { code: "unset", what: "the known key is no `ssh-ed25519` key" };
  }
  const signed = readSignature(armored);
  if ("what" in signed) return { code: "unreadable", what: signed.what };
  if (!Buffer.from(key).equals(signed.publicKey)) {
    return { code: "foreign", what: "it was made with another key" };
  }
  if (signed.namespace !== NAMESPACE) {
    return { code: "foreign", what: "it was not made for a release of pbx" };
  }
  return isSignedBy(key, message, signed)
    ? null
    : { code: "wrong", what: "the content is not what was signed" };
}

/** The 32 octets of an OpenSSH public key, or null. */
export function readPublicKey(text: string): Uint8Array | null {
  const encoded = KEY_TEXT.exec(text)?.[1];
  const octets = encoded === undefined ? null : decode(encoded);
  return octets === null ? null : readKeyBlob(octets);
}

function readSignature(
  armored: string,
): Signature | { readonly what: string } {
  if (armored.length > LONGEST) return { what: "it is too long" };
  const body = ARMOR.exec(armored.replaceAll("\r\n", "\n"))?.[1];
  if (body === undefined) return { what: "it is no SSH signature" };
  const octets = decode(body.replaceAll("\n", ""));
  if (octets === null) return { what: "its base64 is damaged" };
  const reader = new BlobReader(octets);
  if (reader.takeText(MAGIC.length) !== MAGIC) {
    return { what: "it is no SSH signature" };
  }
  if (reader.takeNumber() !== 1) return { what: "its version is unknown" };
  const keyBlob = reader.takeString();
  const namespace = reader.takeString();
  const reserved = reader.takeString();
  const hash = reader.takeString();
  const signatureBlob = reader.takeString();
  if (
    keyBlob === null || namespace === null || reserved === null ||
    hash === null || signatureBlob === null || !reader.isAtEnd
  ) return { what: "it is cut or has a tail" };
  const type = new BlobReader(keyBlob).takeString();
  if (type === null || textOf(type) !== KEY_TYPE) {
    return { what: "its key is of another kind than Ed25519" };
  }
  const publicKey = readKeyBlob(keyBlob);
  const signature = readTyped(signatureBlob, SIGNATURE_OCTETS);
  if (publicKey === null || signature === null) {
    return { what: "its key or its value is damaged" };
  }
  // Verifiers have to ignore the reserved field, but it is signed, so ours is always empty.
  if (reserved.length > 0) return { what: "its reserved field is not empty" };
  if (!HASHES.includes(textOf(hash))) return { what: "its hash is unknown" };
  return {
    publicKey,
    namespace: textOf(namespace),
    hash: textOf(hash),
    signature,
  };
}

function isSignedBy(
  key: Uint8Array,
  message: Uint8Array,
  { namespace, hash, signature }: Signature,
): boolean {
  const signed = Buffer.concat([
    Buffer.from(MAGIC),
    writeString(Buffer.from(namespace, "latin1")),
    writeString(Buffer.alloc(0)),
    writeString(Buffer.from(hash, "latin1")),
    writeString(createHash(hash).update(message).digest()),
  ]);
  try {
    const publicKey = createPublicKey({
      key: Buffer.concat([KEY_INFO, key]),
      format: "der",
      type: "spki",
    });
    return verify(null, signed, publicKey, signature);
  } catch {
    // A key that is no point of the curve signed nothing.
    return false;
  }
}

function readKeyBlob(octets: Uint8Array): Uint8Array | null {
  return readTyped(octets, KEY_OCTETS);
}

/** The second string of a blob whose first one is `ssh-ed25519`. */
function readTyped(octets: Uint8Array, length: number): Uint8Array | null {
  const reader = new BlobReader(octets);
  const type = reader.takeString();
  const value = reader.takeString();
  if (type === null || value === null || !reader.isAtEnd) return null;
  return textOf(type) === KEY_TYPE && value.length === length ? value : null;
}

/** Canonical base64 only: what is decoded and encoded again is the same. */
function decode(text: string): Uint8Array | null {
  const octets = Buffer.from(text, "base64");
  return octets.toString("base64") === text ? octets : null;
}

function textOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString("latin1");
}

function writeString(octets: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(octets.length);
  return Buffer.concat([length, octets]);
}

/** Takes the parts of an SSH blob one behind another; null where it ends too early. */
class BlobReader {
  readonly #octets: Buffer;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#octets.length;
  }

  takeText(length: number): string | null {
    const octets = this.#take(length);
    return octets === null ? null : textOf(octets);
  }

  takeNumber(): number | null {
    return this.#take(4)?.readUInt32BE() ?? null;
  }

  takeString(): Uint8Array | null {
    const length = this.takeNumber();
    return length === null ? null : this.#take(length);
  }

  #take(length: number): Buffer | null {
    if (length > this.#octets.length - this.#at) return null;
    const start = this.#at;
    this.#at += length;
    return this.#octets.subarray(start, this.#at);
  }
}
