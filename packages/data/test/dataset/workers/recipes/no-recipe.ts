// Exports no recipe.
export const recipe = null;
