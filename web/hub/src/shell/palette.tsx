import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { FileBadge, Router, Search, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "@chancery/shared/api/client.ts";
import { commonName, plainHex } from "@chancery/shared/format/certificate.ts";
import { localDate } from "@chancery/shared/format/time.ts";

export const openPalette = spotlight.open;

interface PaletteProps {
  pages: {
    to: string;
    key: "overview" | "nodes" | "certificates" | "requests" | "authority" | "audit" | "users";
    icon: LucideIcon;
  }[];
}

// Ctrl-K: pages by name, nodes by name, certificates by name, serial or fingerprint.
export function Palette({ pages }: PaletteProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [wanted] = useDebouncedValue(plainHex(query), 200);
  const search = wanted.length >= 2;
  const found = useQuery({
    queryKey: ["palette", wanted],
    enabled: search,
    staleTime: 5_000,
    queryFn: async ({ signal }) => {
      const [nodes, certificates] = await Promise.all([
        call("get", "/v1/nodes", { query: { text: wanted, limit: 6 }, signal }),
        call("get", "/v1/certificates", { query: { text: wanted, limit: 8 }, signal }),
      ]);
      return { nodes: nodes.nodes, certificates: certificates.certificates };
    },
  });
  const needle = query.trim().toLowerCase();
  const shownPages = pages.filter((page) => t(`pages.${page.key}`).toLowerCase().includes(needle));
  const nodes = search ? (found.data?.nodes ?? []) : [];
  const certificates = search ? (found.data?.certificates ?? []) : [];
  const go = (to: string) => () => void navigate({ to });
  const nothing = shownPages.length + nodes.length + certificates.length === 0;

  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={["mod + K"]} scrollable maxHeight="60vh">
      <Spotlight.Search
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.open")}
        leftSection={<Search size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {shownPages.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.pages")}>
            {shownPages.map(({ to, key, icon: Icon }) => (
              <Spotlight.Action
                key={key}
                label={t(`pages.${key}`)}
                leftSection={<Icon size={18} aria-hidden />}
                onClick={go(to)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nodes.length > 0 && (
          <Spotlight.ActionsGroup label={t("pages.nodes")}>
            {nodes.map((node) => (
              <Spotlight.Action
                key={node.id}
                label={node.name}
                description={node.product}
                leftSection={<Router size={18} aria-hidden />}
                onClick={go(`/nodes/${node.id}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {certificates.length > 0 && (
          <Spotlight.ActionsGroup label={t("pages.certificates")}>
            {certificates.map((certificate) => (
              <Spotlight.Action
                key={certificate.serial}
                label={commonName(certificate.subject)}
                description={`${certificate.serial} · ${t("certificates.until", { date: localDate(Date.parse(certificate.not_after), i18n.language) })}`}
                leftSection={<FileBadge size={18} aria-hidden />}
                onClick={go(`/certificates/${certificate.serial}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {nothing && <Spotlight.Empty>{found.isFetching ? t("common.loading") : t("palette.nothing")}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
