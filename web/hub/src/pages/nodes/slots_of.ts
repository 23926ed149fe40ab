import type { Node, NodeDetails } from "@chancery/shared/api/models.ts";

// One slot of a node, or why there is none to ask for.
export interface SlotOfNode {
  node: Node;
  slot?: string;
  refused?: "not_admitted" | "unreadable" | "no_slot";
}

// The slots of nodes: all of them, or those of one name.
export function slotsOf(
  nodes: readonly Node[],
  details: ReadonlyMap<number, NodeDetails>,
  name: string | undefined,
): SlotOfNode[] {
  return nodes.flatMap((node): SlotOfNode[] => {
    if (node.state !== "admitted") return [{ node, refused: "not_admitted" }];
    const known = details.get(node.id);
    if (!known) return [{ node, refused: "unreadable" }];
    const slots = known.slots.filter((slot) => name === undefined || slot.name === name);
    return slots.length > 0 ? slots.map((slot) => ({ node, slot: slot.name })) : [{ node, refused: "no_slot" }];
  });
}

// How many nodes have a slot of that name, by name.
export function slotNames(details: ReadonlyMap<number, NodeDetails>): Map<string, number> {
  const found = new Map<string, number>();
  for (const { slots } of details.values()) {
    for (const { name } of slots) found.set(name, (found.get(name) ?? 0) + 1);
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}
