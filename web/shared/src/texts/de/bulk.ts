import type { bulk as english } from "../en/bulk.ts";
import type { TextsOf } from "../texts_of.ts";

export const bulk: TextsOf<typeof english> = {
  bulk: {
    select: "{{name}} auswählen",
    select_loaded: "Alle gezeigten Zeilen auswählen",
    selected_one: "{{count}} ausgewählt",
    selected_other: "{{count}} ausgewählt",
    whole_one: "Der einzige Treffer ist ausgewählt",
    whole_other: "Alle {{count}} Treffer sind ausgewählt",
    select_all: "Alle Treffer auswählen (mindestens {{number}})",
    selecting: "Alle Treffer werden ausgewählt: bisher {{number}}",
    looking: "Das Ausgewählte wird noch einmal angesehen: bisher {{number}}",
    stop: "Anhalten",
    stopped_one: "angehalten: {{count}} wurde nicht begonnen",
    stopped_other: "angehalten: {{count}} wurden nicht begonnen",
    clear: "Auswahl aufheben",
    actions: "Aktionen für die Auswahl",
    more: "Mehr",
    left_one: "{{count}} Zeile ist nicht mehr in der Liste und darum auch nicht mehr ausgewählt.",
    left_other: "{{count}} Zeilen sind nicht mehr in der Liste und darum auch nicht mehr ausgewählt.",
    nothing: "Mit dem Ausgewählten lässt sich hier nichts tun.",
    skipped_one: "{{count}} wird ausgelassen ({{why}}): {{names}}",
    skipped_other: "{{count}} werden ausgelassen ({{why}}): {{names}}",
    more_rows_one: "… und {{count}} weitere",
    more_rows_other: "… und {{count}} weitere",
    csv: "Auswahl als CSV exportieren",
    pem: "Als PEM exportieren",
    move: "In einen Cluster verschieben",
    with_earlier: "Auch die früheren Zertifikate dieser Geräte, die noch gelten",
    no_cluster: "In keinen Cluster",
    all_slots: "Alle Plätze",
    reading: "Die Knoten werden angesehen: {{done}} von {{all}}",
  },
  bulk_ask: {
    renew_slot_one:
      "{{count}} Zertifikat wird erneuert: {{names}}. Der Knoten fordert ein neues an, installiert es, lädt den Dienst neu und prüft ihn. Schlägt die Prüfung fehl, gilt wieder das bisherige Paar.",
    renew_slot_other:
      "{{count}} Zertifikate werden erneuert: {{names}}. Jeder Knoten fordert ein neues an, installiert es, lädt den Dienst neu und prüft ihn. Wo die Prüfung fehlschlägt, gilt wieder das bisherige Paar.",
    generate_csr_one:
      "Für {{count}} Platz werden ein neuer Schlüssel und eine Zertifikatsanforderung erzeugt: {{names}}. Das benutzte Zertifikat bleibt.",
    generate_csr_other:
      "Für {{count}} Plätze werden neue Schlüssel und Zertifikatsanforderungen erzeugt: {{names}}. Die benutzten Zertifikate bleiben.",
    reload_one:
      "Der Dienst von {{count}} Platz wird neu geladen: {{names}}. Verbindungen bleiben in der Regel bestehen. Wo kein Programm dafür eingerichtet ist, schlägt der Auftrag fehl.",
    reload_other:
      "Die Dienste von {{count}} Plätzen werden neu geladen: {{names}}. Verbindungen bleiben in der Regel bestehen. Wo kein Programm dafür eingerichtet ist, schlägt der Auftrag fehl.",
    restart_one:
      "Der Dienst von {{count}} Platz wird neu gestartet: {{names}}. Seine Verbindungen enden, und er ist einen Moment lang weg.",
    restart_other:
      "Die Dienste von {{count}} Plätzen werden neu gestartet: {{names}}. Ihre Verbindungen enden, und sie sind einen Moment lang weg.",
    offline_one:
      "{{count}} Knoten ist jetzt nicht verbunden: Was von ihm verlangt wird, wartet bis zu einen Tag, bis er sich meldet.",
    offline_other:
      "{{count}} Knoten sind jetzt nicht verbunden: Was von ihnen verlangt wird, wartet bis zu einen Tag, bis sie sich melden.",
    read_inventory_one: "{{names}} meldet seinen Bestand neu. Auf dem Knoten ändert sich nichts.",
    read_inventory_other: "{{count}} Knoten melden ihren Bestand neu: {{names}}. Auf ihnen ändert sich nichts.",
    admit_one:
      "{{names}} kann dann Aufträge bekommen und wird überwacht wie jeder andere Knoten. Das Zertifikat bleibt, wie es ist.",
    admit_other:
      "{{count}} Knoten können dann Aufträge bekommen und werden überwacht wie jeder andere: {{names}}. Ihre Zertifikate bleiben, wie sie sind.",
    block_one:
      "Die Verbindung zu {{names}} endet sofort, und der Knoten bekommt keine Aufträge mehr. Seine Zertifikate bleiben gültig, bis sie ablaufen oder widerrufen werden.",
    block_other:
      "Die Verbindungen zu {{count}} Knoten enden sofort, und sie bekommen keine Aufträge mehr: {{names}}. Ihre Zertifikate bleiben gültig, bis sie ablaufen oder widerrufen werden.",
    remove_one:
      "Der Hub vergisst {{names}} samt Verlauf und Aufträgen. Die Zertifikate bleiben im Bestand. Meldet sich das Gerät wieder, erscheint es als wartender Knoten.",
    remove_other:
      "Der Hub vergisst {{count}} Knoten samt Verlauf und Aufträgen: {{names}}. Die Zertifikate bleiben im Bestand. Meldet sich ein Gerät wieder, erscheint es als wartender Knoten.",
    move_one: "{{names}} kommt in den Cluster {{cluster}}. Auf dem Gerät ändert sich nichts.",
    move_other: "{{count}} Knoten kommen in den Cluster {{cluster}}: {{names}}. Auf den Geräten ändert sich nichts.",
    out_one: "{{names}} ist dann in keinem Cluster mehr. Auf dem Gerät ändert sich nichts.",
    out_other: "{{count}} Knoten sind dann in keinem Cluster mehr: {{names}}. Auf den Geräten ändert sich nichts.",
    revoke_one:
      "Wer die Sperrliste liest, weist {{count}} Zertifikat von jetzt an ab, und es kann nicht mehr erneuert werden: {{names}}. Das lässt sich nicht rückgängig machen.",
    revoke_other:
      "Wer die Sperrliste liest, weist {{count}} Zertifikate von jetzt an ab, und sie können nicht mehr erneuert werden: {{names}}. Das lässt sich nicht rückgängig machen.",
    revoke_used_one:
      "{{count}} davon benutzt ein Knoten: Seine Verbindung zum Hub endet sofort, und er muss neu aufgenommen werden.",
    revoke_used_other:
      "{{count}} davon benutzen Knoten: Deren Verbindungen zum Hub enden sofort, und sie müssen neu aufgenommen werden.",
    suspend_one:
      "Bis es freigegeben wird, weist jeder, der die Sperrliste liest, {{count}} Zertifikat ab, und es kann nicht erneuert werden: {{names}}.",
    suspend_other:
      "Bis sie freigegeben werden, weist jeder, der die Sperrliste liest, {{count}} Zertifikate ab, und sie können nicht erneuert werden: {{names}}.",
    suspend_used_one: "{{count}} davon benutzt ein Knoten: Bis dahin hat er keine Verbindung zum Hub.",
    suspend_used_other: "{{count}} davon benutzen Knoten: Bis dahin haben sie keine Verbindung zum Hub.",
    pem_one: "{{count}} Zertifikat kommt in eine Datei: {{names}}",
    pem_other: "{{count}} Zertifikate kommen in eine Datei: {{names}}",
    approve_one:
      "{{count}} Zertifikat wird nach der Richtlinie des Endpunkts ausgestellt. Das Gerät bekommt es beim nächsten Abruf.",
    approve_other:
      "{{count}} Zertifikate werden nach den Richtlinien ihrer Endpunkte ausgestellt. Die Geräte bekommen sie beim nächsten Abruf.",
    reject_one:
      "{{count}} Gerät bekommt beim nächsten Abruf eine Absage. Für ein Zertifikat muss es eine neue Anforderung senden.",
    reject_other:
      "{{count}} Geräte bekommen beim nächsten Abruf eine Absage. Für ein Zertifikat müssen sie eine neue Anforderung senden.",
    cancel_one:
      "{{count}} Auftrag wird abgebrochen: {{names}}. Ein Knoten, der schon begonnen hat, führt ihn vielleicht noch zu Ende.",
    cancel_other:
      "{{count}} Aufträge werden abgebrochen: {{names}}. Knoten, die schon begonnen haben, führen ihren vielleicht noch zu Ende.",
    take_back_one: "Mit {{count}} Challenge-Passwort kann niemand mehr ein Zertifikat anfordern: {{names}}",
    take_back_other: "Mit {{count}} Challenge-Passwörtern kann niemand mehr ein Zertifikat anfordern: {{names}}",
  },
  bulk_why: {
    not_admitted: "nicht zugelassen",
    unreadable: "konnte nicht angesehen werden",
    no_slot: "hat keinen solchen Platz",
    not_trusted: "vertraut ihr nicht",
    admitted: "schon zugelassen",
    expected: "hat sich noch nicht gemeldet und wird mit der ersten Anforderung zugelassen",
    blocked: "schon gesperrt",
    there: "schon dort",
    unused: "kein Knoten meldet, dass er es benutzt",
    revoked: "schon widerrufen",
    suspended: "schon ausgesetzt",
    unsigned: "noch nicht ausgestellt",
    decided: "schon entschieden",
    over: "schon beendet",
    used: "schon benutzt oder abgelaufen",
  },
};
