import type { clusterPages as english } from "../en/clusters.ts";
import type { TextsOf } from "../texts_of.ts";

export const clusterPages: TextsOf<typeof english> = {
  cluster: {
    path: "Wo Sie sind",
    identity: "Identitätszertifikate",
    trust: "Vertrauensspeicher",
    failed_slots_one: "Platz mit Fehler",
    failed_slots_other: "Plätze mit Fehler",
    revoked_slots_one: "Platz mit widerrufenem Zertifikat",
    revoked_slots_other: "Plätze mit widerrufenem Zertifikat",
    validity: "Gültigkeit",
    any_problem: "Irgendein Problem",
    failed_stage: "Fehler auf dem Gerät",
    no_nodes: "Noch keine Knoten in diesem Cluster",
    no_nodes_text:
      "Verschieben Sie Knoten hierher oder fügen Sie einen hinzu: Was sie haben, wem sie vertrauen und was ihnen aufgetragen wurde, steht dann beisammen.",
    no_slots: "Seine Knoten haben noch keine Plätze gemeldet",
    no_slots_text: "Plätze erscheinen, sobald sich ein Agent mit Plätzen beim Hub meldet.",
    no_orders: "Seinen Knoten wurde noch nichts aufgetragen",
    no_orders_text:
      "Erneuern Sie einen Platz oder fügen Sie eine vertraute CA hinzu: Was jeder Knoten daraus macht, erscheint hier.",
    move_here: "Knoten hierher verschieben",
    move_text: "Ein Knoten ist in einem Cluster: Er verlässt den, in dem er ist.",
    on_all: "Auf allen Knoten",
    lacking_one: "Fehlt auf {{count}} Knoten",
    lacking_other: "Fehlt auf {{count}} Knoten",
    trusts: "{{name}} vertraut ihm",
    lacks: "{{name}} vertraut ihm nicht",
    lackers: "Fehlt auf: {{names}}",
    holders: "Nur auf: {{names}}",
    trusted_by: "Verbreitung",
    of_all: "{{count}} von {{all}}",
    add_missing: "Wo es fehlt, hinzufügen",
    in_motion:
      "Die Knoten dieses Clusters ändern sich gerade. In einem Augenblick ist wieder sicher, welche gemeint sind.",
    silent_one:
      "{{count}} Knoten ist nicht dabei: {{names}}. Er ist gesperrt oder hat noch nicht gemeldet, wem er vertraut.",
    silent_other:
      "{{count}} Knoten sind nicht dabei: {{names}}. Sie sind gesperrt oder haben noch nicht gemeldet, wem sie vertrauen.",
    no_trust: "Noch kein Knoten dieses Clusters hat gemeldet, wem er vertraut",
    no_trust_text:
      "Agenten melden es, wenn sie den Hub erreichen. Bis dahin wartet ein Auftrag, eine vertraute CA hinzuzufügen.",
  },
  timeline: {
    text_one: "{{count}} benutztes Zertifikat endet dann. Eine Zahl führt zu den Zertifikaten des Tages.",
    text_other: "{{count}} benutzte Zertifikate enden dann. Eine Zahl führt zu den Zertifikaten des Tages.",
    day_one: "{{count}} Zertifikat endet am {{day}}",
    day_other: "{{count}} Zertifikate enden am {{day}}",
    cell_one: "{{row}}: {{count}} Zertifikat endet am {{day}}",
    cell_other: "{{row}}: {{count}} Zertifikate enden am {{day}}",
    row_sum_one: "{{row}}: {{count}} Zertifikat endet in 90 Tagen",
    row_sum_other: "{{row}}: {{count}} Zertifikate enden in 90 Tagen",
    sum: "Summe",
    all: "Alle",
    elsewhere: "In keinem Cluster",
    elsewhere_text: "Auf keinem Knoten eines Clusters",
    today: "Heute",
    keys: "Die Pfeiltasten führen von Zahl zu Zahl.",
    show_all_one: "{{count}} Cluster zeigen",
    show_all_other: "Alle {{count}} Cluster zeigen",
    show_fewer: "Weniger zeigen",
  },
};
