/**
 * A button beside every command that copies it.
 * @module
 */

/** @param {ParentNode} root */
export function addCopy(root) {
  const { copy = "", copied = "" } = document.body.dataset;
  for (const code of root.querySelectorAll("code.copy:not([data-has-copy])")) {
    code.setAttribute("data-has-copy", "");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet copy-button";
    button.textContent = copy;
    button.addEventListener("click", async () => {
      const isCopied = await copyText(code);
      if (!isCopied) return;
      button.textContent = copied;
      setTimeout(() => button.textContent = copy, 2000);
    });
    code.after(button);
  }
}

/**
 * Browsers give the clipboard to encrypted pages only; else the old way is left.
 * @param {Element} code
 */
async function copyText(code) {
  try {
    await navigator.clipboard.writeText((code.textContent ?? "").trim());
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return document.execCommand("copy");
  }
}
