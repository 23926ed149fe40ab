import { Button } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Note } from "./note.tsx";
import { ProblemText } from "./said.tsx";

// What went wrong.
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <Note tone="bad" icon={TriangleAlert} title={t("common.failed")} role="alert">
      <div style={{ whiteSpace: "pre-line" }}>
        <ProblemText error={error} />
      </div>
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          {t("common.retry")}
        </Button>
      )}
    </Note>
  );
}
