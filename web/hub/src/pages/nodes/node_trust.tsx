import { Text } from "@mantine/core";
import { ShieldMinus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { Code } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { RoundButton } from "../../parts/round_view.tsx";
import rows from "../../parts/rows.module.css";
import type { TrustEntry } from "./trust_entries.ts";
import { AddTrust, RemoveTrust } from "./trust_round.tsx";

const keyOf = ({ store, sha256 }: TrustEntry) => `${store} ${sha256}`;

// The authorities that the node trusts. Changes are orders: the node carries them out when it is there.
export function NodeTrust({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const [removing, setRemoving] = useState<TrustEntry>();
  const [open, setOpen] = useState(false);
  const remove = (entry: TrustEntry) => {
    setRemoving(entry);
    setOpen(true);
  };
  const refused = node.state === "admitted" ? undefined : t("node.not_admitted");
  return (
    <>
      <AddTrust node={node} refused={refused} />
      {node.trust.length === 0 ? (
        <Text size="sm" mt="sm">
          {t("node.no_trust")}
        </Text>
      ) : (
        <ul className={rows.rows}>
          {node.trust.map((entry) => (
            <li key={keyOf(entry)}>
              <div className={rows.line}>
                <strong>{entry.subject ?? t("trust.unknown")}</strong>
                <span>{entry.store}</span>
                {entry.not_after && (
                  <Text size="xs" c="dimmed" ml="auto">
                    {t("certificates.expires")} <Moment at={entry.not_after} />
                  </Text>
                )}
              </div>
              <Code text={entry.sha256} label={t("certificate.sha256")} />
              <div>
                <RoundButton
                  label={t("verb.remove_trust")}
                  icon={ShieldMinus}
                  refused={refused}
                  press={() => remove(entry)}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
      {removing && (
        <RemoveTrust key={keyOf(removing)} node={node} entry={removing} opened={open} close={() => setOpen(false)} />
      )}
    </>
  );
}
