/**
 * The address under which the internet sees this machine, as a STUN server tells it (RFC 8489).
 * @module
 */

import type { Address } from "../../pbx/config_value.ts";
import {
  readMappedAddress,
  writeBindingRequest,
} from "../machine/stun_question.ts";

const TIMEOUT_MS = 1500;
/** A datagram may be lost: the request goes out again (RFC 8489 §6.2.1). */
const REPEAT_AFTER_MS = [200, 600];

/** Asks; "" where no answer came within 1.5 seconds. `host` may be a name. */
export async function askPublicAddress(
  { host, port }: Address,
): Promise<string> {
  const id = crypto.getRandomValues(new Uint8Array(12));
  const request = writeBindingRequest(id);
  let socket: Deno.DatagramConn;
  try {
    const hostname = host.includes(":") ? "::" : "0.0.0.0";
    socket = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
  } catch {
    return "";
  }
  const send = () => {
    socket.send(request, { transport: "udp", hostname: host, port }).catch(
      () => {},
    );
  };
  const timers = [
    setTimeout(() => closeQuietly(socket), TIMEOUT_MS),
    ...REPEAT_AFTER_MS.map((afterMs) => setTimeout(send, afterMs)),
  ];
  send();
  try {
    return await receive(socket, id);
  } finally {
    timers.forEach(clearTimeout);
    closeQuietly(socket);
  }
}

async function receive(
  socket: Deno.DatagramConn,
  id: Uint8Array,
): Promise<string> {
  for (;;) {
    try {
      const [bytes] = await socket.receive();
      const address = readMappedAddress(bytes, id);
      if (address !== null) return address.host;
    } catch (error) {
      // An ICMP error about an earlier datagram; anything else means that the socket is closed.
      if (!(error instanceof Deno.errors.ConnectionRefused)) return "";
    }
  }
}

function closeQuietly(socket: Deno.DatagramConn): void {
  try {
    socket.close();
  } catch {
    // It is closed.
  }
}
