export const providerNames = ['node', 'noble'] as const;
/** Which provider of primitives: `node:crypto`, or pure JavaScript as in a browser. */
export type ProviderName = (typeof providerNames)[number];
