/**
 * Puts values into the words of a language.
 * @module
 */

/** Fills the braces of a text. */
export function fillWords(
  text: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return text.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => String(values[name] ?? whole),
  );
}
