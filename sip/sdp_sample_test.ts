/**
 * Session descriptions as phones write them. Each phone sits at 192.168.7.55 or fd00::55, which
 * nobody else may learn.
 * @module
 */

import assert from "node:assert/strict";
import { parseSdp, type SessionDescription } from "./sdp.ts";

/** Lines with their ends. */
export function body(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}

/** Reads what can be read. */
export function readDescription(text: string): SessionDescription {
  const sdp = parseSdp(text);
  assert.ok(sdp !== null, `cannot be read: ${text.slice(0, 200)}`);
  return sdp;
}

/** A description of one phone with these media lines. */
export function offer(...lines: readonly string[]): SessionDescription {
  const head = ["v=0", "c=IN IP4 192.168.7.55", "t=0 0"];
  return readDescription(body(...head, ...lines));
}

/** MicroSIP: `c=` of the media line only, 14 lines and more. */
export const MICROSIP = body(
  "v=0",
  "o=- 3909721603 3909721603 IN IP4 192.168.7.55",
  "s=pjmedia",
  "b=AS:84",
  "t=0 0",
  "a=X-nat:0",
  "m=audio 4000 RTP/AVP 96 8 0 101 102 103",
  "c=IN IP4 192.168.7.55",
  "b=TIAS:64000",
  "a=rtcp:4001 IN IP4 192.168.7.55",
  "a=sendrecv",
  "a=rtpmap:96 speex/16000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-16",
  "a=rtpmap:102 telephone-event/16000",
  "a=fmtp:102 0-16",
  "a=rtpmap:103 telephone-event/48000",
  "a=ssrc:1179915113 cname:6b7b0e7c1f5d4a2f",
);

export const BARESIP = body(
  "v=0",
  "o=- 1234 5678 IN IP4 192.168.7.55",
  "s=-",
  "c=IN IP4 192.168.7.55",
  "t=0 0",
  "a=tool:baresip 3.16.0",
  "m=audio 24680 RTP/AVP 96 0 8 101",
  "b=AS:125",
  "a=rtpmap:96 opus/48000/2",
  "a=fmtp:96 stereo=1;sprop-stereo=1",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-15",
  "a=sendrecv",
  "a=label:1",
  "a=rtcp-rsize",
  "a=ssrc:871237 cname:sip:1002@192.168.7.55",
  "a=ptime:20",
);

/** A browser: one port for all, ICE, DTLS. */
export const BROWSER = body(
  "v=0",
  "o=mozilla 4 0 IN IP4 0.0.0.0",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1",
  "a=msid-semantic: WMS *",
  "a=ice-options:trickle",
  "a=fingerprint:sha-256 AB:CD:EF:01",
  "m=audio 51472 UDP/TLS/RTP/SAVPF 109 101",
  "c=IN IP4 192.168.7.55",
  "a=rtcp:9 IN IP4 0.0.0.0",
  "a=candidate:0 1 UDP 2122252543 192.168.7.55 51472 typ host",
  "a=candidate:1 1 UDP 1686 203.0.113.50 6000 typ srflx raddr 192.168.7.55 rport 51472",
  "a=end-of-candidates",
  "a=ice-ufrag:6b1a",
  "a=ice-pwd:c2c1f0d4f8",
  "a=setup:actpass",
  "a=mid:0",
  "a=rtcp-mux",
  "a=rtpmap:109 opus/48000/2",
  "a=rtpmap:101 telephone-event/8000",
  "m=video 51472 UDP/TLS/RTP/SAVPF 120",
  "c=IN IP4 192.168.7.55",
  "a=mid:1",
  "a=rtcp-mux",
  "a=recvonly",
  "a=rtpmap:120 VP8/90000",
);

export const IPV6 = body(
  "v=0",
  "o=- 1 1 IN IP6 FD00::55",
  "s=-",
  "c=IN IP6 FD00::55",
  "t=0 0",
  "m=audio 7078 RTP/AVP 8",
  "a=x-own:[fd00::55]:7078",
);

export const FAX = body(
  "v=0",
  "o=- 1 2 IN IP4 192.168.7.55",
  "s=-",
  "c=IN IP4 192.168.7.55",
  "t=0 0",
  "m=audio 0 RTP/AVP 8",
  "m=image 4100 udptl t38",
  "a=T38FaxVersion:0",
  "a=T38MaxBitRate:14400",
);

/** Whatever a description may tell of the network that its phone sits in. */
export const TALKATIVE = body(
  "v=0",
  "o=1001 1 1 IN IP4 192.168.7.55",
  "s=At 192.168.7.55",
  "i=Phone 192.168.7.55",
  "u=http://192.168.7.55/",
  "e=a@192.168.7.55",
  "p=+1 192.168.7.55",
  "c=IN IP4 192.168.7.55",
  "b=X-192.168.7.55:1",
  "t=0 0 192.168.7.55",
  "r=192.168.7.55",
  "z=192.168.7.55",
  "k=uri:http://192.168.7.55",
  "a=candidate:1 1 UDP 1 192.168.7.55 4000 typ host",
  "a=x-session:192.168.7.55",
  "m=audio 4000/2 RTP/AVP 8",
  "i=192.168.7.55",
  "c=IN IP4 192.168.7.55/127",
  "k=uri:http://192.168.7.55",
  "b=192.168.7.55:1",
  "a=rtcp:4001 IN IP4 192.168.7.55",
  "a=rtcp:4003 IN IP4 192.168.7.55",
  "a=candidate:1 1 UDP 1 192.168.7.55 4000 typ host",
  "a=remote-candidates:1 192.168.7.55 4000",
  "a=alt:1 1 : u x 192.168.7.55 4000",
  "a=source-filter: incl IN IP4 * 192.168.7.55",
  "a=ssrc:1 cname:1001@192.168.7.55",
  "a=ssrc:2 cname:1001@192.168.7.55.local",
  "a=x-own:192.168.7.55:4000",
  "a=tool:phone 2.0",
);
