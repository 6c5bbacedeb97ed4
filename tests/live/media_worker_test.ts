/**
 * The thread behind the relay: it comes late, ends when told, and is replaced when it fails.
 * @module
 */

import assert from "node:assert/strict";
import { openMediaRelay } from "../../pbx/io/media_relay.ts";
import {
  choosePorts,
  connectPhones,
  isFree,
  MediaPhone,
  openEnd,
  until,
} from "./media_phone.ts";
import { HAS_LINUX } from "./udp_peer.ts";

const PORTS = choosePorts(500);
const RELAY = new URL("../../pbx/io/media_relay.ts", import.meta.url).href;

/**
 * The `epoll` of the thread that carries sound: the one that watches most descriptors, since every
 * thread of Deno has one of its own, with few.
 */
function findEpoll(): number {
  const watched = new Map<number, number>();
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      const target = Deno.readLinkSync(`/proc/self/fd/${name}`);
      if (target !== "anon_inode:[eventpoll]") continue;
      const info = Deno.readTextFileSync(`/proc/self/fdinfo/${name}`);
      watched.set(Number(name), info.split("tfd:").length - 1);
    } catch {
      // the descriptor of the listing itself, or one that is gone
    }
  }
  const [[epoll, count]] = [...watched].sort((a, b) => b[1] - a[1]) as [
    [number, number],
  ];
  assert.ok(count > 4, `${count} descriptors are watched`);
  return epoll;
}

function threads(): number {
  return [...Deno.readDirSync("/proc/self/task")].length;
}

/** Puts something else in the place of a descriptor, on which nobody can wait. */
function spoil(descriptor: number): void {
  const libc = Deno.dlopen("libc.so.6", {
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
  const path = new TextEncoder().encode("/dev/null\0");
  const nothing = libc.symbols.open(path, 0);
  assert.equal(libc.symbols.dup2(nothing, descriptor), descriptor);
  libc.symbols.close(nothing);
  libc.close();
}

Deno.test({
  name: "MediaRelay begins its thread with the first call and ends it",
  ignore: !HAS_LINUX,
  async fn() {
    const before = threads();
    const relay = openMediaRelay({ ports: PORTS });
    relay.flush();
    assert.equal(threads(), before);
    openEnd(relay);
    assert.ok(threads() > before);
    await relay.stop();
    await until(() => threads() <= before);
    await relay.stop();
  },
});

Deno.test({
  name: "MediaRelay.isWell() hears from a thread that has nothing to do",
  ignore: !HAS_LINUX,
  async fn() {
    const relay = openMediaRelay({ ports: PORTS });
    assert.equal(relay.isWell(), true);
    openEnd(relay);
    for (let i = 0; i < 3; i++) {
      // who asks twice at once leaves no time for an answer
      relay.isWell();
      await until(() => relay.isWell());
    }
    await relay.stop();
    assert.equal(relay.isWell(), true);
  },
});

Deno.test({
  name: "MediaRelay goes on with its calls when the thread fails",
  ignore: !HAS_LINUX,
  async fn() {
    const troubles: string[] = [];
    const relay = openMediaRelay({
      ports: PORTS,
      onTrouble: (message) => troubles.push(message),
    });
    using one = new MediaPhone("127.0.0.2");
    using other = new MediaPhone("127.0.0.3");
    const [a, b] = connectPhones(relay, one, other);
    for (let failure = 1; failure <= 3; failure++) {
      await one.speak(a, "hello");
      assert.equal(await other.hear(), "hello");
      assert.equal(relay.counts(a).packets, failure);
      spoil(findEpoll());
      await one.send(a, Uint8Array.of(1));
      // the thread may fail before it has read this; after the third time none takes its place
      if (failure < 3) await other.next();
      await until(() => troubles.length === failure);
    }
    const going =
      /^The thread that carries sound failed, another one goes on: /;
    assert.match(troubles[0]!, going);
    assert.match(troubles[1]!, going);
    assert.match(troubles[2]!, /no more calls until the server is started/);
    assert.equal(relay.open("127.0.0.1"), null, "it fails too often");
    relay.close(b);
    relay.flush();
    await until(() => isFree(b));
    assert.ok(!isFree(a));
    await relay.stop();
    assert.ok(isFree(a));
  },
});

Deno.test({
  name: "MediaRelay.stop() lets the process end",
  ignore: !HAS_LINUX,
  async fn() {
    const program = `
      import { openMediaRelay } from ${JSON.stringify(RELAY)};
      const relay = openMediaRelay({ ports: ${JSON.stringify(PORTS)} });
      const end = relay.open("127.0.0.1");
      relay.echo(end);
      relay.flush();
      await relay.stop();
      console.log("stopped");`;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", program],
      signal: AbortSignal.timeout(20_000),
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    assert.equal(new TextDecoder().decode(stdout), "stopped\n");
  },
});

Deno.test("openMediaRelay() has no ports where it may not call the C library", async () => {
  const program = `
    import { openMediaRelay } from ${JSON.stringify(RELAY)};
    const relay = openMediaRelay({ ports: ${JSON.stringify(PORTS)} });
    const end = relay.open("127.0.0.1");
    relay.flush();
    await relay.stop();
    console.log(end);`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--allow-read", file],
      signal: AbortSignal.timeout(20_000),
    }).output();
    assert.equal(new TextDecoder().decode(stdout), "null\n");
  } finally {
    await Deno.remove(file);
  }
});
