import type { overview as english } from "../en/overview.ts";
import type { TextsOf } from "../texts_of.ts";

export const overview: TextsOf<typeof english> = {
  validity: {
    label: "Válido de {{from}} a {{to}}, termina {{when}}",
    today: "Agora",
    renewal: "Próxima renovação",
    future: "começa {{when}}",
    valid: "termina {{when}}",
    expiring: "termina {{when}}",
    expired: "terminou {{when}}",
    revoked: "revogado",
  },
  overview: {
    calm: "Nada precisa de você no momento.",
    timeline: "O que expira nos próximos 90 dias",
    findings: "O que o hub constata sobre si mesmo",
    totals: "No total",
  },
  risk: {
    expired_one: "certificado em uso expirou",
    expired_other: "certificados em uso expiraram",
    failed_slots_one: "posição com erro",
    failed_slots_other: "posições com erro",
    revoked_slots_one: "posição com certificado revogado",
    revoked_slots_other: "posições com certificado revogado",
    expiring_7_days_one: "com renovação atrasada, termina em até 7 dias",
    expiring_7_days_other: "com renovação atrasada, terminam em até 7 dias",
    expiring_30_days_one: "com renovação atrasada, termina em até 30 dias",
    expiring_30_days_other: "com renovação atrasada, terminam em até 30 dias",
    pending_requests_one: "solicitação a aprovar",
    pending_requests_other: "solicitações a aprovar",
    waiting_nodes_one: "nó aguarda admissão",
    waiting_nodes_other: "nós aguardam admissão",
    failed_orders_one: "ordem com erro",
    failed_orders_other: "ordens com erro",
    refused_requests_one: "dispositivo recusado hoje",
    refused_requests_other: "dispositivos recusados hoje",
    unseen_nodes_one: "nó não visto ultimamente",
    unseen_nodes_other: "nós não vistos ultimamente",
  },
  total: {
    nodes_one: "nó",
    nodes_other: "nós",
    slots_one: "posição",
    slots_other: "posições",
    certificates_one: "certificado",
    certificates_other: "certificados",
  },
  timeline: {
    text_one:
      "{{count}} certificado em uso termina nesse período. Um dia leva aos seus certificados; os dias são em UTC.",
    text_other:
      "{{count}} certificados em uso terminam nesse período. Um dia leva aos seus certificados; os dias são em UTC.",
    day_one: "{{count}} certificado termina em {{day}}",
    day_other: "{{count}} certificados terminam em {{day}}",
  },
  findings: { none: "Nada constatado" },
  severity: { error: "Erro", warning: "Aviso", info: "Nota" },
  first_steps: {
    title: "O primeiro dispositivo",
    text: "Anuncie um dispositivo: você recebe uma challenge password para ele e as linhas a colocar nele. Ele aparece aqui assim que receber o certificado.",
    command: "O mesmo na linha de comando",
  },
};
