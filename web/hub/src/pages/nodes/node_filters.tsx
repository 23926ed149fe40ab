import { useTranslation } from "react-i18next";
import { ChoiceFilter, TextFilter } from "../../parts/filter_fields.tsx";

const states = ["expected", "waiting", "admitted", "blocked"] as const;
const problems = ["revoked", "failed", "expiring", "unseen"] as const;

// What every list of nodes can be filtered by.
export function NodeFilters() {
  const { t } = useTranslation();
  return (
    <>
      <TextFilter label={t("nodes.search")} />
      <ChoiceFilter
        name="state"
        label={t("nodes.state")}
        usual={t("list.all")}
        choices={states.map((value) => ({ value, label: t(`node_state.${value}`) }))}
      />
      <ChoiceFilter
        name="problem"
        label={t("nodes.problem")}
        usual={t("list.all")}
        choices={problems.map((value) => ({ value, label: t(`problem.${value}`) }))}
      />
    </>
  );
}
