import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { FileBadge } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Certificate } from "@chancery/shared/api/models.ts";
import { commonName, plainHex } from "@chancery/shared/format/certificate.ts";
import { local } from "@chancery/shared/format/time.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { useFilters } from "../../filters.ts";
import { DataList, type Column, type Fetch } from "../../parts/data_list.tsx";
import { ChoiceFilter, TextFilter } from "../../parts/filter_fields.tsx";
import { PageHead } from "../../parts/page.tsx";
import { SetFilter } from "../../parts/set_filter.tsx";
import split from "../../parts/split.module.css";
import { CertificateMark } from "../../parts/states.tsx";
import { clustersQuery, endpointsQuery, nodeQuery } from "../../queries.ts";
import { useCertificateOperations } from "./certificate_operations.tsx";

const statuses = ["valid", "expiring", "expired", "superseded", "suspended", "revoked", "pending"] as const;

export function CertificatesPage() {
  const { t, i18n } = useTranslation();
  const [search] = useFilters();
  const operations = useCertificateOperations();
  const { serial } = useParams({ strict: false });
  const endpoints = useQuery(endpointsQuery);
  const { text, status, endpoint, expires_after, expires_before, node, slot, cluster, sort, descending } = search;
  const holder = useQuery({ ...nodeQuery(Number(node)), enabled: node !== undefined });
  const clusters = useQuery(clustersQuery);
  // Expired and revoked ones are there for who asks for them, by status, by day, by name or by node.
  const usual = text || expires_after || expires_before || node ? "all" : "current";
  const asked = status ?? (usual === "all" ? undefined : usual);

  const fetch: Fetch<Certificate> = async (after, limit) => {
    const { certificates, next } = await call("get", "/v1/certificates", {
      query: {
        text,
        status: (asked === "all" ? undefined : asked) as never,
        endpoint,
        expires_after,
        expires_before,
        node: node ? Number(node) : undefined,
        slot: node ? slot : undefined,
        cluster: cluster ? Number(cluster) : undefined,
        sort: sort as never,
        descending: descending === "true" || undefined,
        after: after as never,
        limit,
      },
    });
    return { rows: certificates, next };
  };
  const columns = useMemo<Column<Certificate>[]>(
    () => [
      {
        id: "subject",
        title: t("certificate.subject"),
        sort: "subject",
        cell: (each) => commonName(each.subject) || each.serial,
        text: (each) => each.subject,
      },
      {
        id: "status",
        title: t("certificates.status"),
        cell: (each) => <CertificateMark certificate={each} />,
        text: (each) => t(`certificate_status.${each.status}`),
      },
      {
        id: "not_after",
        title: t("certificates.expires"),
        sort: "not_after",
        cell: (each) => <Moment at={each.not_after} />,
        text: (each) => each.not_after,
        rank: 2,
      },
      {
        id: "node",
        optional: true,
        title: t("certificates.held_by"),
        cell: (each) => (each.node ? [each.node, each.slot].filter(Boolean).join(" · ") : "–"),
        text: (each) => [each.node, each.slot].filter(Boolean).join(" · "),
        rank: 2,
      },
      {
        id: "endpoint",
        title: t("certificates.endpoint"),
        cell: (each) => each.endpoint,
        text: (each) => each.endpoint,
        rank: 3,
      },
      {
        id: "created",
        title: t("certificates.issued"),
        sort: "created",
        cell: (each) => <Moment at={each.created} />,
        text: (each) => each.created,
        rank: 3,
      },
      {
        id: "serial",
        title: t("certificate.serial"),
        cell: (each) => <span className="mono">{each.serial}</span>,
        text: (each) => each.serial,
        rank: 3,
        hidden: true,
      },
      {
        id: "names",
        title: t("certificate.names"),
        cell: (each) => <span className="loose">{each.alternative_names.join(", ")}</span>,
        text: (each) => each.alternative_names.join(" "),
        rank: 3,
        hidden: true,
      },
      {
        id: "fingerprint",
        title: t("certificate.sha256"),
        cell: (each) => <span className="mono">{each.fingerprint ?? ""}</span>,
        text: (each) => each.fingerprint ?? "",
        rank: 3,
        hidden: true,
      },
    ],
    [t],
  );
  const filtered = Boolean(text ?? status ?? endpoint ?? expires_after ?? expires_before ?? node ?? cluster);

  return (
    <div className={split.split}>
      <div className={split.list}>
        <PageHead title={t("pages.certificates")} />
        {(expires_after ?? expires_before) && (
          <SetFilter
            names={["expires_after", "expires_before"]}
            label={t("certificates.expires")}
            value={`${expires_after ? local(Date.parse(expires_after), i18n.language) : "…"} – ${expires_before ? local(Date.parse(expires_before), i18n.language) : "…"}`}
          />
        )}
        {node && (
          <SetFilter
            names={["node", "slot"]}
            label={t("certificates.held_by")}
            value={[holder.data?.name ?? node, slot].filter(Boolean).join(" · ")}
          />
        )}
        <DataList
          name="certificates"
          label={t("pages.certificates")}
          queryKey={[
            "certificates",
            "list",
            { text, asked, endpoint, expires_after, expires_before, node, slot, cluster, sort, descending },
          ]}
          fetch={fetch}
          columns={columns}
          operations={operations}
          rowId={(each) => each.serial}
          rowName={(each) => [each.subject, each.serial].filter(Boolean).join(" · ")}
          place={(each) => ({ to: "/certificates/$serial", params: { serial: each.serial } })}
          openId={serial}
          defaultSort={{ by: "created", descending: true }}
          filters={
            <>
              <TextFilter label={t("certificates.search")} tidy={plainHex} />
              <ChoiceFilter
                name="status"
                label={t("certificates.status")}
                usual={t(usual === "all" ? "list.all" : "certificates.current")}
                choices={[
                  ...(usual === "all" || status === "current"
                    ? [{ value: "current", label: t("certificates.current") }]
                    : []),
                  ...statuses.map((value) => ({ value, label: t(`certificate_status.${value}`) })),
                  { value: "all", label: t("list.all") },
                ]}
              />
              <ChoiceFilter
                name="endpoint"
                label={t("certificates.endpoint")}
                usual={t("list.all")}
                choices={endpoints.data?.endpoints.map(({ name }) => ({ value: name, label: name })) ?? []}
              />
              {clusters.data && (clusters.data.clusters.length > 0 || cluster) && (
                <ChoiceFilter
                  name="cluster"
                  label={t("nodes.cluster")}
                  usual={t("list.all")}
                  choices={[
                    ...clusters.data.clusters.map(({ id, name }) => ({ value: String(id), label: name })),
                    { value: "0", label: t("timeline.elsewhere") },
                  ]}
                />
              )}
            </>
          }
          empty={
            filtered ? (
              <Empty icon={FileBadge} title={t("list.nothing")}>
                <Link to="/certificates">{t("list.reset")}</Link>
              </Empty>
            ) : (
              <Empty icon={FileBadge} title={t("certificates.none")}>
                <Text size="sm">{t("certificates.none_text")}</Text>
                <Snippet
                  label={t("first_steps.command")}
                  text="chancery challenge add ENDPOINT --subject CN=my-device"
                />
              </Empty>
            )
          }
        />
      </div>
      <Outlet />
    </div>
  );
}
