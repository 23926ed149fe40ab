import { Autocomplete, Button, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { call, type AnswerOf } from "@chancery/shared/api/client.ts";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { invalidate } from "../../live.ts";
import { PageHead } from "../../parts/page.tsx";
import { clustersQuery } from "../../queries.ts";
import { hasRight, useSession } from "../../session.tsx";
import { EndpointField, LifetimeField, NamesField, useChallengeFields } from "./challenge_fields.tsx";
import { clusterId } from "./clusters.ts";
import { HandOver } from "./hand_over.tsx";
import classes from "./nodes.module.css";
import { products } from "./products.ts";

// Announces a device: the hub makes a node and a challenge for it, and the page says what to put on the device.
export function NewNodePage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const session = useSession();
  const fields = useChallengeFields();
  const clusters = useQuery(clustersQuery);
  const [name, setName] = useState("");
  const [product, setProduct] = useState("");
  const [cluster, setCluster] = useState("");
  const [slot, setSlot] = useState("default");
  const [typedSubject, setTypedSubject] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [made, setMade] = useState<AnswerOf<"/v1/nodes", "post">>();
  const subject = typedSubject ?? (name ? `CN=${name}` : "");

  const add = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const answer = await call("post", "/v1/nodes", {
        body: {
          name,
          product: product || undefined,
          cluster: await clusterId(cluster, clusters.data?.clusters ?? []),
          slot,
          subject: subject || undefined,
          ...fields.body,
        },
      });
      invalidate(client, ["nodes", "authority"]);
      setMade(answer);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  if (made) {
    return (
      <div className={classes.form}>
        <PageHead title={t("hand_over.title", { name: made.node.name })} />
        {made.challenge && (
          <HandOver
            minted={made.challenge}
            name={made.node.name}
            product={product}
            slot={slot}
            subject={subject}
            names={fields.names}
          />
        )}
        <Group mt="lg">
          <Button component={Link} to={`/nodes/${made.node.id}`}>
            {t("new_node.show")}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              setMade(undefined);
              setName("");
              setTypedSubject(undefined);
              fields.setNames([]);
            }}
          >
            {t("new_node.another")}
          </Button>
        </Group>
      </div>
    );
  }
  const allowed = hasRight(session, "operate");
  return (
    <div className={classes.form}>
      <PageHead title={t("nodes.add")} text={t("new_node.text")} />
      <form onSubmit={(event) => void add(event)}>
        <Stack>
          <TextInput
            label={t("nodes.name")}
            description={t("new_node.name_text")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={64}
            autoFocus
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Autocomplete label={t("nodes.product")} data={products} value={product} onChange={setProduct} />
            <Autocomplete
              label={t("nodes.cluster")}
              data={clusters.data?.clusters.map((each) => each.name) ?? []}
              value={cluster}
              onChange={setCluster}
            />
            <TextInput
              label={t("new_node.slot")}
              description={t("new_node.slot_text")}
              value={slot}
              onChange={(event) => setSlot(event.currentTarget.value)}
              required
            />
            <EndpointField fields={fields} description={t("new_node.endpoint_text")} />
          </SimpleGrid>
          <TextInput
            label={t("certificate.subject")}
            description={t("new_node.subject_text")}
            value={subject}
            onChange={(event) => setTypedSubject(event.currentTarget.value)}
          />
          <NamesField fields={fields} />
          <LifetimeField fields={fields} />
          <Trouble error={error} />
          {fields.serving?.length === 0 && <Trouble error={t("new_node.no_endpoint")} />}
          {!allowed && <Trouble error={t("rights.operate")} />}
          <Group>
            <Button type="submit" loading={busy} disabled={!allowed}>
              {t("new_node.submit")}
            </Button>
            <Button component={Link} to="/nodes" variant="default">
              {t("common.cancel")}
            </Button>
          </Group>
        </Stack>
      </form>
    </div>
  );
}
