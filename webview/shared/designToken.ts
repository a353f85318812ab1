/** A design token of the toolkit, as its style sheets write it: `var(--font-family)`. */
export type DesignToken = {
  /** Does nothing: `controls.css` has the values. */
  readonly withDefault: () => DesignToken;
  readonly toString: () => string;
};

/**
 * Stands in the bundle for the toolkit's own `create`, which gives each of its 67 tokens a value by script: a default first,
 * and the editor's once the page has loaded. A page was drawn once with fonts and colours that are not the theme's, after
 * it had looked for those fonts for 20 to 30 ms, and then once more.
 */
export function create(name: string): DesignToken {
  const token: DesignToken = { withDefault: () => token, toString: () => `var(--${name})` };
  return token;
}
