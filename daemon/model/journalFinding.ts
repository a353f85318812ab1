/** Something in the journal that is not as it was written. */
export type JournalFinding = {
  readonly problem: 'edited' | 'removed' | 'swapped' | 'cut' | 'unreadable';
  /** The first event that it concerns. */
  readonly sequence: number;
  /** One sentence that names the event, its type, time and promotion. */
  readonly message: string;
};

/** Begins a sentence with what may begin with a small letter. */
export function buildSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
