/**
 * REGISTER requests as phones send them: a first one and one with credentials, of three phones.
 * @module
 */

const MICROSIP = [
  "REGISTER sip:203.0.113.10 SIP/2.0",
  "Via: SIP/2.0/UDP 192.168.1.20:37989;rport;branch=z9hG4bKPj6b1a0c54f7e84a0d9d3c2b1a",
  "Max-Forwards: 70",
  "From: <sip:114@203.0.113.10>;tag=4f3b8a1c9d2e4c7f8a6b",
  "To: <sip:114@203.0.113.10>",
  "Call-ID: 7c1f0e9d3b2a4c5d8e6f",
  "CSeq: 41203 REGISTER",
  "User-Agent: MicroSIP/3.21.6",
  "Supported: outbound, path",
  "Contact: <sip:114@192.168.1.20:37989;ob>",
  "Expires: 300",
  "Allow: PRACK, INVITE, ACK, BYE, CANCEL, UPDATE, INFO, SUBSCRIBE, NOTIFY, REFER, MESSAGE, OPTIONS",
];

const MICROSIP_AGAIN = [
  ...MICROSIP.map((line) => {
    if (line.startsWith("CSeq")) return "CSeq: 41204 REGISTER";
    if (!line.startsWith("Contact")) return line;
    return "Contact: <sip:114@198.51.100.7:37989;ob>, <sip:114@192.168.1.20:37989;ob>;expires=0";
  }),
  'Authorization: Digest username="114", realm="pbx", nonce="65f1c0a2:9b1e44d0c7f3a855", ' +
  'uri="sip:203.0.113.10", response="0f6b2c4d8e1a3957bd60718293a4b5c6", algorithm=MD5, ' +
  'cnonce="b7c2d1e0f9a84b3c", qop=auth, nc=00000001',
];

const BARESIP = [
  "REGISTER sip:203.0.113.10;transport=udp SIP/2.0",
  "Via: SIP/2.0/UDP 192.168.1.21:53072;branch=z9hG4bK4c2a9f1e7d3b;rport",
  "Contact: <sip:101-0x5641a1385e70@192.168.1.21:53072>;expires=300" +
  ';+sip.instance="<urn:uuid:6f1d2c3b-4a59-4687-9bcd-0e1f2a3b4c5d>"',
  "Max-Forwards: 70",
  "To: <sip:101@203.0.113.10;transport=udp>",
  "From: <sip:101@203.0.113.10;transport=udp>;tag=9e7c5a31f20b8d64",
  "Call-ID: 2d4f6b8a0c1e3f57",
  "CSeq: 61720 REGISTER",
  "User-Agent: baresip v1.0.0 (x86_64/linux)",
  "Supported: gruu",
  "Allow: INVITE,ACK,BYE,CANCEL,OPTIONS,NOTIFY,SUBSCRIBE,INFO,MESSAGE,REFER",
];

const BARESIP_AGAIN = [
  ...BARESIP.map((line) => line.replace("61720", "61721")),
  'Authorization: Digest username="101", realm="pbx", nonce="65f1c0a2:1c0ffee0c7f3a855", ' +
  'uri="sip:203.0.113.10;transport=udp", response="' + "9a".repeat(32) + '", ' +
  'algorithm=SHA-256, cnonce="81b2c3d4e5f60718", qop=auth, nc=00000001',
];

const LINPHONE = [
  "REGISTER sip:[2001:db8::10] SIP/2.0",
  "Via: SIP/2.0/UDP [2001:db8::21]:5060;branch=z9hG4bK.x7Tq~Yp2a;rport",
  "From: <sip:1002@[2001:db8::10]>;tag=Q9w~e2Rt1",
  "To: sip:1002@[2001:db8::10]",
  "CSeq: 20 REGISTER",
  "Call-ID: mN8bV7cX6z",
  "Max-Forwards: 70",
  "Supported: replaces, outbound, gruu, path, record-aware",
  "Accept: application/sdp, text/plain, application/vnd.gsma.rcs-ft-http+xml",
  'Contact: "O\\"Neil \u041e\u043b\u0438\u043c" <sip:1002@[2001:db8::21];transport=udp>' +
  ';q=0.5;+sip.instance="<urn:uuid:00c1ffee-1111-4222-8333-444455556666>";+org.linphone.specs="lime"',
  "Expires: 3600",
  "User-Agent: Linphonec/5.2.0 (belle-sip/5.2.0)",
];

const LINPHONE_AGAIN = [
  ...LINPHONE.map((line) => line.replace("CSeq: 20", "CSeq: 21")),
  'Authorization:  Digest realm="pbx", nonce="65f1c0a2:77aa44d0c7f3a855", algorithm=MD5, ' +
  'opaque="",  username="1002",  uri="sip:[2001:db8::10]", ' +
  'response="5d41402abc4b2a76b9719d911017c592", cnonce="Zt5Y~uI", nc=00000001, qop=auth',
];

/** The requests as octets. */
export function makePhoneMessages(): Uint8Array<ArrayBuffer>[] {
  const encoder = new TextEncoder();
  return [
    [...MICROSIP, "Content-Length:  0"],
    [...MICROSIP_AGAIN, "Content-Length:  0"],
    [...BARESIP, "Content-Length: 0"],
    [...BARESIP_AGAIN, "Content-Length: 0"],
    [...LINPHONE, "Content-Length: 0"],
    [...LINPHONE_AGAIN, "Content-Length: 0"],
  ].map((lines) => encoder.encode(`${lines.join("\r\n")}\r\n\r\n`));
}
