import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./copy.module.css";

// The clipboard's interface is there on secure pages only; the old way works everywhere.
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function useCopied(): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  return [
    copied,
    () => {
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    },
  ];
}

export function CopyIcon({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [copied, show] = useCopied();
  const name = copied ? t("common.copied") : t("common.copy_what", { what: label });
  return (
    <Tooltip label={name}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        c="dimmed"
        aria-label={name}
        onClick={() => void copyText(text).then(show)}
      >
        {copied ? <Check size={14} /> : <Copy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}

// `text` may have to be fetched first.
export function CopyButton({ text, label }: { text: string | (() => Promise<string>); label: string }) {
  const { t } = useTranslation();
  const [copied, show] = useCopied();
  const copy = async () => copyText(typeof text === "string" ? text : await text());
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={copied ? <Check size={14} /> : <Copy size={14} />}
      onClick={() => void copy().then(show)}
    >
      {copied ? t("common.copied") : label}
    </Button>
  );
}

// Lines to paste elsewhere.
export function Snippet({ text, label }: { text: string; label: string }) {
  return (
    <div className={classes.snippet}>
      <div className={classes.head}>
        <span>{label}</span>
        <CopyIcon text={text} label={label} />
      </div>
      <pre className={classes.text} tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
