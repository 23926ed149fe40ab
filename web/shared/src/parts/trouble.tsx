import { Alert, Button } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";

// What went wrong, in the words of who noticed it.
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<TriangleAlert size={18} aria-hidden />}
      title={t("common.failed")}
      role="alert"
    >
      <span style={{ whiteSpace: "pre-line" }}>{error instanceof Error ? error.message : String(error)}</span>
      {retry && (
        <div style={{ marginTop: 8 }}>
          <Button size="xs" variant="default" onClick={retry}>
            {t("common.retry")}
          </Button>
        </div>
      )}
    </Alert>
  );
}
