import { describe, expect, it } from "vitest";
import { cleaned, known, parseSearch, writeSearch } from "./filters.ts";
import { changedSettings, choicesOf, kindOf } from "./pages/authority/setting_kind.ts";
import { agentToml, commands, quoted, shellWord, slotToml } from "./pages/nodes/agent_configuration.ts";
import { hasRight } from "./session.tsx";

describe("an address", () => {
  it("keeps digits as text", () =>
    expect(parseSearch("?text=0123&state=waiting")).toEqual({ text: "0123", state: "waiting" }));
  it("leaves out what says nothing", () => {
    expect(writeSearch({ text: "", state: "a b", sort: undefined })).toBe("?state=a+b");
    expect(cleaned({ text: "", sort: undefined, state: "x" })).toEqual({ state: "x" });
  });
  it("has only what the page knows", () => expect(known(["text"])({ text: 7, other: "x" })).toEqual({ text: "7" }));
});

describe("a setting", () => {
  it.each([
    ["true or false", "boolean"],
    ["one of 'issuing', 'issuing-and-root'", "choice"],
    ["a list of at least one text", "list"],
    ["an integer from 2048 to 4096 (bits)", "integer"],
    ["a duration from 1m to 1y", "text"],
  ])("of type %j is edited as %s", (type, kind) => expect(kindOf(type)).toBe(kind));
  it("offers its choices", () => expect(choicesOf("one of 'a', 'b-c'")).toEqual(["a", "b-c"]));
  it("is sent only when it changed", () =>
    expect(changedSettings({ a: "1", b: "2" }, { a: "1", b: "3" })).toEqual({ b: "3" }));
});

describe("the agent's configuration", () => {
  const setup = {
    name: 'a "b"',
    product: "printer",
    slot: "ipps",
    subject: "CN=a",
    names: ["dns:a.example.com"],
    url: "http://hub/scep/printers",
    fingerprint: "ab",
    hubUrl: "https://hub:8444",
  };
  it("quotes what people typed", () => {
    expect(quoted('x\\"\n')).toBe('"x\\\\\\"\\u000a"');
    expect(agentToml(setup)).toContain('node = "a \\"b\\""');
    expect(shellWord("it's")).toBe(`'it'\\''s'`);
    expect(shellWord("/etc/x-1.toml")).toBe("/etc/x-1.toml");
  });
  it("has the names of the certificate", () => expect(slotToml(setup)).toContain('names = ["dns:a.example.com"]'));
  it("never puts the challenge on a command line", () =>
    expect(commands(setup)).toContain("cat > /etc/chancery-agent/ipps.challenge"));
});

describe("a role", () => {
  it.each([
    ["administrator", "administer", true],
    ["administrator", "operate", true],
    ["operator", "operate", true],
    ["operator", "administer", false],
    ["auditor", "operate", false],
  ] as const)("%s may %s: %s", (role, right, may) => expect(hasRight({ role }, right)).toBe(may));
});
