/**
 * Which finding becomes the verdict.
 * @module
 */

import assert from "node:assert/strict";
import type { Code } from "./catalogue.ts";
import { rankFindings, severityOf, stageOf, stageStates } from "./ranking.ts";
import { makeScene } from "./scene_make.ts";
import { beginStory, beginTrail } from "./story/story_make.ts";
import type { Finding } from "./verdict.ts";
import type { Severity } from "./catalogue.ts";

function find(code: Code, severity?: Severity, at = 0): Finding {
  const finding = { code, at, values: {}, evidence: [] };
  return severity === undefined ? finding : { ...finding, severity };
}

function rank(...findings: Finding[]): { main: string; also: string[] } {
  const { main, also } = rankFindings(findings);
  return { main: main?.code ?? "", also: also.map(({ code }) => code) };
}

Deno.test("rankFindings() says nothing where nothing was found", () => {
  assert.deepEqual(rank(), { main: "", also: [] });
});

Deno.test("rankFindings() hides what is only a consequence", () => {
  assert.deepEqual(rank(find("no-packets"), find("bound-to-loopback")), {
    main: "bound-to-loopback",
    also: [],
  });
  assert.deepEqual(rank(find("replies-lost"), find("firewall-blocks-sip")), {
    main: "firewall-blocks-sip",
    also: [],
  });
});

Deno.test("rankFindings() hides nothing behind a warning or a guess", () => {
  assert.deepEqual(
    rank(find("wrong-password"), find("firewall-blocks-sip", "info")),
    { main: "wrong-password", also: ["firewall-blocks-sip"] },
  );
  assert.deepEqual(
    rank(find("config-error", "warning"), find("wrong-password")),
    { main: "wrong-password", also: ["config-error"] },
  );
});

Deno.test("rankFindings() takes the error at the earliest stage", () => {
  assert.deepEqual(
    rank(find("callee-not-registered"), find("wrong-password")),
    {
      main: "wrong-password",
      also: ["callee-not-registered"],
    },
  );
});

Deno.test("rankFindings() takes the newer of two errors at one stage", () => {
  assert.equal(
    rank(find("wrong-realm", "error", 1), find("wrong-password", "error", 2))
      .main,
    "wrong-password",
  );
});

Deno.test("rankFindings() lets no warning and no remark stand before ok", () => {
  assert.deepEqual(
    rank(
      find("ok"),
      find("scanner"),
      find("receive-buffer-overflow"),
      find("phone-uses-tcp", "info"),
    ),
    {
      main: "ok",
      also: ["receive-buffer-overflow", "phone-uses-tcp", "scanner"],
    },
  );
});

Deno.test("rankFindings() makes a verdict of no mere remark", () => {
  assert.deepEqual(rank(find("scanner"), find("stun-on-sip-port")), {
    main: "",
    also: ["stun-on-sip-port", "scanner"],
  });
});

Deno.test("rankFindings() drops what is undecided beside any cause", () => {
  assert.deepEqual(rank(find("undecided"), find("no-packets", "info")), {
    main: "no-packets",
    also: [],
  });
  assert.deepEqual(rank(find("undecided"), find("scanner")), {
    main: "undecided",
    also: ["scanner"],
  });
});

Deno.test("severityOf() and stageOf() follow the catalogue unless the finding says more", () => {
  assert.equal(severityOf(find("ok")), "ok");
  assert.equal(severityOf(find("wrong-port", "info")), "info");
  assert.equal(stageOf(find("wrong-port")), "nic");
  const undecided = { ...find("undecided"), values: { stage: "auth" } };
  assert.equal(stageOf(undecided), "auth");
});

Deno.test("stageStates() knows nothing where nothing was seen", () => {
  const story = beginStory(beginTrail("", 0), "1002", "", 0);
  const states = stageStates(story, makeScene(0), null);
  assert.equal(states.length, 15);
  assert.ok(states.every(({ state }) => state === "unknown"));
});

Deno.test("stageStates() stops at the verdict, and only a call has the stages of one", () => {
  const story = beginStory(beginTrail("198.51.100.7", 0), "1002", "", 0);
  story.trail.requests = 1;
  const states = stageStates(story, makeScene(0), find("malformed-message"));
  assert.deepEqual(
    states.filter(({ state }) => state !== "unknown").map(({ stage, state }) =>
      `${stage} ${state}`
    ),
    [
      "process passed",
      "bind passed",
      "dns passed",
      "nic passed",
      "firewall passed",
      "socket passed",
      "ban passed",
      "transport passed",
      "parse stopped",
    ],
  );
  const call = stageStates(story, makeScene(0), find("callee-silent"));
  assert.equal(call.length, 19);
  assert.equal(call.find(({ stage }) => stage === "ring")?.state, "stopped");
  assert.equal(call.find(({ stage }) => stage === "media")?.state, "unknown");
});
