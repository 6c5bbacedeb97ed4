/**
 * The shapes that the OpenAPI document names.
 * @module
 */

import {
  CALL,
  CALL_PARTY,
  CALL_SOUND,
  PAGE_SETUP,
  PROBLEM,
  SERVER_STATUS,
} from "./call_schema.ts";
import {
  FACT,
  FLOW,
  HISTORY,
  MESSAGE,
  SELF_TEST,
  STAGE,
  VERDICT,
} from "./diagnosis_schema.ts";
import {
  BINDING,
  EXTENSION,
  EXTENSION_CHANGE,
  EXTENSION_NAME,
  NEW_EXTENSION,
  NEW_PASSWORD,
  PING_RESULT,
  TEST_EXTENSION,
} from "./extension_schema.ts";

export const SCHEMAS = {
  Problem: PROBLEM,
  ServerStatus: SERVER_STATUS,
  PageSetup: PAGE_SETUP,
  Binding: BINDING,
  Extension: EXTENSION,
  NewExtension: NEW_EXTENSION,
  ExtensionName: EXTENSION_NAME,
  NewPassword: NEW_PASSWORD,
  ExtensionChange: EXTENSION_CHANGE,
  TestExtension: TEST_EXTENSION,
  PingResult: PING_RESULT,
  CallParty: CALL_PARTY,
  CallSound: CALL_SOUND,
  Call: CALL,
  Verdict: VERDICT,
  SelfTest: SELF_TEST,
  Stage: STAGE,
  Flow: FLOW,
  Fact: FACT,
  Message: MESSAGE,
  History: HISTORY,
} as const;

export type SchemaName = keyof typeof SCHEMAS;
