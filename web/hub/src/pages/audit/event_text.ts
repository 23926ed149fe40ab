// Events of the audit trail in the reader's language. What there is no word for stays as it was written down.
import type { i18n } from "i18next";
import type { AuditEvent } from "@chancery/shared/api/models.ts";
import { sentencePieces } from "@chancery/shared/format/sentence.ts";
import { local } from "@chancery/shared/format/time.ts";

type Language = Pick<i18n, "language" | "exists" | "t">;
// Any of the keys will do for the compiler.
type SomeKey = "said.sign_in_first";

function word(key: string, otherwise: string, { exists, t }: Language): string {
  return exists(key) ? t(key as SomeKey) : otherwise;
}

export function actionText({ action }: Pick<AuditEvent, "action">, language: Language): string {
  return word(`audit_action.${action.replace(".", "_")}`, action, language);
}

// "user anna", "scep 192.0.2.7": who asked, by which door.
export function actorText(actor: string, { t }: Pick<i18n, "t">): string {
  if (actor === "chancery" || actor === "server") return t("actor.hub");
  const [, kind, name] = /^(user|admin|web|scep|link|node) (.+)$/.exec(actor) ?? [];
  return kind && name ? t(`actor.${kind as "user"}`, { name }) : actor;
}

export function subjectText({ subject }: Pick<AuditEvent, "subject">, { t }: Pick<i18n, "t">): string {
  if (subject === "an unknown user") return t("actor.nobody");
  const number = /^generation (\d+)$/.exec(subject)?.[1];
  return number ? t("authority.generation", { number }) : subject;
}

type Detail = AuditEvent["details"][number];

export function detailText(detail: Detail, language: Language): string {
  return `${detailName(detail, language)}: ${detailValue(detail, language)}`;
}

export function detailName({ name }: Detail, language: Language): string {
  return word(`audit_detail.${name}`, name, language);
}

export function detailValue({ name, value, sentence }: Detail, language: Language): string {
  if (sentence)
    return sentencePieces(sentence, language)
      .map(({ text }) => text)
      .join("");
  if (name === "expires" || name === "suspended") return local(Date.parse(value), language.language);
  if (name === "role" || name === "verb" || name === "reason") return word(`${name}.${value}`, value, language);
  return name === "disabled" || name === "unlocked" ? word(`answer.${value}`, value, language) : value;
}
