// What kinds of nodes there are, until the products' own data files tell.
export const products = ["printer", "room-device", "phone", "uc-node", "server"];
