import type { overview as english } from "../en/overview.ts";
import type { TextsOf } from "../texts_of.ts";

export const overview: TextsOf<typeof english> = {
  validity: {
    label: "Geldig van {{from}} tot {{to}}, eindigt {{when}}",
    today: "Nu",
    renewal: "Volgende vernieuwing",
    future: "begint {{when}}",
    valid: "eindigt {{when}}",
    expiring: "eindigt {{when}}",
    expired: "eindigde {{when}}",
  },
  overview: {
    calm: "Op dit moment is er niets te doen.",
    timeline: "Wat in de komende 90 dagen verloopt",
    findings: "Wat de hub aan zichzelf vindt",
    totals: "In totaal",
  },
  risk: {
    expired_one: "gebruikt certificaat is verlopen",
    expired_other: "gebruikte certificaten zijn verlopen",
    failed_slots_one: "plaats mislukt",
    failed_slots_other: "plaatsen mislukt",
    revoked_slots_one: "plaats met een ingetrokken certificaat",
    revoked_slots_other: "plaatsen met een ingetrokken certificaat",
    expiring_7_days_one: "te laat vernieuwd, eindigt binnen 7 dagen",
    expiring_7_days_other: "te laat vernieuwd, eindigen binnen 7 dagen",
    expiring_30_days_one: "te laat vernieuwd, eindigt binnen 30 dagen",
    expiring_30_days_other: "te laat vernieuwd, eindigen binnen 30 dagen",
    pending_requests_one: "aanvraag goed te keuren",
    pending_requests_other: "aanvragen goed te keuren",
    waiting_nodes_one: "knooppunt wacht op toelating",
    waiting_nodes_other: "knooppunten wachten op toelating",
    failed_orders_one: "opdracht mislukt",
    failed_orders_other: "opdrachten mislukt",
    refused_requests_one: "apparaat vandaag geweigerd",
    refused_requests_other: "apparaten vandaag geweigerd",
    unseen_nodes_one: "knooppunt lang niet gezien",
    unseen_nodes_other: "knooppunten lang niet gezien",
  },
  total: {
    nodes_one: "knooppunt",
    nodes_other: "knooppunten",
    slots_one: "plaats",
    slots_other: "plaatsen",
    certificates_one: "certificaat",
    certificates_other: "certificaten",
  },
  timeline: {
    text_one: "{{count}} gebruikt certificaat eindigt dan. Een dag leidt naar zijn certificaten; dagen zijn in UTC.",
    text_other:
      "{{count}} gebruikte certificaten eindigen dan. Een dag leidt naar zijn certificaten; dagen zijn in UTC.",
    day_one: "{{count}} certificaat eindigt op {{day}}",
    day_other: "{{count}} certificaten eindigen op {{day}}",
  },
  findings: { none: "Niets gevonden" },
  severity: { error: "Fout", warning: "Waarschuwing", info: "Opmerking" },
  first_steps: {
    title: "Het eerste apparaat",
    text: "Kondig een apparaat aan: u krijgt een challenge-wachtwoord en de regels voor het apparaat. Het verschijnt hier zodra het zijn certificaat heeft.",
    command: "Hetzelfde op de opdrachtregel",
  },
};
