import type { certificateFindings as english } from "../en/certificate_findings.ts";
import type { TextsOf } from "../texts_of.ts";

export const certificateFindings: TextsOf<typeof english> = {
  certificate_finding: {
    revoked_in_use: {
      what: "Revogado e ainda em uso",
      expected: "Nenhum nó usa um certificado revogado",
      found: "{{node}} o usa na posição {{slot}}, até onde o hub sabe",
      fix: "Ele não pode ser renovado. Crie uma nova challenge password na página do nó e solicite de novo; bloqueie o nó se o dispositivo se perdeu.",
    },
    suspended_in_use: {
      what: "Suspenso e ainda em uso",
      expected: "Um certificado suspenso é liberado ou revogado em definitivo",
      found: "{{node}} o usa na posição {{slot}}, até onde o hub sabe",
      fix: "Libere-o quando o dispositivo estiver em ordem de novo. Caso contrário, revogue-o com outro motivo e solicite de novo com uma nova challenge password.",
    },
    expired_in_use: {
      what: "Expirado e ainda em uso",
      expected: "Renovado antes de {{time}}",
      found: "{{node}} o usa na posição {{slot}}, até onde o hub sabe",
      fix: "Veja o último erro da posição e renove na página do nó. Se o endpoint não permitir mais a renovação, solicite de novo com uma challenge password.",
    },
    issuer_ends_first: {
      what: "A CA termina antes dele",
      expected: "{{issuer}} é válida pelo menos até {{time}}",
      found: "{{issuer}} termina em {{end}}: a partir daí ninguém aceita este certificado",
      fix: "Anuncie e ative a próxima geração em Autoridade, Gerações; depois renove este certificado.",
    },
    weak_signature: {
      what: "Assinado com um algoritmo fraco",
      expected: "SHA-256 ou melhor",
      found: "{{algorithm}}",
      fix: "Renove-o: esta autoridade assina com SHA-256 ou melhor.",
    },
    weak_key: {
      what: "Chave fraca",
      expected: "RSA com 2048 bits, uma curva elíptica com 256 bits, ou mais",
      found: "{{key}}",
      fix: "Faça o dispositivo criar uma nova chave e permita somente chaves assim no endpoint {{endpoint}}.",
    },
    renewal_failed: {
      what: "A renovação falhou",
      expected: "O nó o renova sozinho",
      found: "{{error}}",
      fix: "Elimine o que o erro indica. O nó tenta de novo sozinho; na página dele, isso pode ser feito imediatamente.",
    },
    superseded_in_use: {
      what: "Substituído e ainda em uso",
      expected: "O nó usa o certificado que o substituiu",
      found: "{{node}} ainda usa este na posição {{slot}}, até onde o hub sabe",
      fix: "O histórico do nó diz por que o novo não entrou em serviço. Depois renove a posição de novo.",
    },
    expiring: {
      what: "Expira em breve",
      expected: "Um novo certificado antes do último quinto da sua vida",
      found: "Termina em {{time}}, e nada o substituiu",
      fix: "Renove-o na página do nó que o usa; onde o hub não conhece um nó, no próprio dispositivo.",
    },
    not_yet_valid: {
      what: "Ainda não é válido",
      expected: "Válido desde o momento da emissão",
      found: "Começa em {{time}}",
      fix: "Acerte os relógios deste computador e do hub e mantenha-os certos com NTP.",
    },
    expired: {
      what: "Expirado sem sucessor",
      expected: "Renovado a tempo ou não mais necessário",
      found: "Terminou em {{time}}, e nada o substituiu",
      fix: "Se o dispositivo ainda existe, solicite de novo. Caso contrário, não há nada a fazer.",
    },
    renewal_planned: {
      what: "Expira em breve, e a renovação está planejada",
      expected: "Um novo certificado antes do último quinto da sua vida",
      found: "Termina em {{time}}; o nó o renova em {{renewal}}",
      fix: "Nada, se o dispositivo estiver disponível nesse momento. Na página dele, pode ser renovado imediatamente.",
    },
    no_names: {
      what: "Um certificado de servidor sem nomes alternativos",
      expected: "Um nome alternativo para cada nome que os clientes usam: eles ignoram o nome comum",
      found: "Somente o assunto {{subject}}",
      fix: "Se ele atende TLS, informe nomes no dispositivo, permita-os no endpoint {{endpoint}} e renove. A um certificado de cliente não falta nada.",
    },
  },
};
