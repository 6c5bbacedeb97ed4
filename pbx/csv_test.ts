/**
 * Tables of extensions as people and spreadsheets write them.
 * @module
 */

import assert from "node:assert/strict";
import { formatExtensionCsv, parseExtensionCsv } from "./csv.ts";

function checkNumber(number: string): string | null {
  return /^\d+$/.test(number) ? null : `\`${number}\` is no number`;
}

function rows(text: string): readonly (readonly string[])[] {
  const result = parseExtensionCsv(text, checkNumber);
  if ("faults" in result) assert.fail(JSON.stringify(result.faults));
  return result.rows.map((
    { number, password, name },
  ) => [number, password, name]);
}

function faults(text: string): readonly (readonly [number, string])[] {
  const result = parseExtensionCsv(text, checkNumber);
  if ("rows" in result) assert.fail("there should be faults");
  return result.faults.map(({ line, what }) => [line, what]);
}

Deno.test("parseExtensionCsv() reads what administrators and spreadsheets write", () => {
  const ann = [["1002", "secret", "Ann"]];
  const table: readonly [string, readonly (readonly string[])[]][] = [
    ["", []],
    ["\n\r\n", []],
    ["1002,secret,Ann", ann],
    ["number,password,name\n1002,secret,Ann\n", ann],
    ["\ufeffNumber;Password;Name\r\n1002;secret;Ann\r\n", ann],
    ["1002;secret;Ann\n1003;a,b;\n", [...ann, ["1003", "a,b", ""]]],
    ["1002,secret\n", [["1002", "secret", ""]]],
    ["1002,secret,\n\n,,\n1003,x,Bob,,\n", [["1002", "secret", ""], [
      "1003",
      "x",
      "Bob",
    ]]],
    // a password is to be made
    ["1002,,Ann\n1003\n1004,  ,Cid\n", [["1002", "", "Ann"], [
      "1003",
      "",
      "",
    ], ["1004", "", "Cid"]]],
    [" 1002 ,secret, Ann \n", ann],
    ['1002,"a ""b"", c","O\'Hara, Ann"\n', [[
      "1002",
      'a "b", c',
      "O'Hara, Ann",
    ]]],
    ['"1002"," x ","Ann"\r\n"1003","y",""', [["1002", " x ", "Ann"], [
      "1003",
      "y",
      "",
    ]]],
    ['1002,se"cret,Ann "A" Lee\n', [["1002", 'se"cret', 'Ann "A" Lee']]],
    ["1002,пароль,Анна", [["1002", "пароль", "Анна"]]],
  ];
  for (const [text, expected] of table) {
    assert.deepEqual(rows(text), expected, JSON.stringify(text));
  }
});

Deno.test("parseExtensionCsv() names every row that it cannot take, without the password", () => {
  assert.deepEqual(
    faults(
      [
        "number,password,name",
        "1002,secret,Ann",
        "ten,secret,Bob",
        '1003,"  ",Cid',
        "1002,other,Dan",
        "1004,secret,a,b",
        '1005,"x\ty",Eve',
        "1006, secret,Fay",
        "1007,secret,\ufffd\ufffd",
        '1008,secret,"a',
        'b"',
        "1009",
        ",x,y",
      ].join("\n"),
    ),
    [
      [3, "`ten` is no number"],
      [4, "the password of `1003` is nothing but blanks"],
      [5, "number `1002` stands on line 2 already"],
      [
        6,
        "the row of `1004` has more than three columns: put a text with a separator into quotes",
      ],
      [7, "the password of `1005` has a control character"],
      [
        8,
        "the password of `1006` begins or ends with a blank: put it into quotes if that is meant",
      ],
      [9, "the row of `1007` is not in UTF-8: save the table as `CSV UTF-8`"],
      [10, "the name of `1008` has a control character"],
      [13, "`` is no number"],
    ],
  );
});

Deno.test("parseExtensionCsv() stops where quotes or columns make the rest unsure", () => {
  assert.deepEqual(faults('1002,x,"Ann\n1003,y,Bob\n'), [[
    1,
    "a quote is opened and not closed",
  ]]);
  assert.deepEqual(faults('1002,"x"y,Ann\n'), [
    [1, "text follows a closing quote: write a quote within quotes twice"],
  ]);
  assert.deepEqual(faults('1002, "x",Ann\n'), [[
    1,
    "a blank stands before an opening quote",
  ]]);
  assert.deepEqual(faults("number,name,password\n1002,Ann,secret\n"), [
    [1, "the columns are `number,name,password`, not `number,password,name`"],
  ]);
});

Deno.test("parseExtensionCsv() stops naming faults after twenty", () => {
  const found = faults("x,y,z\n".repeat(25));
  assert.equal(found.length, 21);
  assert.deepEqual(found.at(-1), [21, "and 5 more"]);
});

Deno.test("formatExtensionCsv() writes a table that reads back but for the passwords", () => {
  const table = [
    { number: "1002", name: 'O"Hara, Ann; "A"' },
    { number: "1003", name: "" },
    { number: "1004", name: "Анна" },
  ];
  const text = formatExtensionCsv(table);
  assert.equal(
    text,
    'number,password,name\n1002,,"O""Hara, Ann; ""A"""\n1003,,\n1004,,Анна\n',
  );
  const filled = text.replaceAll(",,", ",x,");
  assert.deepEqual(
    rows(filled),
    table.map(({ number, name }) => [number, "x", name]),
  );
});
