import { Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Check, FileWarning, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Note } from "@chancery/shared/parts/note.tsx";
import { call } from "@chancery/shared/api/client.ts";
import type { RequestDetails } from "@chancery/shared/api/models.ts";
import { commonName, keyName } from "@chancery/shared/format/certificate.ts";
import { Code, Facts } from "@chancery/shared/parts/facts.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { Act } from "../../parts/act.tsx";
import { Said } from "@chancery/shared/parts/said.tsx";
import { Buttons } from "../../parts/buttons.tsx";
import { Section, SidePanel } from "../../parts/side_panel.tsx";
import { RequestMark } from "../../parts/states.tsx";
import { requestQuery } from "../../queries.ts";

export function RequestPanel() {
  const { t } = useTranslation();
  const { id = "" } = useParams({ strict: false });
  const { data: request, error, isPending } = useQuery(requestQuery(Number(id)));
  return (
    <SidePanel
      id={id}
      listAt="/requests"
      title={request ? commonName(request.subject) || t("requests.title", { id }) : t("requests.title", { id })}
      pending={isPending}
      error={request ? undefined : error}
      marks={request && <RequestMark state={request.state} />}
    >
      {request && (
        <>
          <Section title={t("requests.content")}>
            <Asked request={request} />
          </Section>
          {request.state === "pending" && <Decision request={request} />}
          <Section title={t("requests.origin")}>
            <Origin request={request} />
          </Section>
        </>
      )}
    </SidePanel>
  );
}

// What the device asks for, and what it would get.
function Asked({ request }: { request: RequestDetails }) {
  const { t } = useTranslation();
  const changed = request.requested_subject !== undefined && request.requested_subject !== request.subject;
  return (
    <>
      {changed && (
        <Note tone="warn" icon={FileWarning} title={t("requests.changed")}>
          {request.requested_subject} → {request.subject}
        </Note>
      )}
      <Facts
        facts={[
          [t("certificate.subject"), request.subject],
          [
            t("certificate.names"),
            request.alternative_names.length > 0
              ? request.alternative_names.map((name) => <div key={name}>{name}</div>)
              : t("requests.no_names"),
          ],
          [t("certificate.key"), keyName(request.key_type)],
          [
            t("certificate.key_sha256"),
            request.key_fingerprint && <Code text={request.key_fingerprint} label={t("certificate.key_sha256")} hex />,
          ],
          [t("certificate.signature"), request.signature_algorithm],
          [t("requests.extensions"), request.extensions?.join(", ")],
        ]}
      />
    </>
  );
}

function Decision({ request }: { request: RequestDetails }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const path = { id: request.id };
  const topics = ["requests", "certificates", "nodes"];
  const what = { name: commonName(request.subject), endpoint: request.endpoint };
  return (
    <Buttons>
      <Act
        label={t("requests.approve")}
        icon={Check}
        needs="operate"
        ask={<Text size="sm">{t("requests.approve_text", what)}</Text>}
        run={() => call("post", "/v1/requests/{id}/approve", { path })}
        done={t("requests.approved", what)}
        topics={topics}
        button={{ variant: "filled" }}
      />
      <Act
        label={t("requests.reject")}
        icon={X}
        needs="operate"
        dangerous
        ask={
          <Stack gap="sm">
            <Text size="sm">{t("requests.reject_text", what)}</Text>
            <Textarea
              label={t("requests.reason")}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              maxLength={200}
            />
          </Stack>
        }
        fresh={() => setReason("")}
        run={() => call("post", "/v1/requests/{id}/reject", { path, body: reason ? { reason } : {} })}
        done={t("requests.rejected", what)}
        topics={topics}
      />
    </Buttons>
  );
}

function Origin({ request }: { request: RequestDetails }) {
  const { t } = useTranslation();
  return (
    <Facts
      facts={[
        [t("requests.kind"), t(request.renewal ? "requests.renewal" : "requests.enrolment")],
        [t("certificates.endpoint"), request.endpoint],
        [t("requests.source"), request.source],
        [t("requests.received"), <Moment key="created" at={request.created} show="both" />],
        [t("requests.updated"), <Moment key="updated" at={request.updated} show="both" />],
        [
          t("requests.transaction"),
          <Code key="transaction" text={request.transaction_id} label={t("requests.transaction")} />,
        ],
        [t("requests.reason"), request.sentence ? <Said sentence={request.sentence} /> : request.reason],
        ["failInfo", request.fail_info],
        [
          t("slot.certificate"),
          request.serial && (
            <Link to="/certificates/$serial" params={{ serial: request.serial }}>
              {request.serial}
            </Link>
          ),
        ],
        [
          t("certificate.replaces"),
          request.replaces && (
            <Link to="/certificates/$serial" params={{ serial: request.replaces }}>
              {request.replaces}
            </Link>
          ),
        ],
      ]}
    />
  );
}
