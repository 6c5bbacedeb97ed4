/**
 * Whose signature a release bears: the public key of OpenSSH, `ssh-ed25519 AAAA…`, as in
 * `install.sh`. Empty until the owner of the project makes one with `deno task release:key FILE`:
 * then nothing that is downloaded is trusted.
 * @module
 */

export const SIGNER = "";
