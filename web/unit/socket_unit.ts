/**
 * The text of `pbx.socket`, which holds the ports of SIP open from the start of the machine on,
 * also while the server is restarted (systemd.socket(5)).
 * @module
 */

import { formatAddress } from "../../sip/flow.ts";
import type { UnitModel } from "./unit_model.ts";

/** Null where no port is known beforehand: then there is nothing to hold. */
export function writeSocketUnit({ sip }: UnitModel): string | null {
  if (sip.length === 0) return null;
  const addresses = sip.map(({ host, port }) => formatAddress(host, port));
  return `# Written by \`pbx unit socket\`. Own changes: systemctl edit pbx.socket

[Unit]
Description=Ports of the pbx telephone exchange
# whoever else has a port may let it go: then it is taken
StartLimitIntervalSec=0

[Socket]
${addresses.map((address) => `ListenDatagram=${address}`).join("\n")}
${addresses.map((address) => `ListenStream=${address}`).join("\n")}
BindIPv6Only=ipv6-only
# an address may come later than the start
FreeBind=yes
# answers leave from the address that was asked
PassPacketInfo=yes
# room for what comes during a restart
ReceiveBuffer=8M
# a server that fails again and again is no reason to give the ports up
TriggerLimitIntervalSec=0

[Install]
WantedBy=sockets.target
`;
}
