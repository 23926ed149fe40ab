import { Text } from "@mantine/core";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { Inbox } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Request } from "@chancery/shared/api/models.ts";
import { commonName, keyName } from "@chancery/shared/format/certificate.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { useFilters } from "../../filters.ts";
import { numberColumn, textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { ChoiceFilter } from "../../parts/filter_fields.tsx";
import { PageHead } from "../../parts/page.tsx";
import split from "../../parts/split.module.css";
import { RequestMark } from "../../parts/states.tsx";
import { useRequestOperations } from "./request_operations.tsx";
import { Refused } from "./refused.tsx";

// Those that wait for a person come first: the list opens with them.
export function RequestsPage() {
  const { t } = useTranslation();
  const [search] = useFilters();
  const operations = useRequestOperations();
  const { id } = useParams({ strict: false });
  const state = search.state ?? "pending";

  const fetch: Fetch<Request> = async (after, limit) => {
    const { requests, next } = await call("get", "/v1/requests", {
      query: { state: (state === "all" ? undefined : state) as never, after: after as never, limit },
    });
    return { rows: requests, next };
  };
  const columns = useMemo<Column<Request>[]>(
    () => [
      {
        id: "subject",
        title: t("certificate.subject"),
        cell: (each) => commonName(each.subject) || each.transaction_id,
        text: (each) => each.subject,
      },
      {
        id: "state",
        title: t("nodes.state"),
        cell: (each) => <RequestMark state={each.state} />,
        text: (each) => t(`request_state.${each.state}`),
      },
      timeColumn({ id: "created", title: t("requests.received"), at: (each) => each.created, rank: 2 }),
      textColumn({ id: "endpoint", title: t("certificates.endpoint"), text: (each) => each.endpoint, rank: 2 }),
      {
        id: "key",
        title: t("certificate.key"),
        cell: (each) => keyName(each.key_type),
        text: (each) => each.key_type,
        rank: 3,
      },
      textColumn({ id: "source", title: t("requests.source"), text: (each) => each.source, rank: 3 }),
      textColumn({
        id: "renewal",
        title: t("requests.kind"),
        text: (each) => t(each.renewal ? "requests.renewal" : "requests.enrolment"),
        rank: 3,
      }),
      numberColumn("number", t("requests.number"), (each) => each.id),
    ],
    [t],
  );
  return (
    <div className={split.split}>
      <div className={split.list}>
        <PageHead title={t("pages.requests")} />
        <DataList
          name="requests"
          label={t("pages.requests")}
          queryKey={["requests", "list", { state }]}
          fetch={fetch}
          columns={columns}
          operations={operations}
          rowId={(each) => String(each.id)}
          rowName={(each) => `${each.subject || each.transaction_id} · #${each.id}`}
          place={(each) => ({ to: "/requests/$id", params: { id: String(each.id) } })}
          openId={id}
          filters={
            <ChoiceFilter
              name="state"
              label={t("nodes.state")}
              usual={t("request_state.pending")}
              choices={[
                { value: "issued", label: t("request_state.issued") },
                { value: "rejected", label: t("request_state.rejected") },
                { value: "all", label: t("list.all") },
              ]}
            />
          }
          empty={
            state === "pending" ? (
              <Empty icon={Inbox} title={t("requests.none")}>
                <Text size="sm">{t("requests.none_text")}</Text>
                <Snippet label={t("first_steps.command")} text="chancery endpoint set ENDPOINT authorisers=manual" />
                <Link to="/requests" search={{ state: "all" }}>
                  {t("requests.show_all")}
                </Link>
              </Empty>
            ) : (
              <Empty icon={Inbox} title={t("list.nothing")}>
                <Link to="/requests">{t("list.reset")}</Link>
              </Empty>
            )
          }
        />
        <Refused />
      </div>
      <Outlet />
    </div>
  );
}
