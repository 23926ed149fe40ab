import type { bulk as english } from "../en/bulk.ts";
import type { TextsOf } from "../texts_of.ts";

export const bulk: TextsOf<typeof english> = {
  bulk: {
    select: "{{name}} selecteren",
    select_loaded: "Alle getoonde rijen selecteren",
    selected_one: "{{count}} geselecteerd",
    selected_other: "{{count}} geselecteerd",
    whole_one: "De enige treffer is geselecteerd",
    whole_other: "Alle {{count}} treffers zijn geselecteerd",
    select_all: "Alle treffers selecteren (minstens {{number}})",
    selecting: "Alle treffers worden geselecteerd: {{number}} tot nu toe",
    looking: "Wat geselecteerd is, wordt opnieuw bekeken: {{number}} tot nu toe",
    stop: "Stoppen",
    stopped_one: "gestopt: {{count}} is niet begonnen",
    stopped_other: "gestopt: {{count}} zijn niet begonnen",
    clear: "Selectie opheffen",
    actions: "Acties voor de selectie",
    more: "Meer",
    left_one: "{{count}} rij staat niet meer in de lijst en is daarom niet meer geselecteerd.",
    left_other: "{{count}} rijen staan niet meer in de lijst en zijn daarom niet meer geselecteerd.",
    nothing: "Met wat geselecteerd is, kan hier niets worden gedaan.",
    skipped_one: "{{count}} wordt overgeslagen ({{why}}): {{names}}",
    skipped_other: "{{count}} worden overgeslagen ({{why}}): {{names}}",
    more_rows_one: "… en nog {{count}}",
    more_rows_other: "… en nog {{count}}",
    csv: "Selectie exporteren als CSV",
    pem: "Exporteren als PEM",
    move: "Naar een cluster verplaatsen",
    with_earlier: "Ook de eerdere certificaten van deze apparaten die nog geldig zijn",
    no_cluster: "In geen cluster",
    all_slots: "Alle plaatsen",
    reading: "De knooppunten worden bekeken: {{done}} van {{all}}",
  },
  bulk_ask: {
    renew_slot_one:
      "{{count}} certificaat wordt vernieuwd: {{names}}. Het knooppunt vraagt een nieuw aan, installeert het, herlaadt de service en controleert die; mislukt de controle, dan komt het vorige paar terug.",
    renew_slot_other:
      "{{count}} certificaten worden vernieuwd: {{names}}. Elk knooppunt vraagt een nieuw aan, installeert het, herlaadt de service en controleert die; waar de controle mislukt, komt het vorige paar terug.",
    generate_csr_one:
      "Voor {{count}} plaats worden een nieuwe sleutel en een CSR gemaakt: {{names}}. Het gebruikte certificaat blijft.",
    generate_csr_other:
      "Voor {{count}} plaatsen worden nieuwe sleutels en CSR's gemaakt: {{names}}. De gebruikte certificaten blijven.",
    reload_one:
      "De service van {{count}} plaats wordt herladen: {{names}}. Verbindingen blijven normaal gesproken bestaan. Waar er geen programma voor is ingesteld, mislukt de opdracht.",
    reload_other:
      "De services van {{count}} plaatsen worden herladen: {{names}}. Verbindingen blijven normaal gesproken bestaan. Waar er geen programma voor is ingesteld, mislukt de opdracht.",
    restart_one:
      "De service van {{count}} plaats wordt herstart: {{names}}. De verbindingen eindigen, en hij is even weg.",
    restart_other:
      "De services van {{count}} plaatsen worden herstart: {{names}}. De verbindingen eindigen, en ze zijn even weg.",
    offline_one:
      "{{count}} knooppunt is nu niet verbonden: wat ervan wordt gevraagd, wacht tot een dag tot het zich meldt.",
    offline_other:
      "{{count}} knooppunten zijn nu niet verbonden: wat ervan wordt gevraagd, wacht tot een dag tot ze zich melden.",
    read_inventory_one: "{{names}} meldt opnieuw wat het heeft. Er verandert niets op het knooppunt.",
    read_inventory_other:
      "{{count}} knooppunten melden opnieuw wat ze hebben: {{names}}. Er verandert niets op de knooppunten.",
    admit_one:
      "{{names}} kan dan opdrachten krijgen en wordt bewaakt zoals elk ander knooppunt. Het certificaat blijft zoals het is.",
    admit_other:
      "{{count}} knooppunten kunnen dan opdrachten krijgen en worden bewaakt zoals elk ander: {{names}}. Hun certificaten blijven zoals ze zijn.",
    block_one:
      "De verbinding met {{names}} eindigt direct, en het krijgt geen opdrachten meer. De certificaten blijven geldig tot ze verlopen of worden ingetrokken.",
    block_other:
      "De verbindingen met {{count}} knooppunten eindigen direct, en ze krijgen geen opdrachten meer: {{names}}. Hun certificaten blijven geldig tot ze verlopen of worden ingetrokken.",
    remove_one:
      "De hub vergeet {{names}}, met geschiedenis en opdrachten. De certificaten blijven in het register. Meldt het apparaat zich weer, dan verschijnt het als wachtend knooppunt.",
    remove_other:
      "De hub vergeet {{count}} knooppunten, met geschiedenis en opdrachten: {{names}}. De certificaten blijven in het register. Meldt een apparaat zich weer, dan verschijnt het als wachtend knooppunt.",
    move_one: "{{names}} gaat naar cluster {{cluster}}. Er verandert niets op het apparaat.",
    move_other: "{{count}} knooppunten gaan naar cluster {{cluster}}: {{names}}. Er verandert niets op de apparaten.",
    out_one: "{{names}} zit dan in geen cluster meer. Er verandert niets op het apparaat.",
    out_other: "{{count}} knooppunten zitten dan in geen cluster meer: {{names}}. Er verandert niets op de apparaten.",
    revoke_one:
      "Wie de CRL leest, weigert {{count}} certificaat vanaf nu, en het kan niet meer worden vernieuwd: {{names}}. Dit kan niet ongedaan worden gemaakt.",
    revoke_other:
      "Wie de CRL leest, weigert {{count}} certificaten vanaf nu, en ze kunnen niet meer worden vernieuwd: {{names}}. Dit kan niet ongedaan worden gemaakt.",
    revoke_used_one:
      "{{count}} daarvan wordt door een knooppunt gebruikt: de verbinding met de hub eindigt direct, en het moet opnieuw een certificaat aanvragen.",
    revoke_used_other:
      "{{count}} daarvan worden door knooppunten gebruikt: hun verbindingen met de hub eindigen direct, en ze moeten opnieuw een certificaat aanvragen.",
    suspend_one:
      "Tot het wordt vrijgegeven, weigert wie de CRL leest {{count}} certificaat, en het kan niet worden vernieuwd: {{names}}.",
    suspend_other:
      "Tot ze worden vrijgegeven, weigert wie de CRL leest {{count}} certificaten, en ze kunnen niet worden vernieuwd: {{names}}.",
    suspend_used_one: "{{count}} daarvan wordt door een knooppunt gebruikt: tot dan is er geen verbinding met de hub.",
    suspend_used_other:
      "{{count}} daarvan worden door knooppunten gebruikt: tot dan hebben ze geen verbinding met de hub.",
    pem_one: "{{count}} certificaat komt in één bestand: {{names}}",
    pem_other: "{{count}} certificaten komen in één bestand: {{names}}",
    approve_one:
      "{{count}} certificaat wordt uitgegeven volgens het beleid van het eindpunt. Het apparaat krijgt het bij de volgende poll.",
    approve_other:
      "{{count}} certificaten worden uitgegeven volgens het beleid van hun eindpunten. De apparaten krijgen ze bij de volgende poll.",
    reject_one:
      "{{count}} apparaat krijgt bij de volgende poll een afwijzing. Het moet een nieuwe aanvraag sturen om een certificaat te krijgen.",
    reject_other:
      "{{count}} apparaten krijgen bij de volgende poll een afwijzing. Ze moeten een nieuwe aanvraag sturen om een certificaat te krijgen.",
    cancel_one:
      "{{count}} opdracht wordt geannuleerd: {{names}}. Een knooppunt dat al begonnen is, maakt ze misschien nog af.",
    cancel_other:
      "{{count}} opdrachten worden geannuleerd: {{names}}. Knooppunten die al begonnen zijn, maken de hunne misschien nog af.",
    take_back_one: "Niemand kan met {{count}} challenge-wachtwoord nog een certificaat aanvragen: {{names}}",
    take_back_other: "Niemand kan met {{count}} challenge-wachtwoorden nog een certificaat aanvragen: {{names}}",
  },
  bulk_why: {
    not_admitted: "niet toegelaten",
    unreadable: "kon niet worden bekeken",
    no_slot: "heeft zo'n plaats niet",
    not_trusted: "vertrouwt die niet",
    admitted: "al toegelaten",
    expected: "heeft zich nog niet gemeld: het wordt toegelaten bij de eerste aanvraag",
    blocked: "al geblokkeerd",
    there: "daar al",
    unused: "geen knooppunt meldt dat het dit gebruikt",
    revoked: "al ingetrokken",
    suspended: "al opgeschort",
    unsigned: "nog niet uitgegeven",
    decided: "al beslist",
    over: "al beëindigd",
    used: "al gebruikt of verlopen",
  },
};
