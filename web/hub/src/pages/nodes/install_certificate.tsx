import { Radio, Select, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { address, call, fetchText } from "@chancery/shared/api/client.ts";
import type { NodeDetails, SlotStatus } from "@chancery/shared/api/models.ts";
import { commonName, plainHex } from "@chancery/shared/format/certificate.ts";
import { localDate } from "@chancery/shared/format/time.ts";
import { DialogButton } from "../../parts/dialog_button.tsx";
import { RoundDialog } from "./order_round.tsx";
import { certificatesInPem } from "./pem.ts";
import { PemField } from "./pem_field.tsx";

const offered = 20;

interface InstallProps {
  node: NodeDetails;
  slot: SlotStatus;
}

// Puts a certificate into a slot whose node made the key and the CSR for it: one of the ledger's, or one that another authority made.
export function InstallCertificate(where: InstallProps) {
  const { t } = useTranslation();
  const { node, slot } = where;
  const refused =
    node.state !== "admitted" ? t("node.not_admitted") : slot.csr === undefined ? t("slot.needs_csr") : undefined;
  return (
    <DialogButton
      label={t("verb.install_certificate")}
      icon={FileUp}
      refused={refused}
      dialog={(at) => <InstallDialog {...at} {...where} />}
    />
  );
}

function InstallDialog({ node, slot, ...at }: InstallProps & { opened: boolean; close: () => void }) {
  const { t } = useTranslation();
  const [source, setSource] = useState("upload");
  const [pasted, setPasted] = useState("");
  const [serial, setSerial] = useState<string | null>(null);
  const { data: chain } = useQuery({
    queryKey: ["certificates", "chain", serial],
    enabled: serial !== null,
    queryFn: () => fetchText(address("/v1/certificates/{serial}/chain", { serial })),
  });
  const certificates = certificatesInPem((source === "upload" ? pasted : chain) ?? "");
  return (
    <RoundDialog
      {...at}
      label={t("verb.install_certificate")}
      node={node}
      alone
      body={certificates.length > 0 ? { verb: "install_certificate", slot: slot.name, certificates } : undefined}
      says={() => t("ask.install_certificate", { slot: slot.name, name: node.name })}
      fields={
        <>
          <Radio.Group label={t("slot.certificate")} value={source} onChange={setSource}>
            <Stack gap="xs" mt={4}>
              <Radio value="upload" label={t("trust.upload")} />
              <Radio value="ledger" label={t("slot.from_ledger")} />
            </Stack>
          </Radio.Group>
          {source === "upload" ? (
            <PemField text={pasted} change={setPasted} />
          ) : (
            <LedgerField node={node} slot={slot} serial={serial} choose={setSerial} />
          )}
        </>
      }
    />
  );
}

interface LedgerFieldProps extends InstallProps {
  serial: string | null;
  choose: (serial: string | null) => void;
}

// Those of the slot at first; any by name, serial or fingerprint.
function LedgerField({ node, slot, serial, choose }: LedgerFieldProps) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(plainHex(typed), 200);
  const { data } = useQuery({
    queryKey: ["certificates", "offered", node.id, slot.name, text],
    placeholderData: keepPreviousData,
    queryFn: () =>
      call("get", "/v1/certificates", {
        query: text
          ? { text, status: "current", limit: offered }
          : { node: node.id, slot: slot.name, status: "current", limit: offered },
      }),
  });
  const label = (subject: string, number: string, end: string) =>
    `${commonName(subject)} · ${t("certificates.until", { date: localDate(Date.parse(end), i18n.language) })} · ${number.slice(0, 12)}…`;
  return (
    <Select
      label={t("slot.from_ledger")}
      placeholder={t("certificates.search")}
      data={data?.certificates.map((each) => ({
        value: each.serial,
        label: label(each.subject, each.serial, each.not_after),
      }))}
      value={serial}
      onChange={choose}
      searchable
      onSearchChange={setTyped}
      // The hub has searched already.
      filter={({ options }) => options}
      nothingFoundMessage={t("list.nothing")}
      required
    />
  );
}
