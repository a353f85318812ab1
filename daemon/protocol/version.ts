/** The number both ends must share; raised when a message changes so that an older end would misread it. */
export const protocolVersion = 1;
