import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Ban, Check, RefreshCw, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { Facts, type Fact } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section, SidePanel } from "../../parts/side_panel.tsx";
import { NodeStateMark, OnlineMark, WorstMark } from "../../parts/states.tsx";
import { nodeQuery } from "../../queries.ts";
import { useClusterNames } from "./clusters.ts";
import { EditNode } from "./edit_node.tsx";
import { NewChallenge } from "./new_challenge.tsx";
import { NodeCertificates } from "./node_certificates.tsx";
import { NodeEvents } from "./node_events.tsx";
import { NodeOrders } from "./node_orders.tsx";
import { NodeTrust } from "./node_trust.tsx";
import { SlotCard } from "./slot_card.tsx";

export function NodePanel() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false });
  const { data: node, error, isPending } = useQuery(nodeQuery(Number(id)));
  return (
    <SidePanel
      id={id}
      listAt="/nodes"
      title={node?.name ?? id}
      pending={isPending}
      error={node ? undefined : error}
      marks={
        node && (
          <>
            <NodeStateMark state={node.state} />
            <WorstMark worst={node.worst} />
            <OnlineMark online={node.online} />
          </>
        )
      }
    >
      {node && (
        <>
          <NodeActions node={node} />
          <NodeFacts node={node} />
          <Tabs defaultValue="slots" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="slots">{t("node.slots")}</Tabs.Tab>
              <Tabs.Tab value="orders">{t("node.orders")}</Tabs.Tab>
              <Tabs.Tab value="held">{t("node.held")}</Tabs.Tab>
              <Tabs.Tab value="trust">{t("node.trust")}</Tabs.Tab>
              <Tabs.Tab value="history">{t("node.history")}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="slots" pt="md">
              {node.slots.length === 0 && (
                <p>{t(node.state === "expected" ? "node.expected_text" : "node.no_slots")}</p>
              )}
              {node.slots.map((slot) => (
                <SlotCard key={slot.name} node={node} slot={slot} />
              ))}
            </Tabs.Panel>
            <Tabs.Panel value="orders" pt="md">
              <NodeOrders node={node} />
            </Tabs.Panel>
            <Tabs.Panel value="held" pt="md">
              <NodeCertificates node={node} />
            </Tabs.Panel>
            <Tabs.Panel value="trust" pt="md">
              <NodeTrust node={node} />
            </Tabs.Panel>
            <Tabs.Panel value="history" pt="md">
              <NodeEvents id={node.id} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </SidePanel>
  );
}

function NodeActions({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const path = { id: node.id };
  const topics = ["nodes"];
  return (
    <Section title={t("node.actions")}>
      {node.state === "waiting" && <p style={{ margin: 0 }}>{t("node.waiting_text")}</p>}
      <Buttons>
        {(node.state === "waiting" || node.state === "blocked") && (
          <Act
            label={t("node.admit")}
            icon={Check}
            needs="operate"
            ask={<p style={{ margin: 0 }}>{t("node.admit_text", { name: node.name })}</p>}
            run={() => call("post", "/v1/nodes/{id}/admit", { path })}
            done={t("node.admitted", { name: node.name })}
            topics={topics}
            button={{ variant: "filled" }}
          />
        )}
        {node.state === "admitted" && (
          <Act
            label={t("verb.read_inventory")}
            icon={RefreshCw}
            needs="operate"
            run={() => call("post", "/v1/nodes/{id}/orders", { path, body: { verb: "read_inventory" } })}
            done={t("node.ordered")}
            topics={["orders"]}
          />
        )}
        {node.state !== "blocked" && <NewChallenge node={node} />}
        <EditNode key={node.id} node={node} />
        {node.state !== "blocked" && (
          <Act
            label={t("node.block")}
            icon={Ban}
            needs="operate"
            dangerous
            ask={<p style={{ margin: 0 }}>{t("node.block_text", { name: node.name })}</p>}
            run={() => call("post", "/v1/nodes/{id}/block", { path })}
            done={t("node.blocked", { name: node.name })}
            topics={topics}
          />
        )}
        <Act
          label={t("node.remove")}
          icon={Trash2}
          needs="operate"
          dangerous
          ask={<p style={{ margin: 0 }}>{t("node.remove_text", { name: node.name })}</p>}
          run={() => call("delete", "/v1/nodes/{id}", { path })}
          done={t("node.removed", { name: node.name })}
          topics={topics}
          after={() => void navigate({ to: "/nodes" })}
        />
      </Buttons>
    </Section>
  );
}

function NodeFacts({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const clusterNames = useClusterNames();
  return (
    <Facts
      facts={[
        [t("nodes.product"), node.product],
        [t("nodes.cluster"), clusterNames.get(node.cluster_id ?? 0)],
        [t("nodes.last_seen"), node.last_seen && <Moment at={node.last_seen} show="both" />],
        [t("node.first_seen"), node.first_seen && <Moment at={node.first_seen} show="date" />],
        [t("nodes.address"), node.remote_address && <span className="mono">{node.remote_address}</span>],
        [t("nodes.agent"), node.agent_version],
        [
          t("node.clock"),
          node.clock_synchronised &&
            [
              t(`clock.${node.clock_synchronised}`),
              node.clock_offset_seconds !== undefined &&
                t(node.clock_offset_seconds < 0 ? "node.clock_behind" : "node.clock_ahead", {
                  seconds: String(Math.abs(node.clock_offset_seconds)),
                }),
            ]
              .filter(Boolean)
              .join(", "),
        ],
        ...node.challenges.map(({ id, slot, endpoint, expires }): Fact => [
          t("node.open_challenge"),
          <span key={id}>
            <Moment at={expires} show="both" /> · {slot} · {endpoint}
          </span>,
        ]),
      ]}
    />
  );
}
