import { accessSync, constants, statSync } from 'node:fs';

/** Where the packages of the common distributions put it. */
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export type ChromiumAvailability =
  | { readonly available: true; readonly executable: string }
  | { readonly available: false; readonly name: string; readonly reason: string; readonly install: string };

/** Whether there is a Chromium to run tests in: `OMEMO_CHROMIUM` when it is set, else one where packages put it. */
export function chromiumAvailability(
  env: Readonly<Record<string, string | undefined>> = process.env,
): ChromiumAvailability {
  const chosen = env['OMEMO_CHROMIUM'];
  const candidates = chosen === undefined || chosen === '' ? usualPaths : [chosen];
  const executable = candidates.find(isExecutable);
  if (executable !== undefined) return { available: true, executable };
  const reason =
    candidates === usualPaths ? 'none where packages put it' : `OMEMO_CHROMIUM names no program: ${chosen}`;
  return { available: false, name: 'chromium', reason, install: 'apt-get install -y --no-install-recommends chromium' };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
