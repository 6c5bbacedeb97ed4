/**
 * The text of `pbx.service` (systemd.service(5), systemd.exec(5)): when the server runs, and what
 * it may touch. Only what it needs is left to it; `systemd-analyze security` tells how much.
 * @module
 */

import type { UnitModel } from "./unit_model.ts";
import { escapeSpecifiers, quoteArgument, quoteWord } from "./unit_word.ts";

/** Writes the whole unit. */
export function writeServiceUnit(model: UnitModel): string {
  return `# Written by \`pbx unit\`. Own changes: systemctl edit pbx.service

[Unit]
Description=pbx telephone exchange
# the addresses of the machine are read at the start
Wants=network-online.target
After=network-online.target
${describeMounts(model)}${describeSocket(model)}
# it is tried again for ever
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart=${
    [model.program, "serve", ...model.arguments].map(quoteArgument).join(" ")
  }
${describeSettings(model)}${describeFolders(model)}Restart=always
RestartSec=500ms
# a server that hangs is ended and begins anew
WatchdogSec=20s
TimeoutStopSec=10s
# memory short: others first, who make no call silent
OOMScoreAdjust=-500
LimitNOFILE=${model.files}
TasksMax=512
# no passwords in a core dump
LimitCORE=0

# a user of its own, made at each start; who owns the data follows it
DynamicUser=yes
StateDirectory=${model.stateDirectory}
StateDirectoryMode=0700
UMask=0077

${describeRights(model)}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=${isInHome(model) ? "tmpfs" : "yes"}
PrivateMounts=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
PrivateIPC=yes
RemoveIPC=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
ProcSubset=pid
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
# memory that is written and then run cannot be forbidden: JavaScript is compiled there
SystemCallFilter=@system-service @pkey
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
# no program runs but this one, with the libraries of the system
NoExecPaths=/
ExecPaths=${
    [quoteWord(model.program), "-/usr/lib", "-/usr/lib64", "-/lib", "-/lib64"]
      .join(" ")
  }

[Install]
WantedBy=multi-user.target
`;
}

function describeSocket({ sip }: UnitModel): string {
  if (sip.length === 0) return "# no socket unit: the system chooses the port";
  return `# pbx.socket holds the ports: while the server is restarted, what phones send waits there. To stop
# both: systemctl stop pbx.socket. The service alone is started again by the next packet.
Wants=pbx.socket
After=pbx.socket
PartOf=pbx.socket`;
}

/** Those lines that are there only where the configuration needs them. */
function describeSettings({ environment, tls, sip }: UnitModel): string {
  const lines = environment.map(([name, value]) =>
    `Environment=${quoteWord(`${name}=${value}`)}`
  );
  if (sip.length > 0) lines.push("NonBlocking=yes");
  if (tls !== null) {
    lines.push(
      "# copies for the service, of files that root alone need be able to read; systemctl reload",
      "# takes them anew after a renewal",
      `LoadCredential=tls-certificate:${escapeSpecifiers(tls.certificate)}`,
      `LoadCredential=tls-key:${escapeSpecifiers(tls.key)}`,
      `RuntimeDirectory=${RUNTIME}`,
      "RuntimeDirectoryMode=0700",
      `ExecReload=${
        asRoot(RELOAD, `/run/${RUNTIME}`, tls.certificate, tls.key)
      }`,
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** Where the data or the configuration is not at its usual place. */
function describeFolders(
  { stateDirectory, dataDir, hiddenFile }: UnitModel,
): string {
  const lines: string[] = [];
  if (dataDir !== null) {
    const owner = `/var/lib/private/${stateDirectory}`;
    lines.push(
      "# the folder of the data is handed to the user of the service",
      `ExecStartPre=${asRoot(HAND_OVER, owner, dataDir)}`,
      `BindPaths=-${quoteWord(dataDir)}`,
    );
  }
  if (hiddenFile !== null) {
    lines.push(`BindReadOnlyPaths=${quoteWord(hiddenFile)}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function describeMounts({ dataDir }: UnitModel): string {
  return dataDir === null ? "" : `RequiresMountsFor=${quoteWord(dataDir)}\n`;
}

function isInHome({ dataDir, hiddenFile }: UnitModel): boolean {
  return [dataDir, hiddenFile].some((path) =>
    path !== null && /^\/(?:home|root|run\/user)\//.test(path)
  );
}

const RUNTIME = "pbx";

/**
 * Makes the folder `$1` and gives what a server keeps there to the owner of `$0`; never what a link
 * leads to.
 */
const HAND_OVER =
  'mkdir -p -m 700 -- "$1" && chown -h --reference="$0" -- "$1" && ' +
  'chown -fh --reference="$0" -- "$1"/pbx.* "$1"/api-token "$1"/server.json; true';

/**
 * Puts copies of the certificate `$1` and the key `$2` into the folder `$0` of the service, by a
 * rename, which no link in that folder can lead elsewhere.
 */
const RELOAD = "set -e; umask 077; for file in certificate key; do " +
  'cp -- "$1" "$0.new"; chown --reference="$0" -- "$0.new"; ' +
  'mv -fT -- "$0.new" "$0/tls-$file"; shift; done; kill -HUP "$MAINPID"';

/** A command of the shell with the rights of root, outside of the confinement. */
function asRoot(script: string, ...args: readonly string[]): string {
  return ["+/bin/sh", "-c", script, ...args].map(quoteArgument).join(" ");
}

/** Capabilities and sockets. */
function describeRights({ capture, hasLowPort }: UnitModel): string {
  const capabilities = [
    ...(capture ? ["CAP_NET_RAW"] : []),
    ...(hasLowPort ? ["CAP_NET_BIND_SERVICE"] : []),
  ];
  // getifaddrs(3) asks by AF_NETLINK, and AF_UNIX leads to systemd
  const families = ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"];
  if (capture) families.push("AF_PACKET");
  return [
    capture
      ? "# CAP_NET_RAW and AF_PACKET: the page sees what reaches the network card while a phone is\n" +
        "# connected. Without them: `capture = false` in pbx.toml, then write this unit again"
      : "# the network card is not looked at: `capture = true` in pbx.toml, and this unit written\n" +
        "# again, would let the page see what a firewall drops",
    `CapabilityBoundingSet=${capabilities.join(" ")}`,
    `AmbientCapabilities=${capabilities.join(" ")}`,
    // what a user namespace of its own may do counts for nothing in the network of the machine
    `PrivateUsers=${capabilities.length > 0 ? "no" : "yes"}`,
    `RestrictAddressFamilies=${families.join(" ")}`,
  ].join("\n");
}
