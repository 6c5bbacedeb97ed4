/**
 * What administrators do with extensions, on the database of the running server. A password that
 * was just made or given is kept for a while, so that it can be brought into a phone.
 * @module
 */

import {
  checkNumber,
  checkPassword,
  generatePassword,
} from "../../pbx/extension.ts";
import { describeSqlError } from "../../pbx/io/database.ts";
import type { ExtensionStore } from "../../pbx/io/extension_store.ts";
import { OperatorError } from "../../pbx/operator_error.ts";
import type {
  DeskAnswer,
  DeskRefusal,
  ExtensionDesk,
  NewExtension,
} from "../extension_desk.ts";
import { checkName } from "../extension_name.ts";
import type { ProvisionLinks } from "../phone/provision_links.ts";

/** What it works on. */
export interface ExtensionDeskParts {
  readonly store: ExtensionStore;
  readonly links: ProvisionLinks;
  random(octets: number): Uint8Array;
  nowMs(): number;
}

export function openExtensionDesk(parts: ExtensionDeskParts): ExtensionDesk {
  return new StoreDesk(parts);
}

class StoreDesk implements ExtensionDesk {
  readonly #parts: ExtensionDeskParts;

  constructor(parts: ExtensionDeskParts) {
    this.#parts = parts;
  }

  add({ number, name, password }: NewExtension): DeskAnswer {
    const wrong = refuse("wrong-number", checkNumber(number)) ??
      refuse("wrong-name", checkName(name)) ?? this.#checkPassword(password);
    if (wrong !== null) return wrong;
    if (this.#parts.store.get(number) !== null) {
      return refusal("number-taken", `extension \`${number}\` already there`);
    }
    const chosen = password ?? this.#makePassword();
    return this.#attempt(() => {
      this.#parts.store.add([{ number, name, password: chosen }]);
      this.#keep(number, chosen);
      return { isDone: true, password: password === null ? chosen : null };
    });
  }

  rename(number: string, name: string): DeskAnswer {
    const wrong = refuse("wrong-name", checkName(name));
    if (wrong !== null) return wrong;
    return this.#attempt(() =>
      this.#parts.store.rename(number, name) ? DONE : noSuchNumber(number)
    );
  }

  setPassword(number: string, password: string | null): DeskAnswer {
    const wrong = this.#checkPassword(password);
    if (wrong !== null) return wrong;
    const chosen = password ?? this.#makePassword();
    return this.#attempt(() => {
      if (!this.#parts.store.setPassword(number, chosen)) {
        return noSuchNumber(number);
      }
      this.#keep(number, chosen);
      return { isDone: true, password: password === null ? chosen : null };
    });
  }

  remove(number: string): DeskAnswer {
    return this.#attempt(() => {
      if (!this.#parts.store.remove(number)) return noSuchNumber(number);
      this.#parts.links.forget(number);
      return DONE;
    });
  }

  #keep(number: string, password: string): void {
    this.#parts.links.keep(number, password, this.#parts.nowMs());
  }

  #makePassword(): string {
    return generatePassword(this.#parts.random(32));
  }

  #checkPassword(password: string | null): DeskRefusal | null {
    return password === null
      ? null
      : refuse("wrong-password", checkPassword(password));
  }

  #attempt(work: () => DeskAnswer): DeskAnswer {
    try {
      return work();
    } catch (error) {
      // somebody else was faster
      if (error instanceof OperatorError) {
        return refusal("number-taken", error.message);
      }
      if (!isSqlError(error)) throw error;
      return refusal("store-failed", describeSqlError(error));
    }
  }
}

function isSqlError(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === "ERR_SQLITE_ERROR";
}

const DONE: DeskAnswer = { isDone: true, password: null };

function noSuchNumber(number: string): DeskRefusal {
  return refusal(
    "no-such-number",
    `there is no extension \`${number.slice(0, 40)}\``,
  );
}

function refuse(
  why: DeskRefusal["why"],
  detail: string | null,
): DeskRefusal | null {
  return detail === null ? null : refusal(why, detail);
}

function refusal(why: DeskRefusal["why"], detail: string): DeskRefusal {
  return { isDone: false, why, detail };
}
