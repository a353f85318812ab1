/** True when what changed in the store may be about a promotion: it may also have come with its whole repository. */
export function tellsOfPromotion(changed: ReadonlySet<string>, promotionId: string): boolean {
  return changed.has(`promotion/${promotionId}`) || [...changed].some(key => key.startsWith('repository/'));
}

/** True when what changed in the store may change a gate; tools, logins, plans and comparisons do not. */
export function mayChangeGates(changed: ReadonlySet<string>): boolean {
  return [...changed].some(key => /^(daemon$|folders$|repository\/|environment\/|promotion\/)/.test(key));
}
