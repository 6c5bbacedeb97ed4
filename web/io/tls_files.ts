/**
 * Reads the certificate and the key of HTTP, and tries them, so that what is wrong with them is
 * told by name before anything is opened or closed. Where systemd has made copies for the service,
 * which may not read the files themselves, these are read.
 * @module
 */

import { X509Certificate } from "node:crypto";
import type { TlsFiles } from "../../pbx/config.ts";
import { OperatorError } from "../../pbx/operator_error.ts";

/** The files, and the folders that may hold copies of them, the newest first. */
export interface TlsPlace extends TlsFiles {
  readonly folders?: readonly string[];
}

/**
 * Where the unit that `pbx unit` prints has copies made: at a reload, and at the start
 * (`LoadCredential=`, systemd.exec(5)).
 */
export function placeTlsFiles(
  files: TlsFiles,
  environment: Readonly<Record<string, string | undefined>>,
): TlsPlace {
  const { RUNTIME_DIRECTORY, CREDENTIALS_DIRECTORY } = environment;
  const folders = [RUNTIME_DIRECTORY, CREDENTIALS_DIRECTORY].filter((folder) =>
    folder !== undefined && folder.startsWith("/")
  ) as string[];
  return { ...files, folders };
}

/** The content of both files. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  /** When the certificate ends; NaN where that cannot be read. */
  readonly endsMs: number;
}

/** Throws an `OperatorError` that names the file and the way out. */
export function readTlsFiles(files: TlsPlace): TlsMaterial {
  const { certificate, key: keyFile } = findCopies(files) ?? files;
  const cert = readPem(certificate, "certificate");
  const key = readPem(keyFile, "key");
  try {
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key }).close();
  } catch (error) {
    throw describeTlsFailure(files, error);
  }
  return { cert, key, endsMs: endOf(cert) };
}

/** A pair of copies; never one of them with the other file itself. */
function findCopies({ folders = [] }: TlsPlace): TlsFiles | null {
  for (const folder of folders) {
    const certificate = `${folder}/tls-certificate`;
    const key = `${folder}/tls-key`;
    if (isFile(certificate) && isFile(key)) return { certificate, key };
  }
  return null;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function readPem(path: string, what: "certificate" | "key"): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    const message = `The ${what} \`${path}\` cannot be read`;
    if (error instanceof Deno.errors.NotFound) {
      throw new OperatorError(
        `${message}: there is no such file`,
        `Correct \`${what}\` under \`[tls]\`, or leave out \`[tls]\``,
        78,
      );
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new OperatorError(
        `${message}: permission denied`,
        `Let the user of the service read it and the folders above it: namei -l ${path}; ` +
          "with the unit that `pbx unit` prints, systemd hands it over",
        78,
      );
    }
    const cause = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`${message}: ${cause}`, "", 78);
  }
}

function describeTlsFailure(files: TlsFiles, error: unknown): OperatorError {
  const { certificate, key } = files;
  const cause = error instanceof Error ? error.message : String(error);
  if (/no certificates/i.test(cause)) {
    return new OperatorError(
      `The certificate \`${certificate}\` holds none in PEM`,
      "It must hold `-----BEGIN CERTIFICATE-----`, with those above it behind (fullchain.pem)",
      78,
    );
  }
  if (/no keys/i.test(cause)) {
    return new OperatorError(
      `The key \`${key}\` holds none in PEM that can be used`,
      "It must hold `-----BEGIN PRIVATE KEY-----`; one with a passphrase is opened by: openssl pkey -in FILE -out OTHER",
      78,
    );
  }
  if (/mismatch|inconsistent|not be consistent/i.test(cause)) {
    return new OperatorError(
      `The key \`${key}\` does not belong to the certificate \`${certificate}\``,
      "Name both files of one certificate; with certbot: fullchain.pem and privkey.pem of one folder",
      78,
    );
  }
  return new OperatorError(
    `The certificate \`${certificate}\` and the key \`${key}\` cannot be used: ${cause}`,
    `See what they are: openssl x509 -in ${certificate} -noout -text`,
    78,
  );
}

function endOf(cert: string): number {
  try {
    return Date.parse(new X509Certificate(cert).validTo);
  } catch {
    return NaN;
  }
}
