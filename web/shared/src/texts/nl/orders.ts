import type { orders as english } from "../en/orders.ts";
import type { TextsOf } from "../texts_of.ts";

export const orders: TextsOf<typeof english> = {
  verb: {
    read_inventory: "Inventaris lezen",
    renew_slot: "Vernieuwen",
    generate_csr: "CSR genereren",
    install_certificate: "Certificaat uploaden",
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
    reload: "{{name}} herlaadt de service van plaats {{slot}}. Verbindingen blijven normaal gesproken bestaan.",
    restart: "{{name}} herstart de service van plaats {{slot}}. De verbindingen eindigen, en hij is even weg.",
    add_trust: "{{name}} vertrouwt deze CA-certificaten vanaf dan. Wat al vertrouwd is, blijft.",
    remove_trust: "{{name}} vertrouwt deze CA niet meer. Tegenpartijen met certificaten ervan worden dan geweigerd.",
  },
  order_state: {
    queued: "In de wachtrij",
    delivered: "In behandeling",
    done: "Voltooid",
    failed: "Mislukt",
    expired: "Termijn voorbij",
    cancelled: "Geannuleerd",
  },
};
