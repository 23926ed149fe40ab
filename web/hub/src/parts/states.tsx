import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleX,
  Clock,
  ClockAlert,
  Hourglass,
  Loader,
  RefreshCw,
  Replace,
  Send,
  TriangleAlert,
  Wifi,
  WifiOff,
  type LucideIcon,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Certificate, NodeState, OrderState, SlotStatus, Stage, Worst } from "@chancery/shared/api/models.ts";
import { Mark, type Tone } from "@chancery/shared/parts/mark.tsx";

type Look = [tone: Tone, icon: LucideIcon];
const unknown: Look = ["muted", CircleHelp];

const nodeLooks: Record<NodeState, Look> = {
  expected: ["info", CircleDashed],
  waiting: ["warn", Hourglass],
  admitted: ["ok", CircleCheck],
  blocked: ["bad", Ban],
};
export function NodeStateMark({ state }: { state: NodeState }) {
  const { t } = useTranslation();
  const [tone, icon] = nodeLooks[state] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`node_state.${state}`)}
    </Mark>
  );
}

const worstLooks: Record<Worst, Look> = {
  ok: ["ok", CircleCheck],
  expiring: ["warn", ClockAlert],
  expired: ["bad", CircleX],
  failed: ["bad", TriangleAlert],
  revoked: ["bad", Ban],
  empty: ["muted", CircleDashed],
};
export function WorstMark({ worst }: { worst: Worst }) {
  const { t } = useTranslation();
  const [tone, icon] = worstLooks[worst] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`worst.${worst}`)}
    </Mark>
  );
}

const stageLooks: Record<Stage, Look> = {
  empty: ["muted", CircleDashed],
  enrolling: ["info", Loader],
  awaiting_approval: ["warn", Hourglass],
  valid: ["ok", CircleCheck],
  renewing: ["info", RefreshCw],
  failed: ["bad", TriangleAlert],
  expired: ["bad", CircleX],
};
// What the agent says of a slot, and before it what the hub knows better: the agent may not have heard of it yet, or be gone.
export function SlotMarks({ slot }: { slot: SlotStatus }) {
  const status = slot.certificate_status;
  const ended = status === "revoked" || status === "suspended" || status === "expired";
  return (
    <>
      {ended && <CertificateStatusMark status={status} />}
      {!(ended && (slot.stage === "valid" || slot.stage === "expired")) && <StageMark stage={slot.stage} />}
    </>
  );
}

function StageMark({ stage }: { stage: string }) {
  const { t } = useTranslation();
  const [tone, icon] = stageLooks[stage as Stage] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {stage in stageLooks ? t(`stage.${stage as Stage}`) : stage}
    </Mark>
  );
}

export function OnlineMark({ online }: { online: boolean }) {
  const { t } = useTranslation();
  return online ? (
    <Mark tone="ok" icon={Wifi}>
      {t("nodes.online")}
    </Mark>
  ) : (
    <Mark tone="muted" icon={WifiOff}>
      {t("nodes.offline")}
    </Mark>
  );
}

export type CertificateStatus = Certificate["status"];
const certificateLooks: Record<CertificateStatus, Look> = {
  valid: ["ok", CircleCheck],
  expiring: ["warn", ClockAlert],
  expired: ["bad", CircleX],
  superseded: ["muted", Replace],
  revoked: ["bad", Ban],
  suspended: ["warn", CirclePause],
  pending: ["info", Hourglass],
};
export function CertificateMark({ certificate }: { certificate: Certificate }) {
  return <CertificateStatusMark status={certificate.status} />;
}

function CertificateStatusMark({ status }: { status: CertificateStatus }) {
  const { t } = useTranslation();
  const [tone, icon] = certificateLooks[status] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`certificate_status.${status}`)}
    </Mark>
  );
}

export type RequestState = "pending" | "issued" | "rejected";
const requestLooks: Record<RequestState, Look> = {
  pending: ["warn", Hourglass],
  issued: ["ok", CircleCheck],
  rejected: ["bad", CircleX],
};
export function RequestMark({ state }: { state: RequestState }) {
  const { t } = useTranslation();
  const [tone, icon] = requestLooks[state] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`request_state.${state}`)}
    </Mark>
  );
}

const orderLooks: Record<OrderState, Look> = {
  queued: ["info", Clock],
  delivered: ["info", Send],
  done: ["ok", CircleCheck],
  failed: ["bad", TriangleAlert],
  expired: ["warn", ClockAlert],
  cancelled: ["muted", Ban],
};
export function OrderMark({ state }: { state: OrderState }) {
  const { t } = useTranslation();
  const [tone, icon] = orderLooks[state] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`order_state.${state}`)}
    </Mark>
  );
}

export type ChallengeState = "open" | "used" | "expired";
const challengeLooks: Record<ChallengeState, Look> = {
  open: ["ok", CircleDashed],
  used: ["muted", CircleCheck],
  expired: ["muted", CircleX],
};
export function ChallengeMark({ state }: { state: ChallengeState }) {
  const { t } = useTranslation();
  const [tone, icon] = challengeLooks[state] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`challenge_state.${state}`)}
    </Mark>
  );
}

export type GenerationState = "next" | "current" | "old";
const generationLooks: Record<GenerationState, Look> = {
  next: ["info", Hourglass],
  current: ["ok", CircleCheck],
  old: ["muted", Clock],
};
export function GenerationMark({ state }: { state: GenerationState }) {
  const { t } = useTranslation();
  const [tone, icon] = generationLooks[state] ?? unknown;
  return (
    <Mark tone={tone} icon={icon}>
      {t(`generation_state.${state}`)}
    </Mark>
  );
}
