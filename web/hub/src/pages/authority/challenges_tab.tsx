import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { Challenge, MintedChallenge } from "@chancery/shared/api/models.ts";
import { Snippet } from "@chancery/shared/parts/copy.tsx";
import { Empty } from "@chancery/shared/parts/empty.tsx";
import { Moment } from "@chancery/shared/parts/moment.tsx";
import { useFilters } from "../../filters.ts";
import { Act } from "../../parts/act.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { textColumn, timeColumn } from "../../parts/columns.tsx";
import { DataList, type Column } from "../../parts/data_list.tsx";
import { TextField } from "../../parts/fields.tsx";
import { ChoiceFilter } from "../../parts/filter_fields.tsx";
import { ChallengeMark } from "../../parts/states.tsx";
import { endpointsQuery } from "../../queries.ts";
import { useChallengeOperations } from "./challenge_operations.tsx";
import { shellWord } from "../nodes/agent_configuration.ts";
import { EndpointField, LifetimeField, NamesField, useChallengeFields } from "../nodes/challenge_fields.tsx";

// A challenge for names only is good for any subject, but not for anybody.
const boundTo = ({ subject, alternative_names }: Challenge) =>
  [...(subject === undefined ? [] : [subject]), ...alternative_names].join(", ");

export function ChallengesTab() {
  const { t } = useTranslation();
  const [search] = useFilters();
  const endpoints = useQuery(endpointsQuery);
  const { endpoint } = search;
  const operations = useChallengeOperations();
  const columns = useMemo<Column<Challenge>[]>(
    () => [
      {
        id: "id",
        title: t("challenges.id"),
        cell: (each) => <span className="mono">{each.id}</span>,
        text: (each) => each.id,
      },
      {
        id: "state",
        title: t("nodes.state"),
        cell: (each) => <ChallengeMark state={each.state} />,
        text: (each) => t(`challenge_state.${each.state}`),
      },
      textColumn({ id: "endpoint", title: t("certificates.endpoint"), text: (each) => each.endpoint, rank: 2 }),
      {
        id: "subject",
        title: t("certificate.subject"),
        cell: (each) => boundTo(each) || t("challenges.any"),
        text: boundTo,
        rank: 2,
      },
      timeColumn({ id: "expires", title: t("challenges.expires"), at: (each) => each.expires, rank: 3 }),
      {
        id: "used",
        title: t("challenges.used_by"),
        cell: (each) =>
          each.used_by ? (
            <Link to="/certificates/$serial" params={{ serial: each.used_by }}>
              <Moment at={each.used} />
            </Link>
          ) : (
            "–"
          ),
        text: (each) => each.used_by ?? "",
        rank: 3,
      },
      { id: "note", title: t("challenges.note"), cell: (each) => each.note, text: (each) => each.note, rank: 3 },
      {
        id: "remove",
        title: t("node.actions"),
        cell: (each) =>
          each.state === "open" && (
            <Act
              label={t("challenges.remove")}
              icon={Trash2}
              needs="operate"
              dangerous
              ask={<Text size="sm">{t("challenges.remove_text")}</Text>}
              run={() => call("delete", "/v1/challenges/{id}", { path: { id: each.id } })}
              topics={["authority"]}
            />
          ),
        text: () => "",
        rank: 2,
      },
    ],
    [t],
  );
  return (
    <DataList
      name="challenges"
      label={t("authority.challenges")}
      queryKey={["authority", "challenges", { endpoint }]}
      fetch={async (after, limit) => {
        const { challenges, next } = await call("get", "/v1/challenges", {
          query: { endpoint, after: after as never, limit },
        });
        return { rows: challenges, next };
      }}
      operations={operations}
      columns={columns}
      rowId={(each) => each.id}
      filters={
        <ChoiceFilter
          name="endpoint"
          label={t("certificates.endpoint")}
          usual={t("list.all")}
          choices={endpoints.data?.endpoints.map(({ name }) => ({ value: name, label: name })) ?? []}
        />
      }
      actions={<Mint />}
      empty={
        <Empty icon={KeyRound} title={t("challenges.none")}>
          <Text size="sm">{t("challenges.none_text")}</Text>
          <Snippet
            label={t("first_steps.command")}
            text={`chancery challenge add ${shellWord(endpoint ?? "ENDPOINT")} --subject CN=my-device`}
          />
        </Empty>
      }
    />
  );
}

function Mint() {
  const { t } = useTranslation();
  const fields = useChallengeFields();
  const [subject, setSubject] = useState("");
  const [note, setNote] = useState("");
  const [minted, setMinted] = useState<MintedChallenge>();
  return (
    <>
      <Act
        label={t("challenges.add")}
        icon={Plus}
        needs="operate"
        button={{ size: "sm" }}
        ask={
          <Stack gap="sm">
            <Text size="sm">{t("challenges.add_text")}</Text>
            <EndpointField fields={fields} />
            <TextField
              label={t("certificate.subject")}
              description={t("challenges.subject_text")}
              placeholder="CN=my-device"
              value={subject}
              change={setSubject}
            />
            <NamesField fields={fields} />
            <LifetimeField fields={fields} />
            <TextField label={t("challenges.note")} value={note} change={setNote} />
          </Stack>
        }
        fresh={() => {
          fields.clear();
          setSubject("");
          setNote("");
        }}
        run={async () => {
          setMinted(
            await call("post", "/v1/challenges", {
              body: { ...fields.body, subject: subject || undefined, note: note || undefined },
            }),
          );
        }}
        topics={["authority"]}
      />
      <Dialog
        keep
        opened={minted !== undefined}
        close={() => setMinted(undefined)}
        size="xl"
        title={t("hand_over.once")}
      >
        {minted && (
          <Stack>
            <Snippet label={t("hand_over.challenge")} text={minted.challenge} />
            <Snippet
              label={t("hand_over.commands")}
              text={[
                "chancery-agent enroll",
                `--url ${shellWord(minted.url)}`,
                ...(minted.fingerprint ? [`--fingerprint ${minted.fingerprint}`] : []),
                `--subject ${shellWord(subject || "CN=my-device")}`,
                "--challenge-file CHALLENGE_FILE --out FOLDER",
              ].join(" \\\n  ")}
            />
          </Stack>
        )}
      </Dialog>
    </>
  );
}
