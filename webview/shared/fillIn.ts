/** Fills `{0}`, `{1}` of a sentence that the extension has translated. */
export function fillIn(sentence: string, ...values: readonly (string | number)[]): string {
  return sentence.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
