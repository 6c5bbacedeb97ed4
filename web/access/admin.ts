/**
 * Who was let in.
 * @module
 */

/** Somebody who may see and do everything, and how he showed it. */
export type Admin =
  /** The machine's own administrator, with the token file of the data directory. */
  | { readonly kind: "token" }
  /** Somebody in a browser; `id` tells his session from the others, and opens nothing. */
  | { readonly kind: "session"; readonly id: string };

/** Whose streams end together when he has signed out: the id of a session; "" for the token. */
export function ownerOf(admin: Admin): string {
  return admin.kind === "session" ? admin.id : "";
}
