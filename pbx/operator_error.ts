/**
 * An error that the administrator can mend: what happened, and what to type.
 * @module
 */

export class OperatorError extends Error {
  override readonly name = "OperatorError";
  /** The command or the setting that mends it; "" where there is none. */
  readonly hint: string;
  /** 1: it did not work; 2: wrong usage; 78: configuration. */
  readonly exitCode: 1 | 2 | 78;

  constructor(message: string, hint = "", exitCode: 1 | 2 | 78 = 1) {
    super(message);
    this.hint = hint;
    this.exitCode = exitCode;
  }
}
