/** True when what changed in the store may be about a promotion: it may also have come with its whole repository. */
export function tellsOfPromotion(changed: ReadonlySet<string>, promotionId: string): boolean {
  return changed.has(`promotion/${promotionId}`) || [...changed].some(key => key.startsWith('repository/'));
}
