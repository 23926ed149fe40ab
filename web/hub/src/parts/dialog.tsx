import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface DialogProps {
  title: string;
  opened: boolean;
  close: () => void;
  // Once nothing of it is to be seen any more.
  closed?: () => void;
  size?: string;
  // What is shown in it cannot be shown again, so a stray click does not close it.
  keep?: boolean;
  // Something goes on in it of which nobody would hear otherwise: it cannot be closed.
  busy?: boolean;
  children: ReactNode;
}

export function Dialog({
  title,
  opened,
  close,
  closed,
  size = "lg",
  keep = false,
  busy = false,
  children,
}: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={() => !busy && close()}
      onExitTransitionEnd={closed}
      title={title}
      size={size}
      closeOnClickOutside={!keep && !busy}
      closeOnEscape={!keep && !busy}
      closeButtonProps={{ "aria-label": t("common.close"), disabled: busy }}
      // A dialog's header is not the page's.
      attributes={{ header: { role: "presentation" } } as never}
    >
      {children}
    </Modal>
  );
}
