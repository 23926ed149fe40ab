import { Button, Checkbox, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Ban, CirclePlay, Download, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import { address, call, fetchText } from "@chancery/shared/api/client.ts";
import type { CertificateDetails } from "@chancery/shared/api/models.ts";
import { commonName, keyName, withdrawn } from "@chancery/shared/format/certificate.ts";
import { local } from "@chancery/shared/format/time.ts";
import { CopyButton } from "@chancery/shared/parts/copy.tsx";
import { Code, Facts, type Fact } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { ValidityBar } from "@chancery/shared/parts/validity_bar.tsx";
import { Act } from "../../parts/act.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section, SidePanel } from "../../parts/side_panel.tsx";
import { CertificateMark } from "../../parts/states.tsx";
import { certificateQuery } from "../../queries.ts";
import { actionText, actorText } from "../audit/event_text.ts";
import { Findings } from "./certificate_findings.tsx";
import { Chain } from "./chain.tsx";
import { ReasonField } from "./reason_field.tsx";
import { reasons, type Reason } from "./reasons.ts";

export function CertificatePanel() {
  const { t } = useTranslation();
  const { serial = "" } = useParams({ strict: false });
  const query = useQuery(certificateQuery(serial));
  const certificate = query.data as CertificateDetails | undefined;
  return (
    <SidePanel
      id={serial}
      listAt="/certificates"
      title={certificate ? commonName(certificate.subject) || serial : serial}
      pending={query.isPending}
      error={certificate ? undefined : query.error}
      marks={certificate && <CertificateMark certificate={certificate} />}
    >
      {certificate && (
        <>
          <ValidityBar
            notBefore={certificate.not_before}
            notAfter={certificate.not_after}
            withdrawn={withdrawn(certificate.status)}
          />
          <Findings certificate={certificate} />
          <CertificateActions certificate={certificate} />
          <Section title={t("certificate.held")}>
            <Held certificate={certificate} />
          </Section>
          <Section title={t("certificate.content")}>
            <Content certificate={certificate} />
          </Section>
          <Section title={t("certificate.chain")}>
            <Chain certificate={certificate} />
          </Section>
          <Section title={t("node.history")}>
            <History serial={certificate.serial} />
          </Section>
        </>
      )}
    </SidePanel>
  );
}

function CertificateActions({ certificate }: { certificate: CertificateDetails }) {
  const { t } = useTranslation();
  const [chosen, setReason] = useState<Reason>("unspecified");
  const suspended = certificate.status === "suspended";
  const reason = suspended && chosen === "certificateHold" ? "unspecified" : chosen;
  const holds = reason === "certificateHold";
  const earlier = certificate.earlier.filter(({ status }) => !holds || status !== "suspended");
  const [wanted, setWithEarlier] = useState<boolean>();
  const withEarlier = earlier.length > 0 && (wanted ?? reason === "keyCompromise");
  const path = { serial: certificate.serial };
  if (certificate.state === "intended") return null;
  const file = (name: "pem" | "der" | "p7b" | "chain") => address(`/v1/certificates/{serial}/${name}`, path);
  const save = (name: "pem" | "der" | "p7b" | "chain", suffix: string) => (
    <Button
      component="a"
      href={file(name)}
      download={`${certificate.serial}${suffix}`}
      size="xs"
      variant="default"
      leftSection={<Download size={14} aria-hidden />}
    >
      {name === "chain" ? t("certificate.chain") : `.${name}`}
    </Button>
  );
  return (
    <Buttons>
      <CopyButton label={t("certificate.copy_pem")} text={() => fetchText(file("pem"))} />
      {save("pem", ".pem")}
      {save("der", ".der")}
      {save("p7b", ".p7b")}
      {save("chain", "-chain.pem")}
      {suspended && (
        <Act
          label={t("certificate.release")}
          icon={CirclePlay}
          needs="operate"
          ask={
            <Note tone="info" icon={CirclePlay} title={commonName(certificate.subject)}>
              {certificate.node
                ? t("certificate.release_held", { name: certificate.node })
                : t("certificate.release_text")}
            </Note>
          }
          run={() => call("post", "/v1/certificates/{serial}/release", { path })}
          done={t("certificate.released")}
          topics={["certificates", "nodes", "authority"]}
        />
      )}
      {(certificate.state === "issued" || suspended) && (
        <Act
          label={t("certificate.revoke")}
          icon={Ban}
          needs="operate"
          dangerous
          ask={
            <Stack gap="sm">
              <Note tone="bad" icon={TriangleAlert} title={commonName(certificate.subject)}>
                <WhatHappens certificate={certificate} reason={reason} withEarlier={withEarlier} />
              </Note>
              <ReasonField reason={reason} change={setReason} suspended={suspended} />
              {earlier.length > 0 && (
                <Checkbox
                  label={t("certificate.with_earlier", { count: earlier.length })}
                  checked={withEarlier}
                  onChange={(event) => setWithEarlier(event.currentTarget.checked)}
                />
              )}
            </Stack>
          }
          fresh={() => {
            setReason("unspecified");
            setWithEarlier(undefined);
          }}
          run={() =>
            call("post", "/v1/certificates/{serial}/revoke", { path, body: { reason, with_earlier: withEarlier } })
          }
          done={t(holds ? "certificate.suspended" : "certificate.revoked")}
          topics={["certificates", "nodes", "authority"]}
        />
      )}
    </Buttons>
  );
}

interface RevocationAsked {
  certificate: CertificateDetails;
  reason: Reason;
  withEarlier: boolean;
}

// What a revocation does, and what it leaves.
function WhatHappens({ certificate, reason, withEarlier }: RevocationAsked) {
  const { t, i18n } = useTranslation();
  const holds = reason === "certificateHold";
  const left = withEarlier ? [] : certificate.earlier.filter(({ status }) => status !== "suspended");
  const date = left.length > 0 ? local(Math.max(...left.map((each) => Date.parse(each.not_after))), i18n.language) : "";
  if (reason === "superseded" && left.length > 0) return t("certificate.revoke_tidy", { date });
  const said = certificate.node
    ? t(holds ? "certificate.suspend_held" : "certificate.revoke_held", { name: certificate.node })
    : t(holds ? "certificate.suspend_text" : "certificate.revoke_text");
  return left.length > 0 ? `${said} ${t("certificate.earlier_refused", { date })}` : said;
}

// The node and slot that hold this certificate, as far as the hub was told.
function Held({ certificate }: { certificate: CertificateDetails }) {
  const { t } = useTranslation();
  if (!certificate.node_id) return <Text size="sm">{t("certificate.not_held")}</Text>;
  return (
    <Text size="sm">
      <Link to="/nodes/$id" params={{ id: String(certificate.node_id) }}>
        {certificate.node ?? certificate.node_id}
      </Link>
      {certificate.slot && ` · ${certificate.slot}`}
      {certificate.active !== undefined &&
        ` · ${certificate.active ? t("certificate.active") : t("certificate.inactive")}`}
    </Text>
  );
}

// What the audit trail says of it: the newest, and the way to the rest.
function History({ serial }: { serial: string }) {
  const { t, i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ["audit", "of", serial],
    queryFn: () => call("get", "/v1/audit", { query: { subject: serial, newest: true, limit: 5 } }),
  });
  return (
    <>
      <Facts
        facts={(data?.events ?? []).map((event): Fact => [
          actionText(event, i18n),
          <span key={event.sequence}>
            <Link to="/audit/$sequence" params={{ sequence: String(event.sequence) }} search={{ subject: serial }}>
              <Moment at={event.at} show="both" />
            </Link>
            {" · "}
            {actorText(event.actor, i18n)}
          </span>,
        ])}
      />
      <Text size="sm">
        <Link to="/audit" search={{ subject: serial }}>
          {t("pages.audit")}
        </Link>
      </Text>
    </>
  );
}

function Content({ certificate }: { certificate: CertificateDetails }) {
  const { t } = useTranslation();
  const reason = reasons.find((each) => each === certificate.reason);
  return (
    <Facts
      facts={[
        [t("certificate.subject"), certificate.subject],
        [
          t("certificate.names"),
          certificate.alternative_names.length > 0 &&
            certificate.alternative_names.map((name) => (
              <span key={name} style={{ display: "block" }}>
                {name}
              </span>
            )),
        ],
        [t("certificate.issuer"), certificate.issuer],
        [t("certificate.serial"), <Code key="serial" text={certificate.serial} label={t("certificate.serial")} />],
        [t("certificate.key"), certificate.key_type && keyName(certificate.key_type)],
        [t("certificate.signature"), certificate.signature_algorithm],
        [
          t("certificate.usages"),
          [...(certificate.key_usages ?? []), ...(certificate.extended_key_usages ?? [])].join(", "),
        ],
        [t("certificates.issued"), <Moment key="created" at={certificate.created} show="both" />],
        [t("certificates.endpoint"), certificate.endpoint],
        [
          t("certificate.replaces"),
          certificate.replaces && (
            <Link
              to="/certificates/$serial"
              params={{ serial: certificate.replaces }}
              search={((old: object) => old) as never}
            >
              {certificate.replaces}
            </Link>
          ),
        ],
        [
          t(certificate.status === "suspended" ? "certificate.suspended_at" : "certificate.revoked_at"),
          certificate.revoked_at && (
            <>
              <Moment at={certificate.revoked_at} show="both" />{" "}
              {certificate.status === "suspended" ? "" : reason ? t(`reason.${reason}`) : certificate.reason}
            </>
          ),
        ],
        [
          t("certificate.sha256"),
          certificate.fingerprint && <Code text={certificate.fingerprint} label={t("certificate.sha256")} hex />,
        ],
        [
          t("certificate.key_sha256"),
          <Code key="key" text={certificate.key_fingerprint} label={t("certificate.key_sha256")} hex />,
        ],
        [
          t("certificate.crl"),
          certificate.crl_urls?.map((url) => (
            <span key={url} className="mono">
              {url}
            </span>
          )),
        ],
      ]}
    />
  );
}
