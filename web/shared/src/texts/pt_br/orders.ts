import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "Ler inventário",
    renew_slot: "Renovar",
    generate_csr: "Gerar CSR",
    install_certificate: "Enviar certificado",
    add_trust: "Adicionar CA confiável",
    remove_trust: "Remover CA confiável",
    reload: "Recarregar serviço",
    restart: "Reiniciar serviço",
  },
  ask: {
    renew_slot:
      "{{name}} solicita agora um novo certificado para a posição {{slot}}, instala-o, recarrega o serviço e o verifica; se a verificação falhar, volta o par anterior.",
    generate_csr:
      "{{name}} cria uma nova chave e uma solicitação de assinatura para a posição {{slot}}. O certificado em uso permanece.",
    install_certificate:
      "{{name}} instala este certificado na posição {{slot}}, se corresponder à chave da última CSR. Coloque os certificados da CA depois dele. O serviço é recarregado.",
    reload: "{{name}} recarrega o serviço da posição {{slot}}. As conexões normalmente permanecem.",
    restart: "{{name}} reinicia o serviço da posição {{slot}}. Suas conexões terminam, e ele fica fora por um momento.",
    add_trust: "{{name}} confiará nestes certificados de CA a partir de então. O que já é confiável permanece.",
    remove_trust: "{{name}} deixa de confiar nesta CA. Pares com certificados dela passam a ser recusados.",
  },
  order_state: {
    queued: "Na fila",
    delivered: "Em processamento",
    done: "Bem-sucedida",
    failed: "Erro",
    expired: "Prazo esgotado",
    cancelled: "Cancelada",
  },
};
