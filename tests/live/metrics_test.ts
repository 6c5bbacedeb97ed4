/**
 * Metrics of a real server, as Prometheus reads them, and what Grafana and the alert rules make of
 * them.
 * @module
 */

import assert from "node:assert/strict";
import dashboard from "../../web/metrics/grafana_dashboard.json" with {
  type: "json",
};
import type { Lab } from "./lab.ts";
import { liveTest } from "./lab_case.ts";
import { attemptPbx } from "./lab_command.ts";
import { WebServer } from "./lab_http.ts";
import { until } from "./lab_process.ts";

const FOLDER = new URL("../../web/metrics/", import.meta.url).pathname;
const RULES = `${FOLDER}alerts.yml`;
const PASSWORD = "correct-horse-9";
/** It plays through days of a made-up server. */
const PROMTOOL_MS = 60_000;

/** Of every sample: the metric, and the values that each label of it has. */
type Samples = Map<string, Map<string, Set<string>>>;

async function readMetrics(server: WebServer): Promise<string> {
  const response = await server.ask("/metrics");
  assert.equal(response.status, 200);
  assert.equal(
    response.headers.get("content-type"),
    "text/plain; version=0.0.4; charset=utf-8",
  );
  return await response.text();
}

/** The value of one sample, as it is written: `pbx_calls_active`, `x_total{stage="auth"}`. */
function valueOf(text: string, sample: string): number {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  assert.notEqual(line, undefined, sample);
  return Number(line!.slice(sample.length));
}

function listSamples(text: string): Samples {
  const samples: Samples = new Map();
  for (const line of text.split("\n")) {
    const [, name, labels = ""] = /^(pbx_\w+)(?:\{(.*)\})? \S+$/.exec(line) ??
      [];
    if (name === undefined) continue;
    const known = samples.get(name) ?? new Map<string, Set<string>>();
    samples.set(name, known);
    for (
      const [, label = "", value = ""] of labels.matchAll(/(\w+)="(.*?)"/g)
    ) {
      known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }
  return samples;
}

/** Fails where an expression asks for what the server does not tell. */
function checkExpression(expression: string, samples: Samples): void {
  const found = new Map<string, Set<string>>();
  for (
    const [, name = "", selector = ""] of expression.matchAll(
      /\b(pbx_\w+)(?:\{([^}]*)\})?/g,
    )
  ) {
    const labels = samples.get(name);
    assert.ok(labels, `${name} is not told: ${expression}`);
    labels.forEach((values, label) => found.set(label, values));
    for (
      const [, label = "", operator, value = ""] of selector.matchAll(
        /(\w+)(=~|=)"(.*?)"/g,
      )
    ) {
      if (label === "instance") continue;
      const known = labels.get(label);
      assert.ok(known, `${name} has no label ${label}`);
      const wanted = operator === "=~" ? value.split("|") : [value];
      for (const one of wanted) assert.ok(known.has(one), `${label}="${one}"`);
    }
  }
  for (const [, list = ""] of expression.matchAll(/\bby \(([^)]*)\)/g)) {
    for (const label of list.split(/,\s*/)) {
      assert.ok(label === "instance" || found.has(label), expression);
    }
  }
}

function listPanelExpressions(): string[] {
  const expressions = dashboard.panels.flatMap((panel) =>
    ("targets" in panel ? panel.targets ?? [] : []).map(({ expr }) => expr)
  );
  const notes = dashboard.annotations.list.map(({ expr }) => expr);
  return [...expressions, ...notes];
}

async function promtool(lab: Lab, args: readonly string[], input = "") {
  const command = ["promtool", ...args];
  const { code, stdout, stderr } = await lab.attempt(
    null,
    { command },
    input,
    PROMTOOL_MS,
  );
  return { code, output: stdout + stderr };
}

liveTest(
  "promtool finds nothing wrong with metrics",
  ["promtool"],
  async (lab) => {
    const server = await WebServer.start(lab, { "1001": PASSWORD });
    const text = await readMetrics(server);
    const answer = await promtool(lab, ["check", "metrics"], text);
    assert.deepEqual(answer, { code: 0, output: "" });
  },
);

liveTest("metrics count what phones do, and name nobody", [], async (lab) => {
  const server = await WebServer.start(lab, { "1001": PASSWORD });
  const before = await readMetrics(server);
  await using right = server.openPhone("1001", PASSWORD);
  await using wrong = server.openPhone("1001", "wrong-horse-8");
  await using stranger = server.openPhone("4711", "who-knows-that");
  assert.equal((await right.register([right.contact]))?.status, 200);
  assert.equal((await wrong.register([wrong.contact]))?.status, 403);
  await stranger.register([stranger.contact]);
  await stranger.send(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
  const text = await until("the garbage is counted", async () => {
    const now = await readMetrics(server);
    const garbage = 'pbx_udp_datagrams_total{class="garbage"}';
    return valueOf(now, garbage) > valueOf(before, garbage) && now;
  });
  const stopped = (stage: string) => {
    const sample = `pbx_registrations_stopped_total{stage="${stage}"}`;
    return valueOf(text, sample) - valueOf(before, sample);
  };
  assert.equal(valueOf(text, "pbx_extensions"), 1);
  assert.equal(valueOf(text, "pbx_registrations_active"), 1);
  assert.equal(valueOf(text, "pbx_calls_active"), 0);
  assert.equal(
    valueOf(text, 'pbx_registrations_total{change="added"}'),
    1,
  );
  assert.equal(stopped("auth"), 1);
  assert.equal(stopped("account"), 1);
  assert.equal(stopped("media"), 0);
  assert.ok(valueOf(text, 'pbx_sip_requests_total{method="REGISTER"}') >= 6);
  const cpuSeconds = valueOf(text, "pbx_process_cpu_seconds_total");
  assert.ok(cpuSeconds > 0.05 && cpuSeconds < 100, `${cpuSeconds}`);
  assert.ok(valueOf(text, "pbx_process_resident_memory_bytes") > 20e6);
  const ageSeconds = Date.now() / 1000 -
    valueOf(text, "pbx_start_time_seconds");
  assert.ok(ageSeconds > 0 && ageSeconds < 100, `${ageSeconds}`);
  const labels = [...text.matchAll(/\{.*\}/g)].join("\n");
  assert.match(labels, /stage="auth"/);
  assert.doesNotMatch(labels, /1001|4711|127\.0\.0\.1|lab-phone/);
});

liveTest("metrics are for no stranger", [], async (lab) => {
  const server = await WebServer.start(lab);
  const response = await server.ask("/metrics", { isStranger: true });
  assert.equal(response.status, 401);
  assert.doesNotMatch(await response.text(), /pbx_/);
});

liveTest("alert rules hold what they promise", ["promtool"], async (lab) => {
  const check = ["check", "rules", "--lint=all", "--lint-fatal", RULES];
  const checked = await promtool(lab, check);
  assert.equal(checked.code, 0, checked.output);
  const tests = ["test", "rules", `${FOLDER}alerts_test.yml`];
  const tested = await promtool(lab, tests);
  assert.equal(tested.code, 0, tested.output);
  const rules = await Deno.readTextFile(RULES);
  const examples = await Deno.readTextFile(`${FOLDER}alerts_test.yml`);
  const names = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  assert.ok(names.length >= 10);
  for (const name of names) {
    assert.ok(examples.includes(name!), `${name} is not tested`);
  }
});

liveTest("alert rules and dashboard ask for what the server tells", [
  "promtool",
], async (lab) => {
  const server = await WebServer.start(lab);
  const samples = listSamples(await readMetrics(server));
  const rules = await Deno.readTextFile(RULES);
  const texts = rules.split(/^ +- alert: /m).slice(1);
  assert.ok(texts.length >= 10);
  const inRules = texts.map((text) =>
    /expr: ([^]*?)\n {8}(?:for|labels):/.exec(text)?.[1] ?? ""
  );
  const inPanels = listPanelExpressions();
  assert.ok(inPanels.length >= 25);
  for (const expression of [...inRules, ...inPanels]) {
    assert.match(expression, /pbx_/);
    checkExpression(expression, samples);
  }
  // PromQL that Grafana has filled in, as rules that only promtool reads
  const file = `${lab.directory}/panels.json`;
  const recording = inPanels.map((expression, i) => ({
    record: `panel_${i}`,
    expr: expression.replaceAll("$__rate_interval", "2m")
      .replaceAll("$__range", "6h").replaceAll("$instance", ".*"),
  }));
  await Deno.writeTextFile(
    file,
    JSON.stringify({ groups: [{ name: "panels", rules: recording }] }),
  );
  const checked = await promtool(lab, ["check", "rules", file]);
  assert.equal(checked.code, 0, checked.output);
});

liveTest("alert rules name commands that there are", [], async (lab) => {
  const rules = await Deno.readTextFile(RULES);
  const commands = new Set(
    [...rules.replace(/\s+/g, " ").matchAll(/`pbx ([a-z]+)/g)]
      .map(([, command]) => command!),
  );
  assert.ok(commands.size >= 5);
  for (const command of commands) {
    const { code, stdout } = await attemptPbx(lab, [command, "--help"]);
    assert.equal(code, 0, command);
    assert.match(stdout, new RegExp(`^Usage: pbx ${command}\\b`));
  }
});
