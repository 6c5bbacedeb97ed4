/**
 * Asks before a form with `data-confirm` is sent. Until that is answered the form bears
 * `data-asking`, and stays on the page.
 * @module
 */

export function addConfirm() {
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const question = form.dataset.confirm;
    if (question === undefined || "isConfirmed" in form.dataset) return;
    event.preventDefault();
    form.dataset.asking = "";
    ask(form, question, (isConfirmed) => {
      if (isConfirmed) {
        form.dataset.isConfirmed = "";
        form.requestSubmit(/** @type {HTMLElement | null} */ (event.submitter));
        delete form.dataset.isConfirmed;
      }
      delete form.dataset.asking;
    });
  });
}

/**
 * @param {HTMLFormElement} form which may have a word of its own for yes
 * @param {string} question
 * @param {(isConfirmed: boolean) => void} onAnswer called once, however it is closed
 */
function ask(form, question, onAnswer) {
  const { confirmYes = "", confirmNo = "" } = document.body.dataset;
  let isConfirmed = false;
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "confirm-question";
  dialog.setAttribute("aria-labelledby", text.id);
  const row = document.createElement("div");
  row.className = "actions";
  row.append(
    makeButton(confirmNo, "button", () => dialog.close()),
    makeButton(form.dataset.confirmYes ?? confirmYes, "button danger", () => {
      isConfirmed = true;
      dialog.close();
    }),
  );
  dialog.append(text, row);
  dialog.addEventListener("close", () => {
    dialog.remove();
    onAnswer(isConfirmed);
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * @param {string} label
 * @param {string} className
 * @param {() => void} onClick
 */
function makeButton(label, className, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.textContent = label;
  button.addEventListener("click", onClick);
  return button;
}
