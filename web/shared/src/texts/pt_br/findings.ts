import type { findings as english } from "../en/findings.ts";
import type { TextsOf } from "../texts_of.ts";

const rollOver =
  "Em Autoridade, Gerações, anuncie a próxima geração, dê tempo para os dispositivos a obterem e então ative-a.";
const newRoot = "Planeje uma nova autoridade: todos os dispositivos devem receber a nova raiz a tempo.";
const setClock = "Acerte o relógio da máquina e crie novas CRLs em Autoridade, CRLs.";
const bringRootKey = "Traga a chave privada da raiz de volta a esta máquina: uma nova CRL é criada em minutos.";
const setBaseUrl =
  "Defina base_url na configuração como um nome que todos os dispositivos possam resolver. Certificados já emitidos mantêm o endereço antigo da CRL.";
const decide = "Aprove ou rejeite na página Solicitações.";
const mendSettings = "Corrija as configurações; o serviço precisa poder ler os arquivos com segredos.";

export const findings: TextsOf<typeof english> = {
  finding: {
    not_ready: {
      what: "O servidor não está pronto: {{cause}}",
      fix: "Verifique o disco, o espaço livre, as permissões e o log.",
    },
    clock_early: {
      what: "O relógio marca {{now}}, antes do início da validade da CA emissora ({{time}})",
      fix: "Acerte o relógio da máquina e mantenha-o certo com NTP.",
    },
    root_expired: { what: "O certificado raiz expirou: {{time}}", fix: newRoot },
    root_expires: { what: "O certificado raiz expira em breve: {{time}}", fix: newRoot },
    issuing_expired: { what: "O certificado da CA emissora expirou: {{time}}", fix: rollOver },
    issuing_expires: { what: "O certificado da CA emissora expira em breve: {{time}}", fix: rollOver },
    ra_expired: { what: "O certificado da RA expirou: {{time}}", fix: rollOver },
    ra_expires: { what: "O certificado da RA expira em breve: {{time}}", fix: rollOver },
    root_key_here: {
      what: "A chave privada da raiz está nesta máquina",
      fix: "Ela só é necessária para uma troca de geração: mantenha-a offline até lá, com uma cópia em outro lugar.",
    },
    root_crl_future: { what: "A CRL da raiz vem do futuro ({{time}}): o relógio foi atrasado", fix: setClock },
    crl_future: {
      what: "A CRL da geração {{generation}} vem do futuro ({{time}}): o relógio foi atrasado",
      fix: setClock,
    },
    root_crl_expired: { what: "A CRL da raiz expirou: {{time}}", fix: bringRootKey },
    root_crl_expires: { what: "A CRL da raiz expira em breve: {{time}}", fix: bringRootKey },
    crl_not_renewed: {
      what: "A CRL da geração {{generation}} expira em breve e não foi renovada: {{time}}",
      fix: "Veja no log por que não foi possível criar CRLs.",
    },
    crl_behind: {
      what: "Falta na CRL da geração {{generation}} o que foi revogado ou liberado desde então: não foi possível criá-la",
      fix: "Libere espaço no disco e veja o log: uma nova tentativa é feita a cada minuto.",
    },
    ledger_gone: {
      what: "{{file}} não existe mais: o que for decidido a partir de agora se perde quando o servidor parar",
      fix: "Pare o servidor e restaure ledger.db e a pasta authority juntos a partir de um backup: veja docs/backup.md.",
    },
    endpoints_unreadable: {
      what: "Não é possível ler os endpoints: {{cause}}",
      fix: "Verifique o disco e o log.",
    },
    endpoint_none: {
      what: "Não há endpoint: nenhum dispositivo pode solicitar um certificado",
      fix: "Adicione um em Autoridade, Endpoints.",
    },
    endpoint_silent: { what: "O endpoint {{endpoint}} não responde: {{cause}}", fix: mendSettings },
    endpoint_not_loaded: {
      what: "O endpoint {{endpoint}} não responde: não foi possível carregá-lo",
      fix: mendSettings,
    },
    endpoint_off: {
      what: "O endpoint {{endpoint}} está desligado",
      fix: "Defina enabled como true quando dispositivos devam solicitar certificados ali.",
    },
    endpoint_warning: {
      what: "No endpoint {{endpoint}}: {{cause}}",
      fix: "Altere as configurações se os clientes puderem fazer melhor.",
    },
    alias_nowhere: {
      what: "{{option}} indica o endpoint {{endpoint}}, que não existe: nesse endereço os dispositivos recebem 404",
      fix: "Adicione esse endpoint, ou corrija a opção na configuração e reinicie o servidor.",
    },
    endpoint_too_long: {
      what: "O endpoint {{endpoint}} emite para {{validity}}, mas a CA emissora termina em {{time}}: a partir de {{last_time}}, as solicitações são recusadas",
      fix: "Reduza a validade do endpoint ou anuncie e ative a próxima geração.",
    },
    base_url_local: { what: "base_url é {{url}}: só esta máquina alcança CRLs e SCEP ali", fix: setBaseUrl },
    base_url_bare: {
      what: "base_url é {{url}}: um nome sem domínio, que dispositivos em outros lugares não podem resolver",
      fix: setBaseUrl,
    },
    base_url_https: {
      what: "base_url começa com https: para verificar um certificado TLS, os dispositivos precisariam da CRL que obtêm por TLS",
      fix: "Use http em base_url: CRLs e certificados de CA são assinados.",
    },
    request_waits: { what: "Uma solicitação aguarda há mais de um dia", fix: decide },
    requests_wait: { what: "{{count}} solicitações aguardam há mais de um dia", fix: decide },
    intents_left: {
      what: "Certificados decididos há mais de um dia e nunca assinados: {{count}}",
      fix: "Nada se perdeu: cada um é assinado quando o dispositivo pedir de novo. Revogue aqueles cujo dispositivo não voltará.",
    },
    disk_full: {
      what: "O disco de {{folder}} tem {{mebibytes}} MiB livres",
      fix: "Libere espaço: nada é emitido com o disco cheio.",
    },
  },
};
