// What to put on a device so that its agent finds the hub: the files of docs/agent.md.

export interface AgentSetup {
  name: string;
  product: string;
  slot: string;
  subject: string;
  names: string[];
  url: string;
  fingerprint?: string;
  // Where the hub listens for agents; undefined: it does not.
  hubUrl: string | undefined;
}

// A TOML basic string.
export function quoted(text: string): string {
  const escaped = text
    .replace(/["\\]/g, "\\$&")
    .replace(/[\u0000-\u001f\u007f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `"${escaped}"`;
}

// One argument of a shell command.
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function agentToml({ name, product, url, fingerprint, hubUrl }: AgentSetup): string {
  const lines = [
    `node = ${quoted(name)}`,
    ...(product ? [`product = ${quoted(product)}`] : []),
    "",
    ...(hubUrl ? ["[hub]", `url = ${quoted(hubUrl)}`, ""] : []),
    "[source]",
    `url = ${quoted(url)}`,
    ...(fingerprint ? [`fingerprint = ${quoted(fingerprint)}`] : []),
  ];
  return lines.join("\n") + "\n";
}

export function slotToml({ slot, subject, names }: AgentSetup): string {
  const lines = [
    ...(subject ? [`subject = ${quoted(subject)}`] : []),
    ...(names.length > 0 ? [`names = [${names.map(quoted).join(", ")}]`] : []),
    `challenge_file = ${quoted(challengeFile(slot))}`,
    `preset = "none"`,
  ];
  return lines.join("\n") + "\n";
}

export function challengeFile(slot: string): string {
  return `/etc/chancery-agent/${slot}.challenge`;
}

// Run as root on the device, after both files are there. The challenge is typed, so it is in no history and no list of processes.
export function commands({ slot }: AgentSetup): string {
  const file = shellWord(challengeFile(slot));
  return (
    [
      `(umask 077 && cat > ${file})   # paste the challenge, Enter, Ctrl-D`,
      "systemctl enable --now chancery-agent",
      `chancery-agent status`,
    ].join("\n") + "\n"
  );
}
