import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "Bestand lesen",
    renew_slot: "Erneuern",
    generate_csr: "CSR erzeugen",
    install_certificate: "Zertifikat hochladen",
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
    reload: "{{name}} lädt den Dienst des Platzes {{slot}} neu. Verbindungen bleiben in der Regel bestehen.",
    restart:
      "{{name}} startet den Dienst des Platzes {{slot}} neu. Seine Verbindungen enden, und er ist einen Moment lang weg.",
    add_trust: "{{name}} vertraut diesen CA-Zertifikaten von da an. Bisher vertraute bleiben.",
    remove_trust:
      "{{name}} vertraut dieser CA nicht mehr. Gegenstellen mit Zertifikaten von ihr werden dann abgewiesen.",
  },
  order_state: {
    queued: "Vorgemerkt",
    delivered: "In Bearbeitung",
    done: "Erfolgreich",
    failed: "Fehler",
    expired: "Frist vorbei",
    cancelled: "Abgebrochen",
  },
};
