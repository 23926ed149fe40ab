import type { authority as english } from "../en/authority.ts";
import type { TextsOf } from "../texts_of.ts";

export const authority: TextsOf<typeof english> = {
  authority: {
    generations: "Gerações",
    endpoints: "Endpoints",
    challenges: "Challenge passwords",
    crls: "CRLs",
    root: "Raiz",
    generation: "Geração {{number}}",
    ra: "Autoridade de registro SCEP (RA)",
    chain: "Certificados de CA",
    announce: "Anunciar a próxima geração",
    announced_already: "{{next}} já está anunciada",
    announce_text:
      "Uma nova CA emissora com uma nova chave é criada abaixo da raiz. Os clientes podem buscá-la a partir de então (GetNextCACert), mas {{current}} continua assinando até você ativar a nova. Enquanto isso, entregue-a a tudo o que deve confiar nela.",
    announced: "A próxima geração está anunciada",
    next_name: "Seu nome",
    next_name_text: "Um nome novo: alguns sistemas guardam só um certificado de CA por nome. Vazio: o próximo número.",
    activate: "Ativar a geração anunciada",
    nothing_announced: "Nenhuma geração está anunciada",
    activate_text:
      "{{next}} assina todos os novos certificados a partir de agora. {{current}} torna-se antiga: seus certificados continuam válidos, e sua CRL continua. Dispositivos que ainda não conhecem {{next}} recusam os novos certificados dos outros.",
    activated: "A nova geração assina",
  },
  generation_state: { next: "Anunciada", current: "Assina", old: "Antiga" },
  endpoints: {
    none: "Nenhum endpoint",
    none_text:
      "Um endpoint é uma URL SCEP com sua própria política. Os dispositivos precisam de um para solicitar um certificado.",
    serves: "Atende",
    silent: "Não atende",
    warnings_one: "{{count}} aviso",
    warnings_other: "{{count}} avisos",
    authorisers: "Quem é aceito",
    validity: "Validade",
    preset: "Hábitos dos clientes",
    settings: "Configurações",
    add: "Adicionar endpoint",
    add_text:
      "Ele atende imediatamente, em sua própria URL. Todo o resto tem um padrão seguro e pode ser alterado depois.",
    added: "{{name}} atende",
    remove: "Remover endpoint",
    remove_text: "{{name}} não responde mais. Seus certificados continuam válidos e não podem mais ser renovados ali.",
    removed: "{{name}} foi removido",
    save_one: "Salvar {{count}} alteração",
    save_other: "Salvar {{count}} alterações",
    save_text:
      "Estas configurações valem para cada solicitação a {{name}} a partir de agora. Os certificados já emitidos ficam como estão.",
    saved: "{{name}} foi alterado",
    unchanged: "Nada foi alterado",
    undo: "Desfazer",
  },
  challenges: {
    id: "Id",
    expires: "Válida até",
    used_by: "Usada",
    note: "Nota",
    any: "qualquer",
    none: "Nenhuma challenge password",
    none_text:
      "Uma challenge password é uma senha de uso único com a qual um dispositivo pode solicitar um certificado.",
    add: "Criar uma challenge password",
    add_text: "Pode ser usada uma vez e só é mostrada logo depois de criada.",
    subject_text: "Vazio: qualquer assunto que a política do endpoint permita",
    remove: "Retirar",
    remove_text: "Ninguém mais pode solicitar um certificado com esta challenge password.",
  },
  challenge_state: { open: "Aberta", used: "Usada", expired: "Expirada" },
  crls: {
    number: "Número",
    this_update: "Emitida",
    next_update: "Próxima, no mais tardar",
    size: "Tamanho",
    publish: "Criar novas CRLs agora",
    publish_text:
      "Novas listas são assinadas e servidas imediatamente. O hub faz isso sozinho a cada revogação e antes que uma lista expire.",
    published: "As novas CRLs estão prontas",
  },
};
