/**
 * Every rule under its code. A rule is certain or it is silent; what it only supposes is marked
 * as information and says what would decide.
 * @module
 */

import type { Code } from "./catalogue.ts";
import type { Rule } from "./verdict.ts";
import { banned } from "./rules/banned.ts";
import { boundToLoopback } from "./rules/bound_to_loopback.ts";
import { calleeNotRegistered } from "./rules/callee_not_registered.ts";
import { calleeSilent } from "./rules/callee_silent.ts";
import { clockJump } from "./rules/clock_jump.ts";
import { configError } from "./rules/config_error.ts";
import { dnsNoAddress } from "./rules/dns_no_address.ts";
import { dnsUnusableAaaa } from "./rules/dns_unusable_aaaa.ts";
import { dnsWrongAddress } from "./rules/dns_wrong_address.ts";
import { firewallBlocksSip } from "./rules/firewall_blocks_sip.ts";
import { fragmentsLost } from "./rules/fragments_lost.ts";
import { iceEnabled } from "./rules/ice_enabled.ts";
import { intervalTooBrief } from "./rules/interval_too_brief.ts";
import { loginDiffers } from "./rules/login_differs.ts";
import { malformedMessage } from "./rules/malformed_message.ts";
import { natMappingExpired } from "./rules/nat_mapping_expired.ts";
import { noAck } from "./rules/no_ack.ts";
import { noCommonCodec } from "./rules/no_common_codec.ts";
import { noPackets } from "./rules/no_packets.ts";
import { noSuchNumber } from "./rules/no_such_number.ts";
import { ok } from "./rules/ok.ts";
import { oneWayAudio } from "./rules/one_way_audio.ts";
import { packetLoss } from "./rules/packet_loss.ts";
import { phonePublishesPresence } from "./rules/phone_publishes_presence.ts";
import { phoneUsesTcp } from "./rules/phone_uses_tcp.ts";
import { phoneUsesTls } from "./rules/phone_uses_tls.ts";
import { portInUse } from "./rules/port_in_use.ts";
import { receiveBufferOverflow } from "./rules/receive_buffer_overflow.ts";
import { repliesLost } from "./rules/replies_lost.ts";
import { replyFromOtherAddress } from "./rules/reply_from_other_address.ts";
import { rtpBlocked } from "./rules/rtp_blocked.ts";
import { scanner } from "./rules/scanner.ts";
import { serverDown } from "./rules/server_down.ts";
import { sessionTimeout } from "./rules/session_timeout.ts";
import { sipAlg } from "./rules/sip_alg.ts";
import { srtpMismatch } from "./rules/srtp_mismatch.ts";
import { storeFailed } from "./rules/store_failed.ts";
import { stunOnSipPort } from "./rules/stun_on_sip_port.ts";
import { tcpSwitchBlocked } from "./rules/tcp_switch_blocked.ts";
import { tooManyPhones } from "./rules/too_many_phones.ts";
import { undecided } from "./rules/undecided.ts";
import { unknownExtension } from "./rules/unknown_extension.ts";
import { wrongDomain } from "./rules/wrong_domain.ts";
import { wrongPassword } from "./rules/wrong_password.ts";
import { wrongPort } from "./rules/wrong_port.ts";
import { wrongRealm } from "./rules/wrong_realm.ts";

export const RULES: Readonly<Record<Code, Rule>> = {
  "server-down": serverDown,
  "config-error": configError,
  "port-in-use": portInUse,
  "bound-to-loopback": boundToLoopback,
  "dns-no-address": dnsNoAddress,
  "dns-wrong-address": dnsWrongAddress,
  "dns-unusable-aaaa": dnsUnusableAaaa,
  "no-packets": noPackets,
  "wrong-port": wrongPort,
  "firewall-blocks-sip": firewallBlocksSip,
  "receive-buffer-overflow": receiveBufferOverflow,
  "fragments-lost": fragmentsLost,
  "banned": banned,
  "phone-uses-tls": phoneUsesTls,
  "phone-uses-tcp": phoneUsesTcp,
  "malformed-message": malformedMessage,
  "wrong-domain": wrongDomain,
  "unknown-extension": unknownExtension,
  "login-differs": loginDiffers,
  "wrong-password": wrongPassword,
  "wrong-realm": wrongRealm,
  "clock-jump": clockJump,
  "too-many-phones": tooManyPhones,
  "interval-too-brief": intervalTooBrief,
  "replies-lost": repliesLost,
  "reply-from-other-address": replyFromOtherAddress,
  "sip-alg": sipAlg,
  "store-failed": storeFailed,
  "nat-mapping-expired": natMappingExpired,
  "scanner": scanner,
  "stun-on-sip-port": stunOnSipPort,
  "phone-publishes-presence": phonePublishesPresence,
  "ok": ok,
  "undecided": undecided,
  "callee-not-registered": calleeNotRegistered,
  "no-such-number": noSuchNumber,
  "tcp-switch-blocked": tcpSwitchBlocked,
  "callee-silent": calleeSilent,
  "no-common-codec": noCommonCodec,
  "srtp-mismatch": srtpMismatch,
  "no-ack": noAck,
  "ice-enabled": iceEnabled,
  "rtp-blocked": rtpBlocked,
  "one-way-audio": oneWayAudio,
  "packet-loss": packetLoss,
  "session-timeout": sessionTimeout,
};
