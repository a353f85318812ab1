/** Turns the text of the setting `name` into a number, or throws. */
export function parseNumber(name, text) {
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new Error(`${name} must be a number, got "${text}"`);
  }
  return value;
}
