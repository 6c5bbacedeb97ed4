/**
 * A small program in the place of `pbx` for trying `install.sh` on a machine: it answers the
 * commands that the script uses, in a moment, and has the faults that a test wishes it.
 * @module
 */

export interface StandIn {
  readonly version: string;
  /** `serve` ends, or hangs; `mute`: OPTIONS stay unanswered; `worse`: a check fails. */
  readonly fault?: "ends" | "hangs" | "mute" | "worse";
  /** The form of the data; a program of an older form refuses them. */
  readonly form?: number;
  /** Not 5060. */
  readonly port?: number;
}

/** Writes the program, a script of the shell. */
export function writeStandIn(
  { version, fault, form = 1, port = 5060 }: StandIn,
): string {
  const is = (name: StandIn["fault"]) => fault === name ? "true" : "false";
  return `#!/bin/sh
data=/var/lib/pbx
pid=$(cat /run/pbx-stand-in 2>/dev/null) && kill -0 "$pid" 2>/dev/null || pid=
case "$*" in
  version) echo 'pbx ${version}' ;;
  serve)
    ! ${is("ends")} || exit 1
    ! ${is("hangs")} || exec sleep 1000
    [ "$(cat $data/pbx.db 2>/dev/null || echo 0)" -le ${form} ] || exit 78
    echo ${form} >$data/pbx.db
    echo $$ >/run/pbx-stand-in
    exec sleep 1000 ;;
  'unit socket')
    printf '%s\\n' '[Socket]' ListenDatagram=${port} ListenStream=${port} \\
      '[Install]' WantedBy=sockets.target ;;
  'unit service')
    printf '%s\\n' '[Unit]' 'Description=pbx ${version}' StartLimitIntervalSec=0 \\
      '[Service]' 'ExecStart=/usr/local/bin/pbx serve' Restart=always \\
      RestartSec=100ms StateDirectory=pbx '[Install]' WantedBy=multi-user.target ;;
  'status --json') [ -n "$pid" ] && printf '{\\n  "pid": %s,\\n}\\n' "$pid" ;;
  'selftest loopback') [ -n "$pid" ] && ! ${is("mute")} ;;
  'selftest --json')
    state=pass
    ! ${is("worse")} || state=fail
    printf '{\\n    {\\n      "id": "disk",\\n      "state": "%s",\\n' $state ;;
  'backup '*) cp $data/pbx.db "$2" ;;
  'restore '*) cp "$2" $data/pbx.db ;;
esac
`;
}
