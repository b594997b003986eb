/** What can be measured; those of a run without a choice, and of a quick one. */
export const partNames = ['jobs', 'core', 'peers', 'growth', 'browser'] as const;
export type PartName = (typeof partNames)[number];

export const usualParts: readonly PartName[] = ['jobs', 'core', 'peers'];
export const quickParts: readonly PartName[] = ['jobs', 'core'];
