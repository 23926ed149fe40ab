import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Trouble } from "@chancery/shared/parts/trouble.tsx";
import { sessionQuery } from "../session.tsx";
import { SignIn } from "./sign_in.tsx";

const Shell = lazy(() => import("./shell.tsx").then((module) => ({ default: module.Shell })));
const FirstPassword = lazy(() => import("./first_password.tsx").then((module) => ({ default: module.FirstPassword })));

// Shows nothing of the hub before somebody is signed in, who then is where the address says.
export function Gate() {
  const { t } = useTranslation();
  const { data: session, error, refetch, isPending } = useQuery(sessionQuery);
  const waiting = (
    <Center mih="100dvh">
      <Loader aria-label={t("common.loading")} />
    </Center>
  );
  if (isPending) return waiting;
  if (error) {
    return (
      <Center mih="100dvh" p="md" component="main">
        <Trouble error={error} retry={() => void refetch()} />
      </Center>
    );
  }
  if (!session) return <SignIn />;
  return <Suspense fallback={waiting}>{session.must_change_password ? <FirstPassword /> : <Shell />}</Suspense>;
}
