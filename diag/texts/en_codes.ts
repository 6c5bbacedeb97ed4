/**
 * The title and the remedy of each verdict, in English. They are for somebody who knows his office
 * and not telephony; fields of a phone have the labels of MicroSIP's window.
 * @module
 */

import type { Texts } from "./text.ts";

export const EN_CODES: Texts["codes"] = {
  // a phone does not register
  "server-down": {
    title: "The server is not running",
    remedy: "Start the server, and look at the last thing it complained of",
  },
  "config-error": {
    title: "Faults in the configuration: `{count}`",
    remedy: "Correct these lines and start the server again: {faults}",
  },
  "port-in-use": {
    title: "Another program holds {transport} port `{port}`: `{holder}`",
    remedy:
      "Stop that program, or let the server listen on another port and write that port into every phone",
  },
  "bound-to-loopback": {
    title: "The server listens only to its own machine",
    remedy:
      "Set `sip = {open}` in the configuration instead of `{listen}`, and restart the server",
  },
  "dns-no-address": {
    title: "The name `{name}` leads nowhere",
    remedy:
      "At your domain's provider add an A record for `{name}` with the address `{address}`; until then write `{server}` into the phone's field SIP server",
  },
  "dns-wrong-address": {
    title: "The name `{name}` leads to another server",
    remedy:
      "At your domain's provider change the A record of `{name}` from `{addresses}` to `{own}`",
  },
  "dns-unusable-aaaa": {
    title:
      "The name `{name}` also leads to an IPv6 address, where nobody listens",
    remedy:
      "At your domain's provider remove the AAAA record `{addresses}`, or let the server listen on `[::]:5060` too",
  },
  "no-packets": {
    title: "Nothing of this phone arrives at the server",
    remedy:
      "Compare the phone's field SIP server letter by letter with `{address}` (port `{port}`), and see that the phone is on and has internet; if all is right, open UDP port `{port}` in the firewall that your provider's control panel has",
  },
  "wrong-port": {
    title: "The phone writes to port `{wrong}`, the server is on `{right}`",
    remedy:
      "In the phone's field SIP server write `:{right}` after the name or address; without a port the phone takes 5060",
  },
  "firewall-blocks-sip": {
    title: "The firewall of this server stops SIP ({transport} port `{port}`)",
    remedy: "Open {transport} port `{port}` in the firewall of this server",
  },
  "receive-buffer-overflow": {
    title: "More packets arrive than the server can take, so some are lost",
    remedy:
      "Enlarge the receive buffer, and look in `pbx trace` for an address that sends a flood",
  },
  "fragments-lost": {
    title: "Long messages of the phone arrive in pieces and are lost",
    remedy:
      "In the phone's list of codecs keep only two or three, such as PCMA and PCMU, or set its field Transport to TCP",
  },
  "banned": {
    title: "The server itself keeps the address `{source}` out",
    remedy:
      "Correct in the phone what caused it (`{why}`), and lift the ban of `{source}`",
  },
  "phone-uses-tls": {
    title: "The phone wants an encrypted connection, which is not offered",
    remedy:
      "In the phone set the field Transport to UDP and the field Media encryption to Disabled",
  },
  "phone-uses-tcp": {
    title: "The phone uses TCP",
    remedy: "In the phone set the field Transport to UDP",
  },
  "malformed-message": {
    title: "The server cannot accept how the phone writes: `{what}`",
    remedy:
      'Update the phone\'s program or set it back to its defaults; if nothing changes, switch "SIP ALG" off in the router near the phone',
  },
  "wrong-domain": {
    title: "The phone asks for `{domain}`, which is not this server",
    remedy:
      "In the phone write `{server}` into both fields SIP server and Domain",
  },
  "unknown-extension": {
    title: "There is no extension `{number}`",
    remedy:
      "Correct the phone's fields Username and Login, or add the extension on the server",
  },
  "login-differs": {
    title: "The phone logs in as `{login}`, but its number is `{number}`",
    remedy:
      "In the phone write `{number}` into both fields Username and Login, or leave Login empty",
  },
  "wrong-password": {
    title: "The password of `{number}` is wrong",
    remedy:
      "Write the password anew into the phone's field Password: no blanks, Latin keyboard, capital letters as given; if nobody knows it, set another one on the server",
  },
  "wrong-realm": {
    title: "The phone answers with the login of another server",
    remedy:
      "In the phone correct the field Domain; if nothing changes, remove the account of `{number}` there and add it anew",
  },
  "clock-jump": {
    title: "The clock of the server jumped by `{seconds}` seconds",
    remedy: "Let the server's clock be set by a time service",
  },
  "too-many-phones": {
    title: "Extension `{number}` already has its `{count}` phones",
    remedy:
      "Sign one of the other phones off, or allow more phones for each extension; a phone that is gone frees its place by itself",
  },
  "interval-too-brief": {
    title: "The phone wants to register more often than the server allows",
    remedy: "In the phone set the field Register refresh to 300",
  },
  "replies-lost": {
    title: "The phone does not hear the server's answers",
    remedy:
      'Restart the router near the phone and switch "SIP ALG" off there; if all phones have it, open outgoing UDP in the firewall that your provider\'s control panel has',
  },
  "reply-from-other-address": {
    title: "The server answers from another address than the phone wrote to",
    remedy:
      "Write `{answered}` instead of `{asked}` into the phone's field SIP server, and report this: it should not happen",
  },
  "sip-alg": {
    title: "A router rewrites the phone's messages",
    remedy:
      'Switch "SIP ALG" off in the router near the phone; if it has no such switch, let the server listen on another port than 5060',
  },
  "store-failed": {
    title: "The server cannot store registrations",
    remedy:
      "Make room on the server's disk, and see that the data directory can be written",
  },
  "nat-mapping-expired": {
    title: "The phone is registered, but cannot be reached any more",
    remedy:
      "See that the phone is on and has internet; if it is, set its field Keep alive to 15",
  },
  "scanner": {
    title: "Strangers tried to get in: tries `{tries}`, addresses `{hosts}`",
    remedy: "There is nothing to do: they were turned away",
  },
  "stun-on-sip-port": {
    title: "The phone uses this server for STUN",
    remedy:
      "It does no harm; to register faster, clear the phone's field STUN server",
  },
  "phone-publishes-presence": {
    title: "The phone publishes presence, which this server does not keep",
    remedy: "It does no harm; the phone's box Publish presence can be cleared",
  },
  "ok": {
    title: "`{number}` is registered",
    remedy: "There is nothing to do",
  },
  "undecided": {
    title: "It stops at the stage `{stage}`, and why is not certain",
    remedy:
      "Run `sudo pbx doctor` on the server and press Register in the phone while it runs",
  },

  // a call does not work
  "callee-not-registered": {
    title: "No phone is registered for `{callee}`",
    remedy: "Register the phone of `{callee}`: `pbx doctor {callee}`",
  },
  "no-such-number": {
    title: "There is no number `{callee}`",
    remedy: "Call a number that exists, or add the extension on the server",
  },
  "tcp-switch-blocked": {
    title: "The phone changes to TCP for a long request, and TCP is blocked",
    remedy:
      "Open the server's SIP port for TCP as well, or keep only two or three codecs in the phone",
  },
  "callee-silent": {
    title: "The phone of `{callee}` does not hear the call",
    remedy:
      "See that the phone of `{callee}` is on and has internet; if it is, set its field Keep alive to 15",
  },
  "no-common-codec": {
    title: "The two phones have no codec in common",
    remedy:
      "In both phones switch the codecs PCMA and PCMU (G.711) on, and Media encryption to the same value",
  },
  "srtp-mismatch": {
    title:
      "Only one of `{number}` and `{callee}` wants its sound to be encrypted",
    remedy: "In both phones set the field Media encryption to Disabled",
  },
  "no-ack": {
    title: "The phone of `{number}` does not confirm the call",
    remedy: 'Switch "SIP ALG" off in the router near that phone',
  },
  "ice-enabled": {
    title: "The phone of `{number}` uses ICE",
    remedy: "It does no harm; the phone's box ICE can be cleared",
  },
  "rtp-blocked": {
    title: "A firewall stops the sound of the call",
    remedy:
      "Open UDP ports `{range}` in the firewall of this server, and in the one that your provider's control panel has",
  },
  "one-way-audio": {
    title: "No sound comes from the phone of `{number}`",
    remedy:
      "See that the microphone of `{number}` is not muted or forbidden, and restart the router near that phone",
  },
  "packet-loss": {
    title: "`{percent}` percent of the sound of `{number}` is lost",
    remedy:
      "Connect that phone by cable instead of Wi-Fi; if it is by cable, ask the internet provider",
  },
  "session-timeout": {
    title: "The call was cut after `{minutes}` minutes",
    remedy:
      'Update the phone that did not renew the call, or switch "SIP ALG" off in the router near it',
  },
};
