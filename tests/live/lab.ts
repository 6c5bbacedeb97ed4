/**
 * A small internet for live tests: network namespaces with a server, a phone in the same network
 * (LAN) and a phone behind a router that translates addresses (NAT). Everything that a test
 * started or made is gone when the lab closes, also after a failure.
 * @module
 */

import {
  addresses,
  loss,
  masquerade,
  type Network,
  type NetworkOptions,
  wires,
} from "./lab_network.ts";
import { Running, type SpawnOptions } from "./lab_process.ts";

let labs = 0;

/** Owns namespaces, programs, mounts and a temporary directory. Use with `await using`. */
export class Lab {
  /** A directory of this lab only. */
  readonly directory: string;
  readonly #label = `pbx${Deno.pid}x${++labs}`;
  readonly #namespaces: string[] = [];
  readonly #programs: Running[] = [];
  readonly #closers: (() => Promise<void> | void)[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(): Promise<Lab> {
    return new Lab(await Deno.makeTempDir({ prefix: "lab-" }));
  }

  /** Makes the four namespaces and the wires between them. */
  async network(options: NetworkOptions = {}): Promise<Network> {
    const name = (role: string) => `${this.#label}${role}`;
    const network = {
      server: name("s"),
      lan: name("l"),
      router: name("r"),
      nat: name("n"),
    };
    for (const namespace of Object.values(network)) {
      await this.run(null, ["ip", "netns", "add", namespace]);
      this.#namespaces.push(namespace);
    }
    const { server, router } = network;
    await this.run(null, ["ip", "-batch", "-"], wires(network));
    for (const [namespace, lines] of addresses(network)) {
      const input = lines.join("\n");
      await this.run(null, ["ip", "-n", namespace, "-batch", "-"], input);
    }
    const seconds = options.natUdpSeconds ?? 30;
    await this.run(
      router,
      ["nft", "-f", "-"],
      masquerade(options.natPorts ?? "kept"),
    );
    await this.run(router, [
      "sysctl",
      "-q",
      "-w",
      "net.ipv4.ip_forward=1",
      `net.netfilter.nf_conntrack_udp_timeout=${seconds}`,
      `net.netfilter.nf_conntrack_udp_timeout_stream=${seconds}`,
    ]);
    if (options.lossPercent) {
      await this.run(server, ["nft", "-f", "-"], loss(options.lossPercent));
    }
    return network;
  }

  /** Runs a program to its end and gives what it printed on stdout; throws when it fails. */
  async run(
    namespace: string | null,
    command: readonly string[],
    input = "",
  ): Promise<string> {
    const { code, stdout, stderr } = await this.attempt(
      namespace,
      { command },
      input,
    );
    if (code === 0) return stdout;
    throw new Error(
      `\`${command.join(" ")}\` ended with code ${code}: ${stdout}${stderr}`,
    );
  }

  /** Runs a program to its end, whatever that is. */
  async attempt(
    namespace: string | null,
    options: SpawnOptions,
    input = "",
    timeoutMs = 20_000,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const program = this.spawn(namespace, options);
    if (input !== "") await program.write(input).catch(() => {});
    await program.closeInput();
    const code = await program.wait(timeoutMs);
    return { code, stdout: program.printed, stderr: program.errors };
  }

  /** Starts a program that ends with the lab at the latest. */
  spawn(namespace: string | null, options: SpawnOptions): Running {
    const prefix = namespace === null ? [] : ["ip", "netns", "exec", namespace];
    const program = new Running({
      ...options,
      command: [...prefix, ...options.command],
    });
    this.#programs.push(program);
    return program;
  }

  /** Writes what passes an interface into a pcap file; give the result to `read`. */
  async capture(
    namespace: string,
    device: string,
    filter: string,
  ): Promise<Capture> {
    const file = `${this.directory}/${device}-${this.#programs.length}.pcap`;
    // a packet at a time needs many short places, or a burst gets lost
    const command = [
      ...["tcpdump", "-n", "-U", "--immediate-mode", "-s", "16384"],
      ...["-B", "16384"],
      ...["-i", device, "-w", file, filter],
    ];
    const program = this.spawn(namespace, { command });
    await program.waitFor(/listening on/);
    const read = async () => {
      await program.end();
      return await this.run(null, ["tcpdump", "-n", "-r", file, "-A"]);
    };
    return { file, read };
  }

  /** A small file system in memory, for tests that fill it up. */
  async mountMemory(path: string, size: string): Promise<void> {
    await Deno.mkdir(path, { recursive: true });
    await this.run(null, [
      "mount",
      "-t",
      "tmpfs",
      "-o",
      `size=${size},mode=0700`,
      "pbx-lab",
      path,
    ]);
    this.onClose(async () => {
      await this.attempt(null, { command: ["umount", "-l", path] });
    });
  }

  /** Does something when the lab closes, after the programs ended. */
  onClose(closer: () => Promise<void> | void): void {
    this.#closers.push(closer);
  }

  async close(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.end(500)));
    for (const closer of this.#closers.splice(0).reverse()) await closer();
    for (const namespace of this.#namespaces.splice(0)) {
      await this.attempt(null, { command: ["ip", "netns", "del", namespace] });
    }
    await Deno.remove(this.directory, { recursive: true }).catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

export interface Capture {
  readonly file: string;
  /** Ends the capture and gives its packets as text. */
  readonly read: () => Promise<string>;
}
