import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "Bestand lesen",
    renew_slot: "Erneuern",
    generate_csr: "CSR erzeugen",
    install_certificate: "Zertifikat installieren",
    add_trust: "Vertraute CA hinzufügen",
    remove_trust: "Vertraute CA entfernen",
    reload: "Dienst neu laden",
    restart: "Dienst neu starten",
  },
  ask: {
    renew_slot:
      "{{name}} fordert jetzt ein neues Zertifikat für den Platz {{slot}} an, installiert es, lädt den Dienst neu und prüft ihn. Schlägt die Prüfung fehl, gilt wieder das bisherige Paar.",
    generate_csr:
      "{{name}} erzeugt einen neuen Schlüssel und eine Zertifikatsanforderung für den Platz {{slot}}. Das benutzte Zertifikat bleibt.",
    install_certificate:
      "{{name}} installiert dieses Zertifikat auf dem Platz {{slot}}, wenn es zum Schlüssel der letzten CSR passt. Die CA-Zertifikate folgen dahinter. Der Dienst wird neu geladen.",
    reload:
      "{{name}} lädt den Dienst des Platzes {{slot}} neu. Verbindungen bleiben in der Regel bestehen. Ist auf dem Knoten kein Programm dafür eingerichtet, schlägt der Auftrag fehl.",
    restart:
      "{{name}} startet den Dienst des Platzes {{slot}} neu. Seine Verbindungen enden, und er ist einen Moment lang weg.",
    add_trust_one: "{{names}} vertraut {{ca}} von da an. Wem der Knoten schon vertraut, bleibt.",
    add_trust_other: "{{count}} Knoten vertrauen {{ca}} von da an: {{names}}. Wem sie schon vertrauen, bleibt.",
    remove_trust_one:
      "{{names}} vertraut {{ca}} im Speicher {{store}} nicht mehr. Gegenstellen mit Zertifikaten von ihr werden dann abgewiesen.",
    remove_trust_other:
      "{{count}} Knoten vertrauen {{ca}} im Speicher {{store}} nicht mehr: {{names}}. Gegenstellen mit Zertifikaten von ihr werden dann abgewiesen.",
  },
  order_state: {
    queued: "Vorgemerkt",
    delivered: "In Bearbeitung",
    done: "Erfolgreich",
    failed: "Fehler",
    expired: "Frist vorbei",
    cancelled: "Abgebrochen",
  },
  orders: {
    text: "Was von Knoten verlangt wurde und was daraus wurde.",
    node: "Knoten",
    verb: "Auftrag",
    result: "Ergebnis",
    created: "Erteilt",
    created_by: "Von",
    deadline: "Nicht begonnen nach",
    finished: "Beendet",
    finished_after: "Beendet nach",
    gone: "Entfernter Knoten",
    retry: "Erneut versuchen",
    retry_text: "{{name}} wird noch einmal beauftragt: {{verb}}. Der bisherige Auftrag bleibt in der Liste.",
    retried: "Erneut beauftragt: {{verb}}",
    retry_all: "Alle erneut versuchen",
    retry_all_text_one: "{{count}} Auftrag wird noch einmal erteilt: {{names}}. Der bisherige bleibt in der Liste.",
    retry_all_text_other:
      "{{count}} Aufträge werden noch einmal erteilt: {{names}}. Die bisherigen bleiben in der Liste.",
    retry_all_none: "Kein Auftrag kann noch einmal erteilt werden.",
    cancel_all: "Aufträge abbrechen",
    retry_over_one: "{{count}} wird ausgelassen, weil er nicht fehlgeschlagen ist.",
    retry_over_other: "{{count}} werden ausgelassen, weil sie nicht fehlgeschlagen sind.",
    retry_all_gone_one: "{{count}} wird ausgelassen, weil der Knoten entfernt wurde.",
    retry_all_gone_other: "{{count}} werden ausgelassen, weil die Knoten entfernt wurden.",
    retry_all_repeated_one:
      "{{count}} wird ausgelassen, weil später dasselbe noch einmal oder das Gegenteil verlangt wurde.",
    retry_all_repeated_other:
      "{{count}} werden ausgelassen, weil später dasselbe noch einmal oder das Gegenteil verlangt wurde.",
    none: "Noch keine Aufträge",
    none_text:
      "Aufträge erscheinen hier, wenn jemand von einem Knoten verlangt, zu erneuern, ein Zertifikat zu installieren oder einer CA zu vertrauen: auf der Seite des Knotens oder auf der Kommandozeile.",
  },
  round: {
    where: "Auf welchen Knoten",
    this: "Nur {{name}}",
    chosen: "Ausgewählte Cluster und Knoten",
    all: "Alle Knoten",
    nobody: "Kein zugelassener Knoten ist ausgewählt.",
    more_one: "{{count}} mehr",
    more_other: "{{count}} weitere",
    offline_one: "{{count}} davon ist jetzt nicht verbunden: sein Auftrag wartet bis zu einen Tag, bis er sich meldet.",
    offline_other:
      "{{count}} davon sind jetzt nicht verbunden: ihre Aufträge warten bis zu einen Tag, bis sie sich melden.",
    skipped_one: "{{count}} wird ausgelassen, weil er nicht zugelassen ist: {{names}}",
    skipped_other: "{{count}} werden ausgelassen, weil sie nicht zugelassen sind: {{names}}",
    type_count: "Geben Sie {{number}} ein, um fortzufahren",
    progress: "{{done}} erfolgreich, {{failed}} mit Fehler, {{open}} in Bearbeitung",
    may_close: "Sie können dies schließen: die Aufträge laufen weiter, und die Seite Aufträge zeigt, was daraus wird.",
    retry_one: "{{count}} fehlgeschlagenen wiederholen",
    retry_other: "{{count}} fehlgeschlagene wiederholen",
  },
  trust: {
    certificate: "CA-Zertifikat",
    upload: "Zertifikat hochladen oder einfügen",
    store_text: "Wohin der Knoten es legt; Dienste nennen den Speicher, dem sie vertrauen. Üblich: default",
    unknown: "Unbekanntes Zertifikat",
    this_ca: "dieser CA",
  },
  pem: {
    none: "In diesem Text ist kein Zertifikat",
    file: "Datei wählen",
    found_one: "{{count}} Zertifikat: {{names}}",
    found_other: "{{count}} Zertifikate: {{names}}",
  },
};
