import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "Inventaris lezen",
    renew_slot: "Vernieuwen",
    generate_csr: "CSR genereren",
    install_certificate: "Certificaat installeren",
    add_trust: "Vertrouwde CA toevoegen",
    remove_trust: "Vertrouwde CA verwijderen",
    reload: "Service herladen",
    restart: "Service herstarten",
  },
  ask: {
    renew_slot:
      "{{name}} vraagt nu een nieuw certificaat aan voor plaats {{slot}}, installeert het, herlaadt de service en controleert die; mislukt de controle, dan komt het vorige paar terug.",
    generate_csr:
      "{{name}} maakt een nieuwe sleutel en een CSR voor plaats {{slot}}. Het gebruikte certificaat blijft.",
    install_certificate:
      "{{name}} installeert dit certificaat op plaats {{slot}}, als het bij de sleutel van de laatste CSR past. Zet de CA-certificaten erachter. De service wordt herladen.",
    reload:
      "{{name}} herlaadt de service van plaats {{slot}}. Verbindingen blijven normaal gesproken bestaan. Is er op het knooppunt geen programma voor ingesteld, dan mislukt de opdracht.",
    restart: "{{name}} herstart de service van plaats {{slot}}. De verbindingen eindigen, en hij is even weg.",
    add_trust_one: "{{names}} vertrouwt {{ca}} vanaf dan. Wat al vertrouwd wordt, blijft.",
    add_trust_other: "{{count}} knooppunten vertrouwen {{ca}} vanaf dan: {{names}}. Wat zij al vertrouwen, blijft.",
    remove_trust_one:
      "{{names}} vertrouwt {{ca}} in het archief {{store}} niet meer. Partijen met certificaten daarvan worden dan geweigerd.",
    remove_trust_other:
      "{{count}} knooppunten vertrouwen {{ca}} in het archief {{store}} niet meer: {{names}}. Partijen met certificaten daarvan worden dan geweigerd.",
  },
  order_state: {
    queued: "In de wachtrij",
    delivered: "In behandeling",
    done: "Voltooid",
    failed: "Mislukt",
    expired: "Termijn voorbij",
    cancelled: "Geannuleerd",
  },
  orders: {
    text: "Wat aan knooppunten is gevraagd, en wat ervan werd.",
    node: "Knooppunt",
    verb: "Opdracht",
    result: "Resultaat",
    created: "Gegeven",
    created_by: "Door",
    deadline: "Niet begonnen na",
    finished: "Beëindigd",
    finished_after: "Beëindigd na",
    gone: "Verwijderd knooppunt",
    retry: "Opnieuw proberen",
    retry_text: "{{name}} krijgt de opdracht nog een keer: {{verb}}. De vorige opdracht blijft in de lijst.",
    retried: "Opnieuw opgedragen: {{verb}}",
    retry_all: "Alle opnieuw proberen",
    retry_all_text_one: "{{count}} opdracht wordt nog eens gegeven: {{names}}. De vorige blijft in de lijst.",
    retry_all_text_other: "{{count}} opdrachten worden nog eens gegeven: {{names}}. De vorige blijven in de lijst.",
    retry_all_none: "Geen opdracht kan nog eens worden gegeven.",
    cancel_all: "Opdrachten annuleren",
    retry_over_one: "{{count}} wordt overgeslagen, omdat ze niet is mislukt.",
    retry_over_other: "{{count}} worden overgeslagen, omdat ze niet zijn mislukt.",
    retry_all_gone_one: "{{count}} wordt overgeslagen, omdat het knooppunt is verwijderd.",
    retry_all_gone_other: "{{count}} worden overgeslagen, omdat de knooppunten zijn verwijderd.",
    retry_all_repeated_one:
      "{{count}} wordt overgeslagen, omdat later hetzelfde nog eens of het tegendeel is gevraagd.",
    retry_all_repeated_other:
      "{{count}} worden overgeslagen, omdat later hetzelfde nog eens of het tegendeel is gevraagd.",
    none: "Nog geen opdrachten",
    none_text:
      "Opdrachten verschijnen hier wanneer iemand een knooppunt vraagt te vernieuwen, een certificaat te installeren of een CA te vertrouwen: op de pagina van het knooppunt of op de opdrachtregel.",
  },
  round: {
    where: "Op welke knooppunten",
    this: "Alleen {{name}}",
    chosen: "Gekozen clusters en knooppunten",
    all: "Alle knooppunten",
    nobody: "Er is geen toegelaten knooppunt gekozen.",
    more_one: "nog {{count}}",
    more_other: "nog {{count}}",
    offline_one: "{{count}} daarvan is nu niet verbonden: de opdracht wacht tot een dag tot het zich meldt.",
    offline_other: "{{count}} daarvan zijn nu niet verbonden: de opdrachten wachten tot een dag tot ze zich melden.",
    skipped_one: "{{count}} wordt overgeslagen omdat het niet is toegelaten: {{names}}",
    skipped_other: "{{count}} worden overgeslagen omdat ze niet zijn toegelaten: {{names}}",
    type_count: "Typ {{number}} om door te gaan",
    progress: "{{done}} voltooid, {{failed}} mislukt, {{open}} in behandeling",
    may_close: "U kunt dit sluiten: de opdrachten gaan door, en de pagina Opdrachten toont wat ervan wordt.",
    retry_one: "{{count}} mislukte opnieuw",
    retry_other: "{{count}} mislukte opnieuw",
  },
  trust: {
    certificate: "CA-certificaat",
    upload: "Certificaat uploaden of plakken",
    store_text: "Waar het knooppunt het bewaart; services noemen het archief dat ze vertrouwen. Gewoonlijk: default",
    unknown: "Onbekend certificaat",
    this_ca: "deze CA",
  },
  pem: {
    none: "In deze tekst staat geen certificaat",
    file: "Bestand kiezen",
    found_one: "{{count}} certificaat: {{names}}",
    found_other: "{{count}} certificaten: {{names}}",
  },
};
