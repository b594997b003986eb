export { type ChromiumAvailability, chromiumAvailability } from './availability.ts';
export { ChromiumError, type ChromiumErrorCode } from './chromium-error.ts';
export type { ChromiumPage, EntryFunctions, EntryRealm } from './chromium-page.ts';
export { type Chromium, type LaunchOptions, launchChromium, type PageOptions } from './launch-chromium.ts';
