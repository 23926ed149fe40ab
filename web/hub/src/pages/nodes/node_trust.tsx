import { Text, TextInput, Textarea } from "@mantine/core";
import { ShieldMinus, ShieldPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { Code } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Act } from "../../parts/act.tsx";
import { certificatesInPem } from "./pem.ts";
import classes from "./nodes.module.css";

// The authorities that the node trusts. Changes are orders: the node carries them out when it is there.
export function NodeTrust({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const [pem, setPem] = useState("");
  const [store, setStore] = useState("system");
  const path = { id: node.id };
  const refused = node.state === "admitted" ? undefined : t("node.not_admitted");
  return (
    <>
      <Act
        label={t("verb.add_trust")}
        icon={ShieldPlus}
        needs="operate"
        refused={refused}
        ask={
          <>
            <Text size="sm">{t("ask.add_trust", { name: node.name })}</Text>
            <TextInput
              label={t("node.store")}
              value={store}
              onChange={(event) => setStore(event.currentTarget.value)}
              required
            />
            <Textarea
              label={t("node.pem")}
              value={pem}
              onChange={(event) => setPem(event.currentTarget.value)}
              rows={8}
              required
              className="mono"
            />
          </>
        }
        run={() =>
          call("post", "/v1/nodes/{id}/orders", {
            path,
            body: { verb: "add_trust", parameters: { store }, certificates: certificatesInPem(pem) },
          })
        }
        done={t("node.ordered")}
        topics={["orders"]}
      />
      {node.trust.length === 0 ? (
        <Text size="sm" mt="sm">
          {t("node.no_trust")}
        </Text>
      ) : (
        <ul className={classes.events}>
          {node.trust.map((entry) => (
            <li key={`${entry.store} ${entry.sha256}`}>
              <div className={classes.line}>
                <strong>{entry.subject ?? entry.store}</strong>
                {entry.subject && <span>{entry.store}</span>}
                {entry.not_after && (
                  <Text size="xs" c="dimmed" ml="auto">
                    <Moment at={entry.not_after} />
                  </Text>
                )}
              </div>
              <Code text={entry.sha256} label={t("certificate.sha256")} />
              <div>
                <Act
                  label={t("verb.remove_trust")}
                  icon={ShieldMinus}
                  needs="operate"
                  refused={refused}
                  dangerous
                  ask={<Text size="sm">{t("ask.remove_trust", { name: node.name })}</Text>}
                  run={() =>
                    call("post", "/v1/nodes/{id}/orders", {
                      path,
                      body: { verb: "remove_trust", parameters: { store: entry.store, sha256: entry.sha256 } },
                    })
                  }
                  done={t("node.ordered")}
                  topics={["orders"]}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
