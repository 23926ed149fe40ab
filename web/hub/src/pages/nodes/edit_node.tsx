import { Autocomplete, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import type { NodeDetails } from "@chancery/shared/api/models.ts";
import { Act } from "../../parts/act.tsx";
import { clustersQuery } from "../../queries.ts";
import { clusterId } from "./clusters.ts";
import { products } from "./products.ts";

export function EditNode({ node }: { node: NodeDetails }) {
  const { t } = useTranslation();
  const clusters = useQuery(clustersQuery);
  const known = clusters.data?.clusters ?? [];
  const [name, setName] = useState(node.name);
  const [product, setProduct] = useState(node.product);
  const [typed, setTyped] = useState<string>();
  const cluster = typed ?? known.find(({ id }) => id === node.cluster_id)?.name ?? "";
  return (
    <Act
      label={t("node.edit")}
      icon={Pencil}
      needs="operate"
      confirm={t("common.save")}
      ask={
        <Stack gap="sm">
          <TextInput
            label={t("nodes.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={64}
          />
          <Autocomplete label={t("nodes.product")} data={products} value={product} onChange={setProduct} />
          <Autocomplete
            label={t("nodes.cluster")}
            description={t("node.cluster_text")}
            data={known.map((each) => each.name)}
            value={cluster}
            onChange={setTyped}
          />
        </Stack>
      }
      fresh={() => {
        setName(node.name);
        setProduct(node.product);
        setTyped(undefined);
      }}
      run={async () =>
        call("patch", "/v1/nodes/{id}", {
          path: { id: node.id },
          body: { name, product, cluster: await clusterId(cluster, known) },
        })
      }
      topics={["nodes"]}
    />
  );
}
