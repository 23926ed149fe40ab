import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { AuditEvent } from "@chancery/shared/api/models.ts";
import { Code, Facts, type Fact } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import type { Place } from "../../parts/data_list.tsx";
import { SidePanel } from "../../parts/side_panel.tsx";
import { auditEventQuery } from "../../queries.ts";
import { detailPlace, nodeIn, subjectPlace } from "./event_places.ts";
import { actionText, actorText, detailName, detailValue, subjectText } from "./event_text.ts";

// One event of the audit trail: all that was written down, what it is chained to, and the ways to what it concerns.
export function EventPanel() {
  const { t, i18n } = useTranslation();
  const { sequence = "" } = useParams({ strict: false });
  const { data: event, error, isPending } = useQuery(auditEventQuery(Number(sequence)));
  const nodeId = useNodeId(event ? nodeIn(event) : "");
  const toNode: Place | undefined = nodeId === undefined ? undefined : { to: "/nodes/$id", params: { id: nodeId } };
  return (
    <SidePanel
      id={sequence}
      listAt="/audit"
      title={event ? actionText(event, i18n) : sequence}
      pending={isPending}
      error={event ? undefined : error}
    >
      {event && (
        <>
          <Facts
            facts={[
              [t("audit.at"), <Moment key="at" at={event.at} show="both" />],
              [
                t("audit.subject"),
                <Way key="subject" to={event.action.startsWith("node.") ? toNode : subjectPlace(event)}>
                  {subjectText(event, i18n)}
                </Way>,
              ],
              [t("audit.actor"), actorText(event.actor, i18n)],
              ...event.details.map((detail): Fact => [
                detailName(detail, i18n),
                <Way key={detail.name} to={detail.name === "node" ? toNode : detailPlace(detail)}>
                  {detailValue(detail, i18n)}
                </Way>,
              ]),
              [t("audit.sequence"), event.sequence],
              [t("audit.hash"), <Code key="hash" text={event.hash} label={t("audit.hash")} />],
              [
                t("audit.previous_hash"),
                event.previous_hash && <Code text={event.previous_hash} label={t("audit.previous_hash")} />,
              ],
            ]}
          />
          <Text size="sm">
            <Link to="/audit" search={{ subject: event.subject }}>
              {t("audit.of_subject")}
            </Link>
            {" · "}
            <Link to="/audit" search={{ actor: event.actor }}>
              {t("audit.of_actor")}
            </Link>
          </Text>
        </>
      )}
    </SidePanel>
  );
}

function Way({ to, children }: { to: Place | undefined; children: ReactNode }) {
  return to ? <Link {...(to as { to: "/audit" })}>{children}</Link> : <span className="loose">{children}</span>;
}

// The trail has names, which nodes may change.
function useNodeId(name: AuditEvent["subject"]): string | undefined {
  const { data } = useQuery({
    queryKey: ["nodes", "named", name],
    queryFn: () => call("get", "/v1/nodes", { query: { name, limit: 1 } }),
    enabled: name !== "",
  });
  const id = data?.nodes[0]?.id;
  return id === undefined ? undefined : String(id);
}
