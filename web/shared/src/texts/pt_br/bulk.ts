import type { bulk as english } from "../en/bulk.ts";
import type { TextsOf } from "../texts_of.ts";

export const bulk: TextsOf<typeof english> = {
  bulk: {
    select: "Selecionar {{name}}",
    select_loaded: "Selecionar todas as linhas mostradas",
    selected_one: "{{count}} selecionado",
    selected_other: "{{count}} selecionados",
    whole_one: "O único resultado está selecionado",
    whole_other: "Todos os {{count}} resultados estão selecionados",
    select_all: "Selecionar todos os resultados (pelo menos {{number}})",
    selecting: "Selecionando todos os resultados: {{number}} até agora",
    looking: "Consultando de novo o que está selecionado: {{number}} até agora",
    stop: "Parar",
    stopped_one: "parado: {{count}} não foi iniciado",
    stopped_other: "parado: {{count}} não foram iniciados",
    clear: "Limpar seleção",
    actions: "Ações para a seleção",
    more: "Mais",
    left_one: "{{count}} linha saiu da lista e, com isso, da seleção.",
    left_other: "{{count}} linhas saíram da lista e, com isso, da seleção.",
    nothing: "Nada pode ser feito com o que está selecionado.",
    skipped_one: "{{count}} é ignorado ({{why}}): {{names}}",
    skipped_other: "{{count}} são ignorados ({{why}}): {{names}}",
    more_rows_one: "… e mais {{count}}",
    more_rows_other: "… e mais {{count}}",
    csv: "Exportar seleção como CSV",
    pem: "Exportar como PEM",
    move: "Mover para um cluster",
    with_earlier: "Também os certificados anteriores destes dispositivos que ainda são válidos",
    no_cluster: "Para nenhum cluster",
    all_slots: "Todas as posições",
    reading: "Consultando os nós: {{done}} de {{all}}",
  },
  bulk_ask: {
    renew_slot_one:
      "{{count}} certificado é renovado: {{names}}. O nó solicita um novo, instala-o, recarrega o serviço e o verifica; se a verificação falhar, volta o par anterior.",
    renew_slot_other:
      "{{count}} certificados são renovados: {{names}}. Cada nó solicita um novo, instala-o, recarrega o serviço e o verifica; onde a verificação falhar, volta o par anterior.",
    generate_csr_one:
      "São criadas uma nova chave e uma solicitação de assinatura para {{count}} posição: {{names}}. O certificado em uso permanece.",
    generate_csr_other:
      "São criadas novas chaves e solicitações de assinatura para {{count}} posições: {{names}}. Os certificados em uso permanecem.",
    reload_one:
      "O serviço de {{count}} posição é recarregado: {{names}}. As conexões normalmente permanecem. Onde não há um programa configurado para isso, a ordem falha.",
    reload_other:
      "Os serviços de {{count}} posições são recarregados: {{names}}. As conexões normalmente permanecem. Onde não há um programa configurado para isso, a ordem falha.",
    restart_one:
      "O serviço de {{count}} posição é reiniciado: {{names}}. Suas conexões terminam, e ele fica fora por um momento.",
    restart_other:
      "Os serviços de {{count}} posições são reiniciados: {{names}}. Suas conexões terminam, e eles ficam fora por um momento.",
    offline_one: "{{count}} nó não está conectado agora: o que se pede a ele espera por até um dia, até que ele chame.",
    offline_other:
      "{{count}} nós não estão conectados agora: o que se pede a eles espera por até um dia, até que eles chamem.",
    read_inventory_one: "{{names}} informa de novo o que tem. Nada muda nele.",
    read_inventory_other: "{{count}} nós informam de novo o que têm: {{names}}. Nada muda neles.",
    admit_one:
      "{{names}} poderá receber ordens e será monitorado como qualquer outro nó. Seu certificado permanece como está.",
    admit_other:
      "{{count}} nós poderão receber ordens e serão monitorados como qualquer outro: {{names}}. Seus certificados permanecem como estão.",
    block_one:
      "A conexão com {{names}} termina imediatamente, e o nó não recebe mais ordens. Seus certificados permanecem válidos até expirarem ou serem revogados.",
    block_other:
      "As conexões com {{count}} nós terminam imediatamente, e eles não recebem mais ordens: {{names}}. Seus certificados permanecem válidos até expirarem ou serem revogados.",
    remove_one:
      "O hub esquece {{names}}, seu histórico e suas ordens. Seus certificados permanecem no registro. Se o dispositivo chamar de novo, aparece como nó aguardando.",
    remove_other:
      "O hub esquece {{count}} nós, seu histórico e suas ordens: {{names}}. Seus certificados permanecem no registro. Se um dispositivo chamar de novo, aparece como nó aguardando.",
    move_one: "{{names}} passa para o cluster {{cluster}}. Nada muda no dispositivo.",
    move_other: "{{count}} nós passam para o cluster {{cluster}}: {{names}}. Nada muda nos dispositivos.",
    out_one: "{{names}} deixa de pertencer a um cluster. Nada muda no dispositivo.",
    out_other: "{{count}} nós deixam de pertencer a um cluster: {{names}}. Nada muda nos dispositivos.",
    revoke_one:
      "Quem lê a CRL recusa {{count}} certificado a partir de agora, e ele não pode mais ser renovado: {{names}}. Isto não pode ser desfeito.",
    revoke_other:
      "Quem lê a CRL recusa {{count}} certificados a partir de agora, e eles não podem mais ser renovados: {{names}}. Isto não pode ser desfeito.",
    revoke_used_one:
      "{{count}} deles é usado por um nó: sua conexão com o hub termina imediatamente, e ele precisa solicitar um certificado de novo.",
    revoke_used_other:
      "{{count}} deles são usados por nós: suas conexões com o hub terminam imediatamente, e eles precisam solicitar certificados de novo.",
    suspend_one: "Quem lê a CRL recusa {{count}} certificado até a liberação, e ele não pode ser renovado: {{names}}.",
    suspend_other:
      "Quem lê a CRL recusa {{count}} certificados até a liberação, e eles não podem ser renovados: {{names}}.",
    suspend_used_one: "{{count}} deles é usado por um nó: até lá ele fica sem conexão com o hub.",
    suspend_used_other: "{{count}} deles são usados por nós: até lá eles ficam sem conexão com o hub.",
    pem_one: "{{count}} certificado vai para um arquivo: {{names}}",
    pem_other: "{{count}} certificados vão para um arquivo: {{names}}",
    approve_one:
      "{{count}} certificado é emitido conforme a política do endpoint. O dispositivo o recebe na próxima sondagem.",
    approve_other:
      "{{count}} certificados são emitidos conforme as políticas de seus endpoints. Os dispositivos os recebem na próxima sondagem.",
    reject_one:
      "{{count}} dispositivo recebe uma recusa na próxima sondagem. Ele precisa enviar uma nova solicitação para obter um certificado.",
    reject_other:
      "{{count}} dispositivos recebem uma recusa na próxima sondagem. Eles precisam enviar novas solicitações para obter certificados.",
    cancel_one: "{{count}} ordem é cancelada: {{names}}. Um nó que já começou ainda pode terminá-la.",
    cancel_other: "{{count}} ordens são canceladas: {{names}}. Nós que já começaram ainda podem terminar a sua.",
    take_back_one: "Ninguém mais pode solicitar um certificado com {{count}} challenge password: {{names}}",
    take_back_other: "Ninguém mais pode solicitar certificados com {{count}} challenge passwords: {{names}}",
  },
  bulk_why: {
    not_admitted: "não admitido",
    unreadable: "não pôde ser consultado",
    no_slot: "não tem essa posição",
    not_trusted: "não confia nela",
    admitted: "já admitido",
    expected: "ainda não chamou: é admitido ao solicitar um certificado",
    blocked: "já bloqueado",
    there: "já está lá",
    unused: "nenhum nó informa que o usa",
    revoked: "já revogado",
    suspended: "já suspenso",
    unsigned: "ainda não emitido",
    decided: "já decidida",
    over: "já terminada",
    used: "já usada ou expirada",
  },
};
