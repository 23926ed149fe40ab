import i18next from "i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { Order } from "@chancery/shared/api/models.ts";
import { de } from "@chancery/shared/texts/de.ts";
import { cleaned, known, parseSearch, writeSearch } from "./filters.ts";
import { detailPlace, nodeIn, subjectPlace } from "./pages/audit/event_places.ts";
import { actionText, actorText, detailText, subjectText } from "./pages/audit/event_text.ts";
import { changedSettings, choicesOf, kindOf } from "./pages/authority/setting_kind.ts";
import { agentToml, commands, quoted, shellWord, slotToml } from "./pages/nodes/agent_configuration.ts";
import { certificatesInPem, namesInPem, pemOfFile } from "./pages/nodes/pem.ts";
import { retryOf } from "./pages/orders/failed_orders.ts";
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

describe("a PEM text", () => {
  const pem = (base64: string) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
  // Self-signed, by OpenSSL: of /C=DE/O=Example/CN=Bücher CA and of /O=Only an organization.
  const named =
    "MIIBvDCCAWOgAwIBAgIUV1/WFrRKJPO3D2H5/XTgkCImg0owCgYIKoZIzj0EAwIwNDELMAkGA1UEBhMCREUxEDAOBgNVBAoMB0V4YW1wbGUxEzARBgNVBAMMCkLDvGNoZXIgQ0EwHhcNMjYxMTIyMDAzODM0WhcNMjYxMTIzMDAzODM0WjA0MQswCQYDVQQGEwJERTEQMA4GA1UECgwHRXhhbXBsZTETMBEGA1UEAwwKQsO8Y2hlciBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCqqpC1EtqgKjfXwkMSOYOocqa5RMuorA174NQMotxvSoBFdW1K9Ov7qu6jIfXdGyiL+lfwx2zFK48sPiBKC40qjUzBRMB0GA1UdDgQWBBRrkOme90Ew8j4Wk4LG0rD2rcuptTAfBgNVHSMEGDAWgBRrkOme90Ew8j4Wk4LG0rD2rcuptTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAOLpPTCn2K49JSWHT50dReq2dMjm0Wy67+CNXpe/0WnAiBnG2RkzZ6ePJA6Di8rOiOsy+nG1RT/7hCgBz5y+95/aQ==";
  const nameless =
    "MIIBkzCCATmgAwIBAgIUSEd7h/1t4JWYcD8XDktAlurgfzwwCgYIKoZIzj0EAwIwHzEdMBsGA1UECgwUT25seSBhbiBvcmdhbml6YXRpb24wHhcNMjYxMTIyMDAzODM0WhcNMjYxMTIzMDAzODM0WjAfMR0wGwYDVQQKDBRPbmx5IGFuIG9yZ2FuaXphdGlvbjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJFluqlJ2dyqENWRunIUH4UTF7L6pzwWZt16rdYAYGrehWRsoyim2XSOO8w4168mQumnaXbZE3lPOaRJlaVYNHWjUzBRMB0GA1UdDgQWBBT0IqO7iNF7MmT35KTHVppVT/jXYjAfBgNVHSMEGDAWgBT0IqO7iNF7MmT35KTHVppVT/jXYjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIG26rg29GOeRhp2lj+ETq6MV6WKR2EG0aTzMeAILTQBJAiEAzynG10MuLqpmFtxnc0YP8tLd7JM0mTWFp3Tm4UYKAJk=";
  it("is told by the names in it", () => {
    expect(namesInPem(`subject=CN = x\n${pem(named)}between\n${pem(nameless)}`)).toEqual([
      "Bücher CA",
      "Only an organization",
    ]);
    expect(certificatesInPem(pem(named))).toEqual([named]);
  });
  it("that is damaged has no names", () => {
    for (let end = 0; end < named.length - 4; end += 4)
      expect(namesInPem(pem(named.slice(0, end))), String(end)).toEqual([]);
    expect(namesInPem(pem("!!!!"))).toEqual([]);
    expect(namesInPem("no certificate")).toEqual([]);
  });
  it("is made of a file in DER, and taken as it is from a file in PEM", () => {
    const der = Uint8Array.from(atob(named), (character) => character.charCodeAt(0));
    expect(namesInPem(pemOfFile(der))).toEqual(["Bücher CA"]);
    expect(pemOfFile(new TextEncoder().encode(pem(nameless)))).toBe(pem(nameless));
  });
});

describe("an event of the audit trail", () => {
  beforeAll(async () => {
    await i18next.init({ lng: "de", resources: { de: { translation: de } }, showSupportNotice: false });
  });
  it.each([
    ["certificate.revoked", "Zertifikat widerrufen"],
    ["user.password_set", "Passwort eines Benutzers gesetzt"],
    ["cake.eaten", "cake.eaten"],
  ])("%s reads %s", (action, text) => expect(actionText({ action: action as "order.done" }, i18next)).toBe(text));
  it.each([
    ["user anna", "anna"],
    ["admin uid 0 (root)", "Kommandozeile: uid 0 (root)"],
    ["scep 192.0.2.7", "SCEP: 192.0.2.7"],
    ["node printer 7", "Knoten printer 7"],
    ["chancery", "Der Hub selbst"],
    ["somebody else", "somebody else"],
  ])("by %j is by %j", (actor, text) => expect(actorText(actor, i18next)).toBe(text));
  it("says of what, and the details", () => {
    expect(subjectText({ subject: "an unknown user" }, i18next)).toBe("Ein unbekannter Benutzer");
    expect(subjectText({ subject: "generation 2" }, i18next)).toBe("Generation 2");
    expect(detailText({ name: "role", value: "auditor" }, i18next)).toBe("Rolle: Revisor");
    expect(detailText({ name: "verb", value: "restart" }, i18next)).toBe("Auftrag: Dienst neu starten");
    expect(detailText({ name: "disabled", value: "yes" }, i18next)).toBe("Abgeschaltet: Ja");
    expect(detailText({ name: "reason", value: "keyCompromise" }, i18next)).toBe(`Grund: ${de.reason.keyCompromise}`);
    expect(detailText({ name: "validity", value: "90d" }, i18next)).toBe("validity: 90d");
    const sentence = { text: "rejected by an administrator", rule: "request_rejected" } as const;
    expect(detailText({ name: "reason", value: sentence.text, sentence }, i18next)).toBe(
      "Grund: Von einem Administrator abgelehnt",
    );
  });
});

describe("failed orders, newest first", () => {
  const order = (
    id: number,
    node_id: number | undefined,
    verb: string,
    slot?: string,
    state = "failed",
    parameters = {},
  ) => ({ id, node_id, verb, slot, state, parameters }) as Order;
  const store = { store: "default" };
  it("are each given once more, but of several tries at the same only the newest, and none to a node that is gone", () => {
    const failed = [
      order(9, 1, "renew_slot", "ipps"),
      order(8, 1, "renew_slot", "web"),
      order(7, undefined, "renew_slot", "ipps"),
      order(6, 1, "renew_slot", "ipps"),
      order(5, 2, "renew_slot", "ipps"),
      order(4, 1, "restart", "ipps"),
    ];
    const { orders, gone, repeated } = retryOf(failed, failed);
    expect(orders.map(({ id }) => id)).toEqual([9, 8, 5, 4]);
    expect([gone, repeated]).toEqual([1, 1]);
  });
  it.each([
    ["the same is done since", order(9, 1, "restart", "web", "done"), order(2, 1, "restart", "web"), 0],
    ["the same is under way", order(9, 1, "restart", "web", "queued"), order(2, 1, "restart", "web"), 0],
    ["the same was done before", order(1, 1, "restart", "web", "done"), order(2, 1, "restart", "web"), 1],
    ["another slot's is done", order(9, 1, "restart", "ipps", "done"), order(2, 1, "restart", "web"), 1],
    [
      "a CA that was added since may be the one to remove",
      order(9, 1, "add_trust", "", "done", store),
      order(2, 1, "remove_trust", "", "failed", store),
      0,
    ],
    [
      "adding one since has failed, too",
      order(9, 1, "add_trust", "", "failed", store),
      order(2, 1, "remove_trust", "", "failed", store),
      1,
    ],
    [
      "one was removed since",
      order(9, 1, "remove_trust", "", "done", store),
      order(2, 1, "add_trust", "", "failed", store),
      0,
    ],
    [
      "another CA was added to the store",
      order(9, 1, "add_trust", "", "done", store),
      order(2, 1, "add_trust", "", "failed", store),
      1,
    ],
    [
      "it was another node's",
      order(9, 2, "add_trust", "", "done", store),
      order(2, 1, "remove_trust", "", "failed", store),
      1,
    ],
  ])("where %s", (_, other, failed, given) => {
    const all = [other, failed].sort((a, b) => b.id - a.id);
    expect(retryOf([failed], all).orders.length).toBe(given);
  });
});

describe("an event of the audit trail", () => {
  const details = [{ name: "node", value: "lobby" }];
  it.each([
    ["certificate.issued", "41", { to: "/certificates/$serial", params: { serial: "41" } }],
    ["request.approved", "7", { to: "/requests/$id", params: { id: "7" } }],
    ["order.failed", "not a number", undefined],
    ["user.added", "anna", { to: "/users/$name", params: { name: "anna" } }],
    ["user.removed", "anna", undefined],
    ["session.refused", "an unknown user", undefined],
    ["challenge.minted", "9f", { to: "/authority/challenges" }],
    ["node.added", "lobby", undefined],
    ["made.up", "x", undefined],
  ] as const)("%s of %s leads to %j", (action, subject, place) =>
    expect(subjectPlace({ action: action as "user.added", subject })).toEqual(place),
  );
  it("leads to what its details name", () => {
    expect(detailPlace({ name: "replaces", value: "41" })).toEqual({
      to: "/certificates/$serial",
      params: { serial: "41" },
    });
    expect(detailPlace({ name: "replaces", value: "" })).toBeUndefined();
    expect(detailPlace({ name: "role", value: "operator" })).toBeUndefined();
  });
  it("may name a node", () => {
    expect(nodeIn({ action: "node.blocked", subject: "door", details })).toBe("door");
    expect(nodeIn({ action: "order.created", subject: "7", details })).toBe("lobby");
    expect(nodeIn({ action: "node.removed", subject: "door", details: [] })).toBe("");
  });
});
