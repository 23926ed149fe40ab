import { Button, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { FileUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { namesInPem, pemOfFile } from "./pem.ts";

interface PemFieldProps {
  text: string;
  change: (text: string) => void;
}

// Certificates, pasted or from a file, and whose they are.
export function PemField({ text, change }: PemFieldProps) {
  const { t, i18n } = useTranslation();
  const names = namesInPem(text);
  const load = async (file: File | null) => {
    if (file) change(pemOfFile(new Uint8Array(await file.arrayBuffer())));
  };
  return (
    <Stack gap="xs">
      <Textarea
        label={t("node.pem")}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        rows={6}
        required
        classNames={{ input: "mono" }}
        error={text.trim() !== "" && names.length === 0 ? t("pem.none") : undefined}
      />
      <Group gap="sm">
        <FileButton onChange={(file) => void load(file)} accept=".pem,.crt,.cer,.der,application/x-x509-ca-cert">
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<FileUp size={14} aria-hidden />}>
              {t("pem.file")}
            </Button>
          )}
        </FileButton>
        <Text size="sm" role="status">
          {names.length > 0 &&
            t("pem.found", { count: names.length, names: new Intl.ListFormat(i18n.language).format(names) })}
        </Text>
      </Group>
    </Stack>
  );
}
