/**
 * A server whose HTTP is off tells the doctor nothing: what passes the card has to do.
 * @module
 */

import { assertVerdict, Doctor } from "./lab_doctor.ts";
import { liveTest } from "./lab_case.ts";
import { ACCOUNT, openOffice } from "./lab_office.ts";
import { SOFTPHONES } from "./lab_softphone.ts";

for (
  const [password, code] of [["wrong", "wrong-password"], [
    ACCOUNT.password,
    "ok",
  ]] as const
) {
  liveTest(
    `doctor says ${code} beside a server whose HTTP is off`,
    ["namespaces", "baresip"],
    async (lab) => {
      const { network, server } = await openOffice(lab, { isMute: true });
      const { data } = server;
      const namespace = network.server;
      const { number } = ACCOUNT;
      const doctor = await Doctor.start(lab, { namespace, data, number });
      const account = { ...ACCOUNT, password };
      SOFTPHONES["baresip"]!(lab, network.nat, account).start();
      const diagnosis = await doctor.verdict();
      assertVerdict(diagnosis, code);
    },
  );
}
