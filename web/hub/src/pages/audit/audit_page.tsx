import { Text } from "@mantine/core";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { CircleCheck, ScrollText, ShieldCheck } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import { address, call, type AnswerOf } from "@chancery/shared/api/client.ts";
import type { AuditAction, AuditEvent } from "@chancery/shared/api/models.ts";
import { dayBegins } from "@chancery/shared/format/time.ts";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { en } from "@chancery/shared/texts/en.ts";
import { useFilters } from "../../filters.ts";
import { Act } from "../../parts/act.tsx";
import { numberColumn, textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { ChoiceFilter, DayFilter, TextFilter } from "../../parts/filter_fields.tsx";
import { PageHead } from "../../parts/page.tsx";
import { SetFilter } from "../../parts/set_filter.tsx";
import split from "../../parts/split.module.css";
import { actionText, actorText, detailText, subjectText } from "./event_text.ts";

const actions = Object.keys(en.audit_action).map((key) => key.replace("_", ".") as AuditAction);

// Who did what, newest first. Each event holds the hash of the one before, so that nothing can be taken out unseen.
export function AuditPage() {
  const { t, i18n } = useTranslation();
  const [{ text, action, actor, subject, since, until }] = useFilters();
  const { sequence } = useParams({ strict: false });
  const filter = {
    text,
    action: action as AuditAction | undefined,
    actor,
    subject,
    since: dayBegins(since),
    until: dayBegins(until, 1),
  };
  const [checked, setChecked] = useState<AnswerOf<"/v1/audit/verify", "post">>();
  // Whoever wants to know what happened wants the newest.
  const fetch: Fetch<AuditEvent> = async (before, limit) => {
    const { events, next } = await call("get", "/v1/audit", {
      query: { ...filter, newest: true, before: before as number | undefined, limit },
    });
    return { rows: events, next };
  };
  const columns = useMemo<Column<AuditEvent>[]>(
    () => [
      timeColumn({ id: "at", title: t("audit.at"), at: (event) => event.at }),
      textColumn({ id: "action", title: t("audit.action"), text: (event) => actionText(event, i18n), words: true }),
      textColumn({ id: "subject", title: t("audit.subject"), text: (event) => subjectText(event, i18n), loose: true }),
      textColumn({ id: "actor", title: t("audit.actor"), text: (event) => actorText(event.actor, i18n), rank: 2 }),
      textColumn({
        id: "details",
        title: t("audit.details"),
        text: (event) => event.details.map((detail) => detailText(detail, i18n)).join(" · "),
        rank: 3,
        loose: true,
      }),
      numberColumn("sequence", t("audit.sequence"), (event) => event.sequence),
      {
        id: "hash",
        title: t("audit.hash"),
        cell: (event) => <span className="mono">{event.hash}</span>,
        text: (event) => event.hash,
        rank: 3,
        hidden: true,
      },
    ],
    [t, i18n],
  );
  const filtered = Boolean(text ?? action ?? actor ?? subject ?? since ?? until);
  return (
    <div className={split.split}>
      <div className={split.list}>
        <PageHead title={t("pages.audit")} text={t("audit.text")} />
        {subject && <SetFilter names={["subject"]} label={t("audit.subject")} value={subjectText({ subject }, i18n)} />}
        {actor && <SetFilter names={["actor"]} label={t("audit.actor")} value={actorText(actor, i18n)} />}
        {checked && (
          <div style={{ marginBottom: "1rem" }}>
            <Note tone="ok" icon={CircleCheck} role="status" title={t("audit.intact", { count: checked.events })}>
              {checked.hash && <span className="mono">{checked.hash}</span>}
            </Note>
          </div>
        )}
        <DataList
          name="audit"
          label={t("pages.audit")}
          queryKey={["audit", "list", filter]}
          fetch={fetch}
          csv={address("/v1/audit", {}, { ...filter, newest: true, format: "csv" })}
          columns={columns}
          rowId={(event) => String(event.sequence)}
          place={(event) => ({ to: "/audit/$sequence", params: { sequence: String(event.sequence) } })}
          openId={sequence}
          filters={
            <>
              <TextFilter label={t("audit.search")} />
              <ChoiceFilter
                name="action"
                label={t("audit.action")}
                usual={t("list.all")}
                choices={actions
                  .map((value) => ({ value, label: actionText({ action: value }, i18n) }))
                  .sort((a, b) => a.label.localeCompare(b.label, i18n.language))}
              />
              <DayFilter name="since" label={t("audit.since")} />
              <DayFilter name="until" label={t("audit.until")} />
            </>
          }
          actions={
            <Act
              label={t("audit.verify")}
              icon={ShieldCheck}
              needs="operate"
              button={{ size: "sm" }}
              run={async () => setChecked(await call("post", "/v1/audit/verify", {}))}
              topics={[]}
            />
          }
          empty={
            <Empty icon={ScrollText} title={t("list.nothing")}>
              {filtered && (
                <>
                  <Text size="sm">{t("audit.none")}</Text>
                  <Link to="/audit">{t("list.reset")}</Link>
                </>
              )}
            </Empty>
          }
        />
      </div>
      <Outlet />
    </div>
  );
}
