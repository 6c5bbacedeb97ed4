/**
 * Sockets of this process inside another network namespace: a thread may step into a namespace,
 * open a socket, and step back; the socket stays where it was opened (setns(2)).
 * @module
 */

const CLONE_NEWNET = 0x40000000;
const O_CLOEXEC = 0o2000000;

function openLibc() {
  return Deno.dlopen("libc.so.6", {
    setns: { parameters: ["i32", "i32"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

/** Runs `action` (which must not wait for anything) inside the namespace `name`. */
export function inNamespace<T>(name: string, action: () => T): T {
  const libc = openLibc();
  const { open, close, setns } = libc.symbols;
  const openFile = (path: string) => {
    const fd = open(new TextEncoder().encode(path + "\0"), O_CLOEXEC);
    if (fd < 0) throw new Error(`cannot open \`${path}\``);
    return fd;
  };
  const own = openFile("/proc/thread-self/ns/net");
  const other = openFile(`/run/netns/${name}`);
  try {
    if (setns(other, CLONE_NEWNET) !== 0) {
      throw new Error(`cannot enter \`${name}\``);
    }
    try {
      return action();
    } finally {
      setns(own, CLONE_NEWNET);
    }
  } finally {
    close(other);
    close(own);
    libc.close();
  }
}

/** A UDP socket at `host` in the namespace, or in this one when `namespace` is null. */
export function openUdpSocket(
  namespace: string | null,
  host: string,
  port = 0,
): Deno.DatagramConn {
  const open = () =>
    Deno.listenDatagram({ transport: "udp", hostname: host, port });
  return namespace === null ? open() : inNamespace(namespace, open);
}

/**
 * Where to look for ports: below those that systems give away by themselves (from 32768 on), and
 * above those for sound; far from where another process of tests begins.
 */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
const DISTANCE = 97;
let portsTried = 0;

/** A port of the loopback address that is free for UDP and TCP, and that nobody else picks. */
export function findFreePort(): number {
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = FIRST_PORT + (Deno.pid * DISTANCE + portsTried++) % PORTS;
    const address = { hostname: "127.0.0.1", port };
    try {
      Deno.listen(address).close();
      Deno.listenDatagram({ transport: "udp", ...address }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("no port is free for UDP and TCP");
}
