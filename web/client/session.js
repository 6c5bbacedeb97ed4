/**
 * Whether whoever looks at the page is still signed in: a stream that was refused does not say.
 * @module
 */

/** Loads the page again, which leads to the sign-in, where the server would not show it any more. */
export async function leaveIfSignedOut() {
  try {
    const { type } = await fetch(location.href, {
      method: "HEAD",
      redirect: "manual",
      cache: "no-store",
    });
    if (type === "opaqueredirect") location.reload();
  } catch {
    // the server cannot be reached, and is asked again later
  }
}
