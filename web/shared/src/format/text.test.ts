import { describe, expect, it } from "vitest";
import { address, readProblem } from "../api/client.ts";
import { pickLanguage } from "../i18n/setup.ts";
import { colons, commonName, keyName, plainHex } from "./certificate.ts";
import { toCsv } from "./csv.ts";

describe("CSV", () => {
  it.each([
    ["plain", "plain"],
    ['say "hi", please', '"say ""hi"", please"'],
    ["two\nlines", '"two\nlines"'],
    // What a spreadsheet would run.
    ["=cmd()", "'=cmd()"],
    ["@x", "'@x"],
    ["-1+cmd()", "'-1+cmd()"],
    ["-1", "-1"],
    ["-1.5", "-1.5"],
  ])("writes %j", (cell, text) => expect(toCsv([[cell]])).toBe(`${text}\r\n`));
});

describe("certificates' texts", () => {
  it("have colons between bytes", () => expect(colons("6de5f9")).toBe("6d:e5:f9"));
  it.each([
    ["6D:E5:F9:A7:74:6D:41:DF", "6de5f9a7746d41df"],
    ["  printer-7 ", "printer-7"],
    ["6D:E5", "6D:E5"],
  ])("%j is searched for as %j", (typed, sent) => expect(plainHex(typed)).toBe(sent));
  it.each([
    ["CN=a,O=b", "a"],
    ["O=b,CN=a\\,c", "a,c"],
    ["O=b", "O=b"],
  ])("%j is called %j", (subject, name) => expect(commonName(subject)).toBe(name));
  it.each([
    ["rsa:2048", "RSA 2048"],
    ["ec:p256", "ECDSA P-256"],
    ["ed25519", "Ed25519"],
    ["ml-dsa", "ml-dsa"],
  ])("key type %j reads %j", (type, name) => expect(keyName(type)).toBe(name));
});

describe("the client", () => {
  it("fills paths and leaves out what is not said", () => {
    expect(address("/v1/users/{name}", { name: "a/b" })).toBe("/api/v1/users/a%2Fb");
    expect(address("/v1/nodes", {}, { text: "a b", state: undefined, cluster: "", limit: 5 })).toBe(
      "/api/v1/nodes?text=a%20b&limit=5",
    );
  });
  it.each([
    ['{"error":{"code":"conflict","text":"there is one"}}', "there is one", "conflict"],
    ['{"error":"blocked"}', "blocked", ""],
    ["<html>", "502 Bad Gateway", ""],
    ["{}", "502 Bad Gateway", ""],
  ])("reads the problem in %s", (body, text, code) => {
    const problem = readProblem(502, "Bad Gateway", body);
    expect([problem.message, problem.code, problem.status]).toEqual([text, code, 502]);
  });
});

describe("the language", () => {
  it.each([
    [["de-AT", "en"], "de"],
    [["pt"], "pt-BR"],
    [["pt-PT"], "pt-BR"],
    [["fr", "ja-JP"], "ja"],
    [["fr"], "en"],
    [[], "en"],
  ] as const)("for %j is %s", (wanted, language) => expect(pickLanguage(wanted)).toBe(language));
});
