/**
 * What administrators do with extensions while the server runs, for the page and for the API. The
 * phones hear of it within a second, as when the command line does it.
 * @module
 */

export interface ExtensionDesk {
  /** Adds one; a password of null is made here. */
  add(wish: NewExtension): DeskAnswer;
  rename(number: string, name: string): DeskAnswer;
  /** Phones that know the old password lose their registration; null is made here. */
  setPassword(number: string, password: string | null): DeskAnswer;
  /** Its phones lose their registration. */
  remove(number: string): DeskAnswer;
}

export interface NewExtension {
  readonly number: string;
  readonly name: string;
  readonly password: string | null;
}

/** What became of it. */
export type DeskAnswer = DeskDone | DeskRefusal;

export interface DeskDone {
  readonly isDone: true;
  /** The password where it was made here: nobody can ask for it again; null otherwise. */
  readonly password: string | null;
}

export interface DeskRefusal {
  readonly isDone: false;
  /**
   * `number-taken`: there is such an extension; `no-such-number`: there is none; `store-failed`:
   * the database refused; the others: what was wanted cannot be.
   */
  readonly why:
    | "number-taken"
    | "no-such-number"
    | "wrong-number"
    | "wrong-name"
    | "wrong-password"
    | "store-failed";
  /** In English, for who reads the API. */
  readonly detail: string;
}
