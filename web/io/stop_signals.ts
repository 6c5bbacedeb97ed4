/**
 * How a server is asked to stop: SIGTERM (systemd, pm2), SIGINT (Ctrl-C), and SIGHUP where the
 * terminal that it ran on is gone. Anywhere else SIGHUP ends nothing.
 * @module
 */

/** The second SIGINT ends the process at once, with the exit code of a shell for it. */
const INTERRUPTED = 130;

/**
 * Resolves with the name of the first signal that asks to stop. `onHangup` is called for a SIGHUP
 * that does not.
 */
export function awaitStopSignal(
  isTerminal: boolean,
  onHangup: () => void,
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let interrupts = 0;
  const listeners: [Deno.Signal, () => void][] = [
    ["SIGINT", () => {
      if (interrupts++ > 0) Deno.exit(INTERRUPTED);
      resolve("SIGINT");
    }],
  ];
  if (Deno.build.os !== "windows") {
    listeners.push(
      ["SIGTERM", () => resolve("SIGTERM")],
      ["SIGHUP", () => isTerminal ? resolve("SIGHUP") : onHangup()],
    );
  }
  for (const [signal, listener] of listeners) {
    Deno.addSignalListener(signal, listener);
  }
  return promise;
}
