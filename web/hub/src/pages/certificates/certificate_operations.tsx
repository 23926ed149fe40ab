import { Ban, FileDown, RefreshCw } from "lucide-react";
import { Checkbox } from "@mantine/core";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, fetchText } from "@chancery/shared/api/client.ts";
import type { Certificate } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { download } from "@chancery/shared/format/csv.ts";
import { BulkDialog } from "../../parts/bulk_dialog.tsx";
import type { Operation, OperationDialog } from "../../parts/operations.ts";
import { ReasonField } from "./reason_field.tsx";
import type { Reason } from "./reasons.ts";

const nameOf = ({ subject, serial, node, slot, active }: Certificate) =>
  [commonName(subject) || serial, ...(active ? [node, slot] : [])].filter(Boolean).join(" · ");
const idOf = ({ serial }: Certificate) => serial;

// What can be done with many certificates at once.
export function useCertificateOperations(): Operation<Certificate>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "renew",
        label: t("verb.renew_slot"),
        icon: RefreshCw,
        needs: "operate",
        dialog: (ask) => <Renew {...ask} />,
      },
      { id: "pem", label: t("bulk.pem"), icon: FileDown, dialog: (ask) => <SavePem {...ask} /> },
      {
        id: "revoke",
        label: t("certificate.revoke"),
        icon: Ban,
        needs: "operate",
        dangerous: true,
        dialog: (ask) => <Revoke {...ask} />,
      },
    ],
    [t],
  );
}

// Asks the nodes that use them for new ones.
function Renew(ask: OperationDialog<Certificate>) {
  const { t } = useTranslation();
  return (
    <BulkDialog
      {...ask}
      label={t("verb.renew_slot")}
      id={idOf}
      name={nameOf}
      refuses={({ active, node_id, slot }) => (active && node_id && slot ? undefined : t("bulk_why.unused"))}
      says={(what) => t("bulk_ask.renew_slot", what)}
      run={({ node_id, slot }) =>
        call("post", "/v1/nodes/{id}/orders", { path: { id: node_id! }, body: { verb: "renew_slot", slot } })
      }
      topics={["orders", "nodes"]}
    />
  );
}

function Revoke(ask: OperationDialog<Certificate>) {
  const { t } = useTranslation();
  const [reason, setReason] = useState<Reason>("unspecified");
  const holds = reason === "certificateHold";
  const [wanted, setWithEarlier] = useState<boolean>();
  const withEarlier = wanted ?? reason === "keyCompromise";
  const revoke = async (serial: string) => {
    try {
      await call("post", "/v1/certificates/{serial}/revoke", {
        path: { serial },
        body: { reason, with_earlier: withEarlier },
      });
    } catch (problem) {
      // It may have been an earlier one of another that was chosen.
      const now = withEarlier && (await call("get", "/v1/certificates/{serial}", { path: { serial } }));
      if (!now || now.reason !== reason) throw problem;
    }
  };
  return (
    <BulkDialog
      {...ask}
      label={t("certificate.revoke")}
      dangerous
      id={idOf}
      name={nameOf}
      refuses={({ state, status }) => {
        if (state === "issued" || (status === "suspended" && !holds)) return undefined;
        if (status === "suspended") return t("bulk_why.suspended");
        return t(state === "revoked" ? "bulk_why.revoked" : "bulk_why.unsigned");
      }}
      says={(what) => t(holds ? "bulk_ask.suspend" : "bulk_ask.revoke", what)}
      notes={(able) => {
        // The device goes on with the certificate before, if it has one.
        if (reason === "superseded" && !withEarlier) return [];
        const used = able.filter(({ active }) => active).length;
        if (used === 0) return [];
        return [t(holds ? "bulk_ask.suspend_used" : "bulk_ask.revoke_used", { count: used })];
      }}
      fields={
        <>
          <ReasonField reason={reason} change={setReason} />
          <Checkbox
            label={t("bulk.with_earlier")}
            checked={withEarlier}
            onChange={(event) => setWithEarlier(event.currentTarget.checked)}
          />
        </>
      }
      run={({ serial }) => revoke(serial)}
      topics={["certificates", "nodes", "authority"]}
    />
  );
}

// One file with all of them, one after the other in PEM.
function SavePem(ask: OperationDialog<Certificate>) {
  const { t } = useTranslation();
  const texts = useRef(new Map<string, string>());
  return (
    <BulkDialog
      {...ask}
      label={t("bulk.pem")}
      id={idOf}
      name={nameOf}
      refuses={({ state }) => (state === "intended" ? t("bulk_why.unsigned") : undefined)}
      says={(what) => t("bulk_ask.pem", what)}
      run={async ({ serial }) => {
        texts.current.set(serial, await fetchText(address("/v1/certificates/{serial}/pem", { serial })));
      }}
      topics={[]}
      after={(done) => {
        const pem = done.map(({ serial }) => texts.current.get(serial)).join("");
        if (pem) download("certificates.pem", "application/x-pem-file", pem);
      }}
    />
  );
}
