import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ShieldPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuthorityCertificate, Node, NodeDetails } from "@chancery/shared/api/models.ts";
import { commonName } from "@chancery/shared/format/certificate.ts";
import { DialogButton } from "../../parts/dialog_button.tsx";
import { authorityQuery } from "../../queries.ts";
import { RoundDialog } from "./order_round.tsx";
import { certificatesInPem, namesInPem } from "./pem.ts";
import { PemField } from "./pem_field.tsx";
import { entryName, type TrustEntry } from "./trust_entries.ts";

const uploaded = "uploaded";
// As agents call it where nothing else is said.
const usualStore = "default";

interface AddTrustProps {
  node?: Node;
  clusters?: string[];
  // Those and no others.
  nodes?: Node[];
  // Which of the authority's own certificates is chosen at first, by its fingerprint.
  sha256?: string;
}

// Makes nodes trust a CA: one of the authority's own, or another's.
export function AddTrust({ refused, ...where }: AddTrustProps & { refused?: string }) {
  const { t } = useTranslation();
  return (
    <DialogButton
      label={t("verb.add_trust")}
      icon={ShieldPlus}
      refused={refused}
      dialog={(at) => <AddTrustDialog {...at} {...where} />}
    />
  );
}

interface AddTrustDialogProps extends AddTrustProps {
  opened: boolean;
  close: () => void;
  closed?: () => void;
}

export function AddTrustDialog({ sha256, ...where }: AddTrustDialogProps) {
  const { t, i18n } = useTranslation();
  const { data: authority } = useQuery(authorityQuery);
  const [chosen, setChosen] = useState(sha256);
  const [pem, setPem] = useState("");
  const [store, setStore] = useState(usualStore);
  const own: AuthorityCertificate[] = authority
    ? [authority.root, ...authority.generations.map(({ issuing }) => issuing)]
    : [];
  const source = chosen ?? own[0]?.sha256 ?? uploaded;
  const known = own.find((each) => each.sha256 === source);
  const certificates = certificatesInPem(known?.pem ?? pem);
  const named = known ? [commonName(known.subject)] : namesInPem(pem);
  const ca = named.length > 0 ? new Intl.ListFormat(i18n.language).format(named) : t("trust.this_ca");
  return (
    <RoundDialog
      {...where}
      label={t("verb.add_trust")}
      body={certificates.length > 0 && store ? { verb: "add_trust", parameters: { store }, certificates } : undefined}
      says={(what) => t("ask.add_trust", { ...what, ca })}
      fields={
        <>
          <NativeSelect
            label={t("trust.certificate")}
            data={[
              ...own.map((each) => ({ value: each.sha256, label: commonName(each.subject) })),
              { value: uploaded, label: t("trust.upload") },
            ]}
            value={source}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
          {source === uploaded && <PemField text={pem} change={setPem} />}
          <TextInput
            label={t("node.store")}
            description={t("trust.store_text")}
            value={store}
            onChange={(event) => setStore(event.currentTarget.value)}
            pattern="[a-z0-9][a-z0-9\-]{0,39}"
            required
          />
        </>
      }
    />
  );
}

interface RemoveTrustProps {
  node: NodeDetails;
  entry: TrustEntry;
  opened: boolean;
  close: () => void;
}

export function RemoveTrust({ node, entry, opened, close }: RemoveTrustProps) {
  const { t } = useTranslation();
  return (
    <RoundDialog
      label={t("verb.remove_trust")}
      dangerous
      node={node}
      opened={opened}
      close={close}
      body={{ verb: "remove_trust", parameters: { store: entry.store, sha256: entry.sha256 } }}
      says={(what) => t("ask.remove_trust", { ...what, ca: entryName(entry), store: entry.store })}
    />
  );
}
