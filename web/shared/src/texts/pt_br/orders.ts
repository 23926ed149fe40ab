import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "Ler inventário",
    renew_slot: "Renovar",
    generate_csr: "Gerar CSR",
    install_certificate: "Instalar certificado",
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
    add_trust_one: "{{names}} passará a confiar em {{ca}}. O que já é confiável permanece.",
    add_trust_other: "{{count}} nós passarão a confiar em {{ca}}: {{names}}. O que já é confiável permanece.",
    remove_trust_one:
      "{{names}} deixa de confiar em {{ca}} no repositório {{store}}. Quem apresentar certificados dela será recusado.",
    remove_trust_other:
      "{{count}} nós deixam de confiar em {{ca}} no repositório {{store}}: {{names}}. Quem apresentar certificados dela será recusado.",
  },
  order_state: {
    queued: "Na fila",
    delivered: "Em processamento",
    done: "Bem-sucedida",
    failed: "Erro",
    expired: "Prazo esgotado",
    cancelled: "Cancelada",
  },
  orders: {
    text: "O que se pediu aos nós e o que resultou.",
    node: "Nó",
    verb: "Ordem",
    result: "Resultado",
    created: "Dada",
    created_by: "Por",
    deadline: "Não iniciar após",
    finished: "Terminada",
    finished_after: "Terminada após",
    gone: "Nó removido",
    retry: "Tentar novamente",
    retry_text: "{{name}} recebe a ordem mais uma vez: {{verb}}. A ordem anterior permanece na lista.",
    retried: "Ordem dada novamente: {{verb}}",
    none: "Ainda não há ordens",
    none_text:
      "As ordens aparecem aqui quando alguém pede a um nó que renove, instale um certificado ou confie em uma CA, na página do nó ou na linha de comando.",
  },
  round: {
    where: "Em quais nós",
    this: "Somente {{name}}",
    chosen: "Clusters e nós escolhidos",
    all: "Todos os nós",
    nobody: "Nenhum nó admitido foi escolhido.",
    more_one: "mais {{count}}",
    more_other: "mais {{count}}",
    offline_one: "{{count}} deles não está conectado agora: a ordem espera até um dia que ele chame.",
    offline_other: "{{count}} deles não estão conectados agora: as ordens esperam até um dia que eles chamem.",
    skipped_one: "{{count}} é ignorado por não estar admitido: {{names}}",
    skipped_other: "{{count}} são ignorados por não estarem admitidos: {{names}}",
    type_count: "Digite {{number}} para continuar",
    progress: "{{done}} concluídas, {{failed}} com erro, {{open}} em processamento",
    not_asked: "Ordem não dada",
    may_close: "Você pode fechar: as ordens continuam, e a página Ordens mostra o que resulta delas.",
    retry_one: "Repetir {{count}} com erro",
    retry_other: "Repetir {{count}} com erro",
  },
  trust: {
    certificate: "Certificado de CA",
    upload: "Carregar ou colar um certificado",
    store_text: "Onde o nó o guarda; os serviços indicam o repositório em que confiam. Em geral: default",
    unknown: "Certificado desconhecido",
    this_ca: "esta CA",
  },
  pem: {
    none: "Não há certificado neste texto",
    file: "Escolher um arquivo",
    found_one: "{{count}} certificado: {{names}}",
    found_other: "{{count}} certificados: {{names}}",
  },
};
