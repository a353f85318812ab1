/**
 * The label by which a promotion marks the Helm revision that it makes. Helm hands it on to later revisions, also to
 * a stranger's, and a rollback takes the one of the revision it copies.
 */
export const promotionLabel = 'slipway.dev/promotion';
