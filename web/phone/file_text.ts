/**
 * Values of an account in files that phones read: whatever somebody wrote as a name, it stays one
 * value, and never becomes another line or another element.
 * @module
 */

const LONGEST_NAME = 100;

/** One line of text: controls and line ends of every kind become blanks. */
export function flatten(text: string, longest: number = LONGEST_NAME): string {
  const units = [
    ...text.replace(
      /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g,
      " ",
    ),
  ];
  return units.slice(0, longest).join("").trim();
}

/** Text of an element or an attribute; what XML 1.0 cannot hold at all is left out. */
export function escapeXml(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      "",
    )
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&apos;");
}

/** A name in front of an address, as a SIP quoted string (RFC 3261 §25.1). */
export function quoteName(name: string): string {
  return `"${name.replace(/[\\"]/g, "\\$&")}"`;
}
