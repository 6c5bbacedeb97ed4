/**
 * A phone whose password was wrong, and which is set up anew: what was wrong is over as soon as
 * the number registers from there, whatever the phone calls itself then.
 * @module
 */

import assert from "node:assert/strict";
import * as v from "valibot";
import { liveTest } from "./lab_case.ts";
import { WebServer } from "./lab_http.ts";
import { until } from "./lab_process.ts";

const VERDICTS = v.array(v.object({ code: v.string(), extension: v.string() }));

liveTest(
  "a wrong password is over when the number registers from there with the right one",
  [],
  async (lab) => {
    const server = await WebServer.start(lab, { "1001": "correct-horse-9" });
    const told = async () => {
      const answer = await server.ask("/api/v1/verdicts");
      return v.parse(VERDICTS, await answer.json()).map(({ code }) => code);
    };
    const register = async (password: string, instance: string) => {
      await using phone = server.openPhone("1001", password);
      const contact =
        `<${phone.contact}>;+sip.instance="<urn:uuid:${instance}>"`;
      return (await phone.register([contact]))?.status;
    };
    assert.equal(await register("wrong-horse-9", "one"), 403);
    await until("the wrong password is told", async () => {
      return (await told()).includes("wrong-password");
    });
    const page = async () => {
      const answer = await server.ask("/extensions/1001");
      return await answer.text();
    };
    assert.match(await page(), /The password of <code>1001<\/code> is wrong/);
    assert.equal(await register("correct-horse-9", "two"), 200);
    await until("it is told no more", async () => {
      return !(await told()).includes("wrong-password");
    });
    assert.doesNotMatch(await page(), /The password of/);
  },
);
