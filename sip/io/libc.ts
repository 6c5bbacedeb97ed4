/**
 * The calls into the C library of Linux that Deno itself does not offer: datagrams by the batch,
 * the address each was sent to, the kernel's drop counters and ICMP errors, file locks, and rights.
 * x86-64 and AArch64 share every number and struct layout used here (64 bit, little endian).
 * @module
 */

const SYMBOLS = {
  __errno_location: { parameters: [], result: "pointer" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  listen: { parameters: ["i32", "i32"], result: "i32" },
  accept4: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "buffer"],
    result: "i32",
  },
  setsockopt: {
    parameters: ["i32", "i32", "i32", "buffer", "u32"],
    result: "i32",
  },
  recvmmsg: {
    parameters: ["i32", "pointer", "u32", "i32", "pointer"],
    result: "i32",
  },
  sendmmsg: { parameters: ["i32", "pointer", "u32", "i32"], result: "i32" },
  recvmsg: { parameters: ["i32", "pointer", "i32"], result: "isize" },
  // lengths of 64 bits, of which a datagram needs 32: more would be a BigInt each time
  recvfrom: {
    parameters: ["i32", "buffer", "u32", "i32", "buffer", "buffer"],
    result: "i32",
  },
  sendto: {
    parameters: ["i32", "buffer", "u32", "i32", "buffer", "u32"],
    result: "i32",
  },
  recv: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "u32", "i32"], result: "i32" },
  // takes more than three arguments or fewer; whole numbers travel as if it took just three
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  poll: { parameters: ["buffer", "u64", "i32"], result: "i32" },
  pollAside: {
    name: "poll",
    parameters: ["buffer", "u64", "i32"],
    result: "i32",
    nonblocking: true,
  },
  usleep: { parameters: ["u32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  open: { parameters: ["buffer", "i32", "u32"], result: "i32" },
  flock: { parameters: ["i32", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  geteuid: { parameters: [], result: "u32" },
  getegid: { parameters: [], result: "u32" },
  seteuid: { parameters: ["u32"], result: "i32" },
  setegid: { parameters: ["u32"], result: "i32" },
  getgroups: { parameters: ["i32", "buffer"], result: "i32" },
  setgroups: { parameters: ["usize", "buffer"], result: "i32" },
  capget: { parameters: ["buffer", "buffer"], result: "i32" },
  capset: { parameters: ["buffer", "buffer"], result: "i32" },
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  setrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  clock_gettime: { parameters: ["i32", "buffer"], result: "i32" },
  adjtimex: { parameters: ["buffer"], result: "i32" },
  mallopt: { parameters: ["i32", "i32"], result: "i32" },
  malloc_trim: { parameters: ["usize"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

type Symbols = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** A call of the library. */
export type LibcName = keyof Symbols;

/** The library, opened. `close()` only when no call is under way. */
export interface Libc<Name extends LibcName = LibcName> {
  readonly call: Pick<Symbols, Name>;
  /** Why the last call on this thread failed; read it at once. */
  errno(): number;
  close(): void;
}

/**
 * Opens the C library; null where there is none that we know, or no permission. Deno compiles a
 * bridge for each call, a sixth of a millisecond: who needs few of them names them.
 */
export function openLibc<Name extends LibcName = LibcName>(
  names?: readonly Name[],
): Libc<Name> | null {
  if (Deno.build.os !== "linux") return null;
  if (Deno.build.arch !== "x86_64" && Deno.build.arch !== "aarch64") {
    return null;
  }
  // Where nobody decided yet, Deno would stop and ask the operator: no need, there is another way.
  const permission = Deno.permissions.querySync({ name: "ffi" });
  if (permission.state === "denied") return null;
  if (permission.state === "prompt" && !permission.partial) return null;
  try {
    const library = Deno.dlopen("libc.so.6", choose(names));
    const where = library.symbols.__errno_location()!;
    // JavaScript stays on one thread, so the place of its errno does not move.
    const errno = new Int32Array(
      Deno.UnsafePointerView.getArrayBuffer(where, 4),
    );
    return {
      call: library.symbols,
      errno: () => errno[0]!,
      close: () => library.close(),
    };
  } catch {
    return null;
  }
}

/** Those alone are there, whatever the type says of the others; `openLibc()` gives none of them. */
function choose(names: readonly LibcName[] | undefined): typeof SYMBOLS {
  if (names === undefined) return SYMBOLS;
  const chosen = ["__errno_location" as const, ...names];
  return Object.fromEntries(
    chosen.map((name) => [name, SYMBOLS[name]]),
  ) as unknown as typeof SYMBOLS;
}

/** The address of memory as a number (user space has 47 bits). Keep the memory referenced. */
export function addressOf(memory: Uint8Array<ArrayBuffer>): number {
  // Of the buffer: a short array may still lie where the garbage collector moves things.
  const pointer = Deno.UnsafePointer.of(memory.buffer);
  return Number(Deno.UnsafePointer.value(pointer)) + memory.byteOffset;
}

/** A pointer for each of `count` structs of `size` octets that stand one behind the other. */
export function pointersTo(
  memory: Uint8Array<ArrayBuffer>,
  size: number,
  count: number,
): Deno.PointerValue[] {
  const base = addressOf(memory);
  return Array.from(
    { length: count },
    (_, i) => Deno.UnsafePointer.create(BigInt(base + i * size)),
  );
}

export const EINTR = 4;
export const EAGAIN = 11;
export const EINVAL = 22;

const ERRNO_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "EPERM"],
  [2, "ENOENT"],
  [EINTR, "EINTR"],
  [5, "EIO"],
  [9, "EBADF"],
  [EAGAIN, "EAGAIN"],
  [12, "ENOMEM"],
  [13, "EACCES"],
  [EINVAL, "EINVAL"],
  [23, "ENFILE"],
  [24, "EMFILE"],
  [28, "ENOSPC"],
  [30, "EROFS"],
  [32, "EPIPE"],
  [37, "ENOLCK"],
  [71, "EPROTO"],
  [88, "ENOTSOCK"],
  [90, "EMSGSIZE"],
  [92, "ENOPROTOOPT"],
  [95, "EOPNOTSUPP"],
  [97, "EAFNOSUPPORT"],
  [98, "EADDRINUSE"],
  [99, "EADDRNOTAVAIL"],
  [100, "ENETDOWN"],
  [101, "ENETUNREACH"],
  [103, "ECONNABORTED"],
  [104, "ECONNRESET"],
  [105, "ENOBUFS"],
  [107, "ENOTCONN"],
  [110, "ETIMEDOUT"],
  [111, "ECONNREFUSED"],
  [112, "EHOSTDOWN"],
  [113, "EHOSTUNREACH"],
]);

/** The name of an error number: 111 is `ECONNREFUSED`. */
export function errnoName(errno: number): string {
  return ERRNO_NAMES.get(errno) ?? `errno ${errno}`;
}

const O_RDWR = 0x2;
const O_CREAT = 0x40;
const O_CLOEXEC = 0x80000;
const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Locks a file for this process, making it (mode 0600) where it is not there. The lock ends with
 * `release()` or with the process, however that ends. Null when another process holds it.
 * Throws an Error when the file cannot be opened, or where the C library is not to be had.
 */
export function tryLockFile(path: string): { release(): void } | null {
  const libc = openLibc(["open", "flock", "close"]);
  if (libc === null) throw new Error("No C library to lock files with");
  const descriptor = libc.call.open(
    new TextEncoder().encode(path + "\0"),
    O_RDWR | O_CREAT | O_CLOEXEC,
    0o600,
  );
  if (descriptor < 0) {
    const name = errnoName(libc.errno());
    libc.close();
    throw new Error(`Cannot open \`${path}\`: ${name}`);
  }
  const release = () => {
    libc.call.close(descriptor);
    libc.close();
  };
  if (libc.call.flock(descriptor, LOCK_EX | LOCK_NB) === 0) return { release };
  const errno = libc.errno();
  release();
  if (errno === EAGAIN) return null;
  throw new Error(`Cannot lock \`${path}\`: ${errnoName(errno)}`);
}
