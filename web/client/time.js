/**
 * Times in the time zone of the one who looks.
 * @module
 */

/** @param {number} value */
function two(value) {
  return String(value).padStart(2, "0");
}

/**
 * Turns the UTC text of every `<time datetime>` into local time, without the day where it is
 * today.
 * @param {ParentNode} root
 */
export function localizeTimes(root) {
  const isEnglish = document.documentElement.lang === "en";
  const today = new Date().toDateString();
  for (const element of root.querySelectorAll("time[datetime]")) {
    const moment = new Date(element.getAttribute("datetime") ?? "");
    if (Number.isNaN(moment.getTime())) continue;
    const [year, month, day] = [
      String(moment.getFullYear()),
      two(moment.getMonth() + 1),
      two(moment.getDate()),
    ];
    const date = isEnglish
      ? `${year}-${month}-${day}`
      : `${day}.${month}.${year}`;
    const clock = [moment.getHours(), moment.getMinutes(), moment.getSeconds()]
      .map(two).join(":");
    const isClockOnly = element.getAttribute("data-show") === "time" ||
      moment.toDateString() === today;
    element.textContent = isClockOnly ? clock : `${date} ${clock}`;
    element.setAttribute("title", `${date} ${clock}`);
  }
}
