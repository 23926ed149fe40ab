// The link of a row: where the focus goes back to when its panel closes.
export const rowElementId = (id: string) => `row-${id}`;
