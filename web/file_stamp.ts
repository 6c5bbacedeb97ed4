/**
 * The time in the name of a file that is made for somebody.
 * @module
 */

/** `YYYY-MM-DD` in local time. */
export function spellDay(ms: number): string {
  const [year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(spellStamp(ms))!
    .slice(1);
  return `${year}-${month}-${day}`;
}

/** `YYYYMMDD-HHMMSS` in local time. */
export function spellStamp(ms: number): string {
  const time = new Date(ms);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = [time.getMonth() + 1, time.getDate()].map(two).join("");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  return `${time.getFullYear()}${day}-${clock.map(two).join("")}`;
}
